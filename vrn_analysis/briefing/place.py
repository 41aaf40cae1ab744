"""Where a briefing lies: made aside, then moved into its place, so that none is ever half made."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vrn_analysis.core import scratch
from vrn_analysis.core.errors import NO_SPACE, AssessmentError, in_words
from vrn_analysis.core.fingerprints import is_briefing

INDEX = "index.html"


def failed_log(output: Path) -> Path:
    """Return the file that keeps the log of a failed attempt, beside the briefing's folder."""
    return output.with_name(f"{output.name}_failed.log")


def failed_folder(output: Path) -> Path:
    """Return the folder for what an attempt gave that failed in part, beside the briefing's."""
    return output.with_name(f"{output.name}_failed")


def _before(output: Path) -> Path:
    return output.with_name(f".{output.name}.before")


def check_output(output: Path, *, data: Path | None = None) -> None:
    """
    Check that a folder can be written, and that replacing it would lose nobody's work.

    Raises
    ------
    AssessmentError
        If it is a file or the folder one is in, holds something other than a briefing, or is or
        holds the data folder.
    """
    if data is not None and (data == output or output in data.parents):
        raise AssessmentError(f"--output {output} contains the data folder. Choose another folder.")
    if output.exists() and not output.is_dir():
        raise AssessmentError(f"--output {output} is a file. Choose a folder.")
    if output == Path.cwd():
        raise AssessmentError(f"--output {output} is the folder you are in. Choose another folder.")
    if output.is_dir() and any(output.iterdir()) and not is_briefing(output):
        raise AssessmentError(
            f"--output {output} contains files that are not a briefing, and would be replaced. "
            "Choose an empty or new folder."
        )


def _restore(output: Path) -> None:
    """Bring back the last briefing where a machine stopped between the two renames."""
    if _before(output).exists() and not output.exists():
        _before(output).rename(output)


def move(aside: Path, output: Path) -> None:
    """Put a finished folder in its place; should that fail, the one before stays or comes back."""
    before = _before(output)
    shutil.rmtree(before, ignore_errors=True)
    if output.exists():
        scratch.move(output, before)
    try:
        scratch.move(aside, output)
    except OSError:
        if before.exists():
            before.rename(output)
        raise
    shutil.rmtree(before, ignore_errors=True)


def set_aside(made: Path, output: Path) -> str:
    """
    Keep what a failed attempt gave, beside the last briefing; return the words that name it.

    A folder of that name that holds anything but such an attempt is left alone.
    """
    kept = failed_folder(output)
    if kept.exists() and not is_briefing(kept):
        return ""
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(made, kept)
    kept.chmod(0o755)
    return f"The others are in {kept / 'index.html'}, and each page says what is missing. "


def _forget_failures(output: Path) -> None:
    failed_log(output).unlink(missing_ok=True)
    if is_briefing(failed_folder(output)):
        shutil.rmtree(failed_folder(output), ignore_errors=True)


def _keep_log(aside: Path, output: Path) -> str:
    """Keep a failed attempt's log; return the words that name it."""
    log = failed_log(output)
    try:
        shutil.copyfile(aside / "briefing.log", log)
    except OSError:
        with suppress(OSError):
            log.unlink(missing_ok=True)  # a log cut short tells nothing
        return ""
    return f" The log of this attempt: {log}."


@contextmanager
def aside(output: Path) -> Iterator[Path]:
    """
    Give a folder beside `output` to make a briefing in, and move it there at the end.

    Raises
    ------
    AssessmentError
        If anything failed, with the log's name; `output` is then as it was.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _restore(output)
        # beside it, not in the system's temporary folder: a rename cannot cross from disk to disk
        made = scratch.make("briefing", parent=output.parent)
    except OSError as fault:
        fault.filename = str(output)  # not that of the folder aside
        raise AssessmentError(f"No briefing can be made there. {in_words(fault)}") from fault
    last = "The last briefing is as it was." if output.exists() else "No briefing was made."
    try:
        yield made
        made.chmod(0o755)  # until it was checked, it was its owner's alone
        move(made, output)
        _forget_failures(output)
    except OSError as fault:
        log = _keep_log(made, output)
        if fault.errno in NO_SPACE:
            raise AssessmentError(
                f"No space left on the disk of {output.parent}. Make room, or choose another "
                f"folder with --output. {last}{log}"
            ) from fault
        raise AssessmentError(f"{in_words(fault)} {last}{log}") from fault
    except AssessmentError as fault:
        raise type(fault)(f"{fault} {last}{_keep_log(made, output)}") from fault
    except BaseException:
        _keep_log(made, output)
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
