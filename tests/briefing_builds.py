"""Build a briefing as a user does."""

from concurrent.futures import ThreadPoolExecutor

from typer.testing import CliRunner

from vrn_analysis.commands.cli import app


def build(output, *options):
    asked = ["briefing", "--output", str(output), *options]
    # in a thread of its own: a test of pages may hold the loop that notebooks are run in
    with ThreadPoolExecutor(1) as aside:
        result = aside.submit(CliRunner().invoke, app, asked).result()
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return output
