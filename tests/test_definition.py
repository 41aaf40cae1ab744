"""Definitions: what ships, what a file may say, and what a reader is told."""

import dataclasses
import re

import pytest

from vrn_analysis.core import definition
from vrn_analysis.core.errors import DefinitionError
from vrn_analysis.count.classify import REASONS

LLR = definition.load("llr_2020")
NINE = ("1", "4.1", "2", "5D", "5E", "8N", "8P", "34A", "34B")
SOUND = """
title = "T"
source = "S"
[offences]
classes = ["8N"]
"""


def written(folder, text):
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


# --- what ships ---------------------------------------------------------------------------------


def test_every_definition_of_the_folder_ships_and_loads():
    names = definition.available()
    assert {"assault_with_injury", "ho_knife_enabled", "llr_2020", "svd_local"} <= set(names)
    assert all(definition.load(name).classes for name in names)


def test_the_nine_named_types_and_no_other():
    assert LLR.classes == NINE
    titles = {row["code"]: row["offence_type"] for row in definition.offence_codes()}
    assert titles["8N"] == "Assault with injury"
    assert titles["34A"] == "Robbery of business property"
    assert "8S" not in LLR.classes


def test_llr_2020_leaves_out_domestic_abuse_homes_and_sexual_violence():
    assert (LLR.domestic_abuse, LLR.domestic_setting, LLR.sexual_violence) == ("exclude",) * 3
    assert LLR.place_classes == ("public", "semi_public")
    assert LLR.focus_below == 25
    assert LLR.focus_labels == ("UNDER_25", "25_AND_OVER")


def test_illustrations_say_so():
    for name in ("svd_local", "ho_knife_enabled"):
        found = definition.load(name)
        assert found.illustration
        assert "illustration" in definition.describe(found)
    assert not LLR.illustration


def test_a_definition_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        LLR.focus_age = 18


def test_every_class_counted_is_verified_in_the_list_of_codes():
    verified = {r["code"] for r in definition.offence_codes() if r["verified"] == "yes"}
    for name in definition.available():
        assert set(definition.load(name).classes) <= verified


def test_the_list_of_codes_is_sound():
    rows = definition.offence_codes()
    classes = {row["code"] for row in rows if row["kind"] == "class"}
    assert {row["class_code"] for row in rows} <= classes
    assert {row["kind"] for row in rows} == {"class", "subcode", "legacy", "bucket"}
    assert {row["sexual"] for row in rows} | {row["verified"] for row in rows} == {"yes", "no"}
    assert all(row["source"] for row in rows)
    assert all("not checked" in row["source"] for row in rows if row["verified"] == "no")
    pairs = [(row["code"], row["class_code"]) for row in rows]
    assert len(pairs) == len(set(pairs))


def test_the_list_of_places_is_sound():
    rows = definition.location_types()
    assert len({row["location_type"] for row in rows}) == len(rows)
    assert {row["place_class"] for row in rows} == {"public", "semi_public", "private", "unknown"}
    homes = {row["location_type"] for row in rows if row["domestic_setting"] == "yes"}
    assert {"dwelling", "garden", "care_home", "hotel_room"} <= homes
    assert all(row["place_class"] == "private" for row in rows if row["location_type"] in homes)


# --- what a file may say ------------------------------------------------------------------------


def test_a_file_of_your_own(tmp_path):
    found = definition.load(written(tmp_path, SOUND))
    assert (found.name, found.classes) == ("mine", ("8N",))
    assert re.fullmatch(r"[0-9a-f]{64}", found.digest)


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    text = """
    title = 3
    colour = "red"
    [offences]
    classes = ["8N", "ZZ", "8T"]
    [place]
    classes = ["outdoors"]
    [domestic]
    both_parties_aged = 200
    abuse = "perhaps"
    [weapon]
    rule = "listed"
    [injury]
    rule = "subcode"
    [age_focus]
    age = "25"
    [sexual]
    flagged_not_excluded = [1]
    """
    with pytest.raises(DefinitionError) as fault:
        definition.load(written(tmp_path, text))
    said = str(fault.value)
    for words in (
        "mine.toml has 12 faults", "unknown setting 'colour'", "title is 3", "source is missing",
        "'ZZ'", "8T, which", "'outdoors'; it must be one of: public", "both_parties_aged is 200",
        "'perhaps'", "weapon.weapons is empty", "injury.subcodes is empty", "age_focus.age is '25'",
        "a list of texts",
    ):  # fmt: skip
        assert words in said


