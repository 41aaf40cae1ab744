"""Check that tables can be protected, and report every problem."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.show.disclosure.cells import Cells, Dimensions, Tables, counts_of

EXAMPLES = 5


def check_columns(tables: Tables, dimensions: Dimensions) -> None:
    """
    Check that each table has its dimensions, filled in, and one row for each combination.

    Raises
    ------
    DataError
        With every problem of every table.
    """
    problems = [f"Table {name!r} has no dimensions: add it to `dimensions`."
                for name in tables if name not in dimensions]  # fmt: skip
    for name, table in tables.items():
        problems += _column_problems(name, table, list(dimensions.get(name, ())))
    if problems:
        raise DataError("\n".join(problems))


def _column_problems(name: str, table: pd.DataFrame, dimensions: list[str]) -> list[str]:
    absent = [column for column in (*dimensions, "count") if column not in table]
    if absent:
        has = ", ".join(map(str, table.columns))
        return [f"Table {name!r} has no column {', '.join(absent)}; it has {has}."]
    problems = []
    for column in dimensions:
        empty = int(table[column].isna().sum())
        if empty:
            problems.append(
                f"Table {name!r}: {empty} of {len(table)} rows have no {column}: "
                "write 'unknown' for a value that is not known and 'All' for a total."
            )
    keys = table[dimensions].astype(str)
    twice = keys.duplicated(keep=False) if dimensions else pd.Series([len(table) > 1] * len(table))
    if twice.any():
        problems.append(
            f"Table {name!r}: {int(twice.sum())} of {len(table)} rows share their "
            f"{', '.join(dimensions) or 'key'} with another row (row {_rows(twice)}): "
            "name the dimension that tells them apart."
        )
    return problems


def _rows(mask: pd.Series | np.ndarray) -> str:
    numbers = np.flatnonzero(np.asarray(mask))
    more = f" and {len(numbers) - EXAMPLES} more" if len(numbers) > EXAMPLES else ""
    return ", ".join(str(number) for number in numbers[:EXAMPLES]) + more


def check_names(tables: Tables, published: Tables) -> None:
    """
    Check that no table is both new and published already.

    Raises
    ------
    DataError
        If a name stands for two tables.
    """
    both = sorted(set(tables) & set(published))
    if both:
        raise DataError(
            f"{len(both)} of {len(published)} published tables have the name of a new one "
            f"({', '.join(both[:EXAMPLES])}): give them names of their own, also in `dimensions`."
        )


def check_counts(tables: Tables) -> None:
    """
    Check that every count is present, whole and not negative.

    Raises
    ------
    DataError
        With every problem of every table.
    """
    problems = []
    for name, table in tables.items():
        counts = pd.to_numeric(table["count"], errors="coerce").astype("Float64")
        counts = counts.to_numpy(float, na_value=np.nan)
        for bad, words in (
            (~np.isfinite(counts), "are missing or not numbers: count zero as 0"),
            (counts < 0, "are negative"),
            (
                np.isfinite(counts) & (np.nan_to_num(counts, posinf=0) % 1 != 0),
                "are not whole: protect counts, not rates",
            ),
        ):
            if bad.any():
                problems.append(
                    f"Table {name!r}: {int(bad.sum())} of {len(table)} counts {words} "
                    f"(row {_rows(bad)})."
                )
    if problems:
        raise DataError("\n".join(problems))


def check_sums(tables: Tables, dimensions: Dimensions, cells: Cells) -> None:
    """
    Check that equal cells have equal counts, and that every total is the sum of its parts.

    Raises
    ------
    DataError
        With the rows that do not add up.
    """
    problems = []
    counts = cells.counts(tables)
    place = cells.places()
    for name, table in tables.items():
        other = counts[cells.rows[name]] != counts_of(table)
        if other.any():
            problems.append(
                f"Table {name!r}: {int(other.sum())} of {len(table)} rows count what another "
                f"table counts differently (row {_rows(other)}). Give what differs between the "
                "tables, such as the period or who is counted, as a dimension of each."
            )
    wrong = [
        _whole(tables, dimensions, place[whole], counts[whole] - known)
        for whole, parts in cells.sums
        if whole < cells.published
        for known in [sum(counts[part] for part in parts if part < cells.published)]
        if known > counts[whole]
        or (known < counts[whole] and all(part < cells.published for part in parts))
    ]
    if wrong:
        more = f"\n  and {len(wrong) - EXAMPLES} more" if len(wrong) > EXAMPLES else ""
        problems.append(
            f"{len(wrong)} totals are not the sum of their parts:\n  "
            + "\n  ".join(wrong[:EXAMPLES])
            + more
            + "\nAdd the rows that are missing (such as 'unknown' or 'other'), or say with "
            "`nesting` what a total is made of."
        )
    if problems:
        raise DataError("\n".join(problems))


def _whole(tables: Tables, dimensions: Dimensions, place: tuple[str, int], excess: float) -> str:
    name, row = place
    found = tables[name].iloc[row]
    words = ", ".join(f"{column} {found[column]}" for column in dimensions[name])
    side = "more" if excess > 0 else "less"
    return f"table {name!r} row {row} ({words or 'grand total'}): {abs(excess):g} {side}"
