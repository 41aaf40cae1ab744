"""Label records: outcome, reasons, flags and the focus on young people."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

import ibis
from ibis import Value
from ibis.expr.types import BooleanValue

from vrn_analysis.core.definition import Definition
from vrn_analysis.count.classify.reasons import BY_CODE, IN, OUT, UNKNOWN
from vrn_analysis.count.classify.rules import Conditions, relation

AGE_OF_RESPONSIBILITY = 10
UNKNOWN_AGE = "UNKNOWN_AGE"


def _focus(low: Value, high: Value, definition: Definition) -> Value:
    inside, outside = definition.focus_labels
    cut = definition.focus_below
    return ibis.cases((high < cut, inside), (low >= cut, outside), else_=UNKNOWN_AGE)


def least_age_limit(facts: ibis.Table) -> Value:
    """Return the age that the youngest victim or suspect certainly does not exceed."""
    return ibis.least(facts._victim_high, facts._suspect_high)


def _flags(facts: ibis.Table, definition: Definition) -> dict[str, BooleanValue]:
    related = relation(facts, definition)
    homicide = facts._crime_group == "Homicide"
    return {
        "reclassified": facts._reclassified,
        "sexual_homicide": homicide & facts.sexual_flag,
        "sexual_offence_not_flagged": facts._sexual_class & ~facts.sexual_flag,
        "domestic_flag_no_but_relationship": ~facts.domestic_flag & related["abuse"],
        "domestic_flag_yes_under_16": facts.domestic_flag & related["too_young"],
        "family_under_16": related["too_young"],
        "violence_with_injury_but_none": facts._class.isin(("8N", "8P"))
        & (facts.injury_degree == "none"),
        "recorded_before_it_happened": facts.recorded_on < facts.occurred_from.date(),
        "suspect_under_10": facts._suspect_high < AGE_OF_RESPONSIBILITY,
        "impossible_age": facts._impossible_age,
    }


def _joined(statements: dict[str, BooleanValue], *first: Value) -> Value:
    nothing = ibis.null("string")
    # joining with a separator skips nulls in DuckDB and in Spark, as a test checks
    said = [ibis.ifelse(statement, code, nothing) for code, statement in statements.items()]
    return ibis.literal(";").join([*first, *said]).nullif("")


def any_of(statements: Iterable[BooleanValue]) -> BooleanValue:
    """Return whether any of the statements is true; a null counts as false."""
    return reduce(or_, statements, ibis.literal(False)).fill_null(False)


def _outcome(statements: Conditions) -> tuple[Value, Value]:
    kinds = {
        kind: [code for code in statements if BY_CODE[code].outcome == kind]
        for kind in (OUT, UNKNOWN)
    }
    outcome = ibis.cases(
        *((any_of([statements[code] for code in codes]), kind) for kind, codes in kinds.items()),
        else_=IN,
    )
    # what puts a record out comes before what leaves it open
    order = kinds[OUT] + kinds[UNKNOWN]
    first = ibis.cases(*((statements[code], code) for code in order), else_=ibis.null("string"))
    return outcome, first


def label(
    facts: ibis.Table, statements: Conditions, *, definition: Definition, keep: Sequence[str]
) -> ibis.Table:
    """
    Return the records with their labels, given the statements of every reason.

    Parameters
    ----------
    facts
        The offences as `facts.gather` returns them.
    statements
        What `conditions` returned.
    definition
        The definition, for its focus and flags.
    keep
        Columns of the offences to keep.
    """
    marked = facts.mutate(**{f"_{code}": statement for code, statement in statements.items()})
    columns = {code: marked[f"_{code}"] for code in statements}
    outcome, first = _outcome(columns)
    victim = (marked._victim_low, marked._victim_high)
    suspect = (marked._suspect_low, marked._suspect_high)
    # either party inside decides for the focus; both must be outside to decide against it
    both = (ibis.least(victim[0], suspect[0]), least_age_limit(marked))
    return marked.select(
        *keep,
        outcome=outcome,
        first_reason=first,
        all_reasons=_joined(columns),
        flags=_joined(_flags(marked, definition), marked._code_flags.nullif("")),
        crime_group=marked._crime_group.nullif(""),
        offence_type=marked._offence_type.nullif(""),
        place_class=marked._place_class,
        age_focus=_focus(*both, definition),
        age_focus_victim=_focus(*victim, definition),
        age_focus_suspect=_focus(*suspect, definition),
        class_code=marked._class.nullif(""),
    )
