"""An attacker who has all that a run publishes: each test is a leak that was once there."""

import dataclasses
import json
import re

import geopandas as gpd
import nbformat
import numpy as np
import pandas as pd
import pytest
from facts_told import told
from joint_attacker import given_away
from shapely import box

from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.briefing.run import manifest
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError, DisclosureError, NotEnoughError
from vrn_analysis.core.fingerprints import hashed
from vrn_analysis.count.assessment import extracts
from vrn_analysis.methods import evaluation, places, rates, triangulate
from vrn_analysis.say import findings
from vrn_analysis.show import disclosure, publish

LOOKUP = pd.DataFrame(
    {
        "lsoa_code": [f"L{n:02}" for n in range(12)],
        "msoa_code": [f"M{n // 3}" for n in range(12)],
        "district_code": [f"D{n // 6}" for n in range(12)],
    }
)


class Run:
    """As much of a run as publishing needs."""

    lookup = LOOKUP
    credit = "SYNTHETIC"

    def __init__(self, profile="lt5", audience="partners"):
        self.settings = Settings(
            title="A",
            kind="sample",
            area_name="A",
            sources={},
            disclosure_profile=profile,
            audience=audience,
        )


# quintiles of deprivation: everybody can look up which small area lies in which


class Deprived(Run):
    """A run with deprivation."""

    deprivation = LOOKUP[["lsoa_code"]].assign(decile=[1, 1, 1, 3, 3, 3] * 2)


def by_area(values, level="lsoa"):
    small = pd.DataFrame({"area_code": LOOKUP[f"{level}_code"], "count": values})
    return small.groupby("area_code", as_index=False)["count"].sum().astype({"count": "Int64"})


@pytest.mark.parametrize("profile", ["lt5", "lt10"])
def test_a_quintile_less_its_small_areas_is_no_hidden_small_area(profile):
    # a small count in each quintile; the two screen each other in their middle areas and district
    values = [3, 20, 30, 2, 40, 50, 60, 70, 80, 90, 25, 35]
    safe = publish.protect_areas({"lsoa": by_area(values)}, Deprived(profile))
    quintiles, small = safe["deprivation"], safe["lsoa"]
    inside = [small.iloc[[0, 1, 2, 6, 7, 8]], small.iloc[[3, 4, 5, 9, 10, 11]]]
    assert quintiles["quintile"].tolist() == [1, 2]
    for whole, parts in zip(quintiles["count"], inside, strict=True):
        assert pd.isna(whole) or parts["count"].isna().sum() > 1


def test_two_notebooks_hide_the_same_small_areas_whichever_levels_they_show():
    values = [3, 20, 30, 2, 40, 50, 60, 70, 80, 90, 25, 35]
    alone = publish.protect_areas({"lsoa": by_area(values)}, Deprived())
    wider = {level: by_area(values, level) for level in ("lsoa", "msoa", "district")}
    beside = publish.protect_areas(wider, Deprived())
    pd.testing.assert_frame_equal(alone["lsoa"], beside["lsoa"])
    assert set(beside) == {"lsoa", "msoa", "district", "deprivation"}


def test_areas_that_are_safe_only_while_the_headline_is_hidden_are_too_few():
    """An earlier version: a sample of 400 offences was refused, as the headline shows the total."""
    values = [1, 1, 1, 1, 2, 1, 1, 1, 0, 0, 0, 0]
    with pytest.raises(NotEnoughError) as fault:
        publish.protect_areas({"lsoa": by_area(values)}, Run("nhs_round5"))
    assert not re.search(r"\d", str(fault.value)), "a count of true records is told to nobody"


def test_a_level_that_is_not_the_sum_of_its_small_areas_is_told():
    small = by_area([3, 20, 30, 2, 40, 50, 60, 70, 80, 90, 25, 35])
    wide = by_area([3, 20, 30, 2, 40, 50, 60, 70, 80, 90, 25, 36], "district")
    with pytest.raises(DataError, match="1 of 2 counts by district_code"):
        publish.protect_areas({"lsoa": small, "district": wide}, Run())


def test_a_table_by_quintile_apart_from_its_small_areas_is_refused():
    table = pd.DataFrame({"quintile": [1, 2], "count": pd.array([20, 30], dtype="Int64")})
    with pytest.raises(DisclosureError, match="protect_areas"):
        publish.protect(table, Run(), dimensions=["quintile"])


