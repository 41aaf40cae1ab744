"""Every number of a briefing names a cell that it publishes; one that does not stops it."""

import pickle
import random
import re
import shutil
from pathlib import Path

import briefing_notebooks as toy
import nbformat
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.briefing import report
from vrn_analysis.briefing.content import published, tracing
from vrn_analysis.briefing.content.chapters import chapter, told
from vrn_analysis.briefing.guard import wording
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan.editions import Asked
from vrn_analysis.briefing.run import cache
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core import facts
from vrn_analysis.core.errors import AssessmentError, DisclosureError
from vrn_analysis.core.facts import Fact, Label, Said
from vrn_analysis.count.assessment.needs import KEY, about
from vrn_analysis.show import figures

ROOT = Path(__file__).resolve().parent.parent
PLANTED = 1_000

# -- facts -----------------------------------------------------------------------------------------

YEARS = pd.DataFrame(
    {
        "period": ["2022/23", "2023/24"],
        "month": pd.to_datetime(["2022-04-01", "2023-04-01"]),
        "count": pd.array([1205, None], dtype="Int64"),
        "value": [12.349, -3.6],
        "share": [0.25, 0.5],
        "status": ["shown", "suppressed"],
    }
)


def test_a_number_keeps_its_cell_through_any_sentence():
    row = facts.of(YEARS.iloc[0])
    said = Said(
        f"In {row['period']}: " + ", ".join([f"**{row['count']:,}**", f"{row['value']:.1f}"])
    )
    assert said == "In 2022/23: **1,205**, 12.3"
    named = [(said[s["start"] : s["end"]], s.get("name"), s.get("value")) for s in said.spans]
    assert named == [("2022/23", None, None), ("1,205", "count", 1205.0), ("12.3", "value", 12.349)]
    assert said.spans[1]["keys"] == {"period": "2022/23", "month": "2022-04-01"}
    assert Said(f"{said}.").spans == said.spans
    assert pickle.loads(pickle.dumps(said)).spans == said.spans


def test_a_share_its_size_and_a_word_are_still_the_cell():
    row = facts.of(YEARS.iloc[1])
    texts = {
        f"{row['share']:.0%}": ("50%", 0.5, 100),
        f"{abs(row['value']):.1f}": ("3.6", -3.6, 1),
        f"{row['value']:.0f}": ("\u22124", -3.6, 1),
        Fact(2, "n").written("Two"): ("Two", 2.0, 1),
    }
    for marked, expected in texts.items():
        said = Said(marked)
        [span] = said.spans
        assert (str(said), span["value"], span["scale"]) == expected
        assert facts.says(str(said), span["value"] * span["scale"])
    assert pd.isna(row["count"])


def test_any_other_product_or_sum_is_a_new_number():
    value = facts.of(YEARS.iloc[0])["value"]
    for other in (value * 2, 100 * value, value + 1, value / 3):
        assert not isinstance(other, Fact)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_any_value_is_what_it_says_however_it_is_rounded(value, places):
    said = Said(f"{Fact(value, 'v'):,.{places}f}")
    assert facts.says(str(said), value)


@pytest.mark.parametrize(
    "text",
    [
        "95% interval", "95% CI", "the 99.8% limits", "per 1,000 residents", "under 25",
        "E07000129 and llr_2020 and C3", "notebook 03_scale_and_trend",
    ],
)  # fmt: skip
def test_constants_of_the_method_and_names_are_of_no_result(text):
    assert facts.loose(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "April 2019 to March 2024", "in 2020/21", "2024-03-31", "15:00 to 17:59", "on 1 April",
        "25 and over", "ages 10 to 17", "aged 0 to 24", "999 permutations", "chapter 8",
        "Figure 3.1 and Table 3.12",
    ],
)  # fmt: skip
def test_dates_and_ages_may_be_typed_and_are_labels_in_what_is_computed(text):
    assert facts.loose(text, typed=True) == []
    assert facts.loose(text)
    said = Said(f"{Label(text)}")
    assert facts.loose(said, said.spans) == []


