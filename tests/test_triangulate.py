"""Health sources beside police: same place and months, ages refused, sites, and the band."""

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.count.tables import NOT_LOCATED, count
from vrn_analysis.methods import triangulate

MONTHS = pd.date_range("2022-01-01", periods=24, freq="MS")


def source(first=0, last=24, areas=("A", "B"), count=10):
    months = MONTHS[first:last]
    return pd.DataFrame(
        {
            "month": np.repeat(months, len(areas)),
            "area_code": list(areas) * len(months),
            "count": count,
        }
    )


# -- side by side -----------------------------------------------------------------------------


def test_only_the_common_months_and_places_stand_beside_each_other():
    both = triangulate.side_by_side(
        {"police": source(), "ambulance": source(6, 18, areas=("A", "C"), count=3)}
    )
    assert set(both["area_code"]) == {"A"}
    assert both["month"].min() == pd.Timestamp("2022-07-01")
    assert both["month"].max() == pd.Timestamp("2023-06-01")
    assert both.groupby("source")["count"].sum().to_dict() == {"ambulance": 36, "police": 120}
    assert both["window"].unique().tolist() == ["July 2022 to June 2023, 1 places"]


def test_what_is_left_out_is_counted():
    tables = {"police": source(), "ambulance": source(6, 18)}
    both = triangulate.side_by_side(tables)
    for name, table in tables.items():
        kept = both[both["source"] == name]
        assert kept["count"].sum() + kept["left_out"].iloc[0] == table["count"].sum()


def test_an_age_cut_is_refused_for_a_source_without_ages():
    police = source().assign(age_focus="UNDER_25")
    with pytest.raises(DataError, match="emergency departments: no ages"):
        triangulate.side_by_side(
            {"police": police, "emergency departments": source()}, by=["area_code", "age_focus"]
        )


def test_ages_that_are_all_missing_are_no_ages():
    with pytest.raises(DataError, match="'age' is empty"):
        triangulate.require_ages(source().assign(age=np.nan), source="emergency departments")
    triangulate.require_ages(source().assign(age_band="18-24"), source="ambulance")


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"police": source()}, "one source cannot be compared"),
        ({"a": source(0, 6), "b": source(12, 24)}, "no month in common: a 2022-01 to 2022-06"),
        ({"a": source(), "b": source(areas=("C",))}, "no place in common"),
        ({"a": source(), "b": source().drop(columns="area_code")}, "b has no column area_code"),
        ({"a": source(), "b": pd.concat([source(), source().head(2)])}, "b repeats 2 rows"),
        ({"a": source(), "b": source().assign(month="2022-01")}, "month is not a date"),
    ],
)
def test_sources_that_cannot_stand_side_by_side(tables, words):
    with pytest.raises(DataError, match=words):
        triangulate.side_by_side(tables)


# -- sites ------------------------------------------------------------------------------------


def sites(counts):
    rows = [
        (f"S{s}", month, value)
        for s, row in enumerate(counts)
        for month, value in zip(MONTHS, row, strict=False)
    ]
    return pd.DataFrame(rows, columns=["site_code", "month", "count"]).astype({"count": "Int64"})


def test_a_missing_row_is_not_reported_and_a_zero_is():
    reports = sites([[5, 0, 5], [5, None, 5]]).drop(index=5)
    grid = triangulate.site_reporting(reports)
    assert len(grid) == 6
    assert grid["reported"].tolist() == [True, True, True, True, False, False]
    assert grid["share_reporting"].tolist() == [1, 0.5, 0.5, 1, 0.5, 0.5]


def test_correction_by_hand():
    """Two sites as 2 to 1, every month alike: the silent site is worth its usual half."""
    found = triangulate.correct_for_sites(sites([[20] * 6, [10, 10, 10, None, None, 10]]))
    assert found["count_reported"].tolist() == [30, 30, 30, 20, 20, 30]
    assert found["count_panel"].tolist() == [20] * 6
    assert found["count_corrected"].tolist() == pytest.approx([30] * 6)


def test_months_in_which_all_reported_are_left_alone():
    found = triangulate.correct_for_sites(sites([[20, 25, 31], [10, 9, 14]]))
    corrected = found["count_corrected"].tolist()
    assert corrected == found["count_reported"].tolist()
    assert found["lower_95_ci"].tolist() == corrected == found["upper_95_ci"].tolist()