# a denominator that is a count of records


def of_records(counts, denominators):
    table = pd.DataFrame({"clock": [f"{hour:02}:00" for hour in range(len(counts))]})
    return table.assign(
        count=pd.array(counts, dtype="Int64"), denominator=pd.array(denominators, dtype="Int64")
    )


@pytest.mark.parametrize("profile", ["lt5", "lt10", "nhs_round5"])
def test_a_small_denominator_of_records_is_hidden(profile):
    table = of_records([0, 20, 30], [4, 200, 300])
    safe = publish.protect(table, Run(profile), dimensions=["clock"])
    assert safe["denominator"].isna().tolist() == [True, False, False]
    assert safe["count"].tolist() == [0, 20, 30], "none of few is still none"


@pytest.mark.parametrize("profile", ["lt5", "lt10", "nhs_round5"])
def test_what_is_left_of_a_denominator_is_no_small_count(profile):
    # 198 of 200: two records are the rest
    safe = publish.protect(
        of_records([198, 20, 30], [200, 200, 300]), Run(profile), dimensions=["clock"]
    )
    both = safe["count"].notna() & safe["denominator"].notna()
    assert both.tolist() == [False, True, True]


def test_all_of_a_denominator_is_shown_since_a_rest_of_none_is_no_secret():
    safe = publish.protect(of_records([200, 0], [200, 300]), Run("lt5"), dimensions=["clock"])
    assert safe["count"].tolist() == [200, 0]
    assert safe["denominator"].tolist() == [200, 300]


# the manifest and the log: exact rows, and hashes of files that hold few numbers


def test_the_hash_of_a_short_file_of_counts_is_told_to_nobody_else(tmp_path):
    (tmp_path / "linkage.csv").write_text("attendances,linked\n2004,651\n")
    (tmp_path / "lookup.csv").write_text("lsoa_code\nL1\n")
    (tmp_path / "attendances.csv").write_text("arrived\n" + "2024-01-01\n" * 1_234)
    stated = {"linkage": "partners", "lookup": "open", "attendances": "record"}
    stated = {name: {"path": f"{name}.csv", "sensitivity": of} for name, of in stated.items()}
    settings = Settings(title="A", kind="force", area_name="A", sources=stated)
    about = Subject(tmp_path, settings, False, hashed(tmp_path, memory=tmp_path / ".hashes"))
    told = {entry["file"]: entry for entry in manifest.inputs(about, audience="partners")}
    assert set(told["lookup.csv"]) == {"file", "bytes", "sha256"}
    assert told["linkage.csv"] == {"file": "linkage.csv"}
    register = {entry["source"]: entry for entry in manifest.register(about, audience="partners")}
    assert register["linkage"] | {"rows": None, "bytes": None, "sha256": ""} == register["linkage"]
    assert register["attendances"]["rows"] == 1_200
    assert all("sha256" in entry for entry in manifest.inputs(about, audience="internal"))


def test_rows_read_of_a_partner_are_told_in_hundreds_and_kept_so(tmp_path):
    stated = {"persons": "person", "street": "open"}
    stated = {name: {"path": f"{name}.csv", "sensitivity": of} for name, of in stated.items()}
    settings = Settings(title="A", kind="force", area_name="A", sources=stated)
    for name in stated:
        (tmp_path / f"{name}.csv").write_text("a\n")
    for name, count in {"persons": 95_096, "street": 205_078}.items():
        extracts.note_rows(settings, name, count, output=tmp_path)
    kept = {file.stem: file.read_text() for file in (tmp_path / "rows").iterdir()}
    assert json.loads(kept["persons"])["rows"] == 95_100
    about = Subject(tmp_path, settings, False, hashed(tmp_path, memory=tmp_path / ".hashes"))
    read = manifest.rows([Result("01_a", nbformat.v4.new_notebook(), tmp_path, 0.0)], about)
    assert {name: told["rows"] for name, told in read.items()} == {
        "persons": 95_100, "street": 205_078,
    }  # fmt: skip


@pytest.mark.slow
def test_the_table_of_problems_tells_rows_read_in_hundreds(sample_run):
    """An earlier version: 63,203 on the page, in the index and in 01_problems.csv."""
    run = sample_run
    rows = run.offences.count().execute()
    told = run.problems()
    assert len(told)
    assert rows % 100
    assert (told["of"].dropna() % 100 == 0).all()
    inside = dataclasses.replace(run.settings, audience="internal")
    exact = dataclasses.replace(run, settings=inside).problems()
    assert set(exact["of"]) - set(told["of"])


