"""Every local intervention with a place and dates beside the places without it."""

import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.evaluation.differences import difference_in_differences

KEPT = ["value", "lower_95_ci", "upper_95_ci", "lower_99_8_ci", "upper_99_8_ci", "controls"]
LEAST = 10  # offences on either side of the start
TOO_FEW = "fewer than ten offences before it, or while it ran"


def _words(cell: str) -> list[str]:
    return [part for part in (one.strip() for one in cell.split(";")) if part]


def local_effects(table: pd.DataFrame, interventions: pd.DataFrame) -> pd.DataFrame:
    """
    Return how counts changed where each local intervention was, beside all other areas.

    Parameters
    ----------
    table
        One row an area and month, zeros included: `area_code, month, count` (exact).
    interventions
        As `prevention.check_interventions` returns them; those without areas act everywhere, so
        nothing is left to compare them with, and they are left out.

    Returns
    -------
    effects
        One row an intervention with areas: `intervention_id, name, from, to, value` (ratio of
        changes: 0.8 is a fall by a fifth beside the others), its interval, `controls` (areas
        compared with), `note` (why there is no value, or ""), `statistic, method`. No counts:
        the value is rounded to two decimals, so that none can be worked out, and missing where
        it rests on fewer than ten offences, since the width of its interval would say how many.
    """
    rows = []
    for one in interventions[interventions["areas"] != ""].to_dict("records"):
        row = {name: one[name] for name in ("intervention_id", "name", "from", "to")}
        dates = {"start": one["from"], "end": one["to"] or None}
        try:
            found = difference_in_differences(table, areas=_words(one["areas"]), **dates)
            few = found[["count_before", "count_after"]].iloc[0].between(1, LEAST - 1).any()
            kept = {"note": TOO_FEW} if few else found[[*KEPT, "method"]].iloc[0].to_dict()
            row |= {"note": ""} | kept
        except DataError as fault:
            row |= {"note": str(fault)}
        rows.append(row)
    columns = ["intervention_id", "name", "from", "to", *KEPT, "note", "method"]
    effects = pd.DataFrame(rows, columns=columns).assign(statistic="ratio of changes")
    return effects.astype(dict.fromkeys(KEPT, "float64")).round(dict.fromkeys(KEPT, 2))
