"""The sample as a folder: its files, contracts, places, determinism and streams."""

import hashlib
import re
import tomllib

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import sample_expected
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis import sample
from vrn_analysis.core import config, contracts
from vrn_analysis.sample import planted
from vrn_analysis.sample.plan import assumptions, columns, county, streams

TABLES = [
    "offences.parquet",
    "persons.parquet",
    "lookup.csv",
    "population.csv",
    "deprivation.csv",
    "ethnicity.csv",
    "indicators.csv",
    "attendances.csv",
    "ambulance.csv",
    "admissions.csv",
    "linkage.csv",
    "truth.json",
    "README.md",
    "assessment.toml",
]
ONS_CODE = re.compile(r"^[A-Z]\d{8}$")
SMALL = 2_000


@pytest.fixture(scope="module")
def folder(small_sample):
    return small_sample


@pytest.fixture(scope="module")
def offences(folder):
    return pd.read_parquet(folder / "offences.parquet")


@pytest.fixture(scope="module")
def persons(folder):
    return pd.read_parquet(folder / "persons.parquet")


@pytest.fixture(scope="module")
def shapes(folder):
    return {
        level: gpd.read_file(folder / "boundaries.gpkg", layer=level) for level in county.LEVELS
    }


# ---------------------------------------------------------------- the folder


@pytest.mark.slow
def test_settings_load_and_every_source_they_name_is_there(folder):
    found = config.load_settings(folder / config.SETTINGS_FILE)
    assert found.kind == "sample"
    assert found.definition == "llr_2020"
    assert set(found.sources) == {
        "offences", "persons", "lookup", "population", "deprivation", "boundaries",
        "ethnicity", "indicators", "attendances", "ambulance", "admissions", "linkage",
        "interventions", "recommendations", "themes", "assets", "evidence",
        "workday_population", "neighbours", "other_forces", "custom_areas", "asset_points",
    }  # fmt: skip
    for source in found.sources.values():
        assert (folder / source["path"]).is_file()
        assert {"producer", "title", "licence"} <= set(source)


def test_everything_a_person_reads_first_says_synthetic(folder, offences):
    found = config.load_settings(folder / config.SETTINGS_FILE)
    assert "SYNTHETIC" in found.title
    assert "SYNTHETIC" in found.area_name
    assert all("SYNTHETIC" in source["title"] for source in found.sources.values())
    assert "SYNTHETIC" in (folder / "README.md").read_text()
    assert "SYNTHETIC" in sample.truth(folder)["about"]
    assert offences["recording_force"].str.contains("SYNTHETIC").all()
    for name in ("offences.parquet", "persons.parquet"):
        assert b"SYNTHETIC" in pq.read_schema(folder / name).metadata[b"about"]


def test_every_assumption_has_a_value_and_a_source():
    entries = tomllib.loads(assumptions.FILE.read_text(encoding="utf-8"))
    assert all(set(entry) == {"value", "source"} for entry in entries.values())
    assert all(entry["source"].strip() for entry in entries.values())


def test_recorded_crime_has_the_published_total_and_names_its_source():
    text = assumptions.RECORDED_CRIME.read_text(encoding="utf-8")
    assert "Home Office" in text
    assert "Open Government Licence" in text
    table = pd.read_csv(assumptions.RECORDED_CRIME, comment="#", dtype={"offence_code": str})
    listed = ["1/4.1/4.10/4.2", "2", "5D", "5E", "8N", "8P", "34A", "34B"]
    # 8,300 is the published count of the listed classes before any exclusion
    assert table.loc[table["offence_code"].isin(listed), "offences"].sum() == 8_300
    assert table["offences"].sum() == 25_778


# ---------------------------------------------------------------- contracts


@pytest.mark.parametrize("contract", [contracts.OFFENCES, contracts.PERSONS])
def test_records_keep_their_contract(folder, contract):
    file = folder / f"{contract.name}.parquet"
    assert pq.read_schema(file).remove_metadata().equals(columns.schema(contract))
    table = pd.read_parquet(file)
    for column in contract:
        values = table[column.name].dropna()
        if column.allowed:
            assert set(values) <= set(column.allowed), column.name
        if column.minimum is not None:
            assert (values >= column.minimum).all(), column.name
        if column.maximum is not None:
            assert (values <= column.maximum).all(), column.name
        if not column.nullable:
            assert table[column.name].notna().all(), column.name
    assert not table.duplicated(list(contract.key)).any()


