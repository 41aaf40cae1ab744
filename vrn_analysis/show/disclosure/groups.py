"""Find totals that fall in one cell, and so describe everyone in it."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.show.disclosure.cells import TOTAL
from vrn_analysis.show.disclosure.inputs import check_columns


def group_disclosures(table: pd.DataFrame, *, dimensions: list[str], of: str) -> pd.DataFrame:
    """
    Return the cells that contain all of their total, so that they describe everyone in it.

    If all suspects of an area are of one ethnic group, a table of zeros and one count says so of
    each of them. No profile hides this, because true zeros are shown: look at these rows before
    a table of a sensitive dimension goes out, and merge areas or categories if need be.

    Parameters
    ----------
    table
        Counts, protected or not; a hidden count is some count above zero.
    dimensions
        The columns that say what a row counts.
    of
        The dimension whose values are sensitive.

    Returns
    -------
    cells
        The rows of `table` that are the only ones above zero, among two or more values of `of`.

    Raises
    ------
    DataError
        If a column is missing, or `of` is not one of the dimensions.
    """
    check_columns({"table": table}, {"table": dimensions})
    if of not in dimensions:
        raise DataError(f"{of!r} is not one of the dimensions: {', '.join(dimensions)}.")
    parts = table[table[of].astype(str) != TOTAL]
    some = (parts["count"].isna() | (parts["count"] != 0)).fillna(True).astype(bool)
    others = [parts[column].astype(str) for column in dimensions if column != of]
    by = others or [np.zeros(len(parts))]
    values, filled = some.groupby(by).transform("size"), some.groupby(by).transform("sum")
    return parts[some & (filled == 1) & (values > 1)]
