"""Assumptions of the SYNTHETIC sample, read from a file with a source for each number."""

from typing import Any

import pandas as pd

from vrn_analysis.core.config import read_toml, resource

FILE = resource("data", "reference", "sample_assumptions.toml")
RECORDED_CRIME = resource("data", "reference", "recorded_crime_2017_18.csv")
QUARTERS = [1, 2, 3, 4]
# every assumption by its name
Assumed = dict[str, Any]


def read() -> Assumed:
    """Return the value of every assumption by its name."""
    return {name: entry["value"] for name, entry in read_toml(FILE).items()}


def recorded_crime() -> pd.DataFrame:
    """
    Return recorded offences by class and financial quarter, with the homicide bucket split.

    Returns
    -------
    offences
        `offence_code, offence_title, family, sexual`, then `1, 2, 3, 4`: the share of each
        quarter's offences that had the code; each column sums to one.
    """
    table = pd.read_csv(RECORDED_CRIME, comment="#", dtype={"offence_code": "str"})
    wide = table.pivot(
        index=["offence_group", "offence_code", "offence_title"],
        columns="quarter",
        values="offences",
    ).reset_index()
    wide = _split_homicide(wide)
    wide = wide[wide[QUARTERS].sum(axis=1) > 0].reset_index(drop=True)
    wide["sexual"] = wide["offence_group"] == "Sexual offences"
    families = {code: name for name, codes in read()["families"].items() for code in codes}
    wide["family"] = wide["offence_code"].map(families).fillna("sexual")
    wide[QUARTERS] = wide[QUARTERS] / wide[QUARTERS].sum()
    wide.columns.name = None
    return wide.drop(columns="offence_group")


def _split_homicide(wide: pd.DataFrame) -> pd.DataFrame:
    bucket, assumed = wide["offence_title"] == "Homicide", read()
    shares = pd.Series(assumed["homicide_split"])
    split = wide.loc[wide.index[bucket].repeat(len(shares))].reset_index(drop=True)
    split["offence_code"], split["offence_title"] = shares.index, assumed["homicide_titles"]
    split[QUARTERS] = split[QUARTERS].mul(shares.to_numpy(), axis=0)
    return pd.concat([split, wide[~bucket]], ignore_index=True)
