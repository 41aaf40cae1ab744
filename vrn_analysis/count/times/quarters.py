"""Add up months to quarters that end with the latest month."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError

QUARTER = 3


def _named(last: pd.Timestamp) -> str:
    first = last - pd.DateOffset(months=QUARTER - 1)
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first:%B}{year} to {last:%B %Y}"


def whole_quarters(months: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """
    Add up monthly counts to quarters of three months that end with the latest month.

    Parameters
    ----------
    months
        `month` (first day, none missing between the first and the last), `count`, and the columns
        of `by`, every series with every month; the first one or two months are left out where
        they make no whole quarter.
    by
        Columns that tell series apart.

    Returns
    -------
    quarters
        The columns of `by`, `quarter` (in words), `first`, `last` (first days of months), `count`
        (missing where that of a month is), oldest first.

    Raises
    ------
    DataError
        If a month is missing, of all or of one series, or a series repeats one.
    """
    seen = pd.DatetimeIndex(months["month"].drop_duplicates()).sort_values()
    every = pd.date_range(seen.min(), seen.max(), freq="MS") if len(seen) else seen
    repeated = int(months.duplicated([*by, "month"]).sum())
    series = len(months[list(by)].drop_duplicates()) if by else 1
    lacking = len(every) * series - (len(months) - repeated)
    if repeated or lacking:
        raise DataError(
            f"Quarters cannot be added up: {repeated} of {len(months)} rows repeat a month, and "
            f"{lacking} months of a series are missing. Count with levels={{'month': …}}."
        )
    whole = every[len(every) % QUARTER :]
    ends = {month: whole[at - at % QUARTER + QUARTER - 1] for at, month in enumerate(whole)}
    kept = months[months["month"].isin(whole)].assign(last=lambda t: t["month"].map(ends))
    keys = [*by, "last"]
    sums = kept.groupby(keys, sort=False, as_index=False)["count"].sum(skipna=False)
    # groups in the order they came in, each oldest first
    place = sums.groupby(list(by), sort=False).ngroup() if by else np.zeros(len(sums))
    sums = sums.iloc[np.lexsort([sums["last"], place])].reset_index(drop=True)
    sums["last"] = pd.to_datetime(sums["last"])
    sums["first"] = sums["last"] - pd.DateOffset(months=QUARTER - 1)
    sums["quarter"] = pd.array([_named(last) for last in sums["last"]], dtype="str")
    return sums[[*by, "quarter", "first", "last", "count"]]
