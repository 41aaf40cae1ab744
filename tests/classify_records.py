"""Random records for the tests of classification, and the rules again, record by record."""

from datetime import date

import ibis
import numpy as np
import pandas as pd

PLACES = (
    "street", "school", "Pub or club", "dwelling", "garden", "prison", "communal_area_unknown",
    "other", "moon", None,
)  # fmt: skip
CODES = ("8N", "8n ", "005D", "34B", "34/2", "8G", "8T", "zz", "105A", "19C", "1", "05-Jan", None)
# 34/2 is 34A or 34B: both are listed, so either stands for it
CLASSES = {"8N": "8N", "8n ": "8N", "005D": "5D", "34B": "34B", "105A": "105A", "19C": "19C",
           "1": "1", "34/2": "34A"}  # fmt: skip
UNCLEAR = {
    "8G": "legacy", "8T": "unverified", "zz": "unmapped",
    "05-Jan": "spreadsheet_date", None: "missing",
}  # fmt: skip
LISTED = {"1", "4.1", "2", "5D", "5E", "8N", "8P", "34A", "34B"}
PUBLIC = {"street", "school", "Pub or club"}
HOMES = {"dwelling", "garden"}
RELATIVES = {"partner", "ex_partner", "parent", "child", "sibling", "other_family"}
RELATIONSHIPS = ("stranger", "friend", "ex_partner", "sibling", None)
STATUSES = ("recorded", "recorded", "recorded", "cancelled", "duplicate", "transferred", None)
FLAGS = (True, False, False, None)
AGES = (-1, 0, 9, 14, 15, 16, 17, 24, 25, 26, 60, 121, None)


def offences(size, seed):
    """Return a frame of random offences with every kind of value, some identifiers twice."""
    rng = np.random.default_rng(seed)

    def pick(words):
        return [words[k] for k in rng.integers(0, len(words), size)]

    numbers = np.where(rng.random(size) < 0.05, rng.integers(0, size, size), np.arange(size))
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 730, size), unit="D")
    return pd.DataFrame(
        {
            "offence_id": [f"r{n}" for n in numbers],
            "offence_code": pick(CODES),
            "occurred_from": days,
            "recorded_on": [
                None if rng.random() < 0.1 else (day + pd.Timedelta(days=3)).date() for day in days
            ],
            "lsoa_code": pick(("A1", "A2", "B1", None)),
            "location_type": pick(PLACES),
            "domestic_flag": pd.array(pick(FLAGS), dtype="boolean"),
            "sexual_flag": pd.array(pick(FLAGS), dtype="boolean"),
            "injury_degree": pick(("none", "minor", "significant", None)),
            "status": pick(STATUSES),
        }
    )


def persons(size, seed):
    """Return a frame of random victims and suspects; some offences have none."""
    rng = np.random.default_rng(seed)
    count = size * 2
    roles = [("victim", "suspect")[k] for k in rng.integers(0, 2, count)]
    kin = [RELATIONSHIPS[k] for k in rng.integers(0, len(RELATIONSHIPS), count)]
    return pd.DataFrame(
        {
            "offence_id": [f"r{n}" for n in rng.integers(0, size, count)],
            "role": roles,
            "age": pd.array([AGES[k] for k in rng.integers(0, len(AGES), count)], dtype="Int64"),
            "relationship_to_victim": [
                r if role == "suspect" else None for r, role in zip(kin, roles, strict=True)
            ],
        }
    )


OFFENCE_SCHEMA = {
    "offence_id": "string", "offence_code": "string", "occurred_from": "timestamp",
    "recorded_on": "date", "lsoa_code": "string", "location_type": "string",
    "domestic_flag": "boolean", "sexual_flag": "boolean", "injury_degree": "string",
    "status": "string",
}  # fmt: skip
PERSON_SCHEMA = {
    "offence_id": "string", "role": "string", "age": "int64", "relationship_to_victim": "string",
}  # fmt: skip


def tables(size, seed):
    """Return random offences and persons as Ibis tables."""
    return (
        ibis.memtable(offences(size, seed), schema=OFFENCE_SCHEMA),
        ibis.memtable(persons(size, seed), schema=PERSON_SCHEMA),
    )


def _limits(ages):
    known = [a if a is not None and 0 <= a <= 120 else None for a in ages]
    return [(0, 120) if a is None else (a, a) for a in known]


def focus(*groups):
    """Say UNDER_25, 25_AND_OVER or UNKNOWN_AGE, given the ages of each group of people."""
    every = [limits for ages in groups for limits in (_limits(ages) or [(0, 120)])]
    if any(high < 25 for _, high in every):
        return "UNDER_25"
    return "25_AND_OVER" if all(low >= 25 for low, _ in every) else "UNKNOWN_AGE"


def _kin(record, people):
    victims = _limits([p["age"] for p in people if p["role"] == "victim"]) or [(0, 120)]
    kin = _limits([
        p["age"] for p in people
        if p["role"] == "suspect" and p["relationship_to_victim"] in RELATIVES
    ])  # fmt: skip
    if not kin:
        return "none"
    if max(low for low, _ in kin) >= 16 and max(low for low, _ in victims) >= 16:
        return "abuse"
    if max(high for _, high in kin) < 16 or max(high for _, high in victims) < 16:
        return "young"
    return "open"


def reasons(record, people, first, last):  # noqa: C901
    """Return the set of reasons of one record under llr_2020, the repeated record apart."""
    found = set()
    if record["status"] in ("cancelled", "duplicate", "transferred"):
        found.add(f"R0_{record['status']}")
    day = pd.Timestamp(record["recorded_on"] or record["occurred_from"]).date()
    if not first <= day <= last:
        found.add("R1_before_period" if day < first else "R1_after_period")
    if record["lsoa_code"] is None:
        found.add("R2_area_unknown")
    elif record["lsoa_code"] == "B1":
        found.add("R2_outside_area")
    name = CLASSES.get(record["offence_code"])
    if name is None:
        found.add(f"R3_code_{UNCLEAR[record['offence_code']]}")
    elif name not in LISTED:
        found.add("R3_offence_not_listed")
    if name == "19C":
        found.add("R4_sexual_offence")
    if record["sexual_flag"] is True and name is not None and name != "1":
        found.add("R4_sexual_element")
    kin = _kin(record, people)
    if record["domestic_flag"] is True:
        found.add("R5_domestic_abuse_flag")
    if kin == "abuse":
        found.add("R5_domestic_relationship")
    elif record["domestic_flag"] is None:
        found.add("R5_domestic_flag_unknown")
    if kin == "open" and record["domestic_flag"] is not True:
        found.add("R5_relationship_age_unknown")
    place = record["location_type"]
    if place in HOMES:
        found.add("R5_domestic_setting")
    if place in HOMES | {"prison"}:
        found.add("R6_not_public")
    elif place not in PUBLIC:
        found.add("R6_place_unknown")
    return found


PERIOD = (date(2020, 4, 1), date(2021, 3, 31))
AREAS = ["A1", "A2"]
