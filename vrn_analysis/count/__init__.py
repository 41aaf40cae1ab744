"""Count: records classified, one assessment opened, its tables."""
