"""Quarters, a period beside an earlier one, and the place an edition is of."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count import assessment, times
from vrn_analysis.methods import trends
from vrn_analysis.say import findings


def months_of(counts, first="2023-01-01", **more):
    month = pd.date_range(first, periods=len(counts), freq="MS")
    return pd.DataFrame({"month": month, "count": pd.array(counts, dtype="Int64"), **more})


# -- quarters -------------------------------------------------------------------------------------


def test_quarters_end_with_the_latest_month():
    made = times.whole_quarters(months_of([9, 1, 2, 3, 4, 5, 6]))
    assert_frame_equal(
        made,
        pd.DataFrame(
            {
                "quarter": pd.array(["February to April 2023", "May to July 2023"], dtype="str"),
                "first": pd.DatetimeIndex(["2023-02-01", "2023-05-01"]),
                "last": pd.DatetimeIndex(["2023-04-01", "2023-07-01"]),
                "count": pd.array([6, 15], dtype="Int64"),
            }
        ),
        check_dtype=False,
    )


def test_a_quarter_across_two_years_names_both():
    made = times.whole_quarters(months_of([1, 1, 1], first="2023-12-01"))
    assert made["quarter"].tolist() == ["December 2023 to February 2024"]


def test_quarters_by_group_stand_in_the_order_of_their_groups():
    table = pd.concat([months_of([1] * 6, place=name) for name in ("B", "A")], ignore_index=True)
    made = times.whole_quarters(table, by=["place"])
    assert made["place"].tolist() == ["B", "B", "A", "A"]
    assert made["count"].tolist() == [3, 3, 3, 3]


def test_quarters_are_oldest_first_whatever_the_order_of_the_months():
    table = pd.concat([months_of(range(9), place=name) for name in ("B", "A")])
    made = times.whole_quarters(table, by=["place"])
    assert_frame_equal(
        times.whole_quarters(table[::-1], by=["place"]),
        made.iloc[[3, 4, 5, 0, 1, 2]].reset_index(drop=True),
    )
    assert_frame_equal(
        times.whole_quarters(months_of(range(9))[::-1]), times.whole_quarters(months_of(range(9)))
    )


@pytest.mark.parametrize("months", [0, 2])
def test_fewer_than_three_months_make_no_quarter(months):
    assert times.whole_quarters(months_of([1] * months)).empty


@pytest.mark.slow
@given(st.lists(st.integers(0, 50), min_size=3, max_size=40))
def test_quarters_sum_to_the_months_they_hold(counts):
    made = times.whole_quarters(months_of(counts))
    assert made["count"].sum() == sum(counts[len(counts) % 3 :])
    inside = times.months_in(made, period="quarter")[("month", "quarter")]
    assert len(inside) == 3 * len(made)


@pytest.mark.parametrize("fault", ["gap", "repeat"])
def test_months_that_are_missing_or_repeat_are_refused(fault):
    table = months_of([1, 2, 3, 4])
    bad = table.drop(1) if fault == "gap" else pd.concat([table, table.head(1)])
    with pytest.raises(DataError, match="Quarters cannot be added up"):
        times.whole_quarters(bad)


def test_a_month_that_one_group_lacks_is_refused_and_not_taken_as_none():
    table = pd.concat([months_of([1] * 6, place=name) for name in "AB"], ignore_index=True)
    with pytest.raises(DataError, match="1 months of a series are missing"):
        times.whole_quarters(table.drop(index=4), by=["place"])


@pytest.mark.parametrize("function", [times.whole_quarters, times.whole_years])
def test_a_hidden_month_hides_what_it_is_added_up_to(function):
    hidden = function(months_of([None] + [5] * 23))["count"]
    assert hidden.isna().tolist() == [True] + [False] * (len(hidden) - 1)


def test_years_by_group_are_those_of_each_group():
    table = pd.concat([months_of([n] * 13, place=f"P{n}") for n in (1, 2)], ignore_index=True)
    made = times.whole_years(table, by=["place"])
    assert made["place"].tolist() == ["P1", "P2"]
    assert made["count"].tolist() == [12, 24]
    assert made["period"].unique().tolist() == ["February 2023 to January 2024"]


# -- the latest period beside an earlier one ------------------------------------------------------


def protected(counts, **more):
    count = pd.array(counts, dtype="Int64")
    status = ["suppressed" if pd.isna(value) else "shown" for value in count]
    return pd.DataFrame(
        {"quarter": [f"Q{n}" for n in range(len(counts))], "count": count, "status": status}
        | {"count_error": pd.array([0] * len(counts), dtype="Int64")}
        | more
    )


def beside(table, *, lag=1, **more):
    note = "no registered break between the periods"
    return trends.beside_earlier(table, period="quarter", lag=lag, note=note, **more)


def test_a_change_is_that_between_the_two_periods_and_no_other():
    table = protected([100, 1, 1, 1, 150])
    made = trends.beside_earlier(table, period="quarter", lag=4, note="across a break").iloc[0]
    assert made["note"] == "across a break"
    unasked = trends.beside_earlier(table, period="quarter", lag=4).iloc[0]
    assert unasked["note"] == "not checked against a register of breaks"
    exact = trends.change_between(100, 1, 150, 1).iloc[0]
    assert (made["earlier"], made["period"]) == ("Q0", "Q4")
    assert made["percent_change"] == pytest.approx(50)
    assert made["lower_95_ci"] == exact["lower_95_ci"]
    assert made["upper_95_ci"] == exact["upper_95_ci"]
    least = trends.smallest_detectable_change(100).iloc[0]
    assert made["smallest_rise"] == least["smallest_rise"]


def test_rounding_and_dispersion_only_ever_widen_the_interval():
    plain = beside(protected([100, 150])).iloc[0]
    rounded = protected([100, 150], count_error=pd.array([2, 2], dtype="Int64"))
    for wider in (
        beside(rounded).iloc[0],
        beside(protected([100, 150]), dispersion=2).iloc[0],
    ):
        assert wider["lower_95_ci"] < plain["lower_95_ci"]
        assert wider["upper_95_ci"] > plain["upper_95_ci"]


@pytest.mark.parametrize("counts", [[None, 30], [30, None], [None, None]])
def test_a_suppressed_count_gives_no_change(counts):
    made = beside(protected(counts)).iloc[0]
    changed = ["value", "lower_95_ci", "upper_95_ci", "percent_change", "smallest_fall"]
    assert made[changed].isna().all()
    said = findings.beside_earlier(pd.DataFrame([made]), measure="violence").data
    assert "is suppressed" in said


@pytest.mark.parametrize(
    ("now", "said"), [(0, "0 in Q1 and none in Q0"), (9, "9 in Q1 and none in Q0")]
)
def test_from_nothing_there_is_no_change_in_per_cent(now, said):
    made = beside(protected([0, now]))
    assert made["value"].isna().all()
    assert said in findings.beside_earlier(made, measure="violence").data
    with pytest.raises(assessment.NotInThisRun, match="None of 1 comparisons by district"):
        assessment.compared(made, what="district")


def test_groups_are_paired_with_themselves():
    table = pd.concat(
        [protected([10, 20], place="A"), protected([40, 10], place="B")], ignore_index=True
    )
    made = beside(table, by=["place"])
    assert made["percent_change"].tolist() == pytest.approx([100, -75])
    shown = findings.changes_shown([made], by="place")
    assert shown.columns[0] == "place"
    assert shown["count_before"].tolist() == [10, 40]


def test_a_group_that_only_one_period_holds_is_named_and_not_left_out():
    table = pd.concat([protected([10, 20], place="A"), protected([40], place="B")])
    with pytest.raises(DataError, match=r"1 of 2 series are in Q0 or Q1 only.*B"):
        beside(table, by=["place"])


def test_too_few_periods_are_refused():
    with pytest.raises(DataError, match="3 periods are too few"):
        beside(protected([1, 2, 3]), lag=4)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (100, 200, "**rose**"),
        (200, 100, "**fell**"),
        # the point rose by a fifth, the interval does not say so
        (100, 120, "**no clear change**"),
    ],
)
def test_the_direction_follows_the_interval_never_the_point(before, now, said):
    made = beside(protected([before, now]))
    sentence = findings.beside_earlier(made, measure="violence").data
    assert said in sentence
    assert "95% CI" in sentence
    assert ("probably have detected" in sentence) == ("no clear change" in said)


def test_a_break_within_what_is_compared_is_named_and_an_older_one_is_not():
    breaks = pd.DataFrame(
        {
            "date": pd.to_datetime(["2020-03-01", "2023-10-01"]),
            "until": pd.to_datetime(["2021-07-01", None]),
            "label": ["Pandemic", "New code"],
        }
    )
    first = pd.to_datetime(["2023-01-01", "2024-01-01"])
    periods = pd.DataFrame({"first": first, "last": first + pd.DateOffset(months=2)})
    note = trends.breaks_between(breaks, periods)
    made = trends.beside_earlier(protected([100, 120]), period="quarter", lag=1, note=note)
    said = findings.beside_earlier(made, measure="violence").data
    assert "Recording or circumstances changed: New code (from Oct" in said
    assert "andemic" not in said
    assert "Compare" not in findings.beside_earlier(beside(protected([1, 2])), measure="v").data
    bare = trends.beside_earlier(protected([100, 120]), period="quarter", lag=1)
    assert "not checked" in findings.beside_earlier(bare, measure="violence").data


def test_a_title_counts_only_clear_changes():
    table = pd.concat(
        [protected([100, 200], place="A"), protected([10, 12], place="B")], ignore_index=True
    )
    made = beside(table, by=["place"])
    assert findings.title(made, noun="place") == "Of 2 places shown, 1 rose clearly"
    assert findings.title(made[1:], noun="place") == "No place shows a clear change"
    hidden = made.assign(value=float("nan"))
    assert findings.title(hidden, noun="place") == ("No place has two counts that can be shown")


# -- the place and the months of an edition -------------------------------------------------------


def run(**settings):
    lookup = pd.DataFrame(
        {
            "lsoa_code": ["L1", "L2", "L3"],
            "district_code": ["D1", "D1", "D2"],
            "district_name": ["Ashby", "Ashby", "Bourne"],
            "custom_code": ["C1", None, "C1"],
            "custom_name": ["Riverside", None, "Riverside"],
        }
    )
    districts = pd.DataFrame({"area_code": ["D2", "D1"], "area_name": ["Bourne", "Ashby"]})
    return SimpleNamespace(
        settings=SimpleNamespace(**{"area": "", "to": ""} | settings),
        lookup=lookup,
        levels={"district": "Districts", "custom": "Policing areas"},
        districts=districts,
        months=pd.date_range("2022-01-01", periods=24, freq="MS"),
        period="January 2022 to December 2023",
    )


def test_without_a_place_asked_for_the_first_district_stands_in():
    assert assessment.chosen_area(run())[0] == "Ashby"
    assert assessment.chosen_area(run(area="Riverside"))[0] == "Riverside"


def test_an_area_is_its_small_areas_and_every_other_is_the_rest():
    made = assessment.lookup_by_place(run(), "Riverside")
    assert made["lsoa_code"].tolist() == ["L1", "L3", "L2"]
    assert made["place_name"].tolist() == ["Riverside", "Riverside", assessment.REST]
    with pytest.raises(SettingsError, match="Atlantis"):
        assessment.small_areas_of(run(), "Atlantis")


def test_a_pack_ends_with_the_month_asked_for():
    assert assessment.recent_months(run())[-1] == pd.Timestamp("2023-12-01")
    assert assessment.recent_months(run(to="2023-06"))[-1] == pd.Timestamp("2023-06-01")


def test_a_month_that_the_run_does_not_count_is_refused_with_what_it_counts():
    with pytest.raises(SettingsError, match="March 2024.*January 2022 to December 2023"):
        assessment.recent_months(run(to="2024-03"))


@pytest.mark.parametrize(("to", "enough"), [("2023-03", True), ("2023-02", False)])
def test_fewer_than_fifteen_months_make_no_pack(to, enough):
    if enough:
        assert len(assessment.recent_months(run(to=to))) == 15
    else:
        with pytest.raises(assessment.NotInThisRun, match="15 months.*14"):
            assessment.recent_months(run(to=to))


@pytest.mark.parametrize(
    ("own", "rest", "said"),
    [
        ((3.0, 2.5, 3.5), (2.0, 1.9, 2.1), "**above**"),
        ((1.0, 0.8, 1.2), (2.0, 1.9, 2.1), "**below**"),
        ((2.2, 1.8, 2.6), (2.0, 1.9, 2.1), "not clearly different from"),
    ],
)
def test_an_area_is_above_or_below_only_where_the_intervals_part(own, rest, said):
    names = ["value", "lower_95_ci", "upper_95_ci"]
    rates = pd.DataFrame([own, rest], columns=names).assign(area_name=["Ashby", assessment.REST])
    assert said in findings.area_beside_rest(rates, name="Ashby", measure="violence").data
