"""
Counts of which several chapters show parts, or beside which they protect their own.

Each function returns tables and what is part of what in them: see `publish.protect_beside`.
"""

from collections.abc import Mapping

import ibis
import pandas as pd

from vrn_analysis.count import tables, times
from vrn_analysis.count.assessment import Run

Counts = tuple[dict[str, pd.DataFrame], Mapping[tuple[str, str], Mapping]]
FEW = {
    "crime_group": ["Homicide", "Violence with injury"],
    "weapon": ["Corrosive", "Firearm", "Vehicle", "Other"],
}


def by_outcome(run: Run) -> Counts:
    """Return `steps`, `decided` and `headline`: all records, by whether and why they count."""
    if not run.can("definition"):
        return {}, {}
    classified = run.classified()
    possible = classified.filter(classified.outcome.isin(["IN", "UNKNOWN"]))
    groups = tables.count(possible, ["crime_group", "outcome"]).fillna({"crime_group": "Not known"})
    headline = run.bounds().rename(columns={"bound": "outcome"})
    steps = tables.waterfall_counts(classified)
    counts = {"steps": steps, "decided": groups, "headline": headline}
    return counts, {("crime_group", "crime_group"): dict.fromkeys(groups["crime_group"], "All")}


def by_time(run: Run) -> Counts:
    """Return `months`, `years` and `groups` (of crimes): records that count."""
    counted = run.counted()
    months = tables.count(counted, ["month"], levels={"month": run.months})
    groups = tables.count(counted, ["crime_group"]).pipe(tables.with_total, "crime_group")
    years = times.whole_years(months, gaps=run.gaps)
    return {"months": months, "years": years, "groups": groups}, {}


def of_people(people: ibis.Table, lookup: pd.DataFrame) -> Counts:
    """Return victims and suspects by age, and those under 25 by what else is known of them."""
    young = people.filter(people.age_focus == "UNDER_25")
    two_sexes = people.filter(people.sex.isin(["Female", "Male"]))
    traits = {"ethnicity": (people, "self_defined_ethnicity")}
    traits["groups"] = tables.folded(people, "crime_group", FEW["crime_group"]), "crime_group"
    traits["weapons"] = tables.folded(people, "weapon", FEW["weapon"]), "weapon"
    traits["homes"] = tables.add_residence(young, lookup), "residence"
    one, whole = tables.count_persons, ["age_group", "sex"]
    counts = {
        "focus": one(people, ["role", "age_focus"], totals=["age_focus"]),
        "ages": one(people, ["role", *whole], totals=whole),
        "years": tables.only(one(two_sexes, ["role", "age", "sex"]), age=tables.SINGLE_AGES[10:]),
    }
    for name, (who, by) in traits.items():
        counts[name] = one(who, ["role", by], totals=[by], young=True)
    where = {"level": "district", "by": ["role", "age_focus"]}
    return counts | {"districts": tables.count_by_area(young, lookup, **where)}, {}
