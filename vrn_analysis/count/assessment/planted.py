"""The sample's answer key: records whose outcome is known by construction."""

import json

import ibis
import pandas as pd

from vrn_analysis.count.assessment.needs import NotInThisRun
from vrn_analysis.count.assessment.run import Run

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