def test_more_sites_do_not_look_like_more_violence():
    rng = np.random.default_rng(4)
    means = np.array([60, 40, 30, 20, 10])[:, None] * np.ones(24)
    whole = rng.poisson(means)
    counts = whole.astype(object)
    for site in range(1, 5):  # sites join one by one
        counts[site, : site * 5] = None
    found = triangulate.correct_for_sites(sites(counts.tolist()))
    assert found["count_reported"].iloc[-4:].mean() > 2 * found["count_reported"].iloc[:4].mean()
    truth = whole.sum(axis=0)
    held = (found["lower_95_ci"] <= truth) & (truth <= found["upper_95_ci"])
    assert held.iloc[:20].mean() >= 0.85
    assert (found["count_reported"].iloc[:15] < 160).all()


@pytest.mark.slow
def test_corrected_counts_hold_what_the_silent_sites_saw():
    inside = total = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        season = 1 + 0.3 * np.sin(np.arange(24) / 4)
        counts = rng.poisson(np.array([60, 40, 30, 20])[:, None] * season)
        silent = rng.random(counts.shape) < 0.2
        silent[0] = False
        found = triangulate.correct_for_sites(
            sites(np.where(silent, None, counts.astype(object)).tolist())
        )
        truth, some = counts.sum(axis=0), silent.any(axis=0)
        hit = (found["lower_95_ci"] <= truth) & (truth <= found["upper_95_ci"])
        inside, total = inside + int(hit[some].sum()), total + int(some.sum())
    assert 0.92 <= inside / total <= 0.98


def test_sites_that_never_report_in_the_same_month_cannot_stand_in_for_each_other():
    counts = [10, 10, 10, *[None] * 3, *[None] * 3, 200, 200, 200]
    months = list(pd.date_range("2023-01-01", periods=6, freq="MS"))
    reports = pd.DataFrame(
        {"site_code": list("AAAAAABBBBBB"), "month": months * 2, "count": counts}
    ).astype({"count": "Int64"})
    with pytest.raises(DataError, match="2 groups of sites never report in the same month"):
        triangulate.correct_for_sites(reports)


def test_a_site_seen_too_seldom_and_a_silent_month_are_refused():
    with pytest.raises(DataError, match="1 of 2 sites reported in fewer than 3 months"):
        triangulate.correct_for_sites(sites([[5, 5, 5, 5], [5, None, None, None]]))
    with pytest.raises(DataError, match="in 1 of 4 months no site did"):
        triangulate.correct_for_sites(sites([[5, 5, None, 5], [5, 5, None, 5]]))
    with pytest.raises(DataError, match="1 of 4 rows repeat"):
        triangulate.site_reporting(pd.concat([sites([[5, 5, 5]]), sites([[5]])]))


# -- capture-recapture ------------------------------------------------------------------------

# n1, n2, matched, Chapman, standard error, log-normal limits: from the formula, worked elsewhere
FORMULA = [
    (10, 15, 5, 28.333333333, 5.909368403, 22.38526172, 49.11397268),
    (50, 60, 10, 281.818181818, 65.460858284, 191.72013302, 460.42088198),
    (30, 40, 8, 140.222222222, 33.236600382, 97.20089990, 235.82271664),
    (200, 150, 60, 496.557377049, 40.714217761, 430.88275741, 592.84722098),
    (40, 30, 0, 1270.0, 873.269717785, 404.40191647, 4376.19543591),
]


@pytest.mark.parametrize(("first", "second", "matched", "value", "error", "low", "high"), FORMULA)
def test_chapman_by_formula(first, second, matched, value, error, low, high):
    found = triangulate.capture_recapture(
        first, second, matched, linkage=[1], odds_ratios=[1], illustrate=True
    ).iloc[0]
    assert found["value"] == pytest.approx(value)
    assert found["standard_error"] == pytest.approx(error)
    assert found[["lower_95_ci", "upper_95_ci"]].tolist() == pytest.approx([low, high], rel=1e-6)


def test_south_wales_totals_at_each_linkage():
    """Published: 18,316 police, 10,260 emergency department, 59.0 % of these unknown to police."""
    matched = round(10_260 * (1 - 0.59))
    found = triangulate.capture_recapture(
        18_316, 10_260, matched, odds_ratios=[1], illustrate=True
    ).set_index("linkage")["value"]
    assert found.round().to_dict() == {1.0: 44664, 0.95: 42435, 0.9: 40202, 0.8: 35731, 0.7: 31267}


def test_it_is_off_unless_asked_for_as_an_illustration():
    with pytest.raises(DataError, match="Capture-recapture is off"):
        triangulate.capture_recapture(100, 80, 20)


