"""Sentences about clusters: computed from the classes, never above what these hold."""

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from vrn_analysis.methods import places
from vrn_analysis.say import findings


def cells(counts):
    shapes = [box(x, 0, x + 1, 1) for x in range(len(counts))]
    return gpd.GeoDataFrame({"count": counts}, geometry=shapes, crs=27700)


def classes(codes, names):
    return pd.DataFrame({"map_class": pd.Categorical.from_codes(codes, names, ordered=True)})


def test_dense_title_says_what_share_of_offences_the_dense_area_holds():
    said = findings.title(classes([2, 1, 0, 0], list("abc")), cells=cells([30, 10, 50, 10]))
    assert said == "The densest 50% of the area has 40% of the offences"
    lived = cells([30, 10, 50, 10]).assign(residents=[10, 20, 30, 40])
    with_people = findings.title(classes([2, 1, 0, 0], list("abc")), cells=lived)
    assert with_people.endswith("40% of the offences and 30% of the residents")
    nothing = findings.title(classes([0, 0], list("abc")), cells=cells([1, 1]))
    assert "too few offences" in nothing


def test_risk_title_takes_the_highest_class_only():
    code = [4, 3, 0, 0]
    said = findings.title(classes(code, places.RISK_CLASSES), cells=cells([1] * 4), who="resident")
    assert said.startswith("On 25.0% of the area there are more than four times")
    none = findings.title(classes([3], places.RISK_CLASSES), cells=cells([1]), who="resident")
    assert none.startswith("Nowhere")


def test_parts_title_names_the_part_least_like_all_and_skips_what_is_not_known():
    said = findings.title({"Robbery": 0.4, "Homicide": np.nan, "Injury": 0.9})
    assert said.startswith("Robbery differs most: 40% of its densest cells")
    same = findings.title({"Robbery": 0.98, "Injury": 0.99})
    assert "same places" in same
    assert findings.title({"Homicide": np.nan}).startswith("Too few offences of any kind")


def moran(value, p):
    return pd.DataFrame(
        [{"expected": -0.01, "method": "999 permutations", "value": value, "p_value": p}]
    )


def test_area_clusters_counts_both_ends():
    hot, alike = classes([2, 2, 1, 0], places.AREA_CLASSES), moran(0.4, 0.001)
    said = findings.area_clusters(hot, alike, measure="violence").data
    assert "2 of 4 small areas have unusually high rates and 1 unusually low" in said
    quiet = classes([0, 0], [places.AREA_CLASSES[1]])
    said = findings.area_clusters(quiet, alike, measure="violence").data
    assert said.startswith("No small area's rate")


def test_neighbours_are_alike_by_the_p_value_and_the_side():
    quiet = classes([0, 0], [places.AREA_CLASSES[1]])
    said = [
        findings.area_clusters(quiet, moran(value, p), measure="violence").data
        for value, p in ((0.4, 0.001), (-0.4, 0.001), (0.4, 0.05))
    ]
    assert "areas are similar (Moran's I 0.40" in said[0]
    assert "differ more than by chance" in said[1]
    assert "no more similar than chance" in said[2]
