"""Turn the values of an extract into text that the checks can read."""

import re

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import BooleanValue, StringValue

from vrn_analysis.core.contracts import NOT_KNOWN
from vrn_analysis.read.extracts.mapping import NUMBER, Origin
from vrn_analysis.read.extracts.meanings import VICTIM_IS

FIRST_LETTER = "!"  # the character after the space
# the last year of dates that mean "no date", such as 01/01/1900
SENTINEL_YEAR, OLDEST = 1901, 120
BEYOND = 1e7
# the form of a birth of which the day is not given
BY_MONTH = "%Y-%m"
_YEARS = r"^0*(\d{1,3})(?:\.0+)?\s*(?:y|yo|yr|yrs|year|years|oed)\b.*$"
_INFANT = r"^\d+\s*(m|mth|mths|month|months|w|wk|wks|week|weeks|d|day|days)\b"
BAND = r"[-–+<>]|under|over|less|more| to |juv|adult|child|minor|youth"
# a cell of two moments: what parts them, and the day and the time of one
BETWEEN = r"(?i)\s+(?:and|to|until|till|-)\s+"
DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?"
# a person noted in one cell, as 24/M - ex-partner or M24 (ex-partner); ?? and n/k are not known
_SEX = r"(m(?:ale)?|f(?:emale)?|u(?:nk(?:nown)?)?|x|\?|n[./]?k\.?)"
_OLD = r"(?:(\d{1,3})(?: ?(?:yo?|y(?:ea)?rs?))?|\?+|n[./]?k\.?)"
NOTE = rf"(?i)^(?:{_SEX}[ /,]*{_OLD}|{_OLD}[ /,]*{_SEX})(?:\s*[-–(]\s*([^;|\n\d]*?)\)?)?$"
NOTED = {"age": (2, 3), "sex": (1, 4), "relationship": (5,)}
# an age behind a birth, as 14 Feb 1990 (33)
IN_BRACKETS = r"\((\d{1,3})\)$"
# a heading says whose relation is meant, unless the label does

OF_VICTIM = r"(?i)\b(of|to) (the )?(victim|vict?|ip|agg|aggrieved|complainant|injured)\b"
SENTINEL = r"^(0?1|1900|31)[/. -](0?1|12)[/. -](0?1|1900|1899)|^1900"
# a label with a code of letters before its words, as AB FOOTWAY
CODED = r"^([A-Z]{2,3})[ :-]+(\S.*)$"
# what a cell says where its mark is not set
NO_MARK = ("", "0", "n", "no", "f", "false", "unticked", "not ticked", "-", "null", "none", "n/a")
# the mark of a keyword that is set or not
BOX = r"(?i)\[[^\]]?\]|[=:]\s*(?:yes|no|y|n|true|false|t|f|1|0|x)\b"
# of boxes and pairs, as [ ] DA [X] Hate and DA=No|Hate=Yes, what is not set is left out
_BOXES = (
    (r"\[\s*\][^\[\],;|]*|[^,;|=:]*[=:]\s*(?i:no?|0|f|false)\b", ""),
    (r"\[[^\]\s]\]", ","), (r"[=:]\s*(?i:y|yes|1|t|true|x)\b", ""),
)  # fmt: skip
# punctuation, leading zeros and the century differ between systems
_KEYS = (
    (r"[^A-Z0-9]+", "/"), (r"(^|/)0+([0-9])", r"\1\2"), (r"/(?:19|20)([0-9]{2})$", r"/\1"),
)  # fmt: skip
EXCEL_DAY_0 = "1899-12-30"
EXCEL_SERIAL = r"^\d{5}(\.\d+)?$"
_MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?$"
_CLOCK = r"(\d{1,2})[:.]?(\d{2})(:\d{2})?(\.\d+)?\s*([AaPp][Mm])?$"


def turned(label: str) -> str:
    """Return a relationship as that of the victim to the suspect, unless it names the victim."""
    return label if re.search(OF_VICTIM, label) else f"{VICTIM_IS} {label}"


@ibis.udf.scalar.builtin(name="try_strptime")
def _try_strptime(text: str, forms: dt.Array(dt.string)) -> dt.timestamp: ...


def _replaced(text: str | StringValue, patterns: tuple) -> str | StringValue:
    """Return a text, of Python or of the engine, with patterns replaced."""
    for pattern, instead in patterns:
        is_text = isinstance(text, str)
        text = re.sub(pattern, instead, text) if is_text else text.re_replace(pattern, instead)
    return text


def alike(key: str | StringValue) -> str | StringValue:
    """Return a reference as all systems could write it: 33ab-000001-2023 is 33AB/1/23."""
    return _replaced(key.upper(), _KEYS)


def _stripped(text: StringValue) -> StringValue:
    """Return a text without outer spaces, and ="0012" as 0012, as exports write it for Excel."""
    # few values begin or end with a space, and the test is cheap
    odd = (text < FIRST_LETTER) | (text.right(1) < FIRST_LETTER) | text.startswith("=")
    return ibis.ifelse(odd, text.strip().re_replace(r'^="(.*)"$', r"\1"), text)


