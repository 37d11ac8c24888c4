# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers without an end, or that unpack to gigabytes: how much is read, how long, and what the task says then."""

from __future__ import annotations

import gzip
import itertools
import json
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client import body
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import (
    AnswerTooLarge,
    JiraError,
    NoAnswer,
    ServerError,
)
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import LocalJira
from tests.unit.raw_server import RawServer, reply
from tests.unit.tasks import Tasks

MB = 2**20
ZEROS = b" " * MB
TIMEOUT = 0.1  # seconds
PATH = "/rest/api/3/myself"


def packed(size: int, wbits: int) -> bytes:
    """So many spaces, packed as well as can be."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join([*(packer.compress(ZEROS) for _each in range(size // MB)), packer.flush()])


def refused(raw: RawServer, **options: Any) -> JiraError:
    with pytest.raises(JiraError) as caught:
        raw.http(**options).request("GET", PATH, parse=dict)
    return caught.value


# --- how much


BOMB = packed(100 * MB, 31)
LARGE: dict[str, tuple[str, bytes]] = {
    "gzip": ("Content-Encoding: gzip", BOMB),
    "two of gzip": ("Content-Encoding: gzip", packed(10 * MB, 31) * 2),
    "deflate": ("Content-Encoding: deflate", packed(100 * MB, 15)),
    "deflate without a head": ("Content-Encoding: deflate", packed(100 * MB, -15)),
    "as it is": ("X-Nothing: 1", b" " * (body.MOST + 1)),
}


@pytest.mark.parametrize(("header", "content"), LARGE.values(), ids=LARGE)
@pytest.mark.parametrize("chunked", [True, False])
def test_an_answer_that_is_too_large(raw: RawServer, header: str, content: bytes, chunked: bool) -> None:
    """Whatever it unpacks to, no more than a part of it is ever in memory."""
    head = f"HTTP/1.1 200 OK\r\n{header}\r\n"
    pieces = [content[start : start + 60_000] for start in range(0, len(content), 60_000)]
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    sent = [f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), *chunks, b"0\r\n\r\n"]
    raw.always(*(sent if chunked else [f"{head}Content-Length: {len(content)}\r\n\r\n".encode(), *pieces]))
    tracemalloc.start()
    error = refused(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, AnswerTooLarge) and error.status == 200 and "larger than 16 MB" in error.message
    assert peak < 80 * MB and len(raw.asked) == 1


@pytest.mark.parametrize("encoding", ["gzip, gzip", "deflate, gzip", "gzip,", "br", "zstd", "compress", "x" * 60_000])
def test_an_answer_packed_as_nobody_asked_for(raw: RawServer, encoding: str) -> None:
    """A few hundred bytes, packed twice, are gigabytes."""
    raw.always(reply(gzip.compress(BOMB), f"Content-Encoding: {encoding}"))
    tracemalloc.start()
    error = refused(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, ServerError) and "packed as" in error.message and len(error.message) < 400
    assert peak < 20 * MB


def test_only_what_can_be_unpacked_is_asked_for(raw: RawServer, task: Tasks) -> None:
    seen = []

    def answer(request: str) -> Iterable[bytes]:
        seen.append(request)
        return [reply(gzip.compress(b'{"name": "me"}'), "Content-Encoding: gzip")]

    raw.answer = answer
    http = raw.http()
    assert http.request("GET", PATH).data == {"name": "me"}
    assert http._blank.headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("status", ["503 Busy", "400 Bad", "302 Found", "429 Slow"])
@pytest.mark.parametrize("header", ["Content-Encoding: gzip", "Content-Encoding: gzip, gzip", "X-Nothing: 1"])
def test_a_refusal_that_is_too_large_keeps_its_status(raw: RawServer, status: str, header: str) -> None:
    content = BOMB if "gzip" in header else b"x" * (body.MOST + 9)
    raw.always(reply(content, header, "Retry-After: 3", "Location: https://x.example.com/y", status=status))
    tracemalloc.start()
    error = refused(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.status == int(status[:3]) and len(error.message) < 600 and peak < 160 * MB


class Turns:
    """The turns of the large answers, watched."""

    def __init__(self) -> None:
        self._turns, self._lock = body._large, threading.Lock()
        self.now = self.most = 0

    def __enter__(self) -> None:
        self._turns.acquire()
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self.now -= 1
        self._turns.release()


def test_all_answers_in_flight_together(raw: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten threads get a large answer at the same time: no more than three of them hold one, until it is JSON."""
    turns = Turns()
    monkeypatch.setattr(body, "_large", turns)
    raw.always(reply(json.dumps("x" * 4 * MB)))
    threads = [threading.Thread(target=raw.http().request, args=("GET", PATH)) for _each in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (turns.most, turns.now, len(raw.asked)) == (3, 0, 10)


@pytest.mark.parametrize("size", [0, 60_000])
def test_small_answers_wait_for_nobody(raw: RawServer, size: int) -> None:
    raw.always(reply(json.dumps("x" * size)))
    with body._large, body._large, body._large:
        assert raw.http().request("GET", PATH).data == "x" * size


# --- how long


def endless(first: bytes, again: bytes, pause: float = 0.02) -> Iterator[bytes]:
    yield first
    while True:
        time.sleep(pause)
        yield again


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "status": (b"", b"H"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "header": (HEAD, b"x"),
    "headers": (HEAD, b"X: y\r\n"),
    "body": (HEAD + b"Content-Length: 9999999\r\n\r\n", b" "),
    "body to the end": (HEAD + b"\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "size of a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    "chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffff\r\n", b" "),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
    "nothing, packed": (HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
}


@pytest.mark.parametrize(("first", "again"), ENDLESS.values(), ids=ENDLESS)
def test_an_answer_that_never_ends(raw: RawServer, first: bytes, again: bytes) -> None:
    """Each byte comes in time. All together may take five times ``timeout``."""
    raw.answer = lambda request: endless(first, again)
    started = time.monotonic()
    error = refused(raw, timeout=TIMEOUT)
    assert time.monotonic() - started < 5 * TIMEOUT + 2
    assert isinstance(error, NoAnswer)
    if first + again and b"X: y" not in again:
        assert "nothing within 0.1 seconds (timeout), or not all of it within 0.5" in error.message


FAST: dict[str, tuple[bytes, bytes]] = {
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 4000),
    "header": (HEAD, b"x" * 100_000),
    "headers": (HEAD, b"X: y\r\n" * 20_000),
    "size of a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 100_000),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 20_000),
    "body": (HEAD + b"\r\n", b" " * 100_000),
}


@pytest.mark.parametrize(("first", "again"), FAST.values(), ids=FAST)
def test_an_answer_that_never_ends_and_comes_fast(raw: RawServer, first: bytes, again: bytes) -> None:
    raw.answer = lambda request: endless(first, again, pause=0)
    tracemalloc.start()
    refused(raw, timeout=0.3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 160 * MB


def test_a_slow_answer_that_comes_in_time(raw: RawServer) -> None:
    raw.answer = lambda request: itertools.chain([HEAD + b"Content-Length: 4\r\n\r\n"], _slowly(b"true", 0.25))
    assert raw.http(timeout=0.6).request("GET", PATH).data is True


def _slowly(content: bytes, pause: float) -> Iterator[bytes]:
    for byte in content:
        time.sleep(pause)
        yield bytes([byte])


# --- reading in bulk


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 40 kB were 16 MB."""
    monkeypatch.setattr(body, "MOST", 40_000)


KEYS = [f"BIG-{number}" for number in range(1, 61)]
FULL = [{"key": "BIG", "count": 60}]
LINKS = [(f"BIG-{first}", "Blocks", f"BIG-{first + 30}") for first in range(1, 31)] + [
    ("BIG-1", kind, f"BIG-{other}") for kind in ("Cloners", "Duplicate") for other in range(31, 41)
]


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("options", [{"issues": KEYS}, {"jql": "project = BIG"}], ids=["issues", "jql"])
def test_a_bulk_read_that_is_too_large_is_split(site: LocalJira, task: Tasks, options: dict[str, Any]) -> None:
    site.reset(LINKS, projects=FULL)
    result = task(jira_issue_link_info, site, **options).result
    assert not result.get("failed") and len(result["links"]) == len(LINKS) and len(result["asked"]) == 60
    assert len(site.requests()) < 40


@pytest.mark.parametrize("options", [{"issues": ["BIG-1", "BIG-2"]}, {"jql": "project = BIG"}], ids=str)
def test_a_single_issue_that_is_too_large(
    site: LocalJira, task: Tasks, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "MOST", 8_000)
    site.reset(LINKS, projects=FULL)
    result = task(jira_issue_link_info, site, **options).result
    assert result["failed"] and "larger than" in result["msg"] and result["status"] == 200
    assert ("issue BIG-1 is" in result["msg"]) == ("issues" in options)
    assert task.pauses == [] and len(site.requests()) < 80


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("options", [{}, {"comment": "Because."}], ids=str)
def test_a_write_whose_answer_is_too_large_is_looked_after(
    site: LocalJira, task: Tasks, options: dict[str, Any]
) -> None:
    creation = {"method": "POST", "path": "/issueLink$", "status": 201, "body": " " * 60_000}
    site.fault("error_after", **creation)
    rest = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
    result = task(jira_issue_link, site, **rest, **options).result
    assert result["changed"] and not result.get("failed") and site.writes() == ["POST /issueLink"]


def test_pages_that_bring_nothing_new(raw: RawServer) -> None:
    """Ever-new tokens: it stops, and does not take what it has for all."""
    tokens = itertools.count()
    raw.answer = lambda request: [reply({"issues": [], "isLast": False, "nextPageToken": str(next(tokens))})]
    with pytest.raises(JiraError, match="50 pages of the search in a row bring nothing new"):
        list(raw.jira().search("project = REL"))
    assert len(raw.asked) < 60


# --- words


def test_so_many_words(raw: RawServer) -> None:
    words = [f"{number}: {'x' * 300}" for number in range(20_000)]
    raw.always(reply({"errorMessages": words}, status="400 Bad"))
    started = time.monotonic()
    error = refused(raw)
    assert time.monotonic() - started < 2
    assert len(error.message) < 5000 and "19,990 more" in error.message and len(error.error_messages) == 11


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"errors": {str(number): "x" * 1000 for number in range(2000)}}),
        json.dumps({"errors": [{"message": "x" * 1000}] * 2000}),
        json.dumps({"message": "x" * 2_000_000}),
        json.dumps({"errorMessages": [["x"] * 200_000] * 3}),
        "<script>" * 200_000,
        "<title>" * 200_000,
        "<" * 2_000_000,
        " " * 2_000_000 + "x",
    ],
    ids=["errors", "list of errors", "message", "lists", "script", "title", "brackets", "space"],
)
def test_words_take_time_in_proportion_to_their_length(raw: RawServer, content: str) -> None:
    raw.always(reply(content, status="400 Bad"))
    started = time.monotonic()
    error = refused(raw)
    assert time.monotonic() - started < 4 and len(error.message) < 5000 and error.status == 400
