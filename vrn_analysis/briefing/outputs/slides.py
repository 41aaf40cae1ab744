"""The briefing as slides that can be edited: a finding, its chart, and what it rests on."""

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag

from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.content.markup import SENTENCE, plain

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

FILE = "briefing.pptx"
MARGIN, WIDTH, HEIGHT = 0.6, 13.333, 7.5  # inches, of a wide screen
BLUE = "12436D"
FIXED_DATE = datetime(2000, 1, 1)  # equal data give equal files
TITLE_ONLY = 5  # the layout's place in the library's own template
LONGEST_TITLE = 130  # characters; a longer sentence stands below the chapter's name


@dataclass(frozen=True)
class About:
    """What stands on every slide: title of the assessment, stamp, definition and sources."""

    title: str
    stamp: str
    status: str
    definition: str
    sources: tuple[str, ...]


def _sentences(chapter: Chapter) -> list[str]:
    said = plain(chapter.finding)
    return [one for one in SENTENCE.split(said) if one]


def _first_chart(chapter: Chapter) -> Tag | None:
    images = BeautifulSoup(chapter.body, "html.parser").find_all("img", src=True)
    return next((i for i in images if i["src"].startswith("data:image/png;base64,")), None)


def _box(slide: "Slide", texts: Iterable[str], *, at: tuple, size: int, name: str) -> None:
    """Add a text box, one paragraph a text; its name is what a screen reader announces."""
    from pptx.util import Inches, Pt

    box = slide.shapes.add_textbox(*(Inches(value) for value in at))
    box.name, box.text_frame.word_wrap = name, True
    for number, text in enumerate(texts):
        frame = box.text_frame
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        paragraph.text, paragraph.space_after = text, Pt(size / 2)
        paragraph.font.size = Pt(size)


def _titled(deck: "Presentation", title: str, *, notes: str) -> "Slide":
    """Add a slide with its title and its notes."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    heading = slide.shapes.title
    heading.left, heading.top = Inches(MARGIN), Inches(0.4)
    heading.width, heading.height = Inches(WIDTH - 2 * MARGIN), Inches(1.2)
    heading.text = title
    for paragraph in heading.text_frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(24), True
        paragraph.font.color.rgb = RGBColor.from_string(BLUE)
        paragraph.alignment = 1  # left
    slide.notes_slide.notes_text_frame.text = notes
    return slide


def _foot(slide: "Slide", about: About) -> None:
    line = f"{about.stamp} {about.status}".strip()
    at = (MARGIN, HEIGHT - 0.6, WIDTH - 2 * MARGIN, 0.4)
    _box(slide, [line], at=at, size=11, name="Stamp")


def _picture(slide: "Slide", image: Tag, *, room: tuple[float, float, float, float]) -> None:
    """Add a chart as large as the room allows, with the alt text that states its finding."""
    from pptx.util import Inches

    content = io.BytesIO(base64.b64decode(image["src"].split(",", 1)[1]))
    left, top, width, height = room
    picture = slide.shapes.add_picture(content, Inches(left), Inches(top), width=Inches(width))
    if picture.height > Inches(height):
        picture.width = int(picture.width * Inches(height) / picture.height)
        picture.height = Inches(height)
    picture.name = "Chart"
    picture._element.nvPicPr.cNvPr.set("descr", image.get("alt", ""))


def _chapter(deck: "Presentation", chapter: Chapter, about: About) -> None:
    sentences, image = _sentences(chapter), _first_chart(chapter)
    short = bool(sentences) and len(sentences[0]) <= LONGEST_TITLE
    title = sentences[0] if short else chapter.title
    rest = sentences[1:] if short else sentences
    notes = (
        f"Chapter {int(chapter.number)}, {chapter.title}: {plain(chapter.question)} The figures, "
        f"their intervals and their limits are in {chapter.name}.html and in tables/"
        f"{chapter.number}_*.csv. {about.definition}"
    )
    slide = _titled(deck, title, notes=notes)
    words = rest or [plain(chapter.question)]
    wide = 4.2 if image is not None else WIDTH - 2 * MARGIN
    _box(slide, words, at=(MARGIN, 1.7, wide, 4.8), size=16, name="What else is found")
    if image is not None:
        _picture(slide, image, room=(MARGIN + 4.5, 1.7, WIDTH - 2 * MARGIN - 4.5, 5.0))
    _foot(slide, about)


def write(folder: Path, chapters: Iterable[Chapter], about: About) -> Path | None:
    """
    Write the slides of a briefing: title, definition, a slide a chapter that found something.

    Parameters
    ----------
    folder
        The folder of the briefing.
    chapters
        In the order in which they are to be shown.
    about
        What stands on every slide.

    Returns
    -------
    file
        None where no chapter has a finding.
    """
    from pptx import Presentation
    from pptx.util import Inches

    found = [chapter for chapter in chapters if chapter.finding]
    if not found:
        return None
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    first = _titled(deck, about.title, notes=about.definition)
    at = (MARGIN, 1.9, WIDTH - 2 * MARGIN, 4.4)
    _box(first, [about.stamp, about.status, about.definition], at=at, size=20, name="About")
    for chapter in found:
        _chapter(deck, chapter, about)
    last = _titled(deck, "Sources", notes="Every input and its hash: manifest.json.")
    _box(last, about.sources, at=at, size=14, name="Sources")
    _foot(last, about)
    core = deck.core_properties
    core.title, core.author, core.language = about.title, "vrn_analysis", "en-GB"
    core.created = core.modified = FIXED_DATE
    deck.save(folder / FILE)
    return folder / FILE
