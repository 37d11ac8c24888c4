# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Jira refuses, and what the task says of it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import jiras_words
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_links,
    jira_remote_links,
)

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
CREATION = {"method": "POST", "path": "/issueLink$"}
PAGE = "<!DOCTYPE html><html><head><title>Oops (400)</title></head><body><h1>Stack</h1>trace</body></html>"
SHAPES = {
    "messages and errors": ('{"errorMessages": ["One."], "errors": {"title": "Two."}}', ["One.", "title: Two."]),
    "messages only": ('{"errorMessages": ["One.", "Two."]}', ["One.", "Two."]),
    "errors only": ('{"errorMessages": [], "errors": {"title": "Two."}}', ["title: Two."]),
    "message and status-code": ('{"message": "One.", "status-code": 400}', ["One."]),
    "nulls": ('{"errorMessages": null, "errors": null, "message": null}', []),
    "page": (PAGE, ["Oops (400)"]),
    "page without a title": ("<h1>Bad\n gateway</h1>", ["Bad gateway"]),
    "plain text": ("Not today.\n", ["Not today."]),
    "a JSON string": ('"Not today."', ["Not today."]),
    "a list": ("[]", ["[]"]),
    "nothing": ("", []),
    "commands to the terminal": ('{"errorMessages": ["\\u001b[31mred\\u0007"]}', ["\ufffd[31mred\ufffd"]),
}


@pytest.mark.fact("body: messages and errors", "{errorMessages: [...], errors: {...}}")
@pytest.mark.fact("body: messages", "errorMessages only")
@pytest.mark.fact("body: message", '{message, "status-code"}')
@pytest.mark.fact("body: page", "an HTML page")
@pytest.mark.fact("body: text", "plain text")
@pytest.mark.fact("body: nothing", "an empty body")
@pytest.mark.parametrize(("body", "words"), SHAPES.values(), ids=SHAPES)
def test_bodies_of_every_shape(site: LocalJira, task: Tasks, body: str, words: list[str]) -> None:
    site.fault("status", **CREATION, status=400, body=body)
    result = task(jira_issue_link, site, **REST).result
    assert (result["failed"], result["changed"], result["status"]) == (True, False, 400)
    assert (result["error_messages"], list(jiras_words(body))) == (words, words)
    assert "'APP-7 [Blocks] REL-1'" in result["msg"] and all(word in result["msg"] for word in words)


@pytest.mark.fact("body: page")
def test_a_long_page_is_cut(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=400, body="<b>x</b> " * 10_000, content_type="html")
    assert len(task(jira_issue_link, site, **REST).result["msg"]) < 1000


@pytest.mark.fact("support ids", "X-AREQUESTID, Atl-Traceid")
def test_every_failure_says_where_and_what_to_ask_support(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=400, body="No.")
    result = task(jira_issue_link, site, **REST).result
    assert (result["method"], result["path"]) == ("POST", f"/rest/api/{'3' if site.cloud else '2'}/issueLink")
    assert result["support_id"]  # Atl-Traceid on Cloud, X-AREQUESTID on Data Center


# --- one 404, five causes


@pytest.mark.fact("issue missing or invisible", "404, in the words of each deployment")
@pytest.mark.fact("one 401, two causes; one 404, five", "a 401 is not always about credentials")
@pytest.mark.parametrize("key", ["REL-999", "HID-1"], ids=["missing", "invisible"])
@pytest.mark.parametrize("end", ["inward_issue", "outward_issue"])
def test_an_issue_that_jira_does_not_show(site: LocalJira, task: Tasks, key: str, end: str) -> None:
    result = task(jira_issue_link, site, **{**REST, end: key}).result
    words = "Issue does not exist or you do not have permission to see it." if site.cloud else "Issue Does Not Exist"
    assert (result["status"], result["error_messages"]) == (404, [words])
    assert key in result["msg"] and site.writes() == []


@pytest.mark.fact("unknown link type", "404, by name or id")
@pytest.mark.fact("one 401, two causes; one 404, five")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Block", "No issue link type with name 'Block' found."),
        ("999", "No issue link type with id '999' found."),
    ],
)
def test_an_unknown_link_type(site: LocalJira, task: Tasks, kind: str, words: str) -> None:
    result = task(jira_issue_link, site, **{**REST, "link_type": kind}).result
    assert (result["status"], result["error_messages"]) == (404, [words])
    assert f"'{kind}'" in result["msg"] and "'Blocks' (blocks / is blocked by)" in result["msg"]
    assert words in result["msg"]


