"""Each source as received, turned into its contract, with where it came from."""
