"""Victims and suspects are counted apart, unknown values stay in view, nobody is in two groups."""

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis import sample
from vrn_analysis.core.contracts import PERSONS
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import tables
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import rates
from vrn_analysis.show import disclosure

LOOKUP = pd.DataFrame({"lsoa_code": ["L1", "L2", "L3"], "district_code": ["D1", "D1", "D2"]})
SCHEMA = {column.name: "int64" if column.type == "integer" else "string" for column in PERSONS}


def offences(size=1, **columns):
    values = {
        "offence_id": [f"O{i}" for i in range(size)],
        "incident_ref": [f"I{i}" for i in range(size)],
        "lsoa_code": ["L1"] * size,
        "weapon": ["knife_or_sharp"] * size,
    }
    frame = pd.DataFrame(values | columns, dtype="str")
    return ibis.memtable(frame, schema=dict.fromkeys(frame.columns, "string"))


def persons(rows):
    defaults = dict.fromkeys(SCHEMA) | {"offence_id": "O0", "role": "victim"}
    frame = pd.DataFrame([defaults | row for row in rows])
    typed = frame.astype({n: "Int64" if t == "int64" else "str" for n, t in SCHEMA.items()})
    return ibis.memtable(typed, schema=SCHEMA)


def made(rows, size=1, **columns):
    return tables.people(offences(size, **columns), persons(rows))


def ages(rows):
    table = made(rows).to_pandas()
    return table[["age", "age_group", "age_focus"]].values.tolist()


# ---------------------------------------------------------------- ages


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"age": 24}, ["24", "18 to 24", "UNDER_25"]),
        ({"age": 25}, ["25 and over", "25 and over", "25_AND_OVER"]),
        ({"age": 0}, ["0", "0 to 9", "UNDER_25"]),
        ({"age": 10}, ["10", "10 to 17", "UNDER_25"]),
        ({"age": None}, ["Not known"] * 2 + ["UNKNOWN_AGE"]),
        ({"age": 150}, ["Not known"] * 2 + ["UNKNOWN_AGE"]),
        ({"age_band": "18-24"}, ["18 to 24, year not known", "18 to 24", "UNDER_25"]),
        ({"age_band": "under 18"}, ["Under 25, band not known"] * 2 + ["UNDER_25"]),
        ({"age_band": "18-25"}, ["Not known"] * 2 + ["UNKNOWN_AGE"]),
        ({"age_band": "26-40"}, ["25 and over"] * 2 + ["25_AND_OVER"]),
        ({"age": 17, "age_band": "26-40"}, ["17", "10 to 17", "UNDER_25"]),
    ],
)
def test_age_is_in_a_group_only_if_certain(row, expected):
    assert ages([row]) == [expected]


def test_suspect_certainly_under_ten_is_not_profiled_and_victim_of_that_age_is_counted():
    rows = [
        {"role": "suspect", "age": 9},
        {"role": "suspect", "age": 10},
        {"role": "suspect", "age_band": "under 18"},
        {"role": "victim", "age": 9},
    ]
    table = tables.count_persons(made(rows), ["role", "age_group"])
    counts = table.set_index(["role", "age_group"])["count"]
    assert counts["Suspect", "0 to 9"] == 0
    assert counts["Suspect", "10 to 17"] == 1
    assert counts["Victim", "0 to 9"] == 1
    shown = tables.profiled(table)
    assert not ((shown["role"] == "Suspect") & (shown["age_group"] == "0 to 9")).any()


def test_every_age_lies_in_one_group_and_every_group_in_one_focus():
    inside = tables.AGE_NESTING
    assert set(inside["age", "age_group"]) == set(tables.AGES)
    assert set(inside["age", "age_group"].values()) == set(tables.AGE_GROUPS)
    assert set(inside["age_group", "age_focus"]) == set(tables.AGE_GROUPS)


ROWS = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["victim", "suspect"]),
        "age": st.none() | st.integers(-1, 130),
        "age_band": st.none() | st.sampled_from(["under 18", "18-24", "18-25", "65+", "odd"]),
        "sex": st.none() | st.sampled_from(["female", "male", "other"]),
    }
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=20))
def test_tables_by_age_are_one_count_at_every_level(rows):
    people = made(rows)
    counts = {
        name: tables.count_persons(people, ["role", name])
        for name in ("age", "age_group", "age_focus")
    }
    sizes = {int(table["count"].sum()) for table in counts.values()}
    children = sum(
        row["role"] == "suspect" and row["age"] is not None and 0 <= row["age"] < 10 for row in rows
    )
    assert sizes == {len(rows) - children}
    for (part, whole), inside in tables.AGE_NESTING.items():
        keys = [counts[part]["role"], counts[part][part].map(inside)]
        summed = counts[part].groupby(keys)["count"].sum()
        told = counts[whole].set_index(["role", whole])["count"]
        assert (told == summed.reindex(told.index, fill_value=0)).all()
    disclosure.protect_together(
        counts,
        dimensions={name: ["role", name] for name in counts},
        profile="none_internal",
        nesting=tables.AGE_NESTING,
    )


