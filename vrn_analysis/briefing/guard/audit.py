"""
A reader of the whole briefing, who sets every table beside every other.

Notebooks protect their tables apart. Here all that they show of the same records is put together,
across notebooks and editions, those approved before too, and attacked: `disclosure.audit` works
out what the whole gives away. Tables of the same records know each other by what is counted, or
by their totals.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.briefing.run import memory
from vrn_analysis.briefing.run.memory import Sets
from vrn_analysis.core.config import AUDIENCES
from vrn_analysis.core.errors import DataError, DisclosureError, listed
from vrn_analysis.show import disclosure
from vrn_analysis.show.disclosure import PROFILES
from vrn_analysis.show.publish import ledger

RECORDS = "records"  # every record read, of which those that are IN count
MOST_NAMED = 5
WHEN = {"month", "period"}
# the bound of a headline, as a set of outcomes
OUTCOMES = ("outcome", "outcome", [["IN", "IN + UNKNOWN"], ["UNKNOWN", "IN + UNKNOWN"]])


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

    def attacked(self) -> pd.DataFrame:
        """Return what can be worked out, as `disclosure.audit` does: only what is not safe."""
        asked = {"dimensions": self.dimensions, "nesting": self.nesting, "profile": self.profiles}
        found = disclosure.audit(self.tables, **asked)
        return found[~found["safe"]]


def read(folder: Path) -> Sets:
    """Return the sets of protected tables that notebooks left below a folder, by file name."""
    return {
        file.relative_to(folder).as_posix().replace(f"{ledger.FOLDER}/", ""): json.loads(
            file.read_text(encoding="utf-8")
        )
        for file in sorted(folder.rglob("*.json"))
        if file.parent.name == ledger.FOLDER
    }


def _of_records(found: Mapping[str, Any]) -> bool:
    """Whether a set is of all records, told by whether they count."""
    return all(set(t["dimensions"]) & set(ledger.DECIDED) for t in found["tables"].values())


def _marks_in(sets: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return how many records count, as marks, by the tables that tell them from the others."""
    tables = [table for found in sets if _of_records(found) for table in found["tables"].values()]
    return {table["marks"].get("IN", "") for table in tables} - {""}


def _universe(name: str, found: Mapping[str, Any], counting: set[str]) -> str:
    """Return what a set counts; a set that nothing tells stands alone."""
    if found["of"]:
        return found["of"]
    if _of_records(found) or found["mark"] in counting:
        return RECORDS
    return found["mark"] or name


