"""The command `vrn new`."""

from pathlib import Path
from typing import Annotated

import typer

from vrn_analysis.cli_errors import plain_errors


def new(
    folder: Annotated[Path, typer.Argument(help="Folder for the assessment; made if need be.")],
    area_name: Annotated[
        str, typer.Option("--area-name", help="The area, as the title is to say it.")
    ] = "Our area",
    force: Annotated[str, typer.Option(help="The police force, as data.police.uk writes it.")] = "",
) -> None:
    """Begin another partnership's assessment: settings to fill in, and what to do first."""
    with plain_errors():
        from vrn_analysis import scaffold

        files = scaffold.write(folder, area_name=area_name, force=force)
    typer.echo(f"Written: {', '.join(file.name for file in files)} in {folder}.")
    typer.echo("Next: put the extract there as extract.csv, then vrn map. README.md says how.")


def register(app: typer.Typer) -> None:
    """Add this command to the `vrn` command."""
    app.command()(new)
