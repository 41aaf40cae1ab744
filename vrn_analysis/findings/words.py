"""Numbers and names in a sentence, and the figures that a sentence is made of."""

import pandas as pd
from IPython.display import Markdown

PER = "per 1,000 residents a year"
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class Title(str):
    """
    A chart's title that knows the figures it was made of.

    They are published with the tables of the run, where no table holds them already.
    """

    def __new__(cls, text: str, **figures: float) -> "Title":
        """Return a text with its figures."""
        made = super().__new__(cls, text)
        made.figures = known(figures)
        return made

    def __reduce__(self) -> tuple:
        """Keep the figures where a chart is copied."""
        return _title, (str(self), self.figures)


def _title(text: str, figures: dict[str, float]) -> Title:
    return Title(text, **figures)


def said(text: str, **figures: float) -> Markdown:
    """Return a sentence with the figures it was made of, where no table of the run holds them."""
    return Markdown(text, metadata={"figures": known(figures)} if figures else None)


def known(figures: dict[str, float]) -> dict[str, float]:
    """Return figures as plain numbers, without those that are missing."""
    return {n: float(v) for n, v in figures.items() if pd.notna(v) and abs(v) != float("inf")}


def interval(row: pd.Series) -> dict[str, float]:
    """Return the figures of a row: its value and both limits."""
    return {name: row[name] for name in ("value", "lower_95_ci", "upper_95_ci")}


def changed(row: pd.Series) -> dict[str, float]:
    """Return the figures of a change in per cent: its size and both limits."""
    return {name: row[name] for name in ("percent_change", "percent_lower", "percent_upper")}


def percent(value: float) -> str:
    """Return a change in per cent with its sign; a minus is a true one."""
    # no change has no sign, on whichever side of 0 it lies
    return f"{value:+.0f}%".replace("-", "\u2212") if round(value) else "0%"


def rate(value: float) -> str:
    """Return a rate as charts and tables write it: two decimals, one from 10 on."""
    return f"{value:.{1 if abs(value) >= 10 else 2}f}"


def number(value: int) -> str:
    """Return a small number in words, to start a sentence with."""
    return NUMBERS[value] if value < len(NUMBERS) else f"{value:,}"


def joined(names: list[str]) -> str:
    """Return names as a list in words: a, b and c; a; b; and c if one has commas."""
    if len(names) == 1:
        return names[0]
    if any(", " in name for name in names):
        return f"{'; '.join(names[:-1])}; and {names[-1]}"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def count(value: float) -> str:
    """Return a count, or that it is suppressed."""
    return "a suppressed number of" if pd.isna(value) else f"{value:,.0f}"


def sentence(text: str) -> str:
    """Return the text with a capital letter."""
    return text[:1].upper() + text[1:]
