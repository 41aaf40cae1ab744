"""The `vrn` command."""

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vrn_analysis.cli_errors import plain_errors

# what a command needs is imported inside it: `vrn --help` must not wait for the whole stack
app = typer.Typer(
    name="vrn",
    help="A serious violence needs assessment: an extract in, a briefing out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[
    Path | None, typer.Option(help="Folder with your data. Without it: the synthetic sample.")
]
Only = Annotated[
    list[str] | None, typer.Option(help="Number of a notebook, such as 03. Can be repeated.")
]
Edition = Annotated[
    list[str] | None,
    typer.Option(help="full (default), board, quarterly, public or all. Can be repeated."),
]
Area = Annotated[
    list[str] | None,
    typer.Option(help="A district or custom area, for an edition of its own; all makes each."),
]
Force = Annotated[bool, typer.Option("--force", help="Run notebooks that have not changed, too.")]


def _default_output(
    only: list[str] | None, editions: Sequence[str] = ("full",), areas: Sequence[str] = ()
) -> Path:
    from vrn_analysis import config
    from vrn_analysis.briefing.editions import slug

    # a part, or another edition, never replaces the whole
    whole = {"full", "all"}.intersection(name.lower() for name in editions)
    named = [name for name in editions if name != "area"] + [f"area_{slug(one)}" for one in areas]
    parts = [*([] if whole else named), *(number.zfill(2) for number in only or ())]
    part = "".join(f"_{name}" for name in parts)
    if config.in_checkout():
        return config.CHECKOUT / "reports" / f"briefing{part}"
    return Path(f"vrn_briefing{part}")


def _shown(path: Path) -> str:
    """Return a path as short as it can be told: from here, where it lies below."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _progress() -> Any:
    """Return a function that prints one line a notebook."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)

    def tell(result: Any) -> None:
        if result.failure:
            how, why = "[bold red]FAILED   [/]", ""
        elif result.reasons:
            how, why = "[green]done     [/]", f"  [dim]{', '.join(result.reasons)}[/]"
        else:
            how, why = "[dim]unchanged[/]", ""
        seconds = f"{result.seconds:6.1f} s" if result.reasons else " " * 8
        console.print(f"{how} {seconds}  {result.name}{why}")

    return tell


@app.command()
def briefing(
    data: Data = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder for the briefing; an earlier one is replaced.")
    ] = None,
    edition: Edition = None,
    area: Area = None,
    to: Annotated[
        str, typer.Option(help="Last month of the quarterly pack, such as 2024-03.")
    ] = "",
    status: Annotated[str, typer.Option(help="DRAFT or APPROVED, on every page.")] = "",
    marking: Annotated[
        str, typer.Option(help="Protective marking on every page, such as OFFICIAL.")
    ] = "",
    pdf: Annotated[bool, typer.Option(help="Print PDFs, where there is a browser.")] = True,
    charts: Annotated[bool, typer.Option(help="Write each chart as PNG and SVG, too.")] = False,
    only: Only = None,
    force: Force = False,
) -> None:
    """Run the notebooks and make the briefing, on the sample or on a folder of data."""
    with plain_errors():
        from vrn_analysis.briefing import journal, report
        from vrn_analysis.briefing.editions import Asked

        wanted = edition or (["area"] if area else ["full"])
        page = report.build(
            output or _default_output(only, wanted, area or ()),
            data=data,
            asked=Asked(
                tuple(wanted),
                tuple(area or ()),
                to,
                status,
                marking,
                tuple(only or ()),
                pdf,
                charts,
            ),
            force=force,
            tell=_progress(),
        )
    for warning in journal.warned(page.parent / journal.LOG):
        typer.echo(f"Warning: {warning}", err=True)
    typer.echo(f"The briefing is made. Open {_shown(page)} in a browser.")
    if pdf and not list(page.parent.glob("*.pdf")):
        typer.echo("It has no PDF; briefing.log beside it says why.")


@app.command()
def notebooks(only: Only = None, force: Force = False) -> None:
    """Run the notebooks on the sample and write them back with their outputs and tables."""
    with plain_errors():
        from vrn_analysis import config
        from vrn_analysis.briefing import report
        from vrn_analysis.errors import AssessmentError

        if not config.in_checkout():
            raise AssessmentError(
                "vrn notebooks rewrites the notebooks of a clone of the repository; there is none "
                "here. To make a briefing: vrn briefing."
            )
        files = report.rewrite_notebooks(
            folder=config.CHECKOUT / "notebooks",
            tables=config.CHECKOUT / "reports" / "tables",
            only=only or (),
            force=force,
            tell=_progress(),
        )
    typer.echo(f"{len(files)} notebooks written, with their tables in reports/tables.")


@app.command()
def sample(
    output: Annotated[Path, typer.Option(help="Folder for the sample.")],
    rows: Annotated[
        int | None, typer.Option(min=1, help="About how many offences; default: the usual sample.")
    ] = None,
    shape: Annotated[
        Literal["flat", "wide", "linked"] | None,
        typer.Option(help="As an awkward extract, to practise vrn map on."),
    ] = None,
) -> None:
    """Write the synthetic sample: an invented county's extract, with its places and people."""
    with plain_errors():
        from vrn_analysis import sample as made

        made.write(output, **({} if rows is None else {"rows": rows}))
        extract = None
        if shape:
            from vrn_analysis.sample import shapes

            extract = shapes.reshape(output, shape)
    first = f"vrn map {_shown(extract)}, then " if extract else ""
    typer.echo(
        f"The sample is in {_shown(output)}. Try: {first}vrn briefing --data {_shown(output)}"
    )


if importlib.util.find_spec("vrn_analysis.cli_classify"):
    importlib.import_module("vrn_analysis.cli_classify").register(app)
importlib.import_module("vrn_analysis.cli_sources").register(app)
importlib.import_module("vrn_analysis.cli_fetch").register(app)
importlib.import_module("vrn_analysis.cli_check").register(app)
importlib.import_module("vrn_analysis.cli_new").register(app)
