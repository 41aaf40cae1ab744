"""The spine chart: many indicators of one area, each beside its benchmark and the others' range."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures.measures import bars
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import INTERVAL

# which way is worse; anything else has no good or bad side, and a part of the chart for itself
WORSE_UP = {"higher is worse", "lower is better"}
WORSE_DOWN = {"higher is better", "lower is worse"}
LOOKS = {
    "worse": (style.PURPLE, "^"),
    "similar": (style.GREY, "o"),
    "better": (style.TEAL, "s"),
    "different": (style.BLUE, "D"),
    "not tested": (style.GREY, "o"),
    "not compared": (style.GREY, "o"),
}
SIGNS = {
    "worse": "triangle: worse",
    "similar": "circle: similar",
    "better": "square: better",
    "different": "diamond: different",
}
HOLLOW = "Hollow circle: not tested, because no interval is published."
NEITHER = "No good or bad direction"
EDGE = 1.06


@style.styled
def plot_spine(
    table: pd.DataFrame,
    *,
    title: str,
    area: str = "This area",
    benchmark: str = "Benchmark",
    by: str = "name",
) -> Chart:
    """
    Draw one area's indicators beside the benchmark and the range of all areas.

    Parameters
    ----------
    table
        One row an indicator: its name in words, `value, lower_95_ci, upper_95_ci, benchmark,
        lowest, highest` (the range of all areas) and `polarity`: "higher_is_worse",
        "lower_is_worse", or anything else for ambiguous.
    title
        What the chart shows.
    area, benchmark
        What the two are called.
    by
        The column of names.

    Returns
    -------
    chart
        Its data: name, value, interval, benchmark, range, status and `comparison` by the
        interval: better, worse, similar, different (ambiguous polarity), not tested (no interval)
        or not compared (no value or benchmark). Rows of ambiguous polarity come last.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or has more than thirty indicators.

    Notes
    -----
    Every row has a scale of its own: the benchmark in the middle, the farthest area at the
    edge; right is better. Indicators of ambiguous polarity have a part of their own below, where
    right is higher.
    """
    columns = ["value", *INTERVAL, "benchmark", "lowest", "highest"]
    drawn = checks.drawable(table, keys=[by, "polarity"], values=columns, least=None)
    checks.refuse_too_many(len(drawn), most=bars.MOST_BARS, what="indicators", remedy="filter them")
    polarity = drawn["polarity"].astype("str").str.replace("_", " ")
    sign = np.select([polarity.isin(WORSE_UP), polarity.isin(WORSE_DOWN)], [-1, 1], default=0)
    drawn = drawn.assign(comparison=_compared(drawn, sign))
    neither = sign == 0
    order = np.argsort(neither, kind="stable")
    drawn, sign, neither = drawn.iloc[order].reset_index(drop=True), sign[order], neither[order]
    names = [*drawn.loc[~neither, by], *[NEITHER] * bool(neither.any()), *drawn.loc[neither, by]]
    drawn.index = drawn.index + neither
    figure, axes = style.canvas(title, height=1.7 + 0.38 * max(len(names), 2))
    cut = [
        _row(axes, row, int(turn) or 1) for row, turn in zip(drawn.itertuples(), sign, strict=True)
    ]
    axes.set_xlim(-1.08, 1.08)
    bars.name_rows(axes, names)
    _heads(axes, benchmark, int((~neither).sum()))
    _columns_of_numbers(axes, drawn, (area, benchmark))
    drawn = drawn.reset_index(drop=True)
    hidden = checks.hidden_note(drawn, list(drawn[by]), "indicators")
    style.notes(figure, _legend(drawn), "Arrow: beyond the edge of the chart." * any(cut), hidden)
    counts = drawn["comparison"].value_counts()
    fact = ", ".join(f"{Fact(counts[k], k)} {k}" for k in LOOKS if k in counts)
    sizes = Fact(len(drawn), "indicators")
    kind = f"Spine chart of {sizes} indicators: {Label(area)} compared with {Label(benchmark)}"
    return Chart(figure, title, words.alt_text(kind, title, fact, hidden), drawn)


def _compared(drawn: pd.DataFrame, sign: np.ndarray) -> np.ndarray:
    above = (drawn[INTERVAL[0]] > drawn["benchmark"]).to_numpy()
    below = (drawn[INTERVAL[1]] < drawn["benchmark"]).to_numpy()
    known = drawn[["value", "benchmark"]].notna().all(axis=1).to_numpy()
    tested = drawn[list(INTERVAL)].notna().all(axis=1).to_numpy()
    return np.select(
        [~known, ~tested, ~above & ~below, sign == 0, above == (sign > 0)],
        ["not compared", "not tested", "similar", "different", "better"],
        default="worse",
    )


def _heads(axes: Axes, benchmark: str, directed: int) -> None:
    """Name the sides: worse and better, then lower and higher for those that are neither."""
    axes.axvline(0, color=style.DARK, linewidth=1.2, zorder=2)
    sides = {"Worse": "left", benchmark: "center", "Better": "right"}
    axes.set_xticks([-1, 0, 1], sides)
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, length=0)
    # within the chart: the heads of the columns of numbers begin at its edge
    for label, side in zip(axes.get_xticklabels(), sides.values(), strict=True):
        label.set_horizontalalignment(side)
    axes.spines[["left", "bottom"]].set_visible(False)
    if directed < len(axes.get_yticks()):
        axes.get_yticklabels()[directed].set_fontweight("bold")
        for head, place, side in (("Lower", -1, "left"), ("Higher", 1, "right")):
            axes.text(place, directed, head, ha=side, va="center", fontsize=style.SMALL)


def _row(axes: Axes, row: tuple, turn: int) -> bool:
    """Draw one indicator, and return whether a part of it is beyond the edge of the chart."""
    reach = max(abs(row.lowest - row.benchmark), abs(row.highest - row.benchmark), 0)
    if np.isnan(row.value) or np.isnan(reach):
        bars.write_beside(axes, (-1, row.Index), "suppressed" if row.status == "suppressed"
                          else "not available", muted=True)  # fmt: skip
        return False
    places = np.array([row.lowest, row.highest, row.lower_95_ci, row.upper_95_ci, row.value])
    whole = (places - row.benchmark) / (reach or 1) * turn
    places = np.clip(whole, -EDGE, EDGE)
    low, high = sorted(places[:2])
    axes.barh(row.Index, high - low, left=low, height=0.46, color="#E2E2E2", zorder=1)
    colour, marker = LOOKS[row.comparison]
    axes.hlines(row.Index, *sorted(places[2:4]), color=colour, linewidth=1.8, zorder=3)
    beyond = sorted(set(places[2:][np.abs(whole[2:]) > EDGE]))
    for place in beyond:
        arrow = ">" if place > 0 else "<"
        axes.plot(place, row.Index, marker=arrow, color=colour, zorder=5, clip_on=False)
    inside, line = ("white", colour) if row.comparison == "not tested" else (colour, "white")
    axes.plot(
        places[4], row.Index, marker=marker, color=inside, markersize=8, markeredgecolor=line,
        zorder=4,
    )  # fmt: skip
    return bool(beyond)


def _columns_of_numbers(axes: Axes, drawn: pd.DataFrame, heads: tuple[str, str]) -> None:
    """Write the value and the benchmark at the right, as their scales are not on the chart."""
    for column, (head, offset) in enumerate(zip(heads, (48, 112), strict=True)):
        top = style.wrapped(head, 10, lines=3)
        across = axes.get_yaxis_transform()
        style.write(axes, top, (1, -0.6), off=(offset, 5), xycoords=across, ha="right", va="bottom")
        for row, *pair in drawn[["value", "benchmark"]].itertuples():
            if not np.isnan(pair[column]):
                said = style.number(pair[column], style.decimals_for(pair))
                style.write_right(axes, row, said, off=offset, ha="right")


def _legend(drawn: pd.DataFrame) -> str:
    found = set(drawn["comparison"])
    tested = ", ".join(sign for name, sign in SIGNS.items() if name in found)
    marks = f" Marks, by the 95% confidence interval (line): {tested}." if tested else ""
    hollow = f" {HOLLOW}" if "not tested" in found else ""
    return f"Grey bars: the range of the areas, each row on its own scale.{marks}{hollow}"
