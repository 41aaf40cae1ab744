"""
Open a run: the sample, open data of a real force area, or a force's own extract.

One code path for all three. What a run cannot say follows from the sources it has, and a section
that needs more says why instead of failing.
"""

import atexit
from contextlib import ExitStack
from pathlib import Path

from vrn_analysis.core import engine, session
from vrn_analysis.core.config import SETTINGS_FILE, find_settings, varied
from vrn_analysis.count.assessment import prepared
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
from vrn_analysis.count.assessment.run import Run
from vrn_analysis.count.assessment.supplied import (
    counted_by,
    harm_weights,
    home_office_measures,
    homicides,
    planted_outcomes,
    supplied,
)
from vrn_analysis.read.police import street

__all__ = [
    "HEALTH_SOURCES",
    "NEEDS",
    "REST",
    "HealthSource",
    "NotInThisRun",
    "Run",
    "area_fits",
    "chosen_area",
    "compared",
    "compared_places",
    "counted_by",
    "ethnic_residents",
    "force_name",
    "harm_weights",
    "health_problems",
    "health_source",
    "health_sources",
    "home_office_measures",
    "homicides",
    "indicator_table",
    "lacking",
    "linked_counts",
    "lookup_by_place",
    "main_findings",
    "neighbours",
    "open_run",
    "other_forces",
    "partnership_table",
    "planted_outcomes",
    "recent_months",
    "require_two_years",
    "sections",
    "small_areas_of",
    "supplied",
]


def open_run(folder: Path | str | None = None) -> Run:
    """
    Open a run on a data folder.

    Parameters
    ----------
    folder
        The data folder; without it the one named by the environment variable `VRN_DATA`, and
        without that the synthetic sample, which is made on first use. `VRN_EDITION` may hold what
        an edition of the briefing changes in its settings.

    Raises
    ------
    SettingsError, DataError
        If the folder, its settings or its files cannot be used.
    AgreementError
        If a source's agreement does not allow the audience, or its time is over.
    """
    asked = session.current()
    folder = folder or asked.data
    if not folder:
        from vrn_analysis import sample  # its imports cost time that a real run need not spend

        folder = sample.ensure()
    folder = Path(folder).resolve()
    own = (folder / SETTINGS_FILE).exists()
    forces = frozenset() if own or not folder.is_dir() else street.forces_in(folder)
    settings = varied(find_settings(folder, forces=forces), asked.edition)
    prepared.require_agreements(folder, settings, today=asked.today)
    stack = ExitStack()
    atexit.register(stack.close)
    place = prepared.place(folder, settings)
    return Run(folder, settings, stack.enter_context(engine.connect()), place, asked)