def test_each_phrase_that_is_let_through_has_a_reason_and_lets_itself_through():
    table = pd.read_csv(ROOT / "data" / "reference" / "allowed_numbers.csv")
    assert (table["reason"].str.len() > 5).all()
    assert not table["phrase"].duplicated().any()
    for phrase in table["phrase"]:
        assert facts.loose(f"So {phrase.replace('#', '7')}, then.", typed=True) == []


# -- cells -----------------------------------------------------------------------------------------

RATES = pd.DataFrame(
    {
        "area_name": ["Ashby", "Brent", "Corby 014"],
        "count": ["1205", "", "37"],
        "value": ["12.349", "", "-3.6"],
        "share": ["0.25", "0.5", "0.125"],
        "stamp": "SAMPLE 888",
    }
)
KNOWN = published.Published(
    {"03_a": RATES, "04_b": pd.DataFrame({"n": ["7777", "1"]}), "03_said": RATES.head(0)}
)


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("03_a:Ashby:count", 1205), ("03_a:Corby 014:value", -3.6), ("04_b:#1:n", 7777),
        ("03_a:Brent:count", None), ("03_a:Nowhere:count", None), ("03_z:Ashby:count", None),
        ("03_a:Ashby:area_name", None), ("", None),
    ],
)  # fmt: skip
def test_a_cell_has_one_name(address, value):
    assert KNOWN.value(address) == value


def test_a_fact_is_found_by_its_row_and_column_and_never_by_its_value_alone():
    fact = {"name": "count", "value": 1205.0, "keys": {"area_name": "Ashby", "other": "x"}}
    assert KNOWN.address(fact, chapter="03") == "03_a:Ashby:count"
    assert KNOWN.address(fact, chapter="04") == ""
    for change in ({"value": 1206.0}, {"keys": {"area_name": "Brent"}}, {"keys": {}},
                   {"name": "value"}):  # fmt: skip
        assert KNOWN.address(fact | change, chapter="03") == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("{{03_a:Ashby:count}}", "1,205"), ("{{03_a:Ashby:value}}", "12.3"),
        ("{{about 1,200 = judgement}}", "about 1,200"), ("{{25% = 03_a:Ashby:share}}", "25%"),
        ("{{12% = 03_a:Ashby:value}}", "12%"),
        ("{{fell by 3.6 = 03_a:Corby 014:value}}", "fell by 3.6"),
    ],
)  # fmt: skip
def test_a_typed_name_stands_for_its_cell(typed, said):
    filled = KNOWN.filled(f"So {typed}.")
    assert filled == f"So {said}."
    assert facts.loose(filled, filled.spans, typed=True) == []
    assert ("<data" in told(str(filled), filled.spans)) is ("judgement" not in typed)


@pytest.mark.parametrize(
    "typed",
    [
        "{{1,206 = 03_a:Ashby:count}}",
        "{{03_a:Ashbi:count}}",
        "{{12 to 13 = 03_a:Ashby:value}}",
        "{{5}}",
    ],
)  # fmt: skip
def test_a_name_without_its_cell_is_left_as_it_is(typed):
    assert KNOWN.filled(typed) == typed


def test_a_page_links_each_number_to_its_cell_and_shows_the_same_text():
    row = facts.of(YEARS.iloc[0])
    said = Said(f"There were **{row['count']:,}** in {row['period']} & more.")
    said.spans[0]["address"] = "03_a:Ashby:count"
    linked = '<data data-fact="03_a:Ashby:count" value="1205">1,205</data>'
    assert told(str(said), said.spans) == (
        f"<p>There were <strong>{linked}</strong> in 2022/23 &amp; more.</p>\n"
    )


# -- notebooks -------------------------------------------------------------------------------------


