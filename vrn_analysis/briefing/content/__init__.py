"""What pages hold: chapters, exhibits, the first screen, traced numbers."""
