"""A briefing is made aside and moved; whatever fails, the last one stays whole."""

import errno
import json
import shutil
from pathlib import Path

import briefing_notebooks as toy
import pytest

from vrn_analysis.briefing import assembly, place, report
from vrn_analysis.briefing.guard import gate
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan import notebooks, subject
from vrn_analysis.briefing.run import cache, kernels, manifest, runner
from vrn_analysis.core.errors import AssessmentError, DataError, DisclosureError


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")  # tests of printing bring their own
    # whoever edits the package while the tests run must not make them fail
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")


@pytest.fixture
def no_kernel(monkeypatch):
    """Notebooks are 'run' by giving them one table a notebook: quick, and never failing."""

    def execute(jobs, *, data, tell):
        for job in jobs:
            (job.output / "tables").mkdir(parents=True, exist_ok=True)
            (job.output / "tables" / f"{job.name[:2]}_counts.csv").write_text(
                "area,count,status\nA,10,shown\n"
            )
            tell(kernels.Executed(job.name, job.notebook, 0.1))

    monkeypatch.setattr(kernels, "execute", execute)


@pytest.fixture
def data(tmp_path):
    return toy.data_folder(tmp_path / "data")


@pytest.fixture
def folder(tmp_path):
    for name in ("00_start_here", "03_scale"):
        toy.write(tmp_path / "nb", name, toy.words("## A section\n\nText."), title=name)
    return tmp_path / "nb"


def content(place_):
    files = sorted(path for path in place_.rglob("*") if path.is_file())
    return {path.relative_to(place_).as_posix(): path.read_bytes() for path in files}


def beside(output):
    return sorted(path.name for path in output.parent.glob(f"*{output.name}*"))


# -- a whole briefing, with kernels ----------------------------------------------------------------


def test_a_briefing_from_notebooks_to_pages(tmp_path, data):
    toy.write(tmp_path / "nb", "00_start_here", toy.words("## How to read it\n\nSo."))
    cells = [toy.words("## Where?"), toy.saves("03_counts"), toy.finding()]
    toy.write(
        tmp_path / "nb", "03_scale", *cells, toy.table(csv="tables/03_counts.csv"), toy.chart()
    )
    told = []
    output = tmp_path / "out" / "briefing"
    page = report.build(output, data=data, folder=tmp_path / "nb", tell=told.append)

    assert page == output / "index.html"
    assert set(content(output)) == {
        "index.html",
        "board.html",
        "editions.html",
        "00_start_here.html",
        "03_scale.html",
        "tables/03_counts.csv",
        "tables/03_said.csv",
        "tables/data_dictionary.csv",
        "tables.xlsx",
        "tables_for_analysts.xlsx",
        "briefing.pptx",
        "full.docx",
        "board.docx",
        "manifest.json",
        "briefing.log",
    }
    assert sorted(result.name for result in told) == ["00_start_here", "03_scale"]

    made = toy.manifest_of(output)
    assert {entry["file"] for entry in made["inputs"]} == {"assessment.toml", "offences.csv"}
    assert "sha256" not in made["inputs"][1], "of a partner's file"
    assert made["rows"] == {"offences": {"rows": None}}, "fewer than a hundred"
    table = made["tables"][0]
    assert (table["file"], table["rows"]) == ("tables/03_counts.csv", 2)
    assert made["settings"]["definition"] == "llr_2020"
    assert {"python", "platform", "pandas"} <= set(made["versions"])
    assert [entry["name"] for entry in made["notebooks"]] == ["00_start_here", "03_scale"]
    assert made["run"] in page.read_text()
    assert str(tmp_path) not in json.dumps(made)

    log = (output / "briefing.log").read_text()
    for fact in ("input file offences.csv", "notebook 03_scale", "done"):
        assert fact in log

    pages = {name: text for name, text in content(output).items() if name.endswith(".html")}
    (output / "index.html").unlink()
    report.build(output, data=data, folder=tmp_path / "nb")
    assert {n: t for n, t in content(output).items() if n.endswith(".html")} == pages
    assert all(entry["from_cache"] for entry in toy.manifest_of(output)["notebooks"])
    assert beside(output) == ["briefing"]


