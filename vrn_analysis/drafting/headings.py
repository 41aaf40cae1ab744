"""What the words of a heading say: which column of the contracts, whose, and which of several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from vrn_analysis.core.config import read_toml, resource
from vrn_analysis.core.contracts import PERSONS
from vrn_analysis.read.extracts.mapping import NUMBER
from vrn_analysis.read.extracts.meanings import meaning

# words that say little beside others, as the values tell a date from a time
LIGHT = {"date": 0.35, "time": 0.35, "desc": 0.4, "type": 0.5, "flag": 0.4, "code": 0.7, "ref": 0.8}
STOP = frozenset(("of", "the", "at", "was", "is", "and", "or", "in", "for", "on", "a", "was", "s"))
UNKNOWN = 0.6
# a misspelt word is mended where it is long and almost the same
LEAST_ALIKE, LEAST_LETTERS = 88, 6
# words of two letters that a longer one may be run together from
SHORT = ("dt", "no", "id", "ho")
PERSON_FIELDS = (
    *(name for name in PERSONS.names if name not in ("offence_id", "person_number")), "born",
    "person_number",
)  # fmt: skip
# a status of records that are not counted
NOT_STOOD = ("cancelled", "transferred", "duplicate")
_LETTERS = frozenset("vsoadp")
LETTERED = {
    "v": "victim", "s": "suspect", "o": "suspect", "d": "defendant", "a": "accused", "p": "person",
}  # fmt: skip
PERSONAL_WORDS = frozenset(
    (
        "age",
        "sex",
        "born",
        "ethnicity",
        "ref",
        "relationship",
        "role",
        "band",
        "home",
        "self",
        "person",
    )
)
# words that name another party together than alone
PHRASES = {
    r"injured[ _]?(?:person|party)": "ip", r"arrested[ _]?person": "arrestee",
    r"(?:person|party)[ _]reporting": "caller",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """
    A heading in the words of the field, the party it names and the number of that party.

    `turned` is whether it asks what the victim is to the suspect, not the suspect to the victim.
    """

    words: tuple[str, ...]
    parties: tuple[str, ...] = ()
    number: int = 0
    turned: bool = False


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, tuple], dict[str, str]]:
    content = read_toml(resource("data", "reference", "headings.toml"), remedy="Install again.")
    spelt = {form: word for word, forms in content["words"].items() for form in forms}
    parties = {form: party for party, forms in content["parties"].items() for form in forms}
    fields = {
        field: tuple({tuple({spelt.get(w, w) for w in phrase.split()}) for phrase in phrases})
        for field, phrases in content["fields"].items()
    }
    return spelt, fields, parties


def fields() -> tuple[str, ...]:
    """Return the columns that a heading may name, of which some have a part `.time`."""
    return tuple(_lexicon()[1])


@cache
def _known() -> frozenset[str]:
    spelt, fields, parties = _lexicon()
    said = {word for phrases in fields.values() for phrase in phrases for word in phrase}
    return frozenset({*spelt, *said, *(form for form in parties if len(form) > 1)})


def _run_together(word: str) -> list[str]:
    """Return the fewest known words that a word is run together from, none where it is not."""
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in [start for start in range(end) if start in best]:
            piece = word[start:end]
            letter = (start, end) == (0, 1) and piece in _LETTERS
            fits = piece in _known() and (len(piece) > 2 or piece in SHORT)
            if (fits or letter) and len(best.get(end, word)) > len(best[start]) + 1:
                best[end] = [*best[start], piece]
    return best.get(len(word), [])


def _parted(word: str) -> list[str]:
    """Return a word that is known, or the known words it is run together from, as DATEREC."""
    if word in _known() or len(word) < 4 or word.isdigit():
        return [word]
    if together := _run_together(word):
        return together
    alike = process.extractOne(word, sorted(_known()), scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    return [alike[0]] if alike and len(word) >= LEAST_LETTERS else [word]


def _split(heading: str) -> list[str]:
    # "S1 is V's" has nothing but letters of parties
    text = re.sub(
        r"(?i)^([vsodap]) ?(\d?) is (?:the )?(\w+)",
        lambda m: f"{LETTERED[m[1].lower()]} {m[2]} is {LETTERED.get(m[3].lower(), m[3])}",
        heading,
    )  # fmt: skip
    text = re.sub(r"(?i)\by\s*[/ ]\s*n\b|\(y/n\)", " flag ", re.sub(r"['’](?:s\b)?", "", text))
    # the tables of a warehouse are named before their columns, as FactCrime[Number]
    text = re.sub(r"\bFact\w+\[|\bDim(?=[A-Z])", "", text)
    # what the values mean, as in "DA (1=yes 0=no)" and "Class (e.g. 8N)", is no name
    text = re.sub(r"(?i)\([^)]*(?:=|\be\.?g\b)[^)]*\)", "", text)
    text = re.sub(r"\b[A-Z]{2,}s\b", lambda plural: plural[0].lower(), text)
    for phrase, word in PHRASES.items():
        text = re.sub(rf"(?i)\b{phrase}\b", word, text)
    text = re.sub(r"(?i)\bm\s*/\s*f\b", " sex ", text)
    text = re.sub(
        r"\b[A-Za-z](?:\.[A-Za-z])+\b\.?", lambda dotted: dotted[0].replace(".", "") + " ", text
    )
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    text = text.replace("#", " no ")
    found = re.findall(r"[a-z0-9]+", text.lower().replace("&", " and "))
    return [piece for word in found for piece in _parted(word)]


@lru_cache(maxsize=20_000)
def words_of(heading: str) -> Words:
    """
    Return a heading in the words of the field.

    Knows `SuspectAge`, `Suspect1_Age`, `V_AGE`, `OAGE`, `DT_OCCURRED_FROM` and `DATEREC`. Of a
    heading in two languages, parted by a slash, the one that is known is read.
    """
    sides = heading.split(" / ")
    if len(sides) > 1:
        known = [sum(word in _known() for word in _split(side)) / max(len(_split(side)), 1)
                 for side in sides]  # fmt: skip
        if max(known) == 1 and min(known) < 0.5:
            heading = sides[known.index(1)]
    split = _split(heading)
    found = [word for word in split if word not in STOP or word in _LETTERS] or split
    parties, rest = _parted_by_party(found)
    number = next((int(word) for word in rest if word.isdigit() and len(word) < 3), 0)
    if parties:
        rest = [word for word in rest if not (word.isdigit() and int(word) == number)]
    named = [party for party in parties if party != "persons"] or parties
    links = bool({"to", "is"} & set(split)) or "'" in heading
    if len(set(named)) > 1 and not set(rest) - {"to"}:
        # "Offender is victim's" asks how they are related, "Victim/Suspect" which of them it is
        rest, named = (["relationship"], named) if links else (["role", "relationship"], [])
    if parties[:1] == ["persons"] and named == ["victims"] and links and not rest:
        rest, named = ["relationship"], ["persons"]  # what each of several people is to the victim
    last = max((at for at, word in enumerate(split) if word in _lexicon()[2]), default=0)
    turned = named[-1:] == ["suspects"] and bool({"to", "is"} & set(split[:last]))
    return Words(tuple(rest), tuple(dict.fromkeys(named)), number if parties else 0, turned)


def status_of(heading: str) -> str:
    """Return the status that a heading such as `No Crime Dt` or `is_cancelled` says, or ""."""
    spelt = _lexicon()[0]
    words = [(word, spelt.get(word, word)) for word in _split(heading)]
    text = " ".join(
        said if said == "cancelled" else word for word, said in words
        if said not in ("date", "time", "flag") and word not in STOP
    )  # fmt: skip
    return meaning(text, "status") or ""


def template(heading: str, number: int) -> str:
    """Return a heading with `{n}` where the number of a person stands."""
    if not number:
        return heading
    # a range of ages has a heading for each end
    ends = heading.split(" | ")
    return " | ".join(re.sub(rf"(?<![1-9]){number}(?!\d)", NUMBER, one, count=1) for one in ends)


def _parted_by_party(found: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the parties that words name, and the rest in the words of the field."""
    spelt, _, forms = _lexicon()
    canonical = [spelt.get(word, word) for word in found]
    is_personal = bool(PERSONAL_WORDS & set(canonical))
    others = any(len(word) > 1 and word in forms for word in found)
    parties, rest = [], []
    for place, (word, said) in enumerate(zip(found, canonical, strict=True)):
        party = forms.get(word, "")
        if word == "off" and is_personal:
            # offence or offender: V_AGE stands beside OFF_AGE, and an offence has no sex
            of_person = others or {"age", "sex", "born", "ethnicity"} & set(canonical)
            party = "suspects" if of_person and "crime" not in canonical[:place] else ""
        elif len(word) == 1 and not (is_personal and place == 0 and len(found) > 1):
            party = ""  # one letter is a party only before what people have
        if party == "persons" and parties and word.startswith("nom"):
            rest.append("ref")
        elif party:
            parties.append(party)
        elif word not in STOP or len(found) == 1:
            rest.append(said)
    return parties, rest


def _weight(words: Sequence[str]) -> float:
    known = _lexicon()[0].values()
    return sum(
        LIGHT.get(word, 1.0 if word in known or word.isdigit() else UNKNOWN) for word in words
    )


def likeness(words: Sequence[str], field: str) -> float:
    """Return how well the words of a heading name a column, from 0 to 1."""
    mine = set(words)
    best = 0.0
    for phrase in _lexicon()[1].get(field, ()):
        shared = mine & set(phrase)
        if any(map(str.isalpha, shared)):
            both = _weight(sorted(mine)) + _weight(phrase)
            best = max(best, 2 * _weight(sorted(shared)) / both)
    return best
