"""The tables of an extract as received, and a sample of their rows to tell the columns from."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.extracts.received import WORKBOOKS
from vrn_analysis.read.files import workbooks
from vrn_analysis.read.files.deliveries import TEXT
from vrn_analysis.read.files.heading import DECODING, Heading, heading_of
from vrn_analysis.read.files.shapes import text_rows

# rows looked at in each file: a hundred thousand of a large file, from all over it
MOST_ROWS, BLOCKS = 100_000, 50
# rows without a crime in which another column of it is blank too
SAME = 0.95
# bytes up to which a text file is looked at whole
WHOLE = 40 * 2**20


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
