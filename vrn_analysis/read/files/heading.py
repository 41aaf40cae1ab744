"""Find the heading of a file as received: encoding, separator and column names."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vrn_analysis.core.errors import DataError

SEPARATORS = (",", ";", "\t", "|", "~", "^")
_CHUNK = 1 << 24
# a quotation mark that is not closed makes one cell of all that follows
LONGEST_CELL = 2**30
# lines among which the heading is looked for
LOOKED_AT = 200
# what the engine calls latin-1 is, in files of Windows, cp1252
DECODING = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "latin-1": "cp1252"}
_LONG_NUMBER = re.compile(r"\d{4}").search
_QUESTION = re.compile(r"^\(?\d{1,2}[a-z]?[.)]\s+")
_STARTS = {
    b"PK": "an Excel workbook or a zip under the name of a text file: give it its own suffix",
    b"PAR1": "a Parquet file under the name of a text file: name it .parquet",
    b"\xd0\xcf\x11\xe0": "an old or locked Excel workbook: save it as CSV UTF-8",
    b"%PDF": "a PDF: ask for the table itself, as CSV",
    b"<": "a web page or XML, not a table: ask for the file again",
    b"{": "JSON, not a table: ask for CSV",
}


@dataclass(frozen=True)
class Heading:
    """
    How a table is to be read.

    `on` are the lines of its heading, counted from 1; of text also the encoding and the separator.
    """

    names: tuple[str, ...]
    on: tuple[int, ...]
    encoding: str = ""
    separator: str = ""

    @property
    def lines(self) -> int:
        """Lines before the first row."""
        return self.on[-1]


def encoding_of(file: Path) -> str:
    """Return `utf-8`, `utf-16` or `latin-1`, reading the file in pieces."""
    with file.open("rb") as content:
        start = content.read(4096)
        for magic, words in _STARTS.items():
            if start.lstrip(codecs.BOM_UTF8 + b" \r\n").startswith(magic):
                raise DataError(f"{file.name} is {words}.")
        if start.startswith(codecs.BOM_UTF16_LE):
            return "utf-16"
        if start.startswith(codecs.BOM_UTF16_BE) or start.count(0) > len(start) // 5:
            raise DataError(
                f"{file.name} is UTF-16 of a kind that cannot be read. Save it as CSV UTF-8."
            )
        decoder = codecs.getincrementaldecoder("utf-8")()
        content.seek(0)
        try:
            while chunk := content.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _parsed(lines: Sequence[str], separator: str) -> list[tuple[int, list[str]]]:
    """Return the rows of some lines, each with the line on which it ends."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator)
    return [(reader.line_num, row) for row in reader]


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the columns: what gives most lines the same number of several columns."""

    def evenness(separator: str) -> float:
        widths = Counter(len(row) for _, row in _parsed(lines, separator) if row)
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1] * item[0]))
        return times * (width - 1)

    return max(SEPARATORS, key=evenness)


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _is_value(cell: str) -> bool:
    """Return whether a cell looks like a value (number, date, reference), not a heading."""
    return sum(letter.isdigit() for letter in cell) * 2 >= len(cell) or bool(_LONG_NUMBER(cell))


def find_heading(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, ...]:
    """
    Return the lines of the heading: those above the first row with values.

    Titles and blank lines above it are passed over. Two lines are joined where the lower repeats
    names that merged cells above it part, as Age and Age below Victim and Suspect.

    Parameters
    ----------
    rows
        The first rows of a table, each with its line, counted from 1.
    """
    # a line of dashes below the headings, as of a database, is neither heading nor row
    rows = [(line, row) for line, row in rows if any(map(str.isalnum, "".join(row)))]
    usual = Counter(len(_filled(row)) for _, row in rows).most_common(1)[0][0]
    most = max(len(_filled(row)) for _, row in rows)

    def holds(row: Sequence[str]) -> bool:
        cells = _filled(row)
        enough = len(cells) > 1 and 2 * len(cells) >= min(usual, most)
        return enough and sum(map(_is_value, cells)) >= max(1, 0.1 * len(cells))

    first = next((place for place, (_, row) in enumerate(rows) if holds(row)), None)
    if first is None:
        first = next(p for p, (_, row) in enumerate(rows) if 2 * len(_filled(row)) >= most) + 1
    # a month or a station alone in a line between the headings and the first row is no heading
    several = [place for place in range(first) if len(_filled(rows[place][1])) > 1]
    first = several[-1] + 1 if several else first
    if first == 0:  # numbers for names, as in tables by single year of age
        return (rows[0][0],)
    line, lowest = rows[first - 1]
    names = [name.lower() for name in _filled(lowest)]
    if first > 1 and (len(set(names)) < len(names) or len(names) < len(_filled(rows[first][1]))):
        above, upper = rows[first - 2]
        if (
            above == line - 1
            and len(_filled(upper)) > 1
            and not any(map(_is_value, _filled(upper)))
        ):
            return above, line
    return (line,)


def name_columns(rows: Sequence[Sequence[str]], *, file: str) -> tuple[str, ...]:
    """
    Return one name a column from the lines of a heading, of which there may be two.

    The upper of two lines is merged cells: a blank there takes the name to its left. A name that
    comes again is numbered, `Age (2)`; a column without a name is `(column 4)`.

    Raises
    ------
    DataError
        If half of the names or more are blank, as where a title stands above the heading.
    """
    *upper, last = [[name.strip() for name in row] for row in rows]
    blank = sum(not name for name in last)
    if not any(last) or (len(last) > 1 and 2 * blank >= len(last)):
        raise DataError(
            f"{file}: {blank} of {len(last)} headings are blank. If another line is the heading, "
            "name it: vrn map EXTRACT --heading 2, or in the mapping heading = [2]; join two "
            "lines by heading = [1, 2]."
        )
    groups = [""] * len(last)
    for row in upper:
        above = ""
        for place in range(len(last)):
            above = (row[place] if place < len(row) else "") or above
            groups[place] = f"{groups[place]} {above}".strip()
    joined = [f"{group} {name}".strip() for group, name in zip(groups, last, strict=True)]
    # the headings of a form are numbered, as "15a. Victim 1 - age"
    unnumbered = [_QUESTION.sub("", name) for name in joined]
    if sum(map(str.__ne__, joined, unnumbered)) > 0.8 * len(joined):
        joined = unnumbered
    joined = [name or f"(column {place})" for place, name in enumerate(joined, 1)]
    seen: Counter[str] = Counter()
    names = []
    for name in joined:
        # the engine ignores the case of names
        seen[name.lower()] += 1
        times = seen[name.lower()]
        names.append(name if times == 1 else f"{name} ({times})")
    return tuple(names)


def unnamed(width: int) -> tuple[str, ...]:
    """Return names for the columns of a table that has no heading."""
    return tuple(f"(column {place})" for place in range(1, width + 1))


def heading_of(file: Path, *, lines: Sequence[int] = ()) -> Heading:
    """
    Return how a text file is to be read.

    Parameters
    ----------
    file
        A CSV file or the like.
    lines
        The lines of its heading, counted from 1; none: they are found from what stands there;
        0: it has no heading.

    Raises
    ------
    DataError
        If it is empty, is not text, or has no heading on these lines.
    """
    if not file.stat().st_size:
        raise DataError(f"{file.name} is empty: 0 bytes. Ask for the file again.")
    encoding = encoding_of(file)
    start = first_lines(file, encoding, least=max(lines, default=0))
    if len(start) < max(lines, default=1) or not any(line.strip() for line in start):
        raise DataError(
            f"{file.name} has {len(start)} lines, so no heading on line {max(lines, default=1)}."
        )
    separator = _separator(start)
    rows = _parsed(start, separator)
    if tuple(lines) == (0,):
        width = Counter(len(row) for _, row in rows).most_common(1)[0][0]
        return Heading(unnamed(width), (0,), encoding, separator)
    on = tuple(lines) or find_heading(rows)
    by_line = dict(rows)
    chosen = [by_line.get(line) or [start[line - 1].strip()] for line in on]
    return Heading(name_columns(chosen, file=file.name), on, encoding, separator)


def first_lines(file: Path, encoding: str, *, least: int = LOOKED_AT) -> list[str]:
    """Return the first lines of a text file, `least` of them or more."""
    with file.open(encoding=DECODING[encoding], errors="replace", newline="") as content:
        return list(islice(iter(content.readline, ""), max(LOOKED_AT, least)))
