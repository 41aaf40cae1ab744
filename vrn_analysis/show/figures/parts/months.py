"""The time axis: months in words, breaks as named dotted lines, the pandemic shaded and named."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import blended_transform_factory

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Label
from vrn_analysis.methods.trends.breaks import dates, register
from vrn_analysis.show.figures.parts import style
from vrn_analysis.show.figures.parts.checks import MISSING, SUPPRESSED, listed
from vrn_analysis.show.figures.parts.words import month_name, part

# From the first lockdown to the end of most legal limits on contact in England.
PANDEMIC = ("2020-03-23", "2021-07-19")
PANDEMIC_WORDS = "Pandemic limits on contact"
EVENT_LETTERS = 24
HALF_MONTH = pd.Timedelta(days=15)


def as_months(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the table with `month` as dates, taken from its index where that names the months.

    Raises
    ------
    DataError
        If a month is missing or is no date.
    """
    if "month" not in table:
        index = table.index
        if not isinstance(index, pd.DatetimeIndex):
            raise DataError(
                f"The column month is missing. The table has {', '.join(map(str, table.columns))}."
            )
        table = table.reset_index(drop=True).assign(month=index)
    found = dates(table["month"])
    if found.isna().any():
        raise DataError(f"{int(found.isna().sum())} of {len(table)} values of month are no dates.")
    return table.assign(month=found)


def every_month(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return one row a month from first to last, empty where the table has none, so lines break."""
    months = pd.date_range(drawn["month"].min(), drawn["month"].max(), freq="MS")
    months = months.union(pd.DatetimeIndex(drawn["month"])).as_unit("ns")
    return drawn.set_index("month").reindex(months).rename_axis("month").reset_index()


def month_axis(axes: Axes, months: Sequence[pd.Timestamp]) -> None:
    """Mark months in words: each, every third, or each January, as the span allows."""
    first, last = min(months), max(months)
    size = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s, most in ((1, 10), (3, 30), (6, 60), (12, 130)) if size <= most), 24)
    every = pd.date_range(first.replace(day=1), last, freq="MS")
    ticks = [m for m in every if (m.year * 12 + m.month - 1) % step == 0] or [first]
    axes.set_xticks(ticks, [f"{tick:%b}\n{tick:%Y}" for tick in ticks])
    margin = max((last - first) * 0.02, HALF_MONTH)
    axes.set_xlim(first - margin, last + margin)


def shade_suppressed(axes: Axes, drawn: pd.DataFrame) -> str:
    """Hatch the months that are suppressed; return what names them and those without data."""
    hidden = drawn.loc[drawn["status"] == SUPPRESSED, "month"]
    absent = drawn.loc[drawn["status"].isna() | (drawn["status"] == MISSING), "month"]
    for month in hidden:
        axes.axvspan(
            month - HALF_MONTH, month + HALF_MONTH, facecolor="none", hatchcolor="#CFCFCF",
            hatch="////", linewidth=0, zorder=0,
        )  # fmt: skip
    kinds = (("Suppressed (hatched)", hidden), ("No data, where the line breaks", absent))
    return " ".join(
        f"{kind}: {part(len(found), len(drawn))} months "
        f"({Label(listed([month_name(month) for month in found], most=4))})."
        for kind, found in kinds
        if len(found)
    )


def _with_pandemic(breaks: pd.DataFrame) -> pd.DataFrame:
    """Add the pandemic, unless it is among the breaks already."""
    start, end = map(pd.Timestamp, PANDEMIC)
    if ((breaks["date"] <= end) & (breaks["until"] >= start)).any():
        return breaks
    row = pd.DataFrame({"date": [start], "until": [end], "label": [PANDEMIC_WORDS]})
    return row if breaks.empty else pd.concat([row, breaks], ignore_index=True)


def mark_events(axes: Axes, breaks: pd.DataFrame | None, *, named: bool = True) -> str:
    """Draw breaks and pandemic that fall within the axis, named above it; return them in words."""
    low, high = (pd.Timestamp(x, unit="D") for x in axes.get_xlim())
    events = _with_pandemic(register(breaks))
    inside = events[(events["date"] <= high) & (events["until"].fillna(events["date"]) >= low)]
    labels, facts = [], []
    for date, until, label in inside[["date", "until", "label"]].itertuples(index=False):
        if pd.notna(until):
            start, end = max(date, low), min(until, high)
            axes.axvspan(start, end, facecolor=style.SHADE, zorder=0)
            labels.append(_event(axes, start + (end - start) / 2, label, line=False))
            span = f"{label[:60]}, {month_name(date)} to {month_name(until)}"
            facts.append(f"shaded: {Label(span)}")
        else:
            axes.axvline(date, color=style.DARK, linestyle=":", linewidth=1.2, zorder=1)
            labels.append(_event(axes, date, label, line=True))
            facts.append(f"break in {Label(month_name(date))}: {Label(label[:60])}")
    if named:
        _stack(axes, labels)
    else:
        for label in labels:
            label.remove()
    return "; ".join(facts)


def _event(axes: Axes, date: pd.Timestamp, words: str, *, line: bool) -> Annotation:
    arrow = {"arrowstyle": "-", "linestyle": ":", "color": style.DARK, "shrinkA": 0, "shrinkB": 0}
    low, high = axes.get_xlim()
    place = axes.convert_xunits(date)
    right = line and place > low + 0.7 * (high - low)
    return style.write(
        axes,
        style.wrapped(words, EVENT_LETTERS, lines=3),
        (place, 1),
        off=(0, 3),
        xycoords=blended_transform_factory(axes.transData, axes.transAxes),
        ha=("right" if right else "left") if line else "center",
        va="bottom",
        arrowprops=arrow | {"relpos": (1 if right else 0, 0)} if line else None,
    )


def _stack(axes: Axes, labels: list[Annotation]) -> None:
    """Lift names above one another until none overlaps."""
    axes.figure.draw_without_rendering()
    placed: list[tuple[float, float, float, float]] = []
    for label in labels:
        box = label.get_window_extent()
        left, right = box.x0 - 6, box.x1 + 6
        tall = (label.get_text().count("\n") + 1) * style.SMALL * 1.25 + 3
        low = 3.0
        for a, b, bottom, top in sorted(placed, key=lambda item: item[2]):
            if left < b and right > a and low < top and low + tall > bottom:
                low = top
        placed.append((left, right, low, low + tall))
        label.set_position((0, low))
