"""Near repeats: do events close in space follow each other closer in time than chance?"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.hotspots import checks

MAX_PAIRS = 20_000_000
DAY = 86_400  # seconds


def _bands(edges: Sequence[float], *, name: str) -> np.ndarray:
    bands = np.asarray(edges, dtype=float)
    if len(bands) < 2 or not np.isfinite(bands).all() or (np.diff(bands) <= 0).any():
        raise DataError(f"{name} is {list(edges)}: give two or more rising edges.")
    if bands[0] < 0:
        raise DataError(f"{name} starts at {bands[0]:g}; it cannot be below 0.")
    return bands


def _seconds(points: gpd.GeoDataFrame, time: str) -> np.ndarray:
    if time not in points:
        raise DataError(f"points has no column {time!r}.")
    when = pd.to_datetime(points[time], errors="coerce")
    if (missing := when.isna().to_numpy()).any():
        raise DataError(f"points: {checks.some(missing, points.index)} rows have no {time!r}.")
    # whole numbers: in fractions of a day, some gaps of seven days fall a hair short of seven
    return ((when - when.min()) // pd.Timedelta(seconds=1)).to_numpy()


def _pairs(x: np.ndarray, y: np.ndarray, bands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy.spatial import KDTree

    at = np.column_stack([x, y])
    tree = KDTree(at)
    expected = (tree.count_neighbors(tree, bands[-1]) - len(at)) // 2
    if expected > MAX_PAIRS:
        raise DataError(
            f"{expected:,} pairs of points lie within {bands[-1]:g} m; at most {MAX_PAIRS:,} are "
            "compared. Take a shorter period or nearer distance_bands."
        )
    pairs = tree.query_pairs(bands[-1], output_type="ndarray")
    step = np.abs(at[pairs[:, 0]] - at[pairs[:, 1]])
    band = np.digitize(np.hypot(step[:, 0], step[:, 1]), bands) - 1
    kept = (band >= 0) & (band < len(bands) - 1)
    return pairs[kept], band[kept]


def _table(
    seconds: np.ndarray, pairs: np.ndarray, band: np.ndarray, day_bands: np.ndarray
) -> np.ndarray:
    width = len(day_bands) - 1
    gap = np.digitize(np.abs(seconds[pairs[:, 0]] - seconds[pairs[:, 1]]), day_bands * DAY) - 1
    kept = (gap >= 0) & (gap < width)
    return np.bincount(band[kept] * width + gap[kept], minlength=(band.max(initial=-1) + 1) * width)


def near_repeat(
    points: gpd.GeoDataFrame,
    *,
    time: str,
    distance_bands: Sequence[float] = (0, 100, 200, 300, 400),
    day_bands: Sequence[float] = (0, 7, 14, 21, 28),
    permutations: int = 999,
    seed: int = 1,
) -> pd.DataFrame:
    """
    Return the Knox test: pairs of events near in space and in time, against chance.

    Parameters
    ----------
    points
        Located events in a reference system in metres. Not snapped ones: their zero distances
        are made, not observed.
    time
        Column of dates or times.
    distance_bands, day_bands
        Rising edges in metres (straight lines) and in days. Bands are half-open: [0, 100) holds
        0 and not 100, and days are differences, so [0, 7) with whole days holds 0 to 6.
    permutations
        How often times are shuffled over places.
    seed
        Of the random numbers.

    Returns
    -------
    table
        One row a pair of bands: `distance_from, distance_to, days_from, days_to, observed` (pairs
        of events), `expected` (mean of the shuffles), `ratio` (missing where nothing is
        expected), `p_value` (one-sided: (shuffles with as many or more + 1) / (shuffles + 1)),
        `method`.

    Raises
    ------
    DataError
        If a row has no location or time, there are fewer than two rows, bands do not rise, or more
        than twenty million pairs lie within the last distance.

    Notes
    -----
    Source: Knox (1964); Ratcliffe's Near Repeat Calculator for its use on crime.
    """
    checks.metres(points, name="points")
    x, y = checks.all_located(points)
    if len(points) < 2:
        raise DataError(f"points has {len(points)} rows: pairs need at least two.")
    checks.draws(permutations, name="permutations")
    across = _bands(distance_bands, name="distance_bands")
    along = _bands(day_bands, name="day_bands")
    seconds = _seconds(points, time)
    pairs, band = _pairs(x, y, across)
    size = (len(across) - 1) * (len(along) - 1)

    def counted(when: np.ndarray) -> np.ndarray:
        found = _table(when, pairs, band, along)
        return np.pad(found, (0, size - len(found)))

    observed, rng = counted(seconds), np.random.default_rng(seed)
    shuffled = np.array([counted(rng.permutation(seconds)) for _ in range(permutations)])
    return _result(observed, shuffled, across, along).assign(
        method=f"Knox, half-open bands, {permutations:,} shuffles, one-sided"
    )


def _result(
    observed: np.ndarray, shuffled: np.ndarray, across: np.ndarray, along: np.ndarray
) -> pd.DataFrame:
    expected = shuffled.mean(axis=0)
    first, second = (axis.ravel() for axis in np.indices((len(across) - 1, len(along) - 1)))
    return pd.DataFrame(
        {
            "distance_from": across[first],
            "distance_to": across[first + 1],
            "days_from": along[second],
            "days_to": along[second + 1],
            "observed": observed,
            "expected": expected,
            "ratio": np.where(expected > 0, observed / np.where(expected > 0, expected, 1), np.nan),
            "p_value": ((shuffled >= observed).sum(axis=0) + 1) / (len(shuffled) + 1),
        }
    )
