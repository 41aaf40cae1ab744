"""Pages: no code, nothing loaded, everything described, nothing that runs."""

import re
from dataclasses import replace

import briefing_notebooks as toy
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output

from vrn_analysis.briefing import pages
from vrn_analysis.briefing.content import exhibits
from vrn_analysis.briefing.content.chapters import TEMPLATE, chapter
from vrn_analysis.briefing.content.markup import demoted
from vrn_analysis.briefing.guard import gate
from vrn_analysis.briefing.plan import editions, subject
from vrn_analysis.core import config
from vrn_analysis.count.assessment import needs

ALERT = toy.ATTACK


def run(source):
    """Give a cell the output its source describes, without a kernel."""
    found = re.fullmatch(r"display\((\{.*?\}), metadata=(\{.*\}), raw=True\)", source, re.S)
    if found:
        data, metadata = (eval(text) for text in found.groups())
        return [new_output("display_data", data=data, metadata=metadata)]
    if found := re.fullmatch(r"Markdown\((.*?)(?:, metadata=\{.*\})?\)", source, re.S):
        data = {"text/markdown": eval(found[1]), "text/plain": "x"}
        return [new_output("execute_result", data=data)]
    if "run.stamp()" in source:
        return [new_output("execute_result", data={"text/markdown": "**SYNTHETIC SAMPLE.** All."})]
    return []


def executed(*cells, title="Scale and trend", name=""):
    notebook = toy.notebook(*cells, title=title, name=name)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = run(cell.source)
    return notebook


def soup_of(*cells, name="03_scale_and_trend"):
    return BeautifulSoup(chapter(executed(*cells), name=name).body, "html.parser")


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    place = tmp_path_factory.mktemp("about")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VRN_CACHE", str(place / "cache"))
        yield subject.open_subject(toy.data_folder(place / "data"))


@pytest.fixture(scope="module")
def rendered_full(about):
    """Return the pages of the full notebook, which no test changes."""
    return rendered(about)


FULL = (
    toy.words(
        "## Which districts stand above?\n\nOne sentence. See [hotspots](06_hotspots.ipynb)."
    ),
    toy.table(csv="tables/03_counts.csv"),
    toy.chart(),
    toy.words("### Method\n\nByar, in [the code](../vrn_analysis/methods/rates.py)."),
    toy.words("## What does the table say?"),
    toy.table(),
    toy.finding(),
    toy.words("## What this cannot tell you\n\nMuch."),
)


def rendered(
    about, *cells, names=("00_start_here", "03_scale_and_trend", "06_hotspots", "12_board")
):
    chapters = [chapter(executed(*(cells or FULL), name=name), name=name) for name in names]
    return pages.render(chapters, about, run="abc123")


# -- a chapter ------------------------------------------------------------------------------------


def test_no_code_and_no_hidden_cell_is_shown():
    hidden = toy.table()
    hidden.metadata["tags"] = ["remove-cell"]
    soup = soup_of(toy.words("## A\n\nText."), toy.code("secret_name = 1"), hidden)
    assert "secret_name" not in soup.get_text()
    assert "import" not in soup.get_text()
    assert soup.find("table") is None


def test_plain_text_and_prints_are_not_shown():
    notebook = executed(toy.words("## A"), toy.code("print(people)"))
    person = "offence_id  age\nX1           17"
    notebook.cells[-1].outputs = [
        new_output("stream", name="stdout", text=person),
        new_output("stream", name="stderr", text=person),
        new_output("execute_result", data={"text/plain": person}),
        new_output("display_data", data={"application/javascript": person, "text/plain": person}),
    ]
    assert "X1" not in chapter(notebook, name="03_x").body


def test_a_licence_that_a_longer_one_begins_with_is_said_once(about):
    sources = {
        "a": {"path": "x", "licence": "OGL"},
        "b": {"path": "y", "licence": "OGL. Contains OS data"},
    }
    made = replace(about, settings=replace(about.settings, sources=sources))
    soup = BeautifulSoup(rendered(made)["index.html"], "html.parser")
    assert soup.footer.get_text().count("OGL") == 1


