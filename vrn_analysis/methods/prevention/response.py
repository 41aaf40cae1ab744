"""Check that every recommendation rests on findings and has an owner."""

from collections.abc import Collection

import pandas as pd

from vrn_analysis.methods.factors.coverage import LEVELS
from vrn_analysis.methods.prevention.interventions import DAY, PREVENTION, unknown_words
from vrn_analysis.methods.rates import checks
from vrn_analysis.read.sources.judgement import words_of

COLUMNS = ("recommendation_id", "text", "findings", "prevention", "level", "owner", "measure", "by")


def response(recommendations: pd.DataFrame, *, findings: Collection[str]) -> pd.DataFrame:
    """
    Return the response table, once every recommendation cites what it rests on.

    Parameters
    ----------
    recommendations
        One row a recommendation, text: `recommendation_id, text, findings` (names of findings,
        parted by semicolons), `prevention, level, owner, measure` (how we shall know), `by` (a
        date).
    findings
        Names of the findings of this run.

    Returns
    -------
    response
        The rows in order of prevention level, primary first, and `rests_on` (number of
        findings).

    Raises
    ------
    DataError
        With every problem: a recommendation without finding, level, owner, measure or date, or
        that cites a finding this run does not have.
    """
    checks.require(recommendations, COLUMNS, "file of recommendations")
    key = "recommendation_id"
    problems = []
    for column in COLUMNS:
        empty = recommendations[column].str.strip() == ""
        if empty.any():
            names = ", ".join(recommendations.loc[empty, key].head(5))
            problems.append(
                f"{column} is empty in {int(empty.sum())} of {len(recommendations)} rows ({names})"
            )
    problems += unknown_words(recommendations, "findings", findings, key=key)
    problems += unknown_words(recommendations, "prevention", PREVENTION, key=key)
    problems += unknown_words(recommendations, "level", LEVELS, key=key)
    filled = recommendations["by"].str.strip() != ""
    dates = pd.to_datetime(recommendations["by"], format=DAY, errors="coerce")
    if (bad := filled & dates.isna()).any():
        problems.append(f"by of {int(bad.sum())} rows is no date like 2026-03-31")
    if (repeated := recommendations[key].duplicated()).any():
        problems.append(f"{int(repeated.sum())} names repeat")
    checks.refuse(problems, "The recommendations cannot be used")
    order = recommendations["prevention"].map(lambda cell: PREVENTION.index(words_of(cell)[0]))
    rests_on = recommendations["findings"].map(lambda cell: len(words_of(cell)))
    table = recommendations.assign(rests_on=rests_on, _order=order)
    return table.sort_values(["_order", key], ignore_index=True).drop(columns="_order")
