"""Choose one file a month from overlapping archives, and find missing months."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError

MOST_NAMED = 4  # stretches of months that a sentence names


@dataclass(frozen=True)
class MonthFile:
    """One month of a force: the zip or folder, the file in it, and the archive's last month."""

    path: Path
    name: str
    month: str
    last: str

    def __str__(self) -> str:
        """Return where the file lies, for an error."""
        return f"{self.path}: {self.name}"


def chosen(
    files: Iterable[MonthFile], *, content: Callable[[MonthFile], bytes]
) -> tuple[list[MonthFile], list[MonthFile]]:
    """
    Choose one file a month.

    Parameters
    ----------
    files
        The files of one force.
    content
        Gives the bytes of a file; asked only of months that two archives ending alike hold.

    Returns
    -------
    kept, passed_over
        Of each month the file of the archive that ends latest, and the others.

    Raises
    ------
    DataError
        If the latest archives of a month end alike, and differ: nobody can say which is right.
    """
    kept, over, torn = [], [], []
    ordered = sorted(files, key=lambda file: (file.month, file.last, str(file)))
    for month, found in groupby(ordered, key=lambda file: file.month):
        *others, best = found
        rivals = [file for file in others if file.last == best.last]
        if any(content(rival) != content(best) for rival in rivals):
            torn.append(f"{month} ({', '.join(map(str, [*rivals, best]))})")
        kept.append(best)
        over += others
    if torn:
        raise DataError(
            f"{len(torn)} of {len(kept)} months are in more than one archive with different "
            f"content, and the archives end alike, so none is the newer: {'; '.join(torn[:3])}. "
            "Keep the one that was downloaded last."
        )
    return kept, over


def gaps(
    months: Iterable[pd.Timestamp | str], period: Mapping[str, date] | None = None
) -> pd.DatetimeIndex:
    """
    Return the months without a file, for which there are no data.

    Parameters
    ----------
    months
        The months there are.
    period
        `from` and `to` of the settings; default: the first and last of the months.
    """
    have = pd.DatetimeIndex(pd.to_datetime(sorted(months)))
    if not period and have.empty:
        return have
    first, last = (period["from"], period["to"]) if period else (have[0], have[-1])
    wanted = pd.date_range(pd.Timestamp(first).replace(day=1), last, freq="MS")
    return wanted.difference(have).rename("month")


def stretches(months: pd.DatetimeIndex) -> list[pd.DatetimeIndex]:
    """Return months in order as stretches of months that follow one another."""
    number = months.year * 12 + months.month
    begins = np.flatnonzero(np.diff(number, prepend=number[:1] - 2) != 1)
    return [months[start:end] for start, end in zip(begins, [*begins[1:], None], strict=True)]


def in_words(months: pd.DatetimeIndex) -> str:
    """Return months in words: March 2020, June to August 2021 and 2 other months."""
    parts = stretches(months)
    said = [_span(part) for part in parts[:MOST_NAMED]]
    if rest := sum(map(len, parts[MOST_NAMED:])):
        said.append(f"{rest} other month{'s' * (rest > 1)}")
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def _span(months: pd.DatetimeIndex) -> str:
    first, last = months[0], months[-1]
    if first == last:
        return f"{first:%B %Y}"
    return f"{first:%B}{'' if first.year == last.year else f' {first.year}'} to {last:%B %Y}"


def period_in_words(months: pd.DatetimeIndex, missing: pd.DatetimeIndex) -> str:
    """Return a period in words, and the months of it that are missing."""
    every = months.union(missing)
    without = f", without {in_words(missing)}" if len(missing) else ""
    last = f" to {every[-1]:%B %Y}" if len(every) > 1 else ""
    return f"{every[0]:%B %Y}{last}{without}"
