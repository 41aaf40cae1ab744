"""Smooth the rates of small areas towards their neighbours and the overall rate."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse, special

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.methods.rates import intervals, smoothing
from vrn_analysis.methods.rates.checks import numbers

STEPS = 60
# log precision and logit of the share that neighbours have in common, and how far each may go
START = [[0.0, 0.0], [1.5, 0.0], [0.0, 2.0]]
FURTHEST = 7.0


class Fit(NamedTuple):
    """The mode of the areas' log rates at one precision and likeness of neighbours."""

    evidence: float
    level: float
    effect: np.ndarray
    curve: sparse.csc_array


def adjacency(codes: pd.Series, neighbours: pd.DataFrame) -> sparse.csr_array:
    """Return 1 for each pair of areas that are neighbours, in the order of the codes."""
    place = pd.Series(np.arange(len(codes)), index=codes.to_numpy())
    pairs = neighbours[["area_code", "neighbour_code"]]
    pairs = pairs[pairs.isin(place.index).all(axis=1)].drop_duplicates()
    if pairs.empty:
        raise DataError("No pair of neighbours is among the areas. Are both of one vintage?")
    row, column = (place[pairs[name]].to_numpy() for name in pairs)
    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(codes),) * 2)


def _touching(codes: pd.Series, neighbours: pd.DataFrame) -> sparse.csc_array:
    """Return the neighbours' Laplacian: how many each has, less 1 for each pair."""
    touch = adjacency(codes, neighbours).tocsc()
    return (sparse.diags_array(touch.sum(axis=1)) - touch).tocsc()


def _log_size(matrix: sparse.csc_array) -> float:
    return float(np.log(np.abs(sparse.linalg.splu(matrix).U.diagonal())).sum())


def _mode(
    count: np.ndarray, people: np.ndarray, touching: sparse.csc_array, way: np.ndarray
) -> Fit:
    """Return the mode by Newton's steps, with Laplace's approximation of the evidence."""
    strength, shared = np.exp(way[0]), special.expit(way[1])
    prior = (strength * ((1 - shared) * sparse.eye_array(len(count)) + shared * touching)).tocsc()
    level, effect = np.log(count.sum() / people.sum()), np.zeros(len(count))
    for _ in range(STEPS):
        mean = people * np.exp(level + effect)
        solve = sparse.linalg.splu((prior + sparse.diags_array(mean)).tocsc()).solve
        slope, weight = solve(count - mean - prior @ effect), solve(mean)
        lift = ((count - mean).sum() - mean @ slope) / (mean.sum() - mean @ weight)
        step = slope - weight * lift
        level, effect = level + np.clip(lift, -1, 1), effect + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    mean = people * np.exp(level + effect)
    curve = (prior + sparse.diags_array(mean)).tocsc()
    fit = count @ (level + effect) - mean.sum() - effect @ (prior @ effect) / 2
    return Fit(fit + (_log_size(prior) - _log_size(curve)) / 2, level, effect, curve)


def _spread(fit: Fit, people: np.ndarray) -> np.ndarray:
    """Return the standard deviation of each log rate, the common level unknown too."""
    mean = people * np.exp(fit.level + fit.effect)
    inverse = sparse.linalg.splu(fit.curve).solve(np.eye(len(mean)))
    pull = inverse @ mean
    return np.sqrt(np.diag(inverse) + (1 - pull) ** 2 / (mean.sum() - mean @ pull))


def spatial_rate(
    table: pd.DataFrame, neighbours: pd.DataFrame, *, per: float = 1_000, of: str | None = None
) -> pd.DataFrame:
    """
    Add the rate of each area, smoothed over its neighbours as far as neighbours are alike.

    It predicts the next year better than `empirical_bayes_rate`. For maps; never for a test of
    whether neighbours are alike, nor for a regression.

    Parameters
    ----------
    table, per, of
        As for `empirical_bayes_rate`; the table has `area_code`, too.
    neighbours
        `area_code, neighbour_code`, both ways, as `places.touching` makes them.

    Returns
    -------
    table
        The same rows and `value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci,
        statistic, method`. Rows without a count or denominator, and the total, are missing;
        hidden areas lend their neighbours what the total holds of them together, by people.

    Raises
    ------
    DataError
        As `empirical_bayes_rate`, or if no pair of neighbours is among the areas.

    Notes
    -----
    Counts are Poisson about people times a log-normal rate with the precision matrix of Leroux,
    Lei and Breslow (2000), which mixes what neighbours share with what each area has alone, as
    the BYM model does. Precision and mixture at the maximum of Laplace's approximation of the
    evidence; limits are those of the normal approximation of each log rate, the level of all
    areas unknown. They leave out that precision and mixture are estimated.
    """
    from scipy.optimize import minimize

    areas = smoothing.read(table, of)
    hidden = (
        np.isnan(areas.count)
        & ~areas.total
        & (numbers(table, "denominator") > 0)
        & (areas.rest[1] > 0)
    )
    used = ~np.isnan(areas.count) | hidden
    people = np.where(hidden, numbers(table, "denominator"), areas.people)
    people[hidden] *= areas.rest[1] / max(people[hidden].sum(), 1e-9)
    share = areas.rest[0] / max(areas.rest[1], 1e-9)
    count = np.where(hidden, people * share, areas.count)[used]
    if not count.sum() > 0:
        raise NotEnoughError("All counts are 0 or hidden: no rate is drawn towards its neighbours.")
    given = (count, people[used], _touching(table.loc[used, "area_code"], neighbours))

    def lack(way: np.ndarray) -> float:
        return -_mode(*given, np.clip(way, -FURTHEST, FURTHEST)).evidence

    how = {"xatol": 0.02, "fatol": 0.01, "maxiter": 120, "initial_simplex": START}
    way = minimize(lack, START[0], method="Nelder-Mead", options=how).x
    fit = _mode(*given, np.clip(way, -FURTHEST, FURTHEST))
    rate, wide = np.full((2, len(table)), np.nan)
    rate[used], wide[used] = fit.level + fit.effect, _spread(fit, people[used])
    rate[hidden] = np.nan

    def limits(confidence: float) -> intervals.Limits:
        reach = special.ndtri((1 + confidence) / 2) * wide
        return np.exp(rate - reach) * per, np.exp(rate + reach) * per

    return intervals.add_interval(
        table,
        np.exp(rate + wide**2 / 2) * per,  # the mean of a log-normal rate
        limits,
        statistic=f"spatially smoothed rate per {per:,.10g}",
        method=areas.method(table.index, "Leroux, Laplace limits"),
    )
