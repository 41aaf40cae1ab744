"""The register of sources, and what the agreements they came under allow."""

import json
import re
import zipfile
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from vrn_analysis.briefing.plan import subject
from vrn_analysis.briefing.run import manifest
from vrn_analysis.core.config import AUDIENCES, Settings, load_settings, resource
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import AgreementError, DataError
from vrn_analysis.count import assessment
from vrn_analysis.read.fetching import fetched
from vrn_analysis.read.sources import agreements, provenance
from vrn_analysis.sample import papers

TODAY = date(2026, 3, 31)
AGREED = {
    "path": "offences.csv",
    "title": "Recorded crimes",
    "sensitivity": "record",
    "agreement": "Agreement 12",
    "purpose": "The serious violence duty",
    "retain_until": date(2027, 3, 31),
    "audiences": ["internal", "partners"],
}


OPEN = {"path": "b.csv", "sensitivity": "open"}


def settings(audience="partners", kind="force", **sources):
    return Settings(
        title="A", kind=kind, area_name="A", audience=audience,
        sources=sources or {"offences": AGREED},
    )  # fmt: skip


# ------------------------------------------------------------------ who may see what


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ({"audiences": ["internal"]}, ("internal",)),
        ({"audiences": ["partners"]}, ("internal", "partners")),
        ({"audiences": ["public", "internal"]}, AUDIENCES),
        ({"sensitivity": "open"}, AUDIENCES),
        ({"sensitivity": "partners"}, ("internal", "partners")),
        ({"sensitivity": "open", "audiences": ["internal"]}, ("internal",)),
        ({}, ("internal", "partners")),
    ],
)
def test_an_edition_is_made_only_for_those_who_may_see_all_its_sources(audience, source, allowed):
    lookup = {"path": "b.csv", "sensitivity": "open"}
    asked = settings(audience, themes={"path": "a.csv"} | source, lookup=lookup)
    assert agreements.audiences(asked, "themes") == allowed
    if audience in allowed:
        agreements.require(asked, today=TODAY)
    else:
        with pytest.raises(AgreementError, match=r"\[sources\.themes\]"):
            agreements.require(asked, today=TODAY)


def names_read():
    """Return the name of every source that a contract, the sample or a shipped assessment has."""
    text = "".join(file.read_text() for file in resource("assessments").rglob("*.toml"))
    shipped = re.findall(r"\[sources\.(\w+)\]", text)
    return sorted({*CONTRACTS, *shipped, "harm_weights", "school_terms"})


@pytest.mark.parametrize("name", [*names_read(), "of_our_own"])
def test_a_source_that_does_not_say_it_is_open_goes_into_no_public_edition(name):
    """Fails on an earlier version for each name but those of records of people."""
    unstated = {name: {"path": "a.csv"}}
    remedy = rf'\[sources\.{name}\] of assessment\.toml: sensitivity = "open"'
    with pytest.raises(AgreementError, match=remedy):
        agreements.require(settings("public", **unstated), today=TODAY)
    stated = {name: {"path": "a.csv", "sensitivity": "open"}}
    agreements.require(settings("public", **stated), today=TODAY)


@pytest.mark.parametrize("name", ["offences", "persons", "attendances", "ambulance", "admissions"])
def test_records_of_people_are_not_public_unless_that_is_agreed(name):
    unstated = {name: {"path": "a.csv"}}
    with pytest.raises(AgreementError, match="no agreement stated"):
        agreements.require(settings("public", **unstated), today=TODAY)
    agreements.require(settings("partners", **unstated), today=TODAY)
    agreements.require(settings("public", kind="sample", **unstated), today=TODAY)


def test_a_breach_names_the_source_the_agreement_and_what_to_change():
    with pytest.raises(AgreementError) as fault:
        agreements.require(settings("public"), today=TODAY)
    assert str(fault.value) == (
        "assessment.toml: the agreements of its sources do not allow this edition (breaches: 1; "
        'sources: 1):\n  [sources.offences] Recorded crimes, under "Agreement 12", is for internal '
        "and partners, and this edition is public. Make it for partners (audience), leave the "
        "source out, or have public agreed and add it to audiences."
    )


