"""Repeat a comparison at places and dates without an intervention."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.evaluation.differences import compare_sides
from vrn_analysis.methods.evaluation.panel import (
    FEWEST_MONTHS,
    Day,
    check_panel,
    month_of,
    months_of,
    sides,
)


def _flag(table: pd.DataFrame) -> pd.DataFrame:
    outside = (table["lower_95_ci"] > 1) | (table["upper_95_ci"] < 1)
    return table.assign(flagged=outside)


def placebo_places(
    table: pd.DataFrame, *, areas: Sequence[str], start: Day, end: Day | None = None
) -> pd.DataFrame:
    """
    Return what the same comparison finds in each other area, where nothing was done.

    Parameters
    ----------
    table, areas, start, end
        As for `difference_in_differences`; the areas of the intervention are left out.

    Returns
    -------
    table
        One row an area: `area_code, value`, interval, `p_value`, counts, and `flagged` (the 95 %
        interval leaves out 1: about one in twenty should).

    Raises
    ------
    DataError
        As `difference_in_differences`, or if fewer than four other areas had events.
    """
    parts = sides(table, areas=areas, start=start, end=end)
    others = table[~table["area_code"].isin(areas)]
    busy = others["count"].groupby(others["area_code"]).sum()
    if (busy > 0).sum() < 4:
        raise DataError("Fewer than four other areas had events, so no placebo can be drawn.")
    rows = []
    for code in sorted(busy.index[busy > 0]):
        own = others[others["area_code"] == code]
        if not all(own.loc[own["month"].isin(m), "count"].sum() for m in parts.values()):
            continue
        rows.append({"area_code": code} | compare_sides(others, areas=[code], **parts))
    return _flag(pd.DataFrame(rows))


def placebo_dates(
    table: pd.DataFrame,
    *,
    areas: Sequence[str],
    start: Day,
    months_after: int = 12,
    every: int = 3,
) -> pd.DataFrame:
    """
    Return what the same comparison finds at dates before anything was done.

    Parameters
    ----------
    table, areas, start
        As for `difference_in_differences`; months from the start on are left out.
    months_after
        Length of the stretch that each placebo date begins.
    every
        Months between placebo dates.

    Returns
    -------
    table
        One row a placebo date: `start, value`, interval, `p_value`, counts, `flagged`. Stretches
        overlap, so they are not independent.

    Raises
    ------
    DataError
        As `difference_in_differences`, or if there are too few months before the start.
    """
    first = month_of(start, "start")
    check_panel(table, areas=areas, start=first)
    early = table[table["month"] < first]
    months = months_of(early)
    latest = len(months) - months_after
    if latest < FEWEST_MONTHS:
        raise DataError(
            f"{len(months)} months before the start are too few for a placebo stretch of "
            f"{months_after} after at least {FEWEST_MONTHS}."
        )
    rows = []
    for place in range(latest, FEWEST_MONTHS - 1, -every):
        parts = {"before": months[:place], "after": months[place : place + months_after]}
        rows.append({"start": months[place]} | compare_sides(early, areas=areas, **parts))
    return _flag(pd.DataFrame(rows[::-1]))


def placebo_summary(effect: pd.DataFrame, placebos: pd.DataFrame) -> pd.DataFrame:
    """
    Return how unusual the effect is among placebos.

    Parameters
    ----------
    effect
        What `difference_in_differences` returns.
    placebos
        What `placebo_places` or `placebo_dates` returns.

    Returns
    -------
    summary
        One row: `placebos, flagged` (numbers), `as_large` (placebos as far from 1 as the effect,
        on the log scale), `placebo_p_value` ((as large + 1) / (placebos + 1): with eight places it
        cannot fall below 0.11).
    """
    far = np.abs(np.log(placebos["value"])) >= abs(np.log(effect["value"].iloc[0]))
    return pd.DataFrame(
        {
            "placebos": [len(placebos)],
            "flagged": [int(placebos["flagged"].sum())],
            "as_large": [int(far.sum())],
            "placebo_p_value": [(far.sum() + 1) / (len(placebos) + 1)],
        }
    )
