"""Keep the part of a download that has arrived, hidden until the file is complete."""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import requests
from rich.filesize import decimal as in_words

from vrn_analysis.core import scratch
from vrn_analysis.core.errors import NO_SPACE, FetchError

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class Changed(Exception):
    """The publisher's file is no longer the one of which a part has arrived."""


class Part:
    """
    The part of one file that has arrived, and the proof that the rest belongs to it.

    The validator is the publisher's strong ETag, or the time of last change; without either a part
    is never continued, because its other half might be of another edition.
    """

    def __init__(self, target: Path, address: str) -> None:
        self.target, self.address = target, address
        self.path = target.with_name(f".{target.name}.part")
        self._about = target.with_name(f".{target.name}.part.json")
        self.validator, self.total = "", None
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads(self._about.read_text(encoding="utf-8"))
            if known["address"] == address:
                self.validator, self.total = str(known["validator"]), known["total"]

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return self.path.stat().st_size if self.path.exists() else 0

    def headers(self) -> dict[str, str]:
        """Return the headers that request the rest of the same file, or all of it."""
        if not (self.validator and self.size):
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def begin(self, response: requests.Response) -> None:
        """
        Read the headers of the response, and delete a part that does not belong to it.

        Raises
        ------
        Changed
            If the publisher sends the rest of another file.
        FetchError
            If there is no room for it.
        """
        if response.status_code == requests.codes.partial_content:
            self._check_rest(response)
        else:
            self.discard()
            plain = "Content-Encoding" not in response.headers
            length = response.headers.get("Content-Length", "")
            self.total = int(length) if plain and length.isdecimal() else None
            self.validator = _validator(response) if plain else ""
        self._check_room()
        self._write_about()

    def _check_rest(self, response: requests.Response) -> None:
        said = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if (
            not said
            or int(said[1]) != self.size
            or _validator(response) not in ("", self.validator)
        ):
            raise Changed
        if self.total not in (None, int(said[2])):
            raise Changed
        self.total = int(said[2])

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.path.parent).free
        if self.total is not None and self.total - self.size > free:
            raise self._no_room(f"{in_words(free)} are free")

    def _no_room(self, why: str) -> FetchError:
        of = f" of {in_words(self.total)}" if self.total else ""
        return FetchError(
            f"There is no room for {self.target}: {in_words(self.size)}{of} have arrived, and "
            f"{why}. Make room and run vrn fetch again: it goes on from there. Or choose another "
            "folder with --output."
        )

    def _write_about(self) -> None:
        known = {"address": self.address, "validator": self.validator, "total": self.total}
        self._about.write_text(json.dumps(known), encoding="utf-8")

    def take(self, pieces: Iterable[bytes]) -> Iterable[int]:
        """
        Add pieces as they arrive, giving each time how many bytes there are.

        Raises
        ------
        FetchError
            If the disk is full; what has arrived is kept.
        """
        try:
            with self.path.open("ab") as file:
                size = file.tell()
                for piece in pieces:
                    size += file.write(piece)
                    yield size
        except requests.RequestException:  # also an OSError, but not of the disk
            raise
        except OSError as fault:
            if fault.errno in NO_SPACE:
                raise self._no_room("the disk is full") from None
            raise

    def discard(self) -> None:
        """Delete what has arrived."""
        for file in (self.path, self._about):
            file.unlink(missing_ok=True)
        self.validator, self.total = "", None

    def finish(self) -> None:
        """Move the complete file into its place."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        scratch.move(self.path, self.target)
        self._about.unlink(missing_ok=True)


def _validator(response: requests.Response) -> str:
    tag = response.headers.get("ETag", "")
    # a weak tag says "as good as the same", which is not enough to join two halves
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
