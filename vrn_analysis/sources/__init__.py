"""Read each source as received into its contract, with its provenance."""
