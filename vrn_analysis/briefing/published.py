"""The numbers that a run has published, by table, and the numbers that a text holds."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from nbformat import NotebookNode

from vrn_analysis import config
from vrn_analysis.assessment.chapters import says
from vrn_analysis.briefing.runner import Result

ALLOWED = ("data", "reference", "allowed_numbers.csv")
MONTHS = "January February March April May June July August September October November December"
# a number that names when something was, and so is none of a result
WHEN = (
    r"\b\d{4}-\d\d(-\d\d)?\b",
    r"\b(19|20)\d\d([/\u2013-]\d\d(\d\d)?)?\b",
    r"\b\d{1,2}:\d\d\b",
    rf"\b\d{{1,2}} ({'|'.join(MONTHS.split())})\b",
)
NUMBER = re.compile(r"(?<![\w.,])([-\u2212+]?)(\d+(?:,\d{3})+|\d+)(\.\d+)?(?!\w)")
COUNTED = re.compile(
    r"^(?!per_cent).*(count|denominator|residents|offences|people|victims|suspects|rows|events)"
)
MOST_LABELS = 12  # of a column whose labels a text may say how often each comes
NEAR = 2e-5  # tables hold six digits
LIKE = 21  # numbers like one that is found, by which the chance to find it is told
SAID = "_said.csv"
TELLING = 100  # a whole number below it is in many tables by chance
MOST_TABLES = 2  # that hold the numbers of one passage


class Number(NamedTuple):
    """A number as a text writes it."""

    written: str
    value: float
    near: float
    is_share: bool
    is_signed: bool
    start: int


@cache
def _allowed() -> re.Pattern[str]:
    with config.resource(*ALLOWED).open(encoding="utf-8", newline="") as lines:
        phrases = [row["phrase"] for row in csv.DictReader(lines)]
    # `#` stands for a number
    told = [re.escape(phrase).replace(r"\#", r"\d[\d,.]*") for phrase in phrases]
    ends = (rf"(?<!\w){phrase}(?!\w)" for phrase in sorted(told, key=len, reverse=True))
    return re.compile("|".join([*WHEN, *ends]), re.IGNORECASE)


def numbers(text: str) -> list[Number]:
    """
    Return the numbers of a text that can be of a result.

    Dates, clock times and the phrases of `data/reference/allowed_numbers.csv` are left out.
    """
    masked = _allowed().sub(lambda found: "\0" * len(found[0]), text)
    found = []
    for match in NUMBER.finditer(masked):
        sign, whole, part = match.groups()
        size = float(whole.replace(",", "") + (part or ""))
        found.append(
            Number(
                match[0],
                -size if sign in ("-", "\u2212") else size,
                0.5 * 10.0 ** -len((part or ".")[1:]) * 1.001,
                bool(re.match(r"\s?(%|per cent)", masked[match.end() :])),
                bool(sign),
                match.start(),
            )
        )
    return found


@dataclass(frozen=True)
class Values:
    """The numbers of one table: all of them, and those that can be said as a share."""

    every: np.ndarray
    shares: np.ndarray

    def surprise(self, number: Number) -> float:
        """Return how unlikely it is that a number like this is held by chance."""
        if not self.hold(number):
            return 0.0
        near = number.near / 0.5005
        like = np.unique(np.round(number.value * np.linspace(0.5, 1.5, LIKE) / near) * near)
        hits = sum(self.hold(number._replace(value=float(value))) for value in like)
        return float(-np.log(min(1.0, hits / (len(like) + 1))))

    def hold(self, number: Number) -> bool:
        """Tell whether one of the values is the number, rounded as it is written."""
        values = self.shares if number.is_share else self.every
        return bool((self._apart(number, values) <= number.near + NEAR * abs(number.value)).any())

    def nearest(self, number: Number) -> float:
        """Return the value that lies nearest, or NaN where there is none."""
        values = self.shares if number.is_share else self.every
        return float(values[self._apart(number, values).argmin()]) if values.size else np.nan

    @staticmethod
    def _apart(number: Number, values: np.ndarray) -> np.ndarray:
        # "fell by 5%" and "-5%" are of one value; "+5%" is of another
        return np.abs((values if number.is_signed else np.abs(values)) - number.value)


def _texts(values: pd.Series) -> tuple[list[float], list[float]]:
    """Return the numbers in a column of texts, and how often each of few labels comes."""
    labels = values.dropna().astype("str").value_counts()
    held = [number.value for label in labels.index for number in numbers(label)]
    return held, [len(labels), *(labels if len(labels) <= MOST_LABELS else [])]


def values_of(table: pd.DataFrame) -> Values:
    """Return the numbers of a table: its values, its rows, and how often each label comes."""
    every: list[float] = [len(table)]
    shares: list[float] = []
    for name in table.columns.drop("stamp", errors="ignore"):
        column = table[name]
        if not pd.api.types.is_numeric_dtype(column):
            held, tallies = _texts(column)
            every += [*held, *tallies]
            shares += held
            continue
        known = column.dropna().astype("float").tolist()
        every += [*known, len(column) - len(known)]
        if not COUNTED.search(str(name)):
            shares += known
            # a share between 0 and 1 is said in per cent
            shares += [100 * value for value in known if -1 <= value <= 1]
    return Values(np.unique(every), np.unique(shares))


@dataclass(frozen=True)
class Published:
    """
    The published tables of a run, by the file of each below its folder.

    `said` are the figures that each sentence and title was made of, by its letters; `summaries` are
    the numbers of the chapters that sum up what others found.
    """

    tables: Mapping[str, Values]
    said: Mapping[str, Values] = field(default_factory=dict)
    summaries: frozenset[str] = frozenset()

    def of(self, number: str) -> "Published":
        """Return the tables of one notebook; all of them for one that sums up the others."""
        if number in self.summaries:
            return self
        own = {f: held for f, held in self.tables.items() if Path(f).name.startswith(f"{number}_")}
        return Published(own, self.said)

    def untraced(self, text: str) -> list[Number]:
        """
        Return the numbers of a text that neither what it was made of nor two tables hold.

        A number that any table of many may hold is held by some by chance, so all those of one
        passage have to be in the same one or two.
        """
        letters = _letters(text)
        own = [values for said, values in self.said.items() if said in letters]
        left = [n for n in numbers(text) if not any(values.hold(n) for values in own)]
        tables = [v for file, v in self.tables.items() if not file.endswith(SAID)]
        held = {frozenset(n for n in left if values.hold(n)) for values in tables}
        pairs = [one | other for one, other in combinations_with_replacement(held, MOST_TABLES)]
        best = max(pairs, key=len, default=frozenset())
        return [number for number in left if number not in best]

    def holders(self, number: Number) -> list[str]:
        """Return the tables that hold a number, rounded as it is written."""
        return [file for file, values in self.tables.items() if values.hold(number)]

    def sources(self, text: str) -> list[str]:
        """
        Return few tables that hold the numbers of a passage, first what is least so by chance.

        What a sentence of ours was made of is known to six digits, and looked for with all of
        them. A small whole number is in many tables, and so is no reason to name one.
        """
        exact = self._exactly(text)
        tables = {file: v for file, v in self.tables.items() if not file.endswith(SAID)}
        left = {n: {f for f, v in tables.items() if v.hold(exact[n])} for n in exact}
        chosen: list[str] = []
        while left := {n: held for n, held in left.items() if held and not held & set(chosen)}:
            files = sorted(set().union(*left.values()))
            told = {f: sum(tables[f].surprise(n) for n in left if f in left[n]) for f in files}
            chosen.append(max(files, key=told.__getitem__))
        return chosen

    def _exactly(self, text: str) -> dict[Number, Number]:
        """Return the telling numbers of a text, each with all the digits that are known of it."""
        letters = _letters(text)
        own = [values for said, values in self.said.items() if said in letters]
        exact = {}
        for number in numbers(text):
            known = [values.nearest(number) for values in own if values.hold(number)]
            signed = known if number.is_signed else map(abs, known)
            full = next((number._replace(value=v, near=0.0) for v in signed), number)
            if abs(full.value) >= TELLING or not float(full.value).is_integer():
                exact[number] = full
        return exact

    def nearest(self, number: Number) -> tuple[float, str]:
        """Return the published value nearest to a number, and its table."""
        near = {file: values.nearest(number) for file, values in self.tables.items()}
        near = {file: value for file, value in near.items() if not np.isnan(value)}
        if not near:
            return np.nan, ""
        file = min(near, key=lambda name: abs(abs(near[name]) - abs(number.value)))
        return near[file], file


def said_file(number: str) -> str:
    """Return the table of what sentences and charts of a notebook are made of."""
    return f"tables/{number}{SAID}"


def _letters(text: str) -> str:
    """Return the letters and digits of a text, by which a page and Markdown know each other."""
    return re.sub(r"\W+", "", re.sub(r"\]\([^)]*\)", "", text))


def _said(notebook: NotebookNode) -> pd.DataFrame:
    """Return the figures that sentences and charts are made of, as the library left them."""
    rows = [
        {"said": said, "figure": name, "value": value}
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        for kind, about in output.get("metadata", {}).items()
        if isinstance(about, dict)
        for said in [about.get("title") or output["data"].get(kind, "").replace("**", "")]
        for name, value in about.get("figures", {}).items()
    ]
    return pd.DataFrame(rows, columns=["said", "figure", "value"]).drop_duplicates()


def keep_said(results: Iterable[Result], *, stamp: str) -> None:
    """Write beside the tables of each notebook the figures that its sentences are made of."""
    for result in results:
        table = _said(result.notebook)
        if len(table):
            file = result.output / said_file(result.number)
            file.parent.mkdir(parents=True, exist_ok=True)
            stamped = table.assign(stamp=stamp)
            stamped.to_csv(file, index=False, lineterminator="\n", float_format="%.6g")


def read(results: Iterable[Result]) -> Published:
    """Return the numbers of every table that notebooks saved."""
    results = list(results)
    tables = {
        file.relative_to(result.output).as_posix(): values_of(
            pd.read_csv(file, encoding="utf-8-sig", low_memory=False)
        )
        for result in results
        for file in sorted((result.output / "tables").glob("*.csv"))
    }
    made = [_said(result.notebook) for result in results]
    said = {
        _letters(text): values_of(rows[["value"]])
        for table in made
        for text, rows in table.groupby("said")
        if _letters(text)
    }
    summaries = {one.number for one in results if says(one.notebook.metadata, "summary")}
    return Published(tables, said, frozenset(summaries))
