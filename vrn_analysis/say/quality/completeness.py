"""Count missing values: overall, by month, and of victims and suspects."""

from collections.abc import Sequence

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.count.tables import count_missing
from vrn_analysis.say.quality.measures import Found, beyond_chance, measured

COMPLETENESS = "Completeness"
STEADINESS = "Completeness over time"
PEOPLE = "Victims and suspects"
# fields of all persons, and of suspects only
OF_PERSONS = ("sex", "self_defined_ethnicity", "home_lsoa_code")
OF_SUSPECTS = ("relationship_to_victim",)
_WORDS = {
    "home_lsoa_code": "home small area",
    "relationship_to_victim": "relationship to victim",
    "self_defined_ethnicity": "self-defined ethnicity",
}


def empty_fields(records: ibis.Table, columns: Sequence[str]) -> pd.DataFrame:
    """
    Count the records without a value, field by field.

    Parameters
    ----------
    records
        Records in the engine.
    columns
        The fields.

    Returns
    -------
    measures
        As `measured` returns them.
    """
    missing = count_missing(records, columns)
    rows = zip(missing["field"], missing["count"], missing["denominator"], strict=True)
    return measured(COMPLETENESS, (Found(f"{f}, no value", int(n), int(of)) for f, n, of in rows))


def unsteady_fields(monthly: pd.DataFrame) -> pd.DataFrame:
    """
    Return, for each field, the month with most missing values beyond its usual share.

    A field that comes and goes can pass for a trend in whatever it decides.

    Parameters
    ----------
    monthly
        As `tables.count_missing` by `month` returns it: true counts.

    Returns
    -------
    measures
        One row a field: `count` is how many more records lack it in its worst month than the
        share over the whole period leads to expect (0 where chance alone may do it, at 1 in 1,000
        over all months), of the records of that month.
    """
    found = []
    for field, rows in monthly.groupby("field", sort=False):
        share = rows["count"].sum() / max(rows["denominator"].sum(), 1)
        worst = rows.loc[(rows["count"] / rows["denominator"]).astype(float).idxmax()]
        of = int(worst["denominator"])
        alpha = 0.001 / len(rows)
        excess = beyond_chance(int(worst["count"]), of, float(share), alpha=alpha)
        month = f"{worst['month']:%B %Y}: {worst['count'] / of:.1%}, {share:.1%} overall"
        found.append(
            Found(
                f"{field}, month furthest beyond its usual share",
                excess,
                of,
                month if excess else "",
            )
        )
    return measured(STEADINESS, found)


def _blank_persons(persons: ibis.Table, role: str) -> dict[str, ibis.Value]:
    names = [*OF_PERSONS, *(OF_SUSPECTS if role == "suspect" else ())]
    blank = {
        _WORDS.get(name, name) + ", no value": persons[name].isnull()
        for name in names
        if name in persons.columns
    }
    bands = persons.age_band if "age_band" in persons.columns else ibis.null("string")
    if "age" in persons.columns:
        blank["age, neither in years nor as a band"] = persons.age.isnull() & bands.isnull()
        blank["age, only a band"] = persons.age.isnull() & bands.notnull()
    return blank


def empty_of_persons(persons: ibis.Table) -> pd.DataFrame:
    """
    Count the victims, and the suspects, of whom something is not known.

    Parameters
    ----------
    persons
        Victims and suspects in the engine, by the `persons` contract.

    Returns
    -------
    measures
        As `measured` returns them: age (neither age nor band; a band only), sex, ethnicity, home,
        and for suspects the relationship.
    """
    found = []
    for role in ("victim", "suspect"):
        blank = _blank_persons(persons, role)
        sums = {name: value.sum().fill_null(0) for name, value in blank.items()}
        counts = persons.filter(persons.role == role).aggregate(of=_.count(), **sums).to_pandas()
        of = int(counts["of"][0])
        found += [
            Found(f"{role.capitalize()}s, {name}", int(counts[name][0]), of) for name in blank
        ]
    return measured(PEOPLE, found)
