"""Over-representation with bounds for the unknown, and residence beside place of offence."""

import numpy as np
import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import disproportionality as dis

GROUPS = ["asian", "black", "mixed", "other", "white"]
PEOPLE = [160_000, 40_000, 30_000, 30_000, 740_000]


def table(counts, unknown):
    return pd.DataFrame(
        {
            "self_defined_ethnicity": [*GROUPS, "Unknown"],
            "count": [*counts, unknown],
            "denominator": [*PEOPLE, None],
        }
    ).astype({"count": "Int64"})


def found(counts, unknown=0, **more):
    given = {"basis": "self-defined", "reference": "white"} | more
    return dis.disproportionality(table(counts, unknown), **given).set_index(
        "self_defined_ethnicity"
    )


def test_ratio_and_bounds_by_hand():
    row = found([160, 80, 30, 30, 740], unknown=260).loc["black"]
    assert row["value"] == pytest.approx(2.0)
    assert row["bound_low"] == pytest.approx((80 / 40_000) / ((740 + 260) / 740_000))
    assert row["bound_high"] == pytest.approx((340 / 40_000) / (740 / 740_000))
    assert row["unknown_share"] == pytest.approx(260 / 1300)


def test_bounds_are_the_ratio_where_nobody_is_unknown():
    row = found([160, 80, 30, 30, 740]).loc["black"]
    assert row["bound_low"] == row["value"] == row["bound_high"]
    assert row["bound_lower_95_ci"] == pytest.approx(row["lower_95_ci"])
    assert row["result"] == "higher"


def test_with_many_unknown_the_result_is_not_clear():
    assert found([160, 80, 30, 30, 740], unknown=1000).loc["black", "result"] == "not clear"


def test_a_missing_group_counts_as_unknown():
    given = table([160, 80, 30, 30, 740], 50)
    given.loc[5, "self_defined_ethnicity"] = None
    row = dis.disproportionality(given, basis="self-defined", reference="white").iloc[0]
    assert row["unknown_count"] == 50


def test_the_share_of_the_unknown_is_missing_where_a_count_is_hidden():
    row = found([160, None, 30, 30, 740], unknown=260).loc["asian"]
    assert np.isnan(row["unknown_share"])
    assert row["unknown_count"] == 260


def test_officer_observed_is_never_put_over_residents():
    with pytest.raises(DataError, match="officer-observed ethnicity has no rate"):
        found([1, 1, 1, 1, 1], basis="officer-observed")


def test_bad_input_is_named_without_anybody():
    with pytest.raises(DataError, match="the reference 'martian' is not one row"):
        found([1, 1, 1, 1, 1], reference="martian")
    with pytest.raises(DataError, match="basis is 'guess'"):
        found([1, 1, 1, 1, 1], basis="guess")
    bare = table([1, 1, 1, 1, 1], 0)
    bare.loc[0, "denominator"] = 0
    with pytest.raises(DataError, match="1 of 5 groups have no residents"):
        dis.disproportionality(bare, basis="self-defined", reference="white")


def test_residents_that_are_not_split_that_way_are_not_in_this_run():
    table = pd.DataFrame(
        {"sex": ["Female", "Male", "Unknown"], "count": [5, 9, 1], "denominator": [None] * 3}
    )
    with pytest.raises(NotInThisRun, match="not given by sex as recorded"):
        dis.disproportionality(table, group="sex", basis="sex as recorded", reference="Female")


def test_every_row_says_that_a_ratio_is_no_reason():
    assert found([9, 9, 9, 9, 9])["reading"].str.contains("not explain why").all()


def simulated(rng, *, missing):
    shares = np.array(PEOPLE) / sum(PEOPLE)
    drawn = rng.choice(5, size=1500, p=shares)
    known = rng.random(1500) > missing
    counts = np.bincount(drawn[known], minlength=5)
    return found(counts.tolist(), unknown=int((~known).sum()))


@pytest.mark.slow
def test_no_difference_is_flagged_in_about_five_per_cent_of_draws():
    flagged = {"known": 0, "bounds": 0}
    for seed in range(60):
        rows = simulated(np.random.default_rng(seed), missing=0.35)
        inside = (rows["lower_95_ci"] < 1) & (rows["upper_95_ci"] > 1)
        flagged["known"] += int((~inside).sum())
        flagged["bounds"] += int((rows["result"] != "not clear").sum())
    assert flagged["known"] <= 0.085 * 240
    assert flagged["bounds"] == 0  # 35 % unknown can explain any of it


def test_bounds_hold_the_truth_however_the_unknown_are_chosen():
    """Unknown far more often in one group: the plain ratio misleads, the bounds do not."""
    rng = np.random.default_rng(5)
    counts = np.array([1600, 400, 300, 300, 7400])
    hidden = rng.binomial(counts, [0.1, 0.7, 0.1, 0.1, 0.1])
    rows = found((counts - hidden).tolist(), unknown=int(hidden.sum()))
    assert rows.loc["black", "value"] < 0.5
    assert (rows["bound_low"] <= 1).all()
    assert (rows["bound_high"] >= 1).all()


# -- residence beside offence -----------------------------------------------------------------


def places(**counts):
    codes = [None if code == "elsewhere" else code for code in counts]
    return pd.DataFrame({"area_code": codes, "count": list(counts.values())})


def test_residence_stands_beside_offence():
    both = dis.residence_beside_offence(places(A=8, B=2), places(A=3, B=5, elsewhere=2))
    expected = pd.DataFrame(
        {
            "area_code": ["A", "B", None],
            "hurt_here": [8, 2, 0],
            "live_here": [3, 5, 2],
            "more_hurt_than_live": [5, -3, -2],
            "rank_by_offence": [1, 2, 3],
            "rank_by_residence": [2, 1, 3],
        }
    )
    pd.testing.assert_frame_equal(both, expected, check_dtype=False)


def test_the_same_people_must_be_counted_both_ways():
    with pytest.raises(DataError, match="by_offence contains 8 people and by_residence 3"):
        dis.residence_beside_offence(places(A=8), places(A=3))


def test_hidden_counts_stay_hidden():
    hidden = places(A=8, B=2).assign(count=pd.array([8, None], dtype="Int64"))
    both = dis.residence_beside_offence(hidden, places(A=3, B=5))
    assert both["hurt_here"].isna().tolist() == [False, True]
    assert both["more_hurt_than_live"].isna().tolist() == [False, True]


# -- the sample -------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_samples_ethnicity_holds_no_planted_difference_and_none_is_flagged(sample_run):
    from vrn_analysis.count import tables
    from vrn_analysis.sample.folder import truth

    run = sample_run
    victims = run.persons.filter(run.persons.role == "victim")
    counted = tables.count(victims, ["self_defined_ethnicity"])
    share = pd.Series(truth(run.folder)["planted"]["ethnicity"])
    people = share.reindex(counted["self_defined_ethnicity"]).to_numpy() * 500_000
    found = dis.disproportionality(
        # several crimes can have one victim, so counts vary more than independent events
        counted.assign(denominator=people),
        basis="self-defined",
        reference="white",
        dispersion=3,
    )
    assert found["unknown_share"].iloc[0] == pytest.approx(0.35, abs=0.02)
    assert (found["result"] == "not clear").all()
    assert ((found["lower_95_ci"] < 1) & (found["upper_95_ci"] > 1)).all()
