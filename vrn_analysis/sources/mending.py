"""What a spreadsheet or a mix-up of systems has done to values: found, counted and set to null."""

from collections.abc import Mapping as Lookup

import ibis
from ibis import _
from ibis.backends import BaseBackend
from ibis.expr.types import BooleanValue, StringValue

from vrn_analysis.contracts import Column, Contract
from vrn_analysis.sources.faults import fault
from vrn_analysis.sources.values import EXCEL_SERIAL

UNFIT = "does not fit the format that the mapping states"
# what a spreadsheet shows in place of a value
CELL_ERROR = r"^(#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|#+)$"
FORMULA = r"^[=][^\"]"


def ruined(column: Column, text: StringValue) -> Lookup[str, BooleanValue]:
    """Return what a spreadsheet or a mix-up of systems has done to a value."""
    suspicious = text.startswith("=") | text.startswith("#")
    ruin = ibis.ifelse(suspicious, text.re_search(FORMULA) | text.re_search(CELL_ERROR), False)
    found = {"a formula, or an error of a spreadsheet, in place of a value": ruin}
    number = text.replace(",", "").try_cast("float64")
    if column.name == "easting":
        found["a longitude where an easting belongs"] = number.between(-10, 3)
    if column.name == "northing":
        found["a latitude where a northing belongs"] = number.between(49, 61)
    if column.name in ("occurred_from", "occurred_to", "recorded_on", "extracted_on"):
        found["a day count of Excel where a date belongs"] = text.re_search(EXCEL_SERIAL)
        found["a year of two digits"] = text.re_search(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}( |$)")
    if column.name == "offence_id":
        found["an identifier that a spreadsheet has shortened"] = text.re_search(r"^\d\.\d+E\+\d+$")
    return found


REMEDIES = {
    "a formula, or an error of a spreadsheet, in place of a value": "taken as blank; export the "
    "column as values",
    "a longitude where an easting belongs": "taken as not known; ask for British National Grid "
    "metres, or transform the points in a GIS",
    "a latitude where a northing belongs": "taken as not known; ask for British National Grid "
    "metres, or transform the points in a GIS",
    "a day count of Excel where a date belongs": 'taken as not known; say format = "excel" for '
    "this column in the mapping",
    "a year of two digits": 'taken as not known; say format = "%d/%m/%y" for this column in the '
    "mapping",
    "an identifier that a spreadsheet has shortened": "the record is rejected, as its digits are "
    "lost; export the column as text",
}


def _tests(table: ibis.Table, contract: Contract) -> dict[str, dict[str, ibis.Value]]:
    """Return for each column what a spreadsheet ruined, and which dates do not fit."""
    by_name = {column.name: column for column in contract}
    tests = {}
    for column in [column for column in table.columns if not column.startswith("_")]:
        tests[column] = dict(ruined(by_name[column], table[column]))
        if f"_unfit_{column}" in table.columns:
            tests[column][UNFIT] = table[f"_unfit_{column}"]
    return tests


def mend(
    connection: BaseBackend, picked: ibis.Table, contract: Contract
) -> tuple[ibis.Table, list[dict]]:
    """
    Set to null what a spreadsheet ruined, and count that and the dates that do not fit.

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
    tests = _tests(picked, contract)
    # which of its faults each cell has, from 1; 0 none
    codes = {
        column: ibis.cases(
            *((test.fill_null(False), code) for code, test in enumerate(own.values(), 1)), else_=0
        ).cast("int8")
        for column, own in tests.items()
    }
    clean = {
        column: ibis.ifelse(code == 0, picked[column], ibis.null("string"))
        for column, code in codes.items()
    }
    faulty = {f"_fault_{column}": code for column, code in codes.items()}
    held = picked.select(**clean, _there=picked["_there"], **faulty)
    # held, as each of its columns is counted below
    held = connection.create_table(ibis.util.gen_name("mended"), held, temp=True)
    sums = {
        f"{column}_{code}": (held[f"_fault_{column}"] == code).sum()
        for column, own in tests.items()
        for code in range(1, len(own) + 1)
    }
    counts = held.agg(total=_.count(), **sums).to_pandas().iloc[0]
    faults = [
        fault((contract.name, column), problem, records=int(counts[f"{column}_{code}"]),
              of=int(counts["total"]),
              remedy=REMEDIES.get(problem, "taken as not known; correct format there"))
        for column, own in tests.items()
        for code, problem in enumerate(own, 1)
        if counts[f"{column}_{code}"] > 0
    ]  # fmt: skip
    return held, faults
