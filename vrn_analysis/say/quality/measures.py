"""The result of every check: how many of how many, and where it stands out."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

COLUMNS = ("aspect", "check", "count", "denominator", "detail")


@dataclass(frozen=True)
class Found:
    """The result of one check: `count` of `denominator`, and where it stands out."""

    check: str
    count: int
    denominator: int
    detail: str = ""


def measured(aspect: str, found: Iterable[Found]) -> pd.DataFrame:
    """
    Return the results of the checks of one aspect as a table.

    Returns
    -------
    measures
        `aspect, check, count, denominator, detail`: `count` of the `denominator` are at fault.
        A check that found nothing has its row too, with a count of 0.
    """
    rows = [(aspect, one.check, one.count, one.denominator, one.detail) for one in found]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    words = dict.fromkeys(("aspect", "check", "detail"), "str")
    return table.astype(words | {"count": "Int64", "denominator": "Int64"})


def beyond_chance(count: int, of: int, share: float, *, alpha: float = 0.001) -> int:
    """
    Return by how much a count exceeds what a share leads to expect; 0 where chance may do it.

    One-sided exact binomial test.
    """
    from scipy.stats import binomtest

    if not of or binomtest(count, of, min(share, 1.0), alternative="greater").pvalue >= alpha:
        return 0
    return round(count - of * share)
