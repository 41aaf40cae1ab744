"""Every label of a page is words and whole numbers, never a value as a machine writes it."""

import re

import pytest
from bs4 import BeautifulSoup

# a missing value as a program writes it, or a whole number that became a fraction
ANYWHERE = re.compile(r"\b(nan|NaN|NaT|inf|Infinity)\b|<NA>|(?<=\bquintile )\d\.0")
IN_A_LABEL = re.compile(rf"{ANYWHERE.pattern}|\b(None|NA)\b")
FRACTION = re.compile(r"\d+\.0+")
NAMED = ("th", "h1", "h2", "h3", "caption", "figcaption", "dt", "option", "title")


def strays(html):
    """Return the labels, cells and texts for pictures of a page that a machine wrote."""
    page = BeautifulSoup(html, "html.parser")
    for code in page.find_all(["script", "style", "code", "pre"]):
        code.decompose()
    named = [element.get_text(" ", strip=True) for element in page.find_all(NAMED)]
    named += [picture.get("alt", "") for picture in page.find_all("img")]
    heads = [cell.get_text(strip=True) for cell in page.find_all("th")]
    cells = [cell.get_text(strip=True) for cell in page.find_all("td")]
    return (
        [text for text in named if IN_A_LABEL.search(text)]
        + [text for text in heads if FRACTION.fullmatch(text)]
        + [text for text in cells if text in ("None", "NA")]
        + [found[0] for found in ANYWHERE.finditer(page.get_text(" "))]
    )


@pytest.mark.parametrize(
    "html",
    [
        '<table><tr><th scope="row">1.00</th></tr></table>',
        "<p>in the most deprived areas (quintile 1.0)</p>",
        "<figcaption>From nan to 3</figcaption>",
        '<img alt="Dot chart: None 3">',
        "<table><tr><td>&lt;NA&gt;</td></tr></table>",
        "<p>(95% interval 2 to inf)</p>",
    ],
)
def test_a_stray_value_is_found(html):
    assert strays(html)


def test_words_and_numbers_of_a_reader_are_no_strays():
    html = (
        '<table><tr><th scope="row">No weapon</th><td>2.0</td></tr></table><p>Information; 1.0</p>'
    )
    assert not strays(html)


def check(folder):
    pages = sorted(folder.glob("*.html"))
    assert len(pages) > 10
    found = {page.name: strays(page.read_text(encoding="utf-8")) for page in pages}
    assert {name: texts[:5] for name, texts in found.items() if texts} == {}
    board = (folder / "board.html").read_text(encoding="utf-8")
    assert "verified" not in board


def test_no_label_of_the_sample_is_a_machines(sample_briefing):
    check(sample_briefing)


@pytest.mark.open_data
def test_no_label_of_the_real_run_is_a_machines(open_briefing):
    check(open_briefing)


@pytest.mark.parametrize(
    "built", ["sample_briefing", pytest.param("open_briefing", marks=pytest.mark.open_data)]
)
def test_the_gradient_by_deprivation_is_drawn_in_one_chapter(built, request):
    folder = request.getfixturevalue(built)
    drawn = [
        page.name
        for page in sorted(folder.glob("[01][0-9]_*.html"))
        if "by deprivation group" in page.read_text(encoding="utf-8")
    ]
    assert drawn == ["09_inequality_and_comparison.html"]
