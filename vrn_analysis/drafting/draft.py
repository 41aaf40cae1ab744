"""Draft a mapping from an extract, and ask only what its columns and values cannot tell."""

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from vrn_analysis.core.errors import DataError
from vrn_analysis.drafting import origins
from vrn_analysis.drafting.columns import Found
from vrn_analysis.drafting.dates import read_dates
from vrn_analysis.drafting.grouping import ALIKE, extracts_only, grouped, recognised
from vrn_analysis.drafting.headings import likeness, words_of
from vrn_analysis.drafting.labels import Labels, labels_of, words_for
from vrn_analysis.drafting.origins import Question
from vrn_analysis.drafting.received.lists import Sheets, lists_of
from vrn_analysis.drafting.received.sample import Part, parts_of
from vrn_analysis.drafting.received.shaping import joins_of, shapes_of
from vrn_analysis.drafting.tables import TITLES, Drafting, Group
from vrn_analysis.read.extracts.mapping import TABLES, Origin, TableMapping, table_kind
from vrn_analysis.read.extracts.values import alike
from vrn_analysis.read.files.deliveries import open_delivery
from vrn_analysis.read.files.shapes import Shape, shaped

SHOWN = 8
NEEDED = {"offence_id": "the crime's reference", "occurred_from": "the date of the offence"}


@dataclass(frozen=True)
class Draft:
    """
    A drafted mapping: its tables, what the labels mean, and how it was come by.

    `questions` are what only the analyst can tell, those that move most records first; `lacking`
    are the required columns that were not found, without which nothing can be read; `others`
    says of each table that is no police extract what it is; `shapes` are what is done to files
    before they are tables.
    """

    tables: dict[str, TableMapping]
    groups: list[Group]
    labels: Labels
    questions: list[Question]
    lacking: list[str]
    heading: tuple[int, ...]
    answers: dict[str, str]
    others: list[str]
    shapes: list[Shape]


def _lacking(columns: Lookup[str, Origin]) -> list[str]:
    lacking = [name for name in NEEDED if name not in columns]
    return lacking if set(TITLES) & set(columns) else [*lacking, "offence_code"]


def _columns_asked(groups: Sequence[Group], lacking: Sequence[str]) -> list[Question]:
    """Return a question for each required column that was not found."""
    crimes = max(groups, key=lambda group: len(group.found))
    asked = []
    for name in lacking:
        alike = {head: likeness(words_of(head).words, name) for head in crimes.unused}
        by_likeness = sorted(alike, key=alike.get, reverse=True)
        asked.append(Question(
            f"column:{name}", f"Which column has {NEEDED.get(name, 'the offence code')}?",
            crimes.columns[0].rows, tuple(by_likeness[:5]), "", needed=True,
        ))  # fmt: skip
    return asked


def _ties(groups: Sequence[Group], answers: Lookup[str, str]) -> list[Question]:
    asked = []
    for group in groups:
        for one in group.found:
            # of several columns of a status each is read
            if one.rival and one.field != "status" and f"column:{one.field}" not in answers:
                asked.append(Question(
                    f"column:{one.field}", f"Which column is {one.field}?", one.column.rows,
                    (one.column.name, one.rival), one.column.name,
                ))  # fmt: skip
    return asked


def _stated(group: Group, answers: Lookup[str, str]) -> Group:
    """Return a group with the columns that answers name put in the place of what was found."""
    by_name = {column.name: column for column in group.columns}
    for key, name in answers.items():
        wanted = key.removeprefix("column:")
        if key.startswith("column:") and name in by_name and not group.people:
            kept = [
                one for one in group.found
                if one.column.name != name and (one.party or one.field != wanted)
            ]  # fmt: skip
            group.found = [*kept, Found(by_name[name], "", 0, wanted, 1.0)]
    return group


def _order(groups: Sequence[Group], answers: Lookup[str, str]) -> tuple[bool | None, list]:
    columns = [one.column for group in groups for one in group.found if one.field in origins.DATES]
    asked = origins.order_question(columns)
    swapped = asked.answered(answers) == "month" if asked else origins.month_first(columns)
    return swapped, [asked] if asked else []


