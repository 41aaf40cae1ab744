"""Small areas and the people in them, assets, and school terms."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vrn_analysis.core.config import Settings, resource
from vrn_analysis.core.contracts import CONTRACTS, ETHNIC_GROUPS
from vrn_analysis.read.files.files import read_csv, require_columns
from vrn_analysis.read.files.tables import checked, read_source, refuse
from vrn_analysis.read.geography.boundaries import NATIONAL_GRID

if TYPE_CHECKING:
    import geopandas as gpd


def _tidy_ages(table: pd.DataFrame, *, file: Path) -> pd.DataFrame:
    """Turn the Office for National Statistics' columns 0, 1 … 90+ into one row an age."""
    ages = {str(age): age for age in range(90)} | {"90+": 90}
    require_columns(table.columns, ["lsoa_code", *ages], file=file)
    tidy = table.melt(["lsoa_code"], list(ages), var_name="age", value_name="population")
    return tidy.assign(age=tidy["age"].map(ages), sex="persons")


def population(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return residents by small area, sex and single year of age."""
    table, file = read_source(folder, settings, "population")
    if "age" not in table:
        table = _tidy_ages(table, file=file)
    return checked(table, CONTRACTS["population"], file=file, named="lsoa_code")


def deprivation(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return the deprivation of each small area: the income rate as a proportion."""
    table, file = read_source(folder, settings, "deprivation")
    for column, factor in settings.sources["deprivation"].get("scale", {}).items():
        table[column] = table[column] * factor
    remedy = "If income_rate is a percentage, set scale.income_rate = 0.01"
    return checked(table, CONTRACTS["deprivation"], file=file, remedy=f"{remedy}.")


def ethnic_residents(folder: Path, settings: Settings) -> pd.DataFrame:
    """
    Return the residents of the whole area by self-defined ethnic group.

    Parameters
    ----------
    folder, settings
        The data folder, and the settings with `[sources.ethnicity]`: a CSV with
        `self_defined_ethnicity` (asian, black, mixed, white, other) and `population`, one row a
        group or a group and area.

    Returns
    -------
    residents
        `self_defined_ethnicity` in the words of a table (Asian), `denominator`.

    Raises
    ------
    DataError
        If a column is missing, a group is unknown or missing, or a population cannot be.
    """
    table, file = read_source(folder, settings, "ethnicity")
    people = checked(table, CONTRACTS["ethnicity"], file=file)
    group = "self_defined_ethnicity"
    if absent := sorted(set(ETHNIC_GROUPS) - set(people[group])):
        refuse(file, [f"it has no row of {', '.join(absent)}"])
    sums = people["population"].groupby(people[group].str.capitalize()).sum()
    return sums.rename("denominator").rename_axis(group).reset_index()


ASSETS = "asset_points"
# an e-mail address, or a number long enough to ring: a contact is a person's, not a place's
CONTACT = re.compile(r"@|\d(?:[ -]?\d){6,}")


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


TERMS = "school_terms"


def school_terms(folder: Path, settings: Settings) -> pd.DataFrame:
    """
    Return the school terms of the area; no rows if no file has any.

    Returns
    -------
    terms
        `start, end` (first and last day of school, both included), `term`, by start.

    Raises
    ------
    DataError
        If the file that the settings name lacks columns, or a term has no readable dates or ends
        before it starts.
    """
    if TERMS in settings.sources:
        return _checked_terms(*read_source(folder, settings, TERMS))
    for file in sorted(resource("data", "reference").glob("school_terms_*.csv")):
        table = read_csv(file)
        if (mine := table["force"] == settings.force).any():
            return _checked_terms(table[mine], file)
    return pd.DataFrame({"start": [], "end": [], "term": []})


def _checked_terms(table: pd.DataFrame, file: Path) -> pd.DataFrame:
    terms = checked(
        table,
        CONTRACTS[TERMS],
        file=file,
        rules=lambda term: {"end before they start": term["end"] < term["start"]},
    )
    named = terms if "term" in terms else terms.assign(term="Term")
    return named.sort_values("start", ignore_index=True)
