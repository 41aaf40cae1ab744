"""
The quartic kernel on a lattice of cells: sums over nearby cells.

The kernel is 3 / (pi h²) (1 - (d / h)²)² within the radius h: its volume is 1.
"""

from typing import NamedTuple

import numpy as np

from vrn_analysis.methods.hotspots import lattice

# an edge correction above tenfold says more about the boundary than about the place
LEAST_INSIDE = 0.1
# few enough that the tables of one step stay in the processor's cache
_PAIRS_AT_ONCE = 200_000


class Surface(NamedTuple):
    """A lattice of cells: the share of each that lies in the area, and where it starts."""

    inside: np.ndarray
    first_row: int
    first_column: int
    cell_size: float
    shape: str


def height(squared: np.ndarray, *, bandwidth: float) -> np.ndarray:
    """Return the kernel, per square metre, at a squared distance in metres."""
    return 3 / (np.pi * bandwidth**2) * np.clip(1 - squared / bandwidth**2, 0, None) ** 2


def _window(surface: Surface, bandwidth: float) -> tuple[np.ndarray, np.ndarray]:
    # the offsets of every cell whose centre can lie within the bandwidth of a point in a cell
    row_height = lattice.row_height(surface.cell_size, surface.shape)
    reach_rows = int(bandwidth // row_height) + 1
    reach_columns = int(bandwidth // surface.cell_size) + 1
    down, right = np.meshgrid(
        np.arange(-reach_rows, reach_rows + 1), np.arange(-reach_columns, reach_columns + 1)
    )
    slack = 0.5 if surface.shape == "square" else 1.1
    nearest = np.hypot(
        np.clip(np.abs(down) - slack, 0, None) * row_height,
        np.clip(np.abs(right) - slack, 0, None) * surface.cell_size,
    )
    near = nearest < bandwidth
    return down[near][:, None], right[near][:, None]


def density(surface: Surface, xyw: np.ndarray, *, bandwidth: float) -> np.ndarray:
    """
    Return the density of the lattice, per square metre: the sum at each cell's centre.

    `xyw` holds x, y and weight of each point, in rows; every point lies in the lattice. A point's
    kernel is divided by the share of it that lies in the area.
    """
    down, right = _window(surface, bandwidth)
    reach = int(max(down.max(), right.max()))
    inside = np.pad(surface.inside, reach)
    found = np.zeros(inside.size)
    step = max(1, _PAIRS_AT_ONCE // len(down))
    where = {"cell_size": surface.cell_size, "shape": surface.shape}
    row, column = lattice.locate(*xyw[:2], **where)
    from_x, from_y = (one - xyw[at] for at, one in enumerate(lattice.centres(row, column, **where)))
    cell = (row - surface.first_row + reach) * inside.shape[1] + reach
    cell += column - surface.first_column
    # odd rows of hexagons lie half a cell to the east
    for odd in (0, 1):
        east, north = lattice.centres(odd + down, right, **where)
        here_east, here_north = lattice.centres(odd, 0, **where)
        points = np.flatnonzero(row % 2 == odd)
        for start in range(0, len(points), step):
            some = points[start : start + step]
            squared = (from_x[some] + (east - here_east)) ** 2
            squared += (from_y[some] + (north - here_north)) ** 2
            part = height(squared, bandwidth=bandwidth)
            at = cell[some] + (down * inside.shape[1] + right)
            kept = (part * inside.ravel()[at]).sum(axis=0) / part.sum(axis=0)
            part *= xyw[2, some] / np.maximum(kept, LEAST_INSIDE)
            found += np.bincount(at.ravel(), weights=part.ravel(), minlength=inside.size)
    rows, columns = surface.inside.shape
    return found.reshape(inside.shape)[reach : reach + rows, reach : reach + columns]
