"""
Cells of a set of tables, and the equations that join them.

A cell is what a row counts: for each dimension a set of finest values (atoms), or everything.
Rows that count the same are one cell, whichever table they stand in.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse

TOTAL = "All"
Atoms = frozenset[Hashable]
Key = tuple[tuple[str, Atoms], ...]
# tables by name, and the columns that define what a row of each counts
Tables = Mapping[str, pd.DataFrame]
Dimensions = Mapping[str, Sequence[str]]
Nesting = Mapping[tuple[str, str], Mapping[Hashable, Hashable]]


@dataclass
class Lattice:
    """Which values of which columns are parts of which others."""

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


def _lies_in(part: Mapping[str, Atoms], whole: Mapping[str, Atoms]) -> bool:
    return whole.keys() <= part.keys() and all(part[name] <= whole[name] for name in whole)


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

    def counts(self, tables: Tables) -> np.ndarray:
        """Return the count of each published cell, missing where these tables show none."""
        values = np.full(self.published, np.nan)
        for name, table in tables.items():
            values[self.rows[name]] = counts_of(table)
        return values

    def within(self, tables: Iterable[str]) -> np.ndarray:
        """Return which published cells are in any of these tables."""
        found = np.zeros(self.published, dtype=bool)
        for name in tables:
            found[self.rows[name]] = True
        return found

    def parts_of(self, wholes: Iterable[int]) -> list[int]:
        """Return the cells that no table shows and that are part of one of these."""
        around = [dict(self.keys[number]) for number in wholes]
        hidden = {number: dict(self.keys[number]) for number in range(self.published, len(self))}
        return [n for n, part in hidden.items() if any(_lies_in(part, whole) for whole in around)]

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
