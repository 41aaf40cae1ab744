"""Dot charts: rates beside a benchmark, and ratios, with their intervals."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures.measures import bars
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart, native
from vrn_analysis.show.figures.parts.checks import ALL, INTERVAL

MOST_AREAS = 45


# colour, marker and filling of an interval that lies above, across or below the benchmark
AGAINST = {
    "higher": (style.PURPLE, "^"),
    "similar": (style.GREY, "o"),
    "lower": (style.TEAL, "s"),
    "alone": (style.BLUE, "o"),
}


@style.styled
def plot_rates(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Rate",
    by: str | None = None,
    benchmark: tuple[str, float] | None = None,
    highlight: str | None = None,
) -> Chart:
    """
    Draw areas as dots with their 95% intervals, highest first, compared with a benchmark.

    Parameters
    ----------
    table
        Protected: a column of names, `value, lower_95_ci, upper_95_ci`. A row "All" becomes the
        benchmark where none is given.
    title
        What the chart shows, from the interval.
    measure
        What is drawn and its unit: "Offences per 1,000 residents a year".
    by
        The column of names; by default `area_name` or the like.
    benchmark
        Its name and value.
    highlight
        An area whose name is set in bold.

    Returns
    -------
    chart
        Its data: name, value, interval, status and `comparison` with the benchmark by the
        interval (higher, similar, lower; alone without one), in the order drawn. Suppressed areas
        are named, not drawn.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or holds more areas than can be read.
    """
    by = checks.name_column(table, by)
    drawn = checks.drawable(table, keys=[by], values=["value", *INTERVAL])
    whole = drawn[by].astype(str) == ALL
    if benchmark is None and whole.any() and drawn.loc[whole, "value"].notna().all():
        benchmark = ("All areas", float(drawn.loc[whole, "value"].iloc[0]))
    drawn = drawn[~whole].sort_values(["value", by], ascending=[False, True], na_position="last")
    drawn = drawn.assign(comparison=compared(drawn, benchmark)).reset_index(drop=True)
    checks.refuse_too_many(
        len(drawn), most=MOST_AREAS, what="areas", remedy="filter the table, or use plot_funnel"
    )
    figure, axes = style.canvas(title, height=1.5 + 0.33 * max(len(drawn), 2))
    draw_dots(axes, drawn)
    style.number_axis(axes, "x", [*drawn[INTERVAL[1]], benchmark[1] if benchmark else 0])
    style.axis_label(axes, "x", measure)
    bars.name_rows(axes, list(drawn[by]))
    for name, label in zip(drawn[by], axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if name == highlight else "normal")
    bars.write_values(axes, drawn)
    if benchmark:
        _benchmark(axes, benchmark)
    hidden = checks.hidden_note(drawn, list(drawn[by]), "rows")
    lines = f"Lines show 95% confidence intervals.{legend(drawn) if benchmark else ''}"
    style.notes(figure, lines, hidden, words.all_zero(drawn["value"]))
    beside = f"{Label(benchmark[0])} {words.valued(benchmark[1])}" if benchmark else ""
    alt = words.alt_text(
        f"Dot chart of {Fact(len(drawn), 'rows')} rows with 95% confidence intervals: "
        f"{Label(measure)}", title,
        words.value_range(drawn["value"], list(drawn[by])), beside, hidden,
    )  # fmt: skip
    line = f" ({benchmark[0]}: {style.number(benchmark[1])})" if benchmark else ""
    plain = native(drawn, "bar", by=by, value="value", measure=f"{measure}{line}")
    return Chart(figure, title, alt, drawn, native=plain)


def compared(drawn: pd.DataFrame, benchmark: tuple[str, float] | None) -> np.ndarray:
    """Return on which side of the benchmark each row's interval lies."""
    if benchmark is None:
        return np.where(drawn["value"].isna(), "not compared", "alone")
    lower, upper = (drawn[name].to_numpy() for name in INTERVAL)
    return np.select(
        [drawn["value"].isna(), lower > benchmark[1], upper < benchmark[1]],
        ["not compared", "higher", "lower"],
        default="similar",
    )


def legend(drawn: pd.DataFrame) -> str:
    """Name the marks that are drawn, with how many of each there are."""
    signs = {"higher": "triangle", "similar": "circle", "lower": "square"}
    sizes = drawn["comparison"].value_counts()
    said = {"higher": "above", "similar": "no clear difference", "lower": "below"}
    parts = [f"{signs[k]} {said[k]} ({sizes[k]})" for k in signs if k in sizes]
    return f" Compared with the dashed line: {', '.join(parts)}." if parts else ""


def draw_dots(axes: Axes, drawn: pd.DataFrame) -> None:
    """Draw each row as a dot with its interval, and say of the others why they have none."""
    for comparison, (colour, marker) in AGAINST.items():
        at = drawn[drawn["comparison"] == comparison]
        bars.draw_intervals(axes, at, colour)
        axes.plot(
            at["value"], at.index, linestyle="", marker=marker, color=colour, markersize=6,
            zorder=3,
        )  # fmt: skip
    for row in drawn.index[drawn["value"].isna()]:
        look = {"fontstyle": "italic", "color": style.GREY, "xycoords": axes.get_yaxis_transform()}
        style.write(axes, drawn.at[row, "status"], (0, row), off=(4, 0), **look)


def _benchmark(axes: Axes, benchmark: tuple[str, float]) -> None:
    name, value = benchmark
    axes.axvline(value, color=style.DARK, linewidth=1.2, linestyle="--", zorder=1)
    said = f"{style.wrapped(name, 40, lines=2)} {style.number(value)}"
    above = {"xycoords": axes.get_xaxis_transform(), "ha": "center", "va": "bottom"}
    style.write(axes, said, (value, 1), off=(0, 4), **above)


@style.styled
def plot_effects(
    table: pd.DataFrame, *, title: str, measure: str = "Rate ratio", by: str = "name"
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
    drawn = drawn.assign(comparison=compared(drawn, ("No difference", 1.0)))
    draw_dots(axes, drawn)
    axes.axvline(1, color=style.DARK, linestyle="--", linewidth=1.2, zorder=1)
    _ratio_axis(axes, drawn)
    style.axis_label(axes, "x", f"{measure} (1: no difference)")
    bars.name_rows(axes, list(drawn[by]))
    bars.write_values(axes, drawn)
    hidden = checks.hidden_note(drawn, list(drawn[by]), "ratios")
    style.notes(figure, f"Lines show 95% confidence intervals.{legend(drawn)}", hidden)
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
