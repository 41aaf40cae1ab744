"""Which column of an extract is which of the contracts: the best answer for all at once."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from vrn_analysis.drafting import headings
from vrn_analysis.drafting.evidence import DISTINCT, NEVER, Column, fit, stands_not
from vrn_analysis.drafting.headings import PERSON_FIELDS, Words, fields, likeness, words_of
from vrn_analysis.drafting.sample import Part
from vrn_analysis.sources import values
from vrn_analysis.sources.mapping import Origin
from vrn_analysis.sources.meanings import VICTIM_IS, flags_in, meaning

# what the heading counts for, beside the values; values alone must fit almost wholly
HEADING, VALUES, BY_VALUES, LEAST_FIT = 0.65, 0.35, 0.5, 0.8
LEAST, NEAR = 0.44, 0.06
# how like a heading must be to name a column; more where anything would fit, as names would
LEAST_ALIKE, NAMED = 0.4, {
    "recording_force": 0.9, "incident_ref": 0.75, "person_ref": 0.75,
    "person_number": 0.9, "sexual_flag": 0.6, "domestic_flag": 0.5, "weapon": 0.5,
    "injury_degree": 0.5, "time_precision": 0.8, "easting": 0.7, "northing": 0.7,
}  # fmt: skip
# what only people have, and says whose a column is even where its heading does not
PERSONAL = (
    "age",
    "age_band",
    "born",
    "sex",
    "self_defined_ethnicity",
    "officer_observed_ethnicity",
)
# what parts the persons of a cell that lists them
LISTS = (";", "|", "\n", ",", "/")
SURE, LIKELY = 0.85, 0.65
# a column of how many, which is none of the contracts'
# an age on the day of the export, which is not that of the offence
NOW = {"current", "now", "today", "present"}
COUNTED = {"count", "counts", "total", "sum", "volume"}

# a heading may be a status where no more of the records have a date or a yes
MOST_MARKED = 0.4
CLASS_NUMBER = re.compile(r"\d{1,3}").fullmatch

Slot = tuple[str, int, str]


@dataclass(frozen=True)
class Found:
    """
    What a column is: a field of the contracts, of which party and which of several persons.

    `score` runs from 0 to 1; `rival` is a column left over that fits almost as well.
    """

    column: Column
    party: str
    number: int
    field: str
    score: float
    rival: str = ""

    @property
    def confidence(self) -> str:
        """The score in a word."""
        return "sure" if self.score >= SURE else "likely" if self.score >= LIKELY else "unsure"


def columns_of(parts: Sequence[Part]) -> list[Column]:
    """Return the columns of some files of one table, with the values in their samples."""
    names = list(dict.fromkeys(name for part in parts for name in part.heading.names))
    counts: dict[str, Counter] = {name: Counter() for name in names}
    for part in parts:
        for name, cells in zip(part.heading.names, zip(*part.rows, strict=True), strict=True):
            counts[name].update(cells)
    rows = sum(len(part.rows) for part in parts)
    words = _numbered({name: words_of(name) for name in names})
    columns = [Column(name, words[name], counts[name], rows) for name in names]
    columns = [part for column in columns for part in _cells_parted(_read_as(column, str))]
    return _keywords_joined(_codes_joined(columns, parts))


def _numbered(words: dict[str, Words]) -> dict[str, Words]:
    """Return headings with the number of a person only where others differ in that number alone."""
    alike = Counter(
        headings.template(name, one.number) for name, one in words.items() if one.number
    )
    return {
        name: one if alike[headings.template(name, one.number)] > 1 else replace(one, number=0)
        for name, one in words.items()
    }


def _read_as(column: Column, says: Callable[[str], str], **changes: Any) -> Column:
    """Return a column whose values say something else, those that say nothing left out."""
    counts: Counter[str] = Counter()
    for value, number in column.counts.items():
        if text := says(value).strip():
            counts[text] += number
    return replace(column, counts=counts, **changes)


def _cells_parted(column: Column) -> list[Column]:
    """Return a column as its values are to be read, of persons in a list or two moments apart."""
    if column.words.turned and "relationship" in column.words.words:
        column = _read_as(column, values.turned, how=Origin(before=VICTIM_IS))
    if column.words.parties:
        return [_persons_parted(column)]
    if {"Y", "Yes", "YES"} & column.said.keys() and headings.status_of(column.name) == "recorded":
        column = _read_as(column, lambda v: f"crime {v}", how=Origin(before="crime"))
    if mark := _mark_of(column):
        as_status = {"words": Words(("status",)), "how": Origin(filled=(mark,))}
        return [_read_as(column, lambda v: mark * _is_set(v), **as_status)]
    if column.share(lambda text: bool(re.search(values.BOX, text))) > LEAST_FIT:
        return [_read_as(column, lambda v: re.sub(values.BOX, ",", v), boxed=True)]
    if not _has_moments(column):
        return [column]
    return [
        _read_as(
            column, lambda v, at=at: _moment(v, at), words=words_of(said), how=Origin(part=part)
        )
        for part, at, said in (("first", 0, "occurred from"), ("last", -1, "occurred to"))
    ]


def _is_set(text: str) -> bool:
    return text.lower() not in values.NO_MARK


def _mark_of(column: Column) -> str:
    """Return the status of records with a date or a yes, where the heading says it and few have."""
    filled = sum(n for value, n in column.said.items() if _is_set(value))
    marks = column.share(lambda text: not _is_set(text) or meaning(text, "domestic_flag") == "yes")
    fits = max(marks, column.dates.share) > 0.9 and 0 < filled <= MOST_MARKED * column.rows
    status = headings.status_of(column.name) if fits else ""
    return status if status in headings.NOT_STOOD else ""


def _has_moments(column: Column) -> bool:
    """Return whether cells hold one moment or two, as of an offence that took a while."""
    parts = {value: re.split(values.BETWEEN, value) for value in column.top}
    dated = column.share(lambda text: all(re.search(values.DAY, part) for part in parts[text]))
    return dated > LEAST_FIT and any(len(part) > 1 for part in parts.values())


def _moment(text: str, place: int) -> str:
    one = re.split(values.BETWEEN, text)[place]
    day = re.search(values.DAY, one)
    clock = day and re.search(values.CLOCK, one.replace(day[0], ""))
    return " ".join(found[0] for found in (day, clock) if found) or text


def _persons_parted(column: Column) -> Column:
    """Return the persons of cells that list them, where the same are found alone in others."""
    for separator in LISTS:
        lists = {v: n for v, n in column.said.items() if separator in v}
        alone = column.said.keys() - lists
        parts = Counter()
        for value, number in lists.items():
            for part in value.split(separator):
                parts[part.strip()] += number
        known = sum(number for part, number in parts.items() if part in alone)
        if len(lists) > 2 and known >= LEAST_FIT * sum(parts.values()):
            counts = Counter({v: n for v, n in column.counts.items() if v not in lists}) + parts
            most = max(value.count(separator) + 1 for value in lists)
            return replace(column, counts=counts, how=Origin(listed=separator), most=most)
    return column


def _codes_joined(columns: list[Column], parts: Sequence[Part]) -> list[Column]:
    """Return a class such as 008 and, in the next column, its sub-code such as 06 as one code."""
    for main, lower in zip(columns, columns[1:], strict=False):
        pair = (main.name, lower.name)
        numbers = main.share(CLASS_NUMBER) > LEAST_FIT and lower.share(CLASS_NUMBER) > LEAST_FIT
        if "sub" in lower.words.words and "sub" not in main.words.words and numbers:
            counts = Counter(
                "/".join(row[part.heading.names.index(name)].strip() for name in pair)
                for part in parts if {*pair} <= {*part.heading.names} for row in part.rows
            )  # fmt: skip
            how, words = Origin(joined="/"), Words(("ho", "code"))
            code = Column(" | ".join(pair), words, counts, main.rows, how)
            return [code, *(column for column in columns if column.name not in pair)]
    return columns


def _keywords_joined(columns: list[Column]) -> list[Column]:
    """Return columns such as Flag1 to Flag4, with a keyword in each, as one of keywords."""
    alike: dict[tuple, list[Column]] = {}
    for column in columns:
        words = column.words.words
        if len(words) > 1 and words[-1].isdigit() and {"flag", "keywords"} & set(words):
            alike.setdefault(words[:-1], []).append(column)
    for members in alike.values():
        counts = sum((member.counts for member in members), Counter())
        if len(members) > 1 and any(flags_in(value) for value in counts):
            name, words = " | ".join(member.name for member in members), Words(("keywords",))
            rest = [column for column in columns if column not in members]
            columns = [Column(name, words, counts, members[0].rows), *rest]
    return columns


def _score(column: Column, field: str) -> float:
    if COUNTED & set(column.words.words) and column.within(0, 10**9) > LEAST_FIT:
        return 0.0
    if field in ("age", "age_band") and NOW & set(column.words.words):
        return 0.0
    alike = likeness(column.words.words, field)
    named = alike >= NAMED.get(field, LEAST_ALIKE)
    if not named and field not in DISTINCT:
        return 0.0
    fits = fit(column, field)
    if fits == NEVER:
        return 0.0
    by_values = BY_VALUES * fits if field in DISTINCT and fits >= LEAST_FIT else 0.0
    return max(by_values, HEADING * alike + VALUES * fits if named else 0.0)


def _is_personal(column: Column) -> bool:
    mine = max(likeness(column.words.words, field) for field in PERSONAL)
    others = [name for name in fields() if name not in PERSON_FIELDS]
    return mine >= 0.6 and mine > max(likeness(column.words.words, name) for name in others)


def role_of(columns: Sequence[Column]) -> Column | None:
    """Return the column that says which part each person had, if there is one."""
    scores = [(0.5 * likeness(c.words.words, "role") + 0.5 * fit(c, "role"), c) for c in columns]
    best, column = max(scores, key=lambda item: item[0])
    return column if best >= 0.6 else None


def _party(column: Column, before: str, *, people: str, known: set[str]) -> str:
    """Return whose a column is; "" for the crime's own."""
    parties = column.words.parties
    if "relationship" in column.words.words:
        return people or ("persons" if "persons" in known else "suspects")
    if people:
        return people
    if parties:
        return parties[0]
    if _is_personal(column):
        return "persons" if "persons" in known else before
    return ""


