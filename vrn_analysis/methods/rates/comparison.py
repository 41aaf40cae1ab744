"""Compare each area with the rest."""

import numpy as np
import pandas as pd

from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers


def compare_with_rest(table: pd.DataFrame, *, of: str, alpha: float = 0.05) -> pd.DataFrame:
    """
    Add whether each area's rate differs from that of the rest, with all comparisons allowed for.

    Parameters
    ----------
    table
        One row an area, and their total as `tables.with_total` adds it: `count`, `denominator`;
        optionally `count_error`, `dispersion`. Rows without people belong to no rate: they are
        taken out of the total.
    of
        The column that names areas.
    alpha
        The chance that any area at all is wrongly said to differ.

    Returns
    -------
    table
        The same rows and `ratio_to_rest` (the area's rate over that of all others), `p_value`,
        `adjusted_p_value` and `beside_rest`: "higher", "similar", "lower", or "not compared" for
        the total and where a count is missing.

    Raises
    ------
    DataError
        If there is not exactly one total, or counts or denominators cannot be.

    Notes
    -----
    Conditional exact test of the area's share of all events, on counts over the dispersion that
    gives the logarithm of the ratio the same variance; rounded counts are moved towards the rest
    as far as rounding can have moved them. Adjusted by Holm (1979), which holds however the
    comparisons depend on each other.
    """
    checks.check(table, whole=["count"], real=["denominator"])
    total = checks.is_total(table, of)
    checks.refuse([] if total.sum() == 1 else [f"{total.sum()} rows are the total over {of!r}"])
    count, people = numbers(table, "count"), numbers(table, "denominator")
    error = np.nan_to_num(numbers(table, "count_error"))
    spread = np.nan_to_num(checks.dispersions(table, None), nan=1.0)
    nowhere = np.nansum(count[~total & ~(people > 0)])
    rest, others = count[total] - nowhere - count, people[total] - people
    known = ~total & (people > 0) & (others > 0) & np.isfinite(rest) & (count + rest > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(known, count / people / (np.maximum(rest, 0) / others), np.nan)
        side = np.sign(np.log(ratio))
    own = np.maximum(count - side * error, 0)
    left = np.maximum(rest + side * (error + error[total]), 0)
    few = [1 / np.maximum(np.nan_to_num(one), 0.5) for one in (count, rest)]
    common = (spread * few[0] + spread[total] * few[1]) / (few[0] + few[1])
    chance = intervals.split_p_value(left / common, own / common, people / people[total])
    # if rounding could reverse the difference, there is none to report
    crossed = side * (own / people - left / others) <= 0
    chance = np.where(known, np.where(crossed, 1.0, chance), np.nan)
    adjusted = _holm(chance)
    higher, lower = (adjusted < alpha) & (side > 0), (adjusted < alpha) & (side < 0)
    choices = [(~known, "not compared"), (higher, "higher"), (lower, "lower")]
    return table.assign(
        ratio_to_rest=ratio,
        p_value=chance,
        adjusted_p_value=adjusted,
        beside_rest=intervals.labels(table.index, choices, "similar"),
    )


def _holm(chance: np.ndarray) -> np.ndarray:
    """Return p-values adjusted so that any false finding among them is as rare as each was."""
    adjusted, known = np.full(len(chance), np.nan), np.flatnonzero(~np.isnan(chance))
    order = known[np.argsort(chance[known], kind="stable")]
    steps = chance[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return adjusted
