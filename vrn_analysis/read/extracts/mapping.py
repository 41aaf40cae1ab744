"""Read a mapping: how an extract as received becomes offences and persons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vrn_analysis.core.config import read_toml
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.errors import SettingsError
from vrn_analysis.read.extracts.vocabulary import WORDED
from vrn_analysis.read.files.shapes import HOWS, Shape

TABLES = ("offences", "victims", "suspects", "persons")
BLANKS = ("no", "unknown")
CELL_PARTS = ("", "first", "last", "age", "sex", "relationship", "words", "brackets")
REPEATS = ("fold", "keep")
NUMBER = "{n}"
# of which each column of the contracts has exactly one
SOURCES = ("column", "constant", "timed_by", "born", "longitude", "grid")


def table_kind(table: str) -> str:
    """Return what a table gives: `offences_2` gives offences, of which another part is read."""
    return re.sub(r"_\d+$", "", table)


@dataclass(frozen=True)
class Origin:
    """
    Where the values of one column come from.

    Exactly one of these says so: a `column` as received; `constant`, the same for every row;
    `timed_by`, a column of times that makes a date exact to the minute, or to the day where it is
    blank; `born`, a date of birth, from which the age on the day of the offence is worked out,
    beside a `column` of ages only for persons whose age is not given there;
    `longitude` and `latitude`; or `grid`, a National Grid reference in one cell.

    `time` names a second column with the time of day. `format` lists date formats parted by
    ` | `, such as `%d/%m/%Y`; `iso` is year first, any zone left off; `excel` counts days. `blank`
    says what a blank means, `unknown` which values say that nothing is known. With `contains` a
    cell of keywords means what `says` says where it holds one of them. With `first` several
    columns, parted by ` | `, are one: any of these labels in any of them, else the first value.
    `listed` parts a cell that lists several persons, as `;` does, or several keywords. `part` takes
    the `first` or the `last` moment of a cell such as "Between 03:17 on 08/02/2024 and 03:22 on
    08/02/2024", the `age`, `sex` or `relationship` of a person noted as "24/M - ex-partner" or
    "M24 (known)", the `words` behind the code of a label such as "AB FOOTWAY", or the number in
    `brackets` of "14 Feb 1990 (33)".
    With `joined` several columns, parted by ` | `, are one, and it stands between their values,
    as `-` does between the youngest and the oldest that a person can be.
    `filled` gives, for each of several columns, what a cell says that holds anything but a no.
    A reference that is `alike` is that of the crime that differs in nothing but punctuation,
    leading zeros and the century.
    `coded` gives the words of each code, as `X=Cancelled`, which are read in its place.
    `before` is put before each label, as `victim is` where a heading asks "Victim is suspect's".
    """

    column: str = ""
    constant: str = ""
    timed_by: str = ""
    born: str = ""
    longitude: str = ""
    latitude: str = ""
    grid: str = ""
    time: str = ""
    format: str = ""
    blank: str = "unknown"
    unknown: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    says: str = "yes"
    first: tuple[str, ...] = ()
    listed: str = ""
    part: str = ""
    before: str = ""
    joined: str = ""
    filled: tuple[str, ...] = ()
    alike: bool = False
    coded: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The columns as received that the values are made of."""
        where = (self.longitude, self.latitude, self.grid)
        # keywords, statuses and codes may be spread over columns
        spread = self.contains or self.first or self.joined or self.filled
        columns = self.column.split(" | ") if spread else [self.column]
        given = (*columns, self.born, *where, self.time, self.timed_by)
        return tuple(name for name in given if name)


