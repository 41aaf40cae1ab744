"""The catalogue holds its schema; official files are read as they are; every value is traced."""

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.marks import MARKS, numbers
from vrn_analysis.read.files.periods import periods
from vrn_analysis.read.sources import catalogue as cat
from vrn_analysis.read.sources import indicators, partner_indicators


@pytest.fixture(scope="module")
def catalogue():
    return cat.catalogue()


@pytest.fixture(scope="module")
def open_data():
    if "VRN_OPEN_DATA" not in os.environ:
        pytest.skip("VRN_OPEN_DATA does not name the folder of real open data")
    return Path(os.environ["VRN_OPEN_DATA"])


@pytest.fixture(scope="module")
def read(open_data, catalogue):
    return indicators.indicators(open_data, catalogue)


# -- the catalogue ----------------------------------------------------------------------------


def test_shipped_catalogue_passes_its_schema(catalogue):
    assert 25 <= (catalogue["verified"] == "yes").sum() <= 35


def test_catalogue_has_factors_of_both_kinds_at_all_four_levels(catalogue):
    verified = catalogue[catalogue["verified"] == "yes"]
    assert set(verified["level"]) == set(cat.CATALOGUE["level"].allowed)
    assert {"risk", "protective"} <= set(verified["kind"])


def test_an_outcome_is_never_listed_as_a_factor(catalogue):
    violent = catalogue["name"].str.contains("violence", case=False) & ~catalogue[
        "name"
    ].str.contains("left out")
    assert set(catalogue.loc[violent, "kind"]) == {"outcome"}


def test_repeat_events_are_never_a_proportion(catalogue):
    events = catalogue["indicator_id"].isin(["suspensions", "permanent_exclusions"])
    events |= catalogue["numerator"].str.contains("admission")
    assert (catalogue.loc[events, "statistic"] == "crude rate").all()


def test_the_gradient_uses_income_not_the_index_that_holds_crime(catalogue):
    row = catalogue.set_index("indicator_id").loc["income_deprivation"]
    assert row["value_column"] == "income_rate_pct"


def with_rows(catalogue, **changes):
    table = catalogue.head(3).copy()
    for column, value in changes.items():
        table.loc[table.index[0], column] = value
    return table


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "bad"}, "1 of 3 rows have a value in kind that is none of .* such as 'bad'"),
        ({"level": "family"}, "1 of 3 rows have a value in level"),
        ({"polarity": ""}, "1 of 3 rows lack a value in polarity"),
        ({"age_from": 30, "age_to": 10}, "1 of 3 rows have ages"),
        ({"age_from": float("nan")}, "1 of 3 rows lack a value in age_from"),
        ({"definition": ""}, "1 of 3 rows have no definition, but are verified"),
        ({"licence": ""}, "1 of 3 rows have no licence"),
        ({"evidence": "graded", "evidence_reference": ""}, "evidence without a reference"),
        ({"check_value": float("nan")}, "check_value"),
        ({"per": float("nan")}, "1 of 3 rows are verified rates without per"),
    ],
)
def test_a_broken_catalogue_says_what_to_mend(catalogue, tmp_path, changes, words):
    file = tmp_path / "indicators.csv"
    with_rows(catalogue, **changes).to_csv(file, index=False)
    with pytest.raises(DataError, match=words):
        cat.catalogue(file)


def test_all_problems_come_at_once(catalogue, tmp_path):
    table = with_rows(catalogue, kind="bad", level="bad", licence="")
    file = tmp_path / "indicators.csv"
    table.to_csv(file, index=False)
    with pytest.raises(DataError, match=r"(?s)kind.*level.*licence"):
        cat.catalogue(file)


def test_repeated_indicator_is_refused(catalogue, tmp_path):
    file = tmp_path / "indicators.csv"
    pd.concat([catalogue.head(2), catalogue.head(1)]).to_csv(file, index=False)
    with pytest.raises(DataError, match="1 of 3 rows repeat indicator_id"):
        cat.catalogue(file)


def test_neighbours_refuse_an_area_that_neighbours_itself(tmp_path):
    file = tmp_path / "neighbours.csv"
    file.write_text("area_code,neighbour_code\nA,B\nA,A\n")
    with pytest.raises(DataError, match="1 of 2 rows name an area as its own"):
        cat.statistical_neighbours(file, codes={})
    file.write_text("area_code,neighbour_code\nA,B\nA,B\nA,C\n")
    expected = pd.DataFrame({"area_code": ["A", "A"], "neighbour_code": ["B", "C"]})
    found = cat.statistical_neighbours(file, codes={})
    pd.testing.assert_frame_equal(found[["area_code", "neighbour_code"]], expected)


# -- marks and periods ------------------------------------------------------------------------


