"""Counts of whole years, ending at each month, and each year beside the one before."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.rates import checks
from vrn_analysis.rates.checks import numbers
from vrn_analysis.trends import months
from vrn_analysis.trends.breaks import allow_breaks
from vrn_analysis.trends.change import change_between, smallest_detectable_change

YEAR = 12


def rolling_year(table: pd.DataFrame, *, by: Sequence[str] = ()) -> pd.DataFrame:
    """
    Return the count of the twelve months that end at each month: season cancels out.

    Take it before `disclosure.protect`: twelve rounded months would add up their rounding.

    Parameters
    ----------
    table
        One row a month and series: `month` (first days, none left out), `count`, the columns of
        `by`; optionally `denominator` (people), `count_error`.
    by
        Columns that tell series apart, such as `["area_code", "area_name"]`.

    Returns
    -------
    table
        One row a series and month from the twelfth on: the columns of `by`, `month` (the last of
        the year), `period` ("year ending March 2024"), `count` (Int64; missing where one of the
        twelve is) and, where given, `denominator` (mean of the twelve) and `count_error` (sum).

    Raises
    ------
    DataError
        If no series has twelve months, a month is missing or repeated, or counts cannot be.
    """
    ordered = months.series(table, by=by).reset_index(drop=True)
    key = [ordered[name] for name in by] or [pd.Series("all", index=ordered.index)]
    place = ordered.groupby(key, sort=False, dropna=False).cumcount()
    if not (place >= YEAR - 1).any():
        raise DataError(
            f"The longest series has {place.max() + 1} months; a rolling year needs {YEAR}."
        )

    def rolled(column: str, how: str) -> pd.Series:
        values = ordered[column].astype(float).groupby(key, sort=False, dropna=False)
        return values.transform(lambda one: getattr(one.rolling(YEAR), how)())

    year_end = ordered["month"].dt.strftime("year ending %B %Y")
    rolling = ordered[[*by, "month"]].assign(period=year_end.astype("str"))
    rolling["count"] = rolled("count", "sum").round().astype("Int64")
    if "denominator" in ordered:
        rolling["denominator"] = rolled("denominator", "mean")
    if "count_error" in ordered:
        rolling["count_error"] = rolled("count_error", "sum")
    return rolling[place >= YEAR - 1].reset_index(drop=True)


def _years_apart(rolling: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the last year of each series beside the year twelve months before."""
    end = rolling["month"].max()
    last = rolling[rolling["month"] == end]
    if by:
        ends = rolling.groupby(list(by), dropna=False)["month"].max()
        if early := ends[ends < end].index.to_list():
            raise DataError(
                f"{len(early)} of {len(ends)} series end before {end:%B %Y} (such as {early[0]}): "
                "compare series that end together."
            )
    before = rolling.assign(month=rolling["month"] + pd.DateOffset(years=1))
    pairs = last.merge(before, on=[*by, "month"], suffixes=("", "_before"), how="left")
    if pairs.empty or not pairs["period_before"].notna().all():
        raise DataError(
            f"{pairs['period_before'].isna().sum()} of {len(pairs)} series have no year that ends "
            "twelve months before the last: 24 months are needed."
        )
    return pairs


def _days(year_end: pd.Series) -> pd.Series:
    first = year_end - pd.DateOffset(months=YEAR - 1)
    return (year_end + pd.DateOffset(months=1) - first).dt.days


def year_on_year(
    rolling: pd.DataFrame,
    *,
    by: Sequence[str] = (),
    breaks: pd.DataFrame | None,
    across_breaks: bool = False,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """
    Return the change of each series' last year on the year before, and what could be seen.

    Parameters
    ----------
    rolling
        What `rolling_year` returns, rounded or not: `month, period, count`, the columns of
        `by`; optionally `denominator`, `count_error`.
    by
        Columns that tell series apart.
    breaks
        The register of breaks: `date`, `label`; optionally `until`, where it did not last.
        None where there is none.
    across_breaks
        Compare although a break lies within the two years; without it that is refused.
    dispersion
        Variance over mean of the counts where events cluster.

    Returns
    -------
    table
        One row a series: the columns of `by`, `period, period_before`, all that
        `change_between` returns (a: the year before; years weighed by their days),
        `smallest_fall, smallest_rise` (per cent, 80 % power) and `note`.

    Raises
    ------
    DataError
        If a series has fewer than 24 months or ends before the others, or a break lies within and
        is not allowed.
    """
    absent = [name for name in (*by, "month", "period", "count") if name not in rolling]
    checks.refuse([f"column {name!r} is missing: take rolling_year first" for name in absent])
    if rolling.duplicated([*by, "month"]).any():
        raise DataError("Months repeat: name the columns that tell series apart with by=.")
    pairs = _years_apart(rolling, by)
    span = pd.Series(pd.date_range(end=pairs["month"].max(), periods=2 * YEAR, freq="MS"))
    note = allow_breaks(breaks, span, across_breaks=across_breaks)
    people = [
        numbers(pairs, name) if name in pairs else 1.0
        for name in ("denominator_before", "denominator")
    ]
    error = np.fmax(numbers(pairs, "count_error_before"), numbers(pairs, "count_error"))
    change = change_between(
        pairs["count_before"],
        people[0] * _days(pairs["month"] - pd.DateOffset(years=1)),
        pairs["count"],
        people[1] * _days(pairs["month"]),
        dispersion=dispersion,
        count_error=np.nan_to_num(error),
    )
    seen = smallest_detectable_change(pairs["count_before"], dispersion=dispersion or 1.0)
    kept = pairs[[*by, "period", "period_before"]]
    return pd.concat([kept, change, seen[["smallest_fall", "smallest_rise"]]], axis=1).assign(
        note=note
    )
