"""Kernel density: true constants, exact sums, mass kept at edges, and nothing silent."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import integrate

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.hotspots import kernels, lattice


def test_the_constant_is_that_of_two_dimensions():
    assert kernels.height(np.array([0.0]), bandwidth=1_500)[0] == pytest.approx(
        3 / (np.pi * 1_500**2)
    )
    volume, _ = integrate.quad(
        lambda r: 2 * np.pi * r * kernels.height(np.array([r * r]), bandwidth=3)[0], 0, 3 - 1e-9
    )
    assert volume == pytest.approx(1, abs=1e-6)


def points(xy, crs=27700, **columns):
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*xy.T), crs=crs)


def square(cell_size=100, side=4_000, shape="square"):
    return hotspots.make_grid(
        gpd.GeoSeries([shapely.box(0, 0, side, side)], crs=27700), cell_size=cell_size, shape=shape
    )


def some_points(number=300, seed=1, side=4_000):
    return points(np.random.default_rng(seed).uniform(0, side, (number, 2)))


def mass(cells):
    return (cells["kde"] * cells.area / 1e6).sum()


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_equals_the_sum_over_all_points(shape):
    grid, events = square(333.3, shape=shape), some_points()
    kind, size = lattice.specification(grid)
    x, y = lattice.centres(
        grid["row"].to_numpy(), grid["column"].to_numpy(), cell_size=size, shape=kind
    )
    at = shapely.get_coordinates(events.geometry)
    squared = (x[:, None] - at[:, 0]) ** 2 + (y[:, None] - at[:, 1]) ** 2
    each = kernels.height(squared, bandwidth=700)
    # the share of each point's kernel over whole cells that lies in the area
    around = hotspots.make_grid(
        gpd.GeoSeries([shapely.box(-2_000, -2_000, 6_000, 6_000)], crs=27700),
        cell_size=333.3,
        shape=shape,
    )
    far = lattice.centres(
        around["row"].to_numpy(), around["column"].to_numpy(), cell_size=size, shape=kind
    )
    every = kernels.height(
        (far[0][:, None] - at[:, 0]) ** 2 + (far[1][:, None] - at[:, 1]) ** 2, bandwidth=700
    ).sum(axis=0)
    share = grid.area.to_numpy() / lattice.full_area(size, kind)
    inside = (each * share[:, None]).sum(axis=0) / every
    expected = (each / inside).sum(axis=1) * 1e6
    found = hotspots.kernel_density(grid, events, bandwidth=700)
    np.testing.assert_allclose(found["kde"], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", ["square", "hexagon"])
def test_one_point_has_mass_one(shape):
    event = points([(2_017, 1_983)])
    found = hotspots.kernel_density(square(shape=shape), event, bandwidth=500)
    assert mass(found) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("at", [(5, 5), (5, 2_000), (3_995, 1_000), (3_999, 3_999)])
def test_mass_is_kept_at_the_edge(at):
    found = hotspots.kernel_density(square(), points([at]), bandwidth=600)
    assert mass(found) == pytest.approx(1, abs=0.02)


def test_mass_is_the_number_of_points_in_an_area_with_a_ragged_edge():
    area = gpd.GeoSeries([shapely.Point(2_000, 2_000).buffer(1_800, 5)], crs=27700)
    events = some_points(500)
    grid = hotspots.make_grid(area, cell_size=150)
    inside = int(hotspots.count_in_cells(grid, events)["count"].sum())
    assert inside < 500
    assert mass(hotspots.kernel_density(grid, events, bandwidth=500)) == pytest.approx(
        inside, rel=0.01
    )


def test_the_correction_mends_most_of_what_an_edge_takes_from_an_even_surface():
    step = np.arange(25, 4_000, 50)
    events = points([(x, y) for x in step for y in step])
    found = hotspots.kernel_density(square(), events, bandwidth=600)["kde"]
    assert found.between(240, 480).all()
    assert found.mean() == pytest.approx(400, rel=0.005)


def test_doubling_the_points_doubles_the_density():
    grid, events = square(200), some_points(50)
    once = hotspots.kernel_density(grid, events, bandwidth=500)["kde"]
    twice = hotspots.kernel_density(grid, pd.concat([events, events]), bandwidth=500)["kde"]
    weighted = hotspots.kernel_density(
        grid, events.assign(people=2.0), bandwidth=500, weights="people"
    )["kde"]
    np.testing.assert_allclose(twice, 2 * once)
    np.testing.assert_allclose(weighted, 2 * once)


def test_no_points_are_zero_everywhere():
    found = hotspots.kernel_density(square(500), points([]), bandwidth=600)
    assert (found["kde"] == 0).all()


def test_points_outside_are_left_out():
    grid = square(500)
    one = hotspots.kernel_density(grid, points([(5, 5)]), bandwidth=600)
    two = hotspots.kernel_density(grid, points([(5, 5), (-5, 5)]), bandwidth=600)
    np.testing.assert_allclose(one["kde"], two["kde"])


@pytest.mark.parametrize(
    ("bandwidth", "match"),
    [
        (0, "above 0"),
        (-100, "above 0"),
        (np.nan, "above 0"),
        (499, "less than a cell"),
        (4_001, "more than the whole grid"),
    ],
)
def test_bandwidths_that_make_no_surface(bandwidth, match):
    with pytest.raises(DataError, match=match):
        hotspots.kernel_density(square(500), some_points(5), bandwidth=bandwidth)


def test_identical_points_make_one_bump():
    found = hotspots.kernel_density(square(), points([(2_050, 2_050)] * 9), bandwidth=500)
    assert found["kde"].max() == pytest.approx(9 * 3 / (np.pi * 0.25))


def test_other_bad_input():
    grid, events = square(500), some_points(5)
    with pytest.raises(DataError, match="degrees"):
        hotspots.kernel_density(grid, events.to_crs(4326), bandwidth=600)
    with pytest.raises(DataError, match="1 of 5"):
        hotspots.kernel_density(
            grid, events.assign(people=[1, 2, np.nan, 3, 4]), bandwidth=600, weights="people"
        )
