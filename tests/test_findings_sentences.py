"""What a Board reads first: each sentence answers its question, in words and with its interval."""

import pandas as pd
import pytest
from facts_told import loose, told

from vrn_analysis.core.facts import Fact
from vrn_analysis.say import findings
from vrn_analysis.say.findings import words


@pytest.mark.parametrize(
    ("value", "said"),
    [(-2.2, "2% lower"), (7.4, "7% higher"), (0.0, "0%"), (-0.4, "0%"), (0.5, "0%"),
     (-0.6, "1% lower")],
)  # fmt: skip
def test_a_change_is_said_in_words_and_none_has_no_direction(value, said):
    assert words.higher(value) == said


def test_the_limits_of_a_change_share_their_direction_where_both_are_on_one_side():
    def change(*values):
        names = ("percent_change", "percent_lower", "percent_upper")
        return words.change(dict(zip(names, values, strict=True)))

    assert change(5.0, 2.0, 8.0) == "5% higher (95% CI 2% to 8% higher)"
    assert change(-1.0, -12.0, 11.0) == "1% lower (95% CI 12% lower to 11% higher)"
    assert change(0.2, -3.0, 0.4) == "0% (95% CI 3% lower to 0%)"
    assert loose(words.said(change(*map(Fact, (0.2, -3.0, 0.4), "abc")))) == []
    assert change(9.0, 2.0, float("inf")) == "9% higher (95% CI 2% higher to no upper limit)"


def test_names_with_commas_are_parted_by_semicolons():
    assert words.joined(["a"]) == "a"
    assert words.joined(["a", "b", "c"]) == "a, b and c"
    assert words.joined(["children, poor", "b", "c"]) == "children, poor; b; and c"
    # a number with thousands is no list
    assert words.joined(["a (40,000)", "b"]) == "a (40,000) and b"


def measure(statistic, rows):
    columns = ["period", "age_group", "value", "lower_95_ci", "upper_95_ci"]
    return pd.DataFrame(rows, columns=columns).assign(statistic=statistic)


def test_the_measures_give_the_latest_year_at_all_ages_and_under_25():
    knife = measure(
        "crude rate per 1,000",
        [
            ("2022/23", "All ages", 0.62, 0.55, 0.70),
            ("2023/24", "All ages", 0.58, 0.52, 0.66),
            ("2023/24", "Under 25", 0.80, 0.66, 0.96),
        ],
    )
    dead = measure(
        "count",
        [
            ("2021/22 to 2023/24", "All ages", 20, 11, 33),
            ("2021/22 to 2023/24", "Under 25", None, None, None),
        ],
    )
    said = findings.measures_latest({"knife violence": knife, "homicide": dead}).data
    assert said == (
        "**Knife violence** in 2023/24, per 1,000 residents: **0.58** at all ages (95% CI "
        "0.52 to 0.66) and **0.80** under 25 (0.66 to 0.96). **Homicide** in 2021/22 to 2023/24: "
        "**20** at all ages (95% CI 11 to 33) and a suppressed number under 25."
    )


CATALOGUE = pd.DataFrame(
    {"indicator_id": ["a", "b", "c", "d"], "kind": ["protective"] * 3 + ["risk"]}
)


def test_protective_factors_are_told_by_how_they_compare():
    profile = pd.DataFrame(
        {"indicator_id": list("abcd"), "name": ["Early help", "Reading", "Play", "Absence"],
         "judgement": ["worse", "similar", "worse", "worse"]}
    )  # fmt: skip
    said = findings.protective_factors(profile, CATALOGUE)
    assert "2 are worse: early help and play." in said.data
    assert "1 is not clearly different: reading." in said.data
    assert told(said) == {"protective": 3, "worse": 2, "similar": 1}
    none = findings.protective_factors(profile.tail(1), CATALOGUE)
    assert none.data.startswith("No protective factor is measured")


DUTY = pd.DataFrame(
    {
        "asks": ["Say how much", "Use data of prisons", "Say who"],
        "status": ["covered", "gap: no section covers it", "partly covered"],
    }
)


def test_what_is_recommended_comes_before_how_much_of_the_duty_is_answered():
    written = pd.DataFrame(
        {"text": ["Open a club", "Walk with pupils", "Ask", "Wait"], "owner": "Council",
         "by": "2025-06-30"}
    )  # fmt: skip
    said = findings.duty_answered(DUTY, recommendations=written).data
    assert "4 recommendations. First: **open a club** (Council, by 30 June 2025)." in said
    assert "This assessment covers **1 of the 3** requirements" in said
    listed = findings.recommended(written).data.splitlines()
    assert len(listed) == 3
    assert listed[1] == "- Walk with pupils (Council, by 30 June 2025)."
    assert (
        "partly covers **1**. It does not cover these requirements: “Use data of prisons”." in said
    )
    assert "no recommendation" in findings.duty_answered(DUTY).data


def ratios(result):
    return pd.DataFrame(
        {"role": ["Victim"], "compared": ["Victims: Male over Female"], "result": [result],
         "unknown_share": [0.02], "value": [1.83], "lower_95_ci": [1.70], "upper_95_ci": [1.97]}
    )  # fmt: skip


def test_groups_that_differ_are_named_with_ratio_and_interval():
    said = findings.disproportion(ratios("higher"), what="Sex").data
    assert "victims, male over female, **1.8 times** (95% CI 1.7 to 2.0)" in said
    assert "Sex is not recorded for 2% of victims." in said
    # groups keep their capital letters where they are proper names
    assert "Male over Female" in findings.disproportion(ratios("higher"), what="Ethnicity").data
    unclear = findings.disproportion(ratios("not clear"), what="Sex").data
    assert "cannot say whether rates differ" in unclear


def test_most_offences_and_most_harm_may_be_of_one_group_or_of_two():
    table = pd.DataFrame(
        {"crime_group": ["Homicide", "Robbery"], "per_cent_of_offences": [1.0, 99.0],
         "per_cent_of_harm": [60.0, 40.0], "scheme": "scheme", "edition": "2026",
         "illustrative": "yes"}
    )  # fmt: skip
    assert findings.harm_beside_count(table).data.startswith(
        "Robbery accounts for most of the offences shown (99%). Homicide accounts for most of the "
        "harm (60%)"
    )
    one = findings.harm_beside_count(table.assign(per_cent_of_harm=[40.0, 60.0])).data
    assert "(99%). It also accounts for most of the harm (60%)" in one
