"""What a run is about, in words: the measure, the stamp, the credit."""

import re
from datetime import date
from pathlib import Path

import pandas as pd

from vrn_analysis.core import definition
from vrn_analysis.core.config import Settings
from vrn_analysis.count.assessment.needs import NEEDS, missing
from vrn_analysis.read.sources import coverage, provenance

DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
SYNTHETIC = "SYNTHETIC SAMPLE: an invented county. Nothing here is about a real place or person."


def dated(text: str) -> str:
    """Return a text with each 2024-03-31 as 31 March 2024."""
    return DAY.sub(_day, text)


def _day(found: re.Match) -> str:
    try:
        day = date.fromisoformat(found[0])
    except ValueError:  # no day of the calendar: as it was written
        return found[0]
    return f"{day.day} {day:%B %Y}"


def measure(settings: Settings) -> str:
    """Return what the headline counts."""
    if not missing(settings, "definition"):
        return "serious violence"
    return f"{settings.headline_category.lower()} (as published)"


def credit(settings: Settings, period: str) -> str:
    """Return the short stamp that goes on every chart and table: place, period and source."""
    if settings.kind == "sample":
        return f"SYNTHETIC SAMPLE, invented county, {period}"
    main = settings.sources.get("offences") or settings.sources.get("street", {})
    source = f". Source: {main['producer']}" if "producer" in main else ""
    return f"{settings.area_name}, {period}{source}"


def credit_of(settings: Settings, source: str, *, folder: Path | None) -> str:
    """Return the short stamp of a table that is not made of the run's records: what it is, whose.

    A source in several files (`indicators, indicators_labour`) is credited to all of them.
    """
    sources = {
        name: about
        for name, about in settings.sources.items()
        if name == source or name.startswith(f"{source}_")
    }
    named = list(sources.values())
    titles = "; ".join(str(about.get("title", source)) for about in named)
    if len(named) == 1:
        told = coverage.covers(folder, settings, *sources)
        titles += f", {dated(told) or 'period not stated'}"
    if settings.kind == "sample":
        return f"SYNTHETIC SAMPLE, invented county. {titles}"
    producers = dict.fromkeys(about["producer"] for about in named if "producer" in about)
    return f"{titles}. Source: {'; '.join(producers)}" if producers else titles


def a_year(months: int) -> str:
    """Return what a rate is over, in words: a year, scaled where the months are no whole years."""
    return "a year" if months % 12 == 0 else f"a year, scaled from {months} months"


def stamp(settings: Settings, period: str, *, months: int) -> str:
    """Return what stands at the top of every notebook and page, as markdown."""
    lead = SYNTHETIC if settings.kind == "sample" else f"{settings.title}."
    counted = f"Counted: {measure(settings)}, {settings.area_name}, {period}."
    scaled = f" Rates are for {a_year(months)}." if months % 12 else ""
    if missing(settings, "definition"):
        why = NEEDS["definition"].reason.partition(". ")[0]
        return f"**{lead}** {counted} {why}.{scaled}"
    title = definition.load(settings.definition).title
    return f"**{lead}** {counted.removesuffix('.')}, by “{title}”.{scaled}"


def problems_shown(problems: pd.DataFrame, settings: Settings, *, source: str) -> pd.DataFrame:
    """
    Return what the checks found, for a reader: without examples, which may be somebody's data.

    `of` is in hundreds where readers may not know how many rows a source has; missing where that
    is fewer than `count`.
    """
    table = problems.rename(columns={"records": "count"})
    # victims and suspects of one file are two tables received and one table read
    said = table.groupby(["table", "column", "problem"], sort=False, as_index=False)
    found = said.agg({"count": "sum", "of": "sum", "remedy": "first"})
    if provenance.rows_are_exact(settings, source):
        return found
    near = provenance.in_hundreds(found["of"].astype("Int64"))
    return found.assign(of=near.mask(near < found["count"]))
