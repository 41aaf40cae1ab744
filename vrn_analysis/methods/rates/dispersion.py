"""Estimate how much more counts vary than independent events would."""

import numpy as np
import pandas as pd
from scipy import special

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.methods.rates import checks, loglinear

FEWEST_MONTHS = 12
SEASON_FROM = (36, 48)  # months needed to estimate one, and two, waves of season
OWN_FROM = 100  # events needed to estimate an area's own dispersion
HIGHEST_LIKENESS = 0.6
ALL_MONTHS = "all records"


def _checked(values: pd.Series, name: str) -> np.ndarray:
    table = pd.DataFrame({name: values})
    checks.check(table, whole=[name])
    return checks.numbers(table, name)


def rounded_up(exact: np.ndarray | float, *, decimals: int = 1) -> np.ndarray | float:
    """Return dispersions to few digits: all of them would give true sums back; never narrower."""
    return np.ceil(np.round(np.asarray(exact, dtype=float) * 10**decimals, 6)) / 10**decimals


def dispersion_of_incidents(offences_per_incident: pd.Series) -> float:
    """
    Return the dispersion of a count of offences from the sizes of its incidents.

    Where incidents are independent and each brings a number of offences (or victims), the count
    has variance over mean of the sum of squared sizes over the sum of sizes: 1 when every
    incident brings one. Rounded up to hundredths.

    Parameters
    ----------
    offences_per_incident
        Number of offences of each incident; incidents of 0 add nothing.

    Raises
    ------
    DataError
        If a size is negative or fractional, or no incident has an offence.
    """
    sizes = _checked(offences_per_incident, "offences_per_incident")
    sizes = sizes[~np.isnan(sizes)]
    if not sizes.sum():
        raise NotEnoughError("There are no offences, so how they cluster in incidents is unknown.")
    return float(rounded_up((sizes**2).sum() / sizes.sum(), decimals=2))


def _behind(breaks: pd.DataFrame | None, months: pd.Index) -> list[np.ndarray]:
    """Return for each registered break which months lie in it, or after its first."""
    if breaks is None or not isinstance(months, pd.DatetimeIndex):
        return []
    ends = breaks["until"] if "until" in breaks else pd.Series(pd.NaT, index=breaks.index)
    found = []
    for first, last in zip(pd.to_datetime(breaks["date"]), pd.to_datetime(ends), strict=True):
        inside = months >= first.to_period("M").to_timestamp()
        found.append(np.asarray(inside if pd.isna(last) else inside & (months <= last)))
    return found


def _levels(months: int, known: np.ndarray, steps: list[np.ndarray]) -> np.ndarray:
    """Return a constant, a trend, and levels of stretches behind a gap or a break."""
    time = np.arange(months)
    stretch = np.cumsum(np.diff(known.astype(int), prepend=0) == 1) * known
    terms = [np.ones(months), time - time.mean(), *steps]
    terms += [stretch == one for one in np.unique(stretch[known])[1:]]
    return np.column_stack(terms).astype(float)


def _season(whole: np.ndarray, known: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, int]:
    """Return what each month is over the level of its year, and the number of terms fitted."""
    waves = sum(known.sum() >= fewest for fewest in SEASON_FROM)
    if not waves or not whole[known].sum():
        return np.ones(len(known)), 0
    angles = 2 * np.pi * np.arange(1, waves + 1) * np.arange(len(known))[:, None] / 12
    season = np.hstack([np.sin(angles), np.cos(angles)])
    design = np.hstack([levels, season])[known]
    found = loglinear.coefficients(whole[known], np.ones(known.sum()), design)
    times = np.exp(season @ found[levels.shape[1] :])
    return times / times.mean(), season.shape[1]


def likeness(left: np.ndarray, *, terms: int) -> float:
    """
    Return how much more the sum of a series varies than its months, where neighbours are alike.

    Parameters
    ----------
    left
        What a model leaves over, scaled to one variance: one row a month, one column a series.
    terms
        Number of terms fitted. They take likeness out of what is left over: it is put back.

    Notes
    -----
    (1 + r) / (1 - r) of an autoregression of order 1, r between 0 and 0.6.
    """
    squared = (left**2).sum()
    alike = (left[1:] * left[:-1]).sum() / squared if squared > 1e-12 else 0.0
    alike = np.clip(alike + (1.3 * terms + 1) / len(left), 0, HIGHEST_LIKENESS)
    return float((1 + alike) / (1 - alike))


