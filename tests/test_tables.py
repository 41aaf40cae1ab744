"""Counts are complete, and every record is in exactly one row."""

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.core.errors import DataError
from vrn_analysis.count import tables

LOOKUP = pd.DataFrame(
    {
        "lsoa_code": ["L1", "L2", "L3"],
        "lsoa_name": ["One", "Two", "Three"],
        "msoa_code": ["M1", "M1", "M2"],
        "msoa_name": ["North", "North", "South"],
        "district_code": ["D1", "D1", "D2"],
        "district_name": ["Hill", "Hill", "Dale"],
    }
)


def records(lsoas, groups=None):
    groups = groups or ["a"] * len(lsoas)
    frame = pd.DataFrame({"lsoa_code": lsoas, "crime_group": groups}, dtype="str")
    return ibis.memtable(frame, schema={"lsoa_code": "string", "crime_group": "string"})


def int64(values):
    return pd.Series(values, dtype="Int64")


def test_count_gives_a_row_to_a_value_nobody_has():
    table = tables.count(records(["L1"]), ["crime_group"], levels={"crime_group": ["b", "a"]})
    expected = pd.DataFrame({"crime_group": ["b", "a"], "count": int64([0, 1])})
    assert_frame_equal(table, expected)


def test_count_of_nothing_is_the_total():
    assert tables.count(records(["L1", "L2"]), [])["count"].tolist() == [2]


def test_count_of_no_records_is_all_zeros():
    table = tables.count_by_area(records([]), LOOKUP, level="district")
    assert table["count"].tolist() == [0, 0]


def test_record_outside_or_without_an_area_is_counted_apart():
    table = tables.count_by_area(records(["L1", "L3", "E99", None]), LOOKUP, level="district")
    expected = pd.DataFrame(
        {
            "area_code": ["D1", "D2", tables.NOT_LOCATED],
            "area_name": ["Hill", "Dale", tables.NOT_LOCATED],
            "count": int64([1, 1, 2]),
        }
    )
    assert_frame_equal(table, expected, check_dtype=False)


@pytest.mark.parametrize("column", ["offence_id", "person_ref"])
def test_refuses_to_count_by_an_identifier(column):
    with pytest.raises(DataError, match="identifies single"):
        tables.count(ibis.memtable({column: ["x"]}), [column])


def test_refuses_a_column_that_is_not_there():
    with pytest.raises(DataError, match=r"not there: \['colour'\]"):
        tables.count(records(["L1"]), ["colour"])


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["L1", "L2", "L3", "E99", None]), st.sampled_from("abc")),
        max_size=40,
    )
)
def test_every_record_is_counted_once_at_every_level(rows):
    made = records([lsoa for lsoa, _ in rows], [group for _, group in rows])
    for level in ("lsoa", "msoa", "district"):
        table = tables.count_by_area(made, LOOKUP, level=level, by=["crime_group"])
        assert table["count"].sum() == len(rows)
        assert not table.duplicated(["area_code", "area_name", "crime_group"]).any()


def test_with_total_sums_over_one_dimension():
    table = pd.DataFrame(
        {"area_code": ["D1", "D2"], "area_name": ["Hill", "Dale"], "count": int64([2, 3])}
    )
    total = tables.with_total(table, "area_name").iloc[-1]
    assert (total["area_name"], total["count"]) == ("All", 5)
    assert total["area_code"] == "All"


def test_a_total_over_a_hidden_count_is_hidden():
    counts = pd.array([5, None, 3, 4], dtype="Int64")
    table = pd.DataFrame({"area": list("aabb"), "kind": list("xyxy"), "count": counts})
    assert tables.with_total(table, "kind")["count"].tolist()[4:] == [pd.NA, 7]
    assert pd.isna(tables.with_total(table[["kind", "count"]], "kind")["count"].iloc[-1])
    by_area = pd.DataFrame({"area_code": list("abcd"), "count": counts})
    quintiles = pd.DataFrame({"lsoa_code": list("abcd"), "quintile": [1, 1, 2, 2]})
    sums = tables.count_by_quintile(by_area, quintiles)["count"]
    assert sums.isna().tolist() == [True, False, False, False, False]
    assert sums[1] == 7


