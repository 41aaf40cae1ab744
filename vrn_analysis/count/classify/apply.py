"""Apply a definition to a table of offences."""

from collections.abc import Sequence
from datetime import date

import ibis

from vrn_analysis.core.definition import Definition
from vrn_analysis.count.classify.facts import gather
from vrn_analysis.count.classify.labels import label
from vrn_analysis.count.classify.rules import check_period, conditions


def classify(
    offences: ibis.Table,
    persons: ibis.Table | None,
    *,
    definition: Definition,
    period: Sequence[str | date] | None = None,
    area_codes: Sequence[str] | None = None,
    blank_means_no: Sequence[str] = (),
) -> ibis.Table:
    """
    Classify each record against a definition and give the reasons.

    Nothing is computed until the result is asked for, but for three short queries that read the
    spellings of codes and places and the repeated identifiers.

    Parameters
    ----------
    offences
        Recorded crimes, as `contracts.OFFENCES` says; a column that may be missing is unknown.
    persons
        Victims and suspects, as `contracts.PERSONS` says; without them every age is unknown.
    definition
        What counts, from `definition.load`.
    period
        First and last day, both counted; without it no record is out for its date.
    area_codes
        Small areas that count; without them no record is out for its place on the map.
    blank_means_no
        Columns in which this source writes nothing to say no, beside those the definition names:
        `domestic_flag`, `injury_degree`, `weapon`.

    Returns
    -------
    classified
        Every row and column of `offences`, and: `outcome` (IN, OUT, UNKNOWN), `first_reason` (null
        if IN), `all_reasons` and `flags` (joined by `;`, null if none), `class_code` and
        `offence_type` (null where the class is not known), `crime_group` (null where the classes
        that an offence can be differ in it), `place_class`, and
        `age_focus`, `age_focus_victim`, `age_focus_suspect` (UNDER_25, 25_AND_OVER, UNKNOWN_AGE).

    Raises
    ------
    DataError
        If a required column is missing or a column is of a wrong type: all at once.
    DefinitionError
        If the period is not two dates in order, or `blank_means_no` names another column.
    """
    facts = gather(offences, persons, definitions=[definition])
    statements = conditions(
        facts,
        definition,
        period=check_period(period),
        area_codes=area_codes,
        blank_means_no=blank_means_no,
    )
    return label(facts, statements, definition=definition, keep=offences.columns)
