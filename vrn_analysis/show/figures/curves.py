"""Curves of shares: how concentrated offences are, and how much of the future a map captures."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import PercentFormatter

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Fact, Label, Said
from vrn_analysis.show.figures.parts import checks, lines, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import INTERVAL

NOTHING = "Every share is suppressed or not available."


def _share_axis(axes: Axes, which: str, top: float, label: str) -> None:
    top = 1.02 if top > 0.6 else max(top, 0.01) * 1.06
    getattr(axes, f"set_{which}lim")(0, top)
    axis = getattr(axes, f"{which}axis")
    axis.set_ticks(style.ticks_up_to(top))
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0 if top > 0.05 else 1))
    axis.set_tick_params(length=0, pad=7)
    axis.grid(visible=True)
    style.axis_label(axes, which, label)


def _shares(table: pd.DataFrame, by: str, columns: list[str]) -> pd.DataFrame:
    """Return the points of the curves, a group and two shares each, in order along x."""
    drawn = checks.drawable(table, keys=[by], values=columns, optional=INTERVAL, unique=False)
    if above := [name for name in columns if (drawn[name] > 1 + 1e-9).any()]:
        raise DataError(f"{', '.join(above)} have values above 1: pass shares from 0 to 1.")
    checks.refuse_too_many(drawn[by].nunique(), most=4, what="curves", remedy="choose four")
    return drawn.sort_values(columns[0], kind="stable").reset_index(drop=True)


def _curves(axes: Axes, drawn: pd.DataFrame, by: str, columns: list[str]) -> list[str]:
    """Draw each group's curve with its interval and name it; return the groups."""
    x, y = columns
    names = list(dict.fromkeys(drawn[by].astype(str).sort_index()))
    for i, name in enumerate(names):
        part = drawn[drawn[by].astype(str) == name]
        marker = style.MARKERS[i] if len(part) <= 25 else ""
        axes.plot(
            part[x], part[y], color=style.COLOURS[i], linestyle=style.LINES[i], linewidth=2,
            marker=marker, markersize=5, label=style.wrapped(name, 34, lines=2), zorder=4 - i / 10,
        )  # fmt: skip
        if set(INTERVAL) <= set(part):
            axes.fill_between(
                part[x], *(part[n] for n in INTERVAL), color=style.COLOURS[i], alpha=0.16,
                linewidth=0,
            )  # fmt: skip
    return names


def _fullest_first(drawn: pd.DataFrame) -> pd.DataFrame:
    """Turn a curve that starts at the emptiest places around, so that all start at the fullest."""
    if (drawn["event_share"] - drawn["place_share"]).sum() >= 0:
        return drawn
    turned = drawn.assign(
        place_share=1 - drawn["place_share"], event_share=1 - drawn["event_share"]
    )
    if set(INTERVAL) <= set(drawn):
        low, high = INTERVAL
        turned = turned.assign(**{low: 1 - drawn[high], high: 1 - drawn[low]})
    return turned[::-1].reset_index(drop=True)


@style.styled
def plot_lorenz(table: pd.DataFrame, *, title: str) -> Chart:
    """
    Draw the Lorenz curve: the share of offences in each share of places, fullest first.

    Parameters
    ----------
    table
        `place_share, event_share`, from 0 to 1, as `hotspots.lorenz` returns them, from either
        end; optionally `lower_95_ci, upper_95_ci` of the latter.
    title
        What the chart shows.

    Returns
    -------
    chart
        Its data: the curves. Where it passes half of offences is marked and named.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or holds percentages instead of shares.
    """
    columns = ["place_share", "event_share"]
    drawn = _fullest_first(_shares(table.assign(group=checks.ALL), "group", columns))
    figure, axes = style.canvas(title, height=5.4)
    axes.plot([0, 1], [0, 1], color=style.GREY, linestyle=":", linewidth=1.4, zorder=1)
    _curves(axes, drawn, "group", columns)
    _share_axis(axes, "x", 1.0, "Share of small areas (LSOAs), most offences first")
    _share_axis(axes, "y", 1.0, "Share of offences")
    style.write(axes, "Spread evenly", (0.72, 0.72), off=(6, -8), color=style.GREY, va="top")
    fact = _half(axes, drawn)
    style.notes(figure, lines.band(drawn))
    alt = words.alt_text("Lorenz curve of offences in small areas", title, fact)
    return Chart(figure, title, alt, drawn)