@pytest.mark.parametrize(("until", "stops"), [(TODAY, False), (date(2026, 3, 30), True)])
def test_a_source_may_be_used_until_the_end_of_its_last_day(until, stops):
    asked = settings(offences=AGREED | {"retain_until": until})
    if not stops:
        return agreements.require(asked, today=TODAY)
    with pytest.raises(AgreementError, match="after 2026-03-30, and it is 2026-03-31. Delete the"):
        agreements.require(asked, today=TODAY)


def test_every_breach_is_told_at_once():
    late = AGREED | {"retain_until": date(2025, 3, 31)}
    both = settings("public", offences=late, persons=late, lookup=OPEN)
    with pytest.raises(AgreementError) as fault:
        agreements.require(both, today=TODAY)
    assert "(breaches: 4; sources: 3)" in str(fault.value)
    assert str(fault.value).count("deleted after 2025-03-31") == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, ""),
        ({"retain_until": date(2026, 5, 30)}, "to be deleted in 60 days"),
        ({"retain_until": date(2026, 5, 31)}, ""),
        ({"retain_until": TODAY}, "to be deleted in 0 days"),
        ({"agreement": None, "purpose": None}, "do not state agreement, purpose"),
    ],
)
def test_what_is_soon_to_be_done_is_said_before_it_stops_anything(change, said):
    source = {word: value for word, value in (AGREED | change).items() if value is not None}
    found = agreements.remark(settings(offences=source), "offences", today=TODAY)
    assert (said in found) if said else not found


def test_an_open_source_needs_no_agreement_and_one_that_may_be_must_say_so():
    asked = settings(lookup={"path": "b.csv"}, deprivation=OPEN)
    assert agreements.remark(asked, "lookup", today=TODAY) == (
        "its settings do not state sensitivity"
    )
    assert not agreements.remark(asked, "deprivation", today=TODAY)


def test_of_a_file_that_nobody_said_is_open_a_reader_has_neither_size_nor_hash():
    """A short file of counts is found from its hash by trying them all."""
    register = pd.DataFrame({"sensitivity": ["not stated", "open", "partners"]})
    assert provenance.of_partners(register).tolist() == [True, False, True]


# ------------------------------------------------------------------ nothing is made in breach


TOML = """
title = "A place"
kind = "force"
area_name = "A place"
audience = "public"
[sources.offences]
path = "offences.csv"
agreement = "Agreement 12"
sensitivity = "record"
"""


def folder_in(folder, text=TOML):
    folder.mkdir()
    (folder / "assessment.toml").write_text(text)
    (folder / "offences.csv").write_text("offence_id\n1\n2\n")
    return folder