def _decoded(text: StringValue, origin: Origin) -> StringValue:
    """Return a text without outer spaces, a code as the words that it stands for."""
    words = dict(one.split("=", 1) for one in origin.coded)
    text = _stripped(text)
    return text.substitute(words) if words else text


def is_blank(text: StringValue) -> BooleanValue:
    """Return whether a cell is empty apart from spaces."""
    return text.fill_null("") == ""


def _dated(text: StringValue, form: str) -> StringValue:
    """Return a date in the formats stated as year first; text that fits none as null."""
    if form == "iso":
        plain = text.re_replace(r"(:\d{2})(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$", r"\1")
        moment = plain.try_cast("timestamp")
    elif form == "excel":
        days = ibis.ifelse(text.re_search(EXCEL_SERIAL), text.try_cast("float64"), None)
        seconds = (days * 86_400).round().cast("int64")
        moment = ibis.literal(EXCEL_DAY_0).cast("timestamp") + seconds.as_interval("s")
    else:
        moment = _try_strptime(text, ibis.array(form.split(" | ")))
    # systems write 01/01/1900 for a missing date
    known = moment.year() > SENTINEL_YEAR
    return ibis.ifelse(known, moment.strftime("%Y-%m-%d %H:%M:%S"), ibis.null("string"))


def _time_of_day(clock: StringValue) -> StringValue:
    """Return a time such as 22:10, 2210, 130 or 9:05 pm as 22:10, null where it is none."""
    bare = clock.re_replace(r"(?i)\s*(hrs|h|\.0)$", "")
    digits = ibis.ifelse(bare.re_search(r"^\d{1,4}$"), bare.lpad(4, "0"), bare)
    digits = ibis.ifelse(bare.re_search(r"^\d{5,6}$"), bare.lpad(6, "0").substr(0, 4), digits)
    hour = digits.re_extract(_CLOCK, 1).try_cast("int64")
    minute = digits.re_extract(_CLOCK, 2).try_cast("int64")
    half = digits.re_extract(r"(?i)([ap])m$", 1).lower()
    hour = ibis.cases((half == "p", hour % 12 + 12), (half == "a", hour % 12), else_=hour)
    read = hour.between(0, 23) & minute.between(0, 59)
    time = hour.cast("string").lpad(2, "0") + ":" + minute.cast("string").lpad(2, "0")
    return ibis.ifelse(read, time, ibis.null("string"))


def _timed(day: StringValue, clock: StringValue) -> StringValue:
    """Return a date with the time of another column, where there is one that can be read."""
    return day.re_replace(_MIDNIGHT, "") + (" " + _time_of_day(clock)).fill_null("")


def _age(text: StringValue) -> StringValue:
    """Return an age as years: `17 yrs` and `017` are 17, `6 mths` is 0; a band is null."""
    lower = text.lower()
    years = lower.re_extract(_YEARS, 1)
    return ibis.cases(
        (lower.re_search(r"^0*\d{1,3}$"), lower),
        (lower.re_search(_YEARS), years),
        (lower.re_search(_INFANT), "0"),
        (lower.re_search(BAND), ibis.null("string")),
        else_=text,
    )


def _one_age(text: StringValue) -> StringValue:
    """Return a range whose ends are the same, such as 21-21, as that age."""
    ends = text.split("-")
    same = text.re_search(r"^\d+-\d+$") & (ends[0] == ends[1])
    return ibis.ifelse(same.fill_null(False), ends[0], text)


def _band(text: StringValue) -> StringValue:
    """Return a band of ages in the words of the contracts, null for an age in years."""
    lower = text.lower()
    return ibis.cases(
        (lower.re_search(r"^(juv[a-z]*|child|minor|youth)\b"), "under 18"),
        (lower.re_search(r"^adult\b"), "18+"),
        (lower.re_search(BAND), text),
        else_=ibis.null("string"),
    )


def _held(text: StringValue, origin: Origin) -> StringValue:
    """Return what a keyword means where a cell of keywords holds it, and no where it denies it."""
    pattern = "|".join(re.escape(word.lower()) for word in origin.contains)
    there = text.lower().re_search(rf"(^|[,;|/\]]\s*)({pattern})\s*($|[,;|/\[=:])")
    found = (
        _replaced(text, _BOXES)
        .lower()
        .re_search(rf"(^|[,;|/]\s*)({pattern})\s*($|[,;|/])")
        .fill_null(False)
    )
    no = there.fill_null(False) | (origin.blank == "no")
    return ibis.cases((found, origin.says), (no, "no"), else_=ibis.null("string"))