def _slots(column: Column, party: str, number: int, *, people: str) -> list[Slot]:
    # a crime's own columns may name a party too, as Victim Injury and Suspect Weapon
    own = [name for name in fields() if name not in PERSON_FIELDS]
    personal = [(party, number, name) for name in PERSON_FIELDS if party]
    if people:
        # the reference of a victim is not that of the crime
        of_crime = not column.words.parties or "crime" in column.words.words
        return [("", 0, "offence_id"), *personal] if of_crime else personal
    if party:
        return [*personal, ("", 0, "injury_degree"), ("", 0, "weapon")]
    roles = [("persons", 0, "role")] if not column.words.parties else []
    return [*(("", 0, name) for name in own), *roles]


def _owners(columns: Sequence[Column], people: str) -> list[tuple[str, int]]:
    """Return the party and number of each column, by its heading, else by what stands before it."""
    known = {party for column in columns for party in column.words.parties}
    role = role_of(columns)
    if people == "persons" or (role is not None and not {"victims", "suspects"} & known):
        known.add("persons")
    owners, before = [], ""
    for column in columns:
        party = _party(column, before, people=people, known=known)
        before = party or before
        owners.append((party, column.words.number))
    return owners


def assign(columns: Sequence[Column], *, people: str = "") -> list[Found]:
    """
    Return what the columns of a table are: the assignment that fits best as a whole.

    Parameters
    ----------
    columns
        From `columns_of`.
    people
        Of whom the whole table speaks: victims, suspects or persons; "" for crimes.
    """
    owners = _owners(columns, people)
    scores: dict[tuple[int, Slot], float] = {}
    for place, (column, (party, number)) in enumerate(zip(columns, owners, strict=True)):
        for slot in _slots(column, party, number, people=people):
            if (score := _score(column, slot[2])) >= LEAST:
                scores[place, slot] = score
    slots = sorted({slot for _, slot in scores})
    if not slots:
        return []
    matrix = np.zeros((len(columns), len(slots)))
    for (place, slot), score in scores.items():
        matrix[place, slots.index(slot)] = score
    chosen = {
        place: slots[at]
        for place, at in zip(*linear_sum_assignment(matrix, maximize=True), strict=True)
        if matrix[place, at]
    }
    found = [
        Found(columns[place], *slot, score=scores[place, slot],
              rival=_rival(columns, scores, chosen, place))
        for place, slot in chosen.items()
    ]  # fmt: skip
    found = _settled(found)
    return found if people else [*found, *_statuses(columns, owners, chosen)]


