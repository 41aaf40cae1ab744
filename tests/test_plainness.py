"""Plain English: short sentences and everyday words in what people read."""

import json
import re
from pathlib import Path

import pytest
import typer
from bs4 import BeautifulSoup

from vrn_analysis.briefing.content.markup import passages
from vrn_analysis.commands import cli
from vrn_analysis.core.config import resource
from vrn_analysis.say import language

ROOT = Path(__file__).resolve().parent.parent
RULES = language.word_list(resource("data", "reference", "plain_words.csv"))
MEAN, LONGEST = 15, 30
# the least Flesch reading ease: of a chapter, of the Board summary, of the easy read
EASE = {"board.html": 50, "easy/index.html": 70}
EASE_OF_A_CHAPTER = 40
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md", "reports/*.md", "assessments/**/*.md")
    for page in ROOT.glob(pattern)
    if not {"_build", "generated"} & set(page.parts)
)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("**/[!.]*.ipynb"))
CITED = re.compile(r"(?:\*\*)?\b(?:Source|On schemes)(?:\*\*)?: .*", re.DOTALL)
MARKS = ((r"!?\[([^\]]*)\]\([^)]*\)", r"\1"), (r"`[^`]*`", "code"), (r"[*_]{1,3}", ""))


def blocks(markdown: str) -> list[str]:
    """Return the paragraphs, list items and table cells of a page, without code and headings."""
    text = re.sub(r"^(`{3,}|~{3,}).*?^\1", "", markdown, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    text = re.sub(r"^#.*$|^\|[-| :]+\|$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"^\||\|$", "\n\n", text, flags=re.MULTILINE)
    parts = [CITED.sub("", part) for part in re.split(r"\n\s*\n|(?<!\\)\|", text)]
    for found, instead in MARKS:
        parts = [re.sub(found, instead, part) for part in parts]
    return [" ".join(part.split()) for part in parts if part.strip()]


def sentences(text: str) -> list[str]:
    """Return the sentences of some text; a text without a full stop is a list, as in a table."""
    ends = r"(?<=[.!?])[\"”’)]*\s+" if re.search(r"[.!?]$", text) else r"(?<=[.!?;])\s+"
    return [part for part in re.split(ends, text) if length(part)]


def length(sentence: str) -> int:
    """Return the number of words of a sentence."""
    return sum(bool(re.search(r"\w", word)) for word in sentence.split())


def too_long(texts: list[str]) -> list[str]:
    """Return what is wrong with the lengths of the sentences of some texts."""
    every = [sentence for text in texts for sentence in sentences(text)]
    whole = [one for text in texts if re.search(r"[.!?]$", text) for one in sentences(text)]
    found = [f"{length(one)} words: {one}" for one in every if length(one) > LONGEST]
    mean = sum(map(length, whole)) / max(len(whole), 1)
    return found + ([f"{mean:.1f} words a sentence on average"] if mean > MEAN else [])


def odd_words(text: str) -> list[str]:
    """Return the phrases of some text that plain English avoids, with what to write instead."""
    found = language.problems(text, words=RULES)
    return [f"{one.found!r} in {one.sentence!r}: {one.alternative}" for one in found.itertuples()]


def prose(notebook: Path) -> str:
    """Return the Markdown of a notebook."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")


def headings(markdown: str) -> list[str]:
    """Return the titles and headings of a page."""
    return re.findall(r"^#+ (.*)$", markdown, flags=re.MULTILINE)


def helps() -> list[str]:
    """Return the help of every command and option."""
    waiting, texts = [typer.main.get_command(cli.app)], []
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        texts += [command.help or "", *(getattr(one, "help", "") or "" for one in command.params)]
    return [text for text in texts if text]


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES.to_dict("records"), ids=lambda rule: rule["term"][:30])
def test_each_rule_catches_its_example_and_leaves_the_other(rule):
    assert rule["term"] in language.problems(rule["example"], words=RULES)["term"].tolist()
    assert not odd_words(rule["fine"])
    assert not odd_words(rule["alternative"])


def test_sentences_are_measured_without_code_links_tables_and_sources():
    page = "# A title of four\n\nRead `a b c` in [the page](x.md). Two\nwords.\n\n```\ncode\n```\n"
    table = "\n| one | two; three four |\n|---|---|\n\n- **Source**: Long, *A title*.\n"
    assert [sentences(block) for block in blocks(page + table)] == [
        ["Read code in the page.", "Two words."], ["one"], ["two;", "three four"],
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_have_short_sentences_and_plain_words(page):
    texts = blocks(page.read_text(encoding="utf-8"))
    assert not too_long(texts)
    assert not odd_words("\n\n".join(texts))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_notebooks_have_short_sentences_and_plain_words(notebook):
    markdown = prose(notebook)
    assert not too_long(blocks(markdown))
    assert not odd_words(markdown)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_questions_that_head_a_section_have_a_verb_and_a_subject(notebook):
    asked = [title for title in headings(prose(notebook)) if title.endswith("?")]
    assert not [title for title in asked if length(title) < 3]


def test_command_help_is_short_and_plain():
    assert not too_long(helps())
    assert not odd_words("\n\n".join(helps()))


def syllables(word: str) -> int:
    """Return about how many syllables a word has: its groups of vowels, less a silent ending."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyscgxz]es$", letters)
    return max(len(re.findall(r"[aeiouy]+", letters)) - bool(silent), 1)


def reading_ease(texts: list[str]) -> float:
    """Return the Flesch reading ease of some texts; numbers have a length but no syllables."""
    every = [one for text in texts for one in sentences(text)]
    words = [word for one in every for word in re.findall(r"[A-Za-z’']+", one)]
    a_sentence = sum(map(length, every)) / max(len(every), 1)
    a_word = sum(map(syllables, words)) / max(len(words), 1)
    return 206.835 - 1.015 * a_sentence - 84.6 * a_word


def page_problems(html: str, *, least: float) -> list[str]:
    """Return what is hard to read in a page; what describes a chart is read as a list."""
    charts = {image["alt"] for image in BeautifulSoup(html, "html.parser").find_all("img")}
    texts = [one.text for one in passages(html)]
    said = [text for text in texts if text not in charts]
    items = [item for alt in charts for item in re.split(r"(?<=[.:;])\s+", alt)]
    found = [*too_long(said), *(f"{length(one)} words: {one}" for one in items if length(one) > 30)]
    found += odd_words("\n\n".join(texts))
    ease = reading_ease([text for text in said if re.search(r"[.!?]$", text)])
    return found + ([f"reading ease {ease:.0f}, below {least}"] if ease < least else [])


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("What is strong stands beside what is counted.", "stands beside"),
        (f"We count {'very ' * 28}many crimes. They rose.", "32 words"),
        ("Operationalisation necessitates multidimensional interoperability.", "reading ease"),
        (" ".join(["This is one of a great many sentences that has fifteen words in it now."] * 3),
         None),
        (" ".join(["This is one of a great many sentences that has sixteen words in it for you."]
                  * 3), "on average"),
    ],
)  # fmt: skip
def test_a_page_that_is_hard_to_read_is_found(planted, named):
    found = page_problems(f"<main><p>{planted}</p></main>", least=40)
    assert any(named in one for one in found) if named else not found
