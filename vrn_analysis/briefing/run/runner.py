"""Run the notebooks that have changed, and take the others from the cache."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.briefing.run import cache
from vrn_analysis.core import errors

if TYPE_CHECKING:
    from vrn_analysis.briefing.run import kernels

# the messages of these are written for the reader, and tests hold them free of data rows
OURS = frozenset(
    name for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.AssessmentError)
) | {"AssertionError"}  # fmt: skip


QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")


COLUMN = re.compile(r"[a-z][a-z0-9_]*")


COLOUR = re.compile(r"\x1b\[[0-9;]*m")


MOST_LETTERS = 300


@dataclass(frozen=True)
class Failure:
    """Where a notebook stopped, and why; `trace` is for the log."""

    notebook: str
    cell: str
    message: str
    trace: str = ""

    @property
    def place(self) -> str:
        """The notebook, and the number its cell has in Jupyter."""
        return f"{self.notebook} cell {self.cell}" if self.cell else self.notebook

    def __str__(self) -> str:
        """Return place and message on one line."""
        return f"{self.place}: {self.message}"


def _masked(quoted: re.Match) -> str:
    # a column's name helps to mend the fault; any other quoted text may be somebody's data
    return quoted[0] if COLUMN.fullmatch(quoted[0][1:-1]) else "'…'"


def safe_message(kind: str, message: str) -> str:
    """
    Return an exception's message without anything that could be a row of data.

    The library's own errors are written for the reader and stay whole. Of any other, the first
    line stays, with quoted text hidden unless it is the name of a column, and numbers hidden.
    """
    if kind in OURS:
        return message.strip() or kind
    first = message.strip().split("\n", 1)[0][:MOST_LETTERS]
    return f"{kind}: {re.sub(r'[0-9]+', '…', QUOTED.sub(_masked, first))}" if first else kind


def safe_trace(traceback: list[str], *, message: str) -> str:
    """Return a traceback's places and lines of code; its last line is the safe message."""
    lines = COLOUR.sub("", "\n".join(traceback)).split("\n")
    code = [line for line in lines if re.match(r"\s*(-+>\s*)?\d+ |File |Cell In|[^\s:]+\.py", line)]
    return "\n".join([*code, message])


@dataclass(frozen=True)
class Result:
    """
    One notebook after a run.

    `reasons` says why it was run; it is empty where its outputs came from the cache. `output` is
    the folder with its tables.
    """

    name: str
    notebook: NotebookNode
    output: Path
    seconds: float
    reasons: tuple[str, ...] = ()
    failure: Failure | None = None

    @property
    def number(self) -> str:
        """The notebook's two digits."""
        return self.name[:2]


Tell = Callable[[Result], None]


def _plan(file: Path, subject: Subject, *, force: bool) -> tuple[dict[str, str], list[str]]:
    depends = cache.dependencies(notebooks.read(file), subject)
    reasons = cache.reasons(file.stem, depends, root=cache.folder())
    return depends, (reasons or ["forced"]) if force else reasons


def run(
    files: list[Path], subject: Subject, *, work: Path, force: bool = False, tell: Tell
) -> list[Result]:
    """
    Return every notebook with its outputs, running only what must be run, two at a time.

    Parameters
    ----------
    files
        The notebooks, which are left as they are.
    subject
        The data they are run on.
    work
        Folder in which each notebook gets a folder for its tables.
    force
        Run them all.
    tell
        Called with each notebook as it ends.
    """
    plans = {file: _plan(file, subject, force=force) for file in files}
    results: dict[str, Result] = {}
    for file, (depends, reasons) in plans.items():
        if not reasons:
            name, output = file.stem, work / file.stem
            notebook, seconds = cache.restore(name, depends, root=cache.folder(), output=output)
            results[name] = Result(name, notebook, output, seconds)
            tell(results[file.stem])
    if len(results) == len(files):
        return [results[file.stem] for file in files]

    from vrn_analysis.briefing.run import kernels  # heavy, and not needed where nothing has changed

    def ended(executed: "kernels.Executed") -> None:
        depends, reasons = plans[by_name[executed.name]]
        output = work / executed.name
        clean = notebooks.normalised(
            executed.notebook, number=executed.name[:2], stamp=subject.stamp
        )
        result = Result(executed.name, clean, output, executed.seconds, tuple(reasons))
        if executed.failure is None:
            cache.keep(clean, executed.name, depends, output=output, seconds=executed.seconds)
        results[executed.name] = replace(result, failure=executed.failure)
        tell(results[executed.name])

    by_name = {file.stem: file for file, (_, reasons) in plans.items() if reasons}
    edition = json.dumps(subject.changes, default=str) if subject.changes else ""
    jobs = [
        kernels.Job(
            name, notebooks.read(file), file.parent.resolve(), work / name, edition, subject.secret
        )
        for name, file in by_name.items()
    ]
    kernels.execute(jobs, data=None if subject.is_sample else subject.folder, tell=ended)
    return [results[file.stem] for file in files]
