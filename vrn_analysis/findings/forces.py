"""How a force compares with others, by the interval."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.findings import words
from vrn_analysis.tables import FEWEST_RESIDENTS


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


def benchmark_title(drawn: pd.DataFrame, *, covers: str = "") -> str:
    """
    Return the title of a chart of forces: of when, and how many this one is above and below.

    Parameters
    ----------
    drawn
        What is drawn: as `benchmark` takes it.
    covers
        The period of the figures, which need not be that of the run.
    """
    own, others, _ = _compared(drawn)
    above, below = _clear(own, others)
    return words.Title(
        f"{covers}{': ' * bool(covers)}{own['area_name']} was clearly above {above} and below "
        f"{below} of {len(others)} other forces",
        above=above, below=below, others=len(others),
    )  # fmt: skip


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
    interval = f"95% interval {own['lower_95_ci']:.1f} to {own['upper_95_ci']:.1f}"
    covers = others.attrs.get("covers", "")
    sentence = (
        f"Listed codes, before exclusions{', ' * bool(covers)}{covers}: {own['area_name']} had "
        f"**{own['value']:.1f}** per 1,000 residents ({interval}), clearly above {above} and "
        f"clearly below {below} of {len(compared)} {called}."
    )
    if unused := others.attrs.get("definition"):
        sentence += f" The codes are those of “{unused}”, which this assessment does not apply."
    if left := int((~(others["denominator"] >= FEWEST_RESIDENTS).fillna(False)).sum()):
        sentence += (
            f" {words.number(left)} of {len(others)} forces {'is' if left == 1 else 'are'} left "
            "out: too few residents, or none, for a rate."
        )
    if residents := others.attrs.get("residents"):
        sentence += f" Residents are those of {residents}."
    counts = {"above": above, "below": below, "others": len(compared), "forces": len(others)}
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
