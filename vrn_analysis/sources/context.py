"""Places and the people in them: lookup, population, deprivation and boundaries."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vrn_analysis.config import Settings, resource
from vrn_analysis.contracts import DEPRIVATION, LOOKUP, POPULATION, Contract
from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import locate, read_csv, rename, require_columns

if TYPE_CHECKING:
    import geopandas as gpd

LEVELS = ("lsoa", "msoa", "district")
NATIONAL_GRID = 27700


def _contracted(table: pd.DataFrame, contract: Contract, *, file: Path) -> pd.DataFrame:
    """Keep the contract's columns, and refuse missing or repeated keys."""
    require_columns(table.columns, [c.name for c in contract if c.required], file=file)
    table = table[[name for name in contract.names if name in table]]
    required = [column.name for column in contract if not column.nullable]
    if empty := int(table[required].isna().any(axis=1).sum()):
        raise DataError(
            f"{file}: {empty} of {len(table)} rows lack a value in {', '.join(required)}."
        )
    repeated = table.duplicated(list(contract.key))
    if repeated.any():
        examples = table.loc[repeated, contract.key[0]].head(3).astype("str")
        raise DataError(
            f"{file}: {int(repeated.sum())} of {len(table)} rows repeat {' + '.join(contract.key)},"
            f" such as {', '.join(examples)}. Keep one row each."
        )
    return table.reset_index(drop=True)


def lookup(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return the small areas with the middle areas and districts they lie in (`LOOKUP`)."""
    [file] = locate(folder, settings, "lookup")
    table = rename(read_csv(file), settings.sources["lookup"], file=file)
    return _contracted(table, LOOKUP, file=file)


def _tidy_ages(table: pd.DataFrame, *, file: Path) -> pd.DataFrame:
    """Turn the Office for National Statistics' columns 0, 1 … 90+ into one row an age."""
    ages = {str(age): age for age in range(90)} | {"90+": 90}
    require_columns(table.columns, ["lsoa_code", *ages], file=file)
    tidy = table.melt(["lsoa_code"], list(ages), var_name="age", value_name="population")
    return tidy.assign(age=tidy["age"].map(ages), sex="persons")


def population(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return residents by small area, sex and single year of age (`POPULATION`)."""
    [file] = locate(folder, settings, "population")
    table = rename(read_csv(file), settings.sources["population"], file=file)
    if "age" not in table:
        table = _tidy_ages(table, file=file)
    table = _contracted(table, POPULATION, file=file)
    if (table["population"] < 0).any():
        raise DataError(f"{file}: {int((table['population'] < 0).sum())} populations are negative.")
    return table


def deprivation(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return the deprivation of each small area (`DEPRIVATION`)."""
    source = settings.sources["deprivation"]
    [file] = locate(folder, settings, "deprivation")
    table = rename(read_csv(file), source, file=file)
    for column, factor in source.get("scale", {}).items():
        table[column] = table[column] * factor
    table = _contracted(table, DEPRIVATION, file=file)
    outside = ~table["income_rate"].between(0, 1)
    if outside.any():
        raise DataError(
            f"{file}: income_rate is a proportion, but {int(outside.sum())} of {len(table)} values "
            f"are outside 0 to 1. If it is a percentage, set scale.income_rate = 0.01."
        )
    return table


def _layer(settings: Settings, level: str) -> tuple[str, dict[str, Any]]:
    """Boundaries are a file a level, or one file with a layer a level."""
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
        If the file cannot be read, has no coordinate system, or shapes are invalid or repeated.
    """
    import geopandas as gpd  # heavy, and most notebooks draw no map

    name, source = _layer(settings, level)
    [file] = locate(folder, settings, name)
    try:
        shapes = gpd.read_file(file, layer=source.get("layer"))
    except Exception as fault:  # pyogrio raises many kinds, all of which mean the same here
        raise DataError(f"{file} cannot be read as boundaries: {fault}.") from None
    shapes = rename(shapes, source, file=file)
    require_columns(shapes.columns, [f"{level}_code"], file=file)
    if shapes.crs is None:
        raise DataError(f"{file} does not say its coordinate system. Save it as EPSG:27700.")
    shapes = shapes.rename(columns={f"{level}_code": "area_code"})[["area_code", "geometry"]]
    invalid = ~shapes.geometry.is_valid
    if invalid.any() or shapes["area_code"].duplicated().any():
        raise DataError(
            f"{file}: {int(invalid.sum())} of {len(shapes)} shapes are invalid and "
            f"{int(shapes['area_code'].duplicated().sum())} codes repeat. Mend them in a GIS."
        )
    return shapes.to_crs(NATIONAL_GRID)


def breaks(settings: Settings, months: pd.DatetimeIndex) -> pd.DataFrame:
    """
    Return the known breaks that fall in the months, for this force or for all.

    Returns
    -------
    breaks
        `date`, `until` (missing for a single date), `label, affects, effect, verified, source`.
    """
    register = pd.read_csv(
        resource("data", "reference", "breaks.csv"), parse_dates=["date", "until"]
    )
    mine = register["force"].isin(["all", settings.force])
    end = register["until"].fillna(register["date"])
    inside = (register["date"] <= months[-1]) & (end >= months[0])
    return register[mine & inside].drop(columns="force").reset_index(drop=True)
