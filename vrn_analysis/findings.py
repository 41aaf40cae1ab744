"""
Sentences computed from results: the direction follows the interval, never the point.

Each function takes a protected table and returns one sentence as markdown, so that nobody types a
number into a notebook.
"""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis import trends
from vrn_analysis.tables import ALL, NOT_LOCATED

WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def _count(number: int) -> str:
    return WORDS[number] if number < len(WORDS) else f"{number:,}"


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _shown(value: float) -> str:
    return "a suppressed number of" if pd.isna(value) else f"{value:,.0f}"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(bounds: pd.DataFrame, *, measure: str, period: str) -> Markdown:
    """
    Say how much there is: the count IN and, beside it, IN and UNKNOWN.

    Parameters
    ----------
    bounds
        Protected; rows with `bound` "IN" and, where a definition was applied, "IN + UNKNOWN".
    """
    counts = bounds.set_index("bound")["count"]
    sentence = f"**{_shown(counts['IN'])}** offences of {measure} are counted, {period}."
    if "IN + UNKNOWN" in counts:
        sentence += (
            f" Records that cannot be decided could raise it to "
            f"**{_shown(counts['IN + UNKNOWN'])}**."
        )
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
        Known breaks in the period, with `from`, `to` and `label`; those that fall within the two
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
        sentence = f"{_start(measure)} **{direction}** in {latest['period']}: {size}"
        sentence += " against the year before."
    else:
        least = trends.smallest_detectable_change(int(before["count"]))["smallest_fall"].iloc[0]
        sentence = (
            f"**No clear change** in {measure} in {latest['period']}: {size} against the year "
            f"before; two such years would have shown a fall of {least:.0f}% or more."
        )
    return Markdown(sentence + _breaks_since(breaks, before["first"]))


def _breaks_since(breaks: pd.DataFrame, first: pd.Timestamp) -> str:
    end = breaks["to"].fillna(breaks["from"])
    named = breaks.loc[end >= first, "label"].tolist()
    return f" Compare with care: {_join(named).lower()} falls in these years." if named else ""


def highest_rates(rates: pd.DataFrame, *, measure: str, place: str = "district") -> Markdown:
    """
    Say which areas are above the rate of the whole area, by their intervals.

    Parameters
    ----------
    rates
        `area_name, value, lower_95_ci, upper_95_ci` with a row "All".
    """
    whole = rates.loc[rates["area_name"] == ALL].iloc[0]
    areas = rates[~rates["area_name"].isin([ALL, NOT_LOCATED])]
    above = areas[areas["lower_95_ci"] > whole["value"]].sort_values("value", ascending=False)
    basis = f"the rate of the whole area, {whole['value']:.1f} per 1,000 residents a year"
    if above.empty:
        return Markdown(f"No {place}'s interval of {measure} lies above {basis}.")
    first = above.iloc[0]
    verb = "is" if len(above) == 1 else "are"
    noun = place if len(above) == 1 else f"{place}s"
    return Markdown(
        f"**{_count(len(above))}** of {len(areas)} {place}s {verb} above {basis}: the {noun} of "
        f"{_join(above['area_name'].tolist())}; {first['area_name']} has {first['value']:.1f} "
        f"(95% interval {first['lower_95_ci']:.1f} to {first['upper_95_ci']:.1f})."
    )


def gradient(quintiles: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Say how the rate in the most deprived fifth compares with the least deprived.

    Parameters
    ----------
    quintiles
        `quintile` (1 is most deprived), `count, denominator, count_error`, protected.
    """
    both = quintiles.dropna(subset="count").sort_values("quintile")
    if len(both) < 2:
        return Markdown(f"Too few areas are shown to compare {measure} by deprivation.")
    most, least = both.iloc[0], both.iloc[-1]
    ratio = trends.change_between(
        int(least["count"]),
        least["denominator"],
        int(most["count"]),
        most["denominator"],
        count_error=int(most["count_error"]),
    ).iloc[0]
    return Markdown(
        f"The rate of {measure} in the most deprived areas (quintile {most['quintile']}) is "
        f"**{ratio['value']:.1f} times** that in the least deprived ({least['quintile']}); "
        f"95% interval {ratio['lower_95_ci']:.1f} to {ratio['upper_95_ci']:.1f}. This is about "
        "areas, not about the people who live in them, and it is no cause."
    )


def few_places(shares: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Say in how few small areas half of the offences are.

    Parameters
    ----------
    shares
        One row with `share` of areas, `lower_95_ci`, `upper_95_ci`, in percent.
    """
    one = shares.iloc[0]
    return Markdown(
        f"Half of {measure} is in **{one['share']:.0f}%** of small areas (95% interval "
        f"{one['lower_95_ci']:.0f}% to {one['upper_95_ci']:.0f}%)."
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


def highest_rates_title(rates: pd.DataFrame, *, place: str = "district") -> str:
    """Return a chart's title: how many areas lie above the rate of the whole area."""
    whole = rates.loc[rates["area_name"] == ALL, "value"].iloc[0]
    areas = rates[~rates["area_name"].isin([ALL, NOT_LOCATED])]
    above = int((areas["lower_95_ci"] > whole).sum())
    if not above:
        return f"No {place} is clearly above the whole area"
    verb = "is" if above == 1 else "are"
    return f"{_count(above)} of {len(areas)} {place}s {verb} above the rate of the whole area"


def gradient_title(quintiles: pd.DataFrame) -> str:
    """Return a chart's title: whether the ends of the deprivation gradient are apart."""
    ends = quintiles.dropna(subset="value").sort_values("quintile").iloc[[0, -1]]
    most, least = ends.iloc[0], ends.iloc[1]
    if most["lower_95_ci"] > least["upper_95_ci"]:
        return "The rate is highest where deprivation is greatest"
    if most["upper_95_ci"] < least["lower_95_ci"]:
        return "The rate is lowest where deprivation is greatest"
    return "The most and the least deprived areas do not clearly differ"


def map_title(rates: pd.DataFrame) -> str:
    """Return a map's title: in what share of small areas half of the shown offences are."""
    located = rates[rates["area_code"] != NOT_LOCATED]
    counts = located["count"].dropna().sort_values(ascending=False)
    if counts.sum() == 0:
        return "No small area has a count that can be shown"
    needed = int((counts.cumsum() < counts.sum() / 2).sum()) + 1
    return f"Half of the offences shown are in {100 * needed / len(located):.0f}% of small areas"
