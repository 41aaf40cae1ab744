"""The command `vrn fetch`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import shown

# what the command needs is imported inside it: `vrn --help` must not wait for it


def _default_output() -> Path:
    from vrn_analysis.core import config

    return config.CHECKOUT / "data" / "raw" if config.in_checkout() else Path("vrn_data")


def _way(source: Any) -> str:
    if not source.address:
        return "by hand"
    return "by month" if source.is_monthly else "vrn fetch"


def _show_register(known: dict[str, Any], folder: Path) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    heads = ("Name", "What", "By whom", "How", "Here")
    # names are typed, so a narrow terminal must not cut them
    table = Table(*(Column(head, overflow="fold") for head in heads))
    for source in known.values():
        about = "; ".join(filter(None, (source.title, source.covers, source.size)))
        here = any(folder.glob(source.file.replace("{month}", "*")))
        there = "yes" if here else "no"
        table.add_row(source.name, about, source.producer, _way(source), there)
    console = Console(highlight=False)
    console.print(table)
    unopened = sum(not source.verified for source in known.values())
    console.print(
        f"{len(known)} sources. The project has not tested the addresses of {unopened}. The last "
        f"column shows whether the file is in {shown(folder)}."
    )


@contextmanager
def _progress() -> Iterator[Any]:
    """Show the progress of each file, if the output is a terminal."""
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TransferSpeedColumn

    console = Console(stderr=True)
    columns = (*Progress.get_default_columns(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        tasks: dict[str, Any] = {}

        def tell(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None)
            bars.update(tasks[name], completed=done, total=total)

        yield tell


def _without_help(wanted: list[Any], folder: Path) -> list[Any]:
    """Keep sources that can be fetched without help or are already there; name the others."""
    there = [source for source in wanted if (folder / source.file).exists()]
    alone = [source for source in wanted if source.address and not source.is_monthly]
    others = [source for source in wanted if source not in there + alone]
    if others:
        named = ", ".join(f"{source.name} ({_way(source)})" for source in others)
        typer.echo(f"Skipped: {named}. Type vrn fetch NAME to see how to get each.")
    return [source for source in wanted if source not in others]


def _fetch_all(wanted: list[Any], folder: Path, again: bool) -> list[str]:
    """Fetch sources one by one, print each result and return the failures."""
    from vrn_analysis.core.errors import AssessmentError
    from vrn_analysis.read.fetching import fetch
    from vrn_analysis.read.fetching.fetch_part import in_words

    failures, client = [], fetch.new_client()
    for source in wanted:
        try:
            with _progress() as tell:
                done = fetch.fetch(source, folder, client=client, tell=tell, again=again)
        except AssessmentError as fault:
            failures.append(str(fault))
            typer.echo(f"FAILED     {source.name}")
            continue
        typer.echo(f"{done.how:<10} {source.name}: {shown(done.file)}, {in_words(done.bytes)}")
        if source.use and done.how != "unchanged":
            typer.echo(f"           Use: {source.use}.")
    return failures


def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Names of sources. Default: all.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Data folder to download into.", show_default=False)
    ] = None,
    month: Annotated[
        list[str] | None,
        typer.Option(
            metavar="YYYY-MM", help="Month of a monthly source, such as 2024-03. Can be repeated."
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the sources only.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also download files that are already there.")
    ] = False,
    register: Annotated[
        Path | None, typer.Option(help="Your own register of sources, like data/sources.toml.")
    ] = None,
) -> None:
    """Download open sources from their publishers and record where each came from."""
    with plain_errors(stopped="Downloaded parts are kept. Run the command again to continue."):
        from vrn_analysis.read.fetching import fetched
        from vrn_analysis.read.fetching import register as registers

        folder = output or _default_output()
        known = registers.register(register)
        if listed:
            return _show_register(known, folder)
        wanted = registers.chosen(known, names or (), months=month or ())
        if not names:
            wanted = _without_help(wanted, folder)
        failures = _fetch_all(wanted, folder, force)
    for failure in failures:
        typer.echo(f"Error: {failure}", err=True)
    if done := len(wanted) - len(failures):
        typer.echo(
            f"{done} of {len(wanted)} files are in {shown(folder)}. {fetched.FILE} records where "
            "each came from."
        )
    if failures:
        raise typer.Exit(1)
