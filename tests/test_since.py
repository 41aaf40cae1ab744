"""What changed since the last edition: told from what both published, and never a small count."""

import copy
import json

import briefing_notebooks as toy
import pytest

from vrn_analysis.briefing import report
from vrn_analysis.briefing.content import since
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.run import cache
from vrn_analysis.briefing.run.manifest import read


def manifest(**changes):
    made = {
        "product": "vrn_analysis briefing",
        "edition": "full",
        "data": "abc",
        "finished": "2024-03-31T10:00:00+00:00",
        "settings": {
            "audience": "partners", "disclosure_profile": "nhs_round5", "area": "", "kind": "force",
            "definition": "llr_2020", "status": "DRAFT", "marking": "", "period": ["a", "b"],
        },
        "inputs": [{"file": "extract.csv", "sha256": "1"}, {"file": "old.csv", "sha256": "1"}],
        "rows": {"offences": {"rows": 60_310}},
        "findings": {"Scale": "It fell.", "People": "52% are under 25."},
    }  # fmt: skip
    return copy.deepcopy(made) | changes


def settings(**changes):
    return {"settings": manifest()["settings"] | changes}


def test_there_is_nothing_to_tell_without_an_edition_before():
    assert since.changes(manifest(), {}) == {}


def test_nothing_changed_is_nothing_told():
    assert since.changes(manifest(finished="2025-01-01"), manifest()) == {}


def test_what_the_last_edition_told_stays_while_nothing_changes():
    before = manifest(since={"day": "2023-12-31", "told": {"Data": ["new: a.csv"]}})
    assert since.changes(manifest(), before) == before["since"]


def test_what_changed_is_told_by_kind():
    new = manifest(
        inputs=[{"file": "extract.csv", "sha256": "2"}, {"file": "new.csv", "sha256": "1"}],
        rows={"offences": {"rows": 64_790}},
        findings={"Scale": "It rose.", "People": "52% are under 25.", "Harm": "New chapter."},
        **settings(definition="own"),
    )
    found = since.changes(new, manifest())
    assert found["day"] == "2024-03-31"
    assert found["told"] == {
        "Data": ["new: new.csv", "changed: extract.csv", "gone: old.csv"],
        "Settings": ["definition: llr_2020 before, own now"],
        "Rows read": ["offences: about 60,300 before, about 64,800 now"],
        "Main findings": ["Scale. Before: It fell."],
    }


@pytest.mark.parametrize("rows", [60_309, 60_311, 60_330, 60_290])
def test_a_few_rows_more_or_less_are_not_told(rows):
    assert since.changes(manifest(rows={"offences": {"rows": rows}}), manifest()) == {}


@pytest.mark.parametrize(
    "changed",
    [
        settings(audience="public"), settings(disclosure_profile="lt5"), settings(area="Ashby"),
        settings(kind="open"), {"edition": "public"},
    ],
)  # fmt: skip
def test_an_edition_for_another_reader_is_not_the_one_before(changed):
    assert since.changes(manifest(**changed, findings={"Scale": "Else."}), manifest()) == {}


def test_status_and_marking_are_no_change():
    assert since.changes(manifest(**settings(status="APPROVED", marking="X")), manifest()) == {}


def test_a_manifest_of_before_there_were_findings_is_read():
    old = manifest()
    del old["findings"], old["rows"]
    assert since.changes(manifest(), old) == {}


def test_a_folder_without_a_briefing_has_no_last_one(tmp_path):
    assert read(tmp_path) == {}
    (tmp_path / "manifest.json").write_text("{")
    assert read(tmp_path) == {}


@pytest.mark.slow
def test_a_briefing_tells_what_changed_and_says_it_again_when_built_again(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    data, output = toy.data_folder(tmp_path / "data", kind="force"), tmp_path / "briefing"
    toy.write(tmp_path / "nb", "03_scale", toy.saves("03_counts"), toy.finding())

    def about():
        report.build(output, data=data, folder=tmp_path / "nb")
        return (output / "index.html").read_text().partition('<footer class="about"')[2]

    assert "What changed since" not in about()
    (data / "offences.csv").write_text("offence_id\n1\n2\n")
    toy.write(tmp_path / "nb", "03_scale", toy.saves("03_counts"), toy.finding("It rose by 5%."))
    told = about()
    assert "What changed since the edition of" in told
    assert "changed: a file of a partner" in told
    assert "Before: Violence fell by 4% a year (2% to 6%)." in told
    assert about() == told
    made = json.loads((output / "manifest.json").read_text())
    assert made["findings"] == {"Scale": "It rose by 5%."}
