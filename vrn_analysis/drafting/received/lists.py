"""The lists that come with an extract: what its codes mean, and what its headings mean."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from vrn_analysis.count.classify.codes import is_code
from vrn_analysis.drafting.dates import read_dates
from vrn_analysis.drafting.headings import likeness, words_of
from vrn_analysis.read.extracts.received import WORKBOOKS
from vrn_analysis.read.extracts.vocabulary import plain
from vrn_analysis.read.files import workbooks
from vrn_analysis.read.files.deliveries import TEXT
from vrn_analysis.read.files.shapes import first_rows

# codes that a list may leave out
COVERED = 0.98
# rows of a list of codes that are looked at, and its most columns
MOST_CODES, WIDEST = 2_000, 8
# rows of it that show what it is
SAMPLE = 50
# codes of a list that have words of their own
MOST_DIFFER = 0.9
# headings that a list of variables explains at least
MOST_EXPLAINED = 0.8
_SAID = re.compile(r"(?<![\w/])(\w{1,6})\s*=\s*([^,;=.]*[^\W\d_]{3}[^,;=.]*)")
Sheets = Mapping[str, Sequence[Sequence[str]]]


def lists_of(files: Sequence[Path]) -> dict[str, list[list[str]]]:
    """Return the first rows of each sheet and text file, which may say what codes mean."""
    found = {
        f"{file.name}, sheet {sheet}": workbooks.sheet_rows(file, sheet, most=MOST_CODES)
        for file in files if file.suffix.lower() in WORKBOOKS
        for sheet in sum(workbooks.sheets_of(file), [])
    }  # fmt: skip
    text = [file for file in files if file.suffix.lower() in TEXT and len(files) > 1]
    return found | {file.name: first_rows(file, MOST_CODES) for file in text}


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


def _subject(text: str) -> set[str]:
    return {*words_of(text).words} - {"code", "ref", "desc"}


@lru_cache
def _is_of_class(head: str) -> bool:
    return likeness(words_of(head).words, "offence_code") >= 0.7


def _worded(cells: Mapping[str, str]) -> str:
    """Return the words beside a code, with the class of the Home Office in brackets."""
    words = max(cells.values(), key=lambda cell: len(re.findall(r"[^\W\d_]", cell)), default="")
    coded = (h for h, cell in cells.items() if is_code(cell) and cell != words)
    ho = next((f" ({cells[h]})" for h in coded if _is_of_class(h)), "")
    return (words + ho).replace("=", "-") if re.search(r"[^\W\d_]{2}", words) else ""


def _tabled(
    name: str, values: Mapping[str, int], rows: Sequence[Sequence[str]], label: str
) -> dict[str, str]:
    """Return the codes in a table of lists: one column, or its file, says of what each list is."""
    heads, about, found = rows[0] if rows else (), _subject(name), [(0.0, {})]
    body = [row for row in rows[1:] if len(row) == len(heads)] if 1 < len(heads) <= WIDEST else []
    # crimes and people have dates, codes have none
    sample = [Counter(filter(None, column)) for column in zip(*body[:SAMPLE], strict=True)]
    if any(read_dates(cells).share > 0.5 for cells in sample):
        return {}
    for of in range(-1, len(heads)):
        for head in {row[of] if of >= 0 else label for row in body}:
            of_what = _subject(head)
            alike = len(about & of_what) / max(len(about | of_what), 1)
            mine = [row for row in body if of < 0 or row[of] == head] if alike >= 0.5 else []
            for at in range(len(heads)) if mine else ():
                beside = [place for place in range(len(heads)) if place not in (at, of)]
                codes = {
                    row[at].strip(): _worded({heads[p]: row[p].strip() for p in beside})
                    for row in mine
                }
                # of crimes and people many say the same, of codes none
                once = len({*codes.values()}) >= MOST_DIFFER * len(codes) == MOST_DIFFER * len(mine)
                if once and all(codes.values()):
                    known = sum(number for value, number in values.items() if value in codes)
                    found.append((alike * (known >= COVERED * sum(values.values())), codes))
    alike, codes = max(found, key=lambda pair: pair[0])
    return codes if alike else {}


def described(names: Sequence[str], sheets: Sheets) -> dict[str, str]:
    """Return what headings mean by a list of variables, where it has almost all of them."""
    for rows in sheets.values():
        for at in range(max(map(len, rows), default=0)):
            beside = {
                row[at]: max(row[at + 1 :], key=len, default="")
                for row in rows if len(row) > at and row[at] in names
            }  # fmt: skip
            once = sum(row[at : at + 1] == [name] for row in rows for name in names)
            if len(beside) >= MOST_EXPLAINED * len(names) and once == len(beside):
                return {
                    name: re.sub(r"\s*\([^)]*\)$", "", text)
                    for name, text in beside.items() if " " in text
                }  # fmt: skip
    return {}


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
    for label, rows in sheets.items():
        lists = [_tabled(name, values, rows, Path(label.split(", sheet ")[-1]).stem)]
        lists += [
            _noted(cell, name) or (_listed(rows, at, place) if _is_named(cell, name) else {})
            for at, row in enumerate(rows) for place, cell in enumerate(row) if name in cell
        ]  # fmt: skip
        for codes in lists:
            known = sum(number for value, number in values.items() if value in codes)
            if total and known >= COVERED * total:
                return {value: codes[value] for value in values if value in codes}
    return {}
