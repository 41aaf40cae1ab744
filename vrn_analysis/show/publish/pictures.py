"""The charts of a run as SVG in its output folder, from which a briefing takes those it shows."""

import hashlib
import json
from pathlib import Path

from vrn_analysis.core import session
from vrn_analysis.show.figures import Chart

FOLDER = "charts"


def file(output: Path, words: str) -> Path:
    """
    Return where a chart's SVG is kept.

    Parameters
    ----------
    output
        The output folder of the notebook.
    words
        The chart as plain text: a notebook keeps that beside the picture, and so tells which it is.
    """
    return output / FOLDER / f"{hashlib.sha256(words.encode()).hexdigest()[:16]}.svg"


def save(drawn: Chart) -> None:
    """
    Keep a chart as SVG in the output folder (`VRN_OUTPUT`), where there is one.

    Beside it are, as JSON, the numbers of a chart that slides can draw themselves.
    """
    if output := session.current().output:
        kept = file(output, repr(drawn))
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(drawn.svg())
        if drawn.native:
            kept.with_suffix(".json").write_text(json.dumps(drawn.native), encoding="utf-8")
