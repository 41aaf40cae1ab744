"""The `vrn` command."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vrn_analysis import __version__
from vrn_analysis.commands import bundle, check, classify, fetch, lab, mapping, new, sources
from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import Data, own_folder, shown, typed

# what a command needs is imported inside it: `vrn --help` must not wait for the whole stack
app = typer.Typer(
    name="vrn",
    help="Make a serious violence needs assessment from a police extract or open data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

VERSION = "Show the version and exit."
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="NN", help="Run only this notebook, such as 03. Can be repeated."),
]
Edition = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="full (default), board, easy, quarterly, public or all. Can be repeated.",
    ),
]
Area = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Make an edition for this district or custom area; all makes one for each. Can be "
        "repeated.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Also run notebooks that have not changed.")]


def _default_output(
    only: list[str] | None, editions: Sequence[str] = ("full",), areas: Sequence[str] = ()
) -> Path:
    from vrn_analysis.briefing.plan.editions import slug
    from vrn_analysis.core import config

    # a part, or another edition, never replaces the whole
    whole = {"full", "all"}.intersection(name.lower() for name in editions)
    named = [name for name in editions if name != "area"] + [f"area_{slug(one)}" for one in areas]
    parts = [*([] if whole else named), *(number.zfill(2) for number in only or ())]
    part = "".join(f"_{name}" for name in parts)
    if config.in_checkout():
        return config.CHECKOUT / "reports" / f"briefing{part}"
    return Path(f"vrn_briefing{part}")


def _progress() -> Any:
    """Return a function that prints one line for each notebook."""
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


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"vrn_analysis {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=VERSION)
    ] = False,
) -> None:
    # a terminal or file with a small character set must not stop a command
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")


@app.command(epilog="Example: vrn briefing --data ours --output ours_briefing --status APPROVED")
def briefing(
    data: Data = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder for the briefing. Replaces an earlier one.")
    ] = None,
    edition: Edition = None,
    area: Area = None,
    to: Annotated[
        str, typer.Option(help="Last month of the quarterly pack, such as 2024-03.")
    ] = "",
    status: Annotated[str, typer.Option(help="Status on every page: DRAFT or APPROVED.")] = "",
    marking: Annotated[
        str, typer.Option(help="Protective marking on every page, such as OFFICIAL.")
    ] = "",
    pdf: Annotated[bool, typer.Option(help="Make PDFs, if a browser is installed.")] = True,
    charts: Annotated[bool, typer.Option(help="Also write each chart as PNG and SVG.")] = False,
    only: Only = None,
    force: Force = False,
) -> None:
    """Make the briefing, from a folder of data or from the sample."""
    with plain_errors(stopped="The earlier briefing is unchanged; finished notebooks are kept."):
        from vrn_analysis.briefing import report
        from vrn_analysis.briefing.plan.editions import Asked
        from vrn_analysis.briefing.run import manifest

        wanted = edition or (["area"] if area else ["full"])
        page = report.build(
            output or _default_output(only, wanted, area or ()),
            data=data,
            asked=Asked(
                editions=tuple(wanted),
                areas=tuple(area or ()),
                to=to,
                status=status,
                marking=marking,
                only=tuple(only or ()),
                pdf=pdf,
                charts=charts,
            ),
            force=force,
            tell=_progress(),
        )
    for warning in manifest.warned(page.parent / manifest.LOG):
        typer.echo(f"Warning: {warning}", err=True)
    typer.echo(f"Briefing made. Open {shown(page)} in a browser.")
    if pdf and not list(page.parent.glob("*.pdf")):
        typer.echo("No PDF was made. See briefing.log in the same folder for the reason.")


@app.command(epilog="Example: vrn notebooks --only 03")
def notebooks(only: Only = None, force: Force = False) -> None:
    """Run the notebooks on the sample and save their outputs and tables."""
    with plain_errors():
        from vrn_analysis.briefing import report
        from vrn_analysis.core import config
        from vrn_analysis.core.errors import AssessmentError

        if not config.in_checkout():
            raise AssessmentError(
                "vrn notebooks works only in a clone of the repository, and this is not one. "
                "To make a briefing, use vrn briefing."
            )
        files = report.rewrite_notebooks(
            folder=config.CHECKOUT / "notebooks",
            tables=config.CHECKOUT / "reports" / "tables",
            only=only or (),
            force=force,
            tell=_progress(),
        )
    typer.echo(f"{len(files)} notebooks written. Their tables are in reports/tables.")


@app.command(epilog="Example: vrn sample --rows 3000 --shape flat --output practice")
def sample(
    output: Annotated[Path, typer.Option(help="New or empty folder for the sample.")],
    rows: Annotated[int | None, typer.Option(min=1, help="Approximate number of offences.")] = None,
    shape: Annotated[
        Literal["flat", "wide", "linked"] | None,
        typer.Option(help="Write it as an untidy extract, to practise vrn map."),
    ] = None,
) -> None:
    """Write the synthetic sample: the extract, places and people of an invented county."""
    with plain_errors():
        from vrn_analysis import sample as made

        why = "the sample needs its own folder. Name a new one."
        with own_folder(output, is_ours=lambda file: False, why=why) as aside:
            made.write(aside, **({} if rows is None else {"rows": rows}))
            extract = None
            if shape:
                from vrn_analysis.sample import shapes

                extract = output / shapes.reshape(aside, shape).name
            aside.chmod(0o755)
    first = f"vrn map {typed(extract)}, then " if extract else ""
    typer.echo(f"Written: {shown(output)}. Next: {first}vrn briefing --data {typed(output)}")


@app.command(epilog="Example: vrn clean --data ours")
def clean(data: Data = None) -> None:
    """Remove the records that earlier commands prepared from a data folder, and keep the data."""
    with plain_errors():
        from vrn_analysis import sample as made
        from vrn_analysis.count.assessment import prepared

        folder = data or Path(made.ensure())
        removed = prepared.remove(folder)
    told = "The prepared records were removed from" if removed else "No prepared records are in"
    typer.echo(f"{told} {shown(folder)}.")


LABELLED = "classify --offences offences.csv --persons persons.csv --output labels"
for command, name, example in (
    (classify.classify, None, LABELLED),
    (mapping.map_extract, "map", "map ours/extract.csv"),
    (sources.template, None, "template council --output to_council"),
    (sources.compare, None, "compare march.csv june.csv --by crime_group"),
    (fetch.fetch, None, "fetch --list"),
    (check.check, None, "check --data ours --output statement.html"),
    (new.new, None, 'new ours --area-name "Our county"'),
    (lab.lab, None, "lab our_notebooks --data ours"),
    (bundle.bundle, None, "bundle to_laptop --platform win_amd64 --python 3.12"),
):
    app.command(name, epilog=f"Example: vrn {example}")(command)
app.add_typer(classify.definitions_app, name="definition")
