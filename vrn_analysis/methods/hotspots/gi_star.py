"""Getis-Ord Gi*: places that, with their neighbours, have more events than an even spread."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.methods.hotspots import checks, neighbours

CATEGORIES = ("hotspot", "coldspot", "not significant", "not tested")
ALPHA = 0.05
COLUMNS = ("gi_star", "neighbours", "p_value", "p_adjusted", "hotspot_category")
# below this mean count a place, a low count cannot be distinguished from chance
ENOUGH_FOR_COLDSPOTS = 5.0


def adjust(p_value: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """
    Return Benjamini-Hochberg adjusted p-values over all tests that are not missing.

    Parameters
    ----------
    times
        How many tests gave each p-value; by default one.

    Notes
    -----
    Source: Benjamini and Hochberg (1995).
    """
    p_value = np.asarray(p_value, dtype=float)
    times = np.ones(len(p_value), dtype=np.int64) if times is None else times
    tested = np.flatnonzero(~np.isnan(p_value))
    order = tested[np.argsort(p_value[tested])]
    rank = np.cumsum(times[order])
    adjusted = np.full(len(p_value), np.nan)
    if len(order):
        # of equal p-values, the last has the least step, and the others take it over
        steps = p_value[order] * (rank[-1] / rank)
        adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    return adjusted


def standard_scores(values: np.ndarray, sums: neighbours.Sums) -> np.ndarray:
    """
    Return Gi* of each place, missing where its neighbours are all places there are.

    Source: Ord and Getis (1995), equation for Gi*, self included.
    """
    size, mean, spread = len(values), values.mean(), values.std()
    variance = (size * sums.links - sums.links**2) / (size - 1)
    possible = variance > 1e-9 * sums.links
    scale = spread * np.sqrt(np.where(possible, variance, 1.0))
    return np.where(possible, (sums.values - mean * sums.links) / scale, np.nan)


def _skewness(values: np.ndarray, sums: neighbours.Sums) -> np.ndarray:
    # of a sum of Poisson counts spread evenly over n places, given their total
    size, share = len(values), sums.links / len(values)
    second = (sums.links - size * share**2) / (size - 1)
    third = sums.links - 3 * share * sums.links + 2 * size * share**3
    spread = np.sqrt(np.maximum(second * values.sum(), 1e-300)) * second
    return third * (size / ((size - 1) * (size - 2))) / np.where(second > 0, spread, np.inf)


def two_sided(score: np.ndarray, skewness: np.ndarray | float = 0.0) -> np.ndarray:
    """
    Return the two-sided p-value of a standard score: twice the smaller tail.

    The tails are those of the normal distribution, or, for a skewness that is not 0, of the
    Pearson III (shifted gamma) distribution with mean 0, variance 1 and that skewness.
    """
    score, skewness = np.broadcast_arrays(np.asarray(score, dtype=float), skewness)
    p_value = 2 * special.ndtr(-np.abs(score))
    skewed = np.abs(skewness) > 1e-3
    side, shape = np.sign(skewness[skewed]), 4 / skewness[skewed] ** 2
    at = np.maximum(shape + side * score[skewed] * np.sqrt(shape), 0)
    tails = np.minimum(special.gammainc(shape, at), special.gammaincc(shape, at))
    p_value[skewed] = np.minimum(2 * tails, 1)
    return p_value


class Scores(NamedTuple):
    """
    Gi* and p-value of each kind of place, and the kind of each place.

    And whether the values are counts, and p allows for their skewness.
    """

    score: np.ndarray
    p_value: np.ndarray
    kind: np.ndarray | None
    counts: bool
    skewed: bool

    def of_places(self, column: np.ndarray) -> np.ndarray:
        """Return a column of the kinds as one of the places."""
        return column if self.kind is None else column[self.kind]


def _kinds(sums: neighbours.Sums) -> tuple[np.ndarray | None, neighbours.Sums]:
    # whole sums over few kinds of neighbourhood give few different places: each is worked out once
    if not np.issubdtype(sums.values.dtype, np.integer):
        return None, sums
    width = int(sums.links.max()) + 1
    codes = (int(sums.values.max()) + 1) * width
    code = sums.values.astype(np.int64 if codes > np.iinfo(np.int32).max else np.int32)
    code *= width
    code += sums.links
    kind, found = pd.factorize(code)
    return kind, neighbours.Sums(found // width * 1.0, (found % width).astype(float))


def scores(values: np.ndarray, sums: neighbours.Sums, *, correct_skewness: bool = True) -> Scores:
    """Return Gi* and its two-sided p-value, which may allow for the skewness of counts."""
    kind, few = _kinds(sums)
    score = standard_scores(values, few)
    counts = checks.are_counts(values)
    skewed = correct_skewness and counts
    skewness = _skewness(values, few) if skewed else 0.0
    return Scores(score, two_sided(score, skewness), kind, counts, skewed)


def _category(score: np.ndarray, adjusted: np.ndarray, *, cold: bool) -> np.ndarray:
    found = adjusted <= ALPHA
    code = np.select(
        [np.isnan(adjusted), found & (score > 0), found & (score < 0) & cold], [3, 0, 1], default=2
    )
    return code.astype(np.int8)


def _values(cells: pd.DataFrame, value: str) -> np.ndarray:
    values = checks.numbers(cells, value, name="cells")
    if len(values) < 3:
        raise NotEnoughError(f"cells has {len(values)} rows: Gi* compares at least 3 places.")
    if values.min() == values.max():
        raise NotEnoughError(
            f"cells: {value!r} is {values[0]:g} in all {len(values):,} places, so none differs."
        )
    return values


def gi_star(
    cells: pd.DataFrame,
    *,
    value: str = "count",
    correct_skewness: bool = True,
) -> pd.DataFrame:
    """
    Add Gi* to each place: whether it, with its neighbours, is above or below the rest.

    Parameters
    ----------
    cells
        One row a place, all places of the study area and no others (zeros included): they set
        the mean and the spread. A grid, or a GeoDataFrame of small areas. Use true counts:
        suppression comes after. A grid cell has the cells around it, an area those it touches,
        and itself.
    value
        Column: counts, or a rate (rarely raw: `rates.empirical_bayes_rate` first), or a density.
    correct_skewness
        Allow for the skewness of rare counts in the p-value. It never changes `gi_star`.

    Returns
    -------
    cells
        The same rows and `gi_star` (standard score), `neighbours` (self left out; 0 is an
        island), `p_value` (two-sided), `p_adjusted` (Benjamini-Hochberg over all places tested),
        `hotspot_category` (hotspot, coldspot, not significant, not tested) and `method`, which
        states how many places were tested. A place whose neighbours are all places is not tested.

    Raises
    ------
    DataError
        If a value is missing, all are equal, there are fewer than three places, a place occurs
        twice, or areas are invalid or overlap.

    Notes
    -----
    Where the values are counts (whole numbers, none negative), p is of the Pearson III
    distribution with the skewness of an even spread of that many events: the normal one finds
    false hotspots where counts are low (see docs/performance.md). Otherwise it is normal.
    Coldspots are claimed of counts only where the mean is at least 5 a place.
    The hypothesis is an even spread over places: for events against people, pass a rate. Sums of
    whole weights, such as harm, look like counts: their p is nearly the normal one, and too small.
    Source: Getis and Ord (1992); Ord and Getis (1995).
    """
    values = _values(cells, value)
    sums = neighbours.sums(cells, values)
    found = scores(values, sums, correct_skewness=correct_skewness)
    times = None if found.kind is None else np.bincount(found.kind)
    adjusted = adjust(found.p_value, times)
    cold = not found.counts or values.mean() >= ENOUGH_FOR_COLDSPOTS
    tested = ~np.isnan(adjusted)
    method = (
        f"Gi*, two-sided, {'skewness-corrected' if found.skewed else 'normal'} p, Benjamini-"
        f"Hochberg over {int(tested.sum() if times is None else times[tested].sum()):,} places at "
        f"{ALPHA:g}{'' if cold else ', no coldspots claimed'}"
    )
    kinds = {
        "gi_star": found.score,
        "p_value": found.p_value,
        "p_adjusted": adjusted,
        "hotspot_category": _category(found.score, adjusted, cold=cold),
    }
    new = {name: found.of_places(column) for name, column in kinds.items()}
    new["hotspot_category"] = pd.Categorical.from_codes(new["hotspot_category"], list(CATEGORIES))
    new["neighbours"] = sums.links.astype(np.int32) - np.int32(1)
    # as they are, not copied once more
    columns = {k: pd.Series(v, index=cells.index, copy=False) for k, v in new.items()}
    return cells.assign(
        **{name: columns[name] for name in COLUMNS},
        method=pd.Categorical.from_codes(np.zeros(len(cells), dtype=np.int8), [method]),
    )
