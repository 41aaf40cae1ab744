"""The `vrn` command: one clear message and exit code 1, never a traceback."""

import errno
import os
import shlex
import subprocess
import sys
import types
from pathlib import Path

import briefing_notebooks as toy
import pytest
import typer
from typer.testing import CliRunner

from vrn_analysis import __version__
from vrn_analysis.briefing import report
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.run import cache
from vrn_analysis.commands import cli
from vrn_analysis.core import config
from vrn_analysis.core.errors import DataError

vrn = CliRunner()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    monkeypatch.setattr(printing, "browser", lambda: "")


def own_notebooks(monkeypatch, folder):
    found = notebooks.find
    monkeypatch.setattr(notebooks, "find", lambda _, only=(): found(folder, only=only))


def commands(group, *above):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *above, name)
        else:
            yield [*above, name], command


COMMANDS = list(commands(typer.main.get_command(cli.app)))


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=lambda given: str(given))
def test_every_command_is_explained_with_an_example_that_it_understands(words, command):
    assert command.help
    assert all(option.help for option in command.params)
    example = command.epilog.removeprefix("Example: vrn ")
    assert shlex.split(example)[: len(words)] == words
    given = shlex.split(example)[len(words) :]
    command.make_context("vrn", given, resilient_parsing=False).close()
    told = vrn.invoke(cli.app, [*words, "--help"], env={"COLUMNS": "40"})
    assert told.exit_code == 0


def test_an_option_that_is_a_flag_is_one_in_every_command():
    kinds = {
        (name, getattr(option, "is_flag", False))
        for _, c in COMMANDS
        for option in c.params
        for name in option.opts
    }
    names = [name for name, _ in kinds if name.startswith("--")]
    assert sorted(names) == sorted(set(names))
    assert ("--force", True) in kinds


def test_the_version_is_shown():
    assert vrn.invoke(cli.app, ["--version"]).output == f"vrn_analysis {__version__}\n"


@pytest.mark.slow
@pytest.mark.parametrize("letters", ["ascii", "cp1252"])
def test_a_terminal_that_knows_few_letters_stops_nothing(tmp_path, letters):
    register = tmp_path / "register.toml"
    text = config.resource("data", "sources.toml").read_text(encoding="utf-8")
    register.write_text(text.replace("Home Office", "Swyddfa Gartref Ŵ"), encoding="utf-8")
    command = [sys.executable, "-m", "vrn_analysis", "fetch", "--list", "--register", register]
    few = os.environ | {"PYTHONIOENCODING": letters, "COLUMNS": "200"}
    done = subprocess.run(command, env=few, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Gartref ?" in done.stdout


@pytest.mark.slow
def test_a_briefing_is_made_one_line_a_notebook_and_where_to_open_it(tmp_path, monkeypatch):
    toy.write(tmp_path / "nb", "00_start_here", toy.words("## A\n\nText."))
    toy.write(tmp_path / "nb", "03_scale", toy.words("## A\n\nText."))
    own_notebooks(monkeypatch, tmp_path / "nb")
    data, output = toy.data_folder(tmp_path / "data"), tmp_path / "briefing"
    arguments = ["briefing", "--data", str(data), "--output", str(output)]
    told = vrn.invoke(cli.app, arguments)
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert sorted(line.split()[3] for line in lines[:2]) == ["00_start_here", "03_scale"]
    assert "index.html" in lines[2]
    assert "briefing.log" in lines[3]
    assert (output / "index.html").exists()
    again = vrn.invoke(cli.app, arguments)
    assert [line.split()[0] for line in again.output.splitlines()[:2]] == ["unchanged"] * 2
    part = vrn.invoke(cli.app, [*arguments[:3], "--output", str(tmp_path / "part"), "--only", "3"])
    assert part.exit_code == 0
    assert sorted(p.name for p in (tmp_path / "part").glob("*.html")) == [
        "03_scale.html",
        "board.html",
        "editions.html",
        "index.html",
    ]


def test_a_failing_notebook_gives_its_cell_and_exit_code_1(tmp_path, monkeypatch):
    toy.write(tmp_path / "nb", "03_scale", toy.code("1 / 0"))
    own_notebooks(monkeypatch, tmp_path / "nb")
    data = toy.data_folder(tmp_path / "data")
    arguments = ["briefing", "--data", str(data), "--output", str(tmp_path / "out")]
    told = vrn.invoke(cli.app, arguments)
    assert told.exit_code == 1
    assert "FAILED" in told.stdout
    assert "03_scale cell [2]: ZeroDivisionError" in told.stderr
    assert "Traceback" not in told.output


@pytest.mark.parametrize("command", ["briefing", "notebooks", "sample"])
def test_every_error_an_analyst_can_mend_is_one_message(tmp_path, monkeypatch, command):
    def fails(*args, **kwargs):
        raise DataError("persons.csv has no column 'role'.")

    monkeypatch.setattr(report, "build", fails)
    monkeypatch.setattr(report, "rewrite_notebooks", fails)
    monkeypatch.setitem(sys.modules, "vrn_analysis.sample", types.SimpleNamespace(write=fails))
    monkeypatch.setattr("vrn_analysis.sample", types.SimpleNamespace(write=fails), raising=False)
    told = vrn.invoke(cli.app, [command, *(["--output", "x"] if command == "sample" else [])])
    assert told.exit_code == 1
    assert told.stderr == "Error: persons.csv has no column 'role'.\n"


def test_a_missing_data_folder(tmp_path, monkeypatch):
    toy.write(tmp_path / "nb", "03_scale")
    own_notebooks(monkeypatch, tmp_path / "nb")
    told = vrn.invoke(cli.app, ["briefing", "--data", str(tmp_path / "none")])
    assert told.exit_code == 1
    assert "does not exist" in told.stderr


def test_a_fault_of_our_own_is_not_hidden(monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("a fault in the library")

    monkeypatch.setattr(report, "build", fails)
    assert isinstance(vrn.invoke(cli.app, ["briefing"]).exception, RuntimeError)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "{file}: no space left on the disk."),
        (errno.EACCES, "{file}: permission denied."),
        (
            errno.EROFS,
            "{file}: read-only file system.",
        ),
        (errno.EISDIR, "{file}: is a directory."),
    ],
)
def test_what_the_system_refuses_is_said_in_words(tmp_path, monkeypatch, number, said):
    file = tmp_path / "file.csv"

    def fails(*args, **kwargs):
        raise OSError(number, os.strerror(number), str(file))

    monkeypatch.setattr(report, "build", fails)
    told = vrn.invoke(cli.app, ["briefing"])
    assert told.exit_code == 1
    assert told.stderr.startswith(f"Error: {said.format(file=file)}")
    assert "VRN_CACHE" not in told.stderr
    file = tmp_path / "cache" / "sample"
    assert "VRN_CACHE" in vrn.invoke(cli.app, ["briefing"]).stderr


