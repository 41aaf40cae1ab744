"""Slope and gap of inequality: hand-worked, and in simulation."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import inequality


def quintiles(counts, people=1_000, **columns):
    counts = pd.array(counts, dtype="Int64")
    return pd.DataFrame({"quintile": range(1, 6), "count": counts, "denominator": people} | columns)


def test_slope_and_relative_index_by_hand():
    # rates 10, 8, 6, 4, 2: each fifth is 2 more, so the line rises by 10 from end to end
    index = inequality.slope_index(quintiles([10_000, 8_000, 6_000, 4_000, 2_000], 1_000_000))
    assert index["value"].iloc[0] == pytest.approx(10)
    # rates 16, 8, 4, 2, 1: each fifth is twice the next, so five fifths are 2 to the fifth
    doubled = inequality.slope_index(quintiles([16_000, 8_000, 4_000, 2_000, 1_000], 1_000_000))
    assert doubled["value"].iloc[1] == pytest.approx(32)
    assert index["statistic"].tolist() == [
        "slope index of inequality per 1,000",
        "relative index of inequality",
    ]


def test_the_slope_is_the_weighted_regression_of_statsmodels():
    import statsmodels.api as sm

    counts, people = np.array([90, 60, 55, 30, 12]), np.array([800, 1_100, 950, 1_200, 700])
    share = (people / people.sum())[::-1]
    middle = np.cumsum(share) - share / 2
    rate = (counts / people * 1_000)[::-1]
    line = sm.WLS(rate, sm.add_constant(middle), weights=share).fit().params
    value = inequality.slope_index(quintiles(counts, people))["value"]
    assert value.iloc[0] == pytest.approx(line[1])


def test_the_relative_index_and_its_interval_are_those_of_a_poisson_model_of_statsmodels():
    import statsmodels.api as sm

    counts, people = np.array([90, 60, 55, 30, 12]), np.array([800, 1_100, 950, 1_200, 700])
    share = (people / people.sum())[::-1]
    design = sm.add_constant(np.cumsum(share) - share / 2)
    model = sm.GLM(counts[::-1], design, family=sm.families.Poisson(), exposure=people[::-1])
    row = inequality.slope_index(quintiles(counts, people)).iloc[1]
    assert row["value"] == pytest.approx(np.exp(model.fit().params[1]))
    # a group's variance is its count, so the bread is the model's and the filling nearly is
    width = np.log(row["upper_95_ci"] / row["lower_95_ci"]) / 2 / 1.959964
    assert width == pytest.approx(model.fit().bse[1], rel=0.05)
    # the test of fit is close to the deviance test with three degrees of freedom
    from scipy.stats import chi2

    assert row["fit_p_value"] == pytest.approx(chi2.sf(model.fit().deviance, 3), abs=0.03)


@pytest.mark.parametrize("true", [1 / 5.8, 1, 3, 5.8, 8, 12])
def test_exact_counts_on_a_log_linear_gradient_give_the_ratio_that_was_planted(true):
    rate = 20 * true ** np.array([0.9, 0.7, 0.5, 0.3, 0.1])
    index = inequality.slope_index(quintiles(np.round(rate * 1_000).astype(int), 1_000_000))
    assert index["value"].iloc[1] == pytest.approx(true, rel=2e-3)
    assert index["fit"].iloc[1] == "fits"


def test_a_line_that_the_groups_do_not_lie_on_is_said_not_to_hold():
    steep = inequality.slope_index(quintiles([3_200, 1_600, 800, 400, 200], 100_000))
    assert steep["fit"].tolist() == ["does not fit", "fits"]
    even = inequality.slope_index(quintiles([5_000, 4_000, 3_000, 2_000, 1_000], 100_000))
    assert even["fit"].tolist() == ["fits", "does not fit"]
    # where areas vary much, neither can be told from the other
    unsure = quintiles([3_200, 1_600, 800, 400, 200], 100_000, dispersion=100.0)
    assert inequality.slope_index(unsure)["fit"].tolist() == ["fits", "fits"]


@pytest.mark.slow
@pytest.mark.parametrize("family", ["straight", "log"])
def test_one_line_in_twenty_that_holds_is_said_not_to(family):
    at, rng = np.array([0.9, 0.7, 0.5, 0.3, 0.1]), np.random.default_rng(8)
    rate = 40 + 160 * at if family == "straight" else 50 * 5**at
    refused = 0
    for _ in range(200):
        fits = inequality.slope_index(quintiles(rng.poisson(rate), 10_000))["fit"]
        refused += fits.iloc[int(family == "log")] == "does not fit"
    assert 0.01 <= refused / 200 <= 0.09


def test_each_group_may_have_a_dispersion_of_its_own():
    counts = [200, 180, 160, 150, 130]
    for function in (inequality.slope_index, inequality.relative_gap):
        told = function(quintiles(counts, dispersion=4.0))
        one = function(quintiles(counts, dispersion=[4.0, 1, 1, 1, 1]))
        width = [t["upper_95_ci"] - t["lower_95_ci"] for t in (function(quintiles(counts)), one)]
        assert (width[1] > width[0]).all()
        assert (width[1] < told["upper_95_ci"] - told["lower_95_ci"]).all()


def test_equal_rates_have_slope_0_and_ratio_1_and_intervals_that_hold_them():
    index = inequality.slope_index(quintiles([50] * 5))
    assert index["value"].tolist() == pytest.approx([0, 1])
    assert (index["lower_95_ci"] < [0, 1]).all()
    assert (index["upper_95_ci"] > [0, 1]).all()


def test_the_order_of_rows_and_the_input_do_not_change():
    given = quintiles([90, 60, 55, 30, 12])
    before = given.copy()
    assert_frame_equal(inequality.slope_index(given), inequality.slope_index(given[::-1]))
    assert_frame_equal(given, before)


@pytest.mark.parametrize("function", [inequality.slope_index, inequality.relative_gap])
def test_the_same_table_gives_the_same_limits_and_99_8_holds_95(function):
    first, again = (function(quintiles([200, 180, 160, 150, 130])) for _ in range(2))
    assert_frame_equal(first, again)
    order = ["lower_99_8_ci", "lower_95_ci", "value", "upper_95_ci", "upper_99_8_ci"]
    assert (first[order].diff(axis=1).iloc[:, 1:] > 0).all(axis=None)


@pytest.mark.parametrize("function", [inequality.slope_index, inequality.relative_gap])
def test_rounding_and_clustering_widen(function):
    counts = [200, 180, 160, 150, 130]
    plain = function(quintiles(counts))
    for wide in (
        function(quintiles(counts, count_error=2)),
        function(quintiles(counts, dispersion=2)),
    ):
        assert (wide["lower_95_ci"] < plain["lower_95_ci"]).all()
        assert (wide["upper_95_ci"] > plain["upper_95_ci"]).all()


@pytest.mark.parametrize("function", [inequality.slope_index, inequality.relative_gap])
def test_a_total_is_left_out(function):
    own = quintiles([90, 60, 55, 30, 12])
    whole = pd.DataFrame({"quintile": ["All"], "count": [247], "denominator": [5_000]})
    assert_frame_equal(function(pd.concat([own, whole])), function(own))


def test_the_relative_index_has_a_bound_where_a_straight_line_crosses_0():
    row = inequality.slope_index(quintiles([500, 100, 20, 5, 0])).iloc[1]
    assert 1_000 < row["lower_99_8_ci"] < row["value"] < row["upper_99_8_ci"] < np.inf


def test_no_events_at_all_have_no_relative_index():
    index = inequality.slope_index(quintiles([0] * 5))
    assert index["value"].iloc[0] == 0
    assert index.loc[1, ["value", "lower_95_ci", "upper_95_ci"]].isna().all()


def test_a_hidden_count_gives_no_index():
    index = inequality.slope_index(quintiles([90, None, 55, 30, 12]))
    assert index[["value", "lower_95_ci", "upper_99_8_ci"]].isna().all(axis=None)
    gap = inequality.relative_gap(quintiles([None, 60, 55, 30, 12]))
    assert gap[["value", "lower_95_ci", "upper_95_ci"]].isna().all(axis=None)


@pytest.mark.slow
@pytest.mark.parametrize("true", [[60, 40, 30, 20, 15], [600, 400, 300, 200, 150]])
def test_slope_index_covers_the_truth(true):
    people, rng = np.array([900, 1_000, 1_100, 1_000, 1_000]), np.random.default_rng(3)
    truth = inequality.slope_index(quintiles([count * 1_000 for count in true], people * 1_000))
    held = np.zeros(2)
    for _ in range(150):
        index = inequality.slope_index(quintiles(rng.poisson(true), people))
        held += index["lower_95_ci"].le(truth["value"]) & index["upper_95_ci"].ge(truth["value"])
    assert (held / 150 >= 0.9).all()


@pytest.mark.slow
@pytest.mark.parametrize("function", [inequality.slope_index, inequality.relative_gap])
def test_the_truth_is_covered_where_offences_cluster_only_if_told(function):
    sizes, chance = np.array([1, 2, 6]), np.array([0.7, 0.2, 0.1])
    spread = (chance @ sizes**2) / (chance @ sizes)
    true, rng = np.array([180, 120, 90, 60, 45]), np.random.default_rng(6)
    truth = function(quintiles(true * 1_000, 1_000_000))["value"]
    held = {1.0: np.zeros(2), spread: np.zeros(2)}
    for _ in range(80):
        incidents = rng.poisson(np.outer(chance, true) / (chance @ sizes))
        for told, sums in held.items():
            found = function(quintiles(sizes @ incidents, dispersion=told))
            sums += found["lower_95_ci"].le(truth) & found["upper_95_ci"].ge(truth)
    assert (held[1.0] / 80 < 0.85).all()
    assert (held[spread] / 80 >= 0.9).all()


def test_gap_by_hand_leaves_out_the_middle():
    gap = inequality.relative_gap(quintiles([40, 999, 999, 999, 10]))
    assert gap["value"].tolist() == pytest.approx([4, 30])
    assert gap["statistic"].tolist() == [
        "ratio of rates, most over least deprived",
        "difference of rates per 1,000, most less least deprived",
    ]


@pytest.mark.slow
def test_the_difference_covers_the_truth():
    rng = np.random.default_rng(4)
    held = 0
    for most, least in rng.poisson([30, 12], size=(200, 2)):
        gap = inequality.relative_gap(quintiles([most, 1, 1, 1, least])).iloc[1]
        held += gap["lower_95_ci"] <= 18 <= gap["upper_95_ci"]
    assert held / 200 >= 0.92


def test_faults_are_named():
    with pytest.raises(DataError, match="2 groups are too few"):
        inequality.slope_index(quintiles([5, 4, 3, 2, 1])[:2])
    with pytest.raises(DataError, match="missing or repeated"):
        inequality.slope_index(pd.concat([quintiles([5, 4, 3, 2, 1])] * 2))
    with pytest.raises(DataError, match="'denominator' is 0 or missing in 5"):
        inequality.slope_index(quintiles([5, 4, 3, 2, 1], 0))
    with pytest.raises(DataError, match="negative"):
        inequality.relative_gap(quintiles([5, 4, 3, 2, -1]))
    with pytest.raises(DataError, match="column 'quintile' is missing"):
        inequality.slope_index(quintiles([5, 4, 3, 2, 1]).drop(columns="quintile"))
