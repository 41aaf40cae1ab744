"""
Read the wording of a charge by its meaning.

Words and phrases stand for concepts (`offence_words.csv`). A wording of `offence_wordings.csv`
names the concepts that it needs and those that it allows. A title is understood only where every
word of it is, so that no word that could change the offence is passed over. The Act and section
after the words, and the group before them, are evidence of their own (`offence_evidence.csv`).
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from vrn_analysis.core.config import reference_rows
from vrn_analysis.core.definition import offence_codes

UNKNOWN_WORD = "?"
_SECTION = re.compile(r"\b(?:ss?|secs?|sect|sections?)[\s.:–-]*(\d+[a-z]{0,2})\b((?:\s*\(\w+\))*)")
_GROUP = re.compile(r"\s*([\w\s&/]+?)\s*(?:[:>|]|\s[-–—/]\s)\s*(.+)")
_NUMBERS = {"one": "1", "thirteen": "13", "sixteen": "16", "eighteen": "18"}
_YEARS = r"(?: (?:years?|yrs?))?(?: old)?(?: of age)?\b"
_AGES = (
    (rf"\b(\d+){_YEARS} (?:or |and )?(?:over|older|above|more)\b", r"from\1"),
    (rf"\b(?:over|above)(?: the age of)? (\d+){_YEARS}", r"from\1"),
    (rf"\b(?:under|below|less than)(?: the age of)? (\d+){_YEARS}", r"below\1"),
    (rf"\b13 (?:(?:to|or|14) )*15{_YEARS}", "below16"),
    (r"\b(?:18|19|20)\d\d\b", "act"),  # the year of an Act
)


@dataclass(frozen=True)
class Reading:
    """The classes that a text names, and the classes it allows beside a code."""

    classes: frozenset[str]
    full: frozenset[str]
    status: str = "known"


@dataclass(frozen=True)
class _Wording:
    needs: tuple[frozenset[str], ...]
    allows: frozenset[str]
    rank: tuple[int, bool]
    reading: Reading


@cache
def _vocabulary() -> tuple[dict[str, str], frozenset[str], int]:
    """Return the concept of each phrase, the concepts of violence, and the longest phrase."""
    rows = reference_rows("offence_words.csv")
    concepts = {phrase: row["concept"] for row in rows for phrase in row["words"].split(";")}
    violent = frozenset(row["concept"] for row in rows if row["violent"] == "yes")
    return concepts, violent, max(phrase.count(" ") for phrase in concepts) + 1


@cache
def _wordings() -> dict[str, list[_Wording]]:
    """Return the wordings by each concept that may meet the first of their needs."""
    found = defaultdict(list)
    for row in reference_rows("offence_wordings.csv"):
        needs = tuple(frozenset(group.split("|")) for group in row["needs"].split())
        allows = frozenset(row["may"].split()).union(*needs)
        classes = frozenset(filter(None, row["classes"].split(";")))
        reading = Reading(classes, classes.union(row["also"].split()))
        for concept in needs[0]:
            # the most particular wording comes first
            rank = (-len(needs), "*" in allows)
            found[concept].append(_Wording(needs, allows, rank, reading))
    return dict(found)


@cache
def _groups() -> dict[str, frozenset[str]]:
    """Return the classes of each group of offences, "-" for one that the list lacks."""
    every: dict[str, set[str]] = defaultdict(set)
    for row in offence_codes():
        every[row["crime_group"]].add(row["class_code"])
    return {
        word: frozenset({"-"}.union(*map(every.get, row["classes"].split(";"))))
        for row in reference_rows("offence_evidence.csv")
        if row["kind"] == "group"
        for word in row["words"].split(";")
    }


@cache
def _law() -> tuple[re.Pattern, dict[str, str], dict[str, Reading | None]]:
    """Return a pattern of Acts, the Act of each spelling, and the classes of its sections."""
    acts, sections = {}, {}
    for row in reference_rows("offence_evidence.csv"):
        if row["kind"] == "act":
            acts |= dict.fromkeys(row["words"].split(";"), row["name"])
        elif row["kind"] == "section":
            classes = frozenset(row["classes"].split(";"))
            reading = Reading(classes, classes.union(row["also"].split()))
            sections[row["name"]] = None if row["classes"] == "*" else reading
    names = "|".join(sorted((re.sub(" ", r"\\W+", name) for name in acts), key=len, reverse=True))
    year = r"(?:\W+act)?(?:\W*\b(?:1[89]|20)?\d\d)?\b"
    return re.compile(rf"\b({names})\b{year}"), acts, sections


def _sections(title: str) -> tuple[str, list[Reading]]:
    """Return a title without its Act and sections, and what each is, if all of them are known."""
    text, (pattern, names, known) = _folded(title), _law()
    acts = {names[" ".join(re.findall(r"\w+", found[1]))] for found in pattern.finditer(text)}
    law = []
    for number, part in _SECTION.findall(text):
        keys = [number, *re.findall(r"\w+", part)]
        tried = [" ".join(keys[:end]) for end in range(len(keys), 0, -1)]
        law += [next((f"{a} {key}" for key in tried for a in acts if f"{a} {key}" in known), "")]
    if not law or "" in law:
        return title, []
    return _SECTION.sub(" ", pattern.sub(" ", text)), [known[one] for one in law if known[one]]


def _folded(title: str) -> str:
    text = unicodedata.normalize("NFKC", title).casefold().replace("&", " and ")
    return re.sub(r"['’`]s\b", "", text).replace("+", " and over")


def _plain(title: str) -> str:
    text = _folded(title)
    text = re.sub(r"[^a-z0-9]+", " ", _SECTION.sub(r" s\1 ", text))
    text = " ".join(_NUMBERS.get(word, word) for word in text.split())
    for pattern, age in _AGES if re.search(r"\d", text) else ():
        text = re.sub(pattern, age, text)
    return text


def _concepts(title: str) -> frozenset[str]:
    """Return the concepts of a title, the longest phrases first; "?" for a word in no list."""
    concepts, _violent, longest = _vocabulary()
    words, found = _plain(title).split(), set()
    while words:
        lengths = range(min(longest, len(words)), 0, -1)
        length = next((n for n in lengths if " ".join(words[:n]) in concepts), 1)
        found.add(concepts.get(" ".join(words[:length]), UNKNOWN_WORD))
        words = words[length:]
    return frozenset(found - {""})


def _fits(wording: _Wording, found: frozenset[str]) -> bool:
    rest = found - wording.allows
    _concept, violent, _longest = _vocabulary()
    if rest and not (wording.rank[1] and rest.isdisjoint(violent)):
        return False
    return not any(group.isdisjoint(found) for group in wording.needs)


def _read_words(title: str) -> Reading | None:
    found = _concepts(title)
    fitting = [one for name in found for one in _wordings().get(name, ()) if _fits(one, found)]
    if not fitting:
        return None
    first = min(one.rank for one in fitting)
    best = [one.reading for one in fitting if one.rank == first]
    return Reading(
        frozenset().union(*(one.classes for one in best)),
        frozenset().union(*(one.full for one in best)),
    )


def read_wording(title: str) -> tuple[Reading, ...]:
    """
    Return each piece of evidence in a title about its class; none if it is not understood.

    Case, punctuation, spacing and the order of the qualifiers do not matter. A reading of the words
    has no class where they name an offence that the list of codes does not have.
    """
    rest, law = _sections(title)
    words = _read_words(title) or _read_words(rest)
    if words:
        return (words, *law) if words.classes else (words,)
    if law and not _concepts(rest):
        return tuple(law)
    parted = _GROUP.fullmatch(title)
    group = _groups().get(_plain(parted[1])) if parted else None
    found = read_wording(parted[2]) if group else ()
    # "Sexual offences: GBH" is not understood: the group rules out the rest
    return found if all(one.full & group for one in found) else ()
