"""A briefing that would be made again is left in its place; anything that changed makes it anew."""

import briefing_notebooks as toy
import pytest

from vrn_analysis.briefing import cache, printing, report
from vrn_analysis.briefing.editions import Asked


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


def test_nothing_changed_leaves_the_briefing_as_it_is(made):
    page = made.output / "index.html"
    before = page.stat().st_mtime_ns
    assert not made()
    assert page.stat().st_mtime_ns == before


def test_another_status_another_marking_and_force_make_it_anew(made):
    assert made(marking="OFFICIAL")
    assert not made(marking="OFFICIAL")
    assert made(marking="OFFICIAL", status="APPROVED")
    assert made(marking="OFFICIAL", status="APPROVED", force=True)


def test_commentary_makes_it_anew_though_no_notebook_runs(made):
    (made.data / "commentary").mkdir()
    text = "---\nauthor: A. Analyst\ndate: 2024-06-30\nstatus: draft\n---\nWell.\n"
    (made.data / "commentary" / "03.md").write_text(text)
    assert made()
    assert not made()


@pytest.mark.parametrize("file", ["index.html", "tables/03_counts.csv", "tables.xlsx"])
def test_a_file_that_was_changed_or_lost_is_made_again(made, file):
    original = (made.output / file).read_bytes()
    (made.output / file).write_bytes(b"scribbled over")
    assert made()
    assert (made.output / file).read_bytes()[:4] == original[:4]
    (made.output / file).unlink()
    assert made()
    assert (made.output / file).exists()


def test_a_changed_notebook_makes_it_anew(made):
    toy.write(made.notebooks, "03_scale", toy.saves("03_counts"), toy.finding(), toy.words("New."))
    assert made()
