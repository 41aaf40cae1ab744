"""Pages and chapters as elements: parts, sentences and words of them."""

import re
from functools import lru_cache

from bs4 import BeautifulSoup

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
IN_FULL = ("95% CI", "95% confidence interval (CI)")
SENTENCE = re.compile(r"(?<=[.!?])(?<!\bSt\.)\s+(?=[A-Z0-9<])")  # where one ends; not St. Helens


@lru_cache(maxsize=64)
def parsed(html: str) -> BeautifulSoup:
    """Return a page as elements, parsed once for all who read it; nobody may change them."""
    return BeautifulSoup(html, "html.parser")


def in_full(html: str) -> str:
    """Return HTML in which the first confidence interval is written in full."""
    return html.replace(*IN_FULL, 1)


def parts(body: str) -> tuple[str, str]:
    """Return the sections of a body for every reader, and those marked as an appendix."""
    soup, appendix = BeautifulSoup(body, "html.parser"), []
    marked = False
    for element in soup.find_all(True, recursive=False):
        if element.name == "h2":
            marked = bool(element.attrs.pop("data-appendix", ""))
        if marked:
            appendix.append(element.extract())
    return str(soup).strip(), "\n".join(map(str, appendix))


def lead(body: str) -> tuple[str, str]:
    """Return a body up to its first chart, with the figures behind it, and the rest."""
    soup = BeautifulSoup(body, "html.parser")
    chart = soup.find("figure", class_="chart") or soup.find("div", class_="table")
    if chart is None:
        return body, ""
    last = next((one for one in [chart, *chart.parents] if one.parent is soup), chart)
    after = last.find_next_sibling()
    if after is not None and after.name == "details":
        last = after
    rest = [element.extract() for element in list(last.next_siblings)]
    return str(soup).strip(), "".join(map(str, rest)).strip()


def plain(html: str) -> str:
    """Return the words of a piece of HTML in one line."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


def demoted(body: str) -> str:
    """Return a chapter's body with every heading one level lower, to stand inside a page."""
    soup = BeautifulSoup(body, "html.parser")
    for heading in soup.find_all(HEADINGS):
        heading.name = HEADINGS[min(HEADINGS.index(heading.name) + 1, 5)]
    return str(soup)
