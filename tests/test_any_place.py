"""Another force area works by its settings and its data folder, with no change of code."""

import shutil

import pandas as pd
import pytest
from any_place import AREAS, DISTRICTS, OFFENCES, force_folder, said, street_folder
from briefing_builds import build

from vrn_analysis.core.config import resource
from vrn_analysis.core.errors import SettingsError
from vrn_analysis.count import assessment, tables
from vrn_analysis.say import quality


@pytest.fixture(scope="module")
def force(tmp_path_factory):
    return force_folder(tmp_path_factory.mktemp("place") / "force")


@pytest.fixture(scope="module")
def pages(force, tmp_path_factory):
    output = tmp_path_factory.mktemp("place") / "briefing"
    return build(output, "--data", str(force), "--only", "03", "--only", "09")


def page(pages, start):
    files = [f for f in pages.rglob("*.html") if f.name.startswith((start, "not_yet"))]
    return "".join(file.read_text(encoding="utf-8") for file in files)


def test_an_extract_of_a_new_force_is_classified_and_counted(force):
    run = assessment.open_run(force)
    counted = run.counted().count().execute()
    assert 0 < counted < OFFENCES
    assert run.records().count().execute() == OFFENCES
    for level in ("lsoa", "msoa", *run.levels):
        by_area = tables.count_by_area(run.counted(), run.lookup, level=level)
        assert by_area["count"].sum() == counted
    assert run.districts["area_name"].tolist() == list(DISTRICTS.values())
    assert run.levels == {"district": "Districts", "custom": "Beats"}
    people = tables.residents(run.population, run.lookup, level="custom")
    assert (
        people.set_index("area_code")["denominator"][tables.ALL]
        == run.population["population"].sum()
    )


def test_street_level_data_of_a_new_force_are_counted_as_published(tmp_path):
    run = assessment.open_run(street_folder(tmp_path / "street"))
    assert run.records().count().execute() == 24 * 60
    assert run.period == "January 2022 to December 2023"
    assert not run.can("definition")
    by_beat = tables.count_by_area(run.counted(), run.lookup, level="custom")
    assert set(tables.located(by_beat)["area_name"]) == {"West beat", "East beat"}
    assert tables.located(by_beat)["count"].sum() == run.counted().count().execute()
    assert len(run.deprivation) == AREAS


@pytest.mark.slow
def test_archives_that_overlap_are_counted_once_and_what_was_passed_over_is_told(
    tmp_path,
):
    folder = street_folder(tmp_path / "street")
    shutil.copytree(folder / "archive" / "2023-12", folder / "archive_old" / "2023-12")
    settings = folder / "assessment.toml"
    text = settings.read_text().replace('path = "archive"', 'path = "archive*"')
    settings.write_text(text + "\n[period]\nfrom = 2022-03-01\nto = 2023-12-31\n")
    run = assessment.open_run(folder)
    assert run.records().count().execute() == 22 * 60
    assert run.period == "March 2022 to December 2023"
    found = run.problems().set_index("problem")[["count", "of"]]
    assert found.loc["month that is in another archive too"].tolist() == [60, 25 * 60]
    assert found.loc["month outside the period of the settings"].tolist() == [2 * 60, 25 * 60]
    told = quality.measure(run).query("aspect == 'Reading the files'")
    assert told["count"].tolist() == [60, 120]


def test_another_published_category_can_be_the_headline_and_a_misspelt_one_is_refused(tmp_path):
    folder = street_folder(tmp_path / "street")
    settings = folder / "assessment.toml"
    text = settings.read_text()
    settings.write_text('headline_category = "Robbery"\n' + text)
    run = assessment.open_run(folder)
    robberies = run.records().filter(run.records().crime_type == "Robbery")
    assert run.counted().count().execute() == robberies.count().execute() > 0
    assert run.measure == "robbery (as published)"
    settings.write_text('headline_category = "Robery"\n' + text)
    with pytest.raises(SettingsError, match="'Robery'.* There are: Robbery, Violence and sexual"):
        assessment.open_run(folder).counted()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("force", ("02", "04", "05", "08", "09", "10")), ("street", ("01", "02", "06"))],
)
def test_notebooks_say_what_they_can_of_a_bare_folder(kind, numbers, force, tmp_path, monkeypatch):
    """Neither has more than it must: no weapon, no incident, no pseudonym, no indicator."""
    folder = force if kind == "force" else street_folder(tmp_path / "street")
    monkeypatch.setenv("VRN_DATA", str(folder))
    files = {file.name[:2]: file for file in resource("notebooks").glob("[0-9][0-9]_*.ipynb")}
    reasons = {number: " ".join(said(files[number])) for number in numbers}
    assert ("definition" in reasons["02"]) == (kind == "street")
    assert "boundaries" not in reasons.get("06", "")
    assert "No population figures" not in reasons.get("09", "")


def test_its_briefing_is_about_it_and_about_no_other_place(pages):
    text = page(pages, "03") + page(pages, "09")
    assert "Brynmoor (invented)" in text
    for elsewhere in ("Leicester", "Quill", "SYNTHETIC"):
        assert elsewhere not in text
    assert "Beats" in page(pages, "09")
    assert "West beat" in page(pages, "09")


def test_its_briefing_says_what_its_settings_leave_out(pages):
    assert "other forces" in page(pages, "03")
    assert "workday population" in page(pages, "09")


def test_rates_by_its_own_areas_are_saved_with_intervals(pages):
    [file] = pages.rglob("09_rates_by_area.csv")
    table = pd.read_csv(file)
    assert set(table["area_type"]) == {"Districts", "Beats"}
    assert set(table.loc[table["area_type"] == "Districts", "area_name"]) == set(DISTRICTS.values())
    assert (table["lower_95_ci"] <= table["value"]).all()
    assert (table["value"] <= table["upper_95_ci"]).all()
