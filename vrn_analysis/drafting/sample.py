"""The tables of an extract as received, and a sample of their rows to tell the columns from."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.classify.codes import is_code
from vrn_analysis.drafting.headings import likeness, words_of
from vrn_analysis.read.extracts.received import WORKBOOKS
from vrn_analysis.read.extracts.vocabulary import plain
from vrn_analysis.read.files import workbooks
from vrn_analysis.read.files.deliveries import TEXT
from vrn_analysis.read.files.heading import DECODING, Heading, heading_of
from vrn_analysis.read.files.shapes import first_rows, text_rows

# rows looked at in each file: a hundred thousand of a large file, from all over it
MOST_ROWS, BLOCKS = 100_000, 50
# rows without a crime in which another column of it is blank too
SAME = 0.95
# bytes up to which a text file is looked at whole
WHOLE = 40 * 2**20


# codes that a list may leave out
COVERED = 0.98
# rows of a list of codes that are looked at, and its most columns
MOST_CODES, WIDEST = 2_000, 8
# headings that a list of variables explains at least
MOST_EXPLAINED = 0.8
_SAID = re.compile(r"(?<![\w/])(\w{1,6})\s*=\s*([^,;=.]*[^\W\d_]{3}[^,;=.]*)")
Sheets = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Part:
    """
    One file, or one sheet of a workbook: its heading and the rows looked at.

    `fill` are columns that stand only in the first of several rows, as merged cells do. `fault`
    says why a sheet could not be read.
    """

    file: Path
    sheet: str
    heading: Heading
    rows: list[Sequence[str]]
    unread: int
    whole: bool
    fill: tuple[str, ...] = ()
    fault: str = ""

    @property
    def name(self) -> str:
        """The name of the sheet, else of the file."""
        return self.sheet or self.file.stem

    @property
    def label(self) -> str:
        """The file and, of a workbook, the sheet."""
        return f"{self.file.name}, sheet {self.sheet}" if self.sheet else self.file.name


def _blocks(file: Path, heading: Heading) -> Iterator[str]:
    """Yield lines from places spread over a large file, each block from a whole line on."""
    size = file.stat().st_size
    each = MOST_ROWS // BLOCKS
    encoding = DECODING[heading.encoding].removesuffix("-sig")
    with file.open("rb") as content:
        for block in range(BLOCKS):
            content.seek(block * size // BLOCKS)
            content.readline()
            for raw in islice(content, each):
                yield raw.decode(encoding, "replace")


def _text_part(file: Path, lines: Sequence[int]) -> Part:
    heading = heading_of(file, lines=lines)
    whole = file.stat().st_size <= WHOLE or heading.encoding == "utf-16"
    limit = None if whole else MOST_ROWS
    found = text_rows(file, heading)
    if not whole:
        found = csv.reader(_blocks(file, heading), delimiter=heading.separator)
    width = len(heading.names)
    rows, unread = [], 0
    for row in islice(found, limit):
        # a heading comes again on every page of a printed report
        if (
            len(row) == width
            and tuple(row) != heading.names
            and any(map(str.isalnum, "".join(row)))
        ):
            rows.append(row)
        else:
            # a blank line is no loss
            unread += any(row)
    return Part(file, "", heading, rows, unread, whole)


def _sheet_parts(file: Path, lines: Sequence[int]) -> Iterator[Part]:
    tables, others = workbooks.sheets_of(file)
    without = list(others)
    for sheet in tables:
        try:
            frame, heading, unread, _ = workbooks.read(file, lines=lines, sheet=sheet)
        except DataError as reason:  # a cover, or a list without a heading
            without.append(sheet)
            rows = [row for row in workbooks.sheet_rows(file, sheet) if sum(map(bool, row)) > 1]
            yield Part(file, sheet, Heading((), ()), rows, 0, True, fault=str(reason))
            continue
        yield Part(file, sheet, heading, frame.values.tolist(), unread, True)
    if len(without) == len(tables) + len(others):
        raise DataError(f"{file.name} has no sheet with a table. It has: {', '.join(without)}.")


def _parquet_part(file: Path) -> Part:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        opened = pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError):
        raise DataError(f"{file.name} is no Parquet file, or is cut short.") from None
    table = next(opened.iter_batches(batch_size=MOST_ROWS), None)
    names = tuple(opened.schema_arrow.names)
    columns = [] if table is None else [column.cast(pa.string()).to_pylist() for column in table]
    rows = [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
    return Part(file, "", Heading(names, (1,)), rows, 0, opened.metadata.num_rows <= MOST_ROWS)


def _filled_down(part: Part) -> Part:
    """
    Return a part whose rows without a crime say it again, as below merged cells or in a pivot.

    The first column is blank in such rows, and with it always the others of the crime.
    """
    below = [row for row in part.rows if not row[0].strip() and any(row)]
    blank = [
        place for place in range(len(part.heading.names))
        if sum(not row[place].strip() for row in below) > SAME * len(below)
    ]  # fmt: skip
    if len(blank) < 3 or len(blank) == len(part.heading.names) or len(below) < 3:
        return part
    rows: list[Sequence[str]] = []
    for row in part.rows:
        if rows and not any(row[place].strip() for place in blank):
            row = [rows[-1][at] if at in blank else cell for at, cell in enumerate(row)]
        rows.append(row)
    return replace(part, rows=rows, fill=tuple(part.heading.names[place] for place in blank))


def lists_of(files: Sequence[Path]) -> dict[str, list[list[str]]]:
    """Return the first rows of each sheet and text file, which may say what codes mean."""
    found = {
        f"{file.name}, sheet {sheet}": workbooks.sheet_rows(file, sheet, most=MOST_CODES)
        for file in files if file.suffix.lower() in WORKBOOKS
        for sheet in sum(workbooks.sheets_of(file), [])
    }  # fmt: skip
    return found | {file.name: first_rows(file, MOST_CODES) for file in files if len(files) > 1}


def parts_of(files: Sequence[Path], *, heading: Sequence[int] = ()) -> list[Part]:
    """
    Return the tables in some files, with the rows to tell their columns from.

    Parameters
    ----------
    files
        CSV, Excel or Parquet files; each sheet of a workbook that holds a table is one.
    heading
        The lines of the heading, counted from 1; none: they are found.

    Raises
    ------
    DataError
        If a file cannot be read, or has no rows below its heading.
    """
    parts: list[Part] = []
    for file in files:
        suffix = file.suffix.lower()
        if suffix in WORKBOOKS:
            parts += _sheet_parts(file, heading)
        else:
            parts.append(_text_part(file, heading) if suffix in TEXT else _parquet_part(file))
    if empty := [part.label for part in parts if not part.rows]:
        raise DataError(
            f"{', '.join(empty)}: no rows below the headings. Ask for the file again, or name "
            "the line of the headings: --heading LINE."
        )
    return [part if part.fault else _filled_down(part) for part in parts]


def _is_named(cell: str, name: str) -> bool:
    return f"{plain(cell)} ".startswith(f"{plain(name)} ")


def _noted(cell: str, name: str) -> dict[str, str]:
    """Return the codes of a note such as `Position: C = crime, X = cancelled`."""
    sentences = re.split(r"(?<=[.\n])\s+", cell)
    said = next((text for text in sentences if _is_named(text, name)), "")
    return {code: words.strip() for code, words in _SAID.findall(said)}


def _listed(rows: Sequence[Sequence[str]], at: int, place: int) -> dict[str, str]:
    """Return the codes below a name, with the words beside them; none where one comes again."""
    pairs = ([cell.strip() for cell in row[place : place + 2]] for row in rows[at + 1 :])
    block = list(takewhile(lambda pair: len(pair) == 2 and all(pair), pairs))
    codes = dict(block)
    worded = all(re.search(r"[^\W\d_]{2}", words) for words in codes.values())
    return codes if len(codes) == len(block) and worded else {}


def _subject(text: str) -> set[str]:
    return {*words_of(text).words} - {"code", "ref", "desc"}


@lru_cache
def _is_of_class(head: str) -> bool:
    return likeness(words_of(head).words, "offence_code") >= 0.7


def _worded(cells: Mapping[str, str]) -> str:
    """Return the words beside a code, with the class of the Home Office in brackets."""
    words = max(cells.values(), key=lambda cell: len(re.findall(r"[^\W\d_]", cell)), default="")
    coded = (h for h, cell in cells.items() if is_code(cell) and cell != words)
    ho = next((f" ({cells[h]})" for h in coded if _is_of_class(h)), "")
    return (words + ho).replace("=", "-") if re.search(r"[^\W\d_]{2}", words) else ""


def _tabled(
    name: str, values: Mapping[str, int], rows: Sequence[Sequence[str]], label: str
) -> dict[str, str]:
    """Return the codes in a table of lists: one column, or its file, says of what each list is."""
    heads, about, found = rows[0] if rows else (), _subject(name), [(0.0, {})]
    body = [row for row in rows[1:] if len(row) == len(heads)] if 1 < len(heads) <= WIDEST else []
    for of in range(-1, len(heads)):
        for head in {row[of] if of >= 0 else label for row in body}:
            of_what = _subject(head)
            alike = len(about & of_what) / max(len(about | of_what), 1)
            mine = [row for row in body if of < 0 or row[of] == head] if alike >= 0.5 else []
            for at in range(len(heads)) if mine else ():
                beside = [place for place in range(len(heads)) if place not in (at, of)]
                codes = {
                    row[at].strip(): _worded({heads[p]: row[p].strip() for p in beside})
                    for row in mine
                }
                if len(codes) == len(mine) and all(codes.values()):
                    known = sum(number for value, number in values.items() if value in codes)
                    found.append((alike * (known >= COVERED * sum(values.values())), codes))
    alike, codes = max(found, key=lambda pair: pair[0])
    return codes if alike else {}


def described(names: Sequence[str], sheets: Sheets) -> dict[str, str]:
    """Return what headings mean by a list of variables, where it has almost all of them."""
    for rows in sheets.values():
        for at in range(max(map(len, rows), default=0)):
            beside = {
                row[at]: max(row[at + 1 :], key=len, default="")
                for row in rows if len(row) > at and row[at] in names
            }  # fmt: skip
            once = sum(row[at : at + 1] == [name] for row in rows for name in names)
            if len(beside) >= MOST_EXPLAINED * len(names) and once == len(beside):
                return {
                    name: re.sub(r"\s*\([^)]*\)$", "", text)
                    for name, text in beside.items() if " " in text
                }  # fmt: skip
    return {}


def codes_of(name: str, values: Mapping[str, int], sheets: Sheets) -> dict[str, str]:
    """
    Return the words of the codes in a column, none where no list has almost all of them.

    Parameters
    ----------
    name
        The heading of the column, which a list or note begins with.
    values
        What the column holds, and how often.
    sheets
        The rows of sheets that may list codes.
    """
    total = sum(values.values())
    for label, rows in sheets.items():
        lists = [_tabled(name, values, rows, Path(label.split(", sheet ")[-1]).stem)]
        lists += [
            _noted(cell, name) or (_listed(rows, at, place) if _is_named(cell, name) else {})
            for at, row in enumerate(rows) for place, cell in enumerate(row) if name in cell
        ]  # fmt: skip
        for codes in lists:
            known = sum(number for value, number in values.items() if value in codes)
            if total and known >= COVERED * total:
                return {value: codes[value] for value in values if value in codes}
    return {}
