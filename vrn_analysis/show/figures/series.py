"""Charts over months: the trend, and the control chart of unusual months."""

import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.facts import Label
from vrn_analysis.show.figures.parts import checks, lines, months, style, words
from vrn_analysis.show.figures.parts.chart import Chart, native
from vrn_analysis.show.figures.parts.checks import INTERVAL


def _series_column(table: pd.DataFrame) -> str | None:
    """Return the column that tells several series apart, if there is more than one."""
    for name in checks.NAMES[:-1]:
        if name in table and table[name].nunique() > 1:
            return name
    return None


def _looks(names: list[str]) -> dict[str, dict]:
    """Give each series its colour, marker and line."""
    checks.refuse_too_many(len(names), most=4, what="lines", remedy="use plot_small_multiples")
    looks = zip(style.COLOURS, style.MARKERS, style.LINES, strict=True)
    return {
        name: {"color": c, "marker": m, "linestyle": line, "linewidth": 1.8, "zorder": 3}
        for name, (c, m, line) in zip(names, looks, strict=False)
    }


def _ends(parts: dict[str, pd.DataFrame], value: str) -> list:
    ends = []
    for name, part in parts.items():
        known = part.dropna(subset=[value])
        if len(known):
            last = known.iloc[-1]
            said = style.number(last[value])
            label = f"{style.wrapped(name, 22, lines=3)}\n{said}" if name else said
            ends.append((last["month"], last[value], label))
    return ends


@style.styled
def plot_trend(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Offences a month",
    breaks: pd.DataFrame | None = None,
) -> Chart:
    """
    Draw counts or rates over months, from zero, with their intervals.

    Parameters
    ----------
    table
        Protected: `month`, `value` (or, without it, `count`) and, where known, `lower_95_ci`,
        `upper_95_ci`; optionally one column that names several series, such as `area_name`.
    title
        What the chart shows, from the interval.
    measure
        What is drawn and its unit: "Offences in the twelve months to each month".
    breaks
        `date, label` of changes in recording, drawn as named dotted lines; with `until`, a
        stretch of time, shaded and named.

    Returns
    -------
    chart
        Its data: month, series, value, interval and status. Suppressed months are hatched.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or has more lines than can be told apart.
    """
    table = months.as_months(table)
    value, series = lines.measured(table), _series_column(table)
    drawn = checks.drawable(
        table, keys=["month", series] if series else ["month"], values=[value], optional=INTERVAL
    )
    names = list(dict.fromkeys(drawn[series].astype(str))) if series else [""]
    looks = _looks(names)
    parts = {n: lines.part(drawn, series, n) for n in names}
    figure, axes = style.canvas(title, height=4.6)
    for name, part in parts.items():
        lines.line(axes, part, value, looks[name])
    style.number_axis(axes, "y", drawn.filter([value, INTERVAL[1]]), whole=value == "count")
    style.axis_label(axes, "y", measure)
    months.month_axis(axes, list(drawn["month"]))
    ends = _ends(parts, value)
    ties = [looks[n]["color"] for n in names if parts[n][value].notna().any()] if series else []
    style.end_labels(axes, ends, ties if len(ends) > 1 else [])
    marks = months.mark_events(axes, breaks)
    main = parts[names[0]]
    hidden = months.shade_suppressed(axes, main) if len(names) == 1 else lines.named(drawn)
    band = lines.band(drawn) or "Drawn without intervals: the table has none."
    style.notes(figure, band, hidden, lines.state(axes, drawn, value))
    kind = f"Line chart over months: {Label(measure)}"
    spans = words.value_range(main[value], [words.month_name(m) for m in main["month"]])
    alt = words.alt_text(kind, title, spans, marks, hidden)
    plain = native(drawn, "line", by="month", value=value, measure=measure, split=series or "")
    return Chart(figure, title, alt, drawn, native=plain)


UNUSUAL = (
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
    kinds = _mark_signals(axes, drawn)
    style.number_axis(axes, "y", drawn[["value", "upper_limit"]])
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
    style.notes(figure, UNUSUAL, hidden)
    found = int(drawn["signal"].notna().sum())
    fact = f"{words.part(found, len(drawn))} months are signals"
    fact += f" ({'; '.join(kinds)})" if kinds else ""
    alt = words.alt_text("Control chart: Offences a month", title, fact, marks)
    return Chart(figure, title, alt, drawn)


def _control_lines(axes: Axes, part: pd.DataFrame) -> None:
    look = {"drawstyle": "steps-mid", "zorder": 2}
    axes.plot(part["month"], part["mean"], color=style.BLUE, linewidth=1.4, **look)
    for limit in ("lower_limit", "upper_limit"):
        axes.plot(part["month"], part[limit], color=style.BLUE, linestyle="--", **look)


def _mark_signals(axes: Axes, drawn: pd.DataFrame) -> list[str]:
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
