"""Run the notebooks that have changed, and take the others from the cache."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.briefing.run import cache
from vrn_analysis.briefing.run.failures import Failure

if TYPE_CHECKING:
    from vrn_analysis.briefing.run import kernels


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
