"""
Sentences computed from results: the direction follows the interval, never the point.

Each function takes a protected table and returns one sentence as markdown, or the title of a
chart, so that nobody types a number into a notebook.
"""

from vrn_analysis.findings.change import (
    headline,
    latest_year,
    trend_title,
)
from vrn_analysis.findings.places import (
    few_places,
    gradient,
    gradient_title,
    highest_rates,
    highest_rates_title,
    map_title,
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

__all__ = [
    "bounds_title",
    "completeness_title",
    "few_places",
    "gradient",
    "gradient_title",
    "headline",
    "highest_rates",
    "highest_rates_title",
    "largest_step",
    "latest_year",
    "least_complete",
    "reach",
    "map_title",
    "sensitivity_title",
    "trend_title",
    "waterfall_title",
]
