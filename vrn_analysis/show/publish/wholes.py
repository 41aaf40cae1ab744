"""Counts of records beside what they are part of: whoever has both knows the rest."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from vrn_analysis.count.tables import ALL
from vrn_analysis.show.disclosure import Profile

ASKED = "asked"  # the dimension of what is counted, of all that could have been
COUNTED, REST = "counted", "the rest"
SHOWN = ["count", "status", "count_error"]

Dimensions = Mapping[str, Sequence[str]]
Nesting = Mapping[tuple[str, str], Mapping]


def asked(
    tables: Mapping[str, pd.DataFrame], *, dimensions: Dimensions, nesting: Nesting | None
) -> tuple[dict[str, pd.DataFrame], dict[str, list[str]], dict]:
    """
    Return tables in which a denominator of records is a row of its own, the whole of the count.

    Parameters
    ----------
    tables, dimensions, nesting
        As for `disclosure.protect_together`; tables may have a `denominator`.

    Returns
    -------
    tables, dimensions, nesting
        The same, with the dimension `asked` where there is a denominator. A rest of none is no
        secret, and is said to be none.
    """
    found, keys = dict(tables), {name: list(columns) for name, columns in dimensions.items()}
    whole = [name for name, table in tables.items() if "denominator" in table]
    for name in whole:
        labels, part = tables[name][keys[name]], tables[name]["count"]
        rows = [labels.assign(count=part, asked=COUNTED)]
        rows.append(labels.assign(count=tables[name]["denominator"], asked=ALL))
        rows.append(labels[part == tables[name]["denominator"]].assign(count=0, asked=REST))
        found[name] = pd.concat(rows, ignore_index=True).astype({"count": "Int64"})
        keys[name].append(ASKED)
    inside = {(ASKED, ASKED): {COUNTED: ALL, REST: ALL}} if whole else {}
    return found, keys, dict(nesting or {}) | inside


def beside(
    tables: Mapping[str, pd.DataFrame], protected: Mapping[str, pd.DataFrame], *, rule: Profile
) -> dict[str, pd.DataFrame]:
    """
    Return protected tables with denominators beside their counts again.

    Parameters
    ----------
    tables, protected
        Before `asked` and after protection.
    rule
        Where it rounds, `denominator_error` is the most that rounding can have moved one.
    """
    found = dict(protected)
    for name, table in tables.items():
        if "denominator" not in table:
            continue
        of = protected[name]
        parts = of.loc[of[ASKED] == COUNTED, SHOWN].set_axis(table.index)
        wholes = of.loc[of[ASKED] == ALL, SHOWN].set_axis(table.index)
        floats = wholes[["count", "count_error"]].astype("Float64")
        whole, loose = floats.to_numpy(dtype=float, na_value=np.nan).T
        errors = {} if rule.base == 1 else {"denominator_error": loose}
        found[name] = table.assign(**parts, denominator=whole, **errors)
    return found


def part_of_all(column: str, values: Iterable) -> dict[tuple[str, str], dict]:
    """
    Return that values are not all there are, as `nesting`: records of another month, say.

    Parameters
    ----------
    column
        A dimension that one table has and another, of more records, has not.
    values
        Its values.
    """
    return {(column, column): dict.fromkeys([*values, f"another {column}"], ALL)}


def hide_close(table: pd.DataFrame, counts: pd.Series, *, rule: Profile) -> pd.DataFrame:
    """
    Hide the counts that differ from the first by few: the difference is a small count of records.

    Parameters
    ----------
    table
        Protected.
    counts
        The same rows before protection; the first is what the others are beside.
    rule
        Fewer than its threshold are few.
    """
    apart = (counts - counts.iloc[0]).abs()
    close = ((apart > 0) & (apart < rule.threshold)).to_numpy(dtype=bool)
    hidden = {"count": pd.NA, "status": "suppressed", "count_error": pd.NA}
    return table.assign(**{name: table[name].mask(close, value) for name, value in hidden.items()})


def largest_first(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return a protected table with its largest counts first, and the hidden by name at the end.

    In the order of the true counts a hidden one is known to lie between its neighbours.
    """
    names = [name for name in table if name not in SHOWN]
    named = table.sort_values(names, kind="stable")
    return named.sort_values("count", ascending=False, kind="stable", ignore_index=True)
