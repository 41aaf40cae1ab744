"""
The contracts of health services: emergency departments, ambulance, admissions.

Each source comes as records or as counts already added up; a table of counts has a column
`count`, in which a blank is "not reported" or "not known" and 0 is a report of none.
"""

from vrn_analysis.contracts.columns import Column, Contract
from vrn_analysis.contracts.records import SEXES, WEAPONS

CONFIDENCES = ("high", "medium", "low")
CAUSES = ("sharp_object", "other_assault")
RETENTION = (
    "until the day that the sharing agreement names (retain_until, under the source in the "
    "settings); then deleted with its copies. Protected counts made from it are kept."
)
# the nine elements of the national minimum data set of assaults (information sharing to tackle
# violence, ISTV), and the columns that hold them: no age, sex, ethnicity or person among them
ISTV = {
    "REPORTING PERIOD START DATE": "reporting_from",
    "REPORTING PERIOD END DATE": "reporting_to",
    "SITE CODE (OF TREATMENT)": "site_code",
    "ARRIVAL DATE AND TIME AT ACCIDENT AND EMERGENCY": "arrived_at",
    "ASSAULT DATE AND TIME": "assaulted_at",
    "ASSAULT METHOD": "weapon",
    "ASSAULT METHOD OTHER DESCRIPTION": "method_text",
    "ASSAULT LOCATION TYPE": "location_type",
    "ASSAULT LOCATION DESCRIPTION": "location_text",
}
# free text can hold a name: it is never read further than to say that it was there
FREE_TEXT = ("method_text", "location_text")

_SITE = Column(
    "site_code", "string", "Site of treatment, not of the assault", "open",
    required=True, nullable=False,
)  # fmt: skip
_PERSON = (
    Column(
        "age", "integer", "Age on the day; not part of the minimum data set (ISTV)", "person",
        unit="completed years", minimum=0, maximum=120,
    ),
    Column("age_band", "string", "Age band where no age is given, such as 18-24 or 65+", "person"),
    Column("sex", "string", "Sex as recorded", "person", allowed=SEXES),
)  # fmt: skip
_PLACE = (
    Column(
        "easting", "number", "British National Grid easting of the assault",
        unit="metres, EPSG:27700", minimum=0, maximum=700_000,
    ),
    Column(
        "northing", "number", "British National Grid northing of the assault",
        unit="metres, EPSG:27700", minimum=0, maximum=1_300_000,
    ),
    Column("lsoa_code", "string", "Small area of the assault, in the run's vintage"),
)  # fmt: skip
_WEAPON = Column(
    "weapon", "string", "Method of the assault; the sender's words are mapped in the settings",
    allowed=WEAPONS,
)  # fmt: skip
_MONTH = Column("month", "date", "Month counted, as its first day", "open")
_GROUP = (
    Column("area_code", "string", "Area of the incident, as in the lookup of areas", "open"),
    Column("age_band", "string", "Age band, such as under 25 or 25+", "open"),
    Column("sex", "string", "Sex as recorded", "open", allowed=SEXES),
)
_COUNT = Column(
    "count", "integer", "How many; blank is not reported or not known, 0 is none", "record",
    minimum=0, required=True,
)  # fmt: skip

ATTENDANCES = Contract(
    "attendances",
    "an attendance at an emergency department after an assault",
    (
        _SITE,
        Column("reporting_from", "date", "First day of the reporting period", "open"),
        Column("reporting_to", "date", "Last day of the reporting period", "open"),
        Column("arrived_at", "timestamp", "Arrival at the department", unit="local time"),
        Column("assaulted_at", "timestamp", "When the assault happened", unit="local time"),
        _WEAPON,
        Column("method_text", "string", "Method in other words: free text, left out", "person"),
        Column("location_type", "string", "Kind of place of the assault, as the sender words it"),
        Column("location_text", "string", "Place in words: free text, left out", "person"),
        Column(
            "location_confidence",
            "string",
            "How sure the place is that was worked out from the words",
            allowed=CONFIDENCES,
        ),
        Column(
            "suspects", "integer", "Number of attackers, as the patient said", minimum=1, maximum=99
        ),
        *_PLACE,
        *_PERSON,
    ),
    one_of=("arrived_at", "assaulted_at"),
    retention=RETENTION,
)

ATTENDANCE_COUNTS = Contract(
    "attendance_counts",
    "the attendances after an assault at a site in a month, in all or by area, age band and sex",
    (_SITE, _MONTH, *_GROUP, _COUNT),
    one_of=("month",),
    retention=RETENTION,
)

AMBULANCE = Contract(
    "ambulance",
    "an ambulance call-out to an assault",
    (
        Column(
            "called_at", "timestamp", "When the call came", unit="local time",
            required=True, nullable=False,
        ),
        Column("conveyed", "boolean", "Whether anybody was taken to hospital"),
        _WEAPON,
        *_PLACE,
        *_PERSON,
    ),
    retention=RETENTION,
)  # fmt: skip

AMBULANCE_COUNTS = Contract(
    "ambulance_counts",
    "the call-outs to an assault in a month, in all or by area, age band and sex",
    (_MONTH, *_GROUP, _COUNT),
    one_of=("month",),
    retention=RETENTION,
)

ADMISSIONS = Contract(
    "admissions",
    "the emergency admissions of residents for an assault in a month or a financial year, by "
    "cause, area of residence, age band and sex",
    (
        _MONTH,
        Column("period", "string", "Financial year, such as 2023/24, where no month is", "open"),
        Column("cause", "string", "Kind of assault", "open", allowed=CAUSES),
        *_GROUP,
        _COUNT,
    ),
    one_of=("month", "period"),
    retention=RETENTION,
)

HEALTH = {
    "attendances": (ATTENDANCES, ATTENDANCE_COUNTS),
    "ambulance": (AMBULANCE, AMBULANCE_COUNTS),
    "admissions": (ADMISSIONS, ADMISSIONS),
}
