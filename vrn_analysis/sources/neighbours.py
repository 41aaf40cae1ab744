"""Which authorities are like which: a list of pairs, or the Department for Education's workbook."""

from pathlib import Path

import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.sources import catalogue
from vrn_analysis.sources.workbooks import sheet_rows

HEADING = "LA num"
PAIRS = ["area_code", "neighbour_code", "neighbour_name", "closeness"]


def statistical_neighbours(file: Path, *, codes: dict[str, str]) -> pd.DataFrame:
    """
    Read the statistical neighbours of authorities.

    Parameters
    ----------
    file
        A CSV with `area_code, neighbour_code`; or the Department for Education's workbook, a row an
        authority with its ten neighbours by the Department's own numbers.
    codes
        Area codes by name, for the workbook. An authority that is not among them keeps the
        Department's number, as `DfE 821`: no indicator is known of it.

    Returns
    -------
    neighbours
        `area_code, neighbour_code, neighbour_name, closeness` (in the workbook's words, else ""),
        one row a pair, nearest first.

    Raises
    ------
    DataError
        If columns are missing, or a number is not among the authorities of the workbook.
    """
    if file.suffix.lower() != ".xlsx":
        pairs = catalogue.neighbours(file)
        names = {code: name for name, code in codes.items()}
        named = pairs["neighbour_code"].map(names).fillna(pairs["neighbour_code"])
        return pairs.assign(neighbour_name=named, closeness="")[PAIRS]
    return _from_workbook(file, codes)


def _from_workbook(file: Path, codes: dict[str, str]) -> pd.DataFrame:
    rows = sheet_rows(file)
    head = next((n for n, row in enumerate(rows) if row and row[0] == HEADING), None)
    if head is None:
        raise DataError(
            f"{file}: no row of the first sheet begins with {HEADING!r}, as the Department for "
            "Education's table of statistical neighbours does. Is it that table?"
        )
    named = {row[0]: row[1].strip() for row in rows[head + 1 :] if row[0] and row[1]}
    at = [n for n, word in enumerate(rows[head]) if word.startswith("SN") and word[2:].isdigit()]
    if not at or not named:
        raise DataError(f"{file}: it has no columns SN1, SN2 … or no authorities below them.")
    pairs = [
        (row[0], row[column], row[column + 1])
        for row in rows[head + 1 :]
        if row[0]
        for column in at
        if column + 1 < len(row) and row[column]
    ]
    table = pd.DataFrame(pairs, columns=["area", "neighbour", "closeness"])
    strange = table.loc[~table["neighbour"].isin(list(named)), "neighbour"]
    if len(strange):
        raise DataError(
            f"{file}: {len(strange)} of {len(table)} neighbours are numbers of no authority in it, "
            f"such as {', '.join(strange.unique()[:3])}."
        )
    return pd.DataFrame(
        {
            "area_code": [codes.get(named[one], f"DfE {one}") for one in table["area"]],
            "neighbour_code": [codes.get(named[one], f"DfE {one}") for one in table["neighbour"]],
            "neighbour_name": table["neighbour"].map(named),
            "closeness": table["closeness"],
        }
    )
