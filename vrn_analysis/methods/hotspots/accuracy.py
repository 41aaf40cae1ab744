"""Score how well places flagged in one period predict the events of the next."""

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.methods.hotspots import checks
from vrn_analysis.methods.rates.checks import check_dispersion

AREA_SHARES = (0.01, 0.05, 0.1)
MEASURES = ("hit_rate", "pai", "pei", "rri")


class Draws(NamedTuple):
    """Settings of an interval: number of draws, seed and dispersion of events."""

    number: int
    seed: int
    dispersion: float


def hit_rate(*, hits: float, events: float) -> float:
    """Return the share of the next period's events that fell in the flagged places: n / N."""
    return hits / events


def pai(*, hits: float, events: float, area: float, total_area: float) -> float:
    """
    Return the prediction accuracy index: (n / N) / (a / A); 1 is no better than chance.

    Source: Chainey, Tompson and Uhlig (2008).
    """
    return (hits / events) / (area / total_area)


def pei(*, hits: float, best_hits: float) -> float:
    """
    Return the prediction efficiency index: PAI over the best PAI possible with the same area.

    Source: Hunt (2016).
    """
    return hits / best_hits


def rri(*, hits: float, train_hits: float, events: float, train_events: float) -> float:
    """
    Return the recapture rate index: how flagged places changed, over how all places changed.

    (n_test / n_train) / (N_test / N_train); below 1, hotspots cooled more than the rest. Source:
    Levine (2008).
    """
    return (hits / train_hits) / (events / train_events)


def _areas(places: pd.DataFrame) -> np.ndarray:
    if isinstance(places, gpd.GeoDataFrame):
        checks.metres(places, name="places")
        return shapely.area(checks.polygons(places, name="places"))
    return np.ones(len(places))


def top(score: np.ndarray, areas: np.ndarray, *, area_share: float) -> np.ndarray:
    """
    Return which places a score flags: the highest, as many as fit in the share of the area.

    Ties go to the earlier row. At least one place is flagged.
    """
    order = np.argsort(-score, kind="stable")
    within = np.cumsum(areas[order]) <= area_share * areas.sum() * (1 + 1e-12)
    within[0] = True
    flagged = np.zeros(len(score), dtype=bool)
    # stop at the first that does not fit, so that a smaller share is always a part of a larger
    flagged[order[np.logical_and.accumulate(within)]] = True
    return flagged


def _best(test: np.ndarray, areas: np.ndarray, flagged: np.ndarray) -> np.ndarray:
    best = top(test / areas, areas, area_share=areas[flagged].sum() / areas.sum())
    return best if test[best].sum() >= test[flagged].sum() else flagged


def _draws(
    test: np.ndarray, train: np.ndarray, sets: tuple[np.ndarray, np.ndarray], how: Draws
) -> tuple[np.ndarray, ...]:
    # a draw of events with replacement needs only how many fall in each of four kinds of place:
    # half an event in each keeps the interval open where no event was caught
    flagged, best = sets
    rng, size = np.random.default_rng(how.seed), how.number
    kinds = [flagged & best, flagged & ~best, ~flagged & best, ~flagged & ~best]
    open_kinds = np.array([0.5 * kind.any() for kind in kinds])
    shares = rng.dirichlet(
        np.array([test[kind].sum() for kind in kinds]) / how.dispersion + open_kinds + 1e-12,
        size=size,
    )
    inside, outside = (train[part].sum() / how.dispersion for part in (flagged, ~flagged))
    before = rng.beta(inside + 0.5, outside + 0.5, size=size)
    return shares[:, 0] + shares[:, 1], shares[:, 0] + shares[:, 2], before


