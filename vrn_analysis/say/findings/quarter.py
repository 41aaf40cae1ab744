"""The latest quarter beside the same quarter of the year before."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.count.assessment import REST
from vrn_analysis.say.findings import words
from vrn_analysis.say.findings.change import NO_CHANGE, care, compared, detectable, direction, moved

# the headers of a table of changes
LABELS = {
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
        return f"A count of {Label(measure)} is suppressed, so we cannot say how it changed."
    now = f"{words.count(change['count'])} in {change['period']}"
    return f"{words.sentence(measure)}: {now} and none in {change['earlier']}. No change is given."


def beside_earlier(changes: pd.DataFrame, *, measure: str, place: str = "") -> Markdown:
    """
    Say whether the latest period is above or below the earlier one, by its interval.

    Parameters
    ----------
    changes
        One row, as `trends.beside_earlier` returns it.
    measure
        What is counted.
    place
        Of which place, for the title of a chart.

    Returns
    -------
    sentence
        With both periods, the interval and the breaks that part them; where no change is clear,
        the smallest fall and rise that two such periods would have shown.
    """
    change = facts.of(changes.iloc[0])
    if pd.isna(change["value"]):
        title = f"{Label(place)}: the count of the latest year is suppressed"
        return words.said(_no_change(change, measure), title=title)
    said = direction(change)
    sentence = f"{moved(said, measure=measure)} in {change['period']}: {words.change(change)} "
    sentence += f"than in {change['earlier']}."
    if said == NO_CHANGE:
        sentence += f" {detectable(change['smallest_fall'], change['smallest_rise'])}"
    title = compared(change)
    title = f"{Label(place)}: {title[:1].lower()}{title[1:]}"
    return words.said(f"{sentence}{care(change['note'])}", title=title)


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
    table = shown[[*counted, "status", *change]]
    table.attrs["labels"] = LABELS
    return table


def changes(changes: pd.DataFrame, *, noun: str) -> Said:
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
        return Said(f"No {noun} has two counts that can be shown")
    up, down = (shown["lower_95_ci"] > 1).sum(), (shown["upper_95_ci"] < 1).sum()
    found = facts.made(rose=int(up), fell=int(down), shown=len(shown))
    if not up + down:
        return Said(f"No {noun} shows a clear change")
    parts = [f"{n} {verb}" for n, verb in ((found.rose, "rose"), (found.fell, "fell")) if n]
    return Said(f"Of {found.shown} {noun}s shown, {words.joined(parts)} clearly")


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
    rows = rates.set_index("area_name", drop=False)
    own, rest = (facts.of(rows.loc[place]) for place in (name, REST))
    if pd.isna(own["value"]) or pd.isna(rest["value"]):
        return words.said(
            f"The count of {Label(measure)} in {Label(name)} is suppressed, so no rate is given."
        )
    neither = "not clearly different from"
    said = words.beside(own, rest, above="**above**", below="**below**", neither=neither)
    return words.said(
        f"In {Label(name)} the rate of {Label(measure)} is {own['value']:.2f} {words.PER} "
        f"({words.interval(own, words.rate)}). That is {said} the rest of the area, at "
        f"{rest['value']:.2f} ({words.interval(rest, words.rate, lead=False)})."
    )
