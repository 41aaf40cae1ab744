"""The only door: what is unprotected or about one person is refused, and nothing is injected."""

import dataclasses
import math

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from vrn_analysis.core import facts
from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DisclosureError, SettingsError
from vrn_analysis.methods import rates
from vrn_analysis.show import figures, publish
from vrn_analysis.show.disclosure import PROFILES
from vrn_analysis.show.publish import content, protection


class Run:
    """As much of a run as publishing needs."""

    settings = Settings(title="A", kind="sample", area_name="A", sources={})
    credit = "SYNTHETIC SAMPLE, invented county"


def counts(values, names=None):
    names = names or [f"Area {number}" for number in range(len(values))]
    return pd.DataFrame({"area_name": names, "count": pd.array(values, dtype="Int64")})


def protected(values, names=None):
    return publish.protect(counts(values, names), Run, dimensions=["area_name"])


def shown(table, **options):
    made = publish.show(table, Run, caption="Counts by area", name="03_test", **options)
    return made, BeautifulSoup(made.html, "html.parser")


def test_unprotected_counts_are_refused_with_the_remedy():
    with pytest.raises(DisclosureError, match=r"publish\.protect"):
        publish.show(counts([100, 200]), Run, caption="x", name="03_test")


@pytest.mark.parametrize("column", ["offence_id", "person_ref", "home_lsoa_code", "easting"])
def test_person_level_rows_are_refused(column):
    table = pd.DataFrame({column: ["x"], "status": ["shown"], "count": [100]})
    with pytest.raises(DisclosureError, match=column):
        publish.show(table, Run, caption="x", name="03_test")


