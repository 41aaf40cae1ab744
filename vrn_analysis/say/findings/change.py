"""How much there is, and whether it rose, fell or shows no clear change."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.count import times
from vrn_analysis.methods import rates, trends
from vrn_analysis.read.police import archives
from vrn_analysis.say.findings import words

NO_CHANGE = "no clear change"
TOO_SHORT = "The data cover less than two full years"


def headline(
    bounds: pd.DataFrame,
    *,
    measure: str,
    period: str,
    rate: pd.DataFrame | None = None,
    per: str = words.PER,
) -> Markdown:
    """
    Say how much there is: count and rate IN and, after them, the count IN and UNKNOWN.

    Parameters
    ----------
    bounds
        Protected; the headline first and, where a definition was applied, the most it could be.
    rate
        One row of `value, lower_95_ci, upper_95_ci`; None where there is no count of residents.
    per
        What the rate is per: `run.per_residents`.
    """
    headline, *most = (row["count"] for row in facts.rows(bounds))
    what = f"counted as {Label(measure)}, {Label(period)}"
    sentence = f"**{words.count(headline)}** offences are {what}."
    figure = [words.count(headline), f"offences {what}"]
    if rate is not None and rate["value"].notna().all():
        row = facts.of(rate.iloc[0])
        sure = f"{Label(per)} ({words.interval(row, words.rate)})."
        sentence += f" That is **{words.rate(row['value'])}** {sure}"
        figure.append(f"{words.rate(row['value'])} {sure}")
    if most:
        total = f"**{words.count(most[0])}**"
        sentence += f" With all records that could not be classified, the total would be {total}."
        figure.append(f"Up to {words.count(most[0])} with records that could not be classified.")
    return words.said(sentence, figure=figure)


def _dispersion(
    months: pd.DataFrame | None,
    offences_per_incident: pd.Series | None,
    breaks: pd.DataFrame | None,
) -> float:
    """Return how much more than independent events counts vary: by incident, or by month."""
    spread = 1.0
    if offences_per_incident is not None and len(offences_per_incident):
        spread = max(spread, rates.dispersion_of_incidents(offences_per_incident))
    if months is None or months["count"].isna().any() or months.empty:
        return spread
    whole = times.unbroken(months)
    if len(whole) < 12:
        return spread
    counts = whole.set_index("month")["count"] if "month" in whole else whole["count"]
    return max(spread, rates.dispersion_of_series(counts, breaks=breaks))


def _without(months: pd.DataFrame | None) -> str:
    """Return which months have no data, to follow a sentence on what they prevent, or ""."""
    missing = archives.gaps(months["month"]) if months is not None and len(months) else []
    if not len(missing):
        return ""
    return f" There are no data for {Label(archives.in_words(missing))}."


def _latest_change(years: pd.DataFrame, spread: float) -> pd.Series:
    before, latest = years.iloc[-2], years.iloc[-1]
    change = trends.change_between(
        int(before["count"]), 1, int(latest["count"]), 1,
        dispersion=spread if spread > 1 else None, count_error=int(latest["count_error"]),
    )  # fmt: skip
    return facts.of(change.iloc[0])


def latest_year(
    years: pd.DataFrame,
    *,
    measure: str,
    breaks: pd.DataFrame,
    months: pd.DataFrame | None = None,
    offences_per_incident: pd.Series | None = None,
) -> Markdown:
    """
    Say how the latest twelve months compare with the twelve before.

    Parameters
    ----------
    years
        Protected; `period, first, count, count_error`, oldest first, as `times.whole_years` makes
        them.
    breaks
        Known breaks in the period, with `date`, `until` and `label`; those that part the
        months of the two years are named.
    months, offences_per_incident
        As for `smallest_change`; where given, the interval allows for counts that vary by more than
        independent offences would.

    Returns
    -------
    sentence
        The change in per cent with its 95% interval and the direction that the interval allows;
        where it allows none, the smallest fall that two such years would have shown. `title` is
        for the chart of the months.
    """
    if len(years) < 2 or years["count"].tail(2).isna().any():
        short = TOO_SHORT if len(years) < 2 else "The count of one of the two years is suppressed"
        return words.said(
            f"{short}, so we cannot say whether {Label(measure)} rose or fell.{_without(months)}",
            title=_span_title(months),
        )
    before, latest = (facts.of(years.iloc[at]) for at in (-2, -1))
    spread = _dispersion(months, offences_per_incident, breaks)
    change, note = _latest_change(years, spread), _between(years, breaks)
    crossed = ", across a known break" * note.startswith("across")
    title = f"{compared(change)}{crossed}"
    if not before["count"]:
        none = f"No {Label(measure)} was recorded in {before['period']}"
        return words.said(f"{none}, so we cannot say by how much it changed.", title=title)
    said = direction(change)
    figure = [
        "No clear change" if said == NO_CHANGE else words.higher(change["percent_change"]),
        f"in {latest['period']}, compared with the year before",
        f"{words.change(change)}.{care(note)}",
    ]
    sentence = f"{moved(said, measure=measure)} in {latest['period']}. The count was "
    sentence += f"{words.change(change)} than in the year before."
    if said == NO_CHANGE:
        least = trends.smallest_detectable_change(int(before["count"]), dispersion=spread)
        sentence += f" {detectable(facts.of(least.iloc[0])['smallest_fall'])}"
    return words.said(sentence + care(note), title=title, figure=figure)


def moved(said: str, *, measure: str) -> str:
    """Return what rose, fell, or did not clearly change."""
    clear = f"{words.sentence(measure)} **{said}**"
    return clear if said != NO_CHANGE else f"There is **{said}** in {Label(measure)}"


def detectable(fall: float, rise: float | None = None) -> str:
    """Return what change two such periods would have shown."""
    if pd.isna(fall):
        rises = f" a rise of {rise:.0f}% or more, but no" if rise is not None else " no"
        return f"We would probably have detected{rises} fall."
    more = "" if rise is None else f" or a rise of {rise:.0f}%"
    return f"We would probably have detected a fall of {fall:.0f}%{more} or more."


def direction(change: pd.Series) -> str:
    """Return what the interval of a change allows to say: rose, fell, or neither."""
    return words.beside(change, words.EVEN, above="rose", below="fell", neither=NO_CHANGE)


def _between(years: pd.DataFrame, breaks: pd.DataFrame | None) -> str:
    two = years.tail(2)
    last = two["first"] + pd.DateOffset(months=11)
    return trends.breaks_between(breaks, two.assign(last=last))


def care(note: str) -> str:
    """Return a sentence on the breaks that part what is compared, from a change's note, or ""."""
    if note.startswith("no registered break"):
        return ""
    named = note.partition(": ")[2]
    changed = f"Recording or circumstances changed: {Label(named)}" if named else f"It was {note}"
    return f" Compare with care. {changed}."


