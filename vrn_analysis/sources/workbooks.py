"""Excel workbooks as received: the first sheet, every value as text."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.errors import DataError
from vrn_analysis.sources.deliveries import check_zip
from vrn_analysis.sources.heading import name_columns


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


def _sheets(file: Path, *, values: bool) -> Any:
    import openpyxl  # heavy, and most extracts are no workbook

    check_zip(file)
    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=values).worksheets
    except (KeyError, ValueError, OSError) as reason:
        raise DataError(f"{file.name} cannot be read as a workbook: {reason}.") from None


def _rows(sheet: Any) -> Iterator[list[str]]:
    return ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))


def sheet_rows(file: Path) -> list[list[str]]:
    """Return the first sheet of a workbook as rows of text, for one that is no plain table."""
    return list(_rows(_sheets(file, values=True)[0]))


def _formulas(file: Path, rows: list[list[str]]) -> int:
    """Return in how many cells a formula was saved without its value."""
    asked = _rows(_sheets(file, values=False)[0])
    return sum(
        not value and formula.startswith("=")
        for before, after in zip(asked, rows, strict=False)
        for formula, value in zip(before, after, strict=False)
    )


def read(file: Path, *, lines: Sequence[int] = (1,)) -> tuple[pd.DataFrame, list[tuple]]:
    """
    Return the first sheet of a workbook as text, and what was found wrong.

    Returns
    -------
    sheet, faults
        One column a heading; each fault a problem, how many records (none: all), the remedy and
        where.

    Raises
    ------
    DataError
        If the workbook cannot be read, or it has no heading or rows.
    """
    sheets = _sheets(file, values=True)
    rows = list(_rows(sheets[0]))
    if len(rows) < max(lines):
        raise DataError(f"{file.name} has {len(rows)} lines, so no heading on line {max(lines)}.")
    names = name_columns([rows[line - 1] for line in lines], file=file.name)
    kept = [row for row in rows[max(lines) :] if any(row)]
    if not kept:
        raise DataError(f"{file.name} has a heading and no rows. Ask for the file again.")
    faults: list[tuple] = []
    if number := _formulas(file, rows):
        remedy = "taken as blank; open the workbook in Excel, save it, or paste it as values"
        faults.append(("cells with a formula and no value", number, remedy, file.name))
    if len(sheets) > 1:
        others = ", ".join(sheet.title for sheet in sheets[1:6])
        remedy = f"only the first, {sheets[0].title}, was read; save another as a file of its own"
        faults.append(("the workbook has more than one sheet", None, remedy, others))
    frame = pd.DataFrame(kept, columns=list(names), dtype="str")
    return frame, faults
