"""Each check of data quality, on a few records worked by hand."""

from datetime import date

import geopandas as gpd
import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from vrn_analysis.say import quality
from vrn_analysis.say.quality import coordinates
from vrn_analysis.say.quality.coordinates import EXACT, OUTSIDE, ROUNDED

MONTHS = pd.date_range("2020-01-01", periods=12, freq="MS")


def said(measures):
    """Return the counts of the checks by name."""
    return dict(zip(measures["check"], measures["count"], strict=True))


def of(measures):
    return dict(zip(measures["check"], measures["denominator"], strict=True))


# ---------------------------------------------------------------- completeness


def test_empty_fields_are_counted_of_all_records():
    records = ibis.memtable({"weapon": ["none", None, None], "lsoa_code": ["a", "b", None]})
    found = quality.completeness.empty_fields(records, ["weapon", "lsoa_code"])
    assert said(found) == {"Weapon, no value": 2, "Small area, no value": 1}
    assert set(found["denominator"]) == {3}


def monthly(counts, of=1_000):
    return pd.DataFrame(
        {"field": "Weapon", "month": MONTHS, "count": counts, "denominator": of}
    ).astype({"count": "Int64"})


def test_a_month_that_stands_out_is_named_with_what_exceeds_the_usual_share():
    # 11 months of 20 and one of 260: 480 of 12,000 are 4%; 260 - 40 = 220 more than that
    found = quality.completeness.unsteady_fields(monthly([20] * 6 + [260] + [20] * 5))
    row = found.iloc[0]
    assert (row["count"], row["denominator"]) == (220, 1_000)
    assert row["detail"] == "July 2020: 26.0%, 4.0% overall"


def test_months_that_differ_by_chance_alone_are_no_fault():
    counts = np.random.default_rng(1).binomial(1_000, 0.04, 12)
    assert said(quality.completeness.unsteady_fields(monthly(counts))) == {
        "Weapon, month furthest beyond its usual share": 0
    }


def test_a_field_empty_in_every_month_does_not_stand_out_in_any():
    assert quality.completeness.unsteady_fields(monthly([1_000] * 12))["count"].tolist() == [0]


def test_victims_and_suspects_are_asked_apart():
    persons = ibis.memtable(
        pd.DataFrame(
            {
                "role": ["victim", "victim", "victim", "suspect"],
                "age": [17, None, None, None],
                "age_band": [None, "18-25", None, None],
                "sex": ["male", None, "female", "male"],
                "relationship_to_victim": [None, None, None, None],
            }
        ),
        schema={"role": "string", "age": "int64", "age_band": "string", "sex": "string",
                "relationship_to_victim": "string"},
    )  # fmt: skip
    found = quality.completeness.empty_of_persons(persons)
    assert said(found) == {
        "Victims, sex, no value": 1,
        "Victims, age, neither in years nor as a band": 1,
        "Victims, age, only a band": 1,
        "Suspects, sex, no value": 0,
        "Suspects, relationship to victim, no value": 1,
        "Suspects, age, neither in years nor as a band": 1,
        "Suspects, age, only a band": 0,
    }
    assert of(found)["Victims, sex, no value"] == 3
    assert of(found)["Suspects, sex, no value"] == 1


# ---------------------------------------------------------------- codes and labels


def test_small_areas_of_another_place_are_counted_and_blanks_are_not():
    records = ibis.memtable({"lsoa_code": ["a", "a", "z", None]})
    assert quality.labels.unknown_areas(records, ["a", "b"])["count"].tolist() == [1]


def problem(table, column, problem, count, of):
    return {"table": table, "column": column, "problem": problem, "count": count, "of": of}


def test_absent_columns_are_one_line_a_table_and_other_faults_one_each():
    problems = pd.DataFrame(
        [
            problem("offences", "weapon", "column is missing", 9, 9),
            problem("offences", "status", "column is missing", 9, 9),
            problem("offences", "easting", "cannot be read", 2, 9),
            problem("offences", "offence_id", "the same identifier more than once", 1, 9),
        ]
    )
    absent = quality.labels.absent_columns(problems)
    assert said(absent) == {"offences: columns it lacks": 2}
    assert absent["detail"].tolist() == ["weapon, status"]
    assert said(quality.labels.reading_faults(problems, of=9)) == {
        "offences, easting: cannot be read": 2
    }


