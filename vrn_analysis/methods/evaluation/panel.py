"""Check and collapse counts of areas before and after a date."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import checks
from vrn_analysis.methods.rates.checks import numbers

# as a date, or written as one
Day = str | pd.Timestamp
FEWEST_CONTROLS = 3
FEWEST_MONTHS = 6


def month_of(day: Day, name: str) -> pd.Timestamp:
    """
    Return the first day of the month of a date.

    Raises
    ------
    DataError
        If it is no date.
    """
    found = pd.to_datetime(day, errors="coerce")
    if pd.isna(found):
        raise DataError(f"{name} is {day!r}, which is not a date. Write it as 2022-10-01.")
    return found.to_period("M").to_timestamp()


def _area_problems(table: pd.DataFrame, areas: Sequence[str]) -> list[str]:
    known = set(table["area_code"])
    outside = [code for code in areas if code not in known]
    problems = []
    if outside or not areas:
        problems.append(
            f"{len(outside)} of {len(areas)} areas of the intervention are not in the data "
            f"({', '.join(map(str, outside[:5])) or 'none named'})"
        )
    controls = len(known - set(areas))
    if controls < FEWEST_CONTROLS:
        problems.append(f"{controls} areas are left to compare with: {FEWEST_CONTROLS} are needed")
    return problems


def _date_problems(table: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp | None) -> list[str]:
    months = months_of(table)
    first, last = months[0], months[-1]
    if end is not None and end < start:
        return [f"the intervention ends ({end:%Y-%m}) before it starts ({start:%Y-%m})"]
    if not first < start <= last or (end is not None and end > last):
        until = f" to {end:%Y-%m}" if end is not None else ""
        return [
            f"the intervention ({start:%Y-%m}{until}) is not inside the period of the data "
            f"({first:%Y-%m} to {last:%Y-%m})"
        ]
    before = int((months < start).sum())
    after = int(((months >= start) & (months <= (end or last))).sum())
    return [
        f"{number} months {side} are too few: {FEWEST_MONTHS} are needed"
        for number, side in ((before, "before"), (after, "after"))
        if number < FEWEST_MONTHS
    ]


def check_panel(
    table: pd.DataFrame, *, areas: Sequence[str], start: Day, end: Day | None = None
) -> None:
    """
    Refuse a panel or an intervention that cannot be evaluated, with everything wrong with it.

    Raises
    ------
    DataError
        If a column is missing, an area lacks a month, a count or (where given) residents, the
        intervention lies outside the areas or the period, or there are too few controls or months.
    """
    problems = [
        f"column {name!r} is missing" for name in ("area_code", "month") if name not in table
    ]
    checks.refuse(problems)
    people = ["denominator"] if "denominator" in table else []
    checks.check(table, whole=["count"], positive=people)
    wide = table.groupby(["area_code", "month"]).size().unstack(fill_value=0)
    step = pd.date_range(table["month"].min(), table["month"].max(), freq="MS")
    holes = int((wide.reindex(columns=step, fill_value=0) == 0).to_numpy().sum())
    if holes or (wide > 1).to_numpy().any():
        problems.append(
            f"{holes} months of areas are missing and {int((wide > 1).to_numpy().sum())} repeat: "
            "pass every month of every area once, zeros included"
        )
    if table["count"].isna().any():
        problems.append(f"{int(table['count'].isna().sum())} counts are hidden: use exact counts")
    problems += _area_problems(table, areas) + _date_problems(table, start, end)
    checks.refuse(problems, "This cannot be evaluated")


def sides(
    table: pd.DataFrame, *, areas: Sequence[str], start: Day, end: Day | None = None
) -> dict[str, pd.DatetimeIndex]:
    """Return the months `before` and `after` of a comparison that can be made: `check_panel`."""
    first = month_of(start, "start")
    last = None if end is None else month_of(end, "end")
    check_panel(table, areas=areas, start=first, end=last)
    months = months_of(table)
    during = (months >= first) & (months <= (last or months[-1]))
    return {"before": months[months < first], "after": months[during]}


def months_of(table: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the months of a table, in order."""
    return pd.DatetimeIndex(np.sort(table["month"].unique()))


def collapse(
    table: pd.DataFrame, *, before: pd.DatetimeIndex, after: pd.DatetimeIndex
) -> pd.DataFrame:
    """
    Return one count before and one after for each area: so that months that are alike do no harm.

    Parameters
    ----------
    table
        `area_code, month, count`; optionally `denominator`.
    before, after
        The months of each side.

    Returns
    -------
    table
        `area_code, after` (0 or 1), `count, exposure` (days, times people where given). Areas
        without any event are left out: they cannot change.
    """
    days = table["month"].dt.days_in_month.to_numpy(dtype=float)
    weight = days * numbers(table, "denominator") if "denominator" in table else days
    frame = table[["area_code", "month"]].assign(count=numbers(table, "count"), exposure=weight)
    sides = []
    for side, months in ((0, before), (1, after)):
        kept = frame[frame["month"].isin(months)].drop(columns="month")
        sides.append(kept.groupby("area_code", as_index=False, sort=True).sum().assign(after=side))
    both = pd.concat(sides, ignore_index=True)
    some = both.groupby("area_code")["count"].transform("sum") > 0
    return both[some].reset_index(drop=True)
