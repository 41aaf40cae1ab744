"""The command `vrn map`: how an extract is read, as a file to check and keep."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from vrn_analysis.cli_errors import plain_errors
from vrn_analysis.cli_paths import shown, write_whole

MOST_QUESTIONS = 5


def _answers(given: Sequence[str]) -> dict[str, str]:
    from vrn_analysis.errors import DataError

    if wrong := [one for one in given if "=" not in one]:
        raise DataError(f"--answer {wrong[0]!r} has no =. Write KEY=ANSWER, as vrn map prints it.")
    # a label may hold an equals sign, an answer does not
    return dict(one.rsplit("=", 1) for one in given)


def _ask(questions: Sequence[Any]) -> dict[str, str]:
    """Ask on the terminal; an empty answer takes the default."""
    answers = {}
    for number, question in enumerate(questions, 1):
        typer.echo(f"\n{number}. {question.text}")
        if question.options:
            typer.echo(f"   Answers: {', '.join(question.options)}")
        default = question.default or ("" if question.needed else "leave as not known")
        said = typer.prompt("   Answer", default=default, show_default=bool(default))
        if said != "leave as not known":
            answers[question.key] = said
    return answers


def _told(question: Any) -> str:
    if question.default:
        said = f'Taken: {question.default}. To change: --answer "{question.key}={_other(question)}"'
    else:
        said = f'To answer: --answer "{question.key}=…"'
    return f"{question.text} {said}"


def _other(question: Any) -> str:
    return next((one for one in question.options if one != question.default), "…")


def _show(draft: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from vrn_analysis.drafting import report

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Column", "Read as", "Confidence", "Examples"):
        table.add_column(name, no_wrap=True)
    columns = report.columns_table(draft)
    several = columns["file"].nunique() > 1
    for row in columns.to_dict("records"):
        name = f"{row['file']}: {row['column']}" if several else row["column"]
        table.add_row(name, row["read_as"], row["confidence"], row["examples"])
    width = max(shutil.get_terminal_size((140, 24)).columns, 100)
    console = Console(highlight=False, markup=False, emoji=False, width=width)
    console.print(table)
    for line in report.lines(draft):
        typer.echo(f"- {line}")


def _stop_if_lacking(draft: Any) -> None:
    from vrn_analysis.errors import DataError

    if draft.lacking:
        asked = [question for question in draft.questions if question.needed]
        keys = " and ".join(f'--answer "{question.key}=HEADING"' for question in asked)
        raise DataError(
            f"Not written: no column was found for {', '.join(draft.lacking)}. The rest was "
            f"recognised. Name the columns: {keys}."
        )


def _mapped(
    extract: Path, earlier: Any, *, heading: Sequence[int], given: dict[str, str], ask: bool
) -> tuple[Any, list[str]]:
    """Return a draft with every answer in it, and what an update changed."""
    from vrn_analysis.drafting import draft as drafts
    from vrn_analysis.drafting.update import updated

    answers = (dict(earlier.answers) if earlier else {}) | given
    draft = drafts.draft(extract, heading=heading, answers=answers)
    open_questions = [one for one in draft.questions if one.key not in answers]
    if ask and open_questions:
        _show(draft)
        answers |= _ask(open_questions[:MOST_QUESTIONS])
        draft = drafts.draft(extract, heading=heading, answers=answers)
    return updated(draft, earlier) if earlier else (draft, [])


def map_extract(
    extract: Annotated[
        Path, typer.Argument(help="CSV, text, Excel or Parquet; a folder or zip of them.")
    ],
    output: Annotated[
        Path | None, typer.Option(help="The mapping to write; default: mapping.toml beside it.")
    ] = None,
    heading: Annotated[
        list[int] | None,
        typer.Option(metavar="LINE", help="Line of the heading; repeat it to join two lines."),
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=ANSWER", help="Answer a question; can be repeated."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Keep an earlier mapping and show what is new.")
    ] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing.")] = False,
    page: Annotated[
        Path | None, typer.Option("--report", help="HTML page to write the report to.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a mapping.")] = False,
) -> None:
    """Draft a column mapping for a police extract."""
    with plain_errors():
        from vrn_analysis.drafting import report
        from vrn_analysis.errors import DataError
        from vrn_analysis.sources import mapping

        output = output or extract.absolute().parent / "mapping.toml"
        if output.exists() and not (force or update):
            raise DataError(f"{output} exists. Use --update to keep it, or --force to replace it.")
        earlier = mapping.load(output) if update else None
        draft, changes = _mapped(
            extract, earlier, heading=heading or (earlier.heading if earlier else ()),
            given=_answers(answer or []), ask=sys.stdin.isatty() and not no_input,
        )  # fmt: skip
        _show(draft)
        asked = [one for one in draft.questions if one.key not in draft.answers][:MOST_QUESTIONS]
        if page:
            texts = [question.text for question in asked]
            write_whole(page, report.page(draft, extract=extract.name, questions=texts))
        for number, question in enumerate(asked, 1):
            typer.echo(f"{number}. {_told(question)}")
        _stop_if_lacking(draft)
        text = report.toml(draft, extract=extract.name, words=earlier.words if earlier else None)
        write_whole(output, text)
        mapping.load(output)
    for change in changes:
        typer.echo(f"Changed: {change}")
    typer.echo(
        f"Wrote {shown(output)}: {', '.join(draft.tables)}; {len(asked)} questions. Check it. "
        "Then write under [sources.offences] and [sources.persons] of assessment.toml in the data "
        f'folder (vrn new makes one): path = "{extract.name}" and extract = "{output.name}".'
    )


def register(app: typer.Typer) -> None:
    """Add this command to the `vrn` command."""
    app.command("map", epilog="Example: vrn map ours/extract.csv")(map_extract)