def test_a_page_gets_the_band_without_a_point():
    table = triangulate.capture_recapture(18_316, 10_260, 4_207, illustrate=True)
    band = triangulate.capture_band(table)
    assert "value" not in band
    assert band["lowest"].iloc[0] < 31_267
    assert band["highest"].iloc[0] > 100_000
    assert band["reading"].iloc[0].startswith("Illustrative")


def test_band_holds_the_truth_under_missed_links_and_dependence():
    rng = np.random.default_rng(2)
    size, held = 5_000, 0
    for _ in range(40):
        hard = rng.random(size) < 0.5  # some are likelier to be on both lists
        police = rng.random(size) < np.where(hard, 0.6, 0.3)
        health = rng.random(size) < np.where(hard, 0.4, 0.2)
        linked = (police & health & (rng.random(size) < 0.85)).sum()
        table = triangulate.capture_recapture(
            int(police.sum()), int(health.sum()), int(linked), illustrate=True
        )
        band = triangulate.capture_band(table).iloc[0]
        held += band["lowest"] < size < band["highest"]
    assert held == 40


def test_impossible_linkage_gives_a_missing_row_and_not_a_number():
    table = triangulate.capture_recapture(100, 80, 70, odds_ratios=[1], illustrate=True)
    assert table.set_index("linkage")["value"].isna().to_dict()[0.8]


@pytest.mark.parametrize(
    ("counts", "more", "words"),
    [
        ((100, 80, 90), {}, "90 matched are more than the 80"),
        ((-1, 80, 0), {}, "first is -1"),
        ((100.5, 80, 0), {}, "first is 100.5"),
        ((100, 80, 10), {"linkage": [0]}, "linkage must be above 0"),
        ((100, 80, 10), {"linkage": [1.2]}, "linkage must be above 0"),
        ((100, 80, 10), {"odds_ratios": [0]}, "odds ratios must be above 0"),
    ],
)
def test_counts_that_cannot_be(counts, more, words):
    with pytest.raises(DataError, match=words):
        triangulate.capture_recapture(*counts, illustrate=True, **more)


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_never_fewer_than_were_seen(only_first, only_second, matched):
    first, second = only_first + matched, only_second + matched
    table = triangulate.capture_recapture(
        first, second, matched, linkage=[1], odds_ratios=[1, 3], illustrate=True
    )
    seen = only_first + only_second + matched
    assert (table["lower_95_ci"] >= seen - 1e-9).all()
    assert (table["value"].diff().dropna() >= 0).all()  # dependence hides more


# -- counts of several sources ----------------------------------------------------------------

LOOKUP = pd.DataFrame(
    {
        "lsoa_code": ["L1", "L2", "L3"],
        "district_code": ["A", "A", "B"],
        "district_name": ["Aber", "Aber", "Bere"],
    }
)
YEAR = MONTHS[:3]


def events(months, **more):
    return ibis.memtable(pd.DataFrame({"month": pd.to_datetime(months)}).assign(**more))


def police():
    months = ["2022-01-01", "2022-01-01", "2022-03-01", "2021-12-01"]
    return events(months, lsoa_code=["L1", "L3", "elsewhere", "L1"])


def test_months_run_from_the_first_to_the_last_that_hold_anything():
    found = triangulate.by_month({"Police": police(), "Late": events(["2022-02-01"])}, YEAR)
    assert found["Police"]["count"].tolist() == [2, 0, 1]
    assert found["Late"]["month"].tolist() == [pd.Timestamp("2022-02-01")]


def test_a_source_of_years_only_has_no_months():
    assert triangulate.by_month({"Admissions": ibis.memtable({"period": ["2022/23"]})}, YEAR) == {}


def test_places_are_complete_whether_a_source_sends_small_areas_or_districts():
    ambulance = events(["2022-01-01"] * 2, area_code=["B", "nowhere"])
    tables = triangulate.by_place({"Police": police(), "Ambulance": ambulance}, LOOKUP, YEAR)
    for table in tables.values():
        assert len(table) == 3 * len(YEAR)
    sums = {name: t.groupby("area_code")["count"].sum().to_dict() for name, t in tables.items()}
    assert sums["Police"] == {"A": 1, "B": 1, NOT_LOCATED: 1}
    assert sums["Ambulance"] == {"A": 0, "B": 1, NOT_LOCATED: 1}


def test_admissions_have_no_place_here():
    admitted = events(["2022-01-01"], area_code=["A"])
    assert triangulate.by_place({"Admissions": admitted}, LOOKUP, YEAR) == {}


