"""Bars with a range: the bounds that unknowns leave, and what each rule of a definition moves."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.errors import DataError, NotEnoughError
from vrn_analysis.facts import Label
from vrn_analysis.figures import checks, style, words
from vrn_analysis.figures.chart import Chart
from vrn_analysis.figures.checks import INTERVAL

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
    axes.annotate(
        text, place, xytext=(-5 if left else 5, 0), textcoords="offset points", va="center",
        ha="right" if left else "left", fontsize=style.SMALL, annotation_clip=False,
        color=style.GREY if muted else style.DARK, fontstyle="italic" if muted else "normal",
    )  # fmt: skip


def write_values(axes: Axes, drawn: pd.DataFrame) -> None:
    """Write each row's value and its interval in figures at the right."""
    places = style.decimals_for(drawn[INTERVAL[1]])
    for row, numbers in enumerate(drawn[["value", *INTERVAL]].to_numpy()):
        if not np.isnan(numbers).any():
            said = [style.number(number, places) for number in numbers]
            axes.annotate(
                f"{said[0]}  ({said[1]} to {said[2]})", (1, row), xytext=(8, 0),
                xycoords=axes.get_yaxis_transform(), textcoords="offset points",
                va="center", fontsize=style.SMALL, annotation_clip=False,
            )  # fmt: skip


@style.styled
def plot_bounds(
    table: pd.DataFrame, *, title: str, measure: str = "Offences", by: str = "crime_group"
) -> Chart:
    """
    Draw what certainly counts as a bar, and what may count too as its hatched end.

    Parameters
    ----------
    table
        Protected: a column of names, `outcome` ("IN" or "UNKNOWN"), `count`, `status`.
    title
        What the chart shows.
    measure
        What is counted.
    by
        The column of names.

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
    by = checks.name_column(table, by)
    drawn = checks.drawable(table, keys=[by, "outcome"], values=["count"])
    wide = _wide(drawn, by)
    checks.refuse_too_many(len(wide), most=MOST_BARS, what="bars", remedy="filter the table first")
    figure, axes = style.canvas(title, height=1.3 + 0.42 * max(len(wide), 2))
    for row in wide.itertuples(name=None):
        _bound(axes, row[0], wide.loc[row[0]])
    tops = wide[["count", "count_with_unknown"]].to_numpy(dtype=float)
    style.number_axis(axes, "x", float(np.nanmax(tops, initial=0)), whole=True)
    style.axis_label(axes, "x", measure)
    name_rows(axes, list(wide[by]))
    hidden = checks.hidden_note(wide, list(wide[by]), "bars")
    style.notes(
        figure, "Solid: certainly counts. Hatched: not enough is recorded to decide.", hidden
    )
    lows = words.value_range(wide["count"], list(wide[by]))
    alt = words.alt_text(f"Bar chart with bounds: {Label(measure)}", title, lows, hidden)
    return Chart(figure, title, alt, wide)


def _wide(drawn: pd.DataFrame, by: str) -> pd.DataFrame:
    odd = sorted(set(drawn["outcome"].astype(str)) - {"IN", "UNKNOWN"})
    sure = drawn[drawn["outcome"] == "IN"]
    if odd:
        raise DataError(f"Bounds need rows with outcome IN or UNKNOWN; found {', '.join(odd)}.")
    if sure.empty:
        raise NotEnoughError("No record is sure to count (no row IN), so nothing is drawn.")
    unknown = drawn[drawn["outcome"] == "UNKNOWN"].set_index(by)
    maybe = sure[by].map(unknown["count"]).astype(float)
    hidden = sure[by].map(unknown["status"]) == checks.SUPPRESSED
    none = ~sure[by].isin(unknown.index)
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
def plot_tornado(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Offences",
    by: str = "switch",
    baseline: str | None = None,
) -> Chart:
    """
    Draw how far the count moves when one rule of the definition is switched.

    Parameters
    ----------
    table
        Protected: a column of rules in words, `count`, `status`; one row is the definition as
        it is.
    title
        What the chart shows.
    measure
        What is counted.
    by
        The column of rules.
    baseline
        Name of the row with the definition as it is; by default the first.

    Returns
    -------
    chart
        Its data: rule, count, `change` from the baseline, status, the largest change first.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or the baseline is not there or suppressed.
    """
    drawn = checks.drawable(table, keys=[by], values=["count"])
    baseline = str(drawn[by].iloc[0]) if baseline is None else baseline
    start = drawn.loc[drawn[by].astype(str) == baseline, "count"]
    if start.isna().all():
        raise DataError(f"The baseline {baseline!r} is not among the {len(drawn)} rows, or hidden.")
    start = float(start.iloc[0])
    drawn = drawn[drawn[by].astype(str) != baseline].assign(change=lambda t: t["count"] - start)
    order = drawn["change"].abs().sort_values(ascending=False, na_position="last", kind="stable")
    drawn = drawn.loc[order.index].reset_index(drop=True)
    if drawn.empty:
        raise DataError("The table holds the baseline only: no rule was switched.")
    checks.refuse_too_many(
        len(drawn), most=MOST_BARS, what="rules", remedy="filter the table first"
    )
    figure, axes = style.canvas(title, height=1.3 + 0.42 * max(len(drawn), 2))
    for row, change in enumerate(drawn["change"]):
        _change(axes, row, (change, start), drawn["status"].iloc[row])
    _both_ways(axes, drawn["change"].to_numpy())
    style.axis_label(axes, "x", f"{measure}: change from {style.number(start)}")
    name_rows(axes, list(drawn[by]))
    hidden = checks.hidden_note(drawn, list(drawn[by]), "rules")
    style.notes(figure, f"From: {baseline}. One rule is switched at a time.", hidden)
    span = words.value_range(drawn["change"], list(drawn[by]))
    kind = f"Bar chart of change from {words.valued(start)}: {Label(measure)}, one rule at a time"
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
