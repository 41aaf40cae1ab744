"""What is counted: the definition in one sentence, and as its file writes it."""

from IPython.display import Markdown

from vrn_analysis.core import facts
from vrn_analysis.core.definition import Definition, describe
from vrn_analysis.core.facts import Label
from vrn_analysis.say.findings import words


def definition_said(definition: Definition) -> Markdown:
    """
    Say in one sentence what is counted.

    Parameters
    ----------
    definition
        The definition of the run; the first of its notes says it in plain words.
    """
    plain = f" {Label(definition.notes[0])}" if definition.notes else ""
    listed = facts.made(classes=len(definition.classes)).classes
    return words.said(
        f"The definition is *{Label(definition.title)}*. It lists {listed} classes of offence."
        f"{plain}"
    )


def definition_rules(definition: Definition) -> Markdown:
    """Return every rule of a definition in plain English, written from its file."""
    # the numbers of a definition are codes, ages and dates
    _, rules = describe(definition).split("\n", 1)
    return words.said(f"{Label(rules)}")
