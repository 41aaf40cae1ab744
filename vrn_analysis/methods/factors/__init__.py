"""Risk and protective factors: values, profile, coverage, priorities and association."""

from vrn_analysis.methods.factors.association import associate, rank_correlation, require_areas
from vrn_analysis.methods.factors.benchmarks import (
    benchmark_problems,
    beside_neighbours,
    neighbour_values,
    profile,
)
from vrn_analysis.methods.factors.charts import (
    change_rows,
    member_rows,
    placed,
    spine_rows,
)
from vrn_analysis.methods.factors.coverage import (
    ages_in_words,
    changes,
    level_by_life_stage,
    series,
)
from vrn_analysis.methods.factors.measured import Measured, measured
from vrn_analysis.methods.factors.priorities import criteria, priorities, sensitivity
from vrn_analysis.methods.factors.values import values
