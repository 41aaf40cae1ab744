"""`python -m vrn_analysis`, where `vrn` is on no path."""

from vrn_analysis.commands.cli import app

app(prog_name="vrn")
