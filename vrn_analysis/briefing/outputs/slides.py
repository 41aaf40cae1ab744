"""The briefing as eight slides for a meeting: findings, charts to edit, notes with sources."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bs4 import BeautifulSoup
from pptx import Presentation, presentation
from pptx.dml.color import RGBColor
from pptx.slide import Slide
from pptx.util import Inches, Pt

from vrn_analysis.briefing.content import board
from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.content.markup import SENTENCE, plain
from vrn_analysis.briefing.outputs import slide_charts
from vrn_analysis.briefing.outputs.slide_charts import Shown
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.show.figures.parts.style import BLUE

FILE = "briefing.pptx"
MARGIN, WIDTH, HEIGHT = 0.6, 13.333, 7.5  # inches, of a wide screen
TOP, FOOT = 1.75, 0.65  # inches: where the body begins, and what the stamp takes at the bottom
FIXED_DATE = datetime(2000, 1, 1)  # equal data give equal files
TITLE_ONLY = 5  # the layout's place in the library's own template
LONGEST_TITLE = 160  # characters; a longer sentence is below the question
TITLE_SIZES, SIZES = (26, 24, 22, 20), (20, 18, 16, 14)  # points, the largest that fits
MOST = 6  # sentences on a slide; the others are in its notes
LETTER, LINE = 0.0076, 0.0172  # inches that a letter and a line take for each point of type
WHAT_TO_DO, HOW_SURE = "What should we do?", "How sure are we?"
SURE = (10, 2)  # the Board's questions whose answers say how sure the others are
# the slides between the first and the last two: what is asked, and the Board's questions whose
# chapters answer it, with the charts of the first screen that come before theirs
TOPICS = {
    "Is violence rising or falling?": ((3,), (5,)),
    "Who is affected?": ((4, 8), ()),
    "When does it happen?": ((6,), ()),
    "Where does it happen?": ((5,), (6,)),
    "Why, and what protects people?": ((9,), ()),
}


Topic = tuple[str, list[str], list[Shown], list[Chapter]]  # title, sentences, charts, chapters


@dataclass(frozen=True)
class About:
    """What is on every slide or in its notes: title, stamp, definition and sources."""

    title: str
    stamp: str
    status: str
    definition: str
    sources: tuple[str, ...]


def _sentences(html: str) -> list[str]:
    return [one for one in SENTENCE.split(plain(html)) if one]


def _items(html: str) -> list[str]:
    """Return the points of a list, or the paragraphs where there is none."""
    soup = BeautifulSoup(html, "html.parser")
    return [plain(str(one)) for one in soup.find_all("li") or soup.find_all("p")]


def _size(texts: list[str], wide: float, high: float, sizes: tuple = SIZES) -> int | None:
    """Return the largest type in which texts fit, if any."""
    for size in sizes:
        letters = max(int((wide - 0.2) / (LETTER * size)), 1)
        lines = sum(len(textwrap.wrap(text, letters)) + 0.5 for text in texts)
        if lines * LINE * size <= high - 0.1:
            return size
    return None


def _fitted(texts: Iterable[str], wide: float, high: float) -> tuple[list[str], list[str], int]:
    """Return the texts that fit, those that do not, and the size of the type."""
    texts = list(texts)
    kept, left = texts[:MOST], texts[MOST:]
    while not (size := _size(kept, wide, high)):
        left.insert(0, kept.pop())
    return kept, left, size


def _box(slide: Slide, texts: Iterable[str], *, at: tuple, name: str, size: int = 0) -> list[str]:
    """Add a text box with a paragraph for each text that fits; return the texts that do not."""
    kept, left, fits = _fitted(texts, at[2], at[3])
    box = slide.shapes.add_textbox(*(Inches(value) for value in at))
    box.name, box.text_frame.word_wrap = name, True
    for number, text in enumerate(kept):
        frame = box.text_frame
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.text, paragraph.space_after = text, Pt((size or fits) / 2)
        paragraph.font.size = Pt(min(size or fits, fits))
    return left


def _titled(deck: presentation.Presentation, title: str) -> Slide:
    """Add a slide with its title."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    heading = slide.shapes.title
    heading.left, heading.top = Inches(MARGIN), Inches(0.3)
    heading.width, heading.height = Inches(WIDTH - 2 * MARGIN), Inches(1.3)
    heading.text = title
    size = _size([title], WIDTH - 2 * MARGIN, 1.4, TITLE_SIZES) or TITLE_SIZES[-1]
    for paragraph in heading.text_frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), True
        paragraph.font.color.rgb = RGBColor.from_string(BLUE[1:])
        paragraph.alignment = 1  # left
    return slide


def _finish(slide: Slide, about: About, told: Iterable[Chapter], left: Iterable[str] = ()) -> None:
    """Add the stamp at the foot, and the notes: words left over, chapters, definition, sources."""
    line = f"{about.stamp} {about.status}".strip()
    at = (MARGIN, HEIGHT - FOOT, WIDTH - 2 * MARGIN, 0.5)
    _box(slide, [line], at=at, name="Stamp", size=12)
    chapters = [
        f"Chapter {int(one.number)}, {one.title}: {plain(one.question)} Its figures, intervals and "
        f"limitations are in {one.name}.html and in tables/{one.number}_*.csv."
        for one in told
    ]
    said = [*left, *chapters, about.definition, f"Sources: {'; '.join(about.sources)}."]
    slide.notes_slide.notes_text_frame.text = "\n".join(filter(None, said))


