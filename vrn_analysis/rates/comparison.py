"""Areas beside a benchmark, in a funnel, and in equal groups."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.errors import DataError, NotEnoughError
from vrn_analysis.rates import checks, intervals
from vrn_analysis.rates.checks import numbers


def compare_to(table: pd.DataFrame, *, benchmark: float | pd.DataFrame) -> pd.DataFrame:
    """
    Add whether each interval lies above, below or across a benchmark.

    Parameters
    ----------
    table
        `value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, statistic`, as the
        functions of `rates` add them.
    benchmark
        A value in the same unit, or a table of one row with `value` and `statistic`, such as
        the row of all areas. Its own interval is left out.

    Returns
    -------
    table
        The same rows and `benchmark`, `comparison` (by the 95 % interval) and
        `comparison_99_8`: "higher", "similar", "lower" or "not compared" where the value is
        missing.

    Raises
    ------
    DataError
        If the benchmark is missing, is not one row, or is of another statistic.
    """
    needed = [f"{side}_{level}_ci" for level in ("95", "99_8") for side in ("lower", "upper")]
    absent = [name for name in ("value", *needed) if name not in table]
    if absent:
        raise DataError(f"Columns {absent} are missing: make a rate first, then compare it.")
    level = _benchmark(table, benchmark)
    return table.assign(
        benchmark=level,
        comparison=_compared(table, level, "95"),
        comparison_99_8=_compared(table, level, "99_8"),
    )


def _benchmark(table: pd.DataFrame, benchmark: float | pd.DataFrame) -> float:
    if isinstance(benchmark, pd.DataFrame):
        if len(benchmark) != 1 or "value" not in benchmark:
            raise DataError(
                f"The benchmark has {len(benchmark)} rows; it must be one row with a 'value'."
            )
        own = set(table.get("statistic", ())) | set(benchmark.get("statistic", ()))
        if len(own) > 1:
            raise DataError(f"The benchmark is of another statistic: {sorted(own)}.")
        benchmark = benchmark["value"].iloc[0]
    if pd.isna(benchmark):
        raise DataError("The benchmark is missing, so nothing can be compared with it.")
    return float(benchmark)


def _compared(table: pd.DataFrame, level: float, name: str) -> pd.Series:
    lower, upper = numbers(table, f"lower_{name}_ci"), numbers(table, f"upper_{name}_ci")
    choices = [
        (np.isnan(numbers(table, "value")), "not compared"),
        (lower > level, "higher"),
        (upper < level, "lower"),
    ]
    return intervals.labels(table.index, choices, "similar")


def _winsorised_dispersion(z: np.ndarray) -> float:
    """Return the mean square of z-scores, the tenth at either end drawn in."""
    low, high = np.quantile(z, [0.1, 0.9])
    return float(np.mean(np.clip(z, low, high) ** 2))


def funnel_limits(
    table: pd.DataFrame,
    *,
    per: float = 1_000,
    benchmark: float | None = None,
    over_dispersion: bool = True,
) -> pd.DataFrame:
    """
    Add the limits within which an area of its size lies when its true rate is the benchmark.

    Parameters
    ----------
    table
        One row an area: `count`, whole numbers, and `denominator`; optionally `count_error`.
    per
        The rate is per this many of the denominator.
    benchmark
        Rate all are compared with; default: all counts over all denominators, totals ("All") left
        out.
    over_dispersion
        Widen the limits where areas differ by more than chance, as areas nearly always do.

    Returns
    -------
    table
        The same rows and `rate, benchmark, dispersion, funnel_lower_95, funnel_upper_95,
        funnel_lower_99_8, funnel_upper_99_8, funnel_result`: "high (99.8%)", "high (95%)",
        "within", "low (95%)", "low (99.8%)" or "not compared".

    Raises
    ------
    DataError
        If counts or denominators cannot be, or all counts are 0 and no benchmark is given.

    Notes
    -----
    Limits are exact Poisson ones, on counts of the expected number: an area is outside exactly
    when an exact test says so. With over-dispersion, expected and observed are divided by
    the mean square of z-scores (square-root scale, winsorised at a tenth), at least 1, and
    nothing is widened where fewer than ten areas can be used. A rounded count is outside only if
    it is whichever way it was rounded. Source: Spiegelhalter (2005).
    """
    checks.check(table, whole=["count"], real=["denominator"])
    count, denominator = numbers(table, "count"), numbers(table, "denominator")
    known = ~np.isnan(count) & (denominator > 0)
    areas = known & ~checks.is_total(table)
    if benchmark is None:
        benchmark = count[areas].sum() / (denominator[areas].sum() or np.nan) * per
    if not benchmark > 0:
        raise NotEnoughError(
            "The benchmark is 0 or missing (no counts): a funnel needs a rate above 0."
        )
    expected = np.where(known, denominator * benchmark / per, np.nan)
    dispersion = 1.0
    if over_dispersion and areas.sum() >= 10:
        z = 2 * (np.sqrt(count[areas]) - np.sqrt(expected[areas]))
        dispersion = max(_winsorised_dispersion(z), 1.0)
    rate = np.where(known, count / np.where(known, denominator, 1) * per, np.nan)
    columns = {"rate": rate, "benchmark": benchmark, "dispersion": dispersion}
    for name, tail in (("95", 0.025), ("99_8", 0.001)):
        low, high = _poisson_quantiles(expected / dispersion, tail)
        columns[f"funnel_lower_{name}"] = low / (expected / dispersion) * benchmark
        columns[f"funnel_upper_{name}"] = high / (expected / dispersion) * benchmark
    error = np.nan_to_num(numbers(table, "count_error")) / np.where(known, denominator, 1) * per
    return table.assign(**columns, funnel_result=_funnel_result(columns, error, table.index))


def _poisson_quantiles(mean: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    # no count, not even 0, is rare enough to be low where the mean is small
    possible = np.exp(-mean) <= tail
    low = np.where(possible, special.pdtrik(tail, np.where(possible, mean, 100.0)), 0.0)
    high = special.pdtrik(1 - tail, mean) + 1
    return np.where(np.isnan(mean), np.nan, low), high


def _funnel_result(columns: dict, error: np.ndarray, index: pd.Index) -> pd.Series:
    rate = columns["rate"]
    low, high = rate + error, rate - error

    def below(name: str) -> np.ndarray:
        limit = columns[f"funnel_lower_{name}"]
        return (low <= limit) & (limit > 0)

    choices = [
        (np.isnan(rate), "not compared"),
        (high >= columns["funnel_upper_99_8"], "high (99.8%)"),
        (high >= columns["funnel_upper_95"], "high (95%)"),
        (below("99_8"), "low (99.8%)"),
        (below("95"), "low (95%)"),
    ]
    return intervals.labels(index, choices, "within")


def quantiles(
    table: pd.DataFrame,
    *,
    groups: int = 5,
    value: str = "value",
    by: Sequence[str] = (),
    highest_first: bool = False,
) -> pd.DataFrame:
    """
    Add the equal-sized group that each row's value falls in.

    Parameters
    ----------
    table
        A column of values; missing ones and totals ("All") get no group.
    groups
        Number of groups: 5 for quintiles, 10 for deciles.
    value
        The column of values.
    by
        Columns within which rows are ranked apart.
    highest_first
        Give group 1 to the highest values instead of the lowest.

    Returns
    -------
    table
        The same rows and `quantile` (Int64, 1 to `groups`); missing where there are fewer values
        than groups.

    Raises
    ------
    DataError
        If the column is missing or `groups` is below 2.

    Notes
    -----
    Equal values share the lowest of their ranks, as in the public health statistics of England.
    """
    if absent := [name for name in (value, *by) if name not in table]:
        raise DataError(f"Columns {absent} are missing.")
    if groups < 2:
        raise DataError(f"groups is {groups}; it must be 2 or more.")
    values = np.where(checks.is_total(table), np.nan, numbers(table, value))
    frame = table.assign(_v=values * (-1 if highest_first else 1))
    keys = [frame[name] for name in by] or [np.zeros(len(frame), dtype=int)]
    ranks = frame["_v"].groupby(keys, dropna=False)
    rank, size = ranks.rank(method="min"), ranks.transform("count")
    found = np.floor((groups + 1) - np.ceil((size + 1 - rank) / (size / groups)))
    found = found.where((size >= groups) & rank.notna()).clip(lower=1)
    return table.assign(quantile=found.astype("Int64"))