def test_the_months_of_a_field_and_its_whole_are_protected_together():
    # one month of the field is small, and the whole stands in the table above
    months = pd.date_range("2024-01-01", periods=4, freq="MS")
    monthly = pd.DataFrame({"field": "Weapon", "month": months, "denominator": 100})
    monthly = monthly.assign(count=pd.array([3, 20, 30, 40], dtype="Int64"))
    # twenty records are of no month of the run, and all have a value
    counted = pd.DataFrame({"field": ["Weapon"], "count": [93], "denominator": [420]})
    safe = publish.protect(
        {"all": counted, "months": monthly.astype({"denominator": "Int64"})},
        Run("lt5"), nesting=publish.part_of_all("month", months), of="records without a value",
    )  # fmt: skip
    shown = safe["months"]["count"]
    assert safe["all"]["count"].isna().all() or shown.isna().sum() > 1
    assert safe["months"]["denominator"].tolist() == [100.0] * 4


# an order of true counts, and a count beside one that differs from it by few


def test_a_hidden_row_stands_in_no_order_of_the_true_counts():
    table = pd.DataFrame({"code": list("dcbae"), "count": [90, 40, 12, 3, 2]})
    safe = publish.protect(table.astype({"count": "Int64"}), Run(), dimensions=["code"])
    safe.loc[2, ["count", "status"]] = [pd.NA, "suppressed"]
    ordered = publish.largest_first(safe)
    assert ordered["code"].tolist() == ["d", "c", "a", "b", "e"]


@pytest.mark.parametrize(
    ("profile", "shown"), [("lt5", [True, False, True, True]), ("lt10", [True, False, False, True])]
)
def test_a_rule_that_moves_few_records_gives_no_count_of_them(profile, shown):
    table = pd.DataFrame({"switch": ["As defined", "A", "B", "C"], "count": [500, 498, 507, 500]})
    table = table.astype({"count": "Int64"})
    safe = publish.protect_changes(table, Run(profile), dimensions=["switch"])
    assert (safe["status"] == "shown").tolist() == shown
    assert safe["count"].notna().tolist() == shown


# tables without the totals between them: no table says how the parts make up the whole, and they do

SIZES = {"area": 6, "sex": 2, "age": 3}
LEVELS = {
    "small": ("area", {f"s{n}": [n] for n in range(6)}),
    "wide": ("area", {"w0": [0, 1, 2], "w1": [3, 4, 5]}),
    "sex": ("sex", {f"x{n}": [n] for n in range(2)}),
    "age": ("age", {f"a{n}": [n] for n in range(3)}),
}
NESTED = {("small", "wide"): {f"s{n}": f"w{n // 3}" for n in range(6)}}
SHOWN = {
    "the cells and the total": [["sex", "age"], []],
    "cells of three dimensions and one": [["small", "sex", "age"], ["age"]],
    "small areas by sex, and wide areas": [["small", "sex"], ["wide"]],
    "small areas by age, wide by sex, and ages": [["small", "age"], ["wide", "sex"], ["age"]],
}


def summed(records, columns):
    if not columns:
        return pd.DataFrame({"count": [int(records["count"].sum())]})
    complete = pd.MultiIndex.from_product([LEVELS[name][1] for name in columns], names=columns)
    found = records.groupby(columns)["count"].sum()
    found.index = pd.MultiIndex.from_frame(found.index.to_frame())
    return found.reindex(complete, fill_value=0).reset_index()


@pytest.mark.slow
@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("profile", ["lt5", "lt10", "nhs_round5"])
def test_parts_and_whole_without_the_totals_between_give_nothing_back(shown, profile):
    random = np.random.default_rng(3)
    areas, sexes, ages = np.indices(tuple(SIZES.values())).reshape(3, -1)
    records = pd.DataFrame(
        {"small": [f"s{n}" for n in areas], "wide": [f"w{n // 3}" for n in areas]}
    )
    records = records.assign(sex=[f"x{n}" for n in sexes], age=[f"a{n}" for n in ages])
    records = records.assign(count=random.negative_binomial(0.8, 0.08, len(records)))
    dimensions = {f"t{n}": columns for n, columns in enumerate(SHOWN[shown])}
    true = {name: summed(records, columns) for name, columns in dimensions.items()}
    safe = disclosure.protect_together(true, dimensions=dimensions, profile=profile, nesting=NESTED)
    assert not given_away(true, safe, dimensions, LEVELS, SIZES, profile)
    assert any((table["count"].notna() & (table["count"] > 0)).any() for table in safe.values())


