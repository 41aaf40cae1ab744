"""One edition put together in its folder: run, gather, render."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from jinja2 import TemplateError

from vrn_analysis.briefing import area_map, handouts, manifest, pages, printing, runner
from vrn_analysis.briefing.chapters import Chapter, chapter
from vrn_analysis.briefing.editions import BOARD, Plan
from vrn_analysis.briefing.runner import Result
from vrn_analysis.errors import AssessmentError
from vrn_analysis.publish import ledger

GATHERED_APART = ("rows", area_map.FOLDER)  # for the manifest, and for the page of the map


def gather(results: list[Result], folder: Path, *, only: str = "") -> None:
    """
    Bring the tables of all notebooks together in one folder.

    Parameters
    ----------
    results
        The notebooks after their run.
    folder
        Where the tables go.
    only
        The one folder of each notebook's output that is wanted; without it, all of it.

    Raises
    ------
    AssessmentError
        If two notebooks wrote a file of the same name.
    """
    owner: dict[Path, str] = {}
    for result in results:
        for file in sorted(path for path in result.output.rglob("*") if path.is_file()):
            below = file.relative_to(result.output)
            if below.parts[0] in GATHERED_APART or (only and below.parts[0] != only):
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


def _chapters(results: list[Result]) -> list[Chapter]:
    return [
        replace(chapter(one.notebook, name=one.name), stopped=one.failure is not None)
        for one in results
    ]


def write(plan: Plan, results: list[Result], *, folder: Path, started: datetime) -> dict:
    """
    Write the tables, the manifest and the pages of an edition; return the manifest.

    Raises
    ------
    AssessmentError
        If a template of the pages is broken.
    """
    folder.mkdir(exist_ok=True)
    # the Board summary alone has no tables, but what it says is audited like the rest
    gather(results, folder, only=ledger.FOLDER if plan.edition.parts == BOARD else "")
    about = manifest.manifest(results, plan.subject, folder=folder, started=started)
    about |= {"edition": plan.edition.name, "partial": plan.partial}
    manifest.write(about, folder)
    chapters = _chapters(results)
    handouts.write(folder, chapters, results, plan, run=about["run"])
    try:
        made = pages.render(
            chapters, plan.subject, run=about["run"], partial=plan.partial,
            drawing=area_map.gathered(results), edition=plan.edition,
        )  # fmt: skip
    except TemplateError as fault:
        line = f" line {fault.lineno}" if hasattr(fault, "lineno") else ""
        where = f"{getattr(fault, 'name', None) or 'a page'}{line}"
        raise AssessmentError(f"The template of {where} is broken: {fault}.") from fault
    for name, html in made.items():
        (folder / name).write_text(html, encoding="utf-8")
    return about


def make(
    plan: Plan, *, folder: Path, work: Path, force: bool, tell: Callable[[Result], None]
) -> list[Result]:
    """
    Run the notebooks of an edition and write it into its folder.

    A notebook that fails stops nothing: its chapter says where it stopped. Where all failed,
    nothing is written.

    Parameters
    ----------
    plan
        The edition.
    folder
        Its folder.
    work
        An empty folder, for what the notebooks leave.
    force
        Run notebooks that have not changed, too.
    tell
        Called with each notebook as it ends.
    """
    started = datetime.now().astimezone()
    results = runner.run(plan.files, plan.subject, work=work, force=force, tell=tell)
    if any(result.failure is None for result in results):
        write(plan, results, folder=folder, started=started)
    return results


def print_pages(plans: list[Plan], folder: Path) -> str:
    """
    Print each edition to a PDF of its name beside its pages; return why not, or "".

    The pages are the briefing: a machine that cannot print them still has it.
    """
    program = printing.browser()
    if not program:
        return "no PDF: no Chromium, Chrome or Edge is installed, and VRN_CHROMIUM names none"
    wanted = [
        ((folder / plan.folder / page).resolve(), (folder / plan.folder / name).resolve())
        for plan in plans
        for page, name in printed(plan).items()
    ]
    try:
        for page, pdf in wanted:
            printing.print_page(page, pdf, program=program)
    except AssessmentError as fault:
        for _, pdf in wanted:
            pdf.unlink(missing_ok=True)
        return f"no PDF: {fault}"
    return ""


def printed(plan: Plan) -> dict[str, str]:
    """Return the pages of an edition that are printed, and the names of their PDFs."""
    whole = {pages.INDEX: f"{plan.edition.name}.pdf"}
    both = plan.edition.parts == "whole"
    return whole | ({pages.BOARD_PAGE: "board.pdf"} if both else {})
