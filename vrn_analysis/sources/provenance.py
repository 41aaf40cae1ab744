"""Where the numbers come from: every file of a run with its producer, licence, size and hash."""

import hashlib
from pathlib import Path

import pandas as pd

from vrn_analysis.config import Settings
from vrn_analysis.sources.files import locate

WORDS = ("title", "producer", "licence", "published", "accessed", "covers", "sensitivity")


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def sources(folder: Path, settings: Settings) -> pd.DataFrame:
    """
    Return the register of sources: one row a file.

    Returns
    -------
    register
        `source, file, title, producer, licence, published, accessed, covers, sensitivity, bytes,
        sha256`; a word the settings do not give is "not stated".
    """
    rows = []
    for name, source in settings.sources.items():
        for file in locate(folder, settings, name):
            words = {word: str(source.get(word, "not stated")) for word in WORDS}
            rows.append(
                {"source": name, "file": file.relative_to(folder).as_posix()}
                | words
                | {"bytes": file.stat().st_size, "sha256": sha256(file)}
            )
    return pd.DataFrame(rows)