def output(said, kind="text/markdown", **about):
    if isinstance(said, Said):
        about = {"facts": said.spans}
    return nbformat.v4.new_output("execute_result", {kind: str(said)}, metadata={kind: about})


def executed(*outputs, typed="# Scale"):
    cells = [nbformat.v4.new_code_cell("x", outputs=[one]) for one in outputs]
    if cells:
        cells[0].metadata["tags"] = ["finding"]
    cells = [nbformat.v4.new_markdown_cell(typed), *cells]
    return nbformat.v4.new_notebook(cells=cells, metadata={KEY: toy.about()})


def run(folder, *outputs, typed="# Scale", table=RATES):
    (folder / "tables").mkdir(exist_ok=True)
    table.to_csv(folder / "tables" / "03_a.csv", index=False)
    result = Result("03_scale", executed(*outputs, typed=typed), folder, 1.0)
    return published.resolved([result], stamp="SYNTHETIC")


ASHBY = facts.of(pd.DataFrame({"area_name": ["Ashby"], "count": [1205], "value": [12.349]}).iloc[0])
SAID = Said(f"**{ASHBY['count']:,}** in {ASHBY['area_name']}, a rate of {ASHBY['value']:.1f}.")
DERIVED = Said(f"It **fell** by {abs(facts.made(percent_change=-4.2).percent_change):.0f}%.")


def test_a_fact_is_linked_to_its_table_and_a_derived_one_to_the_figures_of_its_sentence(tmp_path):
    results, known = run(tmp_path, output(SAID), output(DERIVED))
    assert tracing.problems(results, known) == []
    table = pd.read_csv(tmp_path / "tables" / "03_said.csv", keep_default_na=False)
    assert table[["fact", "value", "source"]].to_numpy().tolist() == [
        ["2.count", 1205, "03_a:Ashby:count"], ["2.value", 12.349, "03_a:Ashby:value"],
        # no table has it: nobody gets more digits than the sentence
        ["3.percent_change", -4, ""],
    ]  # fmt: skip
    made = chapter(results[0].notebook, name="03_scale")
    assert 'data-fact="03_a:Ashby:count" value="1205">1,205</data>' in made.finding
    assert 'data-fact="03_said:3.percent_change:value" value="-4">4</data>' in made.body


@pytest.mark.parametrize(
    ("text", "value", "scale", "known"),
    [("23%", 0.230159, 100, 0.23), ("1.5", 1.45648, 1, 1.5), ("12%", -12.2018, 1, -12),
     ("5,450", 5450, 1, 5450), ("Two", 2, 1, 2), ("\u22120.4", -0.3841, 1, -0.4)],
)  # fmt: skip
def test_a_derived_number_has_the_digits_of_its_sentence(text, value, scale, known):
    written = facts.as_written(text, value, scale=scale)
    assert written == pytest.approx(known, abs=1e-12)
    assert facts.says(text, written * scale)


def test_a_link_in_a_sentence_is_no_link_in_the_table_of_its_figures(tmp_path):
    said = Said(f"{Fact(24, 'assets')} are on the [interactive map](map.html).")
    run(tmp_path, output(said))
    table = pd.read_csv(tmp_path / "tables" / "03_said.csv")
    assert table["said"].tolist() == ["24 are on the interactive map."]


def test_a_finding_names_table_notebook_and_definition_and_a_sentence_its_table(tmp_path):
    results, _ = run(tmp_path, output(SAID), output(DERIVED), output(Said("No number.")))
    chapters = [chapter(one.notebook, name=one.name) for one in results]
    [made] = tracing.traced(chapters, definition="llr_2020")
    assert 'href="tables/03_a.csv"' in made.trace
    assert "notebook 03_scale" in made.trace
    assert "definition llr_2020" in made.trace
    assert made.body.count('class="trace"') == 1
    [plain] = tracing.traced(chapters, definition="")
    assert "as published, no definition" in plain.trace


