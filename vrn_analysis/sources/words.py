"""The words that sources use: for the headings of columns, and for what stands in them."""

from functools import cache

import pandas as pd

from vrn_analysis.config import resource
from vrn_analysis.sources.meanings import NOT_KNOWN, explain, flags_in, meaning
from vrn_analysis.sources.vocabulary import LISTS, WORDED, plain

__all__ = [
    "LISTS",
    "NOT_KNOWN",
    "WORDED",
    "column_words",
    "explain",
    "flags_in",
    "meaning",
    "plain",
]


@cache
def column_words() -> dict[str, str]:
    """Return the column of the contracts, or `column.time`, that a plain heading means."""
    file = resource("data", "reference", "mapping_words.csv")
    rows = pd.read_csv(file, dtype="str", keep_default_na=False)
    rows = rows[rows["what"] == "column"]
    return dict(zip(rows["label"], rows["field"], strict=True))
