"""The columns of a table, each with its values as its cells are to be read."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vrn_analysis.drafting import dates, headings
from vrn_analysis.drafting.evidence import LEAST_FIT, MOST_LABELS, Column
from vrn_analysis.drafting.headings import Words, likeness, words_of
from vrn_analysis.drafting.received.lists import Sheets, codes_of, described
from vrn_analysis.drafting.received.sample import Part
from vrn_analysis.read.extracts import values
from vrn_analysis.read.extracts.labels import flags_in
from vrn_analysis.read.extracts.mapping import Origin
from vrn_analysis.read.extracts.meanings import VICTIM_IS, meaning

# what parts the persons of a cell that lists them
LISTS = (";", "|", "\n", ",", "/")
# persons are read from notes where almost all cells with a number are such
LEAST_NOTED = 0.95
# a heading may be a status where no more of the records have a date or a yes
MOST_MARKED = 0.4
# flags of a few letters, parted by blanks
SHORT_FLAGS = re.compile(r"[A-Z]{2,4}(?: [A-Z]{2,4})*").fullmatch
# what a moment in several columns is made of, and its least and most
UNITS = {"year": (1990, 2100), "month": (1, 12), "day": (1, 31), "hour": (0, 24), "min": (0, 59)}
# the columns whose words may stand behind a code of letters
CODED_WORDS = {"location", "relationship", "weapon", "status"}
# what a column of one flag is named after, which no list of keywords is
FLAG_WORDS = {"domestic", "weapon", "knife", "sexual"}
REFERENCES = ("offence_id", "incident_ref", "person_ref")
CLASS_NUMBER = re.compile(r"\d{1,3}").fullmatch


def columns_of(parts: Sequence[Part], sheets: Sheets | None = None) -> list[Column]:
    """
    Return the columns of some files of one table, with the values in their samples.

    `sheets` are the rows of sheets that may list what codes mean; those of the table itself do not.
    """
    own = {part.label for part in parts}
    sheets = {label: rows for label, rows in (sheets or {}).items() if label not in own}
    names = list(dict.fromkeys(name for part in parts for name in part.heading.names))
    counts: dict[str, Counter] = {name: Counter() for name in names}
    for part in parts:
        for name, cells in zip(part.heading.names, zip(*part.rows, strict=True), strict=True):
            counts[name].update(cells)
    rows = sum(len(part.rows) for part in parts)
    explained = described(names, sheets)
    words = _numbered({name: words_of(explained.get(name, name)) for name in names})
    columns = [Column(name, words[name], counts[name], rows) for name in names]
    columns = [_decoded(_read_as(column, str), sheets) for column in columns]
    columns = [part for column in columns for part in _cells_parted(column)]
    return _keywords_joined(_codes_joined(_moments_joined(columns, parts), parts))


def _numbered(words: dict[str, Words]) -> dict[str, Words]:
    """Return headings with the number of a person only where others differ in that number alone."""
    alike = Counter(
        headings.template(name, one.number) for name, one in words.items() if one.number
    )
    return {
        name: one if alike[headings.template(name, one.number)] > 1 else replace(one, number=0)
        for name, one in words.items()
    }


def _decoded(column: Column, sheets: Sheets) -> Column:
    """Return a column of codes with the words that a list of them has."""
    names = max(likeness(column.words.words, name) for name in REFERENCES)
    few = sheets and len(column.said) <= MOST_LABELS and names < 0.9
    codes = codes_of(column.name, column.said, sheets) if few else {}
    coded = tuple(f"{code}={words}" for code, words in codes.items())
    return _read_as(column, lambda v: codes.get(v, v), coded=coded) if codes else column


def _read_as(
    column: Column, says: Callable[[str], str], *, words: Words | None = None,
    boxed: bool = False, **how: Any,
) -> Column:  # fmt: skip
    """Return a column whose values say something else, those that say nothing left out."""
    counts: Counter[str] = Counter()
    for value, number in column.counts.items():
        if text := says(value).strip():
            counts[text] += number
    how = replace(column.how, **how)
    return replace(column, counts=counts, words=words or column.words, boxed=boxed, how=how)


def _cells_parted(column: Column) -> list[Column]:
    """Return a column as its values are to be read, of persons in a list or two moments apart."""
    if column.words.parties and (noted := _persons_noted(column)):
        return noted
    aged = {v for v in column.said if re.search(values.IN_BRACKETS, v)}
    dated = column.share(lambda v: v in aged or not any(map(str.isdigit, v)))
    if aged and "age" in column.words.words and dated > LEAST_NOTED:
        words = replace(column.words, words=("age",))
        return [_read_as(column, lambda v: v in aged and v.rpartition("(")[2][:-1] or "",
                         words=words, part="brackets")]  # fmt: skip
    column = _labels_read(column)
    if column.words.parties:
        return [_persons_parted(column)]
    if mark := _mark_of(column):
        words = Words(("status",))
        return [_read_as(column, lambda v: mark * _is_set(v), words=words, filled=(mark,))]
    if column.share(lambda text: bool(re.search(values.BOX, text))) > LEAST_FIT:
        return [_read_as(column, lambda v: re.sub(values.BOX, ",", v), boxed=True)]
    if not _has_moments(column):
        return [column]
    return [
        _read_as(column, lambda v, at=at: _moment(v, at), words=words_of(said), part=part)
        for part, at, said in (("first", 0, "occurred from"), ("last", -1, "occurred to"))
    ]


def _labels_read(column: Column) -> Column:
    """Return a column whose labels are completed by its heading, or parted from codes."""
    words = column.words.words
    if column.words.turned and "relationship" in words:
        return _read_as(column, values.turned, before=VICTIM_IS)
    if _answers_a_status(column):
        said = Words(("status",))
        return _read_as(column, lambda v: f"crime {v}", words=said, before="crime")
    if CODED_WORDS & {*words} and _is_coded(column):
        return _read_as(column, lambda v: re.sub(values.CODED, r"\2", v), part="words")
    if (
        "keywords" in words
        and not FLAG_WORDS & {*words}
        and column.share(lambda v: bool(SHORT_FLAGS(v))) == 1
    ):
        return _read_as(column, lambda v: v.replace(" ", ","), listed=" ")
    return column


def _answers_a_status(column: Column) -> bool:
    """Return whether yes is a recorded crime, and no may be followed by why it is none."""
    if not {"Y", "Yes", "YES"} & column.said.keys():
        return False
    reasons = [v for v in column.said if re.match(r"(?i)no?\b\W+\w", v)]
    stood = [meaning(f"crime {reason}", "status") for reason in reasons]
    return headings.status_of(column.name) == "recorded" or bool({*headings.NOT_STOOD} & {*stood})


def _is_coded(column: Column) -> bool:
    """Return whether labels have a code of letters before their words, each code once."""
    codes = [code for v in column.said if (code := re.match(values.CODED, v))]
    coded = column.share(lambda v: bool(re.match(values.CODED, v))) > LEAST_NOTED
    return coded and len(codes) > 2 and len({code[1] for code in codes}) == len(codes)


def _is_set(text: str) -> bool:
    return text.lower() not in values.NO_MARK


def _mark_of(column: Column) -> str:
    """Return the status of records with a date or a yes, where the heading says it and few have."""
    filled = sum(n for value, n in column.said.items() if _is_set(value))
    marks = column.share(lambda text: not _is_set(text) or meaning(text, "domestic_flag") == "yes")
    fits = max(marks, column.dates.share) > 0.9 and 0 < filled <= MOST_MARKED * column.rows
    status = headings.status_of(column.name) if fits else ""
    return status if status in headings.NOT_STOOD else ""


def _has_moments(column: Column) -> bool:
    """Return whether cells hold one moment or two, as of an offence that took a while."""
    parts = {value: re.split(values.BETWEEN, value) for value in column.top}
    dated = column.share(lambda text: all(re.search(values.DAY, part) for part in parts[text]))
    return dated > LEAST_FIT and any(len(part) > 1 for part in parts.values())


def _moment(text: str, place: int) -> str:
    one = re.split(values.BETWEEN, text)[place]
    day = re.search(values.DAY, one)
    clock = day and re.search(values.CLOCK, one.replace(day[0], ""))
    return " ".join(found[0] for found in (day, clock) if found) or text


def _persons_parted(column: Column) -> Column:
    """Return the persons of cells that list them, where the same are found alone in others."""
    for separator in LISTS:
        lists = {v: n for v, n in column.said.items() if separator in v}
        alone = column.said.keys() - lists
        parts = Counter()
        for value, number in lists.items():
            for part in value.split(separator):
                parts[part.strip()] += number
        known = sum(number for part, number in parts.items() if part in alone)
        if len(lists) > 2 and known >= LEAST_FIT * sum(parts.values()):
            counts = Counter({v: n for v, n in column.counts.items() if v not in lists}) + parts
            most = max(value.count(separator) + 1 for value in lists)
            how = replace(column.how, listed=separator)
            return replace(column, counts=counts, how=how, most=most)
    return column


def _persons_noted(column: Column) -> list[Column]:
    """Return the age, sex and relationship of persons noted as 24/M - ex, one after another."""
    numbered = {v: n for v, n in column.said.items() if any(map(str.isdigit, v))}
    for separator in ("", *LISTS):
        parts = {v: v.split(separator) if separator else [v] for v in column.said}
        notes = {v: [re.match(values.NOTE, p.strip()) for p in parts[v]] for v in parts}
        fits = sum(n for v, n in numbered.items() if all(notes[v]))
        ages = {note[at] for v in numbered for note in filter(None, notes[v]) for at in (2, 3)}
        # "1 Male" is a code of the sex
        coded = all(len(age) == 1 for age in filter(None, ages))
        if numbered and not coded and fits > LEAST_NOTED * sum(numbered.values()):
            most = max(map(len, parts.values())) if separator else 0
            column = replace(column, how=replace(column.how, listed=separator), most=most)
            found = [_noted(column, notes, part) for part in values.NOTED]
            return [one for one in found if one.counts]
    return []


def _noted(column: Column, notes: dict[str, list], part: str) -> Column:
    """Return what the notes of persons say of one thing."""
    turns = column.words.turned and part == "relationship"
    counts: Counter[str] = Counter()
    for value, number in column.said.items():
        for note in filter(None, notes[value]):
            if text := "".join(note[at] or "" for at in values.NOTED[part]):
                counts[values.turned(text) if turns else text] += number
    words = replace(column.words, words=(part,))
    how = replace(column.how, part=part, before=VICTIM_IS if turns else "")
    return replace(column, words=words, counts=counts, how=how)


def _codes_joined(columns: list[Column], parts: Sequence[Part]) -> list[Column]:
    """Return two columns as one: a class and its sub-code, the ends of a range of ages."""
    for main, lower in zip(columns, columns[1:], strict=False):
        pair = (main.name, lower.name)
        numbers = main.share(CLASS_NUMBER) > LEAST_FIT and lower.share(CLASS_NUMBER) > LEAST_FIT
        first, second = {*main.words.words}, {*lower.words.words}
        if not numbers or (main.words.parties, main.words.number) != (
            lower.words.parties, lower.words.number,
        ):  # fmt: skip
            continue
        if "sub" in second - first:
            return _codes_joined(_joined(columns, pair, parts, "/", Words(("ho", "code"))), parts)
        if "age" in first & second and "from" in first and "to" in second:
            words = replace(main.words, words=("age",))
            return _codes_joined(_joined(columns, pair, parts, "-", words), parts)
    return columns


def _moments_joined(columns: list[Column], parts: Sequence[Part]) -> list[Column]:
    """Return the year, month, day, hour and minute of a moment in columns of their own as one."""
    found: dict[str, dict[str, Column]] = {}
    # a report may give the year and month again beside a date
    if any(c.dates.form and likeness(c.words.words, "occurred_from") > 0.5 for c in columns):
        return columns
    for column in columns:
        said = re.findall(r"[a-z]+", column.name.lower())
        unit = next((unit for unit in UNITS if {unit, f"{unit}s", f"{unit}ute"} & {*said}), "")
        least, most = UNITS.get(unit, (0, 0))
        month = unit == "month" and column.share(lambda v: v[:3].lower() in dates.MONTHS)
        if unit and max(month, column.within(least, most)) > LEAST_FIT:
            of_what = " ".join(word for word in said if not word.startswith(unit))
            found.setdefault(of_what, {})[unit] = column
    for of_what, units in found.items():
        if {"year", "month", "day"} <= units.keys():
            names = tuple(units[unit].name for unit in UNITS if unit in units)
            columns = _joined(columns, names, parts, " ", words_of(f"{of_what} date"))
    return columns


def _joined(
    columns: list[Column], names: tuple[str, ...], parts: Sequence[Part], between: str, words: Words
) -> list[Column]:
    """Return columns of which several are one, with what stands between their values."""
    counts: Counter[str] = Counter()
    for part in [part for part in parts if {*names} <= {*part.heading.names}]:
        places = [part.heading.names.index(name) for name in names]
        for row in part.rows:
            ends = [row[place].strip() for place in places]
            # an age from 21 to 21 is an age
            ends = ends[:1] if between == "-" and ends[0] == ends[1] else ends
            counts[between.join(ends).strip()] += any(ends)
    one = Column(" | ".join(names), words, counts, columns[0].rows, Origin(joined=between))
    return [
        one if column.name == names[0] else column
        for column in columns if column.name not in names[1:]
    ]  # fmt: skip


def _keywords_joined(columns: list[Column]) -> list[Column]:
    """Return columns such as Flag1 to Flag4, with a keyword in each, as one of keywords."""
    alike: dict[tuple, list[Column]] = {}
    for column in columns:
        words = column.words.words
        if len(words) > 1 and words[-1].isdigit() and {"flag", "keywords"} & set(words):
            alike.setdefault(words[:-1], []).append(column)
    for members in alike.values():
        counts = sum((member.counts for member in members), Counter())
        if len(members) > 1 and any(flags_in(value) for value in counts):
            name, words = " | ".join(member.name for member in members), Words(("keywords",))
            rest = [column for column in columns if column not in members]
            columns = [Column(name, words, counts, members[0].rows), *rest]
    return columns