def test_title_question_stamp_and_finding_are_taken_out_of_the_flow():
    made = chapter(executed(*FULL), name="03_scale_and_trend")
    assert made.title == "Scale and trend"
    assert made.question == "Is it <em>changing</em>?"
    assert made.stamp == "<p><strong>SYNTHETIC SAMPLE.</strong> All.</p>"
    assert made.finding == "<p>Violence fell by <strong>4%</strong> a year (2% to 6%).</p>"
    for text in ("SYNTHETIC", "Violence fell", "Is it"):
        assert text not in made.body
    assert [text for _, text in made.sections] == [
        "Which districts stand above?",
        "What does the table say?",
        "What this cannot tell you",
    ]


def test_a_chart_comes_before_the_table_it_is_drawn_from_which_is_folded():
    soup = soup_of(*FULL)
    figure, folded = soup.find("figure"), soup.find("details", class_="figures")
    assert figure.find_next("table").find_parent("details") is folded
    assert folded.find("summary").get_text() == "See the figures"
    assert not folded.has_attr("open")
    assert figure.find_parent("details") is None


def test_a_table_with_no_chart_beside_it_is_not_folded():
    soup = soup_of(*FULL)
    assert [t.find_parent("details") is not None for t in soup.find_all("table")] == [True, False]


@pytest.mark.parametrize(
    ("rows", "folded"), [(exhibits.LONGEST_OPEN, 0), (exhibits.LONGEST_OPEN + 1, 1)]
)
def test_a_long_table_is_folded_wherever_it_stands(rows, folded):
    body = '<tr><th scope="row">May</th><td>5</td></tr>' * rows
    html = re.sub("<tbody>.*</tbody>", f"<tbody>{body}</tbody>", toy.TABLE)
    soup = soup_of(toy.chart(), toy.words("The months behind it."), toy.table(html))
    assert [s.get_text() for s in soup.find_all("summary")] == [
        "See the figures (16 rows)"
    ] * folded


def test_charts_and_tables_are_numbered_and_captioned_by_chapter():
    soup = soup_of(*FULL)
    caption = soup.find("figcaption").get_text()
    assert caption == "Figure 3.1 Rate per 100,000 residents, 2023, by district."
    assert [c.get_text() for c in soup.find_all("caption")] == [
        "Table 3.1 Offences by district, 2023",
        "Table 3.2 Offences by district, 2023",
    ]
    assert soup.find("img")["alt"] == toy.ALT


def test_number_columns_and_total_rows_are_marked():
    soup = soup_of(toy.table())
    assert [cell.get_text() for cell in soup.select(".number")] == ["Count", "1,205", "[c]"]
    assert soup.find("tr", class_="total").get_text(" ") == "All [c]"


def test_ranks_that_name_the_rows_stand_under_their_head():
    ranks = toy.TABLE.replace(">Area<", ">Rank<").replace(">Ashby<", ">1<").replace(">All<", ">2<")
    named = soup_of(toy.table(ranks)).select("th.number")
    assert [cell.get_text() for cell in named] == ["Rank", "Count", "1", "2"]


@pytest.mark.parametrize("value", ["1,205", "-0.4", "4.1%", "12.0 to 15.2", "£1,200", "0.2% to 1%"])
def test_what_counts_as_a_number(value):
    soup = soup_of(toy.table(toy.TABLE.replace("1,205", value)))
    assert len(soup.select("td.number")) == 2


@pytest.mark.parametrize(("columns", "wide"), [(exhibits.WIDE, False), (exhibits.WIDE + 1, True)])
def test_a_table_of_many_columns_is_marked_so_that_paper_holds_it(columns, wide):
    head = "".join(f'<th scope="col">C{n}</th>' for n in range(columns))
    row = "<th>A</th>" + "<td>1</td>" * (columns - 1)
    html = f"<table><caption>Many</caption><thead><tr>{head}</tr></thead><tr>{row}</tr></table>"
    assert bool(soup_of(toy.table(html)).select("table.wide")) is wide


