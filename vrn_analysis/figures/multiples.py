"""Small multiples: one line chart a group, all on the same axes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.figures import checks, lines, months, style, words
from vrn_analysis.figures.chart import Chart
from vrn_analysis.figures.checks import ALL, INTERVAL


@style.styled
def plot_small_multiples(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Offences a month",
    by: str = "crime_group",
    breaks: pd.DataFrame | None = None,
    pandemic: tuple[str, str] | None = months.PANDEMIC,
) -> Chart:
    """
    Draw one small line chart a group, all on the same axes; the other groups stand in grey.

    Parameters
    ----------
    table
        Protected: `month`, the column of groups, `value` (or `count`), and interval where known.
    title
        What the chart shows.
    measure
        What is drawn and its unit.
    by
        The column of groups; at most twelve are drawn, and a row "All" is left out.
    breaks
        `date, label` and, for a stretch of time, `until`, as for `plot_trend`.
    pandemic
        First and last day to shade, where no row of `breaks` covers it; None for none.

    Returns
    -------
    chart
        Its data: month, group, value, interval and status.
    """
    table = months.as_months(table)
    value = lines.measured(table)
    checks.refuse_unprotected(table)
    kept = table[table[by].astype(str) != ALL] if by in table else table
    drawn = checks.drawable(kept, keys=["month", by], values=[value], optional=INTERVAL)
    names = list(dict.fromkeys(drawn[by].astype(str)))
    checks.refuse_too_many(len(names), most=12, what="groups", remedy="filter the table first")
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure, grid = style.canvas(
        title, height=0.9 + 1.9 * rows, rows=rows, columns=columns,
        sharex=True, sharey=True, squeeze=False,
    )  # fmt: skip
    parts = {name: lines.part(drawn, by, name) for name in names}
    facts = ""
    for axes, name in zip(grid.flat, names, strict=False):
        facts = _panel(axes, parts, name, value)
        style.number_axis(axes, "y", lines.top(drawn, value, INTERVAL[1]), whole=value == "count")
        months.month_axis(axes, list(drawn["month"]))
        axes.tick_params(axis="x", labelbottom=True)
        axes.set_xticks(axes.get_xticks()[:: max(1, len(axes.get_xticks()) // 3)])
        marks = months.mark_events(axes, breaks, pandemic, named=False)
    for axes in list(grid.flat)[len(names) :]:
        axes.set_visible(False)
    figure.supylabel(style.wrapped(measure, 60), fontsize=style.BODY)
    style.notes(
        figure, "All charts share their axes; the other groups are in grey.",
        f"{marks[:1].upper()}{marks[1:]}." if marks else "", lines.named(drawn),
    )  # fmt: skip
    latest = [
        p[value].dropna().iloc[-1] if p[value].notna().any() else np.nan for p in parts.values()
    ]
    facts = "Latest month: " + words.value_range(latest, names)
    kind = f"{len(names)} small line charts on the same axes: {measure}"
    return Chart(figure, title, words.alt_text(kind, title, facts, marks), drawn)


def _panel(axes: Axes, parts: dict[str, pd.DataFrame], name: str, value: str) -> None:
    for other, part in parts.items():
        if other != name:
            axes.plot(part["month"], part[value], color="#D5D5D5", linewidth=0.9, zorder=1)
    look = {"color": style.BLUE, "linewidth": 1.8, "marker": "", "zorder": 3}
    lines.line(axes, parts[name], value, look)
    months.shade_suppressed(axes, parts[name])
    axes.set_title(
        style.wrapped(name, 28, lines=2), loc="left", fontsize=style.BODY, fontweight="bold"
    )
    if parts[name][value].isna().all():
        style.say_nothing_to_draw(axes, "Suppressed")
