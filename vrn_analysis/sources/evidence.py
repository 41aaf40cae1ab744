"""What the values of a column tell of it: date format, what a blank means, kind of label."""

import re

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.sources.labels import MOST_LABELS
from vrn_analysis.sources.words import meaning

_PARTED = re.compile(
    r"^(\d{1,2})([/.-])(\d{1,2})[/.-](\d{2}|\d{4})(?:[ T](\d{1,2}:\d{2}(:\d{2})?))?$"
)
_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
LOOKED_FOR = ("location_type", "weapon", "injury_degree", "investigation_outcome")
MOST, LEAST_LABELS = 0.8, 3


def values_of(rows: ibis.Table, column: str) -> pd.Series:
    """Return how many records have each value, most first; blanks are left out."""
    text = rows[column].strip()
    counted = (
        rows.select(label=text)
        .filter(_.label != "")
        .group_by("label")
        .agg(records=_.count())
        .order_by(_.records.desc(), _.label)
        .limit(MOST_LABELS)
    )
    return counted.to_pandas().set_index("label")["records"]


def date_format(counts: pd.Series) -> tuple[str, str]:
    """
    Return the format of dates, "" where none need be stated, and what cannot be told.

    Parameters
    ----------
    counts
        From `values_of`.
    """
    values = list(counts.index)
    if values and sum(bool(_SERIAL.match(value)) for value in values) > len(values) / 2:
        return "excel", ""
    parted = [found for value in values if (found := _PARTED.match(value))]
    if len(parted) <= len(values) / 2:
        return "", ""
    day_second = any(int(found[3]) > 12 for found in parted)
    day_first = any(int(found[1]) > 12 for found in parted)
    short_year = len(parted[0][4]) == 2
    doubt = ""
    if day_first and day_second:
        doubt = "dates have the day first in some rows and the month first in others"
    elif not (day_first or day_second):
        doubt = "no date tells whether the day or the month stands first; the day is assumed"
    if not short_year and not (day_second and not day_first):
        return "", doubt
    return _format(parted[0], month_first=day_second and not day_first), doubt


def _format(found: re.Match, *, month_first: bool) -> str:
    parts = ["%m", "%d"] if month_first else ["%d", "%m"]
    year = "%y" if len(found[4]) == 2 else "%Y"
    clock = "" if not found[5] else (" %H:%M:%S" if found[6] else " %H:%M")
    return found[2].join([*parts, year]) + clock


def has_time(counts: pd.Series) -> bool:
    """Return whether any value has a time of day other than midnight."""
    clocks = (re.search(r"[ T](\d{1,2}:\d{2})", value) for value in counts.index)
    return any(found and found[1] not in ("00:00", "0:00") for found in clocks)


def only_yes(counts: pd.Series) -> bool:
    """Return whether a flag is written only where it is yes, so that a blank may be a no."""
    said = {meaning(value, "domestic_flag") for value in counts.index}
    return said == {"yes"}


def kind_by_values(counts: pd.Series) -> str:
    """Return the column of the contracts that the labels speak of, or ""."""
    if len(counts) < LEAST_LABELS or len(counts) >= MOST_LABELS:
        return ""
    shares = {
        column: counts[[bool(meaning(label, column)) for label in counts.index]].sum()
        / counts.sum()
        for column in LOOKED_FOR
    }
    best = max(shares, key=lambda column: shares[column])
    return best if shares[best] >= MOST else ""
