"""Measure inequality by deprivation: a slope index, a relative index and a gap."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.methods.rates import checks, intervals, loglinear
from vrn_analysis.methods.rates.checks import numbers
from vrn_analysis.methods.trends import change_between

STRAIGHT = "straight line through the rates (weighted least squares)"
LOG = "straight line through the logarithm of the rate (Poisson)"
FITS = 0.05  # a smaller p-value means that the line does not fit


class _Groups(NamedTuple):
    """Counts, their errors, people and dispersions of groups, least deprived first."""

    count: np.ndarray
    error: np.ndarray
    people: np.ndarray
    spread: np.ndarray

    def limits(self, confidence: float, per: float) -> intervals.Limits:
        """Return the limits of each rate, of the fewest and the most that rounding allows."""
        given = {"confidence": confidence, "dispersion": self.spread}
        low, _ = intervals.poisson(np.maximum(self.count - self.error, 0), **given)
        _, high = intervals.poisson(self.count + self.error, **given)
        return low / self.people * per, high / self.people * per


def _ranked(table: pd.DataFrame, *, fewest: int) -> _Groups:
    """Return the groups of a table from least to most deprived, checked."""
    checks.refuse([] if "quintile" in table else ["column 'quintile' is missing"])
    table = table[table["quintile"].astype("str") != checks.ALL]
    table = table.assign(quintile=pd.to_numeric(table["quintile"], errors="coerce"))
    checks.check(table, whole=["count"], positive=["denominator"])
    problems = []
    if len(table) < fewest:
        problems.append(f"{len(table)} groups are too few: at least {fewest}")
    if table["quintile"].isna().any() or table["quintile"].duplicated().any():
        problems.append("'quintile' is missing or repeated: pass one row for each group")
    checks.refuse(problems)
    ranked = table.sort_values("quintile", ascending=False)
    return _Groups(
        numbers(ranked, "count"),
        np.nan_to_num(numbers(ranked, "count_error")),
        numbers(ranked, "denominator"),
        np.nan_to_num(checks.dispersions(ranked, None), nan=1.0),
    )


def _places(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each group's share of the population and the middle of its place in it, about 0."""
    share = people / people.sum()
    middle = np.cumsum(share) - share / 2
    return share, middle - share @ middle


def _fit(left: np.ndarray, variance: np.ndarray, pull: np.ndarray) -> float:
    """Return the p of what a line leaves over: `pull` is how far each group moves the line."""
    keep = np.eye(len(left)) - pull
    spread = keep @ np.diag(variance) @ keep.T
    with np.errstate(divide="ignore", invalid="ignore"):
        square = left @ np.linalg.pinv(spread, rcond=1e-9) @ left
    return float(special.chdtrc(len(left) - 2, square))


def _pulls(weight: np.ndarray, design: np.ndarray) -> np.ndarray:
    """Return the matrix that gives a weighted fit's coefficients from what it is fitted to."""
    return np.linalg.solve(design.T @ (weight[:, None] * design), design.T * weight)


def _slope(groups: _Groups, per: float) -> dict[str, float]:
    """Return the slope index with limits from those of each group's rate, and its test of fit."""
    count, _, people, spread = groups
    share, place = _places(people)
    weight = share * place / (share @ place**2)
    rate = count / people * per
    value = weight @ rate

    def limits(confidence: float) -> intervals.Limits:
        low, high = groups.limits(confidence, per)
        down, up = np.where(weight > 0, (low, high), (high, low))
        below, above = (np.sqrt((weight**2 * (rate - end) ** 2).sum()) for end in (down, up))
        return value - below, value + above

    design = np.column_stack([np.ones(len(rate)), place])
    pulls = _pulls(share, design)
    variance = np.maximum(count, 0.5) * spread / people**2 * per**2
    fit = {"fit_p_value": _fit(rate - design @ (pulls @ rate), variance, design @ pulls)}
    return {"value": value} | intervals.at_levels(limits) | fit


def _relative(groups: _Groups) -> dict[str, float]:
    """Return the relative index by the log-linear form, its limits and its test of fit."""
    count, error, people, spread = groups
    _, place = _places(people)
    design = np.column_stack([np.ones(len(count)), place])
    towards = np.where(place >= 0, error, -error)
    lines = [
        loglinear.coefficients(np.maximum(count + side, 0), people, design)
        for side in (0, -towards, towards)
    ]
    mean = people * np.exp(design @ lines[0])
    pulls = _pulls(mean, design)
    # the greater, so that a group without events still has some variance
    variance = np.maximum(count, mean) * spread
    wide = np.sqrt((pulls[1] / mean) ** 2 @ variance)

    def limits(confidence: float) -> intervals.Limits:
        reach = special.ndtri((1 + confidence) / 2) * wide
        return np.exp(lines[1][1] - reach), np.exp(lines[2][1] + reach)

    pull = (mean[:, None] * design) @ (pulls / mean)
    fit = {"fit_p_value": _fit(count - mean, mean * spread, pull)}
    return {"value": np.exp(lines[0][1])} | intervals.at_levels(limits) | fit


