"""What every room uses: settings, contracts, the definition, the engine, errors, facts."""
