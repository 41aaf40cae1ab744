"""Read boundaries: one file for each level, or one file with a layer for each."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.files import locate, rename, require_columns

if TYPE_CHECKING:
    import geopandas as gpd

NATIONAL_GRID = 27700
# east, north and the system they are in, in the order they are looked for
COORDINATES = (("easting", "northing", NATIONAL_GRID), ("longitude", "latitude", 4326))


def read_shapes(file: Path, source: dict[str, Any], *, columns: list[str]) -> "gpd.GeoDataFrame":
    """
    Return the shapes of a file with some of its columns, the first of which names a shape.

    Returns
    -------
    shapes
        The columns and `geometry` in British National Grid metres (EPSG:27700).

    Raises
    ------
    DataError
        If the file cannot be read, has no coordinate system, or shapes are invalid or repeated.
    """
    import geopandas as gpd  # heavy, and most notebooks draw no map

    try:
        shapes = gpd.read_file(file, layer=source.get("layer"))
    except Exception as fault:  # pyogrio raises many kinds, all of which mean the same here
        raise DataError(f"{file} cannot be read as boundaries: {fault}.") from None
    shapes = rename(shapes, source, file=file)
    require_columns(shapes.columns, columns, file=file)
    if shapes.crs is None:
        raise DataError(f"{file} has no coordinate system. Save it as EPSG:27700.")
    shapes = shapes[[*columns, "geometry"]]
    invalid = ~shapes.geometry.is_valid | shapes.geometry.is_empty | shapes.geometry.isna()
    repeated = int(shapes[columns[0]].duplicated().sum())
    if invalid.any() or repeated:
        raise DataError(
            f"{file}: {int(invalid.sum())} of {len(shapes)} shapes are invalid and {repeated} "
            "codes repeat. Correct them in a GIS."
        )
    return shapes.to_crs(NATIONAL_GRID)


def _layer(settings: Settings, level: str) -> tuple[str, dict[str, Any]]:
    own = f"boundaries_{level}"
    if own in settings.sources:
        return own, settings.sources[own]
    if "boundaries" not in settings.sources:
        raise DataError(f"{settings.file} has neither [sources.{own}] nor [sources.boundaries].")
    return "boundaries", {"layer": level} | settings.sources["boundaries"]


def areas(folder: Path, settings: Settings, *, level: str) -> "gpd.GeoDataFrame":
    """
    Return the shapes of the areas of a level.

    Parameters
    ----------
    level
        `lsoa`, `msoa` or `district`.

    Returns
    -------
    areas
        `area_code, geometry` in British National Grid metres (EPSG:27700).

    Raises
    ------
    DataError
        As `read_shapes`.
    """
    name, source = _layer(settings, level)
    [file] = locate(folder, settings, name)
    shapes = read_shapes(file, source, columns=[f"{level}_code"])
    return shapes.rename(columns={f"{level}_code": "area_code"})
