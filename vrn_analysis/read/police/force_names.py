"""Recognise police forces by their usual names."""

import difflib
import re
from collections.abc import Iterator

from vrn_analysis.core.config import resource
from vrn_analysis.core.errors import SettingsError
from vrn_analysis.read.files.files import read_csv

# words in the names of many forces, which do not distinguish them
_NO_NAME = r"\b(the|police|service|force|constabulary|of|heddlu|isle|wight|and(?= isle))\b"


def _plain(name: str) -> str:
    words = " ".join(re.findall(r"[a-z]+", name.lower().replace("&", " and ")))
    return " ".join(re.sub(_NO_NAME, " ", words).split())


def forces() -> dict[str, list[str]]:
    """Return every police force as data.police.uk writes it, with the names people give it."""
    table = read_csv(resource("data", "reference", "force_names.csv")).fillna("")
    return {
        row.force: [_plain(row.force.replace("-", " ")), *filter(None, row.other_names.split("; "))]
        for row in table.itertuples()
    }


def _shortens(short: str, long: str) -> bool:
    """Return whether a word abbreviates another: same first letter, letters in order."""
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _fits(given: list[str], name: str, *, short: bool) -> bool:
    words = iter(name.split())
    like = _shortens if short else (lambda one, other: other.startswith(one))
    return all(any(like(one, other) for other in words) for one in given)


def _candidates(given: str, names: dict[str, list[str]]) -> Iterator[list[str]]:
    """Return the forces that a name fits: exactly, by its beginning, as a short form."""
    yield [force for force, called in names.items() if given in called]
    for short in (False, True):
        yield [
            force
            for force, called in names.items()
            if any(_fits(given.split(), name, short=short) for name in called)
        ]


def force_named(text: str) -> str:
    """
    Return a police force as data.police.uk writes it, from its name as people write it.

    Parameters
    ----------
    text
        Such as Leicestershire Police, West Mids, Met, Devon & Cornwall.

    Raises
    ------
    SettingsError
        If it is the name of no force, or of several, with those that are near.
    """
    names = forces()
    given = _plain(text)
    found = next((some for some in _candidates(given, names) if some), []) if given else []
    if len(found) == 1:
        return found[0]
    every = {name: force for force, called in names.items() for name in called}
    close = [every[name] for name in difflib.get_close_matches(given, every, 5, 0.5)]
    near = found or list(dict.fromkeys(close)) or list(names)
    what = "may be any of" if found else "is the name of no police force; near it are"
    raise SettingsError(f"{text!r} {what} {', '.join(near)}. Write one of them.")
