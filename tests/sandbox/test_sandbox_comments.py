# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comments (facts 5): bodies, visibility, the portal-safe property."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rest_jira import ADMIN, VIEWER, RestJira

INTERNAL = [{"key": "sd.public.comment", "value": {"internal": True}}]


def post(jira: RestJira, text: str = "hello", key: str = "REL-1", auth: Any = ADMIN, **more: Any) -> Any:
    return jira("POST", f"issue/{key}/comment", {"body": jira.body_of_comment(text), **more}, auth)


def test_post_get_delete(jira: RestJira) -> None:
    comment = post(jira)
    assert (comment.status_code, comment.json()["body"]) == (201, jira.body_of_comment("hello"))
    path = f"issue/REL-1/comment/{comment.json()['id']}"
    assert jira("GET", path).json() == comment.json()
    assert jira("DELETE", path, auth=VIEWER).status_code == 400
    assert jira("DELETE", path, auth=ADMIN).status_code == 204
    assert jira("GET", path).status_code == 404


def test_comments_come_in_pages(jira: RestJira) -> None:
    for number in range(5):
        post(jira, f"number {number}")
    page = jira("GET", "issue/REL-1/comment", params={"startAt": 1, "maxResults": 2}).json()
    assert (page["startAt"], page["maxResults"], page["total"]) == (1, 2, 5)
    assert [each["body"] for each in page["comments"]] == [jira.body_of_comment(f"number {n}") for n in (1, 2)]
    newest = jira("GET", "issue/REL-1/comment", params={"orderBy": "-created"}).json()["comments"][0]
    assert newest["body"] == jira.body_of_comment("number 4")


@pytest.mark.parametrize(
    "body", ["text", {"type": "doc"}, {"type": "doc", "version": 1, "content": [{"no": "type"}]}, None, 5]
)
def test_version_3_wants_a_document(cloud: RestJira, body: Any) -> None:
    assert cloud("POST", "/rest/api/3/issue/REL-1/comment", {"body": body}).status_code == 400
    assert cloud.link("REL-1", "APP-1", comment={"body": body}).status_code == 400
    assert cloud.control("GET", "state")["links"] == []


@pytest.mark.parametrize("body", [{"type": "doc", "version": 1, "content": []}, "", None])
def test_version_2_wants_text(jira: RestJira, body: Any) -> None:
    assert jira("POST", "/rest/api/2/issue/REL-1/comment", {"body": body}).status_code == 400


def test_one_comment_in_both_versions(cloud: RestJira) -> None:
    content: list[dict[str, Any]] = [
        {"type": "paragraph", "content": [{"type": "text", "text": "one"}, {"type": "hardBreak"}]},
        {"type": "paragraph", "content": [{"type": "mention", "attrs": {"text": "@Demo"}}]},
        {"type": "bulletList", "content": [{"type": "listItem", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "two", "marks": [{"type": "strong"}]}]}]}]},
    ]  # fmt: skip
    document = {"type": "doc", "version": 1, "content": content}
    comment = cloud("POST", "/rest/api/3/issue/REL-1/comment", {"body": document}).json()
    assert comment["body"] == document
    assert cloud("GET", f"/rest/api/2/issue/REL-1/comment/{comment['id']}").json()["body"] == "one\n@Demo\ntwo"
    text = cloud("POST", "/rest/api/2/issue/REL-1/comment", {"body": "one\n\ntwo"}).json()
    shown = cloud("GET", f"/rest/api/3/issue/REL-1/comment/{text['id']}").json()["body"]
    assert [len(paragraph["content"]) for paragraph in shown["content"]] == [1, 0, 1]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("group", "x", "Group: x does not exist."),
        ("group", "administrators", "You are currently not a member of the group: administrators."),
        ("role", "x", "Role: x does not exist."),
        ("role", "Release Team", "You are currently not a member of the project role: Release Team."),
        ("nobody", "x", "Visibility must have a type of group or role."),
    ],
)
def test_visibility_is_checked(jira: RestJira, kind: str, value: str, message: str) -> None:
    visibility = {"type": kind, "value": value}
    answer = post(jira, auth=("demo@example.com", "demo-token"), visibility=visibility)
    assert (answer.status_code, jira.messages(answer)) == (400, [message])


def test_a_restricted_comment_is_hidden_from_others(jira: RestJira) -> None:
    for visibility in ({"type": "group", "value": "administrators"}, {"type": "role", "value": "Developers"}):
        assert post(jira, visibility=visibility).status_code == 201
    shown = jira("GET", "issue/REL-1/comment", auth=ADMIN).json()["comments"]
    assert [each["visibility"]["value"] for each in shown] == ["administrators", "Developers"]
    assert jira("GET", "issue/REL-1/comment").json()["total"] == 1
    assert jira("GET", "issue/REL-1", auth=VIEWER).json()["fields"]["comment"]["total"] == 0


def test_a_group_may_be_named_by_its_identifier(cloud: RestJira) -> None:
    first = post(cloud, visibility={"type": "group", "value": "administrators"}).json()["visibility"]
    again = post(cloud, visibility={"type": "group", "identifier": first["identifier"]}).json()["visibility"]
    assert again == first


def test_only_the_property_hides_a_comment_from_the_portal(jira: RestJira) -> None:
    seen = post(jira, key="SUP-1", visibility={"type": "role", "value": "Developers"}).json()
    hidden = post(jira, key="SUP-1", properties=INTERNAL).json()
    assert (seen["jsdPublic"], hidden["jsdPublic"]) == (True, False)
    assert [each["internal"] for each in jira.control("GET", "state")["comments"]] == [False, True]
    assert "jsdPublic" not in post(jira).json()


def test_who_may_not_comment(jira: RestJira) -> None:
    assert post(jira, key="PUB-1", auth=None).status_code == 400
    assert post(jira, key="HID-1", auth=VIEWER).status_code == 404
    assert post(jira, properties=[{"value": 1}]).status_code == 400
