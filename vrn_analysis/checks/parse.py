"""Turn the text of a source into the types of a contract; what cannot be read becomes null."""

import ibis
from ibis.expr.types import BooleanValue, StringValue, Value

from vrn_analysis.contracts import Column

# words that sources write for "not known"; a blank is one of them
NOT_KNOWN = (
    "", "-", "n/a", "n/k", "na", "nk", "nan", "null", "not known", "not recorded", "unknown",
)  # fmt: skip
YES, NO = ("y", "yes", "true", "t", "1"), ("n", "no", "false", "f", "0")
_TIME = r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
FORMATS = {
    "year first": rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}{_TIME}$",
    "day first": rf"^\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}{_TIME}$",
    "month by name": rf"^\d{{1,2}}[ -][A-Za-z]{{3}}[a-z]*[ -]\d{{4}}{_TIME}$",
}
MONTH_FIRST = r"^\d{1,2}[/.-](1[3-9]|2\d|3[01])[/.-]\d{4}"
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"


def known_text(text: StringValue) -> StringValue:
    """Return a text without outer spaces, or null where it says that nothing is known."""
    stripped = text.strip()
    return ibis.ifelse(stripped.lower().isin(NOT_KNOWN), ibis.null("string"), stripped)


def matches(text: StringValue, name: str) -> BooleanValue:
    """Return whether a text is a date in one of the `FORMATS`."""
    return text.re_search(FORMATS[name])


def _two(text: StringValue) -> StringValue:
    return text.lpad(2, "0")


def _clock(text: StringValue) -> StringValue:
    hour = text.re_extract(r"[T ](\d{1,2}):\d{2}", 1)
    rest = text.re_extract(r"[T ]\d{1,2}(:\d{2}(:\d{2})?)", 1)
    return ibis.ifelse(hour == "", "00:00", _two(hour) + rest)


def moment(text: StringValue) -> Value:
    """
    Return the moment a text names, in any of the `FORMATS`, day before month; else null.

    Years of two digits are not read: they do not say which century.
    """
    first = [text.re_extract(r"^(\d+)-(\d+)-(\d+)", k) for k in (1, 2, 3)]
    day, month, year = (text.re_extract(r"^(\d+)[/.-](\d+)[/.-](\d{4})", k) for k in (1, 2, 3))
    named = [text.re_extract(r"^(\d+)[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})", k) for k in (1, 2, 3)]
    place = ibis.literal(_MONTHS).find(named[1].lower())
    number = ibis.ifelse(place % 3 == 0, (place / 3).floor().cast("int64") + 1, ibis.null("int64"))
    written = ibis.cases(
        (matches(text, "year first"), first[0] + "-" + _two(first[1]) + "-" + _two(first[2])),
        (matches(text, "day first"), year + "-" + _two(month) + "-" + _two(day)),
        (
            matches(text, "month by name"),
            named[2] + "-" + _two(number.cast("string")) + "-" + _two(named[0]),
        ),
        else_=ibis.null("string"),
    )
    return (written + " " + _clock(text)).try_cast("timestamp")


def number(text: StringValue, *, whole: bool) -> Value:
    """Return the number a text writes, thousands separated or not; null where it is none."""
    value = text.replace(",", "").try_cast("float64")
    if not whole:
        return value
    return ibis.ifelse(value == value.floor(), value, ibis.null("float64")).cast("int64")


def flag(text: StringValue) -> BooleanValue:
    """Return what a yes or no says; null where it says neither."""
    lower = text.lower()
    return ibis.cases((lower.isin(YES), True), (lower.isin(NO), False), else_=ibis.null("boolean"))


def word(text: StringValue) -> StringValue:
    """Return a category as the contracts write it: lower case, underscores."""
    return text.lower().re_replace(r"[^a-z0-9]+", "_").re_replace(r"^_|_$", "")


def value(text: StringValue, column: Column) -> Value:
    """Return a text as the type of its column, null where it cannot be read."""
    if column.type == "timestamp":
        return moment(text)
    if column.type == "date":
        return moment(text).date()
    if column.type in ("integer", "number"):
        return number(text, whole=column.type == "integer")
    if column.type == "boolean":
        return flag(text)
    return word(text) if column.allowed else text
