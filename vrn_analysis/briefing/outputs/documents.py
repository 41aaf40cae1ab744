"""A page of the briefing as a Word document: the same words, charts and tables, to edit."""

import base64
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag
from docx import Document
from docx.blkcntnr import BlockItemContainer
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from PIL import Image

from vrn_analysis.briefing.content.markup import HEADINGS, parsed, plain
from vrn_analysis.core.errors import AssessmentError

ENDING = ".docx"
FIXED_DATE = datetime(2000, 1, 1)  # equal data give equal files
BOLD = ("b", "strong")
LISTS = ("List Bullet", "List Bullet 2", "List", "List 2")  # of points, then of numbers
STYLES = ("Title", "Caption", "Table Grid", *LISTS, *(f"Heading {n}" for n in range(1, 5)))
# what leads to files beside the page, or opens what is folded
LEFT_OUT = "p.csv, p.trace, p.more, summary, nav, script, style"
LARGE, TEXT, SMALL = Pt(14), Pt(10), Pt(8)
COLOURS, WIDEST = 128, Cm(14)


def write(html: str, file: Path, *, stamp: str, template: Path | None = None) -> None:
    """
    Write a page as a Word document.

    Parameters
    ----------
    html
        The page, as it is published.
    file
        The document.
    stamp
        What is at the head of every sheet.
    template
        A document of the partnership, whose styles, page and logo are used.

    Raises
    ------
    AssessmentError
        If the template is no Word document, or lacks a style that is needed.
    """
    document = _opened(template)
    for head, foot in _margins(document):
        _free(head).text = stamp
        number = _free(foot)
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_page_number(number)
    page = parsed(html)
    about = document.core_properties
    about.title, about.language, about.author = page.title.get_text(), "en-GB", ""
    about.created = about.modified = FIXED_DATE
    if "easy" in page.body.get("class", []):  # read by people who need large type
        document.styles["Normal"].font.size = LARGE
    for part in (page.main, page.find("footer", class_="about")):
        for element in _elements(BeautifulSoup(str(part), "html.parser")):
            _write(document, element)
    document.save(str(file))


def _opened(template: Path | None) -> Word:
    try:
        document = Document(str(template) if template else None)
    except Exception as fault:  # the library raises errors of five kinds for what is no document
        raise AssessmentError(f"{template} cannot be read as a Word document: {fault}.") from fault
    if lacking := [name for name in STYLES if name not in document.styles]:
        raise AssessmentError(
            f"{template} lacks {len(lacking)} of {len(STYLES)} styles that the briefing uses: "
            f"{', '.join(lacking)}. Use each once in the template, or create it there."
        )
    if not template:
        section, around = document.sections[0], Cm(2)
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = around
        section.top_margin = section.bottom_margin = around
        document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", TEXT
        document.styles["Normal"].paragraph_format.space_after = Pt(4)
    for element in document.element.body.inner_content_elements:  # a template's own words
        document.element.body.remove(element)
    return document


def _margins(document: Word) -> Iterator[tuple[BlockItemContainer, BlockItemContainer]]:
    """Yield the head and the foot of each kind of sheet that a document has."""
    section = document.sections[0]
    yield section.header, section.footer
    if section.different_first_page_header_footer:
        yield section.first_page_header, section.first_page_footer
    if document.settings.odd_and_even_pages_header_footer:
        yield section.even_page_header, section.even_page_footer


def _free(margin: BlockItemContainer) -> Paragraph:
    """Return an empty paragraph of a head or foot, so that a template's logo stays beside it."""
    empty = (one for one in margin.paragraphs if not one.text and not one.runs)
    return next(empty, None) or margin.add_paragraph()


def _elements(soup: BeautifulSoup) -> Iterator[Tag]:
    """Yield the parts of a page that a document has, in order, without what is wrapped round."""
    for unwanted in soup.select(LEFT_OUT):
        unwanted.decompose()
    for element in soup.find_all([*HEADINGS, "p", "li", "figure", "table", "dt", "dd"]):
        # one in another is written with it; a list is written by its items
        listed = element.name == "dd" and element.find("li")
        within = ["figure", "table", *(["li"] if element.name != "li" else [])]
        if not listed and not element.find_parent(within):
            yield element


def _write(document: Word, element: Tag) -> None:
    if element.name in HEADINGS:
        document.add_heading(level=min(int(element.name[1]) - 1, 4))
        _add_words(document.paragraphs[-1], element)
    elif element.name == "figure":
        _add_chart(document, element)
    elif element.name == "table":
        _add_table(document, element)
    elif element.name == "li":
        _add_item(document, element)
    elif element.name == "dt":
        document.add_paragraph().add_run(plain(str(element))).bold = True
    else:
        _add_words(document.add_paragraph(), element)


def _add_item(document: Word, element: Tag) -> None:
    """Add an item of a list, without the lists in it, which come after it."""
    ordered, inner = element.parent.name == "ol", bool(element.find_parent("li"))
    item = document.add_paragraph(style=LISTS[2 * ordered + inner])
    if ordered:  # the numbers of a style would go on from list to list
        item.add_run(f"{len(element.find_previous_siblings('li')) + 1}. ")
    own = BeautifulSoup(str(element), "html.parser").li
    for nested in own.find_all(["ul", "ol"]):
        nested.decompose()
    for number, one in enumerate(own.find_all(["p", "h3"]) or [own]):
        if number:
            item.add_run().add_break()
        _add_words(item, one)


def _add_words(paragraph: Paragraph, element: Tag) -> None:
    """Add the words of an element, bold where they are, with single spaces."""
    for text in element.find_all(string=True):
        run = paragraph.add_run(_spaced(text, paragraph))
        run.bold = True if text.find_parent(BOLD) else None


def _spaced(text: NavigableString, paragraph: Paragraph) -> str:
    words = " ".join(f"x{text}x".split())[1:-1]
    return words.lstrip() if not paragraph.text or paragraph.text.endswith(" ") else words


def _add_page_number(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _add_chart(document: Word, figure: Tag) -> None:
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for image in figure.find_all("img"):
        coded = image["src"].partition("base64,")[2]
        picture = BytesIO()
        # charts are drawn in few colours: a palette makes a file a third as large
        drawn = Image.open(BytesIO(base64.b64decode(coded))).convert("RGB").quantize(COLOURS)
        drawn.save(picture, "PNG")
        picture.seek(0)
        shape = document.add_picture(picture, width=min(room, WIDEST))
        shape._inline.docPr.set("descr", image["alt"])
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    _add_words(document.add_paragraph(style="Caption"), figure.figcaption)


def _add_table(document: Word, table: Tag) -> None:
    caption = document.add_paragraph(style="Caption")
    if table.caption:
        _add_words(caption, table.caption)
    caption.paragraph_format.keep_with_next = True
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    made = document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
    for number, (cells, row) in enumerate(zip(rows, made.rows, strict=True)):
        _mark_row(row._tr, heading=number == 0)
        for cell, place in zip(cells, row.cells, strict=False):
            paragraph = place.paragraphs[0]
            _add_words(paragraph, cell)
            if "number" in cell.get("class", []):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in paragraph.runs:
                run.font.size, run.bold = SMALL, number == 0 or run.bold
    document.add_paragraph()


def _mark_row(row: CT_Row, *, heading: bool) -> None:
    """Keep a row on one sheet; repeat the heading row on each sheet that the table goes on to."""
    properties = row.get_or_add_trPr()
    for name in ["w:cantSplit", *(["w:tblHeader"] if heading else [])]:
        properties.append(OxmlElement(name))
