# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jira_issue_link: what it sends, and how often."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply.links import make_link
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkType
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link

from tests.local_jira import LocalJira, is_read
from tests.unit.sets_tasks import rest
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
SAID = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
DOCUMENT = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Because."}]}],
}


def posted(task: Tasks) -> list[dict[str, Any]]:
    """The body of each POST issueLink."""
    return [json.loads(sent.body or "") for sent in task.sent if sent.url.endswith("/issueLink")]


# --- direction


@pytest.mark.parametrize("end", ["APP-7", "REL-1"])
@pytest.mark.parametrize("options", [REST, SAID], ids=["REST", "said"])
def test_app_blocks_rel_seen_from_both_ends(site: LocalJira, task: Tasks, options: dict[str, str], end: str) -> None:
    assert task(jira_issue_link, site, **options).result["link"]["sentence"] == "APP-7 blocks REL-1"
    assert site.links() == [BLOCKS]
    seen = jira_view(site, end)
    assert seen == ({"outwardIssue": "REL-1"} if end == "APP-7" else {"inwardIssue": "APP-7"})


def jira_view(site: LocalJira, key: str) -> dict[str, str]:
    """What Jira itself shows of the only link of an issue."""
    import requests

    login = site.login()
    auth = (login["username"], login["password"]) if site.cloud else None
    headers = {} if site.cloud else {"Authorization": f"Bearer {login['token']}"}
    issue = requests.get(f"{site.url}/rest/api/2/issue/{key}", auth=auth, headers=headers, timeout=10).json()
    (link,) = issue["fields"]["issuelinks"]
    return {end: link[end]["key"] for end in ("inwardIssue", "outwardIssue") if end in link}


# --- the request that made it


def test_the_request_is_returned_as_it_was_sent(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, site, **REST, comment="Because.").result
    version = "3" if site.cloud else "2"
    body = DOCUMENT if site.cloud else "Because."
    assert result["request"] == {
        "method": "POST",
        "path": f"/rest/api/{version}/issueLink",
        "body": {
            "type": {"name": "Blocks"},
            "inwardIssue": {"key": "APP-7"},
            "outwardIssue": {"key": "REL-1"},
            "comment": {"body": body},
        },
    }
    assert posted(task) == [result["request"]["body"]]


def test_moved_keys_are_sent_and_shown_as_they_are_now(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, site, link_type="Blocks", inward_issue="old-1", outward_issue="OLD-2").result
    assert result["link"]["sentence"] == "APP-40 blocks LIB-40"
    assert posted(task)[0]["inwardIssue"] == {"key": "APP-40"}


