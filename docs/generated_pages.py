"""Pages of the site made from the package's own data, so that they cannot fall behind it."""

import ast
import inspect
import json
import tomllib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import typer.main

from vrn_analysis.commands import cli
from vrn_analysis.core import contracts, definition
from vrn_analysis.core.config import resource
from vrn_analysis.methods.harm import weights
from vrn_analysis.methods.prevention import checklists, voices
from vrn_analysis.methods.prevention.interventions import COLUMNS as INTERVENTIONS
from vrn_analysis.methods.prevention.response import COLUMNS as RECOMMENDATIONS

CHECKOUT = Path(__file__).resolve().parent.parent
# every public module, by what a reader looks for
GROUPS = {
    "Read and check": (
        "core.config", "count.assessment", "sample", "core.contracts", "read.checks",
        "read.templates", "core.engine", "count.compare", "say.quality", "core.errors",
    ),
    "Count": ("core.definition", "count.classify", "count.tables", "count.times"),
    "Statistics": tuple(
        f"methods.{name}"
        for name in (
            "rates", "trends", "hotspots", "places", "inequality", "disproportionality",
            "triangulate", "factors", "harm", "evaluation", "prevention",
        )
    ),
    "Protect and show": (
        "show.disclosure", "show.publish", "show.figures", "say.findings", "say.language",
    ),
}  # fmt: skip
# the modules that notebooks use, by the stage of the work
STAGES = {
    "Open a run": ("count.assessment",),
    "Check the data": ("say.quality",),
    "Define": ("core.definition", "count.classify"),
    "Count": ("count.tables", "count.times", "methods.triangulate"),
    "Rate and compare": tuple(
        f"methods.{name}"
        for name in (
            "rates", "trends", "inequality", "disproportionality", "hotspots", "places", "factors",
            "harm", "evaluation", "prevention",
        )
    ),
    "Protect, chart and show": ("show.publish",),
    "Say": ("say.findings",),
    "Explore": ("say.explorer",),
}  # fmt: skip
# the name of each page, and the module that it describes
MODULES = {name.split(".")[-1]: name for names in GROUPS.values() for name in names}
# tables that a partnership writes itself, and the code that says what they hold
WRITTEN = {
    "interventions": INTERVENTIONS,
    "recommendations": RECOMMENDATIONS,
    "community themes": voices.THEMES,
    "assets": voices.ASSETS,
    "evidence of the building blocks": checklists._EVIDENCE,
    "harm weights": weights.COLUMNS,
}
SENSITIVITY = (
    "Sensitivity: *open*, about places or categories; *record*, about one offence; *person*, about "
    "one person; *special*, special category data about one person. Only open columns and counts "
    "leave the engine."
)
LONGEST = 120


def _cell(value: object) -> str:
    text = "" if pd.isna(value) else str(value)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _table(table: pd.DataFrame) -> str:
    rows = [table.columns, ["---"] * len(table.columns), *table.itertuples(index=False)]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows) + "\n"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + " …"


def _reference(name: str) -> pd.DataFrame:
    return pd.read_csv(resource("data", "reference", name), dtype=str, comment="#")


def _columns_of(contract: contracts.Contract, rows: pd.DataFrame) -> str:
    unit = rows["unit"].map(lambda words: f" ({words})" if words else "")
    shown = pd.DataFrame(
        {
            "column": "`" + rows["column"] + "`",
            "meaning": rows["description"],
            "type": rows["type"] + unit,
            "allowed": rows["allowed"],
            "required": rows["required"].map({True: "yes", False: ""}),
            "may be blank": rows["nullable"].map({True: "yes", False: "no"}),
            "sensitivity": rows["sensitivity"],
        }
    )
    said = [f"Each row is {contract.one_row}."]
    if contract.key:
        said.append(f"Key: {', '.join(f'`{name}`' for name in contract.key)}.")
    if contract.one_of:
        said.append(f"At least one of {', '.join(f'`{name}`' for name in contract.one_of)}.")
    if contract.retention:
        said.append(f"Kept {contract.retention}")
    return f"## {contract.name}\n\n{' '.join(said)}\n\n{_table(shown)}"


