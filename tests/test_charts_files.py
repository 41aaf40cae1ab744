"""Every chart an edition shows lies in its folder as PNG and SVG, listed with its words."""

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import briefing_notebooks as toy
import nbformat
import pandas as pd
import pytest
from figure_tables import CHARTS
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from vrn_analysis.briefing import report
from vrn_analysis.briefing.content.chapters import chapter
from vrn_analysis.briefing.guard import contents
from vrn_analysis.briefing.outputs import charts, printing
from vrn_analysis.briefing.plan import editions
from vrn_analysis.briefing.run import cache, runner
from vrn_analysis.core.config import Settings
from vrn_analysis.count.assessment.needs import KEY
from vrn_analysis.show import publish
from vrn_analysis.show.publish import pictures

TITLE = "Two districts are above the county rate"
ATTACK = "=SUM(A1) <script>alert(1)</script> \"&' above"
COLUMNS = ["png", "svg", "figure", "chapter", "title", "alt_text", "caption", "stamp"]
SVG = "{http://www.w3.org/2000/svg}"


class Run:
    """As much of a run as publishing needs."""

    settings = Settings(title="A", kind="sample", area_name="A", sources={})
    credit = "SYNTHETIC SAMPLE, invented county"


def published(name, title=TITLE):
    make, plot = CHARTS[name]
    return publish.chart(plot(make(), title=title), Run, caption="Rate per 1,000 residents")


def cell(chart, *tags):
    data, metadata = chart._repr_mimebundle_()
    output = new_output("display_data", data=data, metadata=metadata)
    return new_code_cell("x", outputs=[output], metadata={"tags": list(tags)})


@pytest.fixture
def output(tmp_path, monkeypatch):
    folder = tmp_path / "03_scale"
    monkeypatch.setenv("VRN_OUTPUT", str(folder))
    return folder


def written(output, *cells, board=False):
    """Write the charts of one notebook; return the list, and its folder."""
    # as the runner leaves it: read from a file
    text = nbformat.writes(
        new_notebook(cells=[toy.words("# Scale\n\nHow?"), *cells], metadata={KEY: toy.about()})
    )
    notebook = nbformat.reads(text, as_version=4)
    result = runner.Result("03_scale", notebook, output, 0.0)
    folder = output.parent / "briefing"
    folder.mkdir(exist_ok=True)
    made = charts.write(
        folder, [chapter(notebook, name="03_scale")], [result], stamp="SYNTHETIC", board=board
    )
    return (pd.read_csv(made, keep_default_na=False) if made else None), folder / "charts"


@pytest.mark.slow
def test_a_chart_is_png_and_svg_under_the_number_of_its_figure(output):
    gradient, rates = published("gradient"), published("rates")
    listed, folder = written(output, cell(gradient), toy.words("Then."), cell(rates))
    assert listed.columns.tolist() == COLUMNS
    assert listed["figure"].astype(str).tolist() == ["3.1", "3.2"]
    assert {file.name for file in folder.iterdir()} == {
        *("03_figure_1.png", "03_figure_1.svg", "03_figure_2.png", "03_figure_2.svg"),
        "charts.csv",
    }
    for row, chart in zip(listed.itertuples(), (gradient, rates), strict=True):
        assert (folder / row.png).read_bytes() == chart.png()
        assert (folder / row.svg).read_bytes() == chart.svg()
        assert (row.chapter, row.title, row.alt_text) == ("Scale", TITLE, chart.alt)
        assert (row.caption, row.stamp) == (chart.caption, "SYNTHETIC")


@pytest.mark.slow
def test_charts_of_the_same_words_and_other_data_keep_their_own_picture(output):
    make, plot = CHARTS["gradient"]
    table = make()
    both = [plot(table, title=TITLE), plot(table.iloc[1:], title=TITLE)]
    one, other = [publish.chart(drawn, Run, caption="Rate") for drawn in both]
    listed, folder = written(output, cell(one), toy.words("Then."), cell(other))
    kept = [(folder / name).read_bytes() for name in listed["svg"]]
    assert kept == [one.svg(), other.svg()]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gradient", "map", "matrix"])
def test_svg_is_the_same_in_two_runs_and_its_words_are_text(name, output):
    first = published(name).svg()
    assert published(name).svg() == first
    root = ElementTree.fromstring(first)
    assert root.findtext(f"{SVG}title") == TITLE
    words = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert TITLE in words
    assert Run.credit in words
    outlines = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    assert any(outlines)
    assert not re.search(r"\.\d{3}", " ".join(outlines))
    assert not re.search(rb"20\d\d-\d\d-\d\d", first)


