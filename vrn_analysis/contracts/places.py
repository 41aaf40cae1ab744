"""The contracts of places and the people who live in them."""

from vrn_analysis.contracts.columns import Column, Contract

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
