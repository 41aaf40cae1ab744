"""Emerging hotspots: the written rules at their edges, and Mann-Kendall against a reference."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vrn_analysis import hotspots
from vrn_analysis.errors import DataError
from vrn_analysis.hotspots.emerging import CATEGORIES, categories, mann_kendall

MONTHS = pd.date_range("2021-01-01", periods=10, freq="MS")


@pytest.mark.parametrize(
    ("pattern", "category"),
    [
        ("1111111100", "persistent hotspot"),  # exactly 80%
        ("1111111000", "former hotspot"),  # 70%, none of the last two
        ("0000000001", "emerging hotspot"),
        ("0000000011", "emerging hotspot"),
        ("1000000001", "emerging hotspot"),  # one earlier of eight is 12.5%
        ("1100000001", "intermittent hotspot"),  # two of eight are 25%
        ("0000000010", "intermittent hotspot"),  # recent, not in the last period
        ("1100000000", "former hotspot"),
        ("1000000000", "intermittent hotspot"),  # exactly 10%, too seldom to be former
        ("0000000000", "no pattern"),
    ],
)
def test_rules(pattern, category):
    hot = np.array([[mark == "1" for mark in pattern]])
    assert CATEGORIES[categories(hot)[0]] == category


def test_below_one_in_ten_is_no_pattern():
    hot = np.zeros((1, 11), dtype=bool)
    hot[0, 4] = True
    assert CATEGORIES[categories(hot)[0]] == "no pattern"


def test_mann_kendall_by_hand_and_against_scipy():
    series = np.array([[1.0, 2, 3, 4, 5], [5, 4, 3, 2, 1], [2, 2, 2, 2, 2], [1, 3, 2, 4, 4]])
    total, p_value = mann_kendall(series)
    assert total.tolist() == [10, -10, 0, 7]
    # S = 10 of 5 values: variance 50 / 3, (10 - 1) / 4.082
    assert p_value[0] == pytest.approx(2 * stats.norm.sf(9 / np.sqrt(50 / 3)))
    assert p_value[2] == 1
    # one tie of two takes 2 * 1 * 9 / 18 from the variance
    assert p_value[3] == pytest.approx(2 * stats.norm.sf(6 / np.sqrt(50 / 3 - 1)))
    rng = np.random.default_rng(0)
    long = rng.normal(size=(20, 40))
    tau = [stats.kendalltau(range(40), row).statistic for row in long]
    np.testing.assert_allclose(mann_kendall(long)[0], np.array(tau) * 40 * 39 / 2)


def planted():
    """Ten months: one lasting hotspot, one past, one new, on a quiet background."""
    grid = hotspots.make_grid((0, 0, 10_000, 10_000), cell_size=500)
    rng, parts = np.random.default_rng(1), []
    for number, month in enumerate(MONTHS):
        mean = np.full(len(grid), 1.0)
        for row, column, when in ((3, 3, range(10)), (15, 4, range(5)), (9, 15, range(9, 10))):
            near = (abs(grid["row"] - row) <= 1) & (abs(grid["column"] - column) <= 1)
            mean[near & (number in when)] = 12.0
        parts.append(grid[["cell_id"]].assign(month=month, count=rng.poisson(mean)))
    return grid, pd.concat(parts, ignore_index=True)


def at(table, row, column):
    return table[(table["row"] == row) & (table["column"] == column)].iloc[0]


def test_planted_patterns_are_found():
    grid, counts = planted()
    found = hotspots.emerging(grid, counts)
    assert at(found, 3, 3)["emerging_category"] == "persistent hotspot"
    assert at(found, 15, 4)["emerging_category"] == "former hotspot"
    assert at(found, 9, 15)["emerging_category"] == "emerging hotspot"
    assert at(found, 15, 4)["trend"] != "rising"
    assert at(found, 3, 3)["hot_periods"] == 10
    assert (found["emerging_category"] == "no pattern").mean() > 0.85
    assert len(found) == len(grid)


def test_no_place_is_hot_in_more_than_5_percent_of_null_series():
    grid = hotspots.make_grid((0, 0, 10_000, 10_000), cell_size=1_000)
    every = grid[["cell_id"]].merge(pd.DataFrame({"month": range(10)}), how="cross")
    rng, wrong = np.random.default_rng(2), 0
    for _ in range(60):
        found = hotspots.emerging(grid, every.assign(count=rng.poisson(1, len(every))))
        wrong += bool((found["hot_periods"] > 0).any() or (found["trend"] != "no trend").any())
    assert wrong / 60 <= 0.05


def test_order_of_rows_and_absent_zeros_do_not_matter():
    grid, counts = planted()
    fewer = counts[counts["count"] > 0].sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(hotspots.emerging(grid, fewer), hotspots.emerging(grid, counts))


def test_a_period_without_events_has_no_hotspot():
    grid, counts = planted()
    counts.loc[counts["month"] == MONTHS[-1], "count"] = 0
    found = hotspots.emerging(grid, counts)
    assert not found["hot_in_last_period"].any()
    assert at(found, 3, 3)["hot_periods"] == 9


def test_small_areas_by_their_code():
    grid, counts = planted()
    areas = grid[["cell_id", "geometry"]].rename(columns={"cell_id": "lsoa_code"})
    counts = counts.rename(columns={"cell_id": "lsoa_code"})
    found = hotspots.emerging(areas, counts, key="lsoa_code")
    expected = hotspots.emerging(*planted())
    assert found["emerging_category"].tolist() == expected["emerging_category"].tolist()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda c: c.rename(columns={"month": "when"}), "no column month"),
        (lambda c: pd.concat([c, c.head(2)]), "2 of .*repeat place and period"),
        (lambda c: c.assign(cell_id="s500_r0_c99"), "no known place"),
        (lambda c: c[c["month"] < MONTHS[4]], "4 periods"),
        (lambda c: c.assign(month=c["month"].where(c.index > 1)), "2 of .*no 'month'"),
        (lambda c: c.assign(count=c["count"] - 100), "negative"),
        (lambda c: c.assign(count=c["count"].where(c.index > 0)), "missing"),
    ],
)
def test_bad_input(change, match):
    grid, counts = planted()
    with pytest.raises(DataError, match=match):
        hotspots.emerging(grid, change(counts))