@pytest.mark.parametrize(
    "contract", [contracts.CONTRACTS[name] for name in ("lookup", "population", "deprivation")]
)
def test_places_keep_their_contract(folder, contract):
    table = pd.read_csv(folder / f"{contract.name}.csv")
    assert list(table.columns) == contract.names
    assert table.notna().all(axis=None)
    assert not table.duplicated(list(contract.key)).any()


def test_every_person_has_an_offence_and_every_offence_a_victim(offences, persons):
    assert set(persons["offence_id"]) <= set(offences["offence_id"])
    victims = persons.loc[persons["role"] == "victim", "offence_id"]
    assert set(victims) == set(offences["offence_id"])


def test_only_suspects_have_a_relationship_and_an_observed_ethnicity(persons):
    victims = persons[persons["role"] == "victim"]
    assert victims["relationship_to_victim"].isna().all()
    assert victims["officer_observed_ethnicity"].isna().all()


def test_location_types_are_those_of_the_reference_list(offences):
    known = pd.read_csv(config.resource("data", "reference", "location_types.csv"))
    assert set(offences["location_type"].dropna()) <= set(known["location_type"])


def test_nothing_is_recorded_after_the_extract_or_before_it_happened(offences):
    recorded = pd.to_datetime(offences["recorded_on"])
    assert recorded.max() <= pd.Timestamp("2024-05-31")
    assert (recorded >= offences["occurred_from"].dt.normalize()).all()


def test_age_and_band_never_stand_together(persons):
    assert not (persons["age"].notna() & persons["age_band"].notna()).any()


# ---------------------------------------------------------------- places


def test_areas_nest_and_count_as_asked(folder):
    table = pd.read_csv(folder / "lookup.csv")
    assert len(table) == 300
    assert table["msoa_code"].nunique() == 60
    assert table["district_code"].nunique() == 9
    assert (table.groupby("msoa_code")["district_code"].nunique() == 1).all()
    for level in county.LEVELS:
        assert table[f"{level}_name"].nunique() == table[f"{level}_code"].nunique()


def test_shapes_are_valid_in_one_piece_and_fit_without_gap_or_overlap(shapes):
    for level, table in shapes.items():
        assert table.crs.to_epsg() == 27700
        assert table.geometry.is_valid.all()
        assert (table.geom_type == "Polygon").all()
        assert shapely.coverage_is_valid(table.geometry.to_numpy()), level
    outline = shapes["district"].union_all()
    assert outline.geom_type == "Polygon"
    assert len(outline.interiors) == 0
    for table in shapes.values():
        assert table.area.sum() == pytest.approx(outline.area)


def test_larger_shapes_are_the_union_of_their_small_areas(folder, shapes):
    table = shapes["lsoa"].merge(pd.read_csv(folder / "lookup.csv"), on="lsoa_code")
    for level in ("msoa", "district"):
        joined = table.dissolve(f"{level}_code").area
        given = shapes[level].set_index(f"{level}_code").area
        pd.testing.assert_series_equal(joined, given, check_names=False)


def test_the_county_lies_in_the_sea_and_on_the_grid(shapes):
    west, south, east, north = shapes["lsoa"].total_bounds
    # the nearest coast is west of 560 km east at these northings
    assert west > 570_000
    assert east < 700_000
    assert south > 430_000
    assert north < 530_000


def test_no_code_looks_like_one_of_the_office_for_national_statistics(folder, offences):
    table = pd.read_csv(folder / "lookup.csv")
    codes = set(table.filter(like="_code").to_numpy().ravel()) | set(offences["lsoa_code"].dropna())
    assert not [code for code in codes if ONS_CODE.match(code)]
    assert all(code.startswith("SYN") for code in codes)


def test_points_lie_in_the_small_area_they_are_recorded_in(offences, shapes):
    known = offences.dropna(subset=["easting", "lsoa_code"]).merge(shapes["lsoa"], on="lsoa_code")
    inside = gpd.points_from_xy(known["easting"], known["northing"]).within(
        gpd.GeoSeries(known["geometry"]).buffer(1.5)
    )
    # the rest are stacked on the default point, as planted
    assert inside.mean() > 0.985


