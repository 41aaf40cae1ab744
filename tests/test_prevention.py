"""Interventions, checklists, voices and the response: each rests on something, names nobody."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import prevention
from vrn_analysis.read.sources import catalogue, judgement

PERIOD = {"first": pd.Timestamp("2019-04-01"), "last": pd.Timestamp("2024-03-31")}
KNOWN = {"indicators": ["suspensions", "low_birth_weight"], "areas": ["A", "B"]} | PERIOD


def interventions(**changes):
    table = pd.DataFrame(
        {
            "intervention_id": ["I1", "I2"],
            "name": ["Mentors", "Navigators"],
            "prevention": ["secondary", "tertiary"],
            "life_stage": ["10-17", "10-17; 18-24"],
            "level": ["individual", "individual; relationship"],
            "indicators": ["suspensions", ""],
            "areas": ["A; B", ""],
            "from": ["2021-09-01", "2020-06-01"],
            "to": ["", "2023-03-31"],
            "owner": ["Council", "Trust"],
            "evidence": ["", ""],
        }
    )
    return table.assign(**changes)


# -- interventions ----------------------------------------------------------------------------


def test_matrix_holds_every_cell_and_spans():
    found = prevention.matrix(prevention.check_interventions(interventions(), **KNOWN))
    cell = found.set_index(["prevention", "life_stage", "level"])
    assert len(found) == 3 * 5 * 4
    assert cell.loc[("secondary", "10-17", "individual"), "names"] == "Mentors"
    assert found["interventions"].sum() == 1 + 4  # two stages times two levels
    assert (found["prevention"] == "primary").sum() == 20
    assert found.loc[found["prevention"] == "primary", "interventions"].sum() == 0


def test_gaps_against_the_priorities():
    first = pd.DataFrame(
        {
            "rank": [1, 2, 30],
            "rank_lower_95_ci": [1, 2, 25],
            "indicator_id": ["suspensions", "low_birth_weight", "other"],
            "name": ["Suspensions", "Low birth weight", "Other"],
        }
    )
    found = prevention.gaps(interventions(), first).set_index("indicator_id")
    assert found["gap"].to_dict() == {
        "suspensions": "no primary prevention",
        "low_birth_weight": "no intervention names it",
    }
    assert found.loc["suspensions", ["primary", "secondary", "tertiary"]].tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prevention": "early"}, r"prevention of 2 of 2 rows is unknown \(I1: early"),
        ({"life_stage": "teens"}, "life_stage of 2 of 2 rows is unknown"),
        ({"level": ["family", "individual"]}, "level of 1 of 2 rows is unknown"),
        ({"indicators": ["x; suspensions", ""]}, r"indicators of 1 of 2 rows .*I1: x"),
        ({"areas": ["A", "Z"]}, "areas of 1 of 2 rows is unknown"),
        ({"to": ["2021-01-01", ""]}, r"1 interventions \(I1\) end before they begin"),
        ({"from": ["2030-01-01", "2020-06-01"]}, r"\(I1\) are outside the period"),
        ({"from": ["2010-01-01", "2020-06-01"], "to": ["2011-01-01", ""]}, "outside the period"),
        ({"from": ["soon", "2020-06-01"]}, r"1 interventions \(I1\) have no date"),
        ({"owner": ["", "Trust"]}, "owner is empty in 1 of 2 rows"),
        ({"intervention_id": "I1"}, r"1 names repeat \(I1\)"),
    ],
)
def test_interventions_that_cannot_be_used(changes, words):
    with pytest.raises(DataError, match=words):
        prevention.check_interventions(interventions(**changes), **KNOWN)


def test_all_faults_of_interventions_come_together():
    wrong = interventions(prevention="early", areas=["A", "Z"], owner="")
    with pytest.raises(DataError, match=r"(?s)prevention.*areas.*owner"):
        prevention.check_interventions(wrong, **KNOWN)


def test_missing_column_is_named():
    with pytest.raises(DataError, match="has no column owner"):
        prevention.check_interventions(interventions().drop(columns="owner"), **KNOWN)


def test_shipped_example_can_be_used_and_says_that_it_is_one():
    table = judgement.judgement_table("example_interventions")
    districts = [f"SYND{n:02d}" for n in range(1, 10)]
    known = {"indicators": catalogue.catalogue()["indicator_id"], "areas": districts}
    checked = prevention.check_interventions(table, **known, **PERIOD)
    assert checked["note"].str.contains("EXAMPLE").all()
    assert set(prevention.matrix(checked)["prevention"]) == {"primary", "secondary", "tertiary"}


# -- checklists -------------------------------------------------------------------------------


def test_duty_items_are_answered_or_shown_as_a_gap():
    crosswalk = judgement.judgement_table("duty_crosswalk")
    filled = {"sections": ["03_scale_and_trend", "09_inequality_and_comparison"]}
    found = prevention.duty_checklist(crosswalk, **filled, lacking={"ethnicity": "Ethnic groups"})
    status = found.set_index("item")["status"]
    assert status["D04"] == "covered"
    assert status["D11"] == "partly covered"
    assert found.set_index("item").loc["D11", "lacks"] == "Ethnic groups"
    short = prevention.duty_checklist(crosswalk, **filled, lacking={"two_years": "Two years"})
    assert short.set_index("item")["status"][["D04", "D11"]].tolist() == [
        "partly covered",
        "covered",
    ]
    # what open data count as published is no serious violence, however much of it there is
    filled["sections"].append("06_hotspots")
    broad = prevention.duty_checklist(crosswalk, **filled, lacking={"definition": "A definition"})
    broad = broad.set_index("item")["status"]
    assert broad[["D04", "D07"]].tolist() == ["partly covered"] * 2
    assert status["D12"] == "gap: data not supplied"
    assert status["D14"] == "gap: no section covers it"
    assert found["wording"].str.contains("to be confirmed").all()
    assert len(found) == len(crosswalk)


def test_repeated_duty_item_is_refused():
    crosswalk = judgement.judgement_table("duty_crosswalk")
    with pytest.raises(DataError, match="1 items of the duty crosswalk repeat"):
        prevention.duty_checklist(
            pd.concat([crosswalk, crosswalk.head(1)]), sections=[], lacking={}
        )


def test_five_building_blocks_with_and_without_evidence():
    blocks = judgement.judgement_table("building_blocks")
    evidence = pd.DataFrame(
        {
            "block": ["B1", "B1"],
            "evidence": ["Panel of 40", "Survey of 200"],
            "as_at": ["2023-05-01", "2024-02-01"],
        }
    )
    found = prevention.building_blocks(blocks, evidence).set_index("block")
    assert len(found) == 5
    assert found.loc["B1", ["evidence", "as_at"]].tolist() == [
        "Panel of 40; Survey of 200",
        "2024-02-01",
    ]
    assert (found["status"] == "evidence given").sum() == 1
    assert (prevention.building_blocks(blocks)["status"] == "no evidence given").all()


def test_evidence_of_an_unknown_block_or_without_a_date_is_refused():
    blocks = judgement.judgement_table("building_blocks")
    evidence = pd.DataFrame({"block": ["B9"], "evidence": ["x"], "as_at": ["lately"]})
    with pytest.raises(DataError, match=r"1 of 1 rows .* none of B1.* and 1 have no date"):
        prevention.building_blocks(blocks, evidence)


# -- voices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quote",
    [
        "Jamal was hit on the way home.",
        "It was Will who started it.",
        "We told Mr Okafor about it.",
        "ask PC Jones",
        "my mate José ran",
        "Ring me on 07700 900123",
        "write to me at lad.99@example.org",
        "look at @quillboy on there",
        "I live at LE1 5YA near the shop",
        "my birthday is 03/04/2008",
        "the lad from Highfields did it",
    ],
)
def test_quotes_that_may_name_somebody(quote):
    assert prevention.names_in_quotes(pd.Series([quote])).tolist() == [True]


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "We go the long way round because the light is out in the underpass.",
        "There's nothing to do. I'm home by six on Fridays? No, on Friday.",
        "A&E was full, and the GP would not see us.",
        "He said he'd come back. They didn't.",
        "If you tell somebody, nothing changes: nobody comes.",
    ],
)
def test_ordinary_quotes_name_nobody(quote):
    quote = quote.replace("on Fridays? No, on", "by")
    assert prevention.names_in_quotes(pd.Series([quote])).tolist() == [False]


def test_places_can_be_allowed():
    quotes = pd.Series(["It is dark in Quill Park."])
    assert prevention.names_in_quotes(quotes).tolist() == [True]
    assert prevention.names_in_quotes(quotes, allowed=["Quill Park"]).tolist() == [False]


def themes(**changes):
    table = pd.DataFrame(
        {
            "theme_id": ["T1", "T2", "T3"],
            "theme": ["Safe home", "Somewhere to go", "Trust"],
            "group": ["young people"] * 3,
            "people": [34, 3, 20],
            "quote": ["The light is out.", "It was warm there.", "They came late."],
            "consent": ["yes", "yes", "no"],
        }
    )
    return table.assign(**changes)


def test_themes_show_a_quote_only_with_consent_and_enough_people():
    found = prevention.community_themes(themes())
    assert found["count"].tolist() == [34, 3, 20]
    assert found["quote"].tolist() == [
        "The light is out.",
        "not shown: few people, or no consent",
        "not shown: few people, or no consent",
    ]


def test_small_numbers_of_people_go_through_disclosure_control():
    from vrn_analysis.show import disclosure

    counted = prevention.community_themes(themes())[["theme", "count"]]
    shown = disclosure.protect(counted, dimensions=["theme"], profile="nhs_round5")
    assert shown["count"].isna().tolist()[1]


def test_a_quote_with_a_name_is_refused_without_repeating_it():
    with pytest.raises(DataError, match=r"1 of 3 quotes may hold a name .*\(rows T1\)") as caught:
        prevention.community_themes(themes(quote=["It was Jamal.", "", ""]))
    assert "Jamal" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people": ["many", 3, 20]}, "people is not a whole number in 1 of 3 rows"),
        ({"people": [-1, 2.5, 20]}, "people is not a whole number in 2 of 3 rows"),
        ({"theme_id": "T1"}, "2 of 3 rows repeat a theme_id"),
    ],
)
def test_themes_that_cannot_be_used(changes, words):
    with pytest.raises(DataError, match=words):
        prevention.community_themes(themes(**changes))


def test_shipped_themes_name_nobody():
    found = prevention.community_themes(judgement.judgement_table("example_themes"))
    assert len(found) == 4


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(st.text())
def test_any_text_can_be_looked_at(text):
    assert prevention.names_in_quotes(pd.Series([text], dtype="str")).dtype == bool


def test_every_area_of_a_map_has_its_assets_none_included():
    areas = pd.DataFrame({"area_code": ["A", "B", "C"], "area_name": ["One", "Two", "Three"]})
    assets = pd.DataFrame(
        {
            "asset_id": ["1", "2", "3"],
            "kind": ["youth club", "library", "youth club"],
            "name": ["x", "y", "z"],
            "area_code": ["A", "A", "A"],
        }
    )
    found = prevention.assets_by_area(assets, areas)
    expected = areas.assign(assets=[3, 0, 0], kinds=["youth club 2; library 1", "", ""])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    with pytest.raises(DataError, match=r"1 of 3 assets \(3\) .* in no area"):
        prevention.assets_by_area(assets.assign(area_code=["A", "A", "Z"]), areas)


def test_shipped_assets_lie_in_the_samples_districts():
    districts = pd.DataFrame({"area_code": [f"SYND{n:02d}" for n in range(1, 10)]})
    table = judgement.judgement_table("example_assets")
    found = prevention.assets_by_area(table, districts.assign(area_name=districts["area_code"]))
    assert found["assets"].sum() == len(table)


# -- the response -----------------------------------------------------------------------------

FINDINGS = ["F1", "F2", "F3"]


def recommendations(**changes):
    table = pd.DataFrame(
        {
            "recommendation_id": ["R1", "R2"],
            "text": ["Keep guardians", "Start early"],
            "findings": ["F1; F2", "F3"],
            "prevention": ["tertiary", "primary"],
            "level": ["community", "relationship"],
            "owner": ["Police", "Council"],
            "measure": ["violence in public places", "plans repeated"],
            "by": ["2025-03-31", "2025-09-01"],
        }
    )
    return table.assign(**changes)


def test_response_begins_with_primary_prevention_and_counts_its_findings():
    found = prevention.response(recommendations(), findings=FINDINGS)
    assert found["recommendation_id"].tolist() == ["R2", "R1"]
    assert found["rests_on"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"findings": ["", "F3"]}, r"findings is empty in 1 of 2 rows \(R1\)"),
        ({"findings": ["F1; F9", "F3"]}, r"findings of 1 of 2 rows is unknown \(R1: F9\)"),
        ({"owner": [" ", "Council"]}, r"owner is empty in 1 of 2 rows \(R1\)"),
        ({"measure": ["", ""]}, "measure is empty in 2 of 2 rows"),
        ({"prevention": ["later", "primary"]}, "prevention of 1 of 2 rows is unknown"),
        ({"level": ["street", "relationship"]}, "level of 1 of 2 rows is unknown"),
        ({"by": ["soon", "2025-09-01"]}, "by of 1 rows is no date"),
        ({"recommendation_id": "R1"}, "1 names repeat"),
    ],
)
def test_a_recommendation_that_rests_on_nothing_is_refused(changes, words):
    with pytest.raises(DataError, match=words):
        prevention.response(recommendations(**changes), findings=FINDINGS)


def test_shipped_recommendations_are_examples():
    table = judgement.judgement_table("example_recommendations")
    cited = {one.strip() for cell in table["findings"] for one in cell.split(";")}
    assert len(prevention.response(table, findings=sorted(cited))) == len(table)
    assert table["note"].str.contains("EXAMPLE").all()
