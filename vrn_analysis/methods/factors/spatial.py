"""Check a model of areas: spatial residuals, and predictions of areas left out."""

from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.methods.rates.checks import numbers
from vrn_analysis.methods.rates.spatial import adjacency
from vrn_analysis.methods.trends import fit_counts

DRAWS = 999
SEED = 20_190_117
HIGHEST = 5
Check = tuple[str, float, str]


def moran(values: np.ndarray, codes: pd.Series, neighbours: pd.DataFrame) -> tuple[float, float]:
    """
    Return Moran's I with row-standardised weights, and its permutation p-value (one-sided, high).

    Parameters
    ----------
    values
        One value an area.
    codes
        The code of each.
    neighbours
        `area_code, neighbour_code`, both ways; pairs with an area not in `codes` are left out.

    Raises
    ------
    DataError
        If no pair is left.

    Notes
    -----
    999 random orders, seeded. Areas without a neighbour are left out of the sum.
    """
    from scipy import sparse

    adjacent, size = adjacency(codes, neighbours), len(codes)
    degree = np.asarray(adjacent.sum(axis=1)).ravel()
    weights = sparse.diags_array(1 / np.maximum(degree, 1)) @ adjacent
    rng = np.random.default_rng(SEED)
    centred = values - values.mean()
    orders = np.column_stack([centred, *(rng.permutation(centred) for _ in range(DRAWS))])
    scale = size / (degree > 0).sum() / (centred @ centred)
    found = (orders * (weights @ orders)).sum(axis=0) * scale
    return float(found[0]), float((1 + (found[1:] >= found[0]).sum()) / (DRAWS + 1))


def left_over(table: pd.DataFrame, result: Any, neighbours: pd.DataFrame | None) -> list[Check]:
    """
    Return a test of whether neighbouring areas have similar residuals.

    Parameters
    ----------
    table
        `area_code`, in the order the model was fitted.
    result
        What `trends.fit_counts` returns.
    neighbours
        As for `moran`; None: not tested, and the check says so.
    """
    if neighbours is None:
        return [("Moran's I of what is left over", np.nan, "not tested: no neighbours given")]
    residual = np.asarray(result.resid_pearson)
    found, chance = moran(residual, table["area_code"], neighbours)
    reading = (
        "neighbours are still alike: something that varies over space is left out, and errors are "
        "too small"
        if chance < 0.05
        else "no sign that neighbours are alike"
    )
    return [
        ("Moran's I of what is left over", found, reading),
        ("p of Moran's I (999 random orders)", chance, ""),
    ]


def without_highest(table: pd.DataFrame, design: pd.DataFrame) -> list[Check]:
    """
    Return the ratios without the five areas of highest rate, such as a town centre.

    Parameters
    ----------
    table
        `count, denominator`.
    design
        The terms, in the same order.
    """
    count, people = numbers(table, "count"), numbers(table, "denominator")
    kept = np.argsort(-count / people, kind="stable")[HIGHEST:]
    fitted = fit_counts(count[kept], design.iloc[kept], exposure=people[kept])
    return [
        (
            f"ratio of {name} without the {HIGHEST} highest rates",
            float(np.exp(fitted.params[name])),
            "far from the ratio of all: a few areas decide it",
        )
        for name in design
        if name != "constant"
    ]


def _deviance(count: np.ndarray, fitted: np.ndarray) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(count > 0, count * np.log(count / fitted), 0.0)
    return float(2 * (part - (count - fitted)).sum())


def left_out(table: pd.DataFrame, design: pd.DataFrame, group: str) -> list[Check]:
    """
    Return how well the factors predict areas left out, compared with population alone.

    Parameters
    ----------
    table
        `count, denominator` and the group.
    design
        The terms, in the same order.
    group
        Column of the larger area left out in turn.

    Returns
    -------
    checks
        The share of the population-only model's prediction deviance (Poisson) that the factors
        take away; 0 or below: they do not help to predict an area not seen.
    """
    count, people = numbers(table, "count"), numbers(table, "denominator")
    groups = table[group]
    name = f"prediction of each {group} left out"
    if groups.nunique() < 3:
        return [(name, np.nan, f"not tested: fewer than three values of {group}")]
    own, base = np.empty(len(table)), np.empty(len(table))
    for one in groups.unique():
        out = (groups == one).to_numpy()
        fitted = fit_counts(count[~out], design[~out], exposure=people[~out])
        own[out] = fitted.predict(design[out], exposure=people[out])
        base[out] = people[out] * count[~out].sum() / people[~out].sum()
    gain = 1 - _deviance(count, own) / _deviance(count, base)
    reading = (
        f"takes away {100 * gain:.0f}% of the deviance of population alone"
        if gain > 0
        else "predicts no better than population alone"
    )
    return [(name, gain, reading)]
