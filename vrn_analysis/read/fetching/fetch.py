"""
Download an open source from its publisher.

A file is in its place whole, or not at all. What breaks off is continued; what is whole is not
fetched again; what cannot be had is said, with what to do instead.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError
from urllib3.util import Retry

from vrn_analysis import __version__
from vrn_analysis.core.errors import FetchError
from vrn_analysis.core.fingerprints import sha256
from vrn_analysis.read.fetching import fetch_faults, fetched
from vrn_analysis.read.fetching.fetch_part import Changed, Part
from vrn_analysis.read.fetching.register import OpenSource

PIECE = 2**14  # bytes; what has come of a piece when the connection breaks is lost
TIMEOUT = (10, 60)  # seconds to connect, and between two pieces
TRIES = 5  # without a byte more than before
LONGEST_WAIT = 120  # seconds between two tries
BROKEN_OFF = (
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ConnectionError,
    requests.exceptions.ContentDecodingError,
)

Tell = Callable[[str, int, int | None], Any]


@dataclass(frozen=True)
class Fetched:
    """
    One file in its place.

    `how` is "fetched", "unchanged" (it was there, and whole) or "by hand" (somebody put it there).
    """

    source: OpenSource
    file: Path
    bytes: int
    sha256: str
    how: str


class _RetryPolicy(Retry):
    """Retry policy that honours Retry-After, up to `LONGEST_WAIT`."""

    def increment(
        self, method: str | None = None, url: str | None = None, response: Any = None, **more: Any
    ) -> Retry:
        if response is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT:
            raise MaxRetryError(more["_pool"], url)
        return super().increment(method, url, response=response, **more)


@dataclass(frozen=True)
class Client:
    """A session of `requests`, and the seconds between retries."""

    session: requests.Session
    backoff: float


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no user name or password stored on this machine: open data need none."""
    return request


def new_client(*, backoff: float = 1.0) -> Client:
    """
    Return what downloads: it goes through the proxy that the environment names, and tries again.

    It trusts the certificates that the system trusts: a proxy that opens TLS has its own there.

    Parameters
    ----------
    backoff
        Seconds before the first new try; each further one waits twice as long.
    """
    truststore.inject_into_ssl()
    policy = _RetryPolicy(
        total=None, connect=2, read=3, status=TRIES, other=0,
        status_forcelist=fetch_faults.TRY_AGAIN, backoff_factor=backoff, raise_on_status=False,
    )  # fmt: skip
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=policy))
    session.auth = _no_password
    # as it is stored: a part that was packed on the way could not be continued
    session.headers.update(
        {"User-Agent": f"vrn_analysis/{__version__}", "Accept-Encoding": "identity"}
    )
    return Client(session, backoff)


def _receive(source: OpenSource, part: Part, client: Client, tell: Tell) -> None:
    """Request the file, or the rest of it, once, and write what arrives."""
    try:
        response = client.session.get(
            source.address, headers=part.headers(), stream=True, timeout=TIMEOUT
        )
    except requests.RequestException as fault:
        raise fetch_faults.unreachable(source, part, fault) from None
    with response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            raise Changed
        fetch_faults.refuse(source, part.target, response)
        part.begin(response)
        for size in part.take(response.iter_content(PIECE)):
            tell(source.name, size, part.total)


def _download(source: OpenSource, part: Part, client: Client, tell: Tell) -> None:
    """Request the file again as long as more of it arrives each time."""
    most, tries = part.size, 0
    while True:
        reason = None
        try:
            return _receive(source, part, client, tell)
        except Changed:
            part.discard()
        except BROKEN_OFF as fault:
            reason = fault
        tries = 0 if part.size > most else tries + 1
        most = max(most, part.size)
        if tries >= TRIES:
            raise fetch_faults.breaks_off(source, part, reason)
        time.sleep(min(client.backoff * 2**tries, LONGEST_WAIT))


def _check_whole(source: OpenSource, part: Part) -> str:
    """Return the hash of a complete download, or delete it and explain what is wrong."""
    digest, size = sha256(part.path), part.size
    wrong = ""
    if not size:
        wrong = "it is empty"
    elif part.total not in (None, size):
        wrong = f"it has {size:,} bytes, and {part.total:,} were announced"
    elif source.bytes and size != source.bytes:
        wrong = f"it has {size:,} bytes, and the register says {source.bytes:,}"
    elif source.sha256 and digest != source.sha256:
        wrong = f"its SHA-256 is {digest}, and the register says {source.sha256}"
    if wrong:
        part.discard()
        raise fetch_faults.not_the_file(source, part.target, wrong)
    return digest


def _words(source: OpenSource, done: Fetched, *, checked: str = "", on: date) -> dict[str, Any]:
    said = ("title", "producer", "licence", "published", "covers", "sensitivity", "address")
    words = {"source": source.name} | {word: getattr(source, word) for word in said}
    words |= {"accessed": on, "bytes": done.bytes, "sha256": done.sha256, "how": done.how}
    return words | ({"checked": checked} if checked else {})


def _kept(source: OpenSource, folder: Path) -> Fetched | None:
    """Return the file if it is present and complete, None if another must be downloaded."""
    file = folder / source.file
    digest, stat = sha256(file), file.stat()
    known = fetched.read(folder).get(source.file)
    if source.sha256 and digest != source.sha256:
        raise fetch_faults.not_ours(source, file, "differs from what the register expects")
    if known is None:
        done = Fetched(source, file, stat.st_size, digest, "by hand")
        fetched.add(folder, source.file, _words(source, done, on=date.fromtimestamp(stat.st_mtime)))
        return done
    if known.get("sha256") != digest:
        raise fetch_faults.not_ours(source, file, "has changed since it was put there")
    if known.get("how") == "fetched" and known.get("address") != source.address:
        return None
    return Fetched(source, file, stat.st_size, digest, "unchanged")


def fetch(
    source: OpenSource,
    folder: Path,
    *,
    client: Client,
    tell: Tell = lambda name, done, total: None,
    again: bool = False,
) -> Fetched:
    """
    Download a source's file into its place, and record where it came from.

    Parameters
    ----------
    source
        From the register.
    folder
        The data folder; the file goes where the register says, whatever the publisher calls it.
    client
        What downloads, from `new_client`.
    tell
        Called as bytes arrive, with the source's name, how many there are, and of how many.
    again
        Fetch it even if it is there.

    Returns
    -------
    fetched
        The file, its size, hash, and how it came there.

    Raises
    ------
    FetchError
        If the file cannot be had, or is not what it should be; what to do instead is said.
    """
    file = folder / source.file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and not again and (kept := _kept(source, folder)):
            return kept
        if not source.address or source.is_monthly:
            raise fetch_faults.only_by_hand(source, file)
        part = Part(file, source.address)
        _download(source, part, client, tell)
        digest, size = _check_whole(source, part), part.size
        checked = "hash" if source.sha256 else "size" if part.total or source.bytes else "nothing"
        part.finish()
        done = Fetched(source, file, size, digest, "fetched")
        fetched.add(folder, source.file, _words(source, done, checked=checked, on=date.today()))
        return done
    except OSError as fault:
        raise FetchError(
            f"{source.name}: {file} cannot be written: {fault.strerror or fault}. Choose another "
            "folder with --output."
        ) from None
