"""Victims and suspects of counted offences, in age bands that are certain."""

from collections.abc import Sequence

import ibis
import pandas as pd

from vrn_analysis.core import contracts
from vrn_analysis.core.contracts import ETHNIC_GROUPS, PERSONS, ROLES, SEXES
from vrn_analysis.core.errors import DataError
from vrn_analysis.count.classify.columns import complete
from vrn_analysis.count.classify.people import age_limits
from vrn_analysis.count.tables.counts import count, with_total

NOT_KNOWN = "Not known"
YOUNG, OLDER, UNKNOWN_AGE = "UNDER_25", "25_AND_OVER", "UNKNOWN_AGE"
ADULT = 25
RESPONSIBLE = 10  # the age of criminal responsibility in England and Wales
AGE_BANDS = {"0 to 9": (0, 9), "10 to 17": (10, 17), "18 to 24": (18, 24), "25 and over": (25, 120)}
YOUNG_NOT_SURE = "Under 25, band not known"
AGE_GROUPS = (*list(AGE_BANDS)[:3], YOUNG_NOT_SURE, "25 and over", NOT_KNOWN)
YEAR_NOT_KNOWN = ", year not known"
SINGLE_AGES = tuple(str(age) for age in range(ADULT))
AGES = (*SINGLE_AGES, *(f"{group}{YEAR_NOT_KNOWN}" for group in AGE_GROUPS[:3]), *AGE_GROUPS[3:])
FOCUS = (YOUNG, OLDER, UNKNOWN_AGE)
KEPT = ("month", "incident_ref", "lsoa_code", "crime_group", "weapon", "place_class")


# labels that need more words
SPOKEN = {
    "weapon": {"none": "No weapon", "body": "Hands, feet or teeth"},
    "place_class": {"semi_public": "Semi-public"},
    "location_type": {
        "transport_vehicle": "Bus, tram or train",
        "licensed_premises_outside": "Outside licensed premises",
        "hotel_public": "Bar, lobby or restaurant of a hotel",
        "communal_area_open": "Communal area open to anyone",
        "communal_area_secure": "Communal area behind a lock",
        "communal_area_unknown": "Communal area, access not known",
    },
}


def _words(names: Sequence[str], *, of: str = "") -> tuple[str, ...]:
    spoken = SPOKEN.get(of, {})
    return tuple(spoken.get(name, name.replace("_", " ").capitalize()) for name in names)


WEAPONS = (*_words(contracts.WEAPONS, of="weapon"), NOT_KNOWN)
LEVELS = {
    "role": _words(ROLES),
    "age": AGES,
    "age_group": AGE_GROUPS,
    "age_focus": FOCUS,
    "sex": (*_words(SEXES), NOT_KNOWN),
    "self_defined_ethnicity": (*_words(ETHNIC_GROUPS), NOT_KNOWN),
}
_BANDS_OF_YEARS = [
    next(name for name, (low, high) in AGE_BANDS.items() if low <= age <= high)
    for age in range(ADULT)
]
# which ages lie in which group, and which groups are under 25, for tables protected together
AGE_NESTING = {
    ("age", "age_group"): dict(zip(AGES, [*_BANDS_OF_YEARS, *AGE_GROUPS], strict=True)),
    ("age_group", "age_focus"): dict.fromkeys(AGE_GROUPS[:4], YOUNG)
    | {"25 and over": OLDER, NOT_KNOWN: UNKNOWN_AGE},
}


def worded(records: ibis.Table, columns: Sequence[str]) -> ibis.Table:
    """
    Return the records with labels in words: knife_or_sharp is Knife or sharp, null is Not known.

    Parameters
    ----------
    records
        Records in the engine.
    columns
        Text columns; those that the records lack are passed over.
    """
    there = [records[name] for name in columns if name in records.columns]
    words = {
        (name := column.get_name()): column.cases(
            *SPOKEN.get(name, {"": ""}).items(), else_=column.replace("_", " ").capitalize()
        ).fill_null(NOT_KNOWN)
        for column in there
    }
    return records.mutate(**words) if words else records


def folded(records: ibis.Table, column: str, names: Sequence[str]) -> ibis.Table:
    """
    Return the records with several labels of a column as one, for groups too small to show alone.

    The label is the names joined by "or", the first as written: Homicide or violence with injury.
    """
    lowered = [names[0], *(name[:1].lower() + name[1:] for name in names[1:])]
    one = f"{', '.join(lowered[:-1])} or {lowered[-1]}"
    is_one = records[column].isin(list(names)).fill_null(False)
    return records.mutate(**{column: ibis.ifelse(is_one, one, records[column])})


