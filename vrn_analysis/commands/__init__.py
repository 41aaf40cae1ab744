"""The `vrn` commands."""
