"""Rewrite web pages and JSON, as which some systems export tables, as CSV."""

import csv
import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.heading import DECODING, encoding_of

DOCUMENTS = (".xls", ".htm", ".html", ".json", ".jsonl")


def flat(name: str, held: Any) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each member of something that may hold others."""
    if isinstance(held, dict):
        for key, inner in held.items():
            yield from flat(f"{name} {key}".strip(), inner)
    elif isinstance(held, list) and any(isinstance(inner, dict) for inner in held):
        for number, inner in enumerate(held, 1):
            yield from flat(f"{name} {number}", inner)
    elif held or not isinstance(held, list):
        listed = held if isinstance(held, list) else [held]
        yield name, ";".join("" if one is None else str(one) for one in listed)


def _of_page(text: str) -> list[list[str]]:
    """Return the rows of the longest table of a web page, or of a workbook written as XML."""
    from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # a workbook written as XML is read by the names of its elements, as a page is
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        page = BeautifulSoup(text, "html.parser")
    tables = [
        table.find_all(["tr", "row", "ss:row"]) for table in page.find_all(["table", "ss:table"])
    ]
    rows = []
    for row in max(tables, key=len, default=[]):
        cells: list[str] = []
        for cell in row.find_all(["th", "td", "cell", "ss:cell"]):
            # a cell may say its place, where those before it are blank
            cells += [""] * (int(cell.get("ss:index", 0)) - 1 - len(cells))
            cells.append(" ".join(cell.get_text(" ").split()))
        rows.append(cells)
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _records(text: str) -> Sequence[dict]:
    """Return the records of JSON: a list, the longest list in it, or one in each line."""
    try:
        held = json.loads(text)
    except ValueError:
        held = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(held, dict):
        lists = [inner for inner in held.values() if isinstance(inner, list)]
        held = max(lists, key=len, default=[held])
    return [record for record in held if isinstance(record, dict)]


def _of_json(text: str) -> list[list[str]]:
    records = [dict(flat("", record)) for record in _records(text)]
    names = list(dict.fromkeys(name for record in records for name in record))
    return [names, *([record.get(name, "") for name in names] for record in records)]


def as_text(file: Path, *, into: Path) -> Path:
    """
    Return a web page, a workbook written as one, or JSON rewritten as CSV.

    Raises
    ------
    DataError
        If it is a workbook of another kind, or contains no table.
    """
    with file.open("rb") as content:
        if content.read(2) == b"\xd0\xcf":
            encoding_of(file)  # says what such a file is
    text = file.read_bytes()
    try:
        words = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = text.decode(DECODING["latin-1"], "replace")
    try:
        rows = (_of_json if file.suffix.startswith(".json") else _of_page)(words)
    except ValueError as reason:
        raise DataError(f"{file.name} is not JSON that can be read: {reason}.") from None
    if len(rows) < 2:
        raise DataError(f"{file.name} contains no table. Ask for the table itself, as CSV.")
    made = into / "documents" / f"{file.stem}.csv"
    made.parent.mkdir(parents=True, exist_ok=True)
    with made.open("w", encoding="utf-8", newline="") as output:
        csv.writer(output).writerows(rows)
    return made
