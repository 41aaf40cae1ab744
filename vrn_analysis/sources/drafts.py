"""Draft a mapping from the headings and values of an extract, asking only what cannot be told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ibis
from ibis.backends import BaseBackend

from vrn_analysis.errors import DataError
from vrn_analysis.sources import evidence
from vrn_analysis.sources.deliveries import open_delivery
from vrn_analysis.sources.heading import heading_of
from vrn_analysis.sources.mapping import NUMBER, TABLES, Origin, TableMapping
from vrn_analysis.sources.received import TEXT, receive
from vrn_analysis.sources.recognition import Recognised, party_of, recognise, words_of

DATES = ("occurred_from", "occurred_to", "recorded_on", "extracted_on")
FLAGS = ("domestic_flag", "sexual_flag")


@dataclass
class Group:
    """The files of one table: their rows, and what their headings name."""

    files: list[Path]
    rows: ibis.Table
    party: str
    found: list[Recognised] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Draft:
    """Tables of a mapping, what could not be told, and the rows they were drafted from."""

    tables: dict[str, TableMapping]
    questions: list[str]
    unused: list[str]
    rows: dict[str, ibis.Table]


def _headings(connection: BaseBackend, file: Path, heading: Sequence[int]) -> set[str]:
    if file.suffix.lower() in TEXT:
        return set(heading_of(file, lines=heading).names)
    return set(receive(connection, [file], table="", heading=heading).table.columns)


def group_files(connection: BaseBackend, files: Sequence[Path], heading: Sequence[int]) -> list:
    """Return files that share most of their headings together, as months of one table do."""
    groups: list[tuple[set[str], list[Path]]] = []
    for file in files:
        names = _headings(connection, file, heading)
        for headings, members in groups:
            if len(names & headings) >= 0.8 * len(names | headings):
                members.append(file)
                break
        else:
            groups.append((names, [file]))
    made = []
    for _, members in groups:
        rows = receive(connection, members, table="", heading=heading).table
        party = party_of(words_of(members[0].stem)) if len(groups) > 1 else ""
        made.append(_recognised(Group(members, rows, party)))
    return made


def _recognised(group: Group) -> Group:
    for heading in group.rows.columns:
        found = recognise(heading, party=group.party)
        if found is None:
            group.unused.append(heading)
        else:
            group.found.append(found)
    if not group.party and any(found.column == "role" for found in group.found):
        named = [found for found in group.found if not found.party]
        persons = {"age", "sex", "role", "person_ref", "age_band", "self_defined_ethnicity"}
        group.found = [
            Recognised(f.heading, "persons", f.column, f.number, f.rank)
            if f in named and f.column in persons else f
            for f in group.found
        ]  # fmt: skip
    return group


def _best(found: Sequence[Recognised], questions: list[str]) -> dict[str, Recognised]:
    """Return the likeliest heading for each column, and say where there was a choice."""
    by_column: dict[str, list[Recognised]] = defaultdict(list)
    for one in found:
        by_column[one.column].append(one)
    best = {}
    for column, choices in by_column.items():
        choices = sorted(choices, key=lambda one: (one.rank, one.heading))
        best[column] = choices[0]
        others = sorted({one.heading for one in choices if one.number == choices[0].number})
        if len(others) > 1:
            questions.append(
                f"Which column is the {column}: {', '.join(map(repr, others))}? "
                f"{choices[0].heading!r} is taken."
            )
    return best


def _origin(group: Group, column: str, heading: str, questions: list[str], time: str) -> Origin:
    if column in DATES:
        counts = evidence.values_of(group.rows, heading)
        form, doubt = evidence.date_format(counts)
        if doubt:
            questions.append(f"{heading!r} ({column}): {doubt}. State its format.")
        return Origin(column=heading, time=time, format=form)
    if column in FLAGS:
        counts = evidence.values_of(group.rows, heading)
        if len(counts) and evidence.only_yes(counts):
            questions.append(
                f"{heading!r} ({column}) holds only yes and blanks: a blank is taken as no. If a "
                'blank may also be not known, say blank = "unknown".'
            )
            return Origin(column=heading, blank="no")
    return Origin(column=heading)


def _offences(group: Group, questions: list[str]) -> dict[str, Origin]:
    best = _best([one for one in group.found if not one.party], questions)
    times = {name.removesuffix(".time"): one.heading for name, one in best.items() if "." in name}
    columns = {
        column: _origin(group, column, one.heading, questions, times.get(column, ""))
        for column, one in best.items()
        if "." not in column
    }
    if "occurred_from" in columns and "time_precision" not in columns:
        if "occurred_from" in times:
            columns["time_precision"] = Origin(timed_by=times["occurred_from"])
        elif not evidence.has_time(evidence.values_of(group.rows, columns["occurred_from"].column)):
            columns["time_precision"] = Origin(constant="day")
    return columns | _by_values(group, columns, questions)


def _by_values(group: Group, columns: dict[str, Origin], questions: list[str]) -> dict[str, Origin]:
    found = {}
    for heading in list(group.unused):
        kind = evidence.kind_by_values(evidence.values_of(group.rows, heading))
        if kind and kind not in columns and kind not in found:
            found[kind] = Origin(column=heading)
            group.unused.remove(heading)
            questions.append(f"Is {heading!r} the {kind}? Its values say so; it is taken.")
    return found


def _party(group: Group, party: str, questions: list[str]) -> tuple[dict[str, Origin], int]:
    mine = [one for one in group.found if one.party == party]
    up_to = max((one.number for one in mine), default=0)
    best = _best(mine, questions)
    columns = {
        column: Origin(
            column=one.heading.replace(str(one.number), NUMBER, 1) if one.number else one.heading
        )
        for column, one in best.items()
    }
    keys = [one for one in group.found if one.column == "offence_id"]
    if keys:
        columns = {"offence_id": Origin(column=min(keys, key=lambda k: k.rank).heading)} | columns
    return columns, up_to


def _pattern(group: Group, groups: Sequence[Group]) -> str:
    """Return a pattern that the group's files have in their names, and no others."""
    if len(groups) == 1:
        return "*"
    others = [file.name.lower() for other in groups if other is not group for file in other.files]
    for word in [word for word in words_of(group.files[0].stem) if not word.isdigit()]:
        mine = all(word in file.name.lower() for file in group.files)
        if mine and not any(word in name for name in others):
            return f"*{word}*"
    if len(group.files) == 1:
        return group.files[0].name
    raise DataError(
        f"The files {', '.join(file.name for file in group.files[:3])} … have no word in common "
        "that other files lack. Put the files of each table in a name of their own."
    )


