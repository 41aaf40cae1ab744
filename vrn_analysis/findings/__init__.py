"""
Sentences computed from results: the direction follows the interval, never the point.

Each function takes a protected table and returns one sentence as markdown, or the title of a
chart, so that nobody types a number into a notebook.
"""

from vrn_analysis.findings.board import definition_said
from vrn_analysis.findings.change import (
    headline,
    latest_year,
    multiples_title,
    signals_title,
    smallest_change,
    trend_title,
    yearly_trend,
)
from vrn_analysis.findings.clusters import (
    CONCENTRATION,
    concentration_title,
    dense_title,
    next_year,
    next_year_title,
    shared,
    shared_title,
    smoothed_title,
    stable_title,
)
from vrn_analysis.findings.factors import (
    association,
    factors_covered,
    first_factors,
    matrix_title,
    profile_title,
)
from vrn_analysis.findings.forces import benchmark, benchmark_title
from vrn_analysis.findings.harm import harm_beside_count, measure_change, measures_latest
from vrn_analysis.findings.inequality import (
    disproportion,
    funnel_title,
    ratios_title,
    residence,
    slope,
)
from vrn_analysis.findings.people import (
    again,
    both_parts,
    highest_group_title,
    sex_title,
    share_unknown,
    under_25,
)
from vrn_analysis.findings.places import (
    few_places,
    gradient,
    gradient_title,
    highest_rates,
    highest_rates_title,
    map_title,
)
from vrn_analysis.findings.quality import (
    confidence_title,
    data_quality,
    delay_title,
    full_hours_title,
    reporting_title,
)
from vrn_analysis.findings.quarter import (
    CHANGE_LABELS,
    area_beside_rest,
    beside_earlier,
    beside_earlier_title,
    changes_shown,
    changes_title,
)
from vrn_analysis.findings.records import (
    bounds_title,
    completeness_title,
    largest_step,
    least_complete,
    reach,
    sensitivity_title,
    waterfall_title,
)
from vrn_analysis.findings.response import (
    duty_answered,
    local_effect,
    prevention_title,
    thinnest_prevention,
)
from vrn_analysis.findings.setting import (
    busiest_title,
    furthest_above_title,
    hours_known,
    largest_share_title,
    times_as_many,
)

__all__ = [
    "CHANGE_LABELS",
    "CONCENTRATION",
    "again",
    "area_beside_rest",
    "association",
    "benchmark",
    "benchmark_title",
    "beside_earlier",
    "beside_earlier_title",
    "both_parts",
    "bounds_title",
    "busiest_title",
    "changes_shown",
    "changes_title",
    "completeness_title",
    "concentration_title",
    "confidence_title",
    "data_quality",
    "definition_said",
    "delay_title",
    "dense_title",
    "disproportion",
    "duty_answered",
    "factors_covered",
    "few_places",
    "first_factors",
    "funnel_title",
    "full_hours_title",
    "furthest_above_title",
    "gradient",
    "gradient_title",
    "harm_beside_count",
    "headline",
    "highest_group_title",
    "highest_rates",
    "highest_rates_title",
    "hours_known",
    "largest_share_title",
    "largest_step",
    "latest_year",
    "least_complete",
    "local_effect",
    "map_title",
    "matrix_title",
    "measure_change",
    "measures_latest",
    "multiples_title",
    "next_year",
    "next_year_title",
    "prevention_title",
    "profile_title",
    "ratios_title",
    "reach",
    "reporting_title",
    "residence",
    "sensitivity_title",
    "sex_title",
    "share_unknown",
    "shared",
    "shared_title",
    "signals_title",
    "slope",
    "smallest_change",
    "smoothed_title",
    "stable_title",
    "thinnest_prevention",
    "times_as_many",
    "trend_title",
    "under_25",
    "waterfall_title",
    "yearly_trend",
]
