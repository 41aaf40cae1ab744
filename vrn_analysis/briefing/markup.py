"""Pages as elements."""

from functools import lru_cache

from bs4 import BeautifulSoup


@lru_cache(maxsize=64)
def parsed(html: str) -> BeautifulSoup:
    """Return a page as elements, parsed once for all who read it; nobody may change them."""
    return BeautifulSoup(html, "html.parser")
