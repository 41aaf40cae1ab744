"""Clear-cut SYNTHETIC records whose outcome follows from the definition's words."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from vrn_analysis.core.config import read_toml, resource
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.sample.plan import columns
from vrn_analysis.sample.plan.pattern import Pattern

MOST = 200
PREFIX = "SYNPLANT"


class Case(NamedTuple):
    """A kind of record: its outcome, why, and where it differs from the plain street assault."""

    outcome: str
    why: str
    offence: dict[str, Any] = {}
    suspect: dict[str, Any] = {}
    victim: dict[str, Any] = {}


_CONTENT = read_toml(resource("data", "reference", "sample_cases.toml"))
PLAIN = _CONTENT["plain"]
CASES = tuple(Case(**case) for case in _CONTENT["cases"])


def count(rows: int) -> int:
    """Return the number of clear-cut records in a sample of this size."""
    return min(MOST, rows // 10)


def offence_id(number: int) -> str:
    """Return the identifier of a clear-cut record."""
    return f"{PREFIX}-{number:04d}"


def outcomes(rows: int) -> dict[str, str]:
    """Return the outcome under llr_2020 of every clear-cut record, by `offence_id`."""
    return {offence_id(n): CASES[n % len(CASES)].outcome for n in range(count(rows))}


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
        written = {name: None if value == "" else value for name, value in case.offence.items()}
        place = pattern.small_areas.iloc[area[number]]
        offences.append(PLAIN | _offence(number, when, place, pattern) | written)
        persons += _persons(number, case)
    return (
        pa.Table.from_pylist(offences, schema=columns.schema(OFFENCES)),
        pa.Table.from_pylist(persons, schema=columns.schema(PERSONS)),
    )


def _offence(number: int, when: pd.Timestamp, area: Any, pattern: Pattern) -> dict[str, Any]:
    point = area.geometry.representative_point()
    return {
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
    if not case.suspect:
        return [victim]
    suspect = known | {"role": "suspect", "person_ref": f"{PREFIX}-S{number:04d}"} | case.suspect
    return [victim, suspect]