@dataclass(frozen=True)
class TableMapping:
    """
    How one table is made: from which files and sheet, which columns, and whether rows repeat.

    `offences_2` and the like are the same table with other headings, as of an earlier year.

    With `up_to` each row has so many persons: names hold `{n}`, as in `Suspect{n}_Age`, or a cell
    lists the persons, parted by the column's `listed`. A row in which all columns of `fill` are
    blank has those of the row above, as below merged cells.
    """

    name: str
    columns: dict[str, Origin]
    files: str = "*"
    sheet: str = ""
    repeats: str = "keep"
    up_to: int = 0
    fill: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Which of `TABLES` it is."""
        return table_kind(self.name)

    @property
    def named(self) -> tuple[str, ...]:
        """The columns as received that the table is made of."""
        numbers = range(1, max(self.up_to, 1) + 1)
        return self.fill + tuple(
            name.replace(NUMBER, str(number))
            for origin in self.columns.values()
            for name in origin.named
            for number in numbers
        )


@dataclass(frozen=True)
class Mapping:
    """
    A mapping: its tables, the lines of the heading, what local labels mean, how files are reshaped.

    Where it names no lines, the heading of each file is found from what stands there.
    """

    tables: dict[str, TableMapping]
    heading: tuple[int, ...] = ()
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    file: Path = Path("mapping.toml")
    shapes: tuple[Shape, ...] = ()

    def of(self, contract: str) -> list[TableMapping]:
        """Return the tables that give a contract: `offences` or `persons`."""
        return [
            table
            for table in self.tables.values()
            if (table.kind == "offences") == (contract == "offences")
        ]


def _column_names(table: str) -> list[str]:
    if table_kind(table) == "offences":
        return OFFENCES.names
    return [name for name in PERSONS.names if name != "role" or table_kind(table) == "persons"]


def _origin_faults(where: str, given: Any, up_to: int) -> Iterator[str]:
    if isinstance(given, str):
        given = {"column": given}
    if not isinstance(given, dict):
        yield f"{where} must be the name of a column, or a table such as {{ column = … }}"
        return
    for name in sorted(set(given) - set(Origin.__dataclass_fields__)):
        yield f"{where} has an unknown setting {name!r}"
    yield from _source_faults(where, given)
    if given.get("blank", "unknown") not in BLANKS:
        yield f"{where}: blank is {given['blank']!r}; it must be one of {', '.join(BLANKS)}"
    if given.get("part", "") not in CELL_PARTS:
        yield f"{where}: part is {given['part']!r}; it must be one of {', '.join(CELL_PARTS[1:])}"
    if given.get("listed") and not (up_to or given.get("contains")):
        yield f"{where} lists persons, but its table does not say up_to how many"
    if NUMBER in str(given.get("column", "")) and not up_to:
        yield f"{where} has {NUMBER}, but its table does not say up_to how many persons"


def _source_faults(where: str, given: dict[str, Any]) -> Iterator[str]:
    told = {name for name in SOURCES if given.get(name)}
    if len(told) != 1 and told != {"column", "born"}:
        yield f"{where} needs one of {', '.join(SOURCES)}"
    if bool(given.get("longitude")) != bool(given.get("latitude")):
        yield f"{where} needs both longitude and latitude"
    for name in ("unknown", "contains", "first", "filled", "coded"):
        if not all(isinstance(word, str) for word in given.get(name, ())):
            yield f"{where}: {name} must list words in quotation marks"


def _table_faults(name: str, given: Any) -> Iterator[str]:
    if not isinstance(given, dict) or not isinstance(given.get("columns"), dict):
        yield f"[{name}] has no [{name}.columns]"
        return
    known = ("columns", "files", "sheet", "repeats", "up_to", "fill")
    for word in sorted(set(given) - set(known)):
        yield f"[{name}] has an unknown setting {word!r}"
    if given.get("repeats", "keep") not in REPEATS:
        yield f"[{name}] repeats is {given['repeats']!r}; it must be {' or '.join(REPEATS)}"
    columns = given["columns"]
    needed = ["offence_id", *(["occurred_from"] if table_kind(name) == "offences" else [])]
    needed += ["role"] if table_kind(name) == "persons" else []
    for column in needed:
        if column not in columns:
            yield f"[{name}.columns] does not say which column is the {column}"
    for column, origin in columns.items():
        if column not in _column_names(name):
            yield f"[{name}.columns] has {column!r}, which is no column of the contract"
        yield from _origin_faults(f"[{name}.columns] {column}", origin, given.get("up_to", 0))


def _tables_in(content: dict[str, Any]) -> list[str]:
    named = [name for name in content if table_kind(name) in TABLES]
    return sorted(named, key=lambda name: TABLES.index(table_kind(name)))


def _faults(content: dict[str, Any]) -> Iterator[str]:
    tables = _tables_in(content)
    for name in sorted(set(content) - {*tables, "heading", "words", "answers", "reshape"}):
        yield f"unknown setting {name!r}"
    if "offences" not in content:
        yield "[offences] is missing"
    for name in tables:
        yield from _table_faults(name, content[name])
    yield from _heading_and_words(content)
    for given in content.get("reshape", []):
        strange = set(given) - set(Shape.__dataclass_fields__)
        if given.get("how") not in HOWS or "files" not in given or strange:
            yield f"[[reshape]] needs files, and how as one of {', '.join(HOWS)}: {given}"


def _heading_and_words(content: dict[str, Any]) -> Iterator[str]:
    heading = content.get("heading", [])
    if any(not isinstance(line, int) or line < 0 for line in heading):
        yield "heading must list lines counted from 1, such as [1] or [1, 2]; [0] is none"
    for name, labels in content.get("words", {}).items():
        if name not in WORDED:
            yield f"[words.{name}] is no column that has words; they are {', '.join(WORDED)}"
        if not all(isinstance(value, str) for value in labels.values()):
            yield f"[words.{name}] must give each label a word in quotation marks"


def _made(kind: type, given: dict[str, Any]) -> Any:
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in given.items()})


def from_content(content: dict[str, Any], *, file: Path) -> Mapping:
    """
    Return the mapping in a TOML file's content.

    Raises
    ------
    SettingsError
        With everything that is wrong with it.
    """
    if found := list(_faults(content)):
        raise SettingsError(f"{file}: " + "; ".join(found) + ".")
    tables = {}
    for name in _tables_in(content):
        given = dict(content[name])
        origins = {
            column: _made(Origin, {"column": origin} if isinstance(origin, str) else origin)
            for column, origin in given["columns"].items()
        }
        tables[name] = _made(TableMapping, given | {"name": name, "columns": origins})
    heading, shapes = tuple(content.get("heading", ())), content.get("reshape", ())
    words, answers = content.get("words", {}), content.get("answers", {})
    return Mapping(
        tables, heading, words, answers, file, tuple(_made(Shape, one) for one in shapes)
    )


def load(file: Path) -> Mapping:
    """
    Read a mapping.

    Raises
    ------
    SettingsError
        If the file is missing, is not TOML, or says something unknown: all of it at once.
    """
    content = read_toml(file, remedy="To draft one: vrn map EXTRACT.")
    return from_content(content, file=file)
