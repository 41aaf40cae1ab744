"""Parse and change the HTML of pages, and read the passages that they say."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

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


BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption", "summary")


BLOCKS += ("dd", "dt", "blockquote", "div")


# cells are the tables themselves; what leads elsewhere says the names of pages
LEFT_OUT = ("tr", "nav", "svg", "script", "style")


LEFT_OUT_CLASSES = ("no", "csv", "trace", "more", "legend", "controls", "commentary")


QUOTED = ("findings", "first", "not-yet", "said")


class Passage(NamedTuple):
    """Words of a page, and the number of the chapter that they stand in, or ""."""

    chapter: str
    text: str
    is_quoted: bool = False  # what a chapter says, shown again on the first screen


def _chapter(element: Tag) -> str:
    section = element.find_parent("section", class_="chapter")
    heading = section.find(id=True) if section else None
    found = str(heading["id"]).removeprefix("chapter-") if heading else ""
    return found if len(found) == 2 and found.isdigit() else ""


def _plain(html: str) -> Tag:
    """Return the part of a page that a reader reads, without cells."""
    soup = BeautifulSoup(html, "html.parser")
    main = soup.find("main") or soup
    for element in [*main.find_all(LEFT_OUT), *main.find_all(class_=LEFT_OUT_CLASSES)]:
        element.decompose()
    return main


@lru_cache(maxsize=64)
def passages(html: str) -> tuple[Passage, ...]:
    """Return the passages of a page in order, then the descriptions of its charts."""
    return tuple(_passages(_plain(html)))


def _passages(main: Tag) -> Iterator[Passage]:
    blocks: dict[int, tuple[Tag, list[str]]] = {}
    for string in main.find_all(string=True):
        block = string.find_parent(BLOCKS) or main
        blocks.setdefault(id(block), (block, []))[1].append(str(string))
    for block, strings in blocks.values():
        if text := " ".join("".join(strings).split()):
            quoted = block.find_parent(class_=QUOTED) is not None
            yield Passage(_chapter(block), text, is_quoted=quoted)
    for image in main.find_all("img", alt=True):
        quoted = image.find_parent(class_=QUOTED) is not None
        yield Passage(_chapter(image), image["alt"], is_quoted=quoted)
