"""Near repeats: the Knox table by hand, its bands, and its p-values."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from vrn_analysis import hotspots
from vrn_analysis.errors import DataError


def events(rows, crs=27700):
    x, y, day = zip(*rows, strict=True) if rows else ((), (), ())
    when = pd.Timestamp("2021-03-01") + pd.to_timedelta(list(day), unit="D")
    return gpd.GeoDataFrame({"day": when}, geometry=gpd.points_from_xy(x, y), crs=crs)


def table(found):
    rows = found.set_index(["distance_from", "days_from"])["observed"]
    return {(int(a), int(b)): int(n) for (a, b), n in rows.items()}


def test_knox_table_by_hand():
    # pairs: 1-2 50 m 3 days; 1-3 150 m 10 days; 2-3 100 m 7 days; the fourth is far from all
    found = hotspots.near_repeat(
        events([(0, 0, 0), (50, 0, 3), (150, 0, 10), (9_000, 0, 1)]),
        time="day",
        distance_bands=[0, 100, 200],
        day_bands=[0, 7, 14],
        permutations=9,
    )
    assert table(found) == {(0, 0): 1, (0, 7): 0, (100, 0): 0, (100, 7): 2}
    assert found["method"].iloc[0] == "Knox, half-open bands, 9 shuffles, one-sided"


def test_bands_hold_their_start_and_not_their_end():
    pairs = events([(0, 0, 0), (100, 0, 7)])
    how = {"time": "day", "permutations": 1}
    at_end = hotspots.near_repeat(pairs, distance_bands=[0, 100], day_bands=[0, 8], **how)
    assert at_end["observed"].tolist() == [0]
    at_start = hotspots.near_repeat(pairs, distance_bands=[100, 200], day_bands=[7, 14], **how)
    assert at_start["observed"].tolist() == [1]
    days = hotspots.near_repeat(pairs, distance_bands=[0, 101], day_bands=[0, 7], **how)
    assert days["observed"].tolist() == [0]


def test_same_place_same_day():
    found = hotspots.near_repeat(
        events([(5, 5, 0)] * 4), time="day", distance_bands=[0, 1, 100], day_bands=[0, 1, 7]
    )
    assert table(found) == {(0, 0): 6, (0, 1): 0, (1, 0): 0, (1, 1): 0}
    assert found["p_value"].tolist() == [1, 1, 1, 1]
    assert found["ratio"].isna().tolist() == [False, True, True, True]


def test_equals_a_double_loop():
    rng = np.random.default_rng(1)
    rows = np.column_stack([rng.integers(0, 600, (120, 2)), rng.integers(0, 60, 120)])
    bands, days = [0, 50, 100, 250], [0, 1, 7, 30]
    expected = np.zeros((3, 3), dtype=int)
    for i in range(120):
        for j in range(i):
            away = np.hypot(*(rows[i, :2] - rows[j, :2]))
            gap = abs(rows[i, 2] - rows[j, 2])
            for a in range(3):
                for b in range(3):
                    near = bands[a] <= away < bands[a + 1]
                    expected[a, b] += near and days[b] <= gap < days[b + 1]
    found = hotspots.near_repeat(
        events(rows.tolist()), time="day", distance_bands=bands, day_bands=days, permutations=1
    )
    assert found["observed"].tolist() == expected.ravel().tolist()


def test_p_value_counts_the_observed_among_the_shuffles():
    rng = np.random.default_rng(2)
    mothers = np.column_stack([rng.uniform(0, 5_000, (60, 2)), rng.integers(0, 365, 60)])
    followers = mothers + np.column_stack([rng.normal(0, 20, (60, 2)), rng.integers(1, 5, 60)])
    found = hotspots.near_repeat(events(np.vstack([mothers, followers]).tolist()), time="day")
    first = found.iloc[0]
    assert first["p_value"] == 1 / 1_000
    assert first["ratio"] > 5
    again = hotspots.near_repeat(events(np.vstack([mothers, followers]).tolist()), time="day")
    pd.testing.assert_frame_equal(found, again)
    other = hotspots.near_repeat(
        events(np.vstack([mothers, followers]).tolist()), time="day", seed=9
    )
    assert not found["expected"].equals(other["expected"])


def test_null_p_values_are_not_small_too_often():
    rng, small = np.random.default_rng(3), 0
    for seed in range(100):
        rows = np.column_stack([rng.uniform(0, 2_000, (80, 2)), rng.integers(0, 90, 80)])
        found = hotspots.near_repeat(
            events(rows.tolist()),
            time="day",
            distance_bands=[0, 200],
            day_bands=[0, 14],
            permutations=99,
            seed=seed,
        )
        small += found["p_value"].iloc[0] <= 0.05
    # 5 expected; 10 is more than two standard errors above
    assert small <= 10


def test_seven_days_to_the_minute_are_in_the_second_week_at_any_hour():
    # one pair a place, a kilometre from the next: in fractions of days some gaps fall short of 7
    first = pd.Timestamp("2024-01-01 01:00") + pd.to_timedelta(np.arange(100) * 1_460, unit="min")
    when = [*first, *(first + pd.Timedelta(days=7))]
    places = gpd.points_from_xy(np.tile(np.arange(100) * 1_000, 2), np.zeros(200))
    points = gpd.GeoDataFrame({"when": when}, geometry=places, crs=27700)
    found = hotspots.near_repeat(
        points, time="when", distance_bands=(0, 100), day_bands=(0, 7, 14), permutations=1
    )
    assert found["observed"].tolist() == [0, 100]


def test_hours_count_as_parts_of_days():
    found = hotspots.near_repeat(
        events([(0, 0, 0), (10, 0, 0.9), (20, 0, 2.0)]),
        time="day",
        distance_bands=[0, 100],
        day_bands=[0, 1, 2, 3],
        permutations=1,
    )
    assert found["observed"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("rows", "how", "match"),
    [
        ([], {}, "0 rows"),
        ([(1, 1, 1)], {}, "1 rows"),
        ([(1, 1, 1)] * 2, {"time": "when"}, "no column 'when'"),
        ([(1, 1, 1)] * 2, {"distance_bands": [100]}, "two or more rising"),
        ([(1, 1, 1)] * 2, {"distance_bands": [0, 100, 100]}, "rising"),
        ([(1, 1, 1)] * 2, {"permutations": 0}, "permutations is 0"),
        ([(1, 1, 1)] * 2, {"day_bands": [-1, 7]}, "below 0"),
        ([(1, 1, 1)] * 2, {"day_bands": [0, np.inf]}, "rising"),
    ],
)
def test_bad_input(rows, how, match):
    with pytest.raises(DataError, match=match):
        hotspots.near_repeat(events(rows), **({"time": "day"} | how))


def test_rows_without_place_or_time():
    rows = events([(1, 1, 1)] * 3)
    nowhere = rows.copy()
    nowhere.loc[1, "geometry"] = shapely.Point()
    with pytest.raises(DataError, match=r"1 of 3 \(first: 1\) rows have no location"):
        hotspots.near_repeat(nowhere, time="day")
    never = rows.assign(day=rows["day"].where(rows.index != 2))
    with pytest.raises(DataError, match="1 of 3 .*no 'day'"):
        hotspots.near_repeat(never, time="day")
    with pytest.raises(DataError, match="degrees"):
        hotspots.near_repeat(events([(1, 1, 1)] * 3, crs=4326), time="day")


def test_too_many_pairs_are_refused_before_they_are_made(monkeypatch):
    module = __import__("sys").modules["vrn_analysis.hotspots.near_repeat"]
    monkeypatch.setattr(module, "MAX_PAIRS", 5)
    with pytest.raises(DataError, match="6 pairs of points lie within 400 m"):
        hotspots.near_repeat(events([(1, 1, 1)] * 4), time="day")
