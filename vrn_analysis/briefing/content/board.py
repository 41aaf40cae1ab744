"""The first screen and the ten points of the Board summary, taken from the chapters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from bs4 import BeautifulSoup
from markupsafe import Markup

from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.content.markup import SENTENCE, plain

LAST = 10  # the number of questions that a Board asks; each chapter that answers one names it
# what is marked `first-N`: four figures, two charts with words beside them, the recommendations
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


def _asked(chapters: list[Chapter]) -> str:
    """Return what is asked by a point: the question of each chapter that answers it, once."""
    first, *rest = dict.fromkeys(chapter.about.question for chapter in chapters)
    further = "".join(f", and {question[:1].lower()}{question[1:-1]}" for question in rest)
    return f"{first[:-1]}{further}?"


def points(chapters: list[Chapter]) -> list[Point]:
    """
    Return the points that chapters can make, numbered as a Board knows them.

    A chapter that answers none of the ten questions makes a point of its own after them.
    """
    told = [chapter for chapter in chapters if chapter.finding]
    marked = [pair for chapter in chapters for pair in chapter.board]
    found = []
    for number in sorted({one.about.point for one in told if one.about.point}):
        answers = [one for one in told if one.about.point == number]
        answers.sort(key=lambda one: one.about.place)
        shown = sorted((html for at, html in marked if at == number), key=_is_drawn)
        found.append(Point(number, _asked(answers), answers, shown))
    own = [one for one in told if not one.about.point and not one.about.summary]
    return found + [Point(n, one.title, [one]) for n, one in enumerate(own, LAST + 1)]


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
    pairs = (pair for chapter in chapters for pair in chapter.first)
    marked = sorted(pairs, key=lambda pair: (pair[0], not _is_drawn(pair[1])))
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


class Told(NamedTuple):
    """What an output says: its paragraphs as text, and its facts, each as HTML and as a number."""

    lines: list[str]
    facts: list[tuple[Markup, float]]


def _told(html: str) -> Told:
    soup = BeautifulSoup(html, "html.parser")
    facts = [(Markup(one), float(one["value"])) for one in soup.find_all("data")]
    return Told([plain(str(one)) for one in soup.find_all("p")], facts)


def easy(chapters: Iterable[Chapter]) -> dict[str, dict[int, Told]]:
    """Return the facts of the first screen's figures and of what a Board asks, by number."""
    chapters = list(chapters)
    marked = dict(pair for chapter in chapters for pair in chapter.first)
    return {
        "figures": {at: _told(html) for at, html in marked.items() if at in FIGURES},
        "findings": {one.number: _told(one.chapters[0].finding) for one in points(chapters)},
    }
