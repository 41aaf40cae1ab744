"""The spine chart: many indicators of one area, each beside its benchmark and the others' range."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.figures import bars, checks, style, words
from vrn_analysis.figures.chart import Chart
from vrn_analysis.figures.checks import INTERVAL

# which way is worse; anything else is ambiguous and stays grey
WORSE_UP = {"higher is worse", "lower is better"}
WORSE_DOWN = {"higher is better", "lower is worse"}
LOOKS = {
    "worse": (style.PURPLE, "^"),
    "similar": (style.GREY, "o"),
    "better": (style.TEAL, "s"),
    "different": (style.BLUE, "D"),
    "not compared": (style.GREY, "o"),
}


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
        Its data: name, value, interval, benchmark, range, status and `comparison`: better,
        worse, similar, different (ambiguous polarity) or not compared, by the interval.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or has more than thirty indicators.

    Notes
    -----
    Every row has a scale of its own: the benchmark in the middle, the farthest area at the
    edge; right is better where that is known.
    """
    columns = ["value", *INTERVAL, "benchmark", "lowest", "highest"]
    drawn = checks.drawable(table, keys=[by, "polarity"], values=columns, least=None)
    checks.refuse_too_many(len(drawn), most=bars.MOST_BARS, what="indicators", remedy="filter them")
    polarity = drawn["polarity"].astype("str").str.replace("_", " ")
    sign = np.select([polarity.isin(WORSE_UP), polarity.isin(WORSE_DOWN)], [-1, 1], default=0)
    drawn = drawn.assign(comparison=_compared(drawn, sign))
    figure, axes = style.canvas(title, height=1.7 + 0.38 * max(len(drawn), 2))
    for row, turn in zip(drawn.reset_index(drop=True).itertuples(), sign, strict=True):
        _row(axes, row, int(turn) or 1)
    axes.axvline(0, color=style.DARK, linewidth=1.2, zorder=2)
    axes.set_xlim(-1.08, 1.08)
    axes.set_xticks([-1, 0, 1], ["Worse", benchmark, "Better"])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, length=0)
    # within the chart: the heads of the columns of numbers begin at its edge
    for label, side in zip(axes.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set_horizontalalignment(side)
    axes.spines[["left", "bottom"]].set_visible(False)
    bars.name_rows(axes, list(drawn[by]))
    _columns_of_numbers(axes, drawn, (area, benchmark))
    hidden = checks.hidden_note(drawn, list(drawn[by]), "indicators")
    style.notes(figure, _legend(drawn), hidden)
    counts = drawn["comparison"].value_counts()
    fact = ", ".join(f"{counts[k]} {k}" for k in LOOKS if k in counts)
    kind = f"Spine chart of {len(drawn)} indicators: {area} beside {benchmark}"
    return Chart(figure, title, words.alt_text(kind, title, fact, hidden), drawn)


def _compared(drawn: pd.DataFrame, sign: np.ndarray) -> np.ndarray:
    above = (drawn[INTERVAL[0]] > drawn["benchmark"]).to_numpy()
    below = (drawn[INTERVAL[1]] < drawn["benchmark"]).to_numpy()
    known = drawn[["value", "benchmark", *INTERVAL]].notna().all(axis=1).to_numpy()
    return np.select(
        [~known, ~above & ~below, sign == 0, above == (sign > 0)],
        ["not compared", "similar", "different", "better"],
        default="worse",
    )


def _row(axes: Axes, row: tuple, turn: int) -> None:
    reach = max(abs(row.lowest - row.benchmark), abs(row.highest - row.benchmark), 0)
    if np.isnan(row.value) or np.isnan(reach):
        bars.write_beside(axes, (-1, row.Index), "suppressed" if row.status == "suppressed"
                          else "not available", muted=True)  # fmt: skip
        return
    places = np.array([row.lowest, row.highest, row.lower_95_ci, row.upper_95_ci, row.value])
    places = np.clip((places - row.benchmark) / (reach or 1) * turn, -1.06, 1.06)
    low, high = sorted(places[:2])
    axes.barh(row.Index, high - low, left=low, height=0.46, color="#E2E2E2", zorder=1)
    colour, marker = LOOKS[row.comparison]
    axes.hlines(row.Index, *sorted(places[2:4]), color=colour, linewidth=1.8, zorder=3)
    axes.plot(
        places[4], row.Index, marker=marker, color=colour, markersize=8, markeredgecolor="white",
        zorder=4,
    )  # fmt: skip


def _columns_of_numbers(axes: Axes, drawn: pd.DataFrame, heads: tuple[str, str]) -> None:
    """Write the value and the benchmark at the right, as their scales are not on the chart."""
    for column, (head, offset) in enumerate(zip(heads, (48, 112), strict=True)):
        look = {
            "xycoords": axes.get_yaxis_transform(), "textcoords": "offset points", "ha": "right",
            "fontsize": style.SMALL, "annotation_clip": False,
        }  # fmt: skip
        axes.annotate(
            style.wrapped(head, 10, lines=3), (1, -0.6), xytext=(offset, 5), va="bottom", **look
        )
        for row, pair in enumerate(drawn[["value", "benchmark"]].to_numpy()):
            if not np.isnan(pair[column]):
                said = style.number(pair[column], style.decimals_for(pair))
                axes.annotate(said, (1, row), xytext=(offset, 0), va="center", **look)


def _legend(drawn: pd.DataFrame) -> str:
    signs = {"worse": "triangle", "similar": "circle", "better": "square", "different": "diamond"}
    said = [f"{signs[k]} {k}" for k in signs if (drawn["comparison"] == k).any()]
    end = f" Marks: {', '.join(said)}, by the 95% interval (line)." if said else ""
    return f"Grey bars: the range of all areas, each row on its own scale.{end}"
