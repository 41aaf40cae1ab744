"""Rates by area and shares: join what they need to a protected table."""

import pandas as pd

from vrn_analysis.count import tables
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.tables.denominators import (
    count_by_quintile,
    deprivation_quintiles,
    residents_by_quintile,
)
from vrn_analysis.methods.rates.crude import crude_rate, proportion
from vrn_analysis.methods.rates.dispersion import dispersion_of_areas, with_dispersion


def per_residents(
    table: pd.DataFrame, run: Run, *, level: str = "district", workday: bool = False
) -> pd.DataFrame:
    """
    Return the rate per 1,000 residents a year of a run's counts by area, as far as they vary.

    Parameters
    ----------
    table
        Protected counts of `run.counted()`: by `area_code`, of the row "All" alone, or by
        `quintile` of income deprivation.
    level
        `lsoa`, `msoa`, `district`, or an area of the partnership's own.
    workday
        Take the people who are there on a workday instead of residents: such a rate says nothing
        of nights, weekends or residents.

    Returns
    -------
    table
        The same rows plus `denominator` and `dispersion`, and what `crude_rate` adds. By quintile,
        `attrs["basis"]` says which quintiles they are.
    """
    if "quintile" in table:
        return crude_rate(_by_quintile(table, run), per=1_000)
    counted, by_month = run.counted(), {"levels": {"month": run.months}}
    if (table["area_code"] == tables.ALL).all():
        months, by = tables.count(counted, ["month"], **by_month), None
    else:
        by_month |= {"level": level, "by": ["month"]}
        months, by = tables.count_by_area(counted, run.lookup, **by_month), "area_code"
    people = run.workday_population if workday else run.population
    joined = tables.join_residents(table, people, run.lookup, level=level, years=run.years)
    incidents = tables.group_sizes(counted)
    varied = with_dispersion(joined, months, by=by, incidents=incidents, breaks=run.breaks)
    return crude_rate(varied, per=1_000)


def _by_quintile(table: pd.DataFrame, run: Run) -> pd.DataFrame:
    quintiles = deprivation_quintiles(run.income_deprivation)
    small = tables.located(tables.count_by_area(run.counted(), run.lookup, level="lsoa"))
    count_by_quintile(small, quintiles)  # refuses small areas without a quintile
    small = tables.join_residents(small, run.population, run.lookup, level="lsoa", years=run.years)
    grouped = small.merge(quintiles, left_on="area_code", right_on="lsoa_code")
    people = residents_by_quintile(run.population, quintiles, years=run.years)
    found = table.merge(people).merge(dispersion_of_areas(grouped, by="quintile"))
    found.attrs["basis"] = quintiles["basis"].iloc[0]
    return found


def shares(table: pd.DataFrame, *, of: str, unknown: str | None = tables.NOT_KNOWN) -> pd.DataFrame:
    """
    Return the percentage that each value of a column is, with its interval.

    Parameters
    ----------
    table
        Protected counts by the column `of` with its rows "All", and any further keys.
    unknown
        What the column holds where it is not known: those come first, the others are shares of the
        known with bounds for all (`tables.join_known`). None takes shares of all.
    """
    if unknown is None:
        joined = tables.join_whole(table, of=of)
    else:
        joined = tables.join_known(table, of=of, unknown=unknown)
    found = proportion(joined, per=100)
    found.attrs["labels"] = {"denominator": "Out of", "value": "Percentage"}
    return found