@pytest.mark.fact("linking switched off", "404, and 403 for remote links")
@pytest.mark.fact("one 401, two causes; one 404, five")
@pytest.mark.parametrize("options", [{}, {"comment": "Because."}, {"phrase": "is blocked by"}], ids=str)
def test_linking_switched_off(site: LocalJira, task: Tasks, options: dict[str, str]) -> None:
    site.settings(linking_enabled=False)
    said = {"issue": "REL-1", "linked_issue": "APP-7", **options}
    result = task(jira_issue_link, site, **(said if "phrase" in options else {**REST, **options})).result
    assert result["status"] == 404 and "linking is switched off" in result["msg"]
    assert result["error_messages"] == ["Issue linking is currently disabled."]


@pytest.mark.fact("no Link Issues permission")
@pytest.mark.fact("one 401, two causes; one 404, five")
def test_a_404_that_is_a_permission_as_the_documents_have_it(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=404, body={"errorMessages": ["Not found."]})
    result = task(jira_issue_link, site, **{**REST, "inward_issue": "RO-1"}).result
    assert "no Link Issues permission for RO-1" in result["msg"] and "Not found." in result["msg"]


@pytest.mark.fact("one 401, two causes; one 404, five")
def test_a_404_without_a_cause_that_could_be_found(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=404, body={"errorMessages": ["Not found."]})
    result = task(jira_issue_link, site, **REST).result
    assert result["status"] == 404 and "'APP-7 [Blocks] REL-1'" in result["msg"] and "Not found." in result["msg"]


@pytest.mark.fact("one 401, two causes; one 404, five")
def test_an_address_without_a_jira(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, site, url=f"{site.url}/wiki", **REST).result
    assert result["status"] == 404 and "There is no Jira" in result["msg"] and "context path" in result["msg"]


@pytest.mark.fact("one 401, two causes; one 404, five")
@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_address_without_a_jira_is_no_missing_issue(site: LocalJira, task: Tasks, state: str) -> None:
    """Removing what is not there succeeds, but nobody has looked there."""
    for url, version in ((f"{site.url}/wiki", "2"), *([] if site.cloud else [(site.url, "3")])):
        result = task(jira_issue_link, site, **REST, url=url, api_version=version, state=state).result
        assert result["failed"] and "url" in result["msg"] and "api_version" in result["msg"]


# --- permission


@pytest.mark.fact("no Link Issues permission", "401 in practice, 404 in the documents")
@pytest.mark.fact("one 401, two causes; one 404, five")
def test_a_401_about_permission_says_so(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, site, **{**REST, "inward_issue": "RO-1"}).result
    assert result["status"] == 401 and "no Link Issues permission for RO-1" in result["msg"]
    assert result["error_messages"] == ["No Link Issue Permission for issue 'RO-1'"]
    assert "credentials" not in result["msg"]


@pytest.mark.fact("no Link Issues permission")
def test_a_removal_without_permission_says_so(site: LocalJira, task: Tasks) -> None:
    site.reset([("RO-1", "Blocks", "RO-2")])
    result = task(jira_issue_link, site, link_id="10000", state="absent").result
    assert result["status"] == 401 and "no Link Issues permission for RO-1 or RO-2" in result["msg"]
    assert not result["changed"] and len(site.links()) == 1


@pytest.mark.fact(
    "order of checks", "linking, type and issues, self link, permission at the inward issue, comment, creation"
)
@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"link_type": "Block", "outward_issue": "REL-999"}, "REL-999"),
        ({"link_type": "Block", "inward_issue": "RO-1"}, "'Block'"),
        ({"inward_issue": "RO-1", "outward_issue": "RO-1"}, "itself"),
        ({"inward_issue": "RO-1", "comment": "x", "comment_visibility": {"type": "group", "value": "x"}}, "permission"),
    ],
)
def test_of_several_causes_the_first_that_jira_checks_is_named(
    site: LocalJira, task: Tasks, change: dict[str, Any], cause: str
) -> None:
    """In this order: both issues and the type, self link, permission at the inward issue, comment."""
    for check in (True, False):
        result = task(jira_issue_link, site, check, **{**REST, **change}).result
        assert result["failed"] and cause in result["msg"] and site.links() == []


@pytest.mark.fact("order of checks")
def test_linking_is_checked_before_type_and_permission(site: LocalJira, task: Tasks) -> None:
    site.settings(linking_enabled=False)
    for check in (True, False):
        result = task(jira_issue_link, site, check, **{**REST, "link_type": "Block", "inward_issue": "RO-1"}).result
        assert "linking is switched off" in result["msg"]


# --- link ids


