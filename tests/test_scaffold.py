"""A new assessment's folder: settings that are read, nothing replaced, nothing injected."""

import re
import subprocess
import tomllib

import pandas as pd
import pytest
from typer.testing import CliRunner

from vrn_analysis.briefing.content import commentary, published
from vrn_analysis.commands import new
from vrn_analysis.commands.cli import app
from vrn_analysis.core.config import load_settings
from vrn_analysis.core.errors import SettingsError


def test_what_is_written_is_read_as_settings(tmp_path):
    new.write(tmp_path, area_name="Aldersea", force="aldersea")
    settings = load_settings(tmp_path / "assessment.toml")
    assert (settings.kind, settings.area_name, settings.force) == ("force", "Aldersea", "aldersea")
    assert set(settings.sources) == {"offences", "persons"}


NAMES = ['"The Shire"', "A\\B", "Sant Môr", "<script>", "$x ${y}", "a" * 200]
OFFERED = ("# [", "# path", "# columns", "# from", "# to =")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_an_area_is_read_back_as_it_was(tmp_path, name):
    new.write(tmp_path, area_name=name)
    assert load_settings(tmp_path / "assessment.toml").area_name == name


def test_every_source_that_is_offered_is_settings_when_its_mark_is_taken_away(tmp_path):
    new.write(tmp_path, area_name="Aldersea")
    file = tmp_path / "assessment.toml"
    lines = file.read_text().splitlines()
    lines = [line.removeprefix("# ") if line.startswith(OFFERED) else line for line in lines]
    assert len(tomllib.loads("\n".join(lines))["sources"]) == 10
    file.write_text("\n".join(lines))
    assert load_settings(file).period


def test_nothing_that_is_there_is_replaced(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(SettingsError, match=r"README\.md already"):
        new.write(tmp_path, area_name="Aldersea")
    assert [file.name for file in tmp_path.iterdir()] == ["README.md"]


def test_git_sees_the_settings_and_the_commentary_only(tmp_path):
    new.write(tmp_path, area_name="Aldersea")
    (tmp_path / "extract.csv").write_text("secret")
    (tmp_path / "briefing").mkdir()
    (tmp_path / "briefing" / "index.html").write_text("real")
    (tmp_path / "commentary" / "04.md").write_text("what we make of it")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    done = subprocess.run(
        ["git", "ls-files"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) == {
        ".gitignore", "README.md", "assessment.toml", "commentary/03.md", "commentary/04.md",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_commentary_is_commentary_with_nothing_to_warn_of(tmp_path, name):
    new.write(tmp_path, area_name=name)
    one = commentary.read(tmp_path, chapters=["03"])["03"]
    assert (one.status, one.date.year) == ("example", 2024)
    if not re.search(r"\d", name):
        known = published.Published({"03_x": pd.DataFrame({"n": ["1000"]})})
        assert commentary.warnings({"03": one}, known) == []


def test_the_command_says_what_to_do_next(tmp_path):
    result = CliRunner().invoke(app, ["new", str(tmp_path / "ours"), "--area-name", "Aldersea"])
    assert result.exit_code == 0, result.output
    assert "vrn map" in result.output
    again = CliRunner().invoke(app, ["new", str(tmp_path / "ours")])
    assert again.exit_code == 1
    assert "already" in again.output
