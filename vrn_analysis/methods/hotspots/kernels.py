"""
Kernels on a lattice of cells: exact sums over nearby cells, or binned and convolved.

Every kernel is (p + 1) / (pi h²) (1 - (d / h)²)^p within the radius h: its volume is 1.
"""

from typing import NamedTuple

import numpy as np

from vrn_analysis.methods.hotspots import lattice

POWERS = {"uniform": 0, "epanechnikov": 1, "quartic": 2, "triweight": 3}
# an edge correction above tenfold says more about the boundary than about the place
LEAST_INSIDE = 0.1
_PAIRS_AT_ONCE = 2_000_000
# at 15 fine cells a radius, binning moves a quartic density by about 0.2% of its peak
FINE_CELLS_A_RADIUS = 15


class Surface(NamedTuple):
    """A lattice of cells: the share of each that lies in the area, and where it starts."""

    inside: np.ndarray
    first_row: int
    first_column: int
    cell_size: float
    shape: str


def height(squared: np.ndarray, *, bandwidth: float, kernel: str) -> np.ndarray:
    """Return the kernel, per square metre, at a squared distance in metres."""
    power = POWERS[kernel]
    base = np.clip(1 - squared / bandwidth**2, 0, None)
    raised = (squared < bandwidth**2).astype(float) if power == 0 else base**power
    return (power + 1) / (np.pi * bandwidth**2) * raised


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
    return down[near], right[near]


def exact_pairs(surface: Surface, points: int, *, bandwidth: float) -> int:
    """Return how many point and cell pairs an exact sum looks at."""
    return points * len(_window(surface, bandwidth)[0])


def exact(
    surface: Surface, xyw: np.ndarray, *, bandwidth: float, kernel: str, correct: bool
) -> np.ndarray:
    """
    Return the density of the lattice, per square metre: the exact sum at each cell's centre.

    `xyw` holds x, y and weight of each point, in rows; every point lies in the lattice. With
    `correct`, a point's kernel is divided by the share of it that lies in the area.
    """
    down, right = _window(surface, bandwidth)
    reach = int(max(down.max(), right.max()))
    inside = np.pad(surface.inside, reach)
    density = np.zeros(inside.size)
    step = max(1, _PAIRS_AT_ONCE // len(down))
    where = {"cell_size": surface.cell_size, "shape": surface.shape}
    for start in range(0, xyw.shape[1], step):
        x, y, weight = xyw[:, start : start + step, None]
        row, column = lattice.locate(x, y, **where)
        row, column = row + down, column + right
        at_x, at_y = lattice.centres(row, column, **where)
        part = height((at_x - x) ** 2 + (at_y - y) ** 2, bandwidth=bandwidth, kernel=kernel)
        cell = (row - surface.first_row + reach) * inside.shape[1]
        cell += column - surface.first_column + reach
        if correct:
            kept = (part * inside.ravel()[cell]).sum(axis=1) / part.sum(axis=1)
            part /= np.maximum(kept, LEAST_INSIDE)[:, None]
        density += np.bincount(cell.ravel(), weights=(part * weight).ravel(), minlength=inside.size)
    rows, columns = surface.inside.shape
    return density.reshape(inside.shape)[reach : reach + rows, reach : reach + columns]


def _bin(surface: Surface, xyw: np.ndarray, fine: int, reach: int) -> np.ndarray:
    # linear binning: each point is shared between the four fine cells whose centres are around it
    rows, columns = (axis * fine + 2 * reach for axis in surface.inside.shape)
    size = surface.cell_size / fine
    x = xyw[0] / size - surface.first_column * fine + reach - 0.5
    y = xyw[1] / size - surface.first_row * fine + reach - 0.5
    left, low = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    across, up = x - left, y - low
    total = np.zeros(rows * columns)
    for right, share_x in ((0, 1 - across), (1, across)):
        for above, share_y in ((0, 1 - up), (1, up)):
            total += np.bincount(
                (low + above) * columns + left + right,
                weights=xyw[2] * share_x * share_y,
                minlength=rows * columns,
            )
    return total.reshape(rows, columns)


def fine_cells(surface: Surface, *, bandwidth: float) -> int:
    """Return into how many parts a cell's side is split for binning: odd, to keep its centre."""
    wanted = int(np.ceil(FINE_CELLS_A_RADIUS * surface.cell_size / bandwidth))
    return wanted + (wanted + 1) % 2


def binned(
    surface: Surface, xyw: np.ndarray, *, bandwidth: float, kernel: str, correct: bool
) -> np.ndarray:
    """Return what `exact` does, for squares only: binned on fine cells and convolved."""
    from scipy import fft

    fine = fine_cells(surface, bandwidth=bandwidth)
    size = surface.cell_size / fine
    reach = int(bandwidth // size) + 2
    offsets = np.arange(-reach, reach + 1) * size
    stamp = height(
        offsets[:, None] ** 2 + offsets[None, :] ** 2, bandwidth=bandwidth, kernel=kernel
    )
    mass = _bin(surface, xyw, fine, reach)
    padded = [fft.next_fast_len(axis + 2 * reach, real=True) for axis in mass.shape]
    transform = fft.rfft2(stamp, padded)

    def spread(table: np.ndarray) -> np.ndarray:
        whole = fft.irfft2(fft.rfft2(table, padded) * transform, padded)
        return whole[reach : reach + table.shape[0], reach : reach + table.shape[1]]

    if correct:
        inside = np.pad(np.kron(surface.inside, np.ones((fine, fine))), reach)
        mass = mass / np.maximum(spread(inside) / stamp.sum(), LEAST_INSIDE)
    rows, columns = surface.inside.shape
    middle = slice(reach + fine // 2, None, fine)
    return np.clip(spread(mass)[middle, middle][:rows, :columns], 0, None)
