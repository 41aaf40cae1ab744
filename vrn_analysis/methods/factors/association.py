"""Associations between areas, refused where areas are few."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods.factors import spatial
from vrn_analysis.methods.rates import intervals
from vrn_analysis.methods.rates.checks import numbers, refuse
from vrn_analysis.methods.trends import fit_counts

SMALL = ("lsoa", "msoa")
FEWEST_AREAS = 50
AREAS_EACH = 15
HIGH_VIF = 5.0
ECOLOGICAL = (
    "These results describe areas, not the people who live there. They show where recorded "
    "offences and a factor occur together, for one of many possible sets of areas. This is an "
    "association; it does not show that one causes the other."
)


class Association(NamedTuple):
    """
    The result of `associate`.

    `terms`, a row a factor; `checks`, a row a check of the model; `reading`, the ecological line.
    """

    terms: pd.DataFrame
    checks: pd.DataFrame
    reading: str


def require_areas(areas: int, *, level: str, factors: int = 1) -> None:
    """
    Refuse an association over few or large areas.

    Parameters
    ----------
    areas
        Number of areas.
    level
        `lsoa` or `msoa`: small or middle areas.
    factors
        Number of factors in the model.

    Raises
    ------
    DataError
        If the areas are of a level that is never correlated.
    NotInThisRun
        Names the number of areas and the number needed: at least 50, and 15 a factor.
    """
    needed = max(FEWEST_AREAS, AREAS_EACH * factors)
    if level not in SMALL:
        raise DataError(
            f"An association over {areas} areas of level {level!r} is refused: only small areas "
            f"(lsoa) or middle areas (msoa) are many enough and alike enough, at least {needed}. "
            "Upper tier values belong in a profile."
        )
    if areas < needed:
        raise NotInThisRun(
            f"An association over n = {areas} areas is refused: {factors} factor(s) take at least "
            f"{needed} areas. Use smaller areas, or a profile."
        )


def rank_correlation(
    table: pd.DataFrame, *, factors: Sequence[str], level: str, rate: str = "value"
) -> pd.DataFrame:
    """
    Return Spearman's rank correlation of a rate with each factor.

    Parameters
    ----------
    table
        One row an area: the rate and the factors; rows with a missing value are left out of the
        pair they lack.
    factors
        Columns, such as `income_rate`.
    level
        `lsoa` or `msoa`.
    rate
        Column of the rate.

    Returns
    -------
    table
        `factor, value, lower_95_ci, upper_95_ci, areas, statistic, method, reading`.

    Raises
    ------
    DataError
        If areas are few or large (see `require_areas`), or a column is missing or does not vary.

    Notes
    -----
    Interval: Fisher's z with the variance of Bonett and Wright (2000). Neighbouring areas are
    alike, so it is too narrow.
    """
    if absent := [name for name in (rate, *factors) if name not in table]:
        raise DataError(f"Columns {absent} are missing.")
    rows = []
    for factor in factors:
        pair = table[[rate, factor]].dropna()
        require_areas(len(pair), level=level)
        ranks = pair.rank()
        if flat := [name for name in (rate, factor) if not ranks[name].std() > 0]:
            raise DataError(f"No correlation: {', '.join(flat)} is the same in every area.")
        found = float(np.corrcoef(ranks[rate], ranks[factor])[0, 1])
        reach = 1.959964 * np.sqrt((1 + found**2 / 2) / (len(pair) - 3))
        low, high = np.tanh(np.arctanh(np.clip(found, -1 + 1e-12, 1 - 1e-12)) + [-reach, reach])
        rows.append((factor, found, low, high, len(pair)))
    columns = ["factor", "value", "lower_95_ci", "upper_95_ci", "areas"]
    return pd.DataFrame(rows, columns=columns).assign(
        statistic="Spearman's rank correlation",
        method="Fisher's z, Bonett and Wright's variance",
        reading=ECOLOGICAL,
    )


def variance_inflation(design: pd.DataFrame) -> np.ndarray:
    """
    Return how many times each factor's variance is inflated by the others (VIF).

    Parameters
    ----------
    design
        One column a factor, without a constant.
    """
    correlation = np.corrcoef(design.to_numpy(dtype=float), rowvar=False).reshape(
        design.shape[1], -1
    )
    return np.diag(np.linalg.pinv(correlation))


def _checked(table: pd.DataFrame, factors: Sequence[str], group: str, level: str) -> pd.DataFrame:
    needed = ["area_code", "count", "denominator", group, *factors]
    problems = [f"column {name!r} is missing" for name in needed if name not in table]
    for name in factors:
        if "index" in name.lower() or "imd" in name.lower():
            problems.append(
                f"{name!r} looks like a whole index of deprivation, which has a crime domain: "
                "use income deprivation"
            )
        if "crime" in name.lower() or "violence" in name.lower():
            problems.append(f"{name!r} is an outcome, and an outcome is no factor for itself")
    refuse(problems, "No association")
    known = table.dropna(subset=needed)
    known = known[known["denominator"] > 0].reset_index(drop=True)
    require_areas(len(known), level=level, factors=len(factors))
    if known[group].nunique() < 2:
        raise DataError(f"No association: all areas are of one {group}, so likeness is unseen.")
    flat = [name for name in factors if not known[name].astype(float).std() > 0]
    if flat or known["area_code"].duplicated().any():
        raise DataError(
            f"No association: {', '.join(flat) or 'no factor'} is the same in every area, and "
            f"{int(known['area_code'].duplicated().sum())} areas repeat. Pass one row each."
        )
    return known


def _design(table: pd.DataFrame, factors: Sequence[str], standardise: bool) -> pd.DataFrame:
    design = table[list(factors)].astype(float)
    if standardise:
        design = (design - design.mean()) / design.std()
    return design.assign(constant=1.0)[["constant", *factors]]


def clustered_errors(result: Any, groups: pd.Series) -> pd.Series:
    """
    Return standard errors that allow areas of one group to be alike.

    Parameters
    ----------
    result
        What `trends.fit_counts` returns.
    groups
        The group of each row, such as its district.
    """
    from statsmodels.stats.sandwich_covariance import cov_cluster

    covariance = cov_cluster(result, pd.factorize(groups)[0])
    return pd.Series(np.sqrt(np.diag(covariance)), index=result.params.index)


def _terms(
    result: Any, clustered: pd.Series, design: pd.DataFrame, *, clusters: int
) -> pd.DataFrame:
    names = [name for name in design if name != "constant"]
    plain, other = result.bse[names].to_numpy(), clustered[names].to_numpy()
    estimate = result.params[names].to_numpy()
    terms = pd.DataFrame({"factor": names, "value": np.exp(estimate)})

    def limits(confidence: float) -> intervals.Limits:
        from scipy.stats import norm, t

        tail = (1 + confidence) / 2
        # clustered errors can shrink as well as grow, and few clusters tell little about them
        reach = np.maximum(norm.ppf(tail) * plain, t.ppf(tail, clusters - 1) * other)
        return np.exp(estimate - reach), np.exp(estimate + reach)

    return terms.assign(
        **intervals.at_levels(limits),
        plain_error=plain,
        clustered_error=other,
        vif=variance_inflation(design[names]) if len(names) > 1 else 1.0,
    )


def associate(
    table: pd.DataFrame,
    *,
    factors: Sequence[str],
    level: str,
    group: str,
    neighbours: pd.DataFrame | None = None,
    standardise: bool = True,
) -> Association:
    """
    Return rate ratios of factors over areas, with their intervals and checks of the model.

    Parameters
    ----------
    table
        One row an area: `area_code, count, denominator` (people, or person-years), the factors
        and the group. Rows that lack a value are left out; `checks` says how many.
    factors
        Columns: income deprivation, never an index that holds a crime domain, never an outcome.
    level
        `lsoa` or `msoa`.
    group
        Column of the larger area (middle area or district) whose areas may be alike: errors
        are clustered by it, and each is left out in turn for the prediction check.
    neighbours
        `area_code, neighbour_code`, both ways, to test what is left over for Moran's I.
    standardise
        Ratios per standard deviation of each factor; else per unit.

    Returns
    -------
    association
        `terms`: `factor, value` (rate ratio), `lower_95_ci, upper_95_ci, lower_99_8_ci,
        upper_99_8_ci` (the wider of plain and clustered), `plain_error, clustered_error` (log
        scale), `vif, areas, statistic, method, reading`. `checks`: `check, value, reading`.
        `reading`: the ecological line, which belongs beside every figure made of it.

    Raises
    ------
    DataError
        If areas are few or large, a column is missing, a factor is an index with a crime domain
        or an outcome, does not vary or repeats others, an area repeats, or all areas are of one
        group.

    Notes
    -----
    Negative binomial with a log population offset, by statsmodels; Poisson where counts vary no
    more than chance. Clustered limits use Student's t of the groups less one. Source:
    `trends.fit_counts`.
    """
    known = _checked(table, factors, group, level)
    design = _design(known, factors, standardise)
    count, people = numbers(known, "count"), numbers(known, "denominator")
    result = fit_counts(count, design, exposure=people)
    clustered = clustered_errors(result, known[group])
    terms = _terms(result, clustered, design, clusters=known[group].nunique()).assign(
        areas=len(known),
        statistic="rate ratio per standard deviation" if standardise else "rate ratio per unit",
        method=f"negative binomial, population offset, wider of plain and {group} limits",
        reading=ECOLOGICAL,
    )
    checks = [
        ("areas left out for a missing value", len(table) - len(known), ""),
        ("dispersion of a Poisson model", _poisson_dispersion(count, design, people), "1 is none"),
        ("dispersion left over", result.dispersion, "about 1 where the model fits"),
        (
            "largest variance inflation",
            float(terms["vif"].max()),
            f"above {HIGH_VIF:g}: factors overlap" if terms["vif"].max() > HIGH_VIF
            else "factors can be distinguished",
        ),
        *spatial.left_over(known, result, neighbours),
        *spatial.left_out(known, design, group),
        *spatial.without_highest(known, design),
    ]  # fmt: skip
    return Association(
        terms, pd.DataFrame(checks, columns=["check", "value", "reading"]), ECOLOGICAL
    )


def _poisson_dispersion(count: np.ndarray, design: pd.DataFrame, people: np.ndarray) -> float:
    return fit_counts(count, design, exposure=people, family="quasi_poisson").dispersion
