"""Extracts of any shape, read with a mapping, every row accounted for."""
