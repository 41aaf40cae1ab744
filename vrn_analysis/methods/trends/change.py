"""Change between two periods or places, and the smallest change that could be detected."""

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers

Numbers = float | np.ndarray | pd.Series
# of a test of no change, and of seeing one that is there
ALPHA, POWER = 0.05, 0.8


def _p_value(count_a: float, count_b: float, share: float, dispersion: float) -> float:
    """Return the two-sided p-value of b's share: exact, or on effective counts."""
    from scipy.stats import binomtest

    if dispersion == 1:
        return float(binomtest(int(count_b), int(count_a + count_b), share).pvalue)
    return float(intervals.split_p_value(count_a / dispersion, count_b / dispersion, share))


def _method(dispersion: float, error: np.ndarray) -> np.ndarray:
    method = "conditional exact"
    if dispersion > 1:
        method += f", widened by dispersion {dispersion:.2f}"
    return np.where(error > 0, f"{method}, widened for rounding", method)


def change_between(
    count_a: Numbers,
    exposure_a: Numbers,
    count_b: Numbers,
    exposure_b: Numbers,
    *,
    dispersion: float | None = None,
    count_error: Numbers = 0,
) -> pd.DataFrame:
    """
    Return how many times the rate of a the rate of b is: from a (before) to b (after).

    Parameters
    ----------
    count_a, count_b
        Counts: one each, or as many as there are areas. Missing ones give missing values.
    exposure_a, exposure_b
        What each count is over: people, days or person-years, in one unit.
    dispersion
        Variance over mean of the counts where events cluster: offences of one incident, victims
        of one fight. See `rates.dispersion_of_incidents`. Without it events are independent.
    count_error
        The most that rounding moved a count.

    Returns
    -------
    table
        One row a pair: `count_a, exposure_a, count_b, exposure_b`, `value` (ratio of rates, b
        over a; infinite where only a is 0; missing where both are), `lower_95_ci,
        upper_95_ci, lower_99_8_ci, upper_99_8_ci`, `percent_change, percent_lower,
        percent_upper` (95 %), `p_value`, `independent_lower_95_ci, independent_upper_95_ci`
        (what the interval were if events did not cluster), `statistic, method`.

    Raises
    ------
    DataError
        If a count is negative or fractional, an exposure is not above 0, or dispersion is
        below 1.

    Notes
    -----
    Conditional exact limits and test (Clopper-Pearson on b's share), as R's `poisson.test`.
    With a dispersion, the same limits on counts divided by it. The p-value takes the counts
    as they are shown.
    """
    spread = checks.check_dispersion(1.0 if dispersion is None else dispersion)
    table = _pairs(count_a, exposure_a, count_b, exposure_b)
    a, b, error = numbers(table, "count_a"), numbers(table, "count_b"), np.asarray(count_error)
    odds = (table["exposure_a"] / table["exposure_b"]).to_numpy(dtype=float)
    nothing = np.isnan(a + b) | (a + b == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        table["value"] = np.where(nothing, np.nan, b / a * odds)

    def widened(confidence: float) -> intervals.Limits:
        least_a, least_b = (np.maximum(one - error, 0) / spread for one in (a, b))
        most_a, most_b = ((one + error) / spread for one in (a, b))
        low, _ = intervals.split(most_a, least_b, confidence=confidence)
        _, high = intervals.split(least_a, most_b, confidence=confidence)
        return low, high

    limits = intervals.at_levels(widened)
    low, high = intervals.split(a, b)
    limits |= {"independent_lower_95_ci": low, "independent_upper_95_ci": high}
    for name, limit in limits.items():
        table[name] = np.where(nothing, np.nan, limit * odds)
    shares = 1 / (1 + odds)
    table["p_value"] = [
        _p_value(*pair, spread) if not none else np.nan
        for *pair, none in zip(a, b, shares, nothing, strict=True)
    ]
    return _with_percent(table).assign(
        statistic="rate ratio, b over a",
        method=pd.Series(np.broadcast_to(_method(spread, error), len(table)), dtype="str"),
    )


def _pairs(*given: Numbers) -> pd.DataFrame:
    names = ("count_a", "exposure_a", "count_b", "exposure_b")
    columns = {
        name: np.atleast_1d(pd.array(np.atleast_1d(one)))
        for name, one in zip(names, given, strict=True)
    }
    lengths = {len(column) for column in columns.values()} - {1}
    if len(lengths) > 1:
        raise DataError(f"Counts and exposures differ in number: {sorted(lengths)}.")
    rows = max(lengths, default=1)
    table = pd.DataFrame({name: np.resize(column, rows) for name, column in columns.items()})
    checks.check(table, whole=["count_a", "count_b"], positive=["exposure_a", "exposure_b"])
    return table


def _with_percent(table: pd.DataFrame) -> pd.DataFrame:
    limits = zip(("change", "lower", "upper"), ("value", "lower_95_ci", "upper_95_ci"), strict=True)
    return table.assign(**{f"percent_{name}": (table[of] - 1) * 100 for name, of in limits})


def _critical(total: np.ndarray) -> np.ndarray:
    """Return the greatest count in the lower tail of a fair split that is significant, else -1."""
    possible = 0.5**total <= ALPHA / 2
    found = special.bdtrik(ALPHA / 2, np.where(possible, total, 100.0), 0.5)
    return np.where(possible, np.floor(found), -1.0)


def _power(base: float, ratio: float) -> float:
    """Return the power of the exact test on two Poisson counts of means base, base x ratio."""
    mean = base * (1 + ratio)
    width = 8 * np.sqrt(mean) + 10
    total = np.arange(max(0, int(mean - width)), int(mean + width) + 2)
    chance = np.exp(total * np.log(mean) - mean - special.gammaln(total + 1))
    critical = _critical(total)
    share = min(1, ratio) / (1 + ratio)  # the rarer of the two
    with np.errstate(invalid="ignore"):
        hit = np.where(critical >= 0, special.bdtr(np.maximum(critical, 0), total, share), 0.0)
    return float((chance * hit).sum())


def _smallest(base: float, *, up: bool) -> float:
    from scipy.optimize import brentq

    def short(ratio: float) -> float:
        return _power(base, ratio) - POWER

    if up:
        far = 2.0
        while short(far) < 0:
            far *= 2
        return brentq(short, 1.0, far, xtol=1e-6)
    return brentq(short, 0.0, 1.0, xtol=1e-6) if short(0.0) >= 0 else np.nan


def smallest_detectable_change(count: Numbers, *, dispersion: float = 1.0) -> pd.DataFrame:
    """
    Return the smallest fall and rise that two periods of equal length would have shown.

    Parameters
    ----------
    count
        Count of the first period, or several; taken as its true mean.
    dispersion
        Variance over mean of the counts where events cluster.

    Returns
    -------
    table
        One row a count: `count, smallest_fall, smallest_rise` (per cent), `power` (0.8), `alpha`
        (0.05, two-sided), `dispersion, statistic, method`. Missing where no change
        could be seen: a count so small that not even a fall to 0 shows.

    Raises
    ------
    DataError
        If a count is negative or fractional, or the dispersion cannot be.

    Notes
    -----
    Power of the conditional exact test summed over all totals; counts divided by dispersion.
    """
    spread = checks.check_dispersion(dispersion)
    table = pd.DataFrame({"count": np.atleast_1d(pd.array(np.atleast_1d(count)))})
    checks.check(table, whole=["count"])
    found = {
        (base, up): _smallest(base / spread, up=up)
        for base in np.unique(numbers(table, "count"))
        for up in (False, True)
        if base > 0
    }
    values = numbers(table, "count")
    fall = np.array([found.get((base, False), np.nan) for base in values])
    rise = np.array([found.get((base, True), np.nan) for base in values])
    return table.assign(
        smallest_fall=(1 - fall) * 100,
        smallest_rise=(rise - 1) * 100,
        power=POWER,
        alpha=ALPHA,
        dispersion=spread,
        statistic="smallest change a comparison of two equal periods shows",
        method="power of the conditional exact test",
    )
