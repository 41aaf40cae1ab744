"""The data-quality statement of a run: every check that its sources allow, rated and in words."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vrn_analysis import disclosure, rates, tables
from vrn_analysis.assessment import Run
from vrn_analysis.assessment.health import health_source
from vrn_analysis.definition import offence_codes
from vrn_analysis.disclosure import PROFILES
from vrn_analysis.quality import (
    completeness,
    conflicts,
    coordinates,
    labels,
    ratings,
    repeats,
    reporting,
    timing,
)
from vrn_analysis.quality.measures import Found, measured

SOURCES = "Sources"
# counts of months, sites, breaks and files are about nobody
OF_NOBODY = frozenset({labels.COLUMNS, timing.MONTHS, reporting.SITES, reporting.BREAKS, SOURCES})
WORST_NAMED = 3
LEAST_SAID = 0.005
HEALTH = ("attendances", "ambulance", "admissions")


def points(run: Run) -> pd.DataFrame:
    """
    Return every distinct point of the records with what is wrong with it.

    For use inside the checks only: a point may be somebody's home.
    """
    has_shapes = {"boundaries", "boundaries_lsoa"} & set(run.settings.sources)
    areas = run.areas("lsoa") if has_shapes else None
    return coordinates.add_faults(coordinates.distinct_points(run.records()), areas)


def missing_by_month(run: Run) -> pd.DataFrame:
    """Return true counts of records without a value, by field and month, for `publish.protect`."""
    return tables.count_missing(run.records(), run.quality_fields, by="month")


def _of_records(run: Run) -> Iterator[pd.DataFrame]:
    records = run.records()
    yield completeness.empty_fields(records, run.quality_fields)
    monthly = missing_by_month(run)
    yield completeness.unsteady_fields(monthly[monthly["month"].isin(run.months)])
    if run.can("definition"):
        yield labels.unmapped_labels(records)
    yield labels.unknown_areas(records, run.lookup["lsoa_code"].tolist())
    yield coordinates.point_faults(points(run))
    yield repeats.repeated_records(records)
    yield timing.month_faults(tables.count(records, ["month"]), run.months)


def _as_read(problems: pd.DataFrame) -> Iterator[pd.DataFrame]:
    if len(problems):
        yield labels.absent_columns(problems)
        yield labels.reading_faults(problems)


def _of_an_extract(run: Run) -> Iterator[pd.DataFrame]:
    """Return what only a force's own records let one check."""
    records, persons = run.records(), run.persons if run.can("people") else None
    if persons is not None:
        yield completeness.empty_of_persons(persons)
    yield from _as_read(run.problems())
    sexual = frozenset(row["class_code"] for row in offence_codes() if row["sexual"] == "yes")
    yield conflicts.contradictions(records, persons, sexual_classes=sexual)
    yield timing.late_records(timing.delays(records))
    yield timing.clock_faults(records)


def _of_health(run: Run) -> Iterator[pd.DataFrame]:
    for name in HEALTH:
        if name in run.settings.sources:
            source = health_source(run, name)
            yield from _as_read(source.problems.rename(columns={"records": "count"}))
            if source.sites is not None:
                yield reporting.silent_sites(source.sites.assign(source=name.capitalize()))


def _of_sources(sources: pd.DataFrame) -> pd.DataFrame:
    said = sources[["producer", "licence"]] != "not stated"
    silent = sources[~said.all(axis=1)]
    names = ", ".join(dict.fromkeys(silent["source"]))
    open_ends = sources[sources["remark"] != ""]
    remarks = "; ".join((open_ends["source"] + ": " + open_ends["remark"]).unique())
    return measured(
        SOURCES,
        [
            Found("Producer or licence not stated", len(silent), len(sources), names),
            Found("Agreement, retention or file in doubt", len(open_ends), len(sources), remarks),
        ],
    )


def measure(run: Run) -> pd.DataFrame:
    """
    Return every check that this run's sources allow: true counts, not for a reader.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    measures
        `aspect, check, count, denominator, detail`, by aspect.
    """
    found = list(_of_records(run))
    if run.can("definition"):
        found += list(_of_an_extract(run))
    found += list(_of_health(run))
    found += [reporting.break_faults(run.breaks, run.months), _of_sources(run.sources)]
    joined = pd.concat(found, ignore_index=True)
    order = joined["aspect"].map({name: at for at, name in enumerate(ASPECTS)})
    return joined.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


