"""The tables of a mapping, made from what the columns of each file were found to be."""

from collections import Counter
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vrn_analysis.drafting import origins
from vrn_analysis.drafting.columns import Found
from vrn_analysis.drafting.evidence import Column
from vrn_analysis.drafting.headings import words_of
from vrn_analysis.drafting.origins import Question
from vrn_analysis.drafting.received.sample import Part
from vrn_analysis.read.extracts.mapping import Origin, TableMapping
from vrn_analysis.read.extracts.values import BY_MONTH

TITLES = ("offence_code", "offence_title")
PARTS = ("keywords", "longitude", "latitude", "grid_reference")
STATUSES = ("status", "investigation_outcome")
# rows that say the same of a crime, beyond those that a system repeats by mistake
REPEATED = 0.1


@dataclass
class Group:
    """
    The files or sheets of one table, and what their columns are.

    `named` is what their name says of all their crimes: a status of records that do not stand, or
    whether they are domestic. `lost` are the tables it could give, where all of them are read from
    another group.
    """

    parts: list[Part]
    columns: list[Column]
    people: str = ""
    named: dict[str, str] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return sum(len(part.rows) for part in self.parts)

    @property
    def label(self) -> str:
        """The first file or sheet, and how many more there are."""
        more = f" and {len(self.parts) - 1} more" if len(self.parts) > 1 else ""
        return self.parts[0].label + more

    @property
    def unused(self) -> list[str]:
        """The columns that nothing is made of."""
        return [column.name for column in self.columns if column.name not in self.used]

    @property
    def used(self) -> set[str]:
        """The columns that something is made of."""
        return {one.column.name for one in self.found}

    @property
    def is_repeated(self) -> bool:
        """Whether many rows say the same of a crime, as where each is an exhibit of it."""
        said = {
            tuple(c for n, c in zip(part.heading.names, row, strict=True) if n in self.used)
            for part in self.parts for row in part.rows
        }  # fmt: skip
        return len(said) < (1 - REPEATED) * self.rows


def is_of_crimes(found: Sequence[Found]) -> bool:
    """Return whether columns tell of crimes, and not only of the people of crimes."""
    told = {one.field for one in found if not one.party}
    return bool(told & {"occurred_from", "recorded_on", "location_type", "domestic_flag", *TITLES})


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


class Drafting:
    """What is asked and answered while the tables of a mapping are drafted."""

    def __init__(
        self, answers: Lookup[str, str], swapped: bool | None, groups: Sequence[Group]
    ) -> None:
        self.answers = answers
        self.swapped = swapped
        self.columns = [column for group in groups for column in group.columns]
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
        statuses = [one for one in group.found if not one.party and one.field in STATUSES]
        columns |= origins.status(statuses)
        for one in (found[name] for name in TITLES if name in found and "status" not in columns):
            columns |= origins.status_in_class(one)
        # a file or sheet of cancelled crimes need not say so in its rows
        return {name: Origin(constant=said) for name, said in group.named.items()} | columns

    def _crime(self, one: Found, found: Lookup[str, Found]) -> Origin:
        if one.field in origins.DATES:
            time = found.get(f"{one.field}.time")
            return origins.dated(one, swapped=self.swapped, time=time.column.name if time else "")
        if one.field in origins.FLAGS:
            origin, asked = origins.flag(one, self.answers)
            self.questions += asked
            return origin
        plain = replace(one.column.how, column=one.column.name)
        return origins.weapon(one) if one.field == "weapon" else plain

    def people(self, group: Group, party: str) -> tuple[dict[str, Origin], int]:
        """Return where the columns of the people of one party come from, and how many a row has."""
        first = _first_of(group.found, party)
        up_to = max((one.number for one in group.found if one.party == party), default=0)
        keys = [one for one in group.found if one.field == "offence_id"]
        columns = {"offence_id": Origin(column=keys[0].column.name)} if keys else {}
        for name, one in first.items():
            if name == "age":
                alike = [c.said for c in self.columns if c.name == one.column.name]
                more, asked = origins.aged(one, self.answers, sum(map(Counter, alike), Counter()))
                columns |= more
                self.questions += asked
            elif name != "born":
                columns[name] = replace(one.column.how, column=origins.numbered(one))
        if "born" in first:
            birth = origins.dated(first["born"], swapped=self.swapped)
            columns = _with_births(columns, birth)
        if up_to:
            return {name: replace(origin, listed="") for name, origin in columns.items()}, up_to
        if most := max((one.column.most for one in first.values()), default=0):
            columns.pop("person_number", None)  # of a row with a list it says how many there are
        return columns, most

    def made(self, group: Group, groups: Sequence[Group]) -> list[TableMapping]:
        """Return the tables that the files of one group give."""
        tables: dict[str, tuple[dict[str, Origin], int]] = {}
        if not group.people and not is_of_crimes(group.found) and len(groups) > 1:
            return []
        if not group.people:
            tables["offences"] = (self.offences(group), 0)
        for party in sorted({one.party for one in group.found if one.party}):
            columns, up_to = self.people(group, party)
            if {"offence_id", *(["role"] if party == "persons" else [])} < columns.keys():
                tables[party] = (columns, up_to)
        # a file with crimes and their persons repeats the one for the other, unless side by side
        persons = [up_to for name, (_, up_to) in tables.items() if name != "offences"]
        repeated = "offences" in tables and (0 in persons or group.is_repeated)
        pattern, sheet = _pattern(group, groups), _sheets(group)
        repeats = "fold" if repeated else "keep"
        fill = tuple(name for name in group.parts[0].fill if name in group.used)
        return [
            TableMapping(name, columns, pattern, sheet, repeats, up_to, fill)
            for name, (columns, up_to) in tables.items()
        ]


def _first_of(found: Sequence[Found], party: str) -> dict[str, Found]:
    """Return the column of each field of the first person of a party."""
    mine = sorted((one for one in found if one.party == party), key=lambda one: -one.number)
    # a file of victims may say in each row that they are
    return {one.field: one for one in mine if one.field != "role" or party == "persons"}


def _with_births(columns: dict[str, Origin], birth: Origin) -> dict[str, Origin]:
    """Return columns of people with ages from births, of which the day may not be given."""
    age = columns.get("age", birth)
    if age.listed == birth.listed:
        columns["age"] = replace(age, born=birth.born, format=birth.format)
    either = {"age_band": birth} if birth.format == BY_MONTH else {}
    return either | columns


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
