# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a request holds, the answer is no accident, and the next one is none either."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.rest_jira import ADMIN, JSON_TYPE, RestJira
from tests.sandbox.spoiled import TEXTS, spoiled

NODE = {"type": "text", "text": "hi", "marks": [{"type": "strong"}]}
LINK_NODE = {"type": "inlineCard", "attrs": {"url": "https://x"}}
DOCUMENT = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [NODE, LINK_NODE]}]}
COMMENT = {
    "body": DOCUMENT,
    "visibility": {"type": "role", "value": "Developers", "identifier": "Developers"},
    "properties": [{"key": "sd.public.comment", "value": {"internal": True}}],
}
ENDS = {"inwardIssue": {"key": "REL-1"}, "outwardIssue": {"id": "10041"}}
REMOTE = {
    "globalId": "g",
    "relationship": "r",
    "application": {"type": "t", "name": "n"},
    "object": {
        "url": "https://x",
        "title": "X",
        "summary": "s",
        "icon": {"url16x16": "https://x", "title": "i"},
        "status": {"resolved": True, "icon": {"link": "https://x"}},
    },
}
CALLS: list[tuple[str, str, Any]] = [
    ("POST", "issueLink", {"type": {"name": "Blocks"}, **ENDS}),
    ("POST", "issueLink", {"type": {"id": "10000"}, **ENDS, "comment": COMMENT}),
    ("POST", "issueLinkType", {"name": "Causes", "inward": "is caused by", "outward": "causes"}),
    ("PUT", "issueLinkType/10000", {"name": "Blocks", "inward": "is blocked by", "outward": "holds up"}),
    ("POST", "issue/REL-1/comment", COMMENT),
    ("POST", "issue/REL-1/remotelink", REMOTE),
    ("PUT", "issue/REL-1/remotelink/{remote}", REMOTE),
    ("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["REL-1", "10041"], "fields": ["issuelinks", "-comment", "*all"]}),
    ("POST", "search/jql", {"jql": "key = REL-1", "fields": ["key"], "maxResults": 5, "nextPageToken": None}),
    ("POST", "search/jql", {"jql": "key = REL-1", "nextPageToken": "WyItMSIsIDFd"}),
    ("POST", "/oauth/token", {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "x"}),
]


def is_well(jira: RestJira) -> None:
    """What was stored can be shown."""
    for path in ("/", "issue/REL-1", "issue/REL-1/comment", "issue/REL-1/remotelink", "issueLinkType"):
        answer = jira("GET", path, auth=ADMIN)
        assert answer.status_code == 200, answer.text
        if path != "/":
            json.loads(answer.text, parse_constant=pytest.fail)
    jira.control("GET", "state")


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bodies(cloud: RestJira, method: str, path: str, body: Any, data: st.DataObject) -> None:
    cloud.control("POST", "reset")
    remote = cloud("POST", "issue/REL-1/remotelink", REMOTE).json()["id"]
    sent = json.dumps(data.draw(spoiled(body))).encode()
    answer = cloud(method, path.format(remote=remote), auth=ADMIN, data=sent, headers=JSON_TYPE)
    assert answer.status_code < 500, answer.text
    is_well(cloud)


PARTS = st.sampled_from([*TEXTS, "9" * 5000, "-", "0", "٣", "%ff", "issue", "10000", "*"]) | st.text(max_size=9)
PATHS = [
    "issue/{}",
    "issue/REL-1?fields={}",
    "issue/{}/remotelink",
    "issue/REL-1/remotelink/{}",
    "issue/REL-1/remotelink?globalId={}",
    "issue/{}/comment",
    "issue/REL-1/comment/{}",
    "issue/REL-1/comment?maxResults={}&startAt={}&orderBy={}",
    "issueLink/{}",
    "issueLinkType/{}",
    "mypermissions?permissions={}",
    "mypermissions?permissions=ADMINISTER&issueKey={}&projectId={}",
    "search?jql={}&maxResults={}&startAt={}",
    "search/jql?jql={}&fields={}",
    "search/jql?jql=key=REL-1&maxResults={}&nextPageToken={}",
    "{}",
    "/rest/api/{}/serverInfo",
    "/ex/jira/{}/rest/api/3/myself",
    "/{}",
]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "DELETE", "HEAD", "POST"]),
    path=st.sampled_from(PATHS),
    parts=st.lists(PARTS, min_size=3),
)
def test_addresses(jira: RestJira, method: str, path: str, parts: list[str]) -> None:
    quoted = (quote(part[:4000].encode("utf-8", "replace"), safe="") for part in parts)
    answer = jira(method, path.format(*quoted), auth=ADMIN, headers=JSON_TYPE)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("text", ["\ud800", "a\udfff<"])
def test_half_a_surrogate_pair_is_shown_as_a_question_mark(jira: RestJira, text: str) -> None:
    words = {"name": text, "inward": text, "outward": text}
    assert jira("POST", "issueLinkType", auth=ADMIN, data=json.dumps(words), headers=JSON_TYPE).status_code == 201
    jira.linked("REL-1", "APP-1", type={"id": "10004"})
    assert "?" in jira.links_of("REL-1")[0]["type"]["name"]
    assert jira("GET", "/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"globalId": 5},
        {"relationship": ["r"]},
        {"application": "CI"},
        {"object": {"url": 5, "title": "X"}},
        {"object": {"url": "https://x", "title": "X", "icon": "i"}},
        {"object": {"url": "https://x", "title": "X", "status": {"resolved": "yes"}}},
    ],
)
def test_remote_links_of_wrong_types_are_refused(jira: RestJira, wrong: dict[str, Any]) -> None:
    answer = jira("POST", "issue/REL-1/remotelink", {**REMOTE, **wrong})
    assert (answer.status_code, "Invalid request payload" in jira.messages(answer)[0]) == (400, True)


@pytest.mark.parametrize("attributes", ["text", [1], 5])
def test_a_document_with_attributes_that_are_no_object_is_none(cloud: RestJira, attributes: Any) -> None:
    document = {"type": "doc", "version": 1, "content": [{"type": "mention", "attrs": attributes}]}
    assert cloud("POST", "issue/REL-1/comment", {"body": document}).status_code == 400