def test_months_period_and_places_of_a_source_hold_the_same_events():
    sources = {
        "Police": police(),
        "Ambulance": events(["2022-01-01", "2022-03-01"], lsoa_code="L2"),
    }
    beside = triangulate.side_by_side(triangulate.by_month(sources, YEAR), by=[])
    places = triangulate.places_beside(triangulate.by_place(sources, LOOKUP, YEAR))
    for parts in triangulate.tables_of(beside, places).values():
        assert parts["months"]["count"].sum() == parts["period"]["count"].iloc[0]
        assert parts["places"]["count"].sum() == parts["period"]["count"].iloc[0]
        assert parts["period"]["period"].iloc[0] == "January 2022 to March 2022"


def test_one_source_with_places_stands_beside_none():
    sources = {"Police": police(), "Emergency departments": events(["2022-01-01"])}
    beside = triangulate.side_by_side(triangulate.by_month(sources, YEAR), by=[])
    places = triangulate.places_beside(triangulate.by_place(sources, LOOKUP, YEAR))
    tables = triangulate.tables_of(beside, places)
    assert set(tables["Police"]) == {"months", "period"}
    with pytest.raises(NotInThisRun, match="Fewer than two sources have places"):
        triangulate.stack(tables, "places")


def test_counts_by_one_column_are_complete_for_every_source():
    table = count(
        {
            "A": ibis.memtable({"weapon": ["Body", "Body"]}),
            "B": ibis.memtable({"weapon": ["Blunt"]}),
        },
        ["weapon"],
        levels={"weapon": ["Body", "Blunt"]},
    )
    expected = pd.DataFrame(
        {"source": list("AABB"), "weapon": ["Body", "Blunt"] * 2, "count": [2, 0, 0, 1]}
    )
    assert_frame_equal(table, expected, check_dtype=False)


def test_arrivals_of_counts_are_not_in_this_run():
    with pytest.raises(NotInThisRun, match="came as counts"):
        triangulate.arrivals(events(["2022-01-01"]), YEAR)
    inside = events(["2022-01-01", "2022-09-01"], arrived_at=pd.Timestamp("2022-01-05 23:10"))
    assert triangulate.arrivals(inside, YEAR).count().execute() == 1


# -- corrected months, shown ------------------------------------------------------------------


def shown_months():
    corrected = triangulate.correct_for_sites(sites([[20] * 6, [10, 10, 10, None, None, 10]]))
    protected = pd.DataFrame(
        {
            "month": corrected["month"],
            "count": pd.array([30, 30, None, 20, 20, 30], dtype="Int64"),
            "status": ["shown", "shown", "suppressed", "shown", "shown", "shown"],
            "count_error": pd.array([2, 2, None, 2, 2, 2], dtype="Int64"),
        }
    )
    return triangulate.shown_correction(protected, corrected)


def test_what_is_shown_adds_to_the_protected_count_and_gives_no_count_back():
    found = shown_months()
    assert found["value"].round(6).tolist()[3:] == [30, 30, 30]
    assert found["value"].isna().tolist() == [False, False, True, False, False, False]
    # a month that was sent whole is as wide as its rounding, no narrower
    assert found[["lower_95_ci", "upper_95_ci"]].iloc[0].tolist() == [28, 32]
    assert found["upper_95_ci"].iloc[3] - found["lower_95_ci"].iloc[3] > 4


def test_both_lines_are_drawn_and_only_one_has_an_interval():
    series = triangulate.sent_and_corrected(shown_months())
    sent = series[series["name"] == "As sent"]
    assert (sent["lower_95_ci"].dropna() == sent["value"].dropna()).all()
    assert len(series) == 12


def test_one_source_is_made_good_and_the_others_are_left():
    whole = shown_months()
    months = pd.concat(
        [whole[["month", "count", "status", "count_error"]].assign(source=name) for name in "AB"],
        ignore_index=True,
    )
    even = triangulate.with_corrected(months, whole, source="B")
    assert_frame_equal(even[even["source"] == "A"], months[months["source"] == "A"])
    assert even.loc[even["source"] == "B", "count"].tolist()[3] == 30
    assert even.loc[even["source"] == "B", "count_error"].tolist()[3] > 2


def test_too_few_months_are_not_in_this_run():
    with pytest.raises(NotInThisRun, match="fewer than 3 months"):
        triangulate.corrected(sites([[5, 5, 5, 5], [5, None, None, None]]), pd.DataFrame())


