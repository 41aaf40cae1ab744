"""Notebooks run in fresh kernels, normalised, kept, and told about when they fail."""

import importlib.util
import json
import os
import subprocess
import sys

import briefing_notebooks as toy
import nbformat
import pytest

from vrn_analysis.briefing.plan import notebooks, subject
from vrn_analysis.briefing.run import cache, kernels, runner
from vrn_analysis.briefing.run.runner import safe_message
from vrn_analysis.core import config, fingerprints
from vrn_analysis.core.errors import AssessmentError, DataError, SettingsError


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def about(tmp_path):
    return subject.open_subject(toy.data_folder(tmp_path / "data"))


def run(files, about, work, **options):
    return runner.run(files, about, work=work, tell=lambda result: None, **options)


def execute(tmp_path, *cells):
    job = kernels.Job("03_scale", toy.notebook(*cells), tmp_path, tmp_path / "output")
    [executed] = kernels.execute([job], data=tmp_path)
    return executed


def texts(notebook):
    return [
        output.get("text") or output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


# -- inputs ---------------------------------------------------------------------------------------


def test_finds_numbered_notebooks_in_order_and_no_others(tmp_path):
    for name in ("06_hotspots", "00_start", "Untitled", "explore"):
        toy.write(tmp_path, name)
    assert [file.stem for file in notebooks.find(tmp_path)] == ["00_start", "06_hotspots"]
    assert [file.stem for file in notebooks.find(tmp_path, only=["6"])] == ["06_hotspots"]


def test_a_notebook_that_does_not_exist_is_named_with_those_that_do(tmp_path):
    toy.write(tmp_path, "00_start")
    with pytest.raises(AssessmentError, match=r"no notebook 09.*Choose from 00"):
        notebooks.find(tmp_path, only=["09"])


def test_a_folder_without_notebooks_and_a_broken_notebook_are_one_plain_error(tmp_path):
    with pytest.raises(AssessmentError, match="no notebook"):
        notebooks.find(tmp_path)
    broken = tmp_path / "00_start.ipynb"
    broken.write_text('{"cells": [')
    with pytest.raises(AssessmentError, match="not a readable notebook"):
        notebooks.read(broken)


@pytest.mark.parametrize("kind", ["missing", "empty", "no settings"])
def test_a_data_folder_that_cannot_be_used_is_refused(tmp_path, kind):
    folder = tmp_path / "data"
    if kind != "missing":
        folder.mkdir()
    if kind == "no settings":
        (folder / "notes.txt").write_text("x")
    with pytest.raises((DataError, SettingsError), match=str(folder)):
        subject.open_subject(folder)


# -- kernels --------------------------------------------------------------------------------------


def test_the_kernel_is_this_python_in_an_environment_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", "somebody else's")
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    names = ["PYTHONHASHSEED", "MPLBACKEND", "VRN_DATA", "VRN_OUTPUT"]
    source = f"import os, sys\nprint(sys.executable, *[os.environ[n] for n in {names}], sep='\\n')"
    executed = execute(tmp_path, toy.code(source))
    assert texts(executed.notebook)[-1].split("\n")[:-1] == [
        sys.executable,
        "0",
        "module://matplotlib_inline.backend_inline",
        str(tmp_path),
        str(tmp_path / "output"),
    ]


def test_the_sample_run_does_not_see_a_data_folder_of_the_users_shell(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_DATA", "/somebody/else")
    env = kernels.environment(data=None, output=tmp_path, profile=tmp_path)
    assert "VRN_DATA" not in env
    assert os.environ["VRN_DATA"] == "/somebody/else"


def test_a_section_the_run_cannot_fill_says_why_and_the_next_goes_on(tmp_path):
    executed = execute(
        tmp_path,
        toy.code("class NotInThisRun(ValueError): ..."),
        toy.words("## Who is affected?"),
        toy.code("raise NotInThisRun('Open data hold no victim.')"),
        toy.code("people = 1"),
        toy.words("Still the same section."),
        toy.code("print('never')"),
        toy.words("## What builds on it?"),
        toy.code("people + 1"),
        toy.words("## What stands alone?"),
        toy.code("print('goes on')"),
    )
    assert executed.failure is None
    assert texts(executed.notebook)[1:] == [
        "Open data hold no victim.",
        "Open data hold no victim.",
        "goes on\n",
    ]


def test_no_older_value_is_shown_of_a_name_that_a_skipped_section_would_bind(tmp_path):
    """An earlier version: police counts were shown as counts of health services."""
    executed = execute(
        tmp_path,
        toy.code("class NotInThisRun(ValueError): ..."),
        toy.words("## What do the police record?"),
        toy.code("counts, parts = 'police', [part for part in 'ab']\npart = 'kept'"),
        toy.code("def told(): return counts"),
        toy.words("## What do health services see?"),
        toy.code("raise NotInThisRun('No attendances.')\ncounts = 'health'"),
        toy.code("parts = [part for part in 'cd']\ndef shown(): return 1"),
        toy.words("## Counts"),
        toy.code("print(counts)"),
        toy.words("## Counts by way of a function"),
        toy.code("print(told())"),
        toy.words("## Parts"),
        toy.code("print(parts)"),
        toy.words("## A name of another scope, and a name bound again"),
        toy.code("counts = 'new'\nprint(counts, part)"),
    )
    assert executed.failure is None
    told = ["No attendances."] * 4
    assert texts(executed.notebook)[1:] == [*told, "new kept\n"]


def test_an_unknown_name_is_a_failure_where_no_section_was_absent(tmp_path):
    assert "NameError" in execute(tmp_path, toy.code("peple + 1")).failure.message


@pytest.mark.slow
def test_a_kernel_that_dies_is_told_and_the_others_run_to_the_end(tmp_path):
    jobs = [
        kernels.Job(
            "00_dies", toy.notebook(toy.code("import os; os._exit(1)")), tmp_path, tmp_path
        ),
        kernels.Job("01_lives", toy.notebook(toy.code("print('here')")), tmp_path, tmp_path),
    ]
    dead, alive = kernels.execute(jobs, data=tmp_path)
    assert dead.failure.notebook == "00_dies"
    assert "memory" in dead.failure.message
    assert alive.failure is None
    assert texts(alive.notebook)[-1] == "here\n"


OPENS = "# open_run\n"  # what several notebooks do that are started from one process


@pytest.mark.parametrize("copies", [kernels.forks.COPIES, False])
def test_kernels_of_one_process_are_apart_and_give_what_others_give(tmp_path, monkeypatch, copies):
    monkeypatch.setattr(kernels.forks, "COPIES", copies)
    seen = (
        "import os, sys, tempfile, threading\nmine = len(globals())\n"
        "print(os.getcwd(), os.environ['VRN_OUTPUT'], os.environ['PYTHONHASHSEED'], {'b', 'a'})\n"
        "print(tempfile.gettempdir(), sys.path[0] == os.getcwd(), 'mark' in globals())\nmark = 1"
    )
    jobs = []
    for name in ("00_one", "01_two", "02_dies"):
        (tmp_path / name).mkdir()
        source = "os._exit(1)" if name == "02_dies" else seen
        cells = toy.notebook(toy.code(OPENS + "import os"), toy.code(source))
        jobs.append(kernels.Job(name, cells, tmp_path / name, tmp_path / name / "output"))
    one, two, dead = kernels.execute(jobs, data=tmp_path)
    assert (one.failure, two.failure) == (None, None)
    assert "memory" in dead.failure.message
    told = [texts(each.notebook)[-1].split() for each in (one, two)]
    for (folder, output, seed, *_), job in zip(told, jobs, strict=False):
        assert (folder, output, seed) == (str(job.folder), str(job.output), "0")
    assert told[0][3:] == told[1][3:]
    assert told[0][-1] == "False"


def test_where_a_copy_would_not_be_sound_each_kernel_starts_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels.forks, "SOUND", "2\n")
    cells = [toy.notebook(toy.code(OPENS + "print('here')")) for _ in range(2)]
    jobs = [kernels.Job(f"0{n}_x", one, tmp_path, tmp_path) for n, one in enumerate(cells)]
    assert [each.failure for each in kernels.execute(jobs, data=tmp_path)] == [None, None]


@pytest.mark.slow
def test_two_runs_are_byte_identical_whatever_the_notebook_held(tmp_path):
    made = []
    for attempt in range(2):
        cells = [toy.code("print({'b', 'a', 'c'})"), toy.chart(), toy.finding()]
        executed = execute(tmp_path, *cells)
        executed.notebook.cells[-1].metadata["execution"] = {"started": str(attempt)}
        executed.notebook.metadata["widgets"] = attempt
        stamp = {"kind": "sample", "fingerprint": "abc"}
        clean = notebooks.normalised(executed.notebook, number="03", stamp=stamp)
        made.append(notebooks.text(clean))
    assert made[0] == made[1]
    clean = nbformat.reads(made[0], as_version=4)
    nbformat.validate(clean)
    assert clean.cells[0].id == "03-cell-01"
    assert clean.cells[-1].metadata == {"tags": ["finding"]}
    assert clean.metadata["vrn"] == {"kind": "sample", "fingerprint": "abc"}
    assert set(clean.metadata) == {"kernelspec", "language_info", "vrn", "vrn_chapter"}


# -- failures -------------------------------------------------------------------------------------


def test_a_failure_names_notebook_cell_and_message_and_no_row_of_data(tmp_path):
    (tmp_path / "row.txt").write_text("{'person_ref': 'John Smith', 'age': 17}")
    source = "row = open('row.txt').read()\nraise ValueError(f'bad row {row}')"
    failure = execute(tmp_path, toy.code("1"), toy.code(source)).failure
    assert str(failure).startswith("03_scale cell [3]: ValueError: bad row")
    assert "raise ValueError" in failure.trace
    for told in (str(failure), failure.trace):
        assert "John Smith" not in told
        assert "17" not in told


@pytest.mark.parametrize(
    ("kind", "message", "safe"),
    [
        ("DataError", "offences.csv has no column 'age'", "offences.csv has no column 'age'"),
        ("AssertionError", "every victim is counted once", "every victim is counted once"),
        ("KeyError", "'district_code'", "KeyError: 'district_code'"),
        ("KeyError", "'John Smith'", "KeyError: '…'"),
        ("ConversionException", "Could not cast 'X 17' in age\nLine: a,b", None),
        ("ValueError", "", "ValueError"),
    ],
)
def test_messages_of_others_lose_quoted_words_and_numbers(kind, message, safe):
    told = safe_message(kind, message)
    assert told == (safe or "ConversionException: Could not cast '…' in age")


# -- cache ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_unchanged_notebook_is_not_run_again_and_gives_the_same(tmp_path, about, monkeypatch):
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    file = toy.write(tmp_path / "nb", "03_scale", toy.saves("03_counts"))
    [first] = run([file], about, tmp_path / "one")
    [second] = run([file], about, tmp_path / "two")
    assert (first.reasons, second.reasons) == (("first run",), ())
    assert notebooks.text(first.notebook) == notebooks.text(second.notebook)
    for below in ("tables/03_counts.csv", "rows/offences.json"):
        assert (first.output / below).read_bytes() == (second.output / below).read_bytes()
    [third] = run([file], about, tmp_path / "three", force=True)
    assert third.reasons == ("forced",)


def changed(parts, what):
    return parts | {what: "other"}


@pytest.mark.parametrize("what", ["notebook", "package", "data", "settings", "versions"])
def test_each_change_is_a_reason_to_run_again(tmp_path, about, what):
    file = toy.write(tmp_path / "nb", "03_scale")
    depends = cache.dependencies(notebooks.read(file), about)
    (tmp_path / "output").mkdir()
    cache.keep(notebooks.read(file), "03_scale", depends, output=tmp_path / "output", seconds=1.0)
    assert cache.reasons("03_scale", depends, root=cache.folder()) == []
    assert cache.reasons("03_scale", changed(depends, what), root=cache.folder()) == [what]


def test_what_counts_as_a_change(tmp_path, about, monkeypatch):
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    file = toy.write(tmp_path / "nb", "03_scale", toy.code("1"))
    before = cache.dependencies(notebooks.read(file), about)

    def differs(notebook=None, other=about):
        after = cache.dependencies(notebook or notebooks.read(file), other)
        return [what for what in after if after[what] != before[what]]

    edited = notebooks.read(file)
    edited.cells[-1].source = "2"
    assert differs(edited) == ["notebook"]
    run_before = notebooks.read(file)
    run_before.cells[-1].outputs, run_before.cells[-1].id = [], "other"
    assert differs(run_before) == []

    data = about.folder
    os.utime(data / "offences.csv", (1, 1))
    assert differs(other=subject.open_subject(data)) == []
    (data / "offences.csv").write_text("offence_id\n2\n")
    assert differs(other=subject.open_subject(data)) == ["data"]
    (data / "offences.csv").write_text("offence_id\n1\n")
    (data / ".hidden").write_text("editor's own")
    assert differs(other=subject.open_subject(data)) == []
    settings = (data / "assessment.toml").read_text()
    (data / "assessment.toml").write_text('audience = "public"\n' + settings)
    assert differs(other=subject.open_subject(data)) == ["data", "settings"]

    monkeypatch.setattr(cache, "versions", lambda: {"python": "4"})
    assert differs() == ["versions"]


def test_the_package_hash_sees_code_but_not_the_look_of_a_page(tmp_path):
    hashed = cache.package_hash.__wrapped__  # without its memory: the files change here
    (tmp_path / "briefing" / "run").mkdir(parents=True)
    (tmp_path / "commands").mkdir()
    for name in ("rates.py", "briefing/run/kernels.py", "briefing/pages.py", "commands/cli.py"):
        (tmp_path / name).write_text("1")
    before = hashed(tmp_path)
    (tmp_path / "briefing/pages.py").write_text("2")
    (tmp_path / "commands/cli.py").write_text("2")
    assert hashed(tmp_path) == before
    (tmp_path / "briefing/run/kernels.py").write_text("2")
    runner_changed = hashed(tmp_path)
    (tmp_path / "rates.py").write_text("2")
    assert len({before, runner_changed, hashed(tmp_path)}) == 3


@pytest.mark.slow
def test_a_failed_notebook_is_not_kept(tmp_path, about):
    file = toy.write(tmp_path / "nb", "03_scale", toy.code("1 / 0"))
    for work in ("one", "two"):
        [result] = run([file], about, tmp_path / work)
        assert result.failure is not None
        assert result.reasons == ("first run",)


def test_an_entry_cut_short_is_no_entry_and_old_entries_go(tmp_path):
    notebook, output = toy.notebook(), tmp_path / "output"
    output.mkdir()
    for n in range(cache.KEPT + 2):
        cache.keep(notebook, "03_scale", {"data": str(n)}, output=output, seconds=1.0)
    kept = list((cache.folder() / "03_scale").glob("*/entry.json"))
    assert len(kept) == cache.KEPT
    for entry in kept:
        entry.unlink()
    depends = {"data": str(cache.KEPT + 1)}
    assert cache.reasons("03_scale", depends, root=cache.folder()) == ["first run"]


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_costs_no_result(tmp_path, about, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "file" / "cache"))
    files = [toy.write(tmp_path / "nb", "03_scale", toy.saves("03_counts"))]
    for _ in range(2):
        data = subject.open_subject(about.folder)
        [result] = runner.run(files, data, work=tmp_path / "work", tell=lambda result: None)
        assert (result.failure, result.reasons) == (None, ("first run",))
        assert (result.output / "tables" / "03_counts.csv").exists()