def _tables(drafting: Drafting, groups: Sequence[Group]) -> dict[str, TableMapping]:
    """
    Return the tables of a mapping.

    Of two groups that give the same table both are read where their crimes are not the same, as
    of two years with other headings; else the larger.
    """
    tables: dict[str, TableMapping] = {}
    for group in sorted(groups, key=lambda group: -len(group.found)):
        made = drafting.made(group, groups)
        before = [other for other in groups if other.tables]
        for table in made:
            same = [one for one in before if table.name in map(table_kind, one.tables)]
            lacking = same and table.name == "offences" and _lacking(table.columns)
            if lacking or any(_is_of_same_crimes(group, other) for other in same):
                continue
            name = f"{table.name}_{len(same) + 1}" if same else table.name
            tables[name] = replace(table, name=name)
            group.tables.append(name)
        keyed = any({*NEEDED} & table.columns.keys() for table in made)
        group.lost = [table.name for table in made] if keyed and not group.tables else []
    in_order = sorted(tables, key=lambda name: TABLES.index(table_kind(name)))
    return _keyed({name: tables[name] for name in in_order}, groups)


def _keys(group: Group) -> set[str]:
    return {v for one in group.found if one.field == "offence_id" for v in one.column.said}


def _is_of_same_crimes(group: Group, other: Group) -> bool:
    mine, others = ({*map(alike, _keys(one))} for one in (group, other))
    return len(mine & others) > (1 - ALIKE) * min(len(mine), len(others)) or not mine


def _lost(groups: Sequence[Group]) -> list[Question]:
    """Return what to ask of records that are not read, as others with other headings are."""
    return [
        Question(
            f"unread:{group.parts[0].sheet or group.parts[0].file.name}",
            f"{group.label}: {group.rows:,} rows look like {' and '.join(group.lost)} but are NOT "
            "READ, because their headings differ from those of the table that is read. Give all "
            "the same headings, or put these rows in an extract of their own. Leave them out?",
            group.rows, ("leave out",), "leave out",
        )
        for group in groups if group.lost
    ]  # fmt: skip


def _linked(groups: Sequence[Group]) -> list[str]:
    """Return which tables there are where none has the crimes, and what to ask for."""
    found = [
        f"{group.label} ({group.rows:,} rows: {', '.join(group.parts[0].heading.names[:SHOWN])})"
        for group in groups
    ]
    return [
        f"The extract has {len(groups)} tables: {'; '.join(found)}. No column of the same heading "
        "joins them to one that can be read. Ask for one table with a row for each crime, or for "
        "each person of a crime, with the words of each code in place of the code."
    ]


def _keyed(tables: dict[str, TableMapping], groups: Sequence[Group]) -> dict[str, TableMapping]:
    """Return tables that find the crimes of people whose references are written in another way."""
    said = {table: _keys(group) for group in groups for table in group.tables}
    crimes = {v for table, keys in said.items() if table_kind(table) == "offences" for v in keys}
    for name, keys in said.items():
        match = {*map(alike, crimes)}
        if len(keys & crimes) < ALIKE * len(keys) <= sum(alike(key) in match for key in keys):
            columns = tables[name].columns
            columns["offence_id"] = replace(columns["offence_id"], alike=True)
    return tables


def _recognised(
    parts: Sequence[Part], sheets: Sheets, answers: Lookup[str, str]
) -> tuple[list[Group], list[str]]:
    """Return the tables that may be extracts, with what their columns are, and what others are."""
    parts, others = extracts_only(parts)
    groups = [_stated(recognised(group), answers) for group in grouped(parts, sheets)]
    if not any(group.found for group in groups):
        names = ", ".join(groups[0].parts[0].heading.names[:8])
        raise DataError(
            f"{parts[0].label} has no column that vrn map recognises. Its columns: {names}. If the "
            "headings are on another line, name that line, such as --heading 3. If there are no "
            "headings: --heading 0."
        )
    return groups, others


