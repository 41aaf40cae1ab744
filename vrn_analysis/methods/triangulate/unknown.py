"""Estimate how many attendances are unknown to the police, as a range."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.rates import proportion
from vrn_analysis.methods.triangulate.capture import LINKAGE, capture_band, capture_recapture

READING = (
    "The range depends on how many true matches the linkage found, which is unknown. Missed "
    "matches look like violence unknown to the police. False links have the opposite effect, and "
    "we assume that there are none."
)
STEP = 0.1
LISTS = {"police": "Police records", "attendances": "Attendances", "linked": "Linked"}


def found_shares(low: float, high: float) -> list[float]:
    """Return the shares of true matches to work with: from low to high in steps of a tenth."""
    if not 0 < low <= high <= 1:
        raise DataError(
            f"The share of matches found must be between 0 and 1, the lower first: {low}, {high}."
        )
    inner = np.arange(np.ceil(low / STEP + 1e-9), np.floor(high / STEP - 1e-9) + 1) * STEP
    return sorted({round(float(low), 4), *np.round(inner, 4).tolist(), round(float(high), 4)})


def unknown_to_police(
    attendances: int, linked: int, *, linkage: Sequence[float] = LINKAGE, count_error: int = 0
) -> pd.DataFrame:
    """
    Return the share of attendances that no police record matches, under each linkage.

    Parameters
    ----------
    attendances, linked
        Attendances offered for linkage, and those that were linked to a police record.
    linkage
        Shares of the true matches that the linkage may have found.
    count_error
        The most that rounding moved either count.

    Returns
    -------
    table
        One row a linkage: `linkage` (0 to 1), `found` (in words), `value, lower_95_ci,
        upper_95_ci` (per cent), `method, reading`. A linkage that implies more matches than
        attendances has missing values.

    Raises
    ------
    DataError
        If counts or linkage cannot be.

    Notes
    -----
    Wilson's limits of the linked share, divided by the share found. The share found is an
    assumption, so the uncertainty in it is the spread between rows and not in the limits.
    """
    if not 0 <= linked <= attendances or not attendances:
        raise DataError(
            f"{linked} linked of {attendances} attendances: linked must be 0 to the attendances."
        )
    if not all(0 < share <= 1 for share in linkage):
        raise DataError("linkage must be above 0 and at most 1: the share of true matches found.")
    counts = pd.DataFrame({"count": [linked], "denominator": [attendances]})
    errors = counts.assign(count_error=count_error, denominator_error=count_error)
    share = proportion(errors, per=100).iloc[0]
    rows = []
    for found in linkage:
        known = share["value"] / found
        # more matches than attendances cannot be, so this linkage cannot
        possible = known <= 100
        low = 100 - min(share["upper_95_ci"] / found, 100)
        high = 100 - min(share["lower_95_ci"] / found, 100)
        rows.append((found, *((100 - known, low, high) if possible else (np.nan,) * 3)))
    table = pd.DataFrame(rows, columns=["linkage", "value", "lower_95_ci", "upper_95_ci"])
    words = [f"{100 * found:.0f}% of matches found" for found in table["linkage"]]
    method = "linked share (Wilson) over the share of matches found"
    return table.assign(found=words, method=method, reading=READING)


def unknown_band(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the band: the least and the most that the share may be, over every linkage.

    Parameters
    ----------
    table
        What `unknown_to_police` returns.

    Returns
    -------
    band
        One row: `lowest, highest` (per cent), `linkage` (in words), `reading`.
    """
    shares = table["linkage"]
    return pd.DataFrame(
        {
            "lowest": [table["lower_95_ci"].min()],
            "highest": [table["upper_95_ci"].max()],
            "linkage": [
                f"{100 * shares.min():.0f}% to {100 * shares.max():.0f}% of true matches were found"
            ],
            "reading": [READING],
        }
    )


def linked_lists(linked: pd.Series) -> pd.DataFrame:
    """
    Return the counts of an exercise in linkage as a table that can be protected.

    Parameters
    ----------
    linked
        `police, attendances, linked`.

    Returns
    -------
    lists
        `list` ("Police records", "Attendances", "Linked"), `count`.
    """
    counts = [int(linked[name]) for name in LISTS]
    return pd.DataFrame({"list": list(LISTS.values()), "count": pd.array(counts, dtype="Int64")})


def unknown_in(lists: pd.DataFrame, linked: pd.Series) -> pd.DataFrame:
    """Return `unknown_to_police` of protected lists, as `linked_lists` made them of `linked`."""
    count = lists.set_index("list")["count"].astype(int)
    return unknown_to_police(
        count["Attendances"],
        min(count["Linked"], count["Attendances"]),
        linkage=found_shares(linked["found_low"], linked["found_high"]),
        count_error=int(lists["count_error"].max()),
    )


def _capture(count: pd.Series, linkage: Sequence[float]) -> pd.DataFrame:
    police, attended, linked = (max(count[name], 0) for name in LISTS.values())
    linked = min(linked, police, attended)
    return capture_recapture(police, attended, linked, linkage=linkage, illustrate=True)


def both_lists(lists: pd.DataFrame, linked: pd.Series) -> pd.DataFrame:
    """
    Return the band of capture-recapture of protected lists, to the nearest hundred outwards.

    Parameters
    ----------
    lists
        As `linked_lists` made them.
    linked
        `found_low, found_high`: the share of true matches that may have been found.

    Returns
    -------
    band
        As `capture_band`, over all that rounding allows.
    """
    count = lists.set_index("list")["count"].astype(int).loc[list(LISTS.values())]
    error = int(lists["count_error"].max())
    linkage = found_shares(linked["found_low"], linked["found_high"])
    # fewer on each list and more on both make the least of what rounding allows, and the reverse
    least, most = (
        capture_band(_capture(count + side * np.array([error, error, -error]), linkage))
        for side in (-1, 1)
    )
    band = least.assign(highest=most["highest"])
    return band.assign(
        lowest=(np.floor(band["lowest"] / 100) * 100).astype("Int64"),
        highest=(np.ceil(band["highest"] / 100) * 100).astype("Int64"),
    )
