"""Register of open sources: title, publisher and address."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from vrn_analysis.core.config import SETTINGS_FILE, read_toml, resource
from vrn_analysis.core.errors import SettingsError
from vrn_analysis.read.fetching import fetched

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PLACEHOLDER = "{month}"
OWN = (SETTINGS_FILE, fetched.FILE)  # files in the data folder that are ours
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class OpenSource:
    """One open source, as `data/sources.toml` describes it; see there what each word means."""

    name: str
    title: str
    producer: str
    licence: str
    file: str
    covers: str
    published: str
    page: str = ""
    address: str = ""
    sensitivity: str = "open"
    verified: bool = False
    known_from: str = ""
    size: str = ""
    use: str = ""
    bytes: int = 0
    sha256: str = ""

    @property
    def is_monthly(self) -> bool:
        """Whether there is a file a month, so that the months wanted have to be said."""
        return PLACEHOLDER in self.address


WORDS = {name: field for name, field in OpenSource.__dataclass_fields__.items() if name != "name"}
NEEDED = [name for name, field in WORDS.items() if field.default is MISSING]


def is_safe(file: str) -> bool:
    """Return whether a path stays below its folder, on every system."""
    path = PurePosixPath(file)
    plain = not path.is_absolute() and not _FORBIDDEN.search(file) and not file.startswith("~")
    return (
        bool(path.parts)
        and file not in OWN
        and plain
        and all(not part.startswith(".") for part in path.parts)
    )


def _mistakes(words: dict[str, Any]) -> Iterator[str]:
    yield from (f"unknown word {name!r}" for name in sorted(set(words) - set(WORDS)))
    yield from (f"{name!r} is missing" for name in NEEDED if name not in words)
    for name in sorted(set(words) & set(WORDS)):
        if type(words[name]) is not (kind := WORDS[name].type):
            yield f"{name} is {words[name]!r}; it must be of the kind {kind.__name__}"
            return
    file, address = words.get("file", ""), words.get("address", "")
    if not is_safe(file):
        yield f"file is {file!r}; it must be a path below the data folder, no name beginning with ."
    if address and (
        urlsplit(address).scheme not in ("https", "http") or not urlsplit(address).netloc
    ):
        yield f"address is {address!r}; it must begin with https://"
    if address and (PLACEHOLDER in address) != (PLACEHOLDER in file):
        yield f"{PLACEHOLDER} must be in both address and file, or in neither"
    if words.get("sha256") and not _HASH.fullmatch(words["sha256"]):
        yield f"sha256 is {words['sha256']!r}; it must be 64 letters and digits"
    if words.get("bytes", 1) < 1:
        yield f"bytes is {words['bytes']}; it must be 1 or more"


def register(file: Path | None = None) -> dict[str, OpenSource]:
    """
    Read a register of open sources.

    Parameters
    ----------
    file
        A file such as `data/sources.toml`; default: that one, which ships with the project.

    Returns
    -------
    register
        The sources by their names, in the order of the file.

    Raises
    ------
    SettingsError
        If the file is missing, is not TOML, or describes a source wrongly: all of it at once.
    """
    file = file or resource("data", "sources.toml")
    content = read_toml(file)
    found = [f"{name} is no table" for name, words in content.items() if type(words) is not dict]
    tables = {name: words for name, words in content.items() if type(words) is dict}
    found += [f"[{name}] {wrong}" for name, words in tables.items() for wrong in _mistakes(words)]
    files = [words.get("file") for words in tables.values()]
    found += [
        f"{twice} is the file of two sources" for twice in {f for f in files if files.count(f) > 1}
    ]
    if found:
        raise SettingsError(f"{file}: " + "; ".join(found) + ".")
    return {name: OpenSource(name=name, **words) for name, words in tables.items()}


def _unknown(names: Iterable[str], known: dict[str, OpenSource]) -> list[str]:
    told = []
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3, 0.5)
            meant = f"; is {' or '.join(near)} meant?" if near else ""
            told.append(f"{name!r} is not in it{meant}")
    return told


def chosen(
    known: dict[str, OpenSource], names: Iterable[str] = (), *, months: Iterable[str] = ()
) -> list[OpenSource]:
    """
    Return the sources wanted, one entry a file.

    Parameters
    ----------
    known
        The register.
    names
        Names of sources; none means all.
    months
        Months, such as 2024-03, of the sources that have a file a month.

    Returns
    -------
    sources
        Those that have a file a month come once a month; where all are wanted and no month is
        said, they come once, with the month left open.

    Raises
    ------
    SettingsError
        If a name is not in the register, a month is none, or one is needed.
    """
    names, months = list(dict.fromkeys(names)), list(dict.fromkeys(months))
    wrong = _unknown(names, known)
    wrong += [f"{m!r} is no month; write 2024-03" for m in months if not MONTH.fullmatch(m)]
    wanted = [known[name] for name in names or known if name in known]
    monthly = [source.name for source in wanted if source.is_monthly]
    if names and monthly and not months:
        wrong.append(f"{', '.join(monthly)} is monthly. Choose months, such as --month 2024-03")
    if months and wanted and not monthly:
        wrong.append("--month was given, but none of these sources has monthly files")
    if wrong:
        raise SettingsError(
            f"The register of {len(known)} sources cannot be used so: {'; '.join(wrong)}. "
            "vrn fetch --list shows it."
        )
    return [one for source in wanted for one in (_monthly(source, months) or [source])]


def _monthly(source: OpenSource, months: list[str]) -> list[OpenSource]:
    if not source.is_monthly:
        return []
    return [
        replace(
            source,
            address=source.address.replace(PLACEHOLDER, month),
            file=source.file.replace(PLACEHOLDER, month),
        )
        for month in months
    ]
