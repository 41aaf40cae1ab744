"""How unequally violence falls: by deprivation quintile, as a slope and as a gap."""

import numpy as np
import pandas as pd

from vrn_analysis.rates import checks, intervals
from vrn_analysis.rates.checks import numbers
from vrn_analysis.trends import change_between

DRAWS = 20_000
SEED = 20_130_901


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


def _ends(rate: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the fitted rates at the least and the most deprived end of the population."""
    share = people / people.sum()
    middle = np.cumsum(share) - share / 2
    offset = middle - (share * middle).sum()
    slope = rate @ (share * offset) / (share @ offset**2)
    least = rate @ share - slope * (share @ middle)
    return least, least + slope


def _ratio(least: np.ndarray, most: np.ndarray) -> np.ndarray:
    # a fitted rate of 0 or below at the least deprived end: the ratio has no upper bound
    return np.where(least > 0, np.maximum(most, 0) / np.where(least > 0, least, 1), np.inf)


def slope_index(
    table: pd.DataFrame, *, rank: str = "quintile", per: float = 1_000, dispersion: float = 1.0
) -> pd.DataFrame:
    """
    Return the slope and the relative index of inequality of a rate, with their intervals.

    Parameters
    ----------
    table
        One row a group: `count`, `denominator`, the rank; optionally `count_error`.
    rank
        Column that orders the groups: 1 is most deprived. A total ("All") is left out.
    per
        The slope is per this many people.
    dispersion
        Variance over mean of the counts where events cluster.

    Returns
    -------
    table
        Two rows: the slope index (most less least deprived end of the population, along a
        straight line; above 0 where the deprived suffer more) and the relative index (most over
        least deprived end). Columns `statistic, value, lower_95_ci, upper_95_ci,
        lower_99_8_ci, upper_99_8_ci, groups, method`. A missing count gives missing values; where
        there are no events, the relative index is missing.

    Raises
    ------
    DataError
        If there are fewer than three groups, a rank repeats, a denominator is not above 0, or
        counts cannot be.

    Notes
    -----
    Least squares of the rates on the middle of each group's place in the population, weighed
    by people (Mackenbach and Kunst 1997). Limits by 20,000 draws of every count from a gamma
    distribution, seeded: the same table gives the same limits. The relative index is infinite
    where the fitted rate at the least deprived end is 0 or below.
    """
    spread = checks.check_dispersion(dispersion)
    ranked = _ranked(table, rank, fewest=3)
    count, people = numbers(ranked, "count"), numbers(ranked, "denominator")
    error = np.nan_to_num(numbers(ranked, "count_error"))
    least, most = _ends(count / people * per, people)
    values = np.array([most - least, _ratio(least, most)])
    rng = np.random.default_rng(SEED)
    # half an event more: so that a count of 0 is not taken for certain
    shape = (np.nan_to_num(count) + spread / 2) / spread
    drawn = rng.gamma(shape, spread, size=(DRAWS, len(count)))
    drawn += np.nan_to_num(count) - shape * spread
    parts = {}
    for name, confidence in intervals.LEVELS.items():
        tails = [(1 - confidence) / 2, (1 + confidence) / 2]
        low, high = (_bounds(drawn + side, people, per, tails) for side in _corners(people, error))
        parts |= {f"lower_{name}_ci": low[:, 0], f"upper_{name}_ci": high[:, 1]}
    index = pd.DataFrame({"value": values, **parts})
    if np.isnan(count).any():
        index[:] = np.nan
    elif not count.any():
        index.loc[1] = np.nan
    index.insert(
        0,
        "statistic",
        [f"slope index of inequality per {per:,.10g}", "relative index of inequality"],
    )
    method = "weighted least squares, limits by simulation"
    method += ", widened for rounding" if error.any() else ""
    return index.assign(groups=len(ranked), method=method)


def _corners(people: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what rounding may have added to each count to flatten, and to steepen, the slope."""
    share = people / people.sum()
    middle = np.cumsum(share) - share / 2
    towards = np.where(middle >= 0.5, error, -error)
    return -towards, towards


def _bounds(count: np.ndarray, people: np.ndarray, per: float, tails: list[float]) -> np.ndarray:
    least, most = _ends(np.maximum(count, 0) / people * per, people)
    ratio = np.quantile(_ratio(least, most), tails, method="inverted_cdf")
    return np.array([np.quantile(most - least, tails), ratio])


def relative_gap(
    table: pd.DataFrame, *, rank: str = "quintile", per: float = 1_000, dispersion: float = 1.0
) -> pd.DataFrame:
    """
    Return the gap between the most and the least deprived group, as a ratio and a difference.

    Parameters
    ----------
    table
        One row a group: `count`, `denominator`, the rank; optionally `count_error`.
    rank
        Column that orders the groups: 1 is most deprived. A total ("All") is left out.
    per
        The difference is per this many people.
    dispersion
        Variance over mean of the counts where events cluster.

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
    Ratio: conditional exact limits. Difference: from the limits of each rate (MOVER, Newcombe
    1998), exact Poisson below 10 and Byar's from 10. What lies between the two ends is left out:
    `slope_index` uses every group.
    """
    ranked = _ranked(table, rank, fewest=2).iloc[[0, -1]]
    count, people = numbers(ranked, "count"), numbers(ranked, "denominator")
    error = np.nan_to_num(numbers(ranked, "count_error"))
    ratio = change_between(
        ranked["count"].iloc[0],
        people[0],
        ranked["count"].iloc[1],
        people[1],
        dispersion=dispersion,
        count_error=error.max(),
    )
    rate = count / people * per
    gap: dict[str, float] = {"value": rate[1] - rate[0]}
    for name, confidence in intervals.LEVELS.items():
        given = {"confidence": confidence, "dispersion": dispersion}
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
