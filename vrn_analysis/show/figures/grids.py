"""Grids of cells with their numbers: hour by weekday, and completeness by field and month."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.count.times import WEEKDAYS
from vrn_analysis.show.figures.parts import checks, months, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import SHOWN, SUPPRESSED

BLACK = "#0B0C0C"  # type on the middle step of the hue needs more contrast than grey gives
HIDDEN_MARK, MISSING_MARK = "c", "–"
COMPLETE = (
    (0.99, "99% or more", style.SEQUENCE[0]),
    (0.95, "95% to 99%", style.SEQUENCE[1]),
    (0.80, "80% to 95%", style.SEQUENCE[2]),
    (0.50, "50% to 80%", style.SEQUENCE[3]),
    (0.00, "Under 50%", style.SEQUENCE[4]),
)


def _cell(axes: Axes, place: tuple[float, float], colour: str, text: str, status: str) -> None:
    column, row = place
    hatch = "////" if status == SUPPRESSED else None
    look = {"edgecolor": "white", "linewidth": 1, "hatch": hatch, "hatchcolor": style.PALE}
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=colour, **look))
    dark = colour in style.SEQUENCE[3:]
    axes.text(
        column, row, text, ha="center", va="center_baseline", fontsize=style.SMALL,
        color="white" if dark else BLACK,
    )  # fmt: skip


def name_cells(axes: Axes, columns: Sequence[str], rows: Sequence[str], *, top: bool) -> None:
    """Name the columns and rows of a grid of cells, the first row on top, without a frame."""
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labeltop=top, labelbottom=not top)
    axes.spines[:].set_visible(False)


def name_months(axes: Axes, months: pd.DatetimeIndex) -> None:
    """Name about eight of a grid's months, at even steps of the calendar."""
    step = max(1, -(-len(months) // 8))
    ticks = [i for i, m in enumerate(months) if (m.year * 12 + m.month - 1) % step == 0]
    axes.set_xticks(ticks, [f"{months[i]:%b}\n{months[i]:%Y}" for i in ticks])


def _weekdays(column: pd.Series) -> pd.Series:
    """Return weekdays as numbers, Monday 0."""
    if pd.api.types.is_numeric_dtype(column):
        found = column.astype("Int64").where(column.between(0, 6))
    else:
        short = {name[:3].lower(): i for i, name in enumerate(WEEKDAYS)}
        found = column.astype("str").str[:3].str.lower().map(short).astype("Int64")
    if found.isna().any():
        raise DataError(
            f"{int(found.isna().sum())} of {len(column)} values of weekday are neither 0 (Monday) "
            "to 6 nor names of days."
        )
    return found.astype(int)


def _hours(column: pd.Series) -> list[str]:
    """Return the hours, or bands of hours, in words and in order."""
    if pd.api.types.is_numeric_dtype(column):
        if not column.between(0, 23).all():
            raise DataError("hour must be 0 to 23, or bands in words.")
        return [f"{hour:02d}:00" for hour in sorted(column.unique())]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(name) for name in column.cat.categories]
    return list(dict.fromkeys(column.astype(str)))


@style.styled
def plot_hour_by_weekday(table: pd.DataFrame, *, title: str, measure: str = "Offences") -> Chart:
    """
    Draw counts by hour and weekday as a grid with the number in every cell.

    Parameters
    ----------
    table
        Protected: `weekday` (0 is Monday, or its name), `hour` (0 to 23, or bands in words),
        `count`, `status`. Rows "All" are left out.
    title
        What the chart shows.
    measure
        What is counted.

    Returns
    -------
    chart
        Its data: weekday, hour, count and status. A suppressed cell is hatched, holds "c" and no
        number; a darker cell holds a higher number.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or names no weekday or hour.
    """
    checks.refuse_unprotected(table)
    if {"weekday", "hour"} <= set(table):
        totals = (table[["weekday", "hour"]].astype(str) == checks.ALL).any(axis=1)
        table = table[~totals].infer_objects()
    drawn = checks.drawable(table, keys=["weekday", "hour"], values=["count"])
    days, names = _weekdays(drawn["weekday"]), _hours(drawn["hour"])
    rows = drawn["hour"]
    rows = rows.map("{:02d}:00".format) if pd.api.types.is_numeric_dtype(rows) else rows.astype(str)
    figure, axes = style.canvas(title, height=1.0 + 0.25 * max(len(names), 4))
    top = float(np.nanmax(drawn["count"].to_numpy(), initial=0))
    marks = {SHOWN: "", SUPPRESSED: HIDDEN_MARK}
    for day, row, value, status in zip(days, rows, drawn["count"], drawn["status"], strict=True):
        text = style.number(value) if status == SHOWN else marks.get(status, MISSING_MARK)
        _cell(axes, (day, names.index(row)), _shade(value, top), text, status)
    name_cells(axes, WEEKDAYS, names, top=True)
    note = _hidden_note(drawn)
    no_count = top == 0 and drawn["status"].ne(SUPPRESSED).any()
    zero = "Every count shown is zero." if no_count else ""
    style.notes(figure, f"{measure}, by weekday and the hour it began.", note, zero)
    places = [f"{WEEKDAYS[d]} {r}" for d, r in zip(days, rows, strict=True)]
    span = words.value_range(drawn["count"], places)
    kind = f"Grid of numbers by hour and weekday: {Label(measure)}"
    return Chart(figure, title, words.alt_text(kind, title, span, note), drawn)


def _hidden_note(drawn: pd.DataFrame) -> str:
    hidden = int((drawn["status"] == SUPPRESSED).sum())
    return f"c (hatched): suppressed, {words.part(hidden, len(drawn))} cells." if hidden else ""


def _shade(value: float, top: float) -> str:
    if np.isnan(value):
        return "white"
    step = 0 if top == 0 else min(int(value / top * 5), 4)
    return style.SEQUENCE[step]


@style.styled
def plot_completeness(
    table: pd.DataFrame, *, title: str, measure: str = "Share of records filled in"
) -> Chart:
    """
    Draw how complete each field is in each month; the darker, the more is missing.

    Parameters
    ----------
    table
        `field` in words, `month`, `value` (0 to 1); protected where there are counts.
    title
        What the chart shows.
    measure
        What is drawn.

    Returns
    -------
    chart
        Its data: field, month, value and status. The lowest month of each field stands beside
        it in figures.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or holds percentages instead of shares.
    """
    table = months.as_months(table)
    drawn = checks.drawable(table, keys=["field", "month"], values=["value"])
    if (drawn["value"] > 1).any():
        raise DataError("value contains numbers above 1: pass shares from 0 to 1.")
    fields = list(dict.fromkeys(drawn["field"].astype(str)))
    checks.refuse_too_many(len(fields), most=30, what="fields", remedy="filter the table first")
    every = pd.date_range(drawn["month"].min(), drawn["month"].max(), freq="MS")
    checks.refuse_too_many(len(every), most=84, what="months", remedy="filter the table first")
    figure, axes = style.canvas(title, height=1.5 + 0.32 * max(len(fields), 2))
    for field, month, value, status in drawn.itertuples(index=False):
        place = (every.get_loc(month), fields.index(str(field)))
        colour = "white" if np.isnan(value) else _completeness(value)
        text = f"{value:.0%}" if len(every) <= 12 and not np.isnan(value) else ""
        mark = HIDDEN_MARK if status == SUPPRESSED else MISSING_MARK
        _cell(axes, place, colour, text if status == SHOWN else mark, status)
    name_cells(axes, [""] * len(every), [style.wrapped(f, 28, lines=2) for f in fields], top=False)
    name_months(axes, every)
    lowest = _lowest(axes, drawn, fields)
    handles = [Patch(facecolor=c, edgecolor=style.PALE, label=w) for _, w, c in COMPLETE]
    axes.legend(
        handles=handles, loc="lower left", ncols=5, bbox_to_anchor=(-0.02, 1.0),
        columnspacing=0.9, handlelength=1.2,
    )  # fmt: skip
    note = _hidden_note(drawn)
    style.notes(figure, f"{measure}, by field and month.", note)
    kind = f"Grid of {Fact(len(fields), 'fields')} fields by month: {Label(measure)}"
    return Chart(figure, title, words.alt_text(kind, title, lowest, note), drawn)


def _completeness(value: float) -> str:
    return next(colour for least, _, colour in COMPLETE if value >= least)


def _lowest(axes: Axes, drawn: pd.DataFrame, fields: list[str]) -> str:
    known = drawn.dropna(subset=["value"])
    if known.empty:
        return "No share can be shown"
    for row, field in enumerate(fields):
        part = known[known["field"].astype(str) == field]
        if len(part):
            least = part.loc[part["value"].idxmin()]
            said = f"lowest {least['value']:.0%}, {least['month']:%b %Y}"
            style.write_right(axes, row, said, off=6)
    least = known.loc[known["value"].idxmin()]
    where = Label(f"{least['field']}, {words.month_name(least['month'])}")
    low, high = (Fact(known["value"].agg(end), end) for end in ("min", "max"))
    return f"From {low:.0%} ({where}) to {high:.0%}"
