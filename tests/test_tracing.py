"""Every number of a page is in a published table; one that is not stops the briefing."""

import re
import shutil
from pathlib import Path

import briefing_notebooks as toy
import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.assessment.chapters import KEY
from vrn_analysis.briefing import cache, printing, prose, published, report, tracing, wording
from vrn_analysis.briefing.chapters import chapter
from vrn_analysis.briefing.editions import Asked
from vrn_analysis.briefing.published import Published, _letters, numbers, values_of
from vrn_analysis.briefing.runner import Result
from vrn_analysis.errors import AssessmentError, DisclosureError
from vrn_analysis.findings import words

ROOT = Path(__file__).resolve().parent.parent


def written(text):
    return [(n.value, n.is_share) for n in numbers(text)]


# -- numbers of a text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5,450 offences", [(5450, False)]),
        ("fell by 4% a year (2% to 6%).", [(4, True), (2, True), (6, True)]),
        ("-10% and \N{MINUS SIGN}3.5 and +7%", [(-10, True), (-3.5, False), (7, True)]),
        ("**2.0 times**", [(2, False)]),
        ("12-17 of them", [(12, False), (17, False)]),
        ("£1,234,567.89.", [(1234567.89, False)]),
        ("36 per cent", [(36, True)]),
        ("1,2", [(1, False)]),
    ],
)
def test_numbers_are_read_as_they_are_written(text, expected):
    assert written(text)[: len(expected)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "April 2019 to March 2024", "in 2020/21", "2024-03-31", "15:00 to 17:59", "on 1 April",
        "95% interval", "the 99.8% limits", "per 1,000 residents", "under 25", "25 and over",
        "ages 10 to 17", "aged 0 to 24", "999 permutations", "Figure 3.1 and Table 3.12",
        "chapter 8", "E07000129 and llr_2020 and C3", "notebook 03_scale_and_trend",
    ],
)  # fmt: skip
def test_dates_units_ages_and_names_are_of_no_result(text):
    assert numbers(text) == []


def test_each_phrase_that_is_let_through_has_a_reason_and_lets_itself_through():
    table = pd.read_csv(ROOT / "data" / "reference" / "allowed_numbers.csv")
    assert (table["reason"].str.len() > 5).all()
    assert not table["phrase"].duplicated().any()
    for phrase in table["phrase"]:
        assert numbers(f"So {phrase.replace('#', '7')}, then.") == []


# -- numbers of tables -----------------------------------------------------------------------------

RATES = pd.DataFrame(
    {
        "area_name": ["Ashby", "Brent", "Corby 014"],
        "count": pd.array([1205, None, 37], dtype="Int64"),
        "value": [12.349, np.nan, -3.6],
        "share": [0.25, 0.5, 0.125],
        "stamp": "SAMPLE 888",
    }
)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("1,205", True), ("12.3", True), ("12.35", True), ("12", True), ("12.4", False),
        ("12%", True), ("37", True), ("37%", False), ("25%", True), ("fell by 3.6", True),
        ("-3.6", True), ("+3.6", False), ("3 rows", True), ("1 suppressed", True), ("14", True),
        ("888", False), ("1,206", False),
    ],
)  # fmt: skip
def test_a_number_is_held_within_the_rounding_it_is_written_with(text, held):
    [number] = numbers(text)
    assert values_of(RATES).hold(number) is held


def test_a_share_of_offences_is_a_share_and_no_count():
    [share] = numbers("71%")
    assert values_of(pd.DataFrame({"per_cent_of_offences": [71.05]})).hold(share)
    assert not values_of(pd.DataFrame({"listed_offences": [71]})).hold(share)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_any_value_is_found_again_however_it_is_rounded(value, places):
    held = values_of(pd.DataFrame({"value": [value]}))
    for number in numbers(f"It is {value:,.{places}f}."):
        assert held.hold(number)


def test_the_nearest_published_value_is_named_with_its_table():
    known = Published({"tables/03_a.csv": values_of(RATES)})
    value, file = known.nearest(numbers("1,210")[0])
    assert (value, file) == (1205, "tables/03_a.csv")
    assert known.nearest(numbers("13%")[0])[0] == 12.5


def test_a_table_that_holds_a_number_by_chance_is_not_named_for_it():
    many = values_of(pd.DataFrame({"value": np.arange(0, 100, 0.01)}))
    known = Published({"tables/03_many.csv": many, "tables/03_a.csv": values_of(RATES)})
    assert known.sources("12.3 and 37") == ["tables/03_a.csv"]


def test_a_small_whole_number_is_no_reason_to_name_a_table():
    assert KNOWN.sources("It lists 37 classes.") == []
    assert KNOWN.sources("It lists 37 classes of 1,205.") == ["tables/03_a.csv"]


def test_a_sentence_names_the_table_of_its_own_figure_and_not_one_that_is_as_near():
    tables = {
        "tables/06_other.csv": values_of(pd.DataFrame({"value": [2.81]})),
        "tables/06_rates.csv": values_of(pd.DataFrame({"value": [2.8437]})),
    }
    said = "The City has 2.8 per 1,000."
    made_of = values_of(pd.DataFrame({"value": [2.8437]}))
    assert Published(tables, {_letters(said): made_of}).sources(said) == ["tables/06_rates.csv"]
    assert Published(tables).sources("Here it is 2.8.") == ["tables/06_other.csv"]