def slope_index(table: pd.DataFrame, *, per: float = 1_000) -> pd.DataFrame:
    """
    Return the slope and the relative index of inequality of a rate, with their intervals.

    Parameters
    ----------
    table
        One row a group: `count`, `denominator`, `quintile` (1 is most deprived); optionally
        `count_error`, and `dispersion`: with that of `rates.dispersion_of_areas` the intervals
        allow for areas that vary.
    per
        The slope is per this many people.

    Returns
    -------
    table
        Two rows: the slope index (most less least deprived end of the population, along a
        straight line; above 0 where the deprived suffer more) and the relative index (most over
        least deprived end, along a straight line of the logarithm of the rate). Columns
        `statistic, value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, groups,
        fit_p_value` (of the test whether the groups lie on that line, given how they vary), `fit`
        ("fits", "does not fit") and `method`. A missing count gives missing values; where fewer
        than two groups have events, the relative index is missing.

    Raises
    ------
    DataError
        If there are fewer than three groups, a rank repeats, a denominator is not above 0, or
        counts cannot be.

    Notes
    -----
    Slope: least squares of the rates on the middle of each group's place in the population,
    weighed by people (Mackenbach and Kunst 1997); its limits from those of each rate (MOVER). A
    straight line crosses 0 where the gradient is steep, and a ratio of its ends then means
    nothing, so the relative index is that of a log-linear Poisson regression, as the public
    health guidance of England advises for ratios; limits on the log scale from the variance of
    each count (sandwich). Fit: what the line leaves over against its own variance, chi-square
    with two degrees of freedom fewer than groups.
    """
    groups = _ranked(table, fewest=3)
    count, error = groups.count, groups.error
    names = [f"{side}_{level}_ci" for level in intervals.LEVELS for side in ("lower", "upper")]
    empty = dict.fromkeys(["value", *names, "fit_p_value"], np.nan)
    known = not np.isnan(count).any()
    slope = _slope(groups, per) if known else empty
    relative = _relative(groups) if known and (count > 0).sum() > 1 else empty
    index = pd.DataFrame([slope, relative])
    index.insert(
        0,
        "statistic",
        [f"slope index of inequality per {per:,.10g}", "relative index of inequality"],
    )
    fit = np.where(index["fit_p_value"] < FITS, "does not fit", "fits")
    tail = ", widened for rounding" if error.any() else ""
    return index.assign(
        groups=len(count),
        fit=pd.Series(fit, dtype="str").where(index["fit_p_value"].notna(), "not tested"),
        method=[name + tail for name in (STRAIGHT, LOG)],
    )


def relative_gap(table: pd.DataFrame, *, per: float = 1_000) -> pd.DataFrame:
    """
    Return the gap between the most and the least deprived group, as a ratio and a difference.

    Parameters
    ----------
    table
        One row a group: `count`, `denominator`, `quintile` (1 is most deprived); optionally
        `count_error`, `dispersion`.
    per
        The difference is per this many people.

    Returns
    -------
    table
        Two rows, ratio and difference of the rates, most against least deprived. Columns
        `statistic, value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, method`.

    Raises
    ------
    DataError
        If there are fewer than two groups, a rank repeats, a denominator is not above 0, or
        counts cannot be.

    Notes
    -----
    Ratio: conditional exact limits; where the two groups vary differently, with the dispersion
    that gives the logarithm of the ratio the same variance. Difference: from the limits of each
    rate (MOVER, Newcombe 1998), exact Poisson below 10 and Byar's from 10. What lies between the
    two ends is left out: `slope_index` uses every group.
    """
    ends = _Groups(*(found[[0, -1]] for found in _ranked(table, fewest=2)))
    count, error, people, spread = ends
    few = 1 / np.maximum(np.nan_to_num(count), 0.5)
    ratio = change_between(
        count[0],
        people[0],
        count[1],
        people[1],
        dispersion=(spread @ few) / few.sum(),
        count_error=error.max(),
    )
    rate = count / people * per
    value = rate[1] - rate[0]

    def limits(confidence: float) -> intervals.Limits:
        lower, upper = ends.limits(confidence, per)
        below = np.hypot(rate[1] - lower[1], upper[0] - rate[0])
        return value - below, value + np.hypot(upper[1] - rate[1], rate[0] - lower[0])

    gap = {"value": value} | intervals.at_levels(limits)
    method = "MOVER of exact Poisson and Byar limits"
    method += ", widened for rounding" if error.any() else ""
    rows = [
        {"statistic": "ratio of rates, most over least deprived"}
        | {name: ratio[name].iloc[0] for name in gap}
        | {"method": ratio["method"].iloc[0]},
        {"statistic": f"difference of rates per {per:,.10g}, most less least deprived"}
        | gap
        | {"method": method},
    ]
    return pd.DataFrame(rows)