def test_a_date_is_never_broken_over_two_lines():
    soup = soup_of(toy.table(toy.TABLE.replace("1,205", "1 September 2025")))
    assert [cell.get_text() for cell in soup.select("td.date")] == ["1 September 2025"]


@pytest.mark.parametrize("value", ["18-24 years", "Ashby", "high"])
def test_words_stay_left(value):
    soup = soup_of(toy.table(toy.TABLE.replace("1,205", value)))
    assert soup.select("td.number") == []


def test_a_column_marked_by_the_library_is_as_it_says():
    numbers = toy.TABLE.replace("<td>1,205</td>", '<td class="number">[c]</td>')
    codes = toy.TABLE.replace("<td>1,205</td>", '<td class="words">1</td>')
    assert len(soup_of(toy.table(numbers)).select("th.number, td.number")) == 3
    assert soup_of(toy.table(codes)).select(".number") == []


def test_the_tables_of_pandas_are_mended_and_their_caption_is_the_metadatas():
    html = (
        '<style scoped>.dataframe {}</style><table border="1" class="dataframe" style="x"><thead>'
        "<tr><th></th><th>count</th></tr></thead><tbody><tr><th>0</th><td>5</td></tr></tbody></table>"
    )
    soup = soup_of(toy.table(html, caption="Offences by month"))
    assert soup.find("caption").get_text() == "Table 3.1 Offences by month"
    assert {th["scope"] for th in soup.find_all("th")} == {"col", "row"}
    assert all(th.get_text() for th in soup.find_all("th"))
    assert "style" not in str(soup)


# -- what a run cannot say ------------------------------------------------------------------------


def silent(reason):
    cell = toy.finding(f"*Not available from the data supplied.* {reason}")
    cell.metadata = {"missing": reason}
    return cell


def told(*cells, finding=""):
    """Return a chapter of which some cells say why they say nothing."""
    notebook = executed(*cells, *([toy.finding(finding)] if finding else []))
    for cell in notebook.cells:
        if reason := cell.metadata.pop("missing", ""):
            about = {"absent": True, "missing": reason}
            cell.outputs[0].metadata = {"text/markdown": about}
    return chapter(notebook, name="03_x")


def test_nothing_is_left_of_a_chapter_that_can_say_nothing_but_its_reasons():
    made = told(
        toy.words("A method."), silent("No victim."), toy.words("## Who?\n\nHow."),
        silent("No victim."), toy.words("## Where?"), silent("No place."),
        toy.words("## What this cannot tell you\n\nMuch."),
    )  # fmt: skip
    assert made.is_silent
    assert not made.sections
    assert made.missing == {"No victim.": ["Who?"], "No place.": ["Where?"]}


def test_sections_that_say_nothing_leave_the_chapter():
    made = told(
        toy.words("## Who?\n\nA question."), silent("No victim."), toy.words("A table of it."),
        toy.words("## Where?\n\nElsewhere."), toy.table(),
        toy.words("## By age?"), silent("No victim."), toy.words("### Of whom?"),
        silent("No victim."), toy.words("## What this cannot tell you\n\nMuch."),
        finding="It fell.",
    )  # fmt: skip
    assert [text for _, text in made.sections] == ["Where?", "What this cannot tell you"]
    assert made.missing == {"No victim.": ["Who?", "By age?"]}
    body = BeautifulSoup(made.body, "html.parser")
    for gone in ("A question.", "A table of it.", "Of whom?", "No victim."):
        assert gone not in body.get_text()
    assert "It fell." in made.finding


