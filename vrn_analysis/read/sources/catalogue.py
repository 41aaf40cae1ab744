"""The indicator catalogue, and which authorities are similar."""

from pathlib import Path

import pandas as pd

from vrn_analysis.core.config import resource
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.files import read_csv
from vrn_analysis.read.files.tables import checked
from vrn_analysis.read.files.workbooks import sheet_rows

CATALOGUE = CONTRACTS["indicator_catalogue"]
TEXT = [column.name for column in CATALOGUE if column.type == "string"]
# columns that a verified indicator must have
WHEN_VERIFIED = (
    "definition", "geographies", "licence", "last_checked", "source", "reader", "source_file",
    "value_column", "statistic", "unit", "minimum_count", "check_value",
)  # fmt: skip


def catalogue(file: Path | None = None) -> pd.DataFrame:
    """
    Read the indicator catalogue and check it against its contract.

    Parameters
    ----------
    file
        Another catalogue of the same columns; default: the one that ships.

    Returns
    -------
    catalogue
        One row an indicator, as the contract `indicator_catalogue` describes it; a text that is
        not given is "".

    Raises
    ------
    DataError
        With every problem found: an unknown word, a repeated name, a verified indicator that is
        not fully described, evidence without a reference.
    """
    file = file or resource("data", "reference", "indicators.csv")
    table = read_csv(file, text=TEXT)
    known = checked(table, CATALOGUE, file=file, rules=_rules, named="indicator_id")
    return known.fillna(dict.fromkeys(TEXT, ""))


def _rules(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the rules that involve several columns, and which indicators break them."""
    verified = table["verified"] == "yes"
    rates = verified & table["statistic"].isin(["proportion", "crude rate"])
    graded = table["evidence"] != "not graded"
    rules = {
        f"have no {name}, but are verified": verified & table[name].isna() for name in WHEN_VERIFIED
    }
    return rules | {
        "have ages that are reversed": table["age_from"] > table["age_to"],
        "are graded by evidence without a reference": graded & table["evidence_reference"].isna(),
        "are verified rates without per": rates & table["per"].isna(),
    }


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
        contract = CONTRACTS["neighbours"]
        table = read_csv(file, text=contract.names)
        pairs = checked(table, contract, file=file, rules=_own_neighbour)
        pairs = pairs.drop_duplicates().reset_index(drop=True)
        names = {code: name for name, code in codes.items()}
        named = [names.get(code, code) for code in pairs["neighbour_code"]]
        return pairs.assign(neighbour_name=named, closeness="")[PAIRS]
    return _from_workbook(file, codes)


def _own_neighbour(pair: pd.DataFrame) -> dict[str, pd.Series]:
    return {"name an area as its own neighbour": pair["area_code"] == pair["neighbour_code"]}


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
