"""How files of another shape become tables with a row for each crime or person."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from vrn_analysis.drafting.dates import read_dates
from vrn_analysis.drafting.evidence import Column, fit
from vrn_analysis.drafting.headings import fields, likeness, words_of
from vrn_analysis.drafting.received.sample import Part
from vrn_analysis.read.extracts.meanings import meaning
from vrn_analysis.read.extracts.received import WORKBOOKS
from vrn_analysis.read.files.shapes import Shape, first_rows, members
from vrn_analysis.read.files.workbooks import sheet_rows

# how many columns of the contracts a list of headings names at least, and how like each is to be
LEAST_NAMED, LIKE = 4, 0.8
# how much more often a column of what facts say has a date where the fact is one
MIXED = 0.3
DATED = ("occurred_from", "occurred_to", "recorded_on", "born")
# keys that tables share, and how many of them the other has
LEAST_KEYS, CONTAINED = 3, 0.95
# what a history calls the column that says which row is the last of a crime
VERSION = re.compile(r"(?i)current|latest|(valid|effective|version).?(to|end)").search
# rows that show the shape
LOOKED_AT = 1_000


@cache
def _field(text: str) -> str:
    """Return the column of the contracts that a text names, "" for none."""
    words = words_of(text).words
    score, name = max((likeness(words, name), name) for name in fields())
    return name if score >= LIKE else ""


def _named(texts: Iterable[str]) -> int:
    """Return how many columns of the contracts some texts name."""
    return len({_field(text) for text in texts} - {""})


def _json(part: Part) -> Shape | None:
    found = []
    for place, name in enumerate(part.heading.names):
        cells = [row[place] for row in part.rows[:LOOKED_AT] if row[place].strip()]
        if cells and sum(members(cell) is not None for cell in cells) > 0.9 * len(cells):
            found.append(name)
    return Shape("json", part.file.stem, columns=tuple(found)) if found else None


def _labels(part: Part) -> Shape | None:
    rows = sheet_rows(part.file, part.sheet, most=LOOKED_AT) if part.sheet else (
        first_rows(part.file, LOOKED_AT)
    )  # fmt: skip
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    rows = [row for row in rows if len(row) == width]
    same = [
        len({row[at] for row in rows}) == 1 and bool(rows[0][at].strip()) for at in range(width)
    ]
    varied = [at for at in range(width) if not same[at]]
    if (
        len(rows) < 3
        or not varied
        or _named(rows[0][p] for p in range(width) if same[p]) < LEAST_NAMED
    ):
        return None
    # the labels stand together before the values, or each before its own
    first, last = varied[0], varied[-1]
    ways = [
        (range(start - size, start), range(start, start + size))
        for start in range(1, first + 1)
        for size in range(last - start + 1, min(start, width - start) + 1)
    ]
    each = [at - 1 for at in varied if at and same[at - 1]]
    ways.append((each, [at + 1 for at in each]))

    def fitting(way: tuple[Sequence[int], Sequence[int]]) -> float:
        """Return how well values fit the labels that they would have."""
        return sum(
            fit(Column(rows[0][a], words_of(rows[0][a]), Counter(r[b] for r in rows), len(rows)),
                _field(rows[0][a]))
            for a, b in zip(*way, strict=True) if _field(rows[0][a])
        )  # fmt: skip

    labels, values = max(ways, key=fitting)
    return Shape(
        "labels", part.file.stem,
        labels=tuple(at + 1 for at in labels), values=tuple(at + 1 for at in values),
    )  # fmt: skip


def _facts(part: Part) -> Shape | None:
    names, rows = part.heading.names, part.rows[:LOOKED_AT]
    cells = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    few = [name for name in names if 1 < len({*cells[name]}) <= len(rows) // 4]
    fact = max(few, key=lambda name: _named({*cells[name]}), default="")
    if not fact or _named({*cells[fact]}) < LEAST_NAMED:
        return None
    dated = [_field(cell) in DATED for cell in cells[fact]]

    def mixed(name: str) -> float:
        """Return how much more often a column has a date where the fact is one."""
        pairs = list(zip(cells[name], dated, strict=True))
        yes, no = (read_dates(Counter(c for c, d in pairs if c and d is one)).share
                   for one in (True, False))  # fmt: skip
        return yes - no

    others = [name for name in names if name != fact]
    value = max(others, key=mixed)
    if mixed(value) < MIXED:
        return None
    key = max(others, key=lambda name: likeness(words_of(name).words, "offence_id"))
    others = [name for name in others if name not in (value, key)]
    whose = [
        n for n in others if n in few and sum(bool(words_of(c).parties) for c in {*cells[n]}) > 1
    ]
    number = [
        n for n in others if n not in whose and all(re.fullmatch(r"\d{1,2}", c) for c in cells[n])
    ]
    return Shape("facts", part.file.stem, columns=(*whose, fact), key=key,
                 number="".join(number[:1]), value=value)  # fmt: skip


def _versions(part: Part) -> Shape | None:
    """Return which rows of a history are the last of each crime, as one of its columns says."""
    names = part.heading.names
    at = max(range(len(names)), key=lambda at: likeness(words_of(names[at]).words, "offence_id"))
    keys = {row[at] for row in part.rows}
    # a sample need not have the last version of each
    least, found = len(keys) * (1.0 if part.whole else 0.5), []
    for place, name in enumerate(names) if len(part.rows) > 1.02 * len(keys) else ():
        if not VERSION(name):
            continue
        said = Counter(row[place].strip() for row in part.rows)
        # each crime has one row that says so
        each = [
            value for value, number in said.items() if number >= least
            and len({row[at] for row in part.rows if row[place].strip() == value}) == number
        ]  # fmt: skip
        # a yes, a blank end, or else the last of the ends
        order = [(meaning(v, "domestic_flag") == "yes", bool(VERSION(v)), not v, v) for v in each]
        found += [(name, max(order)[-1])] if order else []
    columns = tuple(name for name, _ in found)
    return Shape("only", part.file.stem, columns=columns, value=found[0][1]) if found else None


def shapes_of(parts: Sequence[Part]) -> list[Shape]:
    """Return what is to be done to files before they are tables; of a workbook, sheets first."""
    for part in [part for part in parts if not part.fault]:
        found = next(filter(None, (way(part) for way in (_labels, _json, _facts, _versions))), None)
        if found and part.file.suffix.lower() in WORKBOOKS:
            return [Shape("sheets", part.file.stem)]
        if found:
            return [found]
    return []


def _values(group: Any, name: str) -> Counter:
    part = group.parts[0]
    place = part.heading.names.index(name)
    return Counter(row[place].strip() for row in part.rows if row[place].strip())


def joins_of(groups: Sequence[Any]) -> list[Shape]:
    """
    Return which table that is read as nothing adds its columns to one that is read, if any does.

    Both have a column of the same heading. The other table has each key once, as persons have, or
    it says several things of a crime, as flags do, and nothing of its people.
    """
    single = [group for group in groups if len(group.parts) == 1 and not group.parts[0].sheet]
    read = [group for group in single if group.tables]
    for other in (group for group in single if not group.tables):
        own = {name.lower(): name for name in other.parts[0].heading.names}
        for group in sorted(read, key=lambda group: not group.people):
            for name in group.parts[0].heading.names:
                if name.lower() not in own:
                    continue
                mine, theirs = _values(group, name), _values(other, own[name.lower()])
                many = max(theirs.values(), default=0) > 1
                of_people = bool(other.people or any(one.party for one in other.found))
                inner, outer = (theirs, mine) if many else (mine, theirs)
                once = max(outer.values(), default=0) == 1 and not (many and of_people)
                known = sum(value in outer for value in inner)
                if once and len(inner) >= LEAST_KEYS and known >= CONTAINED * len(inner):
                    files = (one.parts[0].file.stem for one in (group, other))
                    return [Shape("join", next(files), key=name, other=next(files))]
    return []
