"""Part the columns of text that a database has printed in fixed widths."""

import codecs
import csv
import re
from pathlib import Path

from vrn_analysis.read.files.heading import DECODING, LONGEST_CELL, encoding_of, first_lines

# databases draw a line of dashes below the headings, as wide as each column
_RULE = re.compile(r"-+(?: +-+){2,}\s*$")


def _cells(line: str, ends: list[tuple[int, int]]) -> list[str]:
    """Return the cells of a line, or the line alone where it is a note or is out of line."""
    cells = [line[start:end].strip() for start, end in ends]
    parted = not any(line[end : end + 1].strip() for _, end in ends[:-1])
    return cells if parted and 2 * sum(map(bool, cells)) >= len(cells) else [line.strip()]


def with_commas(file: Path, *, into: Path) -> Path:
    """
    Return a text file of fixed widths rewritten as CSV, any other as it is.

    Parameters
    ----------
    file
        Text of any kind.
    into
        A folder that is removed after use.
    """
    with file.open("rb") as content:
        wide = content.read(2) == codecs.BOM_UTF16_LE
    start = first_lines(file, "utf-16" if wide else "latin-1")
    rule = next((at for at, line in enumerate(start) if _RULE.match(line)), 0)
    if not rule:
        return file
    ends = [found.span() for found in re.finditer("-+", start[rule])]
    # the last column may be longer than its dashes
    ends[-1] = (ends[-1][0], LONGEST_CELL)
    made = into / "fixed_width" / file.name
    made.parent.mkdir(parents=True, exist_ok=True)
    with (
        file.open(encoding=DECODING[encoding_of(file)], errors="replace") as lines,
        made.open("w", encoding="utf-8", newline="") as output,
    ):
        rows = (_cells(line, ends) for at, line in enumerate(lines) if at != rule)
        csv.writer(output).writerows(rows)
    return made