def _score(flagged: np.ndarray, columns: tuple[np.ndarray, ...], how: Draws) -> pd.DataFrame:
    test, train, areas = columns
    best = _best(test, areas, flagged)
    events, train_events = test.sum(), train.sum()
    hits, train_hits = test[flagged].sum(), train[flagged].sum()
    area, total_area = areas[flagged].sum(), areas.sum()
    value = [
        hit_rate(hits=hits, events=events),
        pai(hits=hits, events=events, area=area, total_area=total_area),
        pei(hits=hits, best_hits=test[best].sum()),
        np.nan,
    ]
    if train_hits:
        value[3] = rri(hits=hits, train_hits=train_hits, events=events, train_events=train_events)
    caught, could, before = _draws(test, train, (flagged, best), how)
    drawn = np.stack(
        [caught, caught / (area / total_area), np.minimum(caught / could, 1), caught / before]
    )
    lower, upper = np.percentile(drawn, [2.5, 97.5], axis=1)
    known = ~np.isnan(np.array(value))
    return pd.DataFrame(
        {
            "places": int(flagged.sum()),
            "area_share": area / total_area,
            "events": events,
            "measure": MEASURES,
            "value": value,
            "lower_95_ci": np.where(known, lower, np.nan),
            "upper_95_ci": np.where(known, upper, np.nan),
        }
    )


def accuracy(
    places: pd.DataFrame, *, scores: Sequence[str], dispersion: float = 1.0, seed: int = 1
) -> pd.DataFrame:
    """
    Return scores of predictions from one period for the events of the next.

    Parameters
    ----------
    places
        One row a place of the study area, with zeros: `count` and `next_count`, of the first and
        of the next period.
    scores
        Columns that predict, from the first period alone: a density, a Gi*, a risk; higher is
        flagged first, at 1, 5 and 10% of the area. A column of true and false (a hotspot or
        not) flags what it flags, and is followed by as many places with the highest count of the
        first period. That count is always scored too ("the same places as last year"); add the
        population for "where people are".
    dispersion
        Variance over mean of counts of a place, where the events of one incident come together:
        `rates.dispersion_of_incidents`.
    seed
        Of the random numbers.

    Returns
    -------
    table
        `score, places, area_share, events, measure, value, lower_95_ci, upper_95_ci, method`, one
        row a score, share and measure: `hit_rate`, `pai`, `pei`, `rri`. `rri` is missing where
        nothing happened in the flagged places before.

    Raises
    ------
    DataError
        If a column is missing, a value is missing or negative, a period has no events, or a
        true-and-false score flags nothing.

    Notes
    -----
    Intervals are 2.5th to 97.5th percentiles of 2,000 Bayesian bootstrap draws of the events,
    as many as there are over the dispersion, flagged and best places held as they are. The best
    possible is the places with most events of the next period for their area.
    """
    before = checks.numbers(places, "count", name="places", minimum=0)
    after = checks.numbers(places, "next_count", name="places", minimum=0)
    areas = _areas(places)
    for column, values in (("count", before), ("next_count", after)):
        if not values.sum() > 0:
            raise NotEnoughError(f"places: {column!r} adds up to 0 over {len(values):,} rows.")
    how = Draws(2_000, seed, check_dispersion(dispersion))
    parts = [
        _score(flagged, (after, before, areas), how).assign(score=name)
        for score in dict.fromkeys(["count", *scores])
        for name, flagged in _flagged(places, score, areas, before)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["score", *table.columns.drop("score")]].assign(
        method="Bayesian bootstrap of events, 2,000 draws"
    )


def _flagged(
    places: pd.DataFrame, score: str, areas: np.ndarray, before: np.ndarray
) -> list[tuple[str, np.ndarray]]:
    if score not in places or not pd.api.types.is_bool_dtype(places[score]):
        values = checks.numbers(places, score, name="places")
        return [(score, top(values, areas, area_share=share)) for share in AREA_SHARES]
    flagged = places[score].to_numpy(dtype=bool)
    if not flagged.any():
        raise DataError(f"places: {score!r} flags none of {len(places):,} places.")
    same = np.zeros(len(places), dtype=bool)
    same[np.argsort(-before, kind="stable")[: flagged.sum()]] = True
    return [(score, flagged), (f"{score}: as many, highest before", same)]