def test_a_fall_is_found_where_its_sign_is_in_the_word():
    change = values_of(pd.DataFrame({"percent": [-12.345, 4.0]}))
    known = Published({"tables/03_a.csv": change}, {"Itfellby12": change})
    assert known.sources("It fell by 12%.") == ["tables/03_a.csv"]


def test_the_numbers_of_one_sentence_are_in_two_tables_at_most():
    tables = {f"tables/03_{n}.csv": values_of(pd.DataFrame({"v": [n * 111]})) for n in (1, 2, 3)}
    known = Published(tables)
    assert known.untraced("From 111 to 333.") == []
    assert len(known.untraced("From 111 to 222 and 333.")) == 1


# -- pages -----------------------------------------------------------------------------------------

PAGE = """<html><body><main id="main"><section class="chapter alone">
<h1 id="chapter-03"><span class="no">3</span> Scale</h1>
<div class="computed"><p>There are <strong>1,205</strong> offences{computed}.</p></div>
<p>{typed}</p><figure class="chart"><img alt="Bar chart. From 12.3 to 37{alt}.">
<figcaption><b>Figure 3.1</b> Rate per 1,000{caption}.</figcaption></figure>
<table><caption>Rates{title}</caption><tr><td>7,777</td></tr></table>
<div class="commentary"><p>About 7,777.</p></div></section></main></body></html>"""
PLACES = ("computed", "typed", "alt", "caption", "title")
KNOWN = Published(
    {
        "tables/03_a.csv": values_of(RATES),
        "tables/04_b.csv": values_of(pd.DataFrame({"n": [7777]})),
    },
    summaries=frozenset(["12"]),
)


def page(**planted):
    return PAGE.format(**{place: planted.get(place, "") for place in PLACES})


def test_a_page_of_published_numbers_is_clean():
    assert tracing.untraced({"03_scale.html": page()}, KNOWN) == []
    tracing.check({"03_scale.html": page()}, KNOWN)


def test_a_number_in_the_name_of_an_area_is_a_name():
    pages = {"03_scale.html": page(typed="In Ward 7,777 too")}
    assert tracing.untraced(pages, KNOWN, names=["Ward 7,777", ""]) == []
    assert len(tracing.untraced(pages, KNOWN, names=["Ward"])) == 1


@pytest.mark.parametrize("place", PLACES)
def test_a_planted_number_is_caught_wherever_it_stands_though_another_chapter_has_it(place):
    with pytest.raises(AssessmentError, match="1 numbers of its text.*7,777 in"):
        tracing.check({"03_scale.html": page(**{place: " and 7,777"})}, KNOWN)


def test_a_chapter_that_sums_up_may_say_what_another_found():
    text = page(typed="7,777").replace("chapter-03", "chapter-12")
    assert tracing.untraced({"12_briefing.html": text}, KNOWN) == []


def test_a_chapter_with_its_own_page_is_not_told_twice():
    both = {"index.html": page(alt=" and 555"), "03_scale.html": page(alt=" and 555")}
    assert [one.split(":")[0] for one in tracing.untraced(both, KNOWN)] == ["03_scale.html"]


def executed(*texts, figures=None):
    outputs = [
        nbformat.v4.new_output(
            "execute_result",
            {"text/markdown": text},
            metadata={"text/markdown": {"figures": figures}} if figures else {},
        )
        for text in texts
    ]
    cells = [nbformat.v4.new_code_cell("x", outputs=[output]) for output in outputs]
    cells[0].metadata["tags"] = ["finding"]
    cells = [nbformat.v4.new_markdown_cell("# Scale"), *cells]
    return nbformat.v4.new_notebook(cells=cells, metadata={KEY: toy.about()})


def test_a_finding_names_table_notebook_and_definition_and_a_sentence_its_table():
    notebook = executed("There are **1,205**.", "The highest is 12.3.", "No number.")
    [made] = tracing.traced([chapter(notebook, name="03_scale")], KNOWN, definition="llr_2020")
    assert 'href="tables/03_a.csv"' in made.trace
    assert "notebook 03_scale" in made.trace
    assert "definition llr_2020" in made.trace
    assert made.body.count('class="trace"') == 1
    [plain] = tracing.traced([chapter(notebook, name="03_scale")], KNOWN, definition="")
    assert "as published, no definition" in plain.trace


def test_what_a_sentence_is_made_of_is_published_beside_its_tables(tmp_path):
    notebook = executed("It **fell** by 4%.", figures={"percent_change": -4.2})
    result = Result("03_scale", notebook, tmp_path, 1.0)
    published.keep_said([result], stamp="SYNTHETIC")
    table = pd.read_csv(tmp_path / "tables" / "03_said.csv")
    assert table.to_numpy().tolist() == [["It fell by 4%.", "percent_change", -4.2, "SYNTHETIC"]]
    known = published.read([result])
    assert known.of("03").holders(numbers("4%")[0]) == ["tables/03_said.csv"]
    assert known.of("03").untraced("It fell by 4%.") == []
    # what one sentence is made of does not speak for another
    assert [n.value for n in known.of("03").untraced("It rose by 4%.")] == [4]


