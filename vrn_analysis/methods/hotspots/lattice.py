"""
Number the cells of a grid, and find the cell of a point.

Everything is whole-number arithmetic on rows and columns, so no neighbour is lost to rounding.
"""

import re
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError

Shape = Literal["square", "hexagon"]
MAX_CELLS = 5_000_000
_CELL_ID = re.compile(r"(?P<shape>[sh])(?P<size>[\d.e+-]+)_r-?\d+_c-?\d+")


def row_height(cell_size: float, shape: str) -> float:
    """Return the distance between the centres of two rows, in metres."""
    return cell_size if shape == "square" else cell_size * np.sqrt(3) / 2


def full_area(cell_size: float, shape: str) -> float:
    """Return the area of a cell that is not clipped, in square metres."""
    return cell_size * row_height(cell_size, shape)


def specification(grid: pd.DataFrame) -> tuple[str, float]:
    """
    Return the shape and the cell size of a grid, from its `cell_id`.

    Raises
    ------
    DataError
        If the table was not made by `make_grid`, or mixes grids.
    """
    if missing := [name for name in ("cell_id", "row", "column") if name not in grid]:
        raise DataError(f"grid has no {', '.join(missing)}: make it with hotspots.make_grid.")
    if not len(grid):
        raise DataError("grid has no cells.")
    found = {_CELL_ID.fullmatch(str(grid["cell_id"].iloc[end])) for end in (0, -1)}
    kinds = {match and (match["shape"], match["size"]) for match in found}
    if None in kinds or len(kinds) > 1:
        raise DataError("grid does not have the cell_ids of one hotspots.make_grid.")
    kind, size = kinds.pop()
    return {"s": "square", "h": "hexagon"}[kind], float(size)


def centres(
    row: np.ndarray, column: np.ndarray, *, cell_size: float, shape: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of whole cells, in metres; odd rows of hexagons are half a cell east."""
    shift = 0.5 if shape == "square" else 0.5 + 0.5 * (row % 2)
    return (column + shift) * cell_size, (row + 0.5) * row_height(cell_size, shape)


def locate(
    x: np.ndarray, y: np.ndarray, *, cell_size: float, shape: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the row and column of the cell of each point; of hexagons, the nearest."""
    height = row_height(cell_size, shape)
    if shape == "square":
        return np.floor(y / height).astype(np.int64), np.floor(x / cell_size).astype(np.int64)
    even = (2 * np.floor(y / (2 * height) + 0.25).astype(np.int64), np.floor(x / cell_size))
    odd = (
        2 * np.floor(y / (2 * height) - 0.25).astype(np.int64) + 1,
        np.floor(x / cell_size - 0.5),
    )
    away = []
    for row, column in (even, odd):
        centre_x, centre_y = centres(row, column, cell_size=cell_size, shape=shape)
        away.append((x - centre_x) ** 2 + (y - centre_y) ** 2)
    nearer = away[0] <= away[1]
    row, column = (np.where(nearer, *pair) for pair in zip(even, odd, strict=True))
    return row.astype(np.int64), column.astype(np.int64)


class Layout(NamedTuple):
    """Where each row of a grid lies in an array that spans it: `at` is its place, row by row."""

    at: np.ndarray
    size: tuple[int, int]
    first_row: int
    first_column: int


def layout(grid: pd.DataFrame) -> Layout:
    """
    Return where the cells of a grid lie in an array that spans them.

    Raises
    ------
    DataError
        If the rows and columns span too large an array.
    """
    row, column = (grid[name].to_numpy(dtype=np.int64) for name in ("row", "column"))
    first_row, first_column = int(row.min()), int(column.min())
    size = (int(row.max()) - first_row + 1, int(column.max()) - first_column + 1)
    if size[0] * size[1] > 4 * MAX_CELLS:
        raise DataError(f"grid spans {size[0]:,} rows by {size[1]:,} columns: too many.")
    at = row * size[1]
    at += column
    at -= first_row * size[1] + first_column
    return Layout(at, size, first_row, first_column)


def occupied(where: Layout) -> np.ndarray:
    """
    Return in which places of the array that spans a grid there is a cell.

    Raises
    ------
    DataError
        If a cell occurs more than once.
    """
    here = np.zeros(where.size, dtype=bool)
    here.ravel()[where.at] = True
    if (repeated := len(where.at) - int(np.count_nonzero(here))) > 0:
        raise DataError(
            f"{repeated:,} of {len(where.at):,} rows repeat a cell. Pass one row for each cell: "
            "one period, one crime group."
        )
    return here


def positions(grid: pd.DataFrame) -> tuple[np.ndarray, int, int]:
    """
    Return a grid as an array of positions (-1 where no cell is), and its first row and column.

    Raises
    ------
    DataError
        If a cell occurs more than once, or the rows and columns span too large an array.
    """
    where = layout(grid)
    table = np.where(occupied(where), 0, -1).astype(np.int32)
    table.ravel()[where.at] = np.arange(len(grid), dtype=np.int32)
    return table, where.first_row, where.first_column
