"""Read health data, records or counts, in the names of its contract."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
from ibis.backends import BaseBackend

from vrn_analysis.core.contracts import FREE_TEXT, HEALTH, Contract
from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.read.extracts.faults import fault, faults_table
from vrn_analysis.read.extracts.received import receive
from vrn_analysis.read.files.marks import MARKS
from vrn_analysis.read.files.published import plain
from vrn_analysis.read.files.tables import refuse, row_problems, such_as

MOST_EXAMPLES = 5
TOTALS = ("all", "total", "grand total", "totals")
# month as counts write it: 2024-03, 202403, Mar 2024, March-24
MONTH_FORMS = ("%Y-%m", "%Y/%m", "%Y%m", "%b %Y", "%B %Y", "%b-%Y", "%b-%y", "%B-%y", "%m/%Y")


@dataclass(frozen=True)
class HealthFile:
    """
    A health source as received: its contract, its values as text, and what was found.

    `problems` has the columns of `checks.problems`. Free text is neither in the table nor in the
    contract.
    """

    contract: Contract
    table: ibis.Table
    problems: pd.DataFrame


def read(
    connection: BaseBackend, files: Sequence[Path], name: str, *, source: dict[str, Any]
) -> HealthFile:
    """
    Return a health source in the names of its contract, every value text.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    files
        CSV, Excel or Parquet files, a month or site each perhaps.
    name
        `attendances`, `ambulance` or `admissions`. A file with a column of counts is read as
        counts, any other as records.
    source
        Its settings: `columns` (the sender's name of each column, or a list of two: a date and a
        time), `labels` (by column, what the sender's words mean), both optional.

    Returns
    -------
    received
        For `checks.read` to give types to.

    Raises
    ------
    SettingsError
        If `columns` or `labels` name what is not in the contract.
    DataError
        If a column that is named is not in the file, or counts hold totals, repeats or months that
        cannot be read: each with how many and examples.
    """
    received = receive(connection, files, table=name)
    columns = source.get("columns", {})
    contract = HEALTH[name]["count" in {plain(c) for c in received.table.columns} | set(columns)]
    _check_settings(contract, source, name)
    table = _named(received.table, contract, columns, files)
    table, found = _worded(table, contract, source.get("labels", {}))
    table, left = _without_free_text(table, contract)
    faults = [*received.faults, *found, *left]
    if "count" in table.columns:
        frame, marked = _counts(table.to_pandas(), contract, files)
        held = ibis.util.gen_name(name)
        connection.con.register(held, pa.Table.from_pandas(frame, preserve_index=False))
        table = connection.table(held)
        faults += marked
    kept = tuple(column for column in contract if column.name not in FREE_TEXT)
    return HealthFile(replace(contract, columns=kept), table, faults_table(faults))


def _check_settings(contract: Contract, source: dict[str, Any], name: str) -> None:
    """Refuse settings that name a column which the contract does not have."""
    wrong = [
        f"{column!r} under [sources.{name}.{part}] is no column of {contract.name}"
        for part in ("columns", "labels")
        for column in source.get(part, {})
        if column not in contract.names
    ]
    if wrong:
        raise SettingsError(f"{'; '.join(wrong)}. The columns are {', '.join(contract.names)}.")


def _named(
    table: ibis.Table, contract: Contract, columns: dict[str, Any], files: Sequence[Path]
) -> ibis.Table:
    """Rename columns to the contract's names; other columns are left out."""
    theirs = {column: [name] if isinstance(name, str) else name for column, name in columns.items()}
    absent = [name for names in theirs.values() for name in names if name not in table.columns]
    if absent:
        raise DataError(
            f"{files[0].name} has no column {', '.join(map(repr, absent))}, which the settings "
            f"name. It has: {', '.join(table.columns)}."
        )
    same = {plain(name): name for name in table.columns}
    for column in contract:
        if column.name not in theirs and column.name in same:
            theirs[column.name] = [same[column.name]]
    if not theirs:
        raise DataError(
            f"{files[0].name} has no column of {contract.name}: {', '.join(table.columns)}. Say "
            f"under columns in the settings which of them are {', '.join(contract.names)}."
        )
    chosen = {}
    for column, names in theirs.items():
        text = table[names[0]].fill_null("").strip()
        for name in names[1:]:
            text = text + " " + table[name].fill_null("").strip()
        chosen[column] = text.strip().nullif("")
    return table.select(**chosen)


def _worded(
    table: ibis.Table, contract: Contract, labels: dict[str, dict[str, str]]
) -> tuple[ibis.Table, list[dict]]:
    """Replace the sender's words by the contract's, whatever their case; count unknown ones."""
    found, changed = [], {}
    for column, words in labels.items():
        if column not in table.columns:
            continue
        lower = table[column].lower()
        pairs = {theirs.strip().lower(): ours for theirs, ours in words.items()}
        known = lower.isin(list(pairs))
        allowed = contract[column].allowed
        fits = table[column].isin(list(allowed)) if allowed else ibis.literal(True)
        changed[column] = ibis.cases(
            *((lower == theirs, ours) for theirs, ours in pairs.items()),
            (fits, table[column]),
            else_=ibis.null("string"),
        )
        found += _not_known(table, contract, column, known | fits)
    return (table.mutate(**changed) if changed else table), found


def _not_known(table: ibis.Table, contract: Contract, column: str, known: ibis.Value) -> list[dict]:
    strange = table.filter(table[column].notnull() & ~known)
    rows = strange.group_by(column).aggregate(n=ibis._.count()).to_pandas()
    if rows.empty:
        return []
    rows = rows.sort_values(["n", column], ascending=[False, True])
    shown = contract[column].sensitivity in ("open", "record")
    return [
        fault(
            (contract.name, column), "labels that are not understood",
            records=int(rows["n"].sum()), of=int(table.count().execute()),
            examples=", ".join(map(repr, rows[column].head(MOST_EXAMPLES))) if shown else "",
            remedy="taken as not known: say what each means under labels in the settings",
        )
    ]  # fmt: skip


def _without_free_text(table: ibis.Table, contract: Contract) -> tuple[ibis.Table, list[dict]]:
    """Drop free text, which can contain a name, and report how much there was."""
    there = [name for name in FREE_TEXT if name in table.columns]
    if not there:
        return table, []
    sums = {name: table[name].notnull().sum().fill_null(0) for name in there}
    counts = table.agg(total=ibis._.count(), **sums).to_pandas().iloc[0]
    faults = [
        fault(
            (contract.name, name), "free text was sent", records=int(counts[name]),
            of=int(counts["total"]),
            remedy="left out unread: it can hold a name; have places worked out before it is sent",
        )
        for name in there
        if counts[name]
    ]  # fmt: skip
    return table.drop(*there), faults


def _months(text: pd.Series) -> pd.Series:
    """Return the first day of each month as text, missing where it cannot be read."""
    words = text.str.strip()
    found = pd.to_datetime(words, format="%Y-%m-%d", errors="coerce")
    for form in ("%d/%m/%Y", *MONTH_FORMS):
        found = found.fillna(pd.to_datetime(words, format=form, errors="coerce"))
    return found.dt.strftime("%Y-%m-01")


def _counts(
    table: pd.DataFrame, contract: Contract, files: Sequence[Path]
) -> tuple[pd.DataFrame, list[dict]]:
    """Check counts as nothing but counts: months read, no totals, no repeats, marks understood."""
    keys = [name for name in table if name != "count"]
    total = table[keys].apply(lambda part: part.str.lower().isin(TOTALS)).any(axis=1)
    rules = {"are totals; take them out": total}
    if "month" in table:
        months = _months(table["month"])
        unread = months.isna() & table["month"].notna() & ~total
        examples = such_as(table["month"], unread)
        rules[f"have a month that cannot be read, {examples}; write 2024-03"] = unread
        table = table.assign(month=months)
    rules[f"repeat {' + '.join(keys)}; keep one each"] = table.duplicated(keys)
    names = ", ".join(file.name for file in files[:MOST_EXAMPLES])
    # the rows of several files have no lines to name
    refuse(names, row_problems(rules, named=pd.Series("", index=table.index)))
    marked = table["count"].str.strip().str.lower().isin(list(MARKS)).fillna(False)
    faults = [
        fault(
            (contract.name, "count"), "counts hidden or not given, by a mark",
            records=int(marked.sum()), of=len(table),
            examples=", ".join(map(repr, table.loc[marked, "count"].unique()[:MOST_EXAMPLES])),
            remedy="taken as not known, not as none; ask for exact counts under the agreement",
        )
    ] if marked.any() else []  # fmt: skip
    return table.assign(count=table["count"].mask(marked)), faults
