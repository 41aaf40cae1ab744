"""Make a whole briefing: plan, run, write, check, print, move."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from vrn_analysis.briefing import place, unchanged
from vrn_analysis.briefing.plan import editions, notebooks
from vrn_analysis.briefing.plan.editions import Asked, Plan
from vrn_analysis.briefing.plan.subject import open_subject
from vrn_analysis.briefing.run import manifest, runner
from vrn_analysis.briefing.run.manifest import note, run_hash
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core import config, scratch
from vrn_analysis.core.errors import AssessmentError


def _tell_unchanged(plans: list[Plan], output: Path, tell: runner.Tell) -> None:
    for plan in plans:
        for file in plan.files:
            tell(Result(file.stem, notebooks.read(file), output / plan.folder, 0.0))


def _failures(results: list[Result]) -> str:
    """Return what failed, in words; a message that many notebooks have is told once."""
    failures = [result.failure for result in results if result.failure]
    if not failures:
        return ""
    places: dict[str, list[str]] = {}
    for failure in failures:
        places.setdefault(failure.message, []).append(failure.place)
    told = "".join(f"  {', '.join(where)}: {message}\n" for message, where in places.items())
    ends = "the others ran to the end" if len(failures) < len(results) else "none ran to the end"
    return f"{len(failures)} of {len(results)} notebooks failed; {ends}.\n{told}"


def _listed(plan: Plan, *, pdf: bool) -> list[dict[str, str]]:
    """Return what the page of editions says of one: of a whole one, its Board summary too."""
    from vrn_analysis.briefing import assembly, pages

    settings = plan.subject.settings
    name = f"{plan.edition.title}: {settings.area}" if settings.area else plan.edition.title
    shown = [(plan.edition, name, place.INDEX)]
    if plan.edition.parts == editions.WHOLE:
        summary = editions.BOARD_SUMMARY
        title = f"{summary.title}, {settings.audience}" if plan.folder else summary.title
        shown.append((summary, title, pages.BOARD_PAGE))
    beside = f"{plan.folder}/" if plan.folder else ""
    return [
        {
            "title": title,
            "purpose": edition.purpose,
            "audience": settings.audience,
            "profile": settings.disclosure_profile,
            "status": settings.status,
            "href": f"{beside}{page}",
            "pdf": f"{beside}{assembly.printed(plan)[page]}" if pdf else "",
        }
        for edition, title, page in shown
    ]


def _check(plans: list[Plan], made: Path, *, output: Path, approved: bool) -> None:
    """Look at each edition by itself, then at what all of them give away together."""
    from vrn_analysis.briefing.guard import audit, gate, public_edition

    for plan in plans:
        gate.check(made / plan.folder)
        if plan.subject.settings.audience == "public":
            public_edition.check(made / plan.folder)
    audit.check(made, output=output, is_approved=approved)


def _finish(plans: list[Plan], results: list[Result], made: Path, *, pdf: bool) -> None:
    """Print the pages, and write the page that leads to every edition."""
    from vrn_analysis.briefing import assembly, pages

    why_not = assembly.print_pages(plans, made) if pdf else "no PDF: not asked for"
    if why_not:
        note(made / manifest.LOG, why_not)
    listed = [one for plan in plans for one in _listed(plan, pdf=not why_not)]
    if len(listed) > 1:
        run = run_hash(results, plans[0].subject)
        html = pages.render_editions(listed, plans[0].subject, run=run)
        (made / pages.EDITIONS_PAGE).write_text(html, encoding="utf-8")


def build(
    output: Path,
    *,
    data: Path | None = None,
    asked: Asked = Asked(),  # noqa: B008 - it cannot be changed
    force: bool = False,
    folder: Path | None = None,
    tell: runner.Tell = lambda result: None,
) -> Path:
    """
    Make a briefing and put it in its place.

    Everything is written aside and moved at the end; whatever fails, the last briefing stays whole.
    Where the briefing in place is what would be made again, it stays.
    Where notebooks failed, what the others gave is kept beside it.

    Parameters
    ----------
    output
        Folder of the briefing; an earlier briefing there is replaced.
    data
        The data folder; None means the sample.
    asked
        The editions wanted, and what stands on them.
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
    output = output.resolve()
    place.check_output(output, data=data.resolve() if data else None)
    subject = open_subject(data)
    plans = editions.plan(subject, asked, folder=folder or config.resource("notebooks"))
    of = unchanged.made_from(plans, asked)
    if not force and unchanged.is_in_place(output, of):
        _tell_unchanged(plans, output, tell)
        return output / place.INDEX
    unchanged.refuse_user_edits(output)
    from vrn_analysis.briefing import assembly  # heavy, and not needed where nothing has changed

    with place.aside(output) as made, scratch.folder("work") as work:
        log = made / manifest.LOG
        manifest.note_start(log, subject)

        def ended(result: Result) -> None:
            manifest.note_result(log, result)
            tell(result)

        results = []
        for number, plan in enumerate(plans):
            note(log, f"edition {plan.edition.name} {plan.folder}".rstrip())
            results += assembly.make(
                plan,
                folder=made / plan.folder,
                work=work / str(number),
                force=force,
                tell=ended,
                before=manifest.read(output / plan.folder),
            )
            manifest.note_warnings(log, manifest.warnings(made / plan.folder))
        _end(plans, results, made=made, output=output, pdf=asked.pdf)
        unchanged.seal(made, of)
        note(log, f"done, {len(results)} notebooks, {len(plans)} editions")
    return output / place.INDEX


def _end(plans: list[Plan], results: list[Result], *, made: Path, output: Path, pdf: bool) -> None:
    """Finish the editions; where a notebook failed, keep what there is and say so."""
    told = _failures(results)
    whole = [plan for plan in plans if (made / plan.folder / place.INDEX).exists()]
    if told and whole[:1] != plans[:1]:
        raise AssessmentError(told)  # nothing at the top to open
    try:
        _finish(whole, results, made, pdf=pdf and not told)
        approved = not told and plans[0].subject.settings.status == "APPROVED"
        _check(whole, made, output=output, approved=approved)
    except AssessmentError as fault:
        raise type(fault)(f"{told}{fault}") from fault
    if told:
        raise AssessmentError(told + place.set_aside(made, output))


def rewrite_notebooks(
    *,
    folder: Path,
    tables: Path,
    only: Iterable[str] = (),
    force: bool = False,
    tell: runner.Tell = lambda result: None,
) -> list[Path]:
    """
    Run notebooks on the sample and write them back with their outputs, normalised.

    Their golden tables replace those of the same notebooks. Nothing is written unless all
    notebooks ran to the end.

    Parameters
    ----------
    folder
        Where the notebooks are; those of one edition alone are in `editions` below it.
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
    from vrn_analysis.briefing import assembly

    files = notebooks.find_all(folder, only=only)
    subject = open_subject(None)
    with scratch.folder("notebooks") as work:
        results = runner.run(files, subject, work=work, force=force, tell=tell)
        if told := _failures(results):
            raise AssessmentError(told)
        gathered = work / "gathered"
        assembly.gather(results, gathered)
        tables.mkdir(parents=True, exist_ok=True)
        for result in results:
            for old in tables.glob(f"{result.number}_*.csv"):
                old.unlink()
        for new in sorted((gathered / "tables").glob("*.csv")):
            shutil.copyfile(new, tables / new.name)
    for file, result in zip(files, results, strict=True):
        file.write_text(notebooks.text(result.notebook), encoding="utf-8")
    return files
