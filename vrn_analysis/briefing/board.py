"""The first screen and the ten points of the Board summary, taken from the chapters."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from vrn_analysis.briefing.chapters import SENTENCE, Chapter

FIRST = "00"  # tells how to read the others, and has no point of its own
# what a Board asks, in order, and the chapters whose main findings answer
QUESTIONS = (
    ("How much violence is there?", ("12",)),
    ("What is counted, and what is not?", ("02",)),
    ("Is it rising or falling?", ("03",)),
    ("How many victims and suspects are under 25?", ("04",)),
    ("Where does violence happen?", ("06",)),
    ("When does it happen, and in what kinds of place?", ("05",)),
    ("How serious is it, and how often is a knife involved?", ("10",)),
    ("Who is most affected?", ("09",)),
    (
        "What do health services record, and which factors are associated with violence?",
        ("07", "08"),
    ),
    ("What do we recommend, and how sure are we?", ("11", "01")),
)
# what is marked `first-N`: four figures, two charts, the recommendations
FIGURES, CHARTS, RECOMMENDED = (1, 2, 3, 4), (5, 6), (7,)
MEANING = (3, 4, 5, 6, 8)  # the points whose findings say together what the figures mean


@dataclass(frozen=True)
class Point:
    """
    One point: what is asked, the chapters whose findings answer, and what is shown beside them.

    `exhibits` are HTML: what notebooks marked for this point by the tag `board-N`.
    """

    number: int
    question: str
    chapters: list[Chapter] = field(default_factory=list)
    exhibits: list[str] = field(default_factory=list)


def _is_drawn(html: str) -> bool:
    # what is said comes before what is shown
    return not html.startswith('<div class="computed')


def points(chapters: list[Chapter]) -> list[Point]:
    """
    Return the points that chapters can make, numbered as a Board knows them.

    A chapter that answers none of the ten questions makes a point of its own after them.
    """
    held = {chapter.number: chapter for chapter in chapters if chapter.finding}
    marked = [pair for chapter in chapters for pair in chapter.board]
    found = [
        Point(
            number,
            question,
            [held.pop(name) for name in names if name in held],
            sorted((html for at, html in marked if at == number), key=_is_drawn),
        )
        for number, (question, names) in enumerate(QUESTIONS, 1)
    ]
    own = [chapter for chapter in held.values() if chapter.number != FIRST]
    further = [Point(n, chapter.title, [chapter]) for n, chapter in enumerate(own, len(found) + 1)]
    return [point for point in [*found, *further] if point.chapters]


@dataclass(frozen=True)
class First:
    """
    The first screen, as HTML.

    `meaning` are pairs of a sentence and the chapter that it is from.
    """

    figures: list[str]
    charts: list[str]
    meaning: list[tuple[str, Chapter]]
    recommended: list[str]
    definition: list[str]


def _first_sentence(html: str) -> str:
    paragraph = BeautifulSoup(html, "html.parser").find("p")
    inner = paragraph.decode_contents() if paragraph else html
    return str(BeautifulSoup(SENTENCE.split(inner)[0], "html.parser"))


def first(chapters: Iterable[Chapter], points: Iterable[Point]) -> First:
    """Return what a Board asks before anything else, with what the chapters answer."""
    marked = sorted((pair for chapter in chapters for pair in chapter.first), key=lambda p: p[0])
    shown = [[html for at, html in marked if at in n] for n in (FIGURES, CHARTS, RECOMMENDED)]
    points = list(points)
    means = [
        (_first_sentence(chapter.finding), chapter)
        for point in points
        for chapter in point.chapters[:1]
        if point.number in MEANING
    ]
    definition = [html for point in points[:1] if point.number == 1 for html in point.exhibits]
    return First(shown[0], shown[1], means, shown[2], definition)
