"""Compare each local intervention with the areas that did not have it."""

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.evaluation.differences import difference_in_differences
from vrn_analysis.methods.evaluation.placebos import placebo_places, placebo_summary
from vrn_analysis.read.sources.judgement import words_of

PLACEBO = ["placebos", "placebo_low", "placebo_high", "placebo_p_value"]
KEPT = ["value", "lower_95_ci", "upper_95_ci", "lower_99_8_ci", "upper_99_8_ci", "controls"]
LEAST = 10  # offences on either side of the start
TOO_FEW = "fewer than ten offences before it, or while it ran"


def local_effects(table: pd.DataFrame, interventions: pd.DataFrame) -> pd.DataFrame:
    """
    Return the change where each local intervention was, compared with all other areas.

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
        compared with), `placebos` (other areas, where nothing was done, in which the same
        comparison could be made), `placebo_low, placebo_high` (the lowest and highest ratio among
        them), `placebo_p_value` (the share of all of these areas whose ratio is as far from 1: with
        eight placebos it cannot be below 0.11), `note` (why there is no value, or ""), `statistic,
        method`. No counts: the value is rounded to two decimals, so that none can be worked out,
        and missing where it rests on fewer than ten offences, since the width of its interval
        would say how many.
    """
    rows = []
    for one in interventions[interventions["areas"] != ""].to_dict("records"):
        row = {name: one[name] for name in ("intervention_id", "name", "from", "to")}
        given = {"areas": words_of(one["areas"]), "start": one["from"], "end": one["to"] or None}
        try:
            row |= {"note": ""} | _effect(table, given)
        except DataError as fault:
            row |= {"note": str(fault)}
        rows.append(row)
    columns = ["intervention_id", "name", "from", "to", *KEPT, *PLACEBO, "note", "method"]
    effects = pd.DataFrame(rows, columns=columns).assign(statistic="ratio of changes")
    numbers = [*KEPT, *PLACEBO]
    return effects.astype(dict.fromkeys(numbers, "float64")).round(dict.fromkeys(numbers, 2))


def _effect(table: pd.DataFrame, given: dict) -> dict:
    """Return an effect with its placebos, or the reason why there is none."""
    found = difference_in_differences(table, **given)
    if _few(found).any():
        return {"note": TOO_FEW}
    effect = found[[*KEPT, "method"]].iloc[0].to_dict()
    try:
        others = placebo_places(table, **given)
    except DataError:
        return effect | {"placebos": 0}
    others = others[~_few(others)]
    if others.empty:
        return effect | {"placebos": 0}
    chance = placebo_summary(found, others)["placebo_p_value"].iloc[0]
    low, high = others["value"].min(), others["value"].max()
    return effect | dict(zip(PLACEBO, (len(others), low, high, chance), strict=True))


def _few(table: pd.DataFrame) -> pd.Series:
    return table[["count_before", "count_after"]].lt(LEAST).any(axis=1)
