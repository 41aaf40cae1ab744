"""
Keep the records of a run as they were read, checked and classified, for every notebook to open.

They are in a hidden folder inside the data folder, which only the owner can open. They are deleted
with the data. The name is a hash of data, settings, code and the secret of the data folder. If one
of them changes, the records are prepared again. The older ones are removed a day after they were
last opened: a notebook of another run may still be using them.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.core import config, fingerprints, scratch
from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.checks import Checked
from vrn_analysis.read.sources import agreements

FOLDER = ".vrn_prepared"
# settings that decide what records are read and how they are classified
DECISIVE = ("kind", "force", "definition", "period", "headline_category", "sources")
ENGINES = ("duckdb", "ibis-framework", "pandas", "pyarrow")
SECONDS_KEPT = 24 * 60 * 60  # since they were last opened
RECORDS, PROBLEMS, ROWS = "records.parquet", "problems.parquet", "rows.json"


def remove(folder: Path) -> bool:
    """
    Remove what was prepared from a data folder; return whether there was anything.

    Raises
    ------
    DataError
        If it cannot be removed.
    """
    home = folder / FOLDER
    there = home.exists()
    shutil.rmtree(home, ignore_errors=True)
    if home.exists():
        raise DataError(f"{home} has records and cannot be removed. Delete it yourself.")
    return there


def require_agreements(folder: Path, settings: Settings, *, today: date | None = None) -> None:
    """
    Check the agreements of all sources; where one has ended, remove what was prepared from it.

    Raises
    ------
    AgreementError
        As `agreements.require`.
    """
    day = today or date.today()
    left = [agreements.days_left(source, day) for source in settings.sources.values()]
    if any(days is not None and days < 0 for days in left):
        remove(folder)
    agreements.require(settings, today=today)


def _key(folder: Path, settings: Settings) -> str:
    memory = config.cache_folder() / "briefing" / fingerprints.HASHES
    decisive = {name: vars(settings)[name] for name in DECISIVE}
    files = fingerprints.read_by_notebooks(fingerprints.hashed(folder, memory=memory))
    versions = [version(name) for name in ENGINES]
    secret = fingerprints.secret(folder)  # without it, the hash tells nobody what the files hold
    content = [secret, files, decisive, fingerprints.package_hash(), versions]
    return fingerprints.content_hash(content)[:24]


def place(folder: Path, settings: Settings) -> Path | None:
    """
    Return the folder for the prepared records of a data folder, made where there is none.

    It is None where the data folder cannot be written: nothing is kept.
    """
    with suppress(OSError):
        home = folder / FOLDER
        home.mkdir(mode=0o700, exist_ok=True)
        home.chmod(0o700)  # fails where it is somebody else's
        made = home / _key(folder, settings)
        made.mkdir(mode=0o700, exist_ok=True)
        os.utime(made)
        for old in home.glob("[!.]*"):
            if time.time() - old.stat().st_mtime > SECONDS_KEPT:
                shutil.rmtree(old, ignore_errors=True)
        return made
    return None


def _opened(connection: BaseBackend, kept: Path) -> Checked:
    name = ibis.util.gen_name(kept.name)
    table = connection.read_parquet(str(kept / RECORDS), table_name=name)
    rows = json.loads((kept / ROWS).read_text(encoding="utf-8"))
    return Checked(table, pd.read_parquet(kept / PROBLEMS), *rows)


def _keep(checked: Checked, kept: Path) -> None:
    """Write aside, then move: what is in its place is whole, whoever else makes the same."""
    with scratch.folder("prepared", parent=kept.parent) as aside:
        checked.table.to_parquet(str(aside / RECORDS))
        checked.problems.to_parquet(aside / PROBLEMS)
        rows = [checked.rows_in, checked.rows_valid, checked.rows_rejected]
        (aside / ROWS).write_text(json.dumps(rows), encoding="utf-8")
        for file in aside.iterdir():
            file.chmod(0o600)
        try:
            scratch.move(aside, kept)
        except OSError:
            if not kept.exists():  # else another process was first
                raise


def records(
    connection: BaseBackend, place: Path | None, name: str, make: Callable[[], Checked]
) -> Checked:
    """
    Return records as they were prepared; those that are not there are made and kept.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    place
        As `place` returns it; None keeps nothing.
    name
        What they are called there.
    make
        Reads and checks them.
    """
    if place is None:
        return make()
    if not (place / name).exists():
        made = make()
        import duckdb  # heavy, and not needed where all is prepared

        try:
            _keep(made, place / name)
        except (OSError, duckdb.IOException):  # a disk that is full costs time, no result
            return made
    return _opened(connection, place / name)
