"""Read files as received into the engine, every value as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.extracts.faults import fault
from vrn_analysis.read.files import workbooks
from vrn_analysis.read.files.deliveries import TEXT
from vrn_analysis.read.files.heading import heading_of

WORKBOOKS = (".xlsx", ".xlsm")
MOST_EXAMPLES = 5


@dataclass(frozen=True)
class Received:
    """Rows as text, the number of unreadable lines, the faults found and all headings."""

    table: ibis.Table
    unread: int
    faults: tuple[dict, ...]
    headings: tuple[str, ...]
    held: tuple[str, ...] = ()

    def drop(self, connection: BaseBackend) -> None:
        """Delete the rows as received from the engine, once tables are made of them."""
        for name in self.held:
            connection.drop_table(name, force=True)


@dataclass(frozen=True)
class Reading:
    """
    How files are read: `heading` lines (none: found), the `sheet` of a workbook, and `columns`.

    `columns` are those to keep, in lower case; none: all. `fill` are filled from the row above.
    """

    heading: tuple[int, ...] = ()
    sheet: str = ""
    columns: frozenset[str] = frozenset()
    fill: tuple[str, ...] = ()

    def wants(self, column: str) -> bool:
        """Return whether a column is to be kept."""
        return not self.columns or column.lower() in self.columns


def _sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _run(connection: BaseBackend, sql: str) -> list[tuple]:
    return connection.con.execute(sql).fetchall()


def _read_text(connection: BaseBackend, file: Path, how: Reading) -> tuple:
    heading = heading_of(file, lines=how.heading)
    name, rejects = ibis.util.gen_name("received"), ibis.util.gen_name("rejects")
    columns = ", ".join(f"{_sql_text(column)}: 'VARCHAR'" for column in heading.names)
    # columns not requested, such as free text and names, are not kept
    kept = ", ".join(_sql_name(column) for column in heading.names if how.wants(column)) or "*"
    _run(
        connection,
        f"CREATE TEMP TABLE {name} AS SELECT {kept} FROM read_csv({_sql_text(str(file))}, "
        f"auto_detect = false, header = false, skip = {heading.lines}, columns = {{{columns}}}, "
        f"delim = {_sql_text(heading.separator)}, quote = '\"', escape = '\"', "
        f"encoding = '{heading.encoding}', store_rejects = true, rejects_limit = 0, "
        f"rejects_table = '{rejects}', rejects_scan = '{rejects}_scan')",
    )
    found = _run(
        connection,
        f"SELECT line, min(CAST(error_type AS VARCHAR)) FROM {rejects} GROUP BY line ORDER BY line",
    )
    if open_quotes := [str(line) for line, kind in found if kind == "UNQUOTED VALUE"]:
        raise DataError(
            f"{file.name}: a quotation mark is opened and not closed from line "
            f"{', '.join(open_quotes[:MOST_EXAMPLES])} on, so rows after it would be lost. Correct "
            "the line, or have the file exported again with quotation marks doubled."
        )
    faults = []
    if heading.encoding != "utf-8":
        remedy = "read as such; save it as CSV UTF-8 to be sure"
        faults.append((f"the file is {heading.encoding}, not UTF-8", None, remedy, file.name))
    if found:
        shown = ", ".join(str(line) for line, _ in found[:MOST_EXAMPLES])
        faults.append((
            "lines that are no row: too many or too few columns, or too long", len(found),
            "left out and counted as rejected; mend them in the file", f"{file.name} line {shown}",
        ))  # fmt: skip
    return connection.table(name), len(found), faults, heading.names


def _read_workbook(connection: BaseBackend, file: Path, how: Reading) -> tuple:
    frames, unread, faults, names = [], 0, [], ()
    for sheet in how.sheet.split(" | "):
        frame, heading, left, found = workbooks.read(file, lines=how.heading, sheet=sheet)
        frames.append(frame[[column for column in frame if how.wants(column)] or list(frame)])
        unread += left
        faults += found
        names += heading.names
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    name = ibis.util.gen_name("received")
    rows = ibis.memtable(frame, schema=dict.fromkeys(frame.columns, "string"))
    return connection.create_table(name, rows, temp=True), unread, faults, names


def _read_parquet(connection: BaseBackend, file: Path, how: Reading) -> tuple:
    import duckdb  # slow to import, and most importers of this module read no file

    try:
        table = connection.read_parquet(str(file))
        number = int(table.count().execute())
    except duckdb.Error:
        raise DataError(f"{file.name} is not a Parquet file, or is cut short.") from None
    if not number:
        raise DataError(f"{file.name} has columns and no rows. Ask for the file again.")
    kept = [name for name in table.columns if how.wants(name)] or table.columns
    rows = table.select(**{name: table[name].cast("string") for name in kept})
    return rows, 0, [], table.columns


def _filled_down(connection: BaseBackend, rows: ibis.Table, how: Reading) -> ibis.Table:
    """Return rows that say again what stands above them, where all columns of `fill` are blank."""
    name, fill = ibis.util.gen_name("filled"), [_sql_name(column) for column in how.fill]
    begins = " OR ".join(f"trim(coalesce({column}, '')) <> ''" for column in fill)
    first = ", ".join(
        f"first_value({c}) OVER (PARTITION BY _of ORDER BY _row) AS {c}" for c in fill
    )
    _run(
        connection,
        f"CREATE TEMP TABLE {name} AS SELECT * EXCLUDE (_of, _row) REPLACE ({first}) FROM "
        f"(SELECT *, sum(CASE WHEN {begins} THEN 1 ELSE 0 END) OVER (ORDER BY _row) AS _of "
        f"FROM (SELECT *, row_number() OVER () AS _row FROM ({connection.compile(rows)})))",
    )
    return connection.table(name)


def _read_one(connection: BaseBackend, file: Path, how: Reading) -> tuple:
    suffix = file.suffix.lower()
    read = _read_text if suffix in TEXT else _read_workbook
    rows, *more = (read if suffix in (*TEXT, *WORKBOOKS) else _read_parquet)(connection, file, how)
    return (_filled_down(connection, rows, how) if how.fill else rows), *more


def receive(
    connection: BaseBackend, files: Sequence[Path], *, table: str, how: Reading | None = None
) -> Received:
    """
    Read files of one table, a month each perhaps, one below the other.

    A column that only some of the files have is blank in the others, and said so.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    files
        CSV, Excel or Parquet files.
    table
        Table of the contracts that they will give, to name in what is found.
    how
        Which lines, sheet and columns; default: all, as found.

    Returns
    -------
    received
        Every column text, named as in the heading.

    Raises
    ------
    DataError
        If a file cannot be read without losing rows silently.
    """
    if connection.name != "duckdb":
        raise DataError("An extract as received is read with the duckdb engine only.")
    tables, unread, found, headings = [], 0, [], ()
    for file in files:
        rows, bad, faults, names = _read_one(connection, file, how or Reading())
        headings += tuple(names)
        tables.append(rows)
        unread += bad
        found += faults
    parts = [f"SELECT * FROM ({connection.compile(rows)})" for rows in tables]
    name = ibis.util.gen_name("received_all")
    _run(connection, f"CREATE TEMP VIEW {name} AS " + " UNION ALL BY NAME ".join(parts))
    whole = connection.table(name)
    total = int(whole.count().execute()) + unread
    if not total - unread:
        names = ", ".join(file.name for file in files[:MOST_EXAMPLES])
        raise DataError(f"{names} has a heading and no rows. Ask for the file again.")
    found += _uneven(tables, files) + _renamed(whole)
    faults = tuple(
        fault((table, ""), problem, records=total if records is None else records, of=total,
              remedy=remedy, examples=examples)
        for problem, records, remedy, examples in found
    )  # fmt: skip
    return Received(whole, unread, faults, tuple(dict.fromkeys(headings)))


def _uneven(tables: Sequence[ibis.Table], files: Sequence[Path]) -> list[tuple]:
    every = {name for rows in tables for name in rows.columns}
    found = []
    for rows, file in zip(tables, files, strict=True):
        if lacking := sorted(every - set(rows.columns)):
            found.append((
                "columns that other files have are missing", int(rows.count().execute()),
                "taken as blank in this file; ask for it again with the same columns",
                f"{file.name}: {', '.join(lacking[:MOST_EXAMPLES])}",
            ))  # fmt: skip
    return found


def _renamed(table: ibis.Table) -> list[tuple]:
    columns = set(table.columns)
    again = [name for name in table.columns if name.endswith(")") and name[:-4] in columns]
    if not again:
        return []
    remedy = "named as shown; say in the mapping which of them is meant"
    return [("columns with the same heading", None, remedy, ", ".join(again[:MOST_EXAMPLES]))]