def _opened(
    paths: Path | Sequence[Path], heading: Sequence[int], answers: Lookup[str, str]
) -> tuple[list[Group], list[Shape], list[str]]:
    """Return the tables of a delivery, reshaped until each has a row for each crime or person."""
    shapes: list[Shape] = []
    with TemporaryDirectory(prefix="vrn_map_") as unpacked:
        files = open_delivery(paths, into=Path(unpacked))
        sheets = lists_of(files)
        while True:
            parts = parts_of(files, heading=heading)
            groups, others = [], []
            if not (more := shapes_of(parts)):
                groups, others = _recognised(parts, sheets, answers)
                _tables(Drafting(answers, _order(groups, answers)[0], groups), groups)
                more = joins_of(groups)
                for group in groups:
                    group.tables, group.lost = [], []
            if not more:
                return groups, shapes, others
            into = Path(unpacked, f"reshaped_{len(shapes)}")
            files, _ = shaped(files, more, into=into, lines=heading)
            shapes += more


def draft(
    paths: Path | Sequence[Path],
    *,
    heading: Sequence[int] = (),
    answers: Lookup[str, str] | None = None,
) -> Draft:
    """
    Draft a mapping from the headings and values of an extract.

    Parameters
    ----------
    paths
        A file, several files, a folder, or a zip.
    heading
        The lines of the heading, counted from 1; none: they are found; 0: there is no heading.
    answers
        To the questions of an earlier draft, by their `key`.

    Returns
    -------
    draft
        The tables of a mapping, and a question for each thing that cannot be told.

    Raises
    ------
    DataError
        If the files cannot be read, are open data or counts, or no column of them is known.
    """
    answers = dict(answers or {})
    groups, shapes, others = _opened(paths, heading, answers)
    swapped, asked = _order(groups, answers)
    drafting = Drafting(answers, swapped, groups)
    tables = _tables(drafting, groups)
    labels = labels_of([group for group in groups if group.tables])
    lacking = _lacking(tables["offences"].columns if "offences" in tables else {})
    names = [name for group in groups for name in group.parts[0].heading.names]
    if lacking and not heading and any(read_dates({name: 1}).share for name in names):
        return draft(paths, heading=(0,), answers=answers)  # the first line is a row
    lost = _lost(groups)
    others += [question.text for question in lost]
    others += _linked(groups) if lacking and len(groups) > 1 else []
    asked += [*lost, *drafting.questions, *_ties(groups, answers), *labels.questions()]
    # two years with other headings ask the same
    asked = {question.key: question for question in reversed(asked)}.values()
    asked = sorted(asked, key=lambda question: -question.records)
    questions = [*_columns_asked(groups, lacking), *asked]
    return Draft(
        tables, groups, labels, questions, lacking, tuple(heading), answers, others, shapes
    )


def _allowed(draft: Draft, key: str) -> tuple[str, ...]:
    kind, _, rest = key.partition(":")
    if kind == "column":
        return tuple(column.name for group in draft.groups for column in group.columns)
    if kind == "label" and (column := rest.partition(":")[0]) in draft.labels.counts:
        return (*words_for(column), "")
    return next((one.options for one in draft.questions if one.key == key), ())


def check_answers(draft: Draft, answers: Lookup[str, str]) -> None:
    """
    Refuse an answer to a question that was not asked, or one that the question does not allow.

    Raises
    ------
    DataError
        The first such answer, with what is allowed.
    """
    for key, answer in answers.items():
        if answer in (allowed := _allowed(draft, key)):
            continue
        if not allowed:
            keys = ", ".join(one.key for one in draft.questions) or "none"
            raise DataError(f'--answer "{key}={answer}": no such question. Questions: {keys}.')
        raise DataError(
            f'--answer "{key}={answer}": choose one of {", ".join(filter(None, allowed))}.'
        )
