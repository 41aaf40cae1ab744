"""The heading of a file as received: its encoding, what parts its columns, and their names."""

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vrn_analysis.errors import DataError

SEPARATORS = (",", ";", "\t", "|")
_CHUNK = 1 << 24
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
    """How a text file is to be read: encoding, separator, names, lines before the first row."""

    encoding: str
    separator: str
    names: tuple[str, ...]
    lines: int


def _encoding(file: Path) -> str:
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


def _separator(line: str) -> str:
    """Return what parts the columns: what is most often outside quotes in the heading."""
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


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
            f"{file}: {blank} of {len(last)} headings are blank. If a title or merged cells stand "
            "above the heading, say in the mapping on which lines it is: heading = [2], or "
            "heading = [1, 2] to join two lines."
        )
    groups = [""] * len(last)
    for row in upper:
        above = ""
        for place in range(len(last)):
            above = (row[place] if place < len(row) else "") or above
            groups[place] = f"{groups[place]} {above}".strip()
    joined = [f"{group} {name}".strip() for group, name in zip(groups, last, strict=True)]
    joined = [name or f"(column {place})" for place, name in enumerate(joined, 1)]
    seen: Counter[str] = Counter()
    names = []
    for name in joined:
        # the engine holds names without regard to case
        seen[name.lower()] += 1
        times = seen[name.lower()]
        names.append(name if times == 1 else f"{name} ({times})")
    return tuple(names)


def heading_of(file: Path, *, lines: Sequence[int] = (1,)) -> Heading:
    """
    Return how a text file is to be read.

    Parameters
    ----------
    file
        A CSV file or the like.
    lines
        The lines of its heading, counted from 1.

    Raises
    ------
    DataError
        If it is empty, is not text, or has no heading on these lines.
    """
    if not file.stat().st_size:
        raise DataError(f"{file.name} is empty: 0 bytes. Ask for the file again.")
    encoding = _encoding(file)
    last = max(lines)
    decoding = "utf-8-sig" if encoding == "utf-8" else encoding
    with file.open(encoding=decoding, newline="") as content:
        start = list(islice(iter(content.readline, ""), last))
    if len(start) < last:
        raise DataError(f"{file.name} has {len(start)} lines, so no heading on line {last}.")
    separator = _separator(start[last - 1])
    rows = list(csv.reader([start[line - 1] for line in lines], delimiter=separator))
    names = name_columns(rows, file=file.name)
    return Heading(encoding, separator, names, last)