def _table(content: Mapping[str, Any], given: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Return one table, with what holds of all of it as dimensions of one value."""
    # a bound of the headline is a set of outcomes
    columns = ["outcome" if name == "bound" else name for name in content["dimensions"]]
    counts = pd.array(content["count"], dtype="Int64")
    table = pd.DataFrame({"count": counts})
    for name, labels in zip(columns, content["labels"], strict=True):
        table[name] = pd.array(labels, dtype="str")
    given = {
        name: value
        for name, value in given.items()
        if name not in columns and not (name == "period" and WHEN & set(columns))
    }
    return table.assign(**given), [*columns, *given]


def together(sets: Sets) -> dict[str, Counted]:
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
        counted, period = found[universe], content["period"]
        named = universe == RECORDS or bool(content["of"])
        given = {"period": period} if named and content["months"] else {}
        if given:
            counted.nest([("month", "period", [[month, period] for month in content["months"]])])
        if universe == RECORDS:
            given["outcome"] = "IN"
            counted.nest([OUTCOMES])
        counted.nest(content["nesting"])
        for name, rows in content["tables"].items():
            table, columns = _table(rows, given)
            title = f"{file.removesuffix('.json')} {name}"
            counted.add(title, table, columns, content["profile"])
    return dict(found)


def _rank(audience: str) -> int:
    return AUDIENCES.index(audience) if audience in AUDIENCES else 0


def _readers(sets: Sets) -> list[Sets]:
    """Return what each kind of reader has: editions for it, and those that more may read."""
    audiences = sorted({_rank(found["audience"]) for found in sets.values()})
    return [
        {name: found for name, found in sets.items() if _rank(found["audience"]) >= audience}
        for audience in audiences
    ]


def _told(unsafe: pd.DataFrame) -> list[str]:
    """Return in words what can be worked out: tables and cells, never a count."""
    found = []
    for name, rows in unsafe.groupby("table"):
        where = "; ".join(rows["cell"].head(MOST_NAMED))
        found.append(
            f"table {name}: {len(rows)} small counts are shown or can be worked out ({where})"
            if name
            else f"{len(rows)} counts that no table shows can be worked out from several ({where})"
        )
    return found


def problems(sets: Sets) -> list[str]:
    """
    Return what a reader of a whole briefing could work out: tables and cells, never a count.

    Parameters
    ----------
    sets
        As `read` returns them.
    """
    found = []
    for seen in _readers(sets):
        for counted in together(seen).values():
            try:
                found += _told(counted.attacked())
            except (DataError, DisclosureError) as fault:
                found.append(
                    f"{fault}. Two tables mean different things by one name: say with of= what "
                    "each counts, where they are protected"
                )
    return list(dict.fromkeys(found))


def earlier_problems(sets: Sets, earlier: Sets) -> list[str]:
    """
    Return what a reader could work out who has kept an earlier edition.

    A row that the new tables contradict was revised, and is left out. Two editions bound what
    they do not show, such as the months between; that is a problem where it is surely small.

    Parameters
    ----------
    sets, earlier
        As `read` returns them.
    """
    found = []
    before = {f"earlier {name}": content for name, content in earlier.items()}
    named = {content["of"] for content in sets.values()} | {RECORDS}
    for seen in _readers(sets | before):
        for universe, counted in together(seen).items():
            # of different deliveries only what is named is known to be the same
            found += _small_between(counted) if universe in named - {""} else []
    return list(dict.fromkeys(found))


def _small_between(counted: Counted) -> list[str]:
    """Return the small counts that tables of two deliveries bound, in words."""
    unrevised = _unrevised(counted)
    try:
        unsafe = unrevised.attacked()
    except DisclosureError:
        return []  # what contradicts the new sums was counted otherwise, and bounds nothing
    most = min(PROFILES[profile].threshold for profile in unrevised.profiles.values()) - 1
    return _told(unsafe[(unsafe["lower"] >= 1) & (unsafe["upper"] <= most)])


def _unrevised(counted: Counted) -> Counted:
    """Return the tables without those rows of earlier editions that the new ones contradict."""
    new = {name for name in counted.tables if not name.startswith("earlier ")}
    old = {name: table for name, table in counted.tables.items() if name not in new}
    kept = disclosure.uncontradicted(
        old,
        {name: counted.tables[name] for name in new},
        dimensions=counted.dimensions,
        nesting=counted.nesting,
        profile=counted.profiles,
    )
    tables = {name: kept.get(name, table) for name, table in counted.tables.items()}
    return Counted(tables, counted.dimensions, counted.profiles, counted.nesting)


def check(made: Path, *, output: Path, is_approved: bool = False) -> None:
    """
    Attack all editions in a folder together, and with those approved before; take the ledger away.

    Parameters
    ----------
    made
        The folder, with every edition in it.
    output
        Where it will be moved.
    is_approved
        Whether these editions are for readers: they are then remembered.

    Raises
    ------
    DisclosureError
        If a reader of it all could work out a hidden count; the message names tables and cells,
        never a count.
    """
    sets, before = read(made), memory.read(output)
    now, found = memory.kept(sets), problems(sets)
    for earlier in before:
        found += earlier_problems(sets, earlier) if earlier != now else []
    if found:
        raise DisclosureError(
            f"The briefing was refused: {len(found)} of its tables or pairs of tables give hidden "
            f"counts away to a reader who has them all: {listed(found)}. "
            "Protect them together with publish.protect, or count fewer groups."
        )
    for folder in made.rglob(ledger.FOLDER):
        shutil.rmtree(folder)
    if is_approved:
        memory.write(output, now, before)
