"""Rates, proportions, comparisons: hand-worked, against R, and in simulation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import rates
from vrn_analysis.methods.rates import intervals

ORACLES = Path(__file__).parent / "oracles"
LIMITS = ["lower_95_ci", "upper_95_ci", "lower_99_8_ci", "upper_99_8_ci"]


def table(counts, denominator=100, **columns):
    counts = pd.array(counts, dtype="Int64")
    return pd.DataFrame({"count": counts, "denominator": denominator, **columns})


# values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "expected", "method"),
    [
        (0, (0, 3.688879, 0, 6.907755), "exact Poisson"),
        (1, (0.025318, 5.571643, 0.001001, 9.233413), "exact Poisson"),
        (5, (1.623486, 11.668332, 0.739372, 16.454745), "exact Poisson"),
        (20, (12.211429, 30.889880, 8.922802, 38.085036), "Byar"),
        (65, (50.163188, 82.849139, 42.880261, 94.000291), "Byar"),
    ],
)
def test_crude_rate_has_the_published_limits(count, expected, method):
    row = rates.crude_rate(table([count]), per=100).iloc[0]
    assert row["value"] == count
    assert row[LIMITS].astype(float).tolist() == pytest.approx(expected, abs=1e-6)
    assert row["method"] == method
    assert row["statistic"] == "crude rate per 100"


def test_exact_limits_equal_r():
    oracle = pd.read_csv(ORACLES / "r_exact_poisson_ci.csv")
    for confidence, name in ((0.95, "95"), (0.998, "998")):
        lower, upper = intervals.exact_poisson(oracle["x"], confidence=confidence)
        np.testing.assert_allclose(lower, oracle[f"lo{name}"], rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(upper, oracle[f"hi{name}"], rtol=1e-11)


def test_9_events_are_exact_and_10_are_byars():
    done = rates.crude_rate(table([9, 10]))
    assert done["method"].tolist() == ["exact Poisson", "Byar"]


def test_wilson_has_the_published_limits():
    row = rates.proportion(table([65])).iloc[0]
    expected = (0.552544, 0.736358, 0.495495, 0.778354)
    assert row[LIMITS].astype(float).tolist() == pytest.approx(expected, abs=1e-6)


def test_wilson_equals_statsmodels():
    from statsmodels.stats.proportion import proportion_confint

    counts = np.arange(0, 41)
    ours = rates.proportion(table(counts, 40))
    lower, upper = proportion_confint(counts, 40, alpha=0.05, method="wilson")
    np.testing.assert_allclose(ours["lower_95_ci"], lower, atol=1e-12)
    np.testing.assert_allclose(ours["upper_95_ci"], upper, atol=1e-12)


def test_a_percentage_is_a_hundred_proportions():
    share, percent = rates.proportion(table([3, 40])), rates.proportion(table([3, 40]), per=100)
    np.testing.assert_allclose(percent["value"], 100 * share["value"])
    assert set(percent["statistic"]) == {"percentage"}


def test_the_count_itself_gets_an_interval_without_a_denominator():
    row = rates.count_interval(table([20]).drop(columns="denominator")).iloc[0]
    assert (row["value"], row["statistic"]) == (20, "count")
    assert row["upper_95_ci"] == pytest.approx(30.889880)


def test_the_input_is_left_as_it_was():
    given_table = table([1, None, 12], count_error=2, area_code=["a", "b", "c"])
    before = given_table.copy()
    for function in (rates.crude_rate, rates.proportion, rates.count_interval):
        assert_frame_equal(function(given_table)[before.columns], before)
        assert_frame_equal(given_table, before)


# zero, missing, rounded, clustered ----------------------------------------------------------------


def test_zero_events_have_a_rate_and_an_upper_limit():
    done = rates.crude_rate(table([0, 0]))
    assert done["value"].tolist() == [0, 0]
    assert (done["upper_95_ci"] > 0).all()


def test_a_hidden_count_gives_no_value_no_interval_and_says_so():
    for function in (rates.crude_rate, rates.proportion):
        row = function(table([None, 5], count_error=2)).iloc[0]
        assert row[["value", *LIMITS]].isna().all()
        assert row["method"] == "none: count is missing"


def test_a_denominator_of_0_gives_no_value_and_says_so():
    for function, counts in ((rates.crude_rate, [3, 0]), (rates.proportion, [0, 0])):
        done = function(table(counts, [0, 0]))
        assert done[["value", *LIMITS]].isna().all(axis=None)
        assert set(done["method"]) == {"none: no denominator"}


def test_a_missing_denominator_gives_no_value():
    assert rates.crude_rate(table([3], [np.nan]))["value"].isna().all()


def test_rounding_widens_the_interval_to_those_of_both_ends():
    rounded = rates.crude_rate(table([10], count_error=2), per=100).iloc[0]
    ends = rates.crude_rate(table([8, 12]), per=100)
    assert rounded["lower_95_ci"] == ends["lower_95_ci"].iloc[0]
    assert rounded["upper_95_ci"] == ends["upper_95_ci"].iloc[1]
    assert rounded["method"] == "Byar, widened for rounding"


@pytest.mark.slow
@given(
    true=st.integers(0, 400),
    shift=st.integers(-4, 4),
    rest=st.integers(0, 500),
    off=st.integers(-4, 4),
)
@settings(max_examples=200, deadline=None)
def test_the_interval_of_a_rounded_count_covers_that_of_the_true_one(true, shift, rest, off):
    whole = true + rest + 5
    truth = table([true], whole)
    shown = table([max(true + shift, 0)], whole + off, count_error=4, denominator_error=4)
    for function in (rates.crude_rate, rates.proportion):
        narrow, wide = function(truth).iloc[0], function(shown).iloc[0]
        for level in ("95", "99_8"):
            assert wide[f"lower_{level}_ci"] <= narrow[f"lower_{level}_ci"] + 1e-12
            assert wide[f"upper_{level}_ci"] >= narrow[f"upper_{level}_ci"] - 1e-12


@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=30), st.sampled_from([1.0, 1.7, 4.0]))
@settings(max_examples=100, deadline=None)
def test_value_lies_within_95_within_99_8(counts, dispersion):
    done = rates.crude_rate(table(counts), dispersion=dispersion)
    order = ["lower_99_8_ci", "lower_95_ci", "value", "upper_95_ci", "upper_99_8_ci"]
    assert (done[order].diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None)


def test_clustering_widens_the_interval_by_the_root_of_the_dispersion():
    once = rates.crude_rate(table([10_000])).iloc[0]
    four = rates.crude_rate(table([10_000]), dispersion=4).iloc[0]
    width = [row["upper_95_ci"] - row["lower_95_ci"] for row in (once, four)]
    assert width[1] / width[0] == pytest.approx(2, rel=0.01)
    assert "dispersion 4.00" in four["method"]


def test_dispersion_of_incidents_that_bring_one_offence_each_is_1():
    assert rates.dispersion_of_incidents(pd.Series([1, 1, 1])) == 1
    assert rates.dispersion_of_incidents(pd.Series([1, 1, 4])) == 18 / 6


def test_dispersion_of_a_series_ignores_a_slow_trend():
    rng = np.random.default_rng(1)
    level = np.linspace(50, 200, 400)
    assert rates.dispersion_of_series(pd.Series(rng.poisson(level))) == pytest.approx(1, abs=0.2)
    clustered = pd.Series(3 * rng.poisson(level / 3))
    assert rates.dispersion_of_series(clustered) == pytest.approx(3, rel=0.2)
    assert rates.dispersion_of_series(pd.Series([0] * 12)) == 1


def test_dispersion_of_a_series_does_not_reach_across_a_gap():
    # neighbours never differ; what lies on either side of the gap does
    level = pd.Series([10] * 12 + [None] + [90] * 12)
    assert rates.dispersion_of_series(level) == 1


# coverage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [0.5, 3, 9.5, 25, 400])
def test_crude_rate_covers_the_truth(mean):
    counts = np.random.default_rng(5).poisson(mean, 20_000)
    done = rates.crude_rate(table(counts, 1), per=1)
    for level, nominal in (("95", 0.95), ("99_8", 0.998)):
        held = (done[f"lower_{level}_ci"] <= mean) & (mean <= done[f"upper_{level}_ci"])
        assert held.mean() >= nominal - 0.003


@pytest.mark.parametrize("share", [0.1, 0.35, 0.9])
def test_proportion_covers_the_truth_on_average(share):
    counts = np.random.default_rng(6).binomial(80, share, 20_000)
    done = rates.proportion(table(counts, 80))
    held = (done["lower_95_ci"] <= share) & (share <= done["upper_95_ci"])
    assert held.mean() == pytest.approx(0.95, abs=0.015)


def test_clustered_offences_are_covered_with_their_dispersion_and_not_without():
    rng = np.random.default_rng(7)
    sizes = np.array([1, 2, 6])
    chance = np.array([0.7, 0.2, 0.1])
    counts = rng.poisson(60 * chance, size=(4_000, 3)) @ sizes
    mean = 60 * chance @ sizes
    spread = rates.dispersion_of_incidents(pd.Series(rng.choice(sizes, 5_000, p=chance)))
    held = {}
    for dispersion in (1.0, spread):
        done = rates.count_interval(table(counts), dispersion=dispersion)
        held[dispersion] = ((done["lower_95_ci"] <= mean) & (mean <= done["upper_95_ci"])).mean()
    assert held[1.0] < 0.85
    assert held[spread] >= 0.94


# bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [rates.crude_rate, rates.proportion, rates.funnel_limits])
def test_every_fault_is_reported_at_once(function):
    bad = pd.DataFrame({"count": [-1, 2.5, 3], "denominator": [10, -4, 20]})
    with pytest.raises(DataError) as fault:
        function(bad)
    for words in ("'count' is negative in 1 of 3 rows (-1)", "not a whole number", "(2.5)", "(-4)"):
        assert words in str(fault.value)


def test_a_missing_column_and_text_are_named():
    with pytest.raises(DataError, match="column 'denominator' is missing"):
        rates.crude_rate(table([1]).drop(columns="denominator"))
    with pytest.raises(DataError, match="column 'count' does not hold numbers"):
        rates.crude_rate(pd.DataFrame({"count": ["*", "5"], "denominator": [1, 1]}))


def test_a_proportion_of_more_than_its_denominator_is_refused():
    with pytest.raises(DataError, match=r"above 'denominator' in 1 of 2 rows \(12\)"):
        rates.proportion(table([12, 3], 10))


def test_a_rounded_count_may_pass_its_rounded_denominator():
    row = rates.proportion(table([10], 8, count_error=2)).iloc[0]
    assert (row["value"], row["upper_95_ci"]) == (1, 1)


def test_events_over_people_never_get_a_wilson_interval():
    repeats = table([3], count_of="offences", denominator_of="residents")
    with pytest.raises(DataError, match=r"rates\.crude_rate"):
        rates.proportion(repeats)
    rates.proportion(table([3], count_of="offences", denominator_of="offences"))


def test_victims_under_25_over_residents_of_all_ages_are_refused():
    with pytest.raises(DataError, match="'0-24' over '0-120'"):
        rates.crude_rate(table([3], count_ages="0-24", denominator_ages="0-120"))


def test_one_row_and_no_row_work():
    assert len(rates.crude_rate(table([7]))) == 1
    assert rates.crude_rate(table([])).empty


@pytest.mark.parametrize("dispersion", [0.5, 0, -1, np.nan, np.inf])
def test_a_dispersion_below_1_is_refused(dispersion):
    with pytest.raises(DataError, match="must be 1 or more"):
        rates.crude_rate(table([7]), dispersion=dispersion)


# standardised -------------------------------------------------------------------------------------


def ages(counts, denominators, **columns):
    return pd.DataFrame(
        {"age_band": rates.ESP2013.index, "count": counts, "denominator": denominators, **columns}
    )


def test_the_european_standard_population_has_19_bands_of_100_000_people():
    assert (len(rates.ESP2013), rates.ESP2013.sum()) == (19, 100_000)
    assert rates.ESP2013.index[[0, 4, -1]].tolist() == ["0-4", "20-24", "90+"]


def test_standardised_rate_by_hand():
    # three bands of 500, 300 and 200 people; events 10, 20, 30 over 1,000, 2,000, 1,000
    standard = pd.Series([500, 300, 200], index=["0-17", "18-24", "25+"])
    group = pd.DataFrame(
        {
            "area_code": "a",
            "age_band": standard.index,
            "count": [10, 20, 30],
            "denominator": [1_000, 2_000, 1_000],
        }
    )
    row = rates.age_standardised_rate(group, by=["area_code"], standard=standard, per=1_000).iloc[0]
    assert row["value"] == pytest.approx(0.5 * 10 + 0.3 * 10 + 0.2 * 30)
    variance = (0.25 * 10 / 1e6 + 0.09 * 20 / 4e6 + 0.04 * 30 / 1e6) * 1e6
    byar = intervals.byar(np.array([60.0]))
    root = np.sqrt(variance / 60)
    assert row["lower_95_ci"] == pytest.approx(14 + root * (byar[0][0] - 60))
    assert row["upper_95_ci"] == pytest.approx(14 + root * (byar[1][0] - 60))
    assert (row["count"], row["denominator"]) == (60, 4_000)


def test_equal_rates_at_every_age_standardise_to_that_rate():
    done = rates.age_standardised_rate(ages(20, 10_000), by=[])
    assert done["value"].iloc[0] == pytest.approx(200)


def test_fewer_than_10_events_are_not_standardised():
    few, enough = [0] * 18 + [9], [0] * 18 + [10]
    both = pd.concat([ages(few, 1_000, area_code="a"), ages(enough, 1_000, area_code="b")])
    done = rates.age_standardised_rate(both, by=["area_code"])
    assert done["value"].isna().tolist() == [True, False]
    assert done["method"].tolist() == ["none: fewer than 10 events", "Dobson"]


def test_a_hidden_band_hides_the_standardised_rate():
    hidden = ages(20, 1_000).astype({"count": "Int64"})
    hidden.loc[3, "count"] = pd.NA
    row = rates.age_standardised_rate(hidden, by=[]).iloc[0]
    assert pd.isna(row["value"])
    assert row["method"] == "none: a count is missing"


def test_bands_of_the_young_are_standardised_within_themselves():
    row = rates.age_standardised_rate(ages(20, 10_000)[:5], by=[]).iloc[0]
    assert row["value"] == pytest.approx(200)
    assert row["statistic"].endswith("5 bands of age")


def test_rounded_bands_hold_every_standardised_interval_that_rounding_allows():
    rng = np.random.default_rng(2)
    true, people = rng.integers(3, 60, 19), rng.integers(500, 9_000, 19)
    shown = 5 * np.round(true / 5).astype(int)
    exact = rates.age_standardised_rate(ages(true, people), by=[]).iloc[0]
    wide = rates.age_standardised_rate(ages(shown, people, count_error=2), by=[]).iloc[0]
    assert wide["lower_95_ci"] <= exact["lower_95_ci"]
    assert wide["upper_95_ci"] >= exact["upper_95_ci"]


def test_a_group_that_lacks_a_band_is_named():
    both = pd.concat([ages(9, 100, area_code="a"), ages(9, 100, area_code="b")[:-1]])
    with pytest.raises(DataError, match="1 groups lack a band of age"):
        rates.age_standardised_rate(both, by=["area_code"])


def test_bands_that_the_standard_does_not_know_are_named():
    with pytest.raises(DataError, match="10-17"):
        rates.age_standardised_rate(
            pd.DataFrame({"age_band": ["10-17"], "count": [10], "denominator": [100]}), by=[]
        )


def test_standardised_rate_covers_the_truth():
    rng = np.random.default_rng(8)
    people, risk = rng.integers(500, 9_000, 19), rng.uniform(0.5, 6, 19) / 1_000
    draws = rng.poisson(people * risk, size=(600, 19))
    many = pd.concat([ages(row, people, area_code=str(n)) for n, row in enumerate(draws)])
    done = rates.age_standardised_rate(many, by=["area_code"])
    truth = (risk * rates.ESP2013).sum()
    held = (done["lower_95_ci"] <= truth) & (truth <= done["upper_95_ci"])
    assert held.mean() == pytest.approx(0.95, abs=0.025)


def test_standardised_rate_and_ratio_cover_the_truth_where_offences_cluster_only_if_told():
    rng = np.random.default_rng(10)
    sizes, chance = np.array([1, 2, 6]), np.array([0.7, 0.2, 0.1])
    spread = (chance @ sizes**2) / (chance @ sizes)
    people, risk = rng.integers(500, 9_000, 19), rng.uniform(0.5, 6, 19) / 1_000
    mean = people * risk / (chance @ sizes)
    draws = sum(
        n * rng.poisson(mean * p, size=(600, 19)) for n, p in zip(sizes, chance, strict=True)
    )
    many = pd.concat([ages(row, people, area_code=str(n)) for n, row in enumerate(draws)])
    reference = ages(np.round(risk * 10**9), 10**9)
    held = {}
    for told in (1.0, spread):
        given_ = {"by": ["area_code"], "dispersion": told}
        rate = rates.age_standardised_rate(many, **given_)
        ratio = rates.standardised_ratio(many, reference=reference, **given_)
        held[told] = [
            ((done["lower_95_ci"] <= truth) & (truth <= done["upper_95_ci"])).mean()
            for done, truth in ((rate, (risk * rates.ESP2013).sum()), (ratio, 100))
        ]
    assert max(held[1.0]) < 0.85
    assert held[spread] == pytest.approx([0.95, 0.95], abs=0.025)


def test_standardised_ratio_has_the_published_value():
    # 91 observed against 835.883561 expected
    band = {"age_band": ["all"]}
    own = pd.DataFrame({**band, "count": [91], "denominator": [1_000]})
    reference = pd.DataFrame({**band, "count": [835_883_561], "denominator": [1_000_000_000]})
    row = rates.standardised_ratio(own, by=[], reference=reference).iloc[0]
    found = row[["value", "lower_95_ci", "upper_95_ci"]].astype(float).tolist()
    assert found == pytest.approx([10.886684, 8.765040, 13.366576], abs=1e-6)
    assert row["expected"] == pytest.approx(835.883561)


def test_the_reference_against_itself_is_100():
    own = ages(range(1, 20), 1_000)
    row = rates.standardised_ratio(own, by=[], reference=own).iloc[0]
    assert row["value"] == pytest.approx(100)


# comparison ---------------------------------------------------------------------------------------


def test_funnel_agrees_with_the_exact_test():
    from scipy.stats import poisson

    counts = np.arange(0, 60)
    done = rates.funnel_limits(table(counts, 1_000), benchmark=20, over_dispersion=False)
    high = poisson.sf(counts - 1, 20) <= 0.025
    low = poisson.cdf(counts, 20) <= 0.025
    assert (done["funnel_result"].str.startswith("high") == high).all()
    assert (done["funnel_result"].str.startswith("low") == low).all()


def test_a_funnel_narrows_with_size_and_zero_is_not_low_where_little_is_expected():
    done = rates.funnel_limits(table([0, 20, 200], [100, 1_000, 10_000]), benchmark=20)
    assert done["funnel_upper_95"].is_monotonic_decreasing
    assert done["funnel_result"].tolist() == ["within"] * 3


def test_over_dispersion_widens_the_funnel_and_takes_few_areas_out_of_control():
    rng = np.random.default_rng(3)
    truth = 40 * rng.gamma(10, 0.1, 300)
    areas = table(rng.poisson(truth), 1_000)
    plain = rates.funnel_limits(areas, over_dispersion=False)
    wide = rates.funnel_limits(areas)
    assert (plain["funnel_result"] != "within").mean() > 0.2
    assert (wide["funnel_result"] != "within").mean() < 0.12
    assert wide["dispersion"].iloc[0] > 2


def test_a_total_is_not_counted_twice():
    areas = table(
        [40, 4, 200, 100, 90], [1_000, 100, 20_000, 9_000, 4_000], area_code=list("abcde")
    )
    whole = table([434], [34_100], area_code=["All"])
    both = pd.concat([areas, whole], ignore_index=True)
    for function in (rates.funnel_limits, rates.empirical_bayes_rate):
        assert_frame_equal(function(both, of="area_code").iloc[:5], function(areas))


def test_a_rounded_count_is_outside_the_funnel_only_if_rounding_cannot_explain_it():
    shown = table([30, 34], 1_000, count_error=2)
    assert rates.funnel_limits(shown, benchmark=20)["funnel_result"].tolist() == [
        "within",
        "high (95%)",
    ]
    exact = rates.funnel_limits(shown.drop(columns="count_error"), benchmark=20)
    assert exact["funnel_result"].iloc[0] == "high (95%)"


def test_the_benchmark_of_a_funnel_is_all_counts_over_all_denominators_however_small():
    few = rates.funnel_limits(table([1, 2], [0.2, 0.3]), per=1)
    assert few["benchmark"].tolist() == pytest.approx([6, 6])


def test_a_funnel_without_events_is_refused():
    with pytest.raises(DataError, match="above 0"):
        rates.funnel_limits(table([0, 0, 0]))


# empirical Bayes ----------------------------------------------------------------------------------


def test_empirical_bayes_equals_spdep():
    oracle = pd.read_csv(ORACLES / "r_spdep_EBest_ncsids79.csv")
    areas = oracle.rename(columns={"cases": "count", "pop": "denominator"})
    done = rates.empirical_bayes_rate(areas, per=1)
    np.testing.assert_allclose(done["value"], oracle["eb"], rtol=1e-12)
    assert done["value"].iloc[0] == pytest.approx(0.001624925, abs=1e-9)


def test_empirical_bayes_equals_esda():
    esda = pytest.importorskip("esda.smoothing")
    rng = np.random.default_rng(4)
    people = rng.integers(200, 4_000, 200)
    counts = rng.poisson(people * rng.gamma(4, 0.002, 200))
    done = rates.empirical_bayes_rate(table(counts, people), per=1)
    np.testing.assert_allclose(done["value"], esda.Empirical_Bayes(counts, people).r.ravel())


def test_empirical_bayes_lies_between_the_area_and_all_and_small_areas_move_most():
    done = rates.empirical_bayes_rate(table([40, 4, 200, 100], [1_000, 100, 20_000, 9_000]), per=1)
    raw = done["count"].astype(float) / done["denominator"]
    whole = done["count"].sum() / done["denominator"].sum()
    assert done["value"].between(np.minimum(raw, whole), np.maximum(raw, whole)).all()
    assert done["weight"].iloc[1] == done["weight"].min()


def test_areas_that_vary_by_chance_only_all_get_the_common_rate():
    done = rates.empirical_bayes_rate(table([10, 10, 10], 100), per=100)
    assert done["value"].tolist() == pytest.approx([10, 10, 10])
    assert (done["weight"] == 0).all()
    assert done["lower_95_ci"].between(5, 10).all()


def test_empirical_bayes_leaves_out_areas_without_a_count_or_people():
    known = rates.empirical_bayes_rate(table([3, 12, 20], [100, 300, 350]))
    more = rates.empirical_bayes_rate(table([3, 12, 20, None, 4], [100, 300, 350, 200, 0]))
    assert_frame_equal(more.iloc[:3], known)
    assert more["value"].iloc[3:].isna().all()
    with pytest.raises(DataError, match="at least two"):
        rates.empirical_bayes_rate(table([3], [100]))


def test_empirical_bayes_of_no_events_at_all_is_0_with_an_upper_limit():
    # 600 people and no event: the exact upper limit of the rate of all areas
    done = rates.empirical_bayes_rate(table([0, 0, 0], [100, 200, 300]))
    assert (done[["value", "lower_95_ci", "lower_99_8_ci"]] == 0).all(axis=None)
    assert done["upper_95_ci"].tolist() == pytest.approx([3.688879 / 600 * 1_000] * 3)


def test_empirical_bayes_intervals_cover_true_rates():
    rng = np.random.default_rng(9)
    people = rng.integers(500, 3_000, 3_000)
    truth = rng.gamma(5, 0.002, 3_000)
    done = rates.empirical_bayes_rate(table(rng.poisson(people * truth), people), per=1)
    held = (done["lower_95_ci"] <= truth) & (truth <= done["upper_95_ci"])
    assert held.mean() == pytest.approx(0.95, abs=0.015)
