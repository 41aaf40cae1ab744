"""What a partnership brings: indicators, response, measures, on the sample and without them."""

import pandas as pd
import pytest

from vrn_analysis.core.config import resource
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import disproportionality, evaluation, factors, harm, prevention
from vrn_analysis.read.sources import catalogue
from vrn_analysis.sample.plan import assumptions
from vrn_analysis.say import findings


@pytest.fixture(scope="module")
def folder(small_sample):
    return small_sample


@pytest.fixture(scope="module")
def run(folder):
    return assessment.open_run(folder)


def without(folder, name):
    file = folder / "assessment.toml"
    parts = file.read_text().split("\n[")
    kept = [part for part in parts if not part.startswith(f"sources.{name}]")]
    file.write_text("\n[".join(kept))


# -- indicators -------------------------------------------------------------------------------


@pytest.mark.slow
def test_sample_holds_25_indicators_of_the_catalogue_at_four_levels(run):
    table = assessment.indicator_table(run)
    known = catalogue.catalogue().set_index("indicator_id")
    found = table["indicator_id"].unique()
    assert len(found) == 25
    assert set(known.loc[found, "level"]) == {"individual", "relationship", "community", "societal"}
    assert table["area_code"].nunique() == 10


def test_county_is_the_sum_of_its_districts_and_so_a_plausible_benchmark(run):
    table = assessment.indicator_table(run)
    county = table["area_code"] == "SYNC01"
    keys = ["indicator_id", "period"]
    sums = table[~county].groupby(keys)["count"].sum()
    pd.testing.assert_series_equal(table[county].set_index(keys)["count"].sort_index(), sums)
    places = assessment.compared_places(run)
    bad = factors.benchmark_problems(table, members=places["members"], complete=True)
    assert bad.empty


def test_slope_of_an_indicator_is_as_assumed(run):
    table = assessment.indicator_table(run)
    given = assumptions.read()["indicators"]["income_deprivation"]
    own = table[(table["indicator_id"] == "income_deprivation") & (table["year"] == 2021)]
    city = own.set_index("area_code")["value"]
    assert city["SYND01"] > city["SYNC01"]
    assert city["SYNC01"] == pytest.approx(given["level"], rel=0.15)


def test_a_run_without_indicators_says_so(folder, tmp_path):
    import shutil

    copy = shutil.copytree(folder, tmp_path / "copy")
    for name in ("indicators", "recommendations", "ethnicity"):
        without(copy, name)
    run = assessment.open_run(copy)
    for call in (
        lambda: assessment.indicator_table(run),
        lambda: assessment.partnership_table(run, "recommendations"),
        lambda: assessment.ethnic_residents(run),
    ):
        with pytest.raises(NotInThisRun, match="supplied|needs"):
            call()
    assert "11_prevention_and_response" not in assessment.sections(run)
    assert "F08-1" not in assessment.main_findings(run)


# -- response ---------------------------------------------------------------------------------


def test_every_recommendation_of_the_sample_rests_on_a_finding_of_its_run(run):
    table = assessment.partnership_table(run, "recommendations")
    found = prevention.response(table, findings=assessment.main_findings(run))
    assert (found["rests_on"] > 0).all()
    with pytest.raises(DataError, match="cannot be used"):
        prevention.response(table, findings=["F06-1"])


def test_every_section_the_duty_names_is_a_known_notebook():
    named = set(
        pd.read_csv("data/reference/duty_crosswalk.csv", dtype="str")["answered_by"].dropna()
    )
    assert named <= {file.stem for file in resource("notebooks").glob("*.ipynb")}


def test_an_intervention_without_enough_to_compare_says_why():
    months = pd.date_range("2022-01-01", periods=24, freq="MS")
    panel = pd.DataFrame(
        [(code, month, 20 + (ord(code) * month.month) % 7) for code in "ABCDE" for month in months],
        columns=["area_code", "month", "count"],
    )
    given = {"intervention_id": "I1", "name": "x", "to": ""}
    rows = [
        given | {"areas": "A", "from": "2023-01-01"},
        given | {"areas": "Z", "from": "2023-01-01"},
    ]
    found = evaluation.local_effects(panel, pd.DataFrame(rows))
    assert found["value"].iloc[0] == pytest.approx(1, abs=0.1)
    assert pd.isna(found["value"].iloc[1])
    assert "not in the data" in found["note"].iloc[1]
    assert "count_before" not in found
    # four other areas where nothing was done: one in five is the least that p can be
    assert found["placebos"].iloc[0] == 4
    assert found["placebo_low"].iloc[0] <= found["placebo_high"].iloc[0]
    assert found["placebo_p_value"].iloc[0] in (0.2, 0.4, 0.6, 0.8, 1)
    said = findings.local_effect(found).data
    assert "in 4 areas without the intervention" in said
    assert "it cannot be below 0.20" in said


# -- harm and measures ------------------------------------------------------------------------


def test_harm_is_made_of_rounded_counts_and_leaves_the_suppressed_out():
    weights = pd.DataFrame(
        {"offence_code": ["1", "8N"], "weight": [1000, 20], "scheme": "t", "edition": "e",
         "unit": "points", "illustrative": "no", "source": "t"}
    )  # fmt: skip
    safe = pd.DataFrame(
        {"crime_group": ["Violence", "Violence"], "offence_code": ["8N", "1"],
         "count": pd.array([100, None], dtype="Int64"), "count_error": [2, 0],
         "status": ["shown", "suppressed"]}
    )  # fmt: skip
    row = harm.shown_harm(safe, weights).iloc[0]
    assert row["harm"] == 2000
    assert row["codes_left_out"] == 1
    assert row["upper_95_ci"] == pytest.approx(121.63 * 20 + 40, abs=1)


def test_only_whole_financial_years_are_added_up():
    months = pd.date_range("2022-03-01", "2023-04-01", freq="MS")
    monthly = pd.DataFrame({"month": months, "age": "UNDER_25", "count": 1})
    yearly = harm.by_year(monthly.astype({"count": "Int64"}), of="age")
    assert yearly["period"].tolist() == ["2022/23", "2022/23"]
    assert yearly["count"].tolist() == [12, 12]
    cuts = harm.age_cuts(yearly, of="age")
    assert cuts["age_group"].tolist() == ["All ages", "Under 25"]


@pytest.mark.slow
def test_no_homicide_of_the_measure_is_domestic(run):
    dead = assessment.supplied(run, "homicides").to_pandas()
    assert not dead["domestic_flag"].fillna(False).any()
    assert set(dead["class_code"]) <= {"1", "4.1", "4.2"}


# -- disproportionality -----------------------------------------------------------------------


def test_roles_stand_apart_and_rounding_widens_the_interval():
    residents = pd.DataFrame({"sex": ["Female", "Male"], "denominator": [1000, 1000]})
    rows = [(r, s, n) for r in ("Victim", "Suspect") for s, n in
            (("Female", 50), ("Male", 100), ("Not known", 10), ("Other", 5))]  # fmt: skip
    table = pd.DataFrame(rows, columns=["role", "sex", "count"]).assign(count_error=0)
    given = {"group": "sex", "basis": "sex as recorded", "reference": "Female"}
    exact = disproportionality.by_role(table, residents, **given)
    loose = disproportionality.by_role(table.assign(count_error=2), residents, **given)
    assert exact["compared"].tolist() == ["Victims: Male over Female", "Suspects: Male over Female"]
    assert exact["value"].tolist() == [2, 2]
    assert (loose["lower_95_ci"] < exact["lower_95_ci"]).all()
    assert (loose["bound_upper_95_ci"] > exact["bound_upper_95_ci"]).all()
