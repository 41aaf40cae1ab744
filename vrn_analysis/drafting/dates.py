"""The form of the dates and times in a column, told from its values."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from vrn_analysis.read.extracts.values import BY_MONTH

_DATE = re.compile(
    r"(?:(?P<weekday>[A-Za-z]{3,9}),? )?"
    r"(?P<a>\d{1,2}|\d{4}|[A-Za-z]{3,9})(?P<sep>[/. -]?)(?P<b>\d{1,2}|[A-Za-z]{3,9})(?P=sep)"
    r"(?P<c>\d{4}|\d{1,2})(?:(?P<gap>[ T:]| at |, ?| - ?)"
    r"(?P<h>\d{1,2})(?P<colon>[:. ]?)(?P<m>(?<= )\d{1,2}|\d{2})(?P<s>[:.]\d{2})?(?P<frac>\.\d+)?"
    r"(?: ?(?P<half>[AaPp][Mm]))?(?P<unit> ?(?:hrs|h))?(?P<zone> ?(?:Z|[+-]\d{2}:?\d{2}))?)?"
)
_MONTH = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])")
_COMPACT = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_SERIAL = re.compile(r"[2-5]\d{4}(?:\.\d+)?")
CLOCK = re.compile(
    r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?: ?[AaPp][Mm])?"
    r"|(?:[01]\d|2[0-4])[0-5]\d(?:[0-5]\d)?(?: ?(?:hrs|h))?|\d?[0-5]?\d(?:\.0)?"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_FORMS = 4


@dataclass(frozen=True)
class Dated:
    """
    The form of a column's dates.

    `form` is what a mapping states: date formats parted by ` | `, or `iso` or `excel`. `share` is
    how much of the column is in it, `timed` whether any has a time of day, `years` the first and
    last, `order` what the values say of day and month: "day", "month", "both" or "".
    """

    form: str
    share: float
    timed: bool
    years: tuple[int, int]
    order: str


def _order(found: Mapping[re.Match, int]) -> str:
    pairs = [(one["a"], one["b"]) for one in found if one["a"].isdigit() and one["b"].isdigit()]
    day = any(int(a) > 12 for a, b in pairs if len(a) < 3)
    month = any(int(b) > 12 for a, b in pairs if len(a) < 3)
    return "both" if day and month else "day" if day else "month" if month else ""


def _month(word: str) -> str:
    return "%b" if len(word) == 3 else "%B"


def _clock(one: re.Match) -> str:
    if one["h"] is None:
        return ""
    hour = "%I" if one["half"] else "%H"
    seconds = "%S" if one["s"] else ""
    fraction = ".%f" if one["frac"] else ""
    colon = one["colon"]
    text = f"{hour}{colon}%M" + (one["s"][0] + seconds if seconds else "") + fraction
    gap = one["gap"]
    space = " " if one["half"] and re.search(r" [AaPp][Mm]", one[0]) else ""
    return gap + text + (f"{space}%p" if one["half"] else "") + (one["unit"] or "")


def _form(one: re.Match, *, month_first: bool) -> str:
    a, b, c = one["a"], one["b"], one["c"]
    if len(a) == 4 and a.isdigit():
        if one["sep"] == "-" and (one["zone"] or one["frac"] or one["gap"] in (" ", "T", None)):
            return "iso"
        parts = ["%Y", _month(b) if b.isalpha() else "%m", "%d"]
    else:
        year = "%Y" if len(c) == 4 else "%y"
        if a.isalpha():
            parts = [_month(a), "%d", year]
        elif b.isalpha():
            parts = ["%d", _month(b), year]
        else:
            parts = ["%m", "%d", year] if month_first else ["%d", "%m", year]
    weekday = "" if not one["weekday"] else ("%a " if len(one["weekday"]) == 3 else "%A ")
    return weekday + one["sep"].join(parts) + _clock(one)


def _is_date(one: re.Match) -> bool:
    names = [part for part in (one["a"], one["b"]) if part.isalpha()]
    good = all(name[:3].lower() in MONTHS for name in names) and len(names) < 2
    # 08FEB24 is a date, 080224 may be anything
    good = good and (one["sep"] or one["b"].isalpha())
    year_first = len(one["a"]) == 4 and one["a"].isdigit()
    years = one["a"] if year_first else one["c"]
    return (
        good
        and (len(years) == 2 or 1880 <= int(years) <= 2100)
        and not (year_first and len(one["c"]) == 4)
    )


def _year(one: re.Match) -> int:
    year = one["a"] if len(one["a"]) == 4 and one["a"].isdigit() else one["c"]
    return int(year) if len(year) == 4 else 2000 + int(year) - 100 * (int(year) > 68)


def read_dates(values: Mapping[str, int], *, month_first: bool | None = None) -> Dated:
    """
    Return the form of the dates in a column.

    Parameters
    ----------
    values
        How many records have each value; blanks left out.
    month_first
        Whether the month stands before the day, where another column has shown it.
    """
    total = sum(values.values())
    found = {
        one: number for value, number in values.items()
        if (one := _DATE.fullmatch(value)) and _is_date(one)
    }  # fmt: skip
    if not total or 2 * sum(found.values()) < total:
        return _plain_numbers(values, total)
    order = _order(found)
    swapped = order == "month" or (month_first is True and order != "day")
    forms: Counter[str] = Counter()
    for one, number in found.items():
        forms[_form(one, month_first=swapped)] += number
    years = [_year(one) for one in found]
    # a sentinel of the system, as 01/01/1900, tells nothing of the years
    usual = [year for year in years if year > 1901] or years
    timed = any(one["h"] and (one["h"], one["m"]) not in (("00", "00"), ("0", "00"), ("12", "00"))
                for one in found)  # fmt: skip
    form = " | ".join(name for name, _ in forms.most_common(MOST_FORMS))
    return Dated(form, sum(found.values()) / total, timed, (min(usual), max(usual)), order)


def _plain_numbers(values: Mapping[str, int], total: int) -> Dated:
    kinds = (
        (_MONTH, BY_MONTH, lambda value: int(value[:4])),
        (_COMPACT, "%Y%m%d", lambda value: int(value[:4])),
        (_SERIAL, "excel", lambda value: 1900 + int(float(value) / 365.25)),
    )
    for pattern, form, year in kinds:
        found = {value: n for value, n in values.items() if pattern.fullmatch(value)}
        if total and sum(found.values()) > total / 2:
            years = [year(value) for value in found]
            timed = form == "excel" and any(float(value) % 1 for value in found)
            return Dated(form, sum(found.values()) / total, timed, (min(years), max(years)), "")
    return Dated("", 0.0, False, (0, 0), "")


def clock_share(values: Mapping[str, int]) -> float:
    """Return how much of a column is a time of day, such as 22:10, 2210 or 130 for 01:30."""
    total = sum(values.values())
    read = sum(number for value, number in values.items() if CLOCK.fullmatch(value))
    return read / total if total else 0.0
