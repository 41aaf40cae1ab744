"""Hotspots of real small areas: counts by LSOA alone, as open data give them."""

import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from vrn_analysis.methods import hotspots

pytestmark = [pytest.mark.open_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def areas(open_data):
    shapes = gpd.read_file(open_data / "boundaries" / "llr_lsoa11_bgc.gpkg")
    archive = next((open_data / "police_uk").glob("*.zip"))
    with zipfile.ZipFile(archive) as months:
        names = [name for name in months.namelist() if name.endswith("street.csv")]
        street = pd.concat([pd.read_csv(months.open(name)) for name in names])
    violence = street[street["Crime type"] == "Violence and sexual offences"]
    years = violence["Month"].str[:4]
    counts = violence.groupby([violence["LSOA code"], years]).size().unstack(fill_value=0)
    shapes["count"] = shapes["LSOA11CD"].map(counts["2020"]).fillna(0).astype(int)
    shapes["next_count"] = shapes["LSOA11CD"].map(counts["2021"]).fillna(0).astype(int)
    return shapes


def test_neighbours_are_those_of_libpysal(areas):
    graph = pytest.importorskip("libpysal.graph")
    peer = graph.Graph.build_contiguity(areas, rook=False).sparse
    ours = hotspots.contiguity(areas)
    assert abs(ours - peer).sum() <= 0.005 * peer.nnz
    assert (ours.sum(axis=1) > 0).all()


def test_gi_star_is_that_of_esda(areas):
    esda = pytest.importorskip("esda")
    weights = pytest.importorskip("libpysal.weights")
    matrix = hotspots.contiguity(areas)
    peer_weights = weights.fill_diagonal(weights.WSP(matrix.tocsr()).to_W(silence_warnings=True))
    peer = esda.G_Local(
        areas["count"].to_numpy(float), peer_weights, star=True, transform="B", permutations=0
    )
    np.testing.assert_allclose(hotspots.gi_star(areas)["gi_star"], peer.Zs, atol=1e-12)


def test_the_next_year_is_predicted_far_better_than_chance(areas):
    found = hotspots.gi_star(areas)
    found["is_hotspot"] = found["hotspot_category"] == "hotspot"
    assert 10 <= found["is_hotspot"].sum() <= 100
    table = hotspots.accuracy(found, scores=["is_hotspot"]).set_index(["score", "measure"])
    assert table.loc[("is_hotspot", "pai"), "lower_95_ci"] > 5
    share = hotspots.concentration(areas).set_index("measure")["value"]
    assert 0.1 < share["share of places with 50% of events"] < 0.3
