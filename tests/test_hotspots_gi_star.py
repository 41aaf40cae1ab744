"""Gi*: equal to the general formula, right under the null, and finding what was planted."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.hotspots import gi_star as gi_star_function
from vrn_analysis.methods.hotspots import lattice
from vrn_analysis.methods.hotspots.gi_star import adjust, two_sided


def general_formula(values, weights):
    """Ord and Getis (1995), one place at a time, with no shortcut."""
    size, mean = len(values), sum(values) / len(values)
    spread = np.sqrt(sum(v * v for v in values) / size - mean**2)
    scores = []
    for row in weights:
        total, squares = row.sum(), (row**2).sum()
        below = spread * np.sqrt((size * squares - total**2) / (size - 1))
        scores.append(((row * values).sum() - mean * total) / below)
    return np.array(scores)


def touching(cells):
    """Weights from where whole cells lie, not from their numbers' neighbours."""
    if "row" not in cells:
        shapes = cells.geometry.to_numpy()
        return (shapely.distance(shapes[:, None], shapes[None, :]) < 0.01).astype(float)
    shape, cell_size = lattice.specification(cells)
    row, column = cells["row"].to_numpy(), cells["column"].to_numpy()
    x, y = lattice.centres(row, column, cell_size=cell_size, shape=shape)
    reach = cell_size * (1.6 if shape == "square" else 1.2)
    away = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return (away < reach).astype(float)


def grid_with_counts(*, cell_size=333.3, side=14, mean=3.0, seed=0, shape="square"):
    edge = cell_size * side
    area = gpd.GeoSeries([shapely.box(0, 0, edge, edge)], crs=27700)
    grid = hotspots.make_grid(area, cell_size=cell_size, shape=shape)
    rng = np.random.default_rng(seed)
    return grid.assign(count=rng.poisson(mean, len(grid)))


def small_areas(columns=5, rows=4, size=1_000.0):
    boxes = [
        shapely.box(c * size, r * size, (c + 1) * size, (r + 1) * size)
        for r in range(rows)
        for c in range(columns)
    ]
    codes = [f"X{number:04d}" for number in range(len(boxes))]
    return gpd.GeoDataFrame({"lsoa_code": codes}, geometry=boxes, crs=27700)


@pytest.mark.parametrize("cell_size", [333.3, 310.7, 421.9, 617.3, 1000 / 3, 500])
@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_equals_the_general_formula_on_grids(cell_size, shape):
    cells = grid_with_counts(cell_size=cell_size, shape=shape)
    expected = general_formula(cells["count"].to_numpy(dtype=float), touching(cells))
    found = hotspots.gi_star(cells)["gi_star"]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_equals_the_general_formula_on_a_clipped_grid():
    area = gpd.GeoSeries([shapely.Point(5_000, 5_000).buffer(3_000)], crs=27700)
    grid = hotspots.make_grid(area, cell_size=333.3)
    cells = grid.assign(count=np.random.default_rng(1).poisson(2, len(grid)))
    expected = general_formula(cells["count"].to_numpy(dtype=float), touching(cells))
    np.testing.assert_allclose(hotspots.gi_star(cells)["gi_star"], expected, rtol=0, atol=1e-12)


def test_equals_the_general_formula_on_small_areas_with_rates():
    areas = small_areas().assign(rate=np.random.default_rng(4).gamma(2, 3, 20))
    expected = general_formula(areas["rate"].to_numpy(), touching(areas))
    found = hotspots.gi_star(areas, value="rate")
    np.testing.assert_allclose(found["gi_star"], expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["p_value"], 2 * stats.norm.sf(np.abs(expected)))
    assert "normal p" in found["method"].iloc[0]


def test_agrees_with_esda_where_esda_is_right():
    esda = pytest.importorskip("esda")
    graph = pytest.importorskip("libpysal.graph")
    cells = grid_with_counts(cell_size=500)
    weights = graph.Graph.build_contiguity(cells, rook=False)
    peer = esda.G_Local(
        cells["count"].to_numpy(dtype=float),
        weights.assign_self_weight().to_W(),
        star=True,
        transform="B",
        permutations=0,
    )
    np.testing.assert_allclose(hotspots.gi_star(cells)["gi_star"], peer.Zs, atol=1e-12)


