"""Find, count and blank values damaged by a spreadsheet or a mix-up of systems."""

import ibis
from ibis import _
from ibis.backends import BaseBackend
from ibis.expr.types import BooleanValue, StringValue

from vrn_analysis.core.contracts import Contract
from vrn_analysis.read.extracts.faults import fault
from vrn_analysis.read.extracts.values import EXCEL_SERIAL

# what a spreadsheet shows in place of a value
CELL_ERROR = r"^(#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|#+)$"
FORMULA = r"^[=][^\"]"
DATES = ("occurred_from", "occurred_to", "recorded_on", "extracted_on")
IN_DEGREES = (
    "taken as not known; ask for British National Grid metres, or transform the points in a GIS"
)
# a problem, its remedy, and which values have it
Fault = tuple[str, str, BooleanValue]


def _ruined(column: str, text: StringValue) -> list[Fault]:
    """Return what a spreadsheet or a mix-up of systems has done to a value."""
    suspicious = text.startswith("=") | text.startswith("#")
    ruin = ibis.ifelse(suspicious, text.re_search(FORMULA) | text.re_search(CELL_ERROR), False)
    found = [("a formula, or an error of a spreadsheet, in place of a value",
              "taken as blank; export the column as values", ruin)]  # fmt: skip
    number = text.replace(",", "").try_cast("float64")
    if column == "easting":
        at = number.between(-10, 3)
        found.append(("a longitude where an easting belongs", IN_DEGREES, at))
    if column == "northing":
        at = number.between(49, 61)
        found.append(("a latitude where a northing belongs", IN_DEGREES, at))
    if column in DATES:
        say = 'taken as not known; say format = "{}" for this column in the mapping'
        short = text.re_search(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}( |$)")
        found.append(("a day count of Excel where a date belongs", say.format("excel"),
                      text.re_search(EXCEL_SERIAL)))  # fmt: skip
        found.append(("a year of two digits", say.format("%d/%m/%y"), short))
    if column == "offence_id":
        found.append(("an identifier that a spreadsheet has shortened",
                      "the record is rejected, as its digits are lost; export the column as text",
                      text.re_search(r"^\d\.\d+E\+\d+$")))  # fmt: skip
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