def test_city_is_denser_than_the_rest(folder, shapes):
    people = pd.read_csv(folder / "population.csv").groupby("lsoa_code")["population"].sum()
    table = shapes["lsoa"].merge(pd.read_csv(folder / "lookup.csv"), on="lsoa_code")
    table = table.assign(people=table["lsoa_code"].map(people), size=table.area)
    city = table["district_name"].str.startswith("City")
    density = table[city]["people"].sum() / table[city]["size"].sum()
    rest = table[~city]["people"].sum() / table[~city]["size"].sum()
    assert density > 5 * rest
    assert 450_000 < people.sum() < 600_000


# ---------------------------------------------------------------- conservation


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 350])
def test_rows_asked_are_rows_made(tmp_path, rows):
    made = sample.write(tmp_path, rows=rows)
    assert pq.read_metadata(made / "offences.parquet").num_rows == rows


@pytest.mark.slow
def test_blocks_bound_what_is_drawn_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("vrn_analysis.sample.plan.pattern.SIZE", 10)
    made = sample.write(tmp_path, rows=700)
    file = pq.ParquetFile(made / "offences.parquet")
    groups = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups - 1)]
    assert max(groups) <= 10
    ids = pd.read_parquet(made / "offences.parquet")["offence_id"]
    assert len(ids) == 700
    assert ids.is_unique
    persons = pd.read_parquet(made / "persons.parquet")
    assert not persons.duplicated(["offence_id", "role", "person_number"]).any()


def test_population_sums_to_the_residents_records_are_drawn_from(folder):
    people = pd.read_csv(folder / "population.csv").groupby("lsoa_code")["population"].sum()
    expected = pd.DataFrame(sample_expected.expected(folder)["by_small_area"])
    assert (people == expected.set_index("lsoa_code")["residents"]).all()


# ---------------------------------------------------------------- determinism and streams


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(folder, shapes, tmp_path):
    again = sample.write(tmp_path, rows=SMALL)
    for name in TABLES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name
    for level, table in shapes.items():
        assert_frame_equal(table, gpd.read_file(again / "boundaries.gpkg", layer=level))


@pytest.mark.slow
def test_writing_twice_into_one_folder_leaves_one_sample(tmp_path):
    sample.write(tmp_path, rows=20)
    sample.write(tmp_path, rows=30)
    assert pq.read_metadata(tmp_path / "offences.parquet").num_rows == 30
    assert len(gpd.list_layers(tmp_path / "boundaries.gpkg")) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("population", {"population.csv", "admissions.csv"}),
        ("deprivation", {"deprivation.csv"}),
        ("persons", {"persons.parquet"}),
        ("offences", {"offences.parquet"}),
        ("attendances", {"attendances.csv", "linkage.csv", "truth.json"}),
        ("ambulance", {"ambulance.csv"}),
        ("admissions", {"admissions.csv"}),
        ("linkage", {"linkage.csv", "truth.json"}),
    ],
)
def test_another_seed_for_one_stream_changes_no_other_table(
    folder, tmp_path, monkeypatch, name, changed
):
    original = streams.stream

    def reseeded(stream_name, *, seed):
        own = stream_name.split("/")[0] == name
        return original(stream_name, seed=seed + 1 if own else seed)

    for module in ("records.people", "folder", "records.health", "records.injuries"):
        monkeypatch.setattr(f"vrn_analysis.sample.{module}.stream", reseeded)
    again = sample.write(tmp_path, rows=SMALL)
    different = {
        file for file in TABLES if (again / file).read_bytes() != (folder / file).read_bytes()
    }
    assert different == changed


