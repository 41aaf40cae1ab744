"""Counts by hour of the week, night and part of the school day, to protect together."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pandas as pd

from vrn_analysis.count.times import days
from vrn_analysis.count.times.heaping import clock_heaping, heaped_clocks
from vrn_analysis.count.times.hours import slots, spread, whole_counts


@dataclass(frozen=True)
class Week:
    """
    Records by when in the week they happened.

    `tables` (`grid`, `night`, `known`, and `school` where terms are known) and `nesting` are for
    `publish.protect`; `hours` are the hours of the period, as `days.calendar` returns them;
    `heaping` tells which clock times were set aside, None where none was tested.
    """

    tables: Mapping[str, pd.DataFrame]
    nesting: Mapping[tuple[str, str], Mapping]
    hours: pd.DataFrame
    heaping: pd.DataFrame | None

    def per_hours(self, protected: pd.DataFrame) -> pd.DataFrame:
        """Add the hours of the period in each part as `denominator`: all hours where known."""
        by = protected.columns[0]
        if by in self.hours:
            return protected.merge(days.exposure(self.hours, by), on=by)
        return protected.assign(denominator=float(len(self.hours)))

    def named(self, protected: pd.DataFrame) -> pd.DataFrame:
        """Return the protected grid with `weekday` and `hour` after its counts."""
        return protected.merge(slots(self.hours.assign(count=0))[["slot", "weekday", "hour"]])


def week(
    records: ibis.Table,
    months: pd.DatetimeIndex,
    *,
    terms: pd.DataFrame | None = None,
    test_clocks: bool = True,
) -> Week:
    """
    Count records by when in the week they happened, shared over the window of each.

    Parameters
    ----------
    records
        As for `hours.spread`.
    months
        The months of the period.
    terms
        School terms, as `school_terms` returns them.
    test_clocks
        Whether a clock time that is entered far more often than expected counts as not known.
    """
    heaping = clock_heaping(records) if test_clocks else None
    placed = spread(records, heaped=heaped_clocks(heaping) if test_clocks else ())
    calendar = days.calendar(months, terms=terms)
    cells = days.add_parts(whole_counts(placed, ["day", "hour"]), calendar)
    return Week(days.part_tables(cells), days.nesting(cells), calendar, heaping)
