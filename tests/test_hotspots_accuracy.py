"""Scoring on the next period: PAI, PEI and RRI by hand, and no skill on data without any."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.hotspots.accuracy import top


def ten_places(**columns):
    table = {
        "count": [10, 6, 1, 1, 1, 1, 0, 0, 0, 0],
        "next_count": [6, 2, 8, 1, 1, 1, 1, 0, 0, 0],
    }
    return pd.DataFrame(table | columns)


def measures(table, score):
    rows = table[table["score"] == score]
    return rows.set_index("measure")["value"].to_dict()


def test_indices_by_hand():
    # 30 of 100 events in 5 of 50 square kilometres; the best 5 would have held 40
    assert hotspots.hit_rate(hits=30, events=100) == 0.3
    assert hotspots.pai(hits=30, events=100, area=5, total_area=50) == pytest.approx(3)
    assert hotspots.pei(hits=30, best_hits=40) == 0.75
    # flagged places fell from 60 to 30, all places from 120 to 100
    assert hotspots.rri(hits=30, train_hits=60, events=100, train_events=120) == pytest.approx(0.6)


def test_a_flagged_set_by_hand():
    flagged = [True, True, *[False] * 8]
    found = hotspots.accuracy(ten_places(flagged=flagged), scores=["flagged"])
    # 8 of 20 events in 2 of 10 places; the best two held 14; 16 of 20 were there before
    assert measures(found, "flagged") == pytest.approx(
        {"hit_rate": 0.4, "pai": 2.0, "pei": 8 / 14, "rri": (8 / 16) / (20 / 20)}
    )


def test_a_flagged_set_is_compared_with_as_many_of_the_highest_before():
    flagged = [False, False, True, True, *[False] * 6]
    found = hotspots.accuracy(ten_places(flagged=flagged), scores=["flagged"])
    same = found[found["score"] == "flagged: as many, highest before"]
    assert same["places"].unique().tolist() == [2]
    assert same.set_index("measure")["value"]["hit_rate"] == pytest.approx(8 / 20)


def test_scores_flag_one_five_and_ten_percent_and_last_year_is_always_there():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "count": rng.poisson(3, 400),
            "next_count": rng.poisson(3, 400),
            "kde": rng.random(400),
            "population": rng.integers(1_000, 2_000, 400),
        }
    )
    found = hotspots.accuracy(table, scores=["kde", "population"])
    assert found["score"].unique().tolist() == ["count", "kde", "population"]
    kde = found[(found["score"] == "kde") & (found["measure"] == "pai")]
    assert kde["places"].tolist() == [4, 20, 40]
    assert kde["area_share"].tolist() == [0.01, 0.05, 0.1]
    inside = found["lower_95_ci"].le(found["value"]) & found["value"].le(found["upper_95_ci"])
    assert inside.mean() > 0.95
    pd.testing.assert_frame_equal(found, hotspots.accuracy(table, scores=["kde", "population"]))


def test_perfect_foresight_has_efficiency_one():
    table = ten_places()
    found = hotspots.accuracy(table.assign(perfect=table["next_count"]), scores=["perfect"])
    pei = found[(found["score"] == "perfect") & (found["measure"] == "pei")]
    assert (pei["value"] == 1).all()


def test_areas_come_from_the_polygons():
    sizes = [1, 1, 2, 4]
    boxes = [shapely.box(10_000 * i, 0, 10_000 * i + 1_000 * s, 1_000) for i, s in enumerate(sizes)]
    table = gpd.GeoDataFrame(
        {
            "count": [5, 0, 0, 5],
            "next_count": [4, 2, 2, 2],
            "hot": [True, False, False, True],
        },
        geometry=boxes,
        crs=27700,
    )
    found = measures(hotspots.accuracy(table, scores=["hot"]), "hot")
    assert found["pai"] == pytest.approx((6 / 10) / (5 / 8))


@pytest.mark.slow
def test_no_skill_on_null_data():
    # events of both periods at random: the interval of PAI covers 1
    rng, covered = np.random.default_rng(5), []
    for seed in range(200):
        table = pd.DataFrame({"count": rng.poisson(2, 400), "next_count": rng.poisson(2, 400)})
        found = hotspots.accuracy(table, scores=[], seed=seed)
        pai = found[(found["measure"] == "pai") & (found["area_share"] == 0.05)].iloc[0]
        covered.append(pai["lower_95_ci"] <= 1 <= pai["upper_95_ci"])
    assert np.mean(covered) >= 0.92


@pytest.mark.slow
def test_skill_is_found_where_it_was_planted():
    risk, covered = np.where(np.arange(400) < 20, 20.0, 1.0), []
    truth = (400 / 780) / 0.05
    for seed in range(100):
        rng = np.random.default_rng(1_000 + seed)
        table = pd.DataFrame({"count": rng.poisson(risk), "next_count": rng.poisson(risk)})
        found = hotspots.accuracy(table, scores=[], seed=seed)
        pai = found[(found["measure"] == "pai") & (found["area_share"] == 0.05)].iloc[0]
        covered.append(pai["lower_95_ci"] <= truth <= pai["upper_95_ci"])
        assert pai["lower_95_ci"] > 5
    assert np.mean(covered) >= 0.9


def test_regression_to_the_mean_shows_as_recapture_below_one():
    rng = np.random.default_rng(7)
    table = pd.DataFrame({"count": rng.poisson(2, 2_000), "next_count": rng.poisson(2, 2_000)})
    found = hotspots.accuracy(table, scores=[])
    rri = found[(found["measure"] == "rri") & (found["area_share"] == 0.05)].iloc[0]
    assert rri["upper_95_ci"] < 1


def test_nothing_caught_has_an_open_interval():
    flagged = [*[False] * 9, True]
    rows = hotspots.accuracy(ten_places(flagged=flagged), scores=["flagged"])
    hit = rows[(rows["score"] == "flagged") & (rows["measure"] == "hit_rate")].iloc[0]
    assert hit["value"] == 0
    assert 0.02 < hit["upper_95_ci"] < 0.25
    rri = rows[(rows["score"] == "flagged") & (rows["measure"] == "rri")].iloc[0]
    assert rri[["value", "lower_95_ci", "upper_95_ci"]].isna().all()


def test_everything_flagged():
    rows = hotspots.accuracy(ten_places(flagged=True), scores=["flagged"])
    assert measures(rows, "flagged") == pytest.approx({"hit_rate": 1, "pai": 1, "pei": 1, "rri": 1})


def test_top_fills_the_area_and_no_more():
    score, areas = np.array([5.0, 9, 7, 9]), np.array([1.0, 2, 2, 1])
    assert top(score, areas, area_share=0.5).tolist() == [False, True, False, True]
    assert top(score, areas, area_share=0.1).tolist() == [False, True, False, False]
    smaller = top(score, areas, area_share=0.4)
    larger = top(score, areas, area_share=0.9)
    assert (larger | ~smaller).all()


@pytest.mark.parametrize(
    ("columns", "match"),
    [
        ({"next_count": 0}, "'next_count' adds up to 0"),
        ({"count": 0}, "'count' adds up to 0"),
        ({"count": [np.nan] + [1.0] * 9}, "missing"),
        ({"next_count": [-1] + [1] * 9}, "negative"),
        ({"score": [np.nan] + [1.0] * 9}, "'score' are missing"),
        ({"score": False}, "flags none of 10"),
    ],
)
def test_bad_input(columns, match):
    table = ten_places(**({"score": range(10)} | columns))
    with pytest.raises(DataError, match=match):
        hotspots.accuracy(table, scores=["score"])


def test_absent_score():
    with pytest.raises(DataError, match="no column 'kde'"):
        hotspots.accuracy(ten_places(), scores=["kde"])
