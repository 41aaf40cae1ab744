"""Years add up, weights of a record sum to one, and nights and school days are where they are."""

import ibis
import numpy as np
import pandas as pd
import pytest
import sample_expected
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis import sample
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment, times
from vrn_analysis.read.geography import context as term_files
from vrn_analysis.show import disclosure

TERMS = pd.DataFrame(
    {"start": pd.to_datetime(["2024-01-08"]), "end": pd.to_datetime(["2024-02-09"])}
)


def months(first, size):
    return pd.DataFrame(
        {"month": pd.date_range(first, periods=size, freq="MS"), "count": range(1, size + 1)}
    )


def windows(rows):
    frame = pd.DataFrame(rows, columns=["occurred_from", "occurred_to", "time_precision"])
    stamps = {name: pd.to_datetime(frame[name]) for name in ("occurred_from", "occurred_to")}
    schema = {
        "occurred_from": "timestamp",
        "occurred_to": "timestamp",
        "time_precision": "string",
    }
    return ibis.memtable(frame.assign(**stamps).astype({"time_precision": "str"}), schema=schema)


def weights(rows, **more):
    table = times.spread(windows(rows), **more).to_pandas().sort_values(["day", "hour"])
    return table[["weekday", "hour", "weight"]].reset_index(drop=True)


# ---------------------------------------------------------------- years


def test_financial_years_run_from_april_and_leave_out_a_part():
    made = times.financial_years(months("2022-02-01", 15))
    assert made[["period", "months", "count"]].values.tolist() == [
        ["2022/23", 12, sum(range(3, 15))]
    ]


def test_financial_year_that_ends_a_century_is_named_with_two_digits():
    assert times.financial_years(months("1999-04-01", 12))["period"].tolist() == ["1999/00"]


@pytest.mark.parametrize("function", [times.whole_years, times.financial_years])
def test_missing_month_is_refused(function):
    with pytest.raises(DataError, match="1 months are missing"):
        function(months("2022-04-01", 24).drop(index=3))


def test_months_lie_in_the_years_they_are_added_up_to():
    years = times.whole_years(months("2022-01-01", 25))
    inside = times.months_in(years)[("month", "period")]
    assert len(inside) == 24
    assert pd.Timestamp("2022-01-01") not in inside


def test_control_chart_starts_afresh_at_lasting_breaks_only():
    breaks = pd.DataFrame(
        {
            "date": pd.to_datetime(["2020-03-23", "2021-10-01", "2019-05-01"]),
            "until": pd.to_datetime(["2021-07-19", None, None]),
        }
    )
    every = pd.date_range("2019-04-01", "2024-03-01", freq="MS")
    assert times.recording_breaks(breaks, every) == [pd.Timestamp("2021-10-01")]


# ---------------------------------------------------------------- hours


def test_window_over_midnight_is_shared_by_its_minutes():
    # 2024-01-08 is a Monday; 30, 60 and 15 of 105 minutes
    made = weights([("2024-01-08 23:30", "2024-01-09 01:15", "minute")])
    expected = pd.DataFrame(
        {"weekday": [0, 1, 1], "hour": [23, 0, 1], "weight": [2 / 7, 4 / 7, 1 / 7]}
    )
    assert_frame_equal(made, expected, check_dtype=False)


def test_window_of_an_hour_and_a_half_is_two_thirds_in_its_first_hour():
    made = weights([("2024-01-08 01:00", "2024-01-08 02:30", "minute")])
    assert made["weight"].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_window_that_ends_on_the_hour_does_not_touch_the_next():
    assert weights([("2024-01-08 10:00", "2024-01-08 11:00", "minute")])["hour"].tolist() == [10]


@pytest.mark.parametrize(
    "row",
    [
        ("2024-01-08 10:20", None, "minute"),
        ("2024-01-08 10:20", "2024-01-08 10:20", "minute"),
        ("2024-01-08 10:20", "2024-01-08 09:00", None),
    ],
)
def test_window_without_length_is_its_start(row):
    made = weights([row])
    assert made.values.tolist() == [[0, 10, 1.0]]


