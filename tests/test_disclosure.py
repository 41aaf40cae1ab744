"""Protecting tables: what is hidden, what is refused, what an attacker is left with."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError, DisclosureError, SettingsError
from vrn_analysis.show import disclosure

ONE_TO_SEVEN = list("1234567")
# counts, and what each profile shows of them where nothing else is published
EXACT = {
    "nhs_round5": {0: 0, 1: None, 5: None, 7: None, 8: 10, 12: 10, 13: 15, 17: 15, 18: 20, 40: 40},
    "lt5": {0: 0, 1: None, 4: None, 5: 5, 7: 7, 40: 40},
    "lt10": {0: 0, 1: None, 9: None, 10: 10, 13: 13},
    "none_internal": {0: 0, 1: 1, 7: 7, 13: 13},
}
FIVE_HUNDRED = [[7, 56, 92, 155], [2, 32, 58, 80], [0, 16, 26, 44], [0, 4, 8, 20]]


def crossed(counts, rows="area_code", columns="crime_group"):
    """Return a table of two dimensions with its totals."""
    counts = np.array(counts)
    full = np.pad(counts, ((0, 1), (0, 1)))
    full[-1, :-1], full[:-1, -1] = counts.sum(axis=0), counts.sum(axis=1)
    full[-1, -1] = counts.sum()
    down = [f"{rows}_{i}" for i in range(len(counts))] + ["All"]
    across = [f"{columns}_{i}" for i in range(counts.shape[1])] + ["All"]
    return pd.DataFrame(
        [
            (down[i], across[j], full[i, j])
            for i, j in product(range(len(down)), range(len(across)))
        ],
        columns=[rows, columns, "count"],
    )


def listed(counts, column="area_code", total=True):
    """Return a table of one dimension, with its total."""
    every = {**counts, "All": sum(counts.values())} if total else counts
    return pd.DataFrame({column: list(every), "count": list(every.values())})


def hidden(table):
    return table["status"] == "suppressed"


# what goes in


def test_unknown_profile_names_the_known_ones():
    with pytest.raises(SettingsError, match="'strict'.*nhs_round5, lt5, lt10, none_internal"):
        disclosure.protect(listed({"a": 9}), dimensions=["area_code"], profile="strict")


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (-1, "1 of 3 counts are negative .row 0."),
        (2.5, "1 of 3 counts are not whole"),
        (np.nan, "1 of 3 counts are missing"),
        (np.inf, "1 of 3 counts are missing or not numbers"),
    ],
)
def test_counts_that_are_no_counts_are_refused(count, message):
    table = pd.DataFrame({"area_code": ["a", "b", "c"], "count": [count, 10, 10]})
    with pytest.raises(DataError, match=message):
        disclosure.protect(table, dimensions=["area_code"])


def test_all_problems_are_told_at_once():
    table = pd.DataFrame({"area_code": ["a", None, "a"], "count": [1, 2, 3]})
    with pytest.raises(DataError) as error:
        disclosure.protect(table, dimensions=["area_code"])
    assert "1 of 3 rows have no area_code" in str(error.value)
    assert "2 of 3 rows share their area_code" in str(error.value)


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="no column month; it has area_code, count"):
        disclosure.protect(listed({"a": 9}), dimensions=["area_code", "month"])


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused_with_its_row():
    table = listed({"a": 20, "b": 30})
    table.loc[2, "count"] = 51
    with pytest.raises(DataError, match=r"1 totals are not.*\n.*row 2 \(area_code All\): 1 more"):
        disclosure.protect(table, dimensions=["area_code"])


def test_two_tables_that_count_one_cell_differently_are_refused():
    tables = {"first": listed({"a": 20, "b": 30}), "second": listed({"a": 20, "b": 31})}
    with pytest.raises(DataError, match="'first': 2 of 3 rows count what another"):
        disclosure.protect_together(tables, dimensions=dict.fromkeys(tables, ["area_code"]))


def test_a_table_without_dimensions_is_named():
    with pytest.raises(DataError, match="'second' has no dimensions"):
        disclosure.protect_together({"second": listed({"a": 9})}, dimensions={})


# what comes out


@pytest.mark.parametrize("profile", disclosure.PROFILES)
def test_counts_without_totals_are_shown_as_the_profile_says(profile):
    expected = EXACT[profile]
    table = listed({str(count): count for count in expected}, total=False)
    found = disclosure.protect(table, dimensions=["area_code"], profile=profile)
    shown = pd.array(list(expected.values()), dtype="Int64")
    moved = disclosure.PROFILES[profile].error
    error = [pd.NA if out is None else moved if out else 0 for out in expected.values()]
    status = ["suppressed" if out is None else "shown" for out in expected.values()]
    expected_table = table.assign(
        count=shown,
        status=pd.array(status, dtype="str"),
        count_error=pd.array(error, dtype="Int64"),
    )
    assert_frame_equal(found, expected_table)


def test_every_count_to_forty_is_rounded_as_nhs_england_says():
    counts = np.arange(41)
    table = pd.DataFrame({"area_code": counts.astype(str), "count": counts})
    found = disclosure.protect(table, dimensions=["area_code"])
    expected = [pd.NA if 1 <= c <= 7 else int(5 * np.floor(c / 5 + 0.5)) for c in counts]
    assert found["count"].tolist() == expected


@pytest.mark.parametrize(
    ("profile", "column"),
    [("nhs_round5", "hes_rounded"), ("lt5", "supp_lt5"), ("lt10", "supp_lt10")],
)
def test_counts_without_totals_are_those_of_the_oracle(profile, column):
    oracle = pd.read_csv(Path(__file__).parent / "oracles" / "rounding_expected.csv", dtype="str")
    table = listed(
        dict(zip(oracle["count"], oracle["count"].astype(int), strict=True)), total=False
    )
    found = disclosure.protect(table, dimensions=["area_code"], profile=profile)
    hidden = (oracle[column] == "*") | (column == "hes_rounded") & oracle["count"].isin(
        ONE_TO_SEVEN
    )
    # where the source prints 5 for 1 to 7, we hide
    expected = [
        None if out else int(value) for value, out in zip(oracle[column], hidden, strict=True)
    ]
    assert [None if pd.isna(count) else count for count in found["count"]] == expected


def test_the_input_is_not_changed_and_other_columns_stay():
    table = listed({"a": 3, "b": 30}).assign(area_name=["A", "B", "All"])
    before = table.copy()
    found = disclosure.protect(table, dimensions=["area_code"])
    assert_frame_equal(table, before)
    assert found["area_name"].tolist() == ["A", "B", "All"]


@pytest.mark.parametrize("counts", [{}, {"a": 0}, {"a": 0, "b": 0}, {"a": 3}, {"a": 30}])
def test_small_tables_pass(counts):
    table = listed(counts)
    found = disclosure.protect(table, dimensions=["area_code"])
    assert found["status"].eq("suppressed").tolist() == table["count"].between(1, 7).tolist()


def test_a_true_zero_stays_zero_and_is_not_called_suppressed():
    found = disclosure.protect(crossed(FIVE_HUNDRED), dimensions=["area_code", "crime_group"])
    zero = crossed(FIVE_HUNDRED)["count"] == 0
    assert found.loc[zero, "count"].eq(0).all()
    assert found.loc[zero, "status"].eq("shown").all()
    assert found.loc[~zero, "count"].ne(0).fillna(True).all()


def test_one_small_count_is_not_left_alone_under_its_total():
    found = disclosure.protect(listed({"a": 3, "b": 30, "c": 41}), dimensions=["area_code"])
    assert hidden(found).sum() == 1, "rounding of three shown counts leaves room for 1 to 7"
    found = disclosure.protect(listed({"a": 3, "b": 30}), dimensions=["area_code"], profile="lt5")
    assert found.loc[hidden(found), "area_code"].tolist() == ["a", "b"]


def test_rounding_alone_does_not_protect_under_a_small_margin():
    # 2 + 10 = 12 is shown as 10 - 10: a reader would know the 2 to be 4 at most
    table = listed({"a": 2, "b": 10})
    found = disclosure.protect(table, dimensions=["area_code"])
    assert hidden(found).tolist() == [True, True, False]
    leaking = table.assign(count=pd.array([pd.NA, 10, 10], dtype="Int64"))
    audited = disclosure.audit({"t": leaking}, dimensions={"t": ["area_code"]})
    assert audited[["lower", "upper", "safe"]].values.tolist() == [[1, 4, False]]


def test_the_five_hundred_table_gives_neither_2_nor_4_back():
    table = crossed(FIVE_HUNDRED)
    primary_only = table.assign(count=table["count"].where(~table["count"].between(1, 4)))
    dimensions = {"t": ["area_code", "crime_group"]}
    leak = disclosure.audit({"t": primary_only}, dimensions=dimensions, profile="lt5")
    assert leak[["lower", "upper"]].values.tolist() == [[2, 2], [4, 4]]
    assert not leak["safe"].any()
    found = disclosure.protect(table, dimensions=dimensions["t"], profile="lt5")
    assert table["count"][hidden(found)].sum() <= 151, "what an optimal program hid"
    audited = disclosure.audit({"t": found}, dimensions=dimensions, profile="lt5", exact=True)
    small = audited[audited["row"].map(table["count"]).le(4)]
    assert len(small) == 2
    assert small["lower"].le(1).all()
    assert small["upper"].ge(4).all()


def test_protecting_twice_changes_nothing():
    once = disclosure.protect(crossed(FIVE_HUNDRED), dimensions=["area_code", "crime_group"])
    twice = disclosure.protect(once, dimensions=["area_code", "crime_group"])
    assert_frame_equal(once, twice)


def test_no_protection_shows_every_count():
    table = crossed(FIVE_HUNDRED)
    found = disclosure.protect(
        table, dimensions=["area_code", "crime_group"], profile="none_internal"
    )
    assert found["count"].tolist() == table["count"].tolist()
    assert found["count_error"].eq(0).all()


# linked tables


def test_under_25_and_over_are_hidden_together_where_all_ages_are_shown_elsewhere():
    ages = pd.DataFrame(
        {
            "area_code": ["a", "a", "b", "b"],
            "age_focus": ["under 25", "25 and over"] * 2,
            "count": [3, 30, 40, 50],
        }
    )
    tables = {"ages": ages, "areas": listed({"a": 33, "b": 90})}
    found = disclosure.protect_together(
        tables,
        dimensions={"ages": ["area_code", "age_focus"], "areas": ["area_code"]},
        profile="lt5",
    )
    assert found["ages"]["status"].tolist()[:2] == ["suppressed", "suppressed"] or (
        found["areas"]["status"].iloc[0] == "suppressed"
    )


def test_a_part_that_no_table_shows_is_not_given_away_by_its_complement():
    # 98 of 100 are under 25: the 2 who are not stand in no table
    under = pd.DataFrame({"age_focus": ["under 25"], "count": [98]})
    tables = {"under": under, "all": pd.DataFrame({"period": ["2024"], "count": [100]})}
    under["period"] = "2024"
    dimensions = {"under": ["age_focus", "period"], "all": ["period"]}
    nesting = {("age_focus", "age_focus"): {"under 25": "All", "25 and over": "All"}}
    for links in (None, nesting):
        found = disclosure.protect_together(
            tables, dimensions=dimensions, profile="lt5", nesting=links
        )
        assert sum(hidden(table).sum() for table in found.values()) == 1
        leaking = {name: table.assign(status="shown") for name, table in tables.items()}
        audited = disclosure.audit(leaking, dimensions=dimensions, profile="lt5", nesting=links)
        assert audited[["lower", "upper", "safe"]].values.tolist() == [[2, 2, False]]


def test_small_areas_do_not_add_up_to_what_the_district_table_shows():
    small = listed({"L1": 2, "L2": 30, "L3": 40, "L4": 50}, "lsoa_code", total=False)
    large = listed({"D1": 32, "D2": 90}, "district_code")
    dimensions = {"small": ["lsoa_code"], "large": ["district_code"]}
    nesting = {("lsoa_code", "district_code"): {"L1": "D1", "L2": "D1", "L3": "D2", "L4": "D2"}}
    tables = {"small": small, "large": large}
    apart = {
        name: disclosure.protect(table, dimensions=dimensions[name], profile="lt5")
        for name, table in tables.items()
    }
    audited = disclosure.audit(apart, dimensions=dimensions, profile="lt5", nesting=nesting)
    assert audited[["lower", "upper", "safe"]].values.tolist() == [[2, 2, False]]
    with pytest.raises(DisclosureError, match="1 small counts are shown or can be worked out"):
        disclosure.require_safe(apart, dimensions=dimensions, profile="lt5", nesting=nesting)
    together = disclosure.protect_together(
        tables, dimensions=dimensions, profile="lt5", nesting=nesting
    )
    disclosure.require_safe(together, dimensions=dimensions, profile="lt5", nesting=nesting)
    assert sum(hidden(table).sum() for table in together.values()) == 2


def test_two_levels_of_areas_in_one_column():
    table = listed({"M1": 33, "M2": 60, "L1": 3, "L2": 30, "L3": 20, "L4": 40}, total=False)
    nesting = {("area_code", "area_code"): {"L1": "M1", "L2": "M1", "L3": "M2", "L4": "M2"}}
    found = disclosure.protect(table, dimensions=["area_code"], profile="lt5", nesting=nesting)
    assert found.loc[hidden(found), "area_code"].tolist() == ["L1", "L2"]


def test_overlapping_rolling_years_do_not_give_a_quarter_back():
    quarters = {"q1": 2, "q2": 40, "q3": 50, "q4": 60, "q5": 70}
    years = {
        "year to q4": sum(list(quarters.values())[:4]),
        "year to q5": sum(list(quarters.values())[1:]),
    }
    within = {
        f"q{i}": [y for y, last in (("year to q4", 4), ("year to q5", 5)) if last - 3 <= i <= last]
        for i in range(1, 6)
    }
    tables = {
        "quarters": listed(quarters, "quarter", total=False),
        "years": listed(years, "year", total=False),
    }
    dimensions = {"quarters": ["quarter"], "years": ["year"]}
    nesting = {("quarter", "year"): within}
    primary = {
        name: table.assign(count=table["count"].where(table["count"] > 4))
        for name, table in tables.items()
    }
    audited = disclosure.audit(primary, dimensions=dimensions, profile="lt5", nesting=nesting)
    assert audited[["lower", "upper", "safe"]].values.tolist() == [[2, 2, False]]
    found = disclosure.protect_together(
        tables, dimensions=dimensions, profile="lt5", nesting=nesting
    )
    disclosure.require_safe(found, dimensions=dimensions, profile="lt5", nesting=nesting)
    assert sum(hidden(table).sum() for table in found.values()) >= 2


def test_the_same_cell_in_two_tables_is_hidden_in_both():
    by_area = listed({"a": 3, "b": 30, "c": 40, "d": 50})
    crossed_table = crossed([[1, 2], [10, 20], [10, 30], [20, 30]]).replace(
        {"area_code": {f"area_code_{i}": name for i, name in enumerate("abcd")}}
    )
    found = disclosure.protect_together(
        {"areas": by_area, "groups": crossed_table},
        dimensions={"areas": ["area_code"], "groups": ["area_code", "crime_group"]},
        profile="lt5",
    )
    margin = found["groups"].query("crime_group == 'All'")
    assert found["areas"]["status"].tolist() == margin["status"].tolist()


def test_months_are_the_same_as_text_and_as_dates():
    dates = pd.to_datetime(["2024-01-01", "2024-02-01"])
    first = pd.DataFrame({"month": dates, "count": [3, 30]})
    second = pd.DataFrame({"month": ["2024-01-01", "2024-02-01", "All"], "count": [3, 30, 33]})
    found = disclosure.protect_together(
        {"first": first, "second": second},
        dimensions={"first": ["month"], "second": ["month"]},
        profile="lt5",
    )
    assert found["first"]["status"].tolist() == found["second"]["status"].tolist()[:2]
    assert hidden(found["first"]).all()


# a second edition


def test_a_second_edition_is_not_differenced_with_the_first():
    dimensions = {"first": ["area_code"], "second": ["area_code", "crime_group"]}
    first = disclosure.protect(listed({"a": 33, "b": 60}), dimensions=["area_code"], profile="lt5")
    second = pd.DataFrame(
        {
            "area_code": ["a", "a", "b", "b"],
            "crime_group": ["robbery", "violence"] * 2,
            "count": [3, 30, 20, 40],
        }
    )
    alone = disclosure.protect(second, dimensions=dimensions["second"], profile="lt5")
    assert hidden(alone).tolist() == [True, False, False, False]
    found = disclosure.protect_together(
        {"second": second}, dimensions=dimensions, profile="lt5", published={"first": first}
    )
    assert hidden(found["second"]).tolist() == [True, True, False, False]


def test_what_an_edition_hid_stays_hidden():
    dimensions = {"old": ["area_code"], "new": ["area_code"]}
    old = disclosure.protect(listed({"a": 3, "b": 30}), dimensions=["area_code"], profile="lt5")
    new = listed({"a": 3, "b": 30}, total=False)
    found = disclosure.protect_together(
        {"new": new}, dimensions=dimensions, profile="lt5", published={"old": old}
    )
    assert hidden(found["new"]).all()


def test_revised_rows_of_an_edition_are_left_out_of_account():
    dimensions = {"old": ["area_code"], "new": ["area_code"]}
    old = disclosure.protect(listed({"a": 60, "b": 30}), dimensions=["area_code"])
    new = listed({"a": 75, "b": 30})
    found = disclosure.protect_together({"new": new}, dimensions=dimensions, published={"old": old})
    assert found["new"]["count"].tolist() == [75, 30, 105]


def test_what_is_published_already_and_leaks_is_an_error():
    dimensions = {"old": ["area_code", "sex"], "new": ["area_code"]}
    old = pd.DataFrame(
        {"area_code": ["a"] * 3, "sex": ["All", "female", "male"], "count": [33, 30, np.nan]}
    )
    with pytest.raises(DisclosureError, match="published tables"):
        disclosure.protect_together(
            {"new": listed({"a": 33, "b": 50})},
            dimensions=dimensions,
            profile="lt5",
            published={"old": old},
        )


def test_an_edition_needs_a_name_of_its_own():
    table = listed({"a": 30})
    with pytest.raises(DataError, match="1 of 1 published tables have the name of a new one"):
        disclosure.protect_together(
            {"t": table}, dimensions={"t": ["area_code"]}, published={"t": table}
        )


# the audit


def test_a_small_count_that_is_shown_is_not_safe():
    table = listed({"a": 3, "b": 30}, total=False)
    audited = disclosure.audit({"t": table}, dimensions={"t": ["area_code"]})
    assert audited[["table", "row", "safe"]].values.tolist() == [["t", 0, False]]
    with pytest.raises(DisclosureError, match="'t': 1 small counts are shown"):
        disclosure.require_safe({"t": table}, dimensions={"t": ["area_code"]})


def test_an_error_names_rows_and_never_a_category_or_a_count():
    table = pd.DataFrame({"sex": ["female", "male", "All"], "count": [np.nan, 30, 33]})
    with pytest.raises(DisclosureError) as error:
        disclosure.require_safe({"t": table}, dimensions={"t": ["sex"]}, profile="lt5")
    assert "(row 0)" in str(error.value)
    assert "female" not in str(error.value)


def test_tables_that_cannot_be_true_together_are_an_error():
    table = pd.DataFrame({"area_code": ["a", "b", "All"], "count": [20, 30, 100]})
    with pytest.raises(DisclosureError, match="contradict"):
        disclosure.audit({"t": table}, dimensions={"t": ["area_code"]})


def test_a_hidden_total_of_hidden_counts_is_at_least_as_many():
    found = disclosure.protect(
        crossed([[1, 1, 1], [20, 30, 40]]), dimensions=["area_code", "crime_group"], profile="lt5"
    )
    audited = disclosure.audit(
        {"t": found}, dimensions={"t": ["area_code", "crime_group"]}, profile="lt5", exact=True
    )
    total = audited[audited["row"] == 3]
    assert total["lower"].tolist() == [3]
    assert total["safe"].all()


def test_group_disclosures_are_the_only_counts_of_their_total():
    table = crossed([[12, 0], [6, 7], [0, 0]], columns="ethnicity")
    found = disclosure.group_disclosures(
        table, dimensions=["area_code", "ethnicity"], of="ethnicity"
    )
    assert found.index.tolist() == [0]
    with pytest.raises(DataError, match="'sex' is not one of the dimensions"):
        disclosure.group_disclosures(table, dimensions=["area_code", "ethnicity"], of="sex")
