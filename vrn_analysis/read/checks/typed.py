"""Turn text as received into the types of its contract, and test what could not be read."""

from collections.abc import Mapping

import ibis
from ibis.backends import BaseBackend

from vrn_analysis.core.contracts import Column, Contract, engine_type
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.checks import parse
from vrn_analysis.read.checks.orders import FORM, TEXT
from vrn_analysis.read.checks.problems import Test, is_of_type, row, value_tests
from vrn_analysis.read.files.published import plain

_NAMES = {"boolean": "yes or no", "integer": "a whole number", "number": "a number"}
_DATED = ("date", "timestamp")


def named(table: ibis.Table, contract: Contract, columns: Mapping[str, str]) -> ibis.Table:
    """
    Rename the source's columns to the contract's, whatever their case and spaces.

    Raises
    ------
    DataError
        If the table has no column of the contract.
    """
    found = {plain(name): name for name in table.columns}
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
    # a heading that comes again, as where two exports were joined, is a record without identifier
    needed = {column.name for column in contract if not column.nullable}
    return table.select(
        **{
            new: table[old].nullif(old)
            if new in needed and table[old].type().is_string()
            else table[old]
            for new, old in chosen.items()
        }
    )


def _staged(connection: BaseBackend, table: ibis.Table) -> ibis.Table:
    """Return a view of a table, so that what it computes is written once in the query."""
    if connection.name != "duckdb":
        return table
    return connection.create_view(ibis.util.gen_name("staged"), table)


def _settled(value: ibis.Value, column: Column) -> ibis.Value:
    """Return a value in the contract's type, where the file has a type of its own."""
    wanted = column.type
    if not is_of_type(column, value.type()) and not int(value.count().to_pandas()):
        # an empty column has the type that the program which wrote it chose
        return ibis.null(engine_type(column))
    # an identifier or code is text, even if the file has it as a number
    if wanted == "string":
        return value.cast("string")
    if wanted == "date" and value.type().is_timestamp():
        return value.date()
    if wanted == "timestamp" and (value.type().is_date() or value.type().is_timestamp()):
        return value.cast("timestamp")
    if wanted in ("integer", "number") and value.type().is_numeric():
        return value.cast(engine_type(column))
    return value


def typed(connection: BaseBackend, raw: ibis.Table, contract: Contract) -> ibis.Table:
    """
    Return the table in the contract's types, with `_text_` (what could not be read) and `_form_`.

    Parameters
    ----------
    connection
        From `engine.connect`.
    raw
        Columns of the contract: text, or of a type of their own.
    contract
        What they are to be.
    """
    columns = [column for column in contract if column.name in raw.columns]
    texts = [column for column in columns if raw[column.name].type().is_string()]
    dates = [column for column in texts if column.type in _DATED]
    bare = {column.name: raw[column.name].strip() for column in dates}
    table = _staged(connection, raw.mutate(**bare)) if dates else raw
    forms = {FORM + column.name: parse.form(table[column.name]) for column in dates}
    table = _staged(connection, table.mutate(**forms)) if dates else table
    values = {
        column.name: parse.value(table[column.name], column, table[FORM + column.name])
        if column in dates
        else parse.value(table[column.name], column)
        if column in texts
        else _settled(table[column.name], column)
        for column in columns
    }
    tested = [column for column in texts if column.type in (*_DATED, *_NAMES) or column.allowed]
    beside = {TEXT + column.name: table[column.name] for column in tested}
    whole = _staged(connection, table.select(**values, **beside, **{n: table[n] for n in forms}))
    # keep as text only unreadable values and words outside the contract
    unread = {}
    for column in tested:
        value, text = whole[column.name], whole[TEXT + column.name]
        lost = parse.is_none_of(value, column.allowed) if column.allowed else value.isnull()
        unread[TEXT + column.name] = ibis.ifelse(lost, parse.known_text(text), None)
    return whole.mutate(**unread)


def own(table: ibis.Table) -> ibis.Table:
    """Return a table without the helper columns of `typed`."""
    return table.select([name for name in table.columns if not name.startswith((TEXT, FORM))])


def unread_tests(table: ibis.Table, contract: Contract) -> list[Test]:
    """Return the tests of what stood in the text of a `typed` table and could not be read."""
    tests = []
    for column in contract:
        if (beside := TEXT + column.name) not in table.columns or column.allowed:
            continue
        lost = table[beside].notnull()
        if column.type in _DATED:
            tests += _date_tests(column.name, table[beside], lost)
        else:
            remedy = f"taken as not known; must be {_NAMES[column.type]}"
            shown = column.sensitivity in ("open", "record")
            tests.append(Test(column.name, "cannot be read", remedy, lost, shown, beside))
    return tests


def _date_tests(name: str, text: ibis.Value, lost: ibis.Value) -> list[Test]:
    month_first = ibis.ifelse(lost, text.re_search(parse.MONTH_FIRST), False)
    remedy = "taken as not known; write dates as YYYY-MM-DD, with HH:MM after a space"
    beside = text.get_name()
    return [
        Test(name, "not a date that can be read", remedy, lost & ~month_first, True, beside),
        Test(name, "month before day", "taken as not known; then the dates that could be read may "
             "have day and month swapped too: export the column as YYYY-MM-DD",
             month_first, True, beside),
    ]  # fmt: skip


def mixed_formats(table: ibis.Table, contract: Contract, total: int) -> list[dict]:
    """Return a row for each column of a `typed` table with dates in more than one format."""
    counts = {
        f"{column.name}|{name}": (table[FORM + column.name] == name).sum().fill_null(0)
        for column in contract
        if FORM + column.name in table.columns
        for name in (*parse.FORMATS, "month first")
    }
    if not counts:
        return []
    found = table.agg(**counts).to_pandas().iloc[0]
    rows = []
    for column in dict.fromkeys(name.split("|")[0] for name in counts):
        forms = (*parse.FORMATS, "month first")
        used = {f: int(found[f"{column}|{f}"]) for f in forms if found[f"{column}|{f}"]}
        month = "month first" in used
        if len(used) > 1:
            rows.append(row(
                contract.name, column, "dates in more than one format",
                sum(used.values()) - max(used.values()), total,
                examples="; ".join(f"{n:,} {name}" for name, n in used.items()),
                remedy=f"read, {'month' if month else 'day'} before {'day' if month else 'month'}; "
                "export the column in one format to be sure",
            ))  # fmt: skip
    return rows


def cleaned(table: ibis.Table, contract: Contract) -> ibis.Table:
    """Return the table with what cannot be set to null, and records without a key left out."""
    clean = {}
    for test in value_tests(table, contract):
        if test.problem != "is blank":
            value = clean.get(test.column, table[test.column])
            clean[test.column] = ibis.ifelse(test.broken, ibis.null(value.type()), value)
    table = table.mutate(**clean) if clean else table
    there = [column for column in contract if column.name in table.columns]
    needed = [column.name for column in there if not column.nullable]
    return table.filter([table[name].notnull() for name in needed]) if needed else table


def absent(table: ibis.Table, contract: Contract, total: int) -> list[dict]:
    """Return a row for each column that the table lacks and can do without."""
    spared = set(contract.one_of)
    lacking: list[Column] = [
        column
        for column in contract
        if column.name not in table.columns and not column.required and column.name not in spared
    ]
    remedy = "taken as not known for every record, and so is whatever depends on it"
    return [
        row(contract.name, column.name, "column is missing", total, total, remedy=remedy)
        for column in lacking
    ]
