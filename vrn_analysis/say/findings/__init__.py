"""
Sentences computed from results. A rise or fall is reported only if the interval excludes zero.

Each function takes a protected table and returns one sentence as markdown, or the title of a
chart, so that nobody types a number into a notebook.
"""

from vrn_analysis.say.findings.change import headline, latest_year, smallest_change, yearly_trend
from vrn_analysis.say.findings.clusters import (
    area_clusters,
    concentrated,
    hotspot_places,
    next_year,
    shared,
)
from vrn_analysis.say.findings.factors import (
    association,
    factors_covered,
    first_factors,
    protective_factors,
)
from vrn_analysis.say.findings.harm import harm_beside_count, measure_change, measures_latest
from vrn_analysis.say.findings.health import (
    ages_refused,
    at_break,
    beside,
    sites_corrected,
    unknown,
)
from vrn_analysis.say.findings.inequality import disproportion, residence, slope
from vrn_analysis.say.findings.people import again, both_parts, share_unknown, under_25, young_rates
from vrn_analysis.say.findings.places import benchmark, highest_rates, not_placed
from vrn_analysis.say.findings.quality import data_quality
from vrn_analysis.say.findings.quarter import area_beside_rest, beside_earlier, changes_shown
from vrn_analysis.say.findings.records import definition_rules, definition_said, largest_step, reach
from vrn_analysis.say.findings.response import (
    duty_answered,
    local_effect,
    recommended,
    thinnest_prevention,
)
from vrn_analysis.say.findings.setting import hours_known, times_as_many
from vrn_analysis.say.findings.titles import title

# whatever is imported here is offered
__all__ = [name for name, made in vars().items() if callable(made) and name[0] != "_"]