def _half(axes: Axes, part: pd.DataFrame) -> str:
    """Mark the share of places that holds half of the offences, and say it."""
    if part["event_share"].isna().all():
        style.say_nothing_to_draw(axes, NOTHING)
        return NOTHING
    share = float(np.interp(0.5, part["event_share"], part["place_share"]))
    said = f"Half of offences are in {Fact(share, 'place_share'):.0%} of small areas"
    axes.plot([share], [0.5], marker="o", markersize=8, color=style.ORANGE, zorder=6)
    look = {"va": "top", "fontsize": style.BODY}
    look["path_effects"] = [withStroke(linewidth=3, foreground="white")]
    style.write(axes, style.wrapped(Said(said), 22), (share, 0.5), off=(14, -6), **look)
    return said


@style.styled
def plot_capture_curve(
    table: pd.DataFrame, *, title: str, measure: str = "offences of the next period"
) -> Chart:
    """
    Draw the share of later offences that the highest-scored share of the area captures.

    Parameters
    ----------
    table
        `score` in words, at most four, the one tested first, `area_share`, and `event_share` (or
        `value`, the hit rate of `hotspots.accuracy`), with `lower_95_ci, upper_95_ci`; shares
        from 0 to 1. Baselines are scores like any other.
    title
        What the chart shows.
    measure
        What is captured.

    Returns
    -------
    chart
        Its data: the curves, in order of the area.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or holds percentages instead of shares.
    """
    by = "score"
    y = "value" if "value" in table else "event_share"
    drawn = _shares(table, by, ["area_share", y])
    first = list(dict.fromkeys(table[by].astype(str)))
    drawn = pd.concat([drawn[drawn[by].astype(str) == n] for n in first], ignore_index=True)
    figure, axes = style.canvas(title, height=5.0)
    widest, top = drawn["area_share"].max(), drawn.filter([y, *INTERVAL])
    axes.plot([0, widest], [0, widest], color=style.GREY, linestyle=":", linewidth=1.4, zorder=1)
    names = _curves(axes, drawn, by, ["area_share", y])
    _share_axis(axes, "x", widest, "Share of the area, highest score first")
    _share_axis(axes, "y", float(np.nanmax(top.to_numpy(), initial=0)), f"Share of {measure}")
    _name_curves(axes, drawn, by, y)
    band = lines.band(drawn) or "No intervals are drawn."
    style.notes(figure, band, "Dotted: what a place chosen by chance would capture.")
    ends = drawn.groupby(by, sort=False).tail(1)
    fact = f"At {Fact(ends['area_share'].iloc[0], 'area_share'):.0%} of the area: " + ", ".join(
        f"{Label(name[:60])} {Fact(value, y):.0%}"
        for name, value in zip(ends[by].astype(str), ends[y], strict=True)
    )
    scores = Fact(len(names), "scores")
    kind = f"Capture curve of {scores} scores: share of {Label(measure)} by share of the area"
    return Chart(figure, title, words.alt_text(kind, title, fact), drawn)


def _name_curves(axes: Axes, drawn: pd.DataFrame, by: str, y: str) -> None:
    """Name curves at their ends, or in a legend where they all end in the same corner."""
    if drawn[y].isna().all():
        style.say_nothing_to_draw(axes, NOTHING)
        return
    ends = drawn.groupby(by, sort=False).tail(1)
    if ends[y].min() > 0.95 and len(ends) > 1:
        axes.legend(loc="lower right")
        return
    labels = [
        (row["area_share"], row[y], f"{style.wrapped(str(row[by]), 22, lines=3)}\n{row[y]:.0%}")
        for _, row in ends.iterrows()
    ]
    style.end_labels(axes, labels, list(style.COLOURS[: len(labels)]) if len(labels) > 1 else [])
