"""
Make grids of equal cells, clipped to an area, and count points in them.

Cells are numbered from the origin of the reference system (the British National Grid), so a cell
has the same `cell_id` in every run. A point belongs to one cell by arithmetic: cells are
half-open, a point on the line between two lies in the one to the east or north.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.hotspots import checks, lattice
from vrn_analysis.methods.hotspots.lattice import MAX_CELLS, Shape

# square metres below which what is left of a clipped cell is rounding, not land
SLIVER = 1e-4
# metres by which clipping may have moved a vertex
SNAP = 1e-6
_CHUNK = 20_000


def _ranges(area: shapely.Geometry, cell_size: float, shape: str) -> tuple[range, range]:
    west, south, east, north = area.bounds
    height = lattice.row_height(cell_size, shape)
    # hexagons reach into the rows beside them
    more = 0 if shape == "square" else 1
    rows = range(int(np.floor(south / height)) - more, int(np.ceil(north / height)) + more)
    columns = range(int(np.floor(west / cell_size)) - more, int(np.ceil(east / cell_size)) + more)
    if len(rows) * len(columns) > MAX_CELLS:
        enough = np.sqrt((east - west) * (north - south) / MAX_CELLS)
        raise DataError(
            f"cell_size={cell_size:g} makes {len(rows) * len(columns):,} cells over "
            f"{(east - west) / 1e3:,.0f} by {(north - south) / 1e3:,.0f} km; at most "
            f"{MAX_CELLS:,} are made. Take cells of {np.ceil(enough):,.0f} m or more."
        )
    return rows, columns


def _shapes(row: np.ndarray, column: np.ndarray, cell_size: float, shape: str) -> np.ndarray:
    if shape == "square":
        west, south, east, north = (edge * cell_size for edge in (column, row, column + 1, row + 1))
        return shapely.box(west, south, east, north)
    x, y = lattice.centres(row, column, cell_size=cell_size, shape=shape)
    corner = cell_size / np.sqrt(3)
    angles = np.deg2rad(np.arange(30, 390, 60))
    around_x = x[:, None] + corner * np.cos(angles)
    around_y = y[:, None] + corner * np.sin(angles)
    return shapely.polygons(np.stack([around_x, around_y], axis=-1))


def _only_polygons(clipped: np.ndarray) -> np.ndarray:
    mixed = np.flatnonzero(shapely.get_type_id(clipped) == 7)
    for position in mixed:
        parts = shapely.get_parts(clipped[position])
        clipped[position] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return clipped


def _clip(cells: np.ndarray, area: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    # clipping to the piece around these cells is much cheaper than to the whole boundary
    piece = shapely.intersection(area, shapely.box(*shapely.total_bounds(cells)))
    shapely.prepare(piece)
    whole = shapely.covers(piece, cells)
    part = np.flatnonzero(~whole & shapely.intersects(piece, cells))
    cells[part] = _only_polygons(shapely.intersection(cells[part], piece))
    keep = whole.copy()
    keep[part] = shapely.area(cells[part]) > SLIVER
    return cells[keep], keep


def _named(numbers: np.ndarray, before: str) -> pd.api.extensions.ExtensionArray:
    # each row and column is written once, however many cells it has
    first = numbers.min(initial=0)
    each = pd.Series(np.arange(first, numbers.max(initial=0) + 1)).astype(str)
    return (before + each).array.take(numbers - first)


def make_grid(area: checks.Geo, *, cell_size: float, shape: Shape = "square") -> gpd.GeoDataFrame:
    """
    Return the cells that cover an area, clipped to it.

    Parameters
    ----------
    area
        Polygons in a reference system in metres. Their union is covered, so polygons that overlap
        are covered once.
    cell_size
        Metres: the side of a square; of a hexagon, from one side to the one opposite.
    shape
        `square` or `hexagon`.

    Returns
    -------
    grid
        One row a cell, in order of row and column: `cell_id, row, column, geometry`. The
        `cell_id` carries shape, size, row and column; the same place has the same one always.

    Raises
    ------
    DataError
        If the area is empty, invalid or not in metres, the size is not above zero, or there
        would be more than five million cells.
    """
    checks.positive(cell_size, name="cell_size")
    if shape not in ("square", "hexagon"):
        raise DataError(f"shape is {shape!r}; it must be 'square' or 'hexagon'.")
    checks.metres(area, name="area")
    outline = shapely.union_all(checks.polygons(area))
    rows, columns = _ranges(outline, cell_size, shape)
    kept: list[tuple[np.ndarray, ...]] = []
    step = max(1, _CHUNK // len(columns))
    for start in range(rows.start, rows.stop, step):
        some_rows = np.arange(start, min(start + step, rows.stop))
        row, column = (axis.ravel() for axis in np.meshgrid(some_rows, columns, indexing="ij"))
        cells, keep = _clip(_shapes(row, column, float(cell_size), shape), outline)
        kept.append((row[keep], column[keep], cells))
    row, column, cells = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    prefix = f"{shape[0]}{repr(float(cell_size)).removesuffix('.0')}_r"
    names = _named(row, prefix) + _named(column, "_c")
    return gpd.GeoDataFrame(
        {"cell_id": names, "row": row, "column": column}, geometry=cells, crs=area.crs
    )


def positions_of(grid: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the position of each point's cell in the grid; -1 outside, or with no location."""
    shape, cell_size = lattice.specification(grid)
    table, first_row, first_column = lattice.positions(grid)
    found = np.full(len(x), -1, dtype=np.int64)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    row, column = lattice.locate(x[known], y[known], cell_size=cell_size, shape=shape)
    row, column = row - first_row, column - first_column
    near = (row >= 0) & (row < table.shape[0]) & (column >= 0) & (column < table.shape[1])
    found[known[near]] = table[row[near], column[near]]
    # in a clipped cell, a point may lie beyond the boundary
    cells = grid.geometry.to_numpy()
    clipped = shapely.area(cells) < lattice.full_area(cell_size, shape) * (1 - 1e-9)
    doubt = np.flatnonzero(found >= 0)
    doubt = doubt[clipped[found[doubt]]]
    inside = shapely.dwithin(cells[found[doubt]], shapely.points(x[doubt], y[doubt]), SNAP)
    found[doubt[~inside]] = -1
    return found


def _found(grid: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    checks.same_crs([grid, points], names=["grid", "points"])
    x, y, located = checks.coordinates(points)
    found = positions_of(grid, x, y)
    if len(found) and (found < 0).all():
        raise DataError(
            f"None of {located.sum():,} located points lies in the grid, which spans "
            f"{np.round(grid.total_bounds)}; the points span {np.round(points.total_bounds)}. Are "
            "easting and northing the wrong way round?"
        )
    return found, located


def count_in_cells(grid: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Add `count`: how many points lie in each cell, each point once, and 0 where there are none.

    Parameters
    ----------
    grid
        From `make_grid`.
    points
        In the reference system of the grid. A point is in one cell or none: cells are half-open,
        and a point on the boundary of a clipped cell is inside it.

    Returns
    -------
    cells
        The grid with `count`. Its `attrs` say what was not counted: `points`,
        `points_without_location`, `points_outside`.

    Raises
    ------
    DataError
        If the reference systems differ or are not in metres, or none of the points has a location
        or lies in the grid.
    """
    found, located = _found(grid, points)
    total = np.bincount(found[found >= 0], minlength=len(grid))
    cells = grid.assign(count=pd.array(total, dtype="Int64"))
    cells.attrs = grid.attrs | {
        "points": len(points),
        "points_without_location": int((~located).sum()),
        "points_outside": int((located & (found < 0)).sum()),
    }
    return cells
