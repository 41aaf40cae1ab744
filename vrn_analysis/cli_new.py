"""The command `vrn new`."""

from pathlib import Path
from typing import Annotated

import typer

from vrn_analysis.cli_errors import plain_errors
from vrn_analysis.cli_paths import shown, typed


def new(
    folder: Annotated[Path, typer.Argument(help="Folder for the assessment; made if need be.")],
    area_name: Annotated[
        str, typer.Option(help="The area, as the title is to say it.")
    ] = "Our area",
    police_force: Annotated[
        str, typer.Option(help="The police force, such as West Midlands Police.")
    ] = "",
) -> None:
    """Begin another partnership's assessment: settings to fill in, and what to do first."""
    with plain_errors():
        from vrn_analysis import scaffold
        from vrn_analysis.sources.force_names import force_named

        force = force_named(police_force) if police_force else ""
        files = scaffold.write(folder, area_name=area_name, force=force, force_name=police_force)
    names = ", ".join(file.relative_to(folder).as_posix() for file in files)
    typer.echo(f"Written in {shown(folder)}: {names}.")
    extract = typed(folder / "extract.csv")
    typer.echo(f"Next: put the extract there, then: vrn map {extract}. Its README.md says how.")


def register(app: typer.Typer) -> None:
    """Add this command to the `vrn` command."""
    app.command(epilog='Example: vrn new ours --area-name "Our county"')(new)
