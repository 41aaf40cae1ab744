"""The analyst's voice: signed, dated, marked as judgement, checked; nothing in it runs."""

from datetime import date

import pandas as pd
import pytest

from vrn_analysis.briefing.content import commentary
from vrn_analysis.briefing.content.published import Published
from vrn_analysis.briefing.guard import gate, wording
from vrn_analysis.briefing.plan.editions import BOARD_SUMMARY, FULL, Plan
from vrn_analysis.core.errors import AssessmentError

TOP = "---\nauthor: Ann Éire, analyst\ndate: 2024-06-30\nstatus: {}\n---\n"
KNOWN = Published(
    {
        "03_a": pd.DataFrame({"count": ["5450"], "value": ["12.3"]}),
        "04_b": pd.DataFrame({"value": ["61.4"]}),
    }
)
CHAPTERS = ["03", "04"]


def write(folder, text, *, name="03.md", status="draft", top=TOP):
    (folder / "commentary").mkdir(exist_ok=True)
    (folder / "commentary" / name).write_text(top.format(status) + text, encoding="utf-8")
    return folder


def one(folder, text, **how):
    return commentary.read(write(folder, text, **how), chapters=CHAPTERS)["03"]


def test_it_is_signed_dated_and_marked_as_judgement(tmp_path):
    voice = one(tmp_path, "We think it is **steady**.", status="Approved")
    assert voice.date == date(2024, 6, 30)
    html = commentary.html(voice, KNOWN)
    assert html.startswith('<div class="commentary"><p class="label">Commentary: the judgement')
    assert "<strong>steady</strong>" in html
    assert "Ann Éire, analyst, 30 June 2024. Status: approved." in html


def test_no_folder_is_no_commentary(tmp_path):
    assert commentary.read(tmp_path, chapters=CHAPTERS) == {}


@pytest.mark.parametrize(
    ("top", "fault"),
    [
        ("", "03.md has no author, date, status"),
        ("---\nauthor: A\ndate: 2024-06-30\nstatus: draft\n", "has no author, date, status"),
        ("---\nauthor: A\ndate: 2024-06-30\n---\n", "has no status"),
        ("---\nauthor:\ndate: 2024-06-30\nstatus: draft\n---\n", "has no author"),
        ("---\nauthor: A\ndate: 30/6/2024\nstatus: draft\n---\n", "date '30/6/2024'; write it as"),
        ("---\nauthor: A\ndate: 2024-02-30\nstatus: draft\n---\n", "date '2024-02-30'"),
        ("---\nauthor: A\ndate: 2024-06-30\nstatus: done\n---\n", "status 'done'; write draft or"),
    ],
)
def test_a_bad_top_says_what_is_wrong(tmp_path, top, fault):
    with pytest.raises(AssessmentError, match=fault):
        one(tmp_path, "Text.", top=top)


def test_all_faults_are_told_at_once(tmp_path):
    write(tmp_path, "Text.", name="3.md")
    write(tmp_path, "Text.", name="77.md")
    write(tmp_path, "  \n", name="04.md")
    (tmp_path / "commentary" / "03.md").write_bytes(b"\xff\xfe")
    with pytest.raises(AssessmentError) as fault:
        commentary.read(tmp_path, chapters=CHAPTERS)
    for told in ("4 faults", "3.md is of no chapter; name it NN.md, NN of 03, 04", "77.md is of",
                 "03.md is not UTF-8", "04.md says nothing below its top"):  # fmt: skip
        assert told in str(fault.value)


def test_windows_lines_and_a_byte_order_mark_are_read(tmp_path):
    write(tmp_path, "")
    file = tmp_path / "commentary" / "03.md"
    file.write_bytes(
        b"\xef\xbb\xbf" + (TOP.format("draft") + "Text.\n").replace("\n", "\r\n").encode()
    )
    assert commentary.read(tmp_path, chapters=CHAPTERS)["03"].text.strip() == "Text."


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![a picture](https://example.org/x.png)",
    "[click](javascript:alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "# A heading\n\n###### another",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<iframe src='https://example.org'></iframe>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_in_it_runs_loads_or_enters_the_structure_of_the_page(tmp_path, text):
    html = commentary.html(one(tmp_path, text), KNOWN)
    page = f"<html><body>{html}</body></html>"
    for tag in ("<script", "<img", "<iframe", "<h1", "<h6", "<table"):
        assert tag not in html
    soup_problems = [p for p in gate.page_problems(page) if "script" in p or "loads" in p]
    assert [p for p in soup_problems if "policy" not in p] == []
    assert "javascript:" not in html
    assert 'href="data:' not in html


def test_a_name_that_holds_html_is_shown_as_text(tmp_path):
    top = "---\nauthor: <b>Ann</b>\ndate: 2024-06-30\nstatus: draft\n---\n"
    assert "&lt;b&gt;Ann&lt;/b&gt;" in commentary.html(one(tmp_path, "Text.", top=top), KNOWN)


def warned(folder, text):
    return commentary.warnings({"03": one(folder, text)}, KNOWN)


def test_a_number_that_names_no_cell_is_told_with_those_that_it_may_mean(tmp_path):
    first, second = warned(tmp_path, "First.\n\nAbout 5,450 in April 2024, not 5,460.")
    assert first.startswith(
        "commentary/03.md line 8: 5,450 names no source; if it is 03_a:#1:count"
    )
    assert "{{5,450 = 03_a:#1:count}}" in first
    assert "line 8: 5,460 names no source; write {{5,460 = table:row:column}}" in second
    assert "{{5,460 = judgement}}" in second


def test_a_number_may_name_a_cell_of_any_chapter_or_be_a_judgement(tmp_path):
    text = "{{03_a:#1:count}}; {{61% = 04_b:#1:value}}; {{a fifth, 20% = judgement}}; 95% CI."
    assert warned(tmp_path, text) == []
    html = commentary.html(one(tmp_path, text), KNOWN)
    assert '<data data-fact="03_a:#1:count" value="5450">5,450</data>' in html
    [warning] = warned(tmp_path, "{{03_a:#9:count}}")
    assert "names no cell" in warning


def test_a_word_is_named_with_its_line_and_what_to_write_instead(tmp_path):
    [warning] = warned(tmp_path, "First.\nThe gang came.")
    assert warning.startswith("commentary/03.md line 7: “gang”")
    assert "Write instead: group" in warning


class Subject:
    is_sample = False

    def __init__(self, folder, status="DRAFT"):
        self.folder = folder
        self.settings = type("Settings", (), {"status": status})


def plan(folder, edition=FULL, **about):
    for number in CHAPTERS:
        (folder / f"{number}_x.ipynb").write_text("{}")
    return Plan(edition, Subject(folder, **about), [folder / "03_x.ipynb"])


def test_an_approved_edition_leaves_drafts_out_and_a_board_summary_has_none(tmp_path):
    write(tmp_path, "A draft.")
    write(tmp_path, "Agreed.", name="04.md", status="approved")
    assert set(commentary.of_plan(plan(tmp_path))) == {"03", "04"}
    assert set(commentary.of_plan(plan(tmp_path, status="APPROVED"))) == {"04"}
    assert commentary.of_plan(plan(tmp_path, BOARD_SUMMARY)) == {}


def test_its_words_do_not_stop_a_page(tmp_path):
    html = commentary.html(one(tmp_path, "The gang had 7,777."), KNOWN)
    assert wording.problems({"a.html": f"<main>{html}</main>"}).empty
