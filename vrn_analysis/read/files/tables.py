"""Read small tables against their contracts, and report every fault at once."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import CONTRACTS, Column, Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.files import locate, read_csv, rename, require_columns

Rules = Callable[[pd.DataFrame], Mapping[str, pd.Series]]


def row_problems(rules: Mapping[str, pd.Series], *, named: pd.Series | None = None) -> list[str]:
    """
    Return the rules that rows break, in words: how many of how many, and the first of them.

    Parameters
    ----------
    rules
        What is wrong, in words, and for which rows.
    named
        What to name the rows by; default: their lines in the file, which say nothing of a person.
    """
    found = []
    for what, bad in rules.items():
        if bad.any():
            names = bad.index[bad] + 2 if named is None else named[bad].dropna().unique()
            first = ", ".join(filter(None, map(str, names[:5])))
            where = f" ({'lines' if named is None else 'such as'} {first})" * bool(first)
            found.append(f"{int(bad.sum())} of {len(bad)} rows {what}{where}")
    return found


def such_as(values: pd.Series, bad: pd.Series) -> str:
    """Return a few of the values of rows that break a rule, as an error names them."""
    return f"such as {', '.join(map(repr, values[bad].unique()[:5]))}"


def refuse(file: Path | str, problems: Iterable[str], *, remedy: str = "") -> None:
    """
    Refuse a file that has problems.

    Raises
    ------
    DataError
        With all of them.
    """
    if problems := list(problems):
        listed = "\n  - ".join(problems)
        raise DataError(f"{file} cannot be used:\n  - {listed}. {remedy}".strip())


def read_source(
    folder: Path, settings: Settings, source: str, *, text: Iterable[str] = ()
) -> tuple[pd.DataFrame, Path]:
    """Return the table of a source in the names of the contracts, and its file."""
    [file] = locate(folder, settings, source)
    return rename(read_csv(file, text=text), settings.sources[source], file=file), file


def _typed(values: pd.Series, column: Column) -> pd.Series:
    if column.type in ("integer", "number"):
        return pd.to_numeric(values, errors="coerce")
    if column.type == "date":
        return pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")
    return values


def _rules(values: pd.Series, typed: pd.Series, column: Column) -> dict[str, pd.Series]:
    """Return the contract's rules for one column, and which rows break them."""
    name = column.name
    absent = values.isna() | (values.astype("str").str.strip() == "")
    rules = {} if column.nullable else {f"lack a value in {name}": absent}
    if column.allowed:
        unknown = ~absent & ~values.isin(column.allowed)
        what = f"have a value in {name} that is none of {', '.join(column.allowed)}"
        rules[f"{what}, {such_as(values, unknown)}"] = unknown
    if column.type == "date":
        rules[f"have a value in {name} that is not written as 2024-03-31"] = typed.isna() & ~absent
    if column.type in ("integer", "number"):
        least = -np.inf if column.minimum is None else column.minimum
        most = np.inf if column.maximum is None else column.maximum
        limits = f" from {least:,} to {most:,}" if np.isfinite(most) else f" of {least} or more"
        what = f"have a value in {name} that is no number" + limits * bool(np.isfinite(least))
        rules[what] = ~absent & ~typed.between(least, most)
    return rules


def checked(
    table: pd.DataFrame,
    contract: Contract,
    *,
    file: Path,
    rules: Rules = lambda table: {},
    named: str = "",
    remedy: str = "",
) -> pd.DataFrame:
    """
    Return the columns of a contract with their types, once they keep it.

    Parameters
    ----------
    table
        As read, in the names of the contract; other columns are left out.
    contract
        What it must hold.
    file
        The file, for the error.
    rules
        Further rules: takes the typed table and returns what is wrong, in words, and where.
    named
        The column to name rows by; default: their lines in the file.
    remedy
        What to do about a fault, if it is not plain from the fault.

    Raises
    ------
    DataError
        If columns are missing; else with every rule that rows break.
    """
    require_columns(table.columns, [c.name for c in contract if c.required], file=file)
    if contract.one_of and not set(contract.one_of) & set(table):
        refuse(file, [f"none of {', '.join(contract.one_of)} is a column; name one under columns"])
    columns = [column for column in contract if column.name in table]
    table = table[[column.name for column in columns]]
    typed = table.assign(**{one.name: _typed(table[one.name], one) for one in columns})
    broken: dict[str, pd.Series] = {}
    for column in columns:
        broken |= _rules(table[column.name], typed[column.name], column)
    if contract.key:
        broken[f"repeat {' + '.join(contract.key)}"] = typed.duplicated(list(contract.key))
    problems = row_problems(broken | dict(rules(typed)), named=table[named] if named else None)
    refuse(file, problems, remedy=remedy)
    return typed.reset_index(drop=True)


def read_table(folder: Path, settings: Settings, source: str) -> pd.DataFrame:
    """
    Return a source that has a contract of its name, once it keeps it.

    Raises
    ------
    DataError
        As `checked`.
    """
    table, file = read_source(folder, settings, source)
    return checked(table, CONTRACTS[source], file=file)
