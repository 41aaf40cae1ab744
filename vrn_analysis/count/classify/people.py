"""Find the limits of ages and the relationships of the people in each offence."""

import re
from collections.abc import Sequence

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.core.contracts import PERSONS, RELATIONSHIPS, UNCLEAR
from vrn_analysis.core.definition import Definition
from vrn_analysis.count.classify.columns import complete, join_spellings, spellings_of

AGE_UNKNOWN = (0, 120)


def parse_age_band(text: str) -> tuple[int, int]:
    """
    Return the youngest and oldest age of a band: `18-24`, `18 to 24`, `65+`, `under 18`, `17`.

    A band that cannot be read is 0 to 120: not known.
    """
    words = text.strip().lower().replace("–", "-").replace("—", "-")
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if re.search(r"under|<|less", words) and len(numbers) == 1:
        return 0, max(numbers[0] - 1, 0)
    if re.search(r"\+|over|older|more|>", words) and len(numbers) == 1:
        return numbers[0], AGE_UNKNOWN[1]
    if len(numbers) == 2 and numbers[0] <= numbers[1] <= AGE_UNKNOWN[1]:
        return numbers[0], numbers[1]
    if re.fullmatch(r"\d{1,3}", words) and numbers[0] <= AGE_UNKNOWN[1]:
        return numbers[0], numbers[0]
    return AGE_UNKNOWN


def age_limits(persons: ibis.Table, *, has_bands: bool) -> ibis.Table:
    """Add the least and the most that each age can be, from the age or else the band."""
    lowest, highest = AGE_UNKNOWN
    low, high = ibis.literal(lowest), ibis.literal(highest)
    if has_bands:
        words = persons.filter(persons.age_band.notnull())
        bands = [
            {"age_band_key": band, "_band_low": limits[0], "_band_high": limits[1]}
            for band in spellings_of(words, ["age_band"])["age_band"]
            if (limits := parse_age_band(band)) != AGE_UNKNOWN
        ]
        if bands:
            persons = join_spellings(persons, pd.DataFrame(bands))
            low, high = persons._band_low.fill_null(low), persons._band_high.fill_null(high)
    possible = persons.age.between(lowest, highest).fill_null(False)
    return persons.mutate(
        _low=ibis.ifelse(possible, persons.age, low),
        _high=ibis.ifelse(possible, persons.age, high),
        _impossible=persons.age.notnull() & ~possible,
    )


_NOBODY = {
    "_victim_low": 0, "_victim_high": 120,
    "_oldest_victim_low": 0, "_oldest_victim_high": 120,
    "_suspect_low": 0, "_suspect_high": 120,
}  # fmt: skip


def relative_columns(definition: Definition) -> tuple[str, str]:
    """
    Return the columns with the age of the oldest suspect who is a relative by a definition.

    The first is the least that age can be, the second the most; null where there is no relative.
    """
    mask = sum(1 << RELATIONSHIPS.index(name) for name in set(definition.relationships))
    return f"_relative_low_{mask}", f"_relative_high_{mask}"


def _summary(
    persons: ibis.Table, *, definitions: Sequence[Definition], has_bands: bool
) -> ibis.Table:
    persons = age_limits(persons, has_bands=has_bands)
    # who may be either may be the youngest of both, and a relative
    either = persons.role == UNCLEAR
    victim, suspect = persons.role == "victim", persons.role == "suspect"
    relation = persons.relationship_to_victim
    relatives = {}
    for one in definitions:
        relative = relation.isin(one.relationships)
        low, high = (persons[name].max(where=suspect & relative) for name in ("_low", "_high"))
        # a victim's own row does not say of which suspect it speaks: any of them may be meant
        old_enough = (victim & relative & (persons._low >= one.both_parties_aged)).max()
        may_be = (victim & relative & (persons._high >= one.both_parties_aged)).max()
        least = ibis.ifelse(old_enough, persons._low.min(where=suspect).fill_null(0), 0)
        most = persons._high.max(where=suspect).fill_null(AGE_UNKNOWN[1])
        limits = (
            ibis.ifelse(may_be.fill_null(False), ibis.greatest(low.fill_null(0), least), low),
            ibis.ifelse(may_be.fill_null(False), ibis.greatest(high.fill_null(0), most), high),
        )
        relatives |= dict(zip(relative_columns(one), limits, strict=True))
    return persons.group_by("offence_id").agg(
        _victim_low=persons._low.min(where=victim | either),
        _victim_high=persons._high.min(where=victim),
        _oldest_victim_low=persons._low.max(where=victim),
        _oldest_victim_high=persons._high.max(where=victim | either),
        _suspect_low=persons._low.min(where=suspect | either),
        _suspect_high=persons._high.min(where=suspect),
        **relatives,
        _relation_unclear=(either | (relation == UNCLEAR)).fill_null(False).cast("int8").max() == 1,
        _impossible_age=persons._impossible.cast("int8").max() == 1,
    )


def add_persons(
    offences: ibis.Table, persons: ibis.Table | None, *, definitions: Sequence[Definition]
) -> ibis.Table:
    """
    Add the limits of ages and any relationship of the people in each offence.

    The youngest a victim can be is the least of the lower limits, and so on; an age that is not
    known may be any from 0 to 120, which leaves the offence unknown wherever that matters.
    """
    if persons is None:
        names = [name for one in definitions for name in relative_columns(one)]
        nobody = dict.fromkeys(names, ibis.null("int64"))
        told = dict.fromkeys(("_relation_unclear", "_impossible_age"), ibis.literal(False))
        return offences.mutate(**_NOBODY, **nobody, **told)
    has_bands = "age_band" in persons.columns
    summary = _summary(
        complete(persons, PERSONS), definitions=definitions, has_bands=has_bands
    ).rename(_person_key="offence_id")
    joined = offences.left_join(summary, offences.offence_id == summary._person_key)
    return joined.drop("_person_key").mutate(
        **{name: _[name].fill_null(value) for name, value in _NOBODY.items()},
        _relation_unclear=_._relation_unclear.fill_null(False),
        _impossible_age=_._impossible_age.fill_null(False),
    )
