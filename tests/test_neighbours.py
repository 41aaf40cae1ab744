"""Statistical neighbours: a list of pairs, or the Department for Education's workbook."""

import openpyxl
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import factors
from vrn_analysis.read.sources import catalogue
from vrn_analysis.read.sources.catalogue import statistical_neighbours

HEADING = ["LA num", "LA Name", "LA number", "SN1", "SNP", "SN2", "SNP"]
CODES = {"Alpha": "E1", "Beta": "E2"}


def workbook(folder, rows, heading=HEADING):
    book = openpyxl.Workbook()
    # the Department puts two rows of column letters and numbers before the headings
    for row in (["A", "B", "C"], [1, 2, 3], heading, *rows):
        book.active.append(row)
    book.save(folder / "neighbours.xlsx")
    return folder / "neighbours.xlsx"


ROWS = [
    [301, "Alpha ", 301, 302, "Close", 303, "Not close"],
    [302, "Beta", 302, 301, "Close", 303, "Close"],
    [303, "Gamma", 303, 301, "Very close", None, None],
]


def test_workbook_gives_pairs_by_code_and_keeps_the_number_where_no_code_is_known(tmp_path):
    found = statistical_neighbours(workbook(tmp_path, ROWS), codes=CODES)
    expected = pd.DataFrame(
        [
            ("E1", "E2", "Beta", "Close"),
            ("E1", "DfE 303", "Gamma", "Not close"),
            ("E2", "E1", "Alpha", "Close"),
            ("E2", "DfE 303", "Gamma", "Close"),
            ("DfE 303", "E1", "Alpha", "Very close"),
        ],
        columns=["area_code", "neighbour_code", "neighbour_name", "closeness"],
    )
    pd.testing.assert_frame_equal(found, expected)


def test_a_neighbour_that_is_no_authority_is_refused(tmp_path):
    rows = [[301, "Alpha", 301, 999, "Close", 301, "Close"]]
    with pytest.raises(DataError, match="1 of 2 neighbours are numbers of no authority .* 999"):
        statistical_neighbours(workbook(tmp_path, rows), codes=CODES)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        (["Authority", "LA Name", "SN1", "SNP"], "no row of the first sheet begins with 'LA num'"),
        (["LA num", "LA Name", "First", "Second"], "no columns SN1"),
    ],
)
def test_another_workbook_is_refused(tmp_path, heading, said):
    with pytest.raises(DataError, match=said):
        statistical_neighbours(workbook(tmp_path, ROWS, heading), codes=CODES)


def test_pairs_in_a_csv_are_named_where_the_name_is_known(tmp_path):
    (tmp_path / "n.csv").write_text("area_code,neighbour_code\nE1,E2\nE1,E9\n")
    found = statistical_neighbours(tmp_path / "n.csv", codes=CODES)
    assert found["neighbour_name"].tolist() == ["Beta", "E9"]


@pytest.mark.slow
@pytest.mark.open_data
def test_leicester_has_ten_neighbours_and_the_folder_none_of_their_values(open_run):
    found = assessment.neighbours(open_run)
    assert len(found) == 10
    assert found["neighbour_name"].iloc[0] == "Luton"
    assert found["closeness"].iloc[0] == "Close"
    values = factors.values(assessment.indicator_table(open_run), catalogue.catalogue())
    with pytest.raises(NotInThisRun, match=r"\b(0|none) of the 10\b"):
        factors.beside_neighbours(values, area="E06000016", neighbours=found)
