"""Standardise rates for age, directly and indirectly."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.config import resource
from vrn_analysis.methods.rates import checks, intervals
from vrn_analysis.methods.rates.checks import numbers

# European standard population of 2013 (Eurostat), 100,000 people in 19 bands of age
ESP2013 = pd.read_csv(
    resource("data", "reference", "standard_population_2013.csv"), index_col="age_band"
)["people"]
FEWEST_EVENTS = 10


def _missing_bands(table: pd.DataFrame, by: Sequence[str], wanted: set[str]) -> list[str]:
    """Return the groups that lack an age band or repeat one, in words."""
    if "age_band" not in table:
        return ["column 'age_band' is missing"]
    absent = [f"column {name!r} is missing" for name in by if name not in table]
    if absent:
        return absent
    problems = []
    if twice := table.duplicated([*by, "age_band"]).sum():
        problems.append(f"{twice} rows repeat a band of age within {', '.join(by) or 'the table'}")
    groups = table.groupby(list(by), sort=False, dropna=False) if by else [("the table", table)]
    gaps = [(group, wanted - set(rows["age_band"])) for group, rows in groups]
    gaps = [(group, gap) for group, gap in gaps if gap]
    if gaps:
        group, gap = gaps[0]
        problems.append(
            f"{len(gaps)} groups lack a band of age (such as {group}, {len(gap)} of "
            f"{len(wanted)} bands): complete the table with zeros"
        )
    return problems


def _unknown_bands(table: pd.DataFrame, known: pd.Index, name: str) -> list[str]:
    if "age_band" not in table or table["age_band"].isin(known).all():
        return []
    strange = sorted(set(table["age_band"].astype(str)) - set(known))
    return [f"{len(strange)} bands are not in {name} ({', '.join(strange[:5])})"]


def _grouped(table: pd.DataFrame, by: Sequence[str], parts: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return sums of parts over the age bands; a missing part makes the sum missing."""
    frame = table[list(by)].assign(**parts)
    if not by:
        return frame.sum(skipna=False).to_frame().T
    keys = frame.groupby(list(by), sort=False, dropna=False)
    return keys.sum(skipna=False).reset_index()


