"""School terms: the file that the settings name, else the shipped one for the force."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings, resource
from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import locate, read_csv, rename, require_columns

SOURCE = "school_terms"


def school_terms(folder: Path, settings: Settings) -> pd.DataFrame:
    """
    Return the school terms of the area, none where no file holds any.

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
    if SOURCE in settings.sources:
        [file] = locate(folder, settings, SOURCE)
        return _checked(rename(read_csv(file), settings.sources[SOURCE], file=file), file)
    shipped = [
        _checked(table[table["force"] == settings.force], file)
        for file in sorted(resource("data", "reference").glob("school_terms_*.csv"))
        for table in [read_csv(file)]
    ]
    found = [table for table in shipped if len(table)]
    return found[0] if found else pd.DataFrame({"start": [], "end": [], "term": []})


def _checked(table: pd.DataFrame, file: Path) -> pd.DataFrame:
    require_columns(table.columns, ["start", "end"], file=file)
    dates = {name: pd.to_datetime(table[name], errors="coerce") for name in ("start", "end")}
    terms = table.assign(**dates)
    wrong = terms[["start", "end"]].isna().any(axis=1) | (terms["end"] < terms["start"])
    if wrong.any():
        raise DataError(
            f"{file}: {int(wrong.sum())} of {len(terms)} terms have no readable dates, or end "
            "before they start. Write dates as 2023-09-04."
        )
    named = terms if "term" in terms else terms.assign(term="Term")
    return named[["start", "end", "term"]].sort_values("start", ignore_index=True)
