"""
Periods of a series, and hours, nights and school days of records.

Hours come from a window in which an offence happened, from `occurred_from` to `occurred_to`; a
window too wide to say the hour is counted as not known, never put at its start.
"""

from vrn_analysis.count.times.days import (
    NIGHTS,
    SCHOOL_PARTS,
    add_parts,
    calendar,
    exposure,
    nesting,
    part_counts,
    part_tables,
    school_terms,
)
from vrn_analysis.count.times.heaping import clock_heaping, heaped_clocks
from vrn_analysis.count.times.hours import LONGEST_WINDOW, WEEKDAYS, slots, spread, whole_counts
from vrn_analysis.count.times.periods import (
    financial_years,
    months_in,
    recording_breaks,
    unbroken,
    whole_years,
    with_gaps,
)
from vrn_analysis.count.times.quarters import whole_quarters
from vrn_analysis.count.times.week import Week, week
