"""Alternative text: the kind of chart, what it found, and its range, in one to three sentences."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.show.figures.parts.style import decimals_for, number


def sentence(text: str) -> str:
    """End a text with a full stop."""
    text = " ".join(format(text).split())
    return text if not text or text.endswith((".", "!", "?")) else text + "."


def alt_text(kind: str, finding: str, *facts: str) -> str:
    """Return the alternative text: kind of chart, finding, and facts about its range."""
    facts = tuple(fact for fact in facts if fact)
    last = "; ".join(fact.rstrip(".") for fact in facts)
    return " ".join(filter(None, (sentence(kind), sentence(finding), sentence(last))))


def all_zero(values: pd.Series) -> str:
    """Say that all values are zero, where they are."""
    return "Every value is zero." if values.notna().any() and not values.any() else ""


def month_name(month: pd.Timestamp) -> str:
    """Write a month in words."""
    return f"{month:%B %Y}"


def value_range(values: Sequence[float], names: Sequence[str]) -> str:
    """Say the lowest and highest of some values and whose they are."""
    values = np.asarray(values, dtype=float)
    known = np.flatnonzero(~np.isnan(values))
    if not known.size:
        return "No value can be shown"
    places = decimals_for(values)
    low, high = known[values[known].argmin()], known[values[known].argmax()]
    if low == high or values[low] == values[high]:
        who = f" ({_short(names[low])})" if known.size == 1 else ""
        return f"Every value shown is {valued(values[low], places)}{who}"
    return (
        f"From {valued(values[low], places, name='lowest')} ({_short(names[low])}) "
        f"to {valued(values[high], places, name='highest')} ({_short(names[high])})"
    )


def valued(value: float, places: int | None = None, *, name: str = "value") -> str:
    """Return a number as charts write it, as a fact of its column."""
    return Fact(value, name).written(number(value, places))


def part(size: float, whole: float) -> str:
    """Return how many of how many, both as facts of the chart."""
    return f"{Fact(int(size), 'part')} of {Fact(int(whole), 'whole')}"


def _short(name: str) -> Label:
    name = " ".join(str(name).split())
    return Label(name if len(name) <= 60 else name[:59] + "…")
