"""The tutorial's commands, typed as they stand, lead from a CSV to a briefing."""

import re
import shlex
import shutil

import pytest
from typer.testing import CliRunner

from vrn_analysis.commands.cli import app
from vrn_analysis.core.config import CHECKOUT

TEXT = (CHECKOUT / "docs" / "tutorial.md").read_text(encoding="utf-8")
TYPED = [
    line.removeprefix("$ ")
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
]
[SETTINGS] = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def typed(command):
    """Run a command of the tutorial; every notebook would take a minute, so of all, one is run."""
    program, *words = shlex.split(command)
    if program == "cp":
        *files, target = words
        for file in files:
            shutil.copy(file, target)
        return
    if words[0] == "briefing" and "--only" not in words:
        words += ["--only", "12"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, f"{command}: {result.output}"


@pytest.mark.slow
def test_the_tutorial_leads_from_a_csv_to_a_briefing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ours = [line for line in TYPED if line.startswith(("vrn ", "cp "))]
    assert len(ours) == 9
    for command in ours:
        typed(command)
        if command.startswith("cp practice/lookup"):
            with (tmp_path / "ours" / "assessment.toml").open("a", encoding="utf-8") as file:
                file.write(SETTINGS)
    page = (tmp_path / "ours_briefing" / "index.html").read_text(encoding="utf-8")
    assert "Our county" in page
    assert "SYNTHETIC" not in page
    first = (tmp_path / "ours_first_look" / "02_applying_the_definition.html").read_text("utf-8")
    assert "Not in this run" not in first.split("Which records count")[1][:2_000]


def test_every_command_named_in_the_tutorial_is_one():
    commands = set(re.findall(r"`?vrn (\w+)", TEXT)) - {"command"}
    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    assert commands <= known
