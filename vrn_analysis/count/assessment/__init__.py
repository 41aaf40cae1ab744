"""
Open a run: the sample, open data of a real force area, or a force's own extract.

One code path for all three. What a run cannot say follows from the sources it has, and a section
that needs more says why instead of failing.
"""

from vrn_analysis.count.assessment.chosen import (
    REST,
    chosen_area,
    compared,
    lookup_by_place,
    recent_months,
    require_two_years,
    small_areas_of,
)
from vrn_analysis.count.assessment.health import (
    HEALTH_SOURCES,
    HealthSource,
    health_problems,
    health_source,
    health_sources,
    linked_counts,
)
from vrn_analysis.count.assessment.needs import NEEDS, NotInThisRun
from vrn_analysis.count.assessment.partnership import (
    area_fits,
    compared_places,
    ethnic_residents,
    force_name,
    indicator_table,
    lacking,
    main_findings,
    neighbours,
    other_forces,
    partnership_table,
    sections,
)
from vrn_analysis.count.assessment.run import Run, open_run
from vrn_analysis.count.assessment.supplied import (
    counted_by,
    harm_weights,
    home_office_measures,
    homicides,
    planted_outcomes,
    supplied,
)