def _spread(found: np.ndarray, steps: list[np.ndarray]) -> np.ndarray:
    """Return the dispersion of each column of counts about its trend and season, and of all."""
    known = ~np.isnan(found).any(axis=1)
    levels = _levels(len(found), known, steps)
    times, waves = _season(found.sum(axis=1), known, levels)
    axes, size, _ = np.linalg.svd(levels[known], full_matrices=False)
    axes = axes[:, size > size[0] * 1e-9]
    terms = axes.shape[1] + waves
    counts, freedom = (found / times[:, None])[known], max(known.sum() - terms, 1)
    left = counts - axes @ (axes.T @ counts)
    level = counts.mean(axis=0)
    scaled = np.zeros(found.shape)
    scaled[known] = left / np.sqrt(np.where(level > 0, level, 1))
    longer = likeness(scaled, terms=terms)
    wider = longer * (special.stdtrit(max(freedom / longer, 2), 0.975) / special.ndtri(0.975)) ** 2
    each = (left**2).sum(axis=0) / freedom
    own = each / np.where(level > 0, level, 1)
    return np.maximum(np.r_[own, each.sum() / (level.sum() or 1)] * wider, 1.0)


def dispersion_of_series(counts: pd.Series, *, breaks: pd.DataFrame | None = None) -> float:
    """
    Return the dispersion of the sum of successive monthly counts: at least 1.

    The variance of the months about their trend and season, over their mean, times what
    neighbouring months that are alike add to the variance of a sum. A dispersion from few
    months is uncertain, and larger for it, so that an interval made with it keeps its level.

    Parameters
    ----------
    counts
        Counts of months, in order. A missing one is a gap: the level on either side is its own.
    breaks
        The register of breaks (`date`; optionally `until`): the months behind each have a level
        of their own, where the index holds months.

    Raises
    ------
    DataError
        If a count is negative or fractional, or fewer than 11 come straight after another.

    Notes
    -----
    Season, in times of the year's level, is told from chance in 36 months or more, and is left in
    a shorter series, which errs on the wide side. Likeness is the correlation of neighbours in
    what is left over, corrected for the terms fitted; months are taken for an autoregression of
    order 1. The square of the ratio of Student's to the normal quantile allows for the few
    months. Measured coverage: `benchmarks/coverage.py`.
    """
    found = _checked(counts, "counts")
    follow = int((~np.isnan(found[1:]) & ~np.isnan(found[:-1])).sum())
    if follow < FEWEST_MONTHS - 1:
        raise DataError(
            f"Of {len(found)} counts {follow} follow straight after another, too few to "
            f"estimate a dispersion: it takes {FEWEST_MONTHS} in a row."
        )
    return float(_spread(found[:, None], _behind(breaks, counts.index))[0])


