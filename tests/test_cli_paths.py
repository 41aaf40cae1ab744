"""Paths of the `vrn` command: as they are typed, and whole or not at all."""

import errno
import os
import re
import shlex
from pathlib import Path

import duckdb
import pytest
import typer

from vrn_analysis.commands import paths as cli_paths
from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.core.errors import DataError


def test_a_path_is_shown_from_here_and_typed_for_the_shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    below = tmp_path / 'Bob\'s "first" run'
    assert cli_paths.shown(below) == below.name
    assert cli_paths.shown(tmp_path.parent) == str(tmp_path.parent)
    assert shlex.split(cli_paths.typed(below)) == [below.name]
    assert cli_paths.typed(tmp_path / "plain") == "plain"


def test_a_disk_that_is_full_spoils_nothing_that_is_there(tmp_path, monkeypatch):
    file = tmp_path / "statement.html"
    cli_paths.write_whole(file, "first\r\n")
    assert file.read_bytes() == b"first\r\n"

    def full(aside, *_, **__):
        aside.write_bytes(b"sec")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left") as fault:
        cli_paths.write_whole(file, "second")
    assert fault.value.filename == str(file)
    assert [(f.name, f.read_bytes()) for f in tmp_path.iterdir()] == [(file.name, b"first\r\n")]


def made(folder, *, output, is_ours=lambda file: file.name == "ours.csv"):
    with cli_paths.own_folder(output, is_ours=is_ours, why="it needs its own.") as aside:
        assert aside.parent == folder
        (aside / "ours.csv").write_text("new")


def test_a_folder_of_ours_is_replaced_whole(tmp_path):
    output = tmp_path / "labels"
    made(tmp_path, output=output)
    (output / "ours.csv").write_text("old")
    made(tmp_path, output=output)
    assert (output / "ours.csv").read_text() == "new"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("name", ["theirs.csv", ".hidden", "folder/ours.csv"])
def test_a_folder_with_anything_else_in_it_is_not(tmp_path, name):
    output = tmp_path / "labels"
    (output / name).parent.mkdir(parents=True)
    (output / name).write_text("years of work")
    with pytest.raises(DataError, match="other files in it .*: it needs its own"):
        made(tmp_path, output=output)
    assert (output / name).read_text() == "years of work"


def test_what_fails_leaves_the_folder_as_it_was(tmp_path):
    output = tmp_path / "labels"
    made(tmp_path, output=output)

    def stopped():
        with cli_paths.own_folder(output, is_ours=lambda file: True, why="") as aside:
            (aside / "ours.csv").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [f.name for f in tmp_path.iterdir()] == ["labels"]
    assert (output / "ours.csv").read_text() == "new"


def test_a_file_and_the_folder_one_is_in_are_refused(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match="is a file"):
        made(tmp_path, output=tmp_path / "file")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="is the current folder"):
        made(tmp_path.parent, output=Path())


def test_a_place_that_cannot_be_written_is_named_as_it_was_asked_for(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="exists") as fault:
        made(tmp_path, output=tmp_path / "file" / "labels")
    assert fault.value.filename == str(tmp_path / "file" / "labels")


@pytest.mark.parametrize(
    "fault",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.EROFS, "Read-only file system"),
        OSError(errno.ENAMETOOLONG, "File name too long"),
        duckdb.IOException('IO Error: Could not write file "ASIDE/x": No space left on device'),
    ],
)
def test_a_disk_that_refuses_leaves_the_last_folder_and_names_the_remedy(tmp_path, capsys, fault):
    output = tmp_path / "labels"
    made(tmp_path, output=output)

    def failing():
        with (
            plain_errors(),
            cli_paths.own_folder(output, is_ours=lambda file: True, why="") as aside,
        ):
            (aside / "ours.csv").write_text("half")
            if isinstance(fault, OSError):
                raise fault
            raise duckdb.IOException(str(fault).replace("ASIDE", str(aside)))

    with pytest.raises(typer.Exit):
        failing()
    said = capsys.readouterr().err
    assert str(output) in said
    assert ".vrn_" not in said
    assert re.search("Free some|Close any program|shorter path", said)
    assert [f.name for f in tmp_path.iterdir()] == ["labels"]
    assert (output / "ours.csv").read_text() == "new"


def test_a_folder_that_is_locked_is_left_whole(tmp_path, monkeypatch):
    output = tmp_path / "labels"
    made(tmp_path, output=output)
    whole = Path.replace

    def locked(path, target):
        if Path(target) == output and path.name.startswith(".vrn_"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(PermissionError) as fault:
        made(tmp_path, output=output)
    assert fault.value.filename == str(output)
    assert (output / "ours.csv").read_text() == "new"
    assert [f.name for f in tmp_path.iterdir()] == ["labels"]


def test_a_name_as_long_as_a_disk_allows_can_be_written(tmp_path):
    file = tmp_path / ("n" * 250 + ".html")
    cli_paths.write_whole(file, "whole")
    assert [(f.name, f.read_text()) for f in tmp_path.iterdir()] == [(file.name, "whole")]
