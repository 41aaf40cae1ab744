"""Find neighbouring places, and sum values over a place and its neighbours."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.hotspots import checks, lattice

# of the smaller polygon: below this, two drawings of one border; above it, a fault
OVERLAP = 0.01
# metres within which two polygons touch
TOLERANCE = 1.0
_QUEEN = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1))
# odd rows of hexagons lie half a cell to the east
_EVEN_ROW = ((0, 0), (0, -1), (0, 1), (-1, -1), (-1, 0), (1, -1), (1, 0))
_ODD_ROW = ((0, 0), (0, -1), (0, 1), (-1, 0), (-1, 1), (1, 0), (1, 1))


class Sums(NamedTuple):
    """
    For each place: the sum of the values over it and its neighbours, and how many they are.

    Of counts on a grid, both are whole numbers; else both are floats.
    """

    values: np.ndarray
    links: np.ndarray


def is_grid(cells: pd.DataFrame) -> bool:
    """Return whether a table has the columns of a grid."""
    return {"cell_id", "row", "column"} <= set(cells.columns)


def _offsets(shape: str, first_row: int, rows: int) -> list[tuple[np.ndarray, tuple]]:
    if shape == "square":
        return [(np.ones(rows, dtype=bool), _QUEEN)]
    odd = (first_row + np.arange(rows)) % 2 == 1
    return [(~odd, _EVEN_ROW), (odd, _ODD_ROW)]


def _box_sum(table: np.ndarray, shape: str, first_row: int) -> np.ndarray:
    rows, columns = table.shape
    padded = np.pad(table, 1)
    if shape == "square":
        across = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
        return across[:-2] + across[1:-1] + across[2:]
    total = np.zeros_like(table)
    for chosen, offsets in _offsets(shape, first_row, rows):
        for down, right in offsets:
            moved = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
            total[chosen] += moved[chosen]
    return total


def _grid_sums(cells: pd.DataFrame, values: np.ndarray) -> Sums:
    shape, _ = lattice.specification(cells)
    where = lattice.layout(cells)
    here = lattice.occupied(where)
    # counts are added as whole numbers: half the memory, and no place differs by a last bit
    whole = checks.are_counts(values) and values.sum() < np.iinfo(np.int32).max
    dense = np.zeros(where.size, dtype=np.int32 if whole else np.float64)
    dense.ravel()[where.at] = values
    summed = _box_sum(dense, shape, where.first_row).ravel()[where.at]
    links = _box_sum(here.view(np.int8), shape, where.first_row).ravel()[where.at]
    return Sums(summed, links if whole else links.astype(float))


def sums(cells: pd.DataFrame, values: np.ndarray) -> Sums:
    """
    Return sums of values over each place and its neighbours, itself included.

    Grids by row and column (a box filter), other polygons by `contiguity`.
    """
    if is_grid(cells):
        return _grid_sums(cells, values)
    matrix = contiguity(cells) + sparse.eye_array(len(cells), format="csr")
    return Sums(matrix @ values, np.asarray(matrix.sum(axis=1)))


def _grid_pairs(cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    shape, _ = lattice.specification(cells)
    table, first_row, _ = lattice.positions(cells)
    padded = np.pad(table, 1, constant_values=-1)
    rows, columns = table.shape
    pairs = []
    for chosen, offsets in _offsets(shape, first_row, rows):
        for down, right in offsets:
            moved = padded[1 + down : 1 + down + rows, 1 + right : 1 + right + columns]
            both = (table >= 0) & (moved >= 0) & (table != moved) & chosen[:, None]
            pairs.append((table[both], moved[both]))
    return tuple(np.concatenate(side) for side in zip(*pairs, strict=True))


def _refuse_overlaps(shapes: np.ndarray, first: np.ndarray, second: np.ndarray) -> None:
    once = first < second
    first, second = first[once], second[once]
    share = shapely.relate_pattern(shapes[first], shapes[second], "T********")
    first, second = first[share], second[share]
    common = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    if (bad := common > OVERLAP * smaller).any():
        examples = ", ".join(
            f"{a} and {b}" for a, b in zip(first[bad][:5], second[bad][:5], strict=True)
        )
        raise DataError(
            f"{bad.sum():,} pairs of areas overlap (rows {examples}): an event would count twice. "
            "Pass one row for each area, with borders that meet."
        )


def contiguity(cells: gpd.GeoDataFrame) -> sparse.csr_array:
    """
    Return which places touch: a matrix of 0 and 1, in the order of the rows, without self.

    Cells of a grid touch by row and column (squares also at a corner). Polygons touch where they
    come within a metre, because two drawings of one border seldom agree to the millimetre. A row
    of zeros is an island.

    Parameters
    ----------
    cells
        A grid, or polygons in a reference system in metres.

    Raises
    ------
    DataError
        If a polygon is missing, empty or invalid, or two overlap by more than 1% of the smaller.
    """
    if is_grid(cells):
        first, second = _grid_pairs(cells)
    else:
        if not isinstance(cells, gpd.GeoDataFrame):
            raise DataError("cells has no geometry: pass a GeoDataFrame.")
        checks.metres(cells, name="cells")
        shapes = checks.polygons(cells, name="cells")
        first, second = shapely.STRtree(shapes).query(
            shapes, predicate="dwithin", distance=TOLERANCE
        )
        first, second = first[first != second], second[first != second]
        _refuse_overlaps(shapes, first, second)
    size = (len(cells), len(cells))
    return sparse.csr_array((np.ones(len(first)), (first, second)), shape=size)
