"""The contracts of records: offences, and the victims and suspects of each."""

from vrn_analysis.contracts.columns import Column, Contract

SEXES = ("female", "male", "other")
ETHNIC_GROUPS = ("asian", "black", "mixed", "white", "other")
WEAPONS = ("none", "knife_or_sharp", "firearm", "blunt", "corrosive", "vehicle", "body", "other")
INJURIES = ("none", "minor", "significant", "fatal")
PRECISIONS = ("minute", "hour", "day", "month")
STATUSES = ("recorded", "cancelled", "transferred", "duplicate")
ROLES = ("victim", "suspect")
# a label that nobody has said the meaning of: it may decide, so the record stays undecided
UNCLEAR = "unclear"
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
        Column("status", "string", "Whether the crime record stands", allowed=(*STATUSES, UNCLEAR)),
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
            allowed=(*ROLES, UNCLEAR),
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
            allowed=(*RELATIONSHIPS, UNCLEAR),
        ),
        Column("home_lsoa_code", "string", "Small area where the person lives", "person"),
    ),
    key=("offence_id", "person_number", "role"),
)
