"""Bars with a range: the bounds that unknowns leave, and what each rule of a definition moves."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import INTERVAL

MOST_BARS = 30


def name_rows(axes: Axes, names: list[str]) -> None:
    """Name horizontal bars or dots from the top down."""
    axes.set_yticks(range(len(names)), [style.wrapped(n, 34, lines=3) for n in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def draw_intervals(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw each row's interval with an upright end at both limits, seen beside a wide mark too."""
    limits = [rows[name] for name in INTERVAL]
    axes.hlines(rows.index, *limits, color=colour, linewidth=1.8, zorder=2)
    for limit in limits:
        axes.vlines(limit, rows.index - 0.17, rows.index + 0.17, color=colour, linewidth=1.4)


def write_beside(
    axes: Axes, place: tuple[float, float], text: str, *, muted: bool = False, left: bool = False
) -> None:
    """Write a number at the end of a bar, or in grey italics why there is none."""
    look = {"color": style.GREY, "fontstyle": "italic"} if muted else {"color": style.DARK}
    off, side = (-5, "right") if left else (5, "left")
    style.write(axes, text, place, off=(off, 0), ha=side, **look)


def write_values(axes: Axes, drawn: pd.DataFrame) -> None:
    """Write each row's value and its interval in figures at the right."""
    places = style.decimals_for(drawn[INTERVAL[1]])
    for row, numbers in enumerate(drawn[["value", *INTERVAL]].to_numpy()):
        if not np.isnan(numbers).any():
            said = [style.number(number, places) for number in numbers]
            style.write_right(axes, row, f"{said[0]}  ({said[1]} to {said[2]})", off=8)


@style.styled
def plot_bounds(table: pd.DataFrame, *, title: str) -> Chart:
    """
    Draw what certainly counts as a bar, and what may count too as its hatched end.

    Parameters
    ----------
    table
        Protected: `crime_group`, `outcome` ("IN" or "UNKNOWN"), `count`, `status`.
    title
        What the chart shows.

    Returns
    -------
    chart
        Its data, a row a name: `count` (IN), `unknown`, `count_with_unknown`, `status`. Where
        IN is suppressed nothing is drawn; where UNKNOWN is, the bar ends in "or more".

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected or lacks columns or the rows "IN".
    """
    drawn = checks.drawable(table, keys=["crime_group", "outcome"], values=["count"])
    wide = _wide(drawn)
    names = list(wide["crime_group"])
    checks.refuse_too_many(len(wide), most=MOST_BARS, what="bars", remedy="filter the table first")
    figure, axes = style.canvas(title, height=1.3 + 0.42 * max(len(wide), 2))
    for row in wide.itertuples(name=None):
        _bound(axes, row[0], wide.loc[row[0]])
    style.number_axis(axes, "x", wide[["count", "count_with_unknown"]], whole=True)
    style.axis_label(axes, "x", "Offences")
    name_rows(axes, names)
    hidden = checks.hidden_note(wide, names, "bars")
    style.notes(figure, "Solid: counted. Hatched: too little is recorded to decide.", hidden)
    lows = words.value_range(wide["count"], names)
    alt = words.alt_text("Bar chart with bounds: Offences", title, lows, hidden)
    return Chart(figure, title, alt, wide)


def _wide(drawn: pd.DataFrame) -> pd.DataFrame:
    odd = sorted(set(drawn["outcome"].astype(str)) - {"IN", "UNKNOWN"})
    sure = drawn[drawn["outcome"] == "IN"]
    if odd:
        raise DataError(f"Bounds need rows with outcome IN or UNKNOWN; found {', '.join(odd)}.")
    if sure.empty:
        raise NotEnoughError("No record is sure to count (no row IN), so nothing is drawn.")
    unknown = drawn[drawn["outcome"] == "UNKNOWN"].set_index("crime_group")
    names = sure["crime_group"]
    maybe = names.map(unknown["count"]).astype(float)
    hidden = names.map(unknown["status"]) == checks.SUPPRESSED
    none = ~names.isin(unknown.index)
    wide = sure.drop(columns="outcome").assign(
        unknown=maybe.mask(none, 0.0), unknown_status=np.where(hidden, "suppressed", "shown")
    )
    wide = wide.assign(count_with_unknown=wide["count"] + wide["unknown"])
    return wide.sort_values("count", ascending=False, kind="stable").reset_index(drop=True)