@pytest.mark.slow
def test_a_failed_notebook_leaves_the_last_briefing_and_names_the_log(tmp_path, data, folder):
    output = tmp_path / "briefing"
    report.build(output, data=data, folder=folder)
    before = content(output)
    toy.write(folder, "01_sources", toy.code("raise KeyError('John Smith')"))
    toy.write(folder, "06_hotspots", toy.code("print('ran')"))
    told = []
    with pytest.raises(AssessmentError) as fault:
        report.build(output, data=data, folder=folder, tell=told.append)
    message = str(fault.value)
    assert "1 of 4 notebooks failed" in message
    assert "01_sources cell [2]: KeyError" in message
    assert "The last briefing is as it was" in message
    assert str(place.failed_log(output)) in message
    assert content(output) == before
    log = place.failed_log(output).read_text()
    assert "FAILED 01_sources" in log
    assert "raise KeyError" in log
    # the one that failed did not stop the others, and they need not run again
    assert {r.name: r.failure is None for r in told}["06_hotspots"]
    (folder / "01_sources.ipynb").unlink()
    report.build(output, data=data, folder=folder, tell=told.append)
    assert told[-1].reasons == ()
    assert beside(output) == ["briefing"]


# -- moving into place -----------------------------------------------------------------------------


def test_the_same_message_from_many_notebooks_is_told_once(tmp_path, data, folder, monkeypatch):
    def execute(jobs, *, data, tell):
        for job in jobs:
            failure = kernels.Failure(
                job.name, "[1]", "street.zip is cut short. Download it again."
            )
            tell(kernels.Executed(job.name, job.notebook, 0.1, failure))

    monkeypatch.setattr(kernels, "execute", execute)
    with pytest.raises(AssessmentError) as fault:
        report.build(tmp_path / "briefing", data=data, folder=folder)
    assert str(fault.value).count("is cut short") == 1
    assert "00_start_here cell [1], 03_scale cell [1]: street.zip" in str(fault.value)
    assert "No briefing was made" in str(fault.value)
    assert not (tmp_path / "briefing").exists()


def no_space(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "name"),
    [
        (assembly.manifest, "write"),
        (assembly.pages, "render"),
        (assembly, "gather"),
        (runner.cache, "keep"),
        (report.place, "move"),
    ],
)
def test_no_space_left_is_one_clear_error_and_the_last_briefing_stays(
    tmp_path, data, folder, no_kernel, monkeypatch, where, name
):
    output = tmp_path / "briefing"
    report.build(output, data=data, folder=folder)
    before = content(output)
    monkeypatch.setattr(where, name, no_space)
    with pytest.raises(AssessmentError, match="No space left on the disk") as fault:
        report.build(output, data=data, folder=folder, force=True)
    assert "The last briefing is as it was" in str(fault.value)
    assert content(output) == before
    assert [name for name in beside(output) if name.startswith(".")] == []


def test_a_disk_too_full_for_the_log_still_gives_the_clear_error(
    tmp_path, data, folder, no_kernel, monkeypatch
):
    monkeypatch.setattr(manifest, "note", no_space)
    monkeypatch.setattr(shutil, "copyfile", no_space)
    with pytest.raises(AssessmentError, match="No space left on the disk"):
        report.build(tmp_path / "briefing", data=data, folder=folder)


def test_if_the_second_rename_fails_the_first_is_undone(tmp_path, monkeypatch):
    output, made = tmp_path / "briefing", tmp_path / "made"
    for at, text in ((output, "old"), (made, "new")):
        at.mkdir()
        (at / "index.html").write_text(text)
    rename = Path.replace

    def fails_for_made(self, target):
        if self == made:
            no_space()
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fails_for_made)
    with pytest.raises(OSError, match="No space"):
        place.move(made, output)
    assert content(output) == {"index.html": b"old"}


def test_a_machine_that_stopped_between_the_renames_loses_nothing(tmp_path):
    output = tmp_path / "briefing"
    (tmp_path / ".briefing.before").mkdir()
    (tmp_path / ".briefing.before" / "index.html").write_text("old")
    with pytest.raises(AssessmentError, match="as it was"), place.aside(output):
        raise AssessmentError("Something else.")
    assert content(output) == {"index.html": b"old"}


def test_stopping_by_hand_leaves_nothing_behind(tmp_path):
    output = tmp_path / "briefing"

    def half() -> None:
        with place.aside(output) as made:
            (made / "index.html").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_peoples_files_is_never_replaced(tmp_path, data, folder, no_kernel):
    output = tmp_path / "thesis"
    output.mkdir()
    (output / "chapter.docx").write_text("years of work")
    with pytest.raises(AssessmentError, match="not a briefing"):
        report.build(output, data=data, folder=folder)
    assert content(output) == {"chapter.docx": b"years of work"}


@pytest.mark.parametrize("where", [".", ".."])
def test_the_data_folder_is_never_replaced(tmp_path, data, folder, where):
    with pytest.raises(AssessmentError, match="data folder"):
        report.build(data / where, data=data, folder=folder)


