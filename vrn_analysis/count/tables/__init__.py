"""
Count records in complete tables, and join the denominators that belong to them.

Here records leave the engine. What comes out is aggregate: a row is a place, a period or a group,
never a person, and every combination is there, zeros included.
"""

from vrn_analysis.count.tables.counts import (
    ALL,
    NOT_LOCATED,
    OUTCOME_NESTING,
    count,
    count_by_area,
    count_missing,
    located,
    nesting,
    stacked,
    waterfall_counts,
    with_total,
)
from vrn_analysis.count.tables.denominators import (
    count_by_quintile,
    deprivation_quintiles,
    join_denominator,
    residents,
    residents_by_quintile,
)
from vrn_analysis.count.tables.forces import (
    FEWEST_RESIDENTS,
    comparable_forces,
    named_force,
)
from vrn_analysis.count.tables.homes import add_residence, join_residents
from vrn_analysis.count.tables.people import (
    AGE_GROUPS,
    AGE_NESTING,
    AGES,
    LEVELS,
    NOT_KNOWN,
    SINGLE_AGES,
    WEAPONS,
    count_persons,
    folded,
    only,
    people,
    profiled,
    worded,
)
from vrn_analysis.count.tables.privacy import person_columns
from vrn_analysis.count.tables.repeats import (
    PART_NESTING,
    again_tables,
    count_overlap,
    count_repeats,
    count_units,
    group_sizes,
    repeats_of,
)
from vrn_analysis.count.tables.shares import join_known, join_whole
