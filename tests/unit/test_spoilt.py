# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that are cut, empty, or garbled on their way: what is tried again, and that an error keeps its status."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.body import text_of
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import (
    BadRequest,
    JiraError,
    NoAnswer,
    Redirected,
    ServerError,
)
from ansible_collections.linkops.jira.plugins.module_utils._client.headers import seconds_to_wait
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info, jira_remote_link
from hypothesis import given
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.raw_server import RawServer, reply
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
CREATION = {"method": "POST", "path": "/issueLink$"}
ME = "/rest/api/3/myself"


def asked(raw: RawServer, method: str = "GET", **options: Any) -> Any:
    return raw.http().request(method, ME, writes=method != "GET", **options)


def refused(raw: RawServer, method: str = "GET", **options: Any) -> JiraError:
    with pytest.raises(JiraError) as caught:
        asked(raw, method, **options)
    return caught.value


# --- cut


WHOLE = {
    "length": reply({"name": "me"}, "X-More: 1"),
    "chunks": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{"name\r\n8\r\n": "me"}\r\n0\r\n\r\n',
    "to the end": b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"name": "me"}',
    "packed": reply(gzip.compress(b'{"name": "me"}'), "Content-Encoding: gzip"),
    "refusal": reply({"errorMessages": ["No."]}, status="403 Forbidden"),
    "empty": b"HTTP/1.1 204 No Content\r\nX-More: 1\r\n\r\n",
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_connection_that_is_cut_at_any_byte(raw: RawServer, name: str) -> None:
    """Wherever it is cut, nothing is taken for an answer that is none, and the write may have been done."""
    whole = WHOLE[name]
    head = whole.index(b"\r\n\r\n") + 4
    optional = 4 if name == "chunks" else 0  # all line breaks after the 0 of the last chunk, which say nothing new
    for end in range(len(whole) - optional):
        raw.always(whole[:end])
        error = refused(raw, "POST", parse=dict)
        if name == "refusal" and end >= head:
            assert error.status == 403
        else:
            assert isinstance(error, (NoAnswer, ServerError)), (end, error)
            assert "may have been done all the same" in error.message, (end, error)
            assert end >= head or error.status is None


@pytest.mark.parametrize("name", ["length", "chunks", "to the end", "packed"])
def test_a_cut_answer_is_asked_for_again(raw: RawServer, task: Tasks, name: str) -> None:
    whole = WHOLE[name]
    for end in (10, 20, whole.index(b"\r\n\r\n") + 2, len(whole) - 8):
        parts = iter([whole[:end], whole])
        raw.answer = lambda request, parts=parts: [next(parts)]  # type: ignore[misc]
        assert raw.http(retries=1).request("GET", ME, parse=dict).data == {"name": "me"}


def test_headers_that_are_cut_after_a_write_are_no_answer(raw: RawServer) -> None:
    raw.always(b"HTTP/1.1 204 No Content\r\nX-More: 1\r\n")
    error = refused(raw, "DELETE")
    assert isinstance(error, NoAnswer) and "in the middle of the headers" in error.message


# --- empty


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("body", ["", "\n"], ids=repr)
@pytest.mark.parametrize("path", ["/serverInfo", "/(bulkfetch|search)$"])
def test_an_empty_answer_to_a_read_is_asked_for_again(
    site: LocalJira, task: Tasks, path: str, status: int, body: str
) -> None:
    site.reset([BLOCKS])
    site.fault("status", path=path, status=status, body=body, count=2)
    result = task(jira_issue_link, site, **REST, comment="x").result
    assert not result["changed"] and not result.get("failed") and len(task.pauses) == 2
    site.fault("status", path=path, status=status, body=body, count=9)
    result = task(jira_issue_link, site, **REST).result
    assert result["failed"] and result["status"] == status and "is empty" in result["msg"]
    assert "Check url" not in result["msg"] and "It was tried 5 times." in result["msg"]
    assert site.writes() == []


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("options", [{}, {"comment": "Because."}], ids=str)
def test_an_empty_answer_to_a_write_is_what_jira_answers(
    site: LocalJira, task: Tasks, status: int, options: dict[str, str]
) -> None:
    site.fault("error_after", **CREATION, status=status, body="")
    assert task(jira_issue_link, site, **REST, **options).result["changed"]
    assert (site.writes(), task.pauses) == (["POST /issueLink"], [])


