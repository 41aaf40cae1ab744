"""The plan of the SYNTHETIC sample: its county, patterns and random streams."""