@pytest.mark.fact("bad link id", "404, or 400 for what is no number")
@pytest.mark.parametrize("state", ["absent", "read"])
def test_link_ids_that_are_none(site: LocalJira, task: Tasks, state: str) -> None:
    options: dict[str, Any] = {"state": "absent"} if state == "absent" else {}
    module = jira_issue_link if state == "absent" else jira_issue_link_info
    unknown, warnings = task(module, site, link_id="99999", **options)
    assert [text for text in warnings if "does not show issue link 99999" in text] == warnings
    assert bool(unknown.get("failed")) is (state == "read") and not unknown["changed"]
    bad = task(module, site, link_id="ten", **options).result
    assert bad["failed"] and bad["status"] == 400 and "not a number" in bad["msg"]


def test_a_link_id_where_there_is_no_jira(site: LocalJira, task: Tasks) -> None:
    elsewhere = {"url": f"{site.url}/jira", "api_version": "3" if site.cloud else "2"}
    result = task(jira_issue_link, site, link_id="10000", state="absent", **elsewhere).result
    assert result["failed"] and "no Jira" in result["msg"]


@pytest.mark.fact("linking switched off")
@pytest.mark.fact("one 401, two causes; one 404, five")
def test_a_link_id_where_linking_is_switched_off(site: LocalJira, task: Tasks) -> None:
    site.settings(linking_enabled=False)
    result = task(jira_issue_link, site, link_id="10000", state="absent").result
    assert result["failed"] and "linking is switched off" in result["msg"]


# --- comments


@pytest.mark.fact("comment refused", "400: unknown group, not in role, no ADF on v3")
@pytest.mark.fact(
    "Data Center makes the comment after the link", "a refused comment can answer 400 with the link in place"
)
@pytest.mark.parametrize(
    ("visibility", "words"),
    [
        ({"type": "group", "value": "x"}, "Group: x does not exist."),
        ({"type": "role", "value": "Administrators"}, "not a member of the project role: Administrators"),
    ],
)
@pytest.mark.parametrize("link_first", [False, True])
def test_a_refused_comment(
    site: LocalJira, task: Tasks, visibility: dict[str, str], words: str, link_first: bool
) -> None:
    """Data Center has made the link by then, and that is what the task says. Of Cloud nobody knows."""
    site.settings(comment_after_link=link_first)
    options = {**REST, "comment": "Hush.", "comment_visibility": visibility}
    result = task(jira_issue_link, site, **options).result
    assert (result["failed"], result["status"]) == (True, 400) and words in result["msg"]
    assert site.comments() == []
    assert result["changed"] is bool(site.links()) is link_first
    if link_first:
        assert result["link"]["id"] == site.state()["links"][0]["id"]
        assert result["diff"] == {"before": "", "after": "APP-7 blocks REL-1\n"}
        assert "The link was made: APP-7 blocks REL-1" in result["msg"] and "comment was refused" in result["msg"]
    again = task(jira_issue_link, site, **options).result
    assert (again["changed"], bool(again.get("failed"))) == (False, not link_first)


@pytest.mark.fact("Data Center makes the comment after the link")
def test_a_refused_comment_stops_the_repair(data_center: LocalJira, task: Tasks) -> None:
    data_center.reset([("REL-1", "Blocks", "APP-7")])
    visibility = {"type": "group", "value": "x"}
    options = {**REST, "exclusive": True, "comment": "Hush.", "comment_visibility": visibility}
    result = task(jira_issue_link, data_center, **options).result
    assert (result["failed"], result["changed"], result["removed"]) == (True, True, [])
    assert result["diff"]["after"].splitlines() == data_center.sentences()
    again = task(jira_issue_link, data_center, **options).result
    assert again["changed"] and data_center.links() == [BLOCKS]


@pytest.mark.fact("comment refused")
def test_a_document_that_is_none(cloud: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_link, cloud, **REST, comment={"type": "paragraph"}).result
    assert (result["failed"], result["changed"]) == (True, False) and "Atlassian Document" in result["msg"]
    assert cloud.links() == []


# --- the limit


@pytest.mark.fact("per-issue limit", "413, 2,000 links on Cloud, permanent")
@pytest.mark.parametrize("body", ["", "Too many", PAGE], ids=["nothing", "text", "page"])
def test_the_per_issue_limit_is_never_retried(site: LocalJira, task: Tasks, body: str) -> None:
    site.fault("status", **CREATION, status=413, body=body)
    result = task(jira_issue_link, site, **REST).result
    assert result["status"] == 413 and ("2,000" in result["msg"]) == site.cloud  # only Cloud has such a limit
    assert "trying again does not help" in result["msg"].lower()
    assert (site.writes(), task.pauses) == (["POST /issueLink"], [])


