"""Kernel density: offences per square kilometre around each cell, and their ratio to people."""

from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.hotspots import checks, kernels, lattice
from vrn_analysis.methods.hotspots import grid as grids

Kernel = Literal["quartic", "triweight", "epanechnikov", "uniform"]
# pairs of point and cell above which squares are binned: about a second and a half of work
MAX_EXACT_PAIRS = 50_000_000
# parts of cells above which the tables of a convolution would fill the memory
MAX_FINE_CELLS = 40_000_000
_PROBES = 20


def _surface(cells: gpd.GeoDataFrame) -> tuple[kernels.Surface, np.ndarray]:
    shape, cell_size = lattice.specification(cells)
    table, first_row, first_column = lattice.positions(cells)
    inside, here = np.zeros(table.shape), table >= 0
    area = shapely.area(cells.geometry.to_numpy()) / lattice.full_area(cell_size, shape)
    inside[here] = np.minimum(area[table[here]], 1)
    return kernels.Surface(inside, first_row, first_column, cell_size, shape), table


def _inside(cells: gpd.GeoDataFrame, points: gpd.GeoDataFrame, weights: str | None) -> np.ndarray:
    checks.same_crs([cells, points], names=["grid", "points"])
    x, y, _ = checks.coordinates(points)
    weight = np.ones(len(x))
    if weights is not None:
        weight = checks.numbers(points, weights, name="points", minimum=0)
    inside = grids.positions_of(cells, x, y) >= 0
    # recorded places repeat, and anonymised ones repeat often
    places, place = np.unique(x[inside] + 1j * y[inside], return_inverse=True)
    weight = np.bincount(place, weight[inside], len(places))
    return np.vstack([places.real, places.imag, weight])


def _check_bandwidth(bandwidth: float, surface: kernels.Surface) -> float:
    checks.positive(bandwidth, name="bandwidth")
    if bandwidth < surface.cell_size:
        raise DataError(
            f"bandwidth is {bandwidth:,.0f} m, less than a cell ({surface.cell_size:,.0f} m): the "
            "surface would show the cells. Take a larger bandwidth or smaller cells."
        )
    longest = max(surface.inside.shape) * surface.cell_size
    if bandwidth > longest:
        raise DataError(
            f"bandwidth is {bandwidth:,.0f} m, more than the whole grid ({longest:,.0f} m)."
        )
    return float(bandwidth)


def _binning_error(
    density: np.ndarray, surface: kernels.Surface, xyw: np.ndarray, how: dict
) -> float:
    # against the exact sum at the densest cells and at some others, as far as the work allows
    order = np.argsort(density, axis=None)[::-1]
    order = order[density.ravel()[order] > 0]
    half, step = _PROBES // 2, max(1, 2 * len(order) // _PROBES)
    worst, pairs = 0.0, 0
    for cell in np.column_stack([order[:half], order[::step][:half]]).ravel():
        row, column = np.unravel_index(cell, density.shape)
        x, y = lattice.centres(
            row + surface.first_row,
            column + surface.first_column,
            cell_size=surface.cell_size,
            shape=surface.shape,
        )
        near = (np.abs(xyw[0] - x) < how["bandwidth"]) & (np.abs(xyw[1] - y) < how["bandwidth"])
        true = kernels.exact(surface, xyw[:, near], **how)[row, column]
        worst = max(worst, abs(true - density[row, column]))
        pairs += kernels.exact_pairs(surface, int(near.sum()), bandwidth=how["bandwidth"])
        if pairs > MAX_EXACT_PAIRS // 4:
            break
    return float(worst / density.max())


def _density(surface: kernels.Surface, xyw: np.ndarray, how: dict) -> tuple[np.ndarray, float, str]:
    pairs = kernels.exact_pairs(surface, xyw.shape[1], bandwidth=how["bandwidth"])
    fine = kernels.fine_cells(surface, bandwidth=how["bandwidth"])
    too_fine = surface.inside.size * fine**2 > MAX_FINE_CELLS
    if pairs <= MAX_EXACT_PAIRS or surface.shape == "hexagon" or too_fine:
        return kernels.exact(surface, xyw, **how), 0.0, "exact sum"
    density = kernels.binned(surface, xyw, **how)
    error = _binning_error(density, surface, xyw, how)
    return density, error, f"binned on {fine} by {fine} parts a cell"