def test_an_issue_that_moves_keeps_its_links(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    moved = site.control("POST", "move", {"from": "APP-7", "to_project": "LIB"})["key"]
    result = task(jira_issue_link, site, **REST).result
    assert (result["changed"], result["link"]["sentence"]) == (False, f"{moved} blocks REL-1")


# --- how many requests


def spent(site: LocalJira) -> dict[str, int]:
    requests = [each for each in site.requests() if not each.endswith("/serverInfo")]
    types = sum(each == "GET /issueLinkType" for each in requests)
    return {"issues": sum(map(is_read, requests)) - types, "types": types, "writes": len(site.writes())}


@pytest.mark.parametrize("options", [{}, {"comment": "Never."}, {"exclusive": True}], ids=str)
def test_nothing_to_do_costs_one_read(site: LocalJira, task: Tasks, options: dict[str, Any]) -> None:
    site.reset([BLOCKS])
    task(jira_issue_link, site, **REST, **options)
    assert spent(site) == {"issues": 1, "types": 0, "writes": 0}


def test_nothing_to_remove_costs_one_read_and_a_look_at_the_name(site: LocalJira, task: Tasks) -> None:
    """A type that is not there would have no links for ever, however often its name is mistyped."""
    task(jira_issue_link, site, **REST, state="absent")
    assert spent(site) == {"issues": 1, "types": 1, "writes": 0}


@pytest.mark.parametrize("options", [{}, {"comment": "Because."}], ids=str)
def test_a_new_link_costs_one_read_one_post_and_one_read_for_its_id(
    site: LocalJira, task: Tasks, options: dict[str, str]
) -> None:
    """Data Center tells the id in Location. The read is then for the type, of which only the name is known.

    It makes a link also where it then refuses the comment, so it is asked for that permission before.
    """
    task(jira_issue_link, site, **REST, **options)
    asked = bool(options) and site.deployment == "data_center"
    assert spent(site) == {"issues": 2 + asked, "types": 0, "writes": 1}


def test_without_the_permission_to_comment_nothing_is_written(site: LocalJira, task: Tasks) -> None:
    silent = [{"key": key, "count": 9, "comment": ["group:administrators"]} for key in ("REL", "APP")]
    site.reset(projects=silent)
    for check in (True, False):
        result = task(jira_issue_link, site, check=check, **REST, comment="Because.").result
        assert result["failed"] and not result["changed"]
        assert ("Add Comments permission" in result["msg"]) or not check
    assert site.links() == [] and site.comments() == []


@pytest.mark.parametrize(
    "options", [SAID, {**REST, "inward_issue": "APP-8"}], ids=["by phrase", "of a type that is seen"]
)
def test_the_id_is_not_read_where_location_tells_it(site: LocalJira, task: Tasks, options: dict[str, str]) -> None:
    site.reset([("LIB-1", "Blocks", "REL-1")])
    result = task(jira_issue_link, site, **options).result
    assert result["link"]["id"] == site.state()["links"][-1]["id"]
    assert spent(site) == {"issues": 2 if site.cloud else 1, "types": int("phrase" in options), "writes": 1}


def test_a_phrase_costs_one_more_read(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    task(jira_issue_link, site, **SAID)
    assert spent(site) == {"issues": 1, "types": 1, "writes": 0}


def test_a_removal_costs_one_read_and_one_delete(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    task(jira_issue_link, site, **REST, state="absent")
    assert spent(site) == {"issues": 1, "types": 0, "writes": 1}


def test_the_server_is_asked_for_its_version_only_if_nobody_says(site: LocalJira, task: Tasks) -> None:
    task(jira_issue_link, site, **REST, api_version="3" if site.cloud else "2")
    assert not [each for each in site.requests() if each.endswith("/serverInfo")]


def test_exclusive_removes_after_the_wanted_link_exists(site: LocalJira, task: Tasks) -> None:
    site.reset([("REL-1", "Blocks", "APP-7")])
    result = task(jira_issue_link, site, **REST, exclusive=True).result
    assert [each.split("/")[0] for each in site.writes()] == ["POST ", "DELETE "]
    assert [link["sentence"] for link in result["removed"]] == ["REL-1 blocks APP-7"]
    assert result["diff"] == {"before": "REL-1 blocks APP-7\n", "after": "APP-7 blocks REL-1\n"}


def test_a_new_link_that_jira_does_not_show_yet(cloud: LocalJira, task: Tasks) -> None:
    issue = {"id": "10047", "key": "APP-7", "fields": {"issuelinks": []}}
    cloud.fault("status", method="GET", path="/issue/APP-7", status=200, body=issue)
    result = task(jira_issue_link, cloud, **REST).result
    assert result["changed"] and result["link"] == {
        "id": None,
        "link_type": "Blocks",
        "link_type_id": "10000",
        "inward": "is blocked by",
        "outward": "blocks",
        "inward_issue": "APP-7",
        "outward_issue": "REL-1",
        "sentence": "APP-7 blocks REL-1",
    }


# --- words that would command a terminal


def test_what_jira_calls_a_type_is_made_safe(site: LocalJira, task: Tasks) -> None:
    site.reset(link_types=[{"name": "\x1b[31mRed", "inward": "\x1b]0;in\x07", "outward": "\x1b[2Jblocks"}])
    for check in (True, False):
        result = task(jira_issue_link, site, check, **{**REST, "link_type": "10000"}).result
        assert result["link"]["sentence"] == "APP-7 \ufffd[2Jblocks REL-1"
        assert "\x1b" not in result["diff"]["after"]
    result = task(jira_issue_link, site, **{**REST, "link_type": "\x1b[1mBlue"}).result
    assert result["failed"] and "Red" in result["msg"]  # tasks.py looks at every message


@pytest.mark.parametrize(
    "options",
    [
        {"link_id": "", "state": "absent"},
        {"issue": "", "phrase": "", "linked_issue": ""},
        {"issue": "REL-1", "phrase": " ", "linked_issue": "APP-7"},
        {"issue": "REL-1", "phrase": "blocks", "linked_issue": ""},
        {"link_type": "", "inward_issue": "APP-7", "outward_issue": "REL-1"},
        {"link_type": "Blocks", "inward_issue": "", "outward_issue": "REL-1"},
        {**REST, "link_id": "", "state": "absent"},
    ],
    ids=str,
)
def test_empty_options_do_nothing(site: LocalJira, task: Tasks, options: dict[str, str]) -> None:
    """A variable that is empty by mistake must not remove something else, or anything."""
    site.reset([BLOCKS])
    result = task(jira_issue_link, site, **options).result
    assert result["failed"] and site.links() == [BLOCKS] and site.writes() == []


# --- comments


def comments(site: LocalJira) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.state()["comments"]
    return found


def test_a_comment_comes_once_and_on_the_inward_issue(site: LocalJira, task: Tasks) -> None:
    for changed in (True, False, False):
        assert task(jira_issue_link, site, **REST, comment="One.\n\nTwo.").result["changed"] is changed
    (comment,) = comments(site)
    assert (comment["issue"], comment["body"].split()) == ("APP-7", ["One.", "Two."])


@pytest.mark.parametrize(
    ("version", "comment", "body"),
    [
        ("3", "Because.", DOCUMENT),
        ("3", DOCUMENT, DOCUMENT),
        ("2", "{color:red}*Because*{color}", "{color:red}*Because*{color}"),
    ],
    ids=["text", "document", "wiki"],
)
def test_the_version_decides_what_a_comment_is(
    cloud: LocalJira, task: Tasks, version: str, comment: Any, body: Any
) -> None:
    result = task(jira_issue_link, cloud, **REST, comment=comment, api_version=version).result
    assert result["request"]["body"]["comment"] == {"body": body}
    assert len(comments(cloud)) == 1


def test_a_document_is_refused_for_v2_before_anything_is_written(data_center: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, data_center, **REST, comment=DOCUMENT).result
    assert "only API version 3 takes" in result["msg"]
    assert data_center.writes() == []


def test_visibility_and_the_portal_property_reach_jira(site: LocalJira, task: Tasks) -> None:
    visibility = {"type": "group", "value": "jira-users"}
    options = {**REST, "inward_issue": "SUP-1", "comment": "Hush.", "comment_internal": True}
    task(jira_issue_link, site, **options, comment_visibility=visibility)
    (comment,) = comments(site)
    assert comment["visibility"].items() >= visibility.items()
    assert comment["internal"] is True


def test_a_group_by_its_identifier(cloud: LocalJira, task: Tasks) -> None:
    task(jira_issue_link, cloud, **REST, comment="Hush.", comment_visibility={"type": "group", "value": "jira-users"})
    identifier = comments(cloud)[0]["visibility"]["identifier"]
    cloud.reset()
    visibility = {"type": "group", "identifier": identifier}
    result = task(jira_issue_link, cloud, **REST, comment="Hush.", comment_visibility=visibility).result
    assert result["request"]["body"]["comment"]["visibility"] == visibility
    assert comments(cloud)[0]["visibility"]["value"] == "jira-users"


@pytest.mark.parametrize("visibility", [{"type": "group"}, {"type": "group", "value": "a", "identifier": "b"}], ids=str)
def test_visibility_is_a_name_or_an_identifier(site: LocalJira, task: Tasks, visibility: dict[str, str]) -> None:
    assert task(jira_issue_link, site, **REST, comment="x", comment_visibility=visibility).result["failed"]
    assert site.requests() == []


# --- removing


def test_what_is_gone_with_its_issue_is_a_warning(site: LocalJira, task: Tasks) -> None:
    result, warnings = task(jira_issue_link, site, **{**REST, "outward_issue": "REL-999"}, state="absent")
    assert not result["changed"] and not result.get("failed")
    assert len(warnings) == 1 and "REL-999" in warnings[0]


def test_the_id_of_another_link_removes_nothing(site: LocalJira, task: Tasks) -> None:
    site.reset([("APP-7", "Cloners", "REL-1"), BLOCKS])
    result = task(jira_issue_link, site, **REST, link_id="10000", state="absent").result
    assert result["failed"] and "'APP-7 clones REL-1'" in result["msg"] and "'APP-7 blocks REL-1'" in result["msg"]
    assert site.writes() == []


def test_the_id_of_a_link_elsewhere_removes_nothing(site: LocalJira, task: Tasks) -> None:
    site.reset([("LIB-1", "Blocks", "LIB-2")])
    result = task(jira_issue_link, site, **REST, link_id="10000", state="absent").result
    assert result["failed"] and "'LIB-1 blocks LIB-2'" in result["msg"]


def test_one_of_two_links_that_say_the_same(site: LocalJira, task: Tasks) -> None:
    site.reset([("APP-7", "Relates", "REL-1"), ("REL-1", "Relates", "APP-7")])
    result = task(jira_issue_link, site, **{**REST, "link_type": "Relates"}, link_id="10001", state="absent").result
    assert [link["id"] for link in result["removed"]] == ["10001"]
    assert site.links() == [("APP-7", "Relates", "REL-1")]


@pytest.mark.parametrize("ends", [("APP-7", "REL-1"), ("REL-1", "APP-7")], ids=str)
def test_one_of_two_links_that_say_the_same_is_gone_already(site: LocalJira, task: Tasks, ends: Sequence[str]) -> None:
    site.reset([("APP-7", "Relates", "REL-1"), ("REL-1", "Relates", "APP-7")])
    options = {**rest(ends[0], "Relates", ends[1]), "link_id": "10000", "state": "absent"}
    assert task(jira_issue_link, site, check=True, **options).result["changed"]
    assert task(jira_issue_link, site, **options).result["changed"]
    for check in (True, False):
        again, (warning,) = task(jira_issue_link, site, check, **options)
        assert not again["changed"] and not again.get("failed")
        assert "The issue link 10000 does not exist, and" in warning and "has the id 10001" in warning
    assert site.links() == [("REL-1", "Relates", "APP-7")]


def test_a_link_that_is_there_with_another_id_is_no_mistake_of_the_type(site: LocalJira, task: Tasks) -> None:
    """Only a symmetric type can have two links that say the same; else the id is wrong."""
    site.reset([BLOCKS])
    result = task(jira_issue_link, site, **REST, link_id="99999", state="absent").result
    assert result["failed"] and "has the id 10000" in result["msg"] and site.links() == [BLOCKS]


def test_somebody_else_removed_it_first(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    site.fault("status", method="DELETE", path="issueLink", status=404, body={"errorMessages": ["gone"]})
    site.fault("status", method="GET", path="issueLink/10000", status=404, body={"errorMessages": ["gone"]})
    result = task(jira_issue_link, site, **REST, state="absent").result
    assert result["changed"] and not result.get("failed")


@pytest.mark.parametrize(
    ("location", "link_id"),
    [
        ("https://jira.example.com/rest/api/2/issueLink/10024", "10024"),
        ("/rest/api/latest/issueLink/7", "7"),
        ("https://jira.example.com/rest/api/2/issueLink", None),
        ("https://jira.example.com/browse/REL-1", None),
        ("https://jira.example.com/rest/api/2/issueLink/10024?x=1", None),
        ("", None),
    ],
)
def test_the_id_of_a_new_link_is_taken_from_its_own_address(location: str, link_id: str | None) -> None:
    """Undo removes by it."""

    class Told:
        def create_link(self, link: IssueLink, read_back: object) -> Any:
            return SimpleNamespace(confirmed=False, headers={"Location": location})

    link = IssueLink(LinkType(name="Blocks"), Issue("A-1"), Issue("A-2"))
    assert make_link(link, cast(Jira, Told())).done.id == link_id
