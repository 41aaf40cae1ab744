"""Each source of a run: what it holds, covers and allows."""