@pytest.mark.fact("per-issue limit")
@pytest.mark.parametrize(
    ("module", "options"),
    [
        (jira_issue_links, {"links": [REST, {**REST, "outward_issue": "REL-2"}]}),
        (jira_issue_link_type, {"name": "Relates", "state": "absent", "move_links_to": "Cloners"}),
        (jira_remote_links, {"issue": "REL-1", "links": [{"remote_url": "https://ci.example.com/1", "title": "One"}]}),
    ],
    ids=["set", "moving", "remote links"],
)
def test_nobody_is_sent_to_try_a_full_issue_again(
    site: LocalJira, task: Tasks, module: Any, options: dict[str, Any]
) -> None:
    site.reset([("APP-7", "Relates", "REL-1")])
    for status, again in ((413, False), (400, True)):
        site.fault("status", method="POST", path="/(issueLink|remotelink)$", status=status)
        result = task(module, site, **site.login("admin"), **options).result
        assert result["failed"] and result["status"] == status
        assert ("run it again: it does the rest" in result["msg"]) == again
        assert ("trying again does not help" in result["msg"].lower()) != again


@pytest.mark.fact("per-issue limit")
def test_the_limit_does_not_hold_on_data_center(data_center: LocalJira, task: Tasks) -> None:
    data_center.reset_with_a_full_issue()
    for check in (True, False):
        options = {"link_type": "Relates", "inward_issue": "BIG-1", "outward_issue": "FAR-501"}
        assert task(jira_issue_link, data_center, check, **options).result["changed"]


# --- redirects


@pytest.mark.fact("vanity hosts answer 301", "redirects on writes are refused, naming the new host")
@pytest.mark.parametrize(
    ("fault", "links", "options"),
    [
        (CREATION, [], REST),
        ({"method": "DELETE"}, [BLOCKS], {**REST, "state": "absent"}),
        ({"path": "/serverInfo"}, [], REST),
        ({"path": "/(bulkfetch|search)$"}, [], REST),
    ],
    ids=["creation", "removal", "version", "reading"],
)
def test_redirects_are_refused_with_the_new_host(
    site: LocalJira, task: Tasks, fault: dict[str, str], links: list[Any], options: dict[str, Any]
) -> None:
    site.reset(links)
    site.fault("redirect", **fault, host="https://jira.example.com")
    result = task(jira_issue_link, site, **options).result
    assert (result["failed"], result["changed"], result["status"]) == (True, False, 301)
    assert "https://jira.example.com" in result["msg"] and "Set url" in result["msg"]
    assert {sent.host for sent in task.sent} == {"127.0.0.1"}
    assert len(site.writes()) <= 1 and len(site.links()) == len(links)


# --- answers that are not Jira's


@pytest.mark.parametrize("body", [PAGE, "[]", '"ok"', "null"], ids=["page", "list", "string", "null"])
@pytest.mark.parametrize("path", ["/serverInfo", "/(bulkfetch|search)$"])
def test_an_answer_that_is_not_jiras(site: LocalJira, task: Tasks, path: str, body: str) -> None:
    site.fault("status", path=path, status=200, body=body, content_type="html")
    result = task(jira_issue_link, site, **REST).result
    assert result["failed"] and not result["changed"] and "Check" in result["msg"] and "url" in result["msg"]
    assert site.writes() == []


@pytest.mark.parametrize("body", [{}, {"login": "https://sso.example.com"}, {"issues": None}], ids=str)
def test_an_object_that_is_not_jiras(site: LocalJira, task: Tasks, body: dict[str, Any]) -> None:
    for module, options in ((jira_issue_link, REST), (jira_issue_link_info, {"jql": "project = REL"})):
        site.fault("status", path="/(bulkfetch|search|search/jql)$", status=200, body=body)
        result = task(module, site, **options).result
        assert result["failed"] and not result["changed"] and "Check" in result["msg"]
    assert site.writes() == []


# --- half way


@pytest.mark.parametrize("done", [0, 1])
def test_a_repair_that_stops_half_way_tells_how_far_it_came(site: LocalJira, task: Tasks, done: int) -> None:
    site.reset([("REL-1", "Blocks", "APP-7"), ("APP-7", "Cloners", "REL-1")])
    site.fault("status", method="DELETE", path=f"/1000{done}$", status=403, body={"errorMessages": ["Not now."]})
    result = task(jira_issue_link, site, **REST, exclusive=True).result
    assert result["failed"] and result["changed"] and "Not now." in result["msg"]
    assert result["link"]["sentence"] == "APP-7 blocks REL-1"
    assert len(result["removed"]) == done
    assert result["diff"]["after"].splitlines() == site.sentences()


def test_words_that_are_no_list() -> None:
    assert jiras_words('{"errorMessages": "Not today."}') == ("Not today.",)
