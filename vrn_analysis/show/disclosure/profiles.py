"""Disclosure rules by name: which counts are hidden, and how the others are rounded."""

from dataclasses import dataclass

import numpy as np

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
    profile.name: profile
    for profile in (
        Profile(
            "nhs_round5",
            8,
            5,
            "NHS England, Hospital Episode Statistics disclosure control since September 2018: "
            "1 to 7 hidden, others to the nearest 5, totals counted and then rounded. Hidden "
            "here as missing, where the source prints 5, and with secondary suppression.",
        ),
        Profile(
            "lt5",
            5,
            1,
            "ONS guidance for births, deaths and local outputs: counts under 5 are unsafe for "
            "small areas or sensitive subjects. Unrounded.",
        ),
        Profile(
            "lt10",
            10,
            1,
            "Threshold of 10 of ONS and most trusted research environments for outputs. Unrounded.",
        ),
        Profile(
            "none_internal",
            1,
            1,
            "No protection: for readers who may see the records themselves. Never published.",
        ),
    )
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

    A shown count that the profile would have hidden is taken at its word.
    """
    lowest = np.maximum(
        shown - profile.error, np.where(shown < profile.threshold, 1, profile.threshold)
    )
    return np.where(shown == 0, 0, lowest), np.where(shown == 0, 0, shown + profile.error)
