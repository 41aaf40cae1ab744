"""What goes with violence, as far as indicators say: coverage, profile, order, association."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.factors import ages_in_words
from vrn_analysis.findings import words

JUDGED = {
    "similar": "not clearly different",
    "different": "different, with no better or worse",
    "not judged": "not judged, for want of an interval",
}


def factors_covered(matrix: pd.DataFrame) -> Markdown:
    """
    Say where the matrix of factors is empty.

    Parameters
    ----------
    matrix
        As `factors.level_by_life_stage` returns it.
    """
    empty = matrix[matrix["status"] != "measured"]
    if empty.empty:
        return Markdown("Something is measured at every level and life stage.")
    said = [
        f"{level} level at ages {words.joined(list(map(ages_in_words, rows['life_stage'])))}"
        for level, rows in empty.groupby("level", sort=False)
    ]
    return words.said(
        f"A factor is measured in **{len(matrix) - len(empty)} of {len(matrix)}** pairs of level "
        f"and life stage. Nothing is measured at {'; at '.join(said)}. What is not measured is not "
        "unimportant.",
        measured=len(matrix) - len(empty), cells=len(matrix),
    )  # fmt: skip


def matrix_title(matrix: pd.DataFrame) -> str:
    """Return a chart's title: in how many cells of level and life stage a factor is measured."""
    held = int((matrix["status"] == "measured").sum())
    title = f"A factor is measured in {held} of {len(matrix)} pairs of level and life stage"
    return words.Title(title, held=held, cells=len(matrix))


def profile_title(profile: pd.DataFrame) -> str:
    """Return a chart's title: how many indicators are worse or better, and how many not tested."""
    worse, better = (int((profile["judgement"] == side).sum()) for side in ("worse", "better"))
    compared = profile[["value", "benchmark_value"]].notna().all(axis=1)
    untested = int((compared & profile["lower_95_ci"].isna()).sum())
    title = (
        f"Compared with the benchmark, {worse} indicators are worse and {better or 'none'} better"
    )
    if untested:
        title += f"; {untested} could not be tested"
    return words.Title(title, worse=worse, better=better, untested=untested)


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
        return Markdown("No protective factor is measured: what protects is not seen here.")
    parts, tallies = [], {}
    for judged, names in rows.groupby("judgement", sort=False)["name"]:
        label = JUDGED.get(str(judged), str(judged))
        tallies[str(judged)] = len(names)
        named = words.joined([name[:1].lower() + name[1:] for name in names])
        parts.append(f"{len(names)} {label} ({named})")
    return words.said(
        f"Of {len(rows)} protective factors measured, beside the benchmark: {'; '.join(parts)}.",
        protective=len(rows), **tallies,
    )  # fmt: skip


def first_factors(priorities: pd.DataFrame) -> Markdown:
    """
    Name the factors that come first whatever chance and the weights make of the order.

    Parameters
    ----------
    priorities
        As `factors.priorities` returns them.
    """
    first = priorities.head(3)
    named = words.joined([f"{row['name'].lower()}" for row in first.to_dict("records")])
    low = int(first[["rank_lower_95_ci", "rank_best"]].min(axis=None))
    high = int(first[["rank_upper_95_ci", "rank_worst"]].max(axis=None))
    bare = int((priorities["note"] != "").sum())
    narrow = f" {bare} values have no interval, so chance is understated." if bare else ""
    return words.said(
        f"The factors that come first are **{named}**. Chance and other weights would place these "
        f"anywhere from {low} to {high} in an order of {len(priorities)}, which is there to be "
        f"discussed and is no finding by itself. Weights: {first['edition'].iloc[0]}.{narrow}",
        first=low, last=high, factors=len(priorities), without_interval=bare,
    )  # fmt: skip


def association(terms: pd.DataFrame, *, measure: str, factor: str) -> Markdown:
    """
    Say how the count of small areas goes with one factor, with the ecological line.

    Parameters
    ----------
    terms
        `terms` of `factors.associate`; its first row is told.
    factor
        The factor in words.
    """
    row = terms.iloc[0]
    if row["lower_95_ci"] > 1:
        said = "is more frequent"
    elif row["upper_95_ci"] < 1:
        said = "is less frequent"
    else:
        said = "is not clearly more or less frequent"
    return words.said(
        f"{words.sentence(measure)} {said} in small areas with more {factor}: **{row['value']:.2f} "
        f"times** for each standard deviation (95% interval {row['lower_95_ci']:.2f} to "
        f"{row['upper_95_ci']:.2f}), over {row['areas']:,} areas. {row['reading']}",
        **words.interval(row),
        areas=row["areas"],
    )
