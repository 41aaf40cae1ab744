"""Disclosure rules by name: which counts are hidden, and how the others are rounded."""

from dataclasses import dataclass

import numpy as np

from vrn_analysis.core.config import reference_rows
from vrn_analysis.core.errors import SettingsError


@dataclass(frozen=True)
class Profile:
    """
    One disclosure rule.

    Counts from 1 to `threshold` - 1 are hidden; others are rounded to the nearest `base`
    (1: not rounded). A true zero is always shown as zero.
    """

    name: str
    threshold: int
    base: int
    source: str

    @property
    def error(self) -> int:
        """The most that rounding can move a count."""
        return self.base // 2


PROFILES = {
    row["name"]: Profile(row["name"], int(row["threshold"]), int(row["base"]), row["source"])
    for row in reference_rows("disclosure_profiles.csv")
}


def named(profile: str) -> Profile:
    """
    Return the profile of this name.

    Raises
    ------
    SettingsError
        If there is no such profile.
    """
    if profile not in PROFILES:
        raise SettingsError(
            f"Unknown disclosure profile {profile!r}: choose one of {', '.join(PROFILES)}."
        )
    return PROFILES[profile]


def rounded(counts: np.ndarray, profile: Profile) -> np.ndarray:
    """Return whole counts rounded to the nearest base of the profile; half cannot occur."""
    return (counts + profile.error) // profile.base * profile.base


def shown_bounds(shown: np.ndarray, profile: Profile) -> tuple[np.ndarray, np.ndarray]:
    """
    Return the least and greatest true count that each shown count can represent.

    A hidden count (missing) is at least 1. A shown count that the profile would have hidden is
    taken at its word.
    """
    hidden = np.isnan(shown)
    lowest = np.maximum(
        shown - profile.error, np.where(shown < profile.threshold, 1, profile.threshold)
    )
    highest = np.where(hidden, np.inf, np.where(shown == 0, 0, shown + profile.error))
    return np.where(hidden, 1, np.where(shown == 0, 0, lowest)), highest