def test_a_fault_told_twice_of_one_table_is_one_line_and_a_folded_row_is_no_fault():
    problems = pd.DataFrame(
        [
            problem("persons", "age", "cannot be read", 2, 10),
            problem("persons", "age", "cannot be read", 3, 10),
            problem("persons", "", "rows that repeat a crime or person", 9, 10),
        ]
    )
    found = quality.labels.reading_faults(problems, of=10)
    assert said(found) == {"persons, age: cannot be read": 5}
    assert found["denominator"].tolist() == [20]


def test_no_fault_of_reading_is_a_row_with_a_count_of_none():
    nothing = pd.DataFrame(columns=["table", "column", "problem", "count", "of"])
    assert quality.labels.reading_faults(nothing, of=9)["denominator"].tolist() == [9]
    assert quality.labels.absent_columns(nothing)["count"].tolist() == [0]


CLASSIFIED = {
    "offence_id": "string", "offence_code": "string", "location_type": "string",
    "class_code": "string", "outcome": "string", "all_reasons": "string", "flags": "string",
    "domestic_flag": "boolean", "sexual_flag": "boolean",
}  # fmt: skip


def classified(*rows):
    columns = list(CLASSIFIED)
    return ibis.memtable(pd.DataFrame(rows, columns=columns), schema=CLASSIFIED)


SOUND = ("8N", "street", "8N", "IN", None, None, False, False)


def test_codes_and_places_that_no_list_knows_are_counted_by_kind():
    records = classified(
        ("1", *SOUND),
        ("2", "008n ", "Street", "8N", "IN", None, None, False, False),
        ("3", "L01", "moon", None, "UNKNOWN", "R3_code_unmapped", None, False, False),
        ("4", "L01", None, None, "UNKNOWN", "R3_code_unmapped;R6_place_unknown", None, None, None),
        ("5", "8F", "street", None, "UNKNOWN", "R3_code_legacy", None, False, False),
        ("6", None, "street", None, "UNKNOWN", "R3_code_missing", None, False, False),
    )
    found = quality.labels.unmapped_labels(records)
    counts = said(found)
    assert counts["Offence code or title in no list"] == 2
    assert counts["Earlier offence code without a verified bridge"] == 1
    assert counts["Neither offence code nor title"] == 1
    assert counts["Kind of place in no list"] == 1
    assert counts["Offence code written in another way, and understood"] == 1
    assert sum(counts.values()) == 6
    assert set(found["denominator"]) == {6}
    named = dict(zip(found["check"], found["detail"], strict=True))
    assert named["Offence code or title in no list"] == "L01"
    assert named["Kind of place in no list"] == "moon"


def test_contradictions_are_counted_by_kind_and_what_is_not_known_is_none():
    records = classified(
        ("1", *SOUND),
        ("2", "8N", "street", "8N", "IN", None, "violence_with_injury_but_none", False, False),
        ("3", "20A", "street", "20A", "OUT", None, None, False, True),  # a sexual class
        ("4", "8N", "street", "8N", "OUT", None, None, False, True),
        ("5", "8N", "street", "8N", "OUT", None, None, True, False),  # suspect is a stranger
        ("6", "8N", "street", "8N", "OUT", None, None, True, False),  # one of two is not known
        ("7", "8N", "street", "8N", "OUT", None, None, True, False),  # a stranger and a sibling
        ("8", "8N", "street", "8N", "OUT", None, None, True, False),  # no suspect
    )
    persons = ibis.memtable(
        pd.DataFrame(
            [("5", "suspect", "stranger"), ("5", "victim", None), ("6", "suspect", "stranger"),
             ("6", "suspect", None), ("7", "suspect", "stranger"), ("7", "suspect", "sibling"),
             ("8", "victim", None)],
            columns=["offence_id", "role", "relationship_to_victim"],
        )
    )  # fmt: skip
    found = quality.conflicts.contradictions(records, persons, sexual_classes=frozenset({"20A"}))
    faults = {name: n for name, n in said(found).items() if n}
    assert faults == {
        "An offence with injury, but the injury is none": 1,
        "Flagged as sexual; the offence is not a sexual one (it may be right)": 1,
        "Flagged as domestic; every suspect is known and none is family": 1,
    }
    assert set(found["denominator"]) == {8}
    without = quality.conflicts.contradictions(records, None, sexual_classes=frozenset({"20A"}))
    assert "Flagged as domestic; every suspect is known and none is family" not in said(without)