def _settled(found: list[Found]) -> list[Found]:
    """Return what columns are, without a time that has no date; the only reference is the key."""
    fields = {one.field for one in found if not one.party}
    if "offence_id" not in fields:
        found = [
            replace(one, field="offence_id")
            if one.field == "incident_ref" and fit(one.column, "offence_id") > LEAST_FIT else one
            for one in found
        ]  # fmt: skip
    return [
        one for one in found
        if not one.field.endswith(".time") or one.field.removesuffix(".time") in fields
    ]  # fmt: skip


def _statuses(
    columns: Sequence[Column], owners: Sequence[tuple[str, int]], chosen: Lookup[int, Slot]
) -> list[Found]:
    """Return what is left of the columns that say that a record was cancelled or passed on."""
    return [
        Found(column, "", 0, "status", LIKELY)
        for place, (column, (party, _)) in enumerate(zip(columns, owners, strict=True))
        if place not in chosen and not party and stands_not(column)
    ]


def _rival(
    columns: Sequence[Column], scores: dict[tuple[int, Slot], float], chosen: dict[int, Slot],
    place: int,
) -> str:  # fmt: skip
    """Return a column that nothing else was made of and that fits almost as well."""
    slot = chosen[place]
    rivals = [
        (score, columns[other].name)
        for (other, wanted), score in scores.items()
        if wanted == slot and other not in chosen and score >= scores[place, slot] - NEAR
    ]
    return max(rivals)[1] if rivals else ""
