"""Read a file as received into the types of its contract, counting all that is lost on the way."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.checks import typed
from vrn_analysis.checks.problems import (
    STOPS,
    count_broken,
    frame,
    problems,
    row,
    stop_if_unusable,
)
from vrn_analysis.contracts import Contract
from vrn_analysis.errors import DataError

_CHUNK = 1 << 24


@dataclass(frozen=True)
class Checked:
    """
    A table in the types of its contract, and all that was found wrong on the way.

    `rows_in` is always `rows_valid + rows_rejected`.
    """

    table: ibis.Table
    problems: pd.DataFrame
    rows_in: int
    rows_valid: int
    rows_rejected: int


def encoding_of(path: Path) -> str:
    """
    Return how a text file is encoded: `utf-8`, `utf-16` or `latin-1`.

    Raises
    ------
    DataError
        If it is UTF-16 with the high byte first, which cannot be read.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(2)
        if start == codecs.BOM_UTF16_LE:
            return "utf-16"
        if start == codecs.BOM_UTF16_BE:
            raise DataError(f"{path} is big-endian UTF-16: save it again as CSV UTF-8.")
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() in (".parquet", ".pq") or path.is_dir()


def _open(connection: BaseBackend, path: Path) -> tuple[ibis.Table, str]:
    if not path.exists():
        raise DataError(f"{path} does not exist.")
    if _is_parquet(path):
        return connection.read_parquet(str(path)), "utf-8"
    encoding = encoding_of(path)
    if connection.name == "duckdb":
        options = _shape(connection, path, encoding)
    else:
        options = {"inferSchema": False}
    return connection.read_csv(str(path), header=True, encoding=encoding, **options), encoding


def _shape(connection: BaseBackend, path: Path, encoding: str) -> dict[str, object]:
    """Look once at how a text file is written, which the engine else does for every query."""
    found = connection.con.execute(
        "SELECT Delimiter, Quote, Escape, SkipRows, Columns "
        "FROM sniff_csv(?, all_varchar = true, header = true, encoding = ?)",
        [str(path), encoding],
    ).fetchone()
    separator, quote, escape, skip, columns = found
    # the engine looks at the first rows only, and a title may be quoted further down
    quote, escape = ('"' if mark == "(empty)" else mark for mark in (quote, escape))
    return {
        "auto_detect": False, "delim": separator, "quote": quote, "escape": escape, "skip": skip,
        "columns": {column["name"]: "VARCHAR" for column in columns},
    }  # fmt: skip


def _wrong_names(table: ibis.Table, contract: Contract, columns: Mapping[str, str]) -> list[str]:
    known = set(contract.names)
    wrong = [f"{name!r} is no column of {contract.name}" for name in columns if name not in known]
    missing = [old for old in columns.values() if old not in table.columns]
    return wrong + [f"the file has no column {old!r}" for old in missing]


def _held(connection: BaseBackend, table: ibis.Table, *, text: bool) -> ibis.Table:
    """Return the table held by the engine, so that a text file is read and understood once."""
    if not text or connection.name != "duckdb":
        return table
    return connection.create_table(ibis.util.gen_name("checked"), table, temp=True)


def check_rows(
    connection: BaseBackend,
    raw: ibis.Table,
    contract: Contract,
    *,
    where: str,
    text: bool = True,
    today: date | None = None,
) -> Checked:
    """
    Give rows the types of their contract, and say all that is wrong with them: see `read`.

    Parameters
    ----------
    connection
        From `engine.connect`.
    raw
        Rows with the contract's names, as text or in types of their own.
    contract
        From `vrn_analysis.contracts`.
    where
        What the rows are of, to name in an error.
    text
        Whether they are costly to read again, so that they are held once understood.
    today
        The day after which a date is in the future; default: today.

    Raises
    ------
    DataError
        If a required column is missing or no record is usable: everything at once.
    """
    whole = _held(connection, typed.typed(connection, raw, contract), text=text)
    total, rows = count_broken(whole, typed.unread_tests(whole, contract), contract.name)
    rows += typed.mixed_formats(whole, contract, total) + typed.absent(raw, contract, total)
    settled = typed.own(whole)
    rows += problems(settled, contract, today=today).to_dict("records")
    table = typed.cleaned(settled, contract)
    valid = int(table.count().to_pandas())
    if total and not valid:
        rows.append(row(contract.name, "", "no record is usable", total, total,
                        remedy="see the columns named here", severity=STOPS))  # fmt: skip
    found = frame(rows)
    stop_if_unusable(found, where=where)
    return Checked(table, found, total, valid, total - valid)


def _misread(encoding: str, contract: Contract, total: int) -> pd.DataFrame:
    remedy = "read as such; save it as CSV UTF-8 to be sure"
    problem = f"the file is {encoding}, not UTF-8"
    return frame([row(contract.name, "", problem, total, total, remedy=remedy)])


def _unreadable(path: Path, fault: Exception) -> DataError:
    # the lines after the first repeat the record, which may be about a person
    reason = str(fault).splitlines()[0]
    return DataError(
        f"{path} cannot be read: {reason}. Mend that line or export the file again; with a "
        "mapping (vrn map) lines that are no row are left out and counted."
    )


def read(
    connection: BaseBackend,
    path: Path | str,
    contract: Contract,
    *,
    columns: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Checked:
    """
    Read a CSV or Parquet file into the types of its contract, and say all that is wrong with it.

    Text may be UTF-8, UTF-16 or latin-1; dates may be written year first, day first or with the
    month by name, mixed or not; blanks and words such as "N/K" are null. A value that cannot be is
    set to null and counted; a record without its identifier (or, of a person, role) is rejected
    and counted. Codes that a spreadsheet turned into dates are reported and kept.

    Parameters
    ----------
    connection
        From `engine.connect`.
    path
        The file, or a folder of Parquet files.
    contract
        From `vrn_analysis.contracts`.
    columns
        The source's name of each contract column that is called otherwise.
    today
        The day after which a date is in the future; default: today.

    Returns
    -------
    checked
        `table` (columns the file lacks are absent), `problems`, and rows in, valid and rejected.

    Raises
    ------
    DataError
        If the file cannot be read at all, or a required column is missing: everything at once.
    """
    import duckdb  # heavy, and most of what imports this module reads nothing

    path, columns = Path(path), columns or {}
    try:
        opened, encoding = _open(connection, path)
    except duckdb.Error as fault:
        raise _unreadable(path, fault) from None
    if wrong := _wrong_names(opened, contract, columns):
        raise DataError(f"{path}: {'; '.join(wrong)}. Columns: {', '.join(opened.columns)}.")
    raw = typed.named(opened, contract, columns)
    try:
        checked = check_rows(
            connection, raw, contract, where=str(path), text=not _is_parquet(path), today=today
        )
    except duckdb.InvalidInputException as fault:  # a line that the first rows did not foretell
        raise _unreadable(path, fault) from None
    if encoding == "utf-8":
        return checked
    misread = _misread(encoding, contract, checked.rows_in)
    return replace(checked, problems=pd.concat([misread, checked.problems], ignore_index=True))
