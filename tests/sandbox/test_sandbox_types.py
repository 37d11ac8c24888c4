# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Link types (facts 3)."""

from __future__ import annotations

import pytest

from tests.sandbox.rest_jira import ADMIN, DEMO, RestJira

WORDS = {"name": "Causes", "inward": "is caused by", "outward": "causes"}
TAKEN = "You cannot create two issue link types with the same name."


def names(jira: RestJira) -> list[str]:
    return [each["name"] for each in jira("GET", "issueLinkType").json()["issueLinkTypes"]]


def test_the_defaults_are_jiras_own(jira: RestJira) -> None:
    types = jira("GET", "issueLinkType", auth=None).json()["issueLinkTypes"]
    assert [(each["name"], each["inward"], each["outward"]) for each in types] == [
        ("Blocks", "is blocked by", "blocks"),
        ("Cloners", "is cloned by", "clones"),
        ("Duplicate", "is duplicated by", "duplicates"),
        ("Relates", "relates to", "relates to"),
    ]
    assert jira("GET", f"issueLinkType/{types[0]['id']}").json() == types[0]
    assert types[0]["self"].endswith(f"{jira.api}/issueLinkType/{types[0]['id']}")


def test_create_update_delete(jira: RestJira) -> None:
    created = jira("POST", "issueLinkType", WORDS, ADMIN)
    assert created.status_code == 201
    path = f"issueLinkType/{created.json()['id']}"
    updated = jira("PUT", path, {"inward": "comes from"}, ADMIN)
    assert (updated.status_code, updated.json()) == (200, {**created.json(), "inward": "comes from"})
    assert jira("PUT", path, {"name": "Causes"}, ADMIN).status_code == 200  # its own name is no clash
    assert jira("DELETE", path, auth=ADMIN).status_code == 204
    assert jira("GET", path).status_code == 404


def test_a_changed_phrase_shows_on_links_at_once(jira: RestJira) -> None:
    link_id = jira.linked("REL-1", "APP-1")
    before = jira.links_of("REL-1")[0]["type"]
    jira("PUT", f"issueLinkType/{before['id']}", {"outward": "holds up"}, ADMIN)
    assert jira.links_of("REL-1")[0]["type"]["outward"] == "holds up"
    assert jira("GET", f"issueLink/{link_id}").json()["type"]["outward"] == "holds up"


def test_the_links_of_a_deleted_type_go_with_it(jira: RestJira) -> None:
    jira.linked("REL-1", "APP-1")
    kept = jira.linked("REL-1", "APP-1", type={"name": "Relates"})
    blocks = jira.links_of("REL-1")[0]["type"]["id"]
    jira("DELETE", f"issueLinkType/{blocks}", auth=ADMIN)
    assert [link["id"] for link in jira.links_of("APP-1")] == [kept]


@pytest.mark.parametrize("auth", [DEMO, None])
@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PUT", "/10000"), ("DELETE", "/10000")])
def test_whoever_is_no_administrator_gets_404(jira: RestJira, auth: object, method: str, path: str) -> None:
    answer = jira(method, f"issueLinkType{path}", WORDS, DEMO if auth else None)
    assert answer.status_code == 404
    assert names(jira) == ["Blocks", "Cloners", "Duplicate", "Relates"]


def test_a_name_in_use_is_refused(jira: RestJira) -> None:
    for method, path in (("POST", "issueLinkType"), ("PUT", "issueLinkType/10001")):
        answer = jira(method, path, {**WORDS, "name": "Blocks"}, ADMIN)
        assert (answer.status_code, jira.messages(answer)) == (400, [TAKEN])


def test_words_that_are_missing_are_named(jira: RestJira) -> None:
    answer = jira("POST", "issueLinkType", {"name": "Causes"}, ADMIN)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"inward", "outward"}


@pytest.mark.parametrize(("type_id", "status"), [("99", 404), ("abc", 400)])
def test_a_bad_type_id(jira: RestJira, type_id: str, status: int) -> None:
    answer = jira("GET", f"issueLinkType/{type_id}")
    assert answer.status_code == status
    if status == 404:
        assert jira.messages(answer) == [f"No issue link type with id '{type_id}' found."]
