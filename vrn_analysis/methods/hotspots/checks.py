"""Check the input of hotspot functions: reference system, locations, numbers."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vrn_analysis.core.errors import DataError

Geo = gpd.GeoDataFrame | gpd.GeoSeries


def some(rows: np.ndarray, index: pd.Index) -> str:
    """Return how many of how many rows are true, with the first five: `2 of 9 (first: 3, 7)`."""
    first = ", ".join(str(label) for label in index[rows][:5])
    return f"{int(rows.sum()):,} of {len(rows):,} (first: {first})"


def metres(table: Geo, *, name: str) -> None:
    """
    Refuse a reference system in which a distance is not a number of metres.

    Raises
    ------
    DataError
        If there is none, it is geographic (degrees), or its unit is not the metre.
    """
    if not isinstance(table, gpd.GeoDataFrame | gpd.GeoSeries):
        raise DataError(f"{name} is a {type(table).__name__}; pass a GeoDataFrame.")
    if table.crs is None:
        raise DataError(
            f"{name} has no reference system. If its numbers are eastings and northings, use "
            f"{name}.set_crs(27700)."
        )
    unit = table.crs.axis_info[0].unit_name
    if unit != "metre":
        raise DataError(
            f"{name} is in {table.crs.name} ({unit}s), where distances are not metres. Use "
            f"{name}.to_crs(27700)."
        )


def same_crs(tables: Sequence[Geo], *, names: Sequence[str]) -> None:
    """
    Refuse tables in different reference systems, or in one that is not in metres.

    Raises
    ------
    DataError
        Naming both systems and the call that brings them together.
    """
    for table, name in zip(tables, names, strict=True):
        metres(table, name=name)
    first, second = tables
    if first.crs != second.crs:
        raise DataError(
            f"{names[0]} is in {first.crs.name} and {names[1]} in {second.crs.name}. Use "
            f"{names[1]} = {names[1]}.to_crs({names[0]}.crs)."
        )


def coordinates(points: Geo, *, name: str = "points") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Return x, y and whether each row has a location; x and y are missing where it has none.

    Raises
    ------
    DataError
        If a geometry is not a point, or there are rows and none has a location.
    """
    shapes = points.geometry.to_numpy()
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if (other := ~empty & (shapely.get_type_id(shapes) != 0)).any():
        raise DataError(f"{name}: {some(other, points.index)} rows are not points.")
    shapes = np.where(empty, None, shapes)
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    located = np.isfinite(x) & np.isfinite(y)
    if len(located) and not located.any():
        raise DataError(f"{name}: none of {len(located):,} rows has a location.")
    return x, y, located


def polygons(area: Geo, *, name: str = "area") -> np.ndarray:
    """
    Return the polygons of a table, having checked them.

    Raises
    ------
    DataError
        If there are none, or any is missing, empty, not a polygon, or invalid: all at once.
    """
    shapes = area.geometry.to_numpy()
    if not len(shapes):
        raise DataError(f"{name} has no rows, so there is nothing to map.")
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    flat = ~empty & ~np.isin(shapely.get_type_id(shapes), (3, 6))
    invalid = ~empty & ~flat & ~shapely.is_valid(shapes)
    found = [
        f"{some(rows, area.index)} {words}"
        for rows, words in (
            (empty, "have no geometry"),
            (flat, "are not polygons"),
            (invalid, f"are invalid; use {name}.assign(geometry={name}.make_valid())"),
        )
        if rows.any()
    ]
    if invalid.any():
        found.append(shapely.is_valid_reason(shapes[invalid][0]))
    if found:
        raise DataError(f"{name}: " + "; ".join(found) + ".")
    return shapes


def numbers(table: pd.DataFrame, column: str, *, name: str, minimum: float = -np.inf) -> np.ndarray:
    """
    Return a column as floats: every value known, finite and at least `minimum`.

    Raises
    ------
    DataError
        If the column is absent, is not numeric, or holds a value that cannot be used.
    """
    if column not in table:
        has = ", ".join(map(str, table.columns))
        raise DataError(f"{name} has no column {column!r}; it has {has}.")
    try:
        values = table[column].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise DataError(f"{name}: column {column!r} is not numeric.") from None
    if (bad := ~np.isfinite(values)).any():
        raise DataError(
            f"{name}: {some(bad, table.index)} values of {column!r} are missing or not finite. A "
            "hotspot is found among all places: count before anything is suppressed, and write 0 "
            "where nothing happened."
        )
    if (low := values < minimum).any():
        raise DataError(f"{name}: {some(low, table.index)} values of {column!r} are negative.")
    return values


def are_counts(values: np.ndarray) -> bool:
    """Return whether all values are whole numbers and none is negative."""
    return bool(values.min() >= 0 and (values == np.rint(values)).all())


def positive(value: float, *, name: str) -> float:
    """
    Return a number that must be finite and above zero.

    Raises
    ------
    DataError
        If it is not.
    """
    if not (np.isfinite(value) and value > 0):
        raise DataError(f"{name} is {value}; it must be a number above 0, in metres.")
    return float(value)


def draws(value: int, *, name: str) -> int:
    """
    Return a number of random draws, which must be at least one.

    Raises
    ------
    DataError
        If it is not.
    """
    if value < 1:
        raise DataError(f"{name} is {value}; at least 1 is needed.")
    return int(value)
