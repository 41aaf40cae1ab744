"""How good the records are, in sentences: the statement, and the titles of its charts."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.say.findings import words

# in the order a reader looks for them
WORST_FIRST = ("Red", "Amber", "Green")


def data_quality(summary: pd.DataFrame) -> Markdown:
    """
    Say how many aspects are red, amber and green, and name the red ones.

    Parameters
    ----------
    summary
        As `quality.summary` returns it: `aspect, rating, finding`.
    """
    named = {
        rating: summary.loc[summary["rating"] == rating, "aspect"].str.lower().tolist()
        for rating in WORST_FIRST
    }
    counts = vars(facts.made(**{rating: len(names) for rating, names in named.items()}))
    aspects = facts.made(aspects=len(summary)).aspects
    worst = next(rating for rating in WORST_FIRST if named[rating])
    if worst == "Green":
        return words.said(f"All **{aspects}** aspects of data quality are **green**.")
    parts = [
        f"{'**' * (r == worst)}{counts[r]} {'is' if counts[r] == 1 else 'are'} {r.lower()}"
        f"{'**' * (r == worst)}"
        for r in WORST_FIRST
        if counts[r]
    ]
    parts[0] += f" ({words.joined(map(Label, named[worst]))})"
    return words.said(f"Of {aspects} aspects of data quality, {words.joined(parts)}.")


def delay(delays: pd.DataFrame) -> Said:
    """
    Return a chart's title: the share recorded on the same day, and after more than a month.

    Parameters
    ----------
    delays
        Protected; `delay, value` in per cent.
    """
    share = delays.set_index("delay")["value"]
    late = share[["32 to 365 days", "Over a year"]].sum(min_count=2)
    if pd.isna(share["Same day"]) or pd.isna(late):
        return Said("Days between the event and its record")
    told = facts.made(same_day=share["Same day"], late=late)
    return Said(
        f"{told.same_day:.0f}% are recorded on the day, {told.late:.1f}% after more than a month"
    )


def full_hours(hours: pd.DataFrame) -> Said:
    """
    Return a chart's title: which full hours are written more often than others.

    Parameters
    ----------
    hours
        Protected; `clock, value, lower_99_8_ci`.
    """
    heaped = hours.loc[hours["lower_99_8_ci"] > hours["value"].median(), "clock"].tolist()
    if not heaped:
        return Said("No full hour is recorded clearly more often than the others")
    named = words.joined(map(Label, heaped))
    return Said(f"Exactly {named} is recorded more often than chance would produce")


def confidence(confidence: pd.DataFrame) -> Said:
    """
    Return a chart's title: what share of the records has a point with nothing against it.

    Parameters
    ----------
    confidence
        Protected; `confidence, value` in per cent, the kind with nothing against it last.
    """
    best = facts.of(confidence.iloc[-1])
    if pd.isna(best["value"]):
        return Said("Quality of the locations recorded")
    return Said(f"{best['confidence']}: {best['value']:.0f}% of the records")
