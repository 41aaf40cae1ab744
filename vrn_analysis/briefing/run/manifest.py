"""The manifest of a briefing, and its log."""

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from vrn_analysis import __version__
from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.briefing.run import cache
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core.fingerprints import (
    MANIFEST,
    PRODUCT,
    content_hash,
    is_briefing,
    sha256,
    versions,
)
from vrn_analysis.read.sources import provenance

FILE = MANIFEST


def run_hash(results: list[Result], subject: Subject) -> str:
    """Return the hash of all that a briefing depends on, 12 letters, printed on its pages."""
    depends = [cache.dependencies(result.notebook, subject) for result in results]
    return content_hash([__version__, depends])[:12]


def rows(results: list[Result], subject: Subject) -> dict[str, Any]:
    """
    Return the rows read that notebooks left in `rows/*.json`, one entry a source.

    In hundreds, as `sources.provenance.for_readers` gives them, where the source is not open.
    """
    counted: dict[str, Any] = {}
    for result in results:
        for file in sorted((result.output / "rows").glob("*.json")):
            counted[file.stem] = json.loads(file.read_text(encoding="utf-8"))
    entries = register(subject, audience=subject.settings.audience)
    for name in {entry["source"] for entry in entries if entry["bytes"] is None} & set(counted):
        counted[name] |= {"rows": provenance.near_hundred(counted[name].get("rows"))}
    return counted


def inputs(subject: Subject, *, audience: str) -> list[dict[str, Any]]:
    """
    Return one entry a file of the data folder: its path and, where a reader may have them, more.

    Size and hash are told of files of open sources; to an internal audience, of all.
    """
    entries = register(subject, audience=audience)
    told = {entry["file"] for entry in entries if entry["bytes"] is not None}
    if audience == "internal":
        told = set(subject.inputs)
    return [
        {"file": path} | (about if path in told else {})
        for path, about in sorted(subject.inputs.items())
    ]


def _csv_rows(file: Path) -> tuple[int, list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as content:
        lines = csv.reader(content)
        header = next(lines, [])
        return sum(1 for _ in lines), header


def tables(folder: Path) -> list[dict[str, Any]]:
    """Return one entry a CSV file below a folder: its path, rows, columns and hash."""
    entries = []
    for file in sorted(folder.rglob("*.csv")):
        count, header = _csv_rows(file)
        path = file.relative_to(folder).as_posix()
        entries.append({"file": path, "rows": count, "columns": header, "sha256": sha256(file)})
    return entries


def register(subject: Subject, *, audience: str) -> list[dict[str, Any]]:
    """Return the register of sources as an audience may have it, one entry a file."""
    hashes = {path: about["sha256"] for path, about in subject.inputs.items()}
    found = provenance.sources(subject.folder, subject.settings, hashes=hashes)
    return provenance.entries(provenance.for_readers(found, audience=audience))


def manifest(
    results: list[Result], subject: Subject, *, folder: Path, started: datetime
) -> dict[str, Any]:
    """
    Return the manifest of a briefing whose tables lie in `folder`.

    It names no folder of the machine it was made on.
    """
    audience = subject.settings.audience
    settings = {k: v for k, v in vars(subject.settings).items() if k not in ("file", "sources")}
    return {
        "product": PRODUCT,
        "vrn_analysis": __version__,
        "run": run_hash(results, subject),
        "data": subject.fingerprint,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "settings": {"file": subject.settings.file.name} | settings,
        "sources": register(subject, audience=audience),
        "inputs": inputs(subject, audience=audience),
        "rows": rows(results, subject),
        "tables": tables(folder),
        "notebooks": [
            {
                "name": result.name,
                "source_sha256": notebooks.source_hash(result.notebook),
                "seconds": round(result.seconds, 1),
                "from_cache": not result.reasons,
            }
            for result in results
        ],
        "versions": versions(),
    }


def write(content: dict[str, Any], folder: Path) -> None:
    """Write the manifest into a folder."""
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of the briefing in a folder; {} where there is none."""
    return json.loads((folder / FILE).read_text(encoding="utf-8")) if is_briefing(folder) else {}


def warnings(folder: Path) -> list[str]:
    """Return the warnings of the briefing in a folder; none where it has no manifest."""
    return read(folder).get("warnings", [])


LOG = "briefing.log"


WARNING = "WARNING"


def note(log: Path, text: str) -> None:
    """Add a line to a log file."""
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {text}\n")


def note_start(log: Path, subject: Subject) -> None:
    """Note the versions, the settings and every input, as an edition for everybody may tell it."""
    note(log, f"vrn_analysis {__version__}, settings {subject.settings.file.name}")
    note(log, f"data {subject.folder.name}, kind {subject.settings.kind}, {subject.fingerprint}")
    for told in inputs(subject, audience="public"):
        note(log, f"input {', '.join(f'{name} {value}' for name, value in told.items())}")


def note_warnings(log: Path, warnings: Iterable[str]) -> None:
    """Note what the makers of a briefing should look at."""
    for warning in warnings:
        note(log, f"{WARNING} {warning}")


def warned(log: Path) -> list[str]:
    """Return the warnings in a log."""
    lines = log.read_text(encoding="utf-8").splitlines()
    return [line.partition(f" {WARNING} ")[2] for line in lines if f" {WARNING} " in line]


def note_result(log: Path, result: Result) -> None:
    """Note how a notebook ended."""
    how = f"run because: {', '.join(result.reasons)}" if result.reasons else "unchanged, from cache"
    note(log, f"notebook {result.name}, {result.seconds:.1f} s, {how}")
    if result.failure:
        note(log, f"FAILED {result.failure}\n{result.failure.trace}")
