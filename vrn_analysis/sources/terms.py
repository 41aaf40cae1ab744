"""School terms: the file that the settings name, else the shipped one for the force."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings, resource
from vrn_analysis.contracts import CONTRACTS
from vrn_analysis.sources.files import read_csv
from vrn_analysis.sources.tables import checked, read_source

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
        return _checked(*read_source(folder, settings, SOURCE))
    for file in sorted(resource("data", "reference").glob("school_terms_*.csv")):
        table = read_csv(file)
        if (mine := table["force"] == settings.force).any():
            return _checked(table[mine], file)
    return pd.DataFrame({"start": [], "end": [], "term": []})


def _checked(table: pd.DataFrame, file: Path) -> pd.DataFrame:
    terms = checked(
        table,
        CONTRACTS[SOURCE],
        file=file,
        rules=lambda term: {"end before they start": term["end"] < term["start"]},
    )
    named = terms if "term" in terms else terms.assign(term="Term")
    return named.sort_values("start", ignore_index=True)
