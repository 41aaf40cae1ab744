"""Find and read the files named in the settings, with errors that say what to correct."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.published import contract_names


def locate(folder: Path, settings: Settings, source: str) -> list[Path]:
    """
    Return the files of a source, sorted; its path may hold `*`.

    Raises
    ------
    DataError
        If the settings do not name the source, or no file is there.
    """
    if source not in settings.sources:
        raise DataError(f"{settings.file} has no [sources.{source}], so {source} cannot be read.")
    pattern = settings.sources[source]["path"]
    found = sorted(folder.glob(pattern))
    if not found:
        raise DataError(
            f"{folder / pattern} does not exist. Put the file there, or correct path under "
            f"[sources.{source}] in {settings.file}."
        )
    return found


def require_columns(found: Iterable[str], wanted: Iterable[str], *, file: Path | str) -> None:
    """
    Check that a file has the columns it must have.

    Raises
    ------
    DataError
        Names every missing column, and those that are there.
    """
    found = list(found)
    missing = [column for column in wanted if column not in found]
    if missing:
        raise DataError(
            f"{file}: {len(missing)} column(s) missing: {', '.join(missing)}. It has: "
            f"{', '.join(found[:12])}{' …' if len(found) > 12 else ''}. Correct the file, or name "
            f"its own words for them under columns in the settings."
        )


def read_csv(file: Path, *, text: Iterable[str] = ()) -> pd.DataFrame:
    """
    Read a CSV file; `text` names columns of codes, to keep as written.

    Raises
    ------
    DataError
        If the file is empty, is not UTF-8 text, or breaks off inside a record.
    """
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(text, "str"), encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        raise DataError(f"{file} is empty. Ask for the file again.") from None
    except (pd.errors.ParserError, UnicodeDecodeError) as fault:
        raise DataError(f"{file} cannot be read as UTF-8 CSV: {fault}. Is it cut short?") from None
    if table.empty:
        raise DataError(f"{file} has a header and no rows. Ask for the file again.")
    return table


def rename(table: pd.DataFrame, source: dict[str, Any], *, file: Path) -> pd.DataFrame:
    """
    Rename columns to their contract's names, as `columns` in the settings maps them.

    Headings of areas that the settings do not name are known as they are published: LSOA21CD.
    """
    columns = source.get("columns", {})
    require_columns(table.columns, columns.values(), file=file)
    table = table.rename(columns={theirs: ours for ours, theirs in columns.items()})
    return table.rename(columns=contract_names(table.columns))
