"""Measure how unevenly events fall on places: Lorenz curve, Gini and shares of places."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.methods.hotspots import checks

SHARES = (0.25, 0.5)


def _counts(places: pd.DataFrame) -> np.ndarray:
    counts = checks.numbers(places, "count", name="places", minimum=0)
    if not counts.sum() > 0:
        raise NotEnoughError(
            f"places: 'count' adds up to 0 over {len(counts):,} rows: nothing concentrates."
        )
    return counts


def _gini(ascending: np.ndarray) -> np.ndarray:
    # along the last axis, so that one call serves a whole bootstrap
    size = ascending.shape[-1]
    ranked = (ascending * np.arange(1, size + 1)).sum(axis=-1)
    return 2 * ranked / (size * ascending.sum(axis=-1)) - (size + 1) / size


def _generalised(gini: np.ndarray, events: np.ndarray, places: int) -> np.ndarray:
    return np.maximum(1, places / events) * (gini - 1) + 1


def _least(ascending: np.ndarray, share: float) -> np.ndarray:
    held = np.cumsum(ascending[..., ::-1], axis=-1)
    # the sum of the places is compared with a product: leave room for its last bit
    enough = share * ascending.sum(axis=-1, keepdims=True) * (1 - 1e-12)
    return ((held < enough).sum(axis=-1) + 1) / ascending.shape[-1]


def lorenz(places: pd.DataFrame) -> pd.DataFrame:
    """
    Return the Lorenz curve from the busiest place down.

    Parameters
    ----------
    places
        One row a place, with zeros.

    Returns
    -------
    curve
        `place_share, event_share`, both from 0 to 1: one row more than there are places.

    Raises
    ------
    DataError
        If a value is missing or negative, or all are 0.
    """
    descending = np.sort(_counts(places))[::-1]
    held = np.concatenate([[0.0], np.cumsum(descending)]) / descending.sum()
    return pd.DataFrame(
        {"place_share": np.linspace(0, 1, len(descending) + 1), "event_share": held}
    )


def _measures(ascending: np.ndarray) -> np.ndarray:
    coefficient, events = _gini(ascending), ascending.sum(axis=-1)
    shares = [_least(ascending, share) for share in SHARES]
    return np.stack([coefficient, _generalised(coefficient, events, ascending.shape[-1]), *shares])


def concentration(places: pd.DataFrame, draws: int = 1_000, seed: int = 1) -> pd.DataFrame:
    """
    Return how concentrated events are, with bootstrap intervals.

    Parameters
    ----------
    places
        One row a place of the study area, with zeros: small areas or cells. No geometry needed.
    draws
        Bootstrap samples of the places.
    seed
        Of the random numbers.

    Returns
    -------
    table
        One row a measure: `measure` (Gini, generalised Gini, share of places with 25% and with
        50% of events), `value, lower_95_ci, upper_95_ci, places, events, method`.

    Raises
    ------
    DataError
        If a value is missing or negative, or all are 0.

    Notes
    -----
    The interval is the 2.5th to 97.5th percentile of samples of places with replacement: how far
    the measure hangs on a few of them. Samples without any event are drawn again. Gini depends on
    the size of places: compare only places alike.
    """
    checks.draws(draws, name="draws")
    counts = np.sort(_counts(places))
    rng = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    step = max(1, 5_000_000 // len(counts))
    while (done := sum(part.shape[1] for part in found)) < draws:
        sample = rng.choice(counts, size=(min(step, draws - done), len(counts)))
        sample = sample[sample.sum(axis=1) > 0]
        found.append(_measures(np.sort(sample, axis=1)))
    lower, upper = np.percentile(np.concatenate(found, axis=1), [2.5, 97.5], axis=1)
    names = ["Gini", "generalised Gini"]
    names += [f"share of places with {share:.0%} of events" for share in SHARES]
    return pd.DataFrame(
        {
            "measure": names,
            "value": _measures(counts),
            "lower_95_ci": lower,
            "upper_95_ci": upper,
            "places": len(counts),
            "events": counts.sum(),
            "method": f"bootstrap of places, {draws:,} draws",
        }
    )
