"""The forty-nine edge cases of the definition, each with its decision and its reason."""

from dataclasses import replace
from datetime import date

import ibis
import pandas as pd
import pytest

from vrn_analysis.core import definition
from vrn_analysis.count.classify import classify, contradictions, waterfall

LLR = definition.load("llr_2020")
OFFENCE = {
    "offence_code": "8N",
    "offence_subcode": None,
    "offence_title": None,
    "occurred_from": pd.Timestamp("2020-06-06 22:00"),
    "recorded_on": date(2020, 6, 7),
    "incident_ref": None,
    "recording_force": "Force A",
    "lsoa_code": "A1",
    "location_type": "street",
    "domestic_flag": False,
    "sexual_flag": False,
    "injury_degree": "significant",
    "weapon": "none",
    "status": "recorded",
    "extracted_on": None,
}
VICTIM = {"role": "victim", "age": 40, "age_band": None, "relationship_to_victim": None}
SUSPECT = {"role": "suspect", "age": 40, "age_band": None, "relationship_to_victim": "stranger"}


def frame(rows):
    table = pd.DataFrame(rows)
    table["occurred_from"] = pd.to_datetime(table["occurred_from"])
    table["domestic_flag"] = table["domestic_flag"].astype("boolean")
    table["sexual_flag"] = table["sexual_flag"].astype("boolean")
    return table


def ibis_offences(rows):
    columns = {name: "boolean" if name.endswith("_flag") else "string" for name in OFFENCE} | {
        "occurred_from": "timestamp",
        "recorded_on": "date",
        "extracted_on": "date",
    }
    return ibis.memtable(frame(rows), schema={"offence_id": "string"} | columns)


def ibis_persons(rows):
    schema = {"offence_id": "string", "role": "string", "age": "int64", "age_band": "string",
              "relationship_to_victim": "string"}  # fmt: skip
    table = pd.DataFrame(rows, columns=list(schema))
    return ibis.memtable(table.astype({"age": "Int64"}), schema=schema)


def run(offences, persons=(), *, rules=LLR, **more):
    """Classify a few offences, each a dict over OFFENCE, with the persons of each."""
    rows = [{"offence_id": f"r{n}"} | OFFENCE | given for n, given in enumerate(offences)]
    people = [{"offence_id": f"r{n}"} | person for n, some in enumerate(persons) for person in some]
    table = classify(ibis_offences(rows), ibis_persons(people), definition=rules, **more)
    return table.to_pandas().sort_values(["offence_id", "outcome"]).reset_index(drop=True)


def one(offence=None, persons=(VICTIM, SUSPECT), **more):
    return run([offence or {}], [persons], **more).iloc[0]


