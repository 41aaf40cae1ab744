"""Templates and specifications made from the contracts."""

import pytest

from vrn_analysis.core import engine
from vrn_analysis.core.contracts import CONTRACTS, OFFENCES, PERSONS
from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NEEDS, needs
from vrn_analysis.read import checks, templates


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


def test_what_is_missing_is_asked_for_by_a_template_that_there_is():
    for need in NEEDS.values():
        if need.template:
            assert templates.contracts_of(need.template)
        asked = needs.asked(need.reason)
        assert asked["holder"]
        assert asked["command"].endswith(need.template)
    assert needs.asked("Something else.") == {"holder": "", "command": ""}


def test_a_single_table_is_a_template_too():
    assert [contract.name for contract in templates.contracts_of("lookup")] == ["lookup"]


def test_an_unknown_partner_is_told_the_known():
    with pytest.raises(DataError, match="'army': choose one of police, .*emergency_department"):
        templates.contracts_of("army")


def test_nothing_is_overwritten(tmp_path):
    templates.write("council", tmp_path)
    with pytest.raises(DataError, match="already"):
        templates.write("council", tmp_path)


LABELS = {"location_type": "pub_or_club", "investigation_outcome": "charged_or_summonsed"}


def filled(column):
    """Return a value that the specification allows in a column."""
    if column.allowed:
        return column.allowed[0]
    if column.name in LABELS:
        return LABELS[column.name]
    plain = {
        "string": "A1", "integer": str(int(column.minimum or 1)), "boolean": "yes",
        "number": str(column.minimum or 0), "date": "2024-03-31", "timestamp": "2024-03-31 23:05",
    }  # fmt: skip
    return plain[column.type]


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_a_filled_template_is_read_without_a_word(tmp_path, contract):
    templates.write(contract.name, tmp_path)
    file = tmp_path / f"{contract.name}.csv"
    file.write_text(file.read_text() + ",".join(map(filled, contract)) + "\n")
    with engine.connect() as connection:
        found = checks.read(connection, file, contract)
        assert checks.explain(found.problems) == ""
        assert found.rows_valid == 1
        assert found.table.to_pandas().notna().all(axis=None)


def test_every_table_is_sent_to_some_partner_or_is_open():
    sent = {name for names in templates.PARTNERS.values() for name in names}
    held = {c.name for c in CONTRACTS.values() if any(k.sensitivity != "open" for k in c)}
    assert sent <= set(CONTRACTS)
    assert held <= sent
