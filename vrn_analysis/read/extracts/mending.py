"""Find, count and blank values damaged by a spreadsheet or a mix-up of systems."""

import ibis
from ibis import _
from ibis.backends import BaseBackend
from ibis.expr.types import BooleanValue, StringValue

from vrn_analysis.core.config import reference_rows
from vrn_analysis.core.contracts import Contract
from vrn_analysis.read.extracts.faults import fault
from vrn_analysis.read.extracts.values import EXCEL_SERIAL

# what a spreadsheet or a mix-up of systems does to a value, and to which columns ("*": all)
RUINED = reference_rows("ruined_values.csv")
# a problem, its remedy, and which values have it
Fault = tuple[str, str, BooleanValue]


def _ruined(column: str, text: StringValue) -> list[Fault]:
    """Return what a spreadsheet or a mix-up of systems has done to a value."""
    # most values begin with neither, which is quicker to see than what a pattern says
    suspicious = text.startswith("=") | text.startswith("#")
    number, found = text.replace(",", "").try_cast("float64"), []
    for row in RUINED:
        if row["columns"] == "*":
            test = ibis.ifelse(suspicious, text.re_search(row["pattern"]), False)
        elif column not in row["columns"].split("; "):
            continue
        elif row["pattern"]:
            test = text.re_search(row["pattern"].replace("EXCEL_SERIAL", EXCEL_SERIAL))
        else:
            test = number.between(float(row["least"]), float(row["most"]))
        found.append((row["problem"], row["remedy"], test))
    return found


def _tests(table: ibis.Table) -> dict[str, list[Fault]]:
    """Return for each column what a spreadsheet ruined, and which dates do not fit."""
    tests = {}
    for column in [column for column in table.columns if not column.startswith("_")]:
        tests[column] = _ruined(column, table[column])
        if f"_unfit_{column}" in table.columns:
            tests[column].append(("does not fit the format that the mapping states",
                                  "taken as not known; correct format there",
                                  table[f"_unfit_{column}"]))  # fmt: skip
    return tests


def mend(
    connection: BaseBackend, picked: ibis.Table, contract: Contract
) -> tuple[ibis.Table, list[dict]]:
    """
    Blank the values that a spreadsheet damaged, and count them and the unreadable dates.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    picked
        The contract's columns as text, `_there`, and which dates do not fit: `_unfit_{column}`.

    Returns
    -------
    held, faults
        The columns and `_there`, held by the engine; each fault as `faults.fault` makes it.
    """
    tests = _tests(picked)
    # which of its faults each cell has, from 1; 0 none
    codes = {
        column: ibis.cases(
            *((test.fill_null(False), code) for code, (*_said, test) in enumerate(own, 1)), else_=0
        ).cast("int8")
        for column, own in tests.items()
    }
    clean = {
        column: ibis.ifelse(code == 0, picked[column], ibis.null("string"))
        for column, code in codes.items()
    }
    faulty = {f"_fault_{column}": code for column, code in codes.items()}
    held = picked.select(**clean, _there=picked["_there"], **faulty)
    # stored, because each of its columns is counted below
    held = connection.create_table(ibis.util.gen_name("mended"), held, temp=True)
    sums = {
        f"{column}_{code}": (held[f"_fault_{column}"] == code).sum()
        for column, own in tests.items()
        for code in range(1, len(own) + 1)
    }
    counts = held.agg(total=_.count(), **sums).to_pandas().iloc[0]
    faults = [
        fault((contract.name, column), problem, records=int(counts[f"{column}_{code}"]),
              of=int(counts["total"]), remedy=remedy)
        for column, own in tests.items()
        for code, (problem, remedy, _test) in enumerate(own, 1)
        if counts[f"{column}_{code}"] > 0
    ]  # fmt: skip
    return held, faults
