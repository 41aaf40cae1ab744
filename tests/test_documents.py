"""Word documents: the words, numbers, charts and tables of a page, and a partnership's styles."""

import base64
import io
import re
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from vrn_analysis.briefing.outputs import documents
from vrn_analysis.core.errors import AssessmentError

WIDE_ROWS = "".join(f"<tr><th>Area {n}</th><td class='number'>{n * 7}</td></tr>" for n in range(80))


def picture():
    drawn = io.BytesIO()
    Image.new("RGB", (800, 300), "#12436d").save(drawn, "WEBP")
    return base64.b64encode(drawn.getvalue()).decode()


PAGE = f"""<html><head><title>Needs of Wendmarch</title></head><body>
<nav>Not 99 this</nav><main><section class="cover"><h1>Needs of Wendmarch</h1>
<ul class="figures-first"><li><p><b>5,450</b></p><p>offences</p></li></ul>
<h2><span class="no">3</span> Scale</h2>
<p>It was <data value="2.05">2.05</data> per 1,000 (95%
 CI <data>1.98</data> to <b>2.13</b>).</p><ul><li>First</li><li>Second</li></ul>
<ol><li>Rule: <ul><li>Murder (1)</li></ul></li><li>Other</li></ol><ol><li>Anew</li></ol>
<figure class="chart"><div class="scroll"><img alt="A line that falls"
 src="data:image/webp;base64,{picture()}"></div>
<figcaption><b>Figure 3.1</b> Months.</figcaption></figure>
<details><summary>See the figures</summary><div class="table"><table><caption><b>Table 3.1</b>
 Areas.</caption><thead><tr><th>Area</th><th class="number">Count</th></tr></thead>
<tbody>{WIDE_ROWS}</tbody></table><p class="csv"><a href="t.csv">Table 88 as a file</a></p></div>
</details></section></main><footer class="about"><h2>About this page</h2><dl><dt>Version</dt>
<dd>0.1.0</dd></dl></footer></body></html>"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    file = tmp_path_factory.mktemp("word") / "page.docx"
    documents.write(PAGE, file, stamp="SYNTHETIC SAMPLE. DRAFT")
    return Document(str(file))


def words_of(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def numbers(texts):
    return sorted(re.findall(r"\d[\d,.]*\d|\d", " ".join(texts)))


def test_every_number_of_the_page_is_in_the_document_once_and_no_other(made):
    shown = re.sub(r"<nav>.*?</nav>|<p class=.csv.>.*?</p>|<[^>]+>", " ", PAGE.split("<body>")[1])
    listed = ["1.", "2.", "1."]  # which a browser adds
    assert numbers(words_of(made)) == numbers([shown, *listed])


def test_words_keep_their_spaces_and_their_weight(made):
    [said] = [one for one in made.paragraphs if one.text.startswith("It was")]
    assert said.text == "It was 2.05 per 1,000 (95% CI 1.98 to 2.13)."
    assert [run.text for run in said.runs if run.bold] == ["2.13"]


def test_headings_lists_and_captions_have_the_styles_that_a_template_defines(made):
    styles = {one.text: one.style.name for one in made.paragraphs if one.text}
    assert styles["Needs of Wendmarch"] == "Title"
    assert styles["3 Scale"] == "Heading 1"
    assert styles["Second"] == "List Bullet"
    assert styles["Murder (1)"] == "List Bullet 2"
    assert {"1. Rule:", "2. Other", "1. Anew"} <= {text.strip() for text in styles}
    assert styles["Figure 3.1 Months."] == styles["Table 3.1 Areas."] == "Caption"


def test_a_table_repeats_its_heading_and_breaks_no_row(made):
    [table] = made.tables
    assert len(table.rows) == 81
    marks = [{part.tag.rpartition("}")[2] for part in row._tr.trPr} for row in table.rows]
    assert marks[0] == {"cantSplit", "tblHeader"}
    assert all(mark == {"cantSplit"} for mark in marks[1:])


def test_a_chart_is_within_the_margins_and_described(made):
    [shape] = made.inline_shapes
    section = made.sections[0]
    assert shape.width <= section.page_width - section.left_margin - section.right_margin
    assert shape._inline.docPr.get("descr") == "A line that falls"


def test_every_sheet_has_the_stamp_and_its_number(made):
    section = made.sections[0]
    assert section.header.paragraphs[0].text == "SYNTHETIC SAMPLE. DRAFT"
    assert "PAGE" in section.footer._element.xml
    assert made.core_properties.title == "Needs of Wendmarch"
    assert made.core_properties.language == "en-GB"


def test_an_easy_read_has_large_type(made, tmp_path):
    easy = PAGE.replace("<body>", '<body class="easy">')
    documents.write(easy, tmp_path / "easy.docx", stamp="x")
    sizes = [
        one.styles["Normal"].font.size.pt for one in (made, Document(str(tmp_path / "easy.docx")))
    ]
    assert sizes[1] >= 14 > sizes[0]


def test_a_template_gives_its_page_and_styles_but_not_its_words(tmp_path):
    ours = Document()
    ours.add_paragraph("Our letterhead's example text")
    ours.styles["Heading 1"].font.name = "Georgia"
    ours.sections[0].page_width = ours.sections[0].page_width // 2
    ours.save(str(tmp_path / "ours.docx"))
    documents.write(PAGE, tmp_path / "a.docx", stamp="x", template=tmp_path / "ours.docx")
    made = Document(str(tmp_path / "a.docx"))
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert "letterhead" not in " ".join(words_of(made))
    section = made.sections[0]
    assert made.inline_shapes[0].width <= section.page_width - section.left_margin


def test_a_template_keeps_its_logo_and_every_sheet_is_stamped(tmp_path):
    logo = io.BytesIO()
    Image.new("RGB", (40, 40), "#12436d").save(logo, "PNG")
    ours = Document()
    section = ours.sections[0]
    section.header.paragraphs[0].add_run().add_picture(logo)
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Ours"
    ours.settings.odd_and_even_pages_header_footer = True
    ours.add_table(1, 1).rows[0].cells[0].text = "An old table"
    ours.save(str(tmp_path / "ours.docx"))
    documents.write(PAGE, tmp_path / "a.docx", stamp="DRAFT", template=tmp_path / "ours.docx")
    made = Document(str(tmp_path / "a.docx"))
    section = made.sections[0]
    heads = (section.header, section.first_page_header, section.even_page_header)
    assert all("DRAFT" in [one.text for one in head.paragraphs] for head in heads)
    feet = (section.footer, section.first_page_footer, section.even_page_footer)
    assert all("PAGE" in foot._element.xml for foot in feet)
    assert "<pic:pic" in section.header._element.xml
    assert section.first_page_header.paragraphs[0].text == "Ours"
    assert "An old table" not in words_of(made)


@pytest.mark.parametrize("content", [None, b"", b"not a document"])
def test_a_template_that_is_no_document_is_refused_by_name(content, tmp_path):
    file = tmp_path / "ours.docx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(AssessmentError, match=re.escape(str(file))):
        documents.write(PAGE, tmp_path / "a.docx", stamp="x", template=file)
    assert not Path(tmp_path / "a.docx").exists()


def test_a_template_without_a_style_says_which(tmp_path):
    ours = Document()
    ours.styles["List Bullet"].delete()
    ours.save(str(tmp_path / "ours.docx"))
    with pytest.raises(AssessmentError, match="List Bullet"):
        documents.write(PAGE, tmp_path / "a.docx", stamp="x", template=tmp_path / "ours.docx")