def test_a_part_that_says_nothing_leaves_the_section_that_speaks():
    made = told(
        toy.words("## Who?\n\nA question."), toy.table(), silent("No sex."),
        toy.words("### Of whom?"), silent("No victim."), toy.words("### Alike?"), toy.table(),
        finding="It fell.",
    )  # fmt: skip
    assert [text for _, text in made.sections] == ["Who?"]
    body = BeautifulSoup(made.body, "html.parser")
    assert [heading.get_text() for heading in body.find_all("h3")] == ["Alike?"]
    assert made.missing == {"No sex.": ["Who?"], "No victim.": ["Of whom?"]}
    assert "No sex." not in body.get_text()


def test_a_chapter_that_failed_says_so_whatever_else_is_missing():
    failed = toy.finding("*Failed.* The rest is missing.")
    failed.metadata = {}
    notebook = executed(silent("No victim."), toy.words("## Who?"), failed)
    notebook.cells[2].outputs[0].metadata = {
        "text/markdown": {"absent": True, "missing": "No victim."}
    }
    notebook.cells[-1].outputs[0].metadata = {"text/markdown": {"absent": True}}
    made = chapter(notebook, name="03_x")
    assert made.missing == {"No victim.": []}
    assert not made.is_silent
    assert "The rest is missing." in made.body


def test_a_finding_that_is_missing_is_a_reason_and_not_a_finding():
    cell = silent("No victim.")
    cell.metadata["tags"] = ["finding"]
    made = told(cell, toy.words("## Who?"), silent("No victim."))
    assert not made.finding
    assert "No victim." in made.missing


def test_each_reason_stands_once_in_a_briefing_with_what_each_chapter_lacks(about):
    silent_one = told(toy.words("## Who?"), silent("No victim."))
    other = told(
        toy.words("## Where?"), toy.table(), toy.words("## How old?"), silent("No victim.")
    )
    other = replace(
        other, name="04_y", anchor="chapter-04", title="Places", finding="<p>It fell.</p>"
    )
    made = pages.render([silent_one, other], about, run="1")
    assert "03_x.html" not in made
    soup = BeautifulSoup(made["not_yet.html"], "html.parser")
    [reason] = soup.select(".not-yet li")
    assert reason.select_one(".why").get_text() == "No victim."
    assert "Who?" in reason.get_text()
    assert "Places: How old?" in reason.get_text()
    assert made["index.html"].count("No victim.") == 1
    assert "No victim." not in made["04_y.html"]


# -- the first screen, and what is for analysts -------------------------------------------------


def marked(tag, text):
    cell = toy.finding(text)
    cell.metadata["tags"] = [tag]
    return cell


def test_the_first_screen_shows_what_chapters_mark_for_it_and_the_chapter_does_not(about):
    cells = [marked("first-2", "**7%**"), toy.chart(), marked("first-1", "**90**")]
    cells[1].metadata["tags"] = ["first-5"]
    notebook = executed(*cells, toy.finding("It fell by 4%. Much is unsure."), name="03_x")
    made = chapter(notebook, name="03_x")
    assert [number for number, _ in made.first] == [2, 1, 5]
    assert "90" not in made.body
    soup = BeautifulSoup(pages.render([made], about, run="1")["index.html"], "html.parser")
    shown = soup.select(".figures-first li")
    assert [figure.get_text(strip=True) for figure in shown] == ["90", "7%"]
    assert len(soup.select(".charts-first img")) == 1
    assert [said.get_text(strip=True) for said in soup.select(".meaning li")] == ["It fell by 4%."]
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_run_without_recommendations_names_who_has_the_missing_data(about):
    need = needs.NEEDS["people"]
    cells = [marked("first-1", "**90**"), toy.words("## Who?"), silent(need.reason)]
    made = told(*cells, toy.finding())
    said = BeautifulSoup(pages.render([made], about, run="1")["index.html"], "html.parser")
    after = said.find(id="recommended").find_next_sibling("p").get_text()
    assert need.holder in after
    recommended = told(*cells, marked("first-7", "- Do it."), toy.finding())
    page = pages.render([recommended], about, run="1")["index.html"]
    shown = BeautifulSoup(page, "html.parser").find(id="recommended").find_next_sibling()
    assert shown.get_text(strip=True) == "Do it."


