"""Small multiples: one line chart a group on the same axes, or one map a group."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures import maps
from vrn_analysis.show.figures.parts import checks, lines, months, outlines, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import ALL, INTERVAL

if TYPE_CHECKING:
    import geopandas


@style.styled
def plot_small_multiples(
    table: pd.DataFrame,
    *,
    title: str,
    measure: str = "Offences a month",
    by: str = "crime_group",
    breaks: pd.DataFrame | None = None,
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
    for axes, name in zip(grid.flat, names, strict=False):
        _panel(axes, parts, name, value)
        style.number_axis(axes, "y", drawn.filter([value, INTERVAL[1]]), whole=value == "count")
        months.month_axis(axes, list(drawn["month"]))
        axes.tick_params(axis="x", labelbottom=True)
        axes.set_xticks(axes.get_xticks()[:: max(1, len(axes.get_xticks()) // 3)])
        marks = months.mark_events(axes, breaks, named=False)
    for axes in list(grid.flat)[len(names) :]:
        axes.set_visible(False)
    figure.supylabel(style.wrapped(measure, 60), fontsize=style.BODY)
    style.notes(
        figure, "All charts share their axes; the other groups are in grey." * (len(names) > 1),
        f"{marks[:1].upper()}{marks[1:]}." if marks else "", lines.named(drawn),
    )  # fmt: skip
    latest = [
        p[value].dropna().iloc[-1] if p[value].notna().any() else np.nan for p in parts.values()
    ]
    facts = "Latest month: " + words.value_range(latest, names)
    charts = f"{Fact(len(names), 'charts')} small line chart{'s' * (len(names) > 1)}"
    kind = f"{charts} on the same axes: {Label(measure)}"
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


@style.styled
def plot_maps(
    parts: Mapping[str, pd.DataFrame],
    *,
    areas: "geopandas.GeoDataFrame",
    title: str,
    measure: str,
    districts: "geopandas.GeoDataFrame | None" = None,
) -> Chart:
    """
    Draw the same map for two to six parts, such as crime groups, side by side in the same classes.

    Parameters
    ----------
    parts
        By the name of the part: `area_code` (or `cell_id`) and `map_class`, the same ordered
        category in all, as for `plot_map`.
    areas, title, measure, districts
        As for `plot_map`.

    Returns
    -------
    chart
        Its data: `part`, code, class and status of every area of every map.

    Raises
    ------
    DisclosureError, DataError
        As for `plot_map`; or if there are fewer than two parts or more than six, or their classes
        differ.
    """
    _refuse_unlike(parts)
    key = maps.shared_key(next(iter(parts.values())), areas)
    shapes = outlines.checked(areas, key)
    figure, panels, below = _panels(title, len(parts), maps.height_of(shapes, 3.4))
    drawn = {}
    for axes, (name, table) in zip(panels, parts.items(), strict=True):
        drawn[name], names = maps.classed(table, shapes, key)
        looks = maps.looks_of(names)
        maps.draw_areas(axes, drawn[name], shapes, looks)
        axes.set_title(style.wrapped(name, 40, lines=2), loc="left", fontsize=style.BODY,
                       fontweight="bold")  # fmt: skip
    every = pd.concat([t.assign(part=name) for name, t in drawn.items()], ignore_index=True)
    used = {name: style.wrapped(name, 44) for name in looks if (every["class"] == name).any()}
    below.legend(
        handles=maps.patches(looks, used), loc="upper left", ncols=2, alignment="left",
        title=style.wrapped(measure, 100), title_fontsize=style.SMALL, handleheight=1.2,
        borderaxespad=0,
    )  # fmt: skip
    style.notes(
        figure,
        "All maps are in the same classes, each of its own offences.",
        "The first names the districts." * (districts is not None),
    )
    figure.draw_without_rendering()
    for axes in panels:
        taken = [outlines.scale_bar(axes)]
        if districts is not None:
            over = outlines.checked(districts, None, like=shapes)
            # one map with names is enough: they cover much of a small one
            outlines.districts(axes, over, taken, named=axes is panels[0])
    alt = words.alt_text(
        f"{Fact(len(parts), 'maps')} maps side by side: {Label(measure)}",
        title,
        _highest(every, names[-1]),
    )
    columns = ["part", key, "class", "status"]
    return Chart(figure, title, alt, every[columns])


def _panels(title: str, parts: int, high: float) -> tuple[Figure, list[Axes], Axes]:
    """Return a figure with two maps a row, and room for one legend below them."""
    rows = -(-parts // 2)
    heights = [high + 0.35] * rows + [0.85]
    figure, grid = style.canvas(
        title, height=0.7 + sum(heights), rows=rows + 1, columns=2, squeeze=False,
        dots=style.MAP_DOTS, gridspec_kw={"height_ratios": heights},
    )  # fmt: skip
    for axes in list(grid.flat)[parts:]:
        axes.set_axis_off()
    return figure, list(grid.flat)[:parts], grid[rows, 0]


def _highest(every: pd.DataFrame, name: str) -> str:
    size = (every["class"] == name).groupby(every["part"], sort=False).sum()
    each = [f"{Label(part)} {Fact(n, part)}" for part, n in size.items()]
    return f"Areas in the class {Label(name)}: {', '.join(each)}"


def _refuse_unlike(parts: Mapping[str, pd.DataFrame]) -> None:
    checks.refuse_too_many(len(parts), most=6, what="maps", remedy="leave some out")
    if len(parts) < 2:
        raise DataError(f"{len(parts)} map to show side by side: use plot_map.")
    lacking = [name for name, table in parts.items() if maps.CLASS not in table]
    if lacking:
        raise DataError(f"The tables of {', '.join(lacking)} have no column {maps.CLASS}.")
    if len({table[maps.CLASS].dtype for table in parts.values()}) > 1:
        raise DataError("The maps have different classes, and one legend cannot serve them.")
