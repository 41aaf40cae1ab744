"""Places and the people in them: lookup, population and deprivation."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.contracts import CONTRACTS
from vrn_analysis.sources.files import require_columns
from vrn_analysis.sources.tables import checked, read_source, read_table


def lookup(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return the small areas, and the middle areas and districts they lie in."""
    return read_table(folder, settings, "lookup")


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
