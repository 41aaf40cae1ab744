"""The slides of a briefing: a title each, alt text on every chart, the stamp, and notes."""

import base64
import io

import pytest
from PIL import Image
from pptx import Presentation

from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.outputs import slides

ABOUT = slides.About(
    "Ours", "SYNTHETIC SAMPLE", "DRAFT: not approved", "Definition: llr_2020.", ("Police; Force",)
)
LONG = "A sentence that goes on about many districts, " * 5 + "and ends."


def chart(alt="The rate is highest in Aldersea", size=(400, 300)):
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, "png")
    coded = base64.b64encode(content.getvalue()).decode()
    return f'<figure><img src="data:image/png;base64,{coded}" alt="{alt}"/></figure>'


def chapter(finding, body=""):
    return Chapter("06_hotspots", "Hotspots", "c-06", body, question="Where?", finding=finding)


def deck(folder, *chapters):
    return Presentation(slides.write(folder, chapters, ABOUT))


def words(slide):
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_a_chapter_s_finding_is_the_title_and_its_chart_says_what_it_shows(tmp_path):
    finding = "<p><b>Three of 9 districts</b>, are above 2.1. They are named below.</p>"
    made = deck(tmp_path, chapter(finding, chart() + chart(alt="another")))
    assert len(made.slides) == 3
    slide = made.slides[1]
    assert slide.shapes.title.text == "Three of 9 districts, are above 2.1."
    assert "They are named below." in words(slide)
    [picture] = [shape for shape in slide.shapes if shape.shape_type == 13]
    alt = picture._element.nvPicPr.cNvPr.get("descr")
    assert alt == "The rate is highest in Aldersea"
    assert "06_hotspots.html" in slide.notes_slide.notes_text_frame.text


def test_every_slide_has_a_title_first_and_every_chapter_s_slide_the_stamp(tmp_path):
    made = deck(tmp_path, chapter("<p>One.</p>"), chapter("<p>Two.</p>"))
    for slide in made.slides:
        assert slide.shapes.title.text
        assert slide.shapes[0] == slide.shapes.title
        assert any("SYNTHETIC SAMPLE" in text for text in words(slide))


def test_a_long_finding_stands_below_the_chapter_s_name(tmp_path):
    slide = deck(tmp_path, chapter(f"<p>{LONG}</p>")).slides[1]
    assert slide.shapes.title.text == "Hotspots"
    assert LONG in words(slide)


@pytest.mark.parametrize("size", [(300, 2_000), (3_000, 200)])
def test_a_chart_of_any_shape_stays_on_the_slide(tmp_path, size):
    made = deck(tmp_path, chapter("<p>One.</p>", chart(size=size)))
    [picture] = [shape for shape in made.slides[1].shapes if shape.shape_type == 13]
    assert picture.left + picture.width <= made.slide_width
    assert picture.top + picture.height <= made.slide_height


def test_markup_in_a_name_is_text(tmp_path):
    slide = deck(tmp_path, chapter("<p>Highest in &lt;script&gt;x&lt;/script&gt;.</p>")).slides[1]
    assert slide.shapes.title.text == "Highest in <script>x</script>."


def test_chapters_without_a_finding_are_left_out(tmp_path):
    assert slides.write(tmp_path, [chapter("")], ABOUT) is None
