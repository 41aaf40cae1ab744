"""Select records: of some months, at night, by crime group, involving young people."""

import ibis
import pandas as pd

from vrn_analysis.count.assessment import NotInThisRun, Run
from vrn_analysis.count.tables.people import YOUNG
from vrn_analysis.count.times.hours import with_windows
from vrn_analysis.read.police import archives

# seconds
DAY, NIGHT, NIGHT_BEGINS = 86_400, 8 * 3_600, 22 * 3_600


# a group with fewer offences has no map of its own
LEAST_MAPPED = 100
# open categories shown with the headline category, as published
OPEN_GROUPS = ("Robbery", "Possession of weapons")
MOST_GROUPS = 4


def two_years(months: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """
    Return the last twelve months and the twelve before them, the earlier first.

    Raises
    ------
    NotInThisRun
        If the period is shorter than two years, or months of the last two have no data.
    """
    if len(months) < 24:
        raise NotInThisRun(
            f"The period has {len(months)} months: to test one year on the next, it needs 24."
        )
    if len(missing := archives.gaps(months[-24:])):
        raise NotInThisRun(
            "To test one year on the next, the last 24 months have to be whole, and there are no "
            f"data for {archives.in_words(missing)}."
        )
    return months[-24:-12], months[-12:]


def of_months(records: ibis.Table, months: pd.DatetimeIndex) -> ibis.Table:
    """Return the records of some months."""
    first, last = months[0].date(), months[-1].date()
    return records.filter(records.month.cast("date").between(first, last))


def under_25(run: Run) -> ibis.Table:
    """
    Return the counted offences that certainly have a victim or suspect under 25.

    Raises
    ------
    NotInThisRun
        If the run has no victims and suspects.
    """
    run.require("people")
    counted = run.counted()
    return counted.filter(counted.age_focus == YOUNG)


def at_night(run: Run) -> ibis.Table:
    """
    Return the counted offences that certainly happened in one night, from 22:00 to 06:00.

    The whole window in which an offence happened has to lie in the night. One known to the day
    or month only is left out, so this is fewer than happened at night.

    Raises
    ------
    NotInThisRun
        If the run has no hours.
    """
    run.require("hours")
    counted = run.counted()
    records = with_windows(counted)
    # days that begin at 22:00: a night is then the first eight hours of one
    start = records.occurred_from.epoch_seconds() - NIGHT_BEGINS
    end = ibis.greatest(records.occurred_to.epoch_seconds().fill_null(start + NIGHT_BEGINS), 0)
    end = ibis.greatest(end - NIGHT_BEGINS, start)
    one_night = (start // DAY == end // DAY) & (start % DAY < NIGHT) & (end % DAY <= NIGHT)
    coarse = records.time_precision.isin(("day", "month")).fill_null(False)
    return records.filter(one_night.fill_null(False) & ~coarse)


CUTS = {"At night": ("hours", at_night), "Involving under-25s": ("people", under_25)}


def cuts(run: Run) -> dict[str, ibis.Table]:
    """
    Return the counted offences that are known to be at night or to involve under-25s.

    Raises
    ------
    NotInThisRun
        If the run can tell neither.
    """
    found = {name: select(run) for name, (need, select) in CUTS.items() if run.can(need)}
    if not found:
        run.require("hours")
    return found


def _large(records: ibis.Table) -> bool:
    return records.count().execute() >= LEAST_MAPPED


def by_crime_group(run: Run) -> dict[str, ibis.Table]:
    """
    Return the counted offences by crime group, the largest first, as far as they can be mapped.

    On open data, the groups are categories as published: the headline one, robbery, and possession
    of weapons.

    Returns
    -------
    groups
        At most four, each with at least 100 offences.
    """
    if run.can("definition"):
        records = run.counted()
    else:
        records = run.published.rename(crime_group="crime_type")
        names = (run.settings.headline_category, *OPEN_GROUPS)
        records = records.filter(records.crime_group.isin(names))
    sizes = records.crime_group.value_counts(name="size").execute().dropna()
    sizes = sizes[sizes["size"] >= LEAST_MAPPED].sort_values(["size", "crime_group"])[::-1]
    names = sizes["crime_group"].head(MOST_GROUPS)
    return {name: records.filter(records.crime_group == name) for name in names}


def parts(run: Run) -> dict[str, ibis.Table]:
    """
    Return the parts of the counted offences that have a map of their own.

    Returns
    -------
    parts
        By name: crime groups, offences at night, and offences that involve under-25s, each with
        at least 100 offences, as far as the run can tell them.

    Raises
    ------
    NotInThisRun
        If there are fewer than two.
    """
    found = by_crime_group(run)
    for name, (need, select) in CUTS.items():
        if run.can(need) and _large(records := select(run)):
            found[name] = records
    if len(found) < 2:
        raise NotInThisRun(f"{len(found)} kind of offence has enough records for a map of its own.")
    return found
