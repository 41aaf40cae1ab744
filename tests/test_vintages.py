"""Small areas of one Census beside those of another: nothing is lost, and nothing is mixed."""

from dataclasses import replace

import ibis
import pandas as pd
import pytest
from any_place import force_folder, places
from context_files import settings, write
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment, tables
from vrn_analysis.count.assessment import NotInThisRun, extracts
from vrn_analysis.read.geography import context, vintages

# A is unchanged, B was split into B1 and B2, C and D were merged into E
CHANGE = pd.DataFrame(
    {"older_code": ["A", "B", "B", "C", "D"], "newer_code": ["A", "B1", "B2", "E", "E"]}
)
OLDER, NEWER = ["A", "B", "C", "D"], ["A", "B1", "B2", "E"]


def scores(codes, deciles):
    return pd.DataFrame({"lsoa_code": codes, "income_rate": deciles, "decile": deciles})


# ---------------------------------------------------------------- by hand


def test_a_split_area_takes_the_mean_of_its_parts_and_merged_ones_the_value_of_the_whole():
    made = vintages.bridge(scores(NEWER, [1.0, 3, 4, 8]), OLDER, CHANGE, what="It")
    expected = pd.DataFrame(
        # a mean decile of 3.5 is rounded to the more deprived
        {"lsoa_code": OLDER, "income_rate": [1, 3.5, 8, 8], "decile": [1.0, 3, 8, 8]}
    )
    assert_frame_equal(made, expected)
    assert "1 of 4 are unchanged, 1 take the mean" in made.attrs["bridged"]
    assert "2 take the value of the one they are part of" in made.attrs["bridged"]


def test_the_other_way_parts_take_the_value_and_a_merged_area_the_mean():
    made = vintages.bridge(scores(OLDER, [1.0, 3, 4, 8]), NEWER, CHANGE, what="It")
    assert made.set_index("lsoa_code")["income_rate"].to_dict() == {
        "A": 1, "B1": 3, "B2": 3, "E": 6,
    }  # fmt: skip


def test_a_table_that_has_every_small_area_is_given_back_as_it_is():
    table = scores(OLDER, [1.0, 2, 3, 4])
    made = vintages.bridge(table, OLDER[:2], CHANGE, what="It")
    assert_frame_equal(made, table)
    assert "bridged" not in made.attrs


@pytest.mark.slow
@given(st.lists(st.integers(0, 10_000), min_size=8, max_size=8), st.booleans())
def test_people_are_conserved_at_every_age_in_both_directions(people, forward):
    given_codes, wanted = (NEWER, OLDER) if forward else (OLDER, NEWER)
    table = pd.DataFrame(
        {
            "lsoa_code": given_codes * 2,
            "sex": "persons",
            "age": [20] * 4 + [40] * 4,
            "population": people,
        }
    )
    made = vintages.bridge(table, wanted, CHANGE, what="It", counts=["population"])
    assert set(made["lsoa_code"]) == set(wanted)
    before, after = (t.groupby("age")["population"].sum() for t in (table, made))
    assert after.to_dict() == pytest.approx(before.to_dict())


# ---------------------------------------------------------------- refused


def test_a_file_that_mixes_two_sets_is_refused_with_the_number_of_each():
    with pytest.raises(DataError, match=r"It mixes two sets .* 2 of 4 codes are only of the older "
                       r"set, such as B, C, and 1 only of the newer, such as B1"):  # fmt: skip
        vintages.bridge(scores(["A", "B", "C", "B1"], [1.0] * 4), OLDER, CHANGE, what="It")


def test_a_lookup_of_small_areas_that_is_mixed_is_refused():
    with pytest.raises(DataError, match="lookup of small areas mixes two sets"):
        vintages.bridge(scores(OLDER, [1.0] * 4), ["B", "E"], CHANGE, what="It")


def test_another_set_without_a_lookup_of_changes_is_refused_with_the_remedy():
    with pytest.raises(DataError, match=r"2 of 3 small areas .* \[sources.small_area_change\]"):
        vintages.bridge(scores(OLDER, [1.0] * 4), ["A", "B1", "E"], None, what="It")


@pytest.mark.parametrize(
    ("codes", "census"),
    [
        (["E01000001", "E01033768"], "2011"),
        (["E01000001", "E01033769"], "2021"),
        (["W01001958"], "2011"),
        (["W01001959"], "2021"),
        (["Q01000001"], ""),
    ],
)
def test_the_census_of_a_set_is_told_by_its_last_codes(codes, census):
    assert vintages.census_of(codes) == census


