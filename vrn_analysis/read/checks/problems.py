"""List every problem of a table, with counts, examples and the remedy."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import pandas as pd
from ibis import _
from ibis.expr.types import BooleanValue

from vrn_analysis.core.contracts import Column, Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.checks.dates import looks_like_a_date
from vrn_analysis.read.checks.parse import is_none_of

PROBLEM_COLUMNS = (
    "table", "column", "problem", "records", "of", "examples", "remedy", "severity",
)  # fmt: skip
STOPS, REPORTED = "stops", "reported"
NOT_ALLOWED = "value not allowed"
HOW_MANY_EXAMPLES = 5
# an address or a sentence, which may be about a person, is not shown as a label
_LABEL = re.compile(r"[^\d\n]{1,40}")
_CODES = ("offence_code", "offence_subcode")
_KINDS = {
    "integer": ("is_integer",),
    "number": ("is_integer", "is_floating", "is_decimal"),
    "boolean": ("is_boolean",),
    "date": ("is_date", "is_timestamp"),
    "timestamp": ("is_timestamp", "is_date"),
    "string": ("is_string",),
}


@dataclass(frozen=True)
class Test:
    """A condition that no record of a table may meet."""

    column: str
    problem: str
    remedy: str
    broken: BooleanValue
    shown: bool = False
    # the column whose values are shown, where it is another
    examples_of: str = ""


def row(
    table: str, column: str, problem: str, records: int, of: int, *, remedy: str, **more: str
) -> dict:
    """Return one row of a table of problems; `more` may give `examples` and `severity`."""
    return {
        "table": table, "column": column, "problem": problem, "records": records, "of": of,
        "examples": more.get("examples", ""), "remedy": remedy,
        "severity": more.get("severity", REPORTED),
    }  # fmt: skip


def frame(rows: Sequence[dict]) -> pd.DataFrame:
    """Return the rows as a table of problems."""
    table = pd.DataFrame(list(rows), columns=list(PROBLEM_COLUMNS))
    return table.astype(dict.fromkeys(table, "str") | {"records": "Int64", "of": "Int64"})


def is_of_type(column: Column, found: ibis.DataType) -> bool:
    """Return whether a column's type in the engine fits the contract."""
    return found.is_null() or any(getattr(found, kind)() for kind in _KINDS[column.type])


def columns_at_fault(table: ibis.Table, contract: Contract, total: int) -> list[dict]:
    """Return a row for each column that is needed and missing, or of a wrong type."""
    rows, schema = [], table.schema()
    for column in contract:
        if column.name not in schema:
            if column.required:
                rows.append(row(
                    contract.name, column.name, "column is missing", total, total,
                    remedy=f"say which column of the source is the {column.name}", severity=STOPS,
                ))  # fmt: skip
        elif not is_of_type(column, schema[column.name]):
            rows.append(row(
                contract.name, column.name, f"is {schema[column.name]}, not {column.type}",
                total, total, remedy="read the file with checks.read, which sets the types",
                severity=STOPS,
            ))  # fmt: skip
    if contract.one_of and not set(contract.one_of) & set(schema):
        rows.append(row(
            contract.name, " or ".join(contract.one_of), "column is missing", total, total,
            remedy="at least one of these columns is needed", severity=STOPS,
        ))  # fmt: skip
    return rows


def _value_tests(table: ibis.Table, column: Column) -> list[Test]:
    values = table[column.name]
    shown = column.sensitivity in ("open", "record")
    tests = []
    if not column.nullable:
        remedy = "the record is rejected: fill the column in at the source"
        tests.append(Test(column.name, "is blank", remedy, values.isnull()))
    if column.allowed:
        then = "taken as not known" if column.nullable else "the record is rejected"
        remedy = f"{then}; allowed: {', '.join(column.allowed)}"
        broken = is_none_of(values, column.allowed)
        tests.append(Test(column.name, NOT_ALLOWED, remedy, broken, shown))
    if column.minimum is not None or column.maximum is not None:
        low, high = (
            "any" if limit is None else limit for limit in (column.minimum, column.maximum)
        )
        remedy = f"taken as not known; must lie between {low} and {high}"
        broken = ibis.literal(False)
        if column.minimum is not None:
            broken = broken | (values < column.minimum)
        if column.maximum is not None:
            broken = broken | (values > column.maximum)
        tests.append(Test(column.name, "outside the allowed range", remedy, broken, shown))
    return tests


