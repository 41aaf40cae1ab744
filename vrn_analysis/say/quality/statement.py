"""Data-quality statement of a run: every check that its sources allow, rated."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd
from ibis import _

from vrn_analysis.core.definition import offence_codes
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import tables
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.assessment.health import health_source
from vrn_analysis.methods import rates
from vrn_analysis.read.sources import breaks
from vrn_analysis.say.quality import (
    completeness,
    conflicts,
    coordinates,
    labels,
    ratings,
    reporting,
    timing,
)
from vrn_analysis.say.quality.measures import Found, measured
from vrn_analysis.show import publish
from vrn_analysis.show.disclosure import PROFILES

SOURCES = "Sources"
# counts of months, sites, breaks and files are not about people
OF_NOBODY = frozenset({labels.COLUMNS, timing.MONTHS, reporting.SITES, reporting.BREAKS, SOURCES})
DIMENSIONS = ["aspect", "check"]
HEALTH = ("attendances", "ambulance", "admissions")


def period(run: Run) -> tuple[pd.DatetimeIndex, pd.DataFrame]:
    """
    Return the months of the run and the breaks in them, also where no record is counted.

    A run that counts nothing has no period of its own, and is the one that most needs checking.

    Raises
    ------
    DataError
        If no record has a date.
    """
    try:
        return run.months, run.breaks
    except DataError:
        seen = run.records().aggregate(first=_.month.min(), last=_.month.max()).to_pandas().iloc[0]
        if pd.isna(seen["first"]):
            raise
        months = pd.date_range(seen["first"], seen["last"], freq="MS", name="month")
        return months, breaks.breaks_of(breaks.register(), run.settings, months)


def points(run: Run) -> pd.DataFrame:
    """
    Return what is wrong with the points of the records, as `points_with_faults` does.

    For use inside the checks only: a point may be somebody's home.
    """
    areas = run.areas("lsoa") if run.has_shapes else None
    return coordinates.points_with_faults(run.records(), areas)


def location_confidence(run: Run) -> pd.DataFrame:
    """Count the records by how far their point can be trusted: see `coordinates.confidence`."""
    return coordinates.confidence(points(run))


def missing_by_month(run: Run) -> pd.DataFrame:
    """Return true counts of records without a value, by field and month of the run's period."""
    records, (months, _breaks) = run.records(), period(run)
    inside = records.filter(records.month.between(months[0].date(), months[-1].date()))
    return tables.count_missing(inside, run.quality_fields, by="month")


def _of_records(run: Run) -> Iterator[pd.DataFrame]:
    records = run.records()
    yield completeness.empty_fields(records, run.quality_fields)
    yield completeness.unsteady_fields(missing_by_month(run))
    if run.can("definition"):
        yield labels.unmapped_labels(records)
    if run.can("places"):
        yield labels.unknown_areas(records, run.lookup["lsoa_code"].tolist())
    yield coordinates.point_faults(points(run))
    yield conflicts.repeated_records(records)
    every = period(run)[0].union(run.gaps)
    yield timing.month_faults(tables.count(records, ["month"]), every)


def _of_an_extract(run: Run) -> Iterator[pd.DataFrame]:
    """Return what only a force's own records let one check."""
    records, persons = run.records(), run.persons if run.can("people") else None
    if persons is not None:
        yield completeness.empty_of_persons(persons)
    sexual = frozenset(row["class_code"] for row in offence_codes() if row["sexual"] == "yes")
    yield conflicts.contradictions(records, persons, sexual_classes=sexual)
    yield timing.late_records(timing.delays(records))
    yield timing.clock_faults(records)


def _as_read(run: Run) -> Iterator[pd.DataFrame]:
    """Return what reading the files found, and which sites were silent."""
    sent = [health_source(run, name) for name in HEALTH if name in run.settings.sources]
    problems = [source.problems.rename(columns={"records": "count"}) for source in sent]
    found = pd.concat([*problems, run.problems()], ignore_index=True)
    if sent or run.can("definition"):
        yield labels.absent_columns(found)
    yield labels.reading_faults(found, of=int(run.records().count().to_pandas()))
    for source in sent:
        if source.sites is not None:
            yield reporting.silent_sites(source.sites.assign(source=source.name.capitalize()))


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
    found += list(_as_read(run))
    months, known = period(run)
    found += [reporting.break_faults(known, months), _of_sources(run.sources)]
    joined = pd.concat(found, ignore_index=True)
    order = joined["aspect"].map({name: at for at, name in enumerate(ASPECTS)})
    return joined.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


ASPECTS = (
    labels.COLUMNS, labels.READING,
    completeness.COMPLETENESS, completeness.STEADINESS, completeness.PEOPLE,
    labels.LABELS, conflicts.CONTRADICTIONS, coordinates.PLACES, timing.DELAY, timing.CLOCKS,
    conflicts.REPEATS, timing.MONTHS, reporting.SITES, reporting.BREAKS, SOURCES,
)  # fmt: skip


def protected(
    measures: pd.DataFrame, protect: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """
    Protect the counts about people; counts of months, sites, breaks and files stay as they are.

    Parameters
    ----------
    measures
        As `measure` returns them.
    protect
        Takes measures and returns them protected by `aspect` and `check`.

    Returns
    -------
    shown
        The same rows with `status` and `count_error`. Where a count is suppressed so is its detail.
    """
    of_people = ~measures["aspect"].isin(OF_NOBODY)
    open_counts = measures[~of_people].assign(status="shown", count_error=0)
    people = protect(measures[of_people].reset_index(drop=True))
    people.index = measures.index[of_people]
    shown = pd.concat([people, open_counts]).sort_index()
    shown["detail"] = shown["detail"].where(shown["status"] == "shown", "")
    return shown.astype({"count_error": "Int64"})


def rated(shown: pd.DataFrame, *, rules: pd.DataFrame, hidden: int) -> pd.DataFrame:
    """
    Add to each check its share with the interval, and its rating.

    Parameters
    ----------
    shown
        As `protected` returns them.
    rules
        As `ratings.thresholds` returns them.
    hidden
        The most that a suppressed count can be.

    Returns
    -------
    statement
        `aspect, check, rating, count, denominator, status, count_error, value` (per cent) and its
        interval, `detail, rule, why, action`.
    """
    statement = ratings.rate(rates.proportion(shown, per=100), rules, hidden=hidden)
    first = ["aspect", "check", "rating"]
    return statement[[*first, *(name for name in statement if name not in first)]]


def statement(run: Run) -> pd.DataFrame:
    """Return the data-quality statement: a row for each check. See `protected` and `rated`."""
    shown = protected(measure(run), partial(publish.protect, run=run, dimensions=DIMENSIONS))
    hidden = PROFILES[run.settings.disclosure_profile].threshold - 1
    return rated(shown, rules=ratings.thresholds(), hidden=hidden)