def _bound(axes: Axes, row: int, bar: pd.Series) -> None:
    if np.isnan(bar["count"]):
        write_beside(axes, (0, row), bar["status"], muted=True)
        return
    axes.barh(row, bar["count"], height=0.6, color=style.BLUE)
    end = bar["count"]
    said = style.number(end)
    if bar["unknown"] > 0:
        axes.barh(
            row, bar["unknown"], left=bar["count"], height=0.6, color="white", hatch="////",
            edgecolor=style.BLUE, hatchcolor=style.BLUE,
        )  # fmt: skip
        end = bar["count_with_unknown"]
        said = f"{said} to {style.number(end)}"
    elif np.isnan(bar["unknown"]):
        said += " or more (unknown: " + bar["unknown_status"].replace("shown", "no number") + ")"
    write_beside(axes, (end, row), said)


@style.styled
def plot_tornado(table: pd.DataFrame, *, title: str) -> Chart:
    """
    Draw how far the count moves when one rule of the definition is switched.

    Parameters
    ----------
    table
        Protected: `switch`, the rules in words, `count`, `status`; the first row is the
        definition as it is.
    title
        What the chart shows.

    Returns
    -------
    chart
        Its data: rule, count, `change` from the baseline, status, the largest change first.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or the baseline is suppressed.
    """
    drawn = checks.drawable(table, keys=["switch"], values=["count"])
    baseline, start = str(drawn["switch"].iloc[0]), float(drawn["count"].iloc[0])
    if np.isnan(start):
        raise DataError(f"The baseline {baseline!r}, the first of {len(drawn)} rows, is hidden.")
    drawn = drawn[1:].assign(change=lambda t: t["count"] - start)
    order = drawn["change"].abs().sort_values(ascending=False, na_position="last", kind="stable")
    drawn = drawn.loc[order.index].reset_index(drop=True)
    if drawn.empty:
        raise DataError("The table has only the baseline: no rule was changed.")
    checks.refuse_too_many(
        len(drawn), most=MOST_BARS, what="rules", remedy="filter the table first"
    )
    figure, axes = style.canvas(title, height=1.3 + 0.42 * max(len(drawn), 2))
    for row, change in enumerate(drawn["change"]):
        _change(axes, row, (change, start), drawn["status"].iloc[row])
    _both_ways(axes, drawn["change"].to_numpy())
    style.axis_label(axes, "x", f"Offences: change from {style.number(start)}")
    names = list(drawn["switch"])
    name_rows(axes, names)
    hidden = checks.hidden_note(drawn, names, "rules")
    style.notes(figure, f"From: {baseline}. One rule is changed at a time.", hidden)
    span = words.value_range(drawn["change"], names)
    kind = f"Bar chart of change from {words.valued(start)}: Offences, one rule at a time"
    return Chart(figure, title, words.alt_text(kind, title, span, hidden), drawn)


def _change(axes: Axes, row: int, change_start: tuple[float, float], status: str) -> None:
    change, start = change_start
    if np.isnan(change):
        write_beside(axes, (0, row), status, muted=True)
    elif change == 0:
        write_beside(axes, (0, row), "no effect", muted=True)
    else:
        colour = style.BLUE if change > 0 else style.PURPLE
        axes.barh(row, change, height=0.6, color=colour)
        share = f"{change / start:+.0%}".replace("-", "−") if start else ""
        # a change that rounds to none is not written as "−0%"
        share = f" ({share if share[1:] != '0%' else 'under 1%'})" if share else ""
        said = f"{'+' if change > 0 else ''}{style.number(change)}{share}"
        write_beside(axes, (change, row), said, left=change < 0)


def _both_ways(axes: Axes, changes: np.ndarray) -> None:
    low, high = np.nanmin(changes, initial=0), np.nanmax(changes, initial=0)
    reach = max(-low, high) or 1.0
    # room for the words at the ends of the bars: at the left the names of the rows end it
    low = low - 0.75 * reach if low < 0 else -0.1 * reach
    high += 0.35 * reach
    axes.set_xlim(low, high)
    step = style.ticks_up_to(max(-low, high))
    both = {-t for t in step} | set(step)
    style.show_ticks(axes, "x", sorted(t + 0.0 for t in both if low <= t <= high))
    axes.axvline(0, color=style.DARK, linewidth=1.2)
    axes.spines["left"].set_visible(False)