# ---------------------------------------------------------------- counting


def test_victims_and_suspects_are_never_added_together():
    people = made([{}])
    for by, totals in ((["sex"], []), (["role", "sex"], ["role"])):
        with pytest.raises(DataError, match="counted apart"):
            tables.count_persons(people, by, totals=totals)


def test_labels_are_in_words_and_missing_is_not_known():
    row = made([{"sex": "female"}]).to_pandas().iloc[0]
    assert (row["sex"], row["weapon"]) == ("Female", "Knife or sharp")
    assert row["self_defined_ethnicity"] == "Not known"


def test_person_of_an_offence_that_does_not_count_is_not_counted():
    assert made([{"offence_id": "elsewhere"}, {}]).count().execute() == 1


def test_count_of_the_young_holds_only_the_certain_and_keeps_the_focus():
    people = made([{"age": 24}, {"age": 25}, {}])
    table = tables.count_persons(people, ["role", "weapon"], totals=["weapon"], young=True)
    assert table["age_focus"].unique().tolist() == ["UNDER_25"]
    assert tables.only(table, role="Victim", weapon="All")["count"].tolist() == [1]


def test_folded_labels_are_one_and_others_stay():
    people = tables.folded(
        made([{}, {"offence_id": "O1"}], 2, weapon=["firearm", "blunt"]),
        "weapon",
        ["Firearm", "Other"],
    )
    assert sorted(people.to_pandas()["weapon"]) == ["Blunt", "Firearm or other"]


def test_units_are_counted_apart():
    rows = [
        {"person_ref": "P1"},
        {"person_ref": "P1", "offence_id": "O1"},
        {"offence_id": "O1"},
        {"role": "suspect", "person_ref": "P2"},
    ]
    size = offences(2, incident_ref=["I1", None])
    units = tables.count_units(size, tables.people(size, persons(rows)))
    assert units["count"].tolist() == [2, 2, 3, 1, 1, 1, 1, 0]


def test_repeats_are_of_incidents_and_not_of_offences_of_one_incident():
    rows = [{"person_ref": "P1"}, {"person_ref": "P1", "offence_id": "O1"}] + [
        {"person_ref": "P2", "offence_id": f"O{i}"} for i in range(3)
    ]
    people = made(rows, 3, incident_ref=["I1", "I1", "I2"])
    found = tables.only(tables.count_repeats(people), role="Victim").set_index("times")["count"]
    assert found.to_dict() == {"Once": 1, "Twice": 1, "Three times or more": 0}


def test_overlap_counts_each_person_once():
    rows = [
        {"person_ref": "P1"},
        {"person_ref": "P1", "offence_id": "O1", "role": "suspect"},
        {"person_ref": "P2", "role": "suspect"},
        {"person_ref": None},
    ]
    found = tables.count_overlap(made(rows, 2))
    assert found["count"].tolist() == [0, 1, 1]
    assert list(found.columns) == ["part", "count"]


def test_without_references_nobody_can_be_recognised():
    with pytest.raises(NotInThisRun, match="person_ref"):
        tables.count_overlap(made([{}]))


def test_group_sizes_take_a_record_without_a_group_as_alone():
    sizes = tables.group_sizes(offences(4, incident_ref=["I1", "I1", None, "I2"]))
    assert sizes.tolist() == [1, 2, 1]
    assert rates.dispersion_of_incidents(sizes) == 1.5


def test_where_no_incident_is_known_each_offence_is_one():
    records = ibis.memtable({"offence_id": ["A", "A", "B"]})
    assert sorted(tables.group_sizes(records)) == [1, 2]


# ---------------------------------------------------------------- homes and residents


@pytest.mark.slow
@pytest.mark.parametrize(
    ("here", "home", "expected"),
    [
        ("L1", "L1", "In the same small area"),
        ("L1", "L2", "Elsewhere in the same district"),
        ("L1", "L3", "In another district"),
        ("L1", "X9", "Outside the area"),
        ("L1", None, "Not known"),
        (None, "L1", "The offence has no place"),
    ],
)
def test_residence_is_seen_from_the_place_of_the_offence(here, home, expected):
    people = made([{"home_lsoa_code": home}], lsoa_code=[here])
    assert tables.add_residence(people, LOOKUP).to_pandas()["residence"].tolist() == [expected]


def population(sexes=("female", "male")):
    rows = [(c, s, a, 10.0) for c in ("L1", "X9") for s in sexes for a in range(91)]
    return pd.DataFrame(rows, columns=["lsoa_code", "sex", "age", "population"])


def test_residents_are_of_the_same_ages_and_sex_and_of_the_area_only():
    table = tables.count_persons(
        made([{}]), ["role", "age_group", "sex"], totals=["age_group", "sex"]
    )
    joined = tables.join_residents(table, population(), LOOKUP, years=2)
    people = tables.only(joined, role="Victim").set_index(["age_group", "sex"])["denominator"]
    assert people["10 to 17", "Female"] == 8 * 10 * 2
    assert people["18 to 24", "All"] == 7 * 10 * 2 * 2
    assert people["25 and over", "Male"] == 66 * 10 * 2
    assert people["All", "All"] == 91 * 10 * 2 * 2
    assert pd.isna(people["Not known", "All"])
    assert pd.isna(people["10 to 17", "Not known"])


