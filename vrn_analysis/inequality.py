"""How unequally violence falls: by deprivation quintile, as a slope and as a gap."""

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.rates import checks, intervals, loglinear
from vrn_analysis.rates.checks import numbers
from vrn_analysis.trends import change_between

STRAIGHT = "straight line through the rates (weighted least squares)"
LOG = "straight line through the logarithm of the rate (Poisson)"
FITS = 0.05  # a fit with a smaller p is said not to hold


def _ranked(table: pd.DataFrame, rank: str, fewest: int) -> pd.DataFrame:
    """Return the rows from least to most deprived, checked."""
    checks.refuse([] if rank in table else [f"column {rank!r} is missing"])
    table = table[table[rank].astype("str") != checks.ALL]
    table = table.assign(**{rank: pd.to_numeric(table[rank], errors="coerce")})
    checks.check(table, whole=["count"], real=["denominator"])
    problems = []
    if len(table) < fewest:
        problems.append(f"{len(table)} groups are too few: at least {fewest}")
    if table[rank].isna().any() or table[rank].duplicated().any():
        problems.append(f"{rank!r} is missing or repeated: pass one row a group")
    if (bad := ~(numbers(table, "denominator") > 0)).any():
        problems.append(f"'denominator' is 0 or missing in {bad.sum()} of {len(table)} groups")
    checks.refuse(problems)
    return table.sort_values(rank, ascending=False)


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


def _slope(
    count: np.ndarray, error: np.ndarray, people: np.ndarray, spread: np.ndarray, per: float
) -> dict[str, float]:
    """Return the slope index with limits from those of each group's rate, and its test of fit."""
    share, place = _places(people)
    weight = share * place / (share @ place**2)
    rate = count / people * per
    row = {"value": weight @ rate}
    for name, confidence in intervals.LEVELS.items():
        given = {"confidence": confidence, "dispersion": spread}
        low = intervals.poisson(np.maximum(count - error, 0), **given)[0] / people * per
        high = intervals.poisson(count + error, **given)[1] / people * per
        down, up = np.where(weight > 0, (low, high), (high, low))
        row[f"lower_{name}_ci"] = row["value"] - np.sqrt((weight**2 * (rate - down) ** 2).sum())
        row[f"upper_{name}_ci"] = row["value"] + np.sqrt((weight**2 * (up - rate) ** 2).sum())
    design = np.column_stack([np.ones(len(rate)), place])
    pulls = _pulls(share, design)
    variance = np.maximum(count, 0.5) * spread / people**2 * per**2
    return row | {"fit_p_value": _fit(rate - design @ (pulls @ rate), variance, design @ pulls)}


def _relative(
    count: np.ndarray, error: np.ndarray, people: np.ndarray, spread: np.ndarray
) -> dict[str, float]:
    """Return the relative index by the log-linear form, its limits and its test of fit."""
    _, place = _places(people)
    design = np.column_stack([np.ones(len(count)), place])
    towards = np.where(place >= 0, error, -error)
    lines = [
        loglinear.coefficients(np.maximum(count + side, 0), people, design)
        for side in (0, -towards, towards)
    ]
    mean = people * np.exp(design @ lines[0])
    pulls = _pulls(mean, design)
    # the greater, so that a group without events is not taken for certain to have none
    variance = np.maximum(count, mean) * spread
    wide = np.sqrt((pulls[1] / mean) ** 2 @ variance)
    row = {"value": np.exp(lines[0][1])}
    for name, confidence in intervals.LEVELS.items():
        reach = special.ndtri((1 + confidence) / 2) * wide
        row[f"lower_{name}_ci"] = np.exp(lines[1][1] - reach)
        row[f"upper_{name}_ci"] = np.exp(lines[2][1] + reach)
    pull = (mean[:, None] * design) @ (pulls / mean)
    return row | {"fit_p_value": _fit(count - mean, mean * spread, pull)}


