"""Make a whole briefing: run, gather, render, check, move."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from vrn_analysis import __version__, config
from vrn_analysis.briefing import area_map, gate, manifest, notebooks, pages, place, runner
from vrn_analysis.briefing.chapters import chapter
from vrn_analysis.briefing.runner import Result
from vrn_analysis.briefing.subject import Subject, open_subject
from vrn_analysis.errors import AssessmentError

LOG = "briefing.log"
GATHERED_APART = ("rows", area_map.FOLDER)  # for the manifest, and for the page of the map


def _silent(result: Result) -> None:
    return None


def note(log: Path, text: str) -> None:
    """Add a line to a log file."""
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {text}\n")


def _note_start(log: Path, subject: Subject) -> None:
    note(log, f"vrn_analysis {__version__}, settings {subject.settings.file.name}")
    note(log, f"data {subject.folder.name}, kind {subject.settings.kind}, {subject.fingerprint}")
    for path, about in sorted(subject.inputs.items()):
        note(log, f"input {path}, {about['bytes']} bytes, sha256 {about['sha256']}")


def _note_result(log: Path, result: Result) -> None:
    how = f"run because: {', '.join(result.reasons)}" if result.reasons else "unchanged, from cache"
    note(log, f"notebook {result.name}, {result.seconds:.1f} s, {how}")
    for source, counted in manifest.rows([result]).items():
        note(log, f"rows {source}: {counted}")
    if result.failure:
        note(log, f"FAILED {result.failure}\n{result.failure.trace}")


def _refuse_failures(results: list[Result]) -> None:
    failures = [result.failure for result in results if result.failure]
    if not failures:
        return
    # one broken file stops many notebooks: its message is told once
    places: dict[str, list[str]] = {}
    for failure in failures:
        places.setdefault(failure.message, []).append(failure.place)
    told = "".join(f"  {', '.join(where)}: {message}\n" for message, where in places.items())
    raise AssessmentError(
        f"{len(failures)} of {len(results)} notebooks failed; the others ran to the end.\n{told}"
    )


def gather(results: list[Result], folder: Path) -> None:
    """
    Bring the tables of all notebooks together in one folder.

    Raises
    ------
    AssessmentError
        If two notebooks wrote a file of the same name.
    """
    owner: dict[Path, str] = {}
    for result in results:
        for file in sorted(path for path in result.output.rglob("*") if path.is_file()):
            below = file.relative_to(result.output)
            if below.parts[0] in GATHERED_APART:
                continue
            if below in owner:
                raise AssessmentError(
                    f"{owner[below]} and {result.name} both wrote {below.as_posix()}. Begin the "
                    "name of a table with the number of its notebook."
                )
            owner[below] = result.name
            target = folder / below
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _write(results: list[Result], subject: Subject, *, about: dict, folder: Path) -> None:
    """Write the manifest and the pages."""
    manifest.write(about, folder)
    chapters = [chapter(result.notebook, name=result.name) for result in results]
    run, partial = about["run"], about["partial"]
    drawing = area_map.gathered(results)
    made = pages.render(chapters, subject, run=run, partial=partial, drawing=drawing)
    for name, html in made.items():
        (folder / name).write_text(html, encoding="utf-8")


def build(
    output: Path,
    *,
    data: Path | None = None,
    only: Iterable[str] = (),
    force: bool = False,
    folder: Path | None = None,
    tell: runner.Tell | None = None,
) -> Path:
    """
    Make a briefing and put it in its place.

    Everything is written aside and moved at the end; whatever fails, the last briefing stays whole.

    Parameters
    ----------
    output
        Folder of the briefing; an earlier briefing there is replaced.
    data
        The data folder; None means the sample.
    only
        Numbers of the notebooks wanted; empty means all. The first page says what it leaves out.
    force
        Run notebooks that have not changed, too.
    folder
        Where the notebooks are; None means those that ship with the project.
    tell
        Called with each notebook as it ends.

    Returns
    -------
    page
        The page to open.

    Raises
    ------
    AssessmentError
        If the folders cannot be used, a notebook failed, or a page was refused.
    """
    started, output, only = datetime.now().astimezone(), output.resolve(), list(only)
    files = notebooks.find(folder or config.resource("notebooks"), only=only)
    place.check_output(output, data=data.resolve() if data else None)
    subject = open_subject(data)
    with place.aside(output) as made, tempfile.TemporaryDirectory(prefix="vrn_work_") as work:
        log = made / LOG
        _note_start(log, subject)

        def ended(result: Result) -> None:
            _note_result(log, result)
            (tell or _silent)(result)

        results = runner.run(files, subject, work=Path(work), force=force, tell=ended)
        _refuse_failures(results)
        gather(results, made)
        about = manifest.manifest(results, subject, folder=made, started=started)
        _write(results, subject, about=about | {"partial": bool(only)}, folder=made)
        gate.check(made)
        note(log, f"done, {len(results)} notebooks, {len(about['tables'])} tables")
    return output / "index.html"


def rewrite_notebooks(
    *,
    folder: Path,
    tables: Path,
    only: Iterable[str] = (),
    force: bool = False,
    tell: Callable[[Result], None] | None = None,
) -> list[Path]:
    """
    Run notebooks on the sample and write them back with their outputs, normalised.

    Their golden tables replace those of the same notebooks. Nothing is written unless all
    notebooks ran to the end.

    Parameters
    ----------
    folder
        Where the notebooks are.
    tables
        Folder of the golden tables.

    Returns
    -------
    files
        The notebooks written.

    Raises
    ------
    AssessmentError
        If a notebook failed.
    """
    files = notebooks.find(folder, only=only)
    subject = open_subject(None)
    with tempfile.TemporaryDirectory(prefix="vrn_notebooks_") as work:
        results = runner.run(files, subject, work=Path(work), force=force, tell=tell or _silent)
        _refuse_failures(results)
        gathered = Path(work, "gathered")
        gather(results, gathered)
        tables.mkdir(parents=True, exist_ok=True)
        for result in results:
            for old in tables.glob(f"{result.number}_*.csv"):
                old.unlink()
        for new in sorted((gathered / "tables").glob("*.csv")):
            shutil.copyfile(new, tables / new.name)
    for file, result in zip(files, results, strict=True):
        file.write_text(notebooks.text(result.notebook), encoding="utf-8")
    return files
