"""Numbers and names in a sentence."""

import pandas as pd

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def number(value: int) -> str:
    """Return a small number in words, to start a sentence with."""
    return NUMBERS[value] if value < len(NUMBERS) else f"{value:,}"


def joined(names: list[str]) -> str:
    """Return names as a list in words: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def count(value: float) -> str:
    """Return a count, or that it is suppressed."""
    return "a suppressed number of" if pd.isna(value) else f"{value:,.0f}"


def sentence(text: str) -> str:
    """Return the text with a capital letter."""
    return text[:1].upper() + text[1:]
