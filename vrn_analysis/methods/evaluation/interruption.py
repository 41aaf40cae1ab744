"""Interrupted time series: level and slope at a date, allowing for season and autocorrelation."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.evaluation.differences import NOT_PROOF
from vrn_analysis.methods.evaluation.panel import Day, month_of
from vrn_analysis.methods.rates import checks
from vrn_analysis.methods.rates.checks import numbers
from vrn_analysis.methods.rates.intervals import ratios
from vrn_analysis.methods.trends import fit_counts
from vrn_analysis.methods.trends.models import HARMONICS, month_design
from vrn_analysis.methods.trends.months import series

FEWEST_BEFORE, FEWEST_AFTER = 24, 6
LAGS = 12


def _checked(table: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    checks.check(table, whole=["count"], real=["exposure"] if "exposure" in table else [])
    ordered = series(table).reset_index(drop=True)
    months = pd.DatetimeIndex(ordered["month"])
    problems = []
    if ordered["count"].isna().any():
        problems.append(f"{int(ordered['count'].isna().sum())} counts are hidden or missing")
    before, after = int((months < start).sum()), int((months >= start).sum())
    if before < FEWEST_BEFORE or after < FEWEST_AFTER:
        problems.append(
            f"the intervention ({start:%Y-%m}) leaves {before} months before and {after} after, "
            f"of {months[0]:%Y-%m} to {months[-1]:%Y-%m}: {FEWEST_BEFORE} and {FEWEST_AFTER} are "
            "needed"
        )
    checks.refuse(problems, "This series cannot be evaluated")
    return ordered


def _design(months: pd.DatetimeIndex, start: pd.Timestamp) -> pd.DataFrame:
    since = (months.year - start.year) + (months.month - start.month) / 12
    terms = {
        "constant": np.ones(len(months)),
        # time from the first month: where one side has no events, other origins leave no interval
        "trend, a year": np.arange(len(months)) / 12,
        "step": (months >= start).astype(float),
        "change of trend, a year": np.maximum(since, 0.0),
    }
    season = month_design(months, origin=start).filter(like="sine")
    return pd.DataFrame(terms, index=months).join(season)


def interrupted_series(
    table: pd.DataFrame, *, start: Day, control: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Return the step and the change of trend of one series at a date.

    Parameters
    ----------
    table
        One row a month: `month` (none left out), `count`; optionally `exposure` (people, or
        kilometres driven). Without it each month is weighed by its days.
    start
        The first month of the intervention.
    control
        `month, count` of a series that the intervention cannot have touched, in the same
        months: the ratio to it is modelled. Without one, anything that changed everywhere at
        that date looks like an effect, and `note` says so.

    Returns
    -------
    table
        `term` ("step", "change of trend, a year", "trend, a year"), `value` (ratio),
        `lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, p_value` from the larger of two
        errors, `quasi_error` (over-dispersion), `robust_error` (likeness of months, 12 lags),
        `error_used, dispersion, months, note, method, reading`.

    Raises
    ------
    DataError
        If the date leaves fewer than 24 months before or 6 after, a month or count is missing,
        or the control does not cover the same months or has a month with none.

    Notes
    -----
    Quasi-Poisson with a log offset, by statsmodels; robust errors after Newey and West.
    """
    first = month_of(start, "start")
    ordered = _checked(table, first)
    months = pd.DatetimeIndex(ordered["month"])
    design = _design(months, first)
    exposure = _exposure(ordered, control)
    result = fit_counts(
        numbers(ordered, "count"), design, exposure=exposure, family="quasi_poisson"
    )
    robust = result.model.fit(cov_type="HAC", cov_kwds={"maxlags": LAGS})
    scale = max(result.dispersion, 1.0)
    quasi = pd.Series(
        np.sqrt(np.diag(result.normalized_cov_params) * scale), index=result.params.index
    )
    names = ["step", "change of trend, a year", "trend, a year"]
    error = np.maximum(quasi[names], robust.bse[names]).to_numpy()
    estimate = result.params[names].to_numpy()
    found = pd.DataFrame({"term": names, **ratios(estimate, error, result.df_resid)})
    larger = np.where(quasi[names] >= robust.bse[names], "over-dispersion", "likeness of months")
    return found.assign(
        quasi_error=quasi[names].to_numpy(),
        robust_error=robust.bse[names].to_numpy(),
        error_used=pd.Series(larger, dtype="str"),
        dispersion=result.dispersion,
        months=len(ordered),
        note="no control series: what changed everywhere looks like an effect"
        if control is None
        else "relative to the control series",
        method=f"quasi-Poisson, {HARMONICS} harmonic pairs, larger of two errors",
        reading=NOT_PROOF,
    )


def _exposure(ordered: pd.DataFrame, control: pd.DataFrame | None) -> np.ndarray:
    own = (
        numbers(ordered, "exposure")
        if "exposure" in ordered
        else ordered["month"].dt.days_in_month.to_numpy(dtype=float)
    )
    if control is None:
        return own
    checks.check(control, whole=["count"])
    beside = ordered[["month"]].merge(control[["month", "count"]], on="month", how="left")
    other = numbers(beside, "count")
    if bad := int((~(other > 0)).sum()):
        raise DataError(
            f"The control series has no events, or no row, in {bad} of {len(beside)} months: use "
            "a larger control."
        )
    return other
