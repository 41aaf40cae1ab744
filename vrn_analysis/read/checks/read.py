"""Read a file as received into the types of its contract, and count all that is lost."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.core.contracts import Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.checks import labels, lines, orders, typed
from vrn_analysis.read.checks.problems import (
    STOPS,
    count_broken,
    frame,
    problems,
    row,
    stop_if_unusable,
)
from vrn_analysis.read.files.published import plain

Rows = Sequence[dict]


@dataclass(frozen=True)
class Checked:
    """
    A table in the types of its contract, and every problem found.

    `rows_in` is always `rows_valid + rows_rejected`.
    """

    table: ibis.Table
    problems: pd.DataFrame
    rows_in: int
    rows_valid: int
    rows_rejected: int


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() in (".parquet", ".pq") or path.is_dir()


def _wrong_names(table: ibis.Table, contract: Contract, columns: Mapping[str, str]) -> list[str]:
    known = set(contract.names)
    wrong = [f"{name!r} is no column of {contract.name}" for name in columns if name not in known]
    missing = [old for old in columns.values() if old not in table.columns]
    return wrong + [f"the file has no column {old!r}" for old in missing]


def _held(connection: BaseBackend, table: ibis.Table, *, text: bool) -> ibis.Table:
    """Return the table stored in the engine, so that a text file is read once."""
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
    Return rows in the types of their contract, with every problem: see `read`.

    Parameters
    ----------
    connection
        From `engine.connect`.
    raw
        Rows with the contract's names, as text or in types of their own.
    contract
        From `vrn_analysis.core.contracts`.
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
    return _checked(whole, contract, where=where, today=today)


def _checked(
    whole: ibis.Table, contract: Contract, *, where: str, today: date | None, told: Rows = ()
) -> Checked:
    """Return a `typed` table without impossible values, and every problem after those given."""
    whole, ordered = orders.in_one_order(whole, contract)
    total, rows = count_broken(whole, typed.unread_tests(whole, contract), contract.name)
    rows = [*told, *rows, *ordered, *typed.mixed_formats(whole, contract, total)]
    rows += typed.absent(whole, contract, total)
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


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn an error of the engine into one that names the file and repeats no record."""
    import duckdb  # slow to import, and most importers of this module read no file

    try:
        yield
    except duckdb.Error as fault:
        raise DataError(f"{path} cannot be read: {str(fault).splitlines()[0]}.") from None


def _opened(
    connection: BaseBackend, path: Path, contract: Contract, columns: Mapping[str, str]
) -> tuple[ibis.Table, lines.Text | None, str]:
    if _is_parquet(path):
        return connection.read_parquet(str(path)), None, ""
    wanted = {plain(name) for name in (*contract.names, *columns.values())}
    text = lines.written(path, matches=lambda row: len(wanted & set(map(plain, row))))
    table, rejects = lines.opened(connection, text)
    return table, text, rejects


def _of_the_file(text: lines.Text, contract: Contract, rows: int) -> pd.DataFrame:
    """Return the problems of a text file as a whole."""
    found = []
    if text.encoding != "utf-8":
        remedy = "read as such; save it as CSV UTF-8 to be sure"
        problem = f"the file is {text.encoding}, not UTF-8"
        found.append(row(contract.name, "", problem, rows, rows, remedy=remedy))
    if text.lines and (inside := text.lines - 1 - rows) > 0:
        remedy = "kept as line breaks within a value; where no value has any, a quotation mark is "
        remedy += "open and rows are lost: look for one that is not closed"
        problem = "lines that are part of a longer value"
        found.append(row(contract.name, "", problem, inside, text.lines - 1, remedy=remedy))
    return frame(found)


def read(
    connection: BaseBackend,
    path: Path | str,
    contract: Contract,
    *,
    columns: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Checked:
    """
    Read a CSV or Parquet file into the types of its contract, and report every problem.

    Text may be UTF-8, UTF-16 or latin-1; every line below its heading is a row, or the file is
    refused. Dates may be written year first, with the month by name, or in numbers: day first,
    unless the values of the column prove month first. Blanks and words such as "N/K" are null. A
    label outside the contract is understood by its words or listed. A value that cannot be is set
    to null and counted; a record without its identifier (or, of a person, role) is rejected and
    counted. Codes that a spreadsheet turned into dates are reported and kept.

    Parameters
    ----------
    connection
        From `engine.connect`.
    path
        The file, or a folder of Parquet files.
    contract
        From `vrn_analysis.core.contracts`.
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
    path, columns = Path(path), columns or {}
    if not path.exists():
        raise DataError(f"{path} does not exist.")
    with _in_words(path):
        opened, text, rejects = _opened(connection, path, contract, columns)
        if wrong := _wrong_names(opened, contract, columns):
            raise DataError(f"{path}: {'; '.join(wrong)}. Columns: {', '.join(opened.columns)}.")
        raw = typed.named(opened, contract, columns)
        try:
            whole = _held(connection, typed.typed(connection, raw, contract), text=bool(text))
            whole, told = labels.understood(whole, contract)
            checked = _checked(whole, contract, where=str(path), today=today, told=told)
        except DataError:
            lines.refuse_what_is_no_row(connection, text, rejects)
            raise
        lines.refuse_what_is_no_row(connection, text, rejects)
    if not text:
        return checked
    whole_file = _of_the_file(text, contract, checked.rows_in)
    return replace(checked, problems=pd.concat([whole_file, checked.problems], ignore_index=True))
