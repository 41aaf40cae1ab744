"""Whether the briefing in its place is what would be made again."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vrn_analysis import config
from vrn_analysis.briefing import cache, commentary, frame, journal, manifest, notebooks, printing
from vrn_analysis.briefing.editions import Asked, Plan

SEAL = "seal"  # of the manifest: what the briefing was made from, and what it then held
BESIDE = (manifest.FILE, journal.LOG)


def _sha(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


def made_from(plans: list[Plan], asked: Asked) -> str:
    """
    Return the hash of all that a briefing depends on, more than its notebooks do.

    That is: what each notebook depends on, the code and templates that make pages, the settings,
    the commentary, what was asked, and whether there is a browser to print with.
    """
    parts = [
        [
            [cache.dependencies(notebooks.read(file), plan.subject) for file in plan.files],
            vars(plan.subject.settings),
            {number: vars(said) for number, said in commentary.of_plan(plan).items()},
        ]
        for plan in plans
    ]
    pages = [_hashes(config.PACKAGE / "briefing"), _hashes(frame.TEMPLATE)]
    return _sha([parts, pages, asdict(asked), bool(printing.browser())])


def _held(folder: Path) -> str:
    return _sha({name: sha for name, sha in _hashes(folder).items() if name not in BESIDE})


def seal(folder: Path, of: str) -> None:
    """Write into the manifest what a finished briefing was made from, and what it holds."""
    about = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
    manifest.write(about | {SEAL: {"made_from": of, "holds": _held(folder)}}, folder)


def is_in_place(folder: Path, of: str) -> bool:
    """
    Tell whether a folder holds the finished briefing of the same making, as it was left.

    Parameters
    ----------
    of
        As `made_from` returns it.
    """
    if not manifest.is_briefing(folder):
        return False
    about = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
    return about.get(SEAL) == {"made_from": of, "holds": _held(folder)}
