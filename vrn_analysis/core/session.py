"""What a run is asked for from outside: the only place where an environment variable is read."""

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

VARIABLES = {
    "data": "VRN_DATA",
    "edition": "VRN_EDITION",
    "output": "VRN_OUTPUT",
    "secret": "VRN_LEDGER_SECRET",
}


@dataclass(frozen=True)
class Session:
    """
    What one run is asked for.

    `data` is the data folder (None means the sample), `edition` what an edition of the briefing
    changes in the settings, as JSON, `output` the folder for tables (None keeps none), `secret`
    that of the data folder, as hexadecimal (None where nobody gave one), and `today` the day of the
    run.
    """

    data: Path | None = None
    edition: str = ""
    output: Path | None = None
    secret: str | None = None
    today: date = field(default_factory=date.today)

    def variables(self) -> dict[str, str]:
        """Return the environment variables that ask another process for the same."""
        folders = {"data": self.data, "output": self.output}
        asked = {name: str(folder.resolve()) for name, folder in folders.items() if folder}
        asked |= {"edition": self.edition} if self.edition else {}
        asked |= {} if self.secret is None else {"secret": self.secret}
        return {VARIABLES[name]: value for name, value in asked.items()}


def current() -> Session:
    """Return what this process is asked for."""
    asked = {name: os.environ.get(variable) for name, variable in VARIABLES.items()}
    folders = {name: Path(asked[name]) if asked[name] else None for name in ("data", "output")}
    return Session(edition=asked["edition"] or "", secret=asked["secret"], **folders)


def setting(name: str) -> str:
    """Return a setting of this machine, such as `VRN_CACHE`; "" where it is not set."""
    return os.environ.get(name, "")
