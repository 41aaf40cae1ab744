"""The values of an extract as received, as text that the checks can read."""

from collections.abc import Mapping as Lookup

import ibis
from ibis.expr.types import BooleanValue, StringValue

from vrn_analysis.contracts import Column
from vrn_analysis.sources.mapping import NUMBER, Origin

EXCEL_DAY_0 = "1899-12-30"
EXCEL_SERIAL = r"^\d{5}(\.\d+)?$"
_MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?$"
_CLOCK = r"(\d{1,2}):?(\d{2})(:\d{2})?(\.\d+)?$"
# what a spreadsheet shows in place of a value
CELL_ERROR = r"^(#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|#+)$"
FORMULA = r"^[=][^\"]"


@ibis.udf.scalar.builtin(name="try_strptime")
def _try_strptime(text: str, form: str) -> "ibis.expr.datatypes.timestamp": ...


def _stripped(text: StringValue) -> StringValue:
    """Return a text without outer spaces, and ="0012" as 0012, as exports write it for Excel."""
    stripped = text.strip()
    # few values start so, and looking at the first letter costs next to nothing
    quoted = stripped.startswith("=")
    return ibis.ifelse(quoted, stripped.re_replace(r'^="(.*)"$', r"\1"), stripped)


def is_blank(text: StringValue) -> BooleanValue:
    """Return whether nothing stands in a cell."""
    return text.fill_null("").strip() == ""


def _dated(text: StringValue, form: str) -> StringValue:
    """Return a date in a stated format as year first; text that does not fit it as null."""
    if form == "excel":
        fits = text.re_search(EXCEL_SERIAL)
        days = text.try_cast("float64")
        seconds = (days * 86_400).round().cast("int64")
        moment = ibis.literal(EXCEL_DAY_0).cast("timestamp") + seconds.as_interval("s")
        return ibis.ifelse(fits, moment.strftime("%Y-%m-%d %H:%M:%S"), ibis.null("string"))
    return _try_strptime(text, form).strftime("%Y-%m-%d %H:%M:%S")


def _timed(day: StringValue, clock: StringValue) -> StringValue:
    """Return a date with the time of another column, where there is one."""
    hour, minute = clock.re_extract(_CLOCK, 1), clock.re_extract(_CLOCK, 2)
    time = " " + hour.lpad(2, "0") + ":" + minute
    return day.re_replace(_MIDNIGHT, "") + ibis.ifelse(minute == "", "", time).fill_null("")


def value(rows: ibis.Table, origin: Origin, *, number: int = 0) -> StringValue:
    """
    Return a column of the contracts as text, from rows as received.

    Parameters
    ----------
    rows
        Rows whose columns are all text.
    origin
        Where the values come from.
    number
        Which of several persons of a row, for names with `{n}`.
    """
    if origin.constant:
        return ibis.literal(origin.constant)
    if origin.timed_by:
        return ibis.ifelse(is_blank(rows[origin.timed_by]), "day", "minute")
    text = _stripped(rows[origin.column.replace(NUMBER, str(number))])
    if origin.format:
        text = _dated(text, origin.format)
    if origin.time:
        text = _timed(text, rows[origin.time].strip())
    if origin.blank == "no":
        text = ibis.ifelse(is_blank(text), "no", text)
    return text.nullif("")


def unfit(rows: ibis.Table, origin: Origin, *, number: int = 0) -> BooleanValue:
    """Return whether something stands in a cell that does not fit the date format stated."""
    text = _stripped(rows[origin.column.replace(NUMBER, str(number))])
    return ~is_blank(text) & _dated(text, origin.format).isnull()


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
