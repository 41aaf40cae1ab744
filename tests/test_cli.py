"""The `vrn` command: one clear message and exit code 1, never a traceback."""

import sys
import types
from pathlib import Path

import briefing_notebooks as toy
import pytest
from typer.testing import CliRunner

from vrn_analysis import cli, config
from vrn_analysis.briefing import cache, notebooks, printing, report
from vrn_analysis.errors import DataError

vrn = CliRunner()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    monkeypatch.setattr(printing, "browser", lambda: "")


def own_notebooks(monkeypatch, folder):
    found = notebooks.find
    monkeypatch.setattr(notebooks, "find", lambda _, only=(): found(folder, only=only))


def test_help_names_every_command():
    told = vrn.invoke(cli.app, ["--help"])
    assert told.exit_code == 0
    for command in ("briefing", "notebooks", "sample"):
        assert command in told.output


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
    assert lines[3] == "It has no PDF; briefing.log beside it says why."
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


def test_the_sample_is_written_where_asked(tmp_path, monkeypatch):
    asked = []
    made = types.SimpleNamespace(write=lambda folder, **options: asked.append((folder, options)))
    monkeypatch.setitem(sys.modules, "vrn_analysis.sample", made)
    monkeypatch.setattr("vrn_analysis.sample", made, raising=False)
    output = tmp_path / "sample"
    assert vrn.invoke(cli.app, ["sample", "--output", str(output)]).exit_code == 0
    assert vrn.invoke(cli.app, ["sample", "--rows", "500", "--output", str(output)]).exit_code == 0
    assert asked == [(output, {}), (output, {"rows": 500})]
    assert vrn.invoke(cli.app, ["sample", "--rows", "0", "--output", "x"]).exit_code == 2


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
