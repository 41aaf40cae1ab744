"""Open sources are fetched whole or not at all, from a publisher on this machine only."""

import errno
import json
import os
import shutil
import socket
import tempfile
import threading
import time
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import publisher as publishing
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from vrn_analysis.commands import cli
from vrn_analysis.core.errors import FetchError, SettingsError
from vrn_analysis.read.fetching import fetch as fetching
from vrn_analysis.read.fetching import fetch_faults, fetched
from vrn_analysis.read.fetching.fetch_part import Part
from vrn_analysis.read.fetching.register import OpenSource, chosen, is_safe, register

PIECE = fetching.PIECE
BODY = bytes(range(256)) * 4000  # a megabyte: many pieces
HALF = 31 * PIECE
HASH = sha256(BODY).hexdigest()
CLIENT = fetching.new_client(backoff=0.001)
vrn = CliRunner()


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch):
    """No proxy of this machine is used, and a connection to any other machine fails the test."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    connect = socket.socket.connect

    def only_here(self, address):
        assert not isinstance(address, tuple) or address[0] == "127.0.0.1", address
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(scope="module")
def _server():
    with publishing.publisher() as about:
        yield about


@pytest.fixture
def site(_server):
    _server.files, _server.asked = {"/a.csv": BODY}, []
    _server.next.clear()
    return _server


def source(site, path="/a.csv", **more):
    words = {
        "name": "a", "title": "A table", "producer": "An office", "licence": "OGL v3.0",
        "file": "tables/a.csv", "covers": "2024", "published": "2025",
        "page": "https://office.example/a", "address": site.url(path),
    }  # fmt: skip
    return OpenSource(**(words | more))


def fetch(what, folder, **more):
    return fetching.fetch(what, folder, client=CLIENT, **more)


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


# ------------------------------------------------------------------ the good way


def test_a_file_is_put_in_its_place_and_where_it_came_from_is_written_down(site, tmp_path):
    told = []
    done = fetch(source(site), tmp_path, tell=lambda *how_far: told.append(how_far))
    assert (done.how, done.bytes, done.sha256) == ("fetched", len(BODY), HASH)
    assert done.file.read_bytes() == BODY
    assert files(tmp_path) == ["provenance.toml", "tables/a.csv"]
    assert fetched.read(tmp_path)["tables/a.csv"] == {
        "source": "a", "title": "A table", "producer": "An office", "licence": "OGL v3.0",
        "published": "2025", "covers": "2024", "sensitivity": "open",
        "address": site.url("/a.csv"), "accessed": date.today(), "bytes": len(BODY),
        "sha256": HASH, "how": "fetched", "checked": "size",
    }  # fmt: skip
    assert told[-1] == ("a", len(BODY), len(BODY))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert len(told) > 2


def test_what_is_whole_is_not_fetched_again_unless_asked(site, tmp_path):
    fetch(source(site), tmp_path)
    assert fetch(source(site), tmp_path).how == "unchanged"
    assert site.times("/a.csv") == 1
    assert fetch(source(site), tmp_path, again=True).how == "fetched"
    assert site.times("/a.csv") == 2


def test_a_new_address_in_the_register_brings_the_new_edition(site, tmp_path):
    fetch(source(site), tmp_path)
    site.files["/b.csv"] = b"newer"
    assert fetch(source(site, "/b.csv"), tmp_path).how == "fetched"
    assert (tmp_path / "tables/a.csv").read_bytes() == b"newer"


def test_redirects_are_followed_and_do_not_name_the_file(site, tmp_path):
    site.next["/a.csv"] = [publishing.redirect("/..%2F..%2Fevil.csv?name=../../evil.csv")]
    path = "/..%2F..%2Fevil.csv?name=../../evil.csv"
    site.next[path] = [
        lambda handler, _: publishing.answer(
            handler, b"ok", Content_Disposition='attachment; filename="../../evil.csv"'
        )
    ]
    fetch(source(site), tmp_path / "deep" / "data")
    assert files(tmp_path) == ["deep/data/provenance.toml", "deep/data/tables/a.csv"]


@pytest.mark.parametrize("known", [{"bytes": len(BODY)}, {"sha256": HASH}, {}])
def test_size_and_hash_are_checked_where_they_are_known(site, tmp_path, known):
    fetch(source(site, **known), tmp_path)
    checked = fetched.read(tmp_path)["tables/a.csv"]["checked"]
    assert checked == ("hash" if "sha256" in known else "size")


def test_a_publisher_who_does_not_say_how_large_a_file_is(site, tmp_path):
    def no_length(handler, content):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = True

    site.next["/a.csv"] = [no_length]
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert fetched.read(tmp_path)["tables/a.csv"]["checked"] == "nothing"


def test_a_proxy_that_the_environment_names_is_used(site, tmp_path, monkeypatch):
    # the name cannot be found from here: only the proxy can have answered
    monkeypatch.setenv("HTTP_PROXY", site.address)
    monkeypatch.setenv("http_proxy", site.address)
    done = fetch(replace(source(site), address="http://office.invalid/a.csv"), tmp_path)
    assert done.sha256 == HASH
    assert site.asked[0][1]["Host"] == "office.invalid"


def test_no_password_of_this_machine_is_sent(site, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert requests.utils.get_netrc_auth(site.address) == ("somebody", "secret")
    fetch(source(site), tmp_path)
    assert "Authorization" not in site.asked[0][1]


# ------------------------------------------------------------------ what breaks off is continued


def test_what_breaks_off_behind_a_redirect_is_continued_too(site, tmp_path):
    site.files["/host/a.csv"] = BODY
    site.next["/a.csv"] = [publishing.redirect("/host/a.csv")] * 2
    site.next["/host/a.csv"] = [publishing.cut(HALF)]
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges()[1::2] == [None, f"bytes={HALF}-"]


def test_a_connection_that_drops_is_taken_up_where_it_broke(site, tmp_path):
    site.next["/a.csv"] = [publishing.cut(pieces * PIECE) for pieces in (20, 1, 30)]
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None] + [f"bytes={pieces * PIECE}-" for pieces in (20, 21, 51)]
    assert files(tmp_path) == ["provenance.toml", "tables/a.csv"]


def test_a_program_that_was_stopped_is_taken_up_the_next_time(site, tmp_path):
    class Stopped(BaseException):
        pass

    def stop(name, done, total):
        raise Stopped

    with pytest.raises(Stopped):
        fetch(source(site), tmp_path, tell=stop)
    assert files(tmp_path) == ["tables/.a.csv.part", "tables/.a.csv.part.json"]
    arrived = (tmp_path / "tables/.a.csv.part").stat().st_size
    assert 0 < arrived < len(BODY)
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None, f"bytes={arrived}-"]


def test_last_modified_serves_where_there_is_no_strong_etag(site, tmp_path):
    when = {"ETag": 'W/"1"', "Last_Modified": "Wed, 21 Oct 2015 07:28:00 GMT"}
    served = [
        publishing.cut(PIECE, validator=when),
        lambda h, c: publishing.serve(h, c, validator=when),
    ]
    site.next["/a.csv"] = served
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.asked[1][1]["If-Range"] == "Wed, 21 Oct 2015 07:28:00 GMT"


def test_without_a_validator_a_part_is_never_continued(site, tmp_path):
    site.next["/a.csv"] = [publishing.cut(PIECE, validator={"ETag": 'W/"1"'})]
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None, None]


def test_a_server_that_ignores_range_is_heard_from_the_start(site, tmp_path):
    site.next["/a.csv"] = [
        publishing.cut(HALF),
        lambda handler, content: publishing.answer(handler, content, ETag=publishing.tag(content)),
    ]
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None, f"bytes={HALF}-"]


NEWER = BODY[::-1]


def _rest_of_newer(handler, content):
    """Send the rest of another edition, as a server does that knows no If-Range."""
    rest = NEWER[HALF:]
    said = f"bytes {HALF}-{len(NEWER) - 1}/{len(NEWER)}"
    headers = {"Content_Range": said, "ETag": publishing.tag(NEWER)}
    publishing.answer(handler, rest, status=206, **headers)


def _rest_from_elsewhere(handler, content):
    said = f"bytes 0-{len(BODY) - 1}/{len(BODY)}"
    publishing.answer(handler, BODY, status=206, Content_Range=said, ETag=publishing.tag(BODY))


def _longer_now(handler, content):
    said = f"bytes {HALF}-{len(BODY)}/{len(BODY) + 1}"
    publishing.answer(handler, BODY[HALF:] + b"x", status=206, Content_Range=said)


@pytest.mark.parametrize(
    "second",
    [_rest_of_newer, _rest_from_elsewhere, _longer_now, publishing.status(416)],
    ids=["other tag", "other start", "other length", "range not satisfiable"],
)
def test_two_halves_of_different_files_are_never_joined(site, tmp_path, second):
    site.next["/a.csv"] = [publishing.cut(HALF), second]
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None, f"bytes={HALF}-", None]


def test_a_file_that_changes_between_the_halves_is_fetched_anew(site, tmp_path):
    site.next["/a.csv"] = [publishing.cut(HALF)]
    changed = []

    def change(name, done, total):
        if not changed:
            site.files["/a.csv"] = NEWER
            changed.append(done)

    # If-Range no longer holds, so a good server sends all of the newer one
    assert fetch(source(site), tmp_path, tell=change).file.read_bytes() == NEWER


def test_a_part_of_another_address_is_not_continued(site, tmp_path):
    site.files["/b.csv"] = NEWER
    part = Part(tmp_path / "tables/a.csv", site.url("/b.csv"))
    part.path.parent.mkdir()
    part.path.write_bytes(NEWER[:10])
    part.validator, part.total = publishing.tag(NEWER), len(NEWER)
    part._write_about()
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None]


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 5 * PIECE), max_size=6), size=st.integers(1, 4 * PIECE))
def test_wherever_it_breaks_the_file_is_whole_or_not_there(cuts, size):
    body = BODY[:size]
    with publishing.publisher() as site, tempfile.TemporaryDirectory() as folder:
        site.files["/a.csv"] = body
        site.next["/a.csv"] = [publishing.cut(after) for after in cuts]
        where = Path(folder)
        try:
            assert fetch(source(site), where).file.read_bytes() == body
        except FetchError:
            assert not (where / "tables/a.csv").exists()
            assert site.times("/a.csv") >= fetching.TRIES


# ------------------------------------------------------------------ a publisher in trouble


@pytest.fixture
def slept(monkeypatch):
    naps, sleep, mine = [], time.sleep, threading.get_ident()

    def nap(seconds):
        # threads that earlier tests left, such as those of kernels, go on sleeping
        naps.append(seconds) if threading.get_ident() == mine else sleep(seconds)

    monkeypatch.setattr(time, "sleep", nap)
    return naps


def test_too_many_requests_waits_as_long_as_asked(site, tmp_path, slept):
    site.next["/a.csv"] = [publishing.status(429, Retry_After="7"), publishing.status(429)]
    assert fetch(source(site), tmp_path).how == "fetched"
    assert slept[0] == 7


@pytest.mark.parametrize("code", [202, 500, 502, 503, 504])
def test_a_busy_publisher_is_asked_again(site, tmp_path, slept, code):
    site.next["/a.csv"] = [publishing.status(code), publishing.status(code)]
    assert fetch(source(site), tmp_path).how == "fetched"
    assert site.times("/a.csv") == 3


def test_nobody_waits_for_hours(site, tmp_path, slept):
    site.next["/a.csv"] = [publishing.status(429, Retry_After="3600")] * 9
    with pytest.raises(FetchError, match="status 429.* asks to wait 3600 seconds.* later"):
        fetch(source(site), tmp_path)
    assert site.times("/a.csv") == 1
    assert not slept


def test_a_publisher_who_stays_busy_is_left_alone(site, tmp_path, slept):
    site.next["/a.csv"] = [publishing.status(503)] * 99
    with pytest.raises(FetchError, match="not ready .status 503.*run vrn fetch a again"):
        fetch(source(site), tmp_path)
    assert site.times("/a.csv") == 1 + fetching.TRIES
    assert files(tmp_path) == []


def test_a_connection_that_always_drops_is_given_up_and_what_came_is_kept(site, tmp_path, slept):
    site.next["/a.csv"] = [publishing.cut(PIECE)] + [publishing.cut(0)] * 99
    with pytest.raises(FetchError, match="breaks off again and again, with 16.4 kB of 1.0 MB here"):
        fetch(source(site), tmp_path)
    assert files(tmp_path) == ["tables/.a.csv.part", "tables/.a.csv.part.json"]
    assert slept == sorted(slept)


def test_a_length_longer_than_the_file_is_never_taken_for_a_whole_one(site, tmp_path, slept):
    def too_long(handler, content):
        publishing.answer(handler, content, length=len(content) + 9, ETag='"x"')
        publishing.hang_up(handler)

    site.next["/a.csv"] = [too_long] * 99
    with pytest.raises(FetchError, match="breaks off"):
        fetch(source(site), tmp_path)
    assert not (tmp_path / "tables/a.csv").exists()


def test_a_length_shorter_than_the_file_is_found_by_what_the_register_knows(site, tmp_path):
    def too_short(handler, content):
        publishing.answer(handler, content, length=len(content) - 9)
        publishing.hang_up(handler)

    site.next["/a.csv"] = [too_short]
    with pytest.raises(FetchError, match="1,023,991 bytes, and the register says 1,024,000"):
        fetch(source(site, bytes=len(BODY)), tmp_path)
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("known", "said"),
    [({"sha256": "0" * 64}, f"its SHA-256 is {HASH}, and"), ({"bytes": 5}, "1,024,000 bytes, and")],
)
def test_a_file_that_is_not_the_known_one_is_thrown_away(site, tmp_path, known, said):
    with pytest.raises(FetchError, match=said) as fault:
        fetch(source(site, **known), tmp_path)
    assert "another edition: look at https://office.example/a" in str(fault.value)
    assert files(tmp_path) == []


def test_an_empty_file_is_no_file(site, tmp_path):
    site.files["/a.csv"] = b""
    with pytest.raises(FetchError, match="it is empty"):
        fetch(source(site), tmp_path)
    assert files(tmp_path) == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json"])
def test_a_page_in_place_of_the_file_is_not_taken_for_it(site, tmp_path, kind):
    site.next["/a.csv"] = [lambda h, c: publishing.answer(h, b"<p>Sign in</p>", kind=kind)]
    with pytest.raises(FetchError, match="gives a page, not the file"):
        fetch(source(site), tmp_path)
    assert files(tmp_path) == []


def test_an_address_that_has_moved_says_where_to_mend_it(site, tmp_path):
    with pytest.raises(FetchError) as fault:
        fetch(source(site, "/gone.csv"), tmp_path)
    for part in (
        "(status 404)",
        "correct a in the register (data/sources.toml)",
        "had not been checked",
        "open https://office.example/a in a browser",
        f"put it at {tmp_path / 'tables/a.csv'}",
    ):
        assert part in str(fault.value)


def test_circles_of_redirects_end(site, tmp_path):
    site.next["/a.csv"] = [publishing.redirect("/a.csv")] * 99
    with pytest.raises(FetchError, match="redirects in a loop"):
        fetch(source(site), tmp_path)


def test_nobody_there_says_so_and_what_to_do(site, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = replace(source(site), address=f"http://127.0.0.1:{port}/a.csv")
    with pytest.raises(
        FetchError, match="cannot be reached. Is this machine online.*By hand: open"
    ):
        fetch(away, tmp_path)
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (requests.exceptions.ProxyError(), "the proxy on the way to 127.0.0.1"),
        (requests.exceptions.SSLError(), "REQUESTS_CA_BUNDLE"),
        (requests.exceptions.ReadTimeout(), "does not answer"),
        (requests.exceptions.ConnectTimeout(), "cannot be reached"),
        (requests.exceptions.InvalidURL(), "cannot be used (InvalidURL)"),
    ],
)
def test_every_way_of_not_being_reached_is_told_apart(site, tmp_path, fault, said):
    part = Part(tmp_path / "a.csv", "")
    part.path.write_bytes(b"12345")
    told = str(fetch_faults.unreachable(source(site), part, fault))
    assert said in told
    assert "What has arrived (5 bytes) is kept" in told


@pytest.mark.parametrize(
    ("way", "downgraded"),
    [
        (["https://a", "https://b"], False),
        (["https://a", "http://b", "https://c"], True),
        (["https://a", "http://b"], True),
        (["http://a", "http://b"], False),
    ],
)
def test_a_way_that_leaves_https_is_refused(site, tmp_path, way, downgraded):
    steps = [SimpleNamespace(url=url) for url in way]
    answer = SimpleNamespace(status_code=200, headers={}, history=steps[:-1], url=steps[-1].url)
    if not downgraded:
        return fetch_faults.refuse(source(site), tmp_path, answer)
    with pytest.raises(FetchError, match="without https"):
        fetch_faults.refuse(source(site), tmp_path, answer)


# ------------------------------------------------------------------ this machine in trouble


def test_a_disk_that_fills_up_keeps_what_came_and_says_what_to_do(site, tmp_path, monkeypatch):
    take = Part.take

    def full(self, pieces):
        def some():
            yield next(iter(pieces))
            raise OSError(errno.ENOSPC, "No space left on device")

        return take(self, some())

    monkeypatch.setattr(Part, "take", full)
    with pytest.raises(FetchError, match="16.4 kB of 1.0 MB have arrived, and the disk is full"):
        fetch(source(site), tmp_path)
    assert not (tmp_path / "tables/a.csv").exists()
    monkeypatch.setattr(Part, "take", take)
    assert fetch(source(site), tmp_path).sha256 == HASH
    assert site.ranges() == [None, f"bytes={PIECE}-"]


def test_too_little_room_is_told_before_anything_comes(site, tmp_path, monkeypatch):
    room = SimpleNamespace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: room)
    with pytest.raises(FetchError, match="1.0 kB are free"):
        fetch(source(site), tmp_path)
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_told(site, tmp_path):
    (tmp_path / "tables").write_text("a file in the way")
    with pytest.raises(FetchError, match="cannot be written.*--output"):
        fetch(source(site), tmp_path)


# ------------------------------------------------------------------ what is there already


def test_a_file_put_there_by_hand_is_written_down_and_kept(site, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/a.csv").write_bytes(b"by hand")
    os.utime(tmp_path / "tables/a.csv", (1e9, 1e9))
    nowhere = replace(source(site), address="")
    assert fetch(nowhere, tmp_path).how == "by hand"
    assert fetched.read(tmp_path)["tables/a.csv"]["accessed"] == date.fromtimestamp(1e9)
    assert fetch(nowhere, tmp_path).how == "unchanged"
    assert not site.asked


def test_a_source_without_an_address_says_where_to_get_it(site, tmp_path):
    with pytest.raises(FetchError, match="no lasting address.*open https://office.example/a"):
        fetch(replace(source(site), address=""), tmp_path)


@pytest.mark.parametrize("known", [{}, {"sha256": HASH}])
def test_a_file_that_was_changed_is_not_overwritten_unasked(site, tmp_path, known):
    fetch(source(site, **known), tmp_path)
    (tmp_path / "tables/a.csv").write_bytes(b"edited")
    with pytest.raises(FetchError, match="was left as it is. Move it away, or use --force"):
        fetch(source(site, **known), tmp_path)
    assert (tmp_path / "tables/a.csv").read_bytes() == b"edited"
    assert fetch(source(site, **known), tmp_path, again=True).sha256 == HASH


def test_fetching_again_in_vain_leaves_the_file_that_was_there(site, tmp_path, slept):
    fetch(source(site), tmp_path)
    site.next["/a.csv"] = [publishing.status(503)] * 9
    with pytest.raises(FetchError):
        fetch(source(site), tmp_path, again=True)
    assert (tmp_path / "tables/a.csv").read_bytes() == BODY


# ------------------------------------------------------------------ the register


def test_the_shipped_register_says_all_there_is_to_know():
    known = register()
    asked = (
        "police_uk_archive", "recorded_crime_by_force", "population_lsoa21", "population_lsoa11",
        "deprivation_2015", "deprivation_2019", "deprivation_2025", "boundaries_lsoa21",
        "boundaries_msoa21", "boundaries_district", "lookup_lsoa21", "lookup_lsoa11_to_lsoa21",
        "children_lait", "statistical_neighbours", "neet_nccis", "els_child_poverty",
        "school_terms",
    )  # fmt: skip
    assert set(asked) <= set(known)
    for one in known.values():
        said = (one.title, one.producer, one.licence, one.covers, one.published, one.use)
        assert all((*said, one.known_from)), one.name
        assert one.page or one.name == "school_terms"
        assert not one.address or one.address.startswith("https://")


def test_the_shipped_hash_is_that_of_the_file_as_had(open_data):
    neighbours = register()["statistical_neighbours"]
    file = open_data / neighbours.file
    assert sha256(file.read_bytes()).hexdigest() == neighbours.sha256
    assert file.stat().st_size == neighbours.bytes


GOOD = """
[a]
title = "A"
producer = "B"
licence = "C"
file = "a/b.csv"
covers = "D"
published = "E"
address = "https://office.example/b.csv"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "A"', "", "[a] 'title' is missing"),
        ('title = "A"', "title = 5", "title is 5; it must be of the kind str"),
        ('title = "A"', 'title = "A"\nadress = "x"', "unknown word 'adress'"),
        ("a/b.csv", "../b.csv", "file is '../b.csv'; it must be a path below the data folder"),
        ("a/b.csv", "assessment.toml", "it must be a path below the data folder"),
        ("https:", "ftp:", "it must begin with https://"),
        ("/b.csv", "/{month}.csv", ""),
        ("office.example/b.csv", "office.example/{month}.csv", "in both address and file"),
        ('title = "A"', 'title = "A"\nsha256 = "abc"', "it must be 64 letters and digits"),
        ('title = "A"', 'title = "A"\nbytes = -1', "bytes is -1; it must be 1 or more"),
        ("[a]", "b = 3\n[a]", "b is no table"),
        ("[a]", GOOD.replace("[a]", "[c]") + "[a]", "a/b.csv is the file of two sources"),
        ("[a]", "[a", "is not readable as TOML"),
    ],
)
def test_a_register_of_ones_own_is_checked(tmp_path, old, new, said):
    (tmp_path / "own.toml").write_text(GOOD.replace(old, new))
    if not said:
        assert register(tmp_path / "own.toml")["a"].is_monthly
        return
    with pytest.raises(SettingsError) as fault:
        register(tmp_path / "own.toml")
    assert said in str(fault.value)


