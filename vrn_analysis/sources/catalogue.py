"""The indicator catalogue: which risk and protective factors, where from, and what is missing."""

from pathlib import Path

import pandas as pd

from vrn_analysis.config import resource
from vrn_analysis.contracts import CONTRACTS
from vrn_analysis.sources.files import read_csv
from vrn_analysis.sources.tables import checked

CATALOGUE = CONTRACTS["indicator_catalogue"]
TEXT = [column.name for column in CATALOGUE if column.type == "string"]
# what a reader must be told before an indicator counts as verified
WHEN_VERIFIED = (
    "definition", "geographies", "licence", "last_checked", "source", "reader", "source_file",
    "value_column", "statistic", "unit", "minimum_count", "check_value",
)  # fmt: skip


def catalogue_file() -> Path:
    """Return the indicator catalogue that ships with the project."""
    return resource("data", "reference", "indicators.csv")


def catalogue(file: Path | None = None) -> pd.DataFrame:
    """
    Read the indicator catalogue and hold it to its contract.

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
    file = file or catalogue_file()
    table = read_csv(file, text=TEXT)
    known = checked(table, CATALOGUE, file=file, rules=_rules, named="indicator_id")
    return known.fillna(dict.fromkeys(TEXT, ""))


def _rules(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what the contract cannot say of one column alone, and which indicators break it."""
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


def neighbours(file: Path) -> pd.DataFrame:
    """
    Read which authorities are like which: `area_code, neighbour_code`, one row a pair.

    Raises
    ------
    DataError
        If a column is missing, a code is empty, or an area is its own neighbour.
    """
    contract = CONTRACTS["neighbours"]
    pairs = checked(
        read_csv(file, text=contract.names),
        contract,
        file=file,
        rules=lambda pair: {
            "name an area as its own neighbour": pair["area_code"] == pair["neighbour_code"]
        },
    )
    return pairs.drop_duplicates().reset_index(drop=True)
