"""Estimate, before an intervention, the chance of detecting its effect."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.evaluation.differences import METHOD, compare_sides
from vrn_analysis.methods.evaluation.panel import check_panel, months_of

RATIOS = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5)


def _chance(ratio: np.ndarray, parts: dict[str, float]) -> np.ndarray:
    """Return the chance of a 95 % interval that leaves out 1, by the non-central t."""
    from scipy.stats import nct, t

    own, other = parts["own"], parts["other"]
    share = parts["share"]
    error = np.sqrt(
        parts["dispersion"]
        * (1 / own + 1 / (own * share * ratio) + 1 / other + 1 / (other * share))
    )
    shift, bound = np.log(ratio) / error, t.ppf(0.975, parts["freedom"])
    return nct.sf(bound, parts["freedom"], shift) + nct.cdf(-bound, parts["freedom"], shift)


def power(
    table: pd.DataFrame,
    *,
    areas: Sequence[str],
    months_after: int = 12,
    ratios: Sequence[float] = RATIOS,
) -> pd.DataFrame:
    """
    Return the chance that a difference-in-differences would see each size of change.

    Parameters
    ----------
    table
        Months before any intervention: `area_code, month, count`, as for
        `difference_in_differences`.
    areas
        Where it is planned.
    months_after
        How long it would run before it is judged.
    ratios
        Sizes of change: 0.8 is a fall by a fifth.

    Returns
    -------
    table
        One row a ratio: `ratio, power, smallest_detectable` (the ratio nearest 1 that has a power
        of 80 %), `count_before, expected_after` (without an effect), `controls, dispersion,
        method`.

    Raises
    ------
    DataError
        If the areas are not in the data, there are too few others or months, or a ratio is not
        above 0.

    Notes
    -----
    The dispersion is that of the last `months_after` months against those before them. Power by
    the non-central t. A design with little power will most likely find nothing whether or not
    the intervention works.
    """
    if not all(0 < ratio < np.inf for ratio in ratios):
        raise DataError("Ratios must be above 0: 0.8 is a fall by a fifth.")
    months = months_of(table)
    if not 1 <= months_after < len(months):
        raise DataError(
            f"months_after is {months_after}; the data have {len(months)} months. Leave some "
            "months before."
        )
    check_panel(table, areas=areas, start=months[-months_after])
    past = compare_sides(
        table, areas=areas, before=months[:-months_after], after=months[-months_after:]
    )
    total = table.assign(own=table["area_code"].isin(areas)).groupby("own")["count"].sum()
    parts = {
        "own": float(total[True]),
        "other": float(total[False]),
        "share": months_after / len(months),
        "dispersion": past["dispersion"],
        "freedom": past["controls"] - 1 + len(set(areas)) - 1,
    }
    fine = np.linspace(0.01, 0.999, 990)
    seen = fine[_chance(fine, parts) >= 0.8]
    sizes = np.asarray(ratios, dtype=float)
    return pd.DataFrame(
        {
            "ratio": sizes,
            "power": _chance(sizes, parts),
            "smallest_detectable": seen.max() if len(seen) else np.nan,
            "count_before": int(parts["own"]),
            "expected_after": parts["own"] * parts["share"],
            "controls": past["controls"],
            "dispersion": past["dispersion"],
            "method": METHOD,
        }
    )
