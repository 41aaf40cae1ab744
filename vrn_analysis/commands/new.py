"""The command `vrn new`."""

from pathlib import Path
from typing import Annotated

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import shown, typed


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to create for the assessment.")],
    area_name: Annotated[
        str, typer.Option(help="Name of the area, as the title should show it.")
    ] = "Our area",
    police_force: Annotated[
        str, typer.Option(help="Police force, such as West Midlands Police.")
    ] = "",
) -> None:
    """Create a new assessment folder."""
    with plain_errors():
        from vrn_analysis.commands import scaffold
        from vrn_analysis.read.police.force_names import force_named

        force = force_named(police_force) if police_force else ""
        files = scaffold.write(folder, area_name=area_name, force=force, force_name=police_force)
    names = ", ".join(file.relative_to(folder).as_posix() for file in files)
    typer.echo(f"Written in {shown(folder)}: {names}.")
    extract = typed(folder / "extract.csv")
    typer.echo(f"Next: copy your extract to {extract}, then type: vrn map {extract}")


def register(app: typer.Typer) -> None:
    """Add this command to the `vrn` command."""
    app.command(epilog='Example: vrn new ours --area-name "Our county"')(new)
