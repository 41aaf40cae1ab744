"""The contracts hold the columns the issue of the field lists, and nothing else."""

from vrn_analysis.core import contracts

OFFENCES = """offence_id incident_ref recording_force offence_code offence_subcode offence_title
occurred_from occurred_to time_precision recorded_on easting northing lsoa_code location_type
domestic_flag sexual_flag injury_degree weapon investigation_outcome status"""
PERSONS = """offence_id person_number person_ref role age age_band sex self_defined_ethnicity
officer_observed_ethnicity relationship_to_victim home_lsoa_code"""


def test_columns_of_offences_and_persons():
    assert contracts.OFFENCES.names == OFFENCES.split()
    assert contracts.PERSONS.names == PERSONS.split()


def test_only_what_a_record_cannot_do_without_is_required():
    required = {c.name: [x.name for x in c if x.required] for c in contracts.CONTRACTS.values()}
    assert required["offences"] == ["offence_id", "occurred_from"]
    assert contracts.OFFENCES.one_of == ("offence_code", "offence_title")
    assert required["persons"] == ["offence_id", "role"]


def test_the_dictionary_has_every_column_with_words_and_sensitivity():
    table = contracts.data_dictionary()
    assert len(table) == sum(len(c.names) for c in contracts.CONTRACTS.values())
    assert (table["description"].str.len() > 2).all()
    assert set(table["sensitivity"]) <= {"open", "record", "person", "special"}
    assert not table.duplicated(["table", "column"]).any()


def test_what_is_about_a_person_is_never_called_open():
    assert {c.sensitivity for c in contracts.PERSONS} <= {"person", "special"}
    special = {c.name for c in contracts.PERSONS if c.sensitivity == "special"}
    assert special == {"self_defined_ethnicity", "officer_observed_ethnicity"}


def test_unknown_is_null_and_no_list_of_values_holds_a_sentinel():
    for contract in contracts.CONTRACTS.values():
        for column in contract:
            assert not {"unknown", "not known", "n/k", "-1", "99"} & set(column.allowed)
