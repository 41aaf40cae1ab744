"""A briefing that would be made again is left in its place; anything that changed makes it anew."""

from concurrent.futures import ThreadPoolExecutor

import briefing_notebooks as toy
import pytest

from vrn_analysis.briefing import report
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan.editions import Asked
from vrn_analysis.briefing.run import cache
from vrn_analysis.core.errors import AssessmentError


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return a function that makes the briefing again and says whether it did."""
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    data = toy.data_folder(tmp_path / "data", kind="force")
    toy.write(tmp_path / "nb", "03_scale", toy.saves("03_counts"), toy.finding())
    output = tmp_path / "briefing"

    def build(*, force=False, **asked):
        before = (output / "manifest.json").stat().st_mtime_ns if output.exists() else 0
        told = []
        report.build(
            output, data=data, folder=tmp_path / "nb", asked=Asked(**asked), force=force,
            tell=told.append,
        )  # fmt: skip
        assert [result.name for result in told] == ["03_scale"]
        return (output / "manifest.json").stat().st_mtime_ns != before

    assert build()
    build.output, build.data, build.notebooks = output, data, tmp_path / "nb"
    return build


@pytest.mark.slow
def test_nothing_changed_leaves_the_briefing_as_it_is(made):
    page = made.output / "index.html"
    before = page.stat().st_mtime_ns
    assert not made()
    assert page.stat().st_mtime_ns == before


@pytest.mark.slow
def test_another_status_another_marking_and_force_make_it_anew(made):
    assert made(marking="OFFICIAL")
    assert not made(marking="OFFICIAL")
    assert made(marking="OFFICIAL", status="APPROVED")
    assert made(marking="OFFICIAL", status="APPROVED", force=True)


@pytest.mark.slow
def test_commentary_makes_it_anew_though_no_notebook_runs(made):
    (made.data / "commentary").mkdir()
    text = "---\nauthor: A. Analyst\ndate: 2024-06-30\nstatus: draft\n---\nWell.\n"
    (made.data / "commentary" / "03.md").write_text(text)
    assert made()
    assert not made()


@pytest.mark.slow
@pytest.mark.parametrize("file", ["index.html", "tables/03_counts.csv", "tables_for_analysts.xlsx"])
def test_a_file_that_was_changed_or_lost_is_made_again(made, file):
    original = (made.output / file).read_bytes()
    (made.output / file).write_bytes(b"scribbled over")
    assert made()
    assert (made.output / file).read_bytes()[:4] == original[:4]
    (made.output / file).unlink()
    assert made()
    assert (made.output / file).exists()


@pytest.mark.slow
def test_a_changed_notebook_makes_it_anew(made):
    toy.write(made.notebooks, "03_scale", toy.saves("03_counts"), toy.finding(), toy.words("New."))
    assert made()


@pytest.mark.slow
def test_what_somebody_added_is_never_deleted(made):
    (made.output / "tables" / "notes.docx").write_text("the Board's remarks")
    with pytest.raises(AssessmentError, match=r"1 files that somebody added.*tables/notes\.docx"):
        made()
    assert (made.output / "tables" / "notes.docx").read_text() == "the Board's remarks"
    (made.output / "tables" / "notes.docx").unlink()
    assert not made()


@pytest.mark.slow
def test_slides_that_somebody_edited_are_never_deleted(made):
    slides = made.output / "briefing.pptx"
    slides.write_bytes(slides.read_bytes() + b"edited")
    with pytest.raises(AssessmentError, match=r"briefing\.pptx\. Move them elsewhere"):
        made(force=True)
    slides.unlink()
    assert made()


@pytest.mark.slow
@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "~$briefing.pptx"])
def test_what_a_system_leaves_in_a_folder_is_no_change(made, name):
    (made.output / name).write_text("")
    assert not made()


@pytest.mark.slow
def test_a_briefing_and_a_statement_in_the_data_folder_are_no_data(made, tmp_path):
    inside = made.data / "briefing"
    (tmp_path / "briefing").rename(inside)
    (made.data / "statement.html").write_text("as vrn check wrote it")
    told = []
    report.build(inside, data=made.data, folder=made.notebooks, tell=told.append)
    assert [result.reasons for result in told] == [()]
    files = {entry["file"] for entry in toy.manifest_of(inside)["inputs"]}
    assert files == {"assessment.toml", "offences.csv"}


@pytest.mark.slow
def test_two_that_make_the_same_at_once_both_end_well(made):
    def build(_):
        return report.build(made.output, data=made.data, folder=made.notebooks, force=True)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(build, range(2))) == [made.output / "index.html"] * 2
    assert not made()
    assert sorted(path.name for path in made.output.parent.iterdir()) == [
        "briefing", "cache", "data", "nb",
    ]  # fmt: skip
