"""Draft a mapping from an extract, and ask only what its columns and values cannot tell."""

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from vrn_analysis.drafting import origins
from vrn_analysis.drafting.columns import Found, assign, columns_of, role_of
from vrn_analysis.drafting.evidence import Column
from vrn_analysis.drafting.headings import likeness, words_of
from vrn_analysis.drafting.labels import Labels, labels_of
from vrn_analysis.drafting.origins import Question
from vrn_analysis.drafting.sample import Part, parts_of
from vrn_analysis.errors import DataError
from vrn_analysis.sources.deliveries import open_delivery
from vrn_analysis.sources.mapping import TABLES, Origin, TableMapping
from vrn_analysis.sources.meanings import meaning

# headings that files of one table share, as months of it do
ALIKE = 0.8
NEEDED = {"offence_id": "the crime's reference", "occurred_from": "the date of the offence"}
TITLES = ("offence_code", "offence_title")
PARTS = ("keywords", "longitude", "latitude", "grid_reference")
NOT_STOOD = ("cancelled", "transferred", "duplicate")


@dataclass
class Group:
    """The files or sheets of one table, and what their columns are."""

    parts: list[Part]
    columns: list[Column]
    people: str = ""
    found: list[Found] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    @property
    def unused(self) -> list[str]:
        """The columns that nothing is made of."""
        used = {one.column.name for one in self.found}
        return [column.name for column in self.columns if column.name not in used]


@dataclass(frozen=True)
class Draft:
    """
    A drafted mapping: its tables, what the labels mean, and how it was come by.

    `questions` are what only the analyst can tell, those that move most records first; `lacking`
    are the required columns that were not found, without which nothing can be read.
    """

    tables: dict[str, TableMapping]
    groups: list[Group]
    labels: Labels
    questions: list[Question]
    lacking: list[str]
    heading: tuple[int, ...]
    answers: dict[str, str]


def _grouped(parts: Sequence[Part]) -> list[Group]:
    """Return parts that share most of their headings together, as months of one table do."""
    groups: list[tuple[set[str], list[Part]]] = []
    for part in parts:
        names = {name.lower() for name in part.heading.names}
        for headings, members in groups:
            if len(names & headings) >= ALIKE * len(names | headings):
                members.append(part)
                break
        else:
            groups.append((names, [part]))
    return [Group(members, columns_of(members)) for _, members in groups]


def _is_of_crimes(found: Sequence[Found]) -> bool:
    told = {one.field for one in found if not one.party}
    return bool(told & {"occurred_from", "recorded_on", "location_type", "domestic_flag", *TITLES})


def _of_whom(group: Group) -> str:
    """Return whose table it is, where it is one of people: by its name, else by its columns."""
    part = group.parts[0]
    named = words_of(part.sheet or part.file.stem).parties
    by_column = [party for column in group.columns for party in column.words.parties]
    role = role_of(group.columns)
    if role is not None:
        return "persons"
    return next(iter([*named, *by_column]), "")


def _recognised(group: Group) -> Group:
    found = assign(group.columns)
    if not _is_of_crimes(found):
        group.people = _of_whom(group)
        found = assign(group.columns, people=group.people) if group.people else found
    group.found = found
    return group


def _pattern(group: Group, groups: Sequence[Group]) -> str:
    """Return a pattern that the group's files have in their names, and no others."""
    mine = list(dict.fromkeys(part.file.name for part in group.parts))
    others = {part.file.name for other in groups if other is not group for part in other.parts}
    if not others - set(mine):
        return "*" if len(groups) == 1 or len({*mine, *others}) == 1 else " | ".join(mine)
    for word in words_of(Path(mine[0]).stem.replace("_", " ")).words or ():
        if all(word in name.lower() for name in mine) and not any(
            word in name.lower() for name in others
        ):
            return f"*{word}*"
    return " | ".join(mine)