# ---------------------------------------------------------------- coordinates


@pytest.fixture(scope="module")
def squares():
    """Two squares of a kilometre, side by side."""
    shapes = [box(0, 0, 1_000, 1_000), box(1_000, 0, 2_000, 1_000)]
    return gpd.GeoDataFrame({"area_code": ["a", "b"]}, geometry=shapes, crs=27700)


def at(rows):
    """Records as `x, y, small area, class of place, how many`."""
    table = pd.DataFrame(
        [row[:4] for row in rows for _ in range(row[4])],
        columns=["easting", "northing", "lsoa_code", "place_class"],
    )
    return ibis.memtable(table)


def faults(rows, areas):
    return said(
        quality.coordinates.point_faults(quality.coordinates.points_with_faults(at(rows), areas))
    )


SPREAD = [(101.0 + k, 203.5 + 3 * k, "a", "public", 1) for k in range(100)]


def test_sound_points_have_no_fault(squares):
    assert set(faults(SPREAD, squares).values()) == {0}


def test_a_point_over_100_m_outside_is_outside_and_one_just_over_the_edge_is_not(squares):
    found = faults(
        [*SPREAD, (-101.0, 5.0, "a", "public", 2), (-99.0, 5.0, "a", "public", 1)], squares
    )
    assert found["Outside the area"] == 2


def test_a_point_in_another_small_area_than_it_names(squares):
    found = faults(
        [*SPREAD, (1_500.0, 7.0, "a", "public", 3), (1_050.0, 7.0, "a", "public", 1)], squares
    )
    assert found["In another small area than the record names"] == 3
    # a code that has no shape is no disagreement: it is told as an unknown area
    assert (
        faults([(500.0, 7.0, "z", "public", 3)], squares)[
            "In another small area than the record names"
        ]
        == 0
    )


def test_homes_and_public_places_at_one_point_are_a_default_point(squares):
    station = [(777.0, 777.0, "a", "private", 5), (777.0, 777.0, "a", "public", 15)]
    assert faults([*SPREAD, *station], squares)["Stacked on a default point"] == 20


def test_a_busy_place_is_no_default_point(squares):
    high_street = [(777.0, 777.0, "a", "public", 60), (777.0, 777.0, "a", "private", 2)]
    assert faults([*SPREAD, *high_street], squares)["Stacked on a default point"] == 0


def test_nineteen_records_are_too_few_for_a_default_point(squares):
    station = [(777.0, 777.0, "a", "private", 9), (777.0, 777.0, "a", "public", 10)]
    assert faults([*SPREAD, *station], squares)["Stacked on a default point"] == 0


def test_a_point_under_three_small_areas_is_a_default_point():
    desk = [(777.0, 777.0, code, "public", 10) for code in "abc"]
    assert faults([*SPREAD, *desk], None)["Stacked on a default point"] == 30
    assert faults([*SPREAD, *desk[:2]], None)["Stacked on a default point"] == 0


def test_the_centre_of_an_area_is_told_from_five_records_on(squares):
    middle = (500.0, 500.0, "a", "public")
    assert faults([*SPREAD, (*middle, 5)], squares)["At the centre of an area"] == 5
    assert faults([*SPREAD, (*middle, 4)], squares)["At the centre of an area"] == 0


def test_rounded_points_are_told_beyond_what_chance_makes(squares):
    rounded = [(100.0 * k, 300.0, "a", "public", 1) for k in range(1, 9)]
    assert faults([*SPREAD, *rounded], squares)["Rounded to 100 m"] == 8
    # one of 3,001, where a third of one is expected, is chance
    assert (
        faults([*[(x, y, *rest) for x, y, *rest in SPREAD] * 30, rounded[0]], squares)[
            "Rounded to 100 m"
        ]
        == 0
    )


