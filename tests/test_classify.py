"""Classification: the same rules record by record, what must always hold, and what cannot be."""

import dataclasses
import random

import ibis
import numpy as np
import pandas as pd
import pytest
from classify_records import (
    AREAS,
    OFFENCE_SCHEMA,
    PERIOD,
    PERSON_SCHEMA,
    focus,
    offences,
    persons,
    reasons,
    tables,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from vrn_analysis.core import definition
from vrn_analysis.core.errors import DataError, DefinitionError
from vrn_analysis.count.classify import (
    REASONS,
    bounds,
    classify,
    contradictions,
    flagged,
    moved,
    rank_biased_overlap,
    sensitivity,
    switches,
    unknown_places,
    unmapped,
    waterfall,
)
from vrn_analysis.count.classify.facts import gather, normalise_place
from vrn_analysis.count.classify.labels import label
from vrn_analysis.count.classify.people import parse_age_band
from vrn_analysis.count.classify.reasons import BY_CODE
from vrn_analysis.count.classify.rules import conditions

LLR, SVD = definition.load("llr_2020"), definition.load("svd_local")
KNIFE = definition.load("ho_knife_enabled")
ORDER = [reason.code for reason in REASONS]
slow_engine = settings(
    max_examples=3, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
seeds = st.integers(0, 10_000)


def plain(frame):
    """Return the rows as dicts, with None for all that is missing."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


# --- the same rules, record by record -----------------------------------------------------------


@pytest.mark.slow
@given(seed=seeds)
@slow_engine
def test_every_reason_is_that_of_the_rules_applied_record_by_record(seed):
    crimes, people = tables(1_500, seed)
    table = classify(crimes, people, definition=LLR, period=PERIOD, area_codes=AREAS).to_pandas()
    by_offence = {}
    for person in plain(persons(1_500, seed)):
        by_offence.setdefault(person["offence_id"], []).append(person)
    for record in plain(table):
        some = by_offence.get(record["offence_id"], [])
        expected = reasons(record, some, *PERIOD)
        said = (record["all_reasons"] or "").split(";") if record["all_reasons"] else []
        assert set(said) - {"R0_repeated_record"} == expected
        assert said == sorted(said, key=ORDER.index)
        out = [code for code in said if BY_CODE[code].outcome == "OUT"]
        assert record["outcome"] == ("OUT" if out else "UNKNOWN" if said else "IN")
        assert record["first_reason"] == ((out or said or [None])[0])
        victims = [p["age"] for p in some if p["role"] == "victim"]
        suspects = [p["age"] for p in some if p["role"] == "suspect"]
        assert record["age_focus"] == focus(victims, suspects)
        assert record["age_focus_victim"] == focus(victims)
        assert record["age_focus_suspect"] == focus(suspects)


# --- what must always hold ----------------------------------------------------------------------


@pytest.mark.slow
@given(seed=seeds, size=st.sampled_from([1, 7, 400]), name=st.sampled_from([LLR, SVD, KNIFE]))
@slow_engine
def test_every_record_is_labelled_once_and_the_waterfall_sums_to_the_start(seed, size, name):
    crimes, people = tables(size, seed)
    table = classify(crimes, people, definition=name, period=PERIOD)
    steps = waterfall(table)
    assert steps.loc[0, "records"] == size == int(table.count().to_pandas())
    assert steps["records"][1:].sum() == size
    assert (steps["remaining"][:-2] - steps["remaining"].shift(-1)[:-2]).tolist() == steps[
        "records"
    ].shift(-1)[:-2].tolist()
    assert steps["remaining"].iloc[-1] == steps["records"].iloc[-1]
    found = bounds(table).iloc[0]
    assert found["count"] == steps["records"].iloc[-1]
    assert found["count_with_unknown"] == found["count"] + found["unknown"] <= size
    parts = bounds(table, by=["age_focus", "crime_group"])
    assert parts[["count", "unknown"]].sum().tolist() == [found["count"], found["unknown"]]


def test_all_columns_and_records_of_the_offences_are_kept():
    crimes, people = tables(300, 1)
    crimes = crimes.mutate(local_reference=crimes.offence_id + "x")
    table = classify(crimes, people, definition=LLR)
    assert list(table.columns[: len(crimes.columns)]) == list(crimes.columns)
    left = crimes.to_pandas().sort_values(["offence_id", "occurred_from"], ignore_index=True)
    right = table.select(*crimes.columns).to_pandas()
    right = right.sort_values(["offence_id", "occurred_from"], ignore_index=True)
    for name in ("offence_id", "occurred_from", "local_reference"):
        pd.testing.assert_series_equal(left[name], right[name])


@pytest.mark.slow
def test_permuting_the_rules_moves_no_record():
    crimes, people = tables(500, 3)
    facts = gather(crimes, people, definitions=[LLR])
    statements = conditions(facts, LLR, period=PERIOD, area_codes=AREAS)
    keep = ["offence_id", "occurred_from", "location_type", "offence_code"]
    seen = []
    for seed in range(3):
        order = list(statements.items())
        random.Random(seed).shuffle(order)
        table = label(facts, dict(order), definition=LLR, keep=keep).to_pandas()
        table["all_reasons"] = (
            table["all_reasons"].fillna("").str.split(";").map(sorted).str.join(";")
        )
        seen.append(
            table[[*keep, "outcome", "all_reasons", "age_focus"]]
            .sort_values([*keep, "all_reasons"], ignore_index=True)
        )  # fmt: skip
    for other in seen[1:]:
        pd.testing.assert_frame_equal(seen[0], other)


def test_of_records_with_one_identifier_exactly_one_is_not_repeated():
    crimes, people = tables(2_000, 4)
    table = classify(crimes, people, definition=LLR).to_pandas()
    repeated = table["all_reasons"].fillna("").str.contains("R0_repeated_record")
    assert (~repeated).groupby(table["offence_id"]).sum().eq(1).all()
    assert repeated.sum() == len(table) - table["offence_id"].nunique() > 0


@pytest.mark.slow
@given(seed=seeds)
@slow_engine
def test_bounds_contain_the_truth_when_values_are_lost(seed):
    truth, people = offences(1_200, seed), persons(1_200, seed)
    truth["offence_id"] = [f"r{n}" for n in range(len(truth))]
    people["relationship_to_victim"] = people["relationship_to_victim"].fillna("stranger")
    rng = np.random.default_rng(seed)
    known = truth.copy()
    for column in ("offence_code", "location_type", "domestic_flag"):
        known.loc[rng.random(len(known)) < 0.3, column] = None
    seen = people.copy()
    seen.loc[rng.random(len(seen)) < 0.3, "age"] = pd.NA
    true = run(truth, people)
    got = run(known, seen)
    assert bounds(got)["count"][0] <= bounds(true)["count"][0]
    assert bounds(true)["count_with_unknown"][0] <= bounds(got)["count_with_unknown"][0]
    young = {name: bounds(t, by=["age_focus"]).set_index("age_focus") for name, t in
             (("true", true), ("got", got))}  # fmt: skip
    upper = young["got"].loc[["UNDER_25", "UNKNOWN_AGE"], "count_with_unknown"].sum()
    assert young["got"].loc["UNDER_25", "count"] <= young["true"].loc["UNDER_25", "count"]
    assert young["true"].loc["UNDER_25", "count"] <= upper


def run(crimes, people):
    return classify(
        ibis.memtable(crimes, schema=OFFENCE_SCHEMA),
        ibis.memtable(people, schema=PERSON_SCHEMA),
        definition=LLR,
    )


@pytest.mark.slow
def test_moved_is_the_difference_of_two_classifications():
    crimes, people = tables(1_000, 8)
    found = moved(crimes, people, LLR, SVD)
    net = (
        found.loc[found["to_outcome"] == "IN", "records"].sum()
        - found.loc[found["from_outcome"] == "IN", "records"].sum()
    )
    counts = [bounds(classify(crimes, people, definition=d))["count"][0] for d in (LLR, SVD)]
    assert net == counts[1] - counts[0]
    assert (found["from_outcome"] != found["to_outcome"]).all()
    assert moved(crimes, people, LLR, LLR).empty


def test_nothing_is_changed_in_the_tables_given():
    crimes, people = offences(50, 1), persons(50, 1)
    before = crimes.copy(deep=True), people.copy(deep=True)
    run(crimes, people).to_pandas()
    pd.testing.assert_frame_equal(crimes, before[0])
    pd.testing.assert_frame_equal(people, before[1])


# --- other definitions --------------------------------------------------------------------------


def small(**columns):
    size = len(next(iter(columns.values())))
    rows = offences(size, 0).assign(
        offence_id=[f"r{n}" for n in range(size)], offence_code="8N", location_type="street",
        domestic_flag=False, sexual_flag=False, status="recorded",
    )  # fmt: skip
    rows = rows.assign(**columns)
    schema = OFFENCE_SCHEMA | {name: "string" for name in columns if name not in OFFENCE_SCHEMA}
    return ibis.memtable(rows, schema=schema)


def outcomes(crimes, rules, people=None):
    table = classify(crimes, people, definition=rules).to_pandas().sort_values("offence_id")
    return table[["outcome", "first_reason"]].apply(
        lambda row: row["first_reason"] if row["outcome"] != "IN" else "IN", axis=1
    ).tolist()  # fmt: skip


def test_knife_definition_needs_a_knife_and_counts_sexual_offences():
    crimes = small(
        weapon=["knife_or_sharp", "blunt", None, "knife_or_sharp", "knife_or_sharp"],
        offence_code=["8N", "8N", "8N", "19C", "1"],
        sexual_flag=[False, False, False, True, False],
    )
    assert outcomes(crimes, KNIFE) == [
        "IN", "R7_weapon_not_listed", "R7_weapon_unknown", "IN", "R3_offence_not_listed",
    ]  # fmt: skip


def test_injury_by_subcode_decides_only_the_classes_it_names():
    rules = dataclasses.replace(LLR, injury_rule="subcode", injury_subcodes=("8/1",))
    crimes = small(
        offence_code=["8N", "8N", "8N", "34B"], offence_subcode=["008/01", "8/6", None, None]
    )
    assert outcomes(crimes, rules) == [
        "IN", "R7_injury_not_significant", "R7_injury_unknown", "IN",
    ]  # fmt: skip


def test_injury_by_its_own_field():
    rules = dataclasses.replace(LLR, injury_rule="injury_field")
    crimes = small(injury_degree=["significant", "fatal", "minor", None])
    assert outcomes(crimes, rules) == [
        "IN", "IN", "R7_injury_not_significant", "R7_injury_unknown",
    ]  # fmt: skip
    declared = dataclasses.replace(rules, blanks_mean_no=("injury_degree",))
    assert outcomes(crimes, declared)[-1] == "R7_injury_not_significant"


def test_wider_definition_counts_homes_and_places_not_known():
    crimes = small(location_type=["dwelling", None, "prison", "street"])
    assert outcomes(crimes, SVD) == ["IN"] * 4


def test_a_setting_not_known_is_open_where_only_homes_are_left_out():
    rules = dataclasses.replace(SVD, domestic_setting="exclude")
    crimes = small(location_type=["dwelling", None, "prison"])
    assert outcomes(crimes, rules) == ["R5_domestic_setting", "R5_setting_unknown", "IN"]


# --- summaries ----------------------------------------------------------------------------------


def test_unmapped_lists_each_spelling_with_its_reason():
    crimes = small(offence_code=["zz", "zz", "8G", None, "8N"])
    found = unmapped(classify(crimes, None, definition=LLR))
    assert found["reason"].tolist()[0] == "R3_code_unmapped"
    assert found.set_index("reason")["records"].to_dict() == {
        "R3_code_unmapped": 2, "R3_code_legacy": 1, "R3_code_missing": 1,
    }  # fmt: skip


def test_kinds_of_place_that_are_not_in_the_list_are_listed():
    crimes = small(location_type=["moon", "moon", "Street", "other", None, "attic"])
    found = unknown_places(classify(crimes, None, definition=LLR))
    assert found.set_index("location_type")["records"].to_dict() == {"moon": 2, "attic": 1}


def test_days_held_as_moments_are_days():
    moments = pd.to_datetime(["2020-04-02 23:59", "2020-04-03 00:00"])
    crimes = small(offence_code=["8N", "8N"]).drop("recorded_on")
    crimes = crimes.mutate(
        recorded_on=ibis.cases((crimes.offence_id == "r0", moments[0]), else_=moments[1])
    )
    table = classify(crimes, None, definition=LLR, period=("2020-04-01", "2020-04-02"))
    assert bounds(table)["count"][0] == 1


def test_contradictions_count_kinds_and_never_rows():
    crimes = small(
        offence_code=["19C", "8N", "8N"], injury_degree=["minor", "none", "minor"],
        offence_title=[None, None, "Assault without injury"],
    )  # fmt: skip
    found = contradictions(classify(crimes, None, definition=LLR))
    assert found.set_index("flag")["records"].to_dict() == {
        "code_and_title_disagree": 1,
        "sexual_offence_not_flagged": 1,
        "violence_with_injury_but_none": 1,
    }
    assert "offence_id" not in found


def test_one_person_who_is_victim_and_suspect_is_counted():
    crimes = small(offence_code=["8N"])
    people = ibis.memtable(
        pd.DataFrame({
            "offence_id": ["r0", "r0"], "role": ["victim", "suspect"], "person_ref": ["p", "p"],
            "age": [30, 30], "relationship_to_victim": ["stranger"] * 2,
        }),
        schema=PERSON_SCHEMA | {"person_ref": "string"},
    )  # fmt: skip
    found = contradictions(classify(crimes, people, definition=LLR), people)
    assert found.set_index("flag").loc["victim_and_suspect", "records"] == 1


def test_suspect_under_10_is_flagged_and_counted_in():
    people = pd.DataFrame({"offence_id": ["r0"], "role": ["suspect"], "age": [9],
                           "relationship_to_victim": ["friend"]})  # fmt: skip
    crimes = small(offence_code=["8N"])
    table = classify(crimes, ibis.memtable(people, schema=PERSON_SCHEMA), definition=LLR)
    found = flagged(table).set_index("flag")
    assert found.loc["suspect_under_10", ["records", "records_in"]].tolist() == [1, 1]


@pytest.mark.slow
def test_sensitivity_says_what_each_switch_does_and_which_do_nothing():
    crimes, people = tables(1_500, 11)
    table = sensitivity(crimes, people, definition=LLR).set_index("switch")
    assert table.iloc[0]["count"] == bounds(classify(crimes, people, definition=LLR))["count"][0]
    assert table["effect"].iloc[0] == "as defined"
    assert table.loc["Care homes counted", "effect"] == "no effect"
    for words, variant in switches(LLR)[::5]:
        labelled = classify(crimes, people, definition=variant)
        assert table.loc[words, "count"] == bounds(labelled)["count"][0], words
        inside = labelled.filter(labelled.age_focus == variant.focus_labels[0])
        assert table.loc[words, "focus_count"] == bounds(inside)["count"][0], words
    assert (table["count_change"] == table["count"] - table["count"].iloc[0]).all()
    assert table["area_overlap"].between(0, 1).all()
    assert table["trend"].iloc[0] == pytest.approx(trend_by_hand(crimes, people))


def trend_by_hand(crimes, people):
    table = classify(crimes, people, definition=LLR).to_pandas()
    day = pd.to_datetime(table["recorded_on"]).fillna(table["occurred_from"])
    end = day.max().to_period("M") + 1
    months = day[table["outcome"] == "IN"].dt.to_period("M")
    after = ((months >= end - 12) & (months < end)).sum()
    before = ((months >= end - 24) & (months < end - 12)).sum()
    return 100 * (after - before) / before


def test_every_switch_changes_a_rule():
    for rules in (LLR, SVD, KNIFE):
        names = [words for words, _ in switches(rules)]
        assert len(names) == len(set(names))


def test_rank_biased_overlap_worked_by_hand():
    # agreement 0, 1, 1 at depths 1, 2, 3, p = 0.9: 1 x .9^3 + (.1 / .9)(0 + .81 + .729)
    assert rank_biased_overlap("abc", "bac") == pytest.approx(0.729 + (0.81 + 0.729) / 9)
    assert rank_biased_overlap("abc", "abc") == pytest.approx(1)
    assert rank_biased_overlap("abc", "xyz") == 0
    assert rank_biased_overlap([], []) == 1


# --- small readings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("18-24", (18, 24)), ("18 to 24", (18, 24)), ("18–24", (18, 24)), ("65+", (65, 120)),
        ("65 and over", (65, 120)), ("under 18", (0, 17)), ("<10", (0, 9)), ("17", (17, 17)),
        ("24-18", (0, 120)), ("adult", (0, 120)), ("", (0, 120)), ("150", (0, 120)),
    ],
)  # fmt: skip
def test_age_bands(text, limits):
    assert parse_age_band(text) == limits


def test_kinds_of_place_are_read_in_any_spelling():
    assert normalise_place(" Pub or Club ") == "pub_or_club"
    assert normalise_place("CAR-PARK") == "car_park"


# --- what cannot be -----------------------------------------------------------------------------


def test_missing_columns_and_text_flags_are_told_at_once():
    crimes = ibis.memtable(
        pd.DataFrame({"offence_id": ["a"], "domestic_flag": ["Y"]}),
        schema={"offence_id": "string", "domestic_flag": "string"},
    )
    with pytest.raises(DataError) as fault:
        classify(crimes, None, definition=LLR)
    for words in ("'occurred_from' is missing", "offence_code, offence_title", "'domestic_flag'"):
        assert words in str(fault.value)


@pytest.mark.parametrize("period", [("2020-04-01",), ("2021-01-01", "2020-01-01"), ("x", "y"), 3])
def test_a_period_that_is_none_is_refused(period):
    crimes, _ = tables(5, 0)
    with pytest.raises(DefinitionError, match="period"):
        classify(crimes, None, definition=LLR, period=period)


def test_a_column_whose_blank_cannot_mean_no_is_refused():
    crimes, _ = tables(5, 0)
    with pytest.raises(DefinitionError, match="'domestic'; .*domestic_flag"):
        classify(crimes, None, definition=LLR, blank_means_no=["domestic"])


def test_both_days_of_the_period_count():
    crimes = small(recorded_on=pd.to_datetime(["2020-04-01", "2020-04-02", "2020-04-03"]).date)
    table = classify(crimes, None, definition=LLR, period=("2020-04-01", "2020-04-02"))
    assert bounds(table)["count"][0] == 2


def test_no_offences_at_all():
    empty = ibis.memtable(offences(5, 0).head(0), schema=OFFENCE_SCHEMA)
    people = ibis.memtable(persons(5, 0).head(0), schema=PERSON_SCHEMA)
    steps = waterfall(classify(empty, people, definition=LLR))
    assert steps["records"].tolist() == [0, 0]


def test_only_the_required_columns():
    crimes = ibis.memtable(
        pd.DataFrame({"offence_id": ["a"], "offence_title": ["Assault with injury"],
                      "occurred_from": pd.to_datetime(["2020-01-01"])})
    )  # fmt: skip
    table = classify(crimes, None, definition=LLR).to_pandas()
    assert table.loc[0, "all_reasons"] == "R5_domestic_flag_unknown;R6_place_unknown"
    assert table.loc[0, "class_code"] == "8N"
