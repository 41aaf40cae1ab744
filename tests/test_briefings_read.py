"""Whole briefings, read: plain English on every page, nothing to recover, traced slides."""

import zipfile

import joint_attacker
import pytest
from test_plainness import EASE, EASE_OF_A_CHAPTER, page_problems

from vrn_analysis.briefing.guard import leaks
from vrn_analysis.briefing.outputs import slides

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("briefing", ["sample_briefing", "open_briefing"])
def test_every_page_of_a_briefing_has_short_sentences_and_plain_words(briefing, request):
    folder = request.getfixturevalue(briefing)
    files = [*folder.glob("*.html"), folder / "easy" / "index.html"]
    found = [
        f"{name}: {problem}"
        for file in sorted(files)
        for name in [file.relative_to(folder).as_posix()]
        for problem in page_problems(
            file.read_text(encoding="utf-8"), least=EASE.get(name, EASE_OF_A_CHAPTER)
        )
    ]
    assert not found, "\n".join(found)


def test_nothing_is_recovered_from_the_briefing_of_the_sample(sample_briefing):
    assert joint_attacker.recovered(sample_briefing) == []


def test_nothing_is_recovered_from_editions_of_the_sample(sample_editions):
    assert joint_attacker.recovered(sample_editions) == []


def test_every_number_of_a_chart_on_the_sample_s_slides_is_in_a_published_table(sample_briefing):
    tables = sorted((sample_briefing / "tables").glob("*.csv"))
    with zipfile.ZipFile(sample_briefing / slides.FILE) as deck:
        books = [name for name in deck.namelist() if name.endswith(".xlsx")]
    assert len(books) >= 4
    assert leaks.slide_problems(sample_briefing / slides.FILE, tables) == []
