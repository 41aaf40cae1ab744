"""One way to what a run was supplied with beside records."""

from functools import partial
from typing import Any

from vrn_analysis.count.assessment import health, indicators, measures, partnership, planted
from vrn_analysis.count.assessment.run import Run

SUPPLIED = {
    **{name: partial(health.health_source, name=name) for name in health.HEALTH_SOURCES},
    "health": health.health_sources,
    "homicides": measures.homicides,
    "area_fits": partnership.area_fits,
    "ethnic_residents": partnership.ethnic_residents,
    "harm_weights": measures.harm_weights,
    "home_office_measures": measures.home_office_measures,
    "linked_counts": health.linked_counts,
    "neighbours": indicators.neighbours,
    "other_forces": partnership.other_forces,
    "planted_outcomes": planted.planted_outcomes,
}


def supplied(run: Run, name: str) -> Any:
    """
    Return what the run was supplied with beside records.

    Parameters
    ----------
    name
        One of `SUPPLIED`, or a table of judgement, see `partnership.partnership_table`.

    Raises
    ------
    NotInThisRun
        If the run has no such thing.
    """
    if name in SUPPLIED:
        return SUPPLIED[name](run)
    return partnership.partnership_table(run, name)
