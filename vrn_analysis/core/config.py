"""Settings of an assessment, and the places of its files."""

import csv
import difflib
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import Any

from vrn_analysis.core import session
from vrn_analysis.core.errors import AssessmentError, SettingsError

KINDS = ("sample", "open", "force")
AUDIENCES = ("internal", "partners", "public")  # each sees what the next may see, and more
# published data, data shared by partners, or one row a crime or a person
SENSITIVITIES = ("open", "partners", "record", "person", "special")
STATUSES = ("DRAFT", "APPROVED")
NEEDED = ("title", "kind", "area_name", "sources")
SETTINGS_FILE = "assessment.toml"

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent


def resource(*parts: str) -> Path:
    """
    Return a file or folder that ships with the project.

    In a checkout it lies beside the package; in an installed wheel, inside it.
    """
    home = CHECKOUT if in_checkout() else PACKAGE / "_resources"
    return home.joinpath(*parts)


def reference_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of `data/reference`, each by its headings."""
    with resource("data", "reference", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def template(name: str, *, autoescape: bool = False, **filters: Callable[..., str]) -> Any:
    """Return a Jinja template of `data/reference`; with `autoescape` one of HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # not at the start of `vrn`

    templates = Environment(
        loader=FileSystemLoader(resource("data", "reference")),
        autoescape=autoescape,
        undefined=StrictUndefined,
        keep_trailing_newline=not autoescape,
    )
    templates.filters |= filters
    return templates.get_template(name)


def in_checkout() -> bool:
    """Return whether the package runs from a clone of the repository, not from a wheel."""
    return (CHECKOUT / "pyproject.toml").exists()


def cache_folder() -> Path:
    """Return the folder for what can be made again: `VRN_CACHE`, else `.cache` in a checkout."""
    if named := session.setting("VRN_CACHE"):
        return Path(named)
    return CHECKOUT / ".cache" if in_checkout() else Path.home() / ".cache" / "vrn_analysis"


@dataclass(frozen=True)
class Settings:
    """
    Settings of an assessment, from its `assessment.toml`.

    `sources` keeps one table a source (`offences`, `persons`, `street`, `lookup`, `population`,
    `deprivation`, `boundaries`), each with the path of its file below the data folder, the names
    of its columns where they differ from the contract, where it came from (`title, producer,
    licence, published, accessed, covers, sensitivity, sha256, rows`), and what a partner's
    agreement says of it (`agreement, purpose, audiences, retain_until`). `period` holds `from` and
    `to`, the first and last day counted. `headline_category` is the category of open
    data that stands in for serious violence. `status` and `marking` (a protective marking, such as
    OFFICIAL) stand on every page. `area` is the one place an area edition is about, `to` the month
    a quarterly pack ends with, such as 2024-03. `word_template` is a Word document in the data
    folder, whose styles the Word documents of the briefing use.
    """

    title: str
    kind: str
    area_name: str
    sources: dict[str, dict[str, Any]]
    force: str = ""
    definition: str = "llr_2020"
    disclosure_profile: str = "nhs_round5"
    audience: str = "partners"
    period: dict[str, date] = field(default_factory=dict)
    headline_category: str = "Violence and sexual offences"
    status: str = "DRAFT"
    marking: str = ""
    area: str = ""
    to: str = ""
    word_template: str = ""
    file: Path = Path(SETTINGS_FILE)


_HEXADECIMAL = set("0123456789abcdef")


def _is_said(words: Any) -> bool:
    return isinstance(words, str) and bool(words.strip())


def _is_below(path: Any) -> bool:
    """Return whether a path stays in its folder, on every system."""
    if not isinstance(path, str):
        return False
    parts = PureWindowsPath(path)  # reads both kinds of slash
    return bool(parts.parts) and not parts.anchor and ".." not in parts.parts


# for each word of a source: its check, and how to write it
_WORDS_OF_A_SOURCE = {
    "path": (_is_below, "the file's path below the data folder"),
    "extract": (_is_below, "the mapping's path below the data folder"),
    "rows": (lambda said: type(said) is int and said >= 0, "how many rows were sent, unquoted"),
    "sensitivity": (lambda said: said in SENSITIVITIES, f"one of {', '.join(SENSITIVITIES)}"),
    "audiences": (
        lambda said: isinstance(said, list) and bool(said) and all(a in AUDIENCES for a in said),
        f"a list of {', '.join(AUDIENCES)}",
    ),
    "retain_until": (lambda said: type(said) is date, "a date such as 2027-03-31, unquoted"),
    "sha256": (
        lambda said: isinstance(said, str) and len(said) == 64 and not set(said) - _HEXADECIMAL,
        "64 letters and digits, as vrn fetch or sha256sum gives them",
    ),
    "agreement": (_is_said, "words in quotes"),
    "purpose": (_is_said, "words in quotes"),
}


