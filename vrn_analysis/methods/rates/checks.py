"""Check tables before computing a rate, and report every problem at once."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.tables import ALL

EXAMPLES = 5


def numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """Return a column as floats, missing values as NaN; zeros where the column is absent."""
    if column not in table:
        return np.zeros(len(table))
    return table[column].to_numpy(dtype=float, na_value=np.nan)


def is_total(table: pd.DataFrame, of: str | None) -> np.ndarray:
    """
    Return which rows are the total over a column, as `tables.with_total` adds it.

    Raises
    ------
    DataError
        If the column is missing, or none is named and "All" is in one.
    """
    if of is not None:
        refuse([] if of in table else [f"column {of!r} is missing"])
        return table[of].isin([ALL]).to_numpy(dtype=bool)
    holds = [str(name) for name in table if table[name].isin([ALL]).any()]
    if holds:
        raise DataError(
            f"{table[holds].isin([ALL]).any(axis=1).sum()} of {len(table)} rows hold {ALL!r} in "
            f"{', '.join(holds)}: name the column of the total, such as of={holds[-1]!r}, so that "
            "it is not counted as an area."
        )
    return np.zeros(len(table), dtype=bool)


def hidden_rest(table: pd.DataFrame, total: np.ndarray) -> tuple[float, float]:
    """
    Return the count and people in the total beyond the rows that are shown.

    Rows without people, records of no area, belong to no rate and are taken out of the total. Both
    are 0 where no row is hidden or there is no total.
    """
    count, people = numbers(table, "count"), numbers(table, "denominator")
    hidden = np.isnan(count) & (people > 0) & ~total
    whole = count[total & (people > 0)]
    refuse([f"{len(whole)} rows are totals: pass one set of areas"] if len(whole) > 1 else [])
    if not hidden.any() or not np.isfinite(whole).any():
        return 0.0, 0.0
    return float(max(whole[0] - np.nansum(count[~total]), 0.0)), float(people[hidden].sum())


def _of(bad: np.ndarray, values: np.ndarray) -> str:
    shown = ", ".join(f"{value:g}" for value in values[bad][:EXAMPLES])
    return f"{bad.sum():,} of {len(bad):,} rows ({shown})"


def _number_problems(table: pd.DataFrame, column: str, *, whole: bool) -> list[str]:
    if column not in table:
        return [f"column {column!r} is missing"]
    try:
        values = numbers(table, column)
    except (TypeError, ValueError):
        return [f"column {column!r} does not hold numbers"]
    problems = []
    if (bad := values < 0).any():
        problems.append(f"{column!r} is negative in {_of(bad, values)}")
    if (bad := np.isinf(values)).any():
        problems.append(f"{column!r} is infinite in {_of(bad, values)}")
    if whole and (bad := np.isfinite(values) & (values != np.floor(values))).any():
        problems.append(f"{column!r} is not a whole number in {_of(bad, values)}")
    return problems


def _mismatch(table: pd.DataFrame, pair: tuple[str, str], remedy: str) -> list[str]:
    if not set(pair) <= set(table.columns):
        return []
    top, bottom = table[pair[0]], table[pair[1]]
    bad = (top != bottom) & top.notna() & bottom.notna()
    if not bad.any():
        return []
    row = bad.idxmax()
    return [
        f"{pair[0]!r} and {pair[1]!r} differ in {bad.sum():,} of {len(table):,} rows "
        f"(such as {top[row]!r} over {bottom[row]!r}); {remedy}"
    ]


def check(
    table: pd.DataFrame,
    *,
    whole: Sequence[str] = ("count",),
    real: Sequence[str] = (),
    positive: Sequence[str] = (),
) -> None:
    """
    Refuse a table whose counts or denominators cannot be what they are called.

    Parameters
    ----------
    whole
        Columns of whole numbers, 0 or more; missing values are allowed.
    real
        Columns of numbers, 0 or more; missing values are allowed.
    positive
        Columns of numbers above 0, none missing.

    Raises
    ------
    DataError
        If a column is missing, does not hold numbers, or holds negative, infinite or, where
        whole, fractional ones; or if `count_ages` and `denominator_ages` differ.
    """
    problems = [p for name in whole for p in _number_problems(table, name, whole=True)]
    for name in (*real, *positive):
        problems += _number_problems(table, name, whole=False)
    for name in positive if not problems else ():
        if (bad := ~(numbers(table, name) > 0)).any():
            problems.append(f"{name!r} is 0 or missing in {bad.sum()} of {len(table)} rows")
    for name in ("count_error", "denominator_error"):
        if name in table:
            problems += _number_problems(table, name, whole=False)
    problems += _mismatch(
        table,
        ("count_ages", "denominator_ages"),
        "people must be counted over residents of the same ages",
    )
    refuse(problems)


def check_parts(table: pd.DataFrame) -> None:
    """
    Refuse counts that are not a part of their denominator.

    Raises
    ------
    DataError
        If a count, less what rounding may have added, is above its denominator, or `count_of`
        and `denominator_of` differ: events that one person can meet twice are no proportion.
    """
    least = numbers(table, "count") - numbers(table, "count_error")
    most = numbers(table, "denominator") + numbers(table, "denominator_error")
    problems = _mismatch(
        table, ("count_of", "denominator_of"), "events can repeat, so use rates.crude_rate for them"
    )
    if (bad := least > most).any():
        problems.append(
            f"'count' is above 'denominator' in {_of(bad, numbers(table, 'count'))}: a proportion "
            "counts a part of its denominator; for events that can repeat use rates.crude_rate"
        )
    refuse(problems)


def refuse(problems: Sequence[str], what: str = "This table cannot be used") -> None:
    """Raise a DataError that lists the problems, if there are any."""
    if problems:
        raise DataError(f"{what}:\n  - " + "\n  - ".join(problems) + ".")


def require(table: pd.DataFrame, columns: Iterable[str], name: str) -> None:
    """Raise a DataError that names the columns which a table lacks, if there are any."""
    if absent := [column for column in columns if column not in table]:
        raise DataError(f"The {name} has no column {', '.join(absent)}.")


def check_dispersion(dispersion: float) -> float:
    """
    Return the dispersion, 1 where none is given.

    Raises
    ------
    DataError
        If it is not a finite number of 1 or more.
    """
    if not (np.isfinite(dispersion) and dispersion >= 1):
        raise DataError(
            f"dispersion is {dispersion}; it must be 1 or more (1: independent events). Counts "
            "that vary less than chance allows are treated as independent: pass 1."
        )
    return float(dispersion)


def dispersions(table: pd.DataFrame, dispersion: float | None) -> np.ndarray:
    """
    Return the dispersion of each row: the one given, else the table's column, else 1.

    A missing one, which could not be estimated, stays missing.

    Raises
    ------
    DataError
        If one is not a finite number of 1 or more.
    """
    if dispersion is not None or "dispersion" not in table:
        return np.full(len(table), check_dispersion(1.0 if dispersion is None else dispersion))
    found = numbers(table, "dispersion")
    if (bad := ~(np.isnan(found) | (np.isfinite(found) & (found >= 1)))).any():
        raise DataError(f"'dispersion' is below 1 or infinite in {_of(bad, found)}.")
    return found
