"""The command `vrn lab`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import Data, shown

# JupyterLab asks for nothing from the network
OPTIONS = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


def copy_notebooks(folder: Path) -> list[Path]:
    """
    Copy the notebooks, without outputs, into a folder, and return those that are new there.

    Outputs of the sample must not be mistaken for those of other data. What is in the folder is the
    user's and stays.
    """
    from vrn_analysis.briefing.plan import notebooks
    from vrn_analysis.core.config import resource

    written = []
    for file in sorted(resource("notebooks").rglob("*.ipynb")):
        target = folder / file.relative_to(resource("notebooks"))
        if target.exists() or ".ipynb_checkpoints" in file.parts:
            continue
        notebook = notebooks.read(file)
        notebooks.clear(notebook)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(notebooks.text(notebook), encoding="utf-8", newline="\n")
        written.append(target)
    return written


def lab(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder for your copies of the notebooks.")
    ] = None,
    data: Data = None,
) -> None:
    """Copy the notebooks into a folder and open them in JupyterLab; your own copies stay."""
    with plain_errors():
        from vrn_analysis.core import config, extras
        from vrn_analysis.core.session import Session

        extras.required("jupyterlab", extra="lab")
        place = folder or (
            config.CHECKOUT / "reports" / "lab" if config.in_checkout() else Path("vrn_notebooks")
        )
        copied = copy_notebooks(place)
        typer.echo(f"{len(copied)} notebooks copied to {shown(place)}. Press Ctrl+C to stop.")
        asked = {"VRN_DATA": ""} | Session(data=data).variables()
        command = [sys.executable, "-m", "jupyterlab", *OPTIONS, str(place)]
        code = subprocess.run(command, env=os.environ | asked, check=False).returncode
    raise typer.Exit(code)
