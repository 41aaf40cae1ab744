"""Download open sources from their publishers."""
