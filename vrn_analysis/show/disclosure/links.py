"""
Find the equations that join the cells of a set of tables.

Where one cell is made of others there is an equation; parts that no table shows are cells too,
hidden by absence.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from vrn_analysis.show.disclosure.cells import (
    Atoms,
    Cells,
    Dimensions,
    Key,
    Lattice,
    Nesting,
    Tables,
    counts_of,
    keys,
    lattice,
)


@dataclass
class _Group:
    """Cells that differ in one family only: the whole, if any table shows it, and its parts."""

    parts: dict[Atoms, int] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    whole: int | None = None


class _Builder:
    """Cells by key, while the equations are being found."""

    def __init__(self, levels: Lattice, rows: Mapping[str, list[Key]], counts: Mapping) -> None:
        self.levels = levels
        self.numbers: dict[Key, int] = {}
        self.tables: list[set[str]] = []
        self.values: list[float] = []
        for name, found in rows.items():
            for key, count in zip(found, counts[name], strict=True):
                number = self.number(key)
                self.tables[number].add(name)
                self.values[number] = count
        self.published = len(self.numbers)
        self.regions: dict[frozenset[Atoms], list[Atoms]] = {}

    def number(self, key: Key) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers)
            self.tables.append(set())
            self.values.append(np.nan)
        return self.numbers[key]

    def groups(self) -> dict[str, dict[Key, _Group]]:
        found: dict[str, dict[Key, _Group]] = defaultdict(lambda: defaultdict(_Group))
        for key, number in self.numbers.items():
            for place, (family, atoms) in enumerate(key):
                group = found[family][key[:place] + key[place + 1 :]]
                group.parts[atoms] = number
                group.tables |= self.tables[number]
        for family in found.values():
            for rest, group in family.items():
                group.whole = self.numbers.get(rest)
        return found

    def listing(self, family: dict[Key, _Group]) -> set[str]:
        """Return the tables that list every value of the family that any table shows."""
        shown: dict[str, set[Atoms]] = defaultdict(set)
        for group in family.values():
            for atoms, number in group.parts.items():
                for name in self.tables[number]:
                    shown[name].add(atoms)
        everything = frozenset().union(*(atoms for sets in shown.values() for atoms in sets))
        if all(len(sets) == 1 for sets in shown.values()) and len(set.union(*shown.values())) == 1:
            return set(shown) if self._identical(family) else set()
        return {
            name for name, sets in shown.items()
            if len(sets) > 1 and frozenset().union(*sets) == everything
        }  # fmt: skip

    def _identical(self, family: dict[Key, _Group]) -> bool:
        """Return whether a dimension of one value only repeats what tables without it show."""
        pairs = [
            (self.values[group.whole], self.values[next(iter(group.parts.values()))])
            for group in family.values()
            if group.whole is not None
        ]
        return all(a == b or (np.isnan(a) and np.isnan(b)) for a, b in pairs)

    def add_margins(self) -> None:
        """
        Add totals that connect two tables and appear in neither.

        Such as those between the parts and the total over two dimensions, and those that two
        tables have in common.
        """
        complete = {family: self.listing(found) for family, found in self.groups().items()}
        shown = {frozenset(family for family, _ in key) for key in self.numbers}
        common = sorted({one & other for one in shown for other in shown}, key=sorted)
        nested = {self.levels.family_of(column) for column in self.levels.family}
        for size in range(max(map(len, shown), default=0), 0, -1):
            for (table, families), found in self._by_table(size).items():
                for fewer in common:
                    # a total over one dimension is in a table, though perhaps for larger values
                    direct = len(fewer) == size - 1 and fewer in shown and not fewer & nested
                    if fewer < families and not direct:
                        self._add_between(found, sorted(families - fewer), table, complete)

    def _by_table(self, size: int) -> dict[tuple[str, frozenset], list[Key]]:
        """Return the cells of so many dimensions, by table and dimensions."""
        found: dict[tuple[str, frozenset], list[Key]] = defaultdict(list)
        for key, number in self.numbers.items():
            if len(key) == size:
                for table in sorted(self.tables[number]):
                    found[table, frozenset(family for family, _ in key)].append(key)
        return found

    def _add_between(
        self, keys: list[Key], more: list[str], table: str, complete: Mapping[str, set[str]]
    ) -> None:
        """Add the totals of a table's cells over one dimension of `more`, if it has none."""
        whole = {family: dict.fromkeys(_without(key, family) for key in keys) for family in more}
        if any(all(key in self.numbers for key in wholes) for wholes in whole.values()):
            return
        for family, wholes in whole.items():
            if table in complete[family]:
                for key in wholes:
                    self.tables[self.number(key)].add(table)
                return

    def regions_of(self, sets: Iterable[Atoms]) -> list[Atoms]:
        sets = frozenset(sets)
        if sets not in self.regions:
            self.regions[sets] = _regions(sets)
        return self.regions[sets]

    def sums(self, family: str, rest: Key, group: _Group, listing: set[str]) -> list:
        def number(atoms: Atoms) -> int:
            return self.number(tuple(sorted((*rest, (family, atoms)), key=lambda pair: pair[0])))

        regions = self.regions_of(group.parts)
        found = []
        for atoms, whole in group.parts.items():
            inside = [region for region in regions if region <= atoms]
            if inside != [atoms]:
                found.append((whole, [number(region) for region in inside]))
        if group.whole is not None:
            inside = [*regions, *self.remainder(family, group, listing)]
            found.append((group.whole, [number(region) for region in inside]))
        return found

    def remainder(self, family: str, group: _Group, listing: set[str]) -> list[Atoms]:
        """Return the remainder of the total beyond the parts that are shown."""
        declared = self.levels.everything(family)
        if declared:
            left = declared.difference(*group.parts)
            return [left] if left else []
        complete = group.tables & (listing | self.tables[group.whole])
        return [] if complete else [frozenset([(family, "any other")])]


def _without(key: Key, family: str) -> Key:
    return tuple(pair for pair in key if pair[0] != family)


def _regions(sets: frozenset[Atoms]) -> list[Atoms]:
    """Return the largest sets of atoms that no set cuts in two."""
    signature: dict[Hashable, list[int]] = defaultdict(list)
    for number, atoms in enumerate(sorted(sets, key=sorted)):
        for atom in atoms:
            signature[atom].append(number)
    regions: dict[tuple[int, ...], list[Hashable]] = defaultdict(list)
    for atom in sorted(signature):
        regions[tuple(signature[atom])].append(atom)
    return [frozenset(atoms) for atoms in regions.values()]


def linked(tables: Tables, *, dimensions: Dimensions, nesting: Nesting | None = None) -> Cells:
    """
    Return the cells of a set of tables and the sums that join them.

    A sum is known to any reader where a table shows the whole and its parts; where a table lists
    every value of a dimension whose whole another table shows; and where `nesting` says so.
    """
    levels = lattice(nesting)
    rows = {name: keys(table, dimensions[name], levels) for name, table in tables.items()}
    counts = {name: counts_of(table) for name, table in tables.items()}
    builder = _Builder(levels, rows, counts)
    builder.add_margins()
    found = []
    for family, groups in builder.groups().items():
        listing = builder.listing(groups)
        for rest, group in groups.items():
            found += builder.sums(family, rest, group, listing)
    return Cells(
        keys=list(builder.numbers),
        rows={name: np.array([builder.numbers[key] for key in found], dtype=int)
              for name, found in rows.items()},
        published=builder.published,
        sums=found,
    )  # fmt: skip