def test_neither_a_run_nor_a_briefing_is_opened_for_an_audience_not_allowed(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    data = folder_in(tmp_path / "data")
    for opened in (assessment.open_run, subject.open_subject):
        with pytest.raises(AgreementError, match="Agreement 12"):
            opened(data)


def test_an_edition_that_widens_the_audience_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    data = folder_in(tmp_path / "data", TOML.replace('"public"', '"partners"'))
    about = subject.open_subject(data)
    with pytest.raises(AgreementError, match="this edition is public"):
        about.varied(audience="public")
    monkeypatch.setenv("VRN_EDITION", json.dumps({"audience": "public"}))
    with pytest.raises(AgreementError, match="this edition is public"):
        assessment.open_run(data)


# ------------------------------------------------------------------ the register


def test_the_register_has_a_row_a_file_with_all_that_is_known(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.csv").write_text('n,words\n1,"two\nlines"\n2,x\n')
    (tmp_path / "a" / "two.csv").write_text("n\n")
    pd.DataFrame({"n": range(5)}).to_parquet(tmp_path / "a.parquet")
    shapes = gpd.GeoDataFrame(geometry=[Point(0, 0)] * 3, crs=27700)
    shapes.to_file(tmp_path / "b.gpkg", layer="small")
    shapes[:1].to_file(tmp_path / "b.gpkg", layer="large")
    (tmp_path / "c.zip").write_bytes(b"PK")
    asked = settings(
        many={"path": "a/*.csv", "title": "Many"},
        offences=AGREED | {"path": "a.parquet"},
        boundaries={"path": "b.gpkg"},
        street={"path": "c.zip", "published": date(2024, 1, 2)},
    )
    found = provenance.sources(tmp_path, asked)
    assert found["file"].tolist() == ["a/one.csv", "a/two.csv", "a.parquet", "b.gpkg", "c.zip"]
    assert found["rows"].tolist()[:4] == [2, 0, 5, 4]
    assert found["rows"].isna().tolist() == [False] * 4 + [True]
    assert found["bytes"].tolist()[4] == 2
    of_pk = "fcab7fcc2b4cffd9bb45003bfc2e468a04ef6f77ca8200a7341f027631584d25"
    assert found["sha256"].tolist()[4] == of_pk  # of the letters PK, by sha256sum
    agreed = found.set_index("source").loc["offences"]
    assert agreed["agreement"] == "Agreement 12"
    assert agreed["purpose"] == "The serious violence duty"
    assert agreed["retain_until"] == "2027-03-31"
    assert agreed["audiences"] == "internal, partners"
    assert found["published"].tolist()[4] == "2024-01-02"
    assert found["producer"].eq("not stated").all()


def test_a_file_that_is_not_there_has_its_row_and_stops_only_who_needs_it(tmp_path):
    [row] = provenance.sources(tmp_path, settings()).to_dict("records")
    assert row["file"] == row["sha256"] == ""
    assert row["remark"] == "no file at offences.csv"


def test_rows_of_zipped_months_are_counted_together_within_bounds(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("2024-01/a.csv", 'n,words\n1,"two\nlines"\n2,x\n')
        archive.writestr("2024-02/a.CSV", "n\n1")
        archive.writestr("2024-03/a.csv", "")
        archive.writestr("README.txt", "one\ntwo")
    assert provenance.rows(tmp_path / "a.zip") == 3
    monkeypatch.setattr(provenance, "MOST_UNPACKED", 10)
    assert provenance.rows(tmp_path / "a.zip") is None


def test_rows_of_the_real_archive(open_data):
    [archive] = (open_data / "police_uk").glob("*.zip")
    assert provenance.rows(archive) == 205_078


@pytest.mark.parametrize("name", ["cut.parquet", "cut.gpkg", "cut.csv", "cut.zip"])
def test_rows_of_a_damaged_file_are_not_counted(tmp_path, name):
    (tmp_path / name).write_bytes(b'\xff\xfe\x00"\x81')
    assert provenance.rows(tmp_path / name) is None


def test_what_vrn_fetch_wrote_fills_what_the_settings_leave_open(tmp_path):
    (tmp_path / "a.csv").write_text("n\n1\n")
    digest = provenance.sha256(tmp_path / "a.csv")
    words = {"title": "Theirs", "producer": "An office", "accessed": TODAY, "sha256": digest}
    fetched.add(tmp_path, "a.csv", words)
    asked = settings(lookup=OPEN | {"path": "a.csv", "title": "Ours"})
    [row] = provenance.sources(tmp_path, asked).to_dict("records")
    assert [row[word] for word in ("title", "producer", "accessed")] == [
        "Ours", "An office", "2026-03-31",
    ]  # fmt: skip
    assert row["remark"] == ""
    (tmp_path / "a.csv").write_text("n\n2\n")
    [row] = provenance.sources(tmp_path, asked).to_dict("records")
    assert row["remark"] == "not the file that was received: its SHA-256 has changed"


def test_a_hash_that_the_settings_state_is_checked(tmp_path):
    (tmp_path / "offences.csv").write_text("n\n1\n")
    right = provenance.sha256(tmp_path / "offences.csv")
    for stated, said in ((right, ""), ("0" * 64, "its SHA-256 has changed")):
        source = AGREED | {"sha256": stated, "retain_until": date(2999, 1, 1)}
        [row] = provenance.sources(tmp_path, settings(offences=source)).to_dict("records")
        assert said in row["remark"]
        assert bool(row["remark"]) == bool(said)


@pytest.mark.parametrize(("sent", "said"), [(2, ""), (3, "3 rows were sent, and 2 are here")])
def test_the_rows_that_a_partner_says_were_sent_are_counted(tmp_path, sent, said):
    (tmp_path / "offences.csv").write_text("n\n1\n2\n")
    source = AGREED | {"rows": sent, "retain_until": date(2999, 1, 1)}
    [row] = provenance.sources(tmp_path, settings(offences=source)).to_dict("records")
    assert row["remark"] == said


def test_the_manifest_carries_the_register_as_plain_values(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    text = TOML.replace('"public"', '"partners"') + "retain_until = 2999-03-31\n"
    data = folder_in(tmp_path / "data", text + '[sources.street]\npath = "no.zip"\n')
    made = json.loads(
        json.dumps(manifest.register(subject.open_subject(data), audience="partners"))
    )
    assert [entry["source"] for entry in made] == ["offences", "street"]
    # of a partner's file neither exact rows nor hash: see tests/test_red_team.py
    assert made[0]["rows"] is made[0]["bytes"] is None
    assert made[0]["retain_until"] == "2999-03-31"
    assert made[0]["sha256"] == ""
    assert made[1]["rows"] is made[1]["bytes"] is None
    assert str(tmp_path) not in json.dumps(made)


# ------------------------------------------------------------------ provenance.toml


def test_provenance_is_written_whole_and_read_back(tmp_path):
    odd = 'A "quoted" title, \\ and é, \x7f, \n a line'
    fetched.add(tmp_path, 'b "x".csv', {"title": odd, "bytes": 5, "accessed": TODAY})
    fetched.add(tmp_path, "a/é.csv", {"title": "A"})
    fetched.add(tmp_path, "a/é.csv", {"title": "Again"})
    assert fetched.read(tmp_path) == {
        "a/é.csv": {"title": "Again"},
        'b "x".csv': {"title": odd, "bytes": 5, "accessed": TODAY},
    }
    assert [file.name for file in tmp_path.iterdir()] == ["provenance.toml"]


def test_provenance_that_is_not_toml_says_what_to_do(tmp_path):
    (tmp_path / "provenance.toml").write_text("title = ")
    with pytest.raises(DataError, match="Correct it, or delete it"):
        fetched.read(tmp_path)


def test_the_shipped_assessments_and_the_sample_are_in_order(tmp_path):
    assumed = {
        "names": {"county": "Wendmarch", "force": "SYNTHETIC"},
        "period": {"start": date(2019, 4, 1), "end": date(2024, 3, 31), "extract": "2024-05-01"},
    }
    (tmp_path / "assessment.toml").write_text(papers.settings(assumed))
    files = [tmp_path / "assessment.toml", *resource("assessments").glob("*.toml")]
    for file in files:
        found = load_settings(file)
        agreements.require(found)
        assert not any(agreements.remark(found, name) for name in found.sources)


def test_a_run_shows_what_was_agreed_and_what_is_to_be_done(tmp_path):
    text = TOML.replace('"public"', '"partners"') + '[sources.street]\npath = "no.zip"\n'
    text += 'sensitivity = "open"\n'
    run = assessment.open_run(folder_in(tmp_path / "data", text))
    shown = run.agreements_shown()
    assert shown["agreement"].tolist() == ["Agreement 12", "not stated"]
    assert shown["remark"].tolist() == [
        "its settings do not state purpose, retain_until", "no file at no.zip",
    ]  # fmt: skip
    assert run.sources_shown()["rows"].isna().tolist()[0], "fewer than a hundred"


def test_the_quality_statement_counts_what_is_to_be_done(tmp_path):
    from vrn_analysis.say.quality.statement import _of_sources

    text = TOML.replace('"public"', '"partners"') + '[sources.street]\npath = "no.zip"\n'
    text += '[sources.lookup]\npath = "offences.csv"\nproducer = "A"\nlicence = "B"\n'
    text += 'sensitivity = "open"\n'
    folder = folder_in(tmp_path / "data", text)
    register = provenance.sources(folder, load_settings(folder / "assessment.toml"))
    found = _of_sources(register).set_index("check")
    doubt = found.loc["Agreement, retention or file in doubt"]
    assert (doubt["count"], doubt["denominator"]) == (2, 3)
    assert "street: no file at no.zip" in doubt["detail"]


def test_a_folder_of_months_has_a_row_a_file(tmp_path):
    for month in ("2024-01", "2024-02"):
        (tmp_path / "street" / month).mkdir(parents=True)
        (tmp_path / "street" / month / "a.csv").write_text("n\n1\n")
    found = provenance.sources(tmp_path, settings(street={"path": "street"}))
    assert found["file"].tolist() == ["street/2024-01/a.csv", "street/2024-02/a.csv"]
    (tmp_path / "none").mkdir()
    street = OPEN | {"path": "none"}
    [row] = provenance.sources(tmp_path, settings(street=street)).to_dict("records")
    assert row["remark"] == "no file at none"
