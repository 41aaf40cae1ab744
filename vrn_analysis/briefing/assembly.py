"""One edition put together in its folder: run, gather, render."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from vrn_analysis.briefing import pages
from vrn_analysis.briefing.content import commentary, frame, published, since, tracing
from vrn_analysis.briefing.content.chapters import Chapter, chapter
from vrn_analysis.briefing.content.commentary import Commentary
from vrn_analysis.briefing.content.published import Published
from vrn_analysis.briefing.guard import wording
from vrn_analysis.briefing.outputs import area_map, charts, printing, spreadsheets
from vrn_analysis.briefing.plan.editions import BOARD, EASY, WHOLE, Plan
from vrn_analysis.briefing.run import manifest, runner
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core import extras
from vrn_analysis.core.errors import AssessmentError
from vrn_analysis.show.publish import ledger, pictures

# for the manifest, the page of the map, and the charts that the edition shows
GATHERED_APART = ("rows", area_map.FOLDER, pictures.FOLDER)


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


def _chapters(
    plan: Plan, results: list[Result], known: Published, voices: dict[str, Commentary]
) -> list[Chapter]:
    """Return the chapters, with the tables of their numbers and what somebody makes of them."""
    settings = plan.subject.settings
    definition = "" if settings.kind == "open" else settings.definition
    made = []
    for one in results:
        said = commentary.html(voices[one.number], known) if one.number in voices else ""
        stopped = one.failure is not None
        found = chapter(one.notebook, name=one.name)
        made.append(replace(found, stopped=stopped, commentary=said))
    return tracing.traced(made, definition=definition)


def _rendered(
    plan: Plan, chapters: list[Chapter], results: list[Result], about: dict[str, Any]
) -> dict[str, str]:
    subject = replace(plan.subject, since=about["since"])
    drawing = area_map.gathered(results)
    try:
        made = pages.render(
            chapters, subject, run=about["run"], partial=plan.partial, drawing=drawing,
            edition=plan.edition,
        )  # fmt: skip
    except TemplateError as fault:
        line = f" line {fault.lineno}" if hasattr(fault, "lineno") else ""
        where = f"{getattr(fault, 'name', None) or 'a page'}{line}"
        raise AssessmentError(f"The template of {where} is broken: {fault}.") from fault
    # a place too small for its areas to be shown still lists its assets "with the map"
    return made if drawing else {name: area_map.unlinked(html) for name, html in made.items()}


def _checked(
    plan: Plan, made: dict[str, str], results: list[Result], known: Published
) -> list[str]:
    """
    Refuse words and pictures that harm; return the warnings.

    A number without a source is a fault of ours that the analyst cannot mend: her draft says so;
    what is approved is refused for it, and so is the sample, on which we find it.
    """
    settings = plan.subject.settings
    names = [settings.title, settings.area_name, settings.area]
    untraced = tracing.problems(results, known, pages=made, names=names)
    if settings.status == "APPROVED" or settings.kind == "sample":
        tracing.check(untraced)
    wording.check_maps(made)
    wording.check_children(known)
    return [*untraced, *wording.check(made, known, names=names)]


def write(
    plan: Plan,
    results: list[Result],
    *,
    folder: Path,
    started: datetime,
    voices: dict[str, Commentary],
    before: dict[str, Any],
) -> None:
    """
    Write the tables, the manifest and the pages of an edition.

    Raises
    ------
    AssessmentError
        If a template of the pages is broken, or a page says a number that no table holds or a word
        that an assessment does not use.
    """
    folder.mkdir(exist_ok=True)
    results, known = published.resolved(results, stamp=frame.short_stamp(plan.subject))
    # a summary alone has no tables, but what it says is audited like the rest
    gather(results, folder, only=ledger.FOLDER if plan.edition.parts in (BOARD, EASY) else "")
    about = manifest.manifest(results, plan.subject, folder=folder, started=started)
    chapters = _chapters(plan, results, known, voices)
    about |= {"edition": plan.edition.name, "partial": plan.partial}
    about["findings"] = since.findings(chapters)
    about["since"] = since.changes(about, before)
    made = _rendered(plan, chapters, results, about)
    about["warnings"] = [
        *_checked(plan, made, results, known),
        *commentary.warnings(voices, known),
        *_made_without(plan),
    ]
    manifest.write(about, folder)
    if plan.edition.parts != EASY:
        _write_handouts(folder, chapters, results, plan, run=about["run"])
    _write_documents(folder, made, plan)
    for name, html in made.items():
        html = charts.lightened(html)
        (folder / name).write_text(html, encoding="utf-8")


def make(
    plan: Plan,
    *,
    folder: Path,
    work: Path,
    force: bool,
    tell: Callable[[Result], None],
    before: dict[str, Any] | None = None,
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
    before
        The manifest of the edition that this one replaces, if there is one.
    """
    started = datetime.now().astimezone()
    voices = commentary.of_plan(plan)  # its faults are told before anything is run
    results = runner.run(plan.files, plan.subject, work=work, force=force, tell=tell)
    if any(result.failure is None for result in results):
        write(
            plan, results, folder=folder, started=started, voices=voices, before=before or {}
        )  # fmt: skip
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
    both = plan.edition.parts == WHOLE
    return whole | ({pages.BOARD_PAGE: "board.pdf"} if both else {})


