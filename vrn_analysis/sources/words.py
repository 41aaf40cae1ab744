"""The words that sources use: for the headings of columns, and for what stands in them."""

import re
from functools import cache

import pandas as pd

from vrn_analysis.config import resource

# columns of the contracts whose words are those of another list
LISTS = {
    "domestic_flag": "flag",
    "sexual_flag": "flag",
    "self_defined_ethnicity": "ethnicity",
    "officer_observed_ethnicity": "ethnicity",
}
WORDED = (
    "location_type", "relationship_to_victim", "weapon", "injury_degree", "investigation_outcome",
    "status", "role", "sex", "time_precision", *LISTS,
)  # fmt: skip
NOT_KNOWN = ""


def plain(label: str) -> str:
    """Return a label in lower case, its words parted by one space."""
    return re.sub(r"[^a-z0-9]+", " ", label.lower().replace("&", " and ")).strip()


@cache
def _table() -> pd.DataFrame:
    file = resource("data", "reference", "mapping_words.csv")
    return pd.read_csv(file, dtype="str", keep_default_na=False)


@cache
def column_words() -> dict[str, str]:
    """Return the column of the contracts, or `column.time`, that a plain heading means."""
    rows = _table()
    rows = rows[rows["what"] == "column"]
    return dict(zip(rows["label"], rows["field"], strict=True))


@cache
def value_words(column: str) -> dict[str, str]:
    """Return what each plain label of a column of the contracts means; "" is not known."""
    rows = _table()
    mine = (rows["what"] == "value") & (rows["field"] == LISTS.get(column, column))
    return dict(zip(rows.loc[mine, "label"], rows.loc[mine, "value"], strict=True))


def meaning(label: str, column: str) -> str | None:
    """
    Return what a label means in a column of the contracts, "" not known, None not understood.

    A label of several parts, such as `Dwelling - House/Flat`, is understood where every part is,
    and all say the same.
    """
    known = value_words(column)
    if plain(label) in known:
        return known[plain(label)]
    parts = [part for part in map(plain, re.split(r"[-/,;:()]", label)) if part]
    said = {known.get(part) for part in parts}
    return said.pop() if len(said) == 1 else None
