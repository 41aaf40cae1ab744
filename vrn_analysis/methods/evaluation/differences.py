"""Difference-in-differences: the change in some areas compared with all others."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.evaluation.panel import Day, collapse, months_of, sides
from vrn_analysis.methods.rates.intervals import ratios
from vrn_analysis.methods.trends import fit_counts

NOT_PROOF = (
    "This is not proof that the intervention worked, or that it did not. Areas that were not "
    "chosen at random differ in other ways. Something else may have changed there at that time, "
    "or violence may have moved elsewhere. The counts are of recorded crime."
)
METHOD = "quasi-Poisson, one count before and one after for each area, Student's t"


def _design(both: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    design = pd.get_dummies(both["area_code"], dtype=float)
    treated = both["area_code"].isin(areas).to_numpy()
    return design.assign(after=both["after"].astype(float), effect=both["after"] * treated * 1.0)


def _row(result: Any) -> dict[str, float]:
    # counts that vary less than chance by luck must not make the interval narrow
    place = list(result.params.index).index("effect")
    error = np.sqrt(
        np.asarray(result.normalized_cov_params)[place, place] * max(result.dispersion, 1.0)
    )
    row = ratios(result.params["effect"], error, result.df_resid)
    return row | {"standard_error": error, "dispersion": max(result.dispersion, 1.0)}


def compare_sides(
    table: pd.DataFrame, *, areas: Sequence[str], before: pd.DatetimeIndex, after: pd.DatetimeIndex
) -> dict[str, float]:
    """
    Return the ratio of changes between two sets of months, areas against all others.

    Parameters
    ----------
    table
        A panel that `panel.check_panel` let through.
    areas
        The areas of the intervention.
    before, after
        The months of each side.

    Raises
    ------
    DataError
        If the areas had no event on one side, or fewer than three others had any.
    """
    both = collapse(table, before=before, after=after)
    own = both["area_code"].isin(areas)
    events = both[own].groupby("after")["count"].sum().reindex([0, 1], fill_value=0)
    others = both.loc[~own, "area_code"].nunique()
    if (events == 0).any() or others < 3:
        raise DataError(
            f"The areas had {events[0]:.0f} events before and {events[1]:.0f} after, and {others} "
            "other areas had any: with none on one side, or fewer than three others, no ratio can "
            "be given. Use a longer period or more offences."
        )
    design = _design(both, areas)
    # it sets warning filters of its own when first imported, so before ours
    import statsmodels.tools.sm_exceptions  # noqa: F401

    given = {"exposure": both["exposure"].to_numpy(), "family": "quasi_poisson"}
    with warnings.catch_warnings():
        # changes that are the same everywhere are fitted exactly; the dispersion is then 1
        warnings.simplefilter("ignore")
        result = fit_counts(both["count"].to_numpy(), design, **given)
    counts = {"count_before": int(events[0]), "count_after": int(events[1]), "controls": others}
    return _row(result) | counts


def difference_in_differences(
    table: pd.DataFrame, *, areas: Sequence[str], start: Day, end: Day | None = None
) -> pd.DataFrame:
    """
    Return the change in the areas of an intervention compared with all other areas.

    Parameters
    ----------
    table
        One row an area and month: `area_code, month` (first day), `count` (exact, zeros
        included); optionally `denominator`. Areas that the intervention may have touched
        otherwise (neighbours, for instance) are left out before.
    areas
        Codes of the areas of the intervention.
    start, end
        Its first and last month; without an end, up to the last month of the data. All months
        before the start are "before"; months after the end are left out.

    Returns
    -------
    table
        One row: `value` (ratio of ratios: 0.8 is a fall by a fifth beside the others),
        `lower_95_ci, upper_95_ci, lower_99_8_ci, upper_99_8_ci, p_value, standard_error,
        dispersion, count_before, count_after, controls, statistic, method, reading`.

    Raises
    ------
    DataError
        If the intervention is outside the areas or the period, there are fewer than three other
        areas or six months on either side, a month is missing, or there are no events.

    Notes
    -----
    A level for each area and a common change; each area has one count before and one after, so
    likeness of neighbouring months does not make the interval too narrow (Bertrand, Duflo and
    Mullainathan 2004). The dispersion is that of the other areas' changes, at least 1.
    """
    row = compare_sides(table, areas=areas, **sides(table, areas=areas, start=start, end=end))
    return pd.DataFrame([row]).assign(
        statistic="ratio of changes, intervention over others", method=METHOD, reading=NOT_PROOF
    )


def event_study(
    table: pd.DataFrame,
    *,
    areas: Sequence[str],
    start: Day,
    end: Day | None = None,
    every: int = 6,
) -> pd.DataFrame:
    """
    Return the ratio for each stretch of months before and after the start.

    It is the check of parallel trends: ratios before the start should be near 1.

    Parameters
    ----------
    table, areas, start, end
        As for `difference_in_differences`.
    every
        Months a stretch; the first stretch before the start may be shorter and is left out.

    Returns
    -------
    table
        One row a stretch: `from, to, stretch` (0 is the first from the start, -1 the last
        before), `side` ("before", "during", "after"), `value` and interval, each against the
        months before the start (for a stretch before: the other months before), `reading`.
        Ratios before the start that differ from 1 show that the areas were already diverging.

    Raises
    ------
    DataError
        As `difference_in_differences`.
    """
    during = sides(table, areas=areas, start=start, end=end)["after"]
    first, months = during[0], months_of(table)
    number = (months.year - first.year) * 12 + months.month - first.month
    stretch = number // every
    before = months < first
    rows = []
    for one in np.unique(stretch):
        inside = stretch == one
        if inside.sum() < every or (before & ~inside).sum() < every:
            continue
        found = compare_sides(
            table, areas=areas, before=months[before & ~inside], after=months[inside]
        )
        begins, ends = months[inside][0], months[inside][-1]
        side = "before" if one < 0 else "after" if begins > during[-1] else "during"
        rows.append({"from": begins, "to": ends, "stretch": int(one), "side": side} | found)
    return pd.DataFrame(rows).assign(method=METHOD, reading=NOT_PROOF)
