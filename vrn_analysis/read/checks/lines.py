"""Read a text file as lines: every line after the heading is a row, or the file is refused."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ibis
from ibis.backends import BaseBackend

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.heading import SEPARATORS, encoding_of, first_lines

HOW_MANY_LINES = 5
# a heading lower than this is not looked for
LOOKED_AT = 50
_CHUNK = 1 << 24


@dataclass(frozen=True)
class Text:
    """How a text file is written; `lines` counts lines that are not blank (None: not known)."""

    path: Path
    encoding: str
    separator: str
    names: tuple[str, ...]
    above: int
    lines: int | None


def _count_lines(path: Path) -> int:
    """Return how many lines of a file are not blank."""
    lines, before = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lines += chunk.count(b"\n") - len(re.findall(rb"\n(?=\r?\n)", before + chunk))
            before = chunk[-2:].lstrip(b"\r") if chunk.endswith((b"\r", b"\n")) else b"."
    return lines + (before == b".")


def _names(row: list[str]) -> tuple[str, ...]:
    """Return one name a column, made unique without regard to case."""
    names: list[str] = []
    for place, name in enumerate(row, 1):
        name = name.strip() or f"column{place}"
        taken = {other.lower() for other in names}
        names.append(f"{name}_{place}" if name.lower() in taken else name)
    return tuple(names)


def written(path: Path, *, matches: Callable[[tuple[str, ...]], int]) -> Text:
    """
    Return how a text file is written: its encoding, its separator and its heading.

    Parameters
    ----------
    path
        The file.
    matches
        Counts the names of a heading that its contract knows.

    Raises
    ------
    DataError
        If the heading stands below other lines, or the file is empty or in no encoding known here.
    """
    encoding = encoding_of(path)
    start = first_lines(path, encoding)[:LOOKED_AT]
    above = next((place for place, line in enumerate(start) if line.strip()), None)
    if above is None:
        raise DataError(f"{path} is empty. Ask for the file again.")
    outside = "".join(start[above].split('"')[::2])
    separator = max(SEPARATORS, key=outside.count)
    names = _names(next(csv.reader(start[above:], delimiter=separator)))
    _refuse_lower_heading(path, start, matches, above=above, known=matches(names))
    lines = None if encoding == "utf-16" else _count_lines(path)
    return Text(path, encoding, separator, names, above, lines)


def _refuse_lower_heading(
    path: Path, start: list[str], matches: Callable[..., int], *, above: int, known: int
) -> None:
    for place, line in enumerate(start[above + 1 :], above + 1):
        split = (next(csv.reader([line], delimiter=sign), []) for sign in SEPARATORS)
        if max(matches(_names(row)) for row in split) > known:
            raise DataError(
                f"{path}: the heading is on line {place + 1}, after {place} other lines. "
                "Remove them, or draft a mapping of the file as it is: vrn map."
            )


def opened(connection: BaseBackend, text: Text) -> tuple[ibis.Table, str]:
    """Return the rows of a text file as text, and the name of the table of its other lines."""
    path, shared = str(text.path), {"header": True, "encoding": text.encoding}
    if connection.name != "duckdb":
        return connection.read_csv(path, inferSchema=False, sep=text.separator, **shared), ""
    rejects = ibis.util.gen_name("no_rows")
    table = connection.read_csv(
        path, **shared, auto_detect=False, delim=text.separator, quote='"', escape='"',
        skip=text.above, columns=dict.fromkeys(text.names, "VARCHAR"),
        store_rejects=True, rejects_limit=0, rejects_table=rejects, rejects_scan=f"{rejects}_scan",
    )  # fmt: skip
    return table, rejects


def refuse_what_is_no_row(connection: BaseBackend, text: Text, rejects: str) -> None:
    """
    Refuse a file that has lines which are not rows.

    Parameters
    ----------
    connection, text, rejects
        As for `opened`, after every row has been read.

    Raises
    ------
    DataError
        With the number of lines and the first of them; never with what they hold.
    """
    kinds = "SELECT line, lower(min(error_type::VARCHAR)) FROM {} GROUP BY line ORDER BY line"
    found = connection.con.execute(kinds.format(rejects)).fetchall() if rejects else []
    if not found:
        return
    shown = ", ".join(str(line) for line, _ in found[:HOW_MANY_LINES])
    of = f" of {text.lines:,}" if text.lines else ""
    raise DataError(
        f"{text.path} cannot be read: {len(found):,}{of} lines do not fit the "
        f"{len(text.names)} columns of its heading "
        f"({', '.join(sorted({kind for _, kind in found}))}). Line: {shown}. Correct them or "
        "export the file again; with a mapping (vrn map) such lines are left out and counted."
    )
