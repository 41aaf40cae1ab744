"""Trend of a series: a negative binomial model with season, steps and an interval."""

import numpy as np
import pandas as pd

from vrn_analysis.methods.rates.checks import numbers, refuse
from vrn_analysis.methods.rates.dispersion import likeness
from vrn_analysis.methods.rates.intervals import ratios
from vrn_analysis.methods.trends import models, months
from vrn_analysis.methods.trends.breaks import allow_breaks, break_terms, breaks_within
from vrn_analysis.read.police import archives

FEWEST_MONTHS = 24
FEWEST_PAIRS = 12  # of months that follow one another, to tell whether they are alike


def _fitted(
    table: pd.DataFrame, breaks: pd.DataFrame | None, *, across: tuple[bool, bool]
) -> tuple[object, pd.DataFrame, pd.DataFrame, str]:
    across_breaks, across_gaps = across
    ordered = months.series(table, whole=not across_gaps)
    count = numbers(ordered, "count")
    problems = []
    if np.isnan(count).any():
        problems.append(f"the count is missing in {np.isnan(count).sum()} of {len(count)} months")
    if len(ordered) < FEWEST_MONTHS:
        problems.append(f"{len(ordered)} months are too few: a trend takes {FEWEST_MONTHS}")
    refuse(problems, "No trend can be fitted")
    inside = breaks_within(breaks, ordered["month"])
    note = allow_breaks(breaks, ordered["month"], across_breaks=across_breaks)
    index = pd.DatetimeIndex(ordered["month"])
    design = models.month_design(index, origin=index[len(index) // 2])
    design = design.join(break_terms(inside, index))
    result = models.fit_counts(count, design, exposure=exposure_of(ordered))
    return result, design, ordered, note


def exposure_of(ordered: pd.DataFrame) -> np.ndarray:
    """Return days of the month, times people where a denominator is given."""
    days = ordered["month"].dt.days_in_month.to_numpy(dtype=float)
    return days * numbers(ordered, "denominator") if "denominator" in ordered else days


def fit_trend(
    table: pd.DataFrame,
    *,
    breaks: pd.DataFrame | None,
    across_breaks: bool = False,
    across_gaps: bool = False,
) -> pd.DataFrame:
    """
    Return the yearly trend of a monthly series, as a ratio of rates with its interval.

    Parameters
    ----------
    table
        One row a month: `month` (none left out), `count`; optionally `denominator` (people).
        Every month is weighed by its days.
    breaks
        The register of breaks: `date`, `label`; optionally `until`, where it did not last.
        None where there is none.
    across_breaks
        Fit across the breaks within the series, each as a step; without it they are refused.
    across_gaps
        Fit although months of which there are no data are missing; without it they are refused.

    Returns
    -------
    table
        One row a term, the trend first: `term` ("trend, a year", "step: ...", "sine 1" ...),
        `value` (ratio of rates), `lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci,
        p_value, alpha, months, statistic, method, note`; `note` names the breaks crossed and
        says where months still resemble the month before.

    Raises
    ------
    DataError
        If a registered break lies within and is not allowed; a month or count is missing; there
        are fewer than 24 months; all counts are 0.

    Notes
    -----
    Negative binomial with a log offset, by statsmodels; Poisson where counts vary no more than
    chance. Limits use Student's t and are widened for neighbouring months that are alike, as an
    autoregression of order 1 would have it. A step beside a trend is hard to tell from it: the
    interval of the trend widens for it.
    """
    across = (across_breaks, across_gaps)
    result, design, ordered, note = _fitted(table, breaks, across=across)
    terms = [name for name in design if name != "constant"]
    longer = likeness(np.asarray(result.resid_pearson)[:, None], terms=design.shape[1])
    # maximum likelihood takes what the terms fit for variation that is not there
    wider, freedom = np.sqrt(longer * max(result.dispersion, 1.0)), max(result.df_resid / longer, 2)
    estimate, error = result.params[terms].to_numpy(), result.bse[terms].to_numpy() * wider
    names = ["trend, a year", *terms[1:]]
    trend = pd.DataFrame({"term": names, **ratios(estimate, error, freedom)})
    steps = trend["term"].str.startswith("step")
    order = np.argsort(~(steps | (trend.index == 0)), kind="stable")
    return (
        trend.assign(
            alpha=result.alpha,
            months=len(ordered),
            statistic="rate ratio",
            method=_method(result),
            note=note + _gaps(ordered["month"]) + _likeness(result, ordered["month"]),
        )
        .iloc[order]
        .reset_index(drop=True)
    )


def _method(result: object) -> str:
    family = "negative binomial" if result.alpha else "Poisson"
    return (
        f"{family}, offset of days and people, {models.HARMONICS} harmonic pairs, months that are "
        "alike allowed for"
    )


def _gaps(month: pd.Series) -> str:
    missing = archives.gaps(month)
    return f"; there are no data for {archives.in_words(missing)}" if len(missing) else ""


def _likeness(result: object, month: pd.Series) -> str:
    residual = np.asarray(result.resid_pearson)
    beside = np.diff(month.dt.year * 12 + month.dt.month) == 1
    if not residual.std() or beside.sum() < FEWEST_PAIRS:
        return ""
    lag = float(np.corrcoef(residual[1:][beside], residual[:-1][beside])[0, 1])
    bound = 1.96 / np.sqrt(len(residual))
    if lag <= bound:
        return ""
    return f"; neighbouring months are alike (correlation {lag:.2f}): intervals allow for it"
