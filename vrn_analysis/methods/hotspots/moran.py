"""Moran's I: whether places resemble their neighbours over the whole area."""

import numpy as np
import pandas as pd
from scipy import sparse

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.hotspots import checks, neighbours

PERMUTATIONS = 999
SEED = 1
_AT_ONCE = 4_000_000


def _prepared(places: pd.DataFrame, value: str) -> tuple[np.ndarray, sparse.csr_array]:
    values = checks.numbers(places, value, name="places")
    if len(values) < 4:
        raise DataError(f"places has {len(values)} rows: Moran's I compares at least 4.")
    if values.std() == 0:
        raise DataError(f"places: {value!r} is {values[0]:g} in all {len(values):,} places.")
    matrix = neighbours.contiguity(places)
    total = np.asarray(matrix.sum(axis=1))
    if not total.any():
        raise DataError("No place has a neighbour, so there is nothing to resemble.")
    scale = np.where(total > 0, 1 / np.where(total > 0, total, 1), 0)
    return (values - values.mean()) / values.std(), sparse.csr_array(matrix * scale[:, None])


def global_moran(places: pd.DataFrame, *, value: str) -> pd.DataFrame:
    """
    Return global Moran's I: above its expectation, neighbours are alike.

    Parameters
    ----------
    places
        One row a place: a grid, or a GeoDataFrame of small areas. Neighbours are those of
        `contiguity`; each row of weights is divided by its sum.
    value
        Column of numbers; better a smoothed rate than a count.

    Returns
    -------
    table
        One row: `value` (I), `expected`, `p_value` (two-sided: shuffles as far from their mean or
        further, + 1, over shuffles + 1), `places`, `islands` (no neighbour; their part is 0),
        `statistic`, `method`.

    Raises
    ------
    DataError
        If a value is missing, all are equal, there are fewer than four places, or none has a
        neighbour.
    """
    score, matrix = _prepared(places, value)
    size, linked = len(score), matrix.sum()
    found = score @ (matrix @ score) / linked
    rng, drawn = np.random.default_rng(SEED), []
    step = max(1, _AT_ONCE // size)
    for start in range(0, PERMUTATIONS, step):
        columns = min(step, PERMUTATIONS - start)
        shuffled = rng.permuted(np.tile(score, (columns, 1)), axis=1).T
        drawn.append((shuffled * (matrix @ shuffled)).sum(axis=0) / linked)
    shuffles = np.concatenate(drawn)
    further = np.abs(shuffles - shuffles.mean()) >= np.abs(found - shuffles.mean())
    return pd.DataFrame(
        {
            "value": [found],
            "expected": [-1 / (size - 1)],
            "p_value": [(further.sum() + 1) / (PERMUTATIONS + 1)],
            "places": [size],
            "islands": [int((np.asarray(matrix.sum(axis=1)) == 0).sum())],
            "statistic": ["Moran's I"],
            "method": [f"{PERMUTATIONS:,} permutations, two-sided"],
        }
    )
