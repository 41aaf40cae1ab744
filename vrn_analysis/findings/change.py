"""How much there is, and whether it rose, fell or shows no clear change."""

import numpy as np
import pandas as pd
from IPython.display import Markdown

from vrn_analysis import rates, times, trends
from vrn_analysis.findings import words
from vrn_analysis.sources import archives

NO_CHANGE = "no clear change"
TOO_SHORT = "The data do not show two full years"


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
    headline, *most = bounds["count"]
    sentence = f"**{words.count(headline)}** offences are counted as {measure}, {period}"
    figures = {"count": headline, "most": most[0] if most else headline}
    if rate is not None and rate["value"].notna().all():
        figures |= (row := words.interval(rate.iloc[0]))
        value, low, high = map(words.rate, row.values())
        sentence += f": **{value}** {per} (95% interval {low} to {high})"
    if most:
        sentence += f". If every undecided record counted, it would be **{words.count(most[0])}**"
    return words.said(f"{sentence}.", **figures)


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
    return f" There are no data for {archives.in_words(missing)}." if len(missing) else ""


def _latest_change(years: pd.DataFrame, spread: float) -> pd.Series:
    before, latest = years.iloc[-2], years.iloc[-1]
    return trends.change_between(
        int(before["count"]), 1, int(latest["count"]), 1,
        dispersion=spread if spread > 1 else None, count_error=int(latest["count_error"]),
    ).iloc[0]  # fmt: skip


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
        where it allows none, the smallest fall that two such years would have shown.
    """
    if len(years) < 2 or years["count"].tail(2).isna().any():
        return Markdown(
            f"{TOO_SHORT}, so we cannot say whether {measure} rose or fell.{_without(months)}"
        )
    before, latest = years.iloc[-2], years.iloc[-1]
    if not before["count"]:
        return Markdown(f"No {measure} was recorded in {before['period']}, so we give no change.")
    spread = _dispersion(months, offences_per_incident, breaks)
    change = _latest_change(years, spread)
    figures, said = words.changed(change), direction(change)
    sentence = (
        f"{words.sentence(measure)} **{'shows ' * (said == NO_CHANGE)}{said}** in "
        f"{latest['period']}: {size(change)} against the year before."
    )
    if said == NO_CHANGE:
        fall = trends.smallest_detectable_change(int(before["count"]), dispersion=spread)
        figures["smallest_fall"] = fall = fall["smallest_fall"].iloc[0]
        falls = "No fall" if pd.isna(fall) else f"A fall of {fall:.0f}% or more"
        sentence += f" {falls} would most likely have been seen."
    return words.said(sentence + care(_between(years, breaks)), **figures)


def size(change: pd.Series) -> str:
    """Return a change in per cent with its interval."""
    value, low, high = (change[f"percent_{name}"] for name in ("change", "lower", "upper"))
    end = words.percent(high) if np.isfinite(high) else "no upper limit"
    return f"{words.percent(value)} (95% interval {words.percent(low)} to {end})"


def direction(change: pd.Series) -> str:
    """Return what the interval of a change allows to say: rose, fell, or neither."""
    if change["lower_95_ci"] > 1:
        return "rose"
    return "fell" if change["upper_95_ci"] < 1 else NO_CHANGE


def _between(years: pd.DataFrame, breaks: pd.DataFrame | None) -> str:
    two = years.tail(2)
    last = two["first"] + pd.DateOffset(months=11)
    return trends.breaks_between(breaks, two.assign(last=last))


def care(note: str) -> str:
    """Return a sentence on the breaks that part what is compared, from a change's note, or ""."""
    parted = not note.startswith("no registered break")
    return f" Compare with care: the change is {note}." if parted else ""


def trend_title(
    years: pd.DataFrame,
    *,
    breaks: pd.DataFrame | None = None,
    months: pd.DataFrame | None = None,
    offences_per_incident: pd.Series | None = None,
) -> str:
    """Return a chart's title: what the two latest years show, in a few words."""
    if len(years) < 2 or years["count"].tail(2).isna().any():
        return _span_title(months)
    change = _latest_change(years, _dispersion(months, offences_per_incident, breaks))
    said = {"rose": "is above the year before", "fell": "is below the year before"}
    crossed = _between(years, breaks).startswith("across")
    return (
        f"The latest year {said.get(direction(change), 'shows no clear change')}"
        f"{', across a registered break' * crossed}"
    )


def _span_title(months: pd.DataFrame | None) -> str:
    """Return a title for months that make no two years: between what counts they lie."""
    shown = pd.Series(dtype="float") if months is None else months["count"].dropna()
    if shown.empty:
        return f"{TOO_SHORT} to compare"
    low, high = shown.min(), shown.max()
    title = f"Between {low:,.0f} and {high:,.0f} offences were recorded in each month shown"
    return words.Title(title, low=low, high=high)


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
        return Markdown(f"No trend of {measure} is fitted: it takes 24 months, every count shown.")
    fit = trends.fit_trend(months, breaks=breaks, across_breaks=True, across_gaps=True).iloc[0]
    change, low, high = (100 * (fit[name] - 1) for name in ("value", "lower_95_ci", "upper_95_ci"))
    change_said, low_said, high_said = map(words.percent, (change, low, high))
    said = f"{change_said} a year (95% interval {low_said} to {high_said})"
    if low <= 0 <= high:
        lead = f"**No clear trend** in {measure} over {len(months)} months: {said}"
    else:
        lead = f"{words.sentence(measure)} **{'rose' if low > 0 else 'fell'}** by {said}"
    return words.said(
        f"{lead}, with season taken out; {fit['note']}.", months=len(months),
        change=change, lower=low, upper=high,
    )  # fmt: skip


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
        return Markdown(
            f"The data do not show a full year, so we cannot say what change in {measure} two "
            f"years would detect.{_without(months)}"
        )
    spread = _dispersion(months, offences_per_incident, breaks)
    least = trends.smallest_detectable_change(int(latest), dispersion=spread).iloc[0]
    fall = least["smallest_fall"]
    falls = "no fall" if pd.isna(fall) else f"falls of {fall:.0f}%"
    return words.said(
        f"Two years of this size would show, four times in five, {falls} or rises of "
        f"{least['smallest_rise']:.0f}% and more; smaller changes would mostly go unseen. Counts "
        f"are taken to vary {spread:.1f} times as much as independent offences would: the greater "
        "of what successive months and offences of one incident show.",
        smallest_fall=fall, smallest_rise=least["smallest_rise"], dispersion=spread,
    )  # fmt: skip


def signals_title(control: pd.DataFrame) -> str:
    """Return a control chart's title: how many months are unusual."""
    found = int(control["signal"].notna().sum())
    if not found:
        return "No month is unusual"
    title = f"Months that are unusual: {found} of {len(control)}"
    if found > len(control) / 2:
        title = f"The monthly count is not stable: {found} of {len(control)} months are flagged"
    return words.Title(title, found=found, months=len(control))


def multiples_title(years: pd.DataFrame, *, by: str) -> str:
    """
    Return the title of small charts: the group with most offences, and its share of those shown.

    Parameters
    ----------
    years
        Protected; the column `by` and `count`.
    """
    sums = years.groupby(by)["count"].sum()
    if not sums.sum():
        return "No group has a count that can be shown"
    if len(sums) == 1:
        return f"Months of {sums.index[0].lower()}"
    most = sums.idxmax()
    share = 100 * sums[most] / sums.sum()
    return words.Title(f"{most}: about {share:.0f}% of the counts shown", share=share)
