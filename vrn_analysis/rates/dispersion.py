"""How much more counts vary than independent events would."""

import numpy as np
import pandas as pd

from vrn_analysis.errors import DataError, NotEnoughError
from vrn_analysis.rates import checks


def _checked(values: pd.Series, name: str) -> np.ndarray:
    table = pd.DataFrame({name: values})
    checks.check(table, whole=[name])
    return checks.numbers(table, name)


def dispersion_of_incidents(offences_per_incident: pd.Series) -> float:
    """
    Return the dispersion of a count of offences from the sizes of its incidents.

    Where incidents are independent and each brings a number of offences (or victims), the count
    has variance over mean of the sum of squared sizes over the sum of sizes: 1 when every
    incident brings one. Rounded up to hundredths.

    Parameters
    ----------
    offences_per_incident
        Number of offences of each incident; incidents of 0 add nothing.

    Raises
    ------
    DataError
        If a size is negative or fractional, or no incident has an offence.
    """
    sizes = _checked(offences_per_incident, "offences_per_incident")
    sizes = sizes[~np.isnan(sizes)]
    if not sizes.sum():
        raise NotEnoughError("There are no offences, so how they cluster in incidents is unknown.")
    exact = (sizes**2).sum() / sizes.sum()
    # to all its digits the ratio gives both sums back; rounded up, an interval is no narrower
    return float(np.ceil(round(100 * exact, 6)) / 100)


def dispersion_of_series(counts: pd.Series) -> float:
    """
    Return the dispersion of successive counts about their level: at least 1.

    The mean squared successive difference, halved, over the mean: a slow trend does not inflate
    it, a clustered series does. Take season out first, or pass counts of whole years' months.

    Parameters
    ----------
    counts
        Counts of periods of equal length, in order. A missing one has no successor.

    Raises
    ------
    DataError
        If a count is negative or fractional, or fewer than 11 come straight after another.

    Notes
    -----
    Source: von Neumann (1941), the mean square successive difference.
    """
    found = _checked(counts, "counts")
    steps = np.diff(found)
    steps = steps[~np.isnan(steps)]
    if len(steps) < 11:
        raise DataError(
            f"Of {len(found)} counts {len(steps)} follow straight after another, too few to "
            "estimate a dispersion: it takes 12 in a row."
        )
    level = np.nanmean(found)
    return float(max(np.mean(steps**2) / 2 / level, 1.0)) if level else 1.0
