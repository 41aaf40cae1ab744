"""Where a force stands among others, by the interval."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.findings import words


def _beside(rated: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame, str]:
    """Return the force, those it is set beside, and what they are called."""
    own = rated[rated["group"] == "This force"].iloc[0]
    similar = rated[rated["group"] == "Most similar group"]
    if len(similar):
        return own, similar, "forces of its most similar group"
    return own, rated[rated["group"] == "Other forces"], "other forces"


def _clear(own: pd.Series, beside: pd.DataFrame) -> tuple[int, int]:
    above = int((own["lower_95_ci"] > beside["upper_95_ci"]).sum())
    below = int((own["upper_95_ci"] < beside["lower_95_ci"]).sum())
    return above, below


def benchmark_title(rated: pd.DataFrame) -> str:
    """
    Return the title of a chart of forces: how many this one is clearly above and below.

    Parameters
    ----------
    rated
        As `benchmark` takes it.
    """
    own, beside, called = _beside(rated)
    above, below = _clear(own, beside)
    return words.Title(
        f"{own['area_name']} is clearly above {above} and below {below} of {len(beside)} {called}",
        above=above, below=below, others=len(beside),
    )  # fmt: skip


def benchmark(rated: pd.DataFrame, others: pd.DataFrame) -> Markdown:
    """
    Say where the force stands among others: listed codes, before exclusions.

    Parameters
    ----------
    rated
        `tables.comparable_forces` with the rate and interval of `rates.crude_rate`, per 1,000.
    others
        Every force of the file, as `assessment.other_forces` returns them.
    """
    own, beside, called = _beside(rated)
    above, below = _clear(own, beside)
    interval = f"95% interval {own['lower_95_ci']:.1f} to {own['upper_95_ci']:.1f}"
    sentence = (
        f"Listed codes, before exclusions: {own['area_name']} has **{own['value']:.1f}** per 1,000 "
        f"residents ({interval}), clearly above {above} and clearly below {below} of "
        f"{len(beside)} {called}."
    )
    if left := len(others) - len(rated):
        sentence += (
            f" {words.number(left)} of {len(others)} forces "
            f"{'is' if left == 1 else 'are'} left out: too few residents, or none, for a rate."
        )
    if residents := others.attrs.get("residents"):
        sentence += f" Residents are those of {residents}."
    counts = {"above": above, "below": below, "others": len(beside), "forces": len(others)}
    if held := others.attrs.get("listed"):
        share = 100 * held["listed"] / held["published"]
        counts |= {"listed": held["listed"], "published": held["published"], "share": share}
        sentence += _of_category(held, share)
    return words.said(sentence, **words.interval(own), **counts)


def _of_category(held: dict, share: float) -> str:
    """Say how much of the published category has a code of the definition."""
    rest = ": most of that category is not in the definition, even before its other rules"
    return (
        f" Of what it recorded as violence and sexual offences in {held['year']}, {share:.1f}% had "
        f"a listed code ({held['listed']:,} of {held['published']:,}){rest if share < 50 else ''}."
    )
