"""Nights and school days: parts of the week, and their hours in a period."""

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun, Run
from vrn_analysis.count.times.hours import WEEKDAYS, slot_names, slots, unplaced
from vrn_analysis.read.geography import context

EPOCH = pd.Timestamp("1970-01-01")
SCHOOL_HOURS = (8, 15)  # from 08:00, until before 15:00
AFTER_SCHOOL = (15, 18)
NIGHT = (22, 6)  # from 22:00, until before 06:00 of the next day
WEEKEND_NIGHTS = ("Friday", "Saturday")
NIGHTS = ("Friday and Saturday night", "Other nights", "Day and evening")
SCHOOL_PARTS = (
    "School day, 08:00 to 14:59",
    "School day, 15:00 to 17:59",
    "Other weekday, 08:00 to 14:59",
    "Other weekday, 15:00 to 17:59",
    "All other times",
)
# months in which every school in England has days of term
TERM_MONTHS = (1, 3, 5, 6, 9, 11, 12)


def school_terms(run: Run, *, required: bool = True) -> pd.DataFrame | None:
    """
    Return the school terms of the run's area: `start, end` (both included), `term`.

    Parameters
    ----------
    required
        Without it, None is returned where no file of terms is for this run.

    Raises
    ------
    NotInThisRun
        If no file of terms is for this run.
    DataError
        If a month of the period that always has school has none in the file.
    """
    run.require("hours")
    found = context.school_terms(run.folder, run.settings)
    if found.empty and not required:
        return None
    if found.empty:
        raise NotInThisRun(
            f"No school terms are known for {run.settings.force or run.settings.area_name}. Name a "
            "file with start and end under [sources.school_terms] in the settings."
        )
    days = _days(run.months)
    in_term = days[_is_term(days, found)].to_period("M").unique()
    needed = run.months[run.months.month.isin(TERM_MONTHS)].to_period("M")
    if len(without := needed.difference(in_term)):
        raise DataError(
            f"The school terms leave {len(without)} of {len(needed)} months without a school day, "
            f"such as {without[0]:%B %Y}. Add the terms of those years to the file."
        )
    return found


def _days(months: pd.DatetimeIndex) -> pd.DatetimeIndex:
    return pd.date_range(months[0], months[-1] + pd.offsets.MonthEnd(), freq="D")


def _is_term(days: pd.DatetimeIndex, found: pd.DataFrame) -> pd.Series:
    inside = pd.Series(False, index=days)
    for start, end in zip(found["start"], found["end"], strict=True):
        inside |= (days >= start) & (days <= end)
    return inside.to_numpy()


def calendar(months: pd.DatetimeIndex, *, terms: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Return every hour of a period with its part of the week.

    Parameters
    ----------
    months
        The months of the period.
    terms
        `start, end` of school terms; None where they are not known.

    Returns
    -------
    hours
        `day` (days since 1 January 1970), `weekday` (0 is Monday), `hour`, `slot`, `night` (one
        of `NIGHTS`; the night of Friday ends on Saturday at 05:59) and, with terms, `is_school_day`
        and `school_part` (one of `SCHOOL_PARTS`). A school day is a weekday in term; bank holidays
        and closures are not known.
    """
    days = _days(months)
    hours = pd.MultiIndex.from_product([days, range(24)], names=["date", "hour"])
    table = hours.to_frame(index=False)
    table = table.assign(
        day=(table["date"] - EPOCH).dt.days, weekday=table["date"].dt.day_of_week.astype("int64")
    )
    named = table.assign(slot=slot_names(table), night=_nights(table))
    if terms is not None:
        school = _is_term(days, terms) & (days.day_of_week < 5)
        named["is_school_day"] = table["date"].map(dict(zip(days, school, strict=True)))
        named["school_part"] = _school_parts(named)
    return named.drop(columns="date")


def _nights(table: pd.DataFrame) -> pd.Series:
    evening, morning = table["hour"] >= NIGHT[0], table["hour"] < NIGHT[1]
    # after midnight it is still the night of the day before
    began = (table["weekday"] - morning) % 7
    weekend = began.isin([WEEKDAYS.index(name) for name in WEEKEND_NIGHTS])
    named = pd.Series(NIGHTS[2], index=table.index, dtype="str")
    named = named.mask(evening | morning, NIGHTS[1])
    return named.mask((evening | morning) & weekend, NIGHTS[0])


def _school_parts(table: pd.DataFrame) -> pd.Series:
    named = pd.Series(SCHOOL_PARTS[4], index=table.index, dtype="str")
    windows = (SCHOOL_HOURS, AFTER_SCHOOL)
    for place, (first, until) in enumerate(windows):
        inside = (table["hour"] >= first) & (table["hour"] < until) & (table["weekday"] < 5)
        named = named.mask(inside & table["is_school_day"], SCHOOL_PARTS[place])
        named = named.mask(inside & ~table["is_school_day"], SCHOOL_PARTS[place + 2])
    return named


def add_parts(hours: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """
    Add the parts of the week to counts by `day` and `hour`, and drop the day itself.

    Parameters
    ----------
    hours
        `day, hour` (missing where not known), `count`.
    days
        As `calendar` returns it.

    Returns
    -------
    counts
        `weekday, hour, slot, night` and what else `calendar` gave, `count`, added up; one row with
        missing keys holds those whose hour is not known, or that lie outside the period.
    """
    keys = [name for name in days.columns if name != "day"]
    joined = hours.merge(days, on=["day", "hour"], how="left", validate="many_to_one")
    joined = joined.assign(hour=joined["hour"].where(joined["slot"].notna()))
    return joined.groupby(keys, dropna=False, as_index=False)["count"].sum()


def exposure(days: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return how many hours of the period fall in each part: the column `by`, `denominator`."""
    sizes = days.groupby(by, sort=False).size().rename("denominator")
    return sizes.astype("float64").reset_index()


def part_counts(cells: pd.DataFrame, by: str) -> pd.DataFrame:
    """
    Return the counts of the parts of the week, those whose hour is known.

    Parameters
    ----------
    cells
        As `add_parts` returns them.
    by
        `night` or `school_part`.

    Returns
    -------
    table
        The column `by`, every part in order, and `count`.
    """
    order = NIGHTS if by == "night" else SCHOOL_PARTS
    known = cells[cells["hour"].notna()]
    sums = known.groupby(by)["count"].sum().reindex(list(order), fill_value=0)
    return sums.astype("Int64").rename_axis(by).reset_index()


def part_tables(cells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """
    Return the tables of when, to protect together: `grid`, `night`, `known`, and `school` if known.

    Parameters
    ----------
    cells
        As `add_parts` returns them.
    """
    found = {
        "grid": slots(cells)[["slot", "count"]],
        "night": part_counts(cells, "night"),
        "known": unplaced(cells),
    }
    if "school_part" in cells:
        found["school"] = part_counts(cells, "school_part")
    return found


def nesting(cells: pd.DataFrame) -> dict[tuple[str, str], dict[str, str]]:
    """
    Return the nesting that protects the grid of hours and the parts of the week together.

    Parameters
    ----------
    cells
        As `add_parts` returns them.
    """
    known = cells[cells["hour"].notna()].reset_index(drop=True)
    day = known["is_school_day"] if "is_school_day" in known else pd.Series("", index=known.index)
    cell = known["slot"].astype("str") + " " + day.astype("str")
    wholes = [name for name in ("slot", "night", "school_part") if name in known]
    inside = {("cell", whole): dict(zip(cell, known[whole], strict=True)) for whole in wholes}
    return inside | {("cell", "hour_known"): dict.fromkeys(cell, "Hour known")}
