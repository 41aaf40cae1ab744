"""What a Board is told first: the definition in one sentence."""

from IPython.display import Markdown

from vrn_analysis.definition import Definition
from vrn_analysis.findings import words


def definition_said(definition: Definition) -> Markdown:
    """
    Say in one sentence what is counted.

    Parameters
    ----------
    definition
        The definition of the run; the first of its notes says it in plain words.
    """
    plain = f" {definition.notes[0]}" if definition.notes else ""
    return words.said(
        f"Counted by *{definition.title}*, which lists {len(definition.classes)} classes of "
        f"offence.{plain}",
        classes=len(definition.classes),
    )
