"""Fit count models with an exposure: quasi-Poisson and negative binomial."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError, NotEnoughError

FAMILIES = ("negative_binomial", "quasi_poisson")
HARMONICS = 2  # pairs of sine and cosine in a season


def _alpha(counts: np.ndarray, design: pd.DataFrame, exposure: np.ndarray) -> float:
    """Return the negative binomial's alpha by maximum likelihood; 0 where counts vary less."""
    import statsmodels.api as sm
    from statsmodels.discrete.discrete_model import NegativeBinomial

    poisson = sm.GLM(counts, design, family=sm.families.Poisson(), exposure=exposure).fit()
    freedom = max(poisson.df_resid, 1)
    if poisson.pearson_chi2 / freedom <= 1:
        return 0.0
    start = np.r_[poisson.params, (poisson.pearson_chi2 / freedom - 1) / max(counts.mean(), 1e-9)]
    model = NegativeBinomial(counts, design, exposure=exposure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = model.fit(start_params=start, disp=0, maxiter=500)
    found = float(np.asarray(fitted.params)[-1])
    # a fit that runs away or below 0 has found no variation beyond chance
    return found if np.isfinite(found) and found > 1e-8 else 0.0


def fit_counts(
    counts: np.ndarray,
    design: pd.DataFrame,
    *,
    exposure: np.ndarray,
    family: str = "negative_binomial",
) -> Any:
    """
    Return a model of counts fitted to a design, with the log of an exposure as offset.

    Parameters
    ----------
    counts
        Counts, 0 or more, none missing.
    design
        One column a term, the constant included.
    exposure
        What each count is over: people, days, or 1.
    family
        `negative_binomial`: alpha by maximum likelihood, and Poisson where counts vary no more
        than chance. `quasi_poisson`: Poisson, errors scaled by Pearson's dispersion.

    Returns
    -------
    result
        statsmodels' result, with `alpha` (0 for Poisson) and `dispersion` (Pearson's) added.

    Raises
    ------
    DataError
        If there are no events, fewer rows than terms need, terms that repeat each other, or
        an exposure that is not above 0.

    Notes
    -----
    The standard errors hold alpha fixed, as R's `MASS::glm.nb`.
    """
    import statsmodels.api as sm

    counts, exposure = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    if family not in FAMILIES:
        raise DataError(f"Unknown family {family!r}: choose one of {', '.join(FAMILIES)}.")
    problems = []
    if len(counts) <= design.shape[1]:
        problems.append(f"{len(counts)} counts cannot carry {design.shape[1]} terms")
    elif np.linalg.matrix_rank(design.to_numpy(dtype=float)) < design.shape[1]:
        problems.append(f"terms repeat each other: {', '.join(design.columns)}")
    if not counts.sum() > 0:
        problems.append("there are no events: every count is 0 or missing")
    if not (exposure > 0).all():
        problems.append(f"the exposure is not above 0 in {(~(exposure > 0)).sum()} rows")
    if problems:
        fault = DataError if counts.sum() > 0 else NotEnoughError
        raise fault("No model can be fitted: " + "; ".join(problems) + ".")
    alpha = _alpha(counts, design, exposure) if family == "negative_binomial" else 0.0
    kind = sm.families.NegativeBinomial(alpha=alpha) if alpha else sm.families.Poisson()
    model = sm.GLM(counts, design, family=kind, exposure=exposure)
    result = model.fit(scale=1.0)
    dispersion = result.pearson_chi2 / max(result.df_resid, 1)
    if family == "quasi_poisson":
        # with a scale worked out on the way, statsmodels fails where every count is the same
        result = model.fit(scale=max(dispersion, 1e-12), start_params=result.params)
    result.alpha, result.dispersion = alpha, dispersion
    return result


def month_design(months: pd.DatetimeIndex, *, origin: pd.Timestamp) -> pd.DataFrame:
    """
    Return the terms of a monthly series: constant, years since the origin, season of two waves.

    Parameters
    ----------
    months
        First days of months.
    origin
        The month at which time is 0.
    """
    years = (months.year - origin.year) + (months.month - origin.month) / 12
    terms = {"constant": np.ones(len(months)), "year": years.to_numpy(dtype=float)}
    angle = 2 * np.pi * (months.month.to_numpy() - 1) / 12
    for order in range(1, HARMONICS + 1):
        terms[f"sine {order}"] = np.sin(order * angle)
        terms[f"cosine {order}"] = np.cos(order * angle)
    return pd.DataFrame(terms, index=months)
