"""What every chart over months shares: its lines, their top, and what cannot be shown."""

import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.show.figures.parts import checks, months, style, words
from vrn_analysis.show.figures.parts.checks import INTERVAL


def measured(table: pd.DataFrame) -> str:
    """Return the column that is drawn."""
    return "value" if "value" in table else "count"


def line(axes: Axes, part: pd.DataFrame, value: str, look: dict) -> None:
    """Draw one series, with the band of its interval."""
    many = len(part) > 60
    axes.plot(part["month"], part[value], **look, markersize=0 if many else 3.8)
    if set(INTERVAL) <= set(part):
        axes.fill_between(
            part["month"], *(part[name] for name in INTERVAL),
            color=look["color"], alpha=0.18, linewidth=0,
        )  # fmt: skip
        # a month alone between gaps has no band: its interval is a line
        known = part[value].notna()
        alone = part[known & ~known.shift(fill_value=False) & ~known.shift(-1, fill_value=False)]
        axes.vlines(
            alone["month"], *(alone[name] for name in INTERVAL), color=look["color"], linewidth=1.6
        )


def band(drawn: pd.DataFrame) -> str:
    """Say what bands show, where there are any."""
    return "Bands show 95% confidence intervals." * (set(INTERVAL) <= set(drawn))


def state(axes: Axes, drawn: pd.DataFrame, value: str) -> str:
    """Say on the chart where nothing can be shown, and in words where all is zero."""
    if drawn[value].isna().all():
        style.say_nothing_to_draw(axes, "Every value is suppressed or not available.")
        return ""
    return words.all_zero(drawn[value])


def part(drawn: pd.DataFrame, series: str | None, name: str) -> pd.DataFrame:
    """Return one series, a row for every month."""
    return months.every_month(drawn[drawn[series].astype(str) == name] if series else drawn)


def named(drawn: pd.DataFrame) -> str:
    """Say how many values are suppressed."""
    hidden = int((drawn["status"] == checks.SUPPRESSED).sum())
    size = words.part(hidden, len(drawn))
    return f"Suppressed: {size} values, where lines break." if hidden else ""
