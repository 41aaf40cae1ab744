"""The command `vrn map`: draft the file that says how to read an extract."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import shown, typed, write_whole
from vrn_analysis.core.config import SETTINGS_FILE

MOST_QUESTIONS = 5
LEAVE = "leave as unknown"


def _answers(given: Sequence[str]) -> dict[str, str]:
    from vrn_analysis.core.errors import DataError

    if wrong := [one for one in given if "=" not in one]:
        raise DataError(f"--answer {wrong[0]!r} has no =. Write KEY=ANSWER, as vrn map prints it.")
    # a label may hold an equals sign, an answer does not
    return dict(one.rsplit("=", 1) for one in given)


def _ask(questions: Sequence[Any]) -> dict[str, str]:
    """Ask on the terminal. Enter alone takes the default."""
    from rich.prompt import Prompt

    answers = {}
    for number, question in enumerate(questions, 1):
        typer.echo(f"\n{number}. {question.text}")
        typer.echo(f"   Answers: {', '.join(question.options)}")
        default = question.default or ("" if question.needed else LEAVE)
        # any column may be named; other questions have a closed list of answers
        closed = None if question.needed else [*question.options, LEAVE]
        said = Prompt.ask(
            "   Answer",
            choices=closed,
            default=default,
            show_default=bool(default),
            show_choices=False,
        )
        if said != LEAVE:
            answers[question.key] = said
    return answers


def _told(question: Any) -> str:
    allowed = f"Answers: {', '.join(question.options)}."
    taken = f" Assumed: {question.default}." if question.default else ""
    return f'{question.text} {allowed}{taken} Use: --answer "{question.key}=ANSWER"'


def _show(draft: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    from vrn_analysis.drafting import report

    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name in ("Column", "Read as", "Confidence", "Examples"):
        # the names of columns are never cut: examples are
        table.add_column(name, no_wrap=True, ratio=None if name != "Examples" else 1)
    columns = report.columns_table(draft)
    if columns["file"].nunique() > 1:
        columns["column"] = columns["file"] + ": " + columns["column"]
    for row in columns.drop(columns="file").itertuples(index=False):
        table.add_row(*row)
    width = max(shutil.get_terminal_size((140, 24)).columns, 100)
    Console(highlight=False, markup=False, emoji=False, width=width).print(table)
    for line in report.lines(draft):
        typer.echo(f"- {line}")


def _stop_if_lacking(draft: Any) -> None:
    from vrn_analysis.core.errors import DataError

    if draft.lacking:
        asked = [question for question in draft.questions if question.needed]
        keys = " and ".join(f'--answer "{question.key}=HEADING"' for question in asked)
        raise DataError(
            f"No mapping written: no column was found for {', '.join(draft.lacking)}. Name "
            f"it, with its heading as in the extract: {keys}. {' '.join(draft.others)}".rstrip()
        )


def _mapped(
    extract: Path, earlier: Any, *, heading: Sequence[int], given: dict[str, str], ask: bool
) -> tuple[Any, list[str]]:
    """Return a draft with every answer applied, and what an update changed."""
    from vrn_analysis.drafting import draft as drafts
    from vrn_analysis.drafting.report import updated

    answers = (dict(earlier.answers) if earlier else {}) | given
    draft = drafts.draft(extract, heading=heading, answers=answers)
    drafts.check_answers(draft, given)
    _show(draft)
    if ask and (said := _ask(_open(draft))):
        given = given | said
        draft = drafts.draft(extract, heading=heading, answers=answers | said)
    return updated(draft, earlier, answered=given) if earlier else (draft, [])


def _open(draft: Any) -> list[Any]:
    return [one for one in draft.questions if one.key not in draft.answers][:MOST_QUESTIONS]


def _kept_words(earlier: Any, draft: Any) -> Any:
    """Return the labels of an earlier mapping, but for those whose answer has changed."""
    return earlier and {
        column: {
            label: word
            for label, word in words.items()
            if earlier.answers.get(key := f"label:{column}:{label}") == draft.answers.get(key)
        }
        for column, words in earlier.words.items()
    }


def _next_step(extract: Path, output: Path, *, people: bool) -> str:
    """Return what to do with a mapping that is written."""
    settings = output.absolute().parent / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8") if settings.exists() else ""
    lines = f'path = "{extract.name}"\nextract = "{output.name}"'
    if lines in text:
        return f"Check it, then: vrn check --data {typed(settings.parent)}"
    into = "[sources.offences] and [sources.persons]"
    if not people:
        into = "[sources.offences] (delete [sources.persons]: no victims or suspects were found)"
    return f"Check it. Then, in {SETTINGS_FILE} (vrn new makes one), under {into}:\n{lines}"


def map_extract(
    extract: Annotated[
        Path, typer.Argument(help="CSV, text, Excel or Parquet file, or a folder or zip of them.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(help="Mapping file to write. Default: mapping.toml beside the extract."),
    ] = None,
    heading: Annotated[
        list[int] | None,
        typer.Option(
            metavar="LINE", help="Line of the headings; 0: none. Repeat to join two lines."
        ),
    ] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=ANSWER", help="Answer to a question. Can be repeated."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Keep the earlier mapping and show what is new.")
    ] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Ask no questions; use the defaults.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--report", help="Also write the report to this HTML page.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the earlier mapping.")] = False,
) -> None:
    """Draft a column mapping for a police extract."""
    with plain_errors():
        from vrn_analysis.core.errors import DataError
        from vrn_analysis.drafting import report
        from vrn_analysis.read.extracts import mapping

        output = output or extract.absolute().parent / "mapping.toml"
        if output.exists() and not (force or update):
            raise DataError(f"{output} exists. Use --update to keep it or --force to replace it.")
        earlier = mapping.load(output) if update else None
        draft, changes = _mapped(
            extract, earlier, heading=heading or (earlier.heading if earlier else ()),
            given=_answers(answer or []), ask=sys.stdin.isatty() and not no_input,
        )  # fmt: skip
        asked = _open(draft)
        if page:
            texts = [question.text for question in asked]
            write_whole(page, report.page(draft, extract=extract.name, questions=texts))
        for number, question in enumerate(asked, 1):
            typer.echo(f"{number}. {_told(question)}")
        _stop_if_lacking(draft)
        text = report.toml(draft, extract=extract.name, words=_kept_words(earlier, draft))
        write_whole(output, text)
        mapping.load(output)
    for change in changes:
        typer.echo(f"Changed: {change}")
    typer.echo(
        f"Written: {shown(output)} ({', '.join(draft.tables)}). Open questions: {len(asked)}."
    )
    typer.echo(
        _next_step(
            extract, output, people=any(table.kind != "offences" for table in draft.tables.values())
        )
    )
