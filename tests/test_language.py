"""Words: the list itself, and every text of the project that a reader can meet."""

import ast
import csv
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from vrn_analysis.core.errors import DataError
from vrn_analysis.say import language

ROOT = Path(__file__).resolve().parent.parent
WORDS = language.word_list()
# the words of others as their extracts hold them, and the list itself
AS_RECEIVED = {
    "words.csv", "label_words.csv", "headings.toml", "offence_codes.csv",
    "offence_words.csv", "offence_wordings.csv", "offence_evidence.csv", "charge_wordings.csv",
}  # fmt: skip


def found(text):
    return language.problems(text, words=WORDS)["found"].tolist()


# the list


@pytest.mark.slow
@pytest.mark.parametrize("rule", WORDS.to_dict("records"), ids=lambda rule: rule["term"][:30])
def test_each_rule_catches_its_example_and_leaves_the_other(rule):
    assert rule["term"] in language.problems(rule["example"], words=WORDS)["term"].tolist()
    assert found(rule["fine"]) == []


@pytest.mark.slow
@pytest.mark.parametrize("alternative", WORDS["alternative"])
def test_no_alternative_is_itself_a_problem(alternative):
    assert found(alternative) == []


# what is found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Child offenders were counted.", ["offenders"]),
        ("YOUNG OFFENDERS", ["OFFENDERS"]),
        ("The gang's members", ["gang"]),
        ("children of broken\nhomes", ["broken homes"]),
        ("Hard\N{NON-BREAKING HYPHEN}to-reach groups", ["Hard\N{NON-BREAKING HYPHEN}to-reach"]),
        ("The perpetrator and the culprit", ["perpetrator", "culprit"]),
        ("It is the worst area of all.", ["worst"]),
        ("Deprivation drives violence.", ["drives"]),
        ("In the most deprived districts, poverty leads to harm.", ["leads to"]),
    ],
)
def test_found(text, words):
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "Suspects under 25 were counted; victims too.",
        "The committee organised an event.",  # no word within a word
        "The worst month was May.",
        "Offender Management Act offences are left out.",
        "Suspect, not perpetrator.",
        'A suspect, never "offender" before a court has said so.',
        "This does not show that deprivation causes violence.",
        "It cannot be said whether poverty leads to violence.",
        "Rounding causes a difference of up to 2.",
        "Rates are higher where deprivation is greater.",
    ],
)
def test_fine(text):
    assert found(text) == []


def test_a_denial_in_one_sentence_does_not_excuse_the_next():
    assert found("This is not proof. Deprivation causes violence.") == ["causes"]


def test_a_place_in_one_sentence_does_not_colour_a_word_in_another():
    assert found("The worst month was May. The area is large.") == []


def test_somebody_said_not_to_be_in_a_gang_is_still_a_gang_word():
    assert found("He was not in a gang.") == ["gang"]


def test_each_problem_says_why_and_what_to_write_instead():
    table = language.problems("# Young offenders\n\n- one\n- two")
    assert table.columns.tolist() == language.FOUND
    row = table.iloc[0]
    assert (row["found"], row["kind"], row["sentence"]) == (
        "offenders",
        "person",
        "# Young offenders",
    )
    assert "child" in row["alternative"]
    assert len(row["reason"]) > 20


def test_nothing_found_is_an_empty_table_with_the_same_columns():
    table = language.problems("Suspects.")
    assert table.empty
    assert table.columns.tolist() == language.FOUND


def test_sentences_end_at_stops_blank_lines_items_and_cells():
    text = "# One\n\nTwo is\nlong. Three?\n- four\n| five | six |"
    assert language.sentences(text) == ["# One", "Two is long.", "Three?", "- four", "five", "six"]


# a list of one's own


def own(tmp_path, **changes):
    row = dict.fromkeys(language.COLUMNS, "") | {
        "term": "lad*",
        "kind": "person",
        "reason": "here it is taken as contempt",
        "alternative": "young man",
        "example": "The lads.",
    }
    file = tmp_path / "words.csv"
    pd.DataFrame([row | changes]).to_csv(file, index=False)
    return file


def test_own_list(tmp_path):
    words = language.word_list(own(tmp_path))
    assert language.problems("Lads and offenders.", words=words)["found"].tolist() == ["Lads"]


