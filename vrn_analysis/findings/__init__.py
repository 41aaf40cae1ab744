"""
Sentences computed from results: the direction follows the interval, never the point.

Each function takes a protected table and returns one sentence as markdown, or the title of a
chart, so that nobody types a number into a notebook.
"""

from vrn_analysis.findings.board import as_written, definition_said
from vrn_analysis.findings.change import (
    headline,
    latest_year,
    multiples_title,
    signals_title,
    smallest_change,
    yearly_trend,
)
from vrn_analysis.findings.clusters import (
    CONCENTRATION,
    alike,
    area_clusters,
    concentration_title,
    dense_title,
    next_year,
    parts_title,
    risk_title,
    shared,
    smoothed_title,
    stable_title,
)
from vrn_analysis.findings.factors import (
    association,
    factors_covered,
    first_factors,
    profile_title,
    protective_factors,
)
from vrn_analysis.findings.forces import benchmark
from vrn_analysis.findings.harm import harm_beside_count, measure_change, measures_latest
from vrn_analysis.findings.health import (
    ages_refused,
    at_break,
    beside,
    corrected_title,
    sites_corrected,
    sites_title,
    unknown,
    unknown_title,
    young_title,
)
from vrn_analysis.findings.inequality import (
    disproportion,
    funnel_title,
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
    young_rates,
)
from vrn_analysis.findings.places import (
    gradient_title,
    highest_rates,
    map_title,
    not_placed,
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
    changes_shown,
    changes_title,
)
from vrn_analysis.findings.records import (
    bounds_title,
    completeness_title,
    largest_step,
    reach,
    sensitivity_title,
    waterfall_title,
)
from vrn_analysis.findings.response import (
    duty_answered,
    local_effect,
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
    "ages_refused",
    "alike",
    "area_beside_rest",
    "area_clusters",
    "association",
    "as_written",
    "at_break",
    "benchmark",
    "beside",
    "beside_earlier",
    "both_parts",
    "bounds_title",
    "busiest_title",
    "changes_shown",
    "changes_title",
    "completeness_title",
    "concentration_title",
    "confidence_title",
    "corrected_title",
    "data_quality",
    "definition_said",
    "delay_title",
    "dense_title",
    "disproportion",
    "duty_answered",
    "factors_covered",
    "first_factors",
    "full_hours_title",
    "funnel_title",
    "furthest_above_title",
    "gradient_title",
    "harm_beside_count",
    "headline",
    "highest_group_title",
    "highest_rates",
    "hours_known",
    "largest_share_title",
    "largest_step",
    "latest_year",
    "local_effect",
    "map_title",
    "measure_change",
    "measures_latest",
    "multiples_title",
    "next_year",
    "not_placed",
    "parts_title",
    "profile_title",
    "protective_factors",
    "reach",
    "reporting_title",
    "residence",
    "risk_title",
    "sensitivity_title",
    "sex_title",
    "share_unknown",
    "shared",
    "signals_title",
    "sites_corrected",
    "sites_title",
    "slope",
    "smallest_change",
    "smoothed_title",
    "stable_title",
    "thinnest_prevention",
    "times_as_many",
    "under_25",
    "unknown",
    "unknown_title",
    "waterfall_title",
    "yearly_trend",
    "young_rates",
    "young_title",
]
