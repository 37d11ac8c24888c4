# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote links and their traps (facts 7)."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox.rest_jira import DEMO, JSON_TYPE, VIEWER, Auth, RestJira

PATH = "issue/REL-1/remotelink"
BUILD = {"url": "https://ci.example.com/1", "title": "Build 1"}
FULL = {
    "globalId": "system=https://ci.example.com&id=1",
    "application": {"type": "ci", "name": "CI"},
    "relationship": "built by",
    "object": {**BUILD, "summary": "green", "status": {"resolved": True}},
}
BY_GLOBAL_ID = {"globalId": FULL["globalId"]}


def delete(jira: RestJira, path: str, auth: Auth = DEMO, **options: Any) -> requests.Response:
    return jira("DELETE", path, auth=auth, headers=JSON_TYPE, **options)


def test_a_global_id_makes_it_an_upsert_that_nulls_what_is_not_sent(jira: RestJira) -> None:
    made, updated = jira("POST", PATH, FULL), jira("POST", PATH, {"globalId": FULL["globalId"], "object": BUILD})
    assert (made.status_code, updated.status_code) == (201, 200)
    assert made.json() == updated.json()
    (shown,) = jira("GET", PATH).json()
    assert "relationship" not in shown and shown["application"] == {}
    assert "summary" not in shown["object"]


def test_without_a_global_id_there_is_always_another(jira: RestJira) -> None:
    ids = {jira("POST", PATH, {"object": BUILD}).json()["id"] for _other in range(2)}
    assert len(ids) == 2 == len(jira("GET", PATH).json())


def test_put_replaces_everything(jira: RestJira) -> None:
    link_id = jira("POST", PATH, FULL).json()["id"]
    assert jira("PUT", f"{PATH}/{link_id}", {"object": BUILD}).status_code == 204
    shown = jira("GET", f"{PATH}/{link_id}").json()
    assert "globalId" not in shown and "relationship" not in shown
    assert jira("PUT", f"{PATH}/999", {"object": BUILD}).status_code == 404


def test_by_global_id_there_is_one_object(jira: RestJira) -> None:
    jira("POST", PATH, FULL)
    assert jira("GET", PATH, params=BY_GLOBAL_ID).json()["relationship"] == "built by"
    assert delete(jira, PATH, params=BY_GLOBAL_ID).status_code == 204
    assert jira("GET", PATH, params=BY_GLOBAL_ID).status_code == 404
    assert delete(jira, PATH, params=BY_GLOBAL_ID).status_code == 404
    assert delete(jira, PATH).status_code == 400


def test_delete_by_id(jira: RestJira) -> None:
    link_id = jira("POST", PATH, FULL).json()["id"]
    assert [delete(jira, f"{PATH}/{link_id}").status_code for _other in range(2)] == [204, 404]
    assert delete(jira, f"{PATH}/abc").status_code == 400


@pytest.mark.parametrize("by_id", [True, False])
def test_cloud_wants_a_media_type_on_a_delete_without_a_body(jira: RestJira, by_id: bool) -> None:
    link_id = jira("POST", PATH, FULL).json()["id"]
    address: dict[str, Any] = {"path": f"{PATH}/{link_id}"} if by_id else {"path": PATH, "params": BY_GLOBAL_ID}
    if jira.cloud:
        for headers in ({}, {"Content-Type": "text/plain"}):
            answer = jira("DELETE", **address, headers=headers)
            assert (answer.status_code, answer.headers["Content-Type"]) == (415, "application/problem+json")
        assert len(jira("GET", PATH).json()) == 1
        assert delete(jira, **address).status_code == 204
    else:
        assert jira("DELETE", **address).status_code == 204
    assert jira("GET", PATH).json() == []


@pytest.mark.parametrize("path", [PATH, f"{PATH}/1"])
def test_cloud_refuses_a_missing_media_type_before_it_asks_who_calls(cloud: RestJira, path: str) -> None:
    wrong = ("demo@example.com", "wrong")
    assert cloud("DELETE", path, auth=wrong).status_code == 415
    assert delete(cloud, path, wrong).status_code == 401
    assert cloud("POST", PATH, auth=wrong, data="{}").status_code == 415


def test_other_deletes_take_the_header_and_need_it_not(jira: RestJira) -> None:
    for headers in ({}, JSON_TYPE):
        link_id = jira.linked("REL-1", "APP-1")
        assert jira("DELETE", f"issueLink/{link_id}", headers=headers).status_code == 204


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"object": {"url": "https://x"}}, {"title": "'title' is required."}),
        ({"object": {}}, {"title": "'title' is required.", "url": "'url' is required."}),
        ({}, {"object": "'object' is required."}),
        ({"globalId": "x" * 256, "object": BUILD}, {"globalId": "'globalId' must be at most 255 characters."}),
    ],
)
def test_what_is_missing_is_named_by_field(jira: RestJira, body: Any, errors: dict[str, str]) -> None:
    answer = jira("POST", PATH, body)
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [], "errors": errors})
    assert jira("POST", PATH, {**FULL, "globalId": "x" * 255}).status_code == 201


def test_403_without_permission_and_when_linking_is_off(jira: RestJira) -> None:
    assert jira("POST", PATH, FULL, VIEWER).status_code == 403
    assert jira("GET", PATH, auth=VIEWER).status_code == 200
    jira.control("POST", "settings", {"linking_enabled": False})
    for method in ("GET", "POST"):
        answer = jira(method, PATH, FULL if method == "POST" else None)
        assert (answer.status_code, jira.messages(answer)) == (403, ["Issue linking is currently disabled."])


def test_invisible_issues_and_the_limit(jira: RestJira) -> None:
    assert jira("POST", "issue/HID-1/remotelink", FULL).status_code == 404
    jira.control("POST", "settings", {"max_remote_links": 1})
    answers = [jira("POST", PATH, body).status_code for body in (FULL, FULL, {"object": BUILD})]
    assert answers == [201, 200, 413 if jira.cloud else 201]
