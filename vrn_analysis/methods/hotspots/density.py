"""Kernel density: offences per square kilometre around each cell."""

import geopandas as gpd
import numpy as np
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.hotspots import checks, kernels, lattice
from vrn_analysis.methods.hotspots import grid as grids


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


def kernel_density(
    grid: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    bandwidth: float,
    weights: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Add the quartic kernel density of points at the centre of each cell.

    Each point's kernel is divided by the share of it that lies in the area, so that nothing is
    lost beyond the boundary (Diggle 1985; never more than tenfold). Totals are kept; within a
    bandwidth of the boundary the surface still reads low, by up to 40% in a corner.

    Parameters
    ----------
    grid
        From `make_grid`.
    points
        In the reference system of the grid. Those without a location or outside are left out.
    bandwidth
        Radius in metres, at least a cell.
    weights
        Column of `points`: how much each counts, such as residents.

    Returns
    -------
    cells
        The grid and `kde`: events per square kilometre. No points give 0 everywhere.

    Raises
    ------
    DataError
        If the bandwidth is not above 0, is less than a cell or more than the whole grid; if
        the reference systems differ, or a weight is missing, not finite or negative.

    Notes
    -----
    Density times area adds up to the number of points within about 1% where the bandwidth is
    three cells or more.
    """
    xyw = _inside(grid, points, weights)
    surface, table = _surface(grid)
    radius = _check_bandwidth(bandwidth, surface)
    here = table >= 0
    kde = np.empty(len(grid))
    kde[table[here]] = kernels.density(surface, xyw, bandwidth=radius)[here] * 1e6
    return grid.assign(kde=kde)
