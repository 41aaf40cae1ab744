"""Effects with their intervals: the event study, and rate ratios side by side."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.errors import DataError, NotEnoughError
from vrn_analysis.facts import Label
from vrn_analysis.figures import bars, checks, style, words
from vrn_analysis.figures.chart import Chart
from vrn_analysis.figures.checks import INTERVAL

EVENT_NOTE = (
    "Lines are 95% intervals. Hollow: before; solid: after; diamond: the interval leaves out no "
    "effect. Not proof of cause."
)


@style.styled
def plot_event_study(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Rate ratio",
    event: str = "Start",
    by: str = "months_since",
    no_effect: float = 1.0,
) -> Chart:
    """
    Draw the difference from the controls before and after something began.

    Parameters
    ----------
    table
        The time since it began in whole steps (below 0: before), `value`, `lower_95_ci`,
        `upper_95_ci`. The step compared with may have no interval.
    title
        What the chart shows.
    measure
        What is drawn and its unit.
    event
        What began, in words.
    by
        The column of time.
    no_effect
        The value that means no difference: 1 for a ratio, 0 for a difference.

    Returns
    -------
    chart
        Its data: time, value, interval, status. Before is hollow, after is solid; steps whose
        interval leaves out no effect have a diamond.
    """
    least = 0.0 if no_effect == 1 else None
    drawn = checks.drawable(table, keys=[by], values=["value"], optional=INTERVAL, least=least)
    if absent := [name for name in INTERVAL if name not in drawn]:
        raise DataError(f"An effect is drawn with its interval: {', '.join(absent)} is missing.")
    drawn = drawn.sort_values(by).reset_index(drop=True)
    figure, axes = style.canvas(title, height=4.6)
    clear = ((drawn[INTERVAL[0]] > no_effect) | (drawn[INTERVAL[1]] < no_effect)).to_numpy()
    _steps(axes, drawn, by, clear)
    _compared_with(axes, drawn[by], no_effect, event)
    style.axis_label(axes, "x", f"{by.replace('_', ' ').capitalize()} (0: the first after)")
    style.axis_label(axes, "y", measure)
    later = drawn[drawn[by] >= 0]
    style.notes(figure, EVENT_NOTE, checks.hidden_note(drawn, list(drawn[by]), "steps"))
    span = words.value_range(later["value"], [f"{by.replace('_', ' ')} {t}" for t in later[by]])
    apart = words.part(clear[drawn[by] >= 0].sum(), len(later))
    fact = f"{apart} steps after differ from no effect"
    return Chart(
        figure,
        title,
        words.alt_text(f"Event study: {Label(measure)}", title, f"After: {span}", fact),
        drawn,
    )


def _steps(axes: Axes, drawn: pd.DataFrame, by: str, clear: np.ndarray) -> None:
    """Draw each step with its interval: hollow before, solid after, a diamond where clear."""
    axes.vlines(drawn[by], *(drawn[name] for name in INTERVAL), color=style.BLUE, linewidth=1.6)
    for chosen, marker in ((clear, "D"), (~clear, "o")):
        part = drawn[chosen]
        after = part[by] >= 0
        for rows, face in ((part[after], style.BLUE), (part[~after], "white")):
            axes.plot(
                rows[by], rows["value"], linestyle="", marker=marker, markersize=7,
                markerfacecolor=face, markeredgecolor=style.BLUE, zorder=3,
            )  # fmt: skip


def _compared_with(axes: Axes, times: pd.Series, no_effect: float, event: str) -> None:
    """Draw the line of no effect and the moment it began, both named, and fix the axes."""
    axes.axhline(no_effect, color=style.DARK, linewidth=1.2, linestyle="--", zorder=1)
    axes.axvline(-0.5, color=style.DARK, linewidth=1.2, linestyle=":", zorder=1)
    axes.annotate(
        style.wrapped(event, 50, lines=2), (-0.5, 1), xytext=(0, 4), ha="center", va="bottom",
        xycoords=axes.get_xaxis_transform(), textcoords="offset points", fontsize=style.SMALL,
        annotation_clip=False,
    )  # fmt: skip
    axes.annotate(
        "No effect", (1, no_effect), xytext=(5, 0), va="center", fontsize=style.SMALL,
        xycoords=axes.get_yaxis_transform(), textcoords="offset points", annotation_clip=False,
    )  # fmt: skip
    first, last = min(int(times.min()), -1), max(int(times.max()), 0)
    step = max(1, round((last - first) / 10))
    axes.set_xticks([t for t in range(first, last + 1) if t % step == 0])
    axes.set_xlim(first - 0.8, last + 0.8)
    style.keep_ticks(axes, "y")


@style.styled
def plot_effects(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Rate ratio",
    by: str = "name",
) -> Chart:
    """
    Draw ratios with their intervals beside 1, on an axis where twice and half are as far.

    Parameters
    ----------
    table
        A column of names in words, `value, lower_95_ci, upper_95_ci`, all above 0.
    title
        What the chart shows.
    measure
        What is drawn.
    by
        The column of names.

    Returns
    -------
    chart
        Its data: name, value, interval and status, in the order of the table.
    """
    by = checks.name_column(table, by)
    drawn = checks.drawable(table, keys=[by], values=["value", *INTERVAL])
    if (bad := (drawn[["value", *INTERVAL]] <= 0).any(axis=1)).any():
        raise NotEnoughError(f"{int(bad.sum())} of {len(drawn)} ratios or limits are not above 0.")
    checks.refuse_too_many(
        len(drawn), most=bars.MOST_BARS, what="ratios", remedy="filter the table"
    )
    figure, axes = style.canvas(title, height=1.4 + 0.36 * max(len(drawn), 2))
    axes.set_xscale("log")
    clear = (drawn[INTERVAL[0]] > 1) | (drawn[INTERVAL[1]] < 1)
    for rows, colour, marker in (
        (drawn[clear], style.BLUE, "D"), (drawn[~clear & drawn["value"].notna()], style.GREY, "o"),
    ):  # fmt: skip
        bars.draw_intervals(axes, rows, colour)
        axes.plot(
            rows["value"], rows.index, linestyle="", marker=marker, color=colour, markersize=6
        )
    axes.axvline(1, color=style.DARK, linestyle="--", linewidth=1.2, zorder=1)
    _ratio_axis(axes, drawn)
    style.axis_label(axes, "x", f"{measure} (1: no difference)")
    bars.name_rows(axes, list(drawn[by]))
    bars.write_values(axes, drawn)
    for row, status in enumerate(drawn["status"]):
        if status != checks.SHOWN:
            bars.write_beside(axes, (1, row), status, muted=True)
    hidden = checks.hidden_note(drawn, list(drawn[by]), "ratios")
    style.notes(figure, "Lines are 95% intervals; diamond: the interval leaves out 1.", hidden)
    span = words.value_range(drawn["value"], list(drawn[by]))
    kind = f"Dot chart of ratios with 95% intervals: {Label(measure)}"
    alt = words.alt_text(kind, title, span, hidden)
    return Chart(figure, title, alt, drawn)


def _ratio_axis(axes: Axes, drawn: pd.DataFrame) -> None:
    """Mark doublings and halvings of 1 that the intervals reach."""
    known = drawn[["value", *INTERVAL]].to_numpy()
    known = known[~np.isnan(known)]
    reach = max(1.0, float(np.abs(np.log2(known)).max(initial=0)) * 1.08)
    steps = np.arange(-np.floor(reach), np.floor(reach) + 1, max(1, np.ceil(reach / 5)))
    if reach <= 1.6:
        steps = np.log2([0.5, 0.67, 0.8, 1, 1.25, 1.5, 2])
    axes.set_xlim(2.0**-reach, 2.0**reach)
    axes.set_xticks([2.0**s for s in steps], [f"{2.0**s:.3g}" for s in steps])
    axes.set_xticks([], minor=True)
    axes.xaxis.grid(visible=True)
    axes.tick_params(axis="x", length=0)
