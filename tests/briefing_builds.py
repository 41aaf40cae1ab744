"""Build a briefing as a user does."""

from typer.testing import CliRunner

from vrn_analysis.cli import app


def build(output, *options):
    result = CliRunner().invoke(app, ["briefing", "--output", str(output), *options])
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return output