def test_own_list_with_signs_of_a_pattern_is_taken_literally(tmp_path):
    words = language.word_list(own(tmp_path, term="lad (local); c++"))
    assert language.problems("lad local c", words=words).empty
    assert language.problems("a lad (local)", words=words).shape[0] == 1


def test_mistakes_of_an_own_list_are_told_all_at_once(tmp_path):
    with pytest.raises(DataError, match="line 2 has no reason.*kind 'folk' is none of"):
        language.word_list(own(tmp_path, reason=" ", kind="folk"))


def test_own_list_without_a_column_says_which(tmp_path):
    file = tmp_path / "words.csv"
    file.write_text("term,kind\nlad,person\n")
    with pytest.raises(DataError, match="no column beside, allowed, reason"):
        language.word_list(file)


def test_own_list_with_a_term_twice_says_which(tmp_path):
    file = own(tmp_path)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines, lines[1]]))
    with pytest.raises(DataError, match=r"twice in the list: lad\*"):
        language.word_list(file)


# every text of the project


def of_html(html):
    return BeautifulSoup(html, "html.parser").get_text("\n\n")


def strings(source):
    """Return the texts in Python code that can reach a reader: all but docstrings."""
    tree = ast.parse(source)
    owners = (ast.Module, ast.FunctionDef, ast.ClassDef)
    bodies = [node.body[0] for node in ast.walk(tree) if isinstance(node, owners) and node.body]
    documented = {id(first.value) for first in bodies if isinstance(first, ast.Expr)}
    return "\n\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented
    )


def of_output(output):
    data, about = output.get("data", {}), output.get("metadata", {})
    yield of_html(data.get("text/html", ""))
    yield data.get("text/markdown", "")
    for words in about.values():
        if isinstance(words, dict):
            yield from (str(words.get(name, "")) for name in ("alt", "caption"))


def of_notebook(file):
    for cell in nbformat.read(file, as_version=4).cells:
        yield cell.source if cell.cell_type == "markdown" else strings(cell.source)
        for output in cell.get("outputs", []):
            yield from of_output(output)


def text_of(file):
    if file.suffix == ".ipynb":
        return "\n\n".join(of_notebook(file))
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".csv":
        return "\n\n".join(cell for row in csv.reader(text.splitlines()) for cell in row)
    if file.suffix == ".j2":
        return of_html(text)
    return strings(text) if file.suffix == ".py" else text


TEXTS = sorted(
    file
    for pattern in (
        *("notebooks/**/*.ipynb", "vrn_analysis/**/*.py", "vrn_analysis/**/*.j2", "*.md"),
        *("data/reference/**/*.csv", "data/reference/**/*.toml", "data/**/*.md"),
        *("assessments/**/*.toml", "docs/**/*.md", "commentary/**/*.md", "reports/tables/*.csv"),
    )
    for file in ROOT.glob(pattern)
    if file.name not in AS_RECEIVED and not {".ipynb_checkpoints", "generated"} & set(file.parts)
)


@pytest.mark.slow
@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_words_of_the_project(file):
    table = language.problems(text_of(file), words=WORDS)
    assert table.empty, table[["found", "sentence", "alternative"]].to_string()


def test_texts_of_every_kind_were_looked_at():
    assert {file.suffix for file in TEXTS} == {".ipynb", ".py", ".j2", ".md", ".csv", ".toml"}
    assert any(file.name == "places.py" for file in TEXTS)


def test_alt_text_findings_and_code_of_a_notebook_are_read(tmp_path):
    cell = nbformat.v4.new_code_cell('figures.plot(title="Young offenders")')
    chart = nbformat.v4.new_output("display_data", {"image/png": "iVBOR"})
    chart.metadata = {"image/png": {"alt": "The gang.", "caption": "Culprits."}}
    cell.outputs = [chart, nbformat.v4.new_output("display_data", {"text/html": "<p>BAME</p>"})]
    notebook = nbformat.v4.new_notebook(
        cells=[cell, nbformat.v4.new_markdown_cell("A no-go area.")]
    )
    nbformat.write(notebook, tmp_path / "00_x.ipynb")
    words = set(found(text_of(tmp_path / "00_x.ipynb")))
    assert words == {"offenders", "gang", "Culprits", "BAME", "no-go area"}