def test_suppressed_count_is_a_symbol_in_html_and_empty_in_csv(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    table = protected([3, 4, 100, 203])
    _, page = shown(table)
    cells = [row.find_all("td")[0].text for row in page.tbody.find_all("tr")]
    assert cells[:2] == ["[c]", "[c]"]
    assert cells[2:] == ["100", "205"]
    saved = pd.read_csv(tmp_path / "tables" / "03_test.csv")
    assert saved["count"].isna().tolist() == [True, True, False, False]
    assert set(saved["stamp"]) == {"SYNTHETIC SAMPLE, invented county"}


def test_rate_and_interval_are_hidden_wherever_the_count_is():
    table = protected([3, 4, 100, 203]).assign(denominator=1000.0).pipe(rates.crude_rate)
    made, page = shown(table)
    first = [cell.text for cell in page.tbody.tr.find_all("td")]
    assert first == ["[c]", "1,000", "[z]", "[z]"]
    assert "3.0" not in made.html


def test_a_caption_keeps_its_facts_and_no_mark_of_them_reaches_a_reader():
    caption = f"Of {facts.Fact(1205, 'count')} in {facts.Label('2023/24')}"
    made = publish.show(protected([100, 200]), Run, caption=caption, name="03_test")
    data, about = made._repr_mimebundle_()
    assert facts.OPEN not in "".join([*data.values(), about["text/html"]["caption"]])
    assert made.caption.startswith("Of 1,205 in 2023/24. ")
    assert [span.get("name") for span in about["text/html"]["facts"]][:2] == ["count", None]


def test_table_is_captioned_with_scoped_headers_and_stamped():
    _, page = shown(protected([100, 200]))
    assert page.caption.text.startswith("Counts by area.")
    assert "SYNTHETIC SAMPLE" in page.caption.text
    assert all(cell["scope"] == "col" for cell in page.thead.find_all("th"))
    assert all(row.th["scope"] == "row" for row in page.tbody.find_all("tr"))


def test_an_interval_stands_beside_its_value_and_open_ends_are_said_in_words():
    table = pd.DataFrame(
        {"measure": ["ratio of rates"], "value": [53.7], "lower_95_ci": [23.3],
         "upper_95_ci": [math.inf], "groups": [5], "area_share": [0.0171], "life_stage": ["25+"],
         "by": ["2025-09-01"], "harm": [28_000.4], "change": [-2.5]}
    )  # fmt: skip
    _, page = shown(table)
    assert [head.text for head in page.thead.find_all("th")] == [
        "Measure", "Value", "95% CI", "Groups", "Area share", "Life stage", "By", "Harm",
        "Change",
    ]  # fmt: skip
    assert [cell.text for cell in page.tbody.tr.find_all(["th", "td"])] == [
        "Ratio of rates", "53.7", "23.3 to no limit", "5", "1.7%", "25 and over",
        "1 September 2025", "28,000", "\u22122.5",
    ]  # fmt: skip


def test_markup_in_a_name_is_text():
    made, page = shown(protected([100, 200], ["<script>alert(1)</script>", "Åby & 'Co'"]))
    assert "<script>" not in made.html
    assert page.tbody.th.text == "<script>alert(1)</script>"


def test_formula_in_a_name_stays_text_in_a_spreadsheet(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    publish.save(protected([100, 200], ['=HYPERLINK("x")', "Hill"]), Run, name="03_test")
    assert pd.read_csv(tmp_path / "tables" / "03_test.csv")["area_name"][0] == '\'=HYPERLINK("x")'


def test_long_table_is_saved_whole_and_shown_in_part(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    made, page = shown(protected([100] * 80))
    assert len(page.tbody.find_all("tr")) == publish.MOST_ROWS_SHOWN
    assert "First 60 of 80 rows" in made.caption
    assert len(pd.read_csv(tmp_path / "tables" / "03_test.csv")) == 80


def test_true_zero_is_shown_as_zero():
    _, page = shown(protected([0, 100]))
    assert page.tbody.td.text == "0"


def test_nothing_is_saved_without_an_output_folder(monkeypatch):
    monkeypatch.delenv("VRN_OUTPUT", raising=False)
    assert publish.save(protected([100]), Run, name="03_test") == "tables/03_test.csv"


# which profile


def run_of(audience="partners", profile="nhs_round5", sources=None):
    class Chosen(Run):
        settings = Settings(
            title="A", kind="sample", area_name="A", sources=sources or {}, audience=audience,
            disclosure_profile=profile,
        )  # fmt: skip

    return Chosen


AGREED = {
    "admissions": {"path": "a.csv", "disclosure_profile": "lt10"},
    "linkage": {"path": "b.csv", "disclosure_profile": {"public": "lt10", "partners": "lt5"}},
}


@pytest.mark.parametrize(
    ("source", "audience", "expected"),
    [
        ("", "partners", "nhs_round5"),
        ("admissions", "partners", "lt10"),
        ("admissions", "public", "lt10"),
        ("linkage", "partners", "lt5"),
        ("linkage", "public", "lt10"),
        ("linkage", "internal", "nhs_round5"),
    ],
)
def test_the_profile_is_chosen_by_source_and_audience(source, audience, expected):
    run = run_of(audience, sources=AGREED)
    assert protection.profile_of(run, source=source) == expected
    table = publish.protect(counts([7, 12, 40]), run, dimensions=["area_name"], source=source)
    rule = PROFILES[expected]
    assert table["count"].isna().tolist() == [rule.threshold > 7, False, False]
    assert table["count"].tolist()[1:] == ([10, 40] if rule.base == 5 else [12, 40])


def test_no_protection_is_for_those_who_may_see_the_records():
    assert protection.profile_of(run_of("internal", "none_internal")) == "none_internal"
    table = publish.protect(counts([1, 2]), run_of("internal", "none_internal"),
                            dimensions=["area_name"])  # fmt: skip
    assert table["count"].tolist() == [1, 2]
    for audience in ("partners", "public"):
        with pytest.raises(SettingsError, match=f"protects nobody, in an edition for {audience}"):
            publish.protect(
                counts([1, 2]), run_of(audience, "none_internal"), dimensions=["area_name"]
            )


def test_an_unknown_profile_of_a_source_names_the_source_and_the_choices():
    run = run_of(sources={"admissions": {"path": "a.csv", "disclosure_profile": "lt6"}})
    with pytest.raises(SettingsError, match=r"'lt6' in \[sources\.admissions\].*nhs_round5, lt5"):
        publish.protect(counts([1]), run, dimensions=["area_name"], source="admissions")


# what a table must not give away


def test_a_denominator_of_records_is_rounded_like_its_counts_and_residents_are_not():
    table = counts([10, 20]).assign(denominator=[913, 1001])
    found = publish.protect(table, Run, dimensions=["area_name"]).pipe(rates.proportion)
    assert found["denominator"].tolist() == [915, 1000]
    assert found["denominator_error"].tolist() == [2, 2]
    residents = protected([10, 20]).assign(denominator=[913, 1001]).pipe(rates.crude_rate)
    assert residents["denominator"].tolist() == [913, 1001]
    publish.show(residents, Run, caption="x", name="03_test")


def test_a_rate_of_the_true_count_is_refused_and_that_of_the_shown_one_is_not():
    true, shown_counts = counts([17, 100, 203]), protected([17, 100, 203])
    good = shown_counts.assign(denominator=1_000.0).pipe(rates.crude_rate)
    publish.show(good, Run, caption="x", name="03_test")
    made = true.assign(denominator=1_000.0).pipe(rates.crude_rate)
    for column in ("value", "lower_95_ci", "upper_99_8_ci"):
        with pytest.raises(DisclosureError, match="not those of the counts that are shown"):
            publish.show(good.assign(**{column: made[column]}), Run, caption="x", name="03_test")


@pytest.mark.parametrize("function", [rates.count_interval, rates.crude_rate, rates.proportion])
def test_what_is_made_of_shown_counts_passes_whatever_they_are(function):
    values = [0, 0, 8, 12, 13, 40, 999, 3]
    table = protected(values).assign(denominator=[50.0, 0, 20, 40, 15, 80, 2000, 60])
    for problem in content.table_problems(function(table), [PROFILES["nhs_round5"]]):
        pytest.fail(problem)


def test_a_wider_interval_of_clustered_offences_is_no_leak():
    table = protected([40, 999]).assign(denominator=1e4).pipe(rates.crude_rate, dispersion=2.5)
    assert not content.table_problems(table, [PROFILES["nhs_round5"]])


@pytest.mark.parametrize("column", ["count", "victims", "unknown_count", "hurt_here", "n"])
def test_unrounded_numbers_are_refused_by_the_name_of_their_column(column):
    table = pd.DataFrame({"area_name": ["a", "b"], column: [17, 20], "status": "shown"})
    with pytest.raises(DisclosureError, match=f"1 of 2 values of {column}"):
        publish.show(table, Run, caption="x", name="03_test")


@pytest.mark.parametrize("column", ["rank", "areas", "groups", "hour", "quintile", "per_cent"])
def test_numbers_that_count_no_people_are_no_matter(column):
    table = pd.DataFrame({"area_name": ["a", "b"], column: [3, 17]})
    publish.show(table, Run, caption="x", name="03_test")


def test_published_counts_of_others_pass_where_their_source_is_named(tmp_path, monkeypatch):
    class Named(Run):
        @staticmethod
        def credit_of(source):
            return f"as published: {source}"

    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    table = pd.DataFrame({"area_name": ["a"], "offences": [12397]})
    made = publish.show(table, Named, caption="x", name="03_test", as_published="other_forces")
    assert "as published: other_forces" in made.caption
    assert "12,397" in made.html
    with pytest.raises(DisclosureError, match="name it in as_published"):
        publish.show(table, Named, caption="x", name="03_test")


def test_a_caption_and_a_chart_say_no_hidden_count():
    with pytest.raises(DisclosureError, match="a number of victims"):
        publish.show(protected([100]), Run, caption="Hill had 3 victims", name="03_test")
    drawn = figures.plot_rates(
        protected([100, 200]).assign(denominator=1e4).pipe(rates.crude_rate),
        title="Of 3 victims two were hurt",
        measure="x",
    )
    with pytest.raises(DisclosureError, match="a number of victims"):
        publish.chart(drawn, Run, caption="x")
    leaky = dataclasses.replace(drawn, title="x", data=drawn.data.assign(count=17))
    with pytest.raises(DisclosureError, match="2 of 2 values of count"):
        publish.chart(leaky, Run, caption="x")
