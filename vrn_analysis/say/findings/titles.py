"""The title of a chart or map: the finding that its table shows."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Said
from vrn_analysis.say.findings import (
    change,
    clusters,
    factors,
    health,
    inequality,
    people,
    places,
    quality,
    quarter,
    records,
    setting,
)

# the column that tells what a table is of, the most telling first
BY_COLUMN = {
    "reported": health.sites,
    "confidence": quality.confidence,
    "delay": quality.delay,
    "clock": quality.full_hours,
    "field": records.completeness,
    "switch": records.sensitivity,
    "outcome": records.bounds,
    "slot": setting.busiest,
    "signal": change.signals,
    "percent_change": quarter.changes,
    "funnel_result": inequality.funnel,
    "quintile": places.gradient,
    "judgement": factors.profiled,
    "map_class": clusters.mapped,
    "area_code": places.mapped,
    "source": health.young,
    "sex": people.by_sex,
}


def title(drawn: pd.DataFrame | Mapping[str, float], **about: Any) -> Said:
    """
    Return the title of a chart or map: the finding that its table shows.

    Parameters
    ----------
    drawn
        The table drawn. Its columns tell what it is of. Or the shares by part of maps side by side.
    about
        What the table does not tell: `by`, the column compared, with `of` (what the shares are of),
        or with `usual` and `whole` (the value of the whole and its name); `cells`, the grid of a
        map, and `who` its ratio is of; `who` is counted by sex; the `noun` of what changed.

    Raises
    ------
    DataError
        If no title is known for such a table.
    """
    if isinstance(drawn, Mapping):
        return clusters.side_by_side(drawn)
    if "usual" in about:
        return setting.furthest_above(drawn, **about)
    if "by" in about:
        return (change.multiples if "month" in drawn else setting.largest_share)(drawn, **about)
    for column, write in BY_COLUMN.items():
        if column in drawn:
            return write(drawn, **about)
    raise DataError(
        f"No title is known for a table of {', '.join(map(str, drawn))}: name the column that is "
        "compared as by=."
    )
