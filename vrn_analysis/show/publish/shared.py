"""
Counts of which several chapters show parts, or beside which they protect their own.

Each function returns tables, and what is part of what in them: a pair for `publish.protect`.
"""

from collections.abc import Mapping

import ibis
import pandas as pd

from vrn_analysis.count import tables
from vrn_analysis.count.assessment import Run

Counts = tuple[dict[str, pd.DataFrame], Mapping[tuple[str, str], Mapping]]


def by_outcome(run: Run) -> Counts:
    """Return `steps`, `decided` and `headline`: all records, by whether and why they count."""
    if not run.can("definition"):
        return {}, {}
    classified = run.classified()
    possible = classified.filter(classified.outcome.isin(["IN", "UNKNOWN"]))
    groups = tables.count(possible, ["crime_group", "outcome"]).fillna({"crime_group": "Not known"})
    bounds = run.bounds().rename(columns={"bound": "outcome"})
    steps = tables.waterfall_counts(classified)
    counts = {"steps": steps, "decided": groups, "headline": bounds}
    return counts, {("crime_group", "crime_group"): dict.fromkeys(groups["crime_group"], "All")}


def by_code(run: Run) -> Counts:
    """Return `codes`: records that count, by crime group and class of offence."""
    if not run.can("definition"):
        return {}, {}
    records = run.counted().rename(code="offence_code")
    records = records.mutate(offence_code=records.class_code.fill_null("unknown"))
    codes = tables.count(records, ["crime_group", "offence_code"])
    return {"codes": codes[codes["count"] > 0].reset_index(drop=True)}, {}


def of_people(people: ibis.Table, lookup: pd.DataFrame) -> Counts:
    """Return victims and suspects by age, and those under 25 by what else is known of them."""
    young, count = people.filter(people.age_focus == "UNDER_25"), tables.count_persons
    two_sexes = people.filter(people.sex.isin(["Female", "Male"]))
    grouped = tables.folded(people, "crime_group", ["Homicide", "Violence with injury"])
    armed = tables.folded(people, "weapon", ["Corrosive", "Firearm", "Vehicle", "Other"])
    placed = tables.add_residence(young, lookup)
    whole = ["age_group", "sex"]
    counts = {
        "focus": count(people, ["role", "age_focus"], totals=["age_focus"]),
        "ages": count(people, ["role", *whole], totals=whole),
        "years": tables.only(count(two_sexes, ["role", "age", "sex"]), age=tables.SINGLE_AGES[10:]),
    }
    traits = {"ethnicity": (people, "self_defined_ethnicity"), "groups": (grouped, "crime_group")}
    traits |= {"weapons": (armed, "weapon"), "homes": (placed, "residence")}
    for name, (who, by) in traits.items():
        counts[name] = count(who, ["role", by], totals=[by], young=True)
    where = {"level": "district", "by": ["role", "age_focus"]}
    return counts | {"districts": tables.count_by_area(young, lookup, **where)}, {}
