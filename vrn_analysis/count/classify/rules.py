"""
Apply a definition: each reason is one true or false statement about a record.

No statement looks at another, so no order of the rules can move a record; the order only decides
which reason is named first. A statement that cannot be decided is a reason of its own.
"""

from collections.abc import Sequence
from datetime import date

import ibis
from ibis import Value
from ibis.expr.types import BooleanValue

from vrn_analysis.core.contracts import UNCLEAR
from vrn_analysis.core.definition import Definition
from vrn_analysis.core.definition.files import BLANK_COLUMNS, PLACE_CLASSES
from vrn_analysis.core.errors import DefinitionError
from vrn_analysis.count.classify.codes import STATUSES
from vrn_analysis.count.classify.facts import NOT_LISTED, OPEN, listed_column
from vrn_analysis.count.classify.people import relative_columns
from vrn_analysis.count.classify.reasons import REASONS

Conditions = dict[str, BooleanValue]


def _status(facts: ibis.Table) -> Conditions:
    return {
        "R0_repeated_record": facts._repeat,
        "R0_duplicate": facts.status == "duplicate",
        "R0_cancelled": facts.status == "cancelled",
        "R0_transferred": facts.status == "transferred",
        "R0_status_unclear": facts.status == UNCLEAR,
    }


def dated(facts: ibis.Table, definition: Definition) -> Value:
    """Return the day that places a record in the period."""
    happened = facts.occurred_from.date()
    if definition.period_date == "occurred_from":
        return happened
    return facts.recorded_on.coalesce(happened)


def _period(
    facts: ibis.Table, definition: Definition, period: tuple[date, date] | None
) -> Conditions:
    if period is None:
        return {}
    day, (first, last) = dated(facts, definition), period
    return {
        "R1_before_period": day < ibis.literal(first),
        "R1_after_period": day > ibis.literal(last),
        "R1_date_unknown": day.isnull(),
    }


def _area(facts: ibis.Table, area_codes: Sequence[str] | None) -> Conditions:
    if area_codes is None:
        return {}
    codes = [area_codes] if isinstance(area_codes, str) else list(area_codes)
    return {
        "R2_outside_area": facts.lsoa_code.notin(codes),
        "R2_area_unknown": facts.lsoa_code.isnull(),
    }


def _offence(facts: ibis.Table, definition: Definition) -> Conditions:
    listed = facts[listed_column(definition)]
    return {"R3_offence_not_listed": listed == NOT_LISTED} | {
        f"R3_code_{status}": (listed == OPEN) & (facts._status == number)
        for number, status in enumerate(STATUSES)
        if status != "known"
    }


def _blank_columns(given: Sequence[str]) -> frozenset[str]:
    names = frozenset([given] if isinstance(given, str) else given)
    if strange := sorted(names - set(BLANK_COLUMNS)):
        raise DefinitionError(
            f"blank_means_no contains {', '.join(map(repr, strange))}; allowed are "
            f"{', '.join(BLANK_COLUMNS)}."
        )
    return names


def _blank_is_no(column: Value, name: str, blanks: frozenset[str], no: bool | str) -> Value:
    return column.fill_null(no) if name in blanks else column


def _sexual(facts: ibis.Table, definition: Definition) -> Conditions:
    if definition.sexual_violence == "include":
        return {}
    # a blank flag leaves the decision to the offence: the list of offences is not sexual
    element = facts.sexual_flag & (facts[listed_column(definition)] != OPEN)
    if definition.flagged_not_excluded:
        element = element & facts._any_class.notin(definition.flagged_not_excluded)
    return {"R4_sexual_offence": facts._sexual_class, "R4_sexual_element": element}


def relation(facts: ibis.Table, definition: Definition) -> dict[str, BooleanValue]:
    """
    Return whether a relationship makes domestic abuse: `abuse`, `too_young` or `open`.

    Both parties must have reached the statutory age. Where an age that decides is not known, the
    question is open.
    """
    age = definition.both_parties_aged
    low, high = (facts[name] for name in relative_columns(definition))
    abuse = ((low >= age) & (facts._oldest_victim_low >= age)).fill_null(False)
    young = ((high < age) | ((facts._oldest_victim_high < age) & high.notnull())).fill_null(False)
    return {"abuse": abuse, "too_young": young, "open": high.notnull() & ~abuse & ~young}


