"""What a briefing is about: the data folder, its settings, and the hash of every file in it."""

import hmac
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vrn_analysis.core import config
from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError
from vrn_analysis.core.fingerprints import HASHES, hashed, read_by_notebooks, secret
from vrn_analysis.count.assessment import prepared

SAMPLE = "sample-"


@dataclass(frozen=True)
class Subject:
    """
    A data folder with its settings.

    `inputs` has one entry a file: its path below the folder, with `bytes` and `sha256`. `changes`
    is what an edition changes in the settings that the folder has; `settings` are changed already.
    `since` is what changed since the last edition, as its pages tell it.
    """

    folder: Path
    settings: Settings
    is_sample: bool
    inputs: dict[str, dict]
    changes: dict[str, Any] = field(default_factory=dict)
    since: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # no edition can be thought of, let alone run, for an audience that no agreement allows
        prepared.require_agreements(self.folder, self.settings)

    def varied(self, **changes: Any) -> "Subject":
        """Return the same data with settings changed, for one edition of the briefing."""
        settings = replace(self.settings, **changes)
        return replace(self, settings=settings, changes=self.changes | changes)

    @property
    def secret(self) -> str:
        """The secret of the data folder, as hexadecimal; of a sample, which is nobody's, none."""
        return "" if self.settings.kind == "sample" else secret(self.folder)

    def keyed_hash(self, content: object) -> str:
        """Return a hash of what JSON can write, that nobody without the data can find by trying."""
        text = json.dumps(content, sort_keys=True, default=str)
        return hmac.new(bytes.fromhex(self.secret), text.encode(), "sha256").hexdigest()

    @property
    def fingerprint(self) -> str:
        """
        What tells this data from other data.

        For the sample it is the hash of what makes it, which its folder is named by: a file of
        shapes holds the time it was written, so its bytes differ from one making to the next. For
        other data it is 16 letters of a hash, with the secret of the folder, of the names and
        contents of all files that a notebook can read.
        """
        if self.is_sample:
            return self.folder.name.removeprefix(SAMPLE)
        return self.keyed_hash(read_by_notebooks(self.inputs))[:16]

    @property
    def stamp(self) -> dict[str, str]:
        """What goes into the metadata of every notebook run on this data."""
        return {"kind": self.settings.kind, "fingerprint": self.fingerprint}


def _settings(folder: Path) -> Settings:
    from vrn_analysis.read.police import street

    own = (folder / config.SETTINGS_FILE).exists()
    return config.find_settings(folder, forces=frozenset() if own else street.forces_in(folder))


def open_subject(data: Path | None) -> Subject:
    """
    Return what a briefing on this data folder is about.

    Parameters
    ----------
    data
        The data folder; None means the sample, which is made on first use.

    Raises
    ------
    SettingsError, DataError
        If the folder is missing or empty, or no settings fit it.
    """
    if data is None:
        from vrn_analysis import sample

        folder = Path(sample.ensure())
    else:
        folder = data.resolve()
    if not folder.is_dir():
        raise DataError(f"The data folder {folder} does not exist. Give another with --data.")
    inputs = hashed(folder, memory=config.cache_folder() / "briefing" / HASHES)
    if not inputs:
        raise DataError(f"The data folder {folder} has no file. Give another with --data.")
    return Subject(folder, _settings(folder), data is None, inputs)