def test_contents_are_hashed_once_while_size_and_time_stay(tmp_path, monkeypatch):
    data = toy.data_folder(tmp_path / "data")
    memory = tmp_path / "memory.json"
    monkeypatch.setattr(fingerprints, "REMEMBERED_FROM", (data / "offences.csv").stat().st_size + 1)
    first = fingerprints.hashed(data, memory=memory)
    (remembered,) = json.loads(memory.read_text())
    assert remembered.endswith("assessment.toml"), "the hash of a short file tells what is in it"
    monkeypatch.setattr(fingerprints, "REMEMBERED_FROM", 0)
    fingerprints.hashed(data, memory=memory)
    monkeypatch.setattr(fingerprints, "sha256", lambda file: pytest.fail("read again"))
    assert fingerprints.hashed(data, memory=memory) == first
    memory.write_text("{not json")
    monkeypatch.undo()
    assert fingerprints.hashed(data, memory=memory) == first


def test_the_fingerprint_is_of_content_not_of_place_or_time(tmp_path):
    one, two = (toy.data_folder(tmp_path / name) for name in ("one", "two"))
    os.utime(two / "offences.csv", (5, 5))
    assert subject.open_subject(one).stamp == subject.open_subject(two).stamp
    (two / "offences.csv").rename(two / "renamed.csv")
    assert subject.open_subject(one).stamp != subject.open_subject(two).stamp


