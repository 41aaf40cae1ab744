"""Run the notebooks, make the pages, and put the briefing in its place."""
