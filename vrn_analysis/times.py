"""Periods: whole years counted back from the latest month."""

import pandas as pd


def whole_years(months: pd.DataFrame) -> pd.DataFrame:
    """
    Add up monthly counts to years of twelve months that end with the latest month.

    Parameters
    ----------
    months
        `month` (first day, none missing) and `count`. Months before the first whole year are left
        out.

    Returns
    -------
    years
        `period` (in words), `first`, `last` (first days of months), `count`, oldest first.
    """
    ordered = months.sort_values("month")
    whole = ordered.tail(len(ordered) // 12 * 12).reset_index(drop=True)
    years = whole.groupby(whole.index // 12).agg(
        first=("month", "first"), last=("month", "last"), count=("count", "sum")
    )
    words = [
        f"{first:%B %Y} to {last:%B %Y}"
        for first, last in zip(years["first"], years["last"], strict=True)
    ]
    return years.assign(period=words)[["period", "first", "last", "count"]].reset_index(drop=True)
