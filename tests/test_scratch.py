"""Temporary folders: private, gone at the end, and swept after a run that was killed."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from vrn_analysis.briefing import place
from vrn_analysis.commands import paths as cli_paths
from vrn_analysis.core import engine, scratch

# each begins a run that leaves something of a record, says where, and waits to be killed
SPILLS = """
import sys, time
from pathlib import Path
from vrn_analysis.core import engine
with engine.connect(memory_limit="60MB", spill_folder=Path(sys.argv[1])) as connection:
    connection.raw_sql("CREATE TEMP TABLE big AS SELECT hash(i) FROM range(20_000_000) t(i)")
    print("ready", flush=True)
    time.sleep(600)
"""
LABELS = """
import sys, time
from pathlib import Path
from vrn_analysis.commands import paths as cli_paths
with cli_paths.own_folder(Path(sys.argv[1], "labels"), is_ours=bool, why="") as aside:
    (aside / "classified.parquet").write_text("records")
    print("ready", flush=True)
    time.sleep(600)
"""
MAKES = """
import sys, time
from pathlib import Path
from vrn_analysis.briefing import place
with place.aside(Path(sys.argv[1], "briefing")) as made:
    (made / "audit").mkdir()
    print("ready", flush=True)
    time.sleep(600)
"""


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def begin_again(kind, folder):
    """Begin and end a run of the same kind in the same place."""
    if kind == SPILLS:
        with engine.connect(spill_folder=folder):
            pass
    elif kind == LABELS:
        with cli_paths.own_folder(folder / "labels", is_ours=bool, why=""):
            pass
        (folder / "labels").rmdir()
    else:
        with pytest.raises(RuntimeError), place.aside(folder / "briefing"):
            raise RuntimeError


@pytest.mark.slow
@pytest.mark.parametrize("kind", [SPILLS, LABELS, MAKES], ids=["spills", "labels", "makes"])
def test_what_a_killed_run_left_is_removed_by_the_next_and_what_a_live_one_has_is_not(
    kind, tmp_path
):
    """An earlier version: the first two kept for ever, a briefing for a day, each open to all."""
    command = [sys.executable, "-c", kind, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline() == "ready\n"
        (left,) = tmp_path.iterdir()
        assert stat.S_IMODE(left.stat().st_mode) == 0o700
        held = files(tmp_path)
        begin_again(kind, tmp_path)
        assert files(tmp_path) == held, "another run's, that is going on"
        run.send_signal(signal.SIGKILL)
    assert left.exists()
    begin_again(kind, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("asked", [None, "own"])
def test_a_folder_is_its_owners_alone_and_gone_at_the_end(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    with scratch.folder("spill", parent=tmp_path if asked else None) as made:
        assert made.parent == tmp_path
        assert made.name.startswith(".") == bool(asked)
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        (made / "part").write_text("x")
    assert not list(tmp_path.iterdir())


def named(pid, start, machine=None):
    return f"vrn_spill_{machine or scratch._machine()}-{pid}-{start}_abc_12"


def test_only_a_run_that_is_proved_to_be_over_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    me, mine = os.getpid(), scratch._started(os.getpid())
    kept = [
        named(me, mine),
        named(gone.pid, 1, machine="0123abcd"),  # of another machine on the same disk
        "vrn_spill_of_an_older_version",
        "vrn_notes",
    ]
    swept = [named(gone.pid, 1), named(me, int(mine) + 1)]  # the number was given again
    for name in [*kept, *swept]:
        (tmp_path / name).mkdir()
    with scratch.folder("kernel"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_a_start_that_the_system_does_not_tell_proves_nothing(monkeypatch):
    monkeypatch.setattr(scratch, "_started", lambda pid: "")
    assert not scratch._is_over(named(os.getpid(), 5))


def test_a_private_file_is_whole_and_its_owners_alone(tmp_path):
    file = tmp_path / "below" / "approved.json"
    scratch.write_private(file, "one")
    file.chmod(0o644)
    scratch.write_private(file, "two é")
    assert file.read_text(encoding="utf-8") == "two é"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["approved.json"]


def test_a_kernel_spills_into_the_folder_that_its_run_removes(tmp_path):
    from vrn_analysis.briefing.run import kernels

    env = kernels.environment(data=None, output=tmp_path, profile=tmp_path / "profile")
    asked = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
    (tmp_path / "profile").mkdir()
    told = subprocess.run(asked, env=env, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str(tmp_path / "profile")