def data_dictionary() -> str:
    """Return every column of every contract, a section for each table."""
    columns = contracts.data_dictionary()
    parts = [
        _columns_of(contracts.CONTRACTS[name], rows)
        for name, rows in columns.groupby("table", sort=False)
    ]
    lead = (
        "This page lists every column of every table that the package reads, from the contracts "
        "that check it (`vrn_analysis.core.contracts`). `vrn map` maps your own names onto these. "
        "`vrn template` writes the same list as a file to send to a partner."
    )
    written = pd.DataFrame(
        [(name, ", ".join(f"`{column}`" for column in found)) for name, found in WRITTEN.items()],
        columns=["table", "columns"],
    )
    judged = (
        "## Tables that a partnership writes\n\nThese are checked when they are used. Examples "
        "are `example_*.csv` under `data/reference`. Indicator values are read as their sources "
        "publish them: see *Indicators*.\n\n"
    )
    whole = ["# Data dictionary", lead, SENSITIVITY, *parts, judged + _table(written)]
    return "\n\n".join(whole)


def published_columns() -> str:
    """Return every column of the tables that a briefing publishes."""
    lead = "Columns of a briefing's tables, from `data/reference/published_columns.csv`."
    return f"# Columns of published tables\n\n{lead}\n\n" + _table(
        _reference("published_columns.csv")
    )


def quality_thresholds() -> str:
    """Return the rules for rating the quality of the data."""
    rules = _reference("quality_thresholds.csv")
    alone = rules.groupby("aspect")["check"].transform("size") == 1
    rules["check"] = rules["check"].replace("*", "every other check").mask(alone, "every check")
    for name in ("amber", "red"):
        rules[name] = rules[name].mask(rules[name].astype(float) > 100, "never")
    lead = (
        "A check is amber, or red, above these percentages of records at fault. They are from "
        "`data/reference/quality_thresholds.csv`. They are ours, and a partnership may change them."
    )
    parts = [
        f"## {aspect}\n\n{_table(rows.drop(columns='aspect'))}"
        for aspect, rows in rules.groupby("aspect", sort=False)
    ]
    return f"# Quality thresholds\n\n{lead}\n\n" + "\n".join(parts)


def definitions() -> str:
    """Return each definition that ships, in English."""
    files = sorted(resource("data", "reference", "definitions").glob("*.toml"))
    described = [f"#{definition.describe(definition.load(file.stem))}\n" for file in files]
    lead = "What counts as serious violence, from the files under `data/reference/definitions`."
    return "# Definitions\n\n" + lead + "\n\n" + "\n".join(described)


def indicators() -> str:
    """Return the catalogue of risk and protective factors, a section for each level."""
    catalogue = _reference("indicators.csv")
    ages = catalogue["age_from"] + " to " + catalogue["age_to"]
    polarity = catalogue["polarity"].str.replace("_", " ")
    shown = catalogue.assign(ages=ages.str.replace(" to 120", " and over"), polarity=polarity)
    names = ["name", "kind", "ages", "statistic", "polarity", "source", "evidence", "verified"]
    lead = "From `data/reference/indicators.csv`. *Verified*: a value was read from the source."
    parts = [
        f"## {level.capitalize()}\n\n{_table(rows[names])}"
        for level, rows in shown.groupby("level", sort=False)
    ]
    return f"# Indicators\n\n{lead}\n\n" + "\n".join(parts)


def breaks() -> str:
    """Return the register of breaks."""
    lead = (
        "Changes in recording or circumstances that make earlier and later figures hard to compare."
    )
    return f"# Breaks\n\n{lead} From `data/reference/breaks.csv`.\n\n" + _table(
        _reference("breaks.csv")
    )


