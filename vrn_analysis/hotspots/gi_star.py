"""Getis-Ord Gi*: places where more happened, with their neighbours, than an even spread gives."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.errors import DataError
from vrn_analysis.hotspots import checks, neighbours

CATEGORIES = ("hotspot", "coldspot", "not significant", "not tested")
# mean count a place below which a low count cannot be told from chance
ENOUGH_FOR_COLDSPOTS = 5.0


def adjust(p_value: np.ndarray) -> np.ndarray:
    """
    Return Benjamini-Hochberg adjusted p-values over all tests that are not missing.

    Source: Benjamini and Hochberg (1995).
    """
    # equal p-values share the rank of the last of them, so only different ones are sorted
    kind, distinct = pd.factorize(np.asarray(p_value, dtype=float))
    tested = kind >= 0
    order = np.argsort(distinct)
    rank = np.cumsum(np.bincount(kind[tested], minlength=len(distinct))[order])
    steps = distinct[order] * (int(tested.sum()) / rank)
    adjusted = np.empty(len(distinct) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1)
    # what was not tested has kind -1: the last
    adjusted[-1] = np.nan
    return adjusted[kind]


def standard_scores(values: np.ndarray, sums: neighbours.Sums) -> np.ndarray:
    """
    Return Gi* of each place, missing where its neighbours are all places there are.

    The variance holds for any weights: (n Σw² - (Σw)²) / (n - 1), not row sums alone.
    Source: Ord and Getis (1995), equation for Gi*, self included.
    """
    size, mean, spread = len(values), values.mean(), values.std()
    variance = (size * sums.weight_2 - sums.weight**2) / (size - 1)
    possible = variance > 1e-9 * sums.weight_2
    scale = spread * np.sqrt(np.where(possible, variance, 1.0))
    return np.where(possible, (sums.values - mean * sums.weight) / scale, np.nan)


def _skewness(values: np.ndarray, sums: neighbours.Sums) -> np.ndarray:
    # of a weighted sum of Poisson counts spread evenly over n places, given their total
    size, mean_weight = len(values), sums.weight / len(values)
    second = (sums.weight_2 - size * mean_weight**2) / (size - 1)
    third = sums.weight_3 - 3 * mean_weight * sums.weight_2 + 2 * size * mean_weight**3
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


def _distinct(score: np.ndarray, sums: neighbours.Sums) -> tuple[np.ndarray, np.ndarray]:
    # counts and few kinds of neighbourhood give few different places, and tails are slow: return
    # the kind of each place, and one place of each kind
    kind, kinds = pd.factorize(score, use_na_sentinel=False)
    weights = (sums.weight, sums.weight_2, sums.weight_3)
    # on a grid these are one array
    for column in {id(weight): weight for weight in weights}.values():
        other, others = pd.factorize(column, use_na_sentinel=False)
        kind, kinds = pd.factorize(kind * len(others) + other)
    example = np.empty(len(kinds), dtype=np.int64)
    example[kind] = np.arange(len(kind))
    return kind, example


def scores(
    values: np.ndarray, sums: neighbours.Sums, *, correct_skewness: bool = True
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return Gi*, its two-sided p-value, and whether that allows for the skewness of counts."""
    score = standard_scores(values, sums)
    skewed = correct_skewness and are_counts(values)
    if not skewed:
        return score, two_sided(score), skewed
    kind, example = _distinct(score, sums)
    skewness = _skewness(values, neighbours.Sums(*(column[example] for column in sums)))
    return score, two_sided(score[example], skewness)[kind], skewed


def are_counts(values: np.ndarray) -> bool:
    """Return whether all values are whole numbers and none is negative."""
    return bool((values >= 0).all() and (values == np.round(values)).all())


def _category(
    score: np.ndarray, adjusted: np.ndarray, alpha: float, *, cold: bool
) -> pd.Categorical:
    found = adjusted <= alpha
    code = np.select(
        [np.isnan(adjusted), found & (score > 0), found & (score < 0) & cold], [3, 0, 1], default=2
    )
    return pd.Categorical.from_codes(code, categories=list(CATEGORIES))


def _values(cells: pd.DataFrame, value: str) -> np.ndarray:
    values = checks.numbers(cells, value, name="cells")
    if len(values) < 3:
        raise DataError(f"cells has {len(values)} rows: Gi* compares at least 3 places.")
    if values.std() == 0:
        raise DataError(
            f"cells: {value!r} is {values[0]:g} in all {len(values):,} places, so none differs."
        )
    return values


def gi_star(
    cells: pd.DataFrame,
    *,
    value: str = "count",
    weights: Any = None,
    alpha: float = 0.05,
    correct_skewness: bool = True,
) -> pd.DataFrame:
    """
    Add Gi* and what it says of each place: does it, with its neighbours, stand out?

    Parameters
    ----------
    cells
        One row a place, all places of the study area and no others (zeros included): they set
        the mean and the spread. A grid, or a GeoDataFrame of small areas, or any table where
        `weights` is given. Use true counts: suppression comes after.
    value
        Column: counts, or a rate (rarely raw: `rates.empirical_bayes_rate` first), or a density.
    weights
        Matrix of weights in the order of the rows, self on the diagonal; any size of weight.
        By default a grid cell has the cells around it, an area those it touches, and itself, all
        of weight 1.
    alpha
        Share of false discoveries accepted among the hotspots.
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
    checks.share(alpha, name="alpha")
    values = _values(cells, value)
    sums = neighbours.sums(cells, values, weights=weights)
    score, p_value, skewed = scores(values, sums, correct_skewness=correct_skewness)
    adjusted = adjust(p_value)
    cold = not are_counts(values) or values.mean() >= ENOUGH_FOR_COLDSPOTS
    method = (
        f"Gi*, two-sided, {'skewness-corrected' if skewed else 'normal'} p, Benjamini-Hochberg "
        f"over {int((~np.isnan(adjusted)).sum()):,} places at {alpha:g}"
        f"{'' if cold else ', no coldspots claimed'}"
    )
    return cells.assign(
        gi_star=score,
        neighbours=sums.neighbours.astype(np.int32),
        p_value=p_value,
        p_adjusted=adjusted,
        hotspot_category=_category(score, adjusted, alpha, cold=cold),
        method=pd.Categorical.from_codes(np.zeros(len(cells), dtype=np.int8), [method]),
    )
