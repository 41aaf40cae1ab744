"""The words of a page, passage by passage: what a reader reads that is no table's cell."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

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
