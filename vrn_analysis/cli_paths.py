"""Folders and files as every `vrn` command takes, names and replaces them."""

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
    Path | None, typer.Option(help="Folder with your data. Without it: the synthetic sample.")
]


def shown(path: Path) -> str:
    """Return a path as short as it can be told: from here, where it lies below."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def typed(path: Path) -> str:
    """Return a path as it is typed in a command, in quotes where the shell needs them."""
    quoted = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return quoted([shown(path)])


@contextmanager
def _naming(path: Path, *, aside: Path | None = None) -> Iterator[None]:
    """Have an error of the system name what the user asked for, not what is made aside."""
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
    """Write a text file whole or not at all: a disk that is full spoils nothing that is there."""
    aside = file.with_name(f".vrn_{os.getpid()}.part")  # short: a name may be no longer than it is
    with _naming(file):
        try:
            aside.write_text(text, encoding="utf-8", newline="")
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def own_folder(output: Path, *, is_ours: Callable[[Path], bool], why: str) -> Iterator[Path]:
    """
    Yield a folder aside, that takes the place of `output` when all has gone well.

    Parameters
    ----------
    output
        The folder; it is replaced only where each thing in it is ours.
    is_ours
        Tells of a file or folder in it whether this command made it.
    why
        What follows "holds other files" in the error.

    Raises
    ------
    DataError
        If it is a file, or holds anything else.
    """
    from vrn_analysis import scratch
    from vrn_analysis.briefing.place import move
    from vrn_analysis.errors import DataError

    if output.exists() and not output.is_dir():
        raise DataError(f"{output} is a file. Choose a folder.")
    if output.resolve() == Path.cwd():
        raise DataError(f"{output} is the folder you are in, and would be replaced: {why}")
    if others := sorted(file.name for file in output.glob("*") if not is_ours(file)):
        raise DataError(f"{output} holds other files ({', '.join(others[:3])}): {why}")
    with _naming(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        aside = scratch.make("own", parent=output.parent)
    try:
        with _naming(output, aside=aside):
            yield aside
            move(aside, output)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
