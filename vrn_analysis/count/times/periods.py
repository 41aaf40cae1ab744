"""Add up months to rolling, calendar and financial years."""

from collections.abc import Iterable, Sequence

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.read.files.periods import financial_year
from vrn_analysis.read.police import archives

YEAR = 12
FEWEST = 6  # months between two breaks of a control chart


def _checked(months: pd.DataFrame, gaps: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """Return the months in order; only months without data may be missing."""
    ordered = months.sort_values("month", ignore_index=True)
    seen = pd.DatetimeIndex(ordered["month"])
    every = pd.date_range(seen.min(), seen.max(), freq="MS") if len(seen) else seen
    problems = []
    if repeated := int(seen.duplicated().sum()):
        problems.append(f"{repeated} of {len(seen)} months repeat")
    if missing := len(every.difference(seen).difference(pd.DatetimeIndex(gaps))):
        problems.append(f"{missing} months are missing between the first and the last")
    if problems:
        raise DataError(
            f"Years cannot be added up: {'; '.join(problems)}. Count with levels={{'month': …}}, "
            "and name the months without data in gaps=."
        )
    return ordered


def _added_up(months: pd.DataFrame, group: Iterable) -> pd.DataFrame:
    groups = months.groupby(pd.Series(list(group), index=months.index))
    years = groups.agg(first=("month", "first"), last=("month", "last"), months=("month", "size"))
    # a hidden month hides its year: it is not a month of zero
    return years.assign(count=groups["count"].sum(skipna=False)).reset_index(drop=True)


def whole_years(
    months: pd.DataFrame, *, by: Sequence[str] = (), gaps: Sequence[pd.Timestamp] = ()
) -> pd.DataFrame:
    """
    Add up monthly counts to years of twelve months that end with the latest month.

    Parameters
    ----------
    months
        `month` (first day), `count` and the columns of `by`. Months before the first whole year
        are left out.
    by
        Columns that tell groups apart.
    gaps
        Months of which there are no data, and which may therefore be missing: `Run.gaps`. A year
        that lacks one is left out, and so are those on the other side of it: the years returned
        follow one another, so that each can be compared with the one before. They are the latest
        such years.

    Returns
    -------
    years
        The columns of `by`, `period` (in words), `first`, `last` (first days of months), `count`
        (missing where that of a month is), oldest first.

    Raises
    ------
    DataError
        If another month is missing, or a month repeats.
    """
    if by:
        made = [
            whole_years(part, gaps=gaps).assign(**dict(zip(by, keys, strict=True)))
            for keys, part in months.groupby(list(by), dropna=False, sort=False)
        ]
        return pd.concat(made, ignore_index=True)[[*by, "period", "first", "last", "count"]]
    ordered = _checked(months, gaps)
    seen = ordered["month"].dt.year * 12 + ordered["month"].dt.month
    back = (seen.max() - seen) // YEAR  # 0 in the latest year
    whole = back.groupby(back).transform("size") == YEAR
    latest = back[whole].min()
    inside = whole & (back - latest == back[whole].rank(method="dense").reindex(back.index) - 1)
    years = _added_up(ordered[inside], -back[inside])
    words = [
        f"{first:%B %Y} to {last:%B %Y}"
        for first, last in zip(years["first"], years["last"], strict=True)
    ]
    return years.assign(period=words)[["period", "first", "last", "count"]]


def with_gaps(months: pd.DataFrame, gaps: Sequence[pd.Timestamp]) -> pd.DataFrame:
    """
    Return protected monthly counts with a row for each month without data.

    Its count is missing and its status "not available": it is neither none nor suppressed.

    Parameters
    ----------
    months
        Protected: `month`, `count`, `status`.
    gaps
        The months without data: `Run.gaps`.
    """
    if not len(gaps):
        return months
    rows = pd.DataFrame({"month": pd.DatetimeIndex(gaps), "status": "not available"})
    every = pd.concat([months, rows]).sort_values("month", ignore_index=True, kind="stable")
    return every.astype(months.dtypes.to_dict())


def unbroken(months: pd.DataFrame, *, fewest: int = 1) -> pd.DataFrame:
    """
    Return the longest stretch of months that follow one another, the latest of equals.

    Raises
    ------
    NotInThisRun
        If no stretch has so many months as are needed.
    """
    parts = archives.stretches(pd.DatetimeIndex(months["month"]))
    longest = max(reversed(parts), key=len)
    if len(longest) < fewest:
        raise NotInThisRun(
            f"It takes {fewest} months in a row, and the longest stretch with data has "
            f"{len(longest)}."
        )
    return months[months["month"].isin(longest)].reset_index(drop=True)


def financial_years(months: pd.DataFrame) -> pd.DataFrame:
    """
    Add up monthly counts to whole years from April to March, named 2023/24.

    Parameters
    ----------
    months
        `month` (first day, none missing) and `count`.

    Returns
    -------
    years
        `period, first, last, months` (twelve), `count`, oldest first.

    Raises
    ------
    DataError
        If a month is missing or repeats.
    """
    ordered = _checked(months, ())
    years = _added_up(ordered, ordered["month"].dt.year - (ordered["month"].dt.month < 4))
    years = years[years["months"] == YEAR]
    names = financial_year(pd.DatetimeIndex(years["first"]))
    named = years.assign(period=pd.array(names, dtype="str"))
    return named[["period", "first", "last", "months", "count"]].reset_index(drop=True)


def months_in(
    years: pd.DataFrame, *, period: str = "period"
) -> dict[tuple[str, str], dict[pd.Timestamp, str]]:
    """
    Return the year of each month, as the nesting that protects both tables together.

    Parameters
    ----------
    years
        `period, first, last`, as the functions of this module return them.
    period
        Its column: `quarter` for quarters.
    """
    inside = {
        month: row[period]
        for _, row in years.iterrows()
        for month in pd.date_range(row["first"], row["last"], freq="MS")
    }
    return {("month", period): inside}


def recording_breaks(breaks: pd.DataFrame, months: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """
    Return the months at which a control chart starts afresh: lasting changes of recording.

    Parameters
    ----------
    breaks
        `date, until`; a break with an end is a time of disruption, not a new level.
    months
        The months of the series; a break that leaves under six months on either side is left out,
        for limits cannot be made from so few.
    """
    lasting = breaks.loc[breaks["until"].isna(), "date"]
    starts = pd.DatetimeIndex(lasting).to_period("M").to_timestamp().unique().sort_values()
    edges, found = list(months[:1]), []
    for month in starts:
        before = ((months >= edges[-1]) & (months < month)).sum()
        if before >= FEWEST and (months >= month).sum() >= FEWEST:
            edges.append(month)
            found.append(month)
    return found