def kernel_density(
    grid: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    bandwidth: float,
    kernel: Kernel = "quartic",
    weights: str | None = None,
    edge_correction: bool = True,
) -> gpd.GeoDataFrame:
    """
    Add the kernel density of points at the centre of each cell.

    Parameters
    ----------
    grid
        From `make_grid`.
    points
        In the reference system of the grid. Those without a location or outside are left out.
    bandwidth
        Radius in metres, at least a cell.
    kernel
        `quartic`, `triweight`, `epanechnikov` or `uniform`, with the constants of two dimensions.
    weights
        Column of `points`: how much each counts, such as residents.
    edge_correction
        Divide each point's kernel by the share of it that lies in the area, so that nothing is
        lost beyond the boundary (Diggle 1985; never more than tenfold). Totals are kept; within
        a bandwidth of the boundary the surface still reads low, by up to 40% in a corner.

    Returns
    -------
    cells
        The grid and `kde` (events per square kilometre), `bandwidth` (metres), `kde_error` (0
        where the sum is exact, else the largest error met at 20 cells, as a share of the peak)
        and `method`. No points give 0 everywhere.

    Raises
    ------
    DataError
        If the bandwidth is not above 0, is less than a cell or more than the whole grid; if
        the reference systems differ, or a weight is missing, not finite or negative.

    Notes
    -----
    Density times area adds up to the number of points within about 1% where the bandwidth is
    three cells or more. Squares are binned and convolved where an exact sum would look at more
    than 50 million pairs of point and cell, unless that would take too much memory.
    """
    if kernel not in kernels.POWERS:
        raise DataError(f"kernel is {kernel!r}; it must be one of {', '.join(kernels.POWERS)}.")
    xyw = _inside(grid, points, weights)
    surface, table = _surface(grid)
    radius = _check_bandwidth(bandwidth, surface)
    how = {"bandwidth": radius, "kernel": kernel, "correct": edge_correction}
    density, error, way = _density(surface, xyw, how)
    here = table >= 0
    kde = np.empty(len(grid))
    kde[table[here]] = density[here] * 1e6
    edges = "corrected" if edge_correction else "not corrected"
    method = f"{kernel} kernel, radius {radius:,.0f} m, edges {edges}, {way}"
    return grid.assign(
        kde=kde,
        bandwidth=radius,
        kde_error=error,
        method=pd.Categorical.from_codes(np.zeros(len(grid), dtype=np.int8), [method]),
    )


def risk_surface(
    events: pd.DataFrame,
    population: pd.DataFrame,
    *,
    per: float = 1_000,
    minimum_density: float = 1.0,
) -> pd.DataFrame:
    """
    Add the ratio of two densities: events to the people around a cell.

    Parameters
    ----------
    events, population
        From `kernel_density` on one grid with one bandwidth and kernel: of the events, and of
        people (`weights`).
    per
        The risk is per this many people.
    minimum_density
        People per square kilometre below which there is no risk to speak of.

    Returns
    -------
    cells
        `events` and `population_kde`, `risk`, missing below the minimum, and `risk_status`:
        "shown" or "too few people". There is no infinite risk and no silent gap.

    Raises
    ------
    DataError
        If the cells, bandwidths or kernels differ: the ratio would not be of two densities alike.
    """
    checks.positive(minimum_density, name="minimum_density")
    if list(events["cell_id"]) != list(population["cell_id"]):
        raise DataError("events and population are not on the same grid, row by row.")
    kinds = [
        (float(table["bandwidth"].iloc[0]), str(table["method"].iloc[0]).split()[0])
        for table in (events, population)
    ]
    if kinds[0] != kinds[1]:
        raise DataError(
            f"events have a {kinds[0][1]} kernel of {kinds[0][0]:,.0f} m and population a "
            f"{kinds[1][1]} kernel of {kinds[1][0]:,.0f} m: use one bandwidth and kernel for both."
        )
    above = checks.numbers(events, "kde", name="events", minimum=0)
    below = checks.numbers(population, "kde", name="population", minimum=0)
    enough = below >= minimum_density
    risk = np.where(enough, above / np.where(enough, below, 1) * per, np.nan)
    status = np.where(enough, "shown", "too few people")
    return events.assign(population_kde=below, risk=risk, risk_status=status)
