"""The PDFs of a briefing, printed by a real browser: tagged, titled, stamped, whole."""

import os
import re
from io import BytesIO

import pytest
from browser_needs import imported
from bs4 import BeautifulSoup

pytestmark = pytest.mark.slow
KINDS = ["own"] if os.environ.get("VRN_BRIEFING") else ["sample", "open"]


@pytest.fixture
def pdf(folder):
    """Return what a briefing printed as (PDF, title of the page, alt texts, stamp)."""
    soup = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    alts = [image["alt"] for image in soup.find_all("img")]
    stamp = soup.select_one(".stamp").get_text()
    return (folder / "full.pdf").read_bytes(), soup.title.get_text(), alts, stamp


def read(pdf):
    return imported("pypdf").PdfReader(BytesIO(pdf))


def letters(text):
    return re.sub(r"\W+", "", text)


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_is_tagged_and_says_its_language_and_title(pdf):
    content, title, _, _ = pdf
    document = read(content)
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert str(root["/Lang"]).lower().startswith("en")
    assert document.metadata.title == title


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_has_an_outline_of_its_chapters(pdf):
    def titles(entries):
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [entry.title]

    assert len(list(titles(read(pdf[0]).outline))) >= 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_keeps_its_description_in_the_pdf(pdf):
    content, _, alts, _ = pdf
    kept = {
        str(thing["/Alt"])
        for thing in (at.get_object() for at in references(read(content)))
        if isinstance(thing, dict) and "/Alt" in thing
    }
    assert {letters(alt) for alt in alts} <= {letters(alt) for alt in kept}


def references(document):
    reference = imported("pypdf.generic").IndirectObject
    return [reference(number, 0, document) for number in sorted(document.xref[0])]


@pytest.mark.parametrize("kind", KINDS)
def test_every_printed_sheet_is_stamped_and_numbered(pdf):
    content, _, _, stamp = pdf
    sheets = [sheet.extract_text() for sheet in read(content).pages]
    assert len(sheets) > 3
    start = letters(stamp)[:20]
    for number, text in enumerate(sheets, start=1):
        assert start in letters(text), f"sheet {number} has no stamp"
        assert re.search(rf"\b{number}\b", text), f"sheet {number} has no number"
        assert "DRAFT" in text, f"sheet {number} does not say that it is a draft"


@pytest.mark.parametrize("kind", KINDS)
def test_the_board_summary_is_two_sheets(folder, kind):
    document = read((folder / "board.pdf").read_bytes())
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(document.pages) == 2
    width, height = (float(side) / 72 * 25.4 for side in document.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)


@pytest.mark.parametrize("page", ["index.html", "board.html"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_at_the_edge_of_the_paper(folder, kind, tab, page):
    tab.emulate_media(media="print")
    # A4 less its margins, in CSS pixels
    tab.set_viewport_size({"width": round((210 - 36) / 25.4 * 96), "height": 900})
    tab.goto((folder / page).as_uri())
    cut = """() => [...document.querySelectorAll('main table, main img, main pre')].filter(e => {
      const box = e.getBoundingClientRect();
      return box.width && (box.right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1)
    }).map(e => e.innerText.slice(0, 80) || e.alt.slice(0, 80))"""
    assert not tab.evaluate(cut)