def test_a_file_of_2011_beside_a_lookup_of_2021_is_refused_with_both_named():
    said = r"small areas of 2011 and the lookup's are of 2021\. .*\[sources.small_area_change\]"
    with pytest.raises(DataError, match=said):
        vintages.bridge(scores(["E01000001"], [1.0]), ["E01000001", "E01034002"], None, what="It")


def test_records_of_2021_beside_a_lookup_of_2011_are_counted_and_the_census_named():
    codes = ["E01000001", "E01034002", "E01034002", "E01020000", None]
    records = ibis.memtable({"lsoa_code": codes})
    found = extracts.unknown(records, "lsoa_code", {"E01000001"}, table="offences")
    [row] = found.to_dict("records")
    assert (row["records"], row["of"]) == (3, 5)
    assert "2 have codes of the 2021 Census, the lookup is of 2011" in row["remedy"]
    assert extracts.unknown(records, "lsoa_code", set(codes), table="offences").empty


def test_a_part_that_is_lacking_is_refused_and_never_left_out_of_the_mean():
    table = scores(["A", "B1", "E"], [1.0] * 3)
    with pytest.raises(DataError, match="1 codes are lacking there or in the file, such as B2"):
        vintages.bridge(table, OLDER, CHANGE, what="It")


def test_rows_without_a_code_are_counted(tmp_path):
    write(tmp_path, "change.csv", "older_code,newer_code\nA,\nB,B\n")
    with pytest.raises(DataError, match="1 of 2 rows lack a value in newer_code"):
        vintages.small_area_change(tmp_path, settings(small_area_change="change.csv"))


def test_deprivation_needs_the_index_or_income(tmp_path):
    write(tmp_path, "d.csv", "lsoa_code,decile\nA,1\n")
    with pytest.raises(DataError, match="none of income_rate, index_score"):
        context.deprivation(tmp_path, settings(deprivation="d.csv"))


# ---------------------------------------------------------------- records


def test_codes_of_the_other_set_become_the_area_they_are_part_of_or_none():
    assert_frame_equal(
        vintages.replacements(OLDER, CHANGE),
        pd.DataFrame({"code": ["B1", "B2", "E"], "area": ["B", "B", None]}, dtype="str"),
    )
    assert_frame_equal(
        vintages.replacements(NEWER, CHANGE),
        pd.DataFrame({"code": ["B", "C", "D"], "area": [None, "E", "E"]}, dtype="str"),
    )


def test_records_of_two_sets_are_brought_to_one_and_those_that_cannot_be_are_counted():
    records = ibis.memtable({"n": [1, 2, 3, 4, 5], "lsoa_code": ["A", "B1", "B", "E", None]})
    made, problems = extracts.recode(
        records, "lsoa_code", vintages.replacements(OLDER, CHANGE), table="offences"
    )
    table = made.order_by("n").to_pandas()
    assert table["lsoa_code"].fillna("-").tolist() == ["A", "B", "B", "-", "-"]
    assert problems[["records", "of"]].to_numpy().tolist() == [[1, 5], [1, 5]]
    assert problems["problem"].tolist() == [
        "a small area of another Census",
        "a small area of another Census that is split between several areas",
    ]


def test_records_of_one_set_are_left_as_they_are():
    records = ibis.memtable({"lsoa_code": ["A", "B", None]}, schema={"lsoa_code": "string"})
    made, problems = extracts.recode(
        records, "lsoa_code", vintages.replacements(OLDER, CHANGE), table="offences"
    )
    assert made is records
    assert problems.empty


@pytest.mark.slow
def test_an_extract_of_two_sets_loses_no_record_to_outside_the_area(tmp_path):
    folder = force_folder(tmp_path / "force")
    text = (folder / "crimes.csv").read_text()
    plain = counted_by_district(folder)
    # the last small area is split in two in the newer set, and the force has begun to use it
    codes = places()["LSOA21CD"]
    rows = [f"{code},{code}" for code in codes[:-1]] + [f"{codes.iloc[-1]},N{n}" for n in (1, 2)]
    (folder / "change.csv").write_text("older_code,newer_code\n" + "\n".join(rows) + "\n")
    head, *lines = text.splitlines()
    half = [line.replace(codes.iloc[-1], "N2") if n % 2 else line for n, line in enumerate(lines)]
    (folder / "crimes.csv").write_text("\n".join([head, *half]) + "\n")
    lost = counted_by_district(folder)
    assert lost["Upper Cwm"] < plain["Upper Cwm"]
    with (folder / "assessment.toml").open("a") as settings_file:
        settings_file.write('\n[sources.small_area_change]\npath = "change.csv"\n')
    assert counted_by_district(folder).to_dict() == plain.to_dict()
    problems = assessment.open_run(folder).problems()
    assert "a small area of another Census" in problems["problem"].tolist()


