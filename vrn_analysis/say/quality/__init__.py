"""
Check data quality and rate it red, amber or green by rules in a file.

A check is a table in and a table out (`measures.measured`). Problems are published, never a reason
to stop: only a broken contract stops a run.
"""

from vrn_analysis.say.quality.papers import briefly, in_words, summary
from vrn_analysis.say.quality.ratings import rate, thresholds
from vrn_analysis.say.quality.reporting import site_grid
from vrn_analysis.say.quality.statement import (
    OF_NOBODY,
    location_confidence,
    measure,
    missing_by_month,
    period,
    points,
    protected,
    rated,
    statement,
)
from vrn_analysis.say.quality.timing import delays, full_hours
