"""
Numbers and names that keep their source while a sentence is made of them.

A `Fact` is a number of a table, a `Label` a name or a period that may have digits. Both format as
their text between marks of private-use characters, so f-strings and joins keep the link. `Said`
takes the marks out again and remembers what stood where.
"""

import csv
import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from numbers import Real
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import Markdown

from vrn_analysis.core import config

OPEN, CLOSE = "\ue000", "\ue001"
BYTES = 0xE100  # one private-use character for each byte of what a mark holds
MARK = re.compile(f"{OPEN}([{chr(BYTES)}-{chr(BYTES + 255)}]*)([^{OPEN}{CLOSE}]*){CLOSE}")
NUMBER = re.compile(r"(?<![\w.,])([-\u2212+]?)(\d+(?:,\d{3})+|\d+)(\.\d+)?(?!\w)")
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# what a text column says of a number, and so names no row
NO_KEYS = {"status", "method", "note", "reading", "stamp"}
MINUS = ("-", "\u2212")
NEAR = 2e-5  # tables have six digits
ALLOWED = ("data", "reference", "allowed_numbers.csv")
MONTHS = "January February March April May June July August September October November December"
# a number in typed text that names a time or a notebook
WHEN = (
    r"\b\d{4}-\d\d(-\d\d)?\b",
    r"\b(19|20)\d\d([/\u2013-]\d\d(\d\d)?)?\b",
    r"\b\d{1,2}:\d\d\b",
    rf"\b\d{{1,2}} ({'|'.join(MONTHS.split())})\b",
    r"(?<=[*\[])\d\d(?= [A-Z])",  # a notebook's name, in bold or as a link
)


def mark(text: str, **about: Any) -> str:
    """Return a text between the marks of what it is: a fact, or without `about` a label."""
    told = json.dumps(about, separators=(",", ":")).encode() if about else b""
    return f"{OPEN}{''.join(chr(BYTES + byte) for byte in told)}{text}{CLOSE}"


class Fact(float):
    """
    A number that names the cell it comes from.

    Parameters
    ----------
    value
        The number.
    name
        The column of its table, or what a derived number is called.
    keys
        The labels of its row, by column; none for a derived number.
    cell
        The number as its table has it, where it is said without its sign.
    """

    def __new__(
        cls, value: float, name: str, keys: dict | None = None, cell: float | None = None
    ) -> "Fact":
        """Return a number with its source."""
        made = super().__new__(cls, value)
        made.name, made.keys = name, keys or {}
        made.cell = float(value) if cell is None else cell
        return made

    def __format__(self, spec: str) -> str:
        """Return the formatted number between the marks of its source."""
        plain = spec in ("", ",")
        spec = (",.0f" if self.is_integer() else ".6g") if plain else spec
        return self.written(format(float(self), spec), scale=100 if spec.endswith("%") else 1)

    def written(self, text: str, *, scale: int = 1) -> str:
        """
        Return a text that stands for the number, between the marks of its source.

        The text is of `scale` times the number: 100 for a share in per cent.
        """
        text = text.replace("-", "\u2212")
        if not re.search("[1-9a-z]", text):
            text = text.lstrip("+\u2212")  # zero has no sign
        value = float(f"{self.cell:.6g}")  # as many digits as its table has
        return mark(text, name=self.name, value=value, scale=scale, keys=self.keys)

    def __abs__(self) -> "Fact":
        """Return the size of the number, with the same source."""
        return Fact(abs(float(self)), self.name, self.keys, self.cell)


class Label(str):
    """A text whose digits are part of a name, an age group or a period."""

    def __format__(self, spec: str) -> str:
        """Return the text between marks if it has digits."""
        text = format(str(self), spec)
        return mark(text) if re.search(r"\d", text) and OPEN not in text else text

    def lower(self) -> "Label":
        """Return the label in small letters."""
        return Label(super().lower())

    def sentence(self) -> "Label":
        """Return the label with a capital letter."""
        return Label(self[:1].upper() + self[1:])


class Said(str):
    """
    A plain text that knows which of its characters are facts and labels.

    `spans` has one entry for each: `start, end`, and for a fact `name, value, scale, keys`. In an
    f-string the marks return, so that a text made of it knows its facts, too.
    """

    def __new__(cls, marked: str) -> "Said":
        """Return a text without the marks it was made with."""
        parts, spans, at, length = [], [], 0, 0
        marked = format(marked)
        for found in MARK.finditer(marked):
            parts += [marked[at : found.start()], found[2]]
            start = length + found.start() - at
            at, length = found.end(), start + len(found[2])
            told = bytes(ord(letter) - BYTES for letter in found[1])
            spans.append({"start": start, "end": length} | (json.loads(told) if told else {}))
        made = super().__new__(cls, "".join([*parts, marked[at:]]))
        made.spans = spans
        return made

    def __format__(self, spec: str) -> str:
        """Return the text with its marks."""
        return marked(str(self), self.spans)