def test_a_table_that_holds_another_number_than_its_sentence_is_found(tmp_path):
    results, _ = run(tmp_path, output(SAID))
    changed = RATES.assign(count=["1206", "", "37"])
    known = published.Published({"03_a": changed})
    [problem] = tracing.problems(results, known)
    assert "1,205 in" in problem
    assert "in no published table" in problem


def chart(**planted):
    title = Said(f"Ashby has {ASHBY['count']:,}")
    alt = Said(f"Bar chart of {Fact(3, 'rows')} rows. {title}.")
    about = {"title": title, "alt": alt, "caption": Said("Rate per 1,000, 2023/24")}
    words = {name: planted.get(name, str(text)) for name, text in about.items()}
    spans = {name: text.spans for name, text in about.items()}
    return output("", "image/png", **words, facts=spans)


def planted(number, rng):
    """Return outputs and words with an invented number, one each."""
    at = rng.randrange(len(SAID) + 1)
    while 0 < at < len(SAID) and re.search(r"[\w.,%]{2}", SAID[at - 1 : at + 1]):
        at = rng.randrange(len(SAID) + 1)
    shifted = [
        span
        | {end: span[end] + (span["start"] >= at) * (len(number) + 2) for end in ("start", "end")}
        for span in SAID.spans
    ]
    kept = f"{SAID[:at]} {number} {SAID[at:]}"
    return [
        output(Said(f"{SAID} And {number}.")),
        output(kept, facts=shifted),
        output(SAID.replace("12.3", f"{number}"), facts=SAID.spans),
        output(f"A rise of {number}."),
        chart(alt=f"{chart().metadata['image/png']['alt']} From {number}."),
        chart(title=f"Ashby has 1,205 and {number}"),
    ]


def invented(rng):
    size = rng.choice([rng.uniform(0.1, 99), rng.randrange(2, 100), rng.randrange(100, 9_999_999)])
    text = f"{size:,.1f}" if isinstance(size, float) else f"{size:,}"
    # a number that is true by chance is not an invented one
    return invented(rng) if facts.says(text, 12.349) else text + rng.choice(["", "%", " times"])