def test_marks_become_missing_values_with_their_meaning():
    text = pd.Series(["12.5", "-", "c", "x", "z", "*", ":", None, "1,234", "0", "3.0E-2", "u"])
    table = numbers(text, where="file: value")
    expected = pd.DataFrame(
        {
            "value": [12.5, *[None] * 7, 1234, 0, 0.03, None],
            "mark": [
                "",
                "not available",
                "suppressed",
                "not available",
                "not applicable",
                "suppressed",
                "not available",
                "not available",
                "",
                "",
                "",
                "unreliable",
            ],
        }
    ).astype({"value": "float64", "mark": "str"})
    pd.testing.assert_frame_equal(table, expected)


def test_percentages_as_text_need_a_unit_of_per_cent():
    text = pd.Series(["12.3%", "4 %", "5"])
    assert numbers(text, where="f", percent=True)["value"].tolist() == [12.3, 4, 5]
    with pytest.raises(DataError, match=r"f: 2 of 3 values .* 2 end in a % sign"):
        numbers(text, where="f")


def test_words_in_place_of_a_number_are_named():
    with pytest.raises(DataError, match=r"2 of 3 values are neither .* 'twelve', '1.2.3'"):
        numbers(pd.Series(["twelve", "1.2.3", "4"]), where="f")


def test_a_comma_that_parts_no_thousands_is_not_a_number():
    with pytest.raises(DataError, match="'12,5'"):
        numbers(pd.Series(["12,5"]), where="f")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from([*MARKS, "1.5", "0", "2,000", ""]), min_size=1))
def test_every_row_is_a_number_or_has_a_reason(words):
    table = numbers(pd.Series(words, dtype="str"), where="f")
    assert len(table) == len(words)
    assert ((table["mark"] == "") == table["value"].notna()).all()


@pytest.mark.parametrize(
    ("written", "period", "year"),
    [
        ("2019", "2019", 2019),
        ("2015/16", "2015/16", 2016),
        ("2016-17 (OT)", "2016/17", 2017),
        ("2014-16", "2014-16", 2016),
        ("1999/00", "1999/00", 2000),
        ("2013/14-15/16", "2013/14 to 2015/16", 2016),
        ("2013/14 to 2015/16", "2013/14 to 2015/16", 2016),
        ("2023-04-01/P1Y", "2023/24", 2024),
        ("2019-01-01/P1Y", "2019", 2019),
        ("2014-04-01/P3Y", "2014/15 to 2016/17", 2017),
        ("mid-2020", "mid-2020", 2020),
    ],
)
def test_periods_are_read_as_sources_write_them(written, period, year):
    found = periods(pd.Series([written]), where="f")
    expected = pd.DataFrame({"period": pd.Series([period], dtype="str"), "year": [year]})
    pd.testing.assert_frame_equal(found, expected)


def test_unknown_period_is_named():
    with pytest.raises(DataError, match=r"2 of 3 periods cannot be read, such as 'last year'"):
        periods(pd.Series(["2019", "last year", None]), where="f")


# -- the real files ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.open_data
def test_every_verified_indicator_has_its_traced_value(read, catalogue):
    verified = catalogue[catalogue["verified"] == "yes"]
    both = verified.merge(read, on="indicator_id")
    area = (both["area_name"] == both["check_area"]) | (both["area_code"] == both["check_area"])
    checked = both[area & (both["period"] == both["check_period"])]
    assert sorted(checked["indicator_id"]) == sorted(verified["indicator_id"])
    off = (checked["value"] - checked["check_value"]).abs()
    assert (off <= 1e-4).all()


@pytest.mark.open_data
def test_values_are_those_of_the_file_and_column_named(open_data, read, catalogue):
    """An independent reading, by nothing of ours, of the file, item and column of the catalogue."""
    rows = catalogue[catalogue["reader"] == "lait"]
    [file] = open_data.glob(rows["source_file"].iloc[0])
    raw = pd.read_csv(file, dtype="str").set_index("Short Desc")
    for row in rows.to_dict("records"):
        own = read[(read["indicator_id"] == row["indicator_id"])]
        source = pd.to_numeric(raw.loc[row["source_item"], row["value_column"]], errors="coerce")
        assert len(own) == len(source)
        assert own["value"].sum() == pytest.approx(source.sum())
        assert own["value"].isna().sum() == source.isna().sum()


@pytest.mark.open_data
def test_counts_stand_beside_their_rates(read):
    leicester = read[(read["indicator_id"] == "children_in_care") & (read["year"] == 2025)]
    assert leicester.set_index("area_name")["count"]["Leicester"] == 595


@pytest.mark.open_data
def test_published_intervals_are_kept(read):
    own = read[(read["indicator_id"] == "employment_rate") & (read["area_code"] == "E06000016")]
    assert own["published_lower"].notna().all()
    assert (own["published_lower"] < own["value"]).all()


