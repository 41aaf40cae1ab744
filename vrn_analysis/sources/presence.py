"""The people who are in a small area on a workday, and the assets that lie in it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.contracts import CONTRACTS
from vrn_analysis.sources.boundaries import NATIONAL_GRID
from vrn_analysis.sources.tables import checked, read_source, read_table, refuse

if TYPE_CHECKING:
    import geopandas as gpd

WORKDAY = "workday_population"
ASSETS = "asset_points"
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
    return read_table(folder, settings, WORKDAY)


def _asset_rules(table: pd.DataFrame) -> dict[str, pd.Series]:
    words = table["name"].astype("str") + " " + table["kind"].astype("str")
    at = table[["easting", "northing"]]
    return {
        "have a name or kind with an e-mail address or a telephone number": words.str.contains(
            CONTACT
        ),
        "look like longitude and latitude: give easting and northing in metres": (
            at.abs() <= 180
        ).all(axis=1),
    }


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

    table, file = read_source(folder, settings, ASSETS)
    contract = CONTRACTS[ASSETS]
    if extra := [str(name) for name in table if name not in contract.names]:
        refuse(
            file,
            [
                f"it holds {', '.join(extra[:5])}, and an asset is only a name, a kind and a "
                "place: take other columns out, which may be about a person"
            ],
        )
    table = checked(table, contract, file=file, rules=_asset_rules)
    at = gpd.points_from_xy(table["easting"], table["northing"], crs=NATIONAL_GRID)
    return gpd.GeoDataFrame(table[["name", "kind"]], geometry=at)