def test_true_is_not_a_number(tmp_path):
    with pytest.raises(DefinitionError, match="a whole number"):
        definition.load(written(tmp_path, SOUND + "[age_focus]\nage = true"))


@pytest.mark.parametrize("name", ["nope", "no/such.toml"])
def test_no_such_definition_names_those_there_are(name):
    with pytest.raises(DefinitionError, match="llr_2020"):
        definition.load(name)


@pytest.mark.parametrize("raw", [b"title = ", b"\xff\xfe\x00"])
def test_not_toml(tmp_path, raw):
    file = tmp_path / "mine.toml"
    file.write_bytes(raw)
    with pytest.raises(DefinitionError, match="not readable as TOML"):
        definition.load(file)


# --- what a reader is told ----------------------------------------------------------------------


def test_the_description_names_every_offence_and_every_rule():
    said = definition.describe(LLR)
    for words in (
        "Murder (1)", "Manslaughter (4.1)", "Attempted murder (2)", "Endangering life (5E)",
        "Robbery of personal property (34B)", "public places", "not domestic abuse",
        "did not happen in a home", "not a sexual offence", "With or without a weapon",
        "under 25 on the day it happened", "always reported",
    ):  # fmt: skip
        assert words in said
    assert "_" not in said.replace("svd_local", "")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"focus_boundary": "or_under"}, "aged 25 or under"),
        ({"injury_rule": "injury_field"}, "injury is significant or fatal"),
        ({"injury_rule": "subcode", "injury_subcodes": ("8/1",)}, "only under the sub-code 8/1"),
        ({"weapon_rule": "listed", "weapons": ("knife_or_sharp",)}, "knife or sharp"),
        ({"sexual_violence": "include"}, "It is counted if the offence is on the list"),
        ({"domestic_abuse": "include"}, "Domestic abuse is counted"),
        ({"place_except": ("school",)}, "These do not count: school"),
        ({"place_also": ("care_home",)}, "also count: care home"),
        ({"blanks_mean_no": ("domestic_flag",)}, "A blank means no in domestic flag"),
        ({"period_date": "occurred_from"}, "by the day it happened"),
    ],
)
def test_the_description_follows_the_rules(change, words):
    assert words in definition.describe(dataclasses.replace(LLR, **change))


def test_the_difference_lists_only_the_rules_that_differ():
    svd = definition.load("svd_local")
    found = definition.difference(LLR, svd).set_index("rule")
    assert list(found.columns) == ["a", "b", "only_in_a", "only_in_b"]
    assert found.loc["domestic abuse", ["a", "b"]].tolist() == ["exclude", "include"]
    assert found.loc["offences counted", "only_in_b"] == "4.2, 4.10, 8S, 10A, 10B, 10C, 10D"
    assert definition.difference(LLR, LLR).empty


def test_the_difference_of_one_changed_rule_is_one_row():
    other = dataclasses.replace(LLR, weapon_rule="listed")
    assert definition.difference(LLR, other)["rule"].tolist() == ["weapon"]


def test_the_gaps_of_an_illustration_are_listed():
    said = definition.describe(definition.load("svd_local"))
    assert "How it differs from `llr_2020`" in said
    assert "boundary of the focus: under → or_under" in said


def test_every_reason_has_words_and_a_code_that_sorts():
    codes = [reason.code for reason in REASONS]
    assert len(set(codes)) == len(codes)
    assert [code[:2] for code in codes] == sorted(code[:2] for code in codes)
    assert all(reason.label for reason in REASONS)
