"""Read an extract of any shape with its mapping, and account for every row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

import ibis
import pandas as pd
from ibis import _
from ibis.backends import BaseBackend
from ibis.expr.types import StringValue

from vrn_analysis.core.contracts import OFFENCES, PERSONS, Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.extracts import folding, grid, labels, mending, values
from vrn_analysis.read.extracts.faults import fault, faults_table
from vrn_analysis.read.extracts.mapping import NUMBER, Mapping, Origin, TableMapping
from vrn_analysis.read.extracts.received import Reading, Received, receive
from vrn_analysis.read.files.deliveries import open_delivery
from vrn_analysis.read.files.shapes import shaped

ROLES = {"victims": "victim", "suspects": "suspect"}
MOST_EXAMPLES = 5
# helper column: the day of the offence, to work out ages from dates of birth
DAY = "_day"
DAY_FORMATS = "%Y-%m-%d %H:%M:%S | %Y-%m-%d %H:%M | %Y-%m-%d | %d/%m/%Y %H:%M | %d/%m/%Y"


@dataclass(frozen=True)
class Extract:
    """
    One table of the contracts, as text, and an account of every row it was made from.

    `accounting` has a row a table of the mapping: `rows_in` is always `rows_used +
    repeats_folded + no_person + rejected`. `unmapped` lists labels not understood, those that
    touch most records first. `problems` has the columns of `checks.problems`.
    """

    table: ibis.Table
    accounting: pd.DataFrame
    unmapped: pd.DataFrame
    problems: pd.DataFrame


def _files(files: Sequence[Path], table: TableMapping) -> list[Path]:
    """Return the files of a table, all where none is called otherwise."""
    patterns = table.files.lower().split(" | ")
    chosen = [file for file in files if any(fnmatch(file.name.lower(), one) for one in patterns)]
    if not chosen:
        raise DataError(
            f"No file of the extract is called {table.files!r}, as [{table.name}] of the mapping "
            f"states. There are: {', '.join(file.name for file in files[:MOST_EXAMPLES])}."
        )
    return chosen


def _check_columns(headings: Sequence[str], table: TableMapping, file: Path) -> None:
    names = dict.fromkeys(table.fill + tuple(n for o in table.columns.values() for n in o.named))
    numbers, there = range(1, max(table.up_to, 1) + 1), set(headings)
    if lacking := [n for n in names if not {n.replace(NUMBER, str(k)) for k in numbers} & there]:
        raise DataError(
            f"The extract has no column {', '.join(map(repr, lacking))}, which [{table.name}] of "
            f"{file.name} names. It has: {', '.join(headings)}."
        )


def _persons_there(rows: ibis.Table, table: TableMapping, number: int) -> ibis.Value:
    """Return whether a row contains anything about a person."""
    own = [
        origin
        for column, origin in table.columns.items()
        if (origin.column or origin.born)
        and column not in ("offence_id", "role")
        and origin.blank != "no"
    ]
    own = [origin for origin in own if origin.listed] or own
    own += [replace(origin, column="") for origin in own if origin.born and origin.column]
    there = ibis.literal(not own)
    for origin in own:
        there = there | ~values.is_blank(values.cell(rows, origin, number))
    return there


def _age(rows: ibis.Table, origin: Origin, number: int, column: str) -> StringValue:
    """Return ages as given, and where none is, on the day of the offence from the birth."""
    birth = replace(origin, column="", unknown=())
    born, exact = values.value(rows, birth, number=number), origin.format != values.BY_MONTH
    worked_out = values.age_on(born, rows[DAY], column=column, exact=exact)
    if not origin.column:
        return worked_out
    given = replace(origin, born="", format="")
    age = values.value(rows, given, column="age", number=number)
    return ibis.coalesce(values.possible_age(age), worked_out, age)


def _picked(rows: ibis.Table, table: TableMapping, number: int) -> ibis.Table:
    """Return the contract's columns as text, `_there`, and which dates do not fit their format."""
    picked = {
        column: _age(rows, origin, number, column) if origin.born
        else values.value(rows, origin, column=column, number=number)
        for column, origin in table.columns.items()
    }  # fmt: skip
    if number and "person_number" not in picked:
        picked["person_number"] = ibis.literal(str(number))
    if table.kind in ROLES:
        picked["role"] = ibis.literal(ROLES[table.kind])
    picked["_there"] = (
        _persons_there(rows, table, number) if table.kind != "offences" else ibis.literal(True)
    )
    picked |= {
        f"_unfit_{column}": values.unfit(rows, origin, number=number)
        for column, origin in table.columns.items()
        # of an age that is given, the birth may be anything
        if origin.format and not (origin.born and origin.column)
    }
    return rows.select(**picked)


