"""Rate checks red, amber or green by the rules of a file."""

from pathlib import Path

import numpy as np
import pandas as pd

from vrn_analysis.core.config import resource
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.files import read_csv
from vrn_analysis.read.files.tables import checked

GREEN, AMBER, RED = "Green", "Amber", "Red"
RATINGS = (GREEN, AMBER, RED)
ANY = "*"
NO_FAULT = "Not a fault"


def thresholds(file: Path | None = None) -> pd.DataFrame:
    """
    Read the rules of the ratings.

    Parameters
    ----------
    file
        A partnership's own; without it `data/reference/quality_thresholds.csv`.

    Returns
    -------
    rules
        `aspect, check` ("*": every check of the aspect that has no row of its own), `amber, red`
        (per cent above which a check is rated so), `why` (what it does to the figures), `action`.

    Raises
    ------
    DataError
        If columns are missing, thresholds are no per cents in order, or rows repeat or lack words.
    """
    file = file or resource("data", "reference", "quality_thresholds.csv")
    return checked(
        read_csv(file),
        CONTRACTS["quality_thresholds"],
        file=file,
        rules=lambda rule: {"have amber above red": rule["amber"] > rule["red"]},
    )


def _rule(rules: pd.DataFrame, aspect: str, check: str) -> pd.Series:
    mine = rules[rules["aspect"] == aspect].set_index("check")
    for name in (check, ANY):
        if name in mine.index:
            return mine.loc[name]
    raise DataError(f"No rule for {check!r} of {aspect!r}: add a row to the file of thresholds.")


def rate(measures: pd.DataFrame, rules: pd.DataFrame, *, hidden: int) -> pd.DataFrame:
    """
    Add a rating to each check, with the rule, why it matters and what to do.

    Parameters
    ----------
    measures
        Protected: `aspect, check, count, denominator, status, value` (per cent).
    rules
        As `thresholds` returns them.
    hidden
        The most that a suppressed count can be: such a check is rated by that.

    Returns
    -------
    statement
        The same rows and `rating, rule, why, action`.

    Raises
    ------
    DataError
        If a check has no rule.
    """
    found = [_rule(rules, a, c) for a, c in zip(measures["aspect"], measures["check"], strict=True)]
    rule = pd.DataFrame(found, index=measures.index)
    most = 100 * hidden / measures["denominator"].astype(float).clip(lower=1)
    value = measures["value"].astype(float)
    # with nothing to check there is no fault
    value = value.mask(measures["status"] == "suppressed", most).fillna(0.0)
    words = [
        f"Amber above {low:g}%, red above {high:g}%" if high <= 100 else
        (f"Amber above {low:g}%" if low <= 100 else NO_FAULT)
        for low, high in zip(rule["amber"], rule["red"], strict=True)
    ]  # fmt: skip
    rating = np.select([value > rule["red"], value > rule["amber"]], [RED, AMBER], GREEN)
    return measures.assign(
        rating=rating, rule=words, why=rule["why"], action=rule["action"]
    ).reset_index(drop=True)


def worst(ratings: pd.Series) -> str:
    """Return the worst of some ratings."""
    return max(ratings, key=RATINGS.index)
