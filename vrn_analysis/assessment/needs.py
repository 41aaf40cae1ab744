"""What the sources of a run allow it to report, and the reason for each section that is missing."""

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.errors import AssessmentError

# what a section may need, the sources that give it, and the reason to show without them
NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    "definition": (
        ("offences",),
        "Published street-level categories are too broad to identify serious violence, so no "
        "definition can be applied. One category mixes sexual offences, stalking, assault without "
        "injury and domestic abuse. Published data also lack the kind of place, the domestic flag "
        "and the weapon. This section needs a police extract.",
    ),
    "people": (
        ("offences", "persons"),
        "Published street-level data have no information on victims or suspects. This section "
        "needs a police extract with victims and suspects.",
    ),
    "hours": (
        ("offences",),
        "Published street-level data give the month of an offence, not the day or hour. This "
        "section needs a police extract.",
    ),
    "deprivation": (
        ("deprivation", "population"),
        "No deprivation or population figures were supplied.",
    ),
    "places": (
        ("lookup",),
        "No list of the small areas (LSOAs) in each district was supplied, so offences cannot be "
        "counted by area.",
    ),
    "rates": (("population",), "No population figures were supplied."),
    "ethnicity": (
        ("offences", "persons", "ethnicity"),
        "This section needs victims and suspects, and residents by self-defined ethnic group, as "
        "in the Census.",
    ),
    "indicators": (("indicators",), "No risk and protective factors were supplied."),
    "neighbours": (
        ("indicators", "neighbours"),
        "No list of statistical neighbours was supplied.",
    ),
    "forces": (("other_forces",), "No recorded crime of other forces was supplied."),
    "workday": (("workday_population",), "No workday population file was supplied."),
    "asset_points": (
        ("asset_points",),
        "No list of community assets with their locations was supplied.",
    ),
    "health": (
        ("offences", "attendances"),
        "Health service data are not published at this level. This section needs emergency "
        "department attendances after an assault, shared under an agreement, and a police extract.",
    ),
    "response": (
        ("interventions", "recommendations"),
        "The partnership has not supplied its interventions and recommendations.",
    ),
    "voices": (
        ("themes", "assets"),
        "The partnership has not supplied community themes and community assets.",
    ),
}

# who has the data for a need, and the template that asks them for it
HOLDERS = {
    **dict.fromkeys(("definition", "people", "hours"), ("the police force", "police")),
    "ethnicity": ("the police force and the census", "police"),
    "health": ("hospital and ambulance trusts", "emergency_department"),
    **dict.fromkeys(
        ("indicators", "neighbours"), ("the councils' public health teams", "public_health")
    ),
    **dict.fromkeys(("response", "voices", "asset_points"), ("the partnership", "council")),
    **dict.fromkeys(
        ("places", "rates", "deprivation", "workday", "forces"), ("national publishers", "")
    ),
}

SECTIONS = {
    "definition": "Serious violence by a definition",
    "people": "Victims and suspects, under 25",
    "hours": "Day of the week and hour",
    "deprivation": "Deprivation gradient",
    "places": "Districts and smaller areas",
    "rates": "Rates by resident population",
    "ethnicity": "Ethnic groups compared with residents",
    "indicators": "Risk and protective factors",
    "neighbours": "Statistical neighbours",
    "forces": "Other forces",
    "workday": "Rates for the workday population",
    "asset_points": "Community assets on the map",
    "health": "Health service data",
    "response": "Interventions and recommendations",
    "voices": "What communities say",
}


class NotInThisRun(AssessmentError):
    """A section needs sources that the run does not have."""

    def _render_traceback_(self) -> list[str]:
        """Show one plain line in a notebook, not a traceback: nothing has gone wrong."""
        return [f"Not available from the data supplied: {self}"]


def missing(settings: Settings, what: str) -> str:
    """Return why a run with these settings cannot say something, or "" where it can."""
    sources, reason = NEEDS[what]
    return "" if all(source in settings.sources for source in sources) else reason


def asked(reason: str) -> dict[str, str]:
    """Return who has the data that a reason names, and the command that asks for them."""
    known = {said: HOLDERS[what] for what, (_, said) in NEEDS.items()}
    holder, partner = known.get(reason, ("", ""))
    return {"holder": holder, "command": f"vrn template {partner}" if partner else ""}


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
