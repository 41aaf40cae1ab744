"""Control charts, change and trend: by hand, against R, simulated."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import trends

ORACLES = Path(__file__).parent / "oracles"


def monthly(counts, start="2018-01-01", **columns):
    months = pd.date_range(start, periods=len(counts), freq="MS")
    return pd.DataFrame({"month": months, "count": pd.array(counts, dtype="Int64"), **columns})


def seasonal(months, *, level=40.0, yearly=1.0, swing=0.25, start="2018-01-01"):
    """Return the expected counts of months with a season and a trend."""
    index = pd.date_range(start, periods=months, freq="MS")
    season = np.exp(swing * np.cos(2 * np.pi * (index.month - 7) / 12))
    return level * season * yearly ** (np.arange(months) / 12) * index.days_in_month / 30.4375


def breaks(*rows):
    return pd.DataFrame(rows, columns=["date", "until", "label"])


# whole series -------------------------------------------------------------------------------------


def test_a_missing_month_is_named():
    gap = monthly([1] * 30).drop(index=4)
    with pytest.raises(DataError, match="May 2018"):
        trends.fit_trend(gap, breaks=None)


def test_months_that_repeat_are_refused():
    with pytest.raises(DataError, match="12 rows repeat a month"):
        trends.fit_trend(pd.concat([monthly([1] * 12), monthly([2] * 12)]), breaks=None)


def test_a_month_that_is_no_first_day_is_refused():
    late = monthly([1] * 12).assign(month=lambda t: t["month"] + pd.Timedelta("1D"))
    with pytest.raises(DataError, match="first day"):
        trends.fit_trend(late, breaks=None)


def test_an_empty_table_is_refused():
    with pytest.raises(DataError, match="no rows"):
        trends.fit_trend(monthly([]), breaks=None)


# control charts -----------------------------------------------------------------------------------

# R: set.seed(123); rnorm(20)
NORMAL = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621,
    -1.26506123, -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272,
    -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141,
]  # fmt: skip


def lines(chart):
    return chart[["mean", "lower_limit", "upper_limit"]].iloc[0].tolist()


def test_xmr_equals_the_published_chart_of_twenty_normal_values():
    chart = trends.xmr(pd.Series(NORMAL))
    assert lines(chart) == pytest.approx([0.1416238, -3.01138, 3.294627], abs=1e-6)
    assert chart["signal"].isna().all()


def test_xmr_screens_an_outlier_out_of_the_limits_and_can_leave_it_in():
    values = [*NORMAL[:14], 10, *NORMAL[15:]]
    screened = trends.xmr(pd.Series(values))
    assert lines(screened) == pytest.approx([0.6694159, -2.383666, 3.722497], abs=1e-6)
    assert screened["signal"].iloc[14] == "above the limits"


def test_xmr_screening_by_hand():
    values = pd.Series([1, 2, 1, 2, 10] + [1, 2] * 6 + [1])
    assert lines(trends.xmr(values)) == pytest.approx([1.94, -0.72, 4.60], abs=0.006)


def test_seven_points_that_rise_are_a_trend_and_six_are_not():
    flat = [5, 6, 5, 6, 5, 6, 5, 6, 5, 6]
    seven = trends.xmr(pd.Series([*flat, 5, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6, 5, 6, 5]))["signal"]
    assert seven[seven == "rising trend"].index.tolist() == list(range(10, 17))
    six = trends.xmr(pd.Series([*flat, 5, 5.1, 5.2, 5.3, 5.4, 5.5, 5, 6, 5]))["signal"]
    assert six.isna().all()


def test_a_tie_breaks_a_trend():
    values = [5, 6, 5, 6, 5, 6, 5, 5.1, 5.2, 5.3, 5.3, 5.4, 5.5, 5.6, 5, 6]
    assert trends.xmr(pd.Series(values))["signal"].isna().all()


def test_seven_points_on_one_side_are_a_run_and_a_point_on_the_mean_breaks_it():
    wiggle = [0.5, 1.5, 0.5, 1.5, 0.5, 1.5, 0.5]
    run = trends.xmr(pd.Series([*wiggle, *[-one for one in wiggle]]))["signal"]
    assert set(run[:7]) == {"run above the mean"}
    assert set(run[7:]) == {"run below the mean"}
    broken = [*wiggle[:6], 0, *[-one for one in wiggle[:6]], 0]
    assert trends.xmr(pd.Series(broken))["signal"].isna().all()


def test_two_of_three_near_a_limit_on_one_side_are_flagged_without_the_third():
    sharp = pd.Series([0, 0.5] * 8 + [1.5, 0.5, 1.5] + [0, 0.5] * 4)
    signal = trends.xmr(sharp)["signal"]
    assert signal.iloc[16] == signal.iloc[18] == "near the upper limit"
    assert pd.isna(signal.iloc[17])


def test_a_point_beyond_a_limit_is_not_one_of_the_two_near_it():
    # as in NHS England's charts: the outer third ends at the limit
    values = pd.Series([0, 0.5] * 12 + [2.6, 0.5, 1.55] + [0, 0.5] * 6)
    chart = trends.xmr(values)
    assert chart["upper_limit"].iloc[0] < 2.6
    assert 1.55 < chart["upper_limit"].iloc[0] < 1.55 + 0.55
    assert chart["signal"].iloc[24] == "above the limits"
    assert pd.isna(chart["signal"].iloc[26])


def test_a_point_at_which_two_trends_meet_belongs_to_the_later_one():
    noise, down, up = [0, 12] * 6, [9, 8, 7, 6, 5, 4, 3], [4, 5, 6, 7, 8, 9]
    trough = trends.xmr(pd.Series([*noise, 0, *down, *up]))["signal"].iloc[13:]
    assert trough.tolist() == ["falling trend"] * 6 + ["rising trend"] * 7
    peak = trends.xmr(pd.Series([*noise, *reversed(down), *down[1:]]))["signal"].iloc[12:]
    assert peak.tolist() == ["rising trend"] * 6 + ["falling trend"] * 7


def test_rebasing_starts_mean_and_limits_afresh():
    values = pd.Series([5, 6] * 12 + [15, 16] * 12)
    assert trends.xmr(values)["signal"].notna().any()
    chart = trends.xmr(values, rebase_at=[24])
    assert chart["mean"].unique().tolist() == [5.5, 15.5]
    assert chart["signal"].isna().all()


def test_a_seasonal_series_is_deseasonalised_first():
    values = monthly(np.round(seasonal(48, level=100, swing=0.5)).astype(int))
    values = values.set_index("month")["count"]
    raw, charted = trends.xmr(values.reset_index(drop=True)), trends.xmr(values)
    assert raw["signal"].notna().sum() > 20
    assert charted["signal"].notna().sum() <= 2
    assert (charted["note"] == "season taken out").all()
    assert charted["observed"].tolist() == values.tolist()


def test_a_series_without_season_is_charted_as_it_is():
    values = monthly(np.random.default_rng(3).poisson(40, 48)).set_index("month")["count"]
    chart = trends.xmr(values)
    assert chart["value"].tolist() == values.tolist()
    assert (chart["note"] == "").all()


def test_a_planted_change_is_signalled_and_a_stable_series_seldom():
    rng = np.random.default_rng(4)
    changed = pd.Series(np.r_[rng.poisson(40, 24), rng.poisson(80, 12)])
    assert trends.xmr(changed)["signal"].iloc[24:].notna().mean() > 0.8
    stable = [
        trends.xmr(pd.Series(rng.poisson(40, 24)))["signal"].notna().mean() for _ in range(200)
    ]
    assert np.mean(stable) < 0.08


def test_eleven_points_have_trial_limits():
    chart = trends.xmr(pd.Series(range(11)))
    assert (chart["note"] == "trial limits: under 12 points").all()


def test_an_all_zero_series_has_no_signal():
    chart = trends.xmr(monthly([0] * 40).set_index("month")["count"])
    assert chart["signal"].isna().all()
    assert (chart[["mean", "lower_limit", "upper_limit"]] == 0).all(axis=None)


def test_the_same_count_in_every_month_of_four_years_has_no_signal():
    chart = trends.xmr(monthly([5] * 48).set_index("month")["count"])
    assert chart["signal"].isna().all()
    assert (chart["mean"] == 5).all()


def test_equal_values_that_are_no_whole_numbers_have_no_signal():
    assert trends.xmr(pd.Series([0.3] * 17))["signal"].isna().all()


def test_xmr_refuses_what_it_cannot_chart():
    with pytest.raises(DataError, match="2 points are too few"):
        trends.xmr(pd.Series([1, 2]))
    with pytest.raises(DataError, match="1 of 4 values are missing"):
        trends.xmr(pd.Series([1, None, 2, 3]))
    with pytest.raises(DataError, match="1 months are missing"):
        trends.xmr(monthly([1] * 14).drop(index=4).set_index("month")["count"])
    with pytest.raises(DataError, match="rebase_at names 1 points"):
        trends.xmr(pd.Series([1, 2, 3]), rebase_at=[9])


# change -------------------------------------------------------------------------------------------


def test_change_between_equals_r():
    oracle = pd.read_csv(ORACLES / "r_poisson_test_two_rates.csv")
    change = trends.change_between(oracle["x2"], oracle["n2"], oracle["x1"], oracle["n1"])
    np.testing.assert_allclose(change["value"], oracle["rate_ratio"], atol=1e-14)
    np.testing.assert_allclose(change["lower_95_ci"], oracle["rr_lo95"], rtol=1e-8)
    np.testing.assert_allclose(change["upper_95_ci"], oracle["rr_hi95"], rtol=1e-8)
    np.testing.assert_allclose(change["p_value"], oracle["cond_exact_p"], rtol=1e-8)


def test_a_halving_is_50_per_cent_down():
    row = trends.change_between(100, 1, 50, 1).iloc[0]
    assert row["percent_change"] == pytest.approx(-50)
    assert row["percent_lower"] < -50 < row["percent_upper"] < 0


def test_change_from_zero_has_no_upper_bound_and_to_zero_a_lower_of_0():
    up, down, none = (
        trends.change_between(a, 1, b, 1).iloc[0] for a, b in [(0, 7), (7, 0), (0, 0)]
    )
    assert (up["value"], up["upper_95_ci"]) == (np.inf, np.inf)
    assert up["lower_95_ci"] > 1
    assert (down["value"], down["lower_95_ci"]) == (0, 0)
    assert none[["value", "lower_95_ci", "upper_95_ci", "p_value"]].isna().all()


def test_a_hidden_count_gives_no_change():
    counts = pd.array([None, 10], dtype="Int64")
    change = trends.change_between(counts, 1, pd.array([10, 10], dtype="Int64"), 1)
    assert change["value"].isna().tolist() == [True, False]


def test_clustering_widens_and_the_independent_interval_is_kept_beside():
    row = trends.change_between(320, 1, 280, 1, dispersion=2).iloc[0]
    once = trends.change_between(320, 1, 280, 1).iloc[0]
    assert row["lower_95_ci"] < row["independent_lower_95_ci"] == once["lower_95_ci"]
    assert row["upper_95_ci"] > row["independent_upper_95_ci"] == once["upper_95_ci"]
    assert row["p_value"] > once["p_value"]
    assert "dispersion 2.00" in row["method"]


def test_rounding_widens_to_cover_every_true_pair():
    shown = trends.change_between(50, 1, 40, 1, count_error=2).iloc[0]
    for a in range(48, 53):
        for b in range(38, 43):
            true = trends.change_between(a, 1, b, 1).iloc[0]
            assert shown["lower_99_8_ci"] <= true["lower_99_8_ci"]
            assert shown["upper_99_8_ci"] >= true["upper_99_8_ci"]


@pytest.mark.parametrize("bad", [(-1, 1, 2, 1), (1.5, 1, 2, 1), (1, 0, 2, 1), (1, 1, 2, -1)])
def test_impossible_counts_and_exposures_are_refused(bad):
    with pytest.raises(DataError):
        trends.change_between(*bad)
    with pytest.raises(DataError, match="differ in number"):
        trends.change_between([1, 2], 1, [1, 2, 3], 1)


@pytest.mark.slow
def test_change_between_covers_the_truth():
    rng = np.random.default_rng(5)
    a, b = rng.poisson(30, 2_000), rng.poisson(24, 2_000)
    change = trends.change_between(a, 1, b, 1)
    assert change["lower_95_ci"].le(0.8).mul(change["upper_95_ci"].ge(0.8)).mean() >= 0.95


def test_change_between_covers_the_truth_where_offences_cluster_only_if_told():
    rng = np.random.default_rng(6)
    sizes, chance = np.array([1, 2, 5]), np.array([0.6, 0.25, 0.15])
    a, b = (rng.poisson(60 * chance, size=(2_000, 3)) @ sizes for _ in range(2))
    spread = (chance @ sizes**2) / (chance @ sizes)
    told = trends.change_between(a, 1, b, 1, dispersion=spread)
    held = told["lower_95_ci"].le(1) & told["upper_95_ci"].ge(1)
    naive = told["independent_lower_95_ci"].le(1) & told["independent_upper_95_ci"].ge(1)
    assert held.mean() >= 0.94
    assert naive.mean() < 0.85


# 80 % power, two-sided 5 %, two Poisson counts compared exactly
@pytest.mark.parametrize(("base", "fall"), [(1_500, 10), (366, 20), (155, 30), (50, 50)])
def test_smallest_detectable_fall_has_the_published_values(base, fall):
    found = trends.smallest_detectable_change(base)["smallest_fall"].iloc[0]
    assert found == pytest.approx(fall, abs=0.2)


@pytest.mark.slow
def test_power_at_the_smallest_fall_is_that_of_a_simulation():
    base = 155
    fall = trends.smallest_detectable_change(base)["smallest_fall"].iloc[0]
    rng = np.random.default_rng(7)
    a, b = rng.poisson(base, 4_000), rng.poisson(base * (1 - fall / 100), 4_000)
    seen = trends.change_between(a, 1, b, 1)["p_value"] <= 0.05
    assert seen.mean() == pytest.approx(0.8, abs=0.03)


def test_a_small_count_cannot_show_any_fall_and_clustering_hides_more():
    few = trends.smallest_detectable_change([0, 5])
    assert few["smallest_fall"].isna().all()
    assert few["smallest_rise"].isna().tolist() == [True, False]
    once, clustered = (
        trends.smallest_detectable_change(366, dispersion=d)["smallest_fall"].iloc[0]
        for d in (1, 2)
    )
    assert clustered > once


# models and trend ---------------------------------------------------------------------------------


def areas():
    data = pd.read_csv(ORACLES / "nb_offset_input.csv")
    design = pd.DataFrame(
        {
            "(Intercept)": 1.0,
            "imd": data["imd"],
            "log(den)": np.log(data["den"]),
            "urb": data["urb"],
        }
    )
    return data, design


def test_negative_binomial_equals_glm_nb():
    data, design = areas()
    result = trends.fit_counts(data["y"], design, exposure=data["pop"])
    oracle = pd.read_csv(ORACLES / "r_glmnb_offset_expected.csv", index_col="term")
    np.testing.assert_allclose(result.params, oracle["est"].loc[design.columns], atol=1e-5)
    np.testing.assert_allclose(result.bse, oracle["se"].loc[design.columns], rtol=1e-3)
    assert 1 / result.alpha == pytest.approx(oracle.loc["theta", "est"], rel=1e-4)


def test_quasi_poisson_equals_r():
    data, design = areas()
    result = trends.fit_counts(data["y"], design, exposure=data["pop"], family="quasi_poisson")
    oracle = pd.read_csv(ORACLES / "r_poisson_quasi_offset_expected.csv", index_col="term")
    np.testing.assert_allclose(result.params, oracle["est"].loc[design.columns], atol=1e-7)
    np.testing.assert_allclose(result.bse, oracle["se_quasi"].loc[design.columns], rtol=1e-5)
    assert result.dispersion == pytest.approx(oracle.loc["pearson_dispersion", "est"], rel=1e-5)


def test_interrupted_series_equals_r():
    data = pd.read_csv(ORACLES / "seatbelts_its_input.csv")
    terms = ["t", "post", "tp", "s1", "c1", "s2", "c2"]
    design = data[terms].astype(float)
    design.insert(0, "(Intercept)", 1.0)
    result = trends.fit_counts(
        data["drivers"], design, exposure=data["kms"], family="quasi_poisson"
    )
    oracle = pd.read_csv(ORACLES / "r_its_seatbelts_quasipoisson_expected.csv", index_col="term")
    np.testing.assert_allclose(result.params, oracle["est"].loc[design.columns], rtol=1e-5)
    np.testing.assert_allclose(result.bse, oracle["se"].loc[design.columns], rtol=1e-4)
    assert result.dispersion == pytest.approx(12.6799, abs=1e-3)


def test_fit_counts_refuses_what_it_cannot_fit():
    design = pd.DataFrame({"constant": [1.0] * 5, "again": [1.0] * 5})
    with pytest.raises(DataError) as fault:
        trends.fit_counts(np.zeros(5), design, exposure=np.zeros(5))
    for words in ("repeat each other", "every count is 0", "not above 0 in 5 rows"):
        assert words in str(fault.value)
    with pytest.raises(DataError, match="Unknown family"):
        trends.fit_counts(np.ones(5), design, exposure=np.ones(5), family="gaussian")


def test_fit_trend_recovers_a_planted_trend():
    counts = np.random.default_rng(8).poisson(seasonal(72, level=200, yearly=1.1))
    row = trends.fit_trend(monthly(counts), breaks=None).iloc[0]
    assert row["term"] == "trend, a year"
    assert row["value"] == pytest.approx(1.1, abs=0.015)
    assert row["lower_95_ci"] < 1.1 < row["upper_95_ci"]


def test_growing_residents_are_no_trend_in_the_rate():
    mean = seasonal(72, level=200, yearly=1.05)
    people = 10_000 * 1.05 ** (np.arange(72) / 12)
    counts = np.random.default_rng(9).poisson(mean)
    row = trends.fit_trend(monthly(counts, denominator=people), breaks=None).iloc[0]
    assert row["lower_95_ci"] < 1 < row["upper_95_ci"]


def broken():
    """Return counts without trend that double when recording changes in January 2021."""
    level = np.where(np.arange(72) >= 36, 2, 1) * seasonal(72, level=100)
    return monthly(np.random.default_rng(10).poisson(level))


def test_a_trend_across_a_registered_break_is_refused():
    register = breaks(("2021-01-01", None, "New recording rules"))
    with pytest.raises(
        DataError, match=r"New recording rules \(from January 2021\).*across_breaks"
    ):
        trends.fit_trend(broken(), breaks=register)


def test_an_override_fits_the_break_as_a_step_and_says_so():
    register = breaks(("2021-01-01", None, "New recording rules"))
    fitted = trends.fit_trend(broken(), breaks=register, across_breaks=True)
    assert fitted["term"].iloc[1] == "step: New recording rules"
    assert fitted["value"].iloc[1] == pytest.approx(2, rel=0.1)
    assert fitted["lower_95_ci"].iloc[0] < 1 < fitted["upper_95_ci"].iloc[0]
    assert "across 1 registered break: New recording rules" in fitted["note"].iloc[0]
    naive = trends.fit_trend(broken(), breaks=None).iloc[0]
    assert naive["lower_95_ci"] > 1.1
    assert "not checked" in naive["note"]


def test_a_disruption_that_ends_is_a_step_there_and_back():
    level = np.where((np.arange(72) >= 26) & (np.arange(72) <= 42), 0.6, 1) * seasonal(
        72, level=100
    )
    counts = monthly(np.random.default_rng(11).poisson(level))
    register = breaks(("2020-03-01", "2021-07-01", "Pandemic"))
    fitted = trends.fit_trend(counts, breaks=register, across_breaks=True)
    assert fitted["value"].iloc[1] == pytest.approx(0.6, rel=0.1)


def test_a_break_outside_the_series_is_no_obstacle():
    register = breaks(("2012-01-01", None, "Old"), ("2030-01-01", None, "To come"))
    fitted = trends.fit_trend(broken()[:36], breaks=register)
    assert fitted["note"].str.startswith("no registered break").all()


def test_only_breaks_that_part_what_is_compared_lie_between_two_periods():
    before, after = pd.date_range("2019-01-01", periods=12, freq="MS"), "2022-01-01"
    months = pd.Series([*before, *pd.date_range(after, periods=12, freq="MS")])
    register = breaks(
        ("2018-06-01", None, "Earlier"),
        ("2019-05-01", "2019-06-01", "Within the first"),
        ("2020-03-01", "2021-07-01", "Over before the second"),
        ("2020-04-01", None, "Lasting"),
        ("2022-12-01", "2023-06-01", "Last month"),
        ("2023-01-01", None, "Later"),
    )
    found = trends.breaks_within(register, months)["label"].tolist()
    assert found == ["Within the first", "Lasting", "Last month"]


def test_a_comparison_of_two_periods_carries_the_breaks_between_them():
    periods = pd.DataFrame(
        {
            "first": pd.to_datetime(["2019-01-01", "2020-01-01"]),
            "last": pd.to_datetime(["2019-03-01", "2020-03-01"]),
        }
    )
    register = breaks(("2019-09-01", None, "New rules"))
    assert trends.breaks_between(register, periods) == (
        "across 1 registered break: New rules (from September 2019)"
    )
    assert trends.breaks_between(breaks(), periods) == "no registered break between the periods"
    assert trends.breaks_between(None, periods) == "not checked against a register of breaks"


def test_a_series_wholly_within_a_disruption_does_not_cross_it():
    register = breaks(("2017-01-01", "2030-01-01", "Pandemic"))
    assert trends.breaks_within(register, broken()["month"]).empty


def test_a_series_that_starts_within_a_disruption_crosses_its_end():
    register = breaks(("2017-01-01", "2019-06-01", "Pandemic"))
    assert len(trends.breaks_within(register, broken()["month"])) == 1


def test_two_breaks_of_one_month_share_a_step():
    register = breaks(("2021-01-01", None, "Rules"), ("2021-01-05", None, "System"))
    fitted = trends.fit_trend(broken(), breaks=register, across_breaks=True)
    assert fitted["term"].iloc[1] == "step: Rules and System"


def test_a_register_that_cannot_be_read_is_named():
    with pytest.raises(DataError, match="no column label"):
        trends.fit_trend(broken(), breaks=pd.DataFrame({"date": ["2021-01-01"]}))
    with pytest.raises(DataError, match="1 of 1 breaks end before they begin, such as x"):
        trends.fit_trend(broken(), breaks=breaks(("2021-01-01", "2020-01-01", "x")))
    with pytest.raises(DataError, match="no readable date in 'date'"):
        trends.fit_trend(broken(), breaks=breaks(("soon", None, "x")))


def test_fit_trend_refuses_short_empty_and_hidden_series():
    with pytest.raises(DataError, match="11 months are too few"):
        trends.fit_trend(monthly([3] * 11), breaks=None)
    with pytest.raises(DataError, match="every count is 0"):
        trends.fit_trend(monthly([0] * 30), breaks=None)
    with pytest.raises(DataError, match="the count is missing in 1 of 30 months"):
        trends.fit_trend(monthly([None] + [3] * 29), breaks=None)
    with pytest.raises(DataError, match="not a whole number"):
        trends.fit_trend(monthly([3] * 30).assign(count=2.5), breaks=None)


def coverage_of_trend(draw, runs):
    held = 0
    for _ in range(runs):
        row = trends.fit_trend(monthly(draw()), breaks=None).iloc[0]
        held += row["lower_95_ci"] <= 1.05 <= row["upper_95_ci"]
    return held / runs


@pytest.mark.slow
@pytest.mark.parametrize(("level", "alpha"), [(8, 0), (60, 0.05), (8, 0.2)])
def test_fit_trend_covers_the_truth_clustered_or_not(level, alpha):
    rng = np.random.default_rng(12)
    mean = seasonal(60, level=level, yearly=1.05)

    def draw():
        noise = rng.gamma(1 / alpha, alpha, 60) if alpha else 1
        return rng.poisson(mean * noise)

    assert coverage_of_trend(draw, 100) == pytest.approx(0.95, abs=0.05)
