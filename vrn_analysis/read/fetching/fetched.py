"""Record what was downloaded, from where and when, in `provenance.toml`."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from vrn_analysis.core import scratch
from vrn_analysis.core.config import read_toml
from vrn_analysis.core.errors import DataError

FILE = "provenance.toml"
REMEDY = (
    "Correct it, or delete it and run vrn fetch again: the files are then taken as put there by "
    "hand."
)
LEAD = (
    "# What the files beside are, and when they were fetched. Written by vrn fetch; a file is not\n"
    "# fetched again while its size and hash are as said here.\n"
)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """
    Return what is known of the files of a folder, by their path below it; empty if nothing is.

    Raises
    ------
    DataError
        If the file cannot be read as TOML.
    """
    file = folder / FILE
    return read_toml(file, remedy=REMEDY, kind=DataError) if file.exists() else {}


def _value(value: str | int | date) -> str:
    if isinstance(value, (int, date)):
        return str(value)
    # JSON escapes what TOML forbids in a quoted text, but for the delete sign
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(known: Mapping[str, Mapping[str, Any]]) -> str:
    tables = []
    for file, words in sorted(known.items()):
        lines = [f"{word} = {_value(value)}\n" for word, value in words.items()]
        tables.append(f"\n[{_value(file)}]\n{''.join(lines)}")
    return LEAD + "".join(tables)


def add(folder: Path, file: str, words: Mapping[str, Any]) -> None:
    """
    Record where one file came from, keeping the records of the others.

    Parameters
    ----------
    folder
        The folder that was fetched into.
    file
        The file's path below it.
    words
        What is to be known of the file: texts, whole numbers and dates.
    """
    scratch.write(folder / FILE, _text(read(folder) | {file: words}))
