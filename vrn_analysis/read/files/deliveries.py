"""Open a delivery (a file, several, a folder or a zip) as a list of plain files."""

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from vrn_analysis.core.errors import DataError
from vrn_analysis.read.files.documents import DOCUMENTS, as_text
from vrn_analysis.read.files.fixed_width import with_commas

TEXT = (".csv", ".txt", ".tsv")
TABLES = (*TEXT, ".xlsx", ".xlsm", ".parquet", ".pq")
MOST_BYTES = 50 * 2**30
# text compresses 5 to 50 times; far beyond that a zip is broken or made to do harm
MOST_RATIO, RATIO_MATTERS_FROM = 500, 16 * 2**20


def _is_noise(name: str) -> bool:
    """Return whether a file is one that operating systems leave in folders and zips."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith((".", "~$")) or parts[-1] == "Thumbs.db"


def check_zip(file: Path, *, most_bytes: int = MOST_BYTES) -> list[zipfile.ZipInfo]:
    """
    Return the members of a zip, once it is known to be safe to open.

    Raises
    ------
    DataError
        If it is no zip, is damaged or locked, names a place outside itself, or would unpack to
        far more than it is.
    """
    try:
        with zipfile.ZipFile(file) as opened:
            members = [info for info in opened.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        kind = "zip" if file.suffix.lower() == ".zip" else "workbook"
        raise DataError(
            f"{file.name} is no {kind}, or is cut short. Ask for the file again."
        ) from None
    total = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    for info in members:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
            raise DataError(
                f"{file.name} contains {info.filename!r}, which would unpack outside its folder. "
                "Nothing was unpacked. Do not trust this file; ask the sender."
            )
        if info.flag_bits & 1:
            raise DataError(f"{file.name} is locked with a password. Unlock it and save it again.")
    too_dense = total > RATIO_MATTERS_FROM and total > MOST_RATIO * max(packed, 1)
    if total > most_bytes or too_dense:
        raise DataError(
            f"{file.name} would unpack from {packed:,} to {total:,} bytes, which no extract does. "
            "Nothing was unpacked. If it is right, unpack it yourself and name the folder."
        )
    return members


def _unpack(file: Path, into: Path) -> list[Path]:
    members = [info for info in check_zip(file) if not _is_noise(info.filename)]
    nested = [info.filename for info in members if info.filename.lower().endswith(".zip")]
    if nested:
        raise DataError(f"{file.name} contains another zip, {nested[0]!r}. Unpack that one first.")
    folder = into / f"unpacked_{file.stem}"
    try:
        with zipfile.ZipFile(file) as opened:
            for info in members:
                opened.extract(info, folder)
    except (zipfile.BadZipFile, OSError) as reason:
        shutil.rmtree(folder, ignore_errors=True)
        raise DataError(f"{file.name} is damaged: {reason}. Ask for the file again.") from None
    return _tables_in(folder, named=file.name)


def _tables_in(folder: Path, *, named: str) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [path for path in files if not _is_noise(path.relative_to(folder).as_posix())]
    by_kind = [
        [path for path in files if path.suffix.lower() in kind] for kind in (TABLES, DOCUMENTS)
    ]  # fmt: skip
    # a page or JSON beside tables describes them
    tables = by_kind[0] or by_kind[1]
    if not tables:
        held = ", ".join(path.name for path in files[:5]) or "nothing"
        raise DataError(f"{named} contains no table, only {held}. Tables are {', '.join(TABLES)}.")
    return tables


def open_delivery(paths: Path | Sequence[Path], *, into: Path) -> list[Path]:
    """
    Return the table files of a delivery, sorted.

    Parameters
    ----------
    paths
        A file, several files, a folder, or a zip.
    into
        A folder that is removed after use, for what is unpacked or rewritten.

    Raises
    ------
    DataError
        If there is no file, no table among them, or the zip is not safe to open.
    """
    given = [paths] if isinstance(paths, Path) else list(paths)
    files: list[Path] = []
    for path in given:
        if not path.exists():
            raise DataError(f"{path} does not exist.")
        if path.is_dir():
            files += _tables_in(path, named=path.name)
        elif path.suffix.lower() == ".zip":
            files += _unpack(path, into)
        elif path.suffix.lower() in (*TABLES, *DOCUMENTS):
            files.append(path)
        else:
            kind = path.suffix or "no suffix"
            raise DataError(
                f"{path.name} is no table that can be read ({kind}). Known are "
                f"{', '.join(TABLES)} and .zip: save it as CSV UTF-8."
            )
    files = [
        as_text(file, into=into) if file.suffix.lower() in DOCUMENTS else file for file in files
    ]  # fmt: skip
    return [with_commas(file, into=into) if file.suffix.lower() in TEXT else file for file in files]
