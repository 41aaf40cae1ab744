"""A run opens on any folder in the right shape, and says plainly what is wrong with another."""

import shutil

import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count import assessment, classify, tables
from vrn_analysis.count.assessment import NotInThisRun, about


@pytest.fixture(scope="module")
def run(small_sample):
    return assessment.open_run(small_sample)


@pytest.fixture
def folder(small_sample, tmp_path):
    return shutil.copytree(small_sample, tmp_path / "data")


def settings(folder, old, new):
    file = folder / "assessment.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def as_csv(folder, name, **changes):
    table = pd.read_parquet(folder / f"{name}.parquet").rename(columns=changes)
    table.to_csv(folder / f"{name}.csv", index=False)
    settings(folder, f'path = "{name}.parquet"', f'path = "{name}.csv"')
    return table


def counts(run):
    return classify.waterfall(run.classified())


@pytest.mark.slow
def test_csv_gives_what_parquet_gives(run, folder):
    as_csv(folder, "offences")
    as_csv(folder, "persons")
    pd.testing.assert_frame_equal(counts(assessment.open_run(folder)), counts(run))


@pytest.mark.slow
def test_a_source_may_name_its_own_columns(run, folder):
    as_csv(folder, "offences", offence_id="Crime No", location_type="Premises")
    text = 'columns = { offence_id = "Crime No", location_type = "Premises" }\n'
    settings(folder, 'path = "offences.csv"\n', f'path = "offences.csv"\n{text}')
    pd.testing.assert_frame_equal(counts(assessment.open_run(folder)), counts(run))


@pytest.mark.slow
def test_rows_are_conserved_from_file_to_table(run, small_sample):
    read = len(pd.read_parquet(small_sample / "offences.parquet"))
    classified = run.classified()
    by_outcome = tables.count(classified, ["outcome"])
    assert by_outcome["count"].sum() == read
    counted = tables.count_by_area(run.counted(), run.lookup, level="district")
    headline = run.bounds().set_index("bound")["count"]
    assert counted["count"].sum() == headline["IN"]
    assert headline["IN + UNKNOWN"] >= headline["IN"]


@pytest.mark.slow
def test_missing_column_is_named_with_its_file(folder):
    table = pd.read_parquet(folder / "offences.parquet").drop(columns="occurred_from")
    table.to_csv(folder / "offences.csv", index=False)
    settings(folder, 'path = "offences.parquet"', 'path = "offences.csv"')
    with pytest.raises(DataError, match=r"(?s)offences\.csv.*occurred_from"):
        _ = assessment.open_run(folder).offences


def test_missing_file_is_named_with_the_settings_that_ask_for_it(folder):
    (folder / "lookup.csv").unlink()
    with pytest.raises(DataError, match=r"lookup\.csv does not exist.*sources\.lookup.*toml"):
        _ = assessment.open_run(folder).lookup


def test_empty_csv(folder):
    (folder / "population.csv").write_text("")
    with pytest.raises(DataError, match=r"population\.csv is empty"):
        _ = assessment.open_run(folder).population


def test_truncated_parquet(folder):
    file = folder / "offences.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"offences\.parquet cannot be read"):
        _ = assessment.open_run(folder).offences


def test_percentages_in_place_of_proportions(folder):
    table = pd.read_csv(folder / "deprivation.csv")
    table.assign(income_rate=table["income_rate"] * 100).to_csv(
        folder / "deprivation.csv", index=False
    )
    with pytest.raises(DataError, match=r"scale\.income_rate = 0\.01"):
        _ = assessment.open_run(folder).deprivation


def test_repeated_small_area_in_the_lookup(folder):
    table = pd.read_csv(folder / "lookup.csv")
    pd.concat([table, table.head(2)]).to_csv(folder / "lookup.csv", index=False)
    with pytest.raises(DataError, match="2 of 302 rows repeat lsoa_code"):
        _ = assessment.open_run(folder).lookup


def test_file_that_is_no_map(folder):
    (folder / "boundaries.gpkg").write_text("not a map")
    with pytest.raises(DataError, match="cannot be read as boundaries"):
        assessment.open_run(folder).areas("lsoa")


@pytest.mark.slow
def test_extract_without_persons_still_counts_and_says_what_it_cannot(folder):
    text = (folder / "assessment.toml").read_text()
    start = text.index("[sources.persons]")
    end = text.index("[sources.lookup]")
    (folder / "assessment.toml").write_text(text[:start] + text[end:])
    run = assessment.open_run(folder)
    assert run.bounds()["count"].iloc[0] > 0
    with pytest.raises(NotInThisRun, match="victims and suspects"):
        _ = run.persons
    abilities = run.abilities().set_index("section")["in this run"]
    assert abilities["Victims and suspects, under 25"] == "no"


def test_folder_without_settings_or_known_force(tmp_path):
    with pytest.raises(SettingsError, match="none of the"):
        assessment.open_run(tmp_path)


@pytest.mark.slow
def test_period_is_that_of_the_settings(run):
    assert run.period == "April 2019 to March 2024"
    assert run.years == 5


@pytest.mark.slow
def test_stamp_of_the_sample_says_synthetic(run):
    assert run.stamp().data.startswith("**SYNTHETIC SAMPLE: an invented county.")
    assert "SYNTHETIC" in run.credit


@pytest.mark.slow
def test_breaks_are_those_of_the_force_and_period(run):
    labels = run.breaks["label"].tolist()
    assert "Pandemic restrictions" in labels
    assert any("SYNTHETIC" in label for label in labels)
    assert not any("re-reviewed" in label for label in labels)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2019-04-01 to 2024-03-31, invented", "1 April 2019 to 31 March 2024, invented"),
        ("2023-02-30", "2023-02-30"),
        ("2023/24", "2023/24"),
    ],
)
def test_dates_of_a_source_are_written_as_they_are_read(text, said):
    assert about.dated(text) == said
