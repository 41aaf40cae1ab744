"""Turn the text of a source into the types of a contract; unreadable values become null."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import ibis
from ibis.expr.types import BooleanValue, StringValue, Value

from vrn_analysis.core.contracts import NOT_KNOWN, Column

BLANKS = ("", *NOT_KNOWN)
LONGEST = max(map(len, BLANKS))
_SPACES = (" ", "\t", "\r", "\n")
YES, NO = ("y", "yes", "true", "t", "1"), ("n", "no", "false", "f", "0")
_TIME = r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
FORMATS = {
    "year first": rf"^\d{{4}}-\d{{1,2}}-\d{{1,2}}{_TIME}$",
    "day first": rf"^\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}{_TIME}$",
    "month by name": rf"^\d{{1,2}}[ -][A-Za-z]{{3}}[a-z]*[ -]\d{{4}}{_TIME}$",
}
MONTH_FIRST = r"^(0?[1-9]|1[0-2])[/.-](1[3-9]|2\d|3[01])[/.-]\d{4}"
# floats cannot distinguish larger whole numbers
LARGEST = 2.0**53
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"


def _may_be_blank(text: StringValue) -> BooleanValue:
    """Return quickly which texts may have outer spaces or mean "not known"."""
    # comparing the first letters costs a tenth of stripping and looking up every value
    starts = {start for word in BLANKS for start in word[:1] + word[:1].upper()}
    begins = [(text >= start) & (text < chr(ord(start) + 1)) for start in sorted(starts)]
    word = reduce(or_, begins) & (text.length() <= LONGEST)
    space = reduce(or_, [text.endswith(space) for space in _SPACES])
    return (text < "!") | (text > "~") | word | space


def known_text(text: StringValue) -> StringValue:
    """Return a text without outer spaces, or null where it means "not known"."""
    stripped = text.strip()
    known = ibis.ifelse(
        ibis.array(list(BLANKS)).contains(stripped.lower()), ibis.null("string"), stripped
    )
    return ibis.ifelse(text.notnull() & _may_be_blank(text), known, text)


def form(text: StringValue) -> StringValue:
    """Return which of the `FORMATS` a date without outer spaces is in, else null."""
    found = [(text.re_search(pattern), name) for name, pattern in FORMATS.items()]
    return ibis.cases(*found, else_=ibis.null("string"))


def _in_numbers(text: StringValue, *, day: int) -> StringValue:
    places = (day, 3 - day, 3)
    day, month, year = (text.re_extract(r"^(\d+)[/.-](\d+)[/.-](\d{4})", k) for k in places)
    return year + "-" + month + "-" + day + text.re_extract(r"[T ].*$", 0)


def _month_by_name(text: StringValue) -> StringValue:
    pattern = r"^(\d+)[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})(.*)$"
    day, name, year, clock = (text.re_extract(pattern, k) for k in (1, 2, 3, 4))
    place = ibis.literal(_MONTHS).find(name.lower())
    number = ibis.ifelse(place % 3 == 0, (place / 3).floor().cast("int64") + 1, ibis.null("int64"))
    return year + "-" + number.cast("string") + "-" + day + clock


def moment(text: StringValue, found: StringValue) -> Value:
    """
    Return the moment a text names; null where it is in none of the `FORMATS`.

    Years of two digits are not read: they do not say which century.

    Parameters
    ----------
    text
        Without outer spaces.
    found
        Its `form`, or "month first".
    """
    written = ibis.cases(
        (found == "year first", text),
        (found == "day first", _in_numbers(text, day=1)),
        (found == "month first", _in_numbers(text, day=2)),
        (found == "month by name", _month_by_name(text)),
        else_=ibis.null("string"),
    )
    # no record is timed to parts of a second
    long = written.length() > len("2024-03-31 23:05:59")
    return ibis.ifelse(long, written.re_replace(r"\.\d+$", ""), written).try_cast("timestamp")


def number(text: StringValue, *, whole: bool) -> Value:
    """Return the number a text writes, thousands separated or not; null where it is none."""
    value = text.try_cast("float64").coalesce(text.replace(",", "").try_cast("float64"))
    # engines read "nan" and "inf" as numbers
    value = ibis.ifelse(value.between(-LARGEST, LARGEST), value, ibis.null("float64"))
    if not whole:
        return value
    return ibis.ifelse(value == value.floor(), value, ibis.null("float64")).cast("int64")


def is_one_of(text: StringValue, words: Sequence[str]) -> BooleanValue:
    """Return whether a text is one of some words; null where it is null."""
    # the engine makes a join of a longer IN, which costs five times as much
    return reduce(or_, [text == word for word in words])


def is_none_of(text: StringValue, words: Sequence[str]) -> BooleanValue:
    """Return whether a text is none of some words; null where it is null."""
    return reduce(and_, [text != word for word in words])


def flag(text: StringValue) -> BooleanValue:
    """Return true or false for a yes or no; null for anything else."""
    lower = text.strip().lower()
    return ibis.cases(
        (is_one_of(lower, YES), True), (is_one_of(lower, NO), False), else_=ibis.null("boolean")
    )


def word(text: StringValue, allowed: Sequence[str] = ()) -> StringValue:
    """Return a category as the contracts write it: lower case, underscores; null if not known."""
    mended = known_text(text).lower().re_replace(r"[^a-z0-9]+", "_").re_replace(r"^_|_$", "")
    return ibis.ifelse(is_none_of(text, allowed), mended, text) if allowed else mended


def value(text: StringValue, column: Column, found: StringValue | None = None) -> Value:
    """
    Return a text as the type of its column; null where it is unreadable or means "not known".

    Parameters
    ----------
    text
        As received; of a date without outer spaces.
    column
        The column of the contract.
    found
        Of a date, its `form`.
    """
    if column.type in ("date", "timestamp"):
        when = moment(text, form(text) if found is None else found)
        return when.date() if column.type == "date" else when
    if column.type in ("integer", "number"):
        return number(text, whole=column.type == "integer")
    if column.type == "boolean":
        return flag(text)
    return word(text, column.allowed) if column.allowed else known_text(text)
