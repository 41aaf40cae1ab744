"""Settings: read whole, or refused with everything that is wrong."""

import pytest

from vrn_analysis.core.config import find_settings, load_settings, resource
from vrn_analysis.core.errors import SettingsError

GOOD = """
title = "A place"
kind = "open"
area_name = "A place"
force = "leicestershire"
[period]
from = 2020-01-01
to = 2020-12-31
[sources.street]
path = "street.zip"
"""


def write(folder, text):
    file = folder / "assessment.toml"
    file.write_text(text)
    return file


def test_reads_settings_with_their_defaults(tmp_path):
    settings = load_settings(write(tmp_path, GOOD))
    assert settings.definition == "llr_2020"
    assert settings.disclosure_profile == "nhs_round5"
    assert settings.sources["street"]["path"] == "street.zip"


def test_says_everything_that_is_wrong_at_once(tmp_path):
    bad = 'kind = "guess"\ntitel = "x"\n[period]\nfrom = "soon"\n[sources.street]\nfile = "x"\n'
    with pytest.raises(SettingsError) as fault:
        load_settings(write(tmp_path, bad))
    for part in (
        "'titel'",
        "'title' is missing",
        "'area_name'",
        "guess",
        "period.from",
        "sources.street",
    ):
        assert part in str(fault.value)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("title = 5", "title is 5; it must be words in quotes"),
        ('title = " "', "title is ' '; it must be words in quotes"),
        ("area_name = []", "area_name is \\[\\]; it must be words in quotes"),
        ("marking = 3", "marking is 3; it must be words in quotes"),
        ('period = "2020"', r"period must be a table \[period\]"),
        ('sources = "x"', r"sources must be tables, such as \[sources\.offences\]"),
        ("period.from = 2021-01-01\nperiod.to = 2020-12-31", "from is later than period.to"),
        ("period.from = 2020-01-01T00:00:00\nperiod.to = 2020-12-31", "a date such as"),
        ('sources.offences = {path = "a", extract = "../b"}', "extract is '../b'; it must be the"),
    ],
)
def test_a_setting_of_another_kind_is_told_not_a_fault_later(tmp_path, said, wrong):
    name = said.split(" ")[0].split(".")[0]
    needed = {"title": '"A"', "kind": '"open"', "area_name": '"A"', "sources": "{}"}
    rest = "".join(f"{key} = {value}\n" for key, value in needed.items() if key != name)
    with pytest.raises(SettingsError, match=wrong):
        load_settings(write(tmp_path, f"{rest}{said}\n"))


def test_broken_toml_names_the_file(tmp_path):
    with pytest.raises(SettingsError, match=r"assessment\.toml is not readable as TOML"):
        load_settings(write(tmp_path, "title = "))


def test_folder_that_does_not_exist(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        find_settings(tmp_path / "nowhere")


def test_own_settings_come_before_the_shipped_ones(tmp_path):
    write(tmp_path, GOOD)
    settings = find_settings(tmp_path, forces=frozenset({"leicestershire"}))
    assert settings.title == "A place"


def test_shipped_settings_are_found_by_the_force_in_the_data(tmp_path):
    settings = find_settings(tmp_path, forces=frozenset({"leicestershire"}))
    assert settings.file == resource("assessments", "llr.toml")


def test_unknown_force_is_told_what_to_copy(tmp_path):
    with pytest.raises(SettingsError, match=r"\(atlantis\).*Copy .*llr\.toml"):
        find_settings(tmp_path, forces=frozenset({"atlantis"}))


def test_every_shipped_assessment_is_good():
    for file in resource("assessments").glob("*.toml"):
        assert load_settings(file).sources


PARTNER = """
agreement = "Agreement 12"
purpose = "The serious violence duty"
audiences = ["internal", "partners"]
retain_until = 2027-03-31
sensitivity = "record"
"""


def test_a_source_may_say_under_which_agreement_it_came(tmp_path):
    found = load_settings(write(tmp_path, GOOD + PARTNER)).sources["street"]
    assert found["audiences"] == ["internal", "partners"]
    assert found["retain_until"].isoformat() == "2027-03-31"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('audiences = ["everybody"]', "audiences is ['everybody']; it must be a list of internal"),
        ("audiences = []", "audiences is []"),
        ('audiences = "public"', "audiences is 'public'"),
        ('retain_until = "2027-03-31"', "it must be a date such as 2027-03-31, unquoted"),
        ("retain_until = 2027-03-31T00:00:00", "retain_until is"),
        ('sensitivity = "secret"', "it must be one of open, partners, record, person, special"),
        ('sha256 = "ABC"', "sha256 is 'ABC'; it must be 64 letters and digits"),
        ('agreement = " "', "agreement is ' '"),
        ("purpose = 3", "purpose is 3"),
        ('rows = "5"', "rows is '5'; it must be how many rows were sent, unquoted"),
        ("rows = true", "rows is True"),
        ('audience = ["public"]', "has 'audience'; is audiences meant?"),
        ("retained_until = 2027-03-31", "has 'retained_until'; is retain_until meant?"),
    ],
)
def test_what_is_said_of_an_agreement_is_checked(tmp_path, wrong, said):
    with pytest.raises(SettingsError) as fault:
        load_settings(write(tmp_path, GOOD + wrong))
    assert "[sources.street] " in str(fault.value)
    assert said in str(fault.value)


def test_a_source_that_is_no_table_is_told(tmp_path):
    text = GOOD.replace("[sources", '[sources]\nlookup = "a"\n[sources')
    with pytest.raises(SettingsError, match=r"\[sources\.lookup\] is no table"):
        load_settings(write(tmp_path, text))


@pytest.mark.parametrize(
    "path", ["", "/data/a.csv", "../a.csv", "a/../../b", "C:/a.csv", "a\\..\\b", 5]
)
def test_a_source_lies_below_the_data_folder(tmp_path, path):
    written = repr(path) if isinstance(path, str) else path
    text = GOOD.replace('"street.zip"', str(written))
    with pytest.raises(SettingsError, match="it must be the file's path below the data folder"):
        load_settings(write(tmp_path, text))


def test_a_path_may_hold_folders_and_stars(tmp_path):
    found = load_settings(write(tmp_path, GOOD.replace("street.zip", "a/b.c/*.zip")))
    assert found.sources["street"]["path"] == "a/b.c/*.zip"
