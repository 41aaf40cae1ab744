"""Compute harm and the Home Office measures from protected counts."""

from collections.abc import Mapping
from typing import Any

import ibis
import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.tables import ALL, count, residents, with_total
from vrn_analysis.count.tables.people import ADULT, FOCUS, YOUNG
from vrn_analysis.count.times import financial_years
from vrn_analysis.methods.harm.measures import AGE_GROUPS, homicide, measure
from vrn_analysis.methods.harm.weights import check_weights, harm
from vrn_analysis.methods.triangulate import add_age_focus

SHARP = "sharp_object"
# what a reader is shown of a measure, and of harm; the rest is in the CSV
_INTERVAL = ["lower_95_ci", "upper_95_ci"]
MEASURE_SHOWN = ["period", "age_group", "count", "status", "denominator", "value", *_INTERVAL]
MEASURE_SHOWN += ["statistic"]
HARM_SHOWN = ["crime_group", "count", "status", "per_cent_of_offences", "per_cent_of_harm"]
HARM_SHOWN += ["harm", *_INTERVAL]


def shown_harm(protected: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """
    Return count and harm side by side from protected counts, so that harm gives no count back.

    Parameters
    ----------
    protected
        Protected counts by `offence_code` and `crime_group`; suppressed ones are left out.
    weights
        As for `harm`.

    Returns
    -------
    table
        As `harm`, of the rounded counts, the interval widened by what rounding can have moved,
        and `status` ("summed": its count is added up from shown counts, and is none of them),
        `codes_left_out` (suppressed, or of no known class: in neither count nor harm),
        `per_cent_of_offences, per_cent_of_harm` (of what is shown).

    Raises
    ------
    DataError
        As `harm`; if every count is suppressed.
    """
    # offences that may be of either of two classes have no weight of their own
    weighed = (protected["status"] == "shown") & (protected["offence_code"] != "unknown")
    known = protected[weighed].reset_index(drop=True)
    if known.empty:
        raise NotEnoughError(
            f"None of {len(protected)} counts can be shown, so there is no harm to show."
        )
    worth = check_weights(weights).set_index("offence_code")["weight"]
    loose = (
        (known["offence_code"].map(worth) * known["count_error"])
        .groupby(known["crime_group"])
        .sum()
    )
    hidden = protected.loc[~weighed, "crime_group"].value_counts()
    table = harm(known, weights, by=["crime_group"])
    error = table["crime_group"].map(loose).to_numpy(dtype=float)
    limits = {
        name: np.maximum(table[name] - error, 0)
        if name.startswith("lower")
        else table[name] + error
        for name in table
        if name.endswith("_ci")
    }
    found = table.assign(
        **limits,
        status="summed",
        codes_left_out=table["crime_group"].map(hidden).fillna(0).astype("int64"),
        per_cent_of_offences=100 * table["share_of_count"],
        per_cent_of_harm=100 * table["share_of_harm"],
    ).drop(columns=["share_of_count", "share_of_harm"])
    found.attrs["shown"] = HARM_SHOWN
    return found


def by_year(monthly: pd.DataFrame, *, of: str) -> pd.DataFrame:
    """
    Add up monthly counts to whole financial years, with the total over the ages.

    Parameters
    ----------
    monthly
        `month`, the column of ages `of`, `count`; every month of every age, zeros included.
    of
        Column of ages: UNDER_25, 25_AND_OVER, UNKNOWN_AGE.

    Returns
    -------
    yearly
        `period` (2023/24), the ages, `count`, and rows "All".

    Raises
    ------
    DataError
        If a month is missing or repeats, or there is no whole year.
    """
    parts = [
        financial_years(rows[["month", "count"]])[["period", "count"]].assign(**{of: age})
        for age, rows in monthly.groupby(of, sort=False)
    ]
    yearly = pd.concat(parts, ignore_index=True)[["period", of, "count"]]
    if yearly.empty:
        raise DataError("The period has no complete financial year, April to March.")
    return with_total(yearly.astype({"count": "Int64"}), of)


def age_cuts(table: pd.DataFrame, *, of: str) -> pd.DataFrame:
    """
    Return the two rows of each period that the measures ask for: all ages, and under 25.

    Parameters
    ----------
    table
        Counts with the column of ages `of`: "All" and UNDER_25.

    Returns
    -------
    table
        Those rows, the ages as `age_group` ("All ages", "Under 25").
    """
    words = dict(zip((ALL, YOUNG), AGE_GROUPS, strict=True))
    kept = table[table[of].isin(list(words))].reset_index(drop=True)
    named = kept.assign(**{of: kept[of].map(words)}).rename(columns={of: "age_group"})
    return named.sort_values(["period", "age_group"], ignore_index=True)


def join_age_groups(
    table: pd.DataFrame, population: pd.DataFrame, lookup: pd.DataFrame
) -> pd.DataFrame:
    """
    Add the residents of the same ages to counts of a year.

    Parameters
    ----------
    table
        `age_group`: "All ages" or "Under 25".
    population, lookup
        Residents by small area and single year of age, and the area's small areas.
    """
    ages = dict(zip(AGE_GROUPS, ((0, 120), (0, ADULT - 1)), strict=True))
    people = {
        name: residents(population, lookup, level="district", ages=limits)
        .set_index("area_code")
        .loc[ALL, "denominator"]
        for name, limits in ages.items()
    }
    return table.assign(denominator=table["age_group"].map(people))


def rated(
    yearly: pd.DataFrame, run: Run, measures: Mapping[str, Any], *, name: str, of: str
) -> pd.DataFrame:
    """
    Return a Home Office measure for all ages and under 25, by residents: see `measure`.

    Parameters
    ----------
    yearly
        Protected, as `by_year` returns them.
    measures, name
        As for `measure`.
    of
        Column of ages.
    """
    cuts = join_age_groups(age_cuts(yearly, of=of), run.population, run.lookup)
    found = measure(cuts, measures, name=name)
    found.attrs["shown"] = MEASURE_SHOWN
    return found


def pooled(monthly: pd.DataFrame, measures: Mapping[str, Any], *, audience: str) -> pd.DataFrame:
    """
    Return homicide of the last three years from monthly counts of victims, to protect.

    Parameters
    ----------
    monthly
        `month, age_focus, count`.
    measures, audience
        As for `homicide`.
    """
    yearly = age_cuts(by_year(monthly, of="age_focus"), of="age_focus")
    return homicide(yearly, measures, audience=audience)[["period", "age_group", "count"]]


def admission_years(events: ibis.Table, *, months: pd.DatetimeIndex) -> pd.DataFrame:
    """
    Count admissions for assault with a sharp object by financial year and age.

    Parameters
    ----------
    events
        One row an admission: `cause`, its age, and `month` or, of a provider who sends years only,
        `period`.
    months
        The months of the run; only years that are whole in them are given.

    Returns
    -------
    yearly
        `period` (2023/24), `age_focus`, `count`, and rows "All", zeros included.

    Raises
    ------
    DataError
        If the run holds no whole financial year.
    """
    sharp = add_age_focus(events.filter(events.cause == SHARP), source="Admissions")
    if "month" in events.columns:
        levels = {"month": months, "age_focus": FOCUS}
        monthly = count(sharp, ["month", "age_focus"], levels=levels)
        return by_year(monthly[monthly["month"].notna()].reset_index(drop=True), of="age_focus")
    years = pd.DataFrame({"month": months, "count": 0})
    whole = financial_years(years)["period"]
    levels = {"period": whole, "age_focus": FOCUS}
    table = count(sharp, ["period", "age_focus"], levels=levels)
    return with_total(table[table["period"].notna()].reset_index(drop=True), "age_focus")
