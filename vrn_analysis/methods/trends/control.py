"""Control charts: which months of a series vary more than usual."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import times
from vrn_analysis.methods.rates import checks
from vrn_analysis.methods.trends.season import deseasonalise

# limits lie 3 standard deviations from the mean, a deviation being mean moving range / 1.128
LIMIT = 2.66
NEAR = 2 / 3
SCREEN = 3.267
RUN = 7
FEWEST = 3


def _checked(values: pd.Series) -> pd.Series:
    values = pd.Series(values).astype(float)
    problems = []
    if len(values) < FEWEST:
        problems.append(f"{len(values)} points are too few for a control chart: at least {FEWEST}")
    if bad := int((~np.isfinite(values)).sum()):
        problems.append(
            f"{bad} of {len(values)} values are missing or infinite: a chart needs every point"
        )
    if not values.index.is_unique:
        problems.append("the index repeats: one value a month")
    if isinstance(values.index, pd.DatetimeIndex):
        every = pd.date_range(values.index.min(), values.index.max(), freq="MS")
        if gaps := len(every.difference(values.index)):
            problems.append(f"{gaps} months are missing between the first and the last")
        if not values.index.is_monotonic_increasing:
            problems.append("the months are not in order")
    checks.refuse(problems, "No control chart can be made")
    return values


def _phases(index: pd.Index, rebase_at: Sequence[Any]) -> np.ndarray:
    """Return the number of the stretch that each point belongs to."""
    if isinstance(index, pd.DatetimeIndex):
        rebase_at = list(pd.to_datetime(list(rebase_at)))
    if strange := [point for point in rebase_at if point not in index]:
        raise DataError(f"rebase_at names {len(strange)} points that are not there: {strange[:5]}.")
    return np.cumsum(index.isin(list(rebase_at)))


def _limits(values: np.ndarray) -> tuple[float, float]:
    """Return the mean and the distance of the limits from it."""
    ranges = np.abs(np.diff(values))
    if not len(ranges):
        return float(values.mean()), np.nan
    kept = ranges[ranges < SCREEN * ranges.mean()]
    ranges = kept if len(kept) else ranges
    return float(values.mean()), LIMIT * float(ranges.mean())


def _runs(sign: np.ndarray, length: int) -> np.ndarray:
    """Return where a sign other than 0 continues for at least so many points."""
    starts = np.flatnonzero(np.diff(sign, prepend=sign[0] + 9))
    sizes = np.diff([*starts, len(sign)])
    return np.repeat((sizes >= length) & (sign[starts] != 0), sizes)


def _trend(values: np.ndarray) -> np.ndarray:
    """Return +1 or -1 on points of seven or more in a row that rise or fall, else 0."""
    steps = np.sign(np.diff(values))
    found = np.zeros(len(values))
    if len(steps):
        long = _runs(steps, RUN - 1)
        found[1:][long] = steps[long]
        # a point at which two trends meet belongs to the later one
        found[:-1][long] = steps[long]
    return found


def _near(values: np.ndarray, mean: float, reach: float) -> np.ndarray:
    """Return +1 or -1 on two of three points near a limit, the three on one side of the mean."""
    side, found = np.sign(values - mean), np.zeros(len(values))
    away = np.abs(values - mean)
    near = (away > reach * NEAR) & (away <= reach)
    for first in range(len(values) - 2):
        three = slice(first, first + 3)
        if near[three].sum() >= 2 and abs(side[three].sum()) == 3:
            found[three] = np.where(near[three], side[three], found[three])
    return found


def _signals(values: np.ndarray, mean: float, reach: float) -> np.ndarray:
    """Return the signal of each point, the most serious first; None for common variation."""
    # the mean of equal floats may differ from them in the last digit
    values = np.where(np.isclose(values, mean, rtol=1e-12, atol=1e-12), mean, values)
    side = np.sign(values - mean)
    run = np.where(_runs(side, RUN), side, 0)
    outside = np.where(np.abs(values - mean) > reach, side, 0)
    rules = (
        (outside, "above the limits", "below the limits"),
        (_trend(values), "rising trend", "falling trend"),
        (_near(values, mean, reach), "near the upper limit", "near the lower limit"),
        (run, "run above the mean", "run below the mean"),
    )
    signal = np.full(len(values), None, dtype=object)
    for found, up, down in reversed(rules):
        signal[found > 0], signal[found < 0] = up, down
    return signal


def xmr(
    values: pd.Series,
    *,
    rebase_at: Sequence[Any] = (),
) -> pd.DataFrame:
    """
    Return the XmR control chart of a series: which points are unusual.

    Parameters
    ----------
    values
        One value a month, in order; the index names the months.
    rebase_at
        Points of the index at which mean and limits start afresh: known changes of process or
        recording, never chosen because of the values.

    Returns
    -------
    table
        On the same index: `value` (season taken out, where it was), `mean, lower_limit,
        upper_limit, signal` (missing for common variation: "above the limits", "below the
        limits", "rising trend", "falling trend", "near the upper limit", "near the lower
        limit", "run above the mean", "run below the mean"), `observed` (as given) and `note`
        (season taken out; trial limits, from fewer than 12 points).

    Raises
    ------
    DataError
        If a value is missing, a month is missing, there are fewer than 3 points, or `rebase_at`
        names a point that is not there.

    Notes
    -----
    Mean and limits at 2.66 mean moving ranges. Rules in this order: outside the limits; seven
    points that rise or fall; two of three in the outer third within the limits, all three on one
    side; seven on one side. They equal those of NHS England's Making Data Count. Limits below 0
    are kept for the rules: clip them in the picture only. The season is taken out where the index
    holds months, there are 36 or more, none is negative, and the season is plain (p < 0.01).
    """
    observed = _checked(values)
    phase = _phases(observed.index, rebase_at)
    charted, seasonal = deseasonalise(observed, phase=phase)
    parts = []
    for number in np.unique(phase):
        part = charted.to_numpy()[phase == number]
        mean, reach = _limits(part)
        notes = ["season taken out"] * seasonal
        notes += ["trial limits: under 12 points"] * (len(part) < 12)
        parts.append(
            pd.DataFrame(
                {
                    "value": part,
                    "mean": mean,
                    "lower_limit": mean - reach,
                    "upper_limit": mean + reach,
                    "signal": pd.Series(_signals(part, mean, reach), dtype="str"),
                    "note": "; ".join(notes),
                }
            )
        )
    chart = pd.concat(parts, ignore_index=True).set_axis(observed.index)
    return chart.assign(observed=observed, note=chart["note"].astype("str"))


def control_chart(months: pd.DataFrame, breaks: pd.DataFrame) -> pd.DataFrame:
    """
    Return the control chart of monthly counts: `xmr` of the longest stretch without a gap.

    Parameters
    ----------
    months
        `month, count`, every count shown.
    breaks
        Known breaks: limits restart where recording changed for good.
    """
    whole = times.unbroken(months, fewest=FEWEST).set_index("month")["count"].astype(float)
    return xmr(whole, rebase_at=times.recording_breaks(breaks, whole.index))
