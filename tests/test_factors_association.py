"""Association between areas: refused where few, matched to R, and calibrated in simulation."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factor_tables import areas, neighbours

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import tables
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import factors, rates
from vrn_analysis.methods.factors.association import variance_inflation
from vrn_analysis.methods.factors.spatial import moran

GIVEN = {"factors": ["income_rate"], "level": "lsoa", "group": "district"}


# -- what it finds ----------------------------------------------------------------------------


def test_planted_gradient_is_within_its_interval():
    found = factors.associate(areas(300, effect=0.5), **GIVEN).terms.iloc[0]
    assert found["lower_95_ci"] < np.exp(0.5) < found["upper_95_ci"]
    assert found["areas"] == 300


@pytest.mark.slow
def test_nominal_coverage_and_no_effect_found_where_none_is():
    covered, flagged = 0, 0
    for seed in range(20):
        one = factors.associate(areas(100, effect=0.4, seed=seed), **GIVEN).terms.iloc[0]
        covered += one["lower_95_ci"] < np.exp(0.4) < one["upper_95_ci"]
        none = factors.associate(areas(100, effect=0.0, seed=900 + seed), **GIVEN).terms.iloc[0]
        flagged += not none["lower_95_ci"] < 1 < none["upper_95_ci"]
    assert covered >= 17
    assert flagged <= 3


def test_the_wider_of_plain_and_clustered_limits_is_kept():
    from scipy.stats import t

    table = areas(200)
    few = t.ppf(0.975, table["district"].nunique() - 1)
    found = factors.associate(table, **GIVEN).terms.iloc[0]
    reach = max(1.959964 * found["plain_error"], few * found["clustered_error"])
    assert np.log(found["upper_95_ci"] / found["value"]) == pytest.approx(reach)
    with pytest.raises(DataError, match="all areas are of one district"):
        factors.associate(table.assign(district="D"), **GIVEN)


def test_every_row_carries_the_ecological_line():
    found = factors.associate(areas(100), **GIVEN)
    assert found.terms["reading"].str.contains("not the people who live there").all()
    assert "does not show" in found.reading


def test_prediction_of_districts_left_out_helps_only_where_there_is_an_effect():
    name = "prediction of each district left out"
    there = factors.associate(areas(300, effect=0.6), **GIVEN).checks.set_index("check")
    none = factors.associate(areas(300, effect=0.0), **GIVEN).checks.set_index("check")
    assert there.loc[name, "value"] > 0.3
    assert none.loc[name, "value"] < 0.05


def test_population_alone_is_what_factors_must_beat():
    """Counts that follow the population and nothing else: a factor takes no deviance away."""
    table = areas(300, effect=0.0, size=1e6).assign(denominator=lambda t: t["denominator"] * 10)
    table["count"] = np.random.default_rng(8).poisson(table["denominator"] * 0.01)
    found = factors.associate(table, **GIVEN).checks.set_index("check")
    assert found.loc["prediction of each district left out", "value"] < 0.03


def test_a_few_extreme_areas_show_in_the_check():
    table = areas(200, effect=0.0)
    top = table["income_rate"].nlargest(5).index
    table.loc[top, "count"] = table.loc[top, "count"] * 30
    found = factors.associate(table, **GIVEN)
    name = "ratio of income_rate without the 5 highest rates"
    without = found.checks.set_index("check").loc[name, "value"]
    assert found.terms["value"].iloc[0] > 1.4
    assert without == pytest.approx(1, abs=0.1)


def test_factors_that_tell_the_same_story_are_named():
    table = areas(200).assign(also=lambda t: t["income_rate"] + 0.001 * t["turnover"])
    found = factors.associate(table, **(GIVEN | {"factors": ["income_rate", "also"]}))
    reading = found.checks.set_index("check").loc["largest variance inflation", "reading"]
    assert reading.startswith("above 5")


def test_variance_inflation_equals_statsmodels():
    from statsmodels.stats.outliers_influence import variance_inflation_factor

    rng = np.random.default_rng(1)
    design = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc"))
    design["c"] += design["a"] * 0.8
    whole = design.assign(constant=1.0).to_numpy()
    expected = [variance_inflation_factor(whole, n) for n in range(3)]
    assert variance_inflation(design).tolist() == pytest.approx(expected, rel=1e-9)


def test_what_is_left_over_between_neighbours_is_found():
    table = areas(400, effect=0.3)
    hill = np.exp(np.sin(table["row"] / 3) + np.cos(table["column"] / 3))
    rng = np.random.default_rng(5)
    lumpy = table.assign(count=rng.poisson(table["denominator"] * 0.008 * hill))
    pairs = neighbours(table)
    name = "Moran's I of what is left over"
    found = factors.associate(lumpy, **GIVEN, neighbours=pairs).checks.set_index("check")
    assert found.loc[name, "value"] > 0.3
    assert "still alike" in found.loc[name, "reading"]
    fair = factors.associate(table, **GIVEN, neighbours=pairs).checks.set_index("check")
    assert abs(fair.loc[name, "value"]) < 0.1


def test_moran_equals_esda():
    esda = pytest.importorskip("esda")
    from libpysal.weights import W

    table = areas(64)
    pairs = neighbours(table)
    values = np.random.default_rng(2).normal(size=64) + table["row"].to_numpy() * 0.3
    listed = pairs.groupby("area_code")["neighbour_code"].agg(list).to_dict()
    expected = esda.Moran(values, W(listed, id_order=table["area_code"].tolist()), permutations=0)
    found, chance = moran(values, table["area_code"], pairs)
    assert found == pytest.approx(expected.I, abs=1e-12)
    assert chance == pytest.approx(0.001)


# -- where it is refused ----------------------------------------------------------------------


@pytest.mark.parametrize("number", [3, 9, 49])
def test_few_areas_are_refused_with_their_number(number):
    with pytest.raises(NotInThisRun, match=f"n = {number} areas is refused: .* at least 50"):
        factors.associate(areas(number), **GIVEN)


def test_fifty_areas_carry_one_factor_and_not_four():
    factors.associate(areas(50), **GIVEN)
    table = areas(50).assign(**{f"f{n}": areas(50, seed=n)["turnover"] for n in range(3)})
    with pytest.raises(NotInThisRun, match=r"4 factor\(s\) take at least 60"):
        factors.associate(table, **(GIVEN | {"factors": ["income_rate", "f0", "f1", "f2"]}))


@pytest.mark.parametrize("level", ["district", "upper tier", "force"])
def test_large_areas_are_refused_however_many(level):
    with pytest.raises(DataError, match="only small areas"):
        factors.associate(areas(300), **(GIVEN | {"level": level}))


@pytest.mark.parametrize("name", ["index_score", "IMD_score", "imd2019"])
def test_an_index_that_holds_crime_is_refused(name):
    table = areas(100).rename(columns={"income_rate": name})
    with pytest.raises(DataError, match="use income deprivation"):
        factors.associate(table, **(GIVEN | {"factors": [name]}))


def test_an_outcome_is_refused_as_its_own_factor():
    table = areas(100).assign(violence_rate=lambda t: t["count"] / t["denominator"])
    with pytest.raises(DataError, match="'violence_rate' is an outcome"):
        factors.associate(table, **(GIVEN | {"factors": ["violence_rate"]}))


def test_constant_factor_and_missing_columns_are_refused():
    with pytest.raises(DataError, match="turnover is the same in every area"):
        factors.associate(areas(100).assign(turnover=1.0), **(GIVEN | {"factors": ["turnover"]}))
    with pytest.raises(DataError, match=r"(?s)'denominator' is missing.*'nothing' is missing"):
        factors.associate(
            areas(100).drop(columns="denominator"), **(GIVEN | {"factors": ["nothing"]})
        )


def test_areas_left_out_for_a_missing_value_are_counted():
    table = areas(100)
    table.loc[:4, "income_rate"] = np.nan
    found = factors.associate(table, **GIVEN)
    assert found.terms["areas"].tolist() == [95]
    assert found.checks["value"].iloc[0] == 5


def test_rank_correlation_with_what_is_the_same_everywhere_is_refused():
    table = pd.DataFrame({"value": range(60), "income_rate": 0.2})
    with pytest.raises(DataError, match="income_rate is the same in every area"):
        factors.rank_correlation(table, factors=["income_rate"], level="lsoa")


def test_rank_correlation_is_refused_over_few_areas():
    table = areas(9).assign(value=lambda t: t["count"] / t["denominator"])
    with pytest.raises(NotInThisRun, match="n = 9"):
        factors.rank_correlation(table, factors=["income_rate"], level="msoa")


# -- R, and the real small areas --------------------------------------------------------------

R_COEFFICIENTS = {  # MASS::glm.nb on 300 simulated areas: estimate, standard error
    "imd": (0.0249859327228632, 0.00236882417807203),
    "log_den": (0.110383305594617, 0.07065128953717),
    "urb": (0.452737420545577, 0.0910776560314464),
}


@pytest.fixture
def oracle():
    return pd.read_csv(Path(__file__).parent / "oracles" / "nb_offset_input.csv")


def test_coefficients_and_errors_equal_rs_glm_nb(oracle):
    table = oracle.rename(columns={"lsoa": "area_code", "y": "count", "pop": "denominator"})
    table = table.rename(columns={"imd": "deprivation"}).assign(
        log_den=np.log(table["den"]), district=[f"D{n % 12}" for n in range(len(table))]
    )
    found = factors.associate(
        table,
        factors=["deprivation", "log_den", "urb"],
        level="lsoa",
        group="district",
        standardise=False,
    ).terms
    estimate, error = zip(*R_COEFFICIENTS.values(), strict=True)
    assert np.log(found["value"]).tolist() == pytest.approx(estimate, abs=1e-5)
    assert found["plain_error"].tolist() == pytest.approx(error, rel=1e-3)


@pytest.fixture(scope="module")
def small_areas():
    if "VRN_OPEN_DATA" not in os.environ:
        pytest.skip("VRN_OPEN_DATA does not name the folder of real open data")
    from vrn_analysis.read.police import street

    folder = Path(os.environ["VRN_OPEN_DATA"])
    records, _ = street.read(sorted(folder.glob("police_uk/*.zip")), force="leicestershire")
    seen = records.select(["lsoa_code", "crime_type"]).to_pandas()
    violent = seen[seen["crime_type"] == "Violence and sexual offences"]
    deprived = pd.read_csv(next(folder.glob("deprivation/*imd2019.csv"))).set_index("lsoa11_code")
    people = pd.read_csv(next(folder.glob("population/*mid2020*.csv"))).set_index("lsoa11_code")
    lookup = pd.read_csv(next(folder.glob("lookups/llr_lsoa11_lookup.csv"))).set_index(
        "lsoa11_code"
    )
    table = pd.DataFrame(
        {
            "count": violent["lsoa_code"].value_counts().reindex(deprived.index, fill_value=0),
            "denominator": people["total_population"] * 25 / 12,
            "score": deprived["IMD_score"],
            "national_decile": deprived["IMD_decile"],
            "income_rate": deprived["income_rate_pct"] / 100,
            "msoa": lookup["msoa11_code"],
        }
    )
    return table.rename_axis("area_code").reset_index().pipe(rates.crude_rate)


@pytest.mark.open_data
def test_real_correlation_with_the_index_and_with_income(small_areas):
    found = factors.rank_correlation(
        small_areas, factors=["score", "income_rate"], level="lsoa"
    ).set_index("factor")
    assert found["value"].round(3).to_dict() == {"score": 0.768, "income_rate": 0.749}
    assert found["areas"].tolist() == [611, 611]


@pytest.mark.open_data
def test_real_rates_by_national_quintile(small_areas):
    named = small_areas.rename(columns={"area_code": "lsoa_code", "national_decile": "decile"})
    quintiles = tables.deprivation_quintiles(named[["lsoa_code", "decile"]])
    counts = tables.count_by_quintile(small_areas[["area_code", "count"]], quintiles)
    of_area = quintiles.set_index("lsoa_code")["quintile"]
    people = small_areas.groupby(small_areas["area_code"].map(of_area))["denominator"].sum()
    found = rates.crude_rate(counts.assign(denominator=counts["quintile"].map(people)))
    assert found["value"].round(1).tolist() == [63.9, 50.0, 30.7, 21.7, 15.6]


@pytest.mark.slow
@pytest.mark.open_data
def test_real_association_with_income(small_areas):
    found = factors.associate(
        small_areas, factors=["income_rate"], level="lsoa", group="msoa"
    ).terms.iloc[0]
    assert found["lower_95_ci"] > 1.3
    assert found["areas"] == 611
