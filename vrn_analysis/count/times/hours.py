"""Hour and weekday of an offence, spread over the window in which it happened."""

import ibis
import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_WINDOW = 12
NOT_PLACED = "Hour not known"
HOUR, DAY = 3_600, 24
THURSDAY = 3  # 1 January 1970, from which engines count seconds


def with_windows(records: ibis.Table) -> ibis.Table:
    """Return the records with the end and the precision of their times, null where not given."""
    kinds = {"occurred_to": "timestamp", "time_precision": "string"}
    lacking = {name: ibis.null(kind) for name, kind in kinds.items() if name not in records.columns}
    return records.mutate(**lacking)


def spread(
    records: ibis.Table, *, longest: int = LONGEST_WINDOW, heaped: tuple[str, ...] = ()
) -> ibis.Table:
    """
    Return each record spread over the hours of its window: aoristic weights.

    Parameters
    ----------
    records
        Records in the engine with `occurred_from`, and, where known, `occurred_to` and
        `time_precision`.
    longest
        The longest window, in hours, that still says something of the hour. A record with a
        longer one, or known to the day or month only, has an hour that is not known.
    heaped
        Clock times such as "12:00" that stand for an unknown hour (`heaped_clocks`): a record
        known to the minute at exactly that time has an hour that is not known.

    Returns
    -------
    placed
        The records, one row for each hour touched, with `day` (days since 1 January 1970),
        `weekday` (0 is Monday), `hour` (0 to 23), all missing where the hour is not known, and
        `weight`; the weights of a record sum to 1. A window without an end, or that ends before
        it begins, is taken as its start.

    Notes
    -----
    Weight: minutes of the window in the hour over minutes of the window (Ratcliffe, 2002).
    """
    whole = with_windows(records)
    start = whole.occurred_from.epoch_seconds()
    end = whole.occurred_to.epoch_seconds().fill_null(start)
    timed = whole.mutate(_start=start, _end=ibis.ifelse(end > start, end, start))
    known = _is_known(timed, longest, heaped)
    last = ibis.ifelse(timed._end > timed._start, timed._end - 1, timed._start)
    hours = ibis.ifelse(known, last // HOUR - timed._start // HOUR + 1, 1).cast("int64")
    steps = timed.mutate(_known=known, _step=ibis.range(0, hours).unnest())
    return _weighed(steps).drop("_start", "_end", "_known", "_step", "_clock_hour")


def _is_known(timed: ibis.Table, longest: int, heaped: tuple[str, ...]) -> ibis.Value:
    coarse = timed.time_precision.isin(("day", "month")).fill_null(False)
    minute = timed._start % (HOUR * DAY) // 60
    clocks = [int(clock[:2]) * 60 + int(clock[3:]) for clock in heaped]
    exact = (timed.time_precision == "minute").fill_null(True) & (timed._end == timed._start)
    on_heap = minute.isin(clocks) & exact if clocks else ibis.literal(False)
    short = timed._end - timed._start <= longest * HOUR
    return (timed._start.notnull() & short & ~coarse & ~on_heap).fill_null(False)


def _weighed(steps: ibis.Table) -> ibis.Table:
    steps = steps.mutate(_clock_hour=(steps._start // HOUR + steps._step).cast("int64"))
    opens, closes = steps._clock_hour * HOUR, (steps._clock_hour + 1) * HOUR
    inside = ibis.least(steps._end, closes) - ibis.greatest(steps._start, opens)
    length = (steps._end - steps._start).nullif(0)
    weight = (inside.cast("float64") / length).fill_null(1.0)
    day = steps._clock_hour // DAY
    return steps.mutate(
        day=ibis.ifelse(steps._known, day, ibis.null("int64")).cast("int64"),
        weekday=ibis.ifelse(steps._known, (day + THURSDAY) % 7, ibis.null("int64")).cast("int64"),
        hour=ibis.ifelse(steps._known, steps._clock_hour % DAY, ibis.null("int64")).cast("int64"),
        weight=ibis.ifelse(steps._known, weight, 1.0),
    )


def whole_counts(placed: ibis.Table, by: list[str]) -> pd.DataFrame:
    """
    Add up weights to whole counts that sum to the records and can be protected.

    Parameters
    ----------
    placed
        As `spread` returns it, with further columns.
    by
        Columns to count by, such as `weekday` and `hour`.

    Returns
    -------
    table
        The `by` columns and `count` (Int64). Sums of weights are rounded down, and the records
        that leaves over go to the rows that lost most (largest remainder): no row is 1 or more
        from its sum of weights.

    Raises
    ------
    DataError
        If the weights do not sum to whole records.
    """
    sums = placed.group_by(by).aggregate(weight=placed.weight.sum()).to_pandas()
    sums = sums.sort_values(by, ignore_index=True)
    total = float(sums["weight"].sum())
    if abs(total - round(total)) > 1e-3:
        raise DataError(
            f"The weights sum to {total:.3f}, not to whole records: count all hours of every "
            "record, the unknown ones too, and filter afterwards."
        )
    return sums[by].assign(count=_largest_remainder(sums["weight"].to_numpy(float), round(total)))


def _largest_remainder(weights: np.ndarray, total: int) -> pd.arrays.IntegerArray:
    # sums of thirds fall a hair short of whole numbers
    floor = np.floor(weights + 1e-6)
    order = np.argsort(-(weights - floor), kind="stable")
    floor[order[: total - int(floor.sum())]] += 1
    return pd.array(floor.astype("int64"), dtype="Int64")


def slots(counts: pd.DataFrame) -> pd.DataFrame:
    """
    Return the counts of each hour of the week, all 168 of them, zeros included.

    Parameters
    ----------
    counts
        `weekday, hour` (missing where not known), `count`; further columns are summed over.

    Returns
    -------
    grid
        `slot` ("Friday 23:00"), `weekday` (name), `hour` (0 to 23), `count`.
    """
    every = pd.MultiIndex.from_product([range(7), range(DAY)], names=["weekday", "hour"])
    known = counts.dropna(subset=["weekday", "hour"]).astype({"weekday": int, "hour": int})
    sums = known.groupby(["weekday", "hour"])["count"].sum()
    grid = sums.reindex(every, fill_value=0).astype("Int64").reset_index()
    named = grid.assign(weekday=grid["weekday"].map(dict(enumerate(WEEKDAYS))).astype("str"))
    return named.assign(slot=slot_names(grid))[["slot", "weekday", "hour", "count"]]


def slot_names(table: pd.DataFrame) -> pd.Series:
    """Return the hour of the week in words, such as Friday 23:00, from `weekday` and `hour`."""
    names = table["weekday"].map(dict(enumerate(WEEKDAYS)))
    return names.astype("str") + table["hour"].map(" {:02d}:00".format).astype("str")


def unplaced(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how many have an hour that is known, not known, and all: `hour_known, count`."""
    known = counts["hour"].notna()
    sizes = [counts.loc[rows, "count"].sum() for rows in (known, ~known, known | ~known)]
    names = ["Hour known", NOT_PLACED, "All"]
    return pd.DataFrame({"hour_known": names, "count": pd.array(sizes, dtype="Int64")})
