"""The coming months, if nothing changes, and how well that would have worked before."""

import numpy as np
import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.rates.checks import numbers
from vrn_analysis.trends import models, months
from vrn_analysis.trends.breaks import allow_breaks, break_terms, breaks_within
from vrn_analysis.trends.regression import exposure_of

FEWEST_MONTHS = 36
FIRST_ORIGIN = 24
DRAWS = 4_000
BANDS = {"80": 0.8, "95": 0.95}
SEED = 20_130_901


def _draws(
    past: pd.DataFrame, future: pd.DataFrame, breaks: pd.DataFrame | None, draws: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the expected count of each coming month, and draws of what may be counted."""
    inside = breaks_within(breaks, past["month"])
    origin = past["month"].iloc[-1]

    def design(rows: pd.DataFrame) -> pd.DataFrame:
        index = pd.DatetimeIndex(rows["month"])
        terms = models.month_design(index, origin=origin)
        return terms.join(break_terms(inside, index))

    result = models.fit_counts(numbers(past, "count"), design(past), exposure=exposure_of(past))
    rng = np.random.default_rng(SEED)
    # a short series tells little about its own errors: Student's t through a chi-square scale
    scale = np.sqrt(result.df_resid / rng.chisquare(result.df_resid, size=(draws, 1)))
    error = rng.multivariate_normal(np.zeros(len(result.params)), result.cov_params(), size=draws)
    terms, exposure = design(future).to_numpy(), exposure_of(future)
    level = result.params.to_numpy() @ terms.T
    mean = exposure * np.exp(np.clip(level + scale * (error @ terms.T), -30, 30))
    if result.alpha:
        mean = rng.gamma(1 / result.alpha, result.alpha * mean)
    return exposure * np.exp(level), rng.poisson(np.minimum(mean, 1e12))


def _ready(
    table: pd.DataFrame, breaks: pd.DataFrame | None, across_breaks: bool
) -> tuple[pd.DataFrame, str]:
    ordered = months.series(table).reset_index(drop=True)
    count = numbers(ordered, "count")
    problems = []
    if len(ordered) < FEWEST_MONTHS:
        problems.append(f"{len(ordered)} months are too few: a forecast takes {FEWEST_MONTHS}")
    if np.isnan(count).any():
        problems.append(f"the count is missing in {np.isnan(count).sum()} of {len(count)} months")
    if not np.nansum(count[:FIRST_ORIGIN]):
        problems.append(f"the first {FIRST_ORIGIN} months hold no events, so nothing can be tested")
    if problems:
        raise DataError("No forecast is made: " + "; ".join(problems) + ".")
    return ordered, allow_breaks(breaks, ordered["month"], across_breaks=across_breaks)


def backtest(
    table: pd.DataFrame,
    *,
    breaks: pd.DataFrame | None,
    across_breaks: bool = False,
    horizon: int = 12,
) -> pd.DataFrame:
    """
    Return how the forecast would have done, made again and again from earlier months.

    Parameters
    ----------
    table, breaks, across_breaks
        As for `forecast`.
    horizon
        Months ahead, 1 to 12.

    Returns
    -------
    table
        One row: `origins, forecasts, mean_error` (mean absolute error, events a month),
        `naive_error` (the same of last year's month), `skill` (1 - the first over the second;
        above 0 is better than last year), `held_80, held_95` (share of months within the
        interval), `statistic, method`.

    Raises
    ------
    DataError
        As `forecast`.
    """
    ordered, _ = _ready(table, breaks, across_breaks)
    if not 1 <= horizon <= 12:
        raise DataError(f"horizon is {horizon}; last year's months reach 1 to 12 months ahead.")
    parts = []
    origins = range(FIRST_ORIGIN, len(ordered), 3)
    for origin in origins:
        past, future = ordered[:origin], ordered[origin : origin + horizon]
        expected, drawn = _draws(past, future, breaks, DRAWS // 4)
        part = {
            "observed": numbers(future, "count"),
            "expected": expected,
            "naive": numbers(ordered, "count")[origin - 12 : origin - 12 + len(future)],
        }
        for name, share in BANDS.items():
            low, high = np.quantile(drawn, [(1 - share) / 2, (1 + share) / 2], axis=0)
            part[f"held_{name}"] = (part["observed"] >= low) & (part["observed"] <= high)
        parts.append(pd.DataFrame(part))
    tried = pd.concat(parts)
    error = (tried["observed"] - tried["expected"]).abs().mean()
    naive = (tried["observed"] - tried["naive"]).abs().mean()
    return pd.DataFrame(
        {
            "origins": [len(origins)],
            "forecasts": len(tried),
            "mean_error": error,
            "naive_error": naive,
            "skill": 1 - error / naive if naive else np.nan,
            "held_80": tried["held_80"].mean(),
            "held_95": tried["held_95"].mean(),
            "statistic": "mean absolute error, events a month",
            "method": "rolling origin, every third month, against last year's month",
        }
    )


def forecast(
    table: pd.DataFrame,
    *,
    breaks: pd.DataFrame | None,
    across_breaks: bool = False,
    horizon: int = 12,
) -> pd.DataFrame:
    """
    Return the counts of the coming months if nothing changes, with intervals.

    Off the briefing by default.

    Parameters
    ----------
    table
        One row a month, 36 or more, none left out: `month, count`; optionally `denominator`,
        whose last value is kept.
    horizon
        Months ahead, 1 to 12.
    breaks
        The register of breaks: `date`, `label`; optionally `until`, where it did not last.
        None where there is none.
    across_breaks
        Fit across the breaks within the series, each as a step; without it they are refused.

    Returns
    -------
    table
        One row a coming month: `month, value` (expected count), `lower_80_pi, upper_80_pi,
        lower_95_pi, upper_95_pi, skill, held_80, held_95` (of `backtest`), `statistic, method,
        note`; `note` says so where last year's months would have done better.

    Raises
    ------
    DataError
        If there are fewer than 36 months, a month or count is missing, a break lies within and
        is not allowed, or the first two years hold no events.

    Notes
    -----
    Negative binomial with trend, two harmonic pairs and days; intervals by drawing the
    parameters and the counts (seeded: the same table gives the same forecast).
    """
    tested = backtest(table, horizon=horizon, breaks=breaks, across_breaks=across_breaks)
    ordered, note = _ready(table, breaks, across_breaks)
    last = ordered["month"].iloc[-1]
    future = pd.DataFrame({"month": pd.date_range(last, periods=horizon + 1, freq="MS")[1:]})
    if "denominator" in ordered:
        future["denominator"] = numbers(ordered, "denominator")[-1]
    expected, drawn = _draws(ordered, future, breaks, DRAWS)
    coming = future[["month"]].assign(value=expected)
    for name, share in BANDS.items():
        low, high = np.quantile(drawn, [(1 - share) / 2, (1 + share) / 2], axis=0)
        coming[f"lower_{name}_pi"], coming[f"upper_{name}_pi"] = low, high
    skill = tested["skill"].iloc[0]
    if not skill > 0:
        note += "; last year's months would have forecast as well or better: use those"
    return coming.assign(
        **{name: tested[name].iloc[0] for name in ("skill", "held_80", "held_95")},
        statistic="expected count a month",
        method="negative binomial, trend, 2 harmonic pairs",
        note=note,
    )
