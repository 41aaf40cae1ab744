"""Everything a reader can open, and what each place gives away under the profiles in use."""

import json
from collections.abc import Mapping
from pathlib import Path

from vrn_analysis.briefing.guard import audit, leaks
from vrn_analysis.briefing.run import manifest
from vrn_analysis.show.disclosure import PROFILES, Profile
from vrn_analysis.show.publish import ledger

USUAL = "nhs_round5"  # the profile of a briefing that names none


def rules(folder: Path) -> list[Profile]:
    """Return the disclosure profiles of a briefing: its manifest's, and those of its tables."""
    file = folder / manifest.FILE
    about = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    used = {found["profile"] for found in audit.read(folder / ledger.FOLDER).values()}
    asked = {about.get("settings", {}).get("disclosure_profile", USUAL), *used}
    return [PROFILES[name] for name in sorted(asked)]


def _shown(folder: Path) -> set[int]:
    """Return every count that a protected table of a briefing shows."""
    sets = audit.read(folder / ledger.FOLDER).values()
    tables = [table for found in sets for table in found["tables"].values()]
    return {count for table in tables for count in table["count"] if count is not None}


def _own_files(folder: Path) -> list[Path]:
    """Return the files of one edition: not those of editions in folders of their own."""
    inner = [file.parent for file in folder.glob(f"*/{manifest.FILE}")]
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and ledger.FOLDER not in file.relative_to(folder).parts
        and not any(edition in file.parents for edition in inner)
    ]


def _found_in(file: Path, profiles: list[Profile], shown: set[int]) -> list[str]:
    """Return what a file that is no page gives away by itself."""
    if file.suffix == ".csv":
        return [*leaks.csv_problems(file, profiles), *leaks.unprotected(file, shown)]
    if file.suffix == ".json" and file.name != manifest.FILE:
        return leaks.json_problems(file.read_text(encoding="utf-8"), profiles)
    if file.suffix == ".svg":
        # without the XML declaration, which no page has
        drawn = file.read_text(encoding="utf-8").partition("<svg")
        return leaks.said_problems("".join(drawn[1:]), profiles)
    if file.suffix == ".gpkg":
        return leaks.geopackage_problems(file, profiles)
    if file.suffix in (".xlsx", ".pptx"):
        look = leaks.sheet_problems if file.suffix == ".xlsx" else leaks.slide_problems
        problems = look(file, sorted(file.parent.rglob("*.csv")))
        return [*problems, *leaks.office_problems(file, profiles)]
    if file.suffix in leaks.OFFICE:
        return leaks.office_problems(file, profiles)
    return []


def disclosures(folder: Path, pages: Mapping[Path, str]) -> list[str]:
    """
    Return every place of a briefing that gives away a count which its profiles hide.

    Parameters
    ----------
    pages
        Its pages, by their files.
    """
    profiles, shown, found = rules(folder), _shown(folder), []
    for file, html in pages.items():
        words = leaks.said_problems(html, profiles)
        words += leaks.table_problems(html, folder, profiles)
        words += leaks.script_problems(html, profiles)
        found += [f"{file.name}: {problem}" for problem in words]
    for file in _own_files(folder):
        name = file.relative_to(folder).as_posix()
        found += [f"{name}: {problem}" for problem in _found_in(file, profiles, shown)]
    return found