def test_records_without_a_point_are_counted_of_all(squares):
    points = quality.coordinates.points_with_faults(
        at([*SPREAD, (None, None, "a", "public", 25)]), squares
    )
    found = quality.coordinates.point_faults(points)
    assert said(found)["No coordinates"] == 25
    assert of(found)["No coordinates"] == 125
    assert of(found)["Outside the area"] == 100


def test_points_examined_a_few_at_a_time_have_the_same_faults(squares, monkeypatch):
    many = [(k % 90 * 13.0, k // 90 * 21.0 - 200.0, "a", "public", 1) for k in range(6_000)]
    desk = [(777.0, 777.0, code, "public", 10) for code in "abc"]
    records = at([*many, *desk, (500.0, 500.0, "a", "public", 5), (None, None, "a", None, 3)])
    whole = quality.coordinates.points_with_faults(records, squares)
    monkeypatch.setattr(coordinates, "BATCH", 2_048)
    assert_frame_equal(quality.coordinates.points_with_faults(records, squares), whole)
    # the desk in three areas, the centre, and one row for each kind of the others
    assert whole["x"].notna().sum() == 4
    assert whole["count"].sum() == 6_038
    assert len(whole) < 15


def test_longitude_and_latitude_become_metres_and_are_said_to_be_moved():
    records = ibis.memtable(
        pd.DataFrame(
            {"longitude": [-1.13, None], "latitude": [52.63, 52.0], "lsoa_code": ["a", "a"]}
        )
    )
    points = quality.coordinates.points_with_faults(records, None).dropna(subset="x")
    assert points["x"].iloc[0] == pytest.approx(458_990, abs=100)  # Leicester, from an atlas
    assert points["y"].iloc[0] == pytest.approx(303_750, abs=200)
    found = said(
        quality.coordinates.point_faults(quality.coordinates.points_with_faults(records, None))
    )
    assert found["No coordinates"] == 1
    assert found["Moved by the publisher to a shared point"] == 1


def test_records_without_columns_of_a_point_are_without_a_point():
    records = ibis.memtable({"lsoa_code": ["a", "b"]})
    found = quality.coordinates.point_faults(quality.coordinates.points_with_faults(records, None))
    assert said(found)["No coordinates"] == 2


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, 0.0, 100.0, 500.0, 777.0, 5_000.0]),
            st.sampled_from([0.0, 100.0, 500.0, 777.0]),
            st.sampled_from(["a", "b", "z", None]),
            st.sampled_from(["private", "public", "unknown", None]),
            st.integers(1, 30),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_location_confidence_sums_to_the_records(squares, rows):
    points = quality.coordinates.points_with_faults(at(rows), squares)
    table = quality.coordinates.confidence(points)
    assert table["count"].sum() == sum(row[4] for row in rows)
    assert (table["count"] >= 0).all()


def test_location_confidence_puts_each_record_in_the_first_kind_that_fits(squares):
    rows = [*SPREAD, (9_000.0, 300.0, "a", "public", 2), (200.0, 300.0, "a", "public", 1)]
    table = quality.coordinates.confidence(
        quality.coordinates.points_with_faults(at(rows), squares)
    )
    counts = table.set_index("confidence")["count"]
    # the point outside ends in 00 too, and is told once
    assert (counts[OUTSIDE], counts[ROUNDED], counts[EXACT]) == (2, 1, 100)


# ---------------------------------------------------------------- time


def timed(rows):
    columns = ["occurred_from", "occurred_to", "recorded_on"]
    table = pd.DataFrame(rows, columns=columns)
    for name in columns[:2]:
        table[name] = pd.to_datetime(table[name], format="ISO8601")
    return ibis.memtable(
        table,
        schema={"occurred_from": "timestamp", "occurred_to": "timestamp", "recorded_on": "date"},
    )