def slope_index(
    table: pd.DataFrame,
    *,
    rank: str = "quintile",
    per: float = 1_000,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """
    Return the slope and the relative index of inequality of a rate, with their intervals.

    Parameters
    ----------
    table
        One row a group: `count`, `denominator`, the rank; optionally `count_error`, `dispersion`.
    rank
        Column that orders the groups: 1 is most deprived. A total ("All") is left out.
    per
        The slope is per this many people.
    dispersion
        Variance over mean of the counts; by default the table's column `dispersion`, else 1. With
        that of `rates.dispersion_of_areas` the intervals allow for areas that vary.

    Returns
    -------
    table
        Two rows: the slope index (most less least deprived end of the population, along a
        straight line; above 0 where the deprived suffer more) and the relative index (most over
        least deprived end, along a straight line of the logarithm of the rate). Columns
        `statistic, value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, groups,
        fit_p_value` (of the test whether the groups lie on that line, given how they vary), `fit`
        ("holds", "does not hold") and `method`. A missing count gives missing values; where fewer
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
    ranked = _ranked(table, rank, fewest=3)
    spread = np.nan_to_num(checks.dispersions(ranked, dispersion), nan=1.0)
    count, people = numbers(ranked, "count"), numbers(ranked, "denominator")
    error = np.nan_to_num(numbers(ranked, "count_error"))
    given = {"count": count, "error": error, "people": people, "spread": spread}
    names = [f"{side}_{level}_ci" for level in intervals.LEVELS for side in ("lower", "upper")]
    empty = dict.fromkeys(["value", *names, "fit_p_value"], np.nan)
    known = not np.isnan(count).any()
    slope = _slope(**given, per=per) if known else empty
    relative = _relative(**given) if known and (count > 0).sum() > 1 else empty
    index = pd.DataFrame([slope, relative])
    index.insert(
        0,
        "statistic",
        [f"slope index of inequality per {per:,.10g}", "relative index of inequality"],
    )
    fit = np.where(index["fit_p_value"] < FITS, "does not hold", "holds")
    tail = ", widened for rounding" if error.any() else ""
    return index.assign(
        groups=len(ranked),
        fit=pd.Series(fit, dtype="str").where(index["fit_p_value"].notna(), "not tested"),
        method=[name + tail for name in (STRAIGHT, LOG)],
    )


def relative_gap(
    table: pd.DataFrame,
    *,
    rank: str = "quintile",
    per: float = 1_000,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """
    Return the gap between the most and the least deprived group, as a ratio and a difference.

    Parameters
    ----------
    table
        One row a group: `count`, `denominator`, the rank; optionally `count_error`, `dispersion`.
    rank
        Column that orders the groups: 1 is most deprived. A total ("All") is left out.
    per
        The difference is per this many people.
    dispersion
        As for `slope_index`.

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
    ranked = _ranked(table, rank, fewest=2).iloc[[0, -1]]
    count, people = numbers(ranked, "count"), numbers(ranked, "denominator")
    error = np.nan_to_num(numbers(ranked, "count_error"))
    spread = np.nan_to_num(checks.dispersions(ranked, dispersion), nan=1.0)
    few = 1 / np.maximum(np.nan_to_num(count), 0.5)
    ratio = change_between(
        ranked["count"].iloc[0],
        people[0],
        ranked["count"].iloc[1],
        people[1],
        dispersion=(spread @ few) / few.sum(),
        count_error=error.max(),
    )
    rate = count / people * per
    gap: dict[str, float] = {"value": rate[1] - rate[0]}
    for name, confidence in intervals.LEVELS.items():
        given = {"confidence": confidence, "dispersion": spread}
        lower = intervals.poisson(np.maximum(count - error, 0), **given)[0] / people * per
        upper = intervals.poisson(count + error, **given)[1] / people * per
        gap[f"lower_{name}_ci"] = gap["value"] - np.hypot(rate[1] - lower[1], upper[0] - rate[0])
        gap[f"upper_{name}_ci"] = gap["value"] + np.hypot(upper[1] - rate[1], rate[0] - lower[0])
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
