"""From listed offences to counted ones: the waterfall, its bounds, and what each rule moves."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Fact
from vrn_analysis.show.figures.measures import bars
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart
from vrn_analysis.show.figures.parts.checks import ALL


@style.styled
def plot_waterfall(table: pd.DataFrame, *, title: str, by: str = "label") -> Chart:
    """
    Draw how listed offences become counted ones: what each reason leaves out or leaves unknown.

    Parameters
    ----------
    table
        Protected, in the order of the rules: a column of reasons in words, `outcome` ("START" or
        "All" for the start, "OUT" or "UNKNOWN" for what leaves, "IN" for what is counted),
        `count`, `status`. Without a start, it is the sum of what is shown.
    title
        What the chart shows.
    by
        The column of reasons.

    Returns
    -------
    chart
        Its data: reason, outcome, count, status, and `start, end` of each bar. A suppressed step
        has no bar and no number.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, or has no row "IN".
    """
    drawn = checks.drawable(table, keys=[by, "outcome"], values=["count"])
    drawn = _steps(drawn, by)
    figure, axes = style.canvas(title, height=1.2 + 0.42 * len(drawn))
    looks = {ALL: (style.DARK, ""), "OUT": (style.PALE, ""), "UNKNOWN": ("white", "////")}
    looks["IN"] = (style.BLUE, "")
    for row in drawn.itertuples():
        _step(axes, row, looks[row.outcome])
    style.number_axis(axes, "x", drawn["start"], whole=True)
    bars.name_rows(axes, list(drawn[by]))
    style.axis_label(axes, "x", "Offences")
    hidden = checks.hidden_note(drawn, list(drawn[by]), "steps")
    unknown = "Hatched: too little is recorded to decide." if _any(drawn, "UNKNOWN") else ""
    gap = "" if drawn["status"].eq(checks.SHOWN).all() else "Steps do not add up where suppressed."
    style.notes(figure, unknown, hidden, gap)
    start, end = drawn["count"].iloc[0], drawn.loc[drawn["outcome"] == "IN", "count"].iloc[-1]
    steps = drawn[drawn["outcome"].isin(["OUT", "UNKNOWN"])]
    fact = f"From {_said(start)} at the start to {_said(end)} counted"
    largest = f"Steps: {words.value_range(steps['count'], list(steps[by]))}" if len(steps) else ""
    kind = f"Waterfall chart in {Fact(len(drawn), 'bars')} bars: Offences"
    return Chart(figure, title, words.alt_text(kind, title, fact, largest, hidden), drawn)


def _any(drawn: pd.DataFrame, outcome: str) -> bool:
    return bool((drawn["outcome"] == outcome).any())


def _said(value: float) -> str:
    return "a suppressed number" if np.isnan(value) else words.valued(value, name="count")


def _steps(drawn: pd.DataFrame, by: str) -> pd.DataFrame:
    """Order the rows from start to counted and give each bar its start and end."""
    drawn = drawn.assign(outcome=drawn["outcome"].astype("str").replace({"START": ALL}))
    odd = sorted(set(drawn["outcome"]) - {ALL, "OUT", "UNKNOWN", "IN"})
    if odd or not _any(drawn, "IN"):
        raise DataError(
            "A waterfall needs a row with outcome IN, and otherwise START, OUT or UNKNOWN; "
            f"found {', '.join(odd) or 'no row IN'}."
        )
    order = drawn["outcome"].map({ALL: 0, "OUT": 1, "UNKNOWN": 2, "IN": 3})
    drawn = drawn.assign(_o=order).sort_values("_o", kind="stable").drop(columns="_o")
    if not _any(drawn, ALL):
        total = {by: "All that is shown", "outcome": ALL, "count": drawn["count"].sum()}
        first = pd.DataFrame([total | {"status": checks.SHOWN}])
        drawn = pd.concat([first, drawn])
    drawn = drawn.reset_index(drop=True)
    leaves = drawn["outcome"].isin(["OUT", "UNKNOWN"])
    gone = drawn["count"].where(leaves, 0).fillna(0).cumsum()
    start = np.where(leaves, drawn["count"].iloc[0] - gone.shift(fill_value=0), drawn["count"])
    end = np.where(leaves, drawn["count"].iloc[0] - gone, 0)
    known = drawn["count"].notna()
    return drawn.assign(start=pd.Series(start).where(known), end=pd.Series(end).where(known))


def _step(axes: Axes, row: tuple, look: tuple[str, str]) -> None:
    if np.isnan(row.count):
        bars.write_beside(axes, (0, row.Index), row.status, muted=True)
        return
    colour, hatch = look
    edge = style.GREY if hatch else colour
    low, high = min(row.start, row.end), max(row.start, row.end)
    axes.barh(
        row.Index, high - low, left=low, height=0.62, color=colour, hatch=hatch, edgecolor=edge
    )
    sign = "−" if row.outcome in ("OUT", "UNKNOWN") and row.count else ""
    bars.write_beside(axes, (high, row.Index), sign + style.number(row.count))
