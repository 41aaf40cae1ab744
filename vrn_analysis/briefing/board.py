"""The ten points of the first screen and of the Board summary, taken from the chapters."""

from dataclasses import dataclass, field

from vrn_analysis.briefing.chapters import Chapter

LAST = 10  # the number of questions that a Board asks; each chapter that answers one names it


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
    told = [chapter for chapter in chapters if chapter.told]
    asked = {one.about.point: one.about.question for one in told if one.about.point}
    marked = [pair for chapter in chapters for pair in chapter.board]
    found = [
        Point(
            number,
            question,
            sorted((c for c in told if c.about.point == number), key=lambda c: c.about.place),
            sorted((html for at, html in marked if at == number), key=_is_drawn),
        )
        for number, question in sorted(asked.items())
    ]
    own = [one for one in told if not one.about.point and not one.about.summary]
    return found + [Point(n, one.title, [one]) for n, one in enumerate(own, LAST + 1)]