def _age_labels(persons: ibis.Table) -> dict[str, ibis.Value]:
    low, high = persons._low, persons._high
    group = ibis.cases(
        *(((low >= a) & (high <= b), name) for name, (a, b) in AGE_BANDS.items()),
        (high < ADULT, YOUNG_NOT_SURE),
        else_=NOT_KNOWN,
    )
    single = (low == high) & (high < ADULT)
    vague = group.isin(AGE_GROUPS[:3])
    return {
        "age_group": group,
        "age_focus": ibis.cases((high < ADULT, YOUNG), (low >= ADULT, OLDER), else_=UNKNOWN_AGE),
        "age": ibis.cases(
            (single, low.cast("string")), (vague, group.concat(YEAR_NOT_KNOWN)), else_=group
        ),
    }


def people(offences: ibis.Table, persons: ibis.Table, *, keep: Sequence[str] = KEPT) -> ibis.Table:
    """
    Return the victims and suspects of some offences, in the words that tables are counted by.

    Parameters
    ----------
    offences
        The offences that count, one row each, with `offence_id`.
    persons
        Victims and suspects, as `contracts.PERSONS` says.
    keep
        Columns of the offences to take along, where they are there.

    Returns
    -------
    people
        One row for each part a person took in an offence, so a person can be in several:
        `offence_id, person_ref`, what was kept, `role` (Victim, Suspect), `age` (single year in
        words below 25), `age_group` (of `AGE_GROUPS`), `age_focus` (UNDER_25, 25_AND_OVER,
        UNKNOWN_AGE), `sex`, `self_defined_ethnicity` and `home_lsoa_code`. A value that is
        missing is "Not known". An age known only as a band is in a group if the whole band is.
        Suspects who are certainly under 10, the age of criminal responsibility, are left out: they
        are not profiled. People whose role is unclear are left out too, and the problems of the
        run count them.

    Raises
    ------
    DataError
        If `persons` does not keep its contract.
    """
    kept = [name for name in keep if name in offences.columns]
    limited = age_limits(complete(persons, PERSONS), has_bands="age_band" in persons.columns)
    # `age` is the number here and the words below
    labelled = limited.mutate(**_age_labels(limited))
    joined = offences.select("offence_id", *kept).inner_join(labelled, "offence_id")
    child = (joined.role == "suspect") & (joined._high < RESPONSIBLE)
    described = ["role", "sex", "self_defined_ethnicity"]
    joined = joined.filter(~child & joined.role.isin(ROLES))
    named = worded(joined, [*described, "weapon", "place_class", "crime_group"])
    ages = ["age", "age_group", "age_focus"]
    chosen = ["offence_id", "person_ref", *kept, *described, *ages, "home_lsoa_code"]
    made = named.select(*chosen)
    # counted many times over, so made once, for as long as the connection is open
    return made.get_backend().create_table(ibis.util.gen_name("people"), made, temp=True)


def count_persons(
    people: ibis.Table, by: Sequence[str], *, totals: Sequence[str] = (), young: bool = False
) -> pd.DataFrame:
    """
    Count victims and suspects, with a row for every combination, zeros included.

    Parameters
    ----------
    people
        As `people` returns them.
    by
        Columns to count by. `role` has to be among them: victims and suspects are never added.
    totals
        Those of the columns over which rows "All" are added.
    young
        Only those who are certainly under 25. Their `age_focus` stays in the table, so that it can
        be protected together with tables of all ages.

    Returns
    -------
    table
        The `by` columns and `count` (Int64). A person is counted once for each offence.

    Raises
    ------
    DataError
        If `role` is not among the columns, or is among the totals; if a column does not exist or
        identifies people.
    """
    if "role" not in by or "role" in totals:
        raise DataError(
            "Victims and suspects are counted apart: name role in by=, and not in totals=."
        )
    levels = {name: LEVELS[name] for name in by if name in LEVELS}
    if young:
        people, levels = people.filter(people.age_focus == YOUNG), levels | {"age_focus": [YOUNG]}
        by = ["role", "age_focus", *(name for name in by if name != "role")]
    table = count(people, by, levels=levels)
    for column in totals:
        table = with_total(table, column)
    return table


def profiled(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the rows that may be shown: without suspects under 10, whom `people` leaves out.

    Their rows are zeros that mean "not profiled", not "none": drop them after protection, which
    needs every part of a total.
    """
    labels = {
        "age": [*SINGLE_AGES[:RESPONSIBLE], f"0 to 9{YEAR_NOT_KNOWN}"],
        "age_group": ["0 to 9"],
    }
    child = pd.Series(False, index=table.index)
    for column, names in labels.items():
        if column in table:
            child |= (table["role"] == "Suspect") & table[column].isin(names)
    return table[~child].reset_index(drop=True)


def only(table: pd.DataFrame, **values: str | Sequence[str]) -> pd.DataFrame:
    """
    Return the rows with these values, in order.

    `only(table, role="Victim", sex=["Female", "Male"])`.
    """
    kept = pd.Series(True, index=table.index)
    for column, wanted in values.items():
        kept &= table[column].isin([wanted] if isinstance(wanted, str) else list(wanted))
    return table[kept].reset_index(drop=True)
