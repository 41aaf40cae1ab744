"""Residents by ethnic group as people define it themselves, as a Census table gives them."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.contracts import CONTRACTS, ETHNIC_GROUPS
from vrn_analysis.sources.tables import checked, read_source, refuse


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