ASPECTS = (
    labels.COLUMNS, labels.READING,
    completeness.COMPLETENESS, completeness.STEADINESS, completeness.PEOPLE,
    labels.LABELS, conflicts.CONTRADICTIONS, coordinates.PLACES, timing.DELAY, timing.CLOCKS,
    repeats.REPEATS, timing.MONTHS, reporting.SITES, reporting.BREAKS, SOURCES,
)  # fmt: skip


def rated(measures: pd.DataFrame, *, profile: str, rules: pd.DataFrame) -> pd.DataFrame:
    """
    Protect the counts that are about people, and rate what is then shown.

    Parameters
    ----------
    measures
        As `measure` returns them.
    profile
        Name of the disclosure profile.
    rules
        As `ratings.thresholds` returns them.

    Returns
    -------
    statement
        `aspect, check, rating, count, denominator, status, count_error, value` (per cent) and its
        interval, `detail, rule, why, action`. Where a count is suppressed so is its detail.
    """
    of_people = ~measures["aspect"].isin(OF_NOBODY)
    parts = [
        disclosure.protect(
            measures[of_people], dimensions=["aspect", "check"], profile=profile
        ),
        measures[~of_people].assign(status="shown", count_error=0),
    ]  # fmt: skip
    shown = pd.concat(parts).sort_index(kind="stable").astype({"count_error": "Int64"})
    shown["detail"] = shown["detail"].where(shown["status"] == "shown", "")
    valued = rates.proportion(shown, per=100)
    statement = ratings.rate(valued, rules, hidden=PROFILES[profile].threshold - 1)
    first = ["aspect", "check", "rating"]
    return statement[[*first, *(name for name in statement if name not in first)]]


def statement(run: Run) -> pd.DataFrame:
    """Return the data-quality statement of a run, a row a check: see `rated`."""
    profile = run.settings.disclosure_profile
    return rated(measure(run), profile=profile, rules=ratings.thresholds())


def said(row: pd.Series) -> str:
    """Return what a check found, in words: how many of how many, and where it stands out."""
    if row["status"] != "shown":
        number = f"too few to show, of {row['denominator']:,}"
    elif not row["count"]:
        number = f"none of {row['denominator']:,}"
    else:
        # rounding may raise a count a little above what it is of
        number = f"{min(row['count'], row['denominator']):,} of {row['denominator']:,}"
        if row["aspect"] not in OF_NOBODY:
            share = f"{row['value']:.2f}%" if row["value"] >= LEAST_SAID else "under 0.01%"
            number = f"{share} ({number})"
    detail = f"; {row['detail']}" if row["detail"] else ""
    fine = f"; no fault: {row['why']}" if row["rule"] == ratings.NO_FAULT else ""
    return f"{row['check']}: {number}{detail}{fine}"


def _nothing_amiss(part: pd.DataFrame) -> str:
    words = f"{len(part)} check{'s' * (len(part) != 1)}, none above its threshold."
    most = part.sort_values("value", ascending=False, kind="stable", na_position="last").iloc[0]
    return f"{words} Most: {said(most)}." if most["value"] > 0 else words


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """
    Return the statement as a Board reads it: a row an aspect, with its worst check leading.

    Parameters
    ----------
    rows
        As `statement` returns them.

    Returns
    -------
    table
        `aspect, rating, finding` (the checks of that rating, the worst three by their share),
        `why, action` (of the first of them).
    """
    lines = []
    for aspect, part in rows.groupby("aspect", sort=False):
        rating = ratings.worst(part["rating"])
        led = part[part["rating"] == rating].sort_values(
            "value", ascending=False, kind="stable", na_position="last"
        )
        if rating == ratings.GREEN:
            finding, why, action = _nothing_amiss(part), "", ""
        else:
            more = len(led) - WORST_NAMED
            rest = f" And {more} more." if more > 0 else ""
            finding = ". ".join(said(row) for _, row in led.head(WORST_NAMED).iterrows()) + "."
            finding, why, action = finding + rest, led["why"].iloc[0], led["action"].iloc[0]
        lines.append((aspect, rating, finding, why, action))
    return pd.DataFrame(lines, columns=["aspect", "rating", "finding", "why", "action"]).astype(
        "str"
    )
