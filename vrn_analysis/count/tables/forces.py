"""Select police forces whose residents allow a rate."""

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError

# the City of London is about a square mile, and few people there are residents
FEWEST_RESIDENTS = 100_000
MOST_DRAWN = 10


def named_force(forces: pd.Series, force: str) -> str:
    """
    Return a force as a file writes it: `avon-and-somerset` is Avon and Somerset.

    Raises
    ------
    DataError
        If the file does not hold it.
    """
    plain = forces.astype("str").str.lower().str.replace("-", " ")
    found = forces[plain == force.lower().replace("-", " ")]
    if found.empty:
        raise DataError(
            f"None of the {len(forces)} forces to compare with is {force}, such as "
            f"{', '.join(forces.head(3))}. Give its name there as force under "
            "[sources.other_forces] in the settings."
        )
    return str(found.iloc[0])


def comparable_forces(others: pd.DataFrame) -> pd.DataFrame:
    """
    Return the forces that a rate by residents can be made for, as published: nothing to protect.

    Parameters
    ----------
    others
        `area_name, offences, denominator, is_similar`, as `assessment.other_forces` returns them,
        with the `force` of the run in its attributes.

    Returns
    -------
    forces
        `area_name, count, denominator, group` ("This force", "Most similar group", "Other forces"),
        `dispersion`, which is not known of published counts, and `is_compared`: this force and the
        most similar group, or without one the ten whose number of residents is nearest, a rule
        that anybody can check, and no claim that they are alike. A force with fewer than 100,000
        residents, or with none of its own, is left out.
    """
    own = named_force(others["area_name"], others.attrs["force"])
    kept = others[(others["denominator"] >= FEWEST_RESIDENTS).fillna(False)]
    group = kept["is_similar"].map({True: "Most similar group", False: "Other forces"})
    group = group.mask(kept["area_name"] == own, "This force")
    named = kept.assign(group=group, dispersion=np.nan).rename(columns={"offences": "count"})
    columns = ["area_name", "group", "count", "denominator", "dispersion"]
    return named[columns].assign(is_compared=_is_compared(named)).reset_index(drop=True)


def _is_compared(forces: pd.DataFrame) -> pd.Series:
    own = forces["group"] == "This force"
    similar = forces["group"] == "Most similar group"
    if not similar.any():
        times = np.log(forces["denominator"].astype(float) / forces.loc[own, "denominator"].iloc[0])
        similar = times.abs().mask(own).rank(method="first") <= MOST_DRAWN
    return own | similar
