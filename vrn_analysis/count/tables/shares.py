"""Shares among known values, with bounds for the unknown ones."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.count.tables.counts import ALL
from vrn_analysis.count.tables.people import NOT_KNOWN


def join_known(table: pd.DataFrame, *, of: str, unknown: str = NOT_KNOWN) -> pd.DataFrame:
    """
    Add the denominator of shares among the known, and bounds for all; the unknown come first.

    Parameters
    ----------
    table
        Protected counts by the column `of`, with its rows "All" and of the unknown, and any
        further keys.
    of
        The column whose shares are wanted, such as `self_defined_ethnicity`.
    unknown
        What that column holds where it is not known.

    Returns
    -------
    table
        Without the rows "All", the unknown first: `denominator` (all, for the unknown; for the
        others those who are known), `denominator_error`, and `bound_low, bound_high`: the least and
        most per cent of all that each group could be, if none or all of the unknown were of it.
        Missing for the
        unknown, and where a count that they need is hidden. `rates.proportion` makes the shares.

    Raises
    ------
    DataError
        If the rows "All" are not there.
    """
    keys = [name for name in table.columns if name not in (of, "count", "status", "count_error")]
    if not (table[of] == ALL).any():
        raise (NotEnoughError if table.empty else DataError)(
            f"The shares of {of} need rows {ALL} and {unknown}: count with totals=['{of}'], and "
            "keep what is not known."
        )
    whole, missing = _beside(table, of, ALL, keys), _beside(table, of, unknown, keys)
    if not (table[of] == unknown).any():  # the value of every person is known
        missing = (np.zeros(len(table)), np.zeros(len(table)))
    parts = table[table[of] != ALL].reset_index(drop=True)
    is_unknown = (parts[of] == unknown).to_numpy()
    count, error = _floats(parts["count"]), _floats(parts["count_error"])
    all_n, all_error = (values[(table[of] != ALL).to_numpy()] for values in whole)
    lost, lost_error = (values[(table[of] != ALL).to_numpy()] for values in missing)
    shares = parts.assign(
        denominator=np.where(is_unknown, all_n, np.maximum(all_n - lost, 0)),
        denominator_error=np.where(is_unknown, all_error, all_error + lost_error),
        bound_low=_per_cent(np.maximum(count - error, 0), all_n + all_error),
        bound_high=_per_cent(count + error + lost + lost_error, all_n - all_error),
    )
    # the unknown have no bounds themselves
    for bound in ("bound_low", "bound_high"):
        shares[bound] = shares[bound].mask(is_unknown)
    place = shares.groupby(keys, sort=False).ngroup() if keys else pd.Series(0, shares.index)
    order = np.lexsort([~is_unknown, place])
    return shares.iloc[order].reset_index(drop=True)


def join_whole(table: pd.DataFrame, *, of: str) -> pd.DataFrame:
    """
    Add the total as `denominator` (and its `denominator_error`), for shares of all.

    Parameters
    ----------
    table
        Protected counts by the column `of` with its row "All", and any further keys.

    Returns
    -------
    table
        Without the rows "All". `rates.proportion` makes the shares.

    Raises
    ------
    DataError
        If there is no row "All".
    """
    if not (table[of] == ALL).any():
        raise DataError(
            f"The shares of {of} need a row All: put tables.with_total after the count."
        )
    keys = [name for name in table.columns if name not in (of, "count", "status", "count_error")]
    whole, error = _beside(table, of, ALL, keys)
    parts = (table[of] != ALL).to_numpy()
    joined = table.assign(denominator=whole, denominator_error=error)
    return joined[parts].reset_index(drop=True)


def _floats(column: pd.Series) -> np.ndarray:
    return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _per_cent(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    usable = np.where(whole > 0, whole, np.nan)
    return np.minimum(100 * part / usable, 100)


def _beside(
    table: pd.DataFrame, of: str, label: str, keys: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the count and error of one label, for every row with the same other keys."""
    rows = table[table[of] == label]
    columns = rows[[*keys, "count", "count_error"]]
    if keys:
        found = table[keys].merge(columns, on=keys, how="left", validate="many_to_one")
    else:
        found = pd.concat([columns] * len(table))
    return _floats(found["count"]), _floats(found["count_error"])
