"""
Read the wording of a charge by its meaning.

Words and phrases stand for concepts (`offence_words.csv`). A wording of `offence_wordings.csv`
names the concepts that it needs and those that it allows. A title is understood only where every
word of it is, so that no word that could change the offence is passed over.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import pandas as pd

from vrn_analysis.config import resource

UNKNOWN_WORD = "?"
_SECTION = re.compile(r"\b(?:ss?|secs?|sect|sections?)[\s.:–-]*(\d+[a-z]{0,2})\b(?:\s*\(\w+\))*")
_NUMBERS = {"one": "1", "thirteen": "13", "sixteen": "16", "eighteen": "18"}
_YEARS = r"(?: (?:years?|yrs?))?(?: old)?(?: of age)?\b"
_AGES = (
    (rf"\b(\d+){_YEARS} (?:or|and) (?:over|older|above|more)\b", r"from\1"),
    (rf"\b(?:over|above)(?: the age of)? (\d+){_YEARS}", r"from\1"),
    (rf"\b(?:under|below|less than)(?: the age of)? (\d+){_YEARS}", r"below\1"),
    (rf"\b13 (?:(?:to|or|14) )*15{_YEARS}", "below16"),
    (r"\b(?:18|19|20)\d\d\b", "act"),  # the year of an Act
)


@dataclass(frozen=True)
class Reading:
    """The classes that a text names, and those that it does not rule out beside a code."""

    classes: frozenset[str]
    full: frozenset[str]
    status: str = "known"


@dataclass(frozen=True)
class _Wording:
    needs: tuple[frozenset[str], ...]
    allows: frozenset[str]
    rank: tuple[int, bool]
    reading: Reading


def _rows(name: str) -> list[dict[str, str]]:
    with resource("data", "reference", name).open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str", keep_default_na=False).to_dict("records")


@cache
def _vocabulary() -> tuple[dict[str, str], frozenset[str], int]:
    """Return the concept of each phrase, the concepts of violence, and the longest phrase."""
    rows = _rows("offence_words.csv")
    concepts = {phrase: row["concept"] for row in rows for phrase in row["words"].split(";")}
    violent = frozenset(row["concept"] for row in rows if row["violent"] == "yes")
    return concepts, violent, max(phrase.count(" ") for phrase in concepts) + 1


@cache
def _wordings() -> dict[str, list[_Wording]]:
    """Return the wordings by each concept that may meet the first of their needs."""
    found = defaultdict(list)
    for row in _rows("offence_wordings.csv"):
        needs = tuple(frozenset(group.split("|")) for group in row["needs"].split())
        allows = frozenset(row["may"].split()).union(*needs)
        classes = frozenset(filter(None, row["classes"].split(";")))
        reading = Reading(classes, classes.union(row["also"].split()))
        for concept in needs[0]:
            # the most particular wording comes first
            rank = (-len(needs), "*" in allows)
            found[concept].append(_Wording(needs, allows, rank, reading))
    return dict(found)


def _plain(title: str) -> str:
    text = unicodedata.normalize("NFKC", title).casefold().replace("&", " and ")
    text = re.sub(r"['’`]s\b", "", text).replace("+", " and over")
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


def read_wording(title: str) -> Reading | None:
    """
    Return the classes that the words of a charge leave open, or None where they are not understood.

    Case, punctuation, spacing and the order of the qualifiers do not matter. The reading has no
    class where the words are understood but name an offence that the list of codes does not have.
    """
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
