"""How much there is, and whether it rose, fell or shows no clear change."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis import trends
from vrn_analysis.findings import words


def headline(bounds: pd.DataFrame, *, measure: str, period: str) -> Markdown:
    """
    Say how much there is: the count IN and, beside it, IN and UNKNOWN.

    Parameters
    ----------
    bounds
        Protected; the headline first and, where a definition was applied, the most it could be.
    """
    headline, *most = bounds["count"]
    sentence = f"**{words.count(headline)}** offences are counted as {measure}, {period}."
    if most:
        sentence += f" Records that cannot be decided could raise it to **{words.count(most[0])}**."
    return Markdown(sentence)


def latest_year(years: pd.DataFrame, *, measure: str, breaks: pd.DataFrame) -> Markdown:
    """
    Say how the latest twelve months compare with the twelve before.

    Parameters
    ----------
    years
        Protected; `period, first, count, count_error`, oldest first, as `times.whole_years` makes
        them.
    breaks
        Known breaks in the period, with `date`, `until` and `label`; those that fall within the two
        years are named.

    Returns
    -------
    sentence
        The change in per cent with its 95% interval and the direction that the interval allows;
        where it allows none, the smallest fall that two such years would have shown.
    """
    if len(years) < 2 or years["count"].tail(2).isna().any():
        return Markdown(f"Two whole years of {measure} are not shown, so no change is computed.")
    before, latest = years.iloc[-2], years.iloc[-1]
    change = trends.change_between(
        int(before["count"]), 1, int(latest["count"]), 1, count_error=int(latest["count_error"])
    ).iloc[0]
    size = (
        f"{change['percent_change']:+.0f}% (95% interval {change['percent_lower']:+.0f}% to "
        f"{change['percent_upper']:+.0f}%)"
    )
    if change["lower_95_ci"] > 1 or change["upper_95_ci"] < 1:
        direction = "rose" if change["lower_95_ci"] > 1 else "fell"
        sentence = f"{words.sentence(measure)} **{direction}** in {latest['period']}: {size}"
        sentence += " against the year before."
    else:
        least = trends.smallest_detectable_change(int(before["count"]))["smallest_fall"].iloc[0]
        sentence = (
            f"**No clear change** in {measure} in {latest['period']}: {size} against the year "
            f"before; two such years would have shown a fall of {least:.0f}% or more."
        )
    return Markdown(sentence + _breaks_since(breaks, before["first"]))


def _breaks_since(breaks: pd.DataFrame, first: pd.Timestamp) -> str:
    end = breaks["until"].fillna(breaks["date"])
    named = breaks.loc[end >= first, "label"].tolist()
    return (
        f" Compare with care: {words.joined(named).lower()} falls in these years." if named else ""
    )


def trend_title(years: pd.DataFrame) -> str:
    """Return a chart's title: what the two latest years show, in a few words."""
    if len(years) < 2 or years["count"].tail(2).isna().any():
        return "The trend is not shown for two whole years"
    before, latest = years.iloc[-2], years.iloc[-1]
    change = trends.change_between(
        int(before["count"]), 1, int(latest["count"]), 1, count_error=int(latest["count_error"])
    ).iloc[0]
    if change["lower_95_ci"] > 1:
        return "The latest year is above the year before"
    if change["upper_95_ci"] < 1:
        return "The latest year is below the year before"
    return "The latest year shows no clear change"
