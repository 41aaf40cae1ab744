"""What every `vrn` command does with an error that the analyst can mend."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error the analyst can mend into one message and exit code 1."""
    import duckdb  # heavy: `vrn --help` must not wait for it

    from vrn_analysis.errors import AssessmentError

    try:
        yield
    except (AssessmentError, duckdb.Error, OSError) as fault:
        typer.echo(f"Error: {fault}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was changed.", err=True)
        raise typer.Exit(130) from None
