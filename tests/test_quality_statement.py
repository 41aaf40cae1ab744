"""The statement: rated by the rules of a file, protected, and readable by a Board."""

import re

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner

from vrn_analysis.commands.cli import app
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError
from vrn_analysis.say import findings, quality
from vrn_analysis.say.quality import papers
from vrn_analysis.say.quality.measures import Found, measured
from vrn_analysis.show import disclosure

HEAD = "aspect,check,amber,red,why,action"


def rules(tmp_path, *rows):
    file = tmp_path / "rules.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return quality.thresholds(file)


def statement(found, chosen, *, profile="nhs_round5"):
    def protect(table):
        return disclosure.protect(table, dimensions=["aspect", "check"], profile=profile)

    hidden = disclosure.PROFILES[profile].threshold - 1
    return quality.rated(quality.protected(found, protect), rules=chosen, hidden=hidden)


def rated(counts, rule, tmp_path, *, profile="nhs_round5"):
    found = measured("Completeness", [Found(f"c{n}", n, 1_000) for n in counts])
    return statement(found, rules(tmp_path, rule), profile=profile)


# ---------------------------------------------------------------- ratings


def test_a_check_is_rated_above_its_thresholds_and_not_at_them(tmp_path):
    rows = rated([0, 10, 11, 50, 51], "Completeness,*,1,5,w,a", tmp_path, profile="none_internal")
    assert rows["rating"].tolist() == ["Green", "Green", "Amber", "Amber", "Red"]
    assert rows["rule"].unique().tolist() == ["Amber above 1%, red above 5%"]


def test_a_rule_of_its_own_goes_before_the_rule_for_all(tmp_path):
    found = measured("Completeness", [Found("a", 20, 100), Found("b", 20, 100)])
    chosen = rules(tmp_path, "Completeness,*,1,5,w,a", "Completeness,b,50,60,w,a")
    rows = statement(found, chosen, profile="none_internal")
    assert rows["rating"].tolist() == ["Red", "Green"]


def test_a_suppressed_count_is_rated_by_the_most_it_can_be_and_shows_no_detail(tmp_path):
    found = measured("Completeness", [Found("few", 3, 100, "a place"), Found("none", 0, 100)])
    rows = statement(found, rules(tmp_path, "Completeness,*,6,9,w,a"))
    # 1 to 7 of 100 are hidden alike: 7% is above 6%
    assert rows["rating"].tolist() == ["Amber", "Green"]
    assert rows["detail"].tolist() == ["", ""]
    assert rows["count"].isna().tolist() == [True, False]
    assert quality.papers.said(rows.iloc[0]) == "few: too few to show, of 100"


def test_counts_of_months_are_about_nobody_and_are_shown(tmp_path):
    found = measured("Months", [Found("Months without a record", 2, 24, "May 2020, June 2020")])
    rows = statement(found, rules(tmp_path, "Months,*,0,0,w,a"))
    assert rows["count"].tolist() == [2]
    assert rows["rating"].tolist() == ["Red"]
    assert (
        quality.papers.said(rows.iloc[0]) == "Months without a record: 2 of 24; May 2020, June 2020"
    )


def test_where_there_is_nothing_to_check_nothing_is_at_fault(tmp_path):
    rows = statement(
        measured("Coordinates", [Found("Outside", 0, 0)]), rules(tmp_path, "Coordinates,*,0,0,w,a")
    )
    assert rows["rating"].tolist() == ["Green"]
    assert quality.papers.said(rows.iloc[0]) == "Outside: nothing to check"


def test_every_check_has_an_interval(tmp_path):
    rows = rated([0, 10, 500], "Completeness,*,1,5,w,a", tmp_path, profile="none_internal")
    assert (rows["lower_95_ci"] <= rows["value"]).all()
    assert (rows["value"] <= rows["upper_95_ci"]).all()


def test_a_check_without_a_rule_is_refused(tmp_path):
    found = measured("Colours", [Found("red", 1, 2)])
    with pytest.raises(DataError, match="No rule for 'red' of 'Colours'"):
        statement(found, rules(tmp_path, "Months,*,0,0,w,a"))