def test_a_title_keeps_its_figures_when_a_chart_is_copied():
    import pickle

    title = pickle.loads(pickle.dumps(words.Title("Half: 21%", share=21.4, hidden=None)))
    assert (title, title.figures) == ("Half: 21%", {"share": 21.4})


def test_numbers_in_links_to_notebooks_are_names():
    html = '<main><p><a href="07_x.html">07 The health view</a> and <strong>08 Risk</strong></p>'
    [passage] = prose.passages(html)
    assert numbers(passage.text) == []


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    return toy.data_folder(tmp_path / "data", kind="force")


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
    assert "1,210 is in no published table; the nearest published value is 1,205" in log
    assert "commentary/03.md line 6: “offenders”" in log
    kept = {file.name: file.read_bytes() for file in output.glob("*.html")}

    toy.write(folder, "03_scale", *cells, toy.code("Markdown('A rise of 7,775 offences.')"))
    with pytest.raises(AssessmentError, match="7,775 in 'A rise"):
        report.build(output, data=data, folder=folder, asked=Asked(status="APPROVED"))
    assert {file.name: file.read_bytes() for file in output.glob("*.html")} == kept
    report.build(output, data=data, folder=folder)
    log = (output / "briefing.log").read_text()
    assert "WARNING 03_scale.html: 7,775 in 'A rise of 7,775 offences.'" in log


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
    return Result(name, nbformat.v4.new_notebook(), folder, 1.0)


def said(text, chapter="03"):
    return {
        "a.html": f'<main><section class="chapter"><h1 id="chapter-{chapter}">T</h1><p>{text}</p>'
        "</section></main>"
    }


def test_our_own_words_are_refused_with_the_alternative(tmp_path):
    result = with_table(tmp_path, "programme\nSafer streets\n")
    with pytest.raises(AssessmentError, match="offenders.*Write instead: person suspected"):
        wording.check(said("Young offenders were counted."), [result])
    assert wording.check(said("Suspects were counted."), [result]) == []


def test_the_words_of_a_source_are_a_warning(tmp_path):
    result = with_table(tmp_path, "programme\nGang exit scheme\n")
    [warning] = wording.check(said("While gang exit scheme ran, it fell."), [result])
    assert "in the words of a source" in warning


@pytest.mark.parametrize("verb", ["drives", "leads to", "causes", "is due to", "explains"])
def test_causal_verbs_are_refused_in_every_sentence_of_an_ecological_chapter(tmp_path, verb):
    sentence = f"Absence of jobs {verb} more of it."
    for number in ("06", "08", "09"):
        metadata = {KEY: toy.about(number)}
        result = Result(f"{number}_x", nbformat.v4.new_notebook(metadata=metadata), tmp_path, 1.0)
        with pytest.raises(AssessmentError, match="association"):
            wording.check(said(sentence, number), [result])
    denied = f"Nothing here says that jobs {verb} more of it."
    assert wording.check(said(denied, "08"), [result]) == []


MAP = '<img alt="Map of 9 areas: Offences. Half are in 2 of them{}.">'


def test_a_map_of_violence_without_what_is_strong_is_refused():
    with pytest.raises(AssessmentError, match="Map of 9 areas"):
        wording.check_maps(said(MAP.format("")))
    wording.check_maps(said(MAP.format("; 3 places where something is strong are marked")))
    wording.check_maps(said(MAP.format("") + "No file of assets is named in the settings"))
    wording.check_maps(said('<img alt="Bar chart. No map.">'))


def test_suspects_under_10_are_in_no_published_table(tmp_path):
    head = "role,age_group,count,status\nSuspect,10 to 14,20,shown\nVictim,0 to 9,20,shown\n"
    wording.check_children([with_table(tmp_path, head, "04_ages")])
    planted = with_table(tmp_path, head + "Suspect,0 to 9,0,shown\n", "04_ages")
    with pytest.raises(DisclosureError, match=r"04_ages\.csv \(1 of 3 rows\)"):
        wording.check_children([planted])


# -- the project's own chapters --------------------------------------------------------------------


def test_no_table_or_chart_of_the_project_profiles_a_suspect_under_10(tmp_path):
    for file in sorted((ROOT / "reports" / "tables").glob("*.csv")):
        (tmp_path / "tables").mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / "tables")
    wording.check_children([Result("all", nbformat.v4.new_notebook(), tmp_path, 1.0)])
    text = (ROOT / "notebooks" / "04_people_under_25.ipynb").read_text()
    alts = re.findall(r'"alt": "(.*?)"', text)
    assert alts
    assert not [alt for alt in alts if re.search(r"[Ss]uspect[^.]*\b(0 to 9|aged? \d\b)", alt)]
