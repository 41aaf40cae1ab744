"""Count offences, incidents and people, people who reappear, and victims who are suspects."""

from collections.abc import Mapping

import ibis
import pandas as pd

from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.count.tables.counts import count, with_total

TIMES = ("Once", "Twice", "Three times or more")
PARTS = ("Victim only", "Suspect only", "Both victim and suspect")
# how often somebody was hurt and how often suspected are two things: in one column they would seem
# to be one, and a reader's sums would not be those of the people
AS = {"Victim": ("Victims", "times_hurt"), "Suspect": ("Suspects", "times_suspected")}
PART_NESTING = {
    ("part", "part"): {
        PARTS[0]: ["Victims"],
        PARTS[1]: ["Suspects"],
        PARTS[2]: ["Victims", "Suspects"],
    }
}
NO_REFERENCE = "without a reference, who cannot be linked"


def count_units(offences: ibis.Table, people: ibis.Table) -> pd.DataFrame:
    """
    Count offences, incidents, victims and suspects, each apart.

    Parameters
    ----------
    offences
        The offences that count.
    people
        Their victims and suspects, as `tables.people` returns them.

    Returns
    -------
    units
        `unit` and `count`. A person is counted once for each offence, and different people are
        told apart by their reference; those without one are counted in a row of their own.
    """
    sizes = {"Offences": offences.count()}
    if "incident_ref" in offences.columns:
        alone = offences.incident_ref.isnull().sum().fill_null(0)
        sizes["Incidents"] = offences.incident_ref.nunique() + alone
    rows = [offences.aggregate(**sizes).to_pandas().iloc[0]]
    for role in ("Victim", "Suspect"):
        part = people.filter(people.role == role)
        named = {
            f"{role}s, once for each offence": part.count(),
            f"Different people who were {role.lower()}s": part.person_ref.nunique(),
            f"{role}s {NO_REFERENCE}": part.person_ref.isnull().sum().fill_null(0),
        }
        rows.append(part.aggregate(**named).to_pandas().iloc[0])
    units = pd.concat(rows)
    return pd.DataFrame(
        {
            "unit": pd.array(units.index, dtype="str"),
            "count": pd.array(units.to_numpy(), dtype="Int64"),
        }
    )


def _refused_without_references(people: ibis.Table) -> ibis.Table:
    linked = people.filter(people.person_ref.notnull())
    if not linked.count().execute():
        raise NotInThisRun(
            "No victim or suspect has a person_ref, so nobody can be recognised again. Ask the "
            "source for a pseudonym that is the same for the same person."
        )
    return linked


def count_repeats(people: ibis.Table) -> pd.DataFrame:
    """
    Count people by how often they come up in the same role: aggregate counts only.

    Parameters
    ----------
    people
        As `tables.people` returns them; filter first, to those counted while under 25 say.

    Returns
    -------
    table
        `role`, `times` (Once, Twice, Three times or more: different incidents, where offences
        have them, else offences), `count` (different people).

    Raises
    ------
    NotInThisRun
        If nobody has a `person_ref`.
    """
    linked = _refused_without_references(people)
    event = linked.offence_id
    if "incident_ref" in linked.columns:
        event = ibis.coalesce(linked.incident_ref, linked.offence_id)
    each = linked.group_by(["role", "person_ref"]).aggregate(n=event.nunique())
    named = each.mutate(times=ibis.cases((each.n == 1, TIMES[0]), (each.n == 2, TIMES[1]),
                                         else_=TIMES[2]))  # fmt: skip
    return count(named, ["role", "times"], levels={"role": ("Victim", "Suspect"), "times": TIMES})


def count_overlap(people: ibis.Table) -> pd.DataFrame:
    """
    Count people who are victim, suspect or both, in different or the same offences.

    Parameters
    ----------
    people
        As `tables.people` returns them; filter first, to those counted while under 25 say.

    Returns
    -------
    table
        `part` (Victim only, Suspect only, Both victim and suspect) and `count` (different people).

    Raises
    ------
    NotInThisRun
        If nobody has a `person_ref`.
    """
    linked = _refused_without_references(people)
    each = linked.group_by("person_ref").aggregate(
        victim=(linked.role == "Victim").any(), suspect=(linked.role == "Suspect").any()
    )
    named = each.mutate(
        part=ibis.cases((each.victim & each.suspect, PARTS[2]), (each.victim, PARTS[0]),
                        else_=PARTS[1])
    )  # fmt: skip
    return count(named, ["part"], levels={"part": PARTS})


def again_tables(people: ibis.Table) -> dict[str, pd.DataFrame]:
    """
    Return who comes up again and who is victim and suspect, to protect together.

    They count the same people: everybody hurt is a victim alone or both.

    Parameters
    ----------
    people
        As `tables.people` returns them; filter first, to those counted while under 25 say.

    Returns
    -------
    tables
        `Victim` and `Suspect`, by how often, with totals; and `parts`, as `count_overlap` counts
        them. `PART_NESTING` says what lies in what; `repeats_of` gives the first two back as one.

    Raises
    ------
    NotInThisRun
        If nobody has a `person_ref`.
    """
    repeats = with_total(count_repeats(people), "times")
    found = {}
    for role, (part, times) in AS.items():
        rows = repeats[repeats["role"] == role].reset_index(drop=True)
        found[role] = pd.DataFrame({"part": part, times: rows["times"], "count": rows["count"]})
    return found | {"parts": count_overlap(people)}


def repeats_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Return the protected tables of who comes up again as one.

    Parameters
    ----------
    tables
        As `again_tables` makes them, protected.

    Returns
    -------
    repeats
        `role`, `times` and what protection made of the counts.
    """
    named = [
        tables[role].rename(columns={times: "times"}).assign(part=role)
        for role, (_, times) in AS.items()
    ]
    return pd.concat(named, ignore_index=True).rename(columns={"part": "role"})


def group_sizes(records: ibis.Table) -> pd.Series:
    """
    Return how many records each incident has, no names: for `rates.dispersion_of_incidents`.

    Parameters
    ----------
    records
        Records in the engine; one without `incident_ref` stands alone. Where no record has one,
        each offence is an incident.
    """
    unit = "incident_ref" if "incident_ref" in records.columns else "offence_id"
    named = records.filter(records[unit].notnull())
    sizes = named.group_by(unit).aggregate(size=ibis._.count())
    table = sizes.group_by("size").aggregate(groups=ibis._.count()).order_by("size").to_pandas()
    alone = int(records[unit].isnull().sum().execute() or 0)
    counted = table["size"].repeat(table["groups"]).to_list() + [1] * alone
    return pd.Series(counted, name="records", dtype="int64")
