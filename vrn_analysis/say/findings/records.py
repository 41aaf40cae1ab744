"""What the records are good for, and what the definition makes of them."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.definition import Definition, describe
from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.say.findings import words


def reach(abilities: pd.DataFrame, *, measure: str, period: str) -> Markdown:
    """
    Say what a run counts, and how much of an assessment its data can fill.

    Parameters
    ----------
    abilities
        One row an ability, with `in this run` "yes" or "no".
    """
    told = facts.made(can=int((abilities["in this run"] == "yes").sum()), parts=len(abilities))
    rest = (
        "all sections of the assessment"
        if told.can == told.parts
        else f"{told.can} of the {told.parts} parts of the assessment"
    )
    return words.said(
        f"This assessment counts **{Label(measure)}**, {Label(period)}. The data supplied can fill "
        f"**{rest}**. Small counts are suppressed."
    )


def completeness(missing: pd.DataFrame) -> Said:
    """Return a chart's title: whether any field in any month is more than a tenth missing."""
    shown = missing.dropna(subset="value")
    poor = shown.loc[shown["lower_95_ci"] > 0.1, "field"].unique()
    found = facts.made(poor=len(poor), fields=shown["field"].nunique())
    if not found.poor:
        return Said("No field is clearly more than a tenth empty in any month")
    more = "more than a tenth empty in some month"
    if found.fields == 1:
        return Said(f"{Label(poor[0])}: {more}")
    return Said(f"{words.number(found.poor)} of {found.fields} fields: {more}")


def largest_step(steps: pd.DataFrame) -> Markdown:
    """
    Say how many records count, and which reasons keep most out.

    Parameters
    ----------
    steps
        The waterfall, protected: `reason, outcome, count`.
    """
    of = {row["outcome"]: row["count"] for row in facts.rows(steps.drop_duplicates("outcome"))}
    out = steps[steps["outcome"] == "OUT"].sort_values("count", ascending=False)
    reasons = [
        f"“{row['reason'].lower()}” ({words.count(row['count'])})"
        for row in facts.rows(out.head(2))
    ]
    most = f" The main reasons for exclusion are {words.joined(reasons)}." if reasons else ""
    title = "The share of the records that is counted is suppressed"
    if not pd.isna(of["All"]) and not pd.isna(of["IN"]):
        share = facts.made(share=100 * of["IN"] / of["All"]).share
        title = f"About {share:.0f}% of the records read are counted"
    return words.said(
        f"Of {words.count(of['All'])} records, **{words.count(of['IN'])}** are counted.{most}",
        title=title,
    )


def bounds(headline: pd.DataFrame) -> Said:
    """
    Return a chart's title: by how much the unknown could raise the count at most.

    Parameters
    ----------
    headline
        Protected: `outcome` (IN, and IN + UNKNOWN) and `count`. Groups of it can be hidden, and
        what is left of them would add up to too little.
    """
    counts = headline.set_index("outcome")["count"]
    sure, most = counts["IN"], counts["IN + UNKNOWN"]
    if pd.isna(sure) or pd.isna(most) or not sure:
        return Said("The effect of records that could not be classified cannot be shown")
    share = facts.made(share=100 * (most - sure) / sure).share
    return Said(f"Records that could not be classified could add up to {share:.0f}%")


def sensitivity(effects: pd.DataFrame) -> Said:
    """Return a chart's title: the rule that moves the count most."""
    change = (effects["count"] - effects["count"].iloc[0]).abs().astype("float")
    if change.isna().all():
        raise NotEnoughError("No effect of a changed rule can be shown: the counts are suppressed.")
    most = effects.loc[change.idxmax(), "switch"]
    return Said(f"Largest effect: {Label(most[:1].lower() + most[1:])}")


def definition_said(definition: Definition) -> Markdown:
    """
    Say in one sentence what is counted.

    Parameters
    ----------
    definition
        The definition of the run; the first of its notes says it in plain words.
    """
    plain = f" {Label(definition.notes[0])}" if definition.notes else ""
    listed = facts.made(classes=len(definition.classes)).classes
    return words.said(
        f"The definition is *{Label(definition.title)}*. It lists {listed} classes of offence."
        f"{plain}"
    )


def definition_rules(definition: Definition) -> Markdown:
    """Return every rule of a definition in plain English, written from its file."""
    # the numbers of a definition are codes, ages and dates
    _, rules = describe(definition).split("\n", 1)
    return words.said(f"{Label(rules)}")
