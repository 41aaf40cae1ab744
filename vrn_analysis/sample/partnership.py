"""What a SYNTHETIC partnership says of itself: examples that ship, copied into the sample."""

import shutil
from pathlib import Path

from vrn_analysis.config import resource

TABLES = ("interventions", "recommendations", "themes", "assets", "evidence")


def examples() -> dict[str, Path]:
    """Return the example files that ship, by the name of their table."""
    return {name: resource("data", "reference", f"example_{name}.csv") for name in TABLES}


def write(folder: Path) -> None:
    """Copy the examples into a sample folder, each as a partnership would send it."""
    for name, file in examples().items():
        shutil.copyfile(file, folder / f"{name}.csv")