# number and name: offence, persons, outcome, first reason
DECIDED = {
    "01 partner in the street, flagged domestic": (
        {"domestic_flag": True},
        [VICTIM, SUSPECT | {"relationship_to_victim": "partner"}],
        "OUT", "R5_domestic_abuse_flag"),
    "02 stranger inside a dwelling": (
        {"location_type": "dwelling"}, [VICTIM, SUSPECT], "OUT", "R5_domestic_setting"),
    "03 front garden or drive": (
        {"location_type": "garden"}, [VICTIM, SUSPECT], "OUT", "R5_domestic_setting"),
    "04 communal landing, open access": (
        {"location_type": "communal_area_open"}, [VICTIM, SUSPECT], "IN", None),
    "05 communal landing behind an entry phone": (
        {"location_type": "communal_area_secure"}, [VICTIM, SUSPECT], "OUT", "R6_not_public"),
    "06 communal area, access unknown": (
        {"location_type": "communal_area_unknown"}, [VICTIM, SUSPECT],
        "UNKNOWN", "R6_place_unknown"),
    "07 aggravated burglary in a home with injury": (
        {"offence_code": "29A", "location_type": "dwelling"}, [VICTIM],
        "OUT", "R3_offence_not_listed"),
    "08 shop, member of staff robbed": (
        {"offence_code": "34A", "location_type": "shop"}, [VICTIM], "IN", None),
    "09 warehouse robbed at night": (
        {"offence_code": "34A", "location_type": "warehouse"}, [VICTIM], "IN", None),
    "10 personal robbery inside the victim's home": (
        {"offence_code": "34B", "location_type": "dwelling"}, [VICTIM],
        "OUT", "R5_domestic_setting"),
    "11 robbery without injury": (
        {"offence_code": "34B", "injury_degree": "none"}, [VICTIM], "IN", None),
    "12 robbery with three hurt is one record": (
        {"offence_code": "34B"}, [VICTIM, VICTIM, VICTIM], "IN", None),
    "13 attempted robbery, recorded as robbery": (
        {"offence_code": "34B", "offence_title": "Attempted robbery"}, [VICTIM], "IN", None),
    "14 assault inside a pub": ({"location_type": "pub_or_club"}, [VICTIM, SUSPECT], "IN", None),
    "15 private function in licensed premises": (
        {"location_type": "pub_or_club"}, [VICTIM, SUSPECT], "IN", None),
    "16 door staff as suspect": (
        {"location_type": "licensed_premises_outside"},
        [VICTIM, SUSPECT | {"relationship_to_victim": "professional"}], "IN", None),
    "17 pupil on pupil in school": (
        {"location_type": "school"}, [VICTIM | {"age": 13}, SUSPECT | {"age": 14}], "IN", None),
    "18 college": ({"location_type": "college"}, [VICTIM, SUSPECT], "IN", None),
    "19 school bus": ({"location_type": "transport_vehicle"}, [VICTIM, SUSPECT], "IN", None),
    "20 station, recorded by the transport police": (
        {"location_type": "station", "recording_force": "British Transport Police"},
        [VICTIM, SUSPECT], "IN", None),
    "21 taxi": ({"location_type": "taxi"}, [VICTIM, SUSPECT], "IN", None),
    "22 private car on a public road": (
        {"location_type": "private_car"}, [VICTIM, SUSPECT], "IN", None),
    "23 hospital, patient on staff": (
        {"location_type": "hospital"}, [VICTIM, SUSPECT], "IN", None),
    "24 psychiatric unit": (
        {"location_type": "psychiatric_unit"}, [VICTIM, SUSPECT], "OUT", "R6_not_public"),
    "25 prison": ({"location_type": "prison"}, [VICTIM, SUSPECT], "OUT", "R6_not_public"),
    "25 custody suite": (
        {"location_type": "custody_suite"}, [VICTIM, SUSPECT], "OUT", "R6_not_public"),
    "26 care or children's home": (
        {"location_type": "care_home"}, [VICTIM, SUSPECT], "OUT", "R5_domestic_setting"),
    "27 hotel room": (
        {"location_type": "hotel_room"}, [VICTIM, SUSPECT], "OUT", "R5_domestic_setting"),
    "27 hotel bar": ({"location_type": "hotel_public"}, [VICTIM, SUSPECT], "IN", None),
    "28 houseboat, caravan or tent": (
        {"location_type": "Houseboat or caravan"}, [VICTIM, SUSPECT],
        "OUT", "R5_domestic_setting"),
    "29 assault with injury on a constable": (
        {"offence_code": "8S"}, [VICTIM, SUSPECT], "OUT", "R3_offence_not_listed"),
    "30 retail worker, coded 8N": (
        {"location_type": "shop"},
        [VICTIM, SUSPECT | {"relationship_to_victim": "professional"}], "IN", None),
    "31 corporate manslaughter": (
        {"offence_code": "4/10"}, [VICTIM], "OUT", "R3_offence_not_listed"),
    "31 infanticide": ({"offence_code": "4/2"}, [VICTIM], "OUT", "R3_offence_not_listed"),
    "32 death by dangerous driving": (
        {"offence_code": "4.4"}, [VICTIM], "OUT", "R3_offence_not_listed"),
    "32 vehicle used as a weapon, coded 5D": (
        {"offence_code": "5D", "weapon": "vehicle"}, [VICTIM], "IN", None),
    "33 violent code with a sexual flag": (
        {"sexual_flag": True}, [VICTIM], "OUT", "R4_sexual_element"),
    "34 murder with a suspected sexual motive": (
        {"offence_code": "1", "sexual_flag": True}, [VICTIM], "IN", None),
    "41 cancelled record": ({"status": "cancelled"}, [VICTIM], "OUT", "R0_cancelled"),
    "41 transferred record": ({"status": "transferred"}, [VICTIM], "OUT", "R0_transferred"),
    "44 online threat, then an assault in a park": (
        {"location_type": "park"}, [VICTIM, SUSPECT], "IN", None),
    "45 no kind of place, coordinates on a road": (
        {"location_type": None}, [VICTIM, SUSPECT], "UNKNOWN", "R6_place_unknown"),
    "46 domestic flag blank": (
        {"domestic_flag": None}, [VICTIM, SUSPECT], "UNKNOWN", "R5_domestic_flag_unknown"),
    "47 flag says no, suspect is an ex-partner": (
        {}, [VICTIM, SUSPECT | {"relationship_to_victim": "ex_partner"}],
        "OUT", "R5_domestic_relationship"),
    "48 sibling under 16 in the street": (
        {}, [VICTIM | {"age": 17}, SUSPECT | {"age": 15, "relationship_to_victim": "sibling"}],
        "IN", None),
    "48 couple both under 16": (
        {},
        [VICTIM | {"age": 15}, SUSPECT | {"age": 15, "relationship_to_victim": "partner"}],
        "IN", None),
}  # fmt: skip