@pytest.mark.parametrize(
    "row",
    [
        "Months,*,5,1,w,a",
        "Months,*,x,1,w,a",
        "Months,*,-1,1,w,a",
        "Months,*,0,1,,a",
        "Months,,0,1,w,a",
    ],
)
def test_a_rule_that_cannot_be_used_is_named_by_its_line(tmp_path, row):
    with pytest.raises(DataError, match=r"1 of 2 rows .* \(lines 3\)"):
        rules(tmp_path, "Completeness,*,1,5,w,a", row)


def test_a_missing_column_of_the_rules_is_named(tmp_path):
    file = tmp_path / "rules.csv"
    file.write_text("aspect,check\na,b\n")
    with pytest.raises(DataError, match="4 column.*amber, red, why, action"):
        quality.thresholds(file)


def test_every_shipped_rule_names_an_aspect_that_there_is():
    from vrn_analysis.say.quality.statement import ASPECTS

    assert set(quality.thresholds()["aspect"]) == set(ASPECTS)


# ---------------------------------------------------------------- summary and papers


@pytest.fixture
def rows():
    found = [
        measured("Completeness", [Found("Weapon, no value", 400, 1_000), Found("Sex", 20, 1_000)]),
        measured("Duplicates", [Found("Marked", 5, 10_000)]),
        measured("Months", [Found("Months without a record", 0, 12)]),
    ]
    table = pd.concat(found, ignore_index=True)
    chosen = pd.DataFrame(
        [
            ("Completeness", "*", 1.0, 5.0, "Why | it matters", "Ask <them>"),
            ("Duplicates", "*", 1.0, 5.0, "w", "a"),
            ("Months", "*", 0.0, 0.0, "w", "a"),
        ],
        columns=CONTRACTS["quality_thresholds"].names,
    )
    return statement(table, chosen, profile="none_internal")


BREAKS = pd.DataFrame(
    {
        "date": [pd.Timestamp("2020-03-23")], "until": [pd.NaT], "label": "Break", "affects": "all",
        "effect": "Fewer", "verified": "no", "source": "Said", "note": "",
    }
)  # fmt: skip


def test_the_summary_leads_with_the_worst_check_of_each_aspect(rows):
    expected = pd.DataFrame(
        {
            "aspect": ["Completeness", "Duplicates", "Months"],
            "rating": ["Red", "Green", "Green"],
            "finding": [
                "Weapon, no value: 40.00% (400 of 1,000).",
                "1 check, none above its threshold. Most: Marked: 0.05% (5 of 10,000).",
                "1 check, none above its threshold.",
            ],
            "why": ["Why | it matters", "", ""],
            "action": ["Ask <them>", "", ""],
        }
    ).astype("str")
    assert_frame_equal(quality.summary(rows), expected)
    short = papers.briefly(quality.summary(rows))
    assert short["finding"].tolist()[0] == (
        "Weapon, no value: 40.00% (400 of 1,000). Why | it matters. Ask <them>."
    )
    assert short["finding"].tolist()[2] == "1 check, none above its threshold."
    assert papers.headline(rows) == "3 aspects: 1 red, 0 amber, 2 green."


def test_the_sentence_names_what_is_red(rows):
    sentence = findings.data_quality(quality.summary(rows)).data
    expected = "Of 3 aspects of data quality, **1 is red** (completeness) and 2 are green."
    assert sentence.startswith(expected)
    green = quality.summary(rows).query("rating == 'Green'")
    assert findings.data_quality(green).data == "All **2** aspects of data quality are **green**."


def test_markdown_and_html_keep_every_word_and_no_cell_breaks_the_table(rows):
    text = papers.page(rows, BREAKS, about="Somewhere", kind="md")
    assert "Why \\| it matters" in text
    lines = [line for line in text.splitlines() if line.startswith("| Completeness")]
    # escaped bars aside, a row has as many cells as its header: 5 in the summary, 4 in the detail
    assert [len(re.findall(r"(?<!\\)\|", line)) - 1 for line in lines] == [5, 4, 4]
    page = papers.page(rows, BREAKS, about="Some<where>", kind="html")
    assert "Ask &lt;them&gt;" in page
    assert "Some&lt;where&gt;" in page
    assert page.count('<td class="red">Red</td>') == 2
    assert "March 2020" in page
    assert "lasting" in page


