"""
What a set of tables says about each other: cells, and the equations that join them.

A cell is what a row counts: for each dimension a set of finest values (atoms), or everything.
Rows that count the same are one cell, whichever table they stand in. Where one cell is made of
others there is an equation; parts that no table shows are cells too, hidden by absence.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse

TOTAL = "All"
Atoms = frozenset[Hashable]
Key = tuple[tuple[str, Atoms], ...]
Nesting = Mapping[tuple[str, str], Mapping[Hashable, Hashable]]


@dataclass
class Lattice:
    """Which values of which columns are made of which others."""

    family: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    known: dict[tuple[str, str], Atoms] = field(default_factory=dict)

    def family_of(self, column: str) -> str:
        """Return the name of the columns that are levels of the same thing."""
        while self.family.get(column, column) != column:
            column = self.family[column]
        return column

    def atoms(self, column: str, label: str) -> Atoms:
        """Return the finest values that a value is made of."""
        name = (column, label)
        if name not in self.known:
            parts = self.parts.get(name, [])
            self.known[name] = (
                frozenset().union(*(self.atoms(*part) for part in parts))
                if parts
                else frozenset([name])
            )
        return self.known[name]

    def everything(self, family: str) -> Atoms:
        """Return the finest values that are declared to make up `All`, if they are declared."""
        columns = [name for name in {*self.family, family} if self.family_of(name) == family]
        declared = [c for c in sorted(columns) if (c, TOTAL) in self.parts]
        return frozenset().union(*(self.atoms(column, TOTAL) for column in declared))


def label(value: Hashable) -> str:
    """Return the text by which equal values of different types are known to be equal."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%dT%H:%M")
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def lattice(nesting: Nesting | None) -> Lattice:
    """Return the nesting as atoms: the keys of `nesting` are (part column, whole column)."""
    result = Lattice()
    for (part_column, whole_column), wholes in (nesting or {}).items():
        result.family[result.family_of(part_column)] = result.family_of(whole_column)
        for part, whole in wholes.items():
            for each in whole if isinstance(whole, list | tuple | set) else [whole]:
                name = (whole_column, label(each))
                result.parts.setdefault(name, []).append((part_column, label(part)))
    return result


def counts_of(table: pd.DataFrame) -> np.ndarray:
    """Return the counts of a table as floats, missing as NaN."""
    return table["count"].astype("Float64").to_numpy(float, na_value=np.nan)


def keys(table: pd.DataFrame, dimensions: Sequence[str], levels: Lattice) -> list[Key]:
    """Return what each row of a table counts."""
    families = {column: levels.family_of(column) for column in dimensions}
    columns = []
    for column in dimensions:
        sets = {
            value: None if label(value) == TOTAL else levels.atoms(column, label(value))
            for value in table[column].unique()
        }
        columns.append([sets[value] for value in table[column]])
    found = []
    for row in zip(*columns, strict=True):
        key: dict[str, Atoms] = {}
        for column, atoms in zip(dimensions, row, strict=True):
            if atoms is not None:
                family = families[column]
                key[family] = key[family] & atoms if family in key else atoms
        found.append(tuple(sorted(key.items(), key=lambda item: item[0])))
    return found if dimensions else [()] * len(table)


@dataclass
class Cells:
    """
    Every cell of a set of tables.

    `rows` gives, for each table, the number of each row's cell. Cells from `published` on stand
    in no table. Each of `sums` is a cell and the cells that it is the sum of.
    """

    keys: list[Key]
    rows: dict[str, np.ndarray]
    published: int
    sums: list[tuple[int, list[int]]]

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.keys)

    def counts(self, tables: Mapping[str, pd.DataFrame]) -> np.ndarray:
        """Return the count of each published cell, missing where these tables show none."""
        values = np.full(self.published, np.nan)
        for name, table in tables.items():
            values[self.rows[name]] = counts_of(table)
        return values

    def within(self, tables: Iterable[str]) -> np.ndarray:
        """Return which published cells stand in any of these tables."""
        found = np.zeros(self.published, dtype=bool)
        for name in tables:
            found[self.rows[name]] = True
        return found

    def places(self) -> dict[int, tuple[str, int]]:
        """Return the first table and row that shows each published cell."""
        found: dict[int, tuple[str, int]] = {}
        for name, numbers in self.rows.items():
            for row, number in enumerate(numbers.tolist()):
                found.setdefault(number, (name, row))
        return found

    def words(self, number: int) -> str:
        """Return what a cell counts, in words."""
        return "; ".join(
            ", ".join(sorted(f"{column} {value}" for column, value in atoms)[:3])
            + (f" and {len(atoms) - 3} more" if len(atoms) > 3 else "")
            for _, atoms in self.keys[number]
        )

    def equations(self) -> sparse.csr_matrix:
        """Return one row an equation: its product with the true counts is 0."""
        row, column, sign = [], [], []
        for number, (whole, parts) in enumerate(self.sums):
            row += [number] * (1 + len(parts))
            column += [whole, *parts]
            sign += [-1.0] + [1.0] * len(parts)
        return sparse.csr_matrix((sign, (row, column)), shape=(len(self.sums), len(self)))


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
        """Whether a dimension of one value only repeats what tables without it show."""
        pairs = [
            (self.values[group.whole], self.values[next(iter(group.parts.values()))])
            for group in family.values()
            if group.whole is not None
        ]
        return all(a == b or (np.isnan(a) and np.isnan(b)) for a, b in pairs)

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
        """Return what the whole holds beyond the parts that are shown."""
        declared = self.levels.everything(family)
        if declared:
            left = declared.difference(*group.parts)
            return [left] if left else []
        complete = group.tables & (listing | self.tables[group.whole])
        return [] if complete else [frozenset([(family, "any other")])]


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


def linked(
    tables: Mapping[str, pd.DataFrame],
    *,
    dimensions: Mapping[str, Sequence[str]],
    nesting: Nesting | None = None,
) -> Cells:
    """
    Return the cells of a set of tables and the sums that join them.

    A sum is known to any reader where a table shows the whole and its parts; where a table lists
    every value of a dimension whose whole another table shows; and where `nesting` says so.
    """
    levels = lattice(nesting)
    rows = {name: keys(table, dimensions[name], levels) for name, table in tables.items()}
    counts = {name: counts_of(table) for name, table in tables.items()}
    builder = _Builder(levels, rows, counts)
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