def test_columns_and_statement():
    cells = grid_with_counts()
    found = hotspots.gi_star(cells)
    added = ["gi_star", "neighbours", "p_value", "p_adjusted", "hotspot_category", "method"]
    assert list(found.columns) == [*cells.columns, *added]
    assert found["neighbours"].max() == 8
    assert found["neighbours"].min() == 3
    assert "over 196 places at 0.05" in found["method"].iloc[0]
    assert isinstance(found, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(cells, grid_with_counts())


def test_order_of_rows_does_not_matter():
    cells = grid_with_counts()
    mixed = cells.sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(
        hotspots.gi_star(mixed)["gi_star"].sort_index(), hotspots.gi_star(cells)["gi_star"]
    )


def test_adjustment_is_one_over_all_places():
    p_value = np.array([0.01, 0.04, np.nan, 0.03, 0.005])
    expected = stats.false_discovery_control(p_value[~np.isnan(p_value)])
    np.testing.assert_allclose(adjust(p_value)[~np.isnan(p_value)], expected)
    assert np.isnan(adjust(p_value)[2])
    found = hotspots.gi_star(grid_with_counts())
    np.testing.assert_allclose(found["p_adjusted"], stats.false_discovery_control(found["p_value"]))


@pytest.mark.parametrize("skewness", [-1.5, -0.2, 0.0, 0.0005, 0.3, 2.0])
def test_p_value_is_twice_the_smaller_tail(skewness):
    score = np.linspace(-3, 5, 17)
    skew = skewness if abs(skewness) > 1e-3 else 0
    tails = np.minimum(stats.pearson3.sf(score, skew), stats.pearson3.cdf(score, skew))
    np.testing.assert_allclose(two_sided(score, skewness), 2 * tails, rtol=1e-6, atol=1e-12)


def test_skewness_correction_matches_simulated_tails():
    # events spread evenly over the cells: how often does a place reach its score?
    cells = grid_with_counts(side=20, mean=0.5, seed=3)
    events, size = int(cells["count"].sum()), len(cells)
    corrected = hotspots.gi_star(cells)
    normal = hotspots.gi_star(cells, correct_skewness=False)
    at = int(corrected["gi_star"].argmax())
    share = (corrected["neighbours"].iloc[at] + 1) / size
    reached = round(_sum_around(cells, at))
    truth = 2 * stats.binom.sf(reached - 1, events, share)
    errors = [abs(np.log(t["p_value"].iloc[at] / truth)) for t in (corrected, normal)]
    assert errors[0] < errors[1] / 2


def _sum_around(cells, at):
    here = cells.iloc[at]
    near = (abs(cells["row"] - here["row"]) <= 1) & (abs(cells["column"] - here["column"]) <= 1)
    return cells.loc[near, "count"].sum()


@pytest.mark.slow
@pytest.mark.parametrize("mean", [0.1, 0.5, 5])
@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_false_discoveries_in_at_most_5_percent_of_null_maps(mean, shape):
    # 200 maps of events at random: any hotspot or coldspot claimed is a false one
    grid = grid_with_counts(side=20, shape=shape)
    rng, wrong = np.random.default_rng(11), 0
    for _ in range(200):
        found = hotspots.gi_star(grid.assign(count=rng.poisson(mean, len(grid))))
        wrong += bool(found["hotspot_category"].isin(["hotspot", "coldspot"]).any())
    assert wrong / 200 <= 0.05


def test_the_normal_p_value_is_wrong_on_sparse_counts():
    # why the correction exists: what every other package does fails the bound above
    grid = grid_with_counts(side=20)
    rng = np.random.default_rng(11)
    wrong = 0
    for _ in range(100):
        cells = grid.assign(count=rng.poisson(0.5, len(grid)))
        found = hotspots.gi_star(cells, correct_skewness=False)
        wrong += bool((found["p_adjusted"] <= 0.05).any())
    assert wrong > 10


def test_planted_hotspots_are_found_and_little_else():
    grid = grid_with_counts(side=30)
    rng = np.random.default_rng(2)
    for row, column in ((5, 6), (20, 22)):
        planted = (abs(grid["row"] - row) <= 1) & (abs(grid["column"] - column) <= 1)
        around = (abs(grid["row"] - row) <= 2) & (abs(grid["column"] - column) <= 2)
        cells = grid.assign(count=rng.poisson(np.where(planted, 12.0, 2.0)))
        hot = hotspots.gi_star(cells)["hotspot_category"] == "hotspot"
        assert hot[planted].mean() >= 0.9
        assert hot[~around].sum() == 0


def test_one_overwhelming_cell_is_found():
    cells = grid_with_counts(side=20, mean=1)
    cells.loc[210, "count"] = 80
    found = hotspots.gi_star(cells)
    assert found["hotspot_category"].iloc[210] == "hotspot"
    assert (found["hotspot_category"] == "hotspot").sum() == 9


def test_no_coldspot_is_claimed_of_sparse_counts():
    cells = grid_with_counts(side=20, mean=2)
    cells.loc[(cells["row"] < 8) & (cells["column"] < 8), "count"] = 0
    found = hotspots.gi_star(cells)
    assert (found["hotspot_category"] != "coldspot").all()
    assert "no coldspots claimed" in found["method"].iloc[0]
    many = hotspots.gi_star(cells.assign(count=cells["count"] * 5 + 3))
    assert (many["hotspot_category"] == "coldspot").sum() > 20


def test_areas_touch_across_small_gaps_and_islands_are_stated():
    areas = small_areas(columns=2, rows=1)
    gap = shapely.box(2_000.4, 0, 3_000, 1_000)
    island = shapely.box(9_000, 0, 10_000, 1_000)
    areas = gpd.GeoDataFrame(geometry=[*areas.geometry, gap, island], crs=27700)
    expected = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    np.testing.assert_array_equal(hotspots.contiguity(areas).toarray(), expected)
    found = hotspots.gi_star(areas.assign(count=[1, 5, 2, 4]))
    assert found["neighbours"].tolist() == [1, 2, 1, 0]
    assert found["gi_star"].notna().all()


def test_areas_that_meet_where_only_one_has_a_corner():
    left = [shapely.box(0, 0, 1, 1), shapely.box(0, 1, 1, 2)]
    areas = gpd.GeoDataFrame(geometry=[*left, shapely.box(1, 0.5, 2, 1.5)], crs=27700)
    areas = areas.set_geometry(areas.scale(1_000, 1_000, origin=(0, 0)))
    assert hotspots.contiguity(areas).toarray()[2].tolist() == [1, 1, 0]


def test_grid_contiguity_is_the_box_filter():
    for shape in ("square", "hexagon"):
        cells = grid_with_counts(shape=shape)
        matrix = hotspots.contiguity(cells)
        np.testing.assert_array_equal(matrix.toarray() + np.eye(len(cells)), touching(cells))


def test_a_place_whose_neighbours_are_all_places_is_not_tested():
    cells = grid_with_counts(side=3)
    cells["count"] = [5, 0, 1, 2, 0, 3, 1, 0, 2]
    found = hotspots.gi_star(cells)
    assert found["hotspot_category"].iloc[4] == "not tested"
    assert np.isnan(found["gi_star"].iloc[4])
    assert "over 8 places" in found["method"].iloc[0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, None])