# ---------------------------------------------------------------- vrn check


HEADER = "offence_id,offence_code,occurred_from,recorded_on,lsoa_code,location_type,domestic_flag"


@pytest.fixture
def extract(tmp_path):
    """A force's folder of 400 offences over ten months, in two small areas."""
    lines = [
        f"{n},8N,2020-{1 + n % 10:02d}-0{1 + n % 9} 10:{n % 60:02d},2020-{1 + n % 10:02d}-10,"
        f"a{n % 2},{'street' if n % 10 else ''},no"
        for n in range(400)
    ]
    (tmp_path / "offences.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    (tmp_path / "lookup.csv").write_text(
        "lsoa_code,lsoa_name,msoa_code,msoa_name,district_code,district_name\n"
        "a0,A0,m,M,d,D\na1,A1,m,M,d,D\n"
    )
    (tmp_path / "assessment.toml").write_text(
        'title = "Here"\nkind = "force"\narea_name = "Here"\nforce = "nowhere"\n'
        '[sources.offences]\npath = "offences.csv"\n[sources.lookup]\npath = "lookup.csv"\n'
    )
    return tmp_path


def check(folder, *more):
    return CliRunner().invoke(app, ["check", "--data", str(folder), *more])


@pytest.mark.slow
def test_problems_are_told_and_do_not_stop_the_check(extract):
    result = check(extract, "--output", str(extract / "statement.csv"))
    assert result.exit_code == 0, result.output
    assert "Data-quality statement" in result.output
    saved = pd.read_csv(extract / "statement.csv").set_index("check")
    place = saved.loc["Location type, no value"]
    assert (place["count"], place["denominator"], place["rating"]) == (40, 400, "Amber")
    assert "400.0 " not in result.output
    assert saved.loc["No coordinates", "rating"] == "Red"
    assert saved.loc["offences: columns it lacks", "rating"] == "Amber"
    assert saved["stamp"].str.contains("Here").all()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["html", "md"])
def test_the_statement_is_written_as_a_page_or_as_text(extract, suffix):
    file = extract / f"statement.{suffix}"
    assert check(extract, "--output", str(file), "--every").exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert "Data-quality statement" in text
    assert "Location type, no value: 10.00% (40 of 400)" in text


def test_another_kind_of_file_is_refused(extract):
    result = check(extract, "--output", str(extract / "statement.docx"))
    assert result.exit_code == 1
    assert ".csv, .html, .md" in result.output


@pytest.mark.slow
def test_an_extract_of_which_nothing_counts_is_checked_all_the_same(extract):
    file = extract / "offences.csv"
    file.write_text(file.read_text().replace(",8N,", ",zz,"))
    result = check(extract, "--output", str(extract / "statement.csv"))
    assert result.exit_code == 0, result.output
    assert "No record is counted" in result.output
    saved = pd.read_csv(extract / "statement.csv").set_index("check")
    assert saved.loc["Offence code or title in no list", "rating"] == "Red"
    assert saved.loc["Months without a record", "denominator"] == 10


def test_broken_contracts_stop_the_check_and_all_of_them_are_told(extract):
    (extract / "offences.csv").write_text("offence_id,weapon\n1,knife\n")
    (extract / "lookup.csv").write_text("lsoa_code\na0\n")
    result = check(extract)
    assert result.exit_code == 1
    assert "2 of 2 sources cannot be used" in result.output
    assert "[offences]" in result.output
    assert "occurred_from" in result.output
    assert "[lookup]" in result.output
    assert "msoa_code" in result.output


@pytest.mark.slow
@pytest.mark.open_data
def test_real_open_data_pass_with_a_statement_a_board_can_read(open_data):
    result = check(open_data)
    assert result.exit_code == 0, result.output
    words = " ".join(re.sub(r"[│┃]", " ", result.output).split())
    for fact in (
        "2.17%",
        "March 2020: 14.2%",
        "5,901",
        "shared point",
        "(6 of",
        "months before it 3",
    ):
        assert fact in words, fact
