"""Describe the faults of a file as received, in the columns of the checks."""

from collections.abc import Sequence

import pandas as pd

FAULT_COLUMNS = (
    "table", "column", "problem", "records", "of", "examples", "remedy", "severity",
)  # fmt: skip


def fault(
    where: tuple[str, str], problem: str, *, records: int, of: int, remedy: str, examples: str = ""
) -> dict:
    """
    Return one fault as a row.

    Parameters
    ----------
    where
        The table of the contracts and its column, or "" for the whole row or file.
    problem, remedy
        What is wrong, and what was done or is to be done about it.
    records, of
        How many records of how many.
    examples
        A few values; none of a column about a person.
    """
    table, column = where
    return {
        "table": table, "column": column, "problem": problem, "records": records, "of": of,
        "examples": examples, "remedy": remedy, "severity": "reported",
    }  # fmt: skip


def faults_table(faults: Sequence[dict]) -> pd.DataFrame:
    """Return the faults as a table with the columns that `checks.problems` returns."""
    words = [name for name in FAULT_COLUMNS if name not in ("records", "of")]
    table = pd.DataFrame(list(faults), columns=list(FAULT_COLUMNS))
    return table.astype(dict.fromkeys(words, "str") | {"records": "Int64", "of": "Int64"})
