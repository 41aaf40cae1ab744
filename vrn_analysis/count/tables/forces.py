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
        and `dispersion`, which is not known of published counts. A force with fewer than 100,000
        residents, or with none of its own, is left out.
    """
    own = named_force(others["area_name"], others.attrs["force"])
    kept = others[(others["denominator"] >= FEWEST_RESIDENTS).fillna(False)]
    group = kept["is_similar"].map({True: "Most similar group", False: "Other forces"})
    group = group.mask(kept["area_name"] == own, "This force")
    named = kept.assign(group=group, dispersion=np.nan).rename(columns={"offences": "count"})
    columns = ["area_name", "group", "count", "denominator", "dispersion"]
    return named[columns].reset_index(drop=True)


def compared_forces(rated: pd.DataFrame) -> pd.DataFrame:
    """
    Return this force and its comparators: the most similar group, or the nearest in size.

    Parameters
    ----------
    rated
        As `comparable_forces` returns them; further columns are kept.

    Returns
    -------
    forces
        Without a most similar group, the ten whose number of residents is nearest: a rule that
        anybody can check, and no claim that they are alike.
    """
    own = rated["group"] == "This force"
    similar = rated["group"] == "Most similar group"
    if not similar.any():
        times = np.log(rated["denominator"].astype(float) / rated.loc[own, "denominator"].iloc[0])
        similar = times.abs().mask(own).rank(method="first") <= MOST_DRAWN
    return rated[own | similar].reset_index(drop=True)
