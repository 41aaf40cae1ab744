"""What is associated with violence: coverage of indicators, profile, order, association."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Fact, Label, Said
from vrn_analysis.say.findings import words
from vrn_analysis.say.findings.response import ages

JUDGED = {
    "similar": "not clearly different",
    "different": "different, with no better or worse",
    "not judged": "not tested, because no interval is published",
}
MOST_NAMED = 2  # factors in a sentence


def factors_covered(matrix: pd.DataFrame) -> Markdown:
    """
    Say where the matrix of factors is empty.

    Parameters
    ----------
    matrix
        As `factors.level_by_life_stage` returns it.
    """
    empty = matrix[matrix["status"] != "measured"]
    title = _measured(matrix)
    if empty.empty:
        return words.said("A factor is measured at every level and life stage.", title=title)
    said = [
        f"{level} level at ages {ages(rows['life_stage'])}"
        for level, rows in empty.groupby("level", sort=False)
    ]
    return words.said(
        f"{_measured(matrix, bold='**')}. None is measured at "
        f"{'. None is measured at '.join(said)}. What is not measured may still be important.",
        title=title,
    )


def _measured(matrix: pd.DataFrame, *, bold: str = "") -> str:
    told = facts.made(measured=int((matrix["status"] == "measured").sum()), pairs=len(matrix))
    return (
        f"A factor is measured in {bold}{told.measured} of {told.pairs}{bold} pairs of level and "
        "life stage"
    )


def profiled(profile: pd.DataFrame) -> Said:
    """Return a chart's title: how many indicators are worse or better, and how many not tested."""
    compared = profile[["value", "benchmark_value"]].notna().all(axis=1)
    told = facts.made(
        worse=int((profile["judgement"] == "worse").sum()),
        better=int((profile["judgement"] == "better").sum()),
        untested=int((compared & profile["lower_95_ci"].isna()).sum()),
    )
    rest = f"; {told.untested} could not be tested" if told.untested else ""
    return Said(
        f"Compared with the benchmark, {told.worse or 'no'} indicators are worse and "
        f"{told.better or 'none'} better{rest}"
    )


def protective_factors(profile: pd.DataFrame, catalogue: pd.DataFrame) -> Markdown:
    """
    Say how the protective factors that are measured compare with the benchmark.

    Parameters
    ----------
    profile
        As `factors.profile` returns it: `indicator_id, name, judgement`.
    catalogue
        Its `indicator_id` and `kind`.
    """
    kept = catalogue.loc[catalogue["kind"] == "protective", "indicator_id"]
    rows = profile[profile["indicator_id"].isin(kept)]
    if rows.empty:
        return words.said("No protective factor is measured, so we cannot say what protects.")
    parts = []
    for judged, names in rows.groupby("judgement", sort=False)["name"]:
        named = words.joined(Label(name[:1].lower() + name[1:]) for name in names[:MOST_NAMED])
        label = JUDGED.get(str(judged), str(judged))
        among = f": {named}" if len(names) <= MOST_NAMED else f", such as {named}"
        verb = "is" if len(names) == 1 else "are"
        parts.append(f"{Fact(len(names), str(judged))} {verb} {label}{among}.")
    protective = facts.made(protective=len(rows)).protective
    return words.said(
        f"We compared {protective} protective factors with the benchmark. {' '.join(parts)}"
    )


def first_factors(priorities: pd.DataFrame) -> Markdown:
    """
    Name the highest-ranked factors, allowing for chance and other weights.

    Parameters
    ----------
    priorities
        As `factors.priorities` returns them.
    """
    first = priorities.head(3)
    named = words.joined(Label(name.lower()) for name in first["name"])
    told = facts.made(
        best=int(first[["rank_lower_95_ci", "rank_best"]].min(axis=None)),
        worst=int(first[["rank_upper_95_ci", "rank_worst"]].max(axis=None)),
        factors=len(priorities), untested=int((priorities["note"] != "").sum()),
    )  # fmt: skip
    narrow = " have no interval, so the true ranking is less certain."
    narrow = f" {told.untested} values{narrow}" if told.untested else ""
    return words.said(
        f"The highest-ranked risk factors are **{named}**. The ranking is a starting point for "
        f"discussion: with other reasonable weights, each could rank between {told.best} and "
        f"{told.worst} of {told.factors}. Weights: {Label(first['edition'].iloc[0])}.{narrow}"
    )


def association(terms: pd.DataFrame, *, measure: str, factor: str) -> Markdown:
    """
    Return how the count of small areas is associated with one factor, with its limits.

    Parameters
    ----------
    terms
        `terms` of `factors.associate`; its first row is told.
    factor
        The factor in words.
    """
    row = facts.of(terms.iloc[0])
    neither = "is not clearly higher or lower"
    said = words.beside(row, words.EVEN, above="is higher", below="is lower", neither=neither)
    return words.said(
        f"The rate of {Label(measure)} {said} in small areas with more {factor}. "
        f"It is **{row['value']:.2f} times** as high for each standard deviation "
        f"({words.interval(row, '{:.2f}'.format)}), over {row['areas']:,} areas. This is an "
        "association between areas. It does not show cause, and it does not describe the people "
        "who live there."
    )
