"""Change of each place between two periods: ratio, interval, and whether it is beyond chance."""

from typing import Literal

import numpy as np
import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.hotspots import checks
from vrn_analysis.hotspots.gi_star import adjust
from vrn_analysis.rates import intervals

CATEGORIES = ("rise", "fall", "no clear change", "no events")


def dispersion_of_change(before: np.ndarray, after: np.ndarray) -> float:
    """
    Return how much more places differ in their change than chance would have it, at least 1.

    Pearson's chi-squared of the two counts against one common ratio, over places less one.
    Places with fewer than five events in all are left out: they would pull it towards 1.
    """
    total = before + after
    enough = total >= 5
    if enough.sum() < 2:
        return 1.0
    total, after = total[enough], after[enough]
    share = after.sum() / total.sum()
    if share in (0, 1):
        return 1.0
    squared = (after - total * share) ** 2 / (total * share * (1 - share))
    return float(max(squared.sum() / (len(total) - 1), 1.0))


def change(
    places: pd.DataFrame,
    *,
    before: str = "count",
    after: str = "next_count",
    length_ratio: float = 1.0,
    against: Literal["no change", "the area"] = "no change",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """
    Add the change of each place between two periods.

    Parameters
    ----------
    places
        One row a place, with zeros.
    before, after
        Columns of counts of the two periods.
    length_ratio
        The length of the second period over that of the first (or of their populations).
    against
        What is tested: `no change`, or that a place changed as `the area` (all places) did.
    alpha
        Share of false discoveries accepted among the rises and falls.

    Returns
    -------
    places
        The same rows and `difference` (after less before, per length of the first period),
        `ratio, lower_95_ci, upper_95_ci` (after over before; no ratio where before is 0, and the
        upper limit is then infinite), `dispersion`, `p_value`, `p_adjusted` (Benjamini-Hochberg
        over places with events), `change_category` (rise, fall, no clear change, no events) and
        `method`.

    Raises
    ------
    DataError
        If a count is missing or negative, the length is not above 0, or a period has no events
        where the test is against the area.

    Notes
    -----
    Given both counts' total, the second is binomial: limits and p are exact (Clopper and
    Pearson), of the counts divided by the dispersion among places. A place picked because it was
    high will fall by itself (regression to the mean): test places chosen on other grounds, or
    against the area.
    """
    checks.share(alpha, name="alpha")
    checks.positive(length_ratio, name="length_ratio")
    if against not in ("no change", "the area"):
        raise DataError(f"against is {against!r}; it must be 'no change' or 'the area'.")
    first, second = (
        checks.numbers(places, column, name="places", minimum=0) for column in (before, after)
    )
    sums = first.sum(), second.sum()
    if against == "the area" and 0 in sums:
        raise DataError(f"places: {before!r} and {after!r} add up to {sums[0]:g} and {sums[1]:g}.")
    spread = dispersion_of_change(first, second)
    odds = length_ratio if against == "no change" else sums[1] / sums[0]
    scaled = first / spread, second / spread
    lower, upper = (limit / length_ratio for limit in intervals.split(*scaled))
    some = first + second > 0
    p_value = np.where(some, intervals.split_p_value(*scaled, odds / (1 + odds)), np.nan)
    adjusted = adjust(p_value)
    ratio = np.where(first > 0, second / np.where(first > 0, first, 1) / length_ratio, np.nan)
    return places.assign(
        difference=second / length_ratio - first,
        ratio=ratio,
        lower_95_ci=np.where(some, lower, np.nan),
        upper_95_ci=np.where(some, upper, np.nan),
        dispersion=spread,
        p_value=p_value,
        p_adjusted=adjusted,
        change_category=_category(second - odds * first, adjusted, alpha),
        method=f"conditional exact, dispersion {spread:.2f}, against {against}",
    )


def _category(step: np.ndarray, adjusted: np.ndarray, alpha: float) -> pd.Categorical:
    found = adjusted <= alpha
    code = np.select([np.isnan(adjusted), found & (step > 0), found & (step < 0)], [3, 0, 1], 2)
    return pd.Categorical.from_codes(code, categories=list(CATEGORIES))
