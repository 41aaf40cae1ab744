"""Folders and files of `vrn` commands: how they are named and replaced."""

import errno
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option(help="Folder with your data. Default: the synthetic sample.")
]


def shown(path: Path) -> str:
    """Return a path in short form: relative to the current folder where possible."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def typed(path: Path) -> str:
    """Return a path as typed in a command, in quotes where the shell needs them."""
    quoted = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return quoted([shown(path)])


@contextmanager
def _naming(path: Path, *, aside: Path | None = None) -> Iterator[None]:
    """Make a system error name the path that the user gave, not a temporary one."""
    import duckdb  # heavy: `vrn --help` must not wait for it

    try:
        yield
    except OSError as fault:
        if aside is None or not fault.filename or str(aside) in str(fault.filename):
            fault.filename = str(path)
        raise
    except duckdb.IOException as fault:
        if str(aside) not in str(fault):
            raise
        number = errno.ENOSPC if "No space left" in str(fault) else errno.EIO
        raise OSError(number, os.strerror(number), str(path)) from fault


def write_whole(file: Path, text: str) -> None:
    """Write a text file completely or not at all, so that a full disk damages nothing."""
    from vrn_analysis.core import scratch

    with _naming(file):
        scratch.write(file, text)


@contextmanager
def own_folder(output: Path, *, is_ours: Callable[[Path], bool], why: str) -> Iterator[Path]:
    """
    Yield a temporary folder that replaces `output` if all goes well.

    Parameters
    ----------
    output
        The folder. It is replaced only if everything in it is ours.
    is_ours
        Returns whether this command made a file or folder in it.
    why
        Text after "has other files" in the error.

    Raises
    ------
    DataError
        If it is a file, or has anything else in it.
    """
    from vrn_analysis.briefing.place import move
    from vrn_analysis.core import scratch
    from vrn_analysis.core.errors import DataError

    if output.exists() and not output.is_dir():
        raise DataError(f"{output} is a file. Choose a folder.")
    if output.resolve() == Path.cwd():
        raise DataError(f"{output} is the current folder and would be replaced: {why}")
    if others := sorted(file.name for file in output.glob("*") if not is_ours(file)):
        raise DataError(f"{output} has other files in it ({', '.join(others[:3])}): {why}")
    with _naming(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        aside = scratch.make("own", parent=output.parent)
    try:
        with _naming(output, aside=aside):
            yield aside
            move(aside, output)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