def sample_assumptions() -> str:
    """Return the assumptions of the synthetic sample, with their sources."""
    file = resource("data", "reference", "sample_assumptions.toml")
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = [
        (name.replace("_", " "), _cut(str(entry.get("value", ""))), entry.get("source", ""))
        for name, entry in entries.items()
    ]
    lead = (
        "Every assumption of the sample, from `data/reference/sample_assumptions.toml`. Long "
        "values are shortened here. None is about a real place. Tests look for what is planted."
    )
    return f"# Assumptions of the sample\n\n{lead}\n\n" + _table(
        pd.DataFrame(rows, columns=["assumption", "value", "source"])
    )


def sensitivity() -> str:
    """Return how much the sample's figures depend on rules and cell sizes, from its tables."""
    tables = CHECKOUT / "reports" / "tables"
    rules = pd.read_csv(tables / "02_sensitivity.csv")[["switch", "count", "effect"]]
    cells = pd.read_csv(tables / "06_hotspots_by_cell_size.csv").drop(columns="stamp")
    return (
        "# Sensitivity of the sample\n\nThis page shows how far figures of the SYNTHETIC sample "
        "depend on its assumptions. The county is invented, so only the method is of interest. "
        "Your own run makes the same tables in notebooks 02 and 06.\n\n## One rule of the "
        f"definition changed\n\n{_table(rules)}\n## Size of the cells\n\n*overlap*: the area that "
        "is a hotspot by both this and the middle size, over the area that is one by either.\n\n"
        + _table(cells)
    )


def _commands(command: Any, name: str) -> Iterable[str]:
    for part, nested in getattr(command, "commands", {}).items():
        yield from _commands(nested, f"{name} {part}")
    if not hasattr(command, "commands"):
        options = [
            (f"`{', '.join(option.opts)}`", getattr(option, "help", "") or "")
            for option in command.params
            if option.name != "help"
        ]
        yield f"## {name}\n\n{command.help or ''}\n\n" + _table(
            pd.DataFrame(options, columns=["option", "meaning"])
        )


def commands() -> str:
    """Return every `vrn` command with its options."""
    return "# Commands\n\n" + "\n".join(_commands(typer.main.get_command(cli.app), "vrn"))


def _first_line(found: object) -> str:
    return (inspect.getdoc(found) or "").partition("\n")[0]


def public(module: ModuleType) -> dict[str, list[tuple[str, Any]]]:
    """Return the public names of a module with their objects, by the module that defines them."""
    # a package offers what it imports, a module what it makes
    names = [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and not inspect.ismodule(thing)
        and (hasattr(module, "__path__") or getattr(thing, "__module__", "") == module.__name__)
    ]
    names = getattr(module, "__all__", names)
    found: dict[str, list[tuple[str, Any]]] = {}
    for name in names:
        thing = getattr(module, name)
        made = getattr(thing, "__module__", "") if callable(thing) else ""
        found.setdefault(made, []).append((name, thing))
    return found


def _constants(pairs: list[tuple[str, Any]]) -> list[str]:
    if not pairs:
        return []
    values = [f"``{name}``\n   ``{_cut(' '.join(repr(value).split()))}``" for name, value in pairs]
    return [_heading("Values", "-"), "\n\n".join(values)]


def _heading(words: str, line: str) -> str:
    return f"{words}\n{line * len(words)}"


def _details(module: str, name: str, thing: Any) -> str:
    directive = "autoclass" if inspect.isclass(thing) else "autofunction"
    # for a named tuple, autodoc can only number the fields
    members = inspect.isclass(thing) and not hasattr(thing, "_fields")
    return f".. {directive}:: {module}.{name}" + ("\n   :members:" if members else "")


def _module(name: str) -> str:
    """Return the page of a public module: a summary, then each function in full."""
    module = import_module(f"vrn_analysis.{MODULES[name]}")
    groups = public(module)
    constants = groups.pop("", [])
    lines = [_heading(name, "="), f".. automodule:: {module.__name__}"]
    for made, pairs in groups.items():
        title = _first_line(import_module(made)).rstrip(".")
        lines += [f".. rubric:: {title}"] if len(groups) > 1 else []
        listed = "\n   ".join(each for each, _ in pairs)
        lines += [f".. autosummary::\n   :nosignatures:\n\n   {listed}"]
    lines += [_heading("In full", "-")]
    lines += [_details(module.__name__, *pair) for pairs in groups.values() for pair in pairs]
    return "\n\n".join([*lines, *_constants(constants)]) + "\n"


