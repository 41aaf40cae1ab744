"""Measure over-representation by sex and ethnic group, with bounds for unknown values."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods.rates import checks
from vrn_analysis.methods.rates.checks import numbers
from vrn_analysis.methods.trends import change_between

UNKNOWN = "Unknown"
UNKNOWN_IN_TABLES = "Not known"
SELF_DEFINED = "self-defined"
OFFICER_OBSERVED = "officer-observed"
BASES = (SELF_DEFINED, OFFICER_OBSERVED, "sex as recorded")
READING = (
    "This shows who is recorded. It does not explain why, because it also reflects exposure, "
    "reporting and policing. The bounds assume that all people of unknown group, or none, belong "
    "to the group."
)


def _split(table: pd.DataFrame, group: str, unknown: str) -> tuple[pd.DataFrame, float]:
    is_unknown = table[group].isna() | (table[group] == unknown)
    missing = table.loc[is_unknown, "count"]
    if missing.isna().any():
        return table[~is_unknown], np.nan
    return table[~is_unknown].reset_index(drop=True), float(missing.sum())


def _check(table: pd.DataFrame, group: str, basis: str, reference: str) -> None:
    checks.refuse([f"column {group!r} is missing"] if group not in table else [])
    checks.check(table, whole=["count"], real=["denominator"])
    problems = []
    if basis not in BASES:
        problems.append(f"basis is {basis!r}; it must be one of {', '.join(BASES)}")
    if basis == OFFICER_OBSERVED:
        problems.append(
            "officer-observed ethnicity has no rate for residents by self-defined ethnicity: "
            "show its counts separately"
        )
    if (table[group] == reference).sum() != 1:
        problems.append(f"the reference {reference!r} is not one row of {group!r}")
    checks.refuse(problems)


def disproportionality(
    table: pd.DataFrame,
    *,
    basis: str,
    reference: str,
    group: str = "self_defined_ethnicity",
    unknown: str = UNKNOWN,
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """
    Return how many times the reference group's rate each group's rate is, with bounds.

    Parameters
    ----------
    table
        One row a group: the group, `count` (people) and `denominator` (residents by the same
        classification); optionally `count_error`. The row of the unknown needs no denominator.
    basis
        "self-defined" or "sex as recorded". "officer-observed" is refused: no resident
        population is classified that way.
    reference
        The group that others are compared with.
    group
        Column of the groups.
    unknown
        The group that stands for unknown; missing values count as unknown too.
    dispersion
        Variance over mean of the counts where people come in several crimes.

    Returns
    -------
    table
        One row a known group but the reference: the group, `count, denominator, value` (ratio of
        rates among those known), `lower_95_ci, upper_95_ci`; `bound_low, bound_high` (all unknown
        in the reference group; all in this group), `bound_lower_95_ci, bound_upper_95_ci` (their
        intervals), `unknown_count, unknown_share` (missing where a count is), `result`
        ("higher" or "lower" for every unknown value; "not clear"), `basis, statistic, method,
        reading`.

    Raises
    ------
    DataError
        If the basis is officer-observed or unknown, the reference is missing, some known groups
        have no residents, or counts cannot be.
    NotInThisRun
        If no group has residents: the population is not split that way.

    Notes
    -----
    Conditional exact limits. The bounds hold whatever the reason is that people are unknown.
    """
    _check(table, group, basis, reference)
    known, hidden = _split(table, group, unknown)
    own = known[known[group] != reference].reset_index(drop=True)
    ref = known[known[group] == reference].iloc[0]
    without = ~(known["denominator"] > 0)
    if without.all():
        raise NotInThisRun(f"The residents of this run are not given by {basis}.")
    if without.any():
        raise DataError(
            f"{int(without.sum())} of {len(known)} groups have no residents. Use one "
            "classification for people and residents."
        )
    error = np.nan_to_num(numbers(table, "count_error")).max()
    base = {"dispersion": dispersion, "count_error": error}
    # the unknown are rounded too, so what they could add is wrong by as much again
    both = base | {"count_error": 2 * error}
    count, people = numbers(own, "count"), numbers(own, "denominator")
    plain = change_between(ref["count"], ref["denominator"], count, people, **base)
    low = change_between(ref["count"] + hidden, ref["denominator"], count, people, **both)
    high = change_between(ref["count"], ref["denominator"], count + hidden, people, **both)
    result = np.select(
        [low["lower_95_ci"] > 1, high["upper_95_ci"] < 1], ["higher", "lower"], "not clear"
    )
    whole = numbers(table, "count").sum() or np.nan
    return own.assign(
        value=plain["value"],
        lower_95_ci=plain["lower_95_ci"],
        upper_95_ci=plain["upper_95_ci"],
        bound_low=low["value"],
        bound_high=high["value"],
        bound_lower_95_ci=low["lower_95_ci"],
        bound_upper_95_ci=high["upper_95_ci"],
        unknown_count=np.where(np.isnan(count), np.nan, hidden),
        unknown_share=np.where(np.isnan(count), np.nan, hidden / whole),
        result=pd.Series(result, index=own.index, dtype="str"),
        basis=basis,
        statistic=f"rate ratio, over {reference}",
        method="conditional exact, with all unknown on either side as bounds",
        reading=READING,
    )


def by_role(
    table: pd.DataFrame,
    residents: pd.DataFrame,
    *,
    group: str,
    basis: str,
    reference: str,
    dispersion: float = 1.0,
) -> pd.DataFrame:
    """
    Return the disproportionality of victims and of suspects, one below the other.

    Parameters
    ----------
    table
        Protected counts: `role`, the group, `count, count_error`; the unknown as "Not known".
        Rows of groups that have no residents (a total, say) are left out.
    residents
        The group and `denominator` (person-years).
    group, basis, reference, dispersion
        As for `disproportionality`.

    Returns
    -------
    table
        `role`, `compared` (such as "Victims: Male over Female"), then as `disproportionality`.

    Raises
    ------
    DataError
        As `disproportionality`.
    """
    wanted = [*residents[group], UNKNOWN_IN_TABLES]
    kept = table[table[group].isin(wanted)].merge(residents, on=group, how="left")
    given = {"group": group, "basis": basis, "reference": reference, "dispersion": dispersion}
    parts = [
        disproportionality(
            rows.drop(columns="role").reset_index(drop=True), unknown=UNKNOWN_IN_TABLES, **given
        ).assign(role=role)
        for role, rows in kept.groupby("role", sort=False)
    ]
    both = pd.concat(parts, ignore_index=True)
    compared = both["role"].astype("str") + "s: " + both[group].astype("str") + f" over {reference}"
    ordered = ["role", "compared", *(name for name in both if name not in ("role", group))]
    return both.assign(compared=compared)[ordered]


def residence_beside_offence(by_offence: pd.DataFrame, by_residence: pd.DataFrame) -> pd.DataFrame:
    """
    Return the victims who live in each area beside the victims hurt there.

    Parameters
    ----------
    by_offence, by_residence
        `area_code` and `count` of the same people: by the place of the offence, and by where they
        live. Those without a place, or from outside, stand in a row with a missing code.

    Returns
    -------
    table
        `area_code, hurt_here, live_here, more_hurt_than_live` (hurt here less live here),
        `rank_by_offence, rank_by_residence` (1 is most), every area that is in either.

    Raises
    ------
    DataError
        If a column is missing, or the two do not hold the same number of people.
    """
    for name, one in (("by_offence", by_offence), ("by_residence", by_residence)):
        checks.require(one, ("area_code", "count"), f"table {name}")
    totals = by_offence["count"].sum(), by_residence["count"].sum()
    # where counts are hidden, totals cannot be compared
    if totals[0] != totals[1] and not any(
        one["count"].isna().any() or "count_error" in one for one in (by_offence, by_residence)
    ):
        raise DataError(
            f"by_offence contains {totals[0]:,} people and by_residence {totals[1]:,}: count the "
            "same people both ways, with a row for those without a place."
        )
    pairs = {"hurt_here": by_offence, "live_here": by_residence}
    columns = [one.set_index("area_code")["count"].rename(name) for name, one in pairs.items()]
    both = pd.concat(columns, axis=1).sort_index().reset_index()
    for name, one in pairs.items():
        there = both["area_code"].isin(one["area_code"])
        both[name] = both[name].where(there, 0).astype("Int64")
    return both.assign(
        more_hurt_than_live=both["hurt_here"] - both["live_here"],
        rank_by_offence=both["hurt_here"].rank(ascending=False, method="min").astype("Int64"),
        rank_by_residence=both["live_here"].rank(ascending=False, method="min").astype("Int64"),
    )
