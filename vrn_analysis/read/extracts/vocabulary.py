"""Vocabulary of labels, read from `data/reference/label_words.csv`."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from vrn_analysis.core.config import reference_rows

# columns of the contracts that share the words of a list
LISTS = {
    "domestic_flag": "flag",
    "sexual_flag": "flag",
    "self_defined_ethnicity": "ethnicity",
    "officer_observed_ethnicity": "ethnicity",
}
WORDED = (
    "location_type", "relationship_to_victim", "weapon", "injury_degree", "investigation_outcome",
    "status", "role", "sex", "time_precision", *LISTS,
)  # fmt: skip
# correct the spelling of long words only, so that no short word becomes another: "bar", "car"
MENDED = {"location_type", "relationship_to_victim", "weapon", "investigation_outcome"}
LEAST_LETTERS = 7
OPEN = ("public", "semi_public")
SPACE, PART, SLASH = range(3)
# beginnings and ends of words that no English word has
WELSH = re.compile(r"(ff|gw|cy[fm]|ys[bgt])[a-z]{3,}|[a-z]{2,}(wyd|aeth|ydd|edig)")
Words = list[tuple[str, int]]


@dataclass(frozen=True)
class Term:
    """
    A word or phrase of a label.

    `kind` is `says` (it means its first value, and may narrow another word to any), `may` (a
    category, which decides nothing by itself), `adds` (nothing), `turns` (one value into another),
    `doubt` (`note` says why nothing is understood), `unknown` (it says that nothing is known) or
    "" (a word that is in no list).
    """

    text: str
    kind: str = ""
    values: tuple[str, ...] = ()
    note: str = ""

    @property
    def turned(self) -> dict[str, str]:
        """What it turns each value into."""
        return dict(pair.split(":") for pair in self.values) if self.kind == "turns" else {}


@dataclass(frozen=True)
class Vocabulary:
    """The words of a column: whole labels, terms, abbreviations, what outranks or completes."""

    whole: Mapping[str, str]
    terms: Mapping[str, Term]
    short: Mapping[str, str]
    over: Mapping[str, frozenset[str]]
    groups: Mapping[str, Term]
    lends: frozenset[str]
    welsh: frozenset[str]
    words: frozenset[str]


def plain(label: str) -> str:
    """Return a label in lower case, its words parted by one space."""
    return re.sub(r"[^a-z0-9]+", " ", label.lower().replace("&", " and ")).strip()


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in reference_rows("label_words.csv"):
        found[row["field"]].append(row)
    return found


@cache
def _open_places() -> tuple[str, ...]:
    rows = reference_rows("location_types.csv")
    return tuple(row["location_type"] for row in rows if row["place_class"] in OPEN)


def _term(row: Mapping[str, str], text: str) -> Term:
    if row["kind"] == "doubt":
        return Term(text, "doubt", note=row["value"])
    values = row["value"].replace("@open", " ".join(_open_places()))
    return Term(text, row["kind"], tuple(values.split()))


@cache
def vocabulary(column: str) -> Vocabulary:
    """Return the words of a column of the contracts; those of its own before those of all."""
    whole, terms, short, over, groups, lends, welsh = {}, {}, {}, {}, {}, {}, {}
    lists = {"whole": whole, "short": short, "lends": lends, "welsh": welsh}
    fields = dict.fromkeys(("", LISTS.get(column, column), column))
    for row in [row for field in fields for row in _rows()[field]]:
        words = row["words"].split("|")
        if row["kind"] == "over":
            over[row["value"]] = frozenset(words)
        elif row["kind"] in lists:
            lists[row["kind"]].update(dict.fromkeys(words, row["value"]))
        elif row["kind"] == "group":
            groups |= {text: _term(row | {"kind": "may"}, text) for text in words}
        else:
            terms |= {text: _term(row, text) for text in words}
    words = frozenset(" ".join([*terms, *short]).split())
    return Vocabulary(whole, terms, short, over, groups, frozenset(lends), frozenset(welsh), words)


@cache
def _long_words(column: str) -> tuple[str, ...]:
    words = vocabulary(column).words
    return tuple(sorted(word for word in words if len(word) > LEAST_LETTERS))


def without_short_form(label: str, own: Vocabulary, *, coded: bool = False) -> str:
    """
    Return a label without its own first letters or initials before it: `OFF - Offender`.

    Where labels are `coded`, any strange capitals are left out: `TPV - On a bus`.
    """
    found = re.fullmatch(r"\W*([a-z]{1,5})\s*[-–:=]+\s*(.+)", label, re.IGNORECASE)
    code, rest = (plain(part) for part in found.groups()) if found else ("", "")
    initials = "".join(word[0] for word in rest.split())
    strange = code and (code not in own.words or own.terms.get(code, Term("")).kind == "doubt")
    capitals = re.match(r"[A-Z]{2,4}\d?\W", label) and not label.isupper()
    lookup = coded and capitals and code not in own.terms and code not in own.short
    own_form = strange and (rest.startswith(code) or initials.startswith(code))
    return found[2] if found and (lookup or own_form) else label


def without_code(terms: list[tuple[Term, int]]) -> list[tuple[Term, int]]:
    """Leave out a code at the start or end of a label: `012 - STREET`, `Stranger 1`."""
    for at in (0, -1):
        if len(terms) > 1 and not terms[at][0].kind and re.search(r"\d", terms[at][0].text):
            terms = terms[1:] if at == 0 else terms[:-1]
    return terms


def _parted(label: str) -> Words:
    # "ROAD.CAR PARK" is a group and a place of it, and "P.H." is not
    label = re.sub(r"(?<=[A-Za-z]{2})\.(?=[A-Za-z]{2})", " : ", label)
    # "a/e", "c/way" and "n/k" are one word: a slash after a single letter parts nothing
    text = re.sub(r"(?<![a-z0-9])([a-z])\s*/\s*(?=[a-z])", r"\1 ", label.lower())
    text = re.sub(r"\b(ic|oc|ot)\s+(?=\d)", r"\1", re.sub(r"[&+]", " and ", text))
    words, level = [], SPACE
    for found in re.finditer(r"([a-z0-9]+)|([^a-z0-9]+)", text):
        if found[1]:
            words.append((found[1], level))
        elif re.search(r"[/\\|]", found[2]):
            level = SLASH
            continue
        elif not re.fullmatch(r"-|[\s.'’?*\"]+", found[2]):
            level = PART
            continue
        level = SPACE
    return words


def _longest(words: Words, start: int, known: Mapping[str, object]) -> int:
    """
    Return how many words from `start` are a phrase that is known.

    No phrase spans a slash, or a dash before alternatives: `hotel - bar/restaurant`.
    """
    levels = [level for _, level in words] + [SPACE]
    stop = start + 1
    while stop < min(len(words), start + 9) and levels[stop] < SLASH:
        stop += 1
    for end in range(stop, start, -1):
        dashed = levels[end] == SLASH and PART in levels[start + 1 : end]
        if not dashed and " ".join(word for word, _ in words[start:end]) in known:
            return end - start
    return 0


def words_of(label: str, own: Vocabulary) -> Words:
    """Return the words of a label, abbreviations written out, each with what parts it off."""
    words, found, start = _parted(label), [], 0
    while start < len(words):
        size = _longest(words, start, own.short)
        text = " ".join(word for word, _ in words[start : start + max(size, 1)])
        first, *rest = (own.short[text] if size else text).split()
        found += [(first, words[start][1]), *((word, SPACE) for word in rest)]
        start += max(size, 1)
    return found


@cache
def _mended(word: str, column: str) -> str:
    """Return the one long word of a column that a misspelt word is one letter away from, or ""."""
    if column not in MENDED or len(word) < LEAST_LETTERS:
        return ""
    near = process.extract(word, _long_words(column), scorer=OSA.distance, score_cutoff=1, limit=2)
    return near[0][0] if len(near) == 1 and near[0][0][0] == word[0] else ""


def _spelt(word: str, column: str) -> str:
    """Return a word as the list spells it, even if plural or misspelt."""
    known = vocabulary(column).words
    singular = word[:-1] if word.endswith("s") and len(word) > 4 else ""
    if word in known:
        return word
    # "boyfriends ex" is somebody else's: relationships have no plurals
    if singular and column == "relationship_to_victim":
        return word
    return singular if singular in known else _mended(word, column) or word


def terms_of(label: str, column: str) -> Iterator[tuple[Term, int]]:
    """Yield the terms of a label, longest phrases first, each with what parts it off."""
    own = vocabulary(column)
    words = [(_spelt(word, column), level) for word, level in words_of(label, own)]
    start = 0
    while start < len(words):
        size = _longest(words, start, own.terms)
        text = " ".join(word for word, _ in words[start : start + max(size, 1)])
        yield own.terms.get(text, Term(text)), words[start][1]
        start += max(size, 1)


def _is_welsh(side: str, column: str) -> bool:
    own = vocabulary(column)
    kinds = {term.kind for term, _ in terms_of(side, column)}
    words = plain(side).split()
    return kinds <= {"", "adds"} and any(
        word in own.welsh or WELSH.fullmatch(word) for word in words
    )


def english(label: str, column: str) -> str:
    """
    Return a label without accents, of two languages the English: `Stryd / Street`.

    A side is Welsh only where a word of it is: a `manse / church` stays as it is.
    """
    letters = unicodedata.normalize("NFKD", label)
    label = "".join(letter for letter in letters if not unicodedata.combining(letter))
    sides = re.split(r"\s+/\s+", label)
    rest = [side for side in sides if not _is_welsh(side, column)]
    return rest[0] if len(sides) == 2 and len(rest) == 1 else label
