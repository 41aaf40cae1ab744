"""What each file of a briefing gives away by itself: tables, pages, maps, data and documents."""

import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from bs4 import BeautifulSoup, Tag

from vrn_analysis.briefing.content.markup import parsed
from vrn_analysis.briefing.outputs import geopackages
from vrn_analysis.core import facts
from vrn_analysis.count.assessment.about import dated
from vrn_analysis.methods.factors import ages_in_words
from vrn_analysis.show.disclosure import Profile
from vrn_analysis.show.publish import content

# what a reader meets outside the flow of the text: descriptions, tooltips, what a script reads
SPOKEN = ("alt", "title", "aria-label", "aria-description", "content", "value")
BLOCKS = ("p", "li", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "value")
BLOCKS += ("caption", "title", "text", "desc", "blockquote", "script")
ABOUT = ("Cover", "Contents", "Notes")  # sheets that number tables and notes
OFFICE = (".xlsx", ".ods", ".pptx", ".odp", ".docx", ".odt")
SPLIT = 120  # letters of a text that are told


def read_table(file: Path) -> pd.DataFrame:
    """Return a CSV of a briefing as it was saved."""
    return pd.read_csv(file, encoding="utf-8-sig", low_memory=False)


def csv_problems(file: Path, rules: Sequence[Profile]) -> list[str]:
    """Return what a CSV file gives away."""
    return content.table_problems(read_table(file), rules)


def unprotected(file: Path, shown: Collection[int]) -> list[str]:
    """
    Return whether a CSV file shows counts that no protected table shows.

    Parameters
    ----------
    shown
        The counts that protected tables show; none where no table was protected.
    """
    table = read_table(file)
    if not shown or not {"count", "status"} <= set(table.columns):
        return []
    counts = pd.to_numeric(table.loc[table["status"] == "shown", "count"], errors="coerce")
    strange = int((~counts.dropna().isin(list(shown))).sum())
    if not strange:
        return []
    return [f"{strange} of {len(table)} counts are called shown, and no protected table shows them"]


def _spoken(soup: BeautifulSoup) -> Iterator[str]:
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            if isinstance(value, str) and (name in SPOKEN or name.startswith("data-")):
                yield value
        if element.name in BLOCKS:
            yield element.get_text(" ", strip=True)


def said_problems(html: str, rules: Sequence[Profile]) -> list[str]:
    """Return what the words of a page, its descriptions and its tooltips give away."""
    soup = parsed(html)
    found = []
    for text in dict.fromkeys(_spoken(soup)):
        found += [f"{text[:SPLIT]!r} {p}" for p in content.said_problems(text, rules)]
    return list(dict.fromkeys(found))


def _known(row: tuple) -> tuple[list[float], list[float]]:
    """Return the numbers of a row of a file, and those that a page may say in per cent."""
    values = [float(v) for v in row if isinstance(v, int | float) and not pd.isna(v)]
    # a page says a share in per cent, a day as 1 April 2024 and ages as 10 to 17
    shares = [100 * value for value in values if abs(value) <= 1]
    words = " ".join(str(v) for v in row if isinstance(v, str))
    words += f" {ages_in_words(dated(words))}"
    # the code UNDER_25 names the number that its label says
    known = values + [number for number, *_ in facts.numerals(words.replace("_", " "))]
    return known, known + shares


def _is_held(cells: list[str], rows: list[tuple[list[float], list[float]]]) -> bool:
    """Tell whether every number in the cells of a page's row is one of one row of the file."""
    said = [(one, "%" in text) for text in cells for one in facts.numerals(text)]
    return any(
        all(
            any(abs(number - value) <= near * 1.001 + 2e-5 * abs(value) for value in row[share])
            for (number, near, _), share in said
        )
        for row in rows
    )


def _csv_of(table: Tag) -> str:
    """Return the address of the CSV that a page gives for a table, or ""."""
    holder = table.find_parent("div", class_="table")
    link = holder.find("a", href=re.compile(r"\.csv$")) if holder else None
    return str(link["href"]) if link else ""


def _cells(table: Tag) -> tuple[list[str], list[list[str]]]:
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in table.find_all("tr")
    ]
    return (rows[0], rows[1:]) if rows else ([], [])


def _alone_problems(head: list[str], rows: list[list[str]], rules: Sequence[Profile]) -> list[str]:
    """Return what a table without a CSV gives away, by the words that head its columns."""
    columns = list(zip(*rows, strict=False))
    named = {
        re.sub(r"\W+", "_", name.lower()): pd.to_numeric(
            pd.Series(column, dtype="str").str.replace(",", ""), errors="coerce"
        )
        for name, column in zip(head, columns, strict=False)
    }
    frame = pd.DataFrame(named).assign(status="shown")
    return content.table_problems(frame, rules)