@pytest.mark.parametrize(
    "row",
    [
        ("2024-01-08 00:00", "2024-01-08 23:59", "day"),
        ("2024-01-08 00:00", None, "month"),
        ("2024-01-08 10:00", "2024-01-08 22:01", "minute"),
        (None, None, "minute"),
    ],
)
def test_window_too_wide_has_no_hour_and_is_still_counted(row):
    made = weights([row])
    assert made["hour"].isna().all()
    assert made["weight"].tolist() == [1.0]


def test_twelve_hours_exactly_are_still_spread():
    assert len(weights([("2024-01-08 10:00", "2024-01-08 22:00", "minute")])) == 12


def test_heaped_clock_has_no_hour_but_a_window_from_it_has():
    rows = [
        ("2024-01-08 12:00", None, "minute"),
        ("2024-01-08 12:00", "2024-01-08 12:30", "minute"),
    ]
    made = weights(rows, heaped=("12:00",))
    assert made["hour"].isna().sum() == 1
    assert weights([("2024-01-08 12:00", None, "hour")], heaped=("12:00",))["hour"].tolist() == [12]


MOMENTS = st.integers(0, 60 * 24 * 20).map(
    lambda m: pd.Timestamp("2024-01-01") + pd.Timedelta(minutes=m)
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(MOMENTS, st.none() | MOMENTS, st.sampled_from(["minute", "hour", "day", None])),
        min_size=1,
        max_size=12,
    )
)
def test_every_record_counts_once_whatever_its_window(rows):
    placed = times.spread(windows(rows))
    counts = times.whole_counts(placed, ["weekday", "hour"])
    assert counts["count"].sum() == len(rows)
    assert (counts["count"] >= 0).all()
    exact = placed.group_by(["weekday", "hour"]).aggregate(w=placed.weight.sum()).to_pandas()
    both = counts.merge(exact, on=["weekday", "hour"])
    assert (np.abs(both["count"].astype(float) - both["w"]) < 1).all()


def test_grid_has_every_hour_of_the_week():
    counts = times.whole_counts(
        times.spread(windows([("2024-01-12 23:10", None, "minute")])), ["weekday", "hour"]
    )
    grid = times.slots(counts)
    assert len(grid) == 168
    assert grid.loc[grid["count"] == 1, "slot"].tolist() == ["Friday 23:00"]


# ---------------------------------------------------------------- heaping


def test_noon_is_heaped_only_where_it_stands_out():
    every = pd.date_range("2024-01-01", periods=24 * 60, freq="7min")
    plain = [(at, None, "minute") for at in every]
    assert times.heaped_clocks(times.clock_heaping(windows(plain))) == ()
    noon = [("2024-01-03 12:00", None, "minute")] * 60
    found = times.clock_heaping(windows([*plain, *noon]))
    assert times.heaped_clocks(found) == ("12:00",)


def test_heaping_of_records_known_to_the_hour_is_not_tested():
    noon = [("2024-01-03 12:00", None, "hour")] * 60
    assert times.clock_heaping(windows(noon))["count"].sum() == 0


# ---------------------------------------------------------------- nights and school days


def test_friday_night_ends_on_saturday_before_six():
    days = times.calendar(pd.date_range("2024-01-01", periods=1, freq="MS")).set_index("slot")[
        "night"
    ]
    weekend, other, day = times.NIGHTS
    for slot, part in {
        "Friday 21:00": day, "Friday 22:00": weekend, "Saturday 05:00": weekend,
        "Saturday 06:00": day, "Sunday 05:00": weekend, "Sunday 22:00": other,
        "Friday 05:00": other, "Monday 00:00": other,
    }.items():  # fmt: skip
        assert set(days.loc[slot]) == {part}, slot


def test_school_parts_and_their_hours_add_up_to_the_period():
    days = times.calendar(pd.date_range("2024-01-01", periods=2, freq="MS"), terms=TERMS)
    assert len(days) == (31 + 29) * 24
    hours = times.exposure(days, "school_part").set_index("school_part")["denominator"]
    assert hours.sum() == len(days)
    # 25 weekdays from Monday 8 January to Friday 9 February, three hours each
    assert hours["School day, 15:00 to 17:59"] == 75


