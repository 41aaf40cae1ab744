"""The papers that come with the SYNTHETIC sample: settings, README and a partnership's examples."""

import shutil
import tomllib
from pathlib import Path
from string import Template
from typing import Any

from vrn_analysis.core.config import SETTINGS_FILE, resource
from vrn_analysis.sample.plan.assumptions import Assumed


def _filled(template: str, assumed: Assumed, **words: str) -> str:
    text = resource("assessments", "sample", template).read_text(encoding="utf-8")
    names, period = assumed["names"], assumed["period"]
    return Template(text).substitute(words, county=names["county"], force=names["force"], **period)


def settings(assumed: Assumed) -> str:
    """Return the sample's `assessment.toml`."""
    return _filled(SETTINGS_FILE, assumed)


def attendances(assumed: Assumed) -> dict[str, Any]:
    """Return the settings of attendances: the departments' headings and labels."""
    return tomllib.loads(settings(assumed))["sources"]["attendances"]


def readme(assumed: Assumed, *, rows: int) -> str:
    """Return the sample's README."""
    return _filled("README.md", assumed, rows=f"{rows:,}")


TABLES = ("interventions", "recommendations", "themes", "assets", "evidence")


def examples() -> dict[str, Path]:
    """Return the example files that ship, by the name of their table."""
    return {name: resource("data", "reference", f"example_{name}.csv") for name in TABLES}


def write_examples(folder: Path) -> None:
    """Copy the examples into a sample folder, each as a partnership would send it."""
    for name, file in examples().items():
        shutil.copyfile(file, folder / f"{name}.csv")
