"""Which column of an extract is which of the contracts: the best answer for all at once."""

import re
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from vrn_analysis.drafting.evidence import DISTINCT, LEAST_FIT, NEVER, Column, fit, stands_not
from vrn_analysis.drafting.headings import PERSON_FIELDS, fields, likeness

# what the heading counts for, beside the values; values alone must fit almost wholly
HEADING, VALUES, BY_VALUES = 0.65, 0.35, 0.5
LEAST, NEAR, WORD = 0.44, 0.06, 0.02
# how like a heading must be to name a column; more where anything would fit, as names would
LEAST_ALIKE, NAMED = 0.4, {
    "recording_force": 0.9, "incident_ref": 0.75, "person_ref": 0.75,
    "lsoa_code": 0.6, "person_number": 0.9, "sexual_flag": 0.6, "domestic_flag": 0.6, "weapon": 0.5,
    "injury_degree": 0.5, "time_precision": 0.8, "easting": 0.7, "northing": 0.7,
}  # fmt: skip
HOW = ("self_defined", "officer_observed")
# what only people have, and says whose a column is even where its heading does not
PERSONAL = ("age", "age_band", "born", "sex", *(f"{how}_ethnicity" for how in HOW))
SURE, LIKELY = 0.85, 0.65
# an age on the day of the export, which is not that of the offence
NOW = {"current", "now", "today", "present"}
# a class of before, where another is that of now
EARLIER = re.compile(r"(?i)\b(first|initial|original|opening|previous|old)(ly)?\b").search
# a column of how many, which is none of the contracts'
COUNTED = {"count", "counts", "total", "sum", "volume"}


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
    if field in ("offence_code", "offence_title") and EARLIER(column.name):
        return LEAST
    by_values = BY_VALUES * fits if field in DISTINCT and fits >= LEAST_FIT else 0.0
    # of two headings that name a column wholly, the longer says more
    more = WORD * (len(column.words.words) - 1) if alike == 1 else 0.0
    return max(by_values, HEADING * alike + VALUES * fits + more if named else 0.0)


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
    related = "relationship" in column.words.words
    if people or (column.words.parties and not related):
        return people or column.words.parties[0]
    if related or _is_personal(column):
        return "persons" if "persons" in known else "suspects" if related else before
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
    known = {
        party for column in columns
        if "relationship" not in column.words.words for party in column.words.parties
    }  # fmt: skip
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
        From `cells.columns_of`.
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
    # what a crime was first recorded as is not what it is
    classes = [one for one in found if one.field in ("offence_code", "offence_title")]
    now = [one for one in classes if not EARLIER(one.column.name)]
    before = [one for one in classes if one not in now] if now else []
    return [
        one for one in found
        if one not in before
        and (not one.field.endswith(".time") or one.field.removesuffix(".time") in fields)
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
