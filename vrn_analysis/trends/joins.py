"""Years in which a long yearly series changes course."""

from itertools import combinations

import numpy as np
import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.rates import checks
from vrn_analysis.rates.intervals import LEVELS
from vrn_analysis.trends import models

FEWEST_YEARS = 10
FEWEST_AT_AN_END = 2
STEP = 0.5


def _design(years: np.ndarray, joins: tuple[float, ...]) -> pd.DataFrame:
    terms = {"constant": np.ones(len(years)), "slope": years - years[0]}
    for number, join in enumerate(joins, start=1):
        terms[f"bend {number}"] = np.maximum(years - join, 0)
    return pd.DataFrame(terms)


def _fit(table: pd.DataFrame, design: pd.DataFrame) -> object:
    return models.fit_counts(
        table["count"], design, exposure=table["denominator"], family="quasi_poisson"
    )


def _deviance(joins: tuple[float, ...], table: pd.DataFrame) -> float:
    years = table["year"].to_numpy(dtype=float)
    ends = (years[0] + FEWEST_AT_AN_END - 1, years[-1] - FEWEST_AT_AN_END + 1)
    inside = ends[0] <= min(joins) and max(joins) <= ends[1] and (np.diff(joins) >= 2).all()
    return _fit(table, _design(years, joins)).deviance if inside else np.inf


def _best(table: pd.DataFrame, number: int) -> tuple[float, ...]:
    """Return the joins of least deviance: over a grid of half years, then refined."""
    from scipy.optimize import minimize

    if not number:
        return ()
    years = table["year"].to_numpy(dtype=float)
    grid = np.arange(years[0] + 1, years[-1] - 1 + STEP, STEP)
    best = min(combinations(grid, number), key=lambda joins: _deviance(joins, table))
    found = minimize(
        lambda joins: _deviance(tuple(joins), table),
        best,
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-9, "initial_simplex": _corners(best)},
    )
    return tuple(float(join) for join in found.x)


def _corners(best: tuple[float, ...]) -> np.ndarray:
    start = np.array(best)
    return np.vstack([start, *(start + 0.3 * row for row in np.eye(len(start)))])


def _checked(table: pd.DataFrame, most: int) -> pd.DataFrame:
    if absent := [name for name in ("year", "count", "denominator") if name not in table]:
        raise DataError(f"Columns {absent} are missing: joinpoint takes one row a year.")
    checks.check(table, whole=["year", "count"], real=["denominator"])
    ordered = table[["year", "count", "denominator"]].astype(float).sort_values("year")
    problems = []
    if most not in (1, 2):
        problems.append(f"most is {most}; it must be 1 or 2")
    if len(table) < FEWEST_YEARS:
        problems.append(f"{len(table)} years are too few: at least {FEWEST_YEARS}")
    if ordered["year"].duplicated().any() or (ordered["year"].diff().dropna() > 1).any():
        problems.append("years are missing or repeated")
    if bad := int(ordered.isna().any(axis=1).sum()):
        problems.append(f"{bad} years lack a count or a denominator")
    checks.refuse(problems)
    return ordered.reset_index(drop=True)


def joinpoint(table: pd.DataFrame, *, most: int = 1) -> pd.DataFrame:
    """
    Return the stretches of a yearly series, each with a steady yearly change.

    Off the briefing by default: it takes ten years counted in one way.

    Parameters
    ----------
    table
        One row a year: `year`, `count`, `denominator`; no year left out.
    most
        Most joins to look for: 1 or 2. Fewer are kept where they explain as much (BIC).

    Returns
    -------
    table
        One row a stretch: `stretch, from_year, to_year, value` (ratio of rates a year),
        `lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, percent_a_year, join` (year in
        which the stretch begins; missing for the first), `join_lower_95, join_upper_95,
        dispersion, statistic, method`.

    Raises
    ------
    DataError
        If there are fewer than ten years, a year is missing or repeated, counts cannot be, or
        all are 0.

    Notes
    -----
    Poisson with a log offset and bends, errors scaled by the dispersion where it is above 1;
    joins found on a grid of half years and refined. Their uncertainty, and its share in the
    slopes, comes from the model linearised at the joins, as in R's `segmented` (Muggeo 2003). Of
    straight series of 18 years, one in ten keeps a join all the same (measured by simulation).
    """
    ordered = _checked(table, most)
    years = ordered["year"].to_numpy()
    fits = {number: _best(ordered, number) for number in range(most + 1)}
    fullest = _fit(ordered, _design(years, fits[most]))
    scale = max(fullest.dispersion, 1.0)

    def criterion(joins: tuple[float, ...]) -> float:
        deviance = _fit(ordered, _design(years, joins)).deviance
        return deviance / scale + 2 * len(joins) * np.log(len(years))

    return _stretches(ordered, min(fits.values(), key=criterion))


def _stretches(ordered: pd.DataFrame, joins: tuple[float, ...]) -> pd.DataFrame:
    from scipy.stats import t

    years = ordered["year"].to_numpy()
    plain = _fit(ordered, _design(years, joins))
    design = _design(years, joins)
    for number, join in enumerate(joins, start=1):
        design[f"join {number}"] = -plain.params[f"bend {number}"] * (years > join)
    linear = _fit(ordered, design)
    dispersion = max(plain.dispersion, 1.0)
    names = linear.params.index
    covariance = pd.DataFrame(linear.normalized_cov_params * dispersion, names, names)
    slopes = ["slope", *(f"bend {number}" for number in range(1, len(joins) + 1))]
    rows = []
    for place, begin in enumerate([None, *joins]):
        summed = slopes[: place + 1]
        slope = plain.params[summed].sum()
        error = np.sqrt(covariance.loc[summed, summed].to_numpy().sum())
        row = {
            "stretch": place + 1,
            "from_year": years[0] if begin is None else begin,
            "to_year": joins[place] if place < len(joins) else years[-1],
            "value": np.exp(slope),
        }
        for name, confidence in LEVELS.items():
            reach = t.ppf((1 + confidence) / 2, linear.df_resid) * error
            row |= {f"lower_{name}_ci": np.exp(slope - reach)}
            row |= {f"upper_{name}_ci": np.exp(slope + reach)}
        spread = (
            np.nan if begin is None else np.sqrt(covariance.loc[f"join {place}", f"join {place}"])
        )
        reach = t.ppf(0.975, linear.df_resid) * spread
        at = np.nan if begin is None else begin
        rows.append(row | {"join": at, "join_lower_95": at - reach, "join_upper_95": at + reach})
    return pd.DataFrame(rows).assign(
        percent_a_year=lambda stretch: (stretch["value"] - 1) * 100,
        dispersion=dispersion,
        statistic="rate ratio a year",
        method=f"joinpoint, Poisson with dispersion, {len(joins)} joins",
    )
