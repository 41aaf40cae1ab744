"""Funnel limits: where areas of each size lie if none differs."""

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers

TENTH = 0.1  # of z-scores drawn in at either end


def _winsorised_dispersion(z: np.ndarray) -> float:
    """Return the variance about 0 of z-scores, from those with the tenth at either end drawn in."""
    low, high = np.quantile(z, [TENTH, 1 - TENTH])
    end = special.ndtri(1 - TENTH)
    height = np.exp(-(end**2) / 2) / np.sqrt(2 * np.pi)
    # what drawing in leaves of the variance of a normal distribution
    left = 1 - 2 * TENTH - 2 * end * height + 2 * TENTH * end**2
    return float(np.mean(np.clip(z, low, high) ** 2) / left)


def _rate_of_all(table: pd.DataFrame, areas: np.ndarray, total: np.ndarray) -> float:
    """Return all counts over all denominators, the hidden ones from the total."""
    count, people = numbers(table, "count"), numbers(table, "denominator")
    hidden = int((np.isnan(count) & (people > 0) & ~total).sum())
    if hidden and not np.isfinite(count[total]).any():
        # a total that is hidden, too, is nobody's mistake: the areas are too small
        raise (NotEnoughError if total.any() else DataError)(
            f"{hidden} of {int((~total).sum())} counts are hidden and no total is shown, so the "
            "rate of all areas is not known. Add the total before protecting (tables.with_total) "
            "and name its column (of=), or pass a benchmark."
        )
    rest, others = checks.hidden_rest(table, total)
    return (count[areas].sum() + rest) / ((people[areas].sum() + others) or np.nan)


def funnel_limits(
    table: pd.DataFrame,
    *,
    per: float = 1_000,
    of: str | None = None,
    benchmark: float | None = None,
    over_dispersion: bool = True,
) -> pd.DataFrame:
    """
    Add the limits for an area of its size if its true rate is the benchmark.

    Parameters
    ----------
    table
        One row an area: `count`, whole numbers, and `denominator`; optionally `count_error`.
    per
        The rate is per this many of the denominator.
    of
        The column that names areas, where one row is their total, as `tables.with_total` adds it.
        Needed where a count is hidden: the areas shown are not all.
    benchmark
        Rate all are compared with; default: all counts over all denominators, the hidden ones
        from the total.
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
        If counts or denominators cannot be, "All" is in a column that `of` does not name, a count
        is hidden and neither a total nor a benchmark is given, or all counts are 0.

    Notes
    -----
    Limits are exact Poisson ones, on counts of the expected number: an area is outside exactly
    when an exact test says so. With over-dispersion, expected and observed are divided by
    the mean square of z-scores (square-root scale, winsorised at a tenth and divided by what
    winsorising leaves of a normal variance), at least 1, and nothing is widened where fewer
    than ten areas can be used. A rounded count is outside only if
    it is whichever way it was rounded. Source: Spiegelhalter (2005).
    """
    checks.check(table, whole=["count"], real=["denominator"])
    count, denominator = numbers(table, "count"), numbers(table, "denominator")
    known = ~np.isnan(count) & (denominator > 0)
    total = checks.is_total(table, of)
    areas = known & ~total
    if benchmark is None:
        benchmark = _rate_of_all(table, areas, total) * per
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
