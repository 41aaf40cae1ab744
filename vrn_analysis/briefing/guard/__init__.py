"""The last checks before a briefing is put in its place."""
