"""Which column of the contracts a heading names, and of which victim or suspect."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vrn_analysis.contracts import OFFENCES, PERSONS
from vrn_analysis.sources.words import column_words, plain

PARTIES = {
    "victims": ("victim", "victims", "vic", "vict", "ip", "aggrieved", "complainant", "agg"),
    "suspects": (
        "suspect", "suspects", "susp", "sus", "offender", "offenders", "accused", "defendant",
        "perp", "perpetrator", "arrestee",
    ),
    "persons": ("person", "persons", "nominal", "nominals", "party", "parties", "people"),
}  # fmt: skip
_KNOWN = frozenset([*OFFENCES.names, *PERSONS.names])
_OWN = frozenset(name for name in PERSONS.names if name != "offence_id")


@dataclass(frozen=True)
class Recognised:
    """What a heading names; the likelier, the lower `rank`; `number` is 0 unless one of many."""

    heading: str
    party: str
    column: str
    number: int
    rank: int


def words_of(heading: str) -> list[str]:
    """Return the words of a heading, also of `SuspectAge` and `Suspect1_Age`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", heading)
    parted = re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", parted)
    return plain(parted).split()


def party_of(words: Sequence[str]) -> str:
    """Return which party a name speaks of: victims, suspects, persons, or ""."""
    for party, names in PARTIES.items():
        if any(word in names for word in words):
            return party
    return ""


def _column(label: str) -> tuple[str, int]:
    known = column_words()
    if known.get(label, "").removesuffix(".time") not in _KNOWN:
        return "", 0
    return known[label], list(known).index(label)


def recognise(heading: str, *, party: str = "") -> Recognised | None:
    """
    Return what a heading names, or None.

    Parameters
    ----------
    heading
        As received.
    party
        Of whom the whole file speaks: victims, suspects or persons; "" for crimes.
    """
    words = words_of(heading)
    whole = [plain(heading), " ".join(words)]
    own = party_of(words)
    names = PARTIES.get(own, ())
    rest = [word for word in words if word not in names]
    number = next((int(word) for word in rest if word.isdigit() and len(word) < 3), 0)
    bare = " ".join(word for word in rest if not (word.isdigit() and int(word) == number))
    if own:
        column, rank = _column(bare)
        if column in _OWN and column != "role":
            return Recognised(heading, own, column, number, rank)
    for label in whole:
        column, rank = _column(label)
        if column:
            mine = party if column in _OWN else ""
            return Recognised(heading, mine, column, 0, rank)
    return None