def _sheets(group: Group) -> str:
    return " | ".join(dict.fromkeys(part.sheet for part in group.parts if part.sheet))


class _Drafting:
    """What is asked and answered while the tables of a mapping are drafted."""

    def __init__(self, answers: Lookup[str, str], swapped: bool | None) -> None:
        self.answers = answers
        self.swapped = swapped
        self.questions: list[Question] = []

    def offences(self, group: Group) -> dict[str, Origin]:
        """Return where the columns of the offences come from."""
        found = {one.field: one for one in group.found if not one.party}
        columns: dict[str, Origin] = {}
        for name, one in found.items():
            if "." not in name and name not in PARTS:
                columns[name] = self._crime(one, found)
        if "keywords" in found:
            lacking = [name for name in origins.KEYWORDS if name not in columns]
            more, asked = origins.from_keywords(found["keywords"], lacking, self.answers)
            columns |= more
            self.questions += asked
        columns |= _precision(found) | _placed(found, columns)
        if "status" not in columns and "investigation_outcome" in found:
            said = found["investigation_outcome"].column.said
            if any(meaning(value, "status") in NOT_STOOD for value in said):
                columns["status"] = Origin(column=found["investigation_outcome"].column.name)
        return columns

    def _crime(self, one: Found, found: Lookup[str, Found]) -> Origin:
        if one.field in origins.DATES:
            time = found.get(f"{one.field}.time")
            return origins.dated(one, swapped=self.swapped, time=time.column.name if time else "")
        if one.field in origins.FLAGS:
            origin, asked = origins.flag(one, self.answers)
            self.questions += asked
            return origin
        return origins.weapon(one) if one.field == "weapon" else Origin(column=one.column.name)

    def people(self, group: Group, party: str) -> tuple[dict[str, Origin], int]:
        """Return where the columns of the people of one party come from, and how many a row has."""
        mine = [one for one in group.found if one.party == party]
        up_to = max((one.number for one in mine), default=0)
        first = {}
        for one in sorted(mine, key=lambda one: one.number):
            first.setdefault(one.field, one)
        keys = [one for one in group.found if one.field == "offence_id"]
        columns = {"offence_id": Origin(column=keys[0].column.name)} if keys else {}
        for name, one in first.items():
            if name == "age":
                more, asked = origins.aged(one, self.answers)
                columns |= more
                self.questions += asked
            elif name == "born":
                if "age" not in first:
                    columns["age"] = origins.dated(one, swapped=self.swapped)
            else:
                columns[name] = Origin(column=origins.numbered(one))
        return columns, up_to

    def made(self, group: Group, groups: Sequence[Group]) -> list[TableMapping]:
        """Return the tables that the files of one group give."""
        tables: dict[str, tuple[dict[str, Origin], int]] = {}
        if not group.people and not _is_of_crimes(group.found) and len(groups) > 1:
            return []
        if not group.people:
            tables["offences"] = (self.offences(group), 0)
        for party in sorted({one.party for one in group.found if one.party}):
            columns, up_to = self.people(group, party)
            if len(columns) > 1 and (party != "persons" or "role" in columns):
                tables[party] = (columns, up_to)
        # a file with crimes and their persons repeats the one for the other, unless side by side
        persons = [up_to for name, (_, up_to) in tables.items() if name != "offences"]
        repeats = "fold" if "offences" in tables and 0 in persons else "keep"
        pattern, sheet = _pattern(group, groups), _sheets(group)
        return [
            TableMapping(name, columns, pattern, sheet, repeats, up_to)
            for name, (columns, up_to) in tables.items()
        ]


def _precision(found: Lookup[str, Found]) -> dict[str, Origin]:
    if "occurred_from" not in found or "time_precision" in found:
        return {}
    if "occurred_from.time" in found:
        return {"time_precision": Origin(timed_by=found["occurred_from.time"].column.name)}
    timed = found["occurred_from"].column.dates.timed
    return {} if timed else {"time_precision": Origin(constant="day")}


