"""Test whether hotspots persist when locations or cell size change a little."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.methods.hotspots import checks, lattice
from vrn_analysis.methods.hotspots import grid as grids
from vrn_analysis.methods.hotspots.gi_star import ALPHA, adjust, gi_star

# share of draws in which a stable hotspot is one
STABLE = 0.9
DISTRICT = "district"


def is_hotspot(cells: pd.DataFrame) -> np.ndarray:
    """
    Return which cells are hotspots by Gi* on `count`; none where all counts are equal.

    Cells with a `district` are compared with those of their district only. The correction is over
    the cells of all districts.
    """
    if DISTRICT not in cells:
        parts = [cells]
    else:
        parts = [part for _, part in cells.groupby(DISTRICT) if len(part) > 2]
    tested = [gi_star(part) for part in parts if part["count"].nunique() > 1]
    if not tested:
        return np.zeros(len(cells), dtype=bool)
    found = pd.concat(tested).reindex(cells.index)
    return (adjust(found["p_value"].to_numpy()) <= ALPHA) & (found["gi_star"] > 0).to_numpy()


def _judged(cells: pd.DataFrame, flagged: np.ndarray, share: np.ndarray) -> pd.DataFrame:
    steady = share >= STABLE - 1e-12
    words = np.select(
        [flagged & steady, flagged, share > 0],
        ["stable hotspot", "unstable hotspot", "hotspot in some draws"],
        default="not a hotspot",
    )
    return cells.assign(is_hotspot=flagged, share_of_draws=share, stability=words)


def _moved(
    grid: gpd.GeoDataFrame,
    at: tuple[np.ndarray, np.ndarray],
    error: float,
    rng: np.random.Generator,
) -> np.ndarray:
    # a point moved out of the area stays where it was: it did happen inside
    x, y = at
    here = grids.positions_of(grid, x, y)
    moved = grids.positions_of(
        grid, x + rng.normal(0, error, len(x)), y + rng.normal(0, error, len(y))
    )
    found = np.where(moved >= 0, moved, here)
    return np.bincount(found[found >= 0], minlength=len(grid))


def stability(
    grid: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    geocoding_error: float,
    draws: int = 100,
    seed: int = 1,
) -> gpd.GeoDataFrame:
    """
    Add in what share of draws each cell is a hotspot when every point moves a little.

    Parameters
    ----------
    grid
        From `make_grid`.
    points
        In the reference system of the grid; those without a location or outside are left out.
    geocoding_error
        Metres: the standard deviation of the move on each axis. For open data, whose points are
        snapped to the middle of a street, the spacing of such points: `snapped_points`.
    draws
        How many times the points are moved.
    seed
        Of the random numbers.

    Returns
    -------
    cells
        The grid with `count`, `is_hotspot` (with the points where they are), `share_of_draws` and
        `stability`: "stable hotspot" (a hotspot, and in at least 90% of draws), "unstable
        hotspot", "hotspot in some draws" or "not a hotspot". A point moved out of the area stays.

    Raises
    ------
    DataError
        If the error is not above 0 or there are no draws; or as `count_in_cells`.
    """
    checks.positive(geocoding_error, name="geocoding_error")
    checks.draws(draws, name="draws")
    cells = grids.count_in_cells(grid, points)
    x, y, located = checks.coordinates(points)
    at, rng = (x[located], y[located]), np.random.default_rng(seed)
    times = np.zeros(len(grid))
    for _ in range(draws):
        times += is_hotspot(cells.assign(count=_moved(grid, at, geocoding_error, rng)))
    return _judged(cells, is_hotspot(cells), times / draws)


def _overlap(first: shapely.Geometry, second: shapely.Geometry) -> float:
    either = shapely.area(shapely.union(first, second))
    return float(shapely.area(shapely.intersection(first, second)) / either) if either else np.nan


def cell_size_sweep(
    area: checks.Geo, points: gpd.GeoDataFrame, *, cell_sizes: Sequence[float]
) -> pd.DataFrame:
    """
    Return how far the hotspots found depend on the size of the cells.

    Parameters
    ----------
    area
        As for `make_grid`.
    points
        In the reference system of the area.
    cell_sizes
        Metres; the middle one is what the others are compared with.

    Returns
    -------
    table
        One row a size: `cell_size, cells, hotspots, area_share, event_share, overlap`. `overlap`
        is the area that is a hotspot with both sizes over that with either: missing where
        neither has any.

    Raises
    ------
    DataError
        If there is no size, or one is refused by `make_grid`.
    """
    if not len(cell_sizes):
        raise DataError("cell_sizes is empty: pass at least one, in metres.")
    rows, outlines = [], []
    for cell_size in sorted(cell_sizes):
        cells = grids.count_in_cells(grids.make_grid(area, cell_size=cell_size), points)
        flagged = is_hotspot(cells)
        size, count = shapely.area(cells.geometry.to_numpy()), cells["count"].to_numpy(dtype=float)
        outlines.append(shapely.union_all(cells.geometry.to_numpy()[flagged]))
        rows.append(
            {
                "cell_size": cell_size,
                "cells": len(cells),
                "hotspots": int(flagged.sum()),
                "area_share": size[flagged].sum() / size.sum(),
                "event_share": count[flagged].sum() / count.sum() if count.any() else np.nan,
            }
        )
    middle = outlines[len(outlines) // 2]
    return pd.DataFrame(rows).assign(overlap=[_overlap(middle, outline) for outline in outlines])


def snapped_points(points: gpd.GeoDataFrame, *, cell_size: float) -> pd.DataFrame:
    """
    Return how much the locations were snapped to shared places, and how coarse that makes them.

    Published crime data move each crime to the middle of a street or a landmark. A cell smaller
    than the spacing of such places is precise only on paper.

    Parameters
    ----------
    points
        In a reference system in metres; rows without a location are left out.
    cell_size
        Metres: the cell that is to be judged.

    Returns
    -------
    table
        One row: `points, places` (different coordinates), `points_per_place`,
        `busiest_place_share` (of the points), `median_spacing` (metres from a place to the next
        nearest; a `geocoding_error` for `stability`), `cells_with_one_place` (share of the
        cells with points whose points all lie at one place).

    Raises
    ------
    DataError
        If fewer than two places are located, or the reference system is not in metres.
    """
    from scipy.spatial import KDTree

    checks.metres(points, name="points")
    checks.positive(cell_size, name="cell_size")
    x, y, located = checks.coordinates(points)
    places, count = np.unique(x[located] + 1j * y[located], return_counts=True)
    if len(places) < 2:
        raise NotEnoughError(
            f"points: {located.sum():,} located points lie at {len(places)} place."
        )
    at = np.column_stack([places.real, places.imag])
    spacing = KDTree(at).query(at, k=2)[0][:, 1]
    row, column = lattice.locate(*at.T, cell_size=cell_size, shape="square")
    places_in_cell = pd.DataFrame({"row": row, "column": column}).value_counts()
    return pd.DataFrame(
        {
            "points": [int(located.sum())],
            "places": [len(places)],
            "points_per_place": [located.sum() / len(places)],
            "busiest_place_share": [count.max() / located.sum()],
            "median_spacing": [float(np.median(spacing))],
            "cells_with_one_place": [float((places_in_cell == 1).mean())],
        }
    )