@pytest.mark.parametrize("status", [200, 201, 204])
def test_an_empty_answer_that_should_tell_an_id(site: LocalJira, task: Tasks, status: int) -> None:
    """A remote link with a global id can be sent again; it is not taken for made without its id."""
    site.fault("error_after", method="POST", path="/remotelink$", status=status, body="")
    link = {"issue": "REL-1", "remote_url": "https://x.example.com", "title": "X"}
    assert task(jira_remote_link, site, **link).result["remote_link"]["id"] == "10000"
    assert len(site.state()["remote_links"]) == 1


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_page_for_an_answer_to_a_write(site: LocalJira, task: Tasks, method: str, status: int) -> None:
    """Whoever answered, it was not Jira: nothing was made, and nothing removed."""
    site.reset([BLOCKS] if method == "DELETE" else [])
    body = "" if status == 204 else "<title>Log in</title>"
    site.fault("status", method=method, path="/issueLink", status=status, body=body, content_type="html")
    state = "absent" if method == "DELETE" else "present"
    result, warnings = task(jira_issue_link, site, **REST, state=state)
    assert len(site.links()) == (method == "DELETE")
    assert result.get("failed") or warnings or status == 204  # Jira's own answer to a DELETE is an empty 204, too


# --- Retry-After


NOW = 1_800_000_000.0


@pytest.mark.parametrize("skew", [0, -86_400 * 365, 86_400 * 365])
@pytest.mark.parametrize(("seconds", "wait"), [(7, 7.0), (0, 0.0), (-60, 0.0), (3600, 3600.0)])
def test_a_date_to_wait_for_is_measured_from_the_answers_own(skew: int, seconds: int, wait: float) -> None:
    headers = {"Retry-After": formatdate(NOW + seconds, usegmt=True), "Date": formatdate(NOW, usegmt=True)}
    assert seconds_to_wait(headers, NOW + skew) == wait


@pytest.mark.parametrize(("skew", "wait"), [(0, 7.0), (-86_400, 120.0), (86_400, 0.0)])
def test_without_a_date_of_its_own_no_clock_makes_it_wait_for_long(skew: int, wait: float) -> None:
    assert seconds_to_wait({"Retry-After": formatdate(NOW + 7, usegmt=True)}, NOW + skew) == wait


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("Thursday, 15-Jan-27 08:00:07 GMT", 7.0),
        ("Fri Jan 15 08:00:07 2027", 7.0),
        ("12", 12.0),
        ("-1", 0.0),
        ("1.5", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("Fri, 32 Foo 2027 99:99:99 GMT", 0.0),
        ("Fri, 15 Jan 99999999999 08:00:00 GMT", 0.0),
    ],
)
def test_other_ways_to_say_how_long(text: str, wait: float) -> None:
    assert seconds_to_wait({"Retry-After": text, "Date": formatdate(NOW, usegmt=True)}, NOW) == wait


@given(text=st.text(), date=st.text())
def test_no_header_is_a_crash(text: str, date: str) -> None:
    assert seconds_to_wait({"Retry-After": text, "Date": date}, NOW) >= 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_date_is_waited_for(site: LocalJira, task: Tasks, status: int) -> None:
    headers = {"Retry-After": formatdate(time.time() + 10, usegmt=True)}
    site.fault("status", **CREATION, status=status, headers=headers)
    assert task(jira_issue_link, site, **REST).result["changed"]
    ((_attempt, seconds),) = task.pauses
    assert 5 <= seconds <= 11


# --- errors keep their status