@pytest.mark.slow
def test_an_empty_folder_may_be_used_and_a_file_may_not(tmp_path, data, folder, no_kernel):
    (tmp_path / "empty").mkdir()
    assert report.build(tmp_path / "empty", data=data, folder=folder).exists()
    (tmp_path / "file").write_text("x")
    with pytest.raises(AssessmentError, match="is a file"):
        report.build(tmp_path / "file", data=data, folder=folder)


def test_the_folder_one_is_in_is_never_replaced(tmp_path, data, folder, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(AssessmentError, match="is the folder you are in"):
        report.build(Path(), data=data, folder=folder)


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path, data, folder):
    (tmp_path / "file").write_text("x")
    told = r"No briefing can be made there\. .*briefing: file exists\."
    with pytest.raises(AssessmentError, match=told):
        report.build(tmp_path / "file" / "briefing", data=data, folder=folder)


# -- gathering and the gate ------------------------------------------------------------------------


def test_two_notebooks_may_not_write_the_same_table(tmp_path):
    results = []
    for name in ("03_scale", "06_hotspots"):
        (tmp_path / name / "tables").mkdir(parents=True)
        (tmp_path / name / "tables" / "counts.csv").write_text("a\n")
        results.append(runner.Result(name, toy.notebook(), tmp_path / name, 0.0))
    with pytest.raises(AssessmentError, match="03_scale and 06_hotspots both wrote tables/counts"):
        assembly.gather(results, tmp_path / "all")


@pytest.mark.slow
def test_a_table_about_single_people_stops_the_briefing(tmp_path, data):
    cells = [toy.saves("03_counts", "offence_id,age\nX1,17\n")]
    toy.write(tmp_path / "nb", "03_scale", *cells)
    with pytest.raises(DisclosureError, match="03_counts.csv has the column 'offence_id'") as fault:
        report.build(tmp_path / "briefing", data=data, folder=tmp_path / "nb")
    assert "X1" not in str(fault.value)
    assert not (tmp_path / "briefing").exists()


def test_the_gate_tells_all_problems_at_once(tmp_path):
    (tmp_path / "index.html").write_text("<script>x</script><table></table>")
    with pytest.raises(AssessmentError, match="refused") as fault:
        gate.check(tmp_path)
    for told in ("<script>", "security policy", "language", "no title", "index.html", "more."):
        assert told in str(fault.value)


@pytest.mark.slow
def test_a_link_to_a_file_the_briefing_does_not_hold_is_refused(tmp_path, data):
    toy.write(tmp_path / "nb", "03_scale", toy.words("## A"), toy.table(csv="tables/03_gone.csv"))
    with pytest.raises(AssessmentError, match=r"leads to tables/03_gone.csv"):
        report.build(tmp_path / "briefing", data=data, folder=tmp_path / "nb")


# -- the committed notebooks -----------------------------------------------------------------------


@pytest.fixture
def sample(data, monkeypatch):
    about = subject.open_subject(data)
    about = subject.Subject(about.folder, about.settings, True, about.inputs)
    monkeypatch.setattr(report, "open_subject", lambda data: about)
    return about


@pytest.mark.slow
def test_notebooks_are_rewritten_normalised_with_their_tables(tmp_path, sample):
    file = toy.write(tmp_path / "nb", "03_scale", toy.saves("03_counts"), toy.chart())
    tables = tmp_path / "tables"
    tables.mkdir()
    for old in ("03_gone.csv", "06_stays.csv"):
        (tables / old).write_text("x")
    report.rewrite_notebooks(folder=tmp_path / "nb", tables=tables)
    first = file.read_bytes()
    assert sorted(path.name for path in tables.iterdir()) == ["03_counts.csv", "06_stays.csv"]
    made = notebooks.read(file)
    assert made.metadata["vrn"] == {"kind": "sample", "fingerprint": sample.fingerprint}
    counts = [cell.execution_count for cell in made.cells if cell.cell_type == "code"]
    assert counts == [1, 2, 3]
    report.rewrite_notebooks(folder=tmp_path / "nb", tables=tables, force=True)
    assert file.read_bytes() == first


@pytest.mark.slow
def test_nothing_is_rewritten_where_a_notebook_failed(tmp_path, sample):
    good = toy.write(tmp_path / "nb", "00_good")
    toy.write(tmp_path / "nb", "03_bad", toy.code("1 / 0"))
    before = good.read_bytes()
    with pytest.raises(AssessmentError, match="03_bad"):
        report.rewrite_notebooks(folder=tmp_path / "nb", tables=tmp_path / "tables")
    assert good.read_bytes() == before


def test_a_missing_data_folder_is_refused_before_anything_is_written(tmp_path, folder):
    with pytest.raises(DataError, match="does not exist"):
        report.build(tmp_path / "out" / "briefing", data=tmp_path / "none", folder=folder)
    assert not (tmp_path / "out").exists()
