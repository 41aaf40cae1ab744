"""
What every table must hold: columns, types, units, allowed values, sensitivity.

A contract is data. The data dictionary, the templates sent to partners and the checks are all
made from it. Unknown is null, never a sentinel such as -1, "N/K" or 99.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Type = Literal["string", "integer", "number", "boolean", "date", "timestamp"]
# open: about places or categories; record: about one offence; person: about one person;
# special: special category data about one person
Sensitivity = Literal["open", "record", "person", "special"]

SEXES = ("female", "male", "other")
ETHNIC_GROUPS = ("asian", "black", "mixed", "white", "other")
WEAPONS = ("none", "knife_or_sharp", "firearm", "blunt", "corrosive", "vehicle", "body", "other")
INJURIES = ("none", "minor", "significant", "fatal")
PRECISIONS = ("minute", "hour", "day", "month")
STATUSES = ("recorded", "cancelled", "transferred", "duplicate")
ROLES = ("victim", "suspect")
RELATIONSHIPS = (
    "stranger",
    "acquaintance",
    "friend",
    "colleague",
    "professional",
    "partner",
    "ex_partner",
    "parent",
    "child",
    "sibling",
    "other_family",
    "other",
)


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
    """The columns of one table. `one_of` lists columns of which at least one must be present."""

    name: str
    one_row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Column]:
        """Iterate over the columns, in order."""
        return iter(self.columns)

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]


OFFENCES = Contract(
    "offences",
    "a recorded crime",
    (
        Column(
            "offence_id",
            "string",
            "Identifier of the crime record",
            required=True,
            nullable=False,
        ),
        Column("incident_ref", "string", "Incident that one or more crimes belong to"),
        Column("recording_force", "string", "Police force that recorded the crime", "open"),
        Column(
            "offence_code",
            "string",
            "Home Office counting rules class, such as 8N; a slash sub-code belongs in "
            "offence_subcode",
        ),
        Column("offence_subcode", "string", "Home Office sub-code, such as 8/6"),
        Column("offence_title", "string", "Offence as the source words it"),
        Column(
            "occurred_from",
            "timestamp",
            "Start of the time in which it happened",
            unit="local time",
            required=True,
        ),
        Column(
            "occurred_to",
            "timestamp",
            "End of the time in which it happened",
            unit="local time",
        ),
        Column(
            "time_precision",
            "string",
            "How exactly occurred_from is known",
            allowed=PRECISIONS,
        ),
        Column("recorded_on", "date", "Day the crime was recorded"),
        Column(
            "extracted_on",
            "date",
            "Day of the extract the record came in, where several are joined; the latest is kept",
        ),
        Column(
            "easting",
            "number",
            "British National Grid easting",
            unit="metres, EPSG:27700",
            minimum=0,
            maximum=700_000,
        ),
        Column(
            "northing",
            "number",
            "British National Grid northing",
            unit="metres, EPSG:27700",
            minimum=0,
            maximum=1_300_000,
        ),
        Column("lsoa_code", "string", "Small area of the offence, in the run's vintage"),
        Column(
            "location_type",
            "string",
            "Kind of place, from data/reference/location_types.csv",
        ),
        Column("domestic_flag", "boolean", "Recorded as domestic abuse"),
        Column("sexual_flag", "boolean", "Recorded as having a sexual element"),
        Column(
            "injury_degree",
            "string",
            "Gravest injury to any victim of the crime",
            allowed=INJURIES,
        ),
        Column("weapon", "string", "Gravest weapon used or threatened", allowed=WEAPONS),
        Column("investigation_outcome", "string", "How the investigation stands"),
        Column("status", "string", "Whether the crime record stands", allowed=STATUSES),
    ),
    key=("offence_id",),
    one_of=("offence_code", "offence_title"),
)

PERSONS = Contract(
    "persons",
    "a victim or suspect of a crime",
    (
        Column(
            "offence_id",
            "string",
            "The crime this person is a victim or suspect of",
            "person",
            required=True,
            nullable=False,
        ),
        Column(
            "person_number",
            "integer",
            "Counts the persons of one crime",
            "person",
            minimum=1,
        ),
        Column("person_ref", "string", "Pseudonym, the same for the same person", "person"),
        Column(
            "role",
            "string",
            "Part in the crime",
            "person",
            allowed=ROLES,
            required=True,
            nullable=False,
        ),
        Column(
            "age",
            "integer",
            "Age on the day of the offence",
            "person",
            unit="completed years",
            minimum=0,
            maximum=120,
        ),
        Column(
            "age_band",
            "string",
            "Age band where no age is known, such as 18-24, 65+ or under 18",
            "person",
        ),
        Column("sex", "string", "Sex as recorded", "person", allowed=SEXES),
        Column(
            "self_defined_ethnicity",
            "string",
            "Ethnic group as the person says it, five Census groups",
            "special",
            allowed=ETHNIC_GROUPS,
        ),
        Column(
            "officer_observed_ethnicity",
            "string",
            "Ethnic group as an officer perceived it",
            "special",
            allowed=ETHNIC_GROUPS,
        ),
        Column(
            "relationship_to_victim",
            "string",
            "What the suspect is to the victim",
            "person",
            allowed=RELATIONSHIPS,
        ),
        Column("home_lsoa_code", "string", "Small area where the person lives", "person"),
    ),
    key=("offence_id", "person_number", "role"),
)

LOOKUP = Contract(
    "lookup",
    "a small area and the larger areas it lies in",
    tuple(
        Column(f"{level}_{part}", "string", f"{part.capitalize()} of the {words}", "open",
               required=True, nullable=False)
        for level, words in (
            ("lsoa", "small area"),
            ("msoa", "middle area"),
            ("district", "district"),
        )
        for part in ("code", "name")
    ),
    key=("lsoa_code",),
)  # fmt: skip

POPULATION = Contract(
    "population",
    "the residents of a small area of one sex and single year of age",
    (
        Column("lsoa_code", "string", "Small area", "open", required=True, nullable=False),
        Column(
            "sex",
            "string",
            "Sex; persons where the source does not split",
            "open",
            allowed=("female", "male", "persons"),
            required=True,
            nullable=False,
        ),
        Column(
            "age",
            "integer",
            "Single year of age; 90 holds 90 and over",
            "open",
            unit="completed years",
            minimum=0,
            maximum=90,
            required=True,
            nullable=False,
        ),
        Column(
            "population",
            "number",
            "Usual residents at mid-year",
            "open",
            unit="people",
            minimum=0,
            required=True,
            nullable=False,
        ),
    ),
    key=("lsoa_code", "sex", "age"),
)

DEPRIVATION = Contract(
    "deprivation",
    "the deprivation of a small area",
    (
        Column("lsoa_code", "string", "Small area", "open", required=True, nullable=False),
        Column(
            "index_score",
            "number",
            "Index of multiple deprivation; higher is more deprived; it holds a crime domain",
            "open",
        ),
        Column(
            "income_rate",
            "number",
            "Share of residents in income-deprived households",
            "open",
            unit="proportion",
            minimum=0,
            maximum=1,
            required=True,
            nullable=False,
        ),
        Column(
            "decile",
            "integer",
            "National decile of the index; 1 is most deprived",
            "open",
            minimum=1,
            maximum=10,
        ),
    ),
    key=("lsoa_code",),
)

CONTRACTS = {
    contract.name: contract for contract in (OFFENCES, PERSONS, LOOKUP, POPULATION, DEPRIVATION)
}


def data_dictionary() -> pd.DataFrame:
    """
    Return every column of every contract: one row a column, in the order of the contracts.

    Returns
    -------
    dictionary
        `table, column, type, unit, allowed, required, nullable, sensitivity, description`.
    """
    return pd.DataFrame(
        {
            "table": contract.name,
            "column": column.name,
            "type": column.type,
            "unit": column.unit,
            "allowed": ", ".join(column.allowed),
            "required": column.required,
            "nullable": column.nullable,
            "sensitivity": column.sensitivity,
            "description": column.description,
        }
        for contract in CONTRACTS.values()
        for column in contract
    )