def _body(slide: Slide, texts: list[str], shown: list[Shown]) -> list[str]:
    """Fill a slide with words and at most two charts; return the words that did not fit."""
    high, wide = HEIGHT - FOOT - TOP - 0.1, WIDTH - 2 * MARGIN
    if len(shown) == 2:
        words, half = (MARGIN, TOP, wide, 1.3), (wide - 0.3) / 2
        rooms = [(MARGIN + i * (half + 0.3), TOP + 1.4, half, high - 1.4) for i in (0, 1)]
    else:
        words = (MARGIN, TOP, 4.2 if shown else wide, high)
        rooms = [(MARGIN + 4.5, TOP, wide - 4.5, high)]
    left = _box(slide, texts, at=words, name="Findings") if texts else []
    for one, room in zip(shown, rooms, strict=False):
        slide_charts.add(slide, one, room)
    return left


def _found(points: Iterable[board.Point]) -> tuple[list[Chapter], list[str]]:
    """Return the chapters that answer, those first that say why, and the sentences they found."""
    told, first, others = [], [], []
    for point in points:
        chapters = sorted(point.chapters, key=lambda one: not one.about or not one.about.ecological)
        said = [html for html in point.exhibits if "<img" not in html and "<table" not in html]
        texts = [
            one for html in [*(c.finding for c in chapters), *said] for one in _sentences(html)
        ]
        told, first, others = told + chapters, first + texts[:1], others + texts[1:]
    return told, first + others


def _is_response(chapter: Chapter) -> bool:
    return chapter.about is not None and "response" in chapter.about.needs


def _topics(
    chapters: list[Chapter], points: dict[int, board.Point], numbers: dict[str, dict]
) -> Iterator[Topic]:
    """Yield the slides of the questions, then how sure the findings are."""
    silent = []
    for question, (asked, marks) in TOPICS.items():
        answers = [points[number] for number in asked if number in points]
        if not answers:
            silent.append(question)
            continue
        first = [h for one in chapters for at, h in one.first if at in marks]
        shown = slide_charts.charts_in("".join(first), numbers)[:1]
        told, texts = _found(answers)
        for one in answers if not shown else []:
            html = "".join([*one.exhibits, _found([one])[0][0].body])
            # a picture other than a map is too small to be read on a slide
            shown += [drawn for drawn in slide_charts.charts_in(html, numbers) if drawn.native][:1]
        short = len(texts[0]) <= LONGEST_TITLE
        yield (texts[0], texts[1:], shown, told) if short else (question, texts, shown, told)
    told, _ = _found(points[number] for number in SURE if number in points)
    recommended = [item for html in board.first(chapters, []).recommended for item in _items(html)]
    if recommended:
        yield WHAT_TO_DO, recommended, [], list(filter(_is_response, told))
    told = [one for one in told if not _is_response(one)]
    lacking = [f"The data supplied do not answer: {' '.join(silent)}"] if silent else []
    texts = [said for one in told for said in _sentences(one.finding)]
    yield HOW_SURE, [*lacking, *texts], [], told


def _first(
    deck: presentation.Presentation, top: board.First, told: list[Chapter], about: About
) -> None:
    """Add the first slide: the assessment, its figures, and what is counted."""
    slide = _titled(deck, about.title)
    counted = [plain(html) for html in top.definition] or [about.definition]
    _box(slide, [about.stamp, about.status, *counted],
         at=(MARGIN, 4.9, WIDTH - 2 * MARGIN, 1.9), name="About")  # fmt: skip
    wide = (WIDTH - 2 * MARGIN) / max(len(top.figures), 1)
    told_by = [_items(html) for html in top.figures]
    # one size of type for all, with the figures themselves larger
    size = min((_fitted(texts, wide - 0.2, 2.6)[2] for texts in told_by), default=0)
    for number, texts in enumerate(told_by):
        at = (MARGIN + number * wide, TOP, wide - 0.2, 3.0)
        _box(slide, texts, at=at, name=f"Figure {number + 1}", size=size)
        figure = slide.shapes[-1].text_frame.paragraphs[0].font
        figure.bold, figure.size = True, Pt(1.6 * size)
    _finish(slide, about, told)


def write(
    folder: Path, chapters: Iterable[Chapter], results: Iterable[Result], about: About
) -> Path | None:
    """
    Write the slides of a briefing: its figures, the trend, who, when, where, why, what to do.

    Parameters
    ----------
    folder
        The folder of the briefing.
    chapters
        In the order in which they are to be shown.
    results
        The notebooks after their run: the numbers of their charts are kept beside them.
    about
        What is on every slide or in its notes.

    Returns
    -------
    file
        None where no chapter has a finding. A question that no chapter answers has no slide, and
        the last slide names it.
    """
    chapters = list(chapters)
    points = {one.number: one for one in board.points(chapters)}
    if not points:
        return None
    top = board.first(chapters, points.values())
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _first(deck, top, points[1].chapters if 1 in points else [], about)
    for title, texts, shown, told in _topics(chapters, points, slide_charts.numbers(results)):
        slide = _titled(deck, title)
        _finish(slide, about, told, _body(slide, texts, shown))
    core = deck.core_properties
    core.title, core.author, core.language = about.title, "vrn_analysis", "en-GB"
    core.created = core.modified = FIXED_DATE
    deck.save(folder / FILE)
    return folder / FILE
