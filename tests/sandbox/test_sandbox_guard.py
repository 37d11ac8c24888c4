# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages from elsewhere are kept away from the page and the control calls; what is no HTTP is refused in a line."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.local_jira import sandbox
from tests.sandbox.rest_jira import RestJira

EVIL = "http://evil.example"


def ask(jira: RestJira, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
    return jira.session.request(method, jira.origin + path, json=body, headers=headers, timeout=5)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/_sandbox/reset", {}),
        ("POST", "/_sandbox/faults", {"kind": "status"}),
        ("POST", "/_sandbox/delete", {"key": "REL-1"}),
        ("DELETE", "/_sandbox/requests", None),
        ("GET", "/_sandbox/state", None),
        ("GET", "/_sandbox/nothing", None),
        ("GET", "/", None),
    ],
)
def test_a_page_from_elsewhere_is_refused(jira: RestJira, method: str, path: str, body: Any) -> None:
    jira("GET", "issueLinkType")
    for origin in (EVIL, "null", "", "http://localhost", "http://127.0.0.1", "http://127.0.0.1.evil.example"):
        answer = ask(jira, method, path, body, Origin=origin)
        assert (origin, answer.status_code, "has no business here" in answer.text) == (origin, 403, True)
    assert "REL-1" in jira.control("GET", "state")["issues"] and jira.control("GET", "faults") == []
    assert len(jira.control("GET", "requests")) == 1


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "127.0.0.1@evil.example"])
@pytest.mark.parametrize("path", ["/_sandbox/state", "/"])
def test_a_name_that_was_made_to_lead_here_is_refused(jira: RestJira, path: str, host: str) -> None:
    for name in (host, f"{host}:{jira.site.port}"):
        answer = ask(jira, "GET", path, Host=name, Origin=f"http://{name}")
        assert (answer.status_code, f"not at {name}" in answer.text) == (403, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", "127.0.0.2", "[::1]"])
def test_this_machine_may(jira: RestJira, host: str) -> None:
    for name in (host, f"{host}:{jira.site.port}", f"{host}:9999"):  # a forwarded port is another one
        for headers in ({"Host": name}, {"Host": name, "Origin": f"http://{name}"}):
            for path in ("/_sandbox/health", "/"):
                assert ask(jira, "GET", path, **headers).status_code == 200


def test_the_rest_api_is_for_everybody(jira: RestJira) -> None:
    """As Jira's is: it is credentials that count there, and tests reach it by other names."""
    assert jira("GET", "issue/REL-1", headers={"Host": "jira.example.com", "Origin": EVIL}).status_code == 200


# --- what is no HTTP


def exchange(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


MALFORMED = [
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX y: z\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"G@T / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"x" * 99 + b"\r\n\r\n",
]
CLOSING = b"Host: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"
UNREADABLE = CLOSING + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"


def test_what_is_no_http_gets_a_line_in_the_log(tmp_path: Path) -> None:
    log, output = tmp_path / "log", tmp_path / "output"
    with sandbox(tmp_path / "state.json", "--log", str(log), log=output) as (_process, state):
        for request in MALFORMED:
            assert b" 400 " in exchange(state["port"], request).partition(b"\r\n")[0]
        for path in (b"/rest/api/3/issueLink", b"/_sandbox/create"):
            answer = exchange(state["port"], b"POST " + path + b" HTTP/1.1\r\n" + UNREADABLE)
            assert b" 400 " in answer.partition(b"\r\n")[0]
        with socket.create_connection(("127.0.0.1", state["port"])) as connection:
            connection.sendall(b"POST /rest/api/3/issueLink HTTP/1.1\r\n" + CLOSING + b"Content-Length: 9\r\n\r\n{")
        exchange(state["port"], b"GET /rest/api/3/serverInfo HTTP/1.1\r\n" + CLOSING + b"\r\n")
    said = [line.partition(" ")[2] for line in log.read_text().splitlines()]
    assert said[: len(MALFORMED)] == ["malformed request 400"] * len(MALFORMED)
    assert sorted(said[len(MALFORMED) :]) == [
        "GET /rest/api/3/serverInfo 200",
        "POST /rest/api/3/issueLink 400",
        "POST /rest/api/3/issueLink 400",
    ]
    assert len(output.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "authorization", [b"Basic z\xc3\xa4", b"Basic \xff", b"Bearer \xff\xfe", b"\xff", b"Basic ===="]
)
def test_strange_credentials_are_wrong_ones(jira: RestJira, authorization: bytes) -> None:
    path = f"{jira.url.removeprefix(jira.origin)}{jira.api}/myself".encode()
    request = b"GET " + path + b" HTTP/1.1\r\n" + CLOSING + b"Authorization: " + authorization + b"\r\n\r\n"
    assert b" 401 " in exchange(jira.site.port, request).partition(b"\r\n")[0]
