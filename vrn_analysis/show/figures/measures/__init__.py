"""Charts of measures side by side."""
