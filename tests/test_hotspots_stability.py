"""Stability: a planted hotspot survives small moves, a chance one does not."""

import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots

GRID_SIZE = 250
MODULE = sys.modules["vrn_analysis.methods.hotspots.stability"]
AREA = gpd.GeoSeries([shapely.box(0, 0, 5_000, 5_000)], crs=27700)


def points(xy):
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*np.asarray(xy).T), crs=27700)


def planted(seed=1):
    rng = np.random.default_rng(seed)
    background = rng.uniform(0, 5_000, (400, 2))
    return points(np.vstack([background, rng.normal((2_600, 2_600), 150, (150, 2))]))


@pytest.fixture(scope="module")
def grid():
    return hotspots.make_grid(AREA, cell_size=GRID_SIZE)


def test_planted_hotspot_is_stable(grid):
    found = hotspots.stability(grid, planted(), geocoding_error=50, draws=40)
    here = found[(found["row"] == 10) & (found["column"] == 10)].iloc[0]
    assert here["stability"] == "stable hotspot"
    assert here["share_of_draws"] == 1
    assert found["count"].sum() == 550
    assert list(found.columns[-4:]) == ["count", "is_hotspot", "share_of_draws", "stability"]


def test_words_follow_the_share_of_draws(grid):
    found = hotspots.stability(grid, planted(), geocoding_error=200, draws=20)
    steady, flagged = found["share_of_draws"] >= 0.9, found["is_hotspot"]
    expected = np.select(
        [flagged & steady, flagged, found["share_of_draws"] > 0],
        ["stable hotspot", "unstable hotspot", "hotspot in some draws"],
        "not a hotspot",
    )
    assert found["stability"].tolist() == expected.tolist()
    assert set(found["stability"]) >= {"stable hotspot", "hotspot in some draws", "not a hotspot"}


def test_a_hotspot_in_some_draws_only_is_unstable(grid, monkeypatch):
    calls = iter([*[True] * 8, False, False, True])

    def flag(cells):
        return np.full(len(cells), next(calls))

    monkeypatch.setattr(MODULE, "is_hotspot", flag)

    found = hotspots.stability(grid, planted(), geocoding_error=10, draws=10)
    assert (found["stability"] == "unstable hotspot").all()


def test_exactly_nine_in_ten_draws_is_stable(grid, monkeypatch):
    calls = iter([*[True] * 9, False, True])

    def flag(cells):
        return np.full(len(cells), next(calls))

    monkeypatch.setattr(MODULE, "is_hotspot", flag)

    found = hotspots.stability(grid, planted(), geocoding_error=10, draws=10)
    assert (found["stability"] == "stable hotspot").all()


def test_the_same_seed_gives_the_same_answer(grid):
    first, again, other = (
        hotspots.stability(grid, planted(), geocoding_error=200, draws=5, seed=seed)
        for seed in (4, 4, 5)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first["share_of_draws"].equals(other["share_of_draws"])


def test_no_event_is_lost_when_points_move(grid, monkeypatch):
    totals = []

    def flag(cells):
        totals.append(cells["count"].sum())
        return np.zeros(len(cells), dtype=bool)

    monkeypatch.setattr(MODULE, "is_hotspot", flag)

    edge = points([(1, y) for y in range(10, 5_000, 100)])
    hotspots.stability(grid, edge, geocoding_error=500, draws=5)
    assert set(totals) == {50}


def test_equal_counts_have_no_hotspot(grid):
    assert not hotspots.is_hotspot(grid.assign(count=2)).any()


@pytest.mark.parametrize(
    ("how", "match"),
    [({"geocoding_error": 0}, "geocoding_error"), ({"geocoding_error": 9, "draws": 0}, "draws")],
)
def test_moves_that_are_none(grid, how, match):
    with pytest.raises(DataError, match=match):
        hotspots.stability(grid, planted(), **how)


def test_cell_size_sweep():
    found = hotspots.cell_size_sweep(AREA, planted(), cell_sizes=[500, 200, 250])
    assert found["cell_size"].tolist() == [200, 250, 500]
    assert found["overlap"].iloc[1] == 1
    assert found["overlap"].between(0.1, 1).all()
    assert (found["event_share"] > 2 * found["area_share"]).all()
    with pytest.raises(DataError, match="cell_sizes is empty"):
        hotspots.cell_size_sweep(AREA, planted(), cell_sizes=[])


def test_cell_size_sweep_without_any_hotspot():
    even = points([(x, y) for x in range(250, 5_000, 500) for y in range(250, 5_000, 500)])
    found = hotspots.cell_size_sweep(AREA, even, cell_sizes=[500, 1_000])
    assert found["hotspots"].tolist() == [0, 0]
    assert found["overlap"].isna().all()


def test_snapped_points_by_hand():
    table = points([(100, 100)] * 6 + [(160, 100)] * 3 + [(900, 900)])
    table.loc[10, "geometry"] = shapely.Point()
    found = hotspots.snapped_points(table, cell_size=500).iloc[0].to_dict()
    assert found == pytest.approx(
        {
            "points": 10,
            "places": 3,
            "points_per_place": 10 / 3,
            "busiest_place_share": 0.6,
            "median_spacing": 60,
            "cells_with_one_place": 0.5,
        }
    )


@pytest.mark.parametrize("xy", [[(1, 1)], [(1, 1)] * 5])
def test_snapped_points_need_two_places(xy):
    with pytest.raises(DataError, match="at 1 place"):
        hotspots.snapped_points(points(xy), cell_size=500)
