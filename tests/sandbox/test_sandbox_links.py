# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Issue links: direction, identity, refusals and their order (facts 1, 2 and 4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.rest_jira import ADMIN, MISSING, VIEWER, RestJira

DISABLED = "Issue linking is currently disabled."


def test_inward_issue_blocks_outward_issue_seen_from_both_ends(jira: RestJira) -> None:
    link_id = jira.linked("REL-1", "APP-7")
    (from_inward,), (from_outward,) = jira.links_of("REL-1"), jira.links_of("APP-7")
    assert "inwardIssue" not in from_inward and from_inward["outwardIssue"]["key"] == "APP-7"
    assert "outwardIssue" not in from_outward and from_outward["inwardIssue"]["key"] == "REL-1"
    assert from_inward["type"]["outward"] == "blocks" and from_outward["type"]["inward"] == "is blocked by"
    assert from_inward["id"] == from_outward["id"] == link_id
    both = jira("GET", f"issueLink/{link_id}").json()
    assert (both["inwardIssue"]["key"], both["outwardIssue"]["key"]) == ("REL-1", "APP-7")


def test_the_other_end_shows_what_it_is(jira: RestJira) -> None:
    jira.linked("REL-1", "APP-7")
    other = jira.links_of("REL-1")[0]["outwardIssue"]
    assert other["self"] == f"{jira.url}{jira.api}/issue/{other['id']}"
    assert set(other["fields"]) == {"summary", "status", "priority", "issuetype"}
    assert other["fields"]["status"]["statusCategory"]["key"] in ("new", "indeterminate", "done")


def test_created_answers_nothing_but_data_center_says_where(jira: RestJira) -> None:
    answer = jira.link("REL-1", "APP-7")
    link_id = jira.links_of("REL-1")[0]["id"]
    assert (answer.status_code, answer.content) == (201, b"")
    location = None if jira.cloud else f"{jira.url}/rest/api/2/issueLink/{link_id}"
    assert answer.headers.get("Location") == location


def test_a_duplicate_answers_201_stores_nothing_and_repeats_the_comment(jira: RestJira) -> None:
    comment = {"body": jira.body_of_comment("again")}
    assert [jira.link("REL-1", "APP-7", comment=comment).status_code for _other in range(2)] == [201, 201]
    state = jira.control("GET", "state")
    assert len(state["links"]) == 1
    assert [each["body"] for each in state["comments"]] == ["again", "again"]


@pytest.mark.parametrize("type_name", ["Blocks", "Relates"])
def test_the_reversed_pair_is_another_link_even_if_symmetric(jira: RestJira, type_name: str) -> None:
    kind = {"name": type_name}
    assert jira.linked("REL-1", "APP-7", type=kind) != jira.linked("APP-7", "REL-1", type=kind)
    assert len(jira.links_of("REL-1")) == len(jira.links_of("APP-7")) == 2


def test_links_of_several_types_live_side_by_side(jira: RestJira) -> None:
    for name in ("Blocks", "Relates", "Duplicate"):
        jira.linked("REL-1", "APP-7", type={"name": name})
    assert [link["type"]["name"] for link in jira.links_of("APP-7")] == ["Blocks", "Relates", "Duplicate"]


def test_ends_may_be_ids_moved_keys_and_any_case(jira: RestJira) -> None:
    issue_id = jira("GET", "issue/REL-1").json()["id"]
    body = {"type": {"name": "Blocks"}, "inwardIssue": {"id": issue_id}, "outwardIssue": {"key": "old-1"}}
    assert jira("POST", "issueLink/", body).status_code == 201
    assert jira.control("GET", "state")["links"][0]["outward"] == "APP-40"


def test_a_type_id_wins_over_its_name_and_a_name_must_match_exactly(jira: RestJira) -> None:
    types = {each["name"]: each["id"] for each in jira.control("GET", "state")["link_types"]}
    assert jira.link("REL-1", "APP-1", type={"id": types["Relates"], "name": "Blocks"}).status_code == 201
    assert jira.links_of("REL-1")[0]["type"]["name"] == "Relates"
    for kind, text in (
        ({"name": "blocks"}, "name 'blocks'"),
        ({"id": "99"}, "id '99'"),
        ({"id": "Blocks"}, "id 'Blocks'"),
    ):
        answer = jira.link("REL-1", "APP-1", type=kind)
        assert (answer.status_code, jira.messages(answer)) == (404, [f"No issue link type with {text} found."])


def test_missing_issues_and_type_are_said_all_together(jira: RestJira) -> None:
    answer = jira.link("REL-999", "HID-1", type={"name": "Nope"})
    missing = MISSING[jira.deployment]
    expected = ["No issue link type with name 'Nope' found.", missing, missing]
    assert (answer.status_code, jira.messages(answer)) == (404, expected)


def test_a_self_link_is_refused_through_a_moved_key_too(jira: RestJira) -> None:
    for other in ("APP-40", "app-40", "OLD-1"):
        answer = jira.link("APP-40", other)
        assert (answer.status_code, jira.messages(answer)) == (400, ["You cannot link an issue to itself."])


