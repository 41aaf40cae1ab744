"""What a data folder, the code and the machine hold, as hashes: whether a result is still true."""

import hashlib
import json
import platform
import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from vrn_analysis.core import config, scratch

HASHES = "file_hashes.json"
SECRET = ".vrn_secret"
MANIFEST = "manifest.json"
PRODUCT = "vrn_analysis briefing"
REMEMBERED_FROM = 2**22  # bytes: the hash of a short file of counts is found by trying them all
# what somebody writes or `vrn check` leaves beside the data: no notebook reads it
READ_BY_PEOPLE = (".md", ".html", ".pdf", ".docx", ".log")
# makes pages, reads commands, or is in SHIPPED: an installed wheel is the same code as a checkout
NOT_OF_NOTEBOOKS = ("briefing/", "commands/", "_resources/")
# data files of the package that a notebook can read
SHIPPED = (("assessments",), ("data", "reference"))


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def content_hash(content: object) -> str:
    """Return the SHA-256 of what JSON can write; what it cannot is hashed as text."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def files_hash(folder: Path) -> dict[str, str]:
    """Return the hash of each file, but for those that an operating system leaves unasked."""
    return {
        file.relative_to(folder).as_posix(): sha256(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and "__pycache__" not in file.parts
        and not (file.name.startswith((".", "~$")) or file.name in ("Thumbs.db", "desktop.ini"))
    }


@cache
def package_hash(package: Path = config.PACKAGE) -> str:
    """
    Return the hash of the source a notebook can depend on.

    The code that only makes pages or parses commands is left out: changing a page's look does not
    change what a notebook computes.
    """
    source = {
        name: digest
        for name, digest in files_hash(package).items()
        if name == "briefing/run/kernels.py" or not name.startswith(NOT_OF_NOTEBOOKS)
    }
    return content_hash([source, [files_hash(config.resource(*path)) for path in SHIPPED]])


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python, of the platform and of every installed package."""
    packages = {d.metadata["Name"].lower(): d.version for d in distributions()}
    packages.pop("vrn-analysis", None)
    return {"python": platform.python_version(), "platform": sys.platform} | dict(
        sorted(packages.items())
    )


@cache
def secret(folder: Path) -> str:
    """
    Return the secret of a data folder, made on first use and kept in it and nowhere else.

    A hash of all that a folder holds tells its counts to whoever knows the rest and tries: the
    rest is often open. With this secret in it, nobody can try who does not have the folder; and
    once the folder is deleted, nobody can at all. Where it cannot be kept, it lasts as long as
    this process, and nothing is found in the cache.
    """
    file = folder / SECRET
    with suppress(OSError):
        if not file.exists():
            scratch.write_private(file, secrets.token_hex(32))
            # whoever may read the data may know it
            file.chmod(0o200 | folder.stat().st_mode & 0o444)
        return file.read_text(encoding="utf-8").strip()
    return secrets.token_hex(32)


def is_briefing(folder: Path) -> bool:
    """Tell whether a folder holds a briefing that this program made, and so may replace."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["product"] == PRODUCT
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _known(file: Path) -> dict[str, list]:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def hashed(folder: Path, *, memory: Path) -> dict[str, dict]:
    """
    Return size and SHA-256 of every file below a folder; hidden files and briefings are left out.

    A large file whose size and time of change are as remembered is not read again.

    Parameters
    ----------
    memory
        File in which sizes, times and hashes are remembered.
    """
    known, inputs = _known(memory), {}
    large = {name: about for name, about in known.items() if about[0] >= REMEMBERED_FROM}
    made = {file.parent for file in folder.rglob(MANIFEST) if is_briefing(file.parent)}
    files = [file for file in folder.rglob("*") if file.is_file() and not made & set(file.parents)]
    for file in sorted(files):
        below = file.relative_to(folder)
        if any(part.startswith(".") for part in below.parts):
            continue
        stat = file.stat()
        seen = [stat.st_size, stat.st_mtime_ns]
        old = known.get(str(file), [])
        digest = old[2] if old[:2] == seen else sha256(file)
        if stat.st_size >= REMEMBERED_FROM:
            large[str(file)] = [*seen, digest]
        inputs[below.as_posix()] = {"bytes": stat.st_size, "sha256": digest}
    with suppress(OSError):  # without a memory they are read again next time
        scratch.write_private(memory, json.dumps(large))
    return inputs


def read_by_notebooks(inputs: Mapping[str, Mapping]) -> list[list[str]]:
    """Return path and hash of the files that a notebook can read, of those that `hashed` found."""
    return [
        [path, about["sha256"]]
        for path, about in sorted(inputs.items())
        if not (path.startswith("commentary/") or path.endswith(READ_BY_PEOPLE))
    ]