def test_delays_count_from_the_last_moment_it_can_have_happened():
    day = date(2020, 3, 10)
    table = quality.delays(
        timed(
            [
                ("2020-03-10 10:00", None, day),  # same day
                ("2020-03-01", "2020-03-31 23:59", day),  # some time that month: no delay known
                ("2020-03-03", None, day),  # 7 days
                ("2020-03-02", None, day),  # 8 days
                ("2020-02-08", None, day),  # 31 days
                ("2020-02-07", None, day),  # 32 days
                ("2019-03-11", None, day),  # 365 days (2020 is a leap year)
                ("2019-03-10", None, day),  # 366 days
                (None, None, day),
                ("2020-03-10", None, None),
                ("2020-03-12", None, day),  # recorded before it happened: told elsewhere
            ]
        )
    )
    expected = pd.DataFrame(
        {
            "delay": ["Same day", "1 to 7 days", "8 to 31 days", "32 to 365 days", "Over a year",
                      "Not known"],
            "count": pd.array([3, 1, 2, 2, 1, 2], dtype="Int64"),
        }
    ).astype({"delay": "str"})  # fmt: skip
    assert_frame_equal(table, expected)
    assert said(quality.timing.late_records(table)) == {
        "Recorded on a later day than it happened": 6,
        "Recorded more than a month after it happened": 3,
        "Recorded more than a year after it happened": 1,
        "Delay not known": 2,
    }


def clocked(hours, minutes, precision="minute", day=5):
    stamps = [pd.Timestamp(2020, 1 + k % 12, day, h, m) for k, (h, m) in
              enumerate(zip(hours, minutes, strict=True))]  # fmt: skip
    return pd.DataFrame({"occurred_from": stamps, "time_precision": precision})


def test_noon_beyond_other_full_hours_is_counted_and_an_even_clock_is_not():
    even = clocked([k % 24 for k in range(2_400)], [k // 24 % 60 for k in range(2_400)])
    found = said(quality.timing.clock_faults(ibis.memtable(even)))
    assert set(found.values()) == {0}
    heaped = pd.concat([even, clocked([12] * 60, [0] * 60)])
    found = said(quality.timing.clock_faults(ibis.memtable(heaped)))
    assert found["Entered as exactly 12:00 by default"] == pytest.approx(60, abs=5)
    assert found["Entered as exactly 00:00 by default"] == 0


def test_hours_not_known_are_those_of_a_day_or_a_month():
    table = pd.concat(
        [clocked([10] * 5, [7] * 5), clocked([0] * 3, [0] * 3, "day"), clocked([0], [0], "month")]
    )
    table.loc[len(table)] = [pd.NaT, None]
    assert said(quality.timing.clock_faults(ibis.memtable(table)))["Hour not known"] == 5


def test_first_days_of_months_are_told_unless_only_the_month_is_known():
    days = pd.concat([clocked([10] * 100, [7] * 100, day=d) for d in range(2, 29)])
    name = "Dated the first of a month by default"
    more = pd.concat([days, clocked([10] * 300, [7] * 300, day=1)])
    # 12 of 365.25 days: of 3,000 records 98.6 would be expected
    assert said(quality.timing.clock_faults(ibis.memtable(more)))[name] == 300 - 99
    months = pd.concat([days, clocked([10] * 300, [7] * 300, "month", day=1)])
    assert said(quality.timing.clock_faults(ibis.memtable(months)))[name] == 0


def test_missing_and_thin_months_are_named():
    counts = pd.DataFrame({"month": MONTHS.delete([3]), "count": [100] * 5 + [49] + [100] * 5})
    found = quality.timing.month_faults(counts, MONTHS)
    assert found["count"].tolist() == [1, 1]
    assert found["detail"].tolist() == ["April 2020", "July 2020"]
    assert found["denominator"].tolist() == [12, 12]


# ---------------------------------------------------------------- repeats


def test_identifiers_that_repeat_or_recur_and_nameless_records_that_are_alike():
    records = ibis.memtable(
        pd.DataFrame(
            {
                "offence_id": ["1", "1", "2", "2", "3", None, None, None],
                "month": [MONTHS[k] for k in (0, 0, 0, 1, 1, 2, 2, 2)],
                "lsoa_code": ["a", "a", "a", "a", "a", "a", "a", "b"],
            }
        )
    )
    assert said(quality.conflicts.repeated_records(records)) == {
        "Same identifier more than once": 2,
        "Identifier that recurs in a later month": 1,
        "Alike in every column, without an identifier": 1,
    }


def alike(**changes):
    table = pd.DataFrame(
        {
            "offence_id": ["1", "2"],
            "incident_ref": ["i1", "i2"],
            "class_code": "8N",
            "occurred_from": pd.Timestamp("2020-01-05 10:07"),
            "time_precision": "minute",
            "easting": 1.0,
            "northing": 2.0,
            "location_type": "street",
            "status": "recorded",
        }
    ).assign(**changes)
    return said(quality.conflicts.repeated_records(ibis.memtable(table)))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1),
        ({"incident_ref": "i1"}, 0),  # two crimes of one incident
        ({"time_precision": "day"}, 0),
        ({"class_code": ["8N", "5D"]}, 0),
        ({"status": ["recorded", "duplicate"]}, 0),  # marked already
    ],
)
def test_records_alike_in_every_respect(changes, expected):
    assert alike(**changes)["Alike in every respect under another identifier"] == expected