def test_a_register_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match="does not exist"):
        register(tmp_path / "own.toml")


@pytest.mark.parametrize(
    "file",
    ["", ".", "/etc/passwd", "..", "a/../../b", "a\\..\\b", "C:b", "~/b", ".ssh/b", "a/.b", "a\nb",
     "provenance.toml", "a?b", "a/*"],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(file):
    assert not is_safe(file)


@given(parts=st.lists(st.text("abc_-09", min_size=1), min_size=1, max_size=4))
def test_plain_paths_are_safe(parts):
    assert is_safe("/".join(parts))


def test_months_give_a_file_each_and_everything_wrong_is_told_at_once():
    known = register()
    two = chosen(known, ["police_uk_archive"], months=["2021-12", "2024-12", "2021-12"])
    assert [one.file for one in two] == [
        "police_uk/archive_2021-12.zip", "police_uk/archive_2024-12.zip",
    ]  # fmt: skip
    assert two[0].address.endswith("/2021-12.zip")
    assert [one.name for one in chosen(known)] == list(known)
    with pytest.raises(SettingsError) as fault:
        chosen(known, ["polise_uk_archive", "police_uk_archive"], months=["2024-13"])
    assert "police_uk_archive meant?" in str(fault.value)
    assert "'2024-13' is no month" in str(fault.value)
    with pytest.raises(SettingsError, match="such as --month"):
        chosen(known, ["police_uk_archive"])
    with pytest.raises(SettingsError, match="none of these sources has monthly files"):
        chosen(known, ["school_terms"], months=["2024-01"])


# ------------------------------------------------------------------ the command


@pytest.fixture
def own(site, tmp_path):
    """Write a register of three sources of the publisher here: good, gone, and by hand."""
    head = GOOD.replace("https://office.example/b.csv", site.url("/a.csv"))
    gone = GOOD.replace("[a]", "[gone]").replace("a/b.csv", "gone.csv")
    hand = GOOD.replace("[a]", "[hand]").replace("a/b.csv", "hand.csv")
    text = head + gone.replace("https://office.example/b.csv", site.url("/gone.csv"))
    text += hand.replace('address = "https://office.example/b.csv"', 'known_from = "nobody"')
    (tmp_path / "own.toml").write_text(text)
    return ["--register", str(tmp_path / "own.toml"), "--output", str(tmp_path / "data")]


def test_the_command_fetches_and_says_where_it_is(own, tmp_path):
    told = vrn.invoke(cli.app, ["fetch", "a", *own])
    assert told.exit_code == 0, told.output
    assert "fetched    a: " in told.stdout
    assert "1 of 1 files are in" in told.stdout
    assert files(tmp_path / "data") == ["a/b.csv", "provenance.toml"]
    assert "unchanged  a: " in vrn.invoke(cli.app, ["fetch", "a", *own]).stdout


def test_one_failure_does_not_keep_the_others(own, tmp_path):
    told = vrn.invoke(cli.app, ["fetch", *own])
    assert told.exit_code == 1
    assert "Skipped: hand (by hand)" in told.stdout
    assert "FAILED     gone" in told.stdout
    assert "1 of 2 files" in told.stdout
    assert "Error: gone was not fetched: nothing is at" in told.stderr
    assert "Traceback" not in told.output
    assert files(tmp_path / "data") == ["a/b.csv", "provenance.toml"]


def test_the_list_shows_how_each_is_had_and_fetches_none(own, site):
    told = vrn.invoke(cli.app, ["fetch", "--list", *own], env={"COLUMNS": "140"})
    assert told.exit_code == 0
    assert "by hand" in told.stdout
    assert "3 sources. The project has not tested the addresses of 3" in told.stdout
    assert not site.asked


def test_an_unknown_name_is_one_message(own):
    told = vrn.invoke(cli.app, ["fetch", "hnd", *own])
    assert told.exit_code == 1
    assert "'hnd' is not in it; is hand meant?" in told.stderr
    assert "--month" not in told.stderr


def test_the_shipped_list_can_be_shown():
    told = vrn.invoke(cli.app, ["fetch", "--list"], env={"COLUMNS": "80"})
    assert told.exit_code == 0
    assert "police_uk_archive" in told.stdout


def test_a_narrow_terminal_cuts_no_name_short():
    told = vrn.invoke(cli.app, ["fetch", "--list"], env={"COLUMNS": "40"})
    assert "…" not in told.stdout


def test_nothing_that_is_fetched_is_written_down_with_the_folder_of_this_machine(site, tmp_path):
    fetch(source(site), tmp_path)
    assert str(tmp_path) not in (tmp_path / fetched.FILE).read_text()
    assert json.loads(json.dumps(fetched.read(tmp_path), default=str))
