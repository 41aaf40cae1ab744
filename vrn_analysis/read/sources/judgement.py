"""Read files of judgement: weights, measures, checklists, interventions, voices."""

from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core.config import read_toml, resource
from vrn_analysis.read.files.files import read_csv, require_columns


def words_of(cell: str) -> list[str]:
    """Return the parts of a cell that lists several, separated by semicolons."""
    return [part for part in (one.strip() for one in cell.split(";")) if part]


def priority_weights() -> dict[str, Any]:
    """Return the weights of the priorities."""
    return read_toml(resource("data", "reference", "priority_weights.toml"))


def home_office_measures(file: Path | None = None) -> dict[str, Any]:
    """Return the definition of the three Home Office measures: a file's, else as shipped."""
    return read_toml(file or resource("data", "reference", "home_office_measures.toml"))


def harm_weights(file: Path | None = None) -> pd.DataFrame:
    """
    Return harm weights: the user's file, else the one marked as an illustration.

    `harm.check_weights` says what the file must hold. Lines that begin with # are comments.
    """
    file = file or resource("data", "reference", "harm_illustration.csv")
    table = pd.read_csv(file, comment="#", dtype={"offence_code": "str"}, encoding="utf-8-sig")
    require_columns(table.columns, ["offence_code", "weight", "scheme", "edition"], file=file)
    return table


def judgement_table(name: str, file: Path | None = None) -> pd.DataFrame:
    """
    Return a table of judgement as text, nothing missing: an empty cell is "".

    Parameters
    ----------
    name
        `duty_crosswalk`, `building_blocks`, or an example that ships: `example_interventions`,
        `example_recommendations`, `example_themes`, `example_assets`.
    file
        The partnership's own file instead.
    """
    file = file or resource("data", "reference", f"{name}.csv")
    return read_csv(file, text=list(read_csv(file).columns)).fillna("")
