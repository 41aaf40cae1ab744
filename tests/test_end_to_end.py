"""Extract in, briefing out: the whole path on the sample and on real open data."""

import base64
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from briefing_builds import build
from bs4 import BeautifulSoup
from docx import Document
from PIL import Image
from typer.testing import CliRunner

from vrn_analysis import sample
from vrn_analysis.briefing.guard import contents
from vrn_analysis.commands.cli import app
from vrn_analysis.show.figures.parts import style

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent


def texts(folder):
    files = [*folder.glob("*.html"), *folder.rglob("*.csv"), folder / "manifest.json"]
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def test_every_notebook_has_its_page_and_the_index_holds_them_all(sample_briefing):
    names = [file.stem for file in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    beside = {"index", "board", "editions", "map"}
    pages = {file.stem for file in sample_briefing.glob("*.html")}
    appendices = {name for name in pages if name.endswith("_appendix")}
    assert pages - appendices == {*beside, *names}
    assert {name.removesuffix("_appendix") for name in appendices} <= {*names}


def test_every_chart_of_the_sample_is_as_wide_as_its_type_needs(sample_briefing):
    found = 0
    for page in sorted(sample_briefing.glob("[0-9]*.html")):
        for coded in re.findall(r"data:image/webp;base64,([A-Za-z0-9+/=]+)", page.read_text()):
            picture = Image.open(io.BytesIO(base64.b64decode(coded)))
            assert picture.width / style.WIDTH in (style.DOTS_PER_INCH, style.MAP_DOTS)
            found += 1
    assert found > 30


def test_every_page_of_the_sample_is_stamped(sample_briefing):
    for name, text in texts(sample_briefing).items():
        empty = name.endswith(".csv") and text.count("\n") == 1
        assert empty or "SYNTHETIC" in text, name


def test_tables_are_the_golden_ones(sample_briefing, sample_editions):
    golden = {file.name: file.read_text() for file in (ROOT / "reports/tables").glob("*.csv")}
    folders = (sample_briefing, sample_editions, *sample_editions.glob("area_*"))
    made = {
        file.name: file.read_text()
        for folder in folders
        for file in (folder / "tables").glob("*.csv")
        # what is made of the notebooks, and not by them
        if not file.name.endswith(("_said.csv", "dictionary.csv"))
    }
    assert made.keys() == golden.keys()
    changed = [name for name in made if made[name] != golden[name]]
    assert not changed, "run vrn notebooks, look at what moved and say so in CHANGELOG.md"


def test_no_record_and_no_person_reaches_a_reader(sample_briefing, sample_editions):
    folder = sample.ensure()
    parts = (sample_briefing, sample_editions, *sample_editions.glob("area_*"))
    everything = "\n".join(text for part in parts for text in texts(part).values())
    for file, column in (
        ("offences.parquet", "offence_id"),
        ("offences.parquet", "incident_ref"),
        ("persons.parquet", "person_ref"),
    ):
        values = pd.read_parquet(folder / file, columns=[column])[column].dropna()
        prefix = re.match(r"[A-Z]+", values.iloc[0])[0]
        shown = set(re.findall(rf"{prefix}[\w-]+", everything))
        assert not shown & set(values), column


def test_the_sample_briefing_is_small_enough_to_send(sample_briefing):
    size = sum(file.stat().st_size for file in sample_briefing.rglob("*") if file.is_file())
    alone = {
        ending: sum(file.stat().st_size for file in sample_briefing.rglob(f"*{ending}"))
        for ending in (".pdf", ".docx")
    }
    assert size - sum(alone.values()) <= 8_000_000
    assert alone[".pdf"] <= 8_000_000
    assert alone[".docx"] <= 4_000_000


@pytest.mark.parametrize("briefing", ["sample_briefing", "open_briefing"])
def test_word_documents_give_the_numbers_of_their_pages(briefing, request):
    folder = request.getfixturevalue(briefing)
    for name, page in (("full", "index"), ("board", "board"), ("easy/easy", "easy/index")):
        document = Document(str(folder / f"{name}.docx"))
        inside = [cell.text for table in document.tables for cell in table._cells]
        written = " ".join([*(one.text for one in document.paragraphs), *inside])
        html = (folder / f"{page}.html").read_text(encoding="utf-8")
        facts = BeautifulSoup(html, "html.parser").main.select("data, td")
        wanted = {" ".join(one.get_text().split()) for one in facts}
        assert facts
        lacking = [text for text in wanted if text not in written]
        assert not lacking, f"{name}: {lacking[:5]}"
        assert not document.inline_shapes or all(
            shape._inline.docPr.get("descr") for shape in document.inline_shapes
        )


def test_the_board_summary_makes_its_ten_points(sample_briefing):
    soup = BeautifulSoup((sample_briefing / "board.html").read_text(), "html.parser")
    points = soup.select(".point")
    assert [point.h2.span.get_text() for point in points] == [str(n) for n in range(1, 11)]
    for point in points:
        assert point.select_one(".said p").get_text(strip=True)
        assert "Not available" not in point.get_text()
    assert len(soup.select("img")) >= 2
    assert len(soup.select(".figures-first li")) == 4
    cover = BeautifulSoup((sample_briefing / "index.html").read_text(), "html.parser")
    assert len(cover.select(".findings > li")) == 10


@pytest.mark.parametrize("briefing", ["sample_briefing", "open_briefing"])
def test_an_easy_read_gives_only_facts_of_the_board_summary(briefing, request):
    folder = request.getfixturevalue(briefing)
    easy, summary = (
        BeautifulSoup((folder / file).read_text(encoding="utf-8"), "html.parser").main
        for file in ("easy/index.html", "board.html")
    )
    told, known = (
        {(one["data-fact"], one.get_text()) for one in page.find_all("data")}
        for page in (easy, summary)
    )
    assert told
    assert told <= known
    for one in easy.find_all("data"):
        one.decompose()
    # what is left are years, dates, and the numbers of the fixed words
    numbers = set(re.findall(r"\d[\d,]*", re.sub(r"\b(19|20)\d\d\b", "", easy.get_text())))
    assert numbers - {str(day) for day in range(1, 32)} <= {"1,000"}


def test_an_edition_of_one_area_and_a_quarterly_pack(sample_editions):
    [area] = sample_editions.glob("area_*")
    pack = (sample_editions / "index.html").read_text(encoding="utf-8")
    assert "January to March 2024" in pack
    assert "95% CI" in pack
    assert "probably have detected" in pack
    text = (area / "index.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser")
    assert soup.select_one(".place").get_text() == "Aldersea · Area edition"
    assert "In Aldersea the rate of serious violence is" in soup.select_one(".finding").get_text()
    saved = pd.read_csv(area / "tables" / "21_rate_beside_the_rest.csv")
    assert saved["area_name"].tolist() == ["Aldersea", "Rest of the area"]


def test_page_and_table_suppress_alike(sample_briefing):
    saved = pd.read_csv(sample_briefing / "tables" / "06_rates_by_middle_area.csv")
    hidden = saved["status"] == "suppressed"
    assert hidden.any()
    for column in ("count", "value", "lower_95_ci", "upper_95_ci"):
        assert saved.loc[hidden, column].isna().all()
    shown = saved.loc[~hidden, "count"]
    assert (shown % 5 == 0).all()


def test_nothing_is_run_again_when_nothing_changed(sample_briefing, tmp_path):
    again = build(tmp_path / "again")
    log = (again / "briefing.log").read_text()
    assert "run because" not in log
    assert log.count("unchanged, from cache") == len(list((ROOT / "notebooks").glob("*.ipynb")))
    assert (again / "index.html").exists()


def test_manifest_names_inputs_versions_settings_rows_and_tables(sample_briefing):
    manifest = json.loads((sample_briefing / "manifest.json").read_text())
    text = json.dumps(manifest)
    for word in ("offences.parquet", "sha256", "pandas", "nhs_round5", "06_rates_by_district"):
        assert word in text


def test_open_briefing_gives_the_known_rates_by_income_deprivation(open_briefing):
    """The known rates by national quintiles of the index are in `test_open_data`."""
    table = pd.read_csv(open_briefing / "tables" / "09_rates_by_income_deprivation.csv")
    # by pandas alone, from the files as published: 53.29, 41.51, 31.12, 18.97, 15.03
    assert table["value"].tolist() == pytest.approx([53.29, 41.51, 31.12, 18.97, 15.03], abs=0.05)


def test_open_briefing_gives_the_known_month(open_briefing):
    table = pd.read_csv(open_briefing / "tables" / "03_counts_by_month.csv")
    month = table.loc[table["month"] == "2020-09-01"].iloc[0]
    assert month["count"] == 3_141
    assert month["lower_95_ci"] < 3_141 < month["upper_95_ci"]


def test_open_briefing_reads_every_row(open_briefing):
    manifest = (open_briefing / "manifest.json").read_text()
    assert "205078" in manifest


def test_open_briefing_applies_no_definition_and_says_why(open_briefing):
    pages = {name: text for name, text in texts(open_briefing).items() if name.endswith("html")}
    del pages["editions.html"]  # it leads to the others and holds no figure
    for name, text in pages.items():
        assert "no definition can be applied" in text, name
        assert "SYNTHETIC SAMPLE" not in text, name
    assert "02_applying_the_definition.html" not in pages
    assert "Applying the definition" in pages["not_yet.html"]
    assert "too broad" in pages["not_yet.html"]
    # each reason stands once
    assert pages["index.html"].count("One category mixes") == 1
    assert not list((open_briefing / "tables").glob("02_*.csv"))


def test_missing_data_folder_leaves_the_last_briefing_whole(sample_briefing, tmp_path):
    before = texts(sample_briefing)
    result = CliRunner().invoke(
        app,
        ["briefing", "--data", str(tmp_path / "nowhere"), "--output", str(sample_briefing)],
    )
    assert result.exit_code == 1
    assert "does not exist" in result.output
    assert texts(sample_briefing) == before


@pytest.mark.parametrize("briefing", ["sample_briefing", "open_briefing"])
def test_a_whole_briefing_gives_nothing_away_and_holds_no_ledger(briefing, request):
    folder = request.getfixturevalue(briefing)
    pages = {file: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}
    assert len(pages) > 10
    assert not contents.disclosures(folder, pages)
    assert not list(folder.rglob("audit"))
    # and the look finds what is planted in it
    file = next(iter(pages))
    told = contents.disclosures(folder, {file: "<p>In Hill, 3 victims were hurt.</p>"})
    assert [line for line in told if line.startswith(f"{file.name}: ")]
