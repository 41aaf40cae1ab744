"""Change between two periods: exact limits, dispersion, and no rise found by chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vrn_analysis import hotspots
from vrn_analysis.errors import DataError
from vrn_analysis.hotspots.change import dispersion_of_change


def places(before, after):
    return pd.DataFrame({"count": before, "next_count": after})


def test_one_place_by_hand():
    # 8 then 20: exact binomial limits of 20 / 28 as odds; one place has no dispersion
    found = hotspots.change(places([8], [20])).iloc[0]
    limits = stats.binomtest(20, 28).proportion_ci(method="exact")
    assert found["difference"] == 12
    assert found["ratio"] == 2.5
    assert found["dispersion"] == 1
    assert found["lower_95_ci"] == pytest.approx(limits.low / (1 - limits.low))
    assert found["upper_95_ci"] == pytest.approx(limits.high / (1 - limits.high))
    assert found["p_value"] == pytest.approx(2 * stats.binom.sf(19, 28, 0.5))
    assert found["change_category"] == "rise"


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.25, 4))
def test_interval_and_test_agree(before, after, length):
    found = hotspots.change(places([before], [after]), length_ratio=length).iloc[0]
    if before + after == 0:
        assert found["change_category"] == "no events"
        assert found[["ratio", "lower_95_ci", "upper_95_ci", "p_value"]].isna().all()
        return
    share = length / (1 + length)
    tails = [stats.binom.sf(after - 1, before + after, share)]
    tails.append(stats.binom.cdf(after, before + after, share))
    assert found["p_value"] == pytest.approx(min(1, 2 * min(tails)), rel=1e-6)
    beyond_one = found["lower_95_ci"] > 1 or found["upper_95_ci"] < 1
    if abs(found["p_value"] - 0.05) > 1e-6:
        assert beyond_one == (found["p_value"] < 0.05)


def test_nothing_before_or_nothing_after():
    found = hotspots.change(places([0, 6, 0], [6, 0, 0]))
    assert found["ratio"].isna().tolist() == [True, False, True]
    assert found["upper_95_ci"].iloc[0] == np.inf
    assert found["lower_95_ci"].iloc[0] > 0
    assert found["lower_95_ci"].iloc[1] == 0
    assert found["change_category"].tolist()[2] == "no events"


def test_lengths_of_the_periods_count():
    found = hotspots.change(places([60], [30]), length_ratio=0.5).iloc[0]
    assert found["ratio"] == 1
    assert found["difference"] == 0
    assert found["change_category"] == "no clear change"


def test_dispersion_by_hand():
    before, after = np.array([10.0, 20, 2]), np.array([20.0, 10, 1])
    # 30 of 60 in both, the third place has too few events: (5² / 7.5) twice, over 1
    assert dispersion_of_change(before, after) == pytest.approx(2 * 25 / 7.5)
    assert dispersion_of_change(np.array([10.0, 10]), np.array([10.0, 10])) == 1
    assert dispersion_of_change(np.array([1.0, 1]), np.array([1.0, 0])) == 1
    assert dispersion_of_change(np.array([0.0, 0]), np.array([9.0, 9])) == 1


def test_dispersion_widens_the_interval():
    rng = np.random.default_rng(2)
    risk = rng.gamma(5, 8, (2, 100))
    table = places(*rng.poisson(risk))
    found = hotspots.change(table)
    assert found["dispersion"].iloc[0] > 3
    alone = hotspots.change(table.head(1)).iloc[0]
    assert found["upper_95_ci"].iloc[0] > alone["upper_95_ci"]


@pytest.mark.slow
def test_changes_by_chance_are_not_found():
    rng, wrong = np.random.default_rng(3), 0
    for _ in range(200):
        risk = rng.gamma(2, 5, 150)
        found = hotspots.change(places(*rng.poisson(risk, (2, 150))))
        wrong += bool(found["change_category"].isin(["rise", "fall"]).any())
    assert wrong / 200 <= 0.05


def test_planted_changes_are_found_against_the_area():
    rng = np.random.default_rng(4)
    before, after = rng.poisson(40, 200), rng.poisson(20, 200)
    after[:3], after[3:6] = rng.poisson(80, 3), 0
    found = hotspots.change(places(before, after), against="the area")["change_category"]
    assert (found[:3] == "rise").all()
    assert (found[3:6] == "fall").all()
    assert (found[6:] == "no clear change").mean() > 0.95


@pytest.mark.parametrize(
    ("table", "how", "match"),
    [
        (places([1, np.nan], [1, 1]), {}, "missing"),
        (places([1, -1], [1, 1]), {}, "negative"),
        (places([0, 0], [1, 1]), {"against": "the area"}, "add up to 0 and 2"),
        (places([1, 1], [1, 1]), {"against": "England"}, "England"),
        (places([1, 1], [1, 1]), {"length_ratio": 0}, "length_ratio"),
        (places([1, 1], [1, 1]), {"after": "count_2021"}, "no column 'count_2021'"),
    ],
)
def test_bad_input(table, how, match):
    with pytest.raises(DataError, match=match):
        hotspots.change(table, **how)
