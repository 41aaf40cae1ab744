"""The slides of a briefing: eight, charts to edit, alt text, the stamp, notes, no overflow."""

import base64
import io
import json
from dataclasses import replace

import nbformat.v4 as nb
import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pptx import Presentation

from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.outputs import charts, slide_charts, slides
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.count.assessment.needs import About
from vrn_analysis.show import figures
from vrn_analysis.show.publish import pictures

ABOUT = slides.About(
    "Ours", "SYNTHETIC SAMPLE", "DRAFT: not approved", "Definition: llr_2020.", ("Police; Force",)
)
LONG = "A sentence that goes on about many districts, " * 5 + "and ends."


def chart(alt="The rate is highest in Aldersea", size=(400, 300)):
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, "png")
    coded = base64.b64encode(content.getvalue()).decode()
    return f'<figure><img src="data:image/png;base64,{coded}" alt="{alt}"/></figure>'


def chapter(finding, body="", *, point=0):
    about = About((), "Where?", point, 1, ecological=False, summary=False)
    return Chapter(
        "06_hotspots", "Hotspots", "c-06", body, question="Where?", finding=finding, about=about
    )


def trend(names, values):
    limits = {
        "lower_95_ci": [v and v - 1 for v in values],
        "upper_95_ci": [v and v + 1 for v in values],
    }
    return {"measure": "Offences a month", "names": names, "series": {"Offences": values} | limits}


def shown(kind="bar", values=(3.5, None, 2)):
    image = BeautifulSoup(chart(), "html.parser").img
    return slide_charts.Shown(
        image, trend([f"Area {n}" for n in range(len(values))], list(values)) | {"kind": kind}
    )


def deck(folder, *chapters, results=()):
    return Presentation(slides.write(folder, chapters, results, ABOUT))


def words(slide):
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def inside(made, slide):
    for shape in slide.shapes:
        assert min(shape.left, shape.top) >= 0, shape.name
        assert shape.left + shape.width <= made.slide_width, shape.name
        assert shape.top + shape.height <= made.slide_height, shape.name


def whole(folder, sentence="A finding with some words in it."):
    first = [(n, f"<p>{n},000</p><p>of something</p><p>95% CI 1 to 2</p>") for n in (1, 2, 3, 4)]
    made = [
        chapter(f"<p>{sentence} More of it.</p>", chart(), point=point)
        for point in (1, 2, 3, 4, 5, 6, 8, 9, 10)
    ]
    recommended = (7, "<ol><li>Do this.</li><li>Do that.</li></ol>")
    return deck(folder, replace(made[0], first=[*first, recommended]), *made[1:])


def test_a_whole_briefing_makes_eight_slides_each_with_title_stamp_notes_and_nothing_outside(
    tmp_path,
):
    made = whole(tmp_path)
    assert len(made.slides) == 8
    for slide in made.slides:
        assert slide.shapes[0] == slide.shapes.title
        assert slide.shapes.title.text
        assert any("SYNTHETIC SAMPLE" in text for text in words(slide))
        assert "Police; Force" in slide.notes_slide.notes_text_frame.text
        inside(made, slide)


def test_the_first_slide_has_the_four_figures_and_the_one_before_last_what_to_do(tmp_path):
    made = whole(tmp_path)
    assert [text.split("\n")[0] for text in words(made.slides[0]) if "95% CI" in text] == [
        "1,000", "2,000", "3,000", "4,000",
    ]  # fmt: skip
    assert "Do this.\nDo that." in words(made.slides[6])


def test_a_question_that_no_chapter_answers_has_no_slide_and_is_named_on_the_last(tmp_path):
    made = deck(tmp_path, chapter("<p>It rose.</p>", point=3))
    titles = [slide.shapes.title.text for slide in made.slides]
    assert titles == ["Ours", "It rose.", slides.HOW_SURE]
    assert any("Who is affected?" in text for text in words(made.slides[-1]))


def test_a_finding_too_long_for_a_title_is_below_the_question(tmp_path):
    slide = deck(tmp_path, chapter(f"<p>{LONG}</p>", point=5)).slides[1]
    assert slide.shapes.title.text == "Where does it happen?"
    assert any(LONG in text for text in words(slide))


def test_words_that_do_not_fit_are_in_the_notes(tmp_path):
    sentences = [f"Sentence {n} says something about many places." for n in range(200)]
    made = deck(tmp_path, chapter(f"<p>{' '.join(sentences)}</p>", point=5))
    slide = made.slides[1]
    told = "\n".join([*words(slide), slide.notes_slide.notes_text_frame.text])
    assert all(sentence in told for sentence in sentences)
    inside(made, slide)


@pytest.mark.parametrize("size", [(300, 2_000), (3_000, 200)])
def test_a_picture_of_any_shape_stays_on_the_slide_and_says_what_it_shows(tmp_path, size):
    made = deck(tmp_path, replace(chapter("<p>One.</p>", point=5), first=[(6, chart(size=size))]))
    [picture] = [shape for shape in made.slides[1].shapes if shape.shape_type == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr") == "The rate is highest in Aldersea"
    inside(made, made.slides[1])


@pytest.mark.parametrize("kind", ["bar", "column", "line"])
def test_a_simple_chart_has_numbers_to_edit_its_intervals_and_alt_text(kind):
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide_charts.add(slide, shown(kind), (0.5, 1, 6, 4))
    [frame] = [shape for shape in slide.shapes if shape.has_chart]
    first, *limits = frame.chart.plots[0].series
    assert list(first.values) == [3.5, None, 2]
    assert list(frame.chart.plots[0].categories) == ["Area 0", "Area 1", "Area 2"]
    drawn = first._element.xpath(".//c:errBars//c:v")
    assert len(limits) == 2 if kind == "line" else [one.text for one in drawn] == ["1"] * 4
    assert frame._element.xpath(".//p:cNvPr")[0].get("descr")
    book = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))
    assert [cell.value for cell in book.active["B"]][1:] == [3.5, None, 2]


def test_the_numbers_of_a_chart_are_those_kept_beside_its_picture(tmp_path):
    drawn = figures.plot_rates(
        pd.DataFrame({"name": ["A", "B"], "value": [2.0, 1.0],
                      "lower_95_ci": [1.5, 0.5], "upper_95_ci": [2.5, 1.5]}), title="A is above B",
    )  # fmt: skip
    kept = pictures.file(tmp_path, repr(drawn)).with_suffix(".json")
    kept.parent.mkdir()
    kept.write_text(json.dumps(drawn.native))
    data, metadata = drawn._repr_mimebundle_()
    cell = nb.new_code_cell(outputs=[nb.new_output("display_data", data, metadata=metadata)])
    result = Result("03_scale", nb.new_notebook(cells=[cell]), tmp_path, 0)
    body = f'<figure><img src="{charts.PNG}{data["image/png"]}" alt="x"/></figure>'
    made = deck(tmp_path, chapter("<p>One.</p>", body, point=5), results=[result])
    [frame] = [shape for shape in made.slides[1].shapes if shape.has_chart]
    assert list(frame.chart.plots[0].series[0].values) == [2, 1]


def test_markup_in_a_name_is_text(tmp_path):
    finding = "<p>Highest in &lt;script&gt;x&lt;/script&gt;.</p>"
    slide = deck(tmp_path, chapter(finding, point=5)).slides[1]
    assert slide.shapes.title.text == "Highest in <script>x</script>."


def test_a_briefing_without_a_finding_has_no_slides(tmp_path):
    assert slides.write(tmp_path, [chapter("")], [], ABOUT) is None