ODD: dict[str, Callable[[str], bytes]] = {
    "charset=undefined": lambda status: reply("No.", "Content-Type: text/plain; charset=undefined", status=status),
    "charset=idna": lambda status: reply("No.\xff" * 99, "Content-Type: text/html; charset=idna", status=status),
    "NUL": lambda status: reply(b"\0\0\0\0N\0o\0", status=status),
    "NUL in the charset": lambda status: reply(b"\xff", "Content-Type: x; charset=a\0b", status=status),
    "no charset": lambda status: reply(b"\xff", "Content-Type: x; charset=", status=status),
    "deep": lambda status: reply("[" * 100_000, status=status),
    "deep messages": lambda status: reply('{"errorMessages": ' + "[" * 900 + "]" * 900 + "}", status=status),
    "deep error": lambda status: reply('{"error": ' * 900 + "1" + "}" * 900, status=status),
    "digits": lambda status: reply('{"message": ' + "9" * 9_999 + "}", status=status),
    "half a character": lambda status: reply('{"message": "\\ud800"}', status=status),
    "not packed": lambda status: reply("No.", "Content-Encoding: gzip", status=status),
    "twice packed": lambda status: reply("No.", "Content-Encoding: gzip, gzip", status=status),
    "cut": lambda status: reply({"message": "x" * 99}, status=status)[:-9],
    "no end": lambda status: reply("No.", status=status).replace(b"Content-Length: 3", b"Content-Length: 9999"),
    "bad chunks": lambda status: reply("No.", status=status).replace(
        b"Content-Length: 3", b"Transfer-Encoding: chunked"
    ),
    "two lengths": lambda status: reply("No.", "Content-Length: 2", status=status),
    "header": lambda status: reply("No.", "X-AREQUESTID: " + "x" * 60_000, status=status),
    "odd type": lambda status: reply("No.", "Content-Type: ;;=;charset=;", status=status),
}


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("odd", ODD)
def test_an_error_keeps_its_status(raw: RawServer, odd: str, status: int) -> None:
    """And how long it asks to wait, whatever its body or its headers may hold."""
    raw.always(ODD[odd](f"{status} Odd").replace(b"\r\n", b"\r\nRetry-After: 999\r\n", 1))
    error = refused(raw, "POST")
    if odd == "two lengths":  # which of them counts nobody knows, so what follows is no longer HTTP
        assert error.status in (status, None)
        return
    assert error.status == status and len(error.message) < 1500
    assert ("999 seconds" in error.message) == (status >= 429)


@given(content=st.binary(max_size=60), charset=st.text(max_size=12) | st.sampled_from(["utf-16", "utf-7", "punycode"]))
def test_every_body_has_a_text(content: bytes, charset: str) -> None:
    assert isinstance(text_of(bytearray(content), f"text/html; charset={charset}"), str)


def test_the_charset_of_a_page(raw: RawServer) -> None:
    page = "<h1>Größe</h1>"
    for charset, header in (("latin-1", "; charset=ISO-8859-1"), ("utf-8", ""), ("utf-8", '; charset="utf-8"')):
        raw.always(reply(page.encode(charset), f"Content-Type: text/html{header}", status="400 Bad").replace(
            b"Content-Type: application/json\r\n", b""
        ))  # fmt: skip
        assert refused(raw).error_messages == ("Größe",)


PROBLEM = {
    "type": "about:blank",
    "title": "Unsupported Media Type",
    "status": 415,
    "detail": "Content-Type 'text/plain' is not supported.",
    "instance": "/rest/api/3/issue/bulkfetch",
}
SHAPES: dict[str, tuple[Any, list[str]]] = {
    "problem": (PROBLEM, ["Content-Type 'text/plain' is not supported.", "Unsupported Media Type"]),
    "problem without detail": ({**PROBLEM, "detail": None}, ["Unsupported Media Type"]),
    "errorMessage": ({"errorMessage": "Not today."}, ["Not today."]),
    "list of errors": ({"errors": ["One.", "Two."]}, ["One.", "Two."]),
    "list of objects": ({"errors": [{"message": "One."}, {"title": "T", "detail": "Two."}]}, ["One.", "Two.", "T"]),
    "list of odd objects": ({"errors": [{"code": 5}]}, ["{'code': 5}"]),
    "error": ({"error": {"code": 7, "message": "One."}}, ["One."]),
    "both": ({"errorMessages": ["One."], "errors": [{"message": "Two."}]}, ["One.", "Two."]),
}


@pytest.mark.fact("body: problem", "application/problem+json: {type, title, status, detail, instance}")
@pytest.mark.parametrize(("content", "words"), SHAPES.values(), ids=SHAPES)
def test_more_shapes_of_bodies(raw: RawServer, content: Any, words: list[str]) -> None:
    raw.always(reply(content, status="400 Bad"))
    error = refused(raw)
    assert isinstance(error, BadRequest) and list(error.error_messages) == words
    assert all(word in error.message for word in words)


# --- redirects


QUERY = "?fields=issuelinks"


