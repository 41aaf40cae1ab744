"""Read and check definition files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vrn_analysis.core.config import read_toml, reference_rows, resource
from vrn_analysis.core.contracts import CONTRACTS, UNCLEAR
from vrn_analysis.core.errors import DefinitionError
from vrn_analysis.core.fingerprints import sha256

PLACE_CLASSES = ("public", "semi_public", "private", "unknown")
TYPES = {"text": str, "list": list, "age": int, "yes or no": bool}
# a blank sexual flag needs no saying: it leaves the decision to the offence
BLANK_COLUMNS = ("domestic_flag", "injury_degree", "weapon")


@dataclass(frozen=True)
class Definition:
    """
    A definition of serious violence, as one file states it.

    `classes` are Home Office counting rules classes. `digest` is the SHA-256 of the file, so that
    a table can say exactly which definition made it.
    """

    name: str
    title: str
    source: str
    classes: tuple[str, ...]
    illustration: bool = False
    compared_with: str = ""
    notes: tuple[str, ...] = ()
    period_date: str = "recorded_on"
    place_classes: tuple[str, ...] = ("public", "semi_public")
    place_also: tuple[str, ...] = ()
    place_except: tuple[str, ...] = ()
    domestic_abuse: str = "exclude"
    domestic_setting: str = "exclude"
    relationships: tuple[str, ...] = ()
    both_parties_aged: int = 16
    sexual_violence: str = "exclude"
    flagged_not_excluded: tuple[str, ...] = ()
    injury_rule: str = "code_list"
    injury_degrees: tuple[str, ...] = ("significant", "fatal")
    injury_classes: tuple[str, ...] = ("8N", "8P")
    injury_subcodes: tuple[str, ...] = ()
    weapon_rule: str = "any"
    weapons: tuple[str, ...] = ()
    focus_age: int = 25
    focus_boundary: str = "under"
    blanks_mean_no: tuple[str, ...] = ()
    file: Path | None = None
    digest: str = ""

    @property
    def focus_below(self) -> int:
        """The first age outside the focus: 25 for "under 25", 26 for "25 or under"."""
        return self.focus_age + (self.focus_boundary == "or_under")

    @property
    def focus_labels(self) -> tuple[str, str]:
        """The labels of the age focus, inside and outside: UNDER_25 and 25_AND_OVER."""
        if self.focus_boundary == "or_under":
            return f"{self.focus_age}_OR_UNDER", f"OVER_{self.focus_age}"
        return f"UNDER_{self.focus_age}", f"{self.focus_age}_AND_OVER"


@dataclass(frozen=True)
class Setting:
    """One setting of a definition file: its path, its allowed values and its meaning."""

    path: str
    attribute: str
    type: type
    words: str
    allowed: tuple[str, ...]
    listed_in: str
    required: bool


def _allowed(said: str) -> tuple[str, ...]:
    """Return the allowed words of a setting: listed, from a reference file or from a contract."""
    if said == "offence_codes.csv":
        return tuple(row["code"] for row in offence_codes() if row["kind"] == "class")
    if said == "location_types.csv":
        return tuple(row["location_type"] for row in location_types())
    table, _, column = said.partition(".")
    if table in CONTRACTS:
        return tuple(word for word in CONTRACTS[table][column].allowed if word != UNCLEAR)
    return tuple(filter(None, said.split("; ")))


def settings() -> tuple[Setting, ...]:
    """Return every setting of a definition file, in order."""
    return tuple(
        Setting(
            **row
            | {"type": TYPES[row["type"]], "required": row["required"] == "yes"}
            | {"allowed": _allowed(row["allowed"]), "listed_in": row["allowed"]}
        )
        for row in reference_rows("definition_settings.csv")
    )


def offence_codes() -> list[dict[str, str]]:
    """Return the rows of `data/reference/offence_codes.csv`."""
    return reference_rows("offence_codes.csv")


def location_types() -> list[dict[str, str]]:
    """Return the rows of `data/reference/location_types.csv`."""
    return reference_rows("location_types.csv")


def _folder() -> Path:
    return resource("data", "reference", "definitions")


def available() -> list[str]:
    """Return the names of the definitions that ship with the project."""
    return sorted(file.stem for file in _folder().glob("*.toml"))


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": what for inner, what in value.items()}
        else:
            found[name] = value
    return found


def _value_mistakes(setting: Setting, value: Any) -> list[str]:
    wanted = {str: "text", list: "a list of texts", int: "a whole number", bool: "true or false"}
    values = value if isinstance(value, list) else [value]
    right_items = setting.type is not list or all(isinstance(item, str) for item in values)
    # a TOML true is an int to Python, so the type is compared exactly
    if type(value) is not setting.type or not right_items:
        return [f"{setting.path} is {value!r}; it must be {wanted[setting.type]}"]
    if setting.type is int and not 0 <= value <= 120:
        return [f"{setting.path} is {value}; it must be an age from 0 to 120"]
    strange = [item for item in values if setting.allowed and item not in setting.allowed]
    if not strange:
        return []
    table = setting.listed_in.endswith(".csv")
    known = (
        f"a value of data/reference/{setting.listed_in}" if table else ", ".join(setting.allowed)
    )
    return [f"{setting.path} holds {', '.join(map(repr, strange))}; it must be one of: {known}"]


def _mistakes(flat: dict[str, Any]) -> list[str]:
    known = {setting.path: setting for setting in settings()}
    found = [f"unknown setting {path!r}" for path in sorted(set(flat) - set(known))]
    for path, setting in known.items():
        if path in flat:
            found += _value_mistakes(setting, flat[path])
        elif setting.required:
            found.append(f"{path} is missing")
    unverified = {
        row["code"]
        for row in offence_codes()
        if row["kind"] == "class" and row["verified"] != "yes"
    }
    if doubtful := sorted(unverified & set(flat.get("offences.classes", []))):
        found.append(
            f"offences.classes holds {', '.join(doubtful)}, which offence_codes.csv does not mark "
            "verified"
        )
    if flat.get("weapon.rule") == "listed" and not flat.get("weapon.weapons"):
        found.append("weapon.rule is 'listed' but weapon.weapons is empty")
    if flat.get("injury.rule") == "subcode" and not flat.get("injury.subcodes"):
        found.append("injury.rule is 'subcode' but injury.subcodes is empty")
    return found


def load(name_or_file: str | Path) -> Definition:
    """
    Read a definition by its name or from a file.

    Parameters
    ----------
    name_or_file
        One of `available()`, or the path of a TOML file.

    Raises
    ------
    DefinitionError
        If there is no such definition, or its file is wrong: every fault at once.
    """
    file = Path(name_or_file)
    if file.suffix != ".toml":
        file = _folder() / f"{name_or_file}.toml"
    if not file.is_file():
        raise DefinitionError(
            f"There is no definition {str(name_or_file)!r}. Shipped: {', '.join(available())}; "
            "or give the path of a .toml file."
        )
    flat = _flat(read_toml(file, kind=DefinitionError))
    if found := _mistakes(flat):
        raise DefinitionError(
            f"{file} has {len(found)} fault{'s' * (len(found) > 1)}:\n  " + "\n  ".join(found)
        )
    values = {
        setting.attribute: tuple(flat[setting.path]) if setting.type is list else flat[setting.path]
        for setting in settings()
        if setting.path in flat
    }
    return Definition(name=file.stem, **values, file=file, digest=sha256(file))