def _placed(found: Lookup[str, Found], columns: Lookup[str, Origin]) -> dict[str, Origin]:
    """Return eastings and northings that are made of degrees, or of a reference in one cell."""
    if {"easting", "northing"} <= set(columns):
        return {}
    if "grid_reference" in found:
        origin = Origin(grid=found["grid_reference"].column.name)
    elif {"longitude", "latitude"} <= set(found):
        longitude, latitude = (found[name].column.name for name in ("longitude", "latitude"))
        origin = Origin(longitude=longitude, latitude=latitude)
    else:
        return {}
    return {"easting": origin, "northing": origin}


def _lacking(tables: Lookup[str, TableMapping]) -> list[str]:
    columns = tables["offences"].columns if "offences" in tables else {}
    lacking = [name for name in NEEDED if name not in columns]
    return lacking if set(TITLES) & set(columns) else [*lacking, "offence_code"]


def _columns_asked(groups: Sequence[Group], lacking: Sequence[str]) -> list[Question]:
    """Return a question for each required column that was not found."""
    crimes = max(groups, key=lambda group: len(group.found))
    asked = []
    for name in lacking:
        by_likeness = sorted(
            crimes.unused,
            key=lambda heading: -likeness(words_of(heading).words, name),
        )
        asked.append(Question(
            f"column:{name}", f"Which column holds {NEEDED.get(name, 'the class of offence')}?",
            crimes.columns[0].rows, tuple(by_likeness[:5]), "", needed=True,
        ))  # fmt: skip
    return asked


def _ties(groups: Sequence[Group], answers: Lookup[str, str]) -> list[Question]:
    asked = []
    for group in groups:
        for one in group.found:
            if one.rival and f"column:{one.field}" not in answers:
                asked.append(Question(
                    f"column:{one.field}", f"Which column is the {one.field}?", one.column.rows,
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
    if asked is None:
        return origins.month_first(columns), []
    return asked.answered(answers) == "month", [asked]


def _tables(drafting: _Drafting, groups: Sequence[Group]) -> dict[str, TableMapping]:
    """Return the tables of a mapping; of two groups that give the same, the larger is read."""
    tables: dict[str, TableMapping] = {}
    for group in sorted(groups, key=lambda group: -len(group.found)):
        made = drafting.made(group, groups)
        group.tables = [table.name for table in made if table.name not in tables]
        tables |= {table.name: table for table in made if table.name in group.tables}
    return {name: tables[name] for name in TABLES if name in tables}


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
        The lines of the heading, counted from 1; none: they are found.
    answers
        To the questions of an earlier draft, by their `key`.

    Returns
    -------
    draft
        The tables of a mapping, and a question for each thing that cannot be told.

    Raises
    ------
    DataError
        If the files cannot be read, or no column of them is known.
    """
    answers = dict(answers or {})
    with TemporaryDirectory(prefix="vrn_map_") as unpacked:
        parts = parts_of(open_delivery(paths, into=Path(unpacked)), heading=heading)
    groups = [_stated(_recognised(group), answers) for group in _grouped(parts)]
    if not any(group.found for group in groups):
        names = ", ".join(groups[0].parts[0].heading.names[:8])
        raise DataError(
            f"No column of {parts[0].label} is one of a police extract. It has: {names}. If the "
            "heading is on another line, say so: --heading 3."
        )
    swapped, asked = _order(groups, answers)
    drafting = _Drafting(answers, swapped)
    tables = _tables(drafting, groups)
    labels = labels_of(groups)
    lacking = _lacking(tables)
    asked += [*drafting.questions, *_ties(groups, answers), *labels.questions(answers)]
    asked = sorted(asked, key=lambda question: -question.records)
    questions = [*_columns_asked(groups, lacking), *asked]
    return Draft(tables, groups, labels, questions, lacking, tuple(heading), answers)