def compared(change: pd.Series) -> str:
    """Return what the latest year shows beside the year before, for a chart's title."""
    said = {"rose": "is above the year before", "fell": "is below the year before"}
    return f"The latest year {said.get(direction(change), 'shows no clear change')}"


def _span_title(months: pd.DataFrame | None) -> Said:
    """Return a title for months that make no two years: between what counts they lie."""
    shown = pd.Series(dtype="float") if months is None else months["count"].dropna()
    if shown.empty:
        return Said(f"{TOO_SHORT}, which is too short to compare")
    ends = facts.made(lowest=shown.min(), highest=shown.max())
    if ends.lowest == ends.highest:
        return Said(f"{ends.lowest} offences were recorded in each month shown")
    return Said(f"Between {ends.lowest} and {ends.highest} offences were recorded each month")


def yearly_trend(months: pd.DataFrame, *, measure: str, breaks: pd.DataFrame) -> Markdown:
    """
    Say by how much the series changes a year, or why no trend is fitted.

    Parameters
    ----------
    months
        Protected; `month, count`.
    breaks
        Known breaks; those within the series are fitted as steps, and named.
    """
    if months["count"].isna().any() or len(months) < 24 or not months["count"].sum():
        return words.said(
            f"No trend of {Label(measure)} is fitted: it takes 24 months, every count shown."
        )
    fit = trends.fit_trend(months, breaks=breaks, across_breaks=True, across_gaps=True).iloc[0]
    ratios = zip(("change", "lower", "upper"), ("value", *words.LIMITS), strict=True)
    yearly = {f"percent_{name}": 100 * (fit[column] - 1) for name, column in ratios}
    row = vars(facts.made(**yearly, months=len(months)))
    low, high = (row[f"percent_{end}"] for end in ("lower", "upper"))
    said = f"{words.change(row)} each year, allowing for season"
    if low <= 0 <= high:
        lead = f"**No clear trend** in {Label(measure)} over {row['months']} months"
    else:
        lead = f"{words.sentence(measure)} **{'rose' if low > 0 else 'fell'}** over "
        lead += f"{row['months']} months"
    crossed = care(fit["note"]) or " No known break falls in these months."
    return words.said(f"{lead}: {said}.{crossed}")