def test_an_svg_runs_nothing_and_asks_for_nothing(output):
    root = ElementTree.fromstring(published("map_classes", title=ATTACK).svg())
    assert root.findtext(f"{SVG}title") == ATTACK
    assert not list(root.iter(f"{SVG}script"))
    links = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith(("href", "src"))]
    assert all(link.startswith(("#", "data:image/")) for link in links)
    names = {key.rpartition("}")[2] for element in root.iter() for key in element.attrib}
    assert not [name for name in names if name.startswith("on")]


@pytest.mark.slow
def test_no_text_of_the_list_is_a_formula(output):
    listed, _ = written(output, cell(published("gradient", title=ATTACK)))
    assert listed["title"].tolist() == ["'" + ATTACK]


@pytest.mark.slow
def test_only_charts_that_the_edition_shows_are_in_it(output):
    shown, left, marked = (published(name) for name in ("gradient", "rates", "ages"))
    cells = [
        cell(shown), toy.words("a"), cell(left, "remove-cell"), toy.words("b"),
        cell(marked, "board-4"),
    ]  # fmt: skip
    assert len(list((output / "charts").glob("*.svg"))) == 3
    listed, folder = written(output, *cells)
    assert listed["alt_text"].tolist() == [shown.alt, marked.alt]
    assert len(list(folder.glob("*.svg"))) == 2


@pytest.mark.slow
def test_the_board_summary_alone_has_the_charts_that_it_shows(output):
    shown, marked = published("gradient"), published("ages")
    cells = [cell(shown), toy.words("a"), cell(marked, "board-4")]
    listed, folder = written(output, *cells, board=True)
    assert listed["png"].tolist() == ["03_figure_2.png"]
    assert listed["alt_text"].tolist() == [marked.alt]
    assert len(list(folder.iterdir())) == 3


def test_no_chart_leaves_no_folder(output):
    assert written(output, toy.words("Nothing is drawn."))[0] is None
    assert not (output.parent / "briefing" / "charts").exists()


def test_a_chart_that_was_not_published_has_no_svg(output):
    make, plot = CHARTS["gradient"]
    bare = plot(make(), title=TITLE)
    listed, folder = written(output, cell(bare))
    assert listed[["png", "svg", "caption"]].values.tolist() == [["03_figure_1.png", "", ""]]
    assert (folder / "03_figure_1.png").read_bytes() == bare.png()


def test_nothing_is_kept_without_an_output_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("VRN_OUTPUT", raising=False)
    monkeypatch.chdir(tmp_path)
    published("gradient")
    assert not list(tmp_path.rglob("*"))


@pytest.mark.filterwarnings("error")
def test_a_hidden_count_in_the_words_of_a_picture_or_of_the_list_is_found(tmp_path):
    (tmp_path / "charts").mkdir()
    fine = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>25 victims</text></svg>'
    )
    (tmp_path / "charts" / "03_figure_1.svg").write_text(fine)
    assert contents.disclosures(tmp_path, {}) == []
    (tmp_path / "charts" / "03_figure_1.svg").write_text(fine.replace("25", "3"))
    (tmp_path / "charts" / "charts.csv").write_text("figure,title\n3.1,Of 3 victims we know\n")
    found = contents.disclosures(tmp_path, {})
    assert [text.split(":")[0] for text in found] == ["charts/03_figure_1.svg", "charts/charts.csv"]


@pytest.mark.slow
@pytest.mark.parametrize("asked", [True, False])
def test_a_briefing_holds_the_charts_of_its_pages_where_asked_for(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    drawn = pictures.file(Path("output"), "chart").name
    keeps = toy.code(f"""
import os
from pathlib import Path
folder = Path(os.environ["VRN_OUTPUT"], "charts")
folder.mkdir()
_ = [(folder / name).write_text("<svg/>") for name in ("{drawn}", "another.svg")]
""")
    toy.write(tmp_path / "nb", "03_scale", keeps, toy.chart())
    data = toy.data_folder(tmp_path / "data")
    page = report.build(
        tmp_path / "briefing",
        data=data,
        folder=tmp_path / "nb",
        asked=editions.Asked(pdf=False, charts=asked),
    )
    folder = page.parent / "charts"
    if not asked:
        assert not folder.exists()
        return
    assert sorted(file.name for file in folder.iterdir()) == [
        "03_figure_1.png", "03_figure_1.svg", "charts.csv",
    ]  # fmt: skip
    shown = re.search(r"base64,([\w+/=]+)", page.read_text(encoding="utf-8"))[1]
    with (
        Image.open(io.BytesIO(base64.b64decode(shown))) as on_page,
        Image.open(folder / "03_figure_1.png") as as_file,
    ):
        assert on_page.convert("RGB").tobytes() == as_file.convert("RGB").tobytes()
    listed = pd.read_csv(folder / "charts.csv")
    assert listed["alt_text"].tolist() == [toy.ALT]
    assert listed["stamp"].str.startswith("SYNTHETIC SAMPLE").all()
