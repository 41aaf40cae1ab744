"""How a force compares with others, by the interval."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label
from vrn_analysis.count.tables import FEWEST_RESIDENTS
from vrn_analysis.say.findings import words


def _compared(rated: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame, str]:
    """Return the force, those it is compared with, and what they are called."""
    own = rated[rated["group"] == "This force"].iloc[0]
    others = rated[rated["group"] != "This force"]
    if (others["group"] == "Most similar group").any():
        similar = others[others["group"] == "Most similar group"]
        return own, similar, "forces of its published most similar group"
    return own, others, "forces nearest in number of residents (not a published similar group)"


def _clear(own: pd.Series, others: pd.DataFrame) -> tuple[int, int]:
    above = int((own["lower_95_ci"] > others["upper_95_ci"]).sum())
    below = int((own["upper_95_ci"] < others["lower_95_ci"]).sum())
    return above, below


def benchmark(drawn: pd.DataFrame, others: pd.DataFrame) -> Markdown:
    """
    Say how the force compares with others: of when, by which codes, and whom it is compared with.

    Parameters
    ----------
    drawn
        `tables.compared_forces` with the rate and interval of `rates.crude_rate`, per 1,000.
    others
        Every force of the file, as `assessment.other_forces` returns them.
    """
    own, compared, called = _compared(drawn)
    above, below = _clear(own, compared)
    left = int((~(others["denominator"] >= FEWEST_RESIDENTS).fillna(False)).sum())
    told = facts.made(
        above=above, below=below, others=len(compared), forces=len(others), without_rate=left
    )
    row, covers = facts.of(own), Label(others.attrs.get("covers", ""))
    sentence = (
        f"Listed codes, before exclusions{', ' * bool(covers)}{covers}: {row['area_name']} had "
        f"**{row['value']:.1f}** per 1,000 residents ({words.interval(row, words.ratio)}). This "
        f"was clearly above {told.above} and clearly below {told.below} of {told.others} {called}."
    )
    if unused := others.attrs.get("definition"):
        sentence += f" The codes are those of “{Label(unused)}”, which we do not apply here."
    if left:
        are = "force is" if left == 1 else "forces are"
        sentence += (
            f" {words.number(told.without_rate)} of {told.forces} {are} left out because they have "
            "too few residents, or none, for a rate."
        )
    if residents := others.attrs.get("residents"):
        sentence += f" Residents are those of {Label(residents)}."
    if held := others.attrs.get("listed"):
        sentence += _of_category(held)
    return words.said(
        sentence,
        title=f"{row['area_name']} was clearly above {told.above} and below {told.below} of "
        f"{told.others} other forces{', ' * bool(covers)}{covers}",
    )


def _of_category(held: dict) -> str:
    """Say how much of the published category has a code of the definition."""
    counts = {name: held[name] for name in ("listed", "published")}
    told = facts.made(**counts, share=100 * held["listed"] / held["published"])
    rest = " Most of that category is not in the definition, even before its other rules."
    return (
        f" Of the violence and sexual offences it recorded in {Label(held['year'])}, "
        f"{told.share:.1f}% had a listed code ({told.listed:,} of {told.published:,})."
        f"{rest if told.share < 50 else ''}"
    )
