"""Count records with columns that contradict each other."""

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
