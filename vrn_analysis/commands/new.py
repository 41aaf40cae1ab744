"""The command `vrn new`."""

import json
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import shown, typed
from vrn_analysis.core.config import SETTINGS_FILE, resource
from vrn_analysis.core.errors import SettingsError


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
        from vrn_analysis.read.police.forces import force_named

        force = force_named(police_force) if police_force else ""
        files = write(folder, area_name=area_name, force=force, force_name=police_force)
    names = ", ".join(file.relative_to(folder).as_posix() for file in files)
    typer.echo(f"Written in {shown(folder)}: {names}.")
    extract = typed(folder / "extract.csv")
    typer.echo(f"Next: copy your extract to {extract}, then type: vrn map {extract}")


# the template's name, and the file it becomes
FILES = {
    "assessment.toml": SETTINGS_FILE,
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "commentary.md": "commentary/03.md",
}


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def write(folder: Path, *, area_name: str, force: str = "", force_name: str = "") -> list[Path]:
    """
    Write the settings, the first steps, an example of commentary and what git must not see.

    Parameters
    ----------
    folder
        Made if it is not there; nothing in it is replaced.
    area_name
        The area that the assessment is about, as its title says it.
    force
        The police force, as data.police.uk writes it, such as `leicestershire`.
    force_name
        Its name as readers know it.

    Returns
    -------
    files
        What was written.

    Raises
    ------
    SettingsError
        If one of the files is there already.
    """
    if there := [name for name in FILES.values() if (folder / name).exists()]:
        raise SettingsError(f"{folder} has {', '.join(there)} already. Name another folder.")
    words = {
        "title": _quoted(f"Serious violence needs assessment: {area_name}"),
        "area_name": _quoted(area_name),
        "force": _quoted(force),
        "force_name": _quoted(force_name or force or "The police force"),
    }
    for template, name in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        text = resource("assessments", "new", template).read_text(encoding="utf-8")
        said = words | ({"area_name": area_name} if name.endswith(".md") else {})
        (folder / name).write_text(Template(text).substitute(said), encoding="utf-8", newline="\n")
    return [folder / name for name in FILES.values()]
