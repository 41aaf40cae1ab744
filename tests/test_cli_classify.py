"""The commands `vrn classify` and `vrn definition`."""

import stat

import pandas as pd
import pytest
from classify_records import offences, persons
from typer.testing import CliRunner

from vrn_analysis.commands import classify as cli_classify
from vrn_analysis.commands.cli import app


def vrn(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extract")
    offences(500, 2).to_parquet(folder / "offences.parquet")
    persons(500, 2).to_csv(folder / "persons.csv", index=False)
    return folder


@pytest.mark.slow
def test_classify_writes_labels_that_only_their_owner_can_read(extract, tmp_path):
    output = tmp_path / "labels"
    done = vrn("classify", "--offences", extract / "offences.parquet",
               "--persons", extract / "persons.csv", "--output", output)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(output.stat().st_mode) == 0o700
    assert {file.name for file in output.iterdir()} == set(cli_classify.MADE)
    assert {stat.S_IMODE(file.stat().st_mode) for file in output.iterdir()} == {0o600}
    labels = pd.read_parquet(output / "classified.parquet")
    assert tuple(labels.columns) == cli_classify.LABELS
    steps = pd.read_csv(output / "waterfall.csv")
    assert steps["records"][1:].sum() == len(labels) == 500
    assert f"{steps['records'].iloc[-1]:,} records count" in done.output
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.slow
def test_period_and_area_apply_only_when_given(extract, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("lsoa_code,name\nA1,x\n")
    command = (
        "classify",
        "--offences",
        extract / "offences.parquet",
        "--output",
        tmp_path / "labels",
    )
    done = vrn(*command, "--from", "2020-04-01", "--area", areas, "--area", "A2")
    assert done.exit_code == 0, done.output
    reasons = set(pd.read_csv(tmp_path / "labels" / "waterfall.csv")["reason"].dropna())
    assert {"R1_before_period", "R2_outside_area"} <= reasons
    assert "R1_after_period" not in reasons


@pytest.mark.slow
def test_classify_again_replaces_its_own_folder_only(extract, tmp_path):
    command = ("classify", "--offences", extract / "offences.parquet", "--output")
    assert vrn(*command, tmp_path / "labels").exit_code == 0
    assert vrn(*command, tmp_path / "labels").exit_code == 0
    (tmp_path / "labels" / "notes.txt").write_text("mine")
    done = vrn(*command, tmp_path / "labels")
    assert done.exit_code == 1
    assert "notes.txt" in done.output
    assert (tmp_path / "labels" / "notes.txt").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--definition", "nope"], "There is no definition 'nope'"),
        (["--engine", "abacus"], "Unknown engine"),
        (["--from", "last year"], "two dates"),
        (["--memory-limit", "lots"], "memory"),
    ],
)
def test_a_mistake_is_one_message_and_leaves_nothing(extract, tmp_path, words, message):
    done = vrn("classify", "--offences", extract / "offences.parquet",
               "--output", tmp_path / "labels", *words)  # fmt: skip
    assert done.exit_code == 1
    assert message.lower() in done.output.lower()
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_bad_data_says_everything_at_once(tmp_path):
    file = tmp_path / "offences.csv"
    file.write_text("offence_id,weapon\n1,banana\n")
    done = vrn("classify", "--offences", file, "--output", tmp_path / "labels")
    assert done.exit_code == 1
    assert "occurred_from" in done.output
    assert "banana" in done.output
    assert not (tmp_path / "labels").exists()


@pytest.mark.slow
def test_unknown_labels_and_codes_and_an_empty_result_are_told_with_counts(tmp_path):
    file = tmp_path / "offences.csv"
    file.write_text(
        "offence_id,offence_code,occurred_from,location_type,weapon\n"
        "1,8N,2020-01-05,Public house,banana\n2,999Z,2020-01-05,Wibble,banana\n"
    )
    command = ("classify", "--offences", file, "--output", tmp_path / "labels")
    done = vrn(*command, "--from", "2030-01-01")
    assert done.exit_code == 0, done.output
    found = pd.read_csv(tmp_path / "labels" / "problems.csv").set_index(["column", "problem"])
    told = found.loc[("weapon", "value not allowed")]
    assert (told["records"], told["examples"]) == (2, "'banana' (2)")
    assert found.loc[("location_type", "labels that are not understood"), "records"] == 1
    for words in ("'Wibble' (1)", "'banana' (2)", "No record of 2 counts: 2 Before the period"):
        assert words in done.output
    assert "999Z" in vrn(*command).output
    codes = pd.read_csv(tmp_path / "labels" / "problems.csv").set_index("column")
    assert codes.loc["offence_code", "records"] == 1


def test_describe_difference_and_check(tmp_path):
    assert "Murder (1)" in vrn("definition", "describe", "llr_2020").output
    said = vrn("definition", "difference", "llr_2020", "svd_local").output
    assert "domestic abuse\n  llr_2020: exclude\n  svd_local: include" in said
    assert "the same rules" in vrn("definition", "difference", "llr_2020", "llr_2020").output
    assert "9 classes" in vrn("definition", "check", "llr_2020").output
    file = tmp_path / "mine.toml"
    file.write_text("title = 3\n")
    done = vrn("definition", "check", file)
    assert done.exit_code == 1
    assert "source is missing" in done.output