def with_dispersion(
    table: pd.DataFrame,
    months: pd.DataFrame | None = None,
    *,
    by: str | None = None,
    incidents: pd.Series | None = None,
    breaks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Add how much more than independent events each count varies, from its months and incidents.

    Parameters
    ----------
    table
        Counts of one period or several: one row an area, and the total ("All"), where `by` is
        given.
    months
        Exact counts of the same records: `month, count`, zeros included, and the column `by`.
        None for a count whose own expected level is meant, such as that of a month.
    by
        The column of areas; None where every row has the dispersion of the whole.
    incidents
        Offences of each incident, as `tables.group_sizes` gives them: no dispersion lies below
        theirs.
    breaks
        As for `dispersion_of_series`.

    Returns
    -------
    table
        The same rows and `dispersion`, rounded up to tenths: of the area's own months where it
        has 100 events or more, but not below that of the months of all areas taken one by one,
        which is that of a smaller area; of the total, that of the months of the whole. With fewer
        than 12 months, that of the incidents; missing where there are none either.

    Raises
    ------
    DataError
        If a column is missing, a count cannot be, or an area of the table has no months.
    """
    known = incidents is not None and incidents.sum() > 0
    least = dispersion_of_incidents(incidents) if known else np.nan
    if months is None:
        return table.assign(dispersion=rounded_up(least))
    absent = [name for name in ("month", "count", *([by] if by else [])) if name not in months]
    checks.refuse([f"column {name!r} is missing" for name in absent])
    checks.check(months, whole=["count"])
    wide = months.astype({"count": "float64"}).assign(one=ALL_MONTHS)
    wide = wide.pivot(index="month", columns=by or "one", values="count")
    strange = sorted(set(table[by].dropna()) - {*wide.columns, checks.ALL}) if by else []
    if strange:
        raise DataError(f"{len(strange)} areas have no monthly counts, such as {strange[0]}.")
    if len(wide) < FEWEST_MONTHS:
        return table.assign(dispersion=rounded_up(least))
    steps = _behind(breaks, pd.DatetimeIndex(wide.index))
    spread = _spread(wide.to_numpy(), steps)
    whole = _spread(wide.sum(axis=1).to_numpy()[:, None], steps)[0]
    least = np.nan_to_num(least, nan=1.0)
    if by is None:
        return table.assign(dispersion=rounded_up(max(whole, least)))
    own = np.where(wide.sum() >= OWN_FROM, np.maximum(spread[:-1], spread[-1]), spread[-1])
    found = pd.Series(own, index=wide.columns)
    found[checks.ALL] = whole
    return table.assign(dispersion=rounded_up(table[by].map(found).clip(lower=least)))


def dispersion_of_areas(areas: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """
    Return how much more than independent events the counts of groups of areas vary.

    It holds all that makes areas of one group differ: chance, offences that come together, and
    what the areas are. An interval made with it says how far the group's rate could lie from
    that of other areas like these; not how well this year's rate of these areas is known.

    Parameters
    ----------
    areas
        One row a small area: the column `by`, exact `count`, `denominator`.
    by
        The column of groups, such as the deprivation quintile.

    Returns
    -------
    table
        `by` and `dispersion` of each group, rounded up to tenths, at least 1; missing where a group
        has fewer than three areas or no event.

    Raises
    ------
    DataError
        If a column is missing, or a count or denominator cannot be.

    Notes
    -----
    The variance of a ratio of sums over its areas (Cochran 1977), over the count: m / (m - 1)
    times the sum of (count - rate x people) squared, over the sum of counts, with the square of
    the ratio of Student's to the normal quantile. Its degrees of freedom are m - 1, or fewer where
    a few areas make up the variance: 3 (sum of squares)^2 / (sum of fourth powers) - 1.
    """
    checks.refuse([f"column {by!r} is missing"] if by not in areas else [])
    checks.check(areas, whole=["count"], real=["denominator"])
    known = areas[[by]].assign(
        x=checks.numbers(areas, "count"), n=checks.numbers(areas, "denominator"), m=1
    )
    known = known.dropna()
    whole = known.groupby(by)[["x", "n", "m"]].transform("sum")
    square = (known["x"] - whole["x"] / whole["n"] * known["n"]) ** 2
    known = known.assign(square=square, again=square**2)
    sums = known.groupby(by, as_index=False)[["x", "m", "square", "again"]].sum()
    size = sums["m"].clip(lower=2)
    # degrees of freedom of normal areas whose variance is as uncertain
    freedom = 3 * sums["square"] ** 2 / sums["again"].where(sums["again"] > 0) - 1
    freedom = freedom.fillna(np.inf).clip(2, size - 1)
    wider = (special.stdtrit(freedom, 0.975) / special.ndtri(0.975)) ** 2
    spread = size / (size - 1) * sums["square"] / sums["x"].where(sums["x"] > 0) * wider
    enough = spread.where(sums["m"] > 2)
    return sums[[by]].assign(dispersion=rounded_up(enough.clip(lower=1)))
