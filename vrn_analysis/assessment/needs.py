"""What a run can say follows from the sources it has; a section that needs more says why."""

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.errors import AssessmentError

# what a section may need, the sources that give it, and why a run without them must stay silent
NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    "definition": (
        ("offences",),
        "Open street-level data cannot carry a serious violence definition: one category mixes "
        "sexual offences, stalking, assault without injury and domestic abuse, and says nothing of "
        "the kind of place, the domestic flag or the weapon. It needs the police force's extract.",
    ),
    "people": (
        ("offences", "persons"),
        "Open street-level data hold no victim or suspect, so nobody's age, sex or ethnicity is "
        "known. It needs the police force's extract with its victims and suspects.",
    ),
    "hours": (
        ("offences",),
        "Open street-level data hold the month of an offence, not the day or the hour. It needs "
        "the police force's extract.",
    ),
    "deprivation": (
        ("deprivation", "population"),
        "No deprivation or population file is named in the settings of this run.",
    ),
    "rates": (("population",), "No population file is named in the settings of this run."),
}

SECTIONS = {
    "definition": "Serious violence by a definition",
    "people": "Victims and suspects, under 25",
    "hours": "Day of the week and hour",
    "deprivation": "Deprivation gradient",
    "rates": "Rates by resident population",
}


class NotInThisRun(AssessmentError):
    """A section asks for what this run's sources cannot say."""

    def _render_traceback_(self) -> list[str]:
        """Show one plain line in a notebook, not a traceback: nothing has gone wrong."""
        return [f"Not in this run: {self}"]


def missing(settings: Settings, what: str) -> str:
    """Return why a run with these settings cannot say something, or "" where it can."""
    sources, reason = NEEDS[what]
    return "" if all(source in settings.sources for source in sources) else reason


def abilities(settings: Settings) -> pd.DataFrame:
    """Return what a run can say: one row an ability, and why not where it cannot."""
    return pd.DataFrame(
        {
            "section": SECTIONS[what],
            "in this run": "no" if missing(settings, what) else "yes",
            "why not": missing(settings, what),
        }
        for what in NEEDS
    )
