"""
Keep what a notebook gave, so that it is not run again while nothing it depends on has changed.

What it depends on is five things: the notebook, the package, the data, the settings and the
versions of Python and its packages. A change of any one is a reason to run again.
"""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.core import config, scratch
from vrn_analysis.core.fingerprints import content_hash, package_hash, versions

KEPT = 12  # a notebook's latest runs: a few data folders, each in a few editions
ENTRY = "entry.json"
ON_PAGES_ONLY = ("file", "status", "marking")  # settings that no notebook's outputs depend on


def folder() -> Path:
    """Return the folder of the cache."""
    return config.cache_folder() / "briefing" / "runs"


def dependencies(notebook: NotebookNode, subject: Subject) -> dict[str, str]:
    """Return the hash of each of the five things a notebook's outputs depend on."""
    settings = {k: v for k, v in vars(subject.settings).items() if k not in ON_PAGES_ONLY}
    return {
        "notebook": notebooks.source_hash(notebook),
        "package": package_hash(),
        "data": subject.fingerprint,
        # they may state how many rows were sent
        "settings": subject.keyed_hash([settings, subject.is_sample]),
        "versions": content_hash(versions()),
    }


def _entries(name: str, root: Path) -> list[Path]:
    """Return the kept runs of a notebook, the latest first."""
    found = [entry.parent for entry in (root / name).glob(f"*/{ENTRY}")]
    return sorted(found, key=lambda entry: (entry / ENTRY).stat().st_mtime_ns, reverse=True)


def _about(entry: Path) -> dict:
    return json.loads((entry / ENTRY).read_text(encoding="utf-8"))


def reasons(name: str, depends: dict[str, str], *, root: Path) -> list[str]:
    """
    Return why a notebook must run: what has changed since the nearest kept run; [] if nothing.

    A notebook never run before has the one reason "first run".
    """
    differing = [
        [what for what, value in depends.items() if kept.get(what) != value]
        for kept in (_about(entry)["depends"] for entry in _entries(name, root))
    ]
    return min(differing, key=len, default=["first run"])


def restore(
    name: str, depends: dict[str, str], *, root: Path, output: Path
) -> tuple[NotebookNode, float]:
    """
    Return a kept notebook and the seconds it once took; its tables are copied to `output`.

    Raises
    ------
    FileNotFoundError
        If that run is not kept.
    """
    entry = root / name / content_hash(depends)[:24]
    shutil.copytree(entry / "output", output, dirs_exist_ok=True)
    return nbformat.read(entry / "notebook.ipynb", as_version=4), _about(entry)["seconds"]


def keep(
    notebook: NotebookNode, name: str, depends: dict[str, str], *, output: Path, seconds: float
) -> None:
    """
    Keep an executed notebook and its tables; the oldest beyond `KEPT` runs are dropped.

    A cache that cannot be written keeps nothing, and costs a run its time, not its results.
    """
    home = folder() / name
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        folder().chmod(0o700)
        # of earlier versions: runs with hashes of totals that can be found by counting up
        shutil.rmtree(folder().with_name("notebooks"), ignore_errors=True)
        # aside, so that an entry is whole, whoever else makes the same one at this moment
        with scratch.folder("entry", parent=home) as aside:
            made, entry = aside / "entry", home / content_hash(depends)[:24]
            shutil.copytree(output, made / "output")
            (made / "notebook.ipynb").write_text(notebooks.text(notebook), encoding="utf-8")
            about = json.dumps({"depends": depends, "seconds": seconds})
            (made / ENTRY).write_text(about, encoding="utf-8")
            shutil.rmtree(entry, ignore_errors=True)
            scratch.move(made, entry)
        for old in _entries(name, folder())[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
