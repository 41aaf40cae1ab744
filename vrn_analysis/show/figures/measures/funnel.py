"""The funnel: areas by size, within limits or outside them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures.parts import checks, labels, style, words
from vrn_analysis.show.figures.parts.chart import Chart

LIMITS = ("funnel_lower_95", "funnel_upper_95", "funnel_lower_99_8", "funnel_upper_99_8")
# colour, marker, and whether it is filled: the farther limit has the stronger mark
LOOKS = {
    "high (99.8%)": (style.PURPLE, "^", True),
    "high (95%)": (style.PURPLE, "^", False),
    "within": (style.GREY, "o", True),
    "low (95%)": (style.BLUE, "s", False),
    "low (99.8%)": (style.BLUE, "s", True),
}
LINES = "Limits: 95% (dashed) and 99.8% (dotted) around the rate of all areas shown, "
WIDENED = "after allowing for the usual variation between areas."
CHANCE = "as chance alone would leave them."
MOST_NAMED = 12


@style.styled
def plot_funnel(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Rate",
    size: str = "Residents",
    by: str | None = None,
    named: bool = True,
) -> Chart:
    """
    Draw each area's rate by its size, with limits around the rate of all.

    Parameters
    ----------
    table
        Protected, as `rates.funnel_limits` returns it: a column of names, `denominator, rate,
        benchmark, funnel_lower_95, funnel_upper_95, funnel_lower_99_8, funnel_upper_99_8,
        funnel_result`; `dispersion` above 1 says that the limits are widened. A row "All" is left
        out.
    title
        What the chart shows.
    measure
        What is drawn and its unit.
    size
        What the denominator is.
    by
        The column of names; by default `area_name` or the like.
    named
        Name the areas outside the limits; a public edition names no small area.

    Returns
    -------
    chart
        Its data: name, rate, denominator, limits, result and status.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected or lacks columns.
    """
    by = checks.name_column(table, by)
    checks.refuse_unprotected(table)
    kept = table[table[by].astype(str) != checks.ALL] if by in table else table
    drawn = checks.drawable(
        kept, keys=[by, "funnel_result"], values=["rate", "denominator", "benchmark", *LIMITS],
        optional=["dispersion"], unique=False,
    )  # fmt: skip
    drawn = drawn.sort_values("denominator", kind="stable").reset_index(drop=True)
    figure, axes = style.canvas(title, height=5.0)
    shown = drawn[drawn["status"] == checks.SHOWN]
    _limits(axes, drawn.dropna(subset=list(LIMITS)))
    _dots(axes, shown)
    # limits of the smallest areas may leave the chart, those of half of the areas may not
    top = np.nanmax([*drawn["rate"], *drawn["benchmark"], drawn[LIMITS[3]].median()], initial=0)
    style.number_axis(axes, "y", top * 1.12)
    style.number_axis(axes, "x", drawn["denominator"])
    axes.xaxis.grid(visible=False)
    style.axis_label(axes, "x", size)
    style.axis_label(axes, "y", measure)
    outside = _outside(shown)
    if named:
        _name_outside(axes, outside.head(MOST_NAMED), by, shown)
    few = (
        f" The {MOST_NAMED} farthest outside are named."
        if named and len(outside) > MOST_NAMED
        else ""
    )
    hidden = checks.hidden_note(drawn, list(drawn[by]), "areas")
    widened = "dispersion" in drawn and (drawn["dispersion"] > 1).any()
    style.notes(figure, f"{LINES}{WIDENED if widened else CHANCE}{few}", hidden)
    fact = f"{words.part(len(outside), len(shown))} areas are outside the 95% limits"
    if named and len(outside):
        fact += f" ({Label(checks.listed(list(outside[by])))})"
    kind = f"Funnel plot of {Fact(len(drawn), 'areas')} areas by size: {Label(measure)}"
    return Chart(figure, title, words.alt_text(kind, title, fact, hidden), drawn)


def _dots(axes: Axes, shown: pd.DataFrame) -> None:
    """Draw the areas, each kind with its marker and its number in the legend."""
    for result, (colour, marker, filled) in LOOKS.items():
        at = shown[shown["funnel_result"] == result]
        if len(at):
            axes.plot(
                at["denominator"], at["rate"], linestyle="", marker=marker, color=colour,
                markersize=6.5, markerfacecolor=colour if filled else "white",
                markeredgecolor="white" if result == "within" else colour, zorder=4,
                label=f"{result[:1].upper()}{result[1:]} ({len(at)})",
            )  # fmt: skip
    if len(shown):
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=5, columnspacing=1.0)
    else:
        style.say_nothing_to_draw(axes, "Every area is suppressed or not available.")


def _limits(axes: Axes, drawn: pd.DataFrame) -> None:
    x = drawn["denominator"]
    axes.plot(x, drawn["benchmark"], color=style.DARK, linewidth=1.2, zorder=2)
    for column in LIMITS:
        line = "--" if column.endswith("_95") else ":"
        axes.plot(x, drawn[column], color=style.GREY, linestyle=line, linewidth=1.2, zorder=2)
    if len(drawn):
        last = drawn.iloc[-1]
        ends = [(last["denominator"], last["benchmark"], f"All {style.number(last['benchmark'])}")]
        style.end_labels(axes, ends)


def _outside(shown: pd.DataFrame) -> pd.DataFrame:
    """Return the areas outside the 95% limits, the farthest from their limit first."""
    outside = shown[~shown["funnel_result"].isin(["within", "not compared"])]
    reach = np.where(outside["rate"] > outside["benchmark"], outside[LIMITS[1]], outside[LIMITS[0]])
    away = (outside["rate"] - outside["benchmark"]) / (reach - outside["benchmark"])
    return outside.loc[away.sort_values(ascending=False, kind="stable").index]


def _name_outside(axes: Axes, outside: pd.DataFrame, by: str, shown: pd.DataFrame) -> None:
    axes.figure.draw_without_rendering()
    dots = axes.transData.transform(shown[["denominator", "rate"]].to_numpy())
    taken = [Bbox.from_extents(*dot, *dot).padded(5) for dot in dots]
    for row in outside.to_dict("records"):
        name = style.wrapped(row[by], 20, lines=2)
        labels.place_name(axes, name, (row["denominator"], row["rate"]), taken, beside=True)