def _not_understood(
    unmapped: pd.DataFrame, contract: Contract, mapping: Mapping, *, total: int
) -> list[dict]:
    shown = {column.name: column.sensitivity in ("open", "record") for column in contract}
    return [
        fault(
            (contract.name, column), "labels that are not understood",
            records=int(rows["records"].sum()), of=total,
            examples=", ".join(map(repr, rows["label"].head(MOST_EXAMPLES)))
            if shown[column] else "",
            remedy=f"taken as not known: say under [words.{column}] of {mapping.file.name} what "
            f"each of the {len(rows)} means",
        )
        for column, rows in unmapped.groupby("column", sort=False)
    ]  # fmt: skip


def _days(rows: ibis.Table, origin: Origin) -> ibis.Value:
    """Return the day of each offence, year first."""
    stated = origin if origin.format else replace(origin, format=DAY_FORMATS)
    return values.value(rows, replace(stated, time=""))


def _with_days(
    connection: BaseBackend, rows: ibis.Table, table: TableMapping, mapping: Mapping, files: list
) -> ibis.Table:
    """Add the day of the offence to persons, and the reference of a crime that is alike."""
    mine, parts = table.columns["offence_id"], []
    for offences in mapping.of("offences"):
        key, day = (offences.columns[name] for name in ("offence_id", "occurred_from"))
        if (offences.files, offences.sheet) == (table.files, table.sheet):
            return rows.mutate(**{DAY: _days(rows, day)})
        named = _lower((*key.named, *day.named, *offences.fill))
        how = Reading(mapping.heading, offences.sheet, named, offences.fill)
        crimes = receive(connection, _files(files, offences), table="offences", how=how).table
        days = _days(crimes, day)
        parts.append(crimes.select(_crime=values.value(crimes, key), **{DAY: days}))
    days = ibis.union(*parts) if len(parts) > 1 else parts[0]
    same = values.alike if mine.alike else (lambda text: text)
    days = days.group_by(_key=same(days._crime)).agg(
        _crime=_._crime.min(), _many=_._crime.nunique(), **{DAY: _[DAY].min()}
    )
    own = values.value(rows, mine)
    rows = rows.mutate(_own=own).left_join(days, same(_._own) == days._key)
    if mine.alike:
        rows = rows.mutate(**{mine.column: ibis.ifelse(_._many == 1, _._crime, _._own)})
    return rows.drop("_own", "_key", "_crime", "_many")


