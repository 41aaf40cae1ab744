"""Which records: of one year and the next, of a night, with a young person in them."""

import ibis
import pandas as pd

from vrn_analysis.assessment import NotInThisRun, Run

YOUNG = "UNDER_25"
# seconds
DAY, NIGHT, NIGHT_BEGINS = 86_400, 8 * 3_600, 22 * 3_600


def two_years(months: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """
    Return the last twelve months and the twelve before them, the earlier first.

    Raises
    ------
    NotInThisRun
        If the period is shorter than two years.
    """
    if len(months) < 24:
        raise NotInThisRun(
            f"The period has {len(months)} months: to test one year on the next, it needs 24."
        )
    return months[-24:-12], months[-12:]


def of_months(records: ibis.Table, months: pd.DatetimeIndex) -> ibis.Table:
    """Return the records of some months."""
    first, last = months[0].date(), months[-1].date()
    return records.filter(records.month.cast("date").between(first, last))


def under_25(run: Run) -> ibis.Table:
    """
    Return the counted offences that surely have a victim or suspect under 25.

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
    Return the counted offences that surely happened in one night, from 22:00 to 06:00.

    The whole window in which an offence happened has to lie in the night. One known to the day
    or month only is left out, so this is fewer than happened at night.

    Raises
    ------
    NotInThisRun
        If the run has no hours.
    """
    run.require("hours")
    counted = run.counted()
    absent = {"occurred_to": "timestamp", "time_precision": "string"}
    lacking = {k: ibis.null(kind) for k, kind in absent.items() if k not in counted.columns}
    records = counted.mutate(**lacking)
    # days that begin at 22:00: a night is then the first eight hours of one
    start = records.occurred_from.epoch_seconds() - NIGHT_BEGINS
    end = ibis.greatest(records.occurred_to.epoch_seconds().fill_null(start + NIGHT_BEGINS), 0)
    end = ibis.greatest(end - NIGHT_BEGINS, start)
    one_night = (start // DAY == end // DAY) & (start % DAY < NIGHT) & (end % DAY <= NIGHT)
    coarse = records.time_precision.isin(("day", "month")).fill_null(False)
    return records.filter(one_night.fill_null(False) & ~coarse)
