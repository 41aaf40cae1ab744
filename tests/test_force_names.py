"""A police force is known by the names that people give it, and none is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from vrn_analysis.commands.cli import app
from vrn_analysis.core.config import load_settings
from vrn_analysis.core.errors import SettingsError
from vrn_analysis.read.police.forces import force_named, forces

AS_WRITTEN = {
    "Leicestershire Police": "leicestershire",
    "leicestershire": "leicestershire",
    "Leics": "leicestershire",
    "Leicester": "leicestershire",
    "West Mids": "west-midlands",
    "West Midlands Police": "west-midlands",
    "Met": "metropolitan",
    "the Metropolitan Police Service": "metropolitan",
    "Devon & Cornwall": "devon-and-cornwall",
    "Devon and Cornwall Police": "devon-and-cornwall",
    "GMP": "greater-manchester",
    "Northants": "northamptonshire",
    "Notts": "nottinghamshire",
    "City of London Police": "city-of-london",
    "Hampshire & Isle of Wight Constabulary": "hampshire",
    "Dyfed Powys": "dyfed-powys",
    "AVON AND SOMERSET CONSTABULARY": "avon-and-somerset",
    "Sussex": "sussex",
    "Police Service of Northern Ireland": "northern-ireland",
    "Heddlu Gwent": "gwent",
    "British Transport Police": "btp",
}


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_a_force_is_known_by_the_name_that_people_give_it(text):
    assert force_named(text) == AS_WRITTEN[text]


def test_there_are_the_43_forces_of_england_and_wales_and_two_more():
    assert len(forces()) == 45
    assert {"metropolitan", "city-of-london", "dyfed-powys", "north-wales"} <= set(forces())


@given(
    st.sampled_from(list(forces())),
    st.sampled_from([str.upper, str.title, str.lower]),
    st.booleans(),
)
def test_every_force_is_known_by_its_own_name(force, case, police):
    words = force.replace("-", " ")
    assert force_named(case(words) + " Police" * police) == force
    assert force_named(force) == force


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("West", "west-mercia, west-midlands, west-yorkshire"),
        ("Yorkshire", "north-yorkshire, south-yorkshire, west-yorkshire"),
        ("London", "city-of-london, metropolitan"),
        ("Lecistershire", "leicestershire"),
        ("Wendmarch", "no police force"),
        ("the police", "no police force"),
    ],
)
def test_a_name_of_several_forces_or_of_none_is_refused_with_those_near_it(text, near):
    with pytest.raises(SettingsError, match=near):
        force_named(text)


def test_a_new_assessment_takes_the_name_of_the_force_as_people_write_it(tmp_path):
    made = CliRunner().invoke(app, ["new", str(tmp_path / "a"), "--police-force", "West Mids"])
    assert made.exit_code == 0
    assert load_settings(tmp_path / "a" / "assessment.toml").force == "west-midlands"
    wrong = CliRunner().invoke(app, ["new", str(tmp_path / "b"), "--police-force", "Yorkshire"])
    assert wrong.exit_code != 0
    assert not (tmp_path / "b").exists()