def test_the_grid_of_sites_holds_the_months_asked_for():
    reports = sites([[5, 0, 5], [5, None, 5]])
    shares = triangulate.reporting_shares(reports, months=MONTHS[1:3])
    assert shares["value"].tolist() == [1, 1, 0, 1]


# -- unknown to the police --------------------------------------------------------------------


def test_shares_found_run_from_low_to_high_in_tenths():
    assert triangulate.unknown.found_shares(0.7, 1) == [0.7, 0.8, 0.9, 1.0]
    assert triangulate.unknown.found_shares(0.75, 0.95) == [0.75, 0.8, 0.9, 0.95]
    assert triangulate.unknown.found_shares(0.8, 0.8) == [0.8]
    with pytest.raises(DataError, match="lower first"):
        triangulate.unknown.found_shares(0.9, 0.8)


def test_south_wales_share_is_as_published_at_full_linkage_and_less_below():
    """Published: 59.0 % of 10,260 attendances unknown to the police."""
    table = triangulate.unknown_to_police(10_260, 4_207, linkage=[0.7, 1.0])
    assert table["value"].tolist() == pytest.approx([100 - 41.004 / 0.7, 58.996], abs=0.01)
    band = triangulate.unknown_band(table).iloc[0]
    assert "value" not in band
    assert band["lowest"] < 41.4 < 59.0 < band["highest"]


def test_linkage_that_implies_more_matches_than_attendances_gives_no_number():
    table = triangulate.unknown_to_police(100, 90, linkage=[0.8, 1.0])
    assert table["value"].isna().tolist() == [True, False]


def test_rounding_widens_the_limits():
    narrow = triangulate.unknown_to_police(100, 40, linkage=[1.0]).iloc[0]
    wide = triangulate.unknown_to_police(100, 40, linkage=[1.0], count_error=2).iloc[0]
    assert wide["lower_95_ci"] < narrow["lower_95_ci"]
    assert wide["upper_95_ci"] > narrow["upper_95_ci"]


@pytest.mark.parametrize(
    ("counts", "linkage", "words"),
    [((100, 101), [1], "101 linked of 100"), ((0, 0), [1], "0 linked of 0"),
     ((10, 5), [0], "above 0 and at most 1")],
)  # fmt: skip
def test_linked_counts_that_cannot_be(counts, linkage, words):
    with pytest.raises(DataError, match=words):
        triangulate.unknown_to_police(*counts, linkage=linkage)


def test_the_two_lists_reach_a_page_as_a_band_of_hundreds():
    linked = pd.Series({"police": 3_645, "attendances": 2_005, "linked": 650})
    lists = triangulate.linked_lists(linked).assign(status="shown", count_error=2)
    band = triangulate.both_lists(lists, pd.Series({"found_low": 0.7, "found_high": 1.0})).iloc[0]
    assert band["lowest"] % 100 == band["highest"] % 100 == 0
    for moved in ((2, 2, -2), (-2, -2, 2), (2, -2, 2)):
        true = triangulate.linked_lists(linked + np.array(moved)).assign(count_error=0)
        inside = triangulate.both_lists(
            true, pd.Series({"found_low": 0.7, "found_high": 1.0})
        ).iloc[0]
        assert band["lowest"] <= inside["lowest"] < inside["highest"] <= band["highest"]
    few = triangulate.linked_lists(pd.Series({"police": 40, "attendances": 30, "linked": 5}))
    exact, rounded = (
        triangulate.both_lists(
            few.assign(count_error=error), pd.Series({"found_low": 1.0, "found_high": 1.0})
        ).iloc[0]
        for error in (0, 4)
    )
    assert rounded["highest"] > exact["highest"]
    assert band["lowest"] < 3_645 * 2_005 / (650 / 0.7) < band["highest"]
    assert triangulate.unknown_in(lists, pd.Series({"found_low": 1.0, "found_high": 1.0}))[
        "value"
    ].iloc[0] == pytest.approx(67.58, abs=0.01)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 2_000), st.floats(0, 1), st.floats(0.3, 1))
def test_the_more_was_found_the_more_is_unknown(attendances, share, found):
    linked = int(attendances * share)
    table = triangulate.unknown_to_police(attendances, linked, linkage=sorted({found, 1.0}))
    known = table.dropna(subset="value")
    assert known["value"].is_monotonic_increasing
    assert known["value"].between(0, 100).all()
    assert (known["lower_95_ci"] <= known["value"] + 1e-9).all()
