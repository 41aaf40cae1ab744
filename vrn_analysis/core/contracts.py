"""
Contracts of all tables: columns, types, units, allowed values, sensitivity.

A contract is data: a row a column in `data/reference/contracts.csv`, a row a table in
`contract_tables.csv`. The data dictionary, the templates sent to partners and the checks are all
made from it. Unknown is null, never a sentinel such as -1, "N/K" or 99. A health source comes as
records or as counts already added up; in a column `count` a blank is "not reported" or "not known"
and 0 is a report of none.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from vrn_analysis.core.config import reference_rows

Type = Literal["string", "integer", "number", "boolean", "date", "timestamp"]
# open: about places or categories; record: about one offence; person: about one person;
# special: special category data about one person
Sensitivity = Literal["open", "record", "person", "special"]


@dataclass(frozen=True)
class Column:
    """One column of a contract."""

    name: str
    type: Type
    description: str
    sensitivity: Sensitivity = "record"
    unit: str = ""
    allowed: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False
    nullable: bool = True


@dataclass(frozen=True)
class Contract:
    """
    The columns of one table. `one_of` lists columns of which at least one must be present.

    `retention` says how long a partner's table may be kept, where that is not the run's to say.
    """

    name: str
    one_row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    retention: str = ""

    def __iter__(self) -> Iterator[Column]:
        """Iterate over the columns, in order."""
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        """Return the column of a name."""
        return self.columns[self.names.index(name)]

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]


def engine_type(column: Column) -> str:
    """Return the engine's name of the type of a column."""
    return {"integer": "int64", "number": "float64"}.get(column.type, column.type)


def _column(row: dict[str, str]) -> Column:
    return Column(
        name=row["column"],
        type=row["type"],
        description=row["description"],
        sensitivity=row["sensitivity"],
        unit=row["unit"],
        allowed=tuple(filter(None, row["allowed"].split("; "))),
        minimum=int(row["minimum"]) if row["minimum"] else None,
        maximum=int(row["maximum"]) if row["maximum"] else None,
        required=row["required"] == "yes",
        nullable=row["nullable"] == "yes",
    )


def _read() -> dict[str, Contract]:
    columns, tables = map(reference_rows, ("contracts.csv", "contract_tables.csv"))
    return {
        table["table"]: Contract(
            name=table["table"],
            one_row=table["one_row"],
            columns=tuple(_column(row) for row in columns if row["table"] == table["table"]),
            key=tuple(table["key"].split()),
            one_of=tuple(table["one_of"].split()),
            retention=table["retention"],
        )
        for table in tables
    }


CONTRACTS = _read()
OFFENCES, PERSONS = CONTRACTS["offences"], CONTRACTS["persons"]
# each source as records and as counts; admissions come as counts only
HEALTH = {
    "attendances": (CONTRACTS["attendances"], CONTRACTS["attendance_counts"]),
    "ambulance": (CONTRACTS["ambulance"], CONTRACTS["ambulance_counts"]),
    "admissions": (CONTRACTS["admissions"], CONTRACTS["admissions"]),
}
# free text can contain a name, so only its presence is reported
FREE_TEXT = ("method_text", "location_text")
# what sources write for "not known"
NOT_KNOWN = (
    "-", "n/a", "n/k", "na", "nk", "nan", "null", "not known", "not recorded", "unknown",
)  # fmt: skip
# crimes that were recorded and do not count as recorded any more
FALLEN = ("cancelled", "transferred", "duplicate")
# a label of unknown meaning may decide a record, which therefore stays undecided
UNCLEAR = "unclear"
INJURIES, WEAPONS = OFFENCES["injury_degree"].allowed, OFFENCES["weapon"].allowed
ROLES = tuple(word for word in PERSONS["role"].allowed if word != UNCLEAR)
SEXES = PERSONS["sex"].allowed
ETHNIC_GROUPS = PERSONS["self_defined_ethnicity"].allowed
RELATIONSHIPS = tuple(word for word in PERSONS["relationship_to_victim"].allowed if word != UNCLEAR)


def data_dictionary() -> pd.DataFrame:
    """
    Return every column of every contract: one row a column, in the order of the contracts.

    Returns
    -------
    dictionary
        `table, column, type, unit, allowed, required, nullable, sensitivity, description`.
    """
    columns = [
        {"table": contract.name, "column": column.name, **asdict(column)}
        | {"allowed": ", ".join(column.allowed)}
        for contract in CONTRACTS.values()
        for column in contract
    ]
    names = "table column type unit allowed required nullable sensitivity description"
    return pd.DataFrame(columns)[names.split()]
