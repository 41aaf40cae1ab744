"""Places and the people in them: lookup, population and deprivation."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.contracts import CONTRACTS, Contract
from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import locate, read_csv, rename, require_columns


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
    """Return the small areas with the middle areas and districts they lie in (contract `lookup`)."""
    [file] = locate(folder, settings, "lookup")
    table = rename(read_csv(file), settings.sources["lookup"], file=file)
    return _contracted(table, CONTRACTS["lookup"], file=file)


def _tidy_ages(table: pd.DataFrame, *, file: Path) -> pd.DataFrame:
    """Turn the Office for National Statistics' columns 0, 1 … 90+ into one row an age."""
    ages = {str(age): age for age in range(90)} | {"90+": 90}
    require_columns(table.columns, ["lsoa_code", *ages], file=file)
    tidy = table.melt(["lsoa_code"], list(ages), var_name="age", value_name="population")
    return tidy.assign(age=tidy["age"].map(ages), sex="persons")


def population(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return residents by small area, sex and single year of age (contract `population`)."""
    [file] = locate(folder, settings, "population")
    table = rename(read_csv(file), settings.sources["population"], file=file)
    if "age" not in table:
        table = _tidy_ages(table, file=file)
    table = _contracted(table, CONTRACTS["population"], file=file)
    if (table["population"] < 0).any():
        raise DataError(f"{file}: {int((table['population'] < 0).sum())} populations are negative.")
    return table


def deprivation(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return the deprivation of each small area (contract `deprivation`)."""
    source = settings.sources["deprivation"]
    [file] = locate(folder, settings, "deprivation")
    table = rename(read_csv(file), source, file=file)
    for column, factor in source.get("scale", {}).items():
        table[column] = table[column] * factor
    table = _contracted(table, CONTRACTS["deprivation"], file=file)
    if not {"income_rate", "index_score"} & set(table):
        raise DataError(f"{file} has neither income_rate nor index_score. Name one under columns.")
    if "income_rate" not in table:
        return table
    outside = ~table["income_rate"].between(0, 1)
    if outside.any():
        raise DataError(
            f"{file}: income_rate is a proportion, but {int(outside.sum())} of {len(table)} values "
            f"are outside 0 to 1. If it is a percentage, set scale.income_rate = 0.01."
        )
    return table
