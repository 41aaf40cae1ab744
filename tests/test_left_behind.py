"""What a run leaves, in every file: no hash that counting up finds, no exact number of records."""

import hashlib
import json
import stat

import briefing_notebooks as toy
import joint_attacker
import pytest
from classify_records import offences

from vrn_analysis.briefing import report
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan import subject
from vrn_analysis.briefing.plan.editions import Asked
from vrn_analysis.briefing.run import cache, memory
from vrn_analysis.core import definition, engine, fingerprints
from vrn_analysis.count import classify

pytestmark = pytest.mark.slow
ROWS = 41_843
SETTINGS = """
title = "Serious violence in Wendmarch"
kind = "force"
area_name = "Wendmarch"
audience = "internal"
disclosure_profile = "nhs_round5"
[sources.offences]
path = "offences.parquet"
sensitivity = "record"
audiences = ["public"]
[sources.linkage]
path = "linkage.csv"
sensitivity = "partners"
audiences = ["public"]
"""
PROTECTS = """
from vrn_analysis.count import assessment, tables
from vrn_analysis.show import publish
run = assessment.open_run()
decided = tables.count(run.records(), ["outcome"])
for table, name in ((run.bounds(), "bound"), (decided, "outcome")):
    publish.show(
        publish.protect(table, run, dimensions=[name]), run,
        caption=f"Records by {name}", name=f"03_by_{name}",
    )
"""
LINKED = "attendances,linked\n2004,{}\n"


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """Return what an approved public edition leaves, with its data and what is true of them."""
    place = tmp_path_factory.mktemp("left")
    data, output = place / "data", place / "published" / "briefing"
    data.mkdir()
    offences(ROWS, 2).to_parquet(data / "offences.parquet")
    (data / "linkage.csv").write_text(LINKED.format(651))
    (data / "assessment.toml").write_text(SETTINGS)
    toy.write(place / "nb", "03_scale", toy.code(PROTECTS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VRN_CACHE", str(place / "cache"))
        patch.setattr(printing, "browser", lambda: "")
        patch.setattr(cache, "package_hash", lambda: "the package")
        asked = Asked(editions=("public",), status="APPROVED")
        report.build(output, data=data, asked=asked, folder=place / "nb")
    return place


@pytest.fixture(scope="module")
def texts(left):
    return joint_attacker.everything(left / "published", left / "cache")


@pytest.fixture(scope="module")
def true(left):
    with engine.connect() as connection:
        records = connection.read_parquet(str(left / "data" / "offences.parquet"))
        found = classify.bounds(
            classify.classify(records, None, definition=definition.load("llr_2020"))
        ).iloc[0]
    return [int(found["count"]), int(found["count_with_unknown"]), ROWS]


def test_the_reader_sees_every_kind_of_file_that_is_left(texts):
    there = {name.rpartition("!")[2].rpartition("/")[2] for name in texts}
    for name in ("manifest.json", "briefing.log", "briefing.approved.json", "index.html"):
        assert name in there
    assert {"03_by_bound.csv", "workbook.xml", "core.xml", "notebook.ipynb", "entry.json"} <= there


def test_counting_up_finds_no_total_in_anything_that_is_left(texts):
    """An earlier version: the totals of all outcomes, in approved.json and in the cache."""
    assert not joint_attacker.inverted(texts, joint_attacker.totals())


def test_the_attack_by_counting_up_finds_what_is_planted():
    planted = {
        "a": hashlib.sha256(b"records 8812").hexdigest()[:16],
        "b": "12 letters: 0123456789ab",
    }
    assert joint_attacker.inverted(planted, joint_attacker.totals()) == {(8_812, "sha256", "a")}


def test_no_exact_headline_is_left(texts, true):
    """An earlier version: the rows of the extract, in the cache."""
    assert all(count % 5 for count in true), "rounding to 5 would leave such a count as it is"
    assert not joint_attacker.numbers_said(texts, true)
    planted = {"a": f"x {true[0]:,}.", "b": f"a,190,{true[1]},x", "c": f"1{true[0]}, 5,{true[0]:,}"}
    assert set(joint_attacker.numbers_said(planted, true)) == {"a", "b"}


def test_a_short_file_of_counts_is_found_by_no_hash_and_no_size(left, texts):
    """An earlier version: in the log, the cache's memory of hashes, and the public fingerprint."""
    inputs = fingerprints.hashed(left / "data", memory=left / "unused.json")
    contents = []
    for linked in range(2_000):
        text = LINKED.format(linked).encode()
        contents.append((linked, text))
        tried = inputs | {"linkage.csv": {"sha256": hashlib.sha256(text).hexdigest()}}
        listed = [[path, about["sha256"]] for path, about in sorted(tried.items())]
        contents.append((linked, json.dumps(listed).encode()))
    assert not joint_attacker.inverted(texts, contents)
    log = (left / "published" / "briefing" / "briefing.log").read_text()
    assert "input file linkage.csv\n" in log


def test_what_is_remembered_and_cached_is_its_owners_alone(left):
    """An earlier version: everybody's to read."""
    for private in (left / "published" / "briefing.approved.json", left / "cache/briefing/runs"):
        assert not stat.S_IMODE(private.stat().st_mode) & 0o077, private


def test_the_secret_is_with_the_data_and_nowhere_else(left, texts):
    secret = (left / "data" / fingerprints.SECRET).read_text()
    assert len(secret) == 64
    assert not [name for name, text in texts.items() if secret in text]


def test_two_folders_with_the_same_data_have_secrets_and_fingerprints_of_their_own(tmp_path):
    made = [
        subject.open_subject(toy.data_folder(tmp_path / name, kind="force"))
        for name in ("one", "two")
    ]
    assert made[0].secret != made[1].secret
    assert made[0].fingerprint != made[1].fingerprint
    assert subject.open_subject(tmp_path / "one").fingerprint == made[0].fingerprint


def test_what_is_remembered_by_an_earlier_version_is_written_again_without_hashes(tmp_path):
    mark = hashlib.sha256(b"records 88").hexdigest()[:16]
    table = {"dimensions": ["outcome"], "labels": [["IN"]], "count": [90], "marks": {"IN": mark}}
    old = {"profile": "nhs_round5", "mark": mark, "tables": {"t": table}}
    output = tmp_path / "briefing"
    memory.file(output).write_text(json.dumps([{"03.001.json": old}]))
    (read,) = memory.read(output)
    assert read["03.001.json"]["mark"] == read["03.001.json"]["tables"]["t"]["marks"]["IN"] != mark
    assert not joint_attacker.inverted(
        joint_attacker.everything(tmp_path), joint_attacker.totals(99)
    )
    assert memory.read(output) == [read]


def test_equal_totals_still_know_each_other_and_unequal_ones_do_not():
    def one(mark):
        return {"profile": "lt5", "mark": mark, "tables": {}}

    found = memory.kept({"c": one("x"), "a": one("y"), "b": one("x"), "d": one("")})
    assert {name: content["mark"] for name, content in found.items()} == {
        "a": "total 1", "b": "total 2", "c": "total 2", "d": "",
    }  # fmt: skip
    assert memory.kept(found) == found


def test_an_edition_that_hides_nothing_is_not_remembered():
    assert not memory.kept({"a": {"profile": "none_internal", "mark": "x", "tables": {}}})


def test_a_folder_that_cannot_be_written_has_a_secret_for_this_process(tmp_path, monkeypatch):
    def read_only(*_):
        raise PermissionError

    data = toy.data_folder(tmp_path / "data", kind="force")
    monkeypatch.setattr(fingerprints.scratch, "write_private", read_only)
    about = subject.open_subject(data)
    assert len(about.secret) == 64
    assert about.secret == subject.open_subject(data).secret
    assert not (data / fingerprints.SECRET).exists()
