"""Confidence limits of counts and proportions, for whole arrays, zero included."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import special

Limits = tuple[np.ndarray, np.ndarray]

LEVELS = {"95": 0.95, "99_8": 0.998}
EXACT_BELOW = 10


def _tails(confidence: float) -> tuple[float, float]:
    alpha = 1 - confidence
    return alpha / 2, float(special.ndtri(1 - alpha / 2))


def exact_poisson(count: np.ndarray, *, confidence: float = 0.95) -> Limits:
    """
    Return the exact limits of a Poisson mean, from the chi-square distribution.

    The lower limit of 0 is 0. Fractions are allowed: they arise as effective counts.

    Source: Garwood (1936).
    """
    tail, _ = _tails(confidence)
    count = np.asarray(count, dtype=float)
    distinct, place = np.unique(count, return_inverse=True)
    lower = np.where(distinct == 0, 0.0, special.gammaincinv(distinct, tail))
    # gammainccinv keeps the digits that 1 - tail would lose
    upper = special.gammainccinv(distinct + 1, tail)
    return lower[place].reshape(count.shape), upper[place].reshape(count.shape)


def byar(count: np.ndarray, *, confidence: float = 0.95) -> Limits:
    """
    Return Byar's approximate limits of a Poisson mean.

    Source: Breslow and Day (1987), volume II, page 69.
    """
    _, z = _tails(confidence)
    count = np.asarray(count, dtype=float)
    above = count + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = count * (1 - 1 / (9 * count) - z / (3 * np.sqrt(count))) ** 3
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    return lower, upper


def poisson(
    count: np.ndarray, *, confidence: float = 0.95, dispersion: float | np.ndarray = 1.0
) -> Limits:
    """
    Return the limits of a count: exact below 10, Byar's from 10.

    With a dispersion above 1 the limits are those of the effective count, count / dispersion,
    scaled back, so a zero keeps an upper limit and a large count widens by its square root.
    """
    count = np.asarray(count, dtype=float)
    effective = count / dispersion
    lower, upper = byar(effective, confidence=confidence)
    small = effective < EXACT_BELOW
    lower[small], upper[small] = exact_poisson(effective[small], confidence=confidence)
    return lower * dispersion, upper * dispersion


def wilson(count: np.ndarray, denominator: np.ndarray, *, confidence: float = 0.95) -> Limits:
    """
    Return Wilson's score limits of a proportion.

    Source: Wilson (1927).
    """
    _, z = _tails(confidence)
    count, denominator = np.asarray(count, dtype=float), np.asarray(denominator, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = z * np.sqrt(z**2 + 4 * count * (1 - count / denominator))
        lower = (2 * count + z**2 - half) / (2 * (denominator + z**2))
        upper = (2 * count + z**2 + half) / (2 * (denominator + z**2))
    # rounding of floats must not give a limit below 0 or above 1
    lower = np.where(count == 0, 0.0, np.clip(lower, 0, 1))
    upper = np.where(count == denominator, 1.0, np.clip(upper, 0, 1))
    return lower, upper


def split(before: np.ndarray, after: np.ndarray, *, confidence: float = 0.95) -> Limits:
    """
    Return the exact limits of how many times the mean of a count before that of one after is.

    Given their total the later count is binomial: Clopper and Pearson's limits of its share, as
    odds. 0 after has the lower limit 0; 0 before has no upper one. Fractions are allowed: they
    arise as effective counts.
    """
    tail, _ = _tails(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(after > 0, special.betaincinv(after, before + 1, tail), 0.0)
        high = np.where(before > 0, special.betainccinv(after + 1, before, tail), 1.0)
        return low / (1 - low), high / (1 - high)


def split_p_value(before: np.ndarray, after: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the two-sided p-value of the share of events that come after."""
    with np.errstate(invalid="ignore"):
        at_least = np.where(after > 0, special.betainc(after, before + 1, share), 1.0)
        at_most = np.where(before > 0, special.betaincc(after + 1, before, share), 1.0)
    return np.minimum(2 * np.minimum(at_least, at_most), 1.0)


def at_levels(limits: Callable[[float], Limits]) -> dict[str, np.ndarray]:
    """Return the limits that a function gives at 95 % and 99.8 %, by the names of their columns."""
    found = {}
    for name, confidence in LEVELS.items():
        found[f"lower_{name}_ci"], found[f"upper_{name}_ci"] = limits(confidence)
    return found


def ratios(
    estimate: np.ndarray | float, error: np.ndarray | float, freedom: float
) -> dict[str, np.ndarray]:
    """Return exp of coefficients with Student's limits, and the two-sided p of no effect."""
    from scipy.stats import t

    def limits(confidence: float) -> Limits:
        reach = t.ppf((1 + confidence) / 2, freedom) * error
        # a term without events on one side has no bound
        with np.errstate(over="ignore"):
            return np.exp(estimate - reach), np.exp(estimate + reach)

    p_value = 2 * t.sf(np.abs(estimate / error), freedom)
    return {"value": np.exp(estimate), **at_levels(limits), "p_value": p_value}


def labels(index: pd.Index, choices: Sequence[tuple[np.ndarray, str]], other: str) -> pd.Series:
    """
    Return the label of the first condition that is true in each row, else the other.

    A word is written once and taken many times: making 35,000 strings costs more than the limits.
    """
    words = pd.array([label for _, label in choices] + [other], dtype="str")
    code = np.full(len(index), len(choices))
    for place in reversed(range(len(choices))):
        code[choices[place][0]] = place
    return pd.Series(words.take(code), index=index)


def add_interval(
    table: pd.DataFrame,
    value: np.ndarray,
    limits: Callable[[float], Limits],
    *,
    statistic: str,
    method: pd.Series,
) -> pd.DataFrame:
    """
    Return the table with the standard columns of a value and its 95 % and 99.8 % limits.

    Parameters
    ----------
    limits
        Gives the lower and the upper limits at a confidence.
    method
        The method of each row, from `labels`.
    """
    missing = np.isnan(value)
    found = {name: np.where(missing, np.nan, one) for name, one in at_levels(limits).items()}
    words = labels(table.index, [], statistic)
    return table.assign(value=value, **found, statistic=words, method=method)
