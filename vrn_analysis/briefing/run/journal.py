"""The log of a build: what was read, what ran, and why."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from vrn_analysis import __version__
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.briefing.run import manifest
from vrn_analysis.briefing.run.runner import Result

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
    for told in manifest.inputs(subject, audience="public"):
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