def smallest_change(
    years: pd.DataFrame,
    *,
    measure: str,
    months: pd.DataFrame,
    offences_per_incident: pd.Series,
    breaks: pd.DataFrame | None = None,
) -> Markdown:
    """
    Say what change two years would have shown, given how much more than chance counts vary.

    Parameters
    ----------
    years, months
        Protected; `count`, oldest first.
    offences_per_incident
        The sizes of incidents, as `tables.group_sizes` returns them.
    breaks
        Known breaks: the months behind each have a level of their own.

    Notes
    -----
    The dispersion is the greater of that of incidents and that of the months about their trend
    and season.
    """
    latest = years["count"].iloc[-1] if len(years) else pd.NA
    if pd.isna(latest) or not len(offences_per_incident):
        return words.said(
            f"The data do not cover a full year, so we cannot say what change in {Label(measure)} "
            f"two years would show.{_without(months)}"
        )
    spread = _dispersion(months, offences_per_incident, breaks)
    least = facts.of(trends.smallest_detectable_change(int(latest), dispersion=spread).iloc[0])
    return words.said(
        f"With two years of this size, "
        f"{_small(detectable(least['smallest_fall'], least['smallest_rise']))} We allow for counts "
        f"that vary {facts.made(dispersion=spread).dispersion:.1f} times as much as independent "
        "offences would."
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def signals(control: pd.DataFrame) -> Said:
    """Return a control chart's title: how many months are unusual."""
    found = facts.made(unusual=int(control["signal"].notna().sum()), months=len(control))
    if not found.unusual:
        return Said("No month is unusual")
    if found.unusual > found.months / 2:
        title = "The monthly count is not stable:"
        return Said(f"{title} {found.unusual} of {found.months} months are unusual")
    are = "month is" if found.unusual == 1 else "months are"
    return Said(f"{words.number(found.unusual)} of {found.months} {are} unusual")


def multiples(years: pd.DataFrame, *, by: str) -> Said:
    """
    Return the title of small charts: the group with most offences, and its share of those shown.

    Parameters
    ----------
    years
        Protected; the column `by` and `count`.
    """
    sums = years.groupby(by)["count"].sum()
    if not sums.sum():
        return Said("No group has a count that can be shown")
    if len(sums) == 1:
        return Said(f"Monthly offences: {Label(sums.index[0].lower())}")
    share = facts.made(share=100 * sums.max() / sums.sum()).share
    return Said(f"{Label(sums.idxmax())}: about {share:.0f}% of the offences shown")
