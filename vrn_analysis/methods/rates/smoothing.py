"""Smooth the rates of small areas towards the overall rate."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers


class Areas(NamedTuple):
    """The columns that smoothing uses; missing for rows that are no area or are hidden."""

    count: np.ndarray
    people: np.ndarray
    total: np.ndarray
    rest: tuple[float, float]  # events and people of the hidden areas together

    def method(self, index: pd.Index, name: str) -> pd.Series:
        """Return how each row was smoothed, or why it was not."""
        choices = [
            (self.total, "none: a total"),
            (np.isnan(self.people), "none: no count or denominator"),
        ]
        return intervals.labels(index, choices, name)


def read(table: pd.DataFrame, of: str | None) -> Areas:
    """
    Return the areas of a table, events that come together counted as so many fewer.

    Raises
    ------
    NotEnoughError
        As `empirical_bayes_rate`.
    """
    checks.check(table, whole=["count"], real=["denominator"])
    fewer = np.nan_to_num(checks.dispersions(table, None), nan=1.0)
    count, people = numbers(table, "count") / fewer, numbers(table, "denominator") / fewer
    total = checks.is_total(table, of)
    known = ~np.isnan(count) & (people > 0) & ~total
    if known.sum() < 2:
        raise NotEnoughError(
            f"{known.sum()} of {len(table)} areas have a count and a denominator: smoothing "
            "needs at least two."
        )
    usual = float(np.median(fewer[known]))
    events, others = (one / usual for one in checks.hidden_rest(table, total))
    count, people = (np.where(known, one, np.nan) for one in (count, people))
    return Areas(count, people, total, (events, others))


def _prior(areas: Areas) -> tuple[float, float]:
    """Return the mean and the variance of the true rates, by moments; hidden areas are one."""
    known = ~np.isnan(areas.people)
    rest = areas.rest if areas.rest[1] else ([], [])
    count, people = (
        np.append(own[known], more)
        for own, more in zip((areas.count, areas.people), rest, strict=True)
    )
    mean = count.sum() / people.sum()
    spread = (people * (count / people - mean) ** 2).sum() / people.sum()
    return mean, max(spread - mean / people.mean(), 0.0)


def empirical_bayes_rate(
    table: pd.DataFrame, *, per: float = 1_000, of: str | None = None
) -> pd.DataFrame:
    """
    Add the empirical Bayes rate of each area, for maps: small areas lose their noise.

    Show it with the crude rate, and never put it into a regression.

    Parameters
    ----------
    table
        One row an area: `count`, whole numbers, and `denominator`, people; optionally
        `dispersion` (`rates.with_dispersion`), where events come together.
    per
        The rate is per this many of the denominator.
    of
        The column that names areas, where one row is their total, as `tables.with_total` adds it.
        Where a count is hidden, the rate of all areas is that of the total; without a total it is
        that of the areas shown, which is too high.

    Returns
    -------
    table
        The same rows and `value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci,
        statistic, method`, and `weight`: the share of the value that is the area's own rate
        (1: all its own; 0: the rate of all areas). Rows without a count or denominator, and
        the total, are missing; areas that are hidden lend what the total holds of them together.

    Raises
    ------
    DataError
        If a count is negative or fractional, a denominator negative, fewer than two areas have
        both, or "All" is in a column that `of` does not name.

    Notes
    -----
    Marshall (1991), global: equals `esda.smoothing.Empirical_Bayes` and R's `spdep::EBest`.
    The limits are those of the gamma distribution with the same mean and variance; they leave
    out that the rate of all areas is itself estimated. Where areas vary by no more than chance
    they are the exact limits of the rate of all areas. Rounding of counts is not added.
    """
    areas = read(table, of)
    mean, variance = _prior(areas)
    # with no variation beyond chance every area has the rate of all areas
    pull = mean / variance if variance else np.inf
    weight = areas.people / (areas.people + pull)
    value = weight * (areas.count / areas.people) + (1 - weight) * mean

    def limits(confidence: float) -> intervals.Limits:
        tail = (1 - confidence) / 2
        if not variance:
            people = np.nansum(areas.people) + areas.rest[1]
            both = intervals.exact_poisson(
                np.full(len(table), people * mean), confidence=confidence
            )
            return tuple(side / people * per for side in both)
        shape, rate = mean * pull + areas.count, pull + areas.people
        low = special.gammaincinv(shape, tail) / rate * per
        return low, special.gammainccinv(shape, tail) / rate * per

    return intervals.add_interval(
        table.assign(weight=weight),
        value * per,
        limits,
        statistic=f"empirical Bayes rate per {per:,.10g}",
        method=areas.method(table.index, "Marshall, gamma limits"),
    )