def functions() -> str:
    """Return the public modules by purpose, each with its own page."""
    parts = ["# Functions"]
    parts += ["Each page gives purpose, input and output columns, method and source."]
    for title, names in GROUPS.items():
        rows = [
            (
                f"[{name}](module_{name.split('.')[-1]}.rst)",
                _first_line(import_module(f"vrn_analysis.{name}")),
            )
            for name in names
        ]
        parts += [f"## {title}\n\n" + _table(pd.DataFrame(rows, columns=["module", "purpose"]))]
    listed = "\n".join(f"module_{name}" for name in MODULES)
    return "\n\n".join(parts) + f"\n\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"


def _used(notebook: Path) -> Iterable[tuple[str, str]]:
    """Yield each module and name of the package that the code of a notebook uses."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    nodes = list(ast.walk(ast.parse("\n".join(code))))
    modules = {}
    for node in nodes:
        if not (isinstance(node, ast.ImportFrom) and node.module.startswith("vrn_analysis.")):
            continue
        inside = node.module.removeprefix("vrn_analysis.")
        if "." in inside:  # else a room, which offers modules
            yield from ((inside, alias.name) for alias in node.names)
        else:
            modules |= {a.asname or a.name: f"{inside}.{a.name}" for a in node.names}
    for node in nodes:
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in modules:
            yield modules[node.value.id], node.attr


def notebook_names() -> dict[str, set[str]]:
    """Return the names of the package that the notebooks use, by module."""
    found: dict[str, set[str]] = {}
    for file in sorted((CHECKOUT / "notebooks").rglob("*.ipynb")):
        for module, name in _used(file):
            found.setdefault(module, set()).add(name)
    return found


def _purpose(module: str, name: str) -> str:
    thing = getattr(import_module(f"vrn_analysis.{module}"), name)
    if callable(thing):
        return _first_line(thing)
    listed = sorted(thing) if isinstance(thing, frozenset) else thing
    return f"Constant: {_cut(' '.join(repr(listed).split()))}"


def api() -> str:
    """Return every name that a notebook author needs, by the stage of the work."""
    used = notebook_names()
    parts = [
        "# Names for a notebook author",
        "These are the names of the package that the notebooks use, in the order of the work. "
        "`run` is what `assessment.open_run` returns. [Functions](generated/functions.md) gives "
        "inputs, outputs and methods.",
    ]
    for stage, modules in STAGES.items():
        rows = [
            (f"`{module.split('.')[-1]}.{name}`", _purpose(module, name))
            for module in modules
            for name in sorted(used.get(module, ()))
        ]
        homes = [module.rpartition(".") for module in modules]
        lines = [f"from vrn_analysis.{room} import {name}" for room, _, name in homes]
        imports = "```python\n" + "\n".join(lines) + "\n```\n\n"
        parts.append(
            f"## {stage}\n\n{imports}" + _table(pd.DataFrame(rows, columns=["name", "purpose"]))
        )
    return "\n\n".join(parts)


PAGES = {
    "data_dictionary": data_dictionary,
    "published_columns": published_columns,
    "quality_thresholds": quality_thresholds,
    "definitions": definitions,
    "indicators": indicators,
    "breaks": breaks,
    "sample_assumptions": sample_assumptions,
    "sensitivity": sensitivity,
    "commands": commands,
    "functions": functions,
}


def write(folder: Path) -> None:
    """Write every page into a folder that git ignores."""
    folder.mkdir(exist_ok=True)
    pages = {f"{name}.md": page() for name, page in PAGES.items()}
    pages |= {f"module_{name}.rst": _module(name) for name in MODULES}
    for file in folder.iterdir():
        if file.name not in pages:
            file.unlink()
    for name, text in pages.items():
        file = folder / name
        # an unchanged page keeps its date, so that the site builds only changed pages
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    (CHECKOUT / "docs" / "api.md").write_text(api(), encoding="utf-8")
