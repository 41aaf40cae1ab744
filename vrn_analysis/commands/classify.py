"""The commands `vrn classify` and `vrn definition`."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from vrn_analysis.commands.errors import plain_errors, problem_lines
from vrn_analysis.commands.paths import own_folder, shown

MADE = ("classified.parquet", "waterfall.csv", "problems.csv", "SENSITIVE.txt")
LABELS = (
    "offence_id", "outcome", "first_reason", "all_reasons", "flags", "class_code", "offence_type",
    "crime_group", "place_class", "age_focus", "age_focus_victim", "age_focus_suspect",
)  # fmt: skip
PRIVATE = "labelled records need their own folder, which only you can read."
NOTICE = """SENSITIVE. classified.parquet has one row for each recorded crime, with its identifier.
Keep it where only people who may see the police extract can read it. Do not publish it or the
counts in this folder: no disclosure control has been applied.

Made by `vrn classify` with the definition {name} (SHA-256 {digest}).
"""

Name = Annotated[str, typer.Argument(help="Name of a definition in the package, or a .toml file.")]


def _areas(given: Sequence[str] | None) -> list[str] | None:
    """Return the codes given one by one, or in a file with a column `lsoa_code`."""
    import pandas as pd

    from vrn_analysis.core.errors import DataError

    if not given:
        return None
    codes: list[str] = []
    for item in given:
        file = Path(item)
        if not file.is_file():
            codes.append(item)
            continue
        table = pd.read_csv(file, dtype="str")
        if "lsoa_code" not in table:
            raise DataError(f"{file} has no column 'lsoa_code'; it has {', '.join(table)}.")
        codes += table["lsoa_code"].dropna().unique().tolist()
    return codes


def _period(first: str | None, last: str | None) -> tuple[str, str] | None:
    return (first or "0001-01-01", last or "9999-12-31") if first or last else None


def _checked(connection: Any, offences: Path, persons: Path | None) -> tuple:
    """Return both tables as read, and all their problems."""
    import pandas as pd

    from vrn_analysis.core.contracts import OFFENCES, PERSONS
    from vrn_analysis.read import checks

    crimes = checks.read(connection, offences, OFFENCES)
    if persons is None:
        return crimes.table, None, crimes.problems
    people = checks.read(connection, persons, PERSONS)
    pair = checks.check_pair(crimes.table, people.table)
    found = pd.concat([crimes.problems, people.problems, pair], ignore_index=True)
    return crimes.table, people.table, found


def _codes_unknown(classified: Any, total: int) -> Any:
    """Return the codes and titles that have no class, as problems by reason."""
    from vrn_analysis.count import classify
    from vrn_analysis.count.classify.reasons import BY_CODE
    from vrn_analysis.read.checks.problems import HOW_MANY_EXAMPLES, frame, row

    unknown = classify.unmapped(classified).dropna(subset=["reason"])
    names = [name for name in unknown.columns if name not in ("reason", "records")]
    spelt = unknown[names].fillna("").agg(" ".join, axis="columns").str.split().str.join(" ")
    rows = []
    for reason, some in unknown.assign(spelt=spelt).groupby("reason", sort=False):
        counts = some.groupby("spelt", sort=False)["records"].sum()
        rows.append(row(
            "offences", "offence_code", BY_CODE[reason].label.lower(),
            int(counts.sum()), total, examples=", ".join(
                f"{code!r} ({n:,})" for code, n in counts.head(HOW_MANY_EXAMPLES).items()
            ),
            remedy=f"classified UNKNOWN ({len(counts)} spellings): correct them at the source",
        ))  # fmt: skip
    return frame(rows)


def _write(connection: Any, classified: Any, problems: Any, folder: Path) -> list[str]:
    """Write the labels, waterfall and problems; return a summary in lines."""
    import pandas as pd

    from vrn_analysis.core import engine
    from vrn_analysis.count import classify

    # counts come from the written file, so that records are classified once
    labels = classified.select(*LABELS)
    written = engine.write_parquet(connection, labels, folder / "classified.parquet")
    steps = classify.waterfall(written)
    steps.to_csv(folder / "waterfall.csv", index=False)
    total, undecided = int(steps["records"].iloc[0]), set(steps["reason"])
    if any(reason.startswith("R3_code") for reason in undecided):
        problems = pd.concat([problems, _codes_unknown(classified, total)], ignore_index=True)
    problems.to_csv(folder / "problems.csv", index=False)
    counts = classify.bounds(written).iloc[0]
    told = [
        f"{counts['count']:,} records count; {counts['count_with_unknown']:,} if every record that "
        f"could not be classified also counted. problems.csv lists {len(problems)} kinds of data "
        "problem.",
        *problem_lines(problems),
    ]
    if not counts["count"]:
        most = steps[1:-1].sort_values("records", ascending=False, kind="stable").head(3)
        why = "; ".join(f"{row.records:,} {row.label}" for row in most.itertuples())
        told.append(f"No record of {total:,} counts: {why}.")
    return told


def classify(
    offences: Annotated[Path, typer.Option(help="CSV or Parquet, a row for each crime.")],
    output: Annotated[Path, typer.Option(help="New folder for the labelled records.")],
    persons: Annotated[
        Path | None, typer.Option(help="CSV or Parquet, one row for each victim or suspect.")
    ] = None,
    definition: Annotated[str, typer.Option(help="Definition name or .toml file.")] = "llr_2020",
    engine: Annotated[str, typer.Option(help="Engine: duckdb or spark.")] = "duckdb",
    engine_url: Annotated[
        str | None, typer.Option(help="Master of a Spark cluster. Default: this machine.")
    ] = None,
    memory_limit: Annotated[
        str | None, typer.Option(help="Memory limit for DuckDB, such as 1GB.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day to count, YYYY-MM-DD.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day to count, YYYY-MM-DD.")] = None,
    area: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE", help="Small area to count, or a CSV with lsoa_code. Can be repeated."
        ),
    ] = None,
    blank_means_no: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Column where blank means no. Can be repeated."),
    ] = None,
) -> None:
    """Classify each record against a definition and give the reasons."""
    with plain_errors():
        from vrn_analysis.core import definition as definitions
        from vrn_analysis.core import engine as engines
        from vrn_analysis.count import classify as rules

        chosen = definitions.load(definition)
        with (
            engines.connect(engine, url=engine_url, memory_limit=memory_limit) as connection,
            own_folder(output, is_ours=lambda file: file.name in MADE, why=PRIVATE) as aside,
        ):
            crimes, people, problems = _checked(connection, offences, persons)
            classified = rules.classify(
                crimes,
                people,
                definition=chosen,
                period=_period(first, last),
                area_codes=_areas(area),
                blank_means_no=blank_means_no or (),
            )
            told = _write(connection, classified, problems, aside)
            notice = NOTICE.format(name=chosen.name, digest=chosen.digest)
            (aside / "SENSITIVE.txt").write_text(notice, encoding="utf-8")
            for file in aside.rglob("*"):  # Spark writes a folder
                file.chmod(0o700 if file.is_dir() else 0o600)
    typer.echo("\n".join(told))
    # Windows gives a folder the rights of the one that it is in
    who = "Whoever can read the folder around it" if os.name == "nt" else "Only you"
    typer.echo(f"Written to {shown(output)}. {who} can read this folder.")


definitions_app = typer.Typer(
    help="Read, compare and check definitions of serious violence.", no_args_is_help=True
)


@definitions_app.command(epilog="Example: vrn definition describe llr_2020")
def describe(name: Name = "llr_2020") -> None:
    """Describe a definition in plain English."""
    with plain_errors():
        from vrn_analysis.core import definition

        typer.echo(definition.describe(definition.load(name)))


@definitions_app.command(epilog="Example: vrn definition difference llr_2020 ours.toml")
def difference(a: Name, b: Name) -> None:
    """List the rules that differ between two definitions."""
    with plain_errors():
        from vrn_analysis.core import definition

        gaps = definition.difference(definition.load(a), definition.load(b))
    if gaps.empty:
        typer.echo(f"{a} and {b} have the same rules.")
    for gap in gaps.itertuples():
        typer.echo(f"{gap.rule}\n  {a}: {gap.a}\n  {b}: {gap.b}")


@definitions_app.command(epilog="Example: vrn definition check ours.toml")
def check(name: Name) -> None:
    """Check a definition file and list all its mistakes."""
    with plain_errors():
        from vrn_analysis.core import definition

        found = definition.load(name)
    typer.echo(f"{found.file} is valid. It covers {len(found.classes)} classes of offence.")