def test_parts_and_grid_are_one_count_protected_together():
    rows = [("2024-01-08 15:30", None, "minute")] * 20 + [("2024-01-13 23:30", None, "minute")] * 9
    rows += [("2024-01-13 23:30", None, "day")] * 11
    hours = times.whole_counts(times.spread(windows(rows)), ["day", "hour"])
    days = times.calendar(pd.date_range("2024-01-01", periods=1, freq="MS"), terms=TERMS)
    cells = times.add_parts(hours, days)
    counts = times.part_tables(cells)
    assert counts["known"]["count"].tolist() == [29, 11, 40]
    assert counts["night"]["count"].tolist() == [9, 0, 20]
    dimensions = {name: [table.columns[0]] for name, table in counts.items()}
    safe = disclosure.protect_together(
        counts, dimensions=dimensions, profile="none_internal", nesting=times.nesting(cells)
    )
    assert safe["school"]["count"].sum() == 29


# ---------------------------------------------------------------- files


def test_terms_that_end_before_they_start_are_refused(tmp_path):
    (tmp_path / "terms.csv").write_text("start,end\n2024-02-01,2024-01-01\n")
    run = assessment.open_run(sample.ensure())
    named = {"school_terms": {"path": "terms.csv"}}
    chosen = type(run.settings)(**(vars(run.settings) | {"sources": named}))
    with pytest.raises(DataError, match="1 of 1 rows end before they start"):
        term_files.school_terms(tmp_path, chosen)


# ---------------------------------------------------------------- what was planted in the sample


@pytest.fixture(scope="module")
def offences():
    folder = sample.ensure()
    connection = ibis.duckdb.connect()
    return connection.read_parquet(folder / "offences.parquet").filter(
        ibis._.occurred_from >= pd.Timestamp("2019-04-01")
    )


def test_planted_noon_heap_is_found_and_midnight_is_not(offences):
    found = times.clock_heaping(offences)
    assert times.heaped_clocks(found) == ("12:00",)
    extra = (found["count"] - found["expected"]).iloc[1]
    minutes = offences.filter(offences.time_precision == "minute").count().execute()
    assert extra / minutes == pytest.approx(
        sample.truth(sample.ensure())["rates"]["noon"], rel=0.15
    )


def test_planted_hour_profile_is_recovered(offences):
    truth = sample_expected.expected(sample.ensure())["weekday_by_hour_share"]["all"]
    placed = times.spread(offences, heaped=("12:00",))
    grid = times.slots(times.whole_counts(placed, ["weekday", "hour"]))
    found = grid["count"].to_numpy(float).reshape(7, 24)
    planted = np.array(truth)
    # windows run forward from the start, so some weight falls an hour later than was planted
    three = [(values + np.roll(values.ravel(), -1).reshape(7, 24)) for values in (found, planted)]
    assert np.corrcoef(three[0].ravel(), three[1].ravel())[0, 1] > 0.98


def test_planted_school_time_and_nights_stand_out(offences):
    run = assessment.open_run(sample.ensure())
    public = offences.filter(
        offences.location_type.isin(["street", "park", "school", "pub_or_club"])
    )
    days = times.calendar(run_months(), terms=term_files.school_terms(run.folder, run.settings))
    hours = times.whole_counts(times.spread(public, heaped=("12:00",)), ["day", "hour"])
    cells = times.add_parts(hours, days)
    rates = {}
    for by in ("school_part", "night"):
        table = times.part_counts(cells, by).merge(times.exposure(days, by), on=by)
        rates |= dict(zip(table[by], table["count"] / table["denominator"], strict=True))
    assert rates[times.SCHOOL_PARTS[1]] > 2.5 * rates[times.SCHOOL_PARTS[3]]
    assert rates[times.NIGHTS[0]] > 2 * rates[times.NIGHTS[1]]


def run_months():
    return pd.date_range("2019-04-01", "2024-03-01", freq="MS")
