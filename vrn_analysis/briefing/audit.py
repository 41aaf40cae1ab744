"""
A reader of the whole briefing, who sets every table beside every other.

Notebooks protect their tables apart. Here all that they show of the same records is put together,
across notebooks and editions, and attacked: `disclosure.audit` works out what the whole gives
away. Tables of the same records know each other by what is counted, or by their totals.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis import disclosure
from vrn_analysis.disclosure import PROFILES
from vrn_analysis.errors import DataError, DisclosureError
from vrn_analysis.publish import ledger

RECORDS = "records"  # every record read, of which those that are IN count
MOST_NAMED = 5
# the bound of a headline, as a set of outcomes
OUTCOMES = {("outcome", "outcome"): {"IN": "IN + UNKNOWN", "UNKNOWN": "IN + UNKNOWN"}}


@dataclass
class Counted:
    """Protected tables of the same records, with what is part of what."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    dimensions: dict[str, list[str]] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)
    nesting: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)

    def add(self, name: str, table: pd.DataFrame, dimensions: list[str], profile: str) -> None:
        """Add one table."""
        self.tables[name], self.dimensions[name] = table, dimensions
        self.profiles[name] = profile

    def nest(self, pairs: Iterable[tuple[str, str, list[list[str]]]]) -> None:
        """Add what lies in what."""
        for part_column, whole_column, inside in pairs:
            wholes = self.nesting.setdefault((part_column, whole_column), {})
            for part, whole in inside:
                found = wholes.setdefault(part, [])
                if whole not in found:
                    found.append(whole)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the sets of protected tables that notebooks left below a folder, by file name."""
    return {
        file.relative_to(folder).as_posix(): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob(f"{ledger.FOLDER}/*.json"))
    }


def _of_records(found: dict[str, Any]) -> bool:
    """Whether a set is of all records, told by whether they count."""
    return all(set(t["dimensions"]) & set(ledger.DECIDED) for t in found["tables"].values())


def _marks_in(sets: Iterable[dict[str, Any]]) -> set[str]:
    """Return how many records count, as marks, by the tables that tell them from the others."""
    tables = [table for found in sets if _of_records(found) for table in found["tables"].values()]
    return {table["marks"].get("IN", "") for table in tables} - {""}


def _universe(name: str, found: dict[str, Any], counting: set[str]) -> str:
    """Return what a set counts; a set that nothing tells stands alone."""
    if found["of"]:
        return found["of"]
    if _of_records(found) or found["mark"] in counting:
        return RECORDS
    return found["mark"] or name


def _table(content: dict[str, Any]) -> tuple[pd.DataFrame, list[str]]:
    """Return one table; a bound of the headline is a set of outcomes."""
    columns = ["outcome" if name == "bound" else name for name in content["dimensions"]]
    table = pd.DataFrame(dict(zip(columns, content["labels"], strict=True)))
    counts = pd.array(content["count"], dtype="Int64")
    if not columns:
        table = pd.DataFrame(index=range(len(counts)))
    return table.assign(count=counts), columns


def together(sets: dict[str, dict[str, Any]]) -> dict[str, Counted]:
    """
    Return the protected tables by what they count.

    Parameters
    ----------
    sets
        As `read` returns them.
    """
    counting = _marks_in(sets.values())
    found: dict[str, Counted] = defaultdict(Counted)
    for file, content in sets.items():
        universe = _universe(file, content, counting)
        counted = found[universe]
        counted.nest(content["nesting"])
        for name, rows in content["tables"].items():
            table, columns = _table(rows)
            if universe == RECORDS and "outcome" not in columns:
                table, columns = table.assign(outcome="IN"), [*columns, "outcome"]
            title = f"{Path(file).stem} {name}"
            counted.add(title, table, columns, content["profile"])
    if RECORDS in found:
        found[RECORDS].nest([(*pair, [*wholes.items()]) for pair, wholes in OUTCOMES.items()])
    return dict(found)


def _unsafe(counted: Counted) -> pd.DataFrame:
    """Return what a reader of every edition, and one of each alone, can work out."""
    looks = {name: {**counted.profiles} for name in ("every edition",)}
    names = sorted(set(counted.profiles.values()))
    if len(names) > 1:
        looks |= {
            name: {t: p for t, p in counted.profiles.items() if p == name} for name in names
        }
    found = [
        disclosure.audit(
            {name: counted.tables[name] for name in profiles},
            dimensions=counted.dimensions,
            profile=profiles,
            nesting=counted.nesting,
        )
        for profiles in looks.values()
    ]
    every = pd.concat(found, ignore_index=True)
    return every[~every["safe"]]


def problems(sets: dict[str, dict[str, Any]]) -> list[str]:
    """
    Return what a reader of a whole briefing could work out: tables and rows, never a count.

    Parameters
    ----------
    sets
        As `read` returns them.
    """
    found = []
    for counted in together(sets).values():
        try:
            unsafe = _unsafe(counted)
        except (DataError, DisclosureError) as fault:
            tables = ", ".join(list(counted.tables)[:MOST_NAMED])
            found.append(
                f"tables that seem to count the same records cannot be set beside each other "
                f"({tables}): {fault} Say what is counted with of= where it differs"
            )
            continue
        for name, rows in unsafe.groupby("table"):
            where = "; ".join(rows["cell"].head(MOST_NAMED))
            found.append(
                f"table {name}: {len(rows)} small counts are shown or can be worked out ({where})"
                if name
                else f"{len(rows)} counts that no table shows can be worked out from several "
                f"({where})"
            )
    return found
