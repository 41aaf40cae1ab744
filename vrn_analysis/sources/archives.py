"""Monthly files of archives that may overlap: each month once, and none missing between others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import pandas as pd

from vrn_analysis.errors import DataError


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


def refuse_gaps(
    months: Iterable[str], period: Mapping[str, date] | None = None, *, force: str
) -> None:
    """
    Refuse a missing month: counted as none, it would pass for a fall.

    Parameters
    ----------
    months
        The months there are, such as `2024-03`.
    period
        `from` and `to` of the settings, between which every month must be; default: the first and
        last of the months.
    force
        For the message.

    Raises
    ------
    DataError
        With the months that are missing.
    """
    have = pd.PeriodIndex(sorted(months), freq="M")
    ends = (period["from"], period["to"]) if period else (have[0], have[-1])
    wanted = pd.period_range(*(pd.Period(end, freq="M") for end in ends), freq="M")
    lacking = [str(month) for month in wanted.difference(have)]
    if lacking:
        raise DataError(
            f"{len(lacking)} of {len(wanted)} months of {force} from {wanted[0]} to {wanted[-1]} "
            f"have no file: {', '.join(lacking[:6])}{' …' if len(lacking) > 6 else ''}. A missing "
            "month is not a month without crime. Download it, or give a [period] in "
            "assessment.toml, from and to, that has every month."
        )
