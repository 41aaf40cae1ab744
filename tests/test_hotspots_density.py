"""Kernel density: true constants, exact sums, mass kept at edges, and nothing silent."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import integrate

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.hotspots import density, kernels, lattice

KERNELS = ("quartic", "triweight", "epanechnikov", "uniform")


def points(xy, crs=27700, **columns):
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*xy.T), crs=crs)


def square(cell_size=100, side=4_000, shape="square"):
    return hotspots.make_grid((0, 0, side, side), cell_size=cell_size, shape=shape)


def some_points(number=300, seed=1, side=4_000):
    return points(np.random.default_rng(seed).uniform(0, side, (number, 2)))


def mass(cells):
    return (cells["kde"] * cells.area / 1e6).sum()


@pytest.mark.parametrize(
    ("kernel", "height"),
    [("quartic", 3), ("triweight", 4), ("epanechnikov", 2), ("uniform", 1)],
)
def test_constants_are_those_of_two_dimensions(kernel, height):
    found = kernels.height(np.array([0.0]), bandwidth=1_500, kernel=kernel)[0]
    assert found == pytest.approx(height / (np.pi * 1_500**2))
    volume, _ = integrate.quad(
        lambda r: 2 * np.pi * r * kernels.height(np.array([r * r]), bandwidth=3, kernel=kernel)[0],
        0,
        3 - 1e-9,
    )
    assert volume == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("shape", ["square", "hexagon"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_equals_the_sum_over_all_points(kernel, shape):
    grid, events = square(333.3, shape=shape), some_points()
    kind, size = lattice.specification(grid)
    x, y = lattice.centres(
        grid["row"].to_numpy(), grid["column"].to_numpy(), cell_size=size, shape=kind
    )
    at = shapely.get_coordinates(events.geometry)
    squared = (x[:, None] - at[:, 0]) ** 2 + (y[:, None] - at[:, 1]) ** 2
    expected = kernels.height(squared, bandwidth=700, kernel=kernel).sum(axis=1) * 1e6
    found = hotspots.kernel_density(
        grid, events, bandwidth=700, kernel=kernel, edge_correction=False
    )
    np.testing.assert_allclose(found["kde"], expected, rtol=1e-9, atol=1e-9)
    assert (found["kde_error"] == 0).all()
    assert "exact sum" in found["method"].iloc[0]


def test_agrees_with_scikit_learn():
    neighbors = pytest.importorskip("sklearn.neighbors")
    grid, events = square(200), some_points()
    at = shapely.get_coordinates(events.geometry)
    peer = neighbors.KernelDensity(bandwidth=600, kernel="epanechnikov").fit(at)
    centre = shapely.get_coordinates(grid.centroid)
    expected = np.exp(peer.score_samples(centre)) * len(at) * 1e6
    found = hotspots.kernel_density(
        grid, events, bandwidth=600, kernel="epanechnikov", edge_correction=False
    )
    np.testing.assert_allclose(found["kde"], expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("shape", ["square", "hexagon"])
@pytest.mark.parametrize("kernel", ["quartic", "triweight", "epanechnikov"])
def test_one_point_has_mass_one(kernel, shape):
    event = points([(2_017, 1_983)])
    found = hotspots.kernel_density(square(shape=shape), event, bandwidth=500, kernel=kernel)
    assert mass(found) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("at", [(5, 5), (5, 2_000), (3_995, 1_000), (3_999, 3_999)])
def test_mass_is_kept_at_the_edge(at):
    found = hotspots.kernel_density(square(), points([at]), bandwidth=600)
    lost = hotspots.kernel_density(square(), points([at]), bandwidth=600, edge_correction=False)
    assert mass(found) == pytest.approx(1, abs=0.02)
    assert mass(lost) < 0.6


def test_mass_is_the_number_of_points_in_an_area_with_a_ragged_edge():
    area = gpd.GeoSeries([shapely.Point(2_000, 2_000).buffer(1_800, 5)], crs=27700)
    events = some_points(500)
    grid = hotspots.make_grid(area, cell_size=150)
    inside = int(hotspots.assign_cells(grid, events).notna().sum())
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
    lost = hotspots.kernel_density(square(), events, bandwidth=600, edge_correction=False)["kde"]
    assert lost.min() < 150


def test_doubling_the_points_doubles_the_density():
    grid, events = square(200), some_points(50)
    once = hotspots.kernel_density(grid, events, bandwidth=500)["kde"]
    twice = hotspots.kernel_density(grid, pd.concat([events, events]), bandwidth=500)["kde"]
    weighted = hotspots.kernel_density(
        grid, events.assign(people=2.0), bandwidth=500, weights="people"
    )["kde"]
    np.testing.assert_allclose(twice, 2 * once)
    np.testing.assert_allclose(weighted, 2 * once)


@pytest.mark.parametrize("correct", [True, False])
@pytest.mark.parametrize("bandwidth", [100, 500, 1_200])
def test_binned_is_near_the_exact_sum_and_says_how_near(monkeypatch, bandwidth, correct):
    grid, events = square(), some_points(2_000)
    how = {"bandwidth": bandwidth, "edge_correction": correct}
    exact = hotspots.kernel_density(grid, events, **how)
    monkeypatch.setattr(density, "MAX_EXACT_PAIRS", 2_000_000)
    monkeypatch.setattr(kernels, "exact_pairs", _more(kernels.exact_pairs))
    binned = hotspots.kernel_density(grid, events, **how)
    worst = abs(binned["kde"] - exact["kde"]).max() / exact["kde"].max()
    assert "binned" in binned["method"].iloc[0]
    # at a bandwidth of one cell the edge correction itself is coarse
    assert worst < (0.03 if bandwidth > 100 or not correct else 0.12)
    # found at twenty cells, of which ten are the densest
    assert 0 < binned["kde_error"].iloc[0] <= worst * 1.05
    assert binned["kde_error"].iloc[0] > worst / 20


def _more(pairs):
    return lambda surface, number, **how: (
        pairs(surface, number, **how) + (3_000_000 if number == 2_000 else 0)
    )


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
    with pytest.raises(DataError, match="gaussian"):
        hotspots.kernel_density(grid, events, bandwidth=600, kernel="gaussian")
    with pytest.raises(DataError, match="degrees"):
        hotspots.kernel_density(grid, events.to_crs(4326), bandwidth=600)
    with pytest.raises(DataError, match="1 of 5"):
        hotspots.kernel_density(
            grid, events.assign(people=[1, 2, np.nan, 3, 4]), bandwidth=600, weights="people"
        )


def risk_tables(bandwidth=800):
    grid = square(500)
    events = hotspots.kernel_density(grid, points([(1_000, 1_000)] * 4), bandwidth=800)
    people = points([(1_000, 1_000), (3_000, 1_000)], people=[2_000, 100])
    return events, hotspots.kernel_density(grid, people, bandwidth=bandwidth, weights="people")


def test_risk_is_the_ratio_and_missing_where_nobody_lives():
    found = hotspots.risk_surface(*risk_tables())
    peopled = found["risk_status"] == "shown"
    assert (found["risk_status"][~peopled] == "too few people").all()
    assert found["risk"][~peopled].isna().all()
    assert np.isfinite(found["risk"][peopled]).all()
    # four events among 2,000 people at one place, none where the 100 are
    assert found["risk"].max() == pytest.approx(2)
    assert found["risk"].min() == 0
    assert 0 < peopled.sum() < len(found)


def test_risk_refuses_unlike_densities():
    with pytest.raises(DataError, match="one bandwidth and kernel for both"):
        hotspots.risk_surface(*risk_tables(bandwidth=900))
    events, people = risk_tables()
    with pytest.raises(DataError, match="same grid"):
        hotspots.risk_surface(events, people.iloc[::-1])
    with pytest.raises(DataError, match="minimum_density"):
        hotspots.risk_surface(events, people, minimum_density=0)
