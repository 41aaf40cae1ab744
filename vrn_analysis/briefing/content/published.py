"""The cells that a run has published, and the names by which texts say them."""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import pandas as pd
from nbformat import NotebookNode

from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core import facts
from vrn_analysis.core.facts import Said
from vrn_analysis.count.assessment.needs import About, about

SAID = "_said"  # the table of what sentences and charts of a chapter are made of
JUDGEMENT = "judgement"
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
TYPED = re.compile(r"\{\{([^{}]*)\}\}")
MOST_LABELS = 5  # columns that are tried as the name of a row
MOST_LIKE = 3


@dataclass(frozen=True)
class Published:
    """
    The published tables of a run, by the name of each file, with every cell as it is written.

    A cell is named `table:row:column`, such as `03_headline:IN:count`. A row is named by the fewest
    labels that tell it from all others, else by its number: `#2`. `about` is what the notebooks
    say of their chapters, by number.
    """

    tables: Mapping[str, pd.DataFrame]
    about: Mapping[str, About] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> dict[str, list[str]]:
        return {name: _row_names(table) for name, table in self.tables.items()}

    def value(self, address: str) -> float | None:
        """Return the number in the cell of a name, or None where there is no such cell."""
        table, _, rest = address.partition(":")
        row, _, column = rest.rpartition(":")
        cells = self.tables.get(table, pd.DataFrame())
        if column not in cells or row not in self._rows[table]:
            return None
        value = pd.to_numeric(cells[column].iloc[self._rows[table].index(row)], errors="coerce")
        return None if pd.isna(value) else float(value)

    def address(self, fact: Mapping[str, Any], *, chapter: str) -> str:
        """
        Return the name of the cell of a chapter that a fact was read from, or "".

        A chapter that sums up the others may say what any of them shows.
        """
        found = []
        for name in self.tables if self._sums_up(chapter) else self._own(chapter):
            if name.endswith(SAID):
                continue
            table = self.tables[name]
            keys = {key: value for key, value in fact["keys"].items() if key in table}
            if fact["name"] not in table or not (keys or len(table) == 1):
                continue
            same = pd.Series(True, index=table.index)
            for key, value in keys.items():
                same &= table[key] == value
            at = [at for at in table.index[same] if _is(table.at[at, fact["name"]], fact["value"])]
            found += [(-len(keys), name, at[0])] if at else []
        if not found:
            return ""
        _, name, at = min(found)
        return f"{name}:{self._rows[name][at]}:{fact['name']}"

    def _sums_up(self, chapter: str) -> bool:
        return chapter in self.about and self.about[chapter].summary

    def _own(self, chapter: str) -> list[str]:
        return [n for n in self.tables if n[:2] == chapter and not n.endswith(SAID)]

    def filled(self, text: str) -> Said:
        """
        Return a typed text with what its names stand for.

        `{{03_headline:IN:count}}` is the number of a cell, `{{about 5,450 = 03_headline:IN:count}}`
        words that hold it, rounded as they say, and `{{a fifth, 20% = judgement}}` an estimate of
        whoever wrote it. A name that no cell has, or that has another number, is left as it is.
        """
        return Said(TYPED.sub(lambda found: self._typed(found) or found[0], text))

    def _typed(self, found: re.Match) -> str:
        words, _, address = (part.strip() for part in found[1].rpartition("="))
        if address == JUDGEMENT:
            return facts.mark(words)
        value = self.value(address)
        if value is None:
            return ""
        words = words or f"{value:,.{0 if value.is_integer() else 1 if abs(value) >= 10 else 2}f}"
        as_share = "%" in words and abs(value) <= 1 and facts.says(words, 100 * value)
        if not as_share and not facts.says(words, value):
            return ""
        about = {"name": address, "value": value, "scale": 100 if as_share else 1}
        return facts.mark(words, **about, keys={}, address=address)

    def like(self, number: str, *, chapter: str) -> list[str]:
        """Return a few names of a chapter's cells that a written number may mean."""
        return [
            f"{name}:{self._rows[name][at]}:{column}"
            for name in self._own(chapter)
            for column in self.tables[name].columns.drop("stamp", errors="ignore")
            for at, value in enumerate(pd.to_numeric(self.tables[name][column], errors="coerce"))
            if not pd.isna(value) and facts.says(number, value)
        ][:MOST_LIKE]


