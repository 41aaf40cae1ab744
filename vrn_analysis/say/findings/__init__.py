"""
Sentences computed from results. A rise or fall is reported only if the interval excludes zero.

Each function takes a protected table and returns one sentence as markdown, or the title of a
chart, so that nobody types a number into a notebook.
"""

from vrn_analysis.say.findings.board import as_written, definition_said
from vrn_analysis.say.findings.change import (
    headline,
    latest_year,
    multiples_title,
    signals_title,
    smallest_change,
    yearly_trend,
)
from vrn_analysis.say.findings.clusters import (
    CONCENTRATION,
    alike,
    area_clusters,
    concentrated,
    dense_title,
    next_year,
    parts_title,
    risk_title,
    shared,
    smoothed_title,
    stable_title,
)
from vrn_analysis.say.findings.factors import (
    association,
    factors_covered,
    first_factors,
    profile_title,
    protective_factors,
)
from vrn_analysis.say.findings.forces import benchmark
from vrn_analysis.say.findings.harm import harm_beside_count, measure_change, measures_latest
from vrn_analysis.say.findings.health import (
    ages_refused,
    at_break,
    beside,
    sites_corrected,
    sites_title,
    unknown,
    young_title,
)
from vrn_analysis.say.findings.inequality import disproportion, funnel_title, residence, slope
from vrn_analysis.say.findings.people import (
    again,
    both_parts,
    sex_title,
    share_unknown,
    under_25,
    young_rates,
)
from vrn_analysis.say.findings.places import gradient_title, highest_rates, map_title, not_placed
from vrn_analysis.say.findings.quality import (
    confidence_title,
    data_quality,
    delay_title,
    full_hours_title,
)
from vrn_analysis.say.findings.quarter import (
    CHANGE_LABELS,
    area_beside_rest,
    beside_earlier,
    changes_shown,
    changes_title,
)
from vrn_analysis.say.findings.records import (
    bounds_title,
    completeness_title,
    largest_step,
    reach,
    sensitivity_title,
)
from vrn_analysis.say.findings.response import (
    duty_answered,
    local_effect,
    recommended,
    thinnest_prevention,
)
from vrn_analysis.say.findings.setting import (
    busiest_title,
    furthest_above_title,
    hours_known,
    largest_share_title,
    times_as_many,
)

# whatever is imported here is offered
__all__ = [name for name, made in vars().items() if callable(made) and name[0] != "_"]