def _made(group: Group, groups: Sequence[Group], questions: list[str]) -> list[TableMapping]:
    """Return the tables that the files of one group give."""
    columns = {} if group.party else _offences(group, questions)
    made = {"offences": (columns, 0)} if "occurred_from" in columns else {}
    for party in sorted({one.party for one in group.found if one.party}):
        made[party] = _party(group, party, questions)
    # a file with crimes and their persons repeats the one for the other, unless side by side
    persons = [up_to for name, (_, up_to) in made.items() if name != "offences"]
    repeats = "fold" if "offences" in made and 0 in persons else "keep"
    pattern = _pattern(group, groups)
    return [
        TableMapping(name, found, pattern, repeats, up_to) for name, (found, up_to) in made.items()
    ]


def draft(
    connection: BaseBackend, paths: Path | Sequence[Path], *, heading: Sequence[int] = (1,)
) -> Draft:
    """
    Draft a mapping from the headings and values of an extract.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    paths
        A file, several files, a folder, or a zip.
    heading
        The lines of the heading, counted from 1.

    Returns
    -------
    draft
        The tables, and a question for each thing that cannot be told.

    Raises
    ------
    DataError
        If the files cannot be read.
    """
    spill = Path(connection.con.execute("SELECT current_setting('temp_directory')").fetchone()[0])
    spill.mkdir(parents=True, exist_ok=True)
    groups = group_files(connection, open_delivery(paths, into=spill), heading)
    tables: dict[str, TableMapping] = {}
    rows: dict[str, ibis.Table] = {}
    questions: list[str] = []
    for group in groups:
        for table in _made(group, groups, questions):
            tables[table.name] = table
            rows[table.name] = group.rows
    tables = {name: tables[name] for name in TABLES if name in tables}
    unused = [heading for group in groups for heading in group.unused]
    return Draft(tables, questions, unused, rows)