def _date_tests(table: ibis.Table, today: date) -> list[Test]:
    columns = set(table.columns)
    if "occurred_from" not in columns:
        return []
    happened, tests = table.occurred_from.date(), []
    if "occurred_to" in columns:
        remedy = "kept; the two may be swapped at the source"
        broken = table.occurred_to < table.occurred_from
        tests.append(Test("occurred_to", "ends before it begins", remedy, broken))
    if "recorded_on" in columns:
        remedy = "kept; day and month may be swapped at the source"
        broken = table.recorded_on < happened
        tests.append(Test("recorded_on", "recorded before it happened", remedy, broken))
    remedy = "kept; check the year and the order of day and month"
    for name, day in (("occurred_from", happened), ("recorded_on", None)):
        if name in columns:
            day = table.recorded_on if day is None else day
            broken = day > ibis.literal(today)
            tests.append(Test(name, "in the future", remedy, broken, shown=True))
    return tests


def value_tests(table: ibis.Table, contract: Contract) -> list[Test]:
    """Return what no value of the table's columns may be, by its contract."""
    present = [column for column in contract if column.name in table.columns]
    return [test for column in present for test in _value_tests(table, column)]


def listed(counts: Mapping[str, int], meant: Mapping[str, str] | None = None) -> str:
    """Return the first labels with their records and, where known, what each was read as."""
    shown = [label for label in counts if _LABEL.fullmatch(label)][:HOW_MANY_EXAMPLES]
    read = {
        label: f" as {(meant or {}).get(label) or 'not known'}" if meant else "" for label in shown
    }
    return ", ".join(f"{label!r}{read[label]} ({counts[label]:,})" for label in shown)


def _examples(table: ibis.Table, test: Test) -> str:
    values = table.filter(test.broken).select(
        value=table[test.examples_of or test.column].cast("string")
    )
    if test.problem == NOT_ALLOWED:
        counts = values.group_by("value").agg(n=_.count()).order_by(_.n.desc(), _["value"])
        return listed(counts.limit(100).to_pandas().set_index("value")["n"].to_dict())
    few = values.distinct().order_by("value").limit(HOW_MANY_EXAMPLES)
    return ", ".join(map(repr, few.to_pandas()["value"]))


def count_broken(table: ibis.Table, tests: Sequence[Test], name: str) -> tuple[int, list[dict]]:
    """
    Count, in one pass over the table, the records that break each test.

    Returns
    -------
    total, rows
        The number of records, and one row for each test that some record breaks.
    """
    sums = {
        f"test_{number}": test.broken.ifelse(1, 0).sum().fill_null(0)
        for number, test in enumerate(tests)
    }
    counts = table.agg(total=_.count(), **sums).to_pandas().iloc[0]
    total = int(counts["total"])
    rows = [
        row(
            name, test.column, test.problem, int(counts[f"test_{number}"]), total,
            remedy=test.remedy, examples=_examples(table, test) if test.shown else "",
        )
        for number, test in enumerate(tests)
        if counts[f"test_{number}"]
    ]  # fmt: skip
    return total, rows


