"""The commands `vrn template` and `vrn compare`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import shown, write_whole

Mapped = Annotated[
    Path | None, typer.Option(help="Mapping of both extracts. None: data dictionary columns.")
]


def template(
    partner: Annotated[
        str,
        typer.Argument(
            help="police, emergency_department, ambulance, hospital, council, public_health, or a "
            "table."
        ),
    ],
    output: Annotated[Path | None, typer.Option(help="Folder. Default: template_PARTNER.")] = None,
) -> None:
    """Write the template and data specification to send to a partner."""
    with plain_errors():
        from vrn_analysis.read import templates

        files = templates.write(partner, output or Path(f"template_{partner}"))
    typer.echo(f"Written: {', '.join(map(shown, files))}.")


def _opened(connection: Any, file: Path, mapped: Path | None) -> Any:
    from vrn_analysis.core.contracts import OFFENCES
    from vrn_analysis.count.assessment import extracts
    from vrn_analysis.read import checks

    if mapped is None:
        return checks.read(connection, file, OFFENCES).table
    return extracts.read(connection, file, OFFENCES, mapped=mapped).table


def compare(
    old: Annotated[Path, typer.Argument(help="Earlier extract.")],
    new: Annotated[Path, typer.Argument(help="Later extract.")],
    by: Annotated[str, typer.Option(help="Column whose groups to compare.")] = "offence_code",
    definition: Annotated[
        str | None,
        typer.Option(help="Definition to apply first, with --by outcome or crime_group."),
    ] = None,
    mapping: Mapped = None,
    output: Annotated[Path | None, typer.Option(help="CSV file to write the table to.")] = None,
) -> None:
    """Split the change between two extracts into late, re-classified, cancelled and new records."""
    with plain_errors():
        from vrn_analysis.core import definition as definitions
        from vrn_analysis.core import engine
        from vrn_analysis.count import classify
        from vrn_analysis.count import compare as extracts

        with engine.connect() as connection:
            tables = [_opened(connection, file, mapping) for file in (old, new)]
            if definition:
                chosen = definitions.load(definition)
                tables = [
                    connection.create_table(
                        name, classify.classify(table, None, definition=chosen), temp=True
                    )
                    for name, table in zip(("old_extract", "new_extract"), tables, strict=True)
                ]
            changes = extracts.compare(*tables, by=by)
        if output:
            write_whole(output, changes.to_csv(index=False, lineterminator="\n"))
    typer.echo(changes.to_string(index=False))
    typer.echo("For internal use only: no disclosure control was applied to these counts.")
