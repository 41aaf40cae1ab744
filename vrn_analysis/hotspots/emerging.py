"""Which hotspots are new, lasting or past: Gi* in each period, by rules that are written down."""

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.errors import DataError
from vrn_analysis.hotspots import checks, neighbours
from vrn_analysis.hotspots.gi_star import adjust, scores

CATEGORIES = (
    "persistent hotspot",
    "emerging hotspot",
    "former hotspot",
    "intermittent hotspot",
    "no pattern",
)
PERSISTENT, RECENT, SELDOM, EVER = 0.8, 0.2, 0.2, 0.1


def mann_kendall(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return Kendall's S of each row against time, and its two-sided p-value.

    Normal approximation with the variance for ties and the continuity correction. Source: Mann
    (1945), Kendall (1975). Periods that follow each other are taken as independent.
    """
    length = series.shape[1]
    total, ties = np.zeros(len(series)), np.zeros(len(series))
    for start in range(length):
        total += np.sign(series[:, start + 1 :] - series[:, [start]]).sum(axis=1)
        alike = (series == series[:, [start]]).sum(axis=1)
        ties += (alike - 1) * (2 * alike + 5)
    variance = (length * (length - 1) * (2 * length + 5) - ties) / 18
    score = (total - np.sign(total)) / np.sqrt(np.where(variance > 0, variance, 1))
    return total, 2 * special.ndtr(-np.abs(score))


def categories(hot: np.ndarray) -> np.ndarray:
    """
    Return the category of each row of a table of true and false, periods in order across.

    The recent periods are the last fifth (rounded up), the earlier ones the rest. The first rule
    that holds decides:

    1. persistent: hot in at least 80% of all periods;
    2. emerging: hot in the last period and in fewer than 20% of the earlier ones;
    3. former: hot in no recent period and in at least 20% of the earlier ones;
    4. intermittent: hot in at least 10% of all periods;
    5. no pattern.
    """
    length = hot.shape[1]
    recent = int(np.ceil(RECENT * length))
    earlier_share = hot[:, : length - recent].mean(axis=1)
    share = hot.mean(axis=1)
    rules = [
        share >= PERSISTENT,
        hot[:, -1] & (earlier_share < SELDOM),
        ~hot[:, length - recent :].any(axis=1) & (earlier_share >= SELDOM),
        share >= EVER,
    ]
    return np.select(rules, [0, 1, 2, 3], default=4)


def _wide(places: pd.DataFrame, counts: pd.DataFrame, names: tuple[str, str, str]) -> pd.DataFrame:
    key, period, value = names
    if absent := [name for name in names if name not in counts] + [
        name for name in (key,) if name not in places
    ]:
        raise DataError(f"emerging: no column {', '.join(absent)} in places or counts.")
    checks.numbers(counts, value, name="counts", minimum=0)
    if (undated := counts[period].isna().to_numpy()).any():
        raise DataError(f"counts: {checks.some(undated, counts.index)} rows have no {period!r}.")
    if (unknown := ~counts[key].isin(places[key]).to_numpy()).any():
        raise DataError(f"counts: {checks.some(unknown, counts.index)} rows are of no known place.")
    if (twice := counts.duplicated([key, period]).to_numpy()).any():
        raise DataError(f"counts: {checks.some(twice, counts.index)} rows repeat place and period.")
    wide = counts.pivot(index=key, columns=period, values=value).sort_index(axis=1)
    if wide.shape[1] < 5:
        raise DataError(f"counts has {wide.shape[1]} periods: a pattern needs at least 5.")
    return wide.reindex(places[key]).astype(float).fillna(0.0)


def emerging(
    places: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    key: str = "cell_id",
    period: str = "month",
    value: str = "count",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """
    Add whether each place is a persistent, emerging, former or intermittent hotspot.

    Parameters
    ----------
    places
        One row a place: a grid, or a GeoDataFrame of small areas.
    counts
        One row a place and period, at least five periods; a place without a row in a period
        counts 0. Every period to be looked at must have a row.
    key, period, value
        Columns of `counts`; `key` is in `places` too.
    alpha
        Share of false discoveries accepted, over all places and periods together.

    Returns
    -------
    places
        The same rows and `periods`, `hot_periods`, `hot_in_last_period`, `kendall_s` and
        `trend_p_adjusted` (Mann-Kendall of Gi*), `trend` (rising, falling, no trend) and
        `emerging_category`, by the rules of `categories`.

    Raises
    ------
    DataError
        If a column or place is missing, a place and period occurs twice, a count is missing or
        negative, or there are fewer than five periods.

    Notes
    -----
    A period in which all places are equal has no hotspot. Off the briefing by default: months are
    short, and a place at the edge of significance comes and goes by chance.
    """
    checks.share(alpha, name="alpha")
    wide = _wide(places, counts, (key, period, value))
    weights = None
    if not neighbours.is_grid(places):
        touching = neighbours.contiguity(places)
        weights = touching + neighbours.identity(len(places))
    score, p_value = np.zeros(wide.shape), np.full(wide.shape, np.nan)
    for position, name in enumerate(wide.columns):
        values = wide[name].to_numpy()
        if values.std() > 0:
            summed = neighbours.sums(places, values, weights=weights)
            found = scores(values, summed)
            score[:, position] = found.of_places(found.score)
            p_value[:, position] = found.of_places(found.p_value)
    adjusted = adjust(p_value.ravel()).reshape(p_value.shape)
    hot = (adjusted <= alpha) & (score > 0)
    total, trend_p = mann_kendall(np.nan_to_num(score))
    trend_p = adjust(trend_p)
    moving = trend_p <= alpha
    return places.assign(
        periods=wide.shape[1],
        hot_periods=hot.sum(axis=1),
        hot_in_last_period=hot[:, -1],
        kendall_s=total,
        trend_p_adjusted=trend_p,
        trend=np.select([moving & (total > 0), moving], ["rising", "falling"], "no trend"),
        emerging_category=pd.Categorical.from_codes(categories(hot), list(CATEGORIES)),
    )
