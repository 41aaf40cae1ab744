"""Files as they lie: find them, open them, read small tables."""
