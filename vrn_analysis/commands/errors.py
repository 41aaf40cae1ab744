"""Errors of `vrn` commands that an analyst can correct."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import pandas as pd


def _in_words(fault: OSError) -> str:
    from vrn_analysis.core import config
    from vrn_analysis.core.errors import in_words

    cached = fault.filename and Path(fault.filename).is_relative_to(config.cache_folder())
    hint = " Set the environment variable VRN_CACHE to use another folder for the cache."
    return in_words(fault) + (hint if cached else "")


def problem_lines(found: "pd.DataFrame") -> list[str]:
    """Return a table of problems as lines, with missing columns on one line for each table."""
    from vrn_analysis.read import checks

    lacking = found["problem"] == "column is missing"
    lines = checks.explain(found[~lacking]).splitlines()
    for table, rows in found[lacking].groupby("table", sort=False):
        lines.append(f"{table}: {len(rows)} columns are missing: {', '.join(rows['column'])}")
    return lines


@contextmanager
def plain_errors(*, stopped: str = "Nothing was changed.") -> Iterator[None]:
    """
    Turn an error that an analyst can correct into one message and exit code 1.

    Parameters
    ----------
    stopped
        What to say when the command is interrupted.
    """
    import duckdb  # heavy: `vrn --help` must not wait for it

    from vrn_analysis.core.errors import AssessmentError

    try:
        yield
    except (AssessmentError, duckdb.Error) as fault:
        full = isinstance(fault, duckdb.Error) and "No space left" in str(fault)
        remedy = " Free some disk space, or choose another folder." if full else ""
        typer.echo(f"Error: {fault}{remedy}", err=True)
        raise typer.Exit(1) from None
    except OSError as fault:
        typer.echo(f"Error: {_in_words(fault)}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo(f"Stopped. {stopped}", err=True)
        raise typer.Exit(130) from None