@pytest.mark.slow
def test_another_seed_gives_another_sample(folder, tmp_path):
    again = sample.write(tmp_path, rows=SMALL, seed=7)
    for name in ("offences.parquet", "persons.parquet", "population.csv", "deprivation.csv"):
        assert (again / name).read_bytes() != (folder / name).read_bytes()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0, 7.0]), min_size=3, max_size=3), min_size=1),
    st.integers(0, 2**32 - 1),
)
def test_draw_never_gives_what_has_no_weight(weights, seed):
    weights = np.array(weights) + np.array([0.0, 1e-9, 0.0])
    row = np.repeat(np.arange(len(weights)), 20)
    column = streams.draw(np.random.default_rng(seed), weights, row)
    assert (weights[row, column] > 0).all()


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), st.integers(0, 10_000))
def test_shares_to_counts_conserves_the_total(shares, total):
    counts = streams.shares_to_counts(np.array(shares), total)
    assert counts.sum() == total
    assert (np.abs(counts - np.array(shares) / np.sum(shares) * total) < 1).all()


# ---------------------------------------------------------------- the cached sample


@pytest.mark.slow
def test_ensure_makes_the_sample_once_and_leaves_nothing_aside(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path))
    made = []

    def small(folder, **_):
        made.append(folder)
        return sample.write(folder, rows=20)

    monkeypatch.setattr("vrn_analysis.sample.folder.write", small)
    first, second = sample.ensure(), sample.ensure()
    assert first == second
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == [first.name]
    assert (first / config.SETTINGS_FILE).is_file()


def test_ensure_leaves_nothing_behind_when_writing_fails(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path))

    def full(folder, **_):
        (folder / "lookup.csv").write_text("half")
        raise OSError("No space left on device")

    monkeypatch.setattr("vrn_analysis.sample.folder.write", full)
    with pytest.raises(OSError, match="No space left"):
        sample.ensure()
    assert list(tmp_path.iterdir()) == []


def test_ensure_takes_the_other_ones_when_two_make_it_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path))

    def beaten(folder, **_):
        done = tmp_path / f"sample-{fingerprint()}"
        done.mkdir()
        (done / "lookup.csv").write_text("theirs")
        (folder / "lookup.csv").write_text("ours")
        return folder

    from vrn_analysis.sample.folder import _fingerprint as fingerprint

    monkeypatch.setattr("vrn_analysis.sample.folder.write", beaten)
    assert (sample.ensure() / "lookup.csv").read_text() == "theirs"
    assert len(list(tmp_path.iterdir())) == 1


# ---------------------------------------------------------------- clear-cut records


def test_clear_cut_cases_cover_all_three_outcomes(folder, offences):
    outcomes = sample.truth(folder)["planted_outcomes"]
    assert set(outcomes.values()) == {"IN", "OUT", "UNKNOWN"}
    assert set(outcomes) <= set(offences["offence_id"])
    assert len(outcomes) == planted.count(SMALL) == 200
    assert {case.outcome for case in planted.CASES[: len(outcomes)]} == {"IN", "OUT", "UNKNOWN"}


def test_clear_cut_records_get_their_outcome_from_the_definition_engine(folder):
    ibis = pytest.importorskip("ibis")
    classify = pytest.importorskip("vrn_analysis.count.classify")
    definition = pytest.importorskip("vrn_analysis.core.definition")
    connection = ibis.duckdb.connect()
    labelled = classify.classify(
        connection.read_parquet(folder / "offences.parquet"),
        connection.read_parquet(folder / "persons.parquet"),
        definition=definition.load("llr_2020"),
        period=("2019-04-01", "2024-03-31"),
        area_codes=list(pd.read_csv(folder / "lookup.csv")["lsoa_code"]),
    )
    found = labelled.select("offence_id", "outcome").to_pandas().set_index("offence_id")["outcome"]
    expected = pd.Series(sample.truth(folder)["planted_outcomes"])
    wrong = expected[found[expected.index] != expected]
    assert wrong.empty, wrong.to_dict()


def test_health_services_have_streams_of_their_own(offences, persons):
    """Hashes of the records from before there were health services: none has moved."""
    before = [
        (offences, "2b5055d00024c307d63d460fb2d86f7432eeb9939745453df5c51b9ce26e300f"),
        (persons, "d11d85cb4fe17d7ea22a91afc578a300823daa1355a6623d6eecd16f575ed95c"),
    ]
    for table, digest in before:
        rows = pd.util.hash_pandas_object(table, index=False).to_numpy()
        assert hashlib.sha256(rows.tobytes()).hexdigest() == digest
