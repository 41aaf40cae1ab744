"""The explorer reads rows of one protected table, whatever is chosen."""

import ipywidgets
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment
from vrn_analysis.count.tables import ALL
from vrn_analysis.read.files.periods import financial_year
from vrn_analysis.say import explorer


@pytest.fixture(scope="module")
def run(sample_run):
    return sample_run


@pytest.fixture(scope="module")
def table(run):
    return explorer.answers(run, "llr_2020")


@pytest.mark.slow
def test_every_district_year_and_age_is_answered_with_its_total(run, table):
    years, ages, areas = table["year"].nunique(), table["age_focus"].nunique(), len(run.districts)
    assert (years, ages) == (6, 4)
    assert table["area_name"].nunique() >= areas + 1
    assert set(table["status"]) <= {"shown", "suppressed"}
    whole = table[(table[["area_name", "year", "age_focus"]] == ALL).all(axis=1)]
    counted = int(run.counted().count().execute())
    assert abs(whole["count"].iloc[0] - counted) <= whole["count_error"].iloc[0]


def test_an_area_is_answered_year_by_year_and_all_areas_in_a_year(table):
    one = explorer.chosen(table, area="Aldersea", age=explorer.YOUNG)
    assert one["year"].tolist() == [*sorted(set(table["year"]) - {ALL}), ALL]
    every = explorer.chosen(table, year="2022/23")
    assert set(every["year"]) == {"2022/23"}
    assert "Aldersea" in set(every["area_name"])


@pytest.mark.parametrize("choice", [{"area": "Elsewhere"}, {"year": "1999/00"}, {"age": "old"}])
def test_a_choice_that_is_not_there_names_those_that_are(table, choice):
    with pytest.raises(DataError, match="choose one of"):
        explorer.chosen(table, **choice)


@pytest.mark.parametrize(
    ("month", "year"),
    [("2020-03-01", "2019/20"), ("2020-04-01", "2020/21"), ("1999-12-01", "1999/00")],
)
def test_a_financial_year_begins_in_april(month, year):
    assert financial_year(pd.DatetimeIndex([month]))[0] == year


@pytest.mark.slow
def test_choosing_shows_another_answer_and_no_error(run, monkeypatch):
    told = []
    monkeypatch.setattr("IPython.display.display", lambda *shown: told.append(shown))
    box = explorer.explore(run)
    definition, area, _, age, below = box.children
    area.value, age.value, definition.value = "Aldersea", explorer.YOUNG, "svd_local"
    assert len(told) == 4
    assert "Aldersea, by financial year" in told[-1][0].caption
    assert "SYNTHETIC" in told[-1][0].caption
    assert isinstance(below, ipywidgets.Output)
    assert not [output for output in below.outputs if output["output_type"] == "error"]


def test_open_data_say_why_there_is_nothing_to_explore(open_run):
    with pytest.raises(assessment.NotInThisRun, match="definition"):
        explorer.explore(open_run)