def test_population_that_is_not_split_by_sex_gives_no_residents_of_a_sex():
    table = tables.count_persons(made([{}]), ["role", "age_group", "sex"], totals=["sex"])
    joined = tables.join_residents(table, population(("persons",)), LOOKUP)
    people = tables.only(joined, role="Victim").set_index(["age_group", "sex"])["denominator"]
    assert people["10 to 17", "All"] == 80
    assert pd.isna(people["10 to 17", "Female"])


# ---------------------------------------------------------------- shares


def shares(white, black, unknown):
    counts = pd.array([white, black, unknown, white + black + unknown], dtype="Int64")
    table = pd.DataFrame({"ethnicity": ["White", "Black", "Not known", "All"], "count": counts})
    safe = disclosure.protect(table, dimensions=["ethnicity"], profile="none_internal")
    return tables.join_known(safe, of="ethnicity").pipe(rates.proportion, per=100)


def test_shares_are_of_the_known_and_bounds_are_of_all_the_unknown_first():
    found = shares(60, 20, 20)
    assert found["ethnicity"].tolist() == ["Not known", "White", "Black"]
    assert found["value"].tolist() == [20, 75, 25]
    assert found["bound_low"].tolist()[1:] == [60, 20]
    assert found["bound_high"].tolist()[1:] == [80, 40]


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
def test_bounds_hold_whatever_the_unknown_are(white, black, unknown):
    found = shares(white, black, unknown).set_index("ethnicity")
    for hidden in (0, unknown // 2, unknown):
        true = 100 * (white + hidden) / (white + black + unknown)
        assert found.at["White", "bound_low"] <= true + 1e-9
        assert true <= found.at["White", "bound_high"] + 1e-9


def test_shares_without_the_unknown_or_the_total_are_refused():
    table = pd.DataFrame({"sex": ["Female"], "count": [1], "status": "shown", "count_error": [0]})
    with pytest.raises(DataError, match="All and Not known"):
        tables.join_known(table, of="sex")
    with pytest.raises(DataError, match="a row All"):
        tables.join_whole(table, of="sex")


def test_nesting_is_read_from_the_records_and_refuses_a_torn_part():
    kinds = ibis.memtable({"kind": ["park", "shop", "shop"], "place": ["public", "semi", "semi"]})
    assert tables.nesting(kinds, "kind", "place") == {
        ("kind", "place"): {"park": "public", "shop": "semi"}
    }
    torn = ibis.memtable({"kind": ["shop", "shop"], "place": ["semi", "public"]})
    with pytest.raises(DataError, match="1 of 2 values of kind"):
        tables.nesting(torn, "kind", "place")


# ---------------------------------------------------------------- what was planted in the sample


@pytest.fixture(scope="module")
def planted():
    folder = sample.ensure()
    connection = ibis.duckdb.connect()
    records = connection.read_parquet(folder / "offences.parquet")
    # night-time circumstances are never written down; licensed premises are nearly all of them
    licensed = records.filter(records.location_type == "licensed_premises_outside")
    people = tables.people(licensed, connection.read_parquet(folder / "persons.parquet"))
    return people, sample.truth(folder)


def test_planted_ages_are_recovered(planted):
    people, truth = planted
    profile = truth["planted"]["age_profile"]
    young = [i for i, age in enumerate(profile["from"]) if 18 <= age < 25]
    expected = sum(profile["night_time"]["victim"][i] for i in young)
    victims = tables.only(tables.count_persons(people, ["role", "age_group"]), role="Victim")
    known = victims[victims["age_group"] != "Not known"]
    share = victims.loc[victims["age_group"] == "18 to 24", "count"].sum() / known["count"].sum()
    error = (expected * (1 - expected) / known["count"].sum()) ** 0.5
    assert share == pytest.approx(expected, abs=4 * error + 0.02)


def test_planted_shares_of_ethnicity_and_of_the_unknown_are_recovered(planted):
    people, truth = planted
    table = tables.count_persons(
        people, ["role", "self_defined_ethnicity"], totals=["self_defined_ethnicity"]
    )
    safe = disclosure.protect(
        tables.only(table, role="Victim").drop(columns="role"),
        dimensions=["self_defined_ethnicity"],
        profile="none_internal",
    )
    found = tables.join_known(safe, of="self_defined_ethnicity").pipe(rates.proportion, per=100)
    found = found.set_index("self_defined_ethnicity")
    lost = 100 * truth["rates"]["missing"]["self_defined_ethnicity"]
    assert found.at["Not known", "lower_99_8_ci"] <= lost <= found.at["Not known", "upper_99_8_ci"]
    white = 100 * truth["planted"]["ethnicity"]["white"]
    assert found.at["White", "lower_99_8_ci"] <= white <= found.at["White", "upper_99_8_ci"]
