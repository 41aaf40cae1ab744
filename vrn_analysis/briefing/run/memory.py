"""
What approved editions showed, kept beside a briefing: the next edition is checked against it.

It holds protected counts, and which tables count as many records. How many is not in it, nor any
hash of it: the marks by which tables knew each other (`publish.ledger`) become numbers in the order
in which they come, and the secret of the data folder that made them is never with it.
"""

import json
from pathlib import Path
from typing import Any

from vrn_analysis.core import scratch
from vrn_analysis.core.errors import AssessmentError
from vrn_analysis.show.disclosure import PROFILES

REMEMBERED = 4  # editions: a reader may have kept them all, and a year of quarters is checked

Sets = dict[str, dict[str, Any]]


def file(output: Path) -> Path:
    """Return the file beside a briefing in which what approved editions showed is kept."""
    return output.parent / f"{output.name}.approved.json"


def kept(sets: Sets) -> Sets:
    """
    Return what may be kept of sets of protected tables, with a number in place of each mark.

    A set whose profile hides nothing is left out: nothing can be worked out of it that it does not
    show.
    """
    numbers = {"": ""}

    def number(mark: str) -> str:
        return numbers.setdefault(mark, f"total {len(numbers)}")

    def numbered(content: dict[str, Any]) -> dict[str, Any]:
        tables = {
            name: rows | {"marks": {"IN": number(rows["marks"].get("IN", ""))}}
            for name, rows in content["tables"].items()
        }
        return content | {"mark": number(content["mark"]), "tables": tables}

    hiding = {n: one for n, one in sorted(sets.items()) if PROFILES[one["profile"]].threshold > 1}
    return {name: numbered(content) for name, content in hiding.items()}


def read(output: Path) -> list[Sets]:
    """
    Return the tables of the editions approved in this place before, the latest first.

    A file that an earlier version left is written again without the hashes of totals it held.

    Raises
    ------
    AssessmentError
        If the file that holds them cannot be read.
    """
    there = file(output)
    if not there.exists():
        return []
    try:
        found = json.loads(there.read_text(encoding="utf-8"))
        before = [kept(sets) for sets in found]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise AssessmentError(
            f"{there} has the figures of approved editions and cannot be read: {fault}. Restore "
            "it from a copy; without it nobody can tell what two editions give away together."
        ) from None
    if before != found:
        scratch.write_private(there, json.dumps(before))
    return before


def write(output: Path, now: Sets, before: list[Sets]) -> None:
    """Keep what an approved edition showed, in front of the latest of those before it."""
    latest = [now, *(earlier for earlier in before if earlier != now)][:REMEMBERED]
    scratch.write_private(file(output), json.dumps(latest))