def _with_grid(rows: ibis.Table, origin: Origin) -> ibis.Table:
    """Add the National Grid place of rows whose place is in degrees or a reference in one cell."""
    given = [name for name in (origin.longitude, origin.latitude, origin.grid) if name]
    keys = {f"_place{number}": rows[name].strip() for number, name in enumerate(given)}
    rows = rows.mutate(**keys)
    # the library of projections is not safe in the threads of the engine
    points = rows.select(*keys).distinct().to_pandas()
    metres = (grid.from_grid if origin.grid else grid.from_degrees)(points)
    text = metres.round(1).astype("str").where(metres.abs() < values.BEYOND)
    found = ibis.memtable(
        pd.concat([points, text], axis=1), schema=dict.fromkeys((*keys, *grid.GRID), "string")
    )
    return rows.left_join(found, list(keys))


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _counted(
    connection: BaseBackend, received: Received, table: TableMapping, mapping: Mapping, files: list
) -> tuple[ibis.Table, dict, list[dict], pd.DataFrame]:
    contract = OFFENCES if table.kind == "offences" else PERSONS
    rows = received.table
    _check_columns(received.headings, table, mapping.file)
    if any(origin.born or origin.alike for origin in table.columns.values()):
        rows = _with_days(connection, rows, table, mapping, files)
    placed = [one for one in table.columns.values() if one.longitude or one.grid]
    rows = _with_grid(rows, placed[0]) if placed else rows
    numbers = range(1, table.up_to + 1) if table.up_to else (0,)
    parts = [_picked(rows, table, number) for number in numbers]
    picked = ibis.union(*parts) if len(parts) > 1 else parts[0]
    mended, faults = mending.mend(connection, picked, contract)
    worded, unmapped = labels.understand(mended, contract, words=mapping.words)
    worded = connection.create_table(ibis.util.gen_name("worded"), worded, temp=True)
    used, account, found = folding.fold(worded, table)
    for done in (mended, worded) if table.repeats == "fold" else (mended,):
        connection.drop_table(done.get_name(), force=True)  # two copies of the extract are enough
    unread = received.unread * len(numbers)
    account["rows_in"] += unread
    account["rejected"] += unread
    faults += found
    faults += _not_understood(unmapped, contract, mapping, total=account["rows_in"])
    return used, {"table": table.name} | account, faults, unmapped


def _reading(mapping: Mapping, table: TableMapping) -> Reading:
    """Return how the files of a table are read: with the columns of all tables made from them."""
    beside = [
        other for other in mapping.tables.values()
        if (other.files, other.sheet) == (table.files, table.sheet)
    ]  # fmt: skip
    named = _lower(name for other in beside for name in other.named)
    return Reading(mapping.heading, table.sheet, named, table.fill)


def read(
    connection: BaseBackend, paths: Path | Sequence[Path], mapping: Mapping, contract: Contract
) -> Extract:
    """
    Return the offences or the persons of an extract of any shape.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    paths
        A file, several files, a folder, or a zip.
    mapping
        From `mapping.load`.
    contract
        `OFFENCES` or `PERSONS`.

    Returns
    -------
    extract
        `table` in the contract's names, every value text, for `checks.read` to give types to.

    Raises
    ------
    DataError
        If a file cannot be read without silent loss, or a column of the mapping is not there.
    """
    spill = Path(connection.con.execute("SELECT current_setting('temp_directory')").fetchone()[0])
    spill.mkdir(parents=True, exist_ok=True)
    files = open_delivery(paths, into=spill)
    files, earlier = shaped(files, mapping.shapes, into=spill, lines=mapping.heading)
    tables, accounts, unmapped = [], [], []
    # without the names of files, since a statement of quality is read by others
    faults = [
        fault(
            (contract.name, ""), "Earlier versions of a record", records=left, of=rows,
            remedy=f"left out; [[reshape]] in {mapping.file.name} names the version that holds",
        )
        for left, rows in earlier.values() if left
    ]  # fmt: skip
    opened: dict[tuple, Received] = {}
    for table in mapping.of(contract.name):
        chosen = _files(files, table)
        # victims and suspects are often in the same files, which are read once
        same = (tuple(chosen), table.sheet)
        if same not in opened:
            opened[same] = receive(
                connection, chosen, table=contract.name, how=_reading(mapping, table)
            )
        used, account, found, unknown = _counted(connection, opened[same], table, mapping, files)
        tables.append(used)
        accounts.append(account)
        faults += [*opened[same].faults, *found]
        unmapped.append(unknown)
    for one in opened.values():
        one.drop(connection)
    if not tables:
        raise DataError(
            f"{mapping.file} describes no {contract.name}. If the extract has none, delete "
            f"[sources.{contract.name}] from assessment.toml."
        )
    whole = folding.together(tables, contract)
    return Extract(
        whole, pd.DataFrame(accounts), pd.concat(unmapped, ignore_index=True), faults_table(faults)
    )