def test_permission_counts_on_the_inward_issue(jira: RestJira) -> None:
    answer = jira.link("RO-1", "REL-1")
    assert (answer.status_code, jira.messages(answer)) == (401, ["No Link Issue Permission for issue 'RO-1'"])
    assert jira.link("REL-1", "RO-1").status_code == 201
    assert jira.link("REL-1", "APP-1", auth=VIEWER).status_code == 401
    assert jira.link("PUB-1", "PUB-2", auth=None).status_code == 401


def test_linking_switched_off_comes_before_everything(jira: RestJira) -> None:
    link_id = jira.linked("REL-1", "APP-1")
    jira.control("POST", "settings", {"linking_enabled": False})
    answers = [
        jira.link("REL-999", "REL-999", type={"name": "Nope"}),
        jira("GET", f"issueLink/{link_id}"),
        jira("DELETE", f"issueLink/{link_id}"),
        jira("GET", "issueLinkType"),
    ]
    assert [(each.status_code, jira.messages(each)) for each in answers] == [(404, [DISABLED])] * 4


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_bad_link_id(jira: RestJira, method: str) -> None:
    answer = jira(method, "issueLink/123")
    assert (answer.status_code, jira.messages(answer)) == (404, ["No issue link with id '123' exists."])
    assert jira(method, "issueLink/abc").status_code == 400


def test_delete_needs_link_issues_on_one_of_both_projects(jira: RestJira) -> None:
    for inward, outward in (("REL-1", "RO-1"), ("RO-1", "REL-1")):
        link_id = jira.linked(inward, outward, auth=ADMIN)
        assert jira("DELETE", f"issueLink/{link_id}", auth=VIEWER).status_code == 401
        answer = jira("DELETE", f"issueLink/{link_id}")
        assert (answer.status_code, answer.content) == (204, b"")
        assert jira("DELETE", f"issueLink/{link_id}").status_code == 404
    both_read_only = jira.linked("RO-1", "RO-2", auth=ADMIN)
    answer = jira("DELETE", f"issueLink/{both_read_only}")
    assert (answer.status_code, jira.messages(answer)) == (401, ["No Link Issue Permission for issue 'RO-1'"])


def test_links_to_invisible_issues_are_hidden(jira: RestJira) -> None:
    link_id = jira.linked("REL-1", "HID-1", auth=ADMIN)
    assert jira.links_of("REL-1") == []
    assert len(jira.links_of("REL-1", auth=ADMIN)) == 1
    assert jira("GET", f"issueLink/{link_id}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": {}},
        {"inwardIssue": None},
        {"outwardIssue": "APP-1"},
        {"color": "red"},
        {"type": {"name": "Blocks", "color": "red"}},
        {"inwardIssue": {"key": "REL-1", "color": "red"}},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(jira: RestJira, change: dict[str, Any]) -> None:
    answer = jira.link("REL-1", "APP-1", **change)
    assert answer.status_code == 400
    if "color" in str(change):
        assert jira.messages(answer)[0].startswith('Unrecognized field "color"')


def test_a_body_that_is_no_json_is_refused(jira: RestJira) -> None:
    url, auth = "issueLink", ("demo@example.com", "demo-token")
    broken = jira("POST", url, auth=auth, data="{", headers={"Content-Type": "application/json"})
    form = jira("POST", url, auth=auth, data={"a": "b"})
    assert (broken.status_code, form.status_code) == (400, 415)


def test_cloud_refuses_a_bad_comment_first_data_center_after_the_link(jira: RestJira) -> None:
    visibility = {"type": "group", "value": "x"}
    comment = {"body": jira.body_of_comment("secret"), "visibility": visibility}
    answer = jira.link("REL-1", "APP-1", comment=comment)
    assert (answer.status_code, jira.messages(answer)) == (400, ["Group: x does not exist."])
    state = jira.control("GET", "state")
    assert (len(state["links"]), state["comments"]) == (0 if jira.cloud else 1, [])


def test_the_comment_lands_on_the_inward_issue(jira: RestJira) -> None:
    jira.linked("REL-1", "APP-1", comment={"body": jira.body_of_comment("why")})
    (comment,) = jira.control("GET", "state")["comments"]
    assert (comment["issue"], comment["body"], comment["author"]) == ("REL-1", "why", "demo")


def test_the_limit_of_links_per_issue_counts_both_ends_on_cloud_only(jira: RestJira) -> None:
    jira.control("POST", "settings", {"max_links": 2})
    jira.linked("REL-1", "APP-1")
    jira.linked("REL-1", "APP-2")
    expected = 413 if jira.cloud else 201
    assert jira.link("REL-1", "APP-1").status_code == 201  # a duplicate adds nothing
    assert jira.link("REL-1", "APP-3").status_code == expected
    assert jira.link("APP-3", "REL-1").status_code == expected


def test_the_real_limit_is_2000(cloud: RestJira) -> None:
    links = [["A-1", "Blocks", f"A-{number}"] for number in range(2, 2002)]
    cloud.control("POST", "reset", {"projects": [{"key": "A", "count": 2002}], "links": links})
    answer = cloud.link("A-1", "A-2002")
    assert (answer.status_code, answer.json()["errors"]) == (413, {})
    assert len(cloud.links_of("A-1")) == 2000
