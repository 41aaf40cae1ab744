"""
Temporary folders of a run: private to their owner, and removed at the end.

What is spilled, unpacked or made aside may hold records. A run that is killed cannot remove it, so
the next run that begins in the same place does. The name of a folder holds the proof that its run
is over: the machine, the number of the process and when that process started.
"""

import os
import platform
import re
import secrets
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psutil

LOCKED = (0.1, 0.2, 0.4, 0.8, 1.6)  # seconds between tries to rename a file in use, on Windows
PATTERN = re.compile(r"\.?vrn_[a-z]+_(?P<machine>[0-9a-f]{8})-(?P<pid>\d+)-(?P<start>\d+)_\w+")


@cache
def _machine() -> str:
    """Return the name of the machine, and of the container, whose processes are numbered here."""
    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return f"{zlib.crc32(f'{platform.node()} {space}'.encode()):08x}"


def _started(pid: int) -> str:
    """Return when a process started, or "" where the system does not say."""
    try:
        # in ticks since the machine started: a clock that is set changes the time of day only
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        with suppress(psutil.Error):
            return f"{psutil.Process(pid).create_time():.0f}"
    return ""


def _is_over(name: str) -> bool:
    """Return whether the run that made a folder of this name has certainly ended."""
    found = PATTERN.fullmatch(name)
    if not found or found["machine"] != _machine():
        return False
    pid = int(found["pid"])
    return not psutil.pid_exists(pid) or _started(pid) not in ("", found["start"])


def make(kind: str, *, parent: Path | None = None) -> Path:
    """
    Make a folder that only its owner can open, and delete those left by interrupted runs.

    Parameters
    ----------
    kind
        What it is for, in small letters.
    parent
        Where; default: the system's folder for such things. Elsewhere its name begins with a dot.
    """
    place = Path(parent or tempfile.gettempdir())
    for old in place.glob(".vrn_*" if parent else "vrn_*"):
        if _is_over(old.name):
            shutil.rmtree(old, ignore_errors=True)
    mine = f"{_machine()}-{os.getpid()}-{_started(os.getpid())}"
    return Path(tempfile.mkdtemp(prefix=f"{'.' if parent else ''}vrn_{kind}_{mine}_", dir=place))


@contextmanager
def folder(kind: str, *, parent: Path | None = None) -> Iterator[Path]:
    """Yield a folder as `make` returns it, and remove it at the end of the `with` block."""
    made = make(kind, parent=parent)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def move(made: Path, target: Path) -> None:
    """Rename a file or folder; on Windows, wait while a virus scanner has a part of it open."""
    for seconds in LOCKED if os.name == "nt" else ():
        with suppress(PermissionError):
            made.replace(target)
            return
        time.sleep(seconds)
    made.replace(target)


def write(file: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a text aside, then move it: the file is whole, or as it was before."""
    # short: a name may be no longer than it is
    aside = file.with_name(f".vrn_{secrets.token_hex(6)}.part")
    try:
        aside.touch(mode, exist_ok=False)
        aside.write_text(text, encoding="utf-8", newline="")
        move(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a text file, whole or not at all, that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write(file, text, mode=0o600)