def value(rows: ibis.Table, origin: Origin, *, column: str = "", number: int = 0) -> StringValue:
    """
    Return a column of the contracts as text, from rows as received.

    Parameters
    ----------
    rows
        Rows whose columns are all text; where places are in degrees, with their place on the grid.
    origin
        Where the values come from; of a date of birth the date, from which `age_on` has the age.
    column
        The column of the contract, where it is one that is written in ways of its own.
    number
        Which of several persons of a row, for names with `{n}`.
    """
    if origin.constant:
        return ibis.literal(origin.constant)
    if origin.timed_by:
        read = _time_of_day(rows[origin.timed_by].strip()).notnull()
        return ibis.ifelse(read, "minute", "day")
    if origin.longitude or origin.grid:
        return rows[f"_{column}"]
    if origin.contains:
        cells = [_decoded(rows[name], origin) for name in origin.column.split(" | ")]
        text = ibis.literal(",").join(cells)
        return _held(text.replace(origin.listed, ",") if origin.listed else text, origin)
    if origin.first or origin.filled:
        cells = [_decoded(rows[name], origin) for name in origin.column.split(" | ")]
        for place, says in enumerate(origin.filled):
            filled = cells[place].lower().notin(NO_MARK) & ~cells[place].re_search(SENTINEL)
            cells[place] = ibis.ifelse(filled, says, None) if says else cells[place]
        # a label that outranks others, whichever of the cells holds it, else the first
        outranking = [ibis.ifelse(cell.isin(origin.first), cell, None) for cell in cells]
        return ibis.coalesce(*outranking, *(cell.nullif("") for cell in cells))
    return _written(rows, origin, column, number).nullif("")


def cell(rows: ibis.Table, origin: Origin, number: int) -> StringValue:
    """Return the text of a cell, or of its part that is about one person or one moment."""
    name = (origin.column or origin.born).replace(NUMBER, str(number))
    # a file may have room for more victims than it has of each of their columns
    cells = [
        _decoded(rows[one], origin) if one in rows.columns else ibis.literal("")
        for one in (name.split(" | ") if origin.joined else [name])
    ]
    text = cells[0]
    if origin.joined:
        filled = [one.fill_null("") for one in cells]
        joined = ibis.literal(origin.joined).join(filled).strip()
        text = ibis.ifelse(ibis.or_(*(one != "" for one in filled)), joined, "")
    if origin.listed:
        text = text.split(origin.listed)[number - 1].strip()
    if origin.part in NOTED:
        text = ibis.literal("").join(text.re_extract(NOTE, at) for at in NOTED[origin.part])
    elif origin.part == "brackets":
        text = text.re_extract(IN_BRACKETS, 1)
    elif origin.part == "words":
        text = ibis.coalesce(text.re_extract(CODED, 2).nullif(""), text)
    elif origin.part:
        moments = text.re_split(BETWEEN)
        moment = moments[0] if origin.part == "first" else moments[moments.length() - 1]
        clock = moment.re_replace(DAY, "").re_extract(CLOCK, 0)
        text = (moment.re_extract(DAY, 0) + " " + clock).strip()
    return text


def _written(rows: ibis.Table, origin: Origin, column: str, number: int) -> StringValue:
    """Return the content of a cell in a form that the checks can read."""
    text = cell(rows, origin, number)
    if origin.unknown:
        text = ibis.ifelse(text.isin(origin.unknown), ibis.null("string"), text)
    if column in ("age", "age_band") and origin.column:
        text = (_age if column == "age" else _band)(_one_age(text))
    if origin.before:
        kept = is_blank(text) | text.re_search(OF_VICTIM)
        text = ibis.ifelse(kept, text, origin.before + " " + text)
    if origin.format:
        text = _dated(text, origin.format)
    if origin.time:
        text = _timed(text, rows[origin.time].strip())
    return ibis.ifelse(is_blank(text), "no", text) if origin.blank == "no" else text


def age_on(
    born: StringValue, day: StringValue, *, column: str = "age", exact: bool = True
) -> StringValue:
    """
    Return the age in completed years on a day, from two dates written year first, as text.

    Where the birth is not `exact`, a person has either of two ages in the month of the birthday:
    these are the `age_band`, and the age is null.
    """
    birth, when = (text.substr(0, 10).try_cast("date") for text in (born, day))
    before = (when.month() * 100 + when.day()) < (birth.month() * 100 + birth.day())
    years = when.year() - birth.year() - before.cast("int64")
    # a year of two digits may be of either century
    age = possible_age(ibis.ifelse(years < 0, years + 100, years).cast("string"))
    either = ibis.literal(not exact) & (birth.month() == when.month())
    if column == "age_band":
        younger = ibis.greatest(years - 1, 0).cast("string")
        return ibis.ifelse(either, younger + "-" + age, ibis.null("string"))
    return ibis.ifelse(either, ibis.null("string"), age)


def possible_age(text: StringValue) -> StringValue:
    """Return an age in years that a person can have, null for anything else."""
    possible = text.try_cast("int64").between(0, OLDEST)
    return ibis.ifelse(possible, text, ibis.null("string"))


def unfit(rows: ibis.Table, origin: Origin, *, number: int = 0) -> BooleanValue:
    """Return whether a cell has content that does not fit the stated date format."""
    text = cell(rows, origin, number)
    said = text.lower().notin(("", "none", *NOT_KNOWN, *(word.lower() for word in origin.unknown)))
    sentinel = text.re_search(SENTINEL)
    # few dates cannot be read, and only those are looked at word by word
    return ibis.ifelse(_dated(text, origin.format).isnull(), said & ~sentinel, False)
