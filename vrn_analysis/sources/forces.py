"""Other police forces to compare with: a file of recorded offences and residents by force."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import locate, read_csv, rename, require_columns

SOURCE = "other_forces"
COLUMNS = ["area_name", "offences", "denominator", "is_similar"]


def other_forces(folder: Path, settings: Settings) -> pd.DataFrame:
    """
    Return recorded offences of every force in the file, none where the settings name no file.

    Returns
    -------
    forces
        `area_name, offences` (of the listed codes, before exclusions, in a year), `denominator`
        (residents), `is_similar` (whether of the most similar group).

    Raises
    ------
    DataError
        If columns are missing, a force repeats, or a number is missing or negative.
    """
    if SOURCE not in settings.sources:
        return pd.DataFrame({name: [] for name in COLUMNS})
    [file] = locate(folder, settings, SOURCE)
    table = rename(read_csv(file), settings.sources[SOURCE], file=file)
    require_columns(table.columns, COLUMNS, file=file)
    numbers = table[["offences", "denominator"]].apply(pd.to_numeric, errors="coerce")
    bad = int((~(numbers >= 0)).any(axis=1).sum())
    repeated = int(table["area_name"].duplicated().sum())
    if bad or repeated:
        raise DataError(
            f"{file}: {bad} of {len(table)} rows have offences or residents that are no number or "
            f"negative, and {repeated} forces repeat. Keep one row a force."
        )
    similar = table["is_similar"].astype("str").str.strip().str.lower().isin(["yes", "true", "1"])
    return table[COLUMNS].assign(is_similar=similar)
