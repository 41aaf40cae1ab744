"""Arrow columns and tables in the shape of a contract."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vrn_analysis.core.contracts import Contract

TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}


# columns of a table by their name
Columns = dict[str, pa.Array]


def schema(contract: Contract) -> pa.Schema:
    """Return the Arrow schema of a contract."""
    return pa.schema([(column.name, TYPES[column.type]) for column in contract])


def table(contract: Contract, columns: Columns) -> pa.Table:
    """Return a table with the contract's columns in order; those not given are all missing."""
    rows = len(next(iter(columns.values())))
    arrays = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(rows, field.type)
        for field in schema(contract)
    ]
    return pa.Table.from_arrays(arrays, schema=schema(contract))


def text(
    number: np.ndarray, words: Sequence[str], *, missing: np.ndarray | None = None
) -> pa.Array:
    """Return the word of each number; a missing one is null."""
    numbers = pa.array(np.asarray(number, dtype=np.int32), mask=missing)
    return pa.DictionaryArray.from_arrays(numbers, pa.array(words, pa.string())).cast(pa.string())


def numbered(prefix: str, number: np.ndarray) -> pa.Array:
    """Return identifiers such as SYN1904-0000012."""
    padded = pc.utf8_lpad(pa.array(number).cast(pa.string()), width=7, padding="0")
    return pc.binary_join_element_wise(prefix, padded, "-")