def _repeated_keys(table: ibis.Table, contract: Contract, total: int) -> list[dict]:
    keys = list(contract.key)
    if not keys or not set(keys) <= set(table.columns):
        return []
    whole = table.filter([table[key].notnull() for key in keys])
    counts = whole.group_by(keys).agg(n=_.count()).filter(_.n > 1)
    found = counts.agg(records=(_.n - 1).sum().fill_null(0), keys=_.count()).to_pandas().iloc[0]
    if not found["records"]:
        return []
    shown = contract.name == "offences"
    few = counts.order_by(keys).limit(HOW_MANY_EXAMPLES).to_pandas()[keys[0]] if shown else ()
    return [row(
        contract.name, ", ".join(keys), "the same identifier more than once",
        int(found["records"]), total,
        examples=", ".join(map(repr, few)),
        remedy="kept; of records with the same identifier the latest is counted"
        if shown else "kept; a person listed twice changes no count of offences",
    )]  # fmt: skip


def _codes_turned_to_dates(table: ibis.Table, contract: Contract, total: int) -> list[dict]:
    rows = []
    for name in _CODES:
        if contract.name != "offences" or name not in table.columns:
            continue
        counts = table.group_by(name).agg(n=_.count()).to_pandas().dropna()
        dates = counts[counts[name].map(looks_like_a_date).astype(bool)].sort_values(name)
        if len(dates):
            rows.append(row(
                contract.name, name, "code turned into a date by a spreadsheet",
                int(dates["n"].sum()), total,
                examples=", ".join(map(repr, dates[name].head(HOW_MANY_EXAMPLES))),
                remedy="kept; UNKNOWN unless another column gives the class: export the column "
                "again as text (5/1 becomes 05-Jan, 34/2 becomes Feb-34)",
            ))  # fmt: skip
    return rows


def problems(table: ibis.Table, contract: Contract, *, today: date | None = None) -> pd.DataFrame:
    """
    Return everything that is wrong with a table of the types its contract names.

    One pass over the records counts all that can be told from one record; a second finds
    identifiers that come more than once. Examples are never given of columns about a person.

    Parameters
    ----------
    table
        The table to check.
    contract
        What it must hold, from `vrn_analysis.core.contracts`.
    today
        The day after which a date is in the future; default: today.

    Returns
    -------
    problems
        `table, column, problem, records, of, examples, remedy, severity`; `severity` is "stops"
        where the table cannot be used and "reported" where it can. Empty if nothing is wrong.
    """
    faults = columns_at_fault(table, contract, int(table.count().to_pandas()))
    wrong = {fault["column"] for fault in faults}
    sound = table.select([name for name in table.columns if name not in wrong])
    tests = value_tests(sound, contract)
    if contract.name == "offences":
        tests += _date_tests(sound, today or date.today())
    total, rows = count_broken(sound, tests, contract.name)
    rows = faults + rows
    if not total:
        rows.append(row(contract.name, "", "the table is empty", 0, 0,
                        remedy="check the file and its filters", severity=STOPS))  # fmt: skip
    rows += _repeated_keys(sound, contract, total)
    return frame(rows + _codes_turned_to_dates(sound, contract, total))


def explain(found: pd.DataFrame) -> str:
    """Return a table of problems as text: one line for each, with counts, examples and remedy."""
    lines = []
    for fault in found.itertuples():
        where = f"{fault.table}.{fault.column}" if fault.column else fault.table
        examples = f" (for example {fault.examples})" if fault.examples else ""
        lines.append(
            f"{where}: {fault.problem}, {fault.records:,} of {fault.of:,} records{examples}: "
            f"{fault.remedy}"
        )
    return "\n".join(lines)


def stop_if_unusable(found: pd.DataFrame, *, where: str) -> None:
    """
    Raise an error that lists every problem if the table cannot be used.

    Raises
    ------
    DataError
        If any problem has the severity "stops".
    """
    stops = found[found["severity"] == STOPS]
    if len(stops):
        others = found[found["severity"] != STOPS]
        text = f"{where} cannot be used:\n  " + explain(stops).replace("\n", "\n  ")
        if len(others):
            text += "\nAlso found:\n  " + explain(others).replace("\n", "\n  ")
        raise DataError(text)
