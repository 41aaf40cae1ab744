"""
How good the records are: every check counts what is at fault, and a file of rules rates it.

A check is a table in and a table out (`measures.measured`). Problems are published, never a reason
to stop: only a broken contract stops a run.
"""

from vrn_analysis.quality.completeness import empty_fields, empty_of_persons, unsteady_fields
from vrn_analysis.quality.conflicts import contradictions
from vrn_analysis.quality.coordinates import (
    location_confidence,
    point_faults,
    points_with_faults,
)
from vrn_analysis.quality.labels import (
    absent_columns,
    reading_faults,
    unknown_areas,
    unmapped_labels,
)
from vrn_analysis.quality.measures import Found, measured
from vrn_analysis.quality.papers import briefly, in_words, said, summary
from vrn_analysis.quality.ratings import RATINGS, rate, thresholds
from vrn_analysis.quality.repeats import repeated_records
from vrn_analysis.quality.reporting import break_faults, silent_sites, site_grid
from vrn_analysis.quality.statement import (
    OF_NOBODY,
    measure,
    missing_by_month,
    period,
    points,
    protected,
    rated,
    statement,
)
from vrn_analysis.quality.timing import (
    clock_faults,
    delays,
    full_hours,
    late_records,
    month_faults,
)

__all__ = [
    "OF_NOBODY",
    "RATINGS",
    "Found",
    "absent_columns",
    "break_faults",
    "briefly",
    "clock_faults",
    "contradictions",
    "delays",
    "empty_fields",
    "empty_of_persons",
    "full_hours",
    "in_words",
    "late_records",
    "location_confidence",
    "measure",
    "measured",
    "missing_by_month",
    "month_faults",
    "period",
    "point_faults",
    "points",
    "points_with_faults",
    "protected",
    "rate",
    "rated",
    "reading_faults",
    "repeated_records",
    "said",
    "silent_sites",
    "site_grid",
    "statement",
    "summary",
    "thresholds",
    "unknown_areas",
    "unmapped_labels",
    "unsteady_fields",
]
