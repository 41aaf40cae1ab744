"""Two-source capture-recapture, shown as an illustrative range only."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError

ILLUSTRATIVE = (
    "Illustrative: an arithmetic of assumptions, no estimate of violence. Missed links push it up, "
    "people known to both for one reason push it down, and the two lists do not count the same "
    "people."
)
LINKAGE = (1.0, 0.95, 0.9, 0.8, 0.7)
ODDS_RATIOS = (1.0, 2.0, 4.0)


def _check(first: int, second: int, matched: int, given: Sequence[Sequence[float]]) -> None:
    problems = []
    for name, number in (("first", first), ("second", second), ("matched", matched)):
        if not number >= 0 or number != int(number):
            problems.append(f"{name} is {number}; it must be a whole number, 0 or more")
    if not problems and matched > min(first, second):
        problems.append(f"{matched} matched are more than the {min(first, second)} on one list")
    if not all(0 < share <= 1 for share in given[0]):
        problems.append("linkage must be above 0 and at most 1: the share of true matches found")
    if not all(ratio > 0 for ratio in given[1]):
        problems.append("odds ratios must be above 0")
    if problems:
        raise DataError("No capture-recapture: " + "; ".join(problems) + ".")


def _estimate(first: float, second: float, matched: float, odds: float) -> dict[str, float]:
    """Return Chapman's estimate, the part on neither list multiplied by the odds ratio."""
    seen = first + second - matched
    only = (first - matched) * (second - matched)
    unseen = odds * only / (matched + 1)
    variance = (first + 1) * (second + 1) * only / ((matched + 1) ** 2 * (matched + 2))
    error = odds * np.sqrt(variance)
    if unseen <= 0:
        return {"value": seen, "standard_error": 0.0, "lower_95_ci": seen, "upper_95_ci": seen}
    stretch = np.exp(1.959964 * np.sqrt(np.log1p((error / unseen) ** 2)))
    return {
        "value": seen + unseen,
        "standard_error": error,
        "lower_95_ci": seen + unseen / stretch,
        "upper_95_ci": seen + unseen * stretch,
    }


def capture_recapture(
    first: int,
    second: int,
    matched: int,
    *,
    linkage: Sequence[float] = LINKAGE,
    odds_ratios: Sequence[float] = ODDS_RATIOS,
    illustrate: bool = False,
) -> pd.DataFrame:
    """
    Return what two overlapping lists would mean under each linkage and dependence.

    Off by default: it needs record linkage, which the anonymised emergency department data do
    not allow, and its result depends on unknown values.

    Parameters
    ----------
    first, second, matched
        Supplied counts: people (or events) on each list, and on both as linked.
    linkage
        Shares of the true matches that the linkage may have found.
    odds_ratios
        How much the odds of being on one list are multiplied for those on the other: 1 is
        independent.
    illustrate
        Must be True, to say that the caller knows what this is.

    Returns
    -------
    table
        One row a linkage and odds ratio: `linkage, odds_ratio, matched` (true matches implied),
        `value, standard_error, lower_95_ci, upper_95_ci, first_share` (of the value that is on
        the first list), `method, reading`. Where a linkage implies more matches than a list
        holds, the row has missing values. For a page, use `capture_band`.

    Raises
    ------
    DataError
        If it was not asked for by `illustrate=True`, or counts, linkage or odds ratios cannot be.

    Notes
    -----
    Chapman (1951), log-normal limits. Dependence after Gerritse, van der Heijden and Bakker
    (2015): the number on neither list is multiplied by the odds ratio.
    """
    if not illustrate:
        raise DataError(
            "Capture-recapture is off: its result depends on linkage error and dependence, which "
            "are not known. Pass illustrate=True to draw the band as an illustration."
        )
    _check(first, second, matched, (linkage, odds_ratios))
    rows = []
    for share in linkage:
        true = round(matched / share)
        possible = true <= min(first, second)
        for odds in odds_ratios:
            found = _estimate(first, second, true, odds) if possible else {}
            rows.append({"linkage": share, "odds_ratio": odds, "matched": true} | found)
    columns = ["linkage", "odds_ratio", "matched", "value", "standard_error"]
    table = pd.DataFrame(rows).reindex(columns=[*columns, "lower_95_ci", "upper_95_ci"])
    return table.assign(
        first_share=first / table["value"].where(table["value"] > 0),
        method="Chapman, log-normal limits, over linkage error and dependence",
        reading=ILLUSTRATIVE,
    )


def capture_band(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the only form in which capture-recapture may reach a page: the band, without a point.

    Parameters
    ----------
    table
        What `capture_recapture` returns.

    Returns
    -------
    band
        One row: `lowest, highest` (limits over every linkage and odds ratio), `linkage,
        odds_ratios` (in words), `reading`.
    """
    shares, odds = table["linkage"], table["odds_ratio"]
    return pd.DataFrame(
        {
            "lowest": [table["lower_95_ci"].min()],
            "highest": [table["upper_95_ci"].max()],
            "linkage": [f"{100 * shares.min():.0f}% to {100 * shares.max():.0f}% of matches found"],
            "odds_ratios": [f"{odds.min():g} to {odds.max():g}"],
            "reading": [ILLUSTRATIVE],
        }
    )