@pytest.mark.slow
def test_invented_numbers_in_computed_text_are_all_caught(tmp_path):
    rng = random.Random(14)
    kinds = [planted(invented(rng), rng) for _ in range(-(-PLANTED // 6))]
    outputs = [one for kind in kinds for one in kind]
    results, known = run(tmp_path, *outputs)
    caught = 0
    for cell in results[0].notebook.cells[1:]:
        alone = Result("03_scale", nbformat.v4.new_notebook(cells=[cell]), tmp_path, 1.0)
        caught += bool(tracing.problems([alone], known))
    assert (len(outputs), caught) == (1002, 1002)


def test_invented_numbers_in_typed_text_are_caught_in_99_of_100(tmp_path):
    rng = random.Random(14)
    texts = [
        rng.choice(["About {} of them.", "It rose by {} since.", "{} young people."]).format(
            invented(rng)
        )
        for _ in range(PLANTED)
    ]
    found = [facts.loose(filled, filled.spans, typed=True) for filled in map(KNOWN.filled, texts)]
    assert sum(map(bool, found)) >= 0.99 * PLANTED


def test_typed_words_may_name_a_cell_and_a_wrong_name_is_told(tmp_path):
    fine = run(tmp_path, typed="There are {{03_a:Ashby:count}}, in April 2023.")
    assert tracing.problems(*fine) == []
    wrong = run(tmp_path, typed="There are {{1,300 = 03_a:Ashby:count}}.")
    assert len(tracing.problems(*wrong)) == 1


def test_a_number_in_the_name_of_an_area_is_a_name(tmp_path):
    results, known = run(tmp_path, typed="In Ward 7,777 too")
    assert tracing.problems(results, known, names=["Ward 7,777", ""]) == []
    assert len(tracing.problems(results, known, names=["Ward"])) == 1


def test_html_that_nothing_of_ours_made_is_read_but_for_cells(tmp_path):
    html = "<p>About 7,777.</p><table><tr><td>8,888</td></tr></table>"
    results, known = run(tmp_path, output(html, "text/html", caption=""))
    assert [one.count("7,777") for one in tracing.problems(results, known)] == [2]


def test_a_page_outside_its_chapters_is_read_and_what_chapters_say_is_not_read_twice():
    html = '<main><p>In all {}.</p><ol class="findings"><li>8,888</li></ol></main>'
    pages = {"index.html": html.format("7,777")}
    assert len(tracing.problems([], KNOWN, pages=pages)) == 1
    assert tracing.problems([], KNOWN, pages={"index.html": html.format("April 2024")}) == []


def test_a_chart_keeps_what_its_words_are_made_of():
    drawn = figures.plot_rates(
        pd.DataFrame({"area_name": ["A", "B"], "count": pd.array([20, 40], dtype="Int64"),
                      "status": "shown", "value": [1.5, 2.5], "lower_95_ci": [1.0, 2.0],
                      "upper_95_ci": [2.0, 3.0]}),
        title=Said(f"B has {Fact(2.5, 'value'):.1f}"),
    )  # fmt: skip
    about = pickle.loads(pickle.dumps(drawn))._repr_mimebundle_()[1]["image/png"]
    for name in ("title", "alt", "caption"):
        assert facts.OPEN not in about[name]
        assert facts.loose(about[name], about["facts"][name]) == []
    assert {"value", "lowest", "highest", "rows"} <= {s.get("name") for s in about["facts"]["alt"]}


def test_numbers_in_names_of_notebooks_are_names():
    text = "See **08 Risk** and [07 The health view](07_x.ipynb)."
    assert facts.loose(text, typed=True) == []


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    return toy.data_folder(tmp_path / "data", kind="force")


@pytest.mark.slow
def test_an_untraced_number_is_a_warning_of_a_draft_and_stops_what_is_approved(tmp_path, data):
    folder = tmp_path / "nb"
    (data / "commentary").mkdir()
    (data / "commentary" / "03.md").write_text(
        "---\nauthor: A. Analyst\ndate: 2024-06-30\nstatus: draft\n---\nAbout 1,210 offenders.\n"
    )
    cells = [toy.saves("03_counts"), toy.finding()]
    toy.write(folder, "03_scale", *cells)
    output = tmp_path / "briefing"
    report.build(output, data=data, folder=folder)
    text = (output / "03_scale.html").read_text()
    assert "A. Analyst, 30 June 2024. Status: draft." in text
    log = (output / "briefing.log").read_text()
    assert "1,210 names no source; write {{1,210 = table:row:column}}" in log
    assert "commentary/03.md line 6: “offenders”" in log
    kept = {file.name: file.read_bytes() for file in output.glob("*.html")}

    toy.write(folder, "03_scale", *cells, toy.code("Markdown('A rise of 7,775 offences.')"))
    with pytest.raises(AssessmentError, match="7,775 in 'A rise"):
        report.build(output, data=data, folder=folder, asked=Asked(status="APPROVED"))
    assert {file.name: file.read_bytes() for file in output.glob("*.html")} == kept
    report.build(output, data=data, folder=folder)
    log = (output / "briefing.log").read_text()
    assert "WARNING 03_scale: 7,775 in 'A rise of 7,775 offences.'" in log


@pytest.mark.slow
def test_an_untraced_number_stops_a_draft_of_the_sample(tmp_path, data):
    own = toy.data_folder(tmp_path / "own", kind="sample")
    cells = [toy.saves("03_counts"), toy.code("Markdown('A rise of 7,775 offences.')")]
    toy.write(tmp_path / "nb", "03_scale", *cells)
    with pytest.raises(AssessmentError, match="7,775 in 'A rise"):
        report.build(tmp_path / "out", data=own, folder=tmp_path / "nb")


# -- words, maps and children ----------------------------------------------------------------------


def with_table(folder, text, name="06_x"):
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "tables" / f"{name}.csv").write_text(text)
    return published.read([Result(name, toy.notebook(), folder, 1.0)])


def said(text, chapter="03"):
    return {
        "a.html": f'<main><section class="chapter"><h1 id="chapter-{chapter}">T</h1><p>{text}</p>'
        "</section></main>"
    }


def test_our_own_words_are_refused_with_the_alternative(tmp_path):
    result = with_table(tmp_path, "programme\nSafer streets\n")
    with pytest.raises(AssessmentError, match="offenders.*Write instead: person suspected"):
        wording.check(said("Young offenders were counted."), result)
    assert wording.check(said("Suspects were counted."), result) == []


def test_the_words_of_a_source_are_a_warning(tmp_path):
    result = with_table(tmp_path, "programme\nGang exit scheme\n")
    [warning] = wording.check(said("While gang exit scheme ran, it fell."), result)
    assert "in the words of a source" in warning


@pytest.mark.parametrize("verb", ["drives", "leads to", "causes", "is due to", "explains"])
def test_causal_verbs_are_refused_in_every_sentence_of_an_ecological_chapter(tmp_path, verb):
    sentence = f"Want of work {verb} more of it."
    chapters = {n: about({KEY: toy.about(n)}, name=n) for n in ("05", "06", "08", "09")}
    known = published.Published({}, chapters)
    for number in ("06", "08", "09"):
        with pytest.raises(AssessmentError, match="association"):
            wording.check(said(sentence, number), known)
    denied = f"Nothing here says that want of work {verb} more of it."
    assert wording.check(said(denied, "08"), known) == []
    assert wording.check(said(sentence, "05"), known) == []


MAP = '<img alt="Map of 9 areas: Offences. Half are in 2 of them{}.">'


def test_a_map_of_violence_without_what_is_strong_is_refused():
    with pytest.raises(AssessmentError, match="Map of 9 areas"):
        wording.check_maps(said(MAP.format("")))
    wording.check_maps(said(MAP.format("; 3 community assets are marked")))
    wording.check_maps(said(MAP.format("") + "No list of community assets was supplied"))
    wording.check_maps(said('<img alt="Bar chart. No map.">'))
    # the first screen shows a map before any chapter
    cover = f'<main><section class="cover">{MAP.format("")}</section></main>'
    with pytest.raises(AssessmentError, match="without community assets"):
        wording.check_maps({"index.html": cover + '<section class="chapter"></section>'})


def test_suspects_under_10_are_in_no_published_table(tmp_path):
    head = "role,age_group,count,status\nSuspect,10 to 14,20,shown\nVictim,0 to 9,20,shown\n"
    wording.check_children(with_table(tmp_path, head, "04_ages"))
    planted = with_table(tmp_path, head + "Suspect,0 to 9,0,shown\n", "04_ages")
    with pytest.raises(DisclosureError, match=r"04_ages\.csv \(1 of 3 rows\)"):
        wording.check_children(planted)


# -- the project's own chapters --------------------------------------------------------------------


def test_no_table_or_chart_of_the_project_profiles_a_suspect_under_10(tmp_path):
    for file in sorted((ROOT / "reports" / "tables").glob("*.csv")):
        (tmp_path / "tables").mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / "tables")
    everything = Result("all", toy.notebook(), tmp_path, 1.0)
    wording.check_children(published.read([everything]))
    text = (ROOT / "notebooks" / "04_people_under_25.ipynb").read_text()
    alts = re.findall(r'"alt": "(.*?)"', text)
    assert alts
    assert not [alt for alt in alts if re.search(r"[Ss]uspect[^.]*\b(0 to 9|aged? \d\b)", alt)]