@pytest.mark.open_data
def test_a_police_area_never_takes_the_place_of_the_county(open_data, catalogue):
    areas = indicators.known_areas(open_data, catalogue)
    assert areas["Leicestershire"] == "E10000018"
    assert areas["England"] == "E92000001"


@pytest.mark.open_data
def test_every_small_area_is_read_once(read):
    income = read[read["indicator_id"] == "income_deprivation"]
    assert len(income) == income["area_code"].nunique() == 611


# -- files that cannot be used ----------------------------------------------------------------


def lait_file(folder, rows):
    file = folder / "children" / "lait_x_all_measures.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text("Short Desc,Years,LA and Regions,Values\n" + rows)
    return file


def test_area_without_a_code_is_named(tmp_path, catalogue):
    lait_file(tmp_path, "LAC,2019,Quillshire,12\n")
    rows = catalogue[catalogue["indicator_id"] == "children_in_care"]
    with pytest.raises(DataError, match=r"1 of 1 rows are of areas .* Quillshire"):
        indicators.indicators(tmp_path, rows, areas={})


def test_item_missing_from_the_file_is_named(tmp_path, catalogue):
    lait_file(tmp_path, "CIN,2019,Quillshire,12\n")
    rows = catalogue[catalogue["indicator_id"] == "children_in_care"]
    with pytest.raises(DataError, match="no row .*'LAC'"):
        indicators.indicators(tmp_path, rows, areas={"Quillshire": "Q1"})


def test_missing_marks_are_kept_beside_values(tmp_path, catalogue):
    lait_file(tmp_path, "LAC,2018,Q,-\nLAC,2019,Q,41\nLACnum,2018,Q,c\nLACnum,2019,Q,33\n")
    rows = catalogue[catalogue["indicator_id"] == "children_in_care"]
    found = indicators.indicators(tmp_path, rows, areas={"Q": "Q1"})
    expected = pd.DataFrame(
        {
            "indicator_id": "children_in_care",
            "area_code": "Q1",
            "area_name": "Q",
            "period": ["2018", "2019"],
            "year": [2018, 2019],
            "value": [None, 41.0],
            "count": [None, 33.0],
            "mark": ["not available", ""],
        }
    ).astype({"value": "float64", "count": "float64"})
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False)


def test_folder_without_any_file_says_what_it_looked_for(tmp_path, catalogue):
    with pytest.raises(DataError, match="none of the 5 files"):
        indicators.indicators(tmp_path, catalogue)


PARTNER = pd.DataFrame(
    {
        "indicator_id": ["suspensions", "suspensions"],
        "area_code": ["Q1", "Q2"],
        "period": ["2023/24", "2023/24"],
        "value": ["3.2", "c"],
        "unit": ["per 100", "per 100"],
        "count": ["64", "c"],
    }
)
AREAS = pd.DataFrame({"area_code": ["Q1", "Q2"], "area_name": ["One", "Two"]})


def partner_file(folder, **changes):
    file = folder / "partner.csv"
    PARTNER.assign(**changes).to_csv(file, index=False)
    return file


def test_a_partners_file_is_read_into_the_same_table(tmp_path, catalogue):
    found = partner_indicators.indicator_file(partner_file(tmp_path), catalogue, areas=AREAS)
    assert found["value"].tolist()[0] == 3.2
    assert found["mark"].tolist() == ["", "suppressed"]
    assert found["count"].tolist()[0] == 64
    assert list(found) == indicators.COLUMNS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"indicator_id": "nobody_knows"}, "2 of 2 rows have an unknown indicator_id"),
        ({"area_code": ["Q1", "Q9"]}, "1 of 2 rows have an unknown area_code, such as 'Q9'"),
        ({"unit": "per 1,000"}, "another unit than the catalogue, such as 'per 1,000'"),
        ({"area_code": "Q1"}, "1 of 2 rows repeat"),
        ({"period": "then"}, "2 of 2 periods cannot be read"),
        ({"value": ["3.2%", "4"]}, "1 end in a % sign, but the unit is not per cent"),
    ],
)
def test_a_partners_file_with_a_fault_is_refused(tmp_path, catalogue, changes, words):
    with pytest.raises(DataError, match=words):
        partner_indicators.indicator_file(partner_file(tmp_path, **changes), catalogue, areas=AREAS)


def test_a_partners_faults_come_together(tmp_path, catalogue):
    file = partner_file(tmp_path, area_code=["Q1", "Q9"], unit="%")
    with pytest.raises(DataError, match=r"(?s)unknown area_code.*another unit"):
        partner_indicators.indicator_file(file, catalogue, areas=AREAS)