def test_the_samples_fingerprint_is_of_what_makes_it(tmp_path):
    # a file of shapes holds the time it was written: remade, the sample has other bytes
    about = subject.open_subject(toy.data_folder(tmp_path / "sample-ab12"))
    made = [
        subject.Subject(about.folder, about.settings, True, inputs) for inputs in ({}, {"a": {}})
    ]
    assert [each.fingerprint for each in made] == ["ab12", "ab12"]


def test_sanitising_for_nbval_hides_addresses_and_nothing_broader():
    lines = (config.CHECKOUT / "tests" / "nbval_sanitize.cfg").read_bytes()
    assert lines.isascii()
    patterns = [x for x in lines.decode().splitlines() if x.startswith("regex:")]
    assert len(patterns) == 2
    assert all(r"\d" not in p.replace(r"ipykernel_\d+[/\\]\d+", "") for p in patterns)


def test_importing_the_command_does_not_load_the_stack():
    heavy = ["pandas", "ibis", "matplotlib", "nbconvert", "nbclient", "geopandas"]
    loaded = f"[name for name in {heavy} if name in sys.modules]"
    source = f"import sys, json, vrn_analysis.commands.cli; print(json.dumps({loaded}))"
    told = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert json.loads(told.stdout) == []


def test_what_is_imported_before_kernels_start_is_there():
    assert all(importlib.util.find_spec(name) for name in kernels.forks.IMPORTED)
    exec(kernels.PREPARE.splitlines()[0], {})
