"""The control chart: which months are unusual."""

import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.show.figures.parts import checks, lines, months, style, words
from vrn_analysis.show.figures.parts.chart import Chart

NOTE = (
    "Months beyond a limit are unusual. Rules also flag months within the limits: long runs on one "
    "side of the mean, steady trends, and several months near a limit."
)


@style.styled
def plot_xmr(table: pd.DataFrame, *, title: str, breaks: pd.DataFrame | None = None) -> Chart:
    """
    Draw a control chart, which shows unusual months.

    Parameters
    ----------
    table
        `value, mean, lower_limit, upper_limit, signal`, as `trends.xmr` returns them, with the
        months in `month` or in the index. A signal is in words; missing for common variation.
    title
        What the chart shows.
    breaks
        `date, label` and, for a stretch of time, `until`, as for `plot_trend`.

    Returns
    -------
    chart
        Its data: month, value, mean, limits, signal and status. A limit below zero is drawn at
        zero. Signals have a marker of their own as well as a colour.
    """
    table = months.as_months(table)
    limits = ["mean", "lower_limit", "upper_limit"]
    if "lower_limit" in table:
        table = table.assign(lower_limit=table["lower_limit"].clip(lower=0))
    drawn = checks.drawable(table, keys=["month"], values=["value", *limits])
    signal = table["signal"] if "signal" in table else pd.Series(None, index=table.index)
    drawn = drawn.assign(signal=signal.astype("str").where(signal.notna()).to_numpy())
    figure, axes = style.canvas(title, height=4.8)
    part = months.every_month(drawn)
    axes.plot(part["month"], part["value"], color=style.GREY, marker="o", markersize=3.5, zorder=3)
    _control_lines(axes, part)
    kinds = _signals(axes, drawn)
    style.number_axis(axes, "y", lines.top(drawn, "value", "upper_limit"))
    style.axis_label(axes, "y", "Offences a month")
    months.month_axis(axes, list(drawn["month"]))
    last = drawn.dropna(subset=limits).iloc[-1:]
    ends = [
        (m, row[column], f"{label} {style.number(row[column], 0)}")
        for m, (_, row) in zip(last["month"], last.iterrows(), strict=True)
        for column, label in zip(limits, ("Mean", "Lower limit", "Upper limit"), strict=True)
    ]
    style.end_labels(axes, ends)
    marks = months.mark_events(axes, breaks)
    if kinds:
        axes.legend(loc="upper left", bbox_to_anchor=(-0.02, -0.13), ncols=min(len(kinds), 4))
    hidden = months.shade_suppressed(axes, part)
    style.notes(figure, NOTE, hidden)
    found = int(drawn["signal"].notna().sum())
    fact = f"{words.part(found, len(drawn))} months are signals" + (
        f" ({'; '.join(kinds)})" if kinds else ""
    )
    return Chart(
        figure, title, words.alt_text("Control chart: Offences a month", title, fact, marks), drawn
    )


def _control_lines(axes: Axes, part: pd.DataFrame) -> None:
    look = {"drawstyle": "steps-mid", "zorder": 2}
    axes.plot(part["month"], part["mean"], color=style.BLUE, linewidth=1.4, **look)
    for limit in ("lower_limit", "upper_limit"):
        axes.plot(part["month"], part[limit], color=style.BLUE, linestyle="--", **look)


def _signals(axes: Axes, drawn: pd.DataFrame) -> list[str]:
    """Mark each kind of signal with its own marker, and return the kinds."""
    kinds = list(dict.fromkeys(drawn["signal"].dropna()))
    shapes = ("D", "^", "s", "v", "P", "X", "<", ">")
    colours = (style.ORANGE, style.PURPLE, style.TEAL, style.DARK)
    for i, kind in enumerate(kinds):
        at = drawn[drawn["signal"] == kind]
        axes.plot(
            at["month"], at["value"], linestyle="", marker=shapes[i % 8], color=colours[i % 4],
            markeredgecolor="white", markersize=8, zorder=5,
            label=f"{kind[:1].upper()}{kind[1:]}",
        )  # fmt: skip
    return kinds
