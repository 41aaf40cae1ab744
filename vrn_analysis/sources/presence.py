"""The people who are in a small area on a workday, and the assets that lie in it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.contracts import CONTRACTS
from vrn_analysis.errors import DataError
from vrn_analysis.sources.boundaries import NATIONAL_GRID
from vrn_analysis.sources.files import locate, read_csv, rename, require_columns

if TYPE_CHECKING:
    import geopandas as gpd

WORKDAY = "workday_population"
ASSETS = "asset_points"
ASSET_COLUMNS = CONTRACTS[ASSETS].names
# an e-mail address, or a number long enough to ring: a contact is a person's, not a place's
CONTACT = re.compile(r"@|\d(?:[ -]?\d){6,}")


def workday_population(folder: Path, settings: Settings) -> pd.DataFrame:
    """
    Return the people who are in each small area on a workday.

    Parameters
    ----------
    folder, settings
        `[sources.workday_population]` is a CSV with `lsoa_code, population`: the Census workday
        population, or any other count of the people who are there and may be no residents.

    Returns
    -------
    people
        `lsoa_code, population`.

    Raises
    ------
    DataError
        If a column is missing, a small area repeats, or a population is no number of 0 or more.
    """
    [file] = locate(folder, settings, WORKDAY)
    table = rename(read_csv(file), settings.sources[WORKDAY], file=file)
    require_columns(table.columns, ["lsoa_code", "population"], file=file)
    people = pd.to_numeric(table["population"], errors="coerce")
    bad, repeated = int((~(people >= 0)).sum()), int(table["lsoa_code"].duplicated().sum())
    if bad or repeated:
        raise DataError(
            f"{file}: {bad} of {len(table)} populations are no number of 0 or more, and "
            f"{repeated} small areas repeat. Keep one row a small area."
        )
    return table[["lsoa_code"]].assign(population=people)


def _asset_problems(table: pd.DataFrame) -> list[str]:
    problems = []
    if extra := [name for name in table if name not in ASSET_COLUMNS]:
        problems.append(
            f"it holds {', '.join(map(str, extra[:5]))}, and an asset is only a name, a kind and a "
            "place: take other columns out, which may be about a person"
        )
    empty = table[["name", "kind"]].isna().any(axis=1)
    if empty.any():
        problems.append(f"{int(empty.sum())} of {len(table)} rows lack a name or a kind")
    words = table["name"].astype("str") + " " + table["kind"].astype("str")
    if contacts := int(words.str.contains(CONTACT).sum()):
        problems.append(
            f"{contacts} of {len(table)} names hold an e-mail address or a telephone number"
        )
    at = table[["easting", "northing"]].apply(pd.to_numeric, errors="coerce")
    grid = at["easting"].between(0, 700_000) & at["northing"].between(0, 1_300_000)
    degrees = (at.abs() <= 180).all(axis=1)
    if degrees.any():
        problems.append(
            f"{int(degrees.sum())} of {len(table)} places look like longitude and latitude: give "
            "easting and northing in metres"
        )
    elif not grid.all():
        problems.append(
            f"{int((~grid).sum())} of {len(table)} places are not on the British National Grid"
        )
    return problems


def asset_points(folder: Path, settings: Settings) -> "gpd.GeoDataFrame":
    """
    Return what is strong in the area and where it is: a place, and never a person.

    Parameters
    ----------
    folder, settings
        `[sources.asset_points]` is a CSV with `name, kind, easting, northing` and nothing else.

    Returns
    -------
    assets
        `name, kind, geometry` (points, EPSG:27700).

    Raises
    ------
    DataError
        With every problem at once: other columns, missing or unreadable values, contacts.
    """
    import geopandas as gpd  # heavy, and most notebooks draw no map

    [file] = locate(folder, settings, ASSETS)
    table = rename(read_csv(file), settings.sources[ASSETS], file=file)
    require_columns(table.columns, ASSET_COLUMNS, file=file)
    if problems := _asset_problems(table):
        raise DataError(f"{file} cannot be used: {'; '.join(problems)}.")
    at = gpd.points_from_xy(table["easting"], table["northing"], crs=NATIONAL_GRID)
    return gpd.GeoDataFrame(table[["name", "kind"]], geometry=at)