def test_words_beside_a_chart_of_the_first_screen_are_in_the_chapter_too(about):
    cells = [
        marked("first-6", "See the [map](map.html)."),
        toy.chart(),
        marked("first-1", "**90**"),
    ]
    cells[1].metadata["tags"] = ["first-6"]
    made = chapter(executed(*cells, toy.finding(), name="03_x"), name="03_x")
    assert "See the" in made.body
    for edition, linked in ((editions.FULL, True), (editions.BOARD_SUMMARY, False)):
        page = pages.render([made], about, run="1", edition=edition)["index.html"]
        shown = BeautifulSoup(page, "html.parser").select_one(".charts-first")
        assert [element.name for element in shown.find_all(True, recursive=False)] == [
            "figure", "div",
        ]  # fmt: skip
        # a summary that stands alone has no map beside it
        assert bool(shown.find("a", href="map.html")) == linked


def test_the_first_sentence_of_a_finding_keeps_the_name_of_a_place(about):
    said = "One district is above the rest: St. Helens. Much is unsure."
    made = chapter(executed(toy.finding(said), name="03_x"), name="03_x")
    soup = BeautifulSoup(pages.render([made], about, run="1")["index.html"], "html.parser")
    assert soup.select_one(".meaning li").get_text() == said.removesuffix(" Much is unsure.")


def test_a_board_summary_that_stands_alone_lists_what_is_missing(about):
    made = told(toy.words("## Who?"), silent("No victim."), finding="It fell.")
    made = pages.render([made], about, run="1", edition=editions.BOARD_SUMMARY)
    assert set(made) == {"index.html"}
    assert "No victim." in made["index.html"]


def test_sections_marked_as_an_appendix_have_a_page_of_their_own(about):
    cells = [
        toy.words("## Who?"), toy.table(), toy.words("## Which method?"), toy.table(),
        toy.words("## Where?"), toy.table(),
    ]  # fmt: skip
    cells[2].metadata["tags"] = ["appendix"]
    made = pages.render([chapter(executed(*cells), name="03_x")], about, run="1")
    for name, there, gone in (
        ("03_x.html", ["Who?", "Where?"], "Which method?"),
        ("03_x_appendix.html", ["Which method?"], "Who?"),
    ):
        headings = [h.get_text() for h in BeautifulSoup(made[name], "html.parser").find_all("h2")]
        assert [heading for heading in headings if heading in there] == there
        assert gone not in headings
    assert "Table 3.2" in made["03_x_appendix.html"]
    assert "Table 3.2" not in made["index.html"]
    link = BeautifulSoup(made["03_x.html"], "html.parser").select_one(".more a")
    assert link["href"] == "03_x_appendix.html"


def test_headings_that_say_the_same_get_ids_of_their_own():
    made = chapter(executed(*[toy.words("## Method"), toy.words("## Method")]), name="03_x")
    assert [i for i, _ in made.sections] == ["chapter-03-method", "chapter-03-method-2"]


def test_merged_headings_go_down_one_level():
    assert demoted("<h2>a</h2><h6>b</h6>") == "<h3>a</h3><h6>b</h6>"


# -- what somebody may have written into a name ---------------------------------------------------

