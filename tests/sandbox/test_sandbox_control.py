# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a control call is given, it answers 200, or 400 with a reason; and who asks afterwards gets an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.rest_jira import RestJira
from tests.sandbox.spoiled import spoiled

SEED = {
    "title": "Mine",
    "cloud_id": "c-1",
    "groups": ["jira-users", "administrators"],
    "roles": ["Developers"],
    "accounts": [
        {
            "name": "demo",
            "email": "demo@example.com",
            "display_name": "Demo",
            "groups": ["jira-users"],
            "roles": {"Developers": ["*"]},
            "tokens": ["demo-token"],
            "captcha": False,
        }
    ],
    "oauth_clients": [{"client_id": "c", "client_secret": "s", "account": "demo"}],
    "link_types": [{"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}],
    "projects": [
        {"key": "REL", "name": "R", "type": "software", "count": 3, "issues": [{"summary": "S", "status": "Done"}]},
        {"key": "APP", "count": 2, "browse": ["anyone"], "link": ["user:demo"], "comment": ["group:jira-users"]},
    ],
    "moved": {"OLD-1": "REL-2"},
    "links": [["REL-1", "Blocks", "APP-1"]],
    "generated_links": 3,
    "comments": [{"issue": "REL-1", "author": "demo", "body": "b", "visibility": {"type": "role", "value": "D"}}],
    "remote_links": [{"issue": "REL-1", "globalId": "g", "object": {"url": "https://x", "title": "X"}}],
}
FAULT = {"count": 2, "method": "get", "path": "/issue", "headers": {"A": "b"}, "status": 503, "body": {"a": 1}}
CALLS: list[tuple[str, Any]] = [
    ("faults", {"kind": "status", **FAULT, "content_type": "json"}),
    ("faults", {"kind": "error_after", **FAULT, "body": "text", "content_type": "text/x"}),
    ("faults", {"kind": "rate_limit", "reason": "jira-burst-based", "retry_after": 2, "reset": "2026-11-24T17:00Z"}),
    ("faults", {"kind": "slow", "seconds": 0.01}),
    ("faults", {"kind": "redirect", "host": "new.example.com"}),
    ("faults", {"kind": "captcha", "status": 401}),
    ("faults", {"kind": "disconnect_mid_body"}),
    ("faults", {"kind": "meanwhile", "create": {"project": "REL"}, "edit": {"key": "REL-2", "summary": "x"}}),
    ("faults", {"kind": "meanwhile", "delete": {"key": "REL-3"}, "move": {"from": "REL-2", "to_project": "APP"}}),
    ("settings", {"linking_enabled": True, "limits": True, "quota": 9, "max_links": 9, "max_remote_links": 9}),
    ("settings", {"unauthorized_body": "json", "dead_login": "silent", "login_headers": False}),
    ("settings", {"data_center_version": "9.12.15"}),
    ("create", {"project": "REL", "summary": "S", "status": "Done", "type": "Bug", "priority": "High"}),
    ("delete", {"key": "REL-3"}),
    ("move", {"from": "REL-2", "to_project": "APP"}),
    ("edit", {"key": "REL-2", "summary": "S", "status": "Done", "priority": "High"}),
    ("webhooks", {"url": "http://127.0.0.1:9/path?query", "secret": "s"}),
    ("reset", SEED),
    ("expire_tokens", None),
]


def send(jira: RestJira, name: str, body: bytes) -> requests.Response:
    return jira.session.post(f"{jira.origin}/_sandbox/{name}", data=body, timeout=5)


def is_well(jira: RestJira) -> None:
    """The page, the control calls and ordinary requests answer, and none of them by an accident."""
    assert jira("GET", "/", auth=None).status_code == 200
    for name in ("state", "faults", "settings", "requests", "webhooks", "health"):
        jira.control("GET", name)
    jql = "project = REL and summary ~ x and issueLinkType = Blocks and issue in linkedIssues(REL-1) order by key"
    for method, path, body in (
        ("GET", "serverInfo", None),
        ("GET", "issue/REL-1", None),
        ("GET", "issue/REL-1/remotelink", None),
        ("GET", "mypermissions?permissions=LINK_ISSUES", None),
        ("GET", "issueLinkType", None),
        ("POST", "search/jql" if jira.cloud else "search", {"jql": jql}),
    ):
        answer = jira(method, path, body)
        assert answer.status_code < 500, answer.text
        answer.json()


@pytest.mark.parametrize(("name", "good"), CALLS)
def test_the_good_ones_are_good(jira: RestJira, name: str, good: Any) -> None:
    jira.control("POST", "reset", SEED)
    assert send(jira, name, json.dumps(good).encode()).status_code == 200


@pytest.mark.parametrize(("name", "good"), CALLS)
@settings(
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_bad_one_is_explained_and_harms_nobody(cloud: RestJira, name: str, good: Any, data: st.DataObject) -> None:
    cloud.control("POST", "reset", SEED)
    body = json.dumps(data.draw(spoiled(good))).encode()
    answer = send(cloud, name, body)
    assert answer.status_code == 200 or (answer.status_code == 400 and answer.json()["error"]), answer.text
    if name == "faults" and answer.status_code == 200:
        _meet(cloud, answer.json()[0])
        cloud.control("DELETE", "faults")
    is_well(cloud)


def _meet(jira: RestJira, fault: dict[str, Any]) -> None:
    """The request that meets the fault gets what was asked for, if it is not to wait for longer than a test can."""
    if fault["kind"] == "slow" and fault.get("seconds", 1) > 1:
        return
    try:
        answer = jira(fault["method"] or "GET", "issue/REL-1", headers={"Connection": "close"})
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        assert fault["kind"].startswith(("break", "disconnect"))
        return
    if answer.status_code == 500 and fault.get("status", 0) != 500:
        assert fault["kind"] == "meanwhile" or "takes too long" in answer.text


@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(sorted({name for name, _good in CALLS})), body=st.binary(max_size=99))
def test_what_is_no_json_is_explained(cloud: RestJira, name: str, body: bytes) -> None:
    answer = send(cloud, name, body)
    assert answer.status_code == 200 or (answer.status_code == 400 and answer.json()["error"]), answer.text
    cloud.control("POST", "reset")


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("faults", '{"kind": "slow", "seconds": NaN}', "NaN is no number of JSON"),
        ("faults", '{"kind": "slow", "seconds": 1e999}', "1e999 is no number of JSON"),
        ("faults", '{"kind": "slow", "seconds": "1"}', 'fault.seconds must be a number from 0 to 3600, not "1"'),
        ("faults", '{"kind": "slow", "seconds": true}', "fault.seconds must be a number"),
        ("faults", '{"kind": "status", "status": 99}', "fault.status must be a whole number from 200 to 599, not 99"),
        ("faults", '{"kind": "status", "count": 0}', "fault.count must be a whole number from 1"),
        ("faults", '{"kind": "status", "headers": {"A": "b\\r\\nC: d"}}', "fault.headers.A must be text in one line"),
        ("faults", '{"kind": "status", "headers": {"Content-Length": "5"}}', "follows from the body"),
        (
            "faults",
            '{"kind": "status", "body": ["\\ud800"]}',
            "fault.body[0] must be text, but has half of a surrogate",
        ),
        ("faults", '{"kind": "status", "method": 5}', "fault.method must be text, not 5"),
        ("faults", '{"kind": "meanwhile", "delete": {}}', "fault.delete needs key"),
        ("settings", '{"max_links": -1}', "body.max_links must be a whole number from 0"),
        ("settings", '{"quota": true}', "body.quota must be a whole number"),
        ("settings", "[]", "body must be a JSON object, not a list"),
        ("create", '{"project": "APP", "summary": 5}', "body.summary must be text, not 5"),
        ("edit", '{"key": "REL-1", "summary": null}', "body.summary must be text, not null"),
        (
            "edit",
            '{"key": "REL-1", "sumary": "x"}',
            "body has unknown parts: sumary; known are key, fix_versions, summary",
        ),
        ("delete", '{"key": ["REL-1"]}', "body.key must be text, not a list"),
        ("reset", '{"title": {}}', "seed.title must be text, not an object"),
        ("reset", '{"projects": [{"key": "A", "count": 1e9}]}', "seed.projects[0].count must be a whole number"),
        (
            "reset",
            '{"projects": [{"key": "A", "count": 200000}, {"key": "B", "count": 1}]}',
            "there are 200001 issues, more than 200000",
        ),
        ("reset", '{"projects": [{"key": "A"}, {"key": "A"}]}', "two projects A"),
        ("reset", '{"accounts": [{"name": "a\\nb", "email": "x"}]}', "seed.accounts[0].name must be text in one line"),
        ("reset", '{"oauth_clients": [{"client_id": "c", "client_secret": "s", "account": "x"}]}', "no account x"),
        ("reset", '{"links": [["REL-1"]]}', "is no list of an issue, a link type and an issue"),
        ("reset", '{"remote_links": [{"issue": "REL-1", "object": 5}]}', "seed.remote_links[0].object must be"),
        ("move", "[" * 5000 + "]" * 5000, "nested more than 100 deep"),
        ("move", "[" * 150 + "]" * 150, "nested more than 100 deep"),
    ],
)
def test_reasons(cloud: RestJira, name: str, body: str, words: str) -> None:
    answer = send(cloud, name, body.encode())
    assert (answer.status_code, words in answer.json()["error"]) == (400, True), answer.text
    is_well(cloud)


def test_a_regular_expression_that_takes_for_ever_holds_nobody_up(jira: RestJira) -> None:
    jira.control("POST", "faults", {"kind": "status", "path": "(/|[a-zA-Z0-9]+)+ $", "count": 9})
    answer = jira("GET", f"issue/{'a' * 60}")
    assert answer.status_code == 500 and "takes too long" in answer.text
    assert jira("GET", "issue/REL-1").status_code == 200
    assert jira.control("GET", "faults") == []
