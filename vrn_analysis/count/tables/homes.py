"""Where people live compared with where they were hurt, and residents by age and sex."""

from collections.abc import Sequence

import ibis
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.tables.counts import ALL
from vrn_analysis.count.tables.denominators import join_denominator, require_one_count, residents
from vrn_analysis.count.tables.people import AGE_BANDS, NOT_KNOWN, OLDER, SINGLE_AGES, YOUNG

SAME_AREA, SAME_DISTRICT, ELSEWHERE, OUTSIDE, NO_PLACE = (
    "In the same small area",
    "Elsewhere in the same district",
    "In another district",
    "Outside the area",
    "The offence has no place",
)


def add_residence(people: ibis.Table, lookup: pd.DataFrame) -> ibis.Table:
    """
    Add where each person lives, seen from the place of the offence.

    Parameters
    ----------
    people
        As `tables.people` returns them, with `lsoa_code` kept.
    lookup
        Small areas and their districts (contract `LOOKUP`).

    Returns
    -------
    people
        With `residence`: in the same small area, elsewhere in the district, and so on, in words.
    """
    places = lookup[["lsoa_code", "district_code"]]
    here, home = (
        ibis.memtable(places.set_axis([f"{name}_lsoa", f"{name}_district"], axis=1))
        for name in ("_here", "_home")
    )
    both = people.left_join(here, people.lsoa_code == here._here_lsoa)
    both = both.left_join(home, both.home_lsoa_code == home._home_lsoa)
    residence = ibis.cases(
        (both._here_lsoa.isnull(), NO_PLACE),
        (both.home_lsoa_code.isnull(), NOT_KNOWN),
        (both._home_lsoa.isnull(), OUTSIDE),
        (both._home_lsoa == both._here_lsoa, SAME_AREA),
        (both._home_district == both._here_district, SAME_DISTRICT),
        else_=ELSEWHERE,
    )
    added = both.mutate(residence=residence)
    return added.drop("_here_lsoa", "_here_district", "_home_lsoa", "_home_district")


def _inside(population: pd.DataFrame, lookup: pd.DataFrame) -> pd.DataFrame:
    require_one_count(population)
    inside = population[population["lsoa_code"].isin(lookup["lsoa_code"])]
    if inside.empty:
        raise DataError(
            f"None of the {len(population)} rows of the population is in the area's "
            f"{len(lookup)} small areas. Are both files of one vintage?"
        )
    return inside


def _labels(ages: pd.Series, column: str) -> pd.Series:
    if column == "age":
        return ages.astype("str").where(ages.astype("str").isin(SINGLE_AGES), "25 and over")
    if column == "age_focus":
        return pd.Series(YOUNG, index=ages.index, dtype="str").where(ages < 25, OLDER)
    names = pd.Series(None, index=ages.index, dtype="str")
    for name, (low, high) in AGE_BANDS.items():
        names = names.mask(ages.between(low, high), name)
    return names


def join_residents(
    table: pd.DataFrame,
    population: pd.DataFrame,
    lookup: pd.DataFrame,
    *,
    level: str = "district",
    ages: tuple[int, int] = (0, 120),
    years: float = 1.0,
) -> pd.DataFrame:
    """
    Add the person-years of residents: of each area, or of the same ages and sex.

    Parameters
    ----------
    table
        Counts with `area_code` ("All" for the total), or with one of `age`, `age_group` or
        `age_focus`, with `sex`, or with both.
    population
        Residents by small area, sex and single year of age (contract `POPULATION`).
    lookup
        The area's small areas.
    level, ages
        Of counts by area: `lsoa`, `msoa` or `district`, and the ages of the residents, both
        included.
    years
        Length of the period counted.

    Returns
    -------
    table
        The same rows plus `denominator`: missing where the area, an age or sex is not known, and
        for each sex where the population is not split by sex.

    Raises
    ------
    DataError
        If the table has neither an age nor a sex, no small area has residents, or people are
        counted twice.
    """
    if "area_code" in table:
        people = residents(population, lookup, level=level, ages=ages)
        return join_denominator(table, people, years=years)
    by = [name for name in ("age", "age_group", "age_focus", "sex") if name in table]
    if not by or len(by) > 2 or (len(by) == 2 and by[1] != "sex"):
        raise DataError(
            f"Residents are by one column of ages, by sex, or by both; the table has "
            f"{', '.join(by) or 'neither'}."
        )
    sizes = _by_age_and_sex(_inside(population, lookup), by) * years
    keys = pd.MultiIndex.from_frame(table[by]) if len(by) > 1 else pd.Index(table[by[0]])
    return table.assign(denominator=sizes.reindex(keys).to_numpy(dtype=float))


def _by_age_and_sex(inside: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Return residents by the columns, with "All" over each."""
    people = inside.assign(sex=inside["sex"].str.capitalize())
    split = people[people["sex"] != "Persons"]
    whole = people.assign(sex=ALL)
    rows = pd.concat([whole, split]) if "sex" in by else whole
    for column in (name for name in by if name != "sex"):
        labels = _labels(rows["age"], column)
        rows = pd.concat([rows.assign(**{column: ALL}), rows.assign(**{column: labels})])
    return rows.groupby(list(by))["population"].sum()