@pytest.mark.parametrize(
    ("base", "location", "there", "to_use"),
    [
        ("", "http://HOST/jira/PATH", "http://HOST/jira", True),
        ("", "/jira/PATH", "http://HOST/jira", True),
        ("", "//HOST/jira/PATH", "http://HOST/jira", True),
        ("", "https://HOST/PATH", "https://HOST", True),
        ("", "https://jira.example.com/PATH", "https://jira.example.com", True),
        ("", "https://me:secret@jira.example.com:8443/a/b/PATH", "https://jira.example.com:8443/a/b", True),
        ("/jira", "https://HOST/jira/PATH", "https://HOST/jira", True),
        ("/jira", "http://HOST/PATH", "http://HOST", True),
        ("/jira", "../../../../tracker/PATH", "http://HOST/tracker", True),
        ("", "http://HOST/PATH", "http://HOST/PATH", False),
        ("", "http://HOST/login.jsp?os_destination=%2FPATH", "http://HOST/login.jsp", False),
        ("", "/login.jsp", "http://HOST/login.jsp", False),
        ("", "login", "http://HOST/rest/api/3/login", False),
        ("", "https://sso.example.com/saml?SAMLRequest=abc", "https://sso.example.com/saml", False),
        ("", "http://[::1", "http://[::1", False),
        ("", "http://[bad", "http://[bad", False),
        ("", "", "nowhere", False),
        ("", "mailto:me@example.com", "mailto:me@example.com", False),
        ("", "http://HOST:port/PATH", "http://HOST:port", True),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_says_the_address_to_use(
    raw: RawServer, base: str, location: str, there: str, to_use: bool, status: int
) -> None:
    host = raw.url.partition("//")[2]
    header = location.replace("HOST", host).replace("PATH", ME[1:] + QUERY)
    raw.always(reply("", f"Location: {header}" if header else "X-Nothing: 1", status=f"{status} Moved"))
    with pytest.raises(Redirected) as caught:
        raw.http(url=raw.url + base).request("GET", ME, params={"fields": "issuelinks"})
    error = caught.value
    expected = there.replace("HOST", host).replace("PATH", ME[1:])
    assert error.status == status and f"was redirected to {expected}. " in error.message
    assert ("Set url to that address" in error.message) == to_use and "secret" not in error.message


# --- very old servers


@pytest.mark.parametrize("info", [{"version": "5.0"}, {"version": "5.0", "deploymentType": None}], ids=str)
def test_a_server_that_does_not_say_of_which_kind_it_is(
    data_center: LocalJira, task: Tasks, info: dict[str, Any]
) -> None:
    data_center.fault("status", path="/serverInfo$", status=200, body=info)
    assert task(jira_issue_link, data_center, **REST).result["changed"]
    assert data_center.writes() == ["POST /issueLink"]


@pytest.mark.parametrize("info", [{}, {"login": "https://sso.example.com"}, {"deploymentType": 5}, [], {"version": 5}])
def test_what_is_no_jira_is_not_a_server(site: LocalJira, task: Tasks, info: Any) -> None:
    site.fault("status", path="/serverInfo$", status=200, body=json.dumps(info))
    result = task(jira_issue_link, site, **REST).result
    assert result["failed"] and "not Jira's" in result["msg"] and result["status"] == 200


@pytest.mark.parametrize("permissions", [{}, {"LINK_ISSUE": {"havePermission": False}}, {"LINK_ISSUES": None}], ids=str)
def test_a_permission_that_a_server_does_not_name(site: LocalJira, task: Tasks, permissions: Any) -> None:
    """It is not denied: that would be another answer."""
    site.fault("status", path="/mypermissions", status=200, body={"permissions": permissions}, count=9)
    result, warnings = task(jira_issue_link, site, True, **REST)
    assert result["changed"] and not result.get("failed")
    assert len(warnings) == 1 and "cannot be told before it is tried: Jira does not name LINK_ISSUES" in warnings[0]


@pytest.mark.parametrize("permissions", [None, [], {"LINK_ISSUES": {}}, {"LINK_ISSUES": {"havePermission": "false"}}])
def test_permissions_that_cannot_be_read(site: LocalJira, task: Tasks, permissions: Any) -> None:
    site.fault("status", path="/mypermissions", status=200, body={"permissions": permissions}, count=9)
    result, warnings = task(jira_issue_link, site, True, **REST)
    assert warnings or (result["failed"] and "not Jira's" in result["msg"])


# --- who asks


@pytest.mark.parametrize("body", [{}, [], {"name": None}, {"accountId": 0.5}, {"login": "x"}], ids=str)
def test_whoever_cannot_be_read_has_not_logged_in(site: LocalJira, task: Tasks, body: Any) -> None:
    site.settings(login_headers=False)
    site.fault("status", path="/myself$", status=200, body=json.dumps(body), count=9)
    result = task(jira_issue_link_info, site, issues=["REL-999"], fail_on_missing=False).result
    assert result["failed"] and "not Jira's" in result["msg"]
