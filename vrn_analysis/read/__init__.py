"""Read what comes in: extracts, sources, boundaries; check it against its contract."""
