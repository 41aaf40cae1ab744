"""The gradient: rates from the most to the least deprived fifth, with the slope."""

import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Label
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart, native
from vrn_analysis.show.figures.parts.checks import ALL, INTERVAL


@style.styled
def plot_gradient(
    table: pd.DataFrame, *, title: str, measure: str = "Rate", slope: pd.DataFrame | None = None
) -> Chart:
    """
    Draw the rate of each deprivation group with its interval, and the line of the slope index.

    Parameters
    ----------
    table
        Protected: `quintile` (1 is most deprived), `value, lower_95_ci, upper_95_ci`, and for the
        line `denominator`. A row "All" is left out.
    title
        What the chart shows.
    measure
        What is drawn and its unit.
    slope
        As `inequality.slope_index` returns it; its first row is drawn.

    Returns
    -------
    chart
        Its data: group, value, interval, status and, with a slope, `on_line`.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected or lacks columns.
    """
    checks.refuse_unprotected(table)
    kept = table[table["quintile"].astype(str) != ALL] if "quintile" in table else table
    drawn = checks.drawable(
        kept, keys=["quintile"], values=["value", *INTERVAL], optional=["denominator"]
    )
    drawn = drawn.sort_values("quintile").reset_index(drop=True)
    figure, axes = style.canvas(title, height=4.4)
    shown = drawn[drawn["status"] == checks.SHOWN]
    limits = [shown[name] for name in INTERVAL]
    axes.vlines(shown.index, *limits, color=style.BLUE, linewidth=2)
    # a narrow interval is seen as two ends over a small mark
    for limit in limits:
        axes.hlines(limit, shown.index - 0.06, shown.index + 0.06, color=style.BLUE, linewidth=1.4)
    axes.plot(shown.index, shown["value"], linestyle="", marker="o", markersize=5, color=style.BLUE)
    _write_values(axes, drawn)
    style.number_axis(axes, "y", drawn[INTERVAL[1]])
    axes.set_xlim(-0.5, len(drawn) - 0.35)
    axes.set_xticks(drawn.index, _group_names(drawn["quintile"]))
    style.axis_label(axes, "x", "Deprivation quintile of areas")
    style.axis_label(axes, "y", measure)
    said = ""
    if slope is not None:
        drawn, said = _slope(axes, drawn, slope)
    names = [f"group {g}" for g in drawn["quintile"]]
    hidden = checks.hidden_note(drawn, names, "groups")
    line = f"Dashed line: {said}." if said else ""
    style.notes(figure, "Lines show 95% confidence intervals.", line, hidden)
    span = words.value_range(drawn["value"], names)
    kind = (
        "Dot chart with 95% confidence intervals by deprivation group, 1 most deprived: "
        f"{Label(measure)}"
    )
    alt = words.alt_text(kind, title, span, said, hidden)
    groups = drawn.assign(quintile=_group_names(drawn["quintile"]))
    plain = native(groups, "column", by="quintile", value="value", measure=measure)
    return Chart(figure, title, alt, drawn, native=plain)


def _group_names(groups: pd.Series) -> list[str]:
    names = [str(g) for g in groups]
    if len(names) > 1 and all(n.isdigit() for n in names):
        names[0] += "\nmost deprived"
        names[-1] += "\nleast deprived"
    return [n if "\n" in n else style.wrapped(n, 16, lines=3) for n in names]


def _write_values(axes: Axes, drawn: pd.DataFrame) -> None:
    places = style.decimals_for(drawn["value"])
    for row in drawn.itertuples():
        known = row.status == checks.SHOWN
        look = {"ha": "left"} if known else {"ha": "center", "fontstyle": "italic"}
        # the line of the slope does not strike the number through
        look |= {"zorder": 6, "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1.5}}
        said = style.number(row.value, places) if known else row.status
        at, off = ((row.Index, row.value), (9, 0)) if known else ((row.Index, 0), (0, 6))
        style.write(axes, said, at, off=off, **look)


def _slope(axes: Axes, drawn: pd.DataFrame, slope: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Draw the straight line over the population's ranks, at the middle of each group."""
    needed = ["statistic", "value", *INTERVAL]
    absent = [n for n in needed if n not in slope] + ["denominator"] * ("denominator" not in drawn)
    if absent or slope.empty:
        raise DataError(f"The line of the slope needs {', '.join(absent) or 'a row'}.")
    index = slope.iloc[0]
    known = drawn["status"] == checks.SHOWN
    if not known.all() or pd.isna(index["value"]):
        return drawn, "slope index not available"
    share = drawn["denominator"] / drawn["denominator"].sum()
    rank = share.cumsum() - share / 2
    on_line = (drawn["value"] * share).sum() + float(index["value"]) * (0.5 - rank)
    axes.plot(drawn.index, on_line, color=style.ORANGE, linestyle="--", linewidth=1.8, zorder=1)
    value, low, high = (words.valued(index[name], name=name) for name in ("value", *INTERVAL))
    said = f"slope index of inequality {value} ({low} to {high})"
    return drawn.assign(on_line=on_line), said
