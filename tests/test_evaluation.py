"""Evaluation: recovers a planted effect, finds none at placebos, and never calls it proof."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import evaluation

ORACLES = Path(__file__).parent / "oracles"
MONTHS = pd.date_range("2019-04-01", periods=60, freq="MS")
START, END = "2022-10-01", "2023-09-30"
WHEN = {"areas": ["D1"], "start": START, "end": END}


def panel(seed, *, effect=1.0, dispersion=2.0):
    """Nine districts over five years: season, a common shock, counts that cluster."""
    rng = np.random.default_rng(seed)
    level = np.array([90, 40, 40, 35, 35, 25, 25, 20, 15.0])
    common = np.exp(rng.normal(0, 0.05, 60)) * (1 + 0.12 * np.cos(2 * np.pi * np.arange(60) / 12))
    common[12:16] *= 0.6
    mean = level[:, None] * common
    mean[1, (START <= MONTHS) & (MONTHS <= END)] *= effect
    if dispersion > 1:
        shape = mean / (dispersion - 1)
        mean = mean * rng.gamma(shape) / shape
    codes = np.repeat([f"D{n}" for n in range(9)], 60)
    counts = rng.poisson(mean).ravel()
    return pd.DataFrame({"area_code": codes, "month": np.tile(MONTHS, 9), "count": counts})


# -- difference-in-differences ----------------------------------------------------------------


@pytest.mark.slow
def test_ratio_of_ratios_by_hand():
    table = pd.DataFrame(
        {
            "area_code": np.repeat(list("ABCD"), 12),
            "month": list(pd.date_range("2021-01-01", periods=12, freq="MS")) * 4,
            "count": [20] * 6 + [10] * 6 + ([10] * 6 + [10] * 6) * 3,
        }
    )
    row = evaluation.difference_in_differences(table, areas=["A"], start="2021-07-01").iloc[0]
    assert row["value"] == pytest.approx(0.5)
    assert (row["count_before"], row["count_after"], row["controls"]) == (120, 60, 3)
    assert row["dispersion"] == 1  # the others did not change at all, by luck
    error = np.sqrt(1 / 120 + 1 / 60 + 1 / 180 + 1 / 180)
    assert row["standard_error"] == pytest.approx(error, rel=1e-3)


def test_planted_effect_is_within_its_interval():
    row = evaluation.difference_in_differences(panel(11, effect=0.7), **WHEN).iloc[0]
    assert row["lower_95_ci"] < 0.7 < row["upper_95_ci"] < 1


def test_months_after_the_end_are_left_out():
    found = evaluation.difference_in_differences(panel(1), **WHEN).iloc[0]
    after = panel(1).query("area_code == 'D1' and month >= @START and month <= @END")
    assert found["count_after"] == after["count"].sum()


@pytest.mark.slow
def test_coverage_and_five_per_cent_where_nothing_was_done():
    covered, flagged, placebos = 0, 0, 0
    for seed in range(20):
        row = evaluation.difference_in_differences(panel(seed, effect=0.7), **WHEN).iloc[0]
        covered += row["lower_95_ci"] < 0.7 < row["upper_95_ci"]
        places = evaluation.placebo_places(panel(500 + seed), **WHEN)
        flagged, placebos = flagged + int(places["flagged"].sum()), placebos + len(places)
    assert covered >= 17
    assert placebos == 160
    assert flagged / placebos <= 0.09


def test_areas_without_any_event_do_no_harm():
    table = panel(3)
    empty = table[table["area_code"] == "D8"].assign(area_code="D9", count=0)
    plain = evaluation.difference_in_differences(table, **WHEN)
    more = evaluation.difference_in_differences(pd.concat([table, empty]), **WHEN)
    assert more["controls"].tolist() == plain["controls"].tolist()
    assert more["value"].iloc[0] == pytest.approx(plain["value"].iloc[0])


def test_every_result_says_that_it_is_not_proof():
    table = panel(1)
    for found in (
        evaluation.difference_in_differences(table, **WHEN),
        evaluation.event_study(table, **WHEN),
        evaluation.interrupted_series(one_series(), start="2023-01-01"),
    ):
        assert found["reading"].str.startswith("This is not proof").all()


# -- event study, placebos, power -------------------------------------------------------------


def test_event_study_is_level_before_and_low_during():
    found = evaluation.event_study(panel(11, effect=0.6), **WHEN)
    before = found[found["side"] == "before"]
    during = found[found["side"] == "during"]
    assert len(before) == 7
    assert len(during) == 2
    assert ((before["lower_95_ci"] < 1) & (before["upper_95_ci"] > 1)).mean() >= 0.8
    assert (during["upper_95_ci"] < 1).all()
    assert found["side"].tolist()[-1] == "after"
    assert (found["to"] < found["from"].shift(-1))[:-1].all()


def test_placebo_places_leave_the_intervention_out():
    found = evaluation.placebo_places(panel(11, effect=0.5), **WHEN)
    assert found["area_code"].tolist() == [f"D{n}" for n in (0, 2, 3, 4, 5, 6, 7, 8)]
    assert (found["controls"] == 7).all()


def test_placebo_dates_lie_before_the_start():
    found = evaluation.placebo_dates(panel(11, effect=0.5), areas=["D1"], start=START)
    ends = found["start"] + pd.DateOffset(months=12)
    assert (ends <= pd.Timestamp(START)).all()
    assert len(found) == 9


def test_summary_counts_placebos_as_large():
    effect = pd.DataFrame({"value": [0.7]})
    places = pd.DataFrame({"value": [1.5, 0.9, 1.0, 1.1], "flagged": [True, False, False, False]})
    found = evaluation.placebo_summary(effect, places)
    assert found.iloc[0].tolist() == [4, 1, 1, 0.4]


def test_power_grows_with_the_change_and_names_the_smallest():
    early = panel(11)[lambda t: t["month"] < START]
    found = evaluation.power(early, areas=["D1"])
    assert found["power"].is_monotonic_increasing
    seen = found["smallest_detectable"].iloc[0]
    at = evaluation.power(early, areas=["D1"], ratios=[seen])["power"].iloc[0]
    assert at == pytest.approx(0.8, abs=0.01)


@pytest.mark.slow
def test_power_is_that_of_simulation():
    early = panel(11, dispersion=1)[lambda t: t["month"] < START]
    # a power in the middle: near 1, one with too small an error would look the same
    stated = evaluation.power(early, areas=["D1"], ratios=[0.85]).iloc[0]
    assert 0.5 < stated["power"] < 0.75
    seen = 0
    for seed in range(40):
        table = panel(seed, effect=0.85, dispersion=stated["dispersion"])
        row = evaluation.difference_in_differences(table, **WHEN).iloc[0]
        seen += row["upper_95_ci"] < 1
    assert seen / 40 == pytest.approx(stated["power"], abs=0.15)


# -- interrupted series -----------------------------------------------------------------------


def one_series(step=1.0, seed=4):
    rng = np.random.default_rng(seed)
    mean = 200 * (1 + 0.15 * np.cos(2 * np.pi * np.arange(60) / 12))
    mean = mean * np.where(MONTHS >= "2023-01-01", step, 1.0)
    return pd.DataFrame({"month": MONTHS, "count": rng.poisson(mean)})


def test_seat_belts_equal_r():
    """R: glm(quasipoisson), drivers killed or seriously injured over kilometres driven."""
    given = pd.read_csv(ORACLES / "seatbelts_its_input.csv")
    expected = pd.read_csv(ORACLES / "r_its_seatbelts_quasipoisson_expected.csv", index_col="term")
    months = pd.date_range("1969-01-01", periods=192, freq="MS")
    table = pd.DataFrame({"month": months, "count": given["drivers"], "exposure": given["kms"]})
    found = evaluation.interrupted_series(table, start="1983-02-01").set_index("term")
    step, slope, trend = (expected.loc[name] for name in ("post", "tp", "t"))
    assert np.log(found.loc["step", "value"]) == pytest.approx(step["est"], abs=1e-5)
    assert found.loc["step", "quasi_error"] == pytest.approx(step["se"], rel=1e-4)
    assert found.loc["step", "robust_error"] == pytest.approx(0.0241, abs=5e-5)
    assert found.loc["step", "error_used"] == "over-dispersion"
    changed = found.loc["change of trend, a year"]
    assert np.log(changed["value"]) / 12 == pytest.approx(slope["est"], abs=1e-6)
    assert np.log(found.loc["trend, a year", "value"]) / 12 == pytest.approx(trend["est"], abs=1e-7)
    dispersion = expected.loc["dispersion", "est"]
    assert found["dispersion"].iloc[0] == pytest.approx(dispersion, rel=1e-4)


def test_planted_step_is_recovered_and_none_is_found_where_none_is():
    step = evaluation.interrupted_series(one_series(0.7), start="2023-01-01").iloc[0]
    assert step["lower_95_ci"] < 0.7 < step["upper_95_ci"] < 1
    none = evaluation.interrupted_series(one_series(1.0), start="2023-01-01").iloc[0]
    assert none["lower_95_ci"] < 1 < none["upper_95_ci"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("counts", [[5] * 60, [0] * 42 + [3] * 18])
def test_a_series_without_chance_or_without_events_on_one_side_gives_an_interval(counts):
    table = pd.DataFrame({"month": MONTHS, "count": counts})
    step = evaluation.interrupted_series(table, start=START).iloc[0]
    assert step["lower_95_ci"] < 1 < step["upper_95_ci"] or counts[0] == 0
    assert step[["value", "lower_95_ci", "upper_95_ci"]].notna().all()


def test_a_change_everywhere_is_no_effect_beside_a_control():
    shock = np.where(MONTHS >= "2023-01-01", 0.7, 1.0)
    both = [
        one_series(seed=seed).assign(count=lambda t: (t["count"] * shock).round())
        for seed in (1, 2)
    ]
    alone = evaluation.interrupted_series(both[0], start="2023-01-01").iloc[0]
    beside = evaluation.interrupted_series(both[0], start="2023-01-01", control=both[1]).iloc[0]
    assert alone["upper_95_ci"] < 1
    assert "no control series" in alone["note"]
    assert beside["lower_95_ci"] < 1 < beside["upper_95_ci"]


@pytest.mark.parametrize(
    ("table", "start", "words"),
    [
        (one_series(), "2020-01-01", "leaves 9 months before"),
        (one_series(), "2024-03-01", "and 1 after"),
        (one_series(), "2030-01-01", "leaves 60 months before and 0 after"),
        (one_series().drop(index=7), "2023-01-01", "months are missing"),
        (one_series(), "soon", "start is 'soon', which is not a date"),
    ],
)
def test_series_that_cannot_be_evaluated(table, start, words):
    with pytest.raises(DataError, match=words):
        evaluation.interrupted_series(table, start=start)


def test_control_with_empty_months_is_refused():
    control = one_series().assign(count=lambda t: t["count"].where(t.index > 3, 0))
    with pytest.raises(DataError, match="no events, or no row, in 4 of 60 months"):
        evaluation.interrupted_series(one_series(), start="2023-01-01", control=control)


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"areas": ["D1", "X7"]}, r"1 of 2 areas of the intervention are not in the data \(X7\)"),
        ({"areas": []}, "none named"),
        ({"start": "2018-01-01", "end": None}, "not inside the period of the data"),
        ({"start": "2025-01-01", "end": None}, "not inside the period of the data"),
        ({"end": "2026-01-01"}, "not inside the period of the data"),
        ({"end": "2022-01-01"}, "ends .* before it starts"),
        ({"start": "2019-06-01"}, "2 months before are too few"),
        ({"end": "2022-12-31"}, "3 months after are too few"),
        ({"areas": [f"D{n}" for n in range(7)]}, "2 areas are left to compare with"),
    ],
)
def test_interventions_outside_areas_or_period(changes, words):
    with pytest.raises(DataError, match=words):
        evaluation.difference_in_differences(panel(1), **(WHEN | changes))


def test_everything_wrong_is_said_at_once():
    with pytest.raises(DataError, match=r"(?s)X7.*not inside the period"):
        evaluation.difference_in_differences(panel(1), areas=["X7"], start="2030-01-01")


def test_missing_months_and_hidden_counts_are_refused():
    with pytest.raises(DataError, match="1 months of areas are missing"):
        evaluation.difference_in_differences(panel(1).drop(index=3), **WHEN)
    hidden = panel(1).astype({"count": "Int64"})
    hidden.loc[3, "count"] = pd.NA
    with pytest.raises(DataError, match="1 counts are hidden: use exact counts"):
        evaluation.difference_in_differences(hidden, **WHEN)


@pytest.mark.parametrize("people", [np.nan, 0, -5])
def test_months_without_residents_are_refused_and_not_weighed_as_nothing(people):
    table = panel(1).assign(denominator=1_000.0)
    table.loc[3, "denominator"] = people
    with pytest.raises(DataError, match="'denominator' is (negative in|0 or missing in) 1 of 540"):
        evaluation.difference_in_differences(table, **WHEN)


def test_no_events_on_one_side_give_no_ratio():
    table = panel(1)
    during = (table["area_code"] == "D1") & table["month"].between(START, END)
    with pytest.raises(DataError, match="0 after"):
        evaluation.difference_in_differences(
            table.assign(count=table["count"].mask(during, 0)), **WHEN
        )


def test_too_little_time_for_placebos_or_power_is_said():
    with pytest.raises(DataError, match="9 months before the start are too few"):
        evaluation.placebo_dates(panel(1), areas=["D1"], start="2020-01-01")
    with pytest.raises(DataError, match="months_after is 60"):
        evaluation.power(panel(1), areas=["D1"], months_after=60)
    with pytest.raises(DataError, match="Ratios must be above 0"):
        evaluation.power(panel(1), areas=["D1"], ratios=[0])


# -- the sample -------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_samples_planted_intervention_is_recovered(sample_run):
    from vrn_analysis.count import tables
    from vrn_analysis.sample.folder import truth

    run = sample_run
    planted = truth(run.folder)["planted"]
    records = run.records()
    # the intervention acts on public settings; the listed offences there are most of them
    public = records.filter(records.place_class.isin(["public", "semi_public"]))
    located = tables.count_by_area(
        public, run.lookup, level="district", by=["month"], levels={"month": run.months}
    ).dropna(subset=["area_code", "month"])
    own, when = planted["intervention_district"], planted["intervention"]
    found = evaluation.difference_in_differences(
        located, areas=[own], start=when["start"], end=when["end"]
    ).iloc[0]
    assert found["lower_95_ci"] < when["ratio"] < found["upper_95_ci"]
    assert found["upper_95_ci"] < 1
    places = evaluation.placebo_places(located, areas=[own], start=when["start"], end=when["end"])
    assert places["flagged"].sum() <= 1
