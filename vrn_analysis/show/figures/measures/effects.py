"""Effects with their intervals: rate ratios side by side."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.core.facts import Label
from vrn_analysis.show.figures.measures import areas, bars
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import INTERVAL


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
        Its data: name, value, interval, status and `comparison` with 1, in the order of the table.
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
    drawn = drawn.assign(comparison=areas.compared(drawn, ("No difference", 1.0)))
    areas.draw_dots(axes, drawn)
    axes.axvline(1, color=style.DARK, linestyle="--", linewidth=1.2, zorder=1)
    _ratio_axis(axes, drawn)
    style.axis_label(axes, "x", f"{measure} (1: no difference)")
    bars.name_rows(axes, list(drawn[by]))
    bars.write_values(axes, drawn)
    hidden = checks.hidden_note(drawn, list(drawn[by]), "ratios")
    style.notes(figure, f"Lines show 95% confidence intervals.{areas.legend(drawn)}", hidden)
    span = words.value_range(drawn["value"], list(drawn[by]))
    kind = f"Dot chart of ratios with 95% confidence intervals: {Label(measure)}"
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
