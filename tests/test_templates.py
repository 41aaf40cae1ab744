"""Templates and specifications made from the contracts."""

import pytest

from vrn_analysis import templates
from vrn_analysis.contracts import OFFENCES, PERSONS
from vrn_analysis.errors import DataError


def test_a_police_template_has_the_contracts_headings(tmp_path):
    templates.write("police", tmp_path)
    assert (tmp_path / "offences.csv").read_text() == ",".join(OFFENCES.names) + "\n"
    assert (tmp_path / "persons.csv").read_text() == ",".join(PERSONS.names) + "\n"


def test_the_specification_names_every_column_once():
    table = templates.specification("police")
    assert table["column"].tolist() == [*OFFENCES.names, *PERSONS.names]
    page = templates.page("police")
    assert all(f"| {name} |" in page for name in OFFENCES.names)
    assert "Special category data" in page


def test_a_single_table_is_a_template_too():
    assert [contract.name for contract in templates.contracts_of("lookup")] == ["lookup"]


def test_an_unknown_partner_is_told_the_known():
    with pytest.raises(DataError, match="'army': choose one of police, council"):
        templates.contracts_of("army")


def test_nothing_is_overwritten(tmp_path):
    templates.write("council", tmp_path)
    with pytest.raises(DataError, match="already"):
        templates.write("council", tmp_path)
