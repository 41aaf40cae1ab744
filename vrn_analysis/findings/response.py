"""What the assessment answers, what is being done, and whether it changed anything."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.factors import ages_in_words
from vrn_analysis.findings import words

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
    answered, partly = (int((checklist["status"] == name).sum()) for name in ("answered", "partly"))
    open_items = checklist.loc[checklist["status"].str.startswith("gap"), "asks"]
    gaps = "; ".join(f"{item[:1].lower()}{item[1:]}" for item in open_items.head(3))
    more = f"; and {len(open_items) - 3} more" if len(open_items) > 3 else ""
    rest = f" Not covered: {gaps}{more}." if len(open_items) else ""
    also = f" and partly covers **{partly}**" if partly else ""
    return words.said(
        f"{_recommended(recommendations)} This assessment covers **{answered} of the "
        f"{len(checklist)}** requirements of the Serious Violence Duty in full{also}.{rest}",
        answered=answered, partly=partly, asked=len(checklist),
        further=max(len(open_items) - 3, 0),
        recommended=0 if recommendations is None else len(recommendations),
    )  # fmt: skip


def _recommended(table: pd.DataFrame | None) -> str:
    if table is None or table.empty:
        return "The partnership has listed no recommendation yet."
    said = []
    for row in table.head(MOST_SAID).to_dict("records"):
        by = pd.Timestamp(row["by"])
        text = row["text"][:1].lower() + row["text"][1:]
        said.append(f"**{text}** ({row['owner']}, by {by.day} {by:%B %Y})")
    rest = f"; and {len(table) - MOST_SAID} more" if len(table) > MOST_SAID else ""
    return f"Recommended: {'; '.join(said)}{rest}."


def prevention_title(matrix: pd.DataFrame) -> str:
    """Return a chart's title: how many cells of the prevention matrix hold an intervention."""
    keys = ["prevention", "life_stage"]
    held = int((matrix.groupby(keys)["interventions"].sum() > 0).sum())
    kinds = matrix.groupby(keys).ngroups
    title = f"{held} of {kinds} pairs of prevention and life stage have an intervention"
    return words.Title(title, held=held, kinds=kinds)


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
    said = [
        f"{level} prevention at ages {words.joined(list(map(ages_in_words, rows['life_stage'])))}"
        for level, rows in empty.groupby("prevention", sort=False)
    ]
    if not said:
        return Markdown("There is an intervention of each level of prevention at every life stage.")
    return Markdown(
        f"The partnership has listed no **{'; '.join(said)}**. Check whether services exist that "
        "nobody has listed."
    )


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
        return Markdown(
            "No local intervention has a place, dates and enough records to be set beside the "
            "areas without it, so nothing here says whether any of them worked."
        )
    return Markdown(" ".join(_effect(row) for row in known.to_dict("records")))


def _effect(row: dict) -> str:
    interval = f"95% interval {row['lower_95_ci']:.2f} to {row['upper_95_ci']:.2f}"
    if row["upper_95_ci"] < 1:
        said = "fell beside the other areas"
    elif row["lower_95_ci"] > 1:
        said = "rose beside the other areas"
    else:
        said = "shows no clear change beside the other areas"
    beside = ""
    if (placebos := row.get("placebos") or 0) > 0:
        # the area of the intervention is one of those compared
        as_far = round(row["placebo_p_value"] * (placebos + 1)) - 1
        beside = (
            f" The same comparison in {placebos:.0f} areas where nothing was done gave a ratio as "
            f"far from 1 in {as_far} of them (p {row['placebo_p_value']:.2f}; it cannot be below "
            f"{1 / (placebos + 1):.2f})."
        )
    return (
        f"While **{row['name'].lower()}** ran, the count in its area {said}: it was "
        f"**{row['value']:.2f} times** what their change would have made it ({interval}). Other "
        f"things changed too, so this is no proof.{beside}"
    )
