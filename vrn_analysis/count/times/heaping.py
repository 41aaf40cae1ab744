"""Find clock times that stand for an unknown hour, such as exactly midnight or noon."""

import ibis
import pandas as pd

HEAPED_CLOCKS = ("00:00", "12:00")
ALPHA = 0.001


def clock_heaping(records: ibis.Table) -> pd.DataFrame:
    """
    Return tests of whether more records are timed at exactly midnight or noon than expected.

    Parameters
    ----------
    records
        Records in the engine with `occurred_from` and, where known, `time_precision`; only those
        known to the minute are tested, or all where the precision is not recorded.

    Returns
    -------
    table
        One row for 00:00 and one for 12:00: `clock, count` (records at exactly that time),
        `expected` (if that hour had the share at the full hour that the other hours have),
        `p_value`, `is_heaped` (p below 0.001).

    Notes
    -----
    One-sided exact binomial test: people round to the full hour all day; only what is above that
    marks a time written for want of a better one.
    """
    from scipy.stats import binomtest

    exact = records.filter(records.occurred_from.notnull())
    if "time_precision" in records.columns:
        exact = exact.filter((exact.time_precision == "minute").fill_null(True))
    full = ((exact.occurred_from.epoch_seconds() % 3_600) // 60 == 0).cast("int64")
    hour = (exact.occurred_from.epoch_seconds() // 3_600 % 24).cast("int64")
    hours = exact.group_by(hour=hour).aggregate(full=full.sum(), n=ibis._.count()).to_pandas()
    hours = hours.set_index("hour").reindex(range(24), fill_value=0)
    rows = []
    others = hours.drop([int(clock[:2]) for clock in HEAPED_CLOCKS])
    share = float(others["full"].sum() / max(others["n"].sum(), 1))
    for clock in HEAPED_CLOCKS:
        found, n = (int(hours.at[int(clock[:2]), name]) for name in ("full", "n"))
        p = binomtest(found, n, share, alternative="greater").pvalue if n else 1.0
        rows.append((clock, found, share * n, p, p < ALPHA))
    columns = ["clock", "count", "expected", "p_value", "is_heaped"]
    return pd.DataFrame(rows, columns=columns).astype({"count": "Int64"})


def heaped_clocks(heaping: pd.DataFrame) -> tuple[str, ...]:
    """Return the clock times that `clock_heaping` found heaped, as `spread` takes them."""
    return tuple(heaping.loc[heaping["is_heaped"], "clock"])