def _row_names(table: pd.DataFrame) -> list[str]:
    labels = [
        name
        for name in table.columns
        if name not in facts.NO_KEYS and pd.to_numeric(table[name], errors="coerce").isna().all()
    ][:MOST_LABELS]
    for size in (1, 2, 3):
        for columns in map(list, combinations(labels, size)):
            if not table.duplicated(columns).any():
                return ["/".join(row) for row in table[columns].to_numpy()]
    return [f"#{at}" for at in range(1, len(table) + 1)]


def _is(cell: str, value: float) -> bool:
    number = pd.to_numeric(cell, errors="coerce")
    return not pd.isna(number) and f"{number:.6g}" == f"{value:.6g}"


@dataclass(frozen=True)
class Text:
    """A text of a notebook, with what is known of its numbers."""

    text: str
    spans: list[dict]
    typed: bool = False


def texts(notebook: NotebookNode) -> Iterator[Text]:
    """Yield what a notebook says: typed words, sentences, titles, descriptions, captions."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield Text(cell.source, cell.metadata.get("facts", []), typed=True)
        for output in cell.get("outputs", []):
            for kind in output.get("data", {}):
                yield from _of_output(kind, output)


def _of_output(kind: str, output: NotebookNode) -> Iterator[Text]:
    about = output.get("metadata", {}).get(kind, {})
    if kind == "text/markdown" and not about.get("absent"):
        yield Text(output.data[kind], about.get("facts", []), typed="facts" not in about)
    elif kind == "text/html":
        yield Text(about.get("caption", ""), about.get("facts", []), typed=True)
    elif kind == "image/png":
        for name in ("title", "alt", "caption"):
            spans = about.get("facts", {}).get(name, [])
            yield Text(about.get(name, ""), spans, typed=name == "caption")


def read(results: Iterable[Result]) -> Published:
    """Return every cell of the tables that notebooks saved, and what they say of themselves."""
    results = list(results)
    how = {"encoding": "utf-8-sig", "dtype": str, "keep_default_na": False}
    files = [file for one in results for file in sorted((one.output / "tables").glob("*.csv"))]
    return Published(
        {file.stem: pd.read_csv(file, **how) for file in files},
        {one.number: about(one.notebook.metadata, name=one.name) for one in results},
    )


def _said(result: Result, known: Published) -> pd.DataFrame:
    """Return the facts of a notebook, each with its cell; those of no table are named here."""
    rows: dict[str, dict] = {}
    for at, one in enumerate(texts(result.notebook), 1):
        for span in (span for span in one.spans if "name" in span and "address" not in span):
            name = f"{at}.{span['name']}"
            source = known.address(span, chapter=result.number)
            if not source:
                # no table shows it, so nobody gets more digits of it than are read
                text = one.text[span["start"] : span["end"]]
                span["value"] = facts.as_written(text, span["value"], scale=span["scale"])
            while name in rows and rows[name]["value"] != span["value"]:
                name += "'"
            span["address"] = source or f"{result.number}{SAID}:{name}:value"
            said = LINK.sub(r"\1", one.text.replace("**", ""))
            rows[name] = {"fact": name, "said": said, "value": span["value"], "source": source}
    return pd.DataFrame(rows.values(), columns=["fact", "said", "value", "source"])


def resolved(results: Iterable[Result], *, stamp: str) -> tuple[list[Result], Published]:
    """
    Return notebooks whose facts name the cell they come from, and the cells of the run.

    What is derived, and so in no table, is written beside the tables of its notebook, with the
    digits of its sentence: `NN_said.csv` has every fact of every sentence.
    """
    results = [replace(one, notebook=copy.deepcopy(one.notebook)) for one in results]
    known = read(results)
    for result in results:
        for cell in result.notebook.cells:
            if cell.cell_type == "markdown":
                filled = known.filled(cell.source)
                cell.source, cell.metadata["facts"] = str(filled), filled.spans
        table = _said(result, known)
        if len(table):
            file = result.output / "tables" / f"{result.number}{SAID}.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            stamped = table.assign(stamp=stamp)
            stamped.to_csv(file, index=False, lineterminator="\n", float_format="%.6g")
    return results, read(results)
