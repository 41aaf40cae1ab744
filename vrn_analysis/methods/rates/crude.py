"""Counts, crude rates and proportions with their intervals."""

import numpy as np
import pandas as pd

from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers
from vrn_analysis.methods.rates.dispersion import with_dispersion

NO_COUNT = "none: count is missing"
NO_DENOMINATOR = "none: no denominator"
WIDENED = ", widened for rounding"
UNESTIMATED = ", as if independent: no dispersion could be estimated"


def _missing(count: np.ndarray, denominator: np.ndarray) -> list[tuple[np.ndarray, str]]:
    return [(np.isnan(count), NO_COUNT), (~(denominator > 0), NO_DENOMINATOR)]


def _poisson_method(
    table: pd.DataFrame, people: np.ndarray, *, rounded: np.ndarray, dispersion: np.ndarray
) -> pd.Series:
    count = numbers(table, "count")
    small = count / np.nan_to_num(dispersion, nan=1.0) < intervals.EXACT_BELOW
    choices = _missing(count, people)
    for spread in pd.unique(dispersion):
        own = dispersion == spread if spread == spread else np.isnan(dispersion)
        words = f", dispersion {spread:.2f}" if spread > 1 else ""
        words = UNESTIMATED if np.isnan(spread) else words
        for name, kept in (("exact Poisson", own & small), ("Byar", own & ~small)):
            choices += [(kept & rounded, name + words + WIDENED), (kept, name + words)]
    return intervals.labels(table.index, choices, "Byar")


def _rate(
    table: pd.DataFrame,
    people: np.ndarray,
    loose: np.ndarray,
    *,
    per: float,
    dispersion: float | None,
    statistic: str,
) -> pd.DataFrame:
    told = checks.dispersions(table, dispersion)
    spread = np.nan_to_num(told, nan=1.0)
    count, error = numbers(table, "count"), np.nan_to_num(numbers(table, "count_error"))
    usable = np.where(people > 0, people, np.nan)
    least, most = np.maximum(count - error, 0), count + error
    # a denominator that may have been rounded up from zero leaves the rate unbounded
    share = np.where(usable > loose, per / np.where(usable > loose, usable - loose, 1), np.inf)

    def limits(confidence: float) -> intervals.Limits:
        lower, upper = intervals.poisson(most, confidence=confidence, dispersion=spread)
        if error.any():
            lower, _ = intervals.poisson(least, confidence=confidence, dispersion=spread)
        return lower / (usable + loose) * per, upper * share

    method = _poisson_method(table, people, rounded=error + loose > 0, dispersion=told)
    return intervals.add_interval(
        table, count / usable * per, limits, statistic=statistic, method=method
    )


def count_interval(
    table: pd.DataFrame,
    months: pd.DataFrame | None = None,
    *,
    incidents: pd.Series | None = None,
    breaks: pd.DataFrame | None = None,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """
    Add the interval of a count seen as one outcome of a steady rate.

    Parameters
    ----------
    table
        `count`, whole numbers; optionally `count_error`, as `disclosure.protect` adds it.
    dispersion
        Variance over mean of the counts, 1 for independent events; by default the table's
        column `dispersion` (`rates.with_dispersion`), else 1.

    Returns
    -------
    table
        The same rows and `value` (the count), `lower_95_ci, upper_95_ci, lower_99_8_ci,
        upper_99_8_ci, statistic, method`. A missing count gives missing values, and `method`
        says so.

    Raises
    ------
    DataError
        If a count is negative, fractional or not a number.

    Notes
    -----
    Exact Poisson limits (chi-square) below 10, Byar's from 10.
    """
    checks.check(table, whole=["count"])
    if incidents is not None:
        table = with_dispersion(table, months, incidents=incidents, breaks=breaks)
    alone, exact = np.ones(len(table)), np.zeros(len(table))
    return _rate(table, alone, exact, per=1, dispersion=dispersion, statistic="count")


def crude_rate(
    table: pd.DataFrame, *, per: float = 1_000, dispersion: float | None = None
) -> pd.DataFrame:
    """
    Add the crude rate of events and its interval.

    Parameters
    ----------
    table
        `count`, whole numbers, and `denominator`, people or person-years. Optionally
        `count_error` and `denominator_error`, the most that rounding moved each;
        `count_ages` and `denominator_ages`, which must then be equal.
    per
        The rate is per this many of the denominator.
    dispersion
        Variance over mean of the counts; by default the table's column `dispersion`
        (`rates.with_dispersion`, `rates.dispersion_of_areas`), else 1 for independent events.
        Where that column is missing, `method` says that none could be estimated.

    Returns
    -------
    table
        The same rows and `value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci,
        statistic, method`. A missing count, or a denominator that is 0 or missing, gives missing
        values, and `method` says which.

    Raises
    ------
    DataError
        If a count is negative or fractional, a denominator negative, or ages do not match.

    Notes
    -----
    Exact Poisson limits (chi-square) below 10 events, Byar's from 10, as the public health
    statistics of England use them. Where `count_error` is given, the interval runs from the
    lower limit of the least to the upper limit of the greatest count that rounding allows.
    """
    checks.check(table, whole=["count"], real=["denominator"])
    people, loose = numbers(table, "denominator"), numbers(table, "denominator_error")
    name = f"crude rate per {per:,.10g}"
    loose = np.nan_to_num(loose)
    return _rate(table, people, loose, per=per, dispersion=dispersion, statistic=name)


def proportion(table: pd.DataFrame, *, per: float = 1) -> pd.DataFrame:
    """
    Add the share of a denominator that the count is, and its interval.

    For things counted once only, each a member of the denominator: offences with a knife over
    offences, victims with known age over victims. Events that one person can meet twice get
    `crude_rate` instead.

    Parameters
    ----------
    table
        `count` and `denominator`, whole numbers. Optionally `count_error` and
        `denominator_error`, the most that rounding moved each; `count_of` and
        `denominator_of`, which must then be equal; `count_ages` and `denominator_ages`.
    per
        1 for a proportion, 100 for a percentage.

    Returns
    -------
    table
        The same rows and `value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci,
        statistic, method`. A missing count, or a denominator that is 0 or missing, gives missing
        values, and `method` says which.

    Raises
    ------
    DataError
        If a count is negative, fractional, above its denominator, or not a part of it.

    Notes
    -----
    Wilson's score limits. Where a rounded count is above its rounded denominator by no more
    than rounding explains, the share is 1.
    """
    checks.check(table, whole=["count", "denominator"])
    checks.check_parts(table)
    count, error = numbers(table, "count"), np.nan_to_num(numbers(table, "count_error"))
    loose = np.nan_to_num(numbers(table, "denominator_error"))
    denominator = numbers(table, "denominator")
    usable = np.where(denominator > 0, denominator, np.nan)
    greatest, smallest = usable + loose, np.maximum(usable - loose, 1)
    least, most = np.maximum(count - error, 0), np.minimum(count + error, smallest)

    def limits(confidence: float) -> intervals.Limits:
        lower, upper = intervals.wilson(most, smallest, confidence=confidence)
        if error.any() or loose.any():
            fewest = np.minimum(least, greatest)
            lower, _ = intervals.wilson(fewest, greatest, confidence=confidence)
        return lower * per, upper * per

    choices = [*_missing(count, denominator), (error + loose > 0, "Wilson" + WIDENED)]
    method = intervals.labels(table.index, choices, "Wilson")
    name = {1: "proportion", 100: "percentage"}.get(per, f"proportion x {per:,.10g}")
    return intervals.add_interval(
        table, np.minimum(count / usable, 1) * per, limits, statistic=name, method=method
    )