def test_an_interrupted_command_says_what_it_left(monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "build", interrupted)
    told = vrn.invoke(cli.app, ["briefing"])
    assert (told.exit_code, told.stdout) == (130, "")
    assert told.stderr.startswith("Stopped. ")


@pytest.fixture
def _quick_sample(monkeypatch):
    def write(folder, **options):
        (folder / "offences.parquet").write_text(str(options))
        if options.get("rows") == 13:
            raise OSError(errno.ENOSPC, "No space left on device")

    made = types.SimpleNamespace(write=write)
    monkeypatch.setitem(sys.modules, "vrn_analysis.sample", made)
    monkeypatch.setattr("vrn_analysis.sample", made, raising=False)


@pytest.mark.usefixtures("_quick_sample")
def test_the_sample_is_written_where_asked_whole_or_not_at_all(tmp_path):
    output = tmp_path / "a folder's sample"
    told = vrn.invoke(cli.app, ["sample", "--rows", "500", "--output", str(output)])
    assert (told.exit_code, (output / "offences.parquet").read_text()) == (0, "{'rows': 500}")
    assert shlex.split(told.output.partition("Next: ")[2])[-1] == str(output)
    assert output.stat().st_mode & 0o777 == 0o755
    assert vrn.invoke(cli.app, ["sample", "--rows", "0", "--output", "x"]).exit_code == 2
    told = vrn.invoke(cli.app, ["sample", "--rows", "13", "--output", str(tmp_path / "b")])
    assert (told.exit_code, list(tmp_path.iterdir())) == (1, [output])


@pytest.mark.usefixtures("_quick_sample")
def test_the_sample_replaces_nobodys_files(tmp_path, monkeypatch):
    (tmp_path / "assessment.toml").write_text("ours")
    told = vrn.invoke(cli.app, ["sample", "--output", str(tmp_path)])
    assert told.exit_code == 1
    assert "other files in it (assessment.toml)" in told.stderr
    assert [file.read_text() for file in tmp_path.iterdir()] == ["ours"]
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert "is the current folder" in vrn.invoke(cli.app, ["sample", "--output", "."]).stderr


def test_notebooks_are_only_rewritten_in_a_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CHECKOUT", tmp_path)
    told = vrn.invoke(cli.app, ["notebooks"])
    assert told.exit_code == 1
    assert "clone of the repository" in told.stderr


def test_where_a_briefing_goes_unless_told(tmp_path, monkeypatch):
    assert cli._default_output(None) == config.CHECKOUT / "reports" / "briefing"
    # a part has a folder of its own: it never replaces the whole
    assert cli._default_output(["3"]) == config.CHECKOUT / "reports" / "briefing_03"
    monkeypatch.setattr(config, "CHECKOUT", tmp_path)
    assert cli._default_output(None) == Path("vrn_briefing")
