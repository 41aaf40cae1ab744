"""What a chart refuses: unprotected tables, missing columns, numbers that cannot be drawn."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError, DisclosureError, NotEnoughError
from vrn_analysis.core.facts import Label
from vrn_analysis.show.figures.parts import words

ALL = "All"
# what is known of a place or of all places together: no secret of a suppressed row
OF_ALL = {"area_share", "benchmark", "denominator", "dispersion", "highest", "lowest"}
OF_ALL |= {"mean", "lower_limit", "place_share", "upper_limit"}
OF_ALL |= {f"funnel_{side}_{level}" for side in ("lower", "upper") for level in ("95", "99_8")}
# columns that hold how many records there are
COUNTS = ("count", "records", "unknown", "count_with_unknown")
INTERVAL = ("lower_95_ci", "upper_95_ci")
SHOWN, SUPPRESSED, MISSING = "shown", "suppressed", "not available"
# where the words for a row stand, in the order they are looked for
NAMES = ("area_name", "district_name", "msoa_name", "lsoa_name", "crime_group", "name", "period")


def drawable(
    table: pd.DataFrame,
    *,
    keys: Sequence[str],
    values: Sequence[str],
    optional: Sequence[str] = (),
    least: float | None = 0.0,
    unique: bool = True,
) -> pd.DataFrame:
    """
    Return what a chart draws of a table: keys, values as numbers, and a status for every row.

    Parameters
    ----------
    table
        A table; one with `count` must have been protected (`disclosure.protect`).
    keys
        Columns that name a row; together they name it once.
    values
        Columns of numbers. `status` becomes "not available" where the first is missing.
    optional
        Columns of numbers that are kept where the table has them.
    least
        The smallest value there can be; None where negative values have a meaning.
    unique
        Refuse rows that repeat their keys.

    Raises
    ------
    DisclosureError
        If there is a `count` but no `status`, or a suppressed row still holds a number.
    DataError
        If columns are missing, there are no rows, rows repeat or values cannot be drawn.
    """
    refuse_unprotected(table)
    _refuse_columns(table, [*keys, *values])
    columns = [*values, *(name for name in optional if name in table)]
    drawn = table[list(dict.fromkeys(keys))].reset_index(drop=True)
    numbers = {name: _numbers(table[name], name) for name in columns}
    drawn = drawn.assign(**numbers)
    hidden = _hidden(table)
    _refuse_leak(drawn, hidden, columns)
    _refuse_values(drawn, keys if unique else (), columns, least)
    status = np.where(np.isnan(drawn[values[0]]), MISSING, SHOWN) if values else SHOWN
    return drawn.assign(status=np.where(hidden, SUPPRESSED, status))


def refuse_unprotected(table: pd.DataFrame) -> None:
    """Raise a DisclosureError for a table of counts without `status`."""
    found = [name for name in COUNTS if name in table]
    if found and "status" not in table:
        raise DisclosureError(
            f"A chart of {len(table)} rows refused: {', '.join(found)} of records not protected. "
            "Put disclosure.protect straight after the count; it adds the column 'status'."
        )


def _refuse_columns(table: pd.DataFrame, needed: Sequence[str]) -> None:
    if absent := [name for name in needed if name not in table]:
        raise DataError(
            f"{len(absent)} of the {len(needed)} columns this chart draws are missing: "
            f"{', '.join(absent)}. The table has {', '.join(map(str, table.columns)) or 'none'}."
        )
    if table.empty:
        raise NotEnoughError("The table has no rows, so there is nothing to draw.")


def _numbers(column: pd.Series, name: str) -> np.ndarray:
    try:
        return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan) + 0.0
    except (TypeError, ValueError) as error:
        raise DataError(f"Column {name} contains values that are not numbers: {error}.") from error


def _hidden(table: pd.DataFrame) -> np.ndarray:
    if "status" not in table:
        return np.zeros(len(table), dtype=bool)
    return (table["status"] == SUPPRESSED).to_numpy(dtype=bool)


def _refuse_leak(drawn: pd.DataFrame, hidden: np.ndarray, columns: Sequence[str]) -> None:
    secret = [name for name in columns if name not in OF_ALL]
    leaks = [name for name in secret if drawn.loc[hidden, name].notna().any()]
    if leaks:
        raise DisclosureError(
            f"{int(hidden.sum())} of {len(drawn)} rows are suppressed, yet {', '.join(leaks)} "
            "still contains numbers for some of them. Make rates from the protected count."
        )


def _refuse_values(
    drawn: pd.DataFrame, keys: Sequence[str], columns: Sequence[str], least: float | None
) -> None:
    problems = []
    repeated = drawn.duplicated(list(keys)) if keys else pd.Series(dtype=bool)
    if repeated.any():
        example = ", ".join(str(v)[:40] for v in drawn.loc[repeated, list(keys)].iloc[0])
        problems.append(
            f"{int(repeated.sum())} of {len(drawn)} rows repeat a row with the same "
            f"{', '.join(keys)}, such as {example}: filter or sum the table first"
        )
    for name in columns:
        values = drawn[name].to_numpy()
        if np.isinf(values).any():
            problems.append(f"{int(np.isinf(values).sum())} values of {name} are infinite")
        if least is not None and (below := values < least).any():
            problems.append(f"{int(below.sum())} values of {name} are below {least:g}")
    if problems:
        raise DataError("This table cannot be drawn: " + "; ".join(problems) + ".")


def name_column(table: pd.DataFrame, by: str | None = None) -> str:
    """
    Return the column whose words name the rows.

    Raises
    ------
    DataError
        If there is none, or the one asked for holds codes rather than words.
    """
    if by is not None and by.endswith("_code"):
        raise DataError(f"{by} contains codes; a reader needs names: pass by= a column of words.")
    if by is not None:
        return by
    for name in NAMES:
        if name in table:
            return name
    raise DataError(
        f"No column names the rows (looked for {', '.join(NAMES)}): pass by= the column of words."
    )


def refuse_too_many(size: int, *, most: int, what: str, remedy: str) -> None:
    """Raise a DataError where more would be drawn than can be read."""
    if size > most:
        raise DataError(f"{size} {what} cannot be read in one chart (at most {most}): {remedy}.")


def listed(names: Sequence[str], *, most: int = 6) -> str:
    """List names in words, the first few where there are many."""
    names = [str(name) for name in names]
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most} more"
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + (names or [""])[-1]


def hidden_note(drawn: pd.DataFrame, names: Sequence[str], what: str) -> str:
    """Say which rows are suppressed or not available; "" where every row is shown."""
    parts = []
    for status in (SUPPRESSED, MISSING):
        chosen = [n for n, s in zip(names, drawn["status"], strict=True) if s == status]
        if chosen:
            parts.append(
                f"{status.capitalize()}: {words.part(len(chosen), len(drawn))} {what} "
                f"({Label(listed(chosen))})."
            )
    return " ".join(parts)
