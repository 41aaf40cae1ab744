"""What went wrong in a notebook, told without showing anybody's data."""

import re
from dataclasses import dataclass

from vrn_analysis.core import errors

# the messages of these are written for the reader, and tests hold them free of data rows
OURS = frozenset(
    name for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.AssessmentError)
) | {"AssertionError"}  # fmt: skip
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
COLUMN = re.compile(r"[a-z][a-z0-9_]*")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
MOST_LETTERS = 300


@dataclass(frozen=True)
class Failure:
    """Where a notebook stopped, and why; `trace` is for the log."""

    notebook: str
    cell: str
    message: str
    trace: str = ""

    @property
    def place(self) -> str:
        """The notebook, and the number its cell has in Jupyter."""
        return f"{self.notebook} cell {self.cell}" if self.cell else self.notebook

    def __str__(self) -> str:
        """Return place and message on one line."""
        return f"{self.place}: {self.message}"


def _masked(quoted: re.Match) -> str:
    # a column's name helps to mend the fault; any other quoted text may be somebody's data
    return quoted[0] if COLUMN.fullmatch(quoted[0][1:-1]) else "'…'"


def safe_message(kind: str, message: str) -> str:
    """
    Return an exception's message without anything that could be a row of data.

    The library's own errors are written for the reader and stay whole. Of any other, the first
    line stays, with quoted text hidden unless it is the name of a column, and numbers hidden.
    """
    if kind in OURS:
        return message.strip() or kind
    first = message.strip().split("\n", 1)[0][:MOST_LETTERS]
    return f"{kind}: {re.sub(r'[0-9]+', '…', QUOTED.sub(_masked, first))}" if first else kind


def safe_trace(traceback: list[str], *, message: str) -> str:
    """Return a traceback's places and lines of code; its last line is the safe message."""
    lines = COLOUR.sub("", "\n".join(traceback)).split("\n")
    code = [line for line in lines if re.match(r"\s*(-+>\s*)?\d+ |File |Cell In|[^\s:]+\.py", line)]
    return "\n".join([*code, message])
