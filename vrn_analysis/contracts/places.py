"""The contracts of places and the people who live in them."""

from typing import Any

from vrn_analysis.contracts.columns import Column, Contract, Type

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


def _open(name: str, type_: Type, description: str, **more: Any) -> Column:
    return Column(name, type_, description, "open", required=True, nullable=False, **more)


SMALL_AREA_CHANGE = Contract(
    "small_area_change",
    "a small area of an older set and one of a newer that share land",
    (
        _open("older_code", "string", "Small area of the older set, such as that of 2011"),
        _open("newer_code", "string", "Small area of the newer set, such as that of 2021"),
    ),
    key=("older_code", "newer_code"),
)

CUSTOM_AREAS = Contract(
    "custom_areas",
    "a small area and the partnership's own area it is in, such as a beat",
    (
        _open("lsoa_code", "string", "Small area, whole"),
        _open("area_code", "string", "Code of the partnership's own area"),
        _open("area_name", "string", "Its name"),
    ),
    key=("lsoa_code",),
)

WORKDAY_POPULATION = Contract(
    "workday_population",
    "the people who are in a small area on a workday",
    (
        _open("lsoa_code", "string", "Small area"),
        _open("population", "number", "People there on a workday", unit="people", minimum=0),
    ),
    key=("lsoa_code",),
)

ASSET_POINTS = Contract(
    "asset_points",
    "a place that is strong for its community: never a person, and no contact",
    (
        _open("name", "string", "Name of the place"),
        _open("kind", "string", "What it is, such as a youth centre"),
        _open("easting", "number", "East, British National Grid", unit="metres", minimum=0),
        _open("northing", "number", "North, British National Grid", unit="metres", minimum=0),
    ),
    key=("name", "easting", "northing"),
)

OTHER_FORCES = Contract(
    "other_forces",
    "a police force's offences of a year: listed codes, before exclusions",
    (
        _open("area_name", "string", "Name of the force"),
        _open("offences", "integer", "Offences of the listed codes", unit="offences", minimum=0),
        _open("denominator", "integer", "Residents", unit="people", minimum=0),
        _open("is_similar", "boolean", "Whether of the most similar group"),
    ),
    key=("area_name",),
)
