"""From spellings to Home Office classes: what matches, and what must not."""

import pytest

from vrn_analysis.checks import looks_like_a_date
from vrn_analysis.classify import normalise_code, resolve
from vrn_analysis.definition import offence_codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5D", "5D"), ("5d", "5D"), ("005D", "5D"), ("00501", "5/1"), ("005/01", "5/1"),
        ("8N ", "8N"), (" 8 n", "8N"), ("34b", "34B"), ("‘34B’", "34B"), ("4.10", "4.10"),
        ("004/10", "4/10"), ("2.0", "2"), ("80200", "802"), ("8\\6", "8/6"), ("８Ｎ", "8N"),
        ("1/4.1/4.10/4.2", "1/4.1/4.10/4.2"), ("", ""), ("0", ""),
    ],
)  # fmt: skip
def test_spellings_of_a_code(text, code):
    assert normalise_code(text) == code


def test_normalising_twice_changes_nothing():
    for row in offence_codes():
        assert normalise_code(row["code"]) == row["code"]


def test_every_verified_class_is_found_by_code_and_by_title():
    for row in offence_codes():
        if row["kind"] == "class" and row["verified"] == "yes":
            assert resolve(row["code"], "", "").class_code == row["code"]
            assert resolve("", "", row["offence_type"]).class_code == row["code"]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Assault with Injury", "8N"), ("  assault   with injury. ", "8N"),
        ("“Assault with injury”", "8N"), ("Assault without injury", "105A"),
        ("Assault with injury on a constable", "8S"), ("Attempt Murder", "2"),
        ("Attempted murder", "2"), ("Murder", "1"), ("Manslaughter", "4.1"),
        ("Racially or Religiously Aggravated Assault with Injury", "8P"),
    ],
)  # fmt: skip
def test_titles_match_whole_and_never_in_part(title, code):
    assert resolve("", "", title).class_code == code


@pytest.mark.parametrize("title", ["Assault with injury (attempt)", "Assault", "Robbery", "with"])
def test_part_of_a_title_is_not_a_title(title):
    assert resolve("", "", title).status == "unmapped"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("34/1", "ambiguous"), ("34/2", "ambiguous"), ("1/4.1/4.10/4.2", "ambiguous"),
        ("8G", "legacy"), ("5A", "legacy"), ("8T", "unverified"), ("8/6", "unverified"),
        ("00501", "unverified"), ("8/33", "unmapped"), ("8", "unmapped"), ("QQ", "unmapped"),
        ("05-Jan", "spreadsheet_date"), ("Feb-34", "spreadsheet_date"), ("", "missing"),
    ],
)  # fmt: skip
def test_codes_that_do_not_decide_say_why(code, status):
    found = resolve(code, "", "")
    assert (found.status, found.class_code) == (status, "")


def test_34_2_is_not_34b_unless_the_class_or_title_says_so():
    assert resolve("34B", "34/2", "").class_code == "34B"
    assert resolve("34A", "34/2", "").class_code == "34A"
    assert resolve("34/2", "", "Robbery of personal property").class_code == "34B"
    assert resolve("34/2", "", "Assault with injury").status == "ambiguous"


def test_slash_spellings_of_a_class():
    assert resolve("4/1", "", "").class_code == "4.1"
    assert resolve("4/10", "", "").class_code == "4.10"
    assert resolve("", "1/2", "").class_code == "1"


def test_an_earlier_title_is_not_bridged_either():
    assert resolve("", "", "Actual bodily harm and other injury").status == "legacy"


def test_where_the_class_came_from_and_what_disagrees_is_flagged():
    assert resolve("", "", "Murder").flags == ("class_from_title",)
    assert resolve("", "4/1", "").flags == ("class_from_subcode",)
    assert resolve("8N", "", "Assault without injury").flags == ("code_and_title_disagree",)
    assert resolve("8N", "34/2", "").flags == ("code_and_subcode_disagree",)
    assert resolve("8N", "8/6", "Assault with injury").flags == ()


def test_a_code_that_is_given_is_never_passed_over_for_the_title():
    assert resolve("QQ", "", "Murder").status == "unmapped"


@pytest.mark.parametrize(
    "text",
    ["05-Jan", "5-Jan", "06-Aug", "Feb-34", "04-Oct-2024", "05/01/2024", "2024-01-05",
     "2024-01-05 00:00:00", "5 January", "Jan-05"],
)  # fmt: skip
def test_dates_that_were_codes(text):
    assert looks_like_a_date(text)


@pytest.mark.parametrize("text", ["5/1", "8N", "34/2", "105/01", "4.10", "1/4.1/4.10/4.2", ""])
def test_codes_that_are_no_dates(text):
    assert not looks_like_a_date(text)
