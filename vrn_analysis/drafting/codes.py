"""Find the words of coded columns in the lists and notes that come with an extract."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from vrn_analysis.read.extracts.vocabulary import plain

# codes that a list may leave out
COVERED = 0.98
_SAID = re.compile(r"(?<![\w/])(\w{1,6})\s*=\s*([^,;=.]*[^\W\d_]{3}[^,;=.]*)")
Sheets = Mapping[str, Sequence[Sequence[str]]]


def _is_named(cell: str, name: str) -> bool:
    return f"{plain(cell)} ".startswith(f"{plain(name)} ")


def _noted(cell: str, name: str) -> dict[str, str]:
    """Return the codes of a note such as `Position: C = crime, X = cancelled`."""
    sentences = re.split(r"(?<=[.\n])\s+", cell)
    said = next((text for text in sentences if _is_named(text, name)), "")
    return {code: words.strip() for code, words in _SAID.findall(said)}


def _listed(rows: Sequence[Sequence[str]], at: int, place: int) -> dict[str, str]:
    """Return the codes below a name, with the words beside them; none where one comes again."""
    pairs = ([cell.strip() for cell in row[place : place + 2]] for row in rows[at + 1 :])
    block = list(takewhile(lambda pair: len(pair) == 2 and all(pair), pairs))
    codes = dict(block)
    worded = all(re.search(r"[^\W\d_]{2}", words) for words in codes.values())
    return codes if len(codes) == len(block) and worded else {}


def codes_of(name: str, values: Mapping[str, int], sheets: Sheets) -> dict[str, str]:
    """
    Return the words of the codes in a column, none where no list has almost all of them.

    Parameters
    ----------
    name
        The heading of the column, which a list or note begins with.
    values
        What the column holds, and how often.
    sheets
        The rows of sheets that may list codes.
    """
    total = sum(values.values())
    for rows in sheets.values():
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if name not in cell:
                    continue
                codes = _noted(cell, name) or (
                    _listed(rows, at, place) if _is_named(cell, name) else {}
                )
                known = sum(number for value, number in values.items() if value in codes)
                if total and known >= COVERED * total:
                    return {value: codes[value] for value in values if value in codes}
    return {}
