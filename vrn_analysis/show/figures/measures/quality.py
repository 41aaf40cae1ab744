"""How good the records are: shares of a whole in order, full hours, and silent sites."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures import grids
from vrn_analysis.show.figures.measures import bars
from vrn_analysis.show.figures.parts import checks, months, style, words
from vrn_analysis.show.figures.parts.chart import Chart, native
from vrn_analysis.show.figures.parts.checks import INTERVAL

MOST_PARTS, MOST_SITES, MOST_MONTHS = 12, 40, 120
HOURS = 24
STANDS_OUT = "lower_99_8_ci"


@style.styled
def plot_parts(table: pd.DataFrame, *, title: str, by: str, measure: str) -> Chart:
    """
    Draw how a whole falls into parts as bars, in the order of the table.

    Parameters
    ----------
    table
        Protected: the column of parts in words, `value` (per cent), `lower_95_ci, upper_95_ci`.
    title
        What the chart shows.
    by
        The column of parts.
    measure
        What is drawn and its unit.

    Returns
    -------
    chart
        Its data: part, value, interval and status. Suppressed parts are named, not drawn.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or holds more parts than can be read.
    """
    drawn = checks.drawable(table, keys=[by], values=["value", *INTERVAL])
    checks.refuse_too_many(len(drawn), most=MOST_PARTS, what="parts", remedy="join some of them")
    figure, axes = style.canvas(title, height=1.3 + 0.36 * max(len(drawn), 2))
    axes.barh(drawn.index, drawn["value"].fillna(0), height=0.6, color=style.BLUE)
    axes.hlines(drawn.index, *(drawn[name] for name in INTERVAL), color=style.ORANGE, linewidth=2)
    for row in drawn.index[drawn["value"].isna()]:
        bars.write_beside(axes, (0, row), drawn.at[row, "status"], muted=True)
    style.number_axis(axes, "x", drawn[INTERVAL[1]])
    style.axis_label(axes, "x", measure)
    names = [str(name) for name in drawn[by]]
    bars.name_rows(axes, names)
    bars.write_values(axes, drawn)
    hidden = checks.hidden_note(drawn, names, "parts")
    style.notes(figure, "Short lines show 95% confidence intervals.", hidden)
    span = words.value_range(drawn["value"], names)
    kind = f"Bar chart of {Fact(len(drawn), 'parts')} parts of a whole: {Label(measure)}"
    plain = native(drawn, "bar", by=by, value="value", measure=measure)
    return Chart(figure, title, words.alt_text(kind, title, span, hidden), drawn, native=plain)


@style.styled
def plot_full_hours(table: pd.DataFrame, *, title: str) -> Chart:
    """
    Draw, for each hour, the share of its records that are written at exactly the full hour.

    Parameters
    ----------
    table
        Protected: `clock` (00:00 to 23:00, in order), `value` (per cent), `lower_95_ci,
        upper_95_ci, lower_99_8_ci`.
    title
        What the chart shows.

    Returns
    -------
    chart
        Its data: clock, value, intervals, status and `stands_out`: whether the 99.8% interval lies
        above the median of the 24 shares.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected or lacks columns.
    """
    drawn = checks.drawable(table, keys=["clock"], values=["value", *INTERVAL, STANDS_OUT])
    checks.refuse_too_many(
        len(drawn), most=HOURS, what="hours", remedy="pass one row for each hour"
    )
    above = drawn[STANDS_OUT] > np.nanmedian(drawn["value"].to_numpy())
    drawn = drawn.assign(stands_out=above)
    figure, axes = style.canvas(title, height=3.9)
    for flag, colour, hatch in ((False, style.BLUE, ""), (True, style.ORANGE, "///")):
        part = drawn[drawn["stands_out"] == flag]
        axes.bar(part.index, part["value"].fillna(0), width=0.7, color=colour, hatch=hatch,
                 edgecolor="white")  # fmt: skip
    axes.vlines(drawn.index, *(drawn[name] for name in INTERVAL), color=style.DARK, linewidth=1.2)
    style.number_axis(axes, "y", drawn[INTERVAL[1]])
    style.axis_label(axes, "y", "Percentage exactly on the hour")
    axes.set_xticks(drawn.index, [str(clock)[:2] for clock in drawn["clock"]])
    axes.set_xlim(-0.7, len(drawn) - 0.3)
    style.axis_label(axes, "x", "Hour of the day")
    for row in drawn.index[drawn["value"].isna()]:
        style.write(axes, "c", (row, 0), off=(0, 3), ha="center", va="baseline", color=style.GREY)
    named = Label(checks.listed(list(drawn.loc[drawn["stands_out"], "clock"])))
    said = f"Hatched: above the median share, by the 99.8% interval ({named})." if named else ""
    hidden = checks.hidden_note(drawn, list(drawn["clock"]), "hours")
    style.notes(figure, "Thin lines show 95% confidence intervals.", said, hidden)
    span = words.value_range(drawn["value"], list(drawn["clock"]))
    kind = "Bar chart of 24 hours: percentage of the hour's records exactly on the hour"
    return Chart(figure, title, words.alt_text(kind, title, span, said, hidden), drawn)


@style.styled
def plot_reporting(table: pd.DataFrame, *, title: str) -> Chart:
    """
    Draw which site reported in which month.

    Parameters
    ----------
    table
        `site_code, month, reported` (whether anything was sent), as `triangulate.site_reporting`
        returns it; its counts are not drawn.
    title
        What the chart shows.

    Returns
    -------
    chart
        Its data: site_code, month, reported. A silent month is a hatched cell.

    Raises
    ------
    DataError
        If columns are missing, or there is more than can be read.
    """
    wanted = [name for name in ("site_code", "month", "reported") if name in table]
    drawn = checks.drawable(
        months.as_months(table[wanted]), keys=["site_code", "month"], values=["reported"]
    ).drop(columns="status")
    sites = list(dict.fromkeys(drawn["site_code"].astype(str)))
    every = pd.date_range(drawn["month"].min(), drawn["month"].max(), freq="MS")
    checks.refuse_too_many(len(sites), most=MOST_SITES, what="sites", remedy="filter the table")
    checks.refuse_too_many(len(every), most=MOST_MONTHS, what="months", remedy="filter the table")
    figure, axes = style.canvas(title, height=1.5 + 0.34 * max(len(sites), 2))
    for site, month, reported in drawn.itertuples(index=False):
        _site_month(axes, (every.get_loc(month), sites.index(str(site))), bool(reported))
    grids.name_cells(axes, [""] * len(every), [f"Site {site}" for site in sites], top=False)
    grids.name_months(axes, every)
    handles = [
        Patch(facecolor=style.SEQUENCE[2], label="Reported"),
        Patch(facecolor="white", edgecolor=style.GREY, hatch="////", label="Nothing sent"),
    ]
    axes.legend(handles=handles, loc="lower left", ncols=2, bbox_to_anchor=(-0.02, 1.0))
    silent = drawn[drawn["reported"] == 0].groupby("site_code").size()
    each = [f"{Label(site)} {Fact(n, site)}" for site, n in silent.items()]
    said = (
        f"Months without a report: {checks.listed(each)}" if each else "No month without a report"
    )
    style.notes(figure, f"{said}. A report of zero attendances counts as a report.")
    sizes = Fact(len(sites), "sites"), Fact(len(every), "months")
    kind = f"Grid of {sizes[0]} sites by {sizes[1]} months: who reported"
    return Chart(figure, title, words.alt_text(kind, title, said), drawn)


def _site_month(axes: Axes, place: tuple[int, int], reported: bool) -> None:
    column, row = place
    look = {"facecolor": style.SEQUENCE[2], "edgecolor": "white", "linewidth": 0.6}
    if not reported:
        look |= {"facecolor": "white", "hatch": "////", "hatchcolor": style.GREY}
    axes.add_patch(Rectangle((column - 0.5, row - 0.4), 1, 0.8, **look))