@pytest.fixture(scope="module")
def decided():
    """Classify all cases in one go."""
    table = run([given for given, *_ in DECIDED.values()], [case[1] for case in DECIDED.values()])
    order = [f"r{n}" for n in range(len(DECIDED))]
    table = table.set_index("offence_id").loc[order]
    return dict(zip(DECIDED, table.to_dict("records"), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", DECIDED)
def test_edge_case(decided, name):
    _, _, outcome, reason = DECIDED[name]
    got = decided[name]
    assert got["outcome"] == outcome
    assert (got["first_reason"] if reason else None) == reason


def test_every_number_is_covered():
    here = {name[:2] for name in DECIDED}
    elsewhere = {"35", "36", "37", "38", "39", "40", "42", "43", "49"}
    assert here | elsewhere == {f"{n:02}" for n in range(1, 50)}


def has_flag(record, flag):
    flags = record["flags"]
    return not pd.isna(flags) and flag in flags.split(";")


def test_01_domestic_abuse_in_the_street_has_both_reasons(decided):
    reasons = decided["01 partner in the street, flagged domestic"]["all_reasons"]
    assert reasons == "R5_domestic_abuse_flag;R5_domestic_relationship"


def test_08_and_12_robbery_keeps_its_own_type(decided):
    assert decided["08 shop, member of staff robbed"]["offence_type"].startswith("Robbery of bus")
    assert decided["12 robbery with three hurt is one record"]["crime_group"] == "Robbery"


def test_11_robbery_without_injury_is_out_where_the_injury_decides():
    strict = replace(LLR, injury_rule="injury_field")
    got = one({"offence_code": "34B", "injury_degree": "none"}, rules=strict)
    assert (got["outcome"], got["first_reason"]) == ("OUT", "R7_injury_not_significant")


def test_17_schools_can_be_left_out():
    strict = replace(LLR, place_except=("school",))
    got = one({"location_type": "school"}, rules=strict)
    assert (got["outcome"], got["first_reason"]) == ("OUT", "R6_not_public")


def test_26_care_homes_can_be_counted():
    wider = replace(LLR, place_also=("care_home",))
    assert one({"location_type": "care_home"}, rules=wider)["outcome"] == "IN"


def test_34_sexual_homicide_is_flagged_not_excluded(decided):
    assert has_flag(decided["34 murder with a suspected sexual motive"], "sexual_homicide")


def test_35_victim_age_missing_and_suspect_30_is_unknown_age():
    got = one(persons=[VICTIM | {"age": None}, SUSPECT | {"age": 30}])
    assert got["age_focus"] == "UNKNOWN_AGE"
    assert (got["age_focus_victim"], got["age_focus_suspect"]) == ("UNKNOWN_AGE", "25_AND_OVER")


def test_36_no_suspect_and_victim_40_is_unknown_age():
    got = one(persons=[VICTIM])
    assert got["age_focus"] == "UNKNOWN_AGE"
    assert (got["age_focus_victim"], got["age_focus_suspect"]) == ("25_AND_OVER", "UNKNOWN_AGE")


@pytest.mark.slow
def test_36_one_young_person_decides_whatever_else_is_unknown():
    assert one(persons=[VICTIM | {"age": None}, SUSPECT | {"age": 24}])["age_focus"] == "UNDER_25"


def test_37_turns_25_on_offence_day_is_not_under_25():
    people = [VICTIM | {"age": 25}, SUSPECT | {"age": 25}]
    assert one(persons=people)["age_focus"] == "25_AND_OVER"


def test_37_the_day_before_the_25th_birthday_is_under_25():
    assert one(persons=[VICTIM | {"age": 24}])["age_focus"] == "UNDER_25"


def test_37_25_counts_where_the_boundary_is_25_or_under():
    wider = replace(LLR, focus_boundary="or_under")
    got = run([{}, {}], [[VICTIM | {"age": 25}], [VICTIM | {"age": 26}, SUSPECT]], rules=wider)
    assert got["age_focus"].tolist() == ["25_OR_UNDER", "OVER_25"]


def test_38_band_that_straddles_25_is_unknown_age():
    bands = ["18-25", "18-24", "25-34", "under 18", "65+"]
    people = [[VICTIM | {"age": None, "age_band": band}, SUSPECT] for band in bands]
    got = run([{}] * len(bands), people)
    assert got["age_focus"].tolist() == [
        "UNKNOWN_AGE", "UNDER_25", "25_AND_OVER", "UNDER_25", "25_AND_OVER",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("age", [-1, 121])
def test_39_impossible_age_is_missing_and_flagged(age):
    got = one(persons=[VICTIM | {"age": age}, SUSPECT])
    assert got["age_focus"] == "UNKNOWN_AGE"
    assert has_flag(got, "impossible_age")


def test_40_historic_offence_counts_by_the_day_recorded():
    historic = {"occurred_from": pd.Timestamp("2009-01-01"), "recorded_on": date(2020, 6, 7)}
    year = ("2020-04-01", "2021-03-31")
    got = one(historic, period=year)
    assert got["outcome"] == "IN"
    by_offence_day = one(historic, period=year, rules=replace(LLR, period_date="occurred_from"))
    assert by_offence_day["first_reason"] == "R1_before_period"


def test_40_without_a_day_recorded_the_offence_day_decides():
    got = one({"recorded_on": None}, period=("2020-06-06", "2020-06-06"))
    assert got["outcome"] == "IN"


def test_42_reclassified_record_follows_the_latest_and_is_flagged():
    versions = [
        {"offence_id": "x", "offence_code": "8N", "extracted_on": date(2020, 7, 1)},
        {"offence_id": "x", "offence_code": "105A", "extracted_on": date(2020, 8, 1)},
    ]
    got = run(versions).set_index("offence_code")
    assert got.loc["8N", "first_reason"] == "R0_repeated_record"
    assert got.loc["105A", "first_reason"] == "R3_offence_not_listed"
    assert all(has_flag(record, "reclassified") for record in got.to_dict("records"))


@pytest.mark.slow
def test_43_one_fight_with_six_victims_is_six_crimes_of_one_incident():
    got = run([{"incident_ref": "i1"}] * 6, [[VICTIM]] * 6)
    assert (got["outcome"] == "IN").sum() == 6
    assert got.loc[got["outcome"] == "IN", "incident_ref"].nunique() == 1


def test_46_blank_flag_is_no_where_the_source_says_so():
    assert one({"domestic_flag": None}, blank_means_no=["domestic_flag"])["outcome"] == "IN"
    declared = replace(LLR, blanks_mean_no=("domestic_flag",))
    assert one({"domestic_flag": None}, rules=declared)["outcome"] == "IN"


def test_46_blank_flag_with_a_partner_is_out():
    partner = SUSPECT | {"relationship_to_victim": "partner"}
    got = one({"domestic_flag": None}, persons=[VICTIM, partner])
    assert (got["outcome"], got["first_reason"]) == ("OUT", "R5_domestic_relationship")


def test_47_contradiction_is_flagged_and_counted(decided):
    name = "47 flag says no, suspect is an ex-partner"
    assert has_flag(decided[name], "domestic_flag_no_but_relationship")
    rows = [{"offence_id": "r0"} | OFFENCE]
    partner = SUSPECT | {"relationship_to_victim": "ex_partner"}
    people = [{"offence_id": "r0"} | person for person in (VICTIM, partner)]
    table = classify(ibis_offences(rows), ibis_persons(people), definition=LLR)
    assert contradictions(table).set_index("flag")["records"].to_dict() == {
        "domestic_flag_no_but_relationship": 1
    }


def test_48_family_under_16_is_flagged(decided):
    assert has_flag(decided["48 sibling under 16 in the street"], "family_under_16")


def test_48_flagged_domestic_under_16_is_out_and_the_contradiction_is_flagged():
    partner = SUSPECT | {"age": 15, "relationship_to_victim": "partner"}
    got = one({"domestic_flag": True}, persons=[VICTIM | {"age": 15}, partner])
    assert (got["outcome"], got["first_reason"]) == ("OUT", "R5_domestic_abuse_flag")
    assert has_flag(got, "domestic_flag_yes_under_16")


def test_47_a_relative_of_unknown_age_is_unknown_with_its_own_reason():
    got = one(persons=[VICTIM, SUSPECT | {"age": None, "relationship_to_victim": "ex_partner"}])
    assert (got["outcome"], got["first_reason"]) == ("UNKNOWN", "R5_relationship_age_unknown")


def test_48_one_adult_victim_keeps_an_adult_relative_domestic():
    father = SUSPECT | {"age": 45, "relationship_to_victim": "partner"}
    got = one(persons=[VICTIM | {"age": 14}, VICTIM | {"age": 44}, father])
    assert got["first_reason"] == "R5_domestic_relationship"


def test_49_outside_the_area_is_out_with_a_count():
    rows = [{"offence_id": f"r{n}"} | OFFENCE for n in range(3)]
    rows[1] |= {"lsoa_code": "B9"}
    rows[2] |= {"lsoa_code": None}
    table = classify(ibis_offences(rows), None, definition=LLR, area_codes=["A1", "A2"])
    counts = waterfall(table).set_index("reason")["records"]
    assert counts["R2_outside_area"] == 1
    assert counts["R2_area_unknown"] == 1
