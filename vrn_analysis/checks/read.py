"""Read a file as received into the types of its contract, counting all that is lost on the way."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.checks import parse
from vrn_analysis.checks.problems import (
    STOPS,
    Test,
    count_broken,
    frame,
    problems,
    row,
    stop_if_unusable,
    value_tests,
)
from vrn_analysis.contracts import Contract
from vrn_analysis.errors import DataError

_CHUNK = 1 << 24
_NAMES = {"boolean": "yes or no", "integer": "a whole number", "number": "a number"}


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
        options = {"all_varchar": True, "header": True, "encoding": encoding}
    else:
        options = {"header": True, "encoding": encoding, "inferSchema": False}
    return connection.read_csv(str(path), **options), encoding


def _named(table: ibis.Table, contract: Contract, columns: Mapping[str, str]) -> ibis.Table:
    """Rename the source's columns to the contract's; names differ in case and spaces at will."""
    found = {
        name.strip().lstrip("\ufeff").lower().replace(" ", "_"): name for name in table.columns
    }
    chosen = {}
    for column in contract:
        name = columns.get(column.name, column.name)
        if name in table.columns:
            chosen[column.name] = name
        elif column.name not in columns and column.name in found:
            chosen[column.name] = found[column.name]
    if not chosen:
        raise DataError(
            f"No column of {contract.name} is in the file. It has: {', '.join(table.columns)}; "
            f"wanted: {', '.join(contract.names)}."
        )
    return table.select(**{new: table[old] for new, old in chosen.items()})


def _wrong_names(table: ibis.Table, contract: Contract, columns: Mapping[str, str]) -> list[str]:
    known = set(contract.names)
    wrong = [f"{name!r} is no column of {contract.name}" for name in columns if name not in known]
    missing = [old for old in columns.values() if old not in table.columns]
    return wrong + [f"the file has no column {old!r}" for old in missing]


def _typed(raw: ibis.Table, contract: Contract) -> tuple[ibis.Table, list[Test]]:
    """Return the table in the contract's types, and the tests of what could not be read."""
    values, tests = {}, []
    for column in contract:
        if column.name not in raw.columns:
            continue
        source = raw[column.name]
        shown = column.sensitivity in ("open", "record")
        if not source.type().is_string():
            # an identifier or code that a file holds as a number is text all the same
            value = source.cast("string") if column.type == "string" else source
            values[column.name] = _settled(value, column.type)
            continue
        text = parse.known_text(source)
        values[column.name] = parse.value(text, column)
        lost = text.notnull() & values[column.name].isnull()
        if column.type in _NAMES:
            remedy = f"taken as not known; must be {_NAMES[column.type]}"
            tests.append(Test(column.name, "cannot be read", remedy, lost, shown))
        elif column.type in ("date", "timestamp"):
            tests += _date_tests(column.name, text, lost)
    return raw.select(**values), tests


def _settled(value: ibis.Value, wanted: str) -> ibis.Value:
    names = {"integer": "int64", "number": "float64"}
    if wanted == "date" and value.type().is_timestamp():
        return value.date()
    if wanted == "timestamp" and (value.type().is_date() or value.type().is_timestamp()):
        return value.cast("timestamp")
    if wanted in names and value.type().is_numeric():
        return value.cast(names[wanted])
    return value


def _date_tests(name: str, text: ibis.Value, lost: ibis.Value) -> list[Test]:
    month_first = text.re_search(parse.MONTH_FIRST)
    remedy = "taken as not known; write dates as YYYY-MM-DD, with HH:MM after a space"
    return [
        Test(name, "not a date that can be read", remedy, lost & ~month_first, shown=True),
        Test(name, "month before day", "taken as not known; then the dates that could be read may "
             "have day and month swapped too: export the column as YYYY-MM-DD",
             lost & month_first, shown=True),
    ]  # fmt: skip


def _mixed_formats(raw: ibis.Table, contract: Contract, total: int) -> list[dict]:
    counts = {}
    for column in contract:
        dated = column.type in ("date", "timestamp") and column.name in raw.columns
        if dated and raw[column.name].type().is_string():
            text = parse.known_text(raw[column.name])
            for name in parse.FORMATS:
                counts[f"{column.name}|{name}"] = parse.matches(text, name).sum().fill_null(0)
    if not counts:
        return []
    found = raw.agg(**counts).to_pandas().iloc[0]
    rows = []
    for column in dict.fromkeys(name.split("|")[0] for name in counts):
        used = {f: int(found[f"{column}|{f}"]) for f in parse.FORMATS if found[f"{column}|{f}"]}
        if len(used) > 1:
            rows.append(row(
                contract.name, column, "dates in more than one format",
                sum(used.values()) - max(used.values()), total,
                examples="; ".join(f"{n:,} {name}" for name, n in used.items()),
                remedy="read, day before month; export the column in one format to be sure",
            ))  # fmt: skip
    return rows


def _cleaned(table: ibis.Table, contract: Contract) -> ibis.Table:
    """Return the table with what cannot be set to null, and records without a key left out."""
    clean = {}
    for test in value_tests(table, contract):
        if test.problem != "is blank":
            value = clean.get(test.column, table[test.column])
            broken = test.broken.fill_null(False)
            clean[test.column] = ibis.ifelse(broken, ibis.null(value.type()), value)
    table = table.mutate(**clean) if clean else table
    needed = [column.name for column in contract if not column.nullable]
    return table.filter([table[name].notnull() for name in needed]) if needed else table


def _absent(raw: ibis.Table, contract: Contract, total: int) -> list[dict]:
    spared = set(contract.one_of)
    return [
        row(contract.name, column.name, "column is missing", total, total,
            remedy="taken as not known for every record, and so is whatever depends on it")
        for column in contract
        if column.name not in raw.columns and not column.required and column.name not in spared
    ]  # fmt: skip


def _kept(connection: BaseBackend, table: ibis.Table, *, text: bool) -> ibis.Table:
    """Return the table held by the engine, so that a text file is read and understood once."""
    if not text or connection.name != "duckdb":
        return table
    return connection.create_table(ibis.util.gen_name("checked"), table, temp=True)


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
        raise DataError(f"{path} cannot be read: {str(fault).splitlines()[0]}") from None
    if wrong := _wrong_names(opened, contract, columns):
        raise DataError(f"{path}: {'; '.join(wrong)}. Columns: {', '.join(opened.columns)}.")
    raw = _named(opened, contract, columns)
    typed, tests = _typed(raw, contract)
    total, unread = count_broken(raw, tests, contract.name)
    rows = _mixed_formats(raw, contract, total) + _absent(raw, contract, total)
    if encoding != "utf-8":
        rows.append(row(contract.name, "", f"the file is {encoding}, not UTF-8", total, total,
                        remedy="read as such; save it as CSV UTF-8 to be sure"))  # fmt: skip
    typed = _kept(connection, typed, text=not _is_parquet(path))
    rows += problems(typed, contract, today=today).to_dict("records")
    table = _cleaned(typed, contract)
    valid = int(table.count().to_pandas())
    if total and not valid:
        rows.append(row(contract.name, "", "no record is usable", total, total,
                        remedy="see the columns named here", severity=STOPS))  # fmt: skip
    found = frame(unread + rows)
    stop_if_unusable(found, where=str(path))
    return Checked(table, found, total, valid, total - valid)
