"""The command `vrn check`: rate the quality of the data."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vrn_analysis.commands.errors import plain_errors, problem_lines
from vrn_analysis.commands.paths import Data, shown, write_whole

if TYPE_CHECKING:
    import pandas as pd

    from vrn_analysis.count.assessment import Run

Output = Annotated[
    Path | None, typer.Option(help="Also write the statement to this .csv, .html or .md file.")
]  # fmt: skip
Every = Annotated[bool, typer.Option("--every", help="Show every check.")]
OF_RUN = ("offences", "persons", "lookup", "population", "deprivation")
OF_PARTNERS = ("interventions", "recommendations", "themes", "assets", "evidence")
SUFFIXES = (".csv", ".html", ".md")
COLOURS = {"Red": "bold white on red", "Amber": "black on yellow", "Green": "black on green"}


def contract_breaks(run: "Run") -> list[str]:
    """Return the problems of every file that cannot be used at all."""
    from vrn_analysis.core.errors import AssessmentError
    from vrn_analysis.count import assessment
    from vrn_analysis.count.assessment.health import health_source
    from vrn_analysis.say.quality.statement import HEALTH

    read: dict[str, Callable[[], Any]] = {name: partial(getattr, run, name) for name in OF_RUN}
    read |= dict.fromkeys(("boundaries", "boundaries_lsoa"), partial(run.areas, "lsoa"))
    read["street"] = partial(getattr, run, "published")
    read["indicators"] = partial(assessment.indicator_table, run)
    read |= {name: partial(health_source, run, name) for name in HEALTH}
    read |= {name: partial(assessment.partnership_table, run, name) for name in OF_PARTNERS}
    found = []
    for name, opened in read.items():
        if name in run.settings.sources:
            try:
                opened()
            except AssessmentError as fault:
                found.append(f"[{name}] {fault}")
    return found


def _about(run: "Run") -> str:
    from vrn_analysis.core.errors import DataError

    try:
        return run.stamp().data.replace("*", "")
    except DataError as fault:
        return f"{run.settings.title}. {fault}"


def _show(rows: "pd.DataFrame", about: str, *, every: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from vrn_analysis.say.quality import papers

    console = Console(highlight=False)
    table = Table(title=papers.TITLE, caption=papers.headline(rows), show_lines=True)
    for name in ("Aspect", "Rating", "Finding, why it matters, what to do"):
        table.add_column(name)
    told = (
        papers.in_words(rows).assign(why=rows["rule"], action="") if every else papers.summary(rows)
    )
    for row in told.itertuples(index=False):
        advice = ". ".join(filter(None, (row.why, row.action)))
        words = f"{row.finding}\n{advice}." if advice else row.finding
        # square brackets in a source are text, not colour codes
        table.add_row(row.aspect, f"[{COLOURS[row.rating]}] {row.rating} [/]", escape(words))
    console.print(escape(about))
    console.print(table)


def _written(rows: "pd.DataFrame", breaks: "pd.DataFrame", file: Path, about: str) -> None:
    from vrn_analysis.say.quality import papers

    if file.suffix == ".csv":
        text = rows.assign(stamp=about).to_csv(index=False, lineterminator="\n")
    else:
        text = papers.page(rows, breaks, about=about, kind=file.suffix[1:])
    write_whole(file, text)


def check(data: Data = None, output: Output = None, every: Every = False) -> None:
    """Check data quality (red, amber, green) and suggest fixes."""
    with plain_errors():
        from vrn_analysis.core.errors import DataError
        from vrn_analysis.count import assessment
        from vrn_analysis.read import checks
        from vrn_analysis.say import quality

        if output and output.suffix not in SUFFIXES:
            raise DataError(f"{output}: choose a file name that ends in {', '.join(SUFFIXES)}.")
        run = assessment.open_run(data)
        if broken := contract_breaks(run):
            count = f"{len(broken)} of {len(run.settings.sources)} sources cannot be used"
            raise DataError(f"{count}:\n" + "\n".join(broken))
        rows, about = quality.statement(run), _about(run)
        if output:
            _written(rows, quality.period(run)[1], output, about)
        _show(rows, about, every=every)
        found = run.found()
        labels = problem_lines(found[found["problem"].isin(checks.LABEL_PROBLEMS)])
        if labels:
            typer.echo("Labels as received. Internal use only: no disclosure control was applied.")
            typer.echo("\n".join(labels))
    if output:
        typer.echo(f"Written: {shown(output)}.")
