"""How good the records are, in sentences: the statement, and the titles of its charts."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.findings import words

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
    counts = {rating: len(names) for rating, names in named.items()}
    worst = next(rating for rating in WORST_FIRST if named[rating])
    others = [f"{counts[r]} are {r.lower()}" for r in WORST_FIRST if r != worst and counts[r]]
    if worst == "Green":
        return Markdown(f"All **{len(summary)}** aspects of data quality are **green**.")
    verb = "is" if counts[worst] == 1 else "are"
    number = words.number(counts[worst]).lower()
    return Markdown(
        f"Of {len(summary)} aspects of data quality, **{number} {verb} {worst.lower()}** "
        f"({words.joined(named[worst])})"
        f"{f', {words.joined(others)}' if others else ''}."
    )


def delay_title(delays: pd.DataFrame) -> str:
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
        return "Days between the event and its record"
    title = f"{share['Same day']:.0f}% are recorded on the day, {late:.1f}% after more than a month"
    return words.Title(title, same_day=share["Same day"], late=late)


def full_hours_title(hours: pd.DataFrame) -> str:
    """
    Return a chart's title: which full hours are written more often than others.

    Parameters
    ----------
    hours
        Protected; `clock, value, lower_99_8_ci`.
    """
    heaped = hours.loc[hours["lower_99_8_ci"] > hours["value"].median(), "clock"].tolist()
    if not heaped:
        return "No full hour is written clearly more often than the others"
    return f"Exactly {words.joined(heaped)} is written more often than chance allows"


def confidence_title(confidence: pd.DataFrame) -> str:
    """
    Return a chart's title: what share of the records has a point with nothing against it.

    Parameters
    ----------
    confidence
        Protected; `confidence, value` in per cent, the kind with nothing against it last.
    """
    best = confidence.iloc[-1]
    if pd.isna(best["value"]):
        return "How far the points of the records can be trusted"
    return f"{best['confidence']}: {best['value']:.0f}% of the records"


def reporting_title(grid: pd.DataFrame) -> str:
    """
    Return a chart's title: how many sites were silent in some month.

    Parameters
    ----------
    grid
        `site_code, reported`, a row a site and month.
    """
    silent = grid.loc[~grid["reported"], "site_code"].nunique()
    sites = grid["site_code"].nunique()
    if not silent:
        return f"All {sites} sites reported in every month"
    return f"{words.number(silent)} of {sites} sites sent nothing in some month"
