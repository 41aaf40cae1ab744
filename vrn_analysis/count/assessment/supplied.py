"""One way to what a run was supplied with beside records."""

import json
from functools import partial
from typing import Any

import ibis
import pandas as pd

from vrn_analysis.core import definition
from vrn_analysis.count import classify
from vrn_analysis.count.assessment import health, partnership
from vrn_analysis.count.assessment.needs import NotInThisRun
from vrn_analysis.count.assessment.run import Run
from vrn_analysis.read.files import files
from vrn_analysis.read.sources import judgement

# a record kept out for one of these is no crime of the area and period, whatever its kind
NOT_OF_THIS_RUN = ("R0_", "R1_", "R2_")
DOMESTIC = ("R5_domestic_abuse_flag", "R5_domestic_relationship")


def counted_by(run: Run, name: str) -> ibis.Table:
    """
    Return the records that count under another definition, with their `month`.

    Parameters
    ----------
    run
        The run.
    name
        A definition's name or file, such as `ho_knife_enabled`.

    Raises
    ------
    NotInThisRun
        On open data, or where victims and suspects are not known.
    """
    run.require("people")
    other = definition.load(name)
    labelled = classify.classify(run.offences, run.persons, definition=other, **run.limits)
    day = ibis.coalesce(
        labelled[other.period_date].cast("date"), labelled.occurred_from.cast("date")
    )
    return labelled.filter(labelled.outcome == "IN").mutate(month=day.truncate("M")).cache()


def homicides(run: Run) -> ibis.Table:
    """Return recorded homicides that are not known to be domestic, wherever they happened."""
    measures, records = home_office_measures(run), run.records()
    reason = records.first_reason.fill_null("")
    listed = records.class_code.isin(list(measures["homicide"]["classes"]))
    domestic = records.domestic_flag.fill_null(False) | reason.isin(DOMESTIC)
    return records.filter(listed & ~domestic & ~reason.substr(0, 3).isin(NOT_OF_THIS_RUN))


def home_office_measures(run: Run) -> dict[str, Any]:
    """Return the definition of the three measures: the file the settings name, else as shipped."""
    if "home_office_measures" not in run.settings.sources:
        return judgement.home_office_measures()
    [file] = files.locate(run.folder, run.settings, "home_office_measures")
    return judgement.home_office_measures(file)


def harm_weights(run: Run) -> pd.DataFrame:
    """
    Return the harm weights of the run: the partnership's, or on the sample the illustration.

    Raises
    ------
    NotInThisRun
        If real data have no weights that the partnership agreed: invented ones say nothing.
    """
    if "harm_weights" in run.settings.sources:
        [file] = files.locate(run.folder, run.settings, "harm_weights")
        return judgement.harm_weights(file)
    if run.settings.kind != "sample":
        raise NotInThisRun(
            "No harm weights that the partnership has agreed were supplied. Illustrative weights "
            "do not describe real offences."
        )
    return judgement.harm_weights()


ANSWERS = "truth.json"
ONLY_SAMPLE = "Only the synthetic sample has records whose outcome is known."


def planted_outcomes(run: Run) -> pd.DataFrame:
    """
    Count the sample's clear-cut records by the outcome they must have and the one they got.

    Returns
    -------
    table
        `planted`, `decided`, `count`.

    Raises
    ------
    NotInThisRun
        On real data, which have no answer key.
    """
    if run.settings.kind != "sample":
        raise NotInThisRun(ONLY_SAMPLE)
    answers = json.loads((run.folder / ANSWERS).read_text(encoding="utf-8"))["planted_outcomes"]
    key = ibis.memtable(
        pd.DataFrame({"offence_id": list(answers), "planted": list(answers.values())})
    )
    decided = run.classified().join(key, "offence_id").rename(decided="outcome")
    table = decided.group_by("planted", "decided").aggregate(count=ibis._.count()).to_pandas()
    ordered = table.sort_values(["planted", "decided"], ignore_index=True)
    return ordered.astype({"count": "Int64"})


SUPPLIED = {
    **{name: partial(health.health_source, name=name) for name in health.HEALTH_SOURCES},
    "health": health.health_sources,
    "homicides": homicides,
    "area_fits": partnership.area_fits,
    "ethnic_residents": partnership.ethnic_residents,
    "harm_weights": harm_weights,
    "home_office_measures": home_office_measures,
    "linked_counts": health.linked_counts,
    "neighbours": partnership.neighbours,
    "other_forces": partnership.other_forces,
    "planted_outcomes": planted_outcomes,
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
