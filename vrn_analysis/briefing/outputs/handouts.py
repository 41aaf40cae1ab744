"""What comes with the pages of an edition: a workbook of its tables, its charts, its slides."""

from pathlib import Path

from vrn_analysis.briefing.content import frame
from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.outputs import charts, slides, spreadsheets
from vrn_analysis.briefing.plan.editions import BOARD, Plan
from vrn_analysis.briefing.run.runner import Result


def write(
    folder: Path, chapters: list[Chapter], results: list[Result], plan: Plan, *, run: str
) -> None:
    """
    Write the workbook, the dictionary of the tables, the slides and, where asked for, the charts.

    Parameters
    ----------
    folder
        The folder of the edition, with its tables.
    chapters, results
        The notebooks after their run.
    plan
        The edition.
    run
        Short hash of the run.
    """
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
    about_slides = slides.About(
        title=common["title"],
        stamp=stamp,
        status=common["status"],
        definition=definition,
        sources=(*sources, *common["licences"]),
    )
    slides.write(folder, chapters, results, about_slides)