def test_missing_values_are_refused(bad):
    cells = grid_with_counts(side=4).astype({"count": float})
    cells.loc[3, "count"] = bad
    with pytest.raises(DataError, match=r"1 of 16 \(first: 3\).*before anything is suppressed"):
        hotspots.gi_star(cells)


@pytest.mark.parametrize("same", [0, 7])
def test_equal_values_are_refused(same):
    with pytest.raises(DataError, match=f"'count' is {same} in all 16 places"):
        hotspots.gi_star(grid_with_counts(side=4).assign(count=same))


def test_too_few_places():
    with pytest.raises(DataError, match="at least 3"):
        hotspots.gi_star(small_areas(2, 1).assign(count=[1, 2]))


def test_overlapping_areas_are_refused():
    areas = small_areas(3, 1)
    areas.loc[1, "geometry"] = shapely.box(500, 0, 2_000, 1_000)
    with pytest.raises(DataError, match=r"1 pairs of areas overlap \(rows 0 and 1\)"):
        hotspots.gi_star(areas.assign(count=[1, 2, 3]))


def test_invalid_areas_are_refused():
    areas = small_areas(3, 1)
    areas.loc[1, "geometry"] = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    with pytest.raises(DataError, match="1 of 3"):
        hotspots.gi_star(areas.assign(count=[1, 2, 3]))


@pytest.mark.parametrize("crs", [4326, None])
def test_areas_must_be_in_metres(crs):
    areas = small_areas(3, 1).set_crs(crs, allow_override=True)
    with pytest.raises(DataError, match="metres|reference system"):
        hotspots.gi_star(areas.assign(count=[1, 2, 3]))


def test_a_table_without_geometry_is_refused():
    with pytest.raises(DataError, match="pass a GeoDataFrame"):
        hotspots.gi_star(pd.DataFrame({"count": [1, 2, 3]}))


def test_absent_column_and_column_of_words():
    with pytest.raises(DataError, match="no column 'offences'"):
        hotspots.gi_star(small_areas(), value="offences")
    with pytest.raises(DataError, match="is not numeric"):
        hotspots.gi_star(small_areas(), value="lsoa_code")


def test_two_periods_in_one_table_are_refused():
    cells = grid_with_counts(side=4)
    with pytest.raises(DataError, match="one period"):
        hotspots.gi_star(pd.concat([cells, cells], ignore_index=True))


def test_name_of_the_function_wins():
    assert gi_star_function is hotspots.gi_star


def test_counts_too_large_for_whole_number_sums_are_added_as_fractions():
    cells = grid_with_counts(side=8).assign(count=lambda t: t["count"] * 40_000_000)
    found = hotspots.gi_star(cells)
    expected = general_formula(cells["count"].to_numpy(dtype=float), touching(cells))
    np.testing.assert_allclose(found["gi_star"], expected, atol=1e-12)
    same = hotspots.gi_star(grid_with_counts(side=8))
    np.testing.assert_allclose(found["gi_star"], same["gi_star"], atol=1e-12)


def test_equals_the_general_formula_with_rates_on_a_grid():
    cells = grid_with_counts(side=12)
    cells = cells.assign(rate=np.random.default_rng(4).gamma(2.0, 1.3, len(cells)))
    expected = general_formula(cells["rate"].to_numpy(), touching(cells))
    found = hotspots.gi_star(cells, value="rate")
    np.testing.assert_allclose(found["gi_star"], expected, atol=1e-12)
    assert found["neighbours"].max() == 8


def test_adjustment_of_repeated_p_values_is_that_of_each_written_out():
    p_value, times = np.array([0.02, 0.5, np.nan, 0.001]), np.array([3, 2, 4, 1])
    np.testing.assert_allclose(
        np.repeat(adjust(p_value, times), times), adjust(np.repeat(p_value, times))
    )
