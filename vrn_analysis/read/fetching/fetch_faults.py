"""Explain why a file could not be downloaded, and what to do instead."""

from pathlib import Path
from urllib.parse import urlsplit

import requests

from vrn_analysis.core.errors import FetchError
from vrn_analysis.read.fetching.fetch_part import Part, in_words
from vrn_analysis.read.fetching.register import OpenSource

NOT_JSON = (".csv", ".zip", ".xlsx", ".ods", ".parquet", ".gpkg")
# 202: the publisher is still making the file
TRY_AGAIN = (202, 429, 500, 502, 503, 504)


def _by_hand(source: OpenSource, file: Path) -> str:
    where = f"open {source.page} in a browser, download it" if source.page else "ask for the file"
    return (
        f"By hand: {where}, put it at {file}, and run vrn fetch {source.name} again, which writes "
        "down where it came from."
    )


def _address(source: OpenSource) -> str:
    unsure = "" if source.verified else " The address had not been checked by this project."
    return f"If it has moved, correct {source.name} in the register (data/sources.toml).{unsure}"


def only_by_hand(source: OpenSource, file: Path) -> FetchError:
    """Return the error for a source that has no address of its own."""
    if source.is_monthly:
        return FetchError(f"{source.name} has a file a month: say which with --month 2024-03.")
    return FetchError(
        f"{source.name} has no lasting address ({source.known_from}). {_by_hand(source, file)}"
    )


def _why_unreachable(source: OpenSource, fault: Exception) -> str:
    host = urlsplit(source.address).hostname
    errors = requests.exceptions
    if isinstance(fault, errors.ProxyError):
        return f"the proxy on the way to {host} cannot be used; see HTTPS_PROXY and NO_PROXY"
    if isinstance(fault, errors.SSLError):
        return (
            f"{host} has no certificate that this machine trusts. Where a network looks into "
            "connections, its own certificate can be named in REQUESTS_CA_BUNDLE"
        )
    if isinstance(fault, errors.TooManyRedirects):
        return f"{host} redirects in a loop"
    if isinstance(fault, errors.ReadTimeout):
        return f"{host} does not answer"
    if isinstance(fault, (errors.ConnectionError, errors.Timeout)):
        return f"{host} cannot be reached. Is this machine online? Behind a proxy, set HTTPS_PROXY"
    return f"the address cannot be used ({type(fault).__name__})"


def unreachable(source: OpenSource, part: Part, fault: Exception) -> FetchError:
    """Return the error for a publisher who does not answer."""
    why = _why_unreachable(source, fault)
    kept = f" What has arrived ({in_words(part.size)}) is kept." if part.size else ""
    return FetchError(
        f"{source.name} was not fetched: {why}.{kept} {_by_hand(source, part.target)}"
    )


def _why_refused(source: OpenSource, response: requests.Response) -> str:
    status = response.status_code
    if status in TRY_AGAIN:
        asked = response.headers.get("Retry-After")
        wait = f"{asked} seconds" if asked and asked.isdecimal() else f"until {asked}"
        until = f" and asks to wait {wait}" if asked else ""
        return (
            f"the publisher is not ready (status {status}){until}. Run it "
            "again later: what has arrived is kept."
        )
    if status in (404, 410):
        return f"nothing is at {source.address} (status {status}). {_address(source)}"
    return f"the publisher refuses it (status {status})."


def _is_downgraded(response: requests.Response) -> bool:
    on_the_way = [step.url for step in response.history] + [response.url]
    first_plain = [url for url in on_the_way if url.startswith("http://")]
    return on_the_way[0].startswith("https://") and bool(first_plain)


def _is_page(source: OpenSource, response: requests.Response) -> bool:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    suffix = Path(source.file).suffix.lower()
    page = kind == "text/html" and suffix not in (".html", ".htm")
    return page or (kind == "application/json" and suffix in NOT_JSON)


def refuse(source: OpenSource, file: Path, response: requests.Response) -> None:
    """
    Check that a response is the file requested, before any of it is used.

    Raises
    ------
    FetchError
        If it is an error, came over an open line, or is a page that stands in for the file.
    """
    why = ""
    if response.status_code not in (200, 206):
        why = _why_refused(source, response)
    elif _is_downgraded(response):
        why = "the publisher sends us on to an address without https, where it could be changed."
    elif _is_page(source, response):
        why = (
            f"{source.address} gives a page, not the file: a notice of the publisher or of your "
            f"own network, or the file has moved. {_address(source)}"
        )
    if why:
        raise FetchError(f"{source.name} was not fetched: {why} {_by_hand(source, file)}")


def breaks_off(source: OpenSource, part: Part, fault: Exception | None) -> FetchError:
    """Return the error for a download that does not come to its end."""
    of = f" of {in_words(part.total)}" if part.total else ""
    why = "the connection breaks off" if fault else "the publisher's file changes on the way"
    return FetchError(
        f"{source.name} was not fetched whole: {why} again and again, with {in_words(part.size)}"
        f"{of} here. Run it again later: what has arrived is kept. {_by_hand(source, part.target)}"
    )


def not_the_file(source: OpenSource, file: Path, wrong: str) -> FetchError:
    """Return the error for a file that arrived and is not what was announced or is known."""
    return FetchError(
        f"{source.name} was fetched and thrown away: {wrong}. The publisher may have brought out "
        f"another edition: look at {source.page or source.address}, and correct {source.name} in "
        "the register (data/sources.toml)."
    )


def not_ours(source: OpenSource, file: Path, wrong: str) -> FetchError:
    """Return the error for a file in the place of one, which is not overwritten unasked."""
    return FetchError(
        f"{file} {wrong}, and was left as it is. Move it away, or use --force to fetch "
        f"{source.name} anew in its place."
    )
