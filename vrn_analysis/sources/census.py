"""Residents by ethnic group as people define it themselves, as a Census table gives them."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.contracts import ETHNIC_GROUPS
from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import locate, read_csv, rename, require_columns


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
    [file] = locate(folder, settings, "ethnicity")
    table = rename(read_csv(file), settings.sources["ethnicity"], file=file)
    group = "self_defined_ethnicity"
    require_columns(table.columns, [group, "population"], file=file)
    people = pd.to_numeric(table["population"], errors="coerce")
    strange = set(table[group].dropna()) ^ set(ETHNIC_GROUPS)
    if strange or table[group].isna().any() or not (people >= 0).all():
        raise DataError(
            f"{file}: groups unknown or missing: {', '.join(sorted(strange)) or 'none'}; "
            f"{int((~(people >= 0)).sum())} of {len(table)} populations are no number of 0 or "
            f"more. Use the groups {', '.join(ETHNIC_GROUPS)}, each with its residents."
        )
    sums = people.groupby(table[group].str.capitalize()).sum()
    return sums.rename("denominator").rename_axis(group).reset_index()