def said(text: str, *, title: str = "", figure: Sequence[str] = ()) -> Markdown:
    """
    Return a sentence as Markdown that keeps its facts as metadata of the output.

    Its `title` is for the chart of the same result. Its `figure` is for the first screen of the
    briefing: the number, what it is a number of, and how sure it is.
    """
    told = Said(text)
    shown = Markdown(str(told), metadata={"facts": told.spans})
    shown.title = Said(title)
    if figure:
        number, *about = figure
        shown.figure = said("\n\n".join([f"**{number}**", *about]))
    else:
        shown.figure = None
    return shown


def marked(text: str, spans: list[dict]) -> str:
    """Return a text with marks around its facts and labels; `Said` is the inverse."""
    for span in reversed(spans):
        about = {key: value for key, value in span.items() if key not in ("start", "end")}
        text = text[: span["start"]] + mark(_of(text, span), **about) + text[span["end"] :]
    return text


def _of(text: str, span: dict) -> str:
    return text[span["start"] : span["end"]]


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool) and np.isfinite(value)


def of(row: pd.Series) -> pd.Series:
    """
    Return a row of a table with its numbers as facts and its texts as labels.

    What is missing or has no limit stays as it is, and so does a date.
    """
    keys = {
        str(name): f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
        for name, value in row.items()
        if isinstance(value, str | pd.Timestamp) and name not in NO_KEYS
    }
    return pd.Series(
        [
            Fact(float(value), str(name), keys)
            if _is_number(value)
            else Label(value) if isinstance(value, str) else value
            for name, value in row.items()
        ],
        index=row.index, name=row.name, dtype="object",
    )  # fmt: skip


def rows(table: pd.DataFrame) -> Iterator[pd.Series]:
    """Yield the rows of a table, each as `of` returns it."""
    return (of(row) for _, row in table.iterrows())


def made(**figures: float) -> SimpleNamespace:
    """Return derived numbers as facts, by name; those that are missing stay as they are."""
    return SimpleNamespace(**of(pd.Series(figures, dtype="object")))


@cache
def _allowed(*, typed: bool) -> re.Pattern[str]:
    with config.resource(*ALLOWED).open(encoding="utf-8", newline="") as lines:
        phrases = sorted((row["phrase"] for row in csv.DictReader(lines)), key=len, reverse=True)
    # in typed text `#` stands for any number; computed text names such a number as a label
    kept = [re.escape(p).replace(r"\#", r"\d[\d,.]*") for p in phrases if typed or "#" not in p]
    ends = [rf"(?<!\w){phrase}(?!\w)" for phrase in kept]
    return re.compile("|".join([*(WHEN if typed else ()), *ends]), re.IGNORECASE)


def loose(text: str, spans: list[dict] | None = None, *, typed: bool = False) -> list[re.Match]:
    """
    Return the numerals of a text that are neither a fact, a label nor a constant of the method.

    Parameters
    ----------
    spans
        What `Said` knows of the text.
    typed
        Whether somebody typed it: dates and the patterns of `allowed_numbers.csv` are then left
        out, too.
    """
    for span in spans or []:
        blank = "\0" * (span["end"] - span["start"])
        text = text[: span["start"]] + blank + text[span["end"] :]
    blanked = _allowed(typed=typed).sub(lambda found: "\0" * len(found[0]), text)
    return list(NUMBER.finditer(blanked))


def numerals(text: str) -> list[tuple[float, float, str]]:
    """Return the numbers of a text: value, how far rounding can have moved it, and its sign."""
    found = []
    for sign, whole, part in NUMBER.findall(text):
        size = float(whole.replace(",", "") + part)
        near = 0.5 * 10.0 ** -len(part[1:])
        found.append((-size if sign in MINUS else size, near, sign))
    return found


def as_written(text: str, value: float, *, scale: float = 1) -> float:
    """Return a number with no more digits than the text that stands for `scale` times it."""
    found = numerals(text)
    if len(found) != 1:
        return value
    said, near, _ = found[0]
    if says(text, value * scale):
        # a value half-way between two numbers can be written as either
        return math.copysign(said, value * scale) / scale
    return round(value * scale, round(-math.log10(2 * near))) / scale


def says(text: str, value: float) -> bool:
    """Tell whether a text is one number, rounded as it is written: "5,450", "+2", "Two"."""
    if text.lower() in WORDS:
        return value == WORDS.index(text.lower())
    found = numerals(text)
    if len(found) != 1:
        return False
    [(said, near, sign)] = found
    known = value if sign else abs(value)  # "fell by 5%" and "-5%" are of one value
    return abs(known - said) <= near * 1.001 + NEAR * abs(value)
