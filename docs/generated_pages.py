"""Pages of the site made from the package's own data, so that they cannot fall behind it."""

import importlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import typer.main

from vrn_analysis import cli, contracts, definition
from vrn_analysis.config import resource

DEFINITIONS = ("llr_2020", "svd_local", "ho_knife_enabled")
MODULES = (
    "assessment", "checks", "classify", "compare", "config", "contracts", "definition",
    "disclosure", "disproportionality", "engine", "evaluation", "factors", "figures", "findings",
    "harm", "hotspots", "inequality", "language", "places", "prevention", "publish", "quality",
    "rates", "sample", "tables", "templates", "times", "trends", "triangulate",
)  # fmt: skip


def _cell(value: object) -> str:
    text = "" if pd.isna(value) else str(value)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _table(table: pd.DataFrame) -> str:
    rows = [table.columns, ["---"] * len(table.columns), *table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows) + "\n"


def _yes(value: object) -> str:
    return "yes" if value in (True, "yes", "true", "True") else "no"


def data_dictionary() -> str:
    """Return every column of every contract, a section a table."""
    columns = contracts.data_dictionary()
    columns = columns.assign(**{n: columns[n].map(_yes) for n in ("required", "nullable")})
    parts = [
        f"## {name}\n\n{_table(rows.drop(columns='table'))}"
        for name, rows in columns.groupby("table", sort=False)
    ]
    lead = (
        "Every column of every table that is read, from the contracts that check it "
        "(`vrn_analysis.contracts`). `vrn template` writes the same as a file to send to a partner."
    )
    return "# Data dictionary\n\n" + lead + "\n\n" + "\n".join(parts)


def definitions() -> str:
    """Return each definition that ships, in English."""
    told = [f"#{definition.describe(definition.load(name))}\n" for name in DEFINITIONS]
    lead = (
        "What counts as serious violence, as the files under `data/reference/definitions` say it."
    )
    return "# Definitions\n\n" + lead + "\n\n" + "\n".join(told)


def indicators() -> str:
    """Return the catalogue of risk and protective factors."""
    catalogue = pd.read_csv(resource("data", "reference", "indicators.csv"), dtype=str)
    shown = ["name", "kind", "level", "age_from", "age_to", "statistic", "polarity", "source",
             "evidence", "verified"]  # fmt: skip
    return "# Indicators\n\nFrom `data/reference/indicators.csv`.\n\n" + _table(catalogue[shown])


def breaks() -> str:
    """Return the register of breaks."""
    register = pd.read_csv(resource("data", "reference", "breaks.csv"), dtype=str)
    lead = "Changes in recording or in daily life that no trend may be read across in silence."
    return f"# Breaks\n\n{lead} From `data/reference/breaks.csv`.\n\n" + _table(register)


def sample_assumptions() -> str:
    """Return what the synthetic sample assumes, with the source of each assumption."""
    file = resource("data", "reference", "sample_assumptions.toml")
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = [(name, entry.get("source", "")) for name, entry in entries.items()]
    lead = "Every assumption of the sample, from `data/reference/sample_assumptions.toml`."
    return f"# Assumptions of the sample\n\n{lead}\n\n" + _table(
        pd.DataFrame(rows, columns=["assumption", "source"])
    )


def _commands(command: Any, name: str) -> Iterable[str]:
    for part, nested in getattr(command, "commands", {}).items():
        yield from _commands(nested, f"{name} {part}")
    if not hasattr(command, "commands"):
        options = [
            (", ".join(option.opts), getattr(option, "help", "") or "")
            for option in command.params
            if option.name != "help"
        ]
        yield f"## {name}\n\n{command.help or ''}\n\n" + _table(
            pd.DataFrame(options, columns=["option", "meaning"])
        )


def commands() -> str:
    """Return every `vrn` command with its options."""
    return "# Commands\n\n" + "\n".join(_commands(typer.main.get_command(cli.app), "vrn"))


def _module(name: str) -> str:
    """Return the page of a public module; a package's public names come from its modules."""
    module = importlib.import_module(f"vrn_analysis.{name}")
    imported = "   :imported-members:\n" if hasattr(module, "__all__") else ""
    directive = f".. automodule:: vrn_analysis.{name}\n   :members:\n{imported}"
    return f"# {name}\n\n```{{eval-rst}}\n{directive}```\n"


def functions() -> str:
    """Return the list of public modules, each with a page of its own."""
    lead = "What each does, the columns it takes and gives, its method and its source."
    listed = "\n".join(f"module_{name}" for name in MODULES)
    return f"# Functions\n\n{lead}\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"


PAGES = {
    "data_dictionary": data_dictionary,
    "definitions": definitions,
    "indicators": indicators,
    "breaks": breaks,
    "sample_assumptions": sample_assumptions,
    "commands": commands,
    "functions": functions,
}


def write(folder: Path) -> None:
    """Write every page into a folder that git ignores."""
    folder.mkdir(exist_ok=True)
    pages = {name: page() for name, page in PAGES.items()}
    pages |= {f"module_{name}": _module(name) for name in MODULES}
    for name, text in pages.items():
        file = folder / f"{name}.md"
        # an unchanged page keeps its date, so that the site builds only what changed
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
