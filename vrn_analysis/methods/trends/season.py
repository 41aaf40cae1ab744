"""Estimate the season of a monthly series and remove it."""

from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.methods.trends import models

FEWEST_MONTHS = 36
PLAIN = 0.01
AVERAGE_DAYS = 365.25 / 12


def _possible(values: pd.Series) -> bool:
    return (
        isinstance(values.index, pd.DatetimeIndex)
        and len(values) >= FEWEST_MONTHS
        and bool((values >= 0).all())
        and values.sum() > 0
    )


def deseasonalise(values: pd.Series, *, phase: np.ndarray | None = None) -> tuple[pd.Series, bool]:
    """
    Return a monthly series with its season taken out, and whether it was.

    Parameters
    ----------
    values
        One value a month, 0 or more; the index holds the months.
    phase
        Number of the stretch that each month lies in, each with a level of its own.

    Notes
    -----
    Quasi-Poisson with days of the month as exposure, a level a stretch, a trend and two harmonic
    pairs; values are divided by the days and the harmonics, scaled so that a year keeps its
    total. A season needs 36 months or more and p < 0.01 in an F test on the deviance.
    """
    if not _possible(values):
        return values, False
    months = values.index
    stretch = np.zeros(len(values)) if phase is None else np.asarray(phase)
    steps = {f"from {number}": stretch >= number for number in np.unique(stretch)[1:]}
    design = models.month_design(months, origin=months[0]).assign(**steps).astype(float)
    season = [name for name in design if name.startswith(("sine", "cosine"))]
    days = months.days_in_month.to_numpy() / AVERAGE_DAYS
    full = models.fit_counts(values, design, exposure=days, family="quasi_poisson")
    if not _plain(values, design.drop(columns=season), days, full):
        return values, False
    year = models.month_design(pd.date_range("2001-01-01", periods=12, freq="MS"), origin=months[0])
    effect = np.exp(year[season] @ full.params[season]).to_numpy()
    return values / days / (effect / effect.mean())[months.month - 1], True


def _plain(values: pd.Series, level: pd.DataFrame, days: np.ndarray, full: Any) -> bool:
    from scipy.stats import f

    flat = models.fit_counts(values, level, exposure=days, family="quasi_poisson")
    terms = flat.df_resid - full.df_resid
    gain = (flat.deviance - full.deviance) / terms / max(full.dispersion, 1e-12)
    return bool(f.sf(gain, terms, full.df_resid) < PLAIN)