def _made_without(plan: Plan) -> list[str]:
    """Return which files an edition is made without, and what to install for them."""
    needs = [("Word documents", "docx", "word"), ("slides", "pptx", "slides")]
    if plan.edition.parts == EASY:
        needs.pop()
    remedies = [(files, extras.missing(package, extra=extra)) for files, package, extra in needs]
    return [f"No {files} were made. {remedy}" for files, remedy in remedies if remedy]


def _write_documents(folder: Path, made: dict[str, str], plan: Plan) -> None:
    """Write a Word document of each page that is also printed."""
    if extras.missing("docx", extra="word"):
        return
    from vrn_analysis.briefing.outputs import documents  # imports what the extra brings

    subject = plan.subject
    named = subject.settings.word_template
    for page, name in printed(plan).items():
        documents.write(
            made[page],
            folder / Path(name).with_suffix(documents.ENDING),
            stamp=". ".join(filter(None, frame.margins(subject).values())),
            template=subject.folder / named if named else None,
        )


def _write_handouts(
    folder: Path, chapters: list[Chapter], results: list[Result], plan: Plan, *, run: str
) -> None:
    """Write the workbook and its dictionary, the slides and, where asked for, the charts."""
    common = frame.common(chapters, plan.subject, run=run, edition=plan.edition)
    short = frame.short_stamp(plan.subject)
    definition = f"Definition: {common['definition']}"
    if plan.edition.parts != BOARD:
        told = spreadsheets.captions(result.notebook for result in results)
        cover = [short, common["area"], common["status"], common["marking"], definition]
        about = [line for line in [*cover, *common["licences"]] if line]
        titles = {chapter.number: chapter.title for chapter in chapters}
        spreadsheets.write_workbooks(
            folder, title=common["title"], about=about, told=told, chapters=titles
        )
        spreadsheets.write_dictionary(folder / "tables", stamp=short)
    sources = ["; ".join([source["title"], *source["parts"]]) for source in common["sources"]]
    stamp = " ".join(part for part in (short, common["marking"]) if part)
    if plan.charts:
        board = plan.edition.parts == BOARD
        charts.write(folder, chapters, results, stamp=stamp, board=board)
    if extras.missing("pptx", extra="slides"):
        return
    from vrn_analysis.briefing.outputs import slides  # imports what the extra brings

    told = (*sources, *common["licences"])
    about_slides = slides.About(common["title"], stamp, common["status"], definition, told)
    slides.write(folder, chapters, results, about_slides)