def test_marked_duplicates_are_counted():
    found = alike(status=["recorded", "duplicate"])
    assert found["Marked as a duplicate by the source"] == 1


# ---------------------------------------------------------------- sites and breaks


def test_a_silent_site_is_named_and_a_zero_is_a_report():
    reports = pd.DataFrame(
        {
            "site_code": ["A", "A", "A", "B", "B"],
            "month": [*MONTHS[:3], MONTHS[0], MONTHS[2]],
            "count": pd.array([5, 0, 5, 7, None], dtype="Int64"),
            "source": "Attendances",
        }
    )
    found = quality.reporting.silent_sites(reports)
    assert said(found) == {"Attendances: months a site is silent": 2}
    assert found["detail"].tolist() == ["B: 2 of 3 months"]
    assert found["denominator"].tolist() == [6]


def test_a_small_site_without_an_attendance_in_a_month_need_not_be_silent():
    reports = pd.DataFrame(
        {"site_code": ["A"] * 3 + ["B"] * 2, "month": [*MONTHS[:3], MONTHS[0], MONTHS[2]],
         "count": [50, 50, 50, 2, 3]}
    )  # fmt: skip
    assert quality.reporting.silent_sites(reports)["count"].tolist() == [0]
    # 7 a month: e to the power of -7 is 0.0009
    assert quality.reporting.silent_sites(reports.assign(count=7))["count"].tolist() == [1]


def register(*rows):
    table = pd.DataFrame(rows, columns=["date", "until", "label", "verified"])
    return table.assign(date=pd.to_datetime(table["date"]), until=pd.to_datetime(table["until"]))


def test_a_disruption_leaves_no_year_to_compare_with():
    months = pd.date_range("2019-12-01", "2021-12-01", freq="MS")
    breaks = register(("2020-03-23", "2021-07-19", "Lockdowns", "yes"))
    found = quality.reporting.break_faults(breaks, months)
    assert found["count"].tolist() == [1, 0, 7]  # the longest stretch: August to December, 5 months
    assert found["detail"].iloc[2] == "Lockdowns: months before it 3, after it 5"


def test_data_of_ten_months_are_short_of_a_year_whatever_breaks_they_hold():
    breaks = register(("2020-07-01", None, "New rules", "no"))
    found = quality.reporting.break_faults(
        breaks, pd.date_range("2020-01-01", periods=10, freq="MS")
    )
    short = found.iloc[-1]
    assert (short["count"], short["denominator"]) == (2, 12)
    assert "10 months" in short["detail"]
    assert len(found) == 3


def test_a_lasting_change_begins_a_stretch_of_its_own():
    breaks = register(("2020-07-01", None, "New rules", "no"))
    found = quality.reporting.break_faults(breaks, MONTHS)
    assert found["count"].tolist() == [1, 1, 6]
    assert found["detail"].iloc[1] == "New rules"


def test_a_period_without_breaks_has_a_baseline():
    assert quality.reporting.break_faults(register(), MONTHS)["count"].tolist() == [0, 0]