def test_with_total_keeps_the_other_dimensions():
    table = pd.DataFrame(
        {"month": [1, 1, 2], "crime_group": ["a", "b", "a"], "count": int64([1, 2, 4])}
    )
    added = tables.with_total(table, "crime_group")
    totals = added[added["crime_group"] == "All"].set_index("month")["count"]
    assert totals.to_dict() == {1: 3, 2: 4}


def population(ages=range(91)):
    return pd.DataFrame(
        [(lsoa, "persons", age, 10.0) for lsoa in LOOKUP["lsoa_code"] for age in ages],
        columns=["lsoa_code", "sex", "age", "population"],
    )


def test_denominator_is_person_years_of_the_ages_asked():
    people = tables.residents(population(), LOOKUP, level="district", ages=(0, 24))
    counts = tables.with_total(
        tables.count_by_area(records(["L1", None]), LOOKUP, level="district"), "area_name"
    )
    joined = tables.join_denominator(counts, people, years=2).set_index("area_name")["denominator"]
    assert joined["Hill"] == 2 * 25 * 10 * 2
    assert joined["All"] == 3 * 25 * 10 * 2
    assert pd.isna(joined[tables.NOT_LOCATED])


def test_small_areas_without_population_are_counted_and_named():
    people = population()
    with pytest.raises(DataError, match=r"1 of 3 small areas have no population, such as L3"):
        tables.residents(people[people["lsoa_code"] != "L3"], LOOKUP, level="lsoa")


def test_denominators_of_another_vintage_are_refused():
    counts = tables.count_by_area(records(["L1"]), LOOKUP, level="district")
    people = pd.DataFrame({"area_code": ["X1"], "denominator": [5.0]})
    with pytest.raises(DataError, match="2 of 2 rows"):
        tables.join_denominator(counts, people)


def test_national_quintiles_are_two_deciles_each():
    table = pd.DataFrame({"lsoa_code": list("abcd"), "income_rate": 0.1, "decile": [1, 2, 3, 10]})
    assert tables.deprivation_quintiles(table)["quintile"].tolist() == [1, 1, 2, 5]


def test_local_quintiles_where_no_decile_is_known():
    table = pd.DataFrame({"lsoa_code": list("abcde"), "income_rate": [0.1, 0.5, 0.2, 0.4, 0.3]})
    made = tables.deprivation_quintiles(table)
    assert made["quintile"].tolist() == [5, 1, 4, 2, 3]
    assert made["basis"].unique().tolist() == ["local quintiles of income deprivation"]


def test_equal_deprivation_falls_in_the_same_quintile_whatever_the_order_of_rows():
    same = pd.DataFrame({"lsoa_code": list("abcdefghij"), "income_rate": 0.1})
    forth, back = (
        tables.deprivation_quintiles(rows).set_index("lsoa_code")["quintile"]
        for rows in (same, same[::-1])
    )
    pd.testing.assert_series_equal(forth, back.sort_index())


def test_small_areas_without_income_deprivation_are_counted_and_named():
    bare = pd.DataFrame({"lsoa_code": ["a", "b", "c"], "income_rate": [0.1, None, 0.3]})
    with pytest.raises(DataError, match=r"1 of 3 small areas have no income deprivation.*b"):
        tables.deprivation_quintiles(bare)


def test_residents_counted_both_by_sex_and_together_are_refused():
    people = pd.DataFrame(
        {"lsoa_code": "a", "sex": ["female", "male", "persons"], "age": 5, "population": [4, 6, 10]}
    )
    lookup = pd.DataFrame({"lsoa_code": ["a"], "district_code": ["d"], "district_name": ["D"]})
    with pytest.raises(DataError, match="counted twice"):
        tables.residents(people, lookup, level="district")
    assert (
        tables.residents(people[:2], lookup, level="district")["denominator"].tolist() == [10] * 2
    )


def test_person_columns_are_recognised():
    columns = ["area_name", "sex", "offence_id", "person_ref", "easting", "home_lsoa_code", "count"]
    assert tables.person_columns(columns) == [
        "easting",
        "home_lsoa_code",
        "offence_id",
        "person_ref",
    ]


def test_missing_values_are_counted_by_field_in_words():
    table = tables.count_missing(records(["L1", None, None]), ["lsoa_code", "crime_group"])
    expected = pd.DataFrame(
        {
            "field": ["Small area", "Crime group"],
            "count": int64([2, 0]),
            "denominator": [3, 3],
        }
    )
    assert_frame_equal(table, expected, check_dtype=False)
