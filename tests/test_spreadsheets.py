"""The workbook of a briefing: one table a sheet, no formula, hidden numbers in shorthand."""

import nbformat.v4 as nb
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.briefing.outputs import spreadsheets
from vrn_analysis.core.config import CHECKOUT

RATES = pd.DataFrame(
    {
        "area_code": ["Z1", "Z2"],
        "area_name": ["Aldersea", "'=Fennimore"],
        "count": pd.array([15, None], dtype="Int64"),
        "status": ["shown", "suppressed"],
        "value": [1.5, None],
        "lower_95_ci": [0.5, None],
        "upper_95_ci": [2.5, float("inf")],
        "statistic": "crude rate per 1,000",
        "stamp": "SYNTHETIC",
    }
)
SHEET = "6 Rates by area"


def written(folder, table=RATES, *, name="06_rates_by_area", **more):
    (folder / "tables").mkdir(exist_ok=True)
    table.to_csv(folder / "tables" / f"{name}.csv", index=False)
    wanted = {"title": "Ours", "about": ["SYNTHETIC"], "told": {name: "Rates by area"}} | more
    [file, *_] = spreadsheets.write_workbooks(folder, **wanted)
    return openpyxl.load_workbook(file)


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_workbook_has_a_cover_contents_notes_and_a_sheet_a_table(tmp_path):
    book = written(tmp_path)
    assert book.sheetnames == ["Cover", "Contents", "Notes", SHEET]
    assert book.properties.title == "Ours"
    sheet = rows_of(book[SHEET])
    assert sheet[0][0].startswith("Chapter 6. Rates by area")
    assert sheet[1][0] == "SYNTHETIC"


def test_contents_say_of_each_table_its_chapter_and_what_it_shows(tmp_path):
    caption = "Rates by area. First 60 of 61 rows; all are in the CSV. SYNTHETIC."
    book = written(tmp_path, told={"06_rates_by_area": caption}, chapters={"06": "Hotspots"})
    assert rows_of(book["Contents"])[-1][0] == SHEET
    assert rows_of(book["Contents"])[-1][1].strip() == "Chapter 6, Hotspots. Rates by area."


def test_tables_that_no_chapter_prints_are_in_a_workbook_of_their_own(tmp_path):
    (tmp_path / "tables").mkdir()
    for name in ("06_rates_by_area", "06_said", "06_classes"):
        RATES.to_csv(tmp_path / "tables" / f"{name}.csv", index=False)
    told = {"06_rates_by_area": "Rates"}
    files = spreadsheets.write_workbooks(tmp_path, title="Ours", about=[], told=told)
    names = [openpyxl.load_workbook(file).sheetnames[3:] for file in files]
    assert names == [[SHEET], ["6 Classes", "6 Facts in the text"]]


def test_hidden_numbers_are_shorthand_numbers_stay_numbers_and_text_is_as_it_was(tmp_path):
    *_, first, second = rows_of(written(tmp_path)[SHEET])
    assert first[:6] == ["Z1", "Aldersea", 15, 1.5, 0.5, 2.5]
    assert second[:6] == ["Z2", "=Fennimore", "[c]", "[c]", "[c]", "[c]"]


def test_every_heading_is_a_reader_s_and_its_own(tmp_path):
    table = RATES.assign(age_focus="UNDER_25", age_group="10-17")
    head = rows_of(written(tmp_path, table)[SHEET])[-3]
    assert "Age focus" in head
    assert "Age group" in head
    assert not {"status", "stamp", "lower_95_ci"} & set(head)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=30))
def test_no_text_is_a_formula(tmp_path_factory, text):
    for begin in ("=", "+", "-", "@", ""):
        table = RATES.head(1).assign(area_name=f"{begin}cmd{text}x")
        book = written(tmp_path_factory.mktemp("book"), table)
        cells = [cell for row in book[SHEET].iter_rows() for cell in row]
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_two_long_names_that_begin_alike_both_have_a_sheet(tmp_path):
    (tmp_path / "tables").mkdir()
    for end in ("one", "two"):
        RATES.to_csv(tmp_path / "tables" / f"09_victims_by_residence_and_place_{end}.csv")
    told = [one.label for one in spreadsheets.sheets(tmp_path / "tables", {})]
    assert len(set(told)) == 2
    assert max(map(len, told)) <= 31


def test_a_briefing_without_tables_has_no_workbook(tmp_path):
    (tmp_path / "tables").mkdir()
    about = {"title": "Ours", "about": [], "told": {}}
    assert spreadsheets.write_workbooks(tmp_path, **about) == []
    assert spreadsheets.write_dictionary(tmp_path / "tables", stamp="x") is None


def test_captions_are_those_under_which_tables_were_shown():
    about = {"text/html": {"caption": "Rates", "csv": "tables/06_rates.csv"}}
    output = nb.new_output("display_data", {"text/html": "<table>"}, metadata=about)
    notebook = nb.new_notebook(
        cells=[nb.new_markdown_cell("x"), nb.new_code_cell(outputs=[output])]
    )
    assert spreadsheets.captions([notebook]) == {"06_rates": "Rates"}


def test_the_dictionary_says_what_each_column_is(tmp_path):
    RATES.assign(ours=1).to_csv(tmp_path / "06_rates.csv", index=False)
    file = spreadsheets.write_dictionary(tmp_path, stamp="SYNTHETIC")
    found = pd.read_csv(file).set_index("column")
    assert set(found["stamp"]) == {"SYNTHETIC"}
    assert found.loc["status", "tables"] == "06_rates.csv"
    assert "suppressed" in found.loc["status", "description"]
    assert found.loc["ours", "description"] == spreadsheets.NOT_DESCRIBED


TABLES = sorted((CHECKOUT / "reports" / "tables").glob("*.csv"))


@pytest.mark.slow
@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.stem)
def test_every_column_of_our_own_tables_is_described(file):
    columns = pd.DataFrame({"column": pd.read_csv(file, nrows=0).columns})
    described = columns[columns["column"].isin(spreadsheets.explained())]
    assert_frame_equal(columns, described)