def table_problems(html: str, folder: Path, rules: Sequence[Profile]) -> list[str]:
    """
    Return what the tables of a page give away.

    A table that has a CSV holds nothing that the CSV does not; another is judged by itself.
    """
    found, files = [], {}
    for table in parsed(html).find_all("table"):
        head, rows = _cells(table)
        name = _csv_of(table)
        caption = table.find("caption")
        said = caption.get_text(" ", strip=True)[:SPLIT] if caption else ", ".join(head)
        if not name or not (folder / name).is_file():
            problems = _alone_problems(head, rows, rules)
            found += [f"the table {said!r}: {p}" for p in problems]
            continue
        if name not in files:
            rows_of_file = read_table(folder / name).itertuples(index=False, name=None)
            files[name] = [_known(row) for row in rows_of_file]
        strange = sum(not _is_held(row, files[name]) for row in rows)
        if strange:
            found.append(f"the table {said!r} contains {strange} rows with numbers not in {name}")
    return found


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value


def json_problems(text: str, rules: Sequence[Profile]) -> list[str]:
    """Return what embedded data give away: in words, and in numbers under names that count."""
    try:
        leaves = list(_leaves(json.loads(text)))
    except ValueError:
        return []
    words = [value for _, value in leaves if isinstance(value, str)]
    found = [p for text in dict.fromkeys(words) for p in content.said_problems(text, rules)]
    numbers: dict[str, list[float]] = {}
    for name, value in leaves:
        if isinstance(value, int | float) and not isinstance(value, bool):
            numbers.setdefault(name or "value", []).append(value)
    for name, values in numbers.items():
        frame = pd.DataFrame({name: values, "status": "shown"})
        found += content.table_problems(frame, rules)
    return list(dict.fromkeys(found))


def script_problems(html: str, rules: Sequence[Profile]) -> list[str]:
    """Return what the data inside a page give away: whatever a script element holds as JSON."""
    scripts = parsed(html).find_all("script")
    return [p for tag in scripts for p in json_problems(tag.string or "", rules)]


def geopackage_problems(file: Path, rules: Sequence[Profile]) -> list[str]:
    """Return what the layers of a GeoPackage give away, each as a table."""
    found = []
    with geopackages.opened(file) as database:
        layers = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        for layer, shape in sorted(layers.fetchall()):
            query = f"SELECT * FROM {geopackages.quoted(layer)}"
            table = pd.read_sql_query(query, database).drop(columns=[shape, "fid"], errors="ignore")
            problems = content.table_problems(table, rules)
            found += [f"layer {layer}: {problem}" for problem in problems]
    return found


def office_problems(file: Path, rules: Sequence[Profile]) -> list[str]:
    """Return what the words of a document, its slides or its notes give away."""
    with zipfile.ZipFile(file) as parts:
        texts = [
            parts.read(name).decode("utf-8", "replace")
            for name in parts.namelist()
            if name.endswith(".xml")
        ]
    found = []
    for text in texts:
        for paragraph in re.split(r"</(?:a:p|w:p|text:p|si|row)>", text):
            words = re.sub(r"<[^>]+>", "", paragraph)
            found += content.said_problems(words, rules)
    return list(dict.fromkeys(found))


def _key(value: float) -> str:
    # a nought is one whatever its sign
    return f"{float(value) + 0.0:.5g}"


def _rows_by_number(files: Sequence[Path]) -> dict[str, list[frozenset[str]]]:
    """Return, for each number in CSV files, the numbers of every row that holds it."""
    found: dict[str, list[frozenset[str]]] = {}
    for file in files:
        numbers = read_table(file).select_dtypes("number")
        for row in numbers.itertuples(index=False, name=None):
            held = frozenset(_key(value) for value in row if not pd.isna(value))
            for number in held:
                found.setdefault(number, []).append(held)
    return found


def sheet_problems(file: Path | io.BytesIO, tables: Sequence[Path]) -> list[str]:
    """
    Return what the sheets of a workbook hold that no table of the briefing does.

    Parameters
    ----------
    tables
        The CSV files of the briefing: the numbers of a row must all stand in one of their rows.
    """
    from openpyxl import load_workbook

    known, found = _rows_by_number(tables), []
    book = load_workbook(file, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.title in ABOUT:
                continue
            strange = 0
            for row in sheet.iter_rows(values_only=True):
                cells = [c for c in row if isinstance(c, int | float) and not isinstance(c, bool)]
                held = {_key(cell) for cell in cells if not pd.isna(cell)}
                rows = min((known.get(number, []) for number in held), key=len, default=[held])
                strange += not any(held <= one for one in rows)
            if strange:
                found.append(f"sheet {sheet.title}: {strange} rows have numbers of no table")
    finally:
        book.close()
    return found


def slide_problems(file: Path, tables: Sequence[Path]) -> list[str]:
    """
    Return what the sheets behind the charts of slides have that no table has.

    A Board summary alone comes without tables, so its sheets are not compared: their numbers are
    those of charts, which `publish.chart` refuses where they are not protected.
    """
    if not tables:
        return []
    with zipfile.ZipFile(file) as parts:
        books = [parts.read(name) for name in parts.namelist() if name.endswith(".xlsx")]
    return [p for book in books for p in sheet_problems(io.BytesIO(book), tables)]
