"""Numbers and names in a sentence, and the sentence with the facts that it is made of."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.core.facts import WORDS, Fact, Label, said

__all__ = ["said"]
PER = "per 1,000 residents a year"
CI = "95% CI"
LIMITS = ("lower_95_ci", "upper_95_ci")
EVEN = dict.fromkeys(LIMITS, 1)  # what a ratio without a difference is


def interval(
    row: Any, write: Callable[[float], str], *, lead: bool = True, limits: Iterable[str] = LIMITS
) -> str:
    """
    Return the limits of a row in words: "95% CI 1.2 to 3.4".

    Parameters
    ----------
    row
        Facts by name.
    write
        How a limit is written.
    lead
        Whether the level is named; once in a sentence is enough.
    limits
        The columns of both limits.
    """
    low, high = (row[name] for name in limits)
    end = write(high) if np.isfinite(high) else "no upper limit"
    return f"{f'{CI} ' * lead}{write(low)} to {end}"


def beside(one: Any, other: Any, *, above: str, below: str, neither: str) -> str:
    """Return what two intervals allow to say of one value beside another."""
    if one["lower_95_ci"] > other["upper_95_ci"]:
        return above
    return below if one["upper_95_ci"] < other["lower_95_ci"] else neither


def share(value: float) -> str:
    """Return a share in per cent, without decimals."""
    return f"{value:.0f}%"


def higher(value: float) -> str:
    """Return a change in per cent in words: "4% higher", "2% lower", "0%"."""
    side = " higher" if value > 0 else " lower"
    return f"{abs(value):.0f}%{side * bool(round(value))}"


def change(row: Any) -> str:
    """Return a change with its interval: "4% higher (95% CI 1% lower to 9% higher)"."""
    low, high = (row[f"percent_{end}"] for end in ("lower", "upper"))
    first = higher(low)
    if np.isfinite(high) and round(low) * round(high) > 0:
        first = first.rpartition(" ")[0]
    end = higher(high) if np.isfinite(high) else "no upper limit"
    return f"{higher(row['percent_change'])} ({CI} {first} to {end})"


def rate(value: float) -> str:
    """Return a rate as charts and tables write it: two decimals, one from 10 on."""
    return f"{value:.{1 if abs(value) >= 10 else 2}f}"


def ratio(value: float) -> str:
    """Return a ratio with one decimal."""
    return f"{value:.1f}"


def number(value: Fact) -> str:
    """Return a small number in words, to start a sentence with."""
    if value < len(WORDS):
        return value.written(WORDS[int(value)].capitalize())
    return f"{value}"


def joined(names: Iterable[str]) -> str:
    """Return names as a list in words: a, b and c; a; b; and c if one has commas."""
    names = [f"{name}" for name in names]
    if len(names) == 1:
        return names[0]
    if any(", " in name for name in names):
        return f"{'; '.join(names[:-1])}; and {names[-1]}"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def count(value: float) -> str:
    """Return a count, or that it is suppressed."""
    return "a suppressed number of" if pd.isna(value) else f"{value:,}"


def sentence(text: str) -> str:
    """Return a text with a capital letter; digits in it are part of a name."""
    return f"{Label(text).sentence()}"
