"""Run the notebooks, make the pages, and put the briefing in its place."""

import sys

# nbformat loads a grammar of web addresses, which it never uses: that takes longer than all of it
sys.modules.setdefault("rfc3987_syntax", None)
