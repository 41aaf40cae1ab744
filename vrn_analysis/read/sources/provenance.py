"""Register of sources: every file of a run with its licence, agreement and hash."""

import csv
import io
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.fingerprints import sha256
from vrn_analysis.read.fetching import fetched
from vrn_analysis.read.sources import agreements, coverage
from vrn_analysis.read.sources.agreements import NOT_STATED

EXACT = r"[\d,]+ rows were sent, and [\d,]+ are here"
SMALL = 2**22  # bytes: up to here, opening the engine takes longer than counting without it
MOST_UNPACKED = 2**28  # bytes that are read only to be counted
WORDS = (
    "title", "producer", "licence", "published", "accessed", "covers", "sensitivity", "agreement",
    "purpose", "retain_until",
)  # fmt: skip


def _table_rows(file: Path) -> int | None:
    import duckdb  # heavy, and a table of settings need not wait for it

    if file.suffix.lower() == ".csv" and file.stat().st_size < SMALL:
        with suppress(UnicodeDecodeError, csv.Error):
            return _lines(file.open("rb"))
    try:
        with duckdb.connect() as engine:
            return coverage.opened(engine, file).count("*").fetchone()[0]
    except (duckdb.Error, UnicodeDecodeError):
        return None


def _shapes(file: Path) -> int | None:
    import pyogrio

    try:
        return int(sum(info["features"] for info in coverage.layers(file)))
    except pyogrio.errors.DataSourceError:
        return None


def _zipped_rows(file: Path) -> int | None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if not members or sum(one.file_size for one in members) > MOST_UNPACKED:
                return None
            return sum(_lines(archive.open(one), "replace") for one in members)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, zlib.error, csv.Error):
        return None


def _lines(member: IO[bytes], errors: str = "strict") -> int:
    with io.TextIOWrapper(member, encoding="utf-8", errors=errors, newline="") as text:
        return max(sum(1 for row in csv.reader(text) if row) - 1, 0)


def rows(file: Path) -> int | None:
    """
    Return the number of rows in a file as received, without its heading.

    Rows of CSV and Parquet, zipped CSV where it is not too large, shapes of boundaries; None for
    another kind of file, and for one that cannot be read: whoever reads it for its content says
    why.
    """
    counted = {
        ".csv": _table_rows, ".parquet": _table_rows, ".zip": _zipped_rows,
    } | dict.fromkeys(coverage.SHAPES, _shapes)  # fmt: skip
    count = counted.get(file.suffix.lower())
    return count(file) if count else None


def _remark(source: Mapping[str, Any], known: Mapping[str, Any], *, row: Mapping) -> str:
    """Return what contradicts the records about a file."""
    if not row["file"]:
        return f"no file at {source['path']}"
    said = [words["sha256"] for words in (source, known) if words.get("sha256")]
    if any(digest != row["sha256"] for digest in said):
        return "not the file that was received: its SHA-256 has changed"
    sent, there = source.get("rows"), row["rows"]
    if None not in (sent, there) and sent != there:
        return f"{sent:,} rows were sent, and {there:,} are here"
    return ""


def _row(
    folder: Path,
    name: str,
    settings: Settings,
    *,
    file: Path | None,
    known: Mapping,
    hashes: Mapping,
) -> dict[str, Any]:
    source, below = settings.sources[name], file.relative_to(folder).as_posix() if file else ""
    known = known.get(below, {})
    row = {"source": name, "file": below}
    row |= {word: str((known | source).get(word, NOT_STATED)) for word in WORDS}
    row |= {
        "audiences": ", ".join(agreements.audiences(settings, name)),
        "rows": rows(file) if file else None,
        "bytes": file.stat().st_size if file else None,
        "sha256": hashes.get(below) or (sha256(file) if file else ""),
    }
    remarks = (_remark(source, known, row=row), agreements.remark(settings, name))
    return row | {"remark": "; ".join(filter(None, remarks))}


def sources(
    folder: Path,
    settings: Settings,
    *,
    hashes: Mapping[str, str] | None = None,
    found: Mapping[str, coverage.Coverage] | None = None,
) -> pd.DataFrame:
    """
    Return the register of sources: one row a file, and one for a source without any.

    What the settings do not say of a file that `vrn fetch` brought is taken from its
    `provenance.toml`.

    Parameters
    ----------
    folder
        The data folder.
    settings
        What the run is about.
    hashes
        SHA-256 of files by their path below the folder, where they are known already.
    found
        What sources cover, by name, where their records have been read.

    Returns
    -------
    register
        `source, file, title, producer, licence, published, accessed, covers, sensitivity,
        agreement, purpose, retain_until, audiences, rows, bytes, sha256, remark`. A word that is
        not given is "not stated"; `audiences` are those that may see the source; `rows` is missing
        where they cannot be counted; `covers` is computed, see `coverage.covers`; `remark` is what
        is to be done, or "".

    Raises
    ------
    SettingsError
        If the settings say that a source covers what its files do not.
    """
    hashes, known = hashes or {}, fetched.read(folder)
    told = {
        name: coverage.covers(folder, settings, name, found=(found or {}).get(name))
        for name in settings.sources
    }
    register = [
        _row(folder, name, settings, file=file, known=known, hashes=hashes)
        | ({"covers": told[name]} if told[name] else {})
        for name, source in settings.sources.items()
        for file in coverage.files_of(folder, source["path"]) or [None]
    ]
    return pd.DataFrame(register).astype({"rows": "Int64", "bytes": "Int64"})


def entries(register: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a register of sources as plain values, for a manifest."""
    plain = register.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def for_readers(register: pd.DataFrame, *, audience: str) -> pd.DataFrame:
    """
    Return a register of sources as those may have it who may not see the records.

    Of a file that is not open neither size nor hash, and its rows in hundreds: an exact number
    sharpens every rounded one, and whoever tries all contents that a short file of counts can have
    finds its hash.

    Parameters
    ----------
    register
        As `sources` returns it.
    audience
        Who reads it; those of an internal edition may see the records.
    """
    partners = of_partners(register)
    if audience == "internal" or not partners.any():
        return register
    sent = register["remark"].str.replace(EXACT, "not as many rows as were sent", regex=True)
    return register.assign(
        rows=register["rows"].mask(partners, in_hundreds(register["rows"])),
        bytes=register["bytes"].mask(partners),
        sha256=register["sha256"].mask(partners, ""),
        remark=register["remark"].mask(partners, sent),
    )


def of_partners(register: pd.DataFrame) -> pd.Series:
    """Return which rows of a register are of files not marked as open."""
    return register["sensitivity"] != "open"


def in_hundreds(rows: pd.Series) -> pd.Series:
    """Return numbers of rows to the nearest hundred; missing where that is none."""
    near = (rows + 50) // 100 * 100
    return near.mask(near == 0)


def rows_are_exact(settings: Settings, source: str) -> bool:
    """Return whether readers of an edition may see the exact number of rows of a source."""
    stated = settings.sources[source].get("sensitivity")
    return settings.audience == "internal" or stated == "open"


def near_hundred(rows: int | None) -> int | None:
    """Return one number of rows as `in_hundreds` does."""
    return ((rows or 0) + 50) // 100 * 100 or None