# shares of true counts, beside their total


@pytest.mark.parametrize("events", [100, 999, 1_000, 5_450, 9_999])
def test_a_share_of_true_counts_leaves_nine_of_them_open(events):
    places_of = places.classes.decimals(events)
    counts = np.arange(events + 1)
    shown = pd.Series(counts).groupby((counts / events).round(places_of)).agg(["min", "max"])
    inner = shown.iloc[1:-1]
    assert (inner["max"] - inner["min"]).min() >= 8
    assert shown["max"].iloc[0] >= 4, "a share of none is one of few, or of none"


def test_an_index_of_accuracy_gives_no_more_than_its_share_of_offences():
    scored = pd.DataFrame({"measure": ["hit_rate", "pai"], "area_share": 0.00984})
    made = scored.assign(**dict.fromkeys(["value", "lower_95_ci", "upper_95_ci"], 309 / 1_190))
    made.loc[1, ["value", "lower_95_ci", "upper_95_ci"]] /= 0.00984
    vague = places.classes._vague(made, pd.Series([1_190]))
    assert vague["value"].tolist() == pytest.approx([0.26, 0.26 / 0.00984])


def test_a_title_holds_no_more_digits_of_a_share_than_it_says():
    # 309 of 517 offences are in the dense class: to six digits the share would say both
    cells = gpd.GeoDataFrame(
        {"count": [309, 208]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=27700
    )
    names = pd.Categorical(["dense", "rest"], ["rest", "dense"], ordered=True)
    title = findings.title(pd.DataFrame({"map_class": names}), cells=cells)
    assert told(title)["offences"] == 60


def test_how_offences_cluster_gives_no_sum_back():
    sizes = pd.Series([1] * 5_300 + [2] * 60 + [3] * 10)
    exact = (sizes**2).sum() / sizes.sum()
    spread = rates.dispersion_of_incidents(sizes)
    assert exact <= spread <= exact + 0.01
    assert spread == round(spread, 2)


@pytest.mark.parametrize(("during", "is_shown"), [(9, False), (10, True)])
def test_an_effect_on_few_offences_is_not_told_by_the_width_of_its_interval(during, is_shown):
    months = pd.date_range("2022-04-01", periods=24, freq="MS")
    counts = pd.DataFrame({"area_code": list("ABCD")}).merge(
        pd.DataFrame({"month": months}), "cross"
    )
    # in the area of the intervention two a month, and then one a month for some months
    later = counts["month"] >= months[12]
    counts = counts.assign(count=np.where(counts["area_code"] != "A", 20, np.where(later, 0, 2)))
    few = counts.index[(counts["area_code"] == "A") & later][:during]
    counts.loc[few, "count"] = 1
    told = {"intervention_id": "I1", "name": "A", "areas": "A", "from": "2023-04-01", "to": ""}
    effect = evaluation.local_effects(counts, pd.DataFrame([told])).iloc[0]
    assert pd.notna(effect["value"]) == is_shown
    assert ("fewer than ten" in effect["note"]) != is_shown


def test_what_silent_sites_add_is_made_of_the_shown_count():
    # a silent site as large as the others: what it adds would be the true count of the others
    months = pd.date_range("2023-04-01", periods=12, freq="MS")
    reported = pd.Series([133, 152, 141, 167, 158, 149, 171, 143, 139, 162, 151, 147])
    corrected = pd.DataFrame(
        {
            "month": months, "sites": 2, "sites_reporting": 1, "count_reported": reported,
            "count_corrected": 2.0 * reported, "lower_95_ci": 1.8 * reported,
            "upper_95_ci": 2.2 * reported, "method": "",
        }
    )  # fmt: skip
    true = pd.DataFrame({"month": months, "count": reported.astype("Int64")})
    safe = publish.protect(true, Run("nhs_round5"), dimensions=["month"])
    shown = triangulate.shown_correction(safe, corrected)
    assert (shown["value"] == 2 * shown["count"]).all()
    assert (shown["lower_95_ci"] <= corrected["lower_95_ci"]).all()
    assert (shown["upper_95_ci"] >= corrected["upper_95_ci"]).all()
