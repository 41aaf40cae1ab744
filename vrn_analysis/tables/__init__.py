"""
From records to counts: complete tables, with the denominators that belong to them.

Here records leave the engine. What comes out is aggregate: a row is a place, a period or a group,
never a person, and every combination is there, zeros included.
"""

from vrn_analysis.tables.counts import (
    ALL,
    NOT_LOCATED,
    count,
    count_by_area,
    count_missing,
    located,
    waterfall_counts,
    with_total,
)
from vrn_analysis.tables.denominators import (
    count_by_quintile,
    deprivation_quintiles,
    join_denominator,
    residents,
    residents_by_quintile,
)
from vrn_analysis.tables.privacy import person_columns

__all__ = [
    "ALL",
    "NOT_LOCATED",
    "count",
    "count_by_area",
    "count_by_quintile",
    "count_missing",
    "deprivation_quintiles",
    "join_denominator",
    "located",
    "person_columns",
    "residents",
    "residents_by_quintile",
    "waterfall_counts",
    "with_total",
]
