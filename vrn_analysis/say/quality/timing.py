"""Check times: recording delay, rounded clock times and missing months."""

import ibis
import pandas as pd
from ibis import _

from vrn_analysis.count.times import clock_heaping
from vrn_analysis.count.times.hours import with_windows
from vrn_analysis.say.quality.measures import Found, beyond_chance, measured

DELAY = "Recording delay"
CLOCKS = "Times of day"
MONTHS = "Months"
# first day of each band of days between the event and its record
BANDS = {
    "Same day": 0, "1 to 7 days": 1, "8 to 31 days": 8, "32 to 365 days": 32, "Over a year": 366,
}  # fmt: skip
NOT_KNOWN = "Not known"
A_YEAR = 12
THIN = 0.5


def _waited(records: ibis.Table) -> ibis.Value:
    """Return the days from the end of an event's window to its record; never negative."""
    last = ibis.coalesce(records.occurred_to, records.occurred_from)
    if "recorded_on" not in records.columns:
        return ibis.null("int64")
    days = records.recorded_on.cast("date").delta(last.cast("date"), unit="day")
    # not `greatest`, which passes over a missing value
    return ibis.ifelse(days < 0, 0, days)


def delays(records: ibis.Table) -> pd.DataFrame:
    """
    Count records by the days between the event and its record.

    Parameters
    ----------
    records
        Records in the engine with `occurred_from`, `recorded_on` and, where known, `occurred_to`.
        An event of which only the day or month is known counts from its end.

    Returns
    -------
    table
        `delay` (bands in order, the last "Not known"), `count`; they sum to the records.
    """
    records = with_windows(records)
    waited = _waited(records)
    starts = list(BANDS.values())
    band = ibis.cases(
        (waited.isnull(), len(starts)),
        *((waited < after, place) for place, after in enumerate(starts[1:])),
        else_=len(starts) - 1,
    )
    counts = records.group_by(band=band).aggregate(n=_.count()).to_pandas().set_index("band")["n"]
    full = counts.reindex(range(len(starts) + 1), fill_value=0)
    return pd.DataFrame({"delay": [*BANDS, NOT_KNOWN], "count": full.to_numpy()}).astype(
        {"delay": "str", "count": "Int64"}
    )


def late_records(delayed: pd.DataFrame) -> pd.DataFrame:
    """
    Return the checks of recording delay.

    Parameters
    ----------
    delayed
        As `delays` returns it: true counts.
    """
    count = delayed.set_index("delay")["count"]
    known = int(count.drop(NOT_KNOWN).sum())
    year = int(count["Over a year"])
    late = int(count["32 to 365 days"]) + year
    waiting = known - int(count["Same day"])
    return measured(
        DELAY,
        [
            Found("Recorded on a later day than it happened", waiting, known),
            Found("Recorded more than a month after it happened", late, known),
            Found("Recorded more than a year after it happened", year, known),
            Found("Delay not known", int(count[NOT_KNOWN]), int(count.sum())),
        ],
    )


def clock_faults(records: ibis.Table) -> pd.DataFrame:
    """
    Return the checks of times of day: unknown hours and rounded times.

    Parameters
    ----------
    records
        Records in the engine with `occurred_from` and, where known, `time_precision`.

    Returns
    -------
    measures
        As `measured` returns them. For a heaped time, `count` is what stands there beyond what the
        other hours (for the first of a month: the other days) lead to expect; 0 where chance may
        do it, at 1 in 1,000.
    """
    of, records = int(records.count().to_pandas()), with_windows(records)
    blurred = records.time_precision.isin(("day", "month")).fill_null(False)
    coarse = records.occurred_from.isnull() | blurred
    of_a_day = (records.time_precision != "month").fill_null(True)
    day_known = records.filter(records.occurred_from.notnull() & of_a_day)
    unknown = int(records.filter(coarse).count().to_pandas())
    found = [Found("Hour not known", unknown, of)]
    for row in clock_heaping(records).itertuples(index=False):
        excess = round(row[1] - row.expected) if row.is_heaped else 0
        found.append(Found(f"Entered as exactly {row.clock} by default", excess, of))
    return measured(CLOCKS, [*found, _first_days(day_known)])


def _first_days(records: ibis.Table) -> Found:
    """Return the excess of records dated the first of a month over other days."""
    days = records.occurred_from.day()
    row = records.aggregate(n=_.count(), first=(days == 1).sum().fill_null(0)).to_pandas().iloc[0]
    # twelve of the 365.25 days of a year
    excess = beyond_chance(int(row["first"]), int(row["n"]), A_YEAR / 365.25)
    return Found("Dated the first of a month by default", excess, int(row["n"]))


def month_faults(monthly: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """
    Return the months without any record, and those with under half of the usual number.

    Parameters
    ----------
    monthly
        `month, count`: true counts of all records read.
    months
        Every month there should be.
    """
    counts = monthly.set_index("month")["count"].reindex(months).fillna(0).astype("int64")
    usual = counts[counts > 0].median() if (counts > 0).any() else 0
    empty, thin = counts[counts == 0], counts[(counts > 0) & (counts < THIN * usual)]
    return measured(
        MONTHS,
        [
            Found("Months without a record", len(empty), len(months), _named(empty.index)),
            Found("Months with under half of the usual records", len(thin), len(months),
                  _named(thin.index)),
        ],
    )  # fmt: skip


def _named(months: pd.DatetimeIndex) -> str:
    more = f" and {len(months) - 3} more" if len(months) > 3 else ""
    return ", ".join(f"{month:%B %Y}" for month in months[:3]) + more


def full_hours(records: ibis.Table) -> pd.DataFrame:
    """
    Count, for each hour, the records timed at exactly the full hour.

    Parameters
    ----------
    records
        Records in the engine with `occurred_from` and, where known, `time_precision`.

    Returns
    -------
    table
        `clock` (00:00 to 23:00), `count`, `denominator` (the records of that hour).
    """
    exact = with_windows(records).filter(
        _.occurred_from.notnull(), (_.time_precision == "minute").fill_null(True)
    )
    clock = exact.occurred_from
    hours = exact.group_by(hour=clock.hour()).aggregate(
        count=(clock.minute() == 0).cast("int64").sum(), denominator=_.count()
    )
    full = hours.to_pandas().set_index("hour").reindex(range(24), fill_value=0)
    table = full.reset_index(drop=True).astype("Int64")
    return table.assign(clock=[f"{hour:02d}:00" for hour in range(24)])[
        ["clock", "count", "denominator"]
    ]
