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
    "places": (
        ("lookup",),
        "No lookup of small areas, middle areas and districts is named in the settings of this "
        "run, so nothing can be said of places.",
    ),
    "rates": (("population",), "No population file is named in the settings of this run."),
    "ethnicity": (
        ("offences", "persons", "ethnicity"),
        "Ethnic groups are compared only where victims and suspects are known and the settings "
        "name a file of residents by self-defined ethnic group, as in the Census.",
    ),
    "indicators": (
        ("indicators",),
        "No file of risk and protective factors is named in the settings of this run.",
    ),
    "neighbours": (
        ("indicators", "neighbours"),
        "The settings of this run name no file of statistical neighbours.",
    ),
    "forces": (
        ("other_forces",),
        "No file of other forces is named under [sources.other_forces] in the settings.",
    ),
    "workday": (
        ("workday_population",),
        "The settings of this run name no file of the people who are there on a workday.",
    ),
    "asset_points": (
        ("asset_points",),
        "The settings of this run name no file of assets with their places.",
    ),
    "health": (
        ("offences", "attendances"),
        "What health services see is no open data. It needs attendances at emergency departments "
        "after an assault, as the providers send them under an agreement, beside the police "
        "force's extract.",
    ),
    "response": (
        ("interventions", "recommendations"),
        "What is being done and what to do are the partnership's to say: the settings of this run "
        "name no file of interventions and of recommendations.",
    ),
    "voices": (
        ("themes", "assets"),
        "What communities say and what is strong in them are no open data: the settings of this "
        "run name no file of coded themes and of assets.",
    ),
}

SECTIONS = {
    "definition": "Serious violence by a definition",
    "people": "Victims and suspects, under 25",
    "hours": "Day of the week and hour",
    "deprivation": "Deprivation gradient",
    "places": "Districts and smaller areas",
    "rates": "Rates by resident population",
    "ethnicity": "Ethnic groups beside residents",
    "indicators": "Risk and protective factors",
    "neighbours": "Statistical neighbours",
    "forces": "Other forces",
    "workday": "Rates by the people there on a workday",
    "asset_points": "Assets on the map",
    "health": "What health services see",
    "response": "What is being done, and the response",
    "voices": "What communities say",
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
