"""Windows: no call that it lacks, no text in the encoding of the system, files in use."""

import ast
import errno
from pathlib import Path
from types import SimpleNamespace

import pytest

from vrn_analysis.briefing.run import forks
from vrn_analysis.core import config, errors, scratch

MODULES = sorted(config.PACKAGE.rglob("*.py"))
# of modules and of `os`
NOT_ON_WINDOWS = {"fcntl", "grp", "pty", "pwd", "resource", "termios"}
NOT_IN_OS = {"fork", "getuid", "geteuid", "killpg", "setsid", "symlink", "link", "chown", "WNOHANG"}
LINUX_ONLY = "forks"  # which starts nothing elsewhere


def calls(path):
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if hasattr(node, "func")]


def test_nothing_is_used_that_windows_lacks():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            assert not names & NOT_ON_WINDOWS, path
            used = isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "os"
            assert not (used and node.attr in NOT_IN_OS and path.stem != LINUX_ONLY), path


def test_text_is_read_and_written_in_utf_8():
    for path in MODULES:
        for call in calls(path):
            name = getattr(call.func, "attr", "")
            if name in ("read_text", "write_text") and "/proc/" not in ast.unparse(call):
                said = [word.arg for word in call.keywords] + [ast.unparse(a) for a in call.args]
                assert "encoding" in said or "'utf-8'" in said, f"{path}:{call.lineno}"


def test_no_text_names_a_temporary_folder_of_one_system():
    assert not [path for path in MODULES if '"/tmp' in path.read_text("utf-8")]


def test_no_process_is_copied_but_on_linux(monkeypatch, tmp_path):
    monkeypatch.setattr(forks, "COPIES", False)
    with forks.server({}, tmp_path) as server:
        assert server is None


@pytest.fixture
def windows(monkeypatch):
    """Let the modules that ask find Windows; pathlib must not, or it makes no path here."""
    for module in (errors, scratch):
        monkeypatch.setattr(module, "os", SimpleNamespace(name="nt"))


def test_a_folder_in_use_is_moved_a_moment_later(windows, monkeypatch, tmp_path):
    made, target, tries = tmp_path / "made", tmp_path / "target", []
    made.mkdir()
    move = Path.replace

    def locked(path, other):
        tries.append(path)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "in use")
        return move(path, other)

    monkeypatch.setattr(Path, "replace", locked)
    monkeypatch.setattr(scratch.time, "sleep", lambda seconds: None)
    scratch.move(made, target)
    assert (target.is_dir(), len(tries)) == (True, 3)


def test_a_file_that_stays_open_is_an_error_at_last(windows, monkeypatch, tmp_path):
    def locked(path, other):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "replace", locked)
    monkeypatch.setattr(scratch.time, "sleep", lambda seconds: None)
    with pytest.raises(PermissionError):
        scratch.move(tmp_path / "made", tmp_path / "target")


def test_a_path_that_is_too_long_is_told_as_such(windows):
    fault = FileNotFoundError(errno.ENOENT, "No such file or directory", "C:\\" + "a" * 260)
    assert "shorter path" in errors.in_words(fault)
    assert "shorter" not in errors.in_words(
        FileNotFoundError(errno.ENOENT, "No such file", "C:\\a")
    )
