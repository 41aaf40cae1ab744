"""Clear-cut SYNTHETIC records whose outcome under llr_2020 follows from the definition's words."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from vrn_analysis.contracts import OFFENCES, PERSONS
from vrn_analysis.sample import columns
from vrn_analysis.sample.offences import OUTSIDE
from vrn_analysis.sample.pattern import Pattern

MOST = 200
PREFIX = "SYNPLANT"


class Case(NamedTuple):
    """A kind of record: its outcome, why, and where it differs from the plain street assault."""

    outcome: str
    why: str
    offence: dict[str, Any] = {}
    suspect: dict[str, Any] | None = None
    victim: dict[str, Any] = {}


# the plain case: a stranger assaults someone in the street and injures them
PLAIN = {
    "offence_code": "8N",
    "offence_subcode": "8/6",
    "offence_title": "Assault with injury",
    "time_precision": "minute",
    "location_type": "street",
    "domestic_flag": False,
    "sexual_flag": False,
    "injury_degree": "minor",
    "weapon": "body",
    "investigation_outcome": "under_investigation",
    "status": "recorded",
}
STRANGER = {"age": 30, "sex": "male", "relationship_to_victim": "stranger"}


def _code(code: str | None, title: str | None, **more: Any) -> dict[str, Any]:
    return {"offence_code": code, "offence_subcode": None, "offence_title": title} | more


def _at(place: str | None, **more: Any) -> dict[str, Any]:
    return {"location_type": place} | more


ROBBERY = _code("34B", "Robbery of personal property")
BUSINESS = _code("34A", "Robbery of business property")
COMMON = _code("105A", "Assault without injury")
EX_PARTNER = STRANGER | {"relationship_to_victim": "ex_partner"}

CASES = (
    Case("IN", "assault with injury in the street", suspect=STRANGER),
    Case("IN", "murder in the street", _code("1", "Murder", injury_degree="fatal")),
    Case("IN", "manslaughter in the street", _code("4.1", "Manslaughter", injury_degree="fatal")),
    Case("IN", "attempted murder in a park", _code("2", "Attempted murder") | _at("park")),
    Case(
        "IN",
        "assault with intent, street",
        _code("5D", "Assault with intent to cause serious harm"),
    ),
    Case("IN", "endangering life in a car park", _code("5E", "Endangering life") | _at("car_park")),
    Case(
        "IN",
        "aggravated assault with injury at a station",
        _code("8P", "Racially or religiously aggravated assault with injury") | _at("station"),
    ),
    Case("IN", "robbery without injury is a named type", ROBBERY | {"injury_degree": "none"}),
    Case("IN", "shop robbed", BUSINESS | _at("shop")),
    Case("IN", "inside a public house", _at("pub_or_club")),
    Case("IN", "outside licensed premises", _at("licensed_premises_outside")),
    Case("IN", "at school, counted as semi-public", _at("school"), victim={"age": 14}),
    Case("IN", "on a bus", _at("transport_vehicle")),
    Case("IN", "in a taxi", _at("taxi")),
    Case("IN", "in a hospital", _at("hospital")),
    Case("IN", "landing open to anyone", _at("communal_area_open")),
    Case("IN", "code in lower case with a space", {"offence_code": "8n "}),
    Case("IN", "code with leading zeros", {"offence_code": "008N"}),
    Case("IN", "title without a code", _code(None, "Assault with injury")),
    Case(
        "IN",
        "siblings under 16 in the street: a family matter, not domestic abuse by statute",
        suspect={"age": 14, "sex": "male", "relationship_to_victim": "sibling"},
        victim={"age": 13},
    ),
    Case("OUT", "domestic abuse in the street", {"domestic_flag": True}, EX_PARTNER),
    Case("OUT", "flag no, but an ex-partner", {}, EX_PARTNER),
    Case("OUT", "stranger in a dwelling", _at("dwelling"), STRANGER),
    Case("OUT", "dwelling decides, whatever the missing flag", _at("dwelling", domestic_flag=None)),
    Case("OUT", "private garden", _at("garden")),
    Case("OUT", "landing behind an entry phone", _at("communal_area_secure")),
    Case("OUT", "robbery in a home", ROBBERY | _at("dwelling")),
    Case("OUT", "care home", _at("care_home")),
    Case("OUT", "hotel room", _at("hotel_room")),
    Case("OUT", "prison", _at("prison")),
    Case("OUT", "psychiatric unit", _at("psychiatric_unit")),
    Case("OUT", "assault without injury is not listed", COMMON),
    Case("OUT", "title of an assault without injury", _code(None, "Assault without injury")),
    Case("OUT", "not listed, whatever the unknown place", COMMON | _at(None)),
    Case("OUT", "constable: a class not named", _code("8S", "Assault with injury on a constable")),
    Case(
        "OUT",
        "sexual offence",
        _code("20A", "Sexual assault on a female aged 13 and over", sexual_flag=True),
    ),
    Case("OUT", "listed offence with a sexual element", {"sexual_flag": True}),
    Case("OUT", "cancelled", {"status": "cancelled"}),
    Case("OUT", "duplicate", {"status": "duplicate"}),
    Case("OUT", "outside the county", {"lsoa_code": OUTSIDE, "easting": None, "northing": None}),
    Case("UNKNOWN", "kind of place missing", _at(None)),
    Case("UNKNOWN", "shared area, access unknown", _at("communal_area_unknown")),
    Case("UNKNOWN", "domestic flag missing, no suspect", {"domestic_flag": None}),
    Case("UNKNOWN", "code of an old list, no verified bridge", _code("8F", None)),
    Case("UNKNOWN", "code nobody knows", _code("L01", None)),
    Case("IN", "slash code in two classes, both listed", _code(None, None, offence_subcode="34/1")),
)


def count(rows: int) -> int:
    """Return how many clear-cut records a sample of so many offences holds."""
    return min(MOST, rows // 10)


def offence_id(number: int) -> str:
    """Return the identifier of a clear-cut record."""
    return f"{PREFIX}-{number:04d}"


def outcomes(rows: int) -> dict[str, str]:
    """Return the outcome under llr_2020 of every clear-cut record, by `offence_id`."""
    return {offence_id(n): CASES[n % len(CASES)].outcome for n in range(count(rows))}


def reasons(rows: int) -> dict[str, str]:
    """Return what each clear-cut record stands for, by `offence_id`."""
    return {offence_id(n): CASES[n % len(CASES)].why for n in range(count(rows))}


def tables(pattern: Pattern, *, rows: int) -> tuple[pa.Table, pa.Table]:
    """Return the clear-cut records (OFFENCES) and their victims and suspects (PERSONS)."""
    size = count(rows)
    # spread evenly over days and areas, at mid-morning, recorded the same day
    day = np.linspace(30, len(pattern.calendar) - 30, max(size, 1)).astype(int)
    area = np.arange(size) * 37 % len(pattern.small_areas)
    offences, persons = [], []
    for number in range(size):
        case = CASES[number % len(CASES)]
        when = pattern.calendar[day[number]] + pd.Timedelta(hours=10, minutes=7)
        offences.append(
            _offence(number, when, pattern.small_areas.iloc[area[number]], pattern) | case.offence
        )
        persons += _persons(number, case)
    return (
        pa.Table.from_pylist(offences, schema=columns.schema(OFFENCES)),
        pa.Table.from_pylist(persons, schema=columns.schema(PERSONS)),
    )


def _offence(number: int, when: pd.Timestamp, area: Any, pattern: Pattern) -> dict[str, Any]:
    point = area.geometry.representative_point()
    return PLAIN | {
        "offence_id": offence_id(number),
        "incident_ref": f"{PREFIX}-I{number:04d}",
        "recording_force": pattern.assumed["names"]["force"],
        "occurred_from": when,
        "occurred_to": when,
        "recorded_on": when.date(),
        "easting": float(round(point.x)),
        "northing": float(round(point.y)),
        "lsoa_code": area["lsoa_code"],
    }


def _persons(number: int, case: Case) -> list[dict[str, Any]]:
    known = {"offence_id": offence_id(number), "person_number": 1}
    victim = known | {"role": "victim", "age": 32, "sex": "male"} | case.victim
    victim |= {"person_ref": f"{PREFIX}-V{number:04d}"}
    if case.suspect is None:
        return [victim]
    suspect = known | {"role": "suspect", "person_ref": f"{PREFIX}-S{number:04d}"} | case.suspect
    return [victim, suspect]