PLACES = {
    "a cell of a table": toy.table(toy.TABLE.replace("Ashby", ALERT)),
    "an escaped cell": toy.table(
        toy.TABLE.replace("Ashby", "&lt;script&gt;alert(1)&lt;/script&gt;")
    ),
    "a caption in the HTML": toy.table(toy.TABLE.replace("Offences by", ALERT)),
    "a caption in the metadata": toy.table(
        "<table><tr><th>Area</th><td>1</td></tr></table>", caption=ALERT * 2
    ),
    "the caption of a chart": toy.chart(caption=ALERT + " and enough of a caption"),
    "the alt of a chart": toy.chart(alt=f'"> {ALERT} and enough of a description'),
    "a finding": toy.finding(f"St {ALERT} fell"),
    "the prose": toy.words(f"## Where {ALERT}\n\nSt {ALERT}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_markup_in_a_name_is_shown_as_text(about, place):
    for name, html in rendered(about, toy.words("## A"), PLACES[place]).items():
        soup = BeautifulSoup(html, "html.parser")
        assert soup.find("script") is None, name
        shown = soup.get_text() + " ".join(image["alt"] for image in soup.find_all("img"))
        assert name == "board.html" or "<script>alert(1)</script>" in shown
        assert not [p for p in gate.page_problems(html) if "script" in p or "loads" in p]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="x" onerror="alert(1)">',
        '<svg onload="alert(1)"></svg>',
        '<a href="javascript:alert(1)">x</a>',
        '<iframe src="https://example.org"></iframe>',
        '<b style="background:url(https://example.org)">x</b>',
    ],
)
def test_what_runs_or_loads_is_taken_out_or_refused(about, html):
    for page in rendered(about, toy.table(toy.TABLE.replace("Ashby", html))).values():
        soup = BeautifulSoup(page, "html.parser")
        assert soup.find(["svg", "iframe"]) is None
        assert soup.find(attrs={"onerror": True}) is None
        assert "javascript:" not in str(soup.find_all("a"))
        if soup.find("img", src="x"):
            assert any("loads" in problem for problem in gate.page_problems(page))


def test_a_title_and_stamp_with_markup_do_not_break_the_page(about):
    settings = replace(about.settings, title=f'A "{ALERT}" \\ </style> B', kind="open")
    made = [replace(chapter(executed(*FULL), name="03_x"), stamp="")]
    html = pages.render(made, replace(about, settings=settings), run="r")["index.html"]
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find("script") is None
    assert len(soup.find_all("style")) == 1
    assert soup.find("h1").get_text() == settings.title


# -- the pages ------------------------------------------------------------------------------------


def test_every_page_passes_the_gate(rendered_full):
    made = rendered_full
    assert set(made) == {"index.html", "board.html", *(f"{n}.html" for n in NAMES)}
    for name, html in made.items():
        assert gate.page_problems(html) == [], name
        assert gate.page_disclosures(html) == [], name


NAMES = ("00_start_here", "03_scale_and_trend", "06_hotspots", "12_board")


def test_pages_are_the_same_from_run_to_run(about, rendered_full):
    assert rendered(about) == rendered_full


def test_the_index_holds_the_main_findings_then_every_chapter_by_its_number(rendered_full):
    soup = BeautifulSoup(rendered_full["index.html"], "html.parser")
    assert soup.h1.get_text() == "Serious violence in Wendmarch"
    chapters = [section["aria-labelledby"] for section in soup.select("section.chapter")]
    assert chapters == ["chapter-00", "chapter-03", "chapter-06", "chapter-12"]
    # in the order of a Board's questions; how to read it is no finding
    links = [a["href"] for a in soup.select(".findings a")]
    assert links == ["#chapter-12", "#chapter-03", "#chapter-06"]
    assert len(soup.find_all("figure")) == 4


def test_links_between_notebooks_follow_to_where_the_chapter_is(rendered_full):
    made = rendered_full
    index = BeautifulSoup(made["index.html"], "html.parser")
    alone = BeautifulSoup(made["03_scale_and_trend.html"], "html.parser")
    assert index.find("a", string="hotspots")["href"] == "#chapter-06"
    assert alone.find("a", string="hotspots")["href"] == "06_hotspots.html"
    # a link into the repository leads nowhere from a page, and becomes text
    assert alone.find("a", string="the code") is None
    assert "the code" in alone.get_text()