def _domestic(facts: ibis.Table, definition: Definition, blanks: frozenset[str]) -> Conditions:
    reasons: Conditions = {}
    if definition.domestic_abuse == "exclude":
        flag = _blank_is_no(facts.domestic_flag, "domestic_flag", blanks, False)
        related = relation(facts, definition)
        reasons["R5_domestic_abuse_flag"] = flag
        reasons["R5_domestic_relationship"] = related["abuse"]
        # a relationship that makes domestic abuse decides, even against the flag
        reasons["R5_domestic_flag_unknown"] = flag.isnull() & ~related["abuse"]
        reasons["R5_relationship_unclear"] = (
            facts._relation_unclear & ~flag.fill_null(False) & ~related["abuse"]
        )
        reasons["R5_relationship_age_unknown"] = related["open"] & ~flag.fill_null(False)
    if definition.domestic_setting == "exclude":
        reasons["R5_domestic_setting"] = facts._home & facts._place_type.notin(
            [*definition.place_also, ""]
        )
        if "unknown" in definition.place_classes:
            # where the place does not matter otherwise, not knowing it still leaves this open
            reasons["R5_setting_unknown"] = facts._place_class == "unknown"
    return reasons


def _place(facts: ibis.Table, definition: Definition) -> Conditions:
    counted, also = facts._place_class.isin(definition.place_classes), definition.place_also
    if also:
        counted = counted | facts._place_type.isin(also)
    if definition.place_except:
        counted = counted & facts._place_type.notin(definition.place_except)
    if set(definition.place_classes) >= set(PLACE_CLASSES) and not definition.place_except:
        return {}
    reasons = {"R6_not_public": ~counted}
    if "unknown" not in definition.place_classes:
        unknown = facts._place_class == "unknown"
        if named := [*also, *definition.place_except]:
            unknown = unknown & facts._place_type.notin(named)
        reasons = {"R6_not_public": ~counted & ~unknown, "R6_place_unknown": unknown}
    return reasons


def _injury(facts: ibis.Table, definition: Definition, blanks: frozenset[str]) -> Conditions:
    if definition.injury_rule == "injury_field":
        degree = _blank_is_no(facts.injury_degree, "injury_degree", blanks, "none")
        return {
            "R7_injury_not_significant": degree.notin(definition.injury_degrees),
            "R7_injury_unknown": degree.isnull(),
        }
    if definition.injury_rule == "subcode":
        split = facts._any_class.isin(definition.injury_classes)
        given = facts._subcode != ""
        return {
            "R7_injury_not_significant": split
            & given
            & facts._subcode.notin(definition.injury_subcodes),
            "R7_injury_unknown": split & ~given,
        }
    return {}


def _weapon(facts: ibis.Table, definition: Definition, blanks: frozenset[str]) -> Conditions:
    if definition.weapon_rule == "any":
        return {}
    weapon = _blank_is_no(facts.weapon, "weapon", blanks, "none")
    return {
        "R7_weapon_not_listed": weapon.notin(definition.weapons),
        "R7_weapon_unknown": weapon.isnull(),
    }


def conditions(
    facts: ibis.Table,
    definition: Definition,
    *,
    period: tuple[date, date] | None = None,
    area_codes: Sequence[str] | None = None,
    blank_means_no: Sequence[str] = (),
) -> Conditions:
    """
    Return every reason a definition may give, each with the statement that decides it.

    What cannot be decided is a reason of its own, so a statement that is null does not hold.
    """
    blanks = frozenset(definition.blanks_mean_no) | _blank_columns(blank_means_no)
    found = (
        _status(facts)
        | _period(facts, definition, period)
        | _area(facts, area_codes)
        | _offence(facts, definition)
        | _sexual(facts, definition)
        | _domestic(facts, definition, blanks)
        | _place(facts, definition)
        | _injury(facts, definition, blanks)
        | _weapon(facts, definition, blanks)
    )
    return {reason.code: found[reason.code] for reason in REASONS if reason.code in found}


def check_period(period: Sequence | None) -> tuple[date, date] | None:
    """
    Return a period as its first and last day, both counted.

    Raises
    ------
    DefinitionError
        If it is not two dates in order.
    """
    if period is None:
        return None
    try:
        first, last = (
            day if type(day) is date else date.fromisoformat(str(day)[:10]) for day in period
        )
    except (TypeError, ValueError):
        raise DefinitionError(
            f"period is {period!r}; it must be two dates, first and last day, such as "
            '("2019-04-01", "2020-03-31").'
        ) from None
    if first > last:
        raise DefinitionError(f"The period ends ({last}) before it begins ({first}).")
    return first, last
