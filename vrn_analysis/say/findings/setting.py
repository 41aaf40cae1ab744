"""When and where it happens: after school, at night, at what kind of place."""

import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.count.tables import ALL
from vrn_analysis.count.times import NIGHTS, SCHOOL_PARTS
from vrn_analysis.methods import trends
from vrn_analysis.say.findings import words

# two parts of the week, and both as a sentence names them
COMPARED = {
    "night": (*NIGHTS[:2], "on Friday and Saturday nights", "on other nights"),
    "school_part": (
        *(SCHOOL_PARTS[1], SCHOOL_PARTS[3]),
        *("after school on a school day", "at the same time on other weekdays"),
    ),
}


def _ratio(table: pd.DataFrame, part: str, against: str) -> pd.Series | None:
    """Return how many times the rate of one part is that of another, None where hidden."""
    rows = table.set_index(table.columns[0])[["count", "count_error", "denominator"]]
    if rows.loc[[part, against], "count"].isna().any() or not rows.at[against, "count"]:
        return None
    one, other = rows.loc[part], rows.loc[against]
    return trends.change_between(
        int(other["count"]),
        other["denominator"],
        int(one["count"]),
        one["denominator"],
        count_error=int(max(one["count_error"], other["count_error"])),
    ).iloc[0]


def times_as_many(rates: pd.DataFrame, *, measure: str) -> Markdown:
    """
    Return how many times as many offences an hour one part of the week has as another.

    Parameters
    ----------
    rates
        The parts as `night` or `school_part`, `count, count_error`, and the hours as
        `denominator`.

    Returns
    -------
    sentence
        The ratio and its 95% interval; where the interval holds 1, that they do not clearly differ.
    """
    part, against, *spoken = COMPARED[rates.columns[0]]
    found = _ratio(rates, part, against)
    if found is None:
        return words.said(
            f"{words.sentence(measure)}: too few are shown to compare {spoken[0]} with {spoken[1]}."
        )
    row = facts.of(found)
    told = f"{row['value']:.1f} times", f"({words.interval(row, words.ratio)})"
    if row["lower_95_ci"] <= 1 <= row["upper_95_ci"]:
        return words.said(
            f"**No clear difference** in how often {Label(measure)} happens {spoken[0]} and "
            f"{spoken[1]}, hour for hour: {told[0]} as frequent {told[1]}."
        )
    return words.said(
        f"{words.sentence(measure)} is **{told[0]}** as frequent {spoken[0]} as {spoken[1]}, "
        f"hour for hour {told[1]}."
    )


def furthest_above(rates: pd.DataFrame, *, by: str, usual: float, whole: str) -> Said:
    """
    Return a chart's title: the part with the highest rate, if its interval is above the whole's.

    Parameters
    ----------
    rates
        The column `by`, `value, lower_95_ci, upper_95_ci`.
    usual, whole
        The rate of the whole, and what the whole is, in words.
    """
    parts = rates[rates[by] != ALL].dropna(subset="value")
    if parts.empty or pd.isna(usual):
        return Said("Too few offences are shown to compare parts of the week")
    most = parts.loc[parts["value"].idxmax()]
    if most["lower_95_ci"] <= usual:
        return Said(f"No part is clearly above {whole}")
    times = facts.made(times=most["value"] / usual).times
    return Said(f"{Label(most[by])}: {times:.1f} times the rate of {whole}")


def busiest(grid: pd.DataFrame) -> Said:
    """
    Return a title for the grid of hours and weekdays: the busiest of those shown.

    Parameters
    ----------
    grid
        Protected; `slot` ("Friday 23:00"), `count`.
    """
    shown = grid.dropna(subset="count")
    most = shown["count"].max() if len(shown) else 0
    busiest = shown.loc[shown["count"] == most, "slot"].tolist()
    if not most:
        return Said("No hour of the week has a count that can be shown")
    if len(busiest) > 3:
        hours = facts.made(hours=len(busiest)).hours
        return Said(f"No hour stands out: {hours} hours of the week share the highest count")
    return Said(f"Busiest of the hours shown: {words.joined(map(Label, busiest))}")


def hours_known(shares: pd.DataFrame, heaping: pd.DataFrame) -> Markdown:
    """
    Say for how many the hour is known, and which clock times were set aside as heaped.

    Parameters
    ----------
    shares
        `hour_known` with a row "Hour not known", `value` in per cent of all.
    heaping
        As `times.clock_heaping` returns it; only `clock` and `is_heaped` are used.
    """
    lost = shares.set_index("hour_known").loc["Hour not known", "value"]
    told = facts.made(known=100 - lost)
    share = "a suppressed share" if pd.isna(lost) else f"**{told.known:.0f}%**"
    clocks = [Label(clock) for clock in heaping.loc[heaping["is_heaped"], "clock"]]
    said = f"The hour is known for {share} of offences."
    if clocks:
        return words.said(
            f"{said} More are recorded at exactly {words.joined(clocks)} than chance would "
            "produce. That time is often entered when the time is unknown, so we count the hour as "
            "not known."
        )
    return words.said(f"{said} Midnight and noon are not recorded more often than expected.")


def largest_share(
    shares: pd.DataFrame, *, by: str, of: str = "those known", unknown: str = "Not known"
) -> Said:
    """Return a title: the value that most have, with its interval in per cent."""
    known = shares[(shares[by] != unknown) & (shares[by] != ALL)].dropna(subset="value")
    if known.empty:
        return Said("No share can be shown")
    most = facts.of(known.loc[known["value"].idxmax()])
    limits = words.interval(most, words.share, lead=False)
    return Said(f"{Label(most[by])}: {most['value']:.0f}% of {of} ({limits})")
