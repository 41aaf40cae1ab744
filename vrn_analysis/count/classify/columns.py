"""Complete the columns of a table, and read each spelling once."""

import ibis
import numpy as np
import pandas as pd

from vrn_analysis.core.contracts import Contract, engine_type
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.checks.problems import is_of_type

_KINDS = {"b": "boolean", "i": "int64"}


def complete(table: ibis.Table, contract: Contract) -> ibis.Table:
    """
    Return the table with every column of its contract, those it lacks as typed nulls.

    Raises
    ------
    DataError
        If a required column is missing, or a column is of a wrong type: all at once.
    """
    present = table.schema()
    faults = [
        f"column {column.name!r} is missing"
        for column in contract
        if column.required and column.name not in present
    ]
    if contract.one_of and not set(contract.one_of) & set(present):
        faults.append(f"one of the columns {', '.join(contract.one_of)} is needed")
    faults += [
        f"column {column.name!r} is {present[column.name]}, not {column.type}"
        for column in contract
        if column.name in present and not is_of_type(column, present[column.name])
    ]
    if faults:
        raise DataError(
            f"The {contract.name} cannot be used: {'; '.join(faults)}. "
            "Read them with vrn_analysis.read.checks.read, which sets types and lists every "
            "problem."
        )
    return table.mutate(**_settled(table, contract))


def _settled(table: ibis.Table, contract: Contract) -> dict[str, ibis.Value]:
    """Return missing columns as nulls, and timestamps of days as dates."""
    settled: dict[str, ibis.Value] = {}
    for column in contract:
        if column.name not in table.columns:
            settled[column.name] = ibis.null(engine_type(column))
        elif table[column.name].type().is_null() or (
            column.type in ("date", "timestamp")
            and not getattr(table[column.name].type(), f"is_{column.type}")()
        ):
            settled[column.name] = table[column.name].cast(engine_type(column))
    return settled


def spellings_of(table: ibis.Table, columns: list[str]) -> pd.DataFrame:
    """Return every combination of spellings in some text columns, a blank as None."""
    # a blank is filled in nowhere: engines keep short lists of spellings, which that undoes
    return table.select(columns).distinct().to_pandas().astype(object).replace(np.nan, None)


def join_spellings(table: ibis.Table, known: pd.DataFrame) -> ibis.Table:
    """Add to each record what is known of its spellings, the columns that end in `_key`."""
    # explicit, because a table without rows would have columns without types
    types = {name: _KINDS.get(known[name].dtype.kind, "string") for name in known}
    keys = [name for name in known.columns if name.endswith("_key")]
    # Spark would read a missing text of pandas as the word "NaN"
    blank = {name: known[name].astype(object).replace(np.nan, None) for name in keys}
    right = ibis.memtable(known.assign(**blank), schema=types)
    predicates = [table[name.removesuffix("_key")].identical_to(right[name]) for name in keys]
    return table.left_join(right, predicates).drop(*keys)
