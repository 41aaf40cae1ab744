"""The latest quarter beside the same quarter of the year before."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.assessment import REST
from vrn_analysis.findings import words
from vrn_analysis.findings.change import NO_CHANGE, care, direction, size

# the headers of a table of changes
CHANGE_LABELS = {
    "group": "Crime group",
    "earlier": "Beside",
    "count_before": "Count then",
    "value": "Change, %",
    "smallest_fall": "Smallest fall seen, %",
    "smallest_rise": "Smallest rise seen, %",
}


def _no_change(change: pd.Series, measure: str) -> str:
    """Return why a change is not computed."""
    if pd.isna(change["count"]) or pd.isna(change["count_before"]):
        return f"A count of {measure} is not shown, so no change is computed."
    now = f"{words.count(change['count'])} in {change['period']}"
    return f"Counted as {measure}: {now}, none in {change['earlier']}, so no change is computed."


def beside_earlier(changes: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Say whether the latest period is above or below the earlier one, by its interval.

    Parameters
    ----------
    changes
        One row, as `trends.beside_earlier` returns it.
    measure
        What is counted.

    Returns
    -------
    sentence
        With both periods, the interval and the breaks that part them; where no change is clear,
        the smallest fall and rise that two such periods would have shown.
    """
    change = changes.iloc[0]
    if pd.isna(change["value"]):
        return Markdown(_no_change(change, measure))
    said = direction(change)
    figures = words.changed(change)
    figures |= dict(change[["smallest_fall", "smallest_rise"]])
    if said != NO_CHANGE:
        return words.said(
            f"{words.sentence(measure)} **{said}** in {change['period']}: {size(change)} against "
            f"{change['earlier']}.{care(change['note'])}",
            **figures,
        )
    fall = change["smallest_fall"]
    falls = "No fall" if pd.isna(fall) else f"A fall of {fall:.0f}%"
    return words.said(
        f"**No clear change** in {measure} in {change['period']}: "
        f"{size(change)} against {change['earlier']}. {falls} or a rise of "
        f"{change['smallest_rise']:.0f}% would most likely have been seen, smaller changes mostly "
        f"not.{care(change['note'])}",
        **figures,
    )


def beside_earlier_title(changes: pd.DataFrame, *, place: str) -> str:
    """Return a chart's title: what the latest period shows of a place."""
    change = changes.iloc[0]
    if pd.isna(change["value"]):
        return f"{place}: the latest year is not shown"
    said = {"rose": "is above the year before", "fell": "is below the year before"}
    return f"{place}: the latest year {said.get(direction(change), 'shows no clear change')}"


def changes_shown(changes: Sequence[pd.DataFrame], *, by: str = "") -> pd.DataFrame:
    """
    Return changes as a reader needs them: both counts, and the change in per cent.

    Parameters
    ----------
    changes
        As `trends.beside_earlier` returns them; several are put below each other.
    by
        The column that comes first: what a row is of.
    """
    rows = pd.concat(changes, ignore_index=True)
    shown = rows.assign(
        value=rows["percent_change"],
        lower_95_ci=rows["percent_lower"],
        upper_95_ci=rows["percent_upper"],
    )
    # rows of groups are of the same two periods, which the caption names
    counted = (
        [by, "count", "count_before"] if by else ["period", "count", "earlier", "count_before"]
    )
    change = ["value", "lower_95_ci", "upper_95_ci", "smallest_fall", "smallest_rise"]
    return shown[[*counted, "status", *change]]


def changes_title(changes: pd.DataFrame, *, noun: str) -> str:
    """
    Return a chart's title: how many groups have clearly changed.

    Parameters
    ----------
    changes
        One row a group, as `trends.beside_earlier` returns them.
    noun
        What a row is, such as "district".
    """
    shown = changes.dropna(subset="value")
    if shown.empty:
        return f"No {noun} has two counts that can be shown"
    up, down = int((shown["lower_95_ci"] > 1).sum()), int((shown["upper_95_ci"] < 1).sum())
    if not up + down:
        return f"No {noun} shows a clear change"
    parts = [f"{n} {verb}" for n, verb in ((up, "rose"), (down, "fell")) if n]
    title = f"Of {len(shown)} {noun}s shown, {words.joined(parts)} clearly"
    return words.Title(title, shown=len(shown), rose=up, fell=down)


def area_beside_rest(rates: pd.DataFrame, *, name: str, measure: str) -> Markdown:
    """
    Say whether a place's rate lies above or below that of the rest, by both intervals.

    Parameters
    ----------
    rates
        A row of the place and one of the rest: `area_name, value, lower_95_ci, upper_95_ci`,
        protected.
    name
        The place.
    measure
        What is counted.
    """
    own, rest = (rates[rates["area_name"] == place].iloc[0] for place in (name, REST))
    if pd.isna(own["value"]) or pd.isna(rest["value"]):
        return Markdown(f"The count of {measure} in {name} is not shown, so no rate is computed.")
    said = "not clearly different from"
    if own["lower_95_ci"] > rest["upper_95_ci"]:
        said = "**above**"
    elif own["upper_95_ci"] < rest["lower_95_ci"]:
        said = "**below**"
    intervals = [f"{row['lower_95_ci']:.2f} to {row['upper_95_ci']:.2f}" for row in (own, rest)]
    return words.said(
        f"In {name} the rate of {measure} is {own['value']:.2f} per 1,000 residents a year (95% "
        f"interval {intervals[0]}), {said} that of the rest of the area, {rest['value']:.2f} "
        f"({intervals[1]}).",
        **words.interval(own),
        **{f"rest_{key}": value for key, value in words.interval(rest).items()},
    )
