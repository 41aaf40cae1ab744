"""Risk and protective factors: values, profile, coverage, priorities and association."""

from vrn_analysis.factors.association import (
    associate,
    rank_correlation,
    require_areas,
)
from vrn_analysis.factors.benchmarks import (
    benchmark_problems,
    beside_neighbours,
    check_benchmarks,
    neighbour_values,
    profile,
)
from vrn_analysis.factors.charts import (
    PROFILE_SHOWN,
    RANK_WORDS,
    change_rows,
    member_rows,
    placed,
    spine_rows,
)
from vrn_analysis.factors.coverage import ages_in_words, changes, level_by_life_stage, series
from vrn_analysis.factors.priorities import criteria, priorities, sensitivity
from vrn_analysis.factors.values import values

__all__ = [
    "PROFILE_SHOWN",
    "RANK_WORDS",
    "ages_in_words",
    "associate",
    "benchmark_problems",
    "beside_neighbours",
    "change_rows",
    "changes",
    "check_benchmarks",
    "criteria",
    "level_by_life_stage",
    "member_rows",
    "neighbour_values",
    "placed",
    "priorities",
    "profile",
    "rank_correlation",
    "require_areas",
    "sensitivity",
    "series",
    "spine_rows",
    "values",
]