def counted_by_district(folder):
    run = assessment.open_run(folder)
    table = tables.count_by_area(run.counted(), run.lookup, level="district")
    return table.set_index("area_name")["count"]


# ---------------------------------------------------------------- real files

CHANGED = {
    "path": "lookups/llr_lsoa11_to_lsoa21.csv",
    "columns": {"older_code": "lsoa11_code", "newer_code": "lsoa21_code"},
}
OF_2025 = {
    "path": "deprivation/llr_lsoa21_imd2025.csv",
    "columns": {"lsoa_code": "lsoa21_code", "index_score": "IMD_score",
                "income_rate": "Income_score", "decile": "IMD_decile"},
}  # fmt: skip
OF_2015 = {
    "path": "deprivation/llr_lsoa11_imd2015.csv",
    "columns": {"lsoa_code": "lsoa11_code", "index_score": "IMD_score", "decile": "IMD_decile"},
}


@pytest.fixture(scope="module")
def real(open_run):
    return open_run


def with_sources(run, **sources):
    named = replace(run.settings, sources=run.settings.sources | sources)
    return assessment.Run(run.folder, named, run.connection)


@pytest.mark.open_data
def test_deprivation_of_2025_is_brought_to_the_records_small_areas_of_2011(real):
    run = with_sources(real, deprivation=OF_2025, small_area_change=CHANGED)
    bridged = run.deprivation.set_index("lsoa_code")
    assert set(bridged.index) == set(run.lookup["lsoa_code"])
    published = pd.read_csv(run.folder / OF_2025["path"]).set_index("lsoa21_code")
    change = vintages.small_area_change(run.folder, run.settings)
    split = change[change["older_code"].duplicated(keep=False)]
    code, parts = next(iter(split.groupby("older_code")["newer_code"]))
    assert bridged["income_rate"][code] == pytest.approx(published["Income_score"][parts].mean())
    assert "587 of 611 are unchanged" in run.deprivation.attrs["bridged"]
    basis = tables.deprivation_quintiles(run.income_deprivation)["basis"].iloc[0]
    assert "587 of 611 are unchanged" in basis
    older = real.deprivation.set_index("lsoa_code")["income_rate"]
    assert bridged["income_rate"].corr(older, method="spearman") > 0.9


@pytest.mark.open_data
def test_deprivation_of_2025_without_the_lookup_is_refused(real):
    sources = {n: s for n, s in real.settings.sources.items() if n != "small_area_change"}
    run = with_sources(assessment.Run(real.folder, replace(real.settings, sources=sources),
                                      real.connection), deprivation=OF_2025)  # fmt: skip
    with pytest.raises(DataError, match=r"24 of 611 small areas of the assessment have no row"):
        _ = run.deprivation


@pytest.mark.open_data
def test_boundaries_of_2021_beside_a_lookup_of_2011_are_refused_with_both_named(real):
    newer = {"path": "boundaries/llr_lsoa21_bgc.gpkg", "columns": {"lsoa_code": "LSOA21CD"}}
    run = with_sources(real, boundaries_lsoa=newer)
    said = r"24 of 611 areas .* areas of 2021 and the lookup's are of 2011\. Take boundaries"
    with pytest.raises(DataError, match=said):
        run.areas("lsoa")


@pytest.mark.open_data
def test_deprivation_of_2015_has_the_index_and_says_that_it_has_no_income(real):
    run = with_sources(real, deprivation=OF_2015)
    assert len(run.deprivation) == 611
    assert run.deprivation["decile"].between(1, 10).all()
    with pytest.raises(NotInThisRun, match="no income domain"):
        _ = run.income_deprivation


@pytest.mark.slow
@pytest.mark.open_data
def test_residents_of_2011_areas_are_conserved_on_2021_areas(real):
    change = vintages.small_area_change(
        real.folder, with_sources(real, small_area_change=CHANGED).settings
    )
    made = vintages.bridge(
        real.population, change["newer_code"].unique(), change, what="It", counts=["population"]
    )
    assert made["lsoa_code"].nunique() == 634
    assert made["population"].sum() == pytest.approx(1_107_597)
