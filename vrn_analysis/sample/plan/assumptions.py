"""Assumptions of the SYNTHETIC sample, read from a file with a source for each number."""

from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core.config import read_toml, resource

# every assumption by its name
Assumed = dict[str, Any]


def assumptions_file() -> Path:
    """Return the file of assumptions: a value and its source (or "assumed") each."""
    return resource("data", "reference", "sample_assumptions.toml")


def recorded_crime_file() -> Path:
    """Return the table of recorded crime that gives the offence mix."""
    return resource("data", "reference", "recorded_crime_2017_18.csv")


def read() -> Assumed:
    """Return the value of every assumption by its name."""
    return {name: entry["value"] for name, entry in read_toml(assumptions_file()).items()}


def recorded_crime() -> pd.DataFrame:
    """
    Return recorded offences by class and financial quarter, with the homicide bucket split.

    Returns
    -------
    offences
        `offence_code, offence_title, family, sexual`, then `1, 2, 3, 4`: the share of each
        quarter's offences that had the code; each column sums to one.
    """
    table = pd.read_csv(recorded_crime_file(), comment="#", dtype={"offence_code": "str"})
    wide = table.pivot(
        index=["offence_group", "offence_code", "offence_title"],
        columns="quarter",
        values="offences",
    ).reset_index()
    wide = _split_homicide(wide, shares=read()["homicide_split"])
    wide = wide[wide[[1, 2, 3, 4]].sum(axis=1) > 0].reset_index(drop=True)
    wide["sexual"] = wide["offence_group"] == "Sexual offences"
    families = {code: name for name, codes in read()["families"].items() for code in codes}
    wide["family"] = wide["offence_code"].map(families).fillna("sexual")
    wide[[1, 2, 3, 4]] = wide[[1, 2, 3, 4]] / wide[[1, 2, 3, 4]].sum()
    wide.columns.name = None
    return wide.drop(columns="offence_group")


def _split_homicide(wide: pd.DataFrame, *, shares: dict[str, float]) -> pd.DataFrame:
    bucket = wide["offence_title"] == "Homicide"
    titles = {
        "1": "Murder",
        "4.1": "Manslaughter",
        "4.2": "Infanticide",
        "4.10": "Corporate manslaughter",
    }
    parts = [
        wide[bucket].assign(
            offence_code=code,
            offence_title=titles[code],
            **{str(quarter): wide.loc[bucket, quarter] * share for quarter in (1, 2, 3, 4)},
        )
        for code, share in shares.items()
    ]
    split = pd.concat(parts)
    split[[1, 2, 3, 4]] = split[["1", "2", "3", "4"]]
    return pd.concat([split.drop(columns=["1", "2", "3", "4"]), wide[~bucket]], ignore_index=True)
