"""Moran's I over the whole area: equal to esda's, with a two-sided p-value."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots


def areas(side=8, seed=0):
    boxes = [
        shapely.box(c * 1e3, r * 1e3, c * 1e3 + 1e3, r * 1e3 + 1e3)
        for r in range(side)
        for c in range(side)
    ]
    rate = np.random.default_rng(seed).gamma(3, 2, len(boxes))
    return gpd.GeoDataFrame({"rate": rate}, geometry=boxes, crs=27700)


def planted():
    table = areas()
    near = [row * 8 + column for row in range(3) for column in range(3)]
    table.loc[near, "rate"] += 25
    return table


def test_extremes_by_hand():
    # a row of four: two low, two high. z is -1 or 1, lags -1, 0, 0, 1: I = (1 + 0 + 0 + 1) / 4
    line = areas(4).iloc[:4].assign(rate=[0.0, 0, 1, 1])
    assert hotspots.global_moran(line, value="rate")["value"].iloc[0] == pytest.approx(0.5)
    # squares touch at corners, too: in stripes, a square has two of six or eight like itself
    rows = areas(8).assign(rate=[n // 8 % 2 for n in range(64)])
    found = hotspots.global_moran(rows, value="rate")
    assert found["value"].iloc[0] < -0.4
    assert found["p_value"].iloc[0] == 0.001


def test_equals_esda():
    esda = pytest.importorskip("esda")
    graph = pytest.importorskip("libpysal.graph")
    table = planted()
    weights = graph.Graph.build_contiguity(table, rook=False)
    peer = esda.Moran(table["rate"], weights.to_W(), permutations=0)
    found = hotspots.global_moran(table, value="rate").iloc[0]
    assert found["value"] == pytest.approx(peer.I)
    assert found["expected"] == pytest.approx(peer.EI)


@pytest.mark.slow
def test_null_data_give_few_findings():
    small = [
        hotspots.global_moran(areas(seed=seed), value="rate")["p_value"].iloc[0]
        for seed in range(200)
    ]
    assert np.mean(np.array(small) <= 0.05) <= 0.09


def test_islands_are_stated():
    table = pd.concat([areas(3), areas(1).set_geometry(areas(1).translate(50_000, 0))])
    table = table.reset_index(drop=True).assign(rate=range(10))
    assert hotspots.global_moran(table, value="rate")["islands"].iloc[0] == 1


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda t: t.assign(rate=1.0), "'rate' is 1 in all 64 places"),
        (lambda t: t.assign(rate=np.nan), "64 of 64"),
        (lambda t: t.head(3), "at least 4"),
        (lambda t: t.iloc[[0, 2, 4, 6]], "No place has a neighbour"),
    ],
)
def test_bad_input(change, match):
    with pytest.raises(DataError, match=match):
        hotspots.global_moran(change(areas()), value="rate")
