"""What a contract is made of: columns with types, units, allowed values and sensitivity."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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
    minimum: float | None = None
    maximum: float | None = None
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

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]
