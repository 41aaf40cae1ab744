"""Moran's I, global and local: equal to esda's, with two-sided p-values."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from vrn_analysis import hotspots
from vrn_analysis.errors import DataError


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
    board = areas(8).assign(rate=[(n // 8 + n % 8) % 2 for n in range(64)])
    rook = hotspots.contiguity(board).toarray()
    centre = shapely.get_coordinates(board.centroid)
    rook *= np.hypot(*(centre[:, None] - centre[None]).T) < 1_001
    found = hotspots.global_moran(board, value="rate", weights=rook)
    assert found["value"].iloc[0] == pytest.approx(-1)
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
    given = hotspots.global_moran(table, value="rate", weights=weights).iloc[0]
    assert given["value"] == pytest.approx(peer.I)
    local = esda.Moran_Local(table["rate"], weights.to_W(), permutations=0)
    ours = hotspots.local_moran(table, value="rate", permutations=99)
    np.testing.assert_allclose(ours["local_moran"], local.Is)


def exhaustive_p(values, matrix, place):
    """Two-sided conditional p over every choice of neighbours there is."""
    from itertools import combinations

    linked = np.flatnonzero(matrix[place])
    others = np.delete(values, place)
    sums = np.array([sum(chosen) for chosen in combinations(others, len(linked))])
    seen = values[linked].sum()
    return min(1, 2 * min((sums >= seen - 1e-9).mean(), (sums <= seen + 1e-9).mean()))


def test_conditional_p_values_are_those_of_all_choices():
    table = areas(4, seed=3)
    found = hotspots.local_moran(table, value="rate", permutations=9_999)
    matrix = hotspots.contiguity(table).toarray()
    for place in (0, 1, 3, 14):
        expected = exhaustive_p(table["rate"].to_numpy(), matrix, place)
        spread = 2 * np.sqrt(expected / 2 / 9_999)
        assert abs(found["p_value"].iloc[place] - expected) < 4 * spread + 2e-4


def test_categories():
    found = hotspots.local_moran(planted(), value="rate")
    assert (found["moran_category"].iloc[[0, 1, 8, 9]] == "high-high").all()
    assert found["moran_category"].iloc[63] == "not significant"
    outlier = planted()
    outlier.loc[9, "rate"] = 0.1
    found = hotspots.local_moran(outlier, value="rate", alpha=0.2)
    assert found["moran_category"].iloc[9] == "low-high"


def test_null_data_give_few_findings():
    table, wrong = areas(), 0
    for seed in range(40):
        rate = np.random.default_rng(seed).gamma(3, 2, 64)
        found = hotspots.local_moran(table.assign(rate=rate), value="rate", permutations=1_999)
        wrong += bool((found["p_adjusted"] <= 0.05).any())
    assert wrong <= 4
    small = [
        hotspots.global_moran(areas(seed=seed), value="rate", permutations=99)["p_value"].iloc[0]
        for seed in range(200)
    ]
    assert np.mean(np.array(small) <= 0.05) <= 0.09


def test_islands_are_stated():
    table = pd.concat([areas(3), areas(1).set_geometry(areas(1).translate(50_000, 0))])
    table = table.reset_index(drop=True).assign(rate=range(10))
    found = hotspots.local_moran(table, value="rate", permutations=99)
    assert found["moran_category"].iloc[9] == "island"
    assert np.isnan(found["local_moran"].iloc[9])
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
    for function in (hotspots.global_moran, hotspots.local_moran):
        with pytest.raises(DataError, match=match):
            function(change(areas()), value="rate")


def test_weights_with_self_are_refused():
    with pytest.raises(DataError, match="zero diagonal"):
        hotspots.global_moran(areas(), value="rate", weights=np.ones((64, 64)))
