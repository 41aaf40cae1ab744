"""Read the periods of indicators into one form that can be sorted."""

import re

import pandas as pd

from vrn_analysis.core.errors import DataError


def _next(year: str) -> str:
    return f"{(int(year) + 1) % 100:02d}"


def _long(first: str, short: str) -> str:
    """Write a two-digit year in full: the first year of its kind not before `first`."""
    century = int(first) // 100 * 100
    year = century + int(short)
    return str(year if year >= int(first) else year + 100)


def _years(first: str, short: str) -> tuple[str, int]:
    last = int(_long(first, short))
    mark = "/" if last == int(first) + 1 else "-"
    return f"{first}{mark}{short}", last


def _lasting(year: int, month: int, years: int) -> tuple[str, int]:
    last = year + years - (month == 1)
    if month == 1:
        return (str(year) if years == 1 else f"{year}-{last % 100:02d}"), last
    one = f"{year}/{(year + 1) % 100:02d}"
    return (one if years == 1 else f"{one} to {last - 1}/{last % 100:02d}"), last


def _pooled(first: str, after: str, last: str) -> tuple[str, int]:
    """Write financial years taken together, from 2013, 15 and 16 of 2013/14-15/16."""
    return f"{first}/{_next(first)} to {_long(first, after)}/{last}", int(_long(first, last))


def financial_year(days: pd.DatetimeIndex) -> pd.Index:
    """Return the financial year, April to March, of each day, such as 2019/20."""
    start = days.year - (days.month < 4)
    return pd.Index([f"{year}/{(year + 1) % 100:02d}" for year in start])


_FORMS = (
    # 2013/14-15/16: financial years together
    (r"(\d{4})/\d{2}\s*-\s*(\d{2})/(\d{2})", lambda m: _pooled(m[1], m[2], m[3])),
    (r"(\d{4})/(\d{2}) to (\d{4})/(\d{2})", lambda m: (m[0], int(_long(m[3], m[4])))),
    # 2014-16: calendar years together; 2015/16, 2016-17: one financial or school year
    (r"(\d{4})[-/](\d{2})(?: \(OT\))?", lambda m: _years(m[1], m[2])),
    (r"(?:mid-)?(\d{4})", lambda m: (m[0], int(m[1]))),
    (r"(\d{4})-(\d{2})-(\d{2})/P(\d)Y", lambda m: _lasting(int(m[1]), int(m[2]), int(m[4]))),
    (r"(\d{4})-(\d{2})-(\d{2})", lambda m: (m[0], int(m[1]))),
)


def periods(text: pd.Series, *, where: str) -> pd.DataFrame:
    """
    Return each period in one form, and the year in which it ends.

    Parameters
    ----------
    text
        Periods as written: 2019, 2015/16, 2014-16, 2013/14-15/16, 2023-04-01/P1Y, mid-2020.
    where
        File and column, for the error.

    Returns
    -------
    table
        `period` (text) and `year` (the calendar year of its last day), in the same order.

    Raises
    ------
    DataError
        If a period is missing or is written in a form that is not known.
    """
    found: dict[str, tuple[str, int]] = {}
    for word in text.dropna().astype("str").str.strip().unique():
        for form, meaning in _FORMS:
            if match := re.fullmatch(form, word):
                found[word] = meaning(match)
                break
    words = text.astype("str").str.strip()
    strange = ~words.isin(list(found))
    if strange.any():
        examples = ", ".join(repr(word) for word in words[strange].unique()[:5])
        raise DataError(
            f"{where}: {int(strange.sum())} of {len(text)} periods cannot be read, such as "
            f"{examples}. Write them as 2019, 2019/20, 2017-19 or 2017/18 to 2019/20."
        )
    both = words.map(found)
    return pd.DataFrame({"period": both.str[0].astype("str"), "year": both.str[1].astype("int64")})
