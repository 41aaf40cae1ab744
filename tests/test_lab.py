"""`vrn lab` and packages that are not installed."""

import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from typer.testing import CliRunner

from vrn_analysis.briefing import assembly
from vrn_analysis.commands import lab
from vrn_analysis.commands.cli import app
from vrn_analysis.core import engine, extras
from vrn_analysis.core.config import CHECKOUT
from vrn_analysis.core.errors import AssessmentError


def test_copies_have_no_outputs_and_what_a_user_has_stays(tmp_path):
    (tmp_path / "12_briefing.ipynb").write_text("mine")
    written = lab.copy_notebooks(tmp_path)
    shipped = list((CHECKOUT / "notebooks").rglob("*.ipynb"))
    assert len(written) == len(shipped) - 1
    cells = [cell for file in written for cell in nbformat.read(file, as_version=4).cells]
    assert not any(cell.get("outputs") for cell in cells)
    assert (tmp_path / "12_briefing.ipynb").read_text() == "mine"
    assert lab.copy_notebooks(tmp_path) == []


def test_jupyterlab_is_started_on_the_folder_with_the_data(tmp_path, monkeypatch):
    started = {}

    def run(command, *, env, check):
        started.update(command=command, data=env["VRN_DATA"])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    asked = ["lab", str(tmp_path / "ours"), "--data", str(tmp_path)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert started["command"][:3] == [sys.executable, "-m", "jupyterlab"]
    assert started["command"][-1] == str(tmp_path / "ours")
    assert started["data"] == str(tmp_path.resolve())


@pytest.fixture
def absent(monkeypatch):
    """Take away the packages of the extras."""
    find = extras.find_spec
    gone = {"docx", "ipywidgets", "jupyterlab", "pptx", "pyspark"}
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name in gone else find(name))


def test_a_missing_package_is_named_with_the_command_that_installs_it(absent, tmp_path):
    result = CliRunner().invoke(app, ["lab", str(tmp_path / "made")])
    assert result.exit_code == 1
    assert 'pip install "vrn-analysis[lab]"' in result.output
    assert not (tmp_path / "made").exists()
    with pytest.raises(AssessmentError, match=r"vrn-analysis\[spark\]"), engine.connect("spark"):
        pass


def test_an_edition_says_what_it_is_made_without(absent):
    plan = SimpleNamespace(edition=SimpleNamespace(parts="whole"))
    warnings = " ".join(assembly._made_without(plan))
    assert "vrn-analysis[slides]" in warnings
    assert "vrn-analysis[word]" in warnings
    easy = SimpleNamespace(edition=SimpleNamespace(parts=assembly.EASY))
    assert "slides" not in " ".join(assembly._made_without(easy))


def test_duckdb_opens_without_the_widgets_of_its_progress_bar(absent):
    with engine.connect() as connection:
        assert connection.raw_sql("SELECT 1").fetchone() == (1,)
