"""Every bad file gives its own message, to the letter, and loses no row uncounted."""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from vrn_analysis.core import engine
from vrn_analysis.core.contracts import OFFENCES
from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import extracts
from vrn_analysis.read import checks

HERE = Path(__file__).parent / "bad_inputs"
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
MAPPING = """
[offences.columns]
offence_id = "Crime No"
occurred_from = "Date"
offence_code = "Offence"
easting = "Easting"
northing = "Northing"
lsoa_code = "LSOA"
domestic_flag = "DA"
location_type = "Premises"
"""


@pytest.fixture(scope="module")
def connection():
    with engine.connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("bad_inputs", HERE / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = tmp_path_factory.mktemp("bad")
    module.make(made)
    return made


def said(connection, file, mapping):
    """Return everything that reading a file says, and how many records it gives."""
    try:
        found = extracts.read(connection, file, OFFENCES, mapped=mapping)
    except DataError as reason:
        return {"refused": str(reason).replace(str(file.parent), "FOLDER").split("\n")}
    strange = extracts.unknown(found.table, "lsoa_code", {"E01000001"}, table="offences")
    told = pd.concat([found.problems, strange], ignore_index=True)
    told = told[told["problem"] != "column is missing"]
    return {"records": found.rows_valid, "told": checks.explain(told).splitlines()}


def test_there_are_at_least_forty():
    assert len(EXPECTED) >= 40


def test_every_file_has_its_message(folder):
    assert {file.name for file in folder.iterdir()} == set(EXPECTED)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_bad_file(connection, folder, tmp_path, name):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING)
    assert said(connection, folder / name, mapping) == EXPECTED[name]


def test_nothing_is_unpacked_from_a_harmful_zip(folder):
    assert not (folder.parent / "escaped.csv").exists()
    assert not Path("/tmp/escaped.csv").exists()
