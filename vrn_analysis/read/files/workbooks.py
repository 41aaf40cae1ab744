"""Read Excel workbooks, every value as text."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.deliveries import check_zip
from vrn_analysis.read.files.heading import LOOKED_AT, Heading, find_heading, name_columns, unnamed

NO_ROW = "lines that are no row: notes, totals or too few cells"


def _text(value: Any) -> str:
    """Return a cell as the text that a careful export to CSV would write."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@contextmanager
def _opened(file: Path, *, values: bool = True) -> Iterator[Any]:
    import openpyxl  # slow to import, and most extracts are not workbooks

    check_zip(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=values)
    except (KeyError, ValueError, OSError) as reason:
        raise DataError(f"{file.name} cannot be read as a workbook: {reason}.") from None
    try:
        yield book
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[list[str]]:
    return ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a sheet is a table, not a cover: two rows or more with several cells."""
    return sum(sum(map(bool, row)) > 1 for row in rows) > 1


def sheets_of(file: Path) -> tuple[list[str], list[str]]:
    """Return the visible sheets of a workbook that contain a table, and the other sheets."""
    tables, others = [], []
    with _opened(file) as book:
        for sheet in book.worksheets:
            start = list(islice(_rows(sheet), LOOKED_AT))
            seen = sheet.sheet_state == "visible" and _is_table(start)
            (tables if seen else others).append(sheet.title)
    return tables, others


def sheet_rows(file: Path, name: str = "", *, most: int | None = None) -> list[list[str]]:
    """Return `most` rows of a sheet of a workbook as text, of the first where none is named."""
    with _opened(file) as book:
        return list(islice(_rows(book[name] if name else book.worksheets[0]), most))


def _formulas(file: Path, name: str, rows: list[list[str]]) -> int:
    """Return in how many cells a formula was saved without its value."""
    with _opened(file, values=False) as book:
        return sum(
            not value and formula.startswith("=")
            for before, after in zip(_rows(book[name]), rows, strict=False)
            for formula, value in zip(before, after, strict=False)
        )


def read(
    file: Path, *, lines: Sequence[int] = (), sheet: str = ""
) -> tuple[pd.DataFrame, Heading, int, list[tuple]]:
    """
    Return a sheet of a workbook as text, and what was found wrong.

    Parameters
    ----------
    file
        The workbook.
    lines
        The lines of the heading, counted from 1; none: they are found.
    sheet
        The sheet's name; "": the first that holds a table.

    Returns
    -------
    rows, heading, unread, faults
        One column a heading; `unread` rows below the heading have one cell only, as a total or a
        note has; each fault is a problem, how many records (none: all), the remedy and where.

    Raises
    ------
    DataError
        If the workbook cannot be read, or it has no such sheet, no heading or no rows.
    """
    tables, others = sheets_of(file)
    if sheet and sheet not in (*tables, *others):
        raise DataError(
            f"{file.name} has no sheet {sheet!r}. It has: {', '.join((*tables, *others))}."
        )
    faults: list[tuple] = []
    name = sheet or (tables or others)[0]
    if beside := [one for one in (*tables, *others) if one != name and not sheet]:
        remedy = f"only {name} was read; name another in the mapping: sheet = {beside[0]!r}"
        faults.append(("the workbook has more than one sheet", None, remedy, ", ".join(beside[:5])))
    rows = sheet_rows(file, name)
    if len(rows) < max(lines, default=1) or not any(map(any, rows)):
        raise DataError(f"{file.name} has {len(rows)} lines, so no heading in sheet {name}.")
    on = tuple(lines) or find_heading(list(enumerate(rows[:LOOKED_AT], 1)))
    none = on == (0,)
    names = (
        unnamed(max(map(len, rows))) if none
        else name_columns([rows[line - 1] for line in on], file=file.name)
    )  # fmt: skip
    # each section of a report repeats what stands above its rows
    above = [row for row in rows[: on[-1]] if any(row)]
    filled = [row for row in rows[on[-1] :] if any(row) and row not in above]
    kept = [row for row in filled if len(names) < 3 or sum(map(bool, row)) > 1]
    if not kept:
        raise DataError(f"{file.name} has a heading and no rows. Ask for the file again.")
    if number := _formulas(file, name, rows):
        remedy = "taken as blank; open the workbook in Excel, save it, or paste it as values"
        faults.append(("cells with a formula and no value", number, remedy, file.name))
    if unread := len(filled) - len(kept):
        faults.append((NO_ROW, unread, "left out and counted as rejected", f"{file.name}, {name}"))
    return pd.DataFrame(kept, columns=list(names), dtype="str"), Heading(names, on), unread, faults
