"""People by age and sex: the population pyramid."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Label
from vrn_analysis.show.figures.measures import bars
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart, native
from vrn_analysis.show.figures.parts.checks import ALL, INTERVAL, SHOWN

SIDES = {"female": (-1, style.PURPLE), "male": (1, style.BLUE)}
OTHER_WORDS = {"f": "female", "m": "male"}


@style.styled
def plot_age_sex(
    table: pd.DataFrame, *, title: str, measure: str = "Victims", by: str = "age_band"
) -> Chart:
    """
    Draw victims or suspects by age: females to the left, males to the right.

    Parameters
    ----------
    table
        Protected: ages or age bands in order, `sex` (female, male; others are named below the
        chart), `value` or, without it, `count`, and `status`; optionally `lower_95_ci`,
        `upper_95_ci`. Rows "All" are left out.
    title
        What the chart shows.
    measure
        Who is counted; never victims and suspects together.
    by
        The column of ages; at most thirty.

    Returns
    -------
    chart
        Its data: age, sex, value or count, interval and status, youngest first.

    Raises
    ------
    DisclosureError, DataError
        If the table is unprotected, lacks columns, mixes roles or has too many ages.
    """
    checks.refuse_unprotected(table)
    if "role" in table and table["role"].nunique() > 1:
        raise DataError("The table mixes victims and suspects: filter role to one of them.")
    value = "value" if "value" in table else "count"
    drawn = checks.drawable(table, keys=[by, "sex"], values=[value], optional=INTERVAL)
    sex = drawn["sex"].astype("str").str.strip().str.lower().replace(OTHER_WORDS)
    total = (drawn[by].astype(str) == ALL) | (sex == ALL.lower())
    drawn = drawn.assign(sex=sex)[~total].reset_index(drop=True)
    ages = list(dict.fromkeys(drawn[by].astype("str").fillna("Age not known")))
    checks.refuse_too_many(len(ages), most=30, what="ages", remedy="count by age bands")
    figure, axes = style.canvas(title, height=1.6 + 0.34 * max(len(ages), 3))
    for row in drawn.to_dict("records"):
        _bar(axes, row, ages.index(str(row[by]) if pd.notna(row[by]) else "Age not known"), value)
    _mirror(axes, drawn.loc[drawn["sex"].isin(SIDES)], value)
    style.axis_label(axes, "x", measure)
    bars.name_rows(axes, ages)
    for name, (side, _) in SIDES.items():
        look = {"ha": "center", "va": "baseline", "fontsize": style.BODY, "fontweight": "bold"}
        at = (0.5 + 0.25 * side, 1)
        style.write(axes, f"{name.capitalize()}s", at, off=(0, 5), xycoords="axes fraction", **look)
    names = [f"{row[by]} {row['sex']}" for row in drawn.to_dict("records")]
    hidden = checks.hidden_note(drawn, names, "groups")
    style.notes(figure, _others(drawn, value), hidden)
    kind = f"Population pyramid by age and sex: {Label(measure)}"
    span = words.value_range(drawn[value], names)
    sides = drawn[drawn["sex"].isin(SIDES)]
    plain = native(sides, "bar", by=by, value=value, measure=measure, split="sex")
    return Chart(figure, title, words.alt_text(kind, title, span, hidden), drawn, native=plain)


def _bar(axes: Axes, row: dict, place: int, value: str) -> None:
    if row["sex"] not in SIDES:
        return
    side, colour = SIDES[row["sex"]]
    if row["status"] != SHOWN:
        bars.write_beside(axes, (0, place), row["status"], muted=True, left=side < 0)
        return
    axes.barh(place, side * row[value], height=0.7, color=colour)
    end = row[value]
    if INTERVAL[0] in row and not np.isnan(row[INTERVAL[0]]):
        limits = [side * row[name] for name in INTERVAL]
        axes.hlines(place, *sorted(limits), color=style.DARK, linewidth=1.2)
        end = max(end, row[INTERVAL[1]])
    bars.write_beside(axes, (side * end, place), style.number(row[value]), left=side < 0)


def _mirror(axes: Axes, drawn: pd.DataFrame, value: str) -> None:
    """Give both sides the same axis, numbered from zero outwards."""
    top = float(np.nanmax(drawn.filter([value, INTERVAL[1]]).to_numpy(), initial=0)) or 1.0
    reach = top * 1.16  # room for the numbers at the ends
    axes.set_xlim(-reach, reach)
    ticks = style.ticks_up_to(top, whole=value == "count")
    axes.set_xticks(
        [*(-t for t in ticks[:0:-1]), *ticks], [style.number(t) for t in (*ticks[:0:-1], *ticks)]
    )
    axes.xaxis.grid(visible=True)
    axes.axvline(0, color=style.DARK, linewidth=1.0)
    axes.spines["left"].set_visible(False)


def _others(drawn: pd.DataFrame, value: str) -> str:
    """Say how many are neither female nor male, or of unknown sex."""
    other = drawn[~drawn["sex"].isin(SIDES)]
    if other.empty:
        return ""
    shown = other.loc[other["status"] == SHOWN, value]
    said = f"{style.number(shown.sum())} in the groups shown" if value == "count" else "not drawn"
    return f"Sex other or not known: {said}."
