"""The papers that come with the SYNTHETIC sample: its settings and its README."""

from typing import Any

from vrn_analysis.sample.indicators import COUNTY
from vrn_analysis.sample.injuries import HEADINGS, METHODS

SOURCES = {
    "offences": ("offences.parquet", "Recorded violence, sexual and robbery offences", "record"),
    "persons": ("persons.parquet", "Victims and suspects of those offences", "person"),
    "lookup": ("lookup.csv", "Small areas in middle areas in districts", "open"),
    "population": ("population.csv", "Residents by small area, sex and single year of age", "open"),
    "deprivation": ("deprivation.csv", "Deprivation of small areas", "open"),
    "boundaries": ("boundaries.gpkg", "Boundaries of small areas, middle areas, districts", "open"),
    "ethnicity": ("ethnicity.csv", "Residents by district and ethnic group", "open"),
    "indicators": ("indicators.csv", "Risk and protective factors by district and year", "open"),
    "attendances": ("attendances.csv", "Attendances at emergency departments", "record"),
    "ambulance": ("ambulance.csv", "Ambulance call-outs to assaults", "partners"),
    "admissions": ("admissions.csv", "Emergency admissions for assault", "partners"),
    "linkage": ("linkage.csv", "Attendances and offences linked, numbers only", "partners"),
    "custom_areas": ("custom_areas.csv", "Policing areas made of small areas", "open"),
    "workday_population": ("workday_population.csv", "People there on a workday", "open"),
    "asset_points": ("asset_points.csv", "What is strong, and where it is", "open"),
    "other_forces": ("other_forces.csv", "Listed offences of a year by police force", "open"),
    "neighbours": ("neighbours.csv", "Statistical neighbours of the city", "open"),
    "interventions": ("interventions.csv", "What is being done against violence", "open"),
    "recommendations": ("recommendations.csv", "Recommendations and what they rest on", "open"),
    "themes": ("themes.csv", "What communities say, coded", "partners"),
    "assets": ("assets.csv", "What is strong in each district", "open"),
    "evidence": ("evidence.csv", "Evidence of the five building blocks", "open"),
}


# what a partner's data come under, as a real assessment must say it
AGREED = [
    'agreement = "SYNTHETIC agreement: nobody\'s data, so nobody had to agree"',
    'purpose = "To show what a serious violence needs assessment states of each partner\'s data"',
    'audiences = ["internal", "partners", "public"]',
    "retain_until = 2999-12-31",
]


def settings(assumed: dict[str, Any]) -> str:
    """Return the sample's `assessment.toml`."""
    name, period = assumed["names"]["county"], assumed["period"]
    lines = [
        "# SYNTHETIC: an invented county. Nothing here is about a real place or person.",
        f'title = "Serious violence needs assessment: {name} (SYNTHETIC SAMPLE)"',
        'kind = "sample"',
        f'area_name = "{name} (SYNTHETIC)"',
        f'force = "{assumed["names"]["force"]}"',
        'definition = "llr_2020"',
        'disclosure_profile = "nhs_round5"',
        'audience = "public"',
        "",
        "[period]",
        f"from = {period['start']}",
        f"to = {period['end']}",
    ]
    for source, (file, title, sensitivity) in SOURCES.items():
        lines += [
            "",
            f"[sources.{source}]",
            f'path = "{file}"',
            f'title = "{title} (SYNTHETIC)"',
            'producer = "vrn_analysis, generated"',
            'licence = "MIT: generated data about no real place"',
            'covers = "an invented county"',
            f'published = "{period["extract"]}"',
            f'accessed = "{period["extract"]}"',
            f'sensitivity = "{sensitivity}"',
        ]
        if sensitivity != "open":
            lines += AGREED
        lines += _more(source, name)
    return "\n".join(lines) + "\n"


def _more(source: str, county: str) -> list[str]:
    """Return what the settings say of one source only."""
    if source == "indicators":
        return [
            'area = "SYND01"',
            f'benchmark = "{COUNTY}"',
            f'benchmark_name = "{county}"',
            "every_member = true",
        ]
    if source == "custom_areas":
        return ['level_title = "Policing areas"']
    if source == "linkage":
        # off unless a partnership says that it wants the illustration
        return ["capture_recapture = true"]
    if source != "attendances":
        return []
    words = {
        "columns": HEADINGS,
        "labels.weapon": {theirs: ours for ours, theirs in METHODS.items()},
    }
    return [
        line
        for part, pairs in words.items()
        for line in (
            "",
            f"[sources.attendances.{part}]",
            *(f'"{one}" = "{other}"' for one, other in pairs.items()),
        )
    ]


def readme(assumed: dict[str, Any], *, rows: int) -> str:
    """Return the sample's README."""
    name = assumed["names"]["county"]
    return (
        f"# {name}: a SYNTHETIC sample\n\n"
        f"Everything in this folder is SYNTHETIC and about no real place, person or police force. "
        f"{name} is an invented county drawn in the North Sea; its {rows:,} offences, their "
        f"victims and suspects, its residents and their deprivation were generated by "
        f"`vrn_analysis.sample` from the assumptions in `data/reference/sample_assumptions.toml`. "
        f"The mix of offences follows recorded crime in Leicestershire in 2017/18 (Home Office, "
        f"Open Government Licence v3.0), and nothing else does. `truth.json` is the answer key: "
        f"what was planted, and what an analysis should find. No figure made from this folder may "
        f"be quoted as a finding.\n"
    )