def age_standardised_rate(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    per: float = 100_000,
    standard: pd.Series | None = None,
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """
    Return the directly standardised rate of each group: one row a group.

    Parameters
    ----------
    table
        One row a group and band of age: the columns of `by`, `age_band`, `count`,
        `denominator`; optionally `count_error`.
    by
        Columns that make a group.
    per
        The rate is per this many people.
    standard
        People of the standard population by band of age; default `rates.ESP2013`. A table of
        only some of its bands is standardised within those, and `statistic` says so.
    dispersion
        Variance over mean of the counts, 1 for independent events.

    Returns
    -------
    table
        `by, count, denominator, value, lower_95_ci, upper_95_ci, lower_99_8_ci,
        upper_99_8_ci, statistic, method`; missing where a group has fewer than 10 events or a
        count that is missing.

    Raises
    ------
    DataError
        If a band is missing from a group or unknown to the standard, a count is negative or
        fractional, or a denominator is not above 0 while it has weight.

    Notes
    -----
    Limits of Dobson, Kuulasmaa, Eberle and Scherer (1991) with Byar's limits of the count.
    Where counts are rounded, the limits hold for every count that rounding allows.
    """
    standard = ESP2013 if standard is None else standard
    checks.check(table, whole=["count"], positive=["denominator"])
    wanted = set(standard.index) & set(table.get("age_band", ()))
    problems = _unknown_bands(table, standard.index, "the standard population")
    problems += _missing_bands(table, by, wanted)
    checks.refuse(problems)
    count, error = numbers(table, "count"), np.nan_to_num(numbers(table, "count_error"))
    people = table["age_band"].map(standard).to_numpy(dtype=float)
    share = people / standard[list(wanted)].sum() / numbers(table, "denominator")
    parts = {
        "count": count,
        "error": error,
        "denominator": numbers(table, "denominator"),
        "rate": share * count,
        "slack": share * error,
        "variance": share**2 * (count + error) * checks.check_dispersion(dispersion),
    }
    bands = "" if len(wanted) == len(standard) else f", {len(wanted)} bands of age"
    return _dobson(_grouped(table, by, parts), per, f"{per:,.10g}{bands}")


def _dobson(sums: pd.DataFrame, per: float, unit: str) -> pd.DataFrame:
    total, error = sums["count"].to_numpy(), sums["error"].to_numpy()
    enough = total >= FEWEST_EVENTS
    rate = np.where(enough, sums["rate"], np.nan)

    def limits(confidence: float) -> intervals.Limits:
        # in standard errors: widest for the most events below the rate, for the fewest above
        most, least = total + error, np.maximum(total - error, 1)
        lower, _ = intervals.byar(most, confidence=confidence)
        _, upper = intervals.byar(least, confidence=confidence)
        spread, slack = np.sqrt(sums["variance"].to_numpy()), sums["slack"].to_numpy()
        low = rate - slack - spread * (most - lower) / np.sqrt(most)
        high = rate + slack + spread * (upper - least) / np.sqrt(least)
        return np.maximum(low, 0) * per, high * per

    choices = [
        (np.isnan(total), "none: a count is missing"),
        (~enough, f"none: fewer than {FEWEST_EVENTS} events"),
        (error > 0, "Dobson, widened for rounding"),
    ]
    method = intervals.labels(sums.index, choices, "Dobson")
    kept = sums.drop(columns=["error", "rate", "slack", "variance"])
    return intervals.add_interval(
        kept.astype({"count": "Int64"}),
        rate * per,
        limits,
        statistic=f"directly standardised rate per {unit}",
        method=method,
    )


def standardised_ratio(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    reference: pd.DataFrame,
    per: float = 100,
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """
    Return the indirectly standardised ratio of each group: events observed over expected.

    Parameters
    ----------
    table
        One row a group and band of age: the columns of `by`, `age_band`, `count`,
        `denominator`; optionally `count_error`.
    by
        Columns that make a group.
    reference
        One row a band of age of the population compared with: `age_band, count, denominator`.
    per
        100 gives a ratio in which 100 is as many as expected.
    dispersion
        Variance over mean of the counts, 1 for independent events.

    Returns
    -------
    table
        `by, count, expected, value, lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci,
        statistic, method`; missing where a count is missing or nothing is expected.

    Raises
    ------
    DataError
        If a band is missing from a group or from the reference, or counts cannot be.

    Notes
    -----
    Exact Poisson limits below 10 observed events, Byar's from 10. The reference's own
    uncertainty is left out. Ratios of different groups cannot be compared with each other.
    """
    from vrn_analysis.methods.rates.crude import crude_rate

    checks.check(table, whole=["count"], real=["denominator"])
    checks.check(reference, whole=["count"], positive=["denominator"])
    problems = _missing_bands(reference, (), set())
    if not problems:
        problems = _unknown_bands(table, pd.Index(reference["age_band"]), "the reference")
        problems += _missing_bands(table, by, set(reference["age_band"]))
    checks.refuse(problems)
    known = reference.set_index("age_band")
    rate = known["count"].astype(float) / known["denominator"].astype(float)
    people = numbers(table, "denominator")
    expected = table["age_band"].map(rate).to_numpy(dtype=float) * people
    error = np.nan_to_num(numbers(table, "count_error"))
    parts = {"count": numbers(table, "count"), "denominator": expected, "count_error": error}
    sums = _grouped(table, by, parts).astype({"count": "Int64"})
    done = crude_rate(sums, per=per, dispersion=dispersion)
    kept = done if error.any() else done.drop(columns="count_error")
    return kept.rename(columns={"denominator": "expected"}).assign(
        statistic=f"standardised ratio x {per:,.10g}"
    )