def _source_mistakes(source: Any) -> list[str]:
    if not isinstance(source, dict):
        return ["is no table of settings"]
    found = [] if "path" in source else ["has no path"]
    for name in source:
        known = name in _WORDS_OF_A_SOURCE
        if known and not _WORDS_OF_A_SOURCE[name][0](source[name]):
            found.append(f"{name} is {source[name]!r}; it must be {_WORDS_OF_A_SOURCE[name][1]}")
        # a misspelt agreement would have no effect
        elif not known and (near := difflib.get_close_matches(name, _WORDS_OF_A_SOURCE, 1, 0.8)):
            found.append(f"has {name!r}; is {near[0]} meant?")
    return found


def _period_mistakes(period: Any) -> list[str]:
    if not isinstance(period, dict):
        return ["period must be a table [period] with from and to"]
    found = [
        f"period.{name} must be from or to, and a date such as 2019-04-01"
        for name, day in period.items()
        if name not in ("from", "to") or type(day) is not date
    ]
    if len(period) == 1:
        found.append("period needs both from and to")
    if not found and period and period["from"] > period["to"]:
        found.append("period.from is later than period.to")
    return found


def _mistakes(content: dict[str, Any]) -> list[str]:
    known = {one.name: one.type for one in fields(Settings) if one.name != "file"}
    found = [f"unknown setting {name!r}" for name in sorted(set(content) - set(known))]
    found += [f"{name!r} is missing" for name in NEEDED if name not in content]
    found += [
        f"{name} is {said!r}; it must be words in quotes"
        for name, said in content.items()
        if known.get(name) is str
        and not (_is_said(said) if name in NEEDED else isinstance(said, str))
    ]
    choices = (("kind", KINDS), ("audience", AUDIENCES), ("status", STATUSES))
    for name, allowed in choices:
        if name in content and content[name] not in allowed:
            found.append(f"{name} is {content[name]!r}; it must be one of {', '.join(allowed)}")
    if (word := content.get("word_template")) and not _is_below(word):
        found.append(f"word_template is {word!r}; it must be a file's path below the data folder")
    found += _period_mistakes(content.get("period", {}))
    sources = content.get("sources", {})
    if not isinstance(sources, dict):
        return [*found, "sources must be tables, such as [sources.offences]"]
    for name, source in sources.items():
        found += [f"[sources.{name}] {wrong}" for wrong in _source_mistakes(source)]
    return found


def read_toml(
    file: Path, *, remedy: str = "", kind: type[AssessmentError] = SettingsError
) -> dict[str, Any]:
    """
    Return the content of a TOML file.

    Raises
    ------
    SettingsError
        If the file is missing, with the remedy; or if it is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise kind(f"{file} does not exist. {remedy}".rstrip()) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise kind(f"{file} is not readable as TOML: {fault}. {remedy}".rstrip()) from None


def load_settings(file: Path) -> Settings:
    """
    Read an assessment's settings.

    Raises
    ------
    SettingsError
        If the file is missing, is not TOML, or says something unknown: all of it at once.
    """
    content = read_toml(file)
    if found := _mistakes(content):
        raise SettingsError(f"{file}: " + "; ".join(found) + ".")
    return Settings(**content, file=file)


def varied(settings: Settings, changes: str | None) -> Settings:
    """Return settings as an edition changes them: a JSON object of names and values, or nothing."""
    return replace(settings, **json.loads(changes)) if changes else settings


def find_settings(folder: Path, *, forces: frozenset[str] = frozenset()) -> Settings:
    """
    Return the settings for a data folder: its own, else the shipped ones for the force in it.

    Parameters
    ----------
    folder
        The data folder.
    forces
        Names of the police forces found in the data, as data.police.uk writes them.

    Raises
    ------
    SettingsError
        If the folder is missing, or has no settings and no shipped example fits its data.
    """
    if not folder.is_dir():
        raise SettingsError(f"The data folder {folder} does not exist.")
    if (folder / SETTINGS_FILE).exists():
        return load_settings(folder / SETTINGS_FILE)
    shipped = [load_settings(file) for file in sorted(resource("assessments").glob("*.toml"))]
    for settings in shipped:
        if settings.force in forces:
            return settings
    names = ", ".join(sorted(forces)) or "none"
    raise SettingsError(
        f"{folder} has no {SETTINGS_FILE}, and none of the {len(shipped)} shipped examples is for "
        f"a force found in it ({names}). Copy {resource('assessments') / 'llr.toml'} to "
        f"{folder / SETTINGS_FILE} and change the names of the force, areas and files."
    )