def test_a_list_of_chapters_names_those_of_the_edition(about):
    listed = toy.words(
        "- [hotspots](06_hotspots.ipynb): where?\n- [health](07_health.ipynb): what?"
    )
    made = rendered(about, listed, toy.finding(), names=("03_x", "06_hotspots"))["03_x.html"]
    items = BeautifulSoup(made, "html.parser").select("main li")
    assert [item.get_text() for item in items if "?" in item.get_text()] == ["hotspots: where?"]


def test_the_contents_are_at_the_side_and_folded_and_name_each_section(rendered_full):
    soup = BeautifulSoup(rendered_full["03_scale_and_trend.html"], "html.parser")
    side, folded = soup.select("nav.contents-side a"), soup.select("details.contents-folded a")
    assert [a["href"] for a in side] == [a["href"] for a in folded]
    assert "#chapter-03-which-districts-stand-above" in [a["href"] for a in side]
    assert soup.find("a", attrs={"aria-current": "page"})["href"] == "03_scale_and_trend.html"


def test_every_page_carries_the_stamp_on_top_and_the_facts_at_the_end(about, rendered_full):
    for html in rendered_full.values():
        soup = BeautifulSoup(html, "html.parser")
        assert "SYNTHETIC SAMPLE" in soup.header.get_text()
        foot = soup.footer.get_text(" ", strip=True)
        for fact in (
            "Police-recorded offences; Wendmarch Police; April 2019 to March 2024",
            "published 1 June 2024",
            "Open Government Licence v3.0",
            "llr_2020",
            "abc123",
            about.fingerprint,
            "vrn briefing --data FOLDER",
        ):
            assert fact in foot.replace(" ;", ";")
        assert "@STAMP@" not in html
        assert "SYNTHETIC SAMPLE" in soup.style.get_text()


def test_open_data_are_said_to_have_no_definition(about):
    opened = replace(about, settings=replace(about.settings, kind="open"))
    soup = BeautifulSoup(rendered(opened)["index.html"], "html.parser")
    assert "Open data are shown as published" in soup.footer.get_text()
    assert soup.find(class_="synthetic") is None


def test_a_part_says_that_it_is_a_part(about, rendered_full):
    made = [chapter(executed(*FULL), name="03_scale")]
    html = pages.render(made, about, run="r", partial=True)["index.html"]
    assert "a part of the briefing only: chapter 03" in html
    assert "a part of" not in rendered_full["index.html"]


def test_the_style_is_what_the_design_asks_for(rendered_full):
    soup = BeautifulSoup(rendered_full["index.html"], "html.parser")
    css = soup.style.get_text()
    assert "#12436d" in css
    for rule in ("size: A4", "break-inside: avoid", "tabular-nums", "@media print", "system-ui"):
        assert rule in css
    assert not re.search(r"url\(|@import|@font-face", css)
    colours = {c.lower() for c in re.findall(r"#[0-9a-fA-F]{6}\b", css)}
    assert colours <= {"#12436d", "#1b1f23", "#4a5259", "#d4dae0", "#f1f5f9"}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", ["#1b1f23", "#4a5259", "#12436d"])
@pytest.mark.parametrize("paper", ["#ffffff", "#f1f5f9"])
def test_text_stands_out_from_its_ground(ink, paper):
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 7


# -- the gate: each rule has a page that breaks it -------------------------------------------------


def broken(made, old, new, count=1):
    page = made["index.html"]
    assert old in page
    return gate.page_problems(page.replace(old, new, count))


