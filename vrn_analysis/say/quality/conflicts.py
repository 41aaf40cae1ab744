"""Records that contradict themselves or repeat another."""

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import RELATIONSHIPS
from vrn_analysis.count import classify
from vrn_analysis.say.quality.measures import Found, measured

CONTRADICTIONS = "Contradictions"


FAMILY = RELATIONSHIPS[RELATIONSHIPS.index("partner") : RELATIONSHIPS.index("other")]


def contradictions(
    classified: ibis.Table, persons: ibis.Table | None, *, sexual_classes: frozenset[str]
) -> pd.DataFrame:
    """
    Count the records whose columns do not agree, by kind.

    Parameters
    ----------
    classified
        What `classify.classify` returned.
    persons
        Victims and suspects; None where they are not known.
    sexual_classes
        The Home Office classes of sexual offences.

    Returns
    -------
    measures
        As `measured` returns them, of all records. That someone is victim and suspect of one crime
        is no contradiction and not among them.
    """
    of = int(classified.count().to_pandas())
    known = classify.contradictions(classified).set_index("flag")["records"]
    found = [
        Found(classify.FLAGS[flag], int(known.get(flag, 0)), of) for flag in classify.CONTRADICTIONS
    ]
    found.append(_flagged_sexual(classified, sexual_classes, of))
    if persons is not None and "relationship_to_victim" in persons.columns:
        found.append(_flagged_domestic(classified, persons, of))
    return measured(CONTRADICTIONS, found)


def _flagged_sexual(classified: ibis.Table, sexual: frozenset[str], of: int) -> Found:
    name = "Flagged as sexual; the offence is not a sexual one (it may be right)"
    if "sexual_flag" not in classified.columns:
        return Found(name, 0, of)
    other = classified.filter(classified.sexual_flag & classified.class_code.notin(list(sexual)))
    return Found(name, int(other.count().to_pandas()), of)


def _flagged_domestic(classified: ibis.Table, persons: ibis.Table, of: int) -> Found:
    name = "Flagged as domestic; every suspect is known and none is family"
    if "domestic_flag" not in classified.columns:
        return Found(name, 0, of)
    relation = persons.relationship_to_victim
    suspects = (
        persons.filter(persons.role == "suspect")
        .group_by("offence_id")
        .aggregate(known=relation.notnull().all(), family=relation.isin(FAMILY).any())
    )
    # no suspect is family, and every suspect's relationship is known
    none = suspects.filter(_.known & ~_.family)
    flagged = classified.filter(classified.domestic_flag).semi_join(none, "offence_id")
    return Found(name, int(flagged.count().to_pandas()), of)


REPEATS = "Duplicates"


# two records of one crime, class, minute and point under different identifiers, of no one incident
ALIKE = ("class_code", "occurred_from", "easting", "northing", "location_type")


def repeated_records(records: ibis.Table) -> pd.DataFrame:
    """
    Count records that repeat another.

    Parameters
    ----------
    records
        Records in the engine with `offence_id` (null where the source gives none).

    Returns
    -------
    measures
        As `measured` returns them: records beyond the first of each identifier; where `month` is
        known, identifiers that come in several months; where `status` is known, those the source
        marks as duplicates; where they can be told, those alike in class, minute, point and kind of
        place under another identifier, and of no shared incident; where some have no identifier,
        those of them that repeat another in every column.
    """
    of = int(records.count().to_pandas())
    named = records.filter(records.offence_id.notnull())
    kinds = named.aggregate(n=_.count(), ids=_.offence_id.nunique()).to_pandas().iloc[0]
    again = int(kinds["n"] - kinds["ids"])
    found = [Found("Same identifier more than once", again, of)]
    if "month" in records.columns:
        found.append(Found("Identifier that recurs in a later month", _recurring(named), of))
    if "status" in records.columns:
        marked = int(records.filter(records.status == "duplicate").count().to_pandas())
        found.append(Found("Marked as a duplicate by the source", marked, of))
    if {*ALIKE, "incident_ref"} <= set(records.columns):
        found.append(Found("Alike in every respect under another identifier", _alike(named), of))
    if int(kinds["n"]) < of:
        found.append(_without_identifier(records, of))
    return measured(REPEATS, found)


def _recurring(named: ibis.Table) -> int:
    months = named.group_by("offence_id").aggregate(n=_.month.nunique())
    return int(months.filter(months.n > 1).count().to_pandas())


def _alike(records: ibis.Table) -> int:
    exact = records.filter(
        *(records[name].notnull() for name in ALIKE), (records.time_precision == "minute")
    )
    if "status" in records.columns:
        exact = exact.filter((exact.status != "duplicate").fill_null(True))
    groups = exact.group_by(*ALIKE).aggregate(
        ids=_.offence_id.nunique(), incidents=_.incident_ref.fill_null(_.offence_id).nunique()
    )
    more = groups.filter((groups.ids > 1) & (groups.incidents > 1))
    return int(more.aggregate(n=(more.incidents - 1).sum().fill_null(0)).to_pandas()["n"][0])


def _without_identifier(records: ibis.Table, of: int) -> Found:
    nameless = records.filter(records.offence_id.isnull())
    columns = [name for name in records.columns if name != "offence_id"]
    whole = int(nameless.count().to_pandas())
    distinct = int(nameless.select(columns).distinct().count().to_pandas())
    words = f"{whole:,} records have no identifier"
    return Found("Alike in every column, without an identifier", whole - distinct, of, words)
