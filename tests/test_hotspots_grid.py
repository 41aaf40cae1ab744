"""Grids: bounded to the area, half-open, each point in one cell."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.hotspots import lattice
from vrn_analysis.methods.hotspots.grid import positions_of


def box(*bounds):
    return gpd.GeoSeries([shapely.box(*bounds)], crs=27700)


BOUNDS = (600_000, 100_000, 604_000, 103_000)
AREA = box(*BOUNDS)


def points(*xy, crs=27700, **columns):
    x, y = zip(*xy, strict=True) if xy else ((), ())
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(x, y), crs=crs)


def assign_cells(grid, table):
    """Return the cell of each point, missing outside the grid or without a location."""
    x, y = table.geometry.x.to_numpy(), table.geometry.y.to_numpy()
    found = pd.Series(positions_of(grid, x, y), index=table.index)
    return found.map(grid["cell_id"].reset_index(drop=True))


def triangle():
    corners = [(600_010, 100_020), (604_020, 100_500), (601_000, 103_300)]
    return gpd.GeoDataFrame(geometry=[shapely.Polygon(corners)], crs=27700)


def test_grid_of_bounds_has_its_cells_and_columns():
    grid = hotspots.make_grid(AREA, cell_size=500)
    assert list(grid.columns) == ["cell_id", "row", "column", "geometry"]
    assert len(grid) == 8 * 6
    assert grid.crs == "EPSG:27700"
    assert grid["cell_id"].iloc[0] == "s500_r200_c1200"
    assert grid["cell_id"].is_unique
    np.testing.assert_allclose(grid.total_bounds, BOUNDS)


@pytest.mark.parametrize("shape", ["square", "hexagon"])
@pytest.mark.parametrize("cell_size", [500, 333.3, 1000 / 3])
def test_cells_cover_the_area_once_and_no_more(shape, cell_size):
    area = triangle()
    grid = hotspots.make_grid(area, cell_size=cell_size, shape=shape)
    assert grid.area.sum() == pytest.approx(area.area.sum(), rel=1e-9)
    assert grid.union_all().symmetric_difference(area.union_all()).area < 1
    assert set(grid.geom_type) <= {"Polygon", "MultiPolygon"}
    assert grid.is_valid.all()
    assert lattice.specification(grid) == (shape, cell_size)


def test_a_hexagon_is_as_wide_as_its_size():
    grid = hotspots.make_grid(AREA, cell_size=200, shape="hexagon")
    whole = grid[np.isclose(grid.area, 200**2 * np.sqrt(3) / 2)]
    edges = whole.bounds
    assert len(whole) > 200
    np.testing.assert_allclose(edges["maxx"] - edges["minx"], 200)


def test_a_place_has_the_same_cell_whatever_the_area():
    small = hotspots.make_grid(box(600_900, 100_900, 601_600, 101_600), cell_size=500)
    large = hotspots.make_grid(AREA, cell_size=500)
    assert set(small["cell_id"]) <= set(large["cell_id"])


def test_overlapping_polygons_are_covered_once():
    one = shapely.box(600_000, 100_000, 601_000, 101_000)
    two = shapely.box(600_500, 100_000, 601_500, 101_000)
    grid = hotspots.make_grid(gpd.GeoSeries([one, two], crs=27700), cell_size=500)
    assert grid.area.sum() == pytest.approx(1.5e6)


def test_counts_and_zeros():
    grid = hotspots.make_grid(box(0, 0, 1_000, 500), cell_size=500)
    cells = hotspots.count_in_cells(grid, points((10, 10), (20, 20), (499.9, 0)))
    pd.testing.assert_series_equal(
        cells["count"], pd.Series([3, 0], dtype="Int64", name="count"), check_index=False
    )
    assert "count" not in grid


def test_point_on_a_shared_edge_counts_once_and_lies_east_or_north():
    grid = hotspots.make_grid(box(0, 0, 1_000, 1_000), cell_size=500)
    found = assign_cells(grid, points((500, 10), (10, 500), (500, 500), (0, 0)))
    assert list(found) == ["s500_r0_c1", "s500_r1_c0", "s500_r1_c1", "s500_r0_c0"]


def test_points_outside_or_without_location_are_reported_not_counted():
    grid = hotspots.make_grid(box(0, 0, 1_000, 500), cell_size=500)
    table = points((10, 10), (5_000, 10), (-1, 10))
    table.loc[3, "geometry"] = None
    table.loc[4, "geometry"] = shapely.Point()
    cells = hotspots.count_in_cells(grid, table)
    assert cells["count"].sum() == 1
    assert cells.attrs == {"points": 5, "points_without_location": 2, "points_outside": 2}
    assert assign_cells(grid, table).isna().tolist() == [False, True, True, True, True]


def test_point_in_a_clipped_cell_but_beyond_the_boundary_is_outside():
    area = gpd.GeoSeries([shapely.box(0, 0, 700, 500)], crs=27700)
    grid = hotspots.make_grid(area, cell_size=500)
    cells = hotspots.count_in_cells(grid, points((600, 100), (700, 100), (800, 100)))
    assert cells["count"].tolist() == [0, 2]
    assert cells.attrs["points_outside"] == 1


def test_no_points_is_zero_everywhere():
    grid = hotspots.make_grid(box(0, 0, 1_000, 500), cell_size=500)
    cells = hotspots.count_in_cells(grid, points())
    assert cells["count"].tolist() == [0, 0]
    assert cells.attrs["points"] == 0


def test_identical_points_all_count():
    grid = hotspots.make_grid(box(0, 0, 1_000, 500), cell_size=500)
    assert hotspots.count_in_cells(grid, points(*[(5, 5)] * 9))["count"].tolist() == [9, 0]


coordinate = st.floats(-50, 4_050).map(lambda v: round(v, 3)) | st.sampled_from(
    [0.0, 333.3, 500.0, 666.6, 1000.0, 999.9]
)


@settings(max_examples=60, deadline=None)
@given(
    xy=st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=40),
    shape=st.sampled_from(["square", "hexagon"]),
    cell_size=st.sampled_from([500, 333.3]),
)
def test_every_point_is_in_one_cell_or_reported(xy, shape, cell_size):
    grid = hotspots.make_grid(box(0, 0, 4_000, 4_000), cell_size=cell_size, shape=shape)
    cells = hotspots.count_in_cells(grid, points((5, 5), *xy))
    outside = cells.attrs["points_outside"]
    assert cells["count"].sum() + outside == len(xy) + 1
    # strictly inside: cannot be lost; strictly outside: cannot be counted
    inside = sum(0 < x < 4_000 and 0 < y < 4_000 for x, y in xy) + 1
    beyond = sum(x < -1e-6 or y < -1e-6 or x > 4_000.001 or y > 4_000.001 for x, y in xy)
    assert cells["count"].sum() >= inside
    assert outside >= beyond


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_arithmetic_agrees_with_geometry(shape):
    rng = np.random.default_rng(3)
    xy = rng.uniform((600_000, 100_000), (604_000, 103_500), size=(2_000, 2))
    grid = hotspots.make_grid(triangle(), cell_size=333.3, shape=shape)
    table = points(*xy)
    joined = gpd.sjoin(table, grid, predicate="within")
    found = assign_cells(grid, table)
    pd.testing.assert_series_equal(
        found.dropna(), joined["cell_id"], check_index_type=False, check_names=False
    )
    assert found.isna().sum() == 2_000 - len(joined)


def test_too_many_cells_names_a_size_that_works():
    with pytest.raises(DataError, match=r"12,000,000 cells.*Take cells of 2 m or more"):
        hotspots.make_grid(AREA, cell_size=1)


@pytest.mark.parametrize("cell_size", [0, -5, np.nan, np.inf])
def test_cell_size_that_is_no_length(cell_size):
    with pytest.raises(DataError, match="cell_size"):
        hotspots.make_grid(AREA, cell_size=cell_size)


@pytest.mark.parametrize(
    ("area", "match"),
    [
        (gpd.GeoDataFrame(geometry=[], crs=27700), "no rows"),
        (gpd.GeoSeries([None], crs=27700), "no geometry"),
        (gpd.GeoSeries([shapely.Polygon()], crs=27700), "no geometry"),
        (gpd.GeoSeries([shapely.Point(1, 1)], crs=27700), "not polygons"),
        (
            gpd.GeoSeries([shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])], crs=27700),
            r"invalid; use .*make_valid.*Self-intersection",
        ),
        (gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=4326), "distances are not metres"),
        (gpd.GeoSeries([shapely.box(0, 0, 1, 1)]), "no reference system"),
        (gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=2263), "distances are not metres"),
        ("Leicester", "pass a GeoDataFrame"),
    ],
)
def test_areas_that_cannot_be_covered(area, match):
    with pytest.raises(DataError, match=match):
        hotspots.make_grid(area, cell_size=100)


def test_unknown_shape():
    with pytest.raises(DataError, match="triangle"):
        hotspots.make_grid(AREA, cell_size=100, shape="triangle")


def test_points_in_another_reference_system():
    grid = hotspots.make_grid(AREA, cell_size=500)
    with pytest.raises(DataError, match=r"points is in WGS 84 \(degrees\).*to_crs"):
        hotspots.count_in_cells(grid, points((1, 1), crs=4326))
    with pytest.raises(DataError, match="UTM"):
        hotspots.count_in_cells(grid, points((1, 1), crs=32630))
    with pytest.raises(DataError, match="no reference system"):
        hotspots.count_in_cells(grid, points((1, 1), crs=None))
    with pytest.raises(DataError, match="pass a GeoDataFrame"):
        hotspots.count_in_cells(grid, pd.DataFrame({"x": [1]}))


def test_points_that_all_miss_the_grid_are_refused():
    grid = hotspots.make_grid(AREA, cell_size=500)
    with pytest.raises(DataError, match="wrong way round"):
        hotspots.count_in_cells(grid, points((100_500, 600_500)))


def test_no_point_has_a_location():
    grid = hotspots.make_grid(AREA, cell_size=500)
    empty = gpd.GeoDataFrame(geometry=[None, None], crs=27700)
    with pytest.raises(DataError, match="none of 2 rows has a location"):
        hotspots.count_in_cells(grid, empty)


def test_lines_are_not_points():
    grid = hotspots.make_grid(AREA, cell_size=500)
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=27700)
    with pytest.raises(DataError, match="not points"):
        hotspots.count_in_cells(grid, lines)


def test_a_table_that_is_no_grid():
    area = triangle()
    with pytest.raises(DataError, match="make it with hotspots.make_grid"):
        hotspots.count_in_cells(area, points((601_000, 101_000)))
    grid = hotspots.make_grid(area, cell_size=500)
    mixed = pd.concat([grid, hotspots.make_grid(area, cell_size=250)])
    with pytest.raises(DataError, match="cell_ids of one"):
        hotspots.count_in_cells(mixed, points((601_000, 101_000)))
    twice = pd.concat([grid, grid], ignore_index=True)
    with pytest.raises(DataError, match="repeat a cell"):
        hotspots.count_in_cells(twice, points((601_000, 101_000)))
    with pytest.raises(DataError, match="no cells"):
        hotspots.count_in_cells(grid.iloc[:0], points((601_000, 101_000)))


def test_input_is_left_as_it_was():
    grid, table = hotspots.make_grid(AREA, cell_size=500), points((600_010, 100_010))
    before = grid.copy(), table.copy()
    hotspots.count_in_cells(grid, table)
    pd.testing.assert_frame_equal(grid, before[0])
    pd.testing.assert_frame_equal(table, before[1])