FAULTS = [
    ('lang="en-GB"', 'lang="en"', "language"),
    ("<h1>", "<h2>", "headings of the first level"),
    ("</main>", "<h1>Again</h1></main>", "headings of the first level"),
    ("</main>", "<h6>Deep</h6></main>", "jumps from level"),
    ("</main>", '<p id="cover"></p></main>', "used 2 times"),
    ("</main>", '<a href="#nowhere">x</a></main>', "leads nowhere"),
    ('href="#main"', 'href="#about"', "skip to the content"),
    ("<footer", "<div", "no <footer>"),
    ("</head>", '<script src="https://example.org/x.js"></script></head>', "<script>"),
    ("</head>", '<link rel="stylesheet" href="https://example.org/x.css"></head>', "<link>"),
    ("</main>", '<iframe src="https://example.org"></iframe></main>', "<iframe>"),
    ("</main>", '<p onclick="x()">x</p></main>', "onclick="),
    ("</main>", '<p style="color:red">x</p></main>', "style="),
    ("</main>", '<a href=" javascript:x()">x</a></main>', "runs a script"),
    ("</head>", '<meta http-equiv="refresh" content="0"></head>', "refresh"),
    ("size: A4", "background: url(https://example.org)", "style sheet loads"),
    ("size: A4", "@import 'https://example.org'", "style sheet loads"),
    ("default-src 'none'", "default-src *", "security policy"),
    (f'alt="{toy.ALT}"', "", "no description"),
    (f'alt="{toy.ALT}"', 'alt=""', "no description"),
    (toy.ALT, "No description has been provided for this image", "no description"),
    (toy.ALT, "A chart", "no description"),
    ("Rate per 100,000 residents, 2023, by district.", "", "no caption"),
    ("Offences by district, 2023", "", "has no caption"),
    ('scope="col"', "", "without a scope"),
    ('<th scope="row">Ashby', '<th scope="row"></th><th scope="row">Ashby', "empty header"),
    ('tabindex="0"><table', "><table", "scrolled by keyboard"),
    ("Table 12.1, scrolls", "Figure 12.1, scrolls", "regions are called"),
]


@pytest.mark.parametrize(
    ("old", "new", "told"), FAULTS, ids=[f"{t}-{n}" for n, (*_, t) in enumerate(FAULTS)]
)
def test_the_gate_refuses(rendered_full, old, new, told):
    assert any(told in problem for problem in broken(rendered_full, old, new))


def test_a_bare_picture_from_the_network_is_refused(about):
    page = rendered(about, toy.words("![a picture of a long town](https://example.org/x.png)"))
    assert any("loads 'https://example.org" in p for p in gate.page_problems(page["index.html"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    "header", ["offence_id", "Person ref", "INCIDENT_REF", "Home LSOA code", "Easting", "latitude"]
)
def test_an_identifier_as_a_header_is_a_disclosure(about, header):
    cells = (toy.words("## A"), toy.table(toy.TABLE.replace("Area", header)))
    assert gate.page_disclosures(rendered(about, *cells)["index.html"]) == [
        f"a table has the column {header!r}"
    ]


def test_identifiers_are_columns_of_the_contracts():
    from vrn_analysis.core.contracts import OFFENCES, PERSONS
    from vrn_analysis.count.tables.privacy import IDENTIFIERS

    assert IDENTIFIERS.issubset([*OFFENCES.names, *PERSONS.names])


# -- from an installed wheel -----------------------------------------------------------------------


def test_the_template_is_found_in_the_package():
    assert TEMPLATE.is_relative_to(config.PACKAGE)
    assert {file.name for file in TEMPLATE.rglob("*") if file.is_file()} >= {
        "page.html.j2",
        "briefing.css",
        "notebook.html.j2",
    }


def test_a_caption_does_not_say_again_what_stands_at_the_head_of_the_page():
    credit = "Ashby, 2023. Source: Wendmarch Police"
    stamp = toy.shows({"text/markdown": "**Ashby**"}, {"text/markdown": {"credit": credit}})
    cells = toy.chart(caption=f"Rate. {credit}."), toy.table(caption=f"Count. {credit}.")
    own = toy.chart(caption="Codes. Other forces. Source: Home Office.")
    soup = soup_of(stamp, *cells, own)
    said = [found.get_text() for found in soup.find_all(["figcaption", "caption"])]
    assert credit not in " ".join(said)
    assert "Codes. Other forces. Source: Home Office." in " ".join(said)
