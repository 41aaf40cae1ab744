"""What the assessment answers, what is being done, and whether it changed anything."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label
from vrn_analysis.methods.factors import ages_in_words
from vrn_analysis.say.findings import words

MOST_SAID = 3  # recommendations in a sentence


def duty_answered(
    checklist: pd.DataFrame, *, recommendations: pd.DataFrame | None = None
) -> Markdown:
    """
    Say what is recommended, and how much of what the duty asks is covered in full or in part.

    Parameters
    ----------
    checklist
        `asks, status`, as `prevention.duty_checklist` returns it.
    recommendations
        `text, owner, by`; None where the partnership has written none down.
    """
    status = checklist["status"]
    gaps = checklist.loc[status.str.startswith("gap"), "asks"]
    told = facts.made(
        answered=int((status == "covered").sum()), partly=int((status == "partly covered").sum()),
        asked=len(checklist), further=len(gaps) - MOST_SAID,
    )  # fmt: skip
    named = " ".join(f"“{Label(item)}”." for item in gaps.head(MOST_SAID))
    more = f" And {told.further} more." if told.further > 0 else ""
    rest = f" It does not cover these requirements: {named}{more}" if len(gaps) else ""
    also = f" and partly covers **{told.partly}**" if told.partly else ""
    return words.said(
        f"{_recommended(recommendations)} This assessment covers **{told.answered} of the "
        f"{told.asked}** requirements of the Serious Violence Duty in full{also}.{rest}"
    )


def _recommended(table: pd.DataFrame | None) -> str:
    if table is None or table.empty:
        return "The partnership has listed no recommendation yet."
    row, told = table.iloc[0], facts.made(made=len(table))
    text = Label(row["text"][:1].lower() + row["text"][1:])
    lead = f"makes {told.made} recommendations. First" if len(table) > 1 else "recommends"
    return f"The partnership {lead}: **{text}** ({_owned(row)})."


def recommended(table: pd.DataFrame) -> Markdown:
    """
    List the first recommendations with owner and date.

    Parameters
    ----------
    table
        `text, owner, by`, the first recommendation first.
    """
    lines = [
        f"- {Label(row['text'][:1].upper() + row['text'][1:])} ({_owned(row)})."
        for row in table.head(MOST_SAID).to_dict("records")
    ]
    return words.said("\n".join(lines))


def _owned(row: Mapping[str, Any]) -> str:
    by = pd.Timestamp(row["by"])
    return f"{Label(row['owner'])}, {Label(f'by {by.day} {by:%B %Y}')}"


def thinnest_prevention(matrix: pd.DataFrame) -> Markdown:
    """
    Say at which life stages nothing is done, by level of prevention.

    Parameters
    ----------
    matrix
        As `prevention.matrix` returns it.
    """
    sums = matrix.groupby(["prevention", "life_stage"], sort=False)["interventions"].sum()
    empty = sums[sums == 0].reset_index()
    told = facts.made(held=int((sums > 0).sum()), pairs=len(sums))
    title = f"{told.held} of {told.pairs} pairs of prevention and life stage have an intervention"
    said = [
        f"The partnership has listed no **{level} prevention** at ages {ages(rows['life_stage'])}."
        for level, rows in empty.groupby("prevention", sort=False)
    ]
    if not said:
        return words.said(
            "There is an intervention of each level of prevention at every life stage.", title=title
        )
    return words.said(
        f"{' '.join(said)} Check whether services exist that have not been listed.", title=title
    )


def ages(stages: pd.Series) -> str:
    """Return life stages as a list in words."""
    return words.joined(Label(ages_in_words(stage)) for stage in stages)


def local_effect(effects: pd.DataFrame) -> Markdown:
    """
    Say what changed where each local intervention was, by the interval.

    Parameters
    ----------
    effects
        `name, value, lower_95_ci, upper_95_ci`, as `evaluation.local_effects` returns them; with
        `placebos, placebo_p_value`, what was found where nothing was done stands beside it.
    """
    known = effects.dropna(subset="value")
    if known.empty:
        return words.said(
            "No local intervention has a place, dates and enough records to compare with other "
            "areas, so we cannot say whether any of them worked."
        )
    return words.said(" ".join(map(_effect, facts.rows(known))))


def _effect(row: pd.Series) -> str:
    moved = {"above": "rose", "below": "fell", "neither": "shows no clear change"}
    said = f"{words.beside(row, words.EVEN, **moved)} compared with the other areas"
    beside = ""
    if (placebos := row.get("placebos") or 0) > 0:
        # the area of the intervention is one of those compared
        as_far = round(row["placebo_p_value"] * (placebos + 1)) - 1
        told = facts.made(as_far=as_far, least=1 / (placebos + 1))
        beside = (
            f" We made the same comparison in {placebos:.0f} areas without the intervention: "
            f"{told.as_far} had a ratio as far from one (p {row['placebo_p_value']:.2f}; it "
            f"cannot be below {told.least:.2f})."
        )
    return (
        f"While **{row['name'].lower()}** ran, the count in its area {said}. It was "
        f"**{row['value']:.2f} times** the number expected from the change elsewhere "
        f"({words.interval(row, '{:.2f}'.format)}). Other things changed too, so this does not "
        f"show cause.{beside}"
    )
