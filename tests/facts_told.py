"""What a sentence or a title says, for tests: its facts by name, and its numerals without one."""

from vrn_analysis.core import facts


def spans_of(said):
    """Return what is known of a sentence or a title."""
    return said.spans if isinstance(said, facts.Said) else said.metadata["facts"]


def told(said):
    """Return the facts of a sentence or a title by name, as its text says them."""
    return {
        span["name"]: span["value"] * span["scale"] for span in spans_of(said) if "name" in span
    }


def loose(said):
    """Return the numerals that are neither a fact, a label nor a constant."""
    text = said if isinstance(said, facts.Said) else said.data
    return [found[0] for found in facts.loose(text, spans_of(said))]
