# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people type by mistake, and what they are told: the name that is near, and advice that fits the place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible_collections.linkops.jira.plugins.filter.links_from_csv import links_from_csv
from ansible_collections.linkops.jira.plugins.module_utils._model.options import InputError, issue_key
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION, given
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_links,
    jira_remote_link,
    jira_remote_link_info,
    jira_remote_links,
)

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks
from tests.unit.test_lookup import look_up

LINK = {"issue": "REL-1", "phrase": "blocks", "linked_issue": "APP-7"}
REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
BUILD = {"remote_url": "https://ci.example.com/1", "title": "Build 1"}
BLOCKS = ("APP-7", "Blocks", "REL-1")
MISSPELT = {"issue": "REL-1", "phrase": "blocks", "linked_isue": "APP-7"}
EXACT = {"state": "exact", "scope": {"issues": ["REL-1"]}}


# --- options that are not there


@pytest.mark.parametrize(
    ("module", "options", "words"),
    [
        (jira_issue_link, MISSPELT, "linked_isue (perhaps linked_issue is meant)"),
        (jira_issue_link, {**REST, "linktpye": "Blocks"}, "linktpye (perhaps linktype is meant)"),
        (jira_issue_link, {**LINK, "operation": "link"}, "operation. That is an option of community.general.jira"),
        (jira_issue_links, {"links": [{"REL-1": "is blocked by APP-7"}]}, "put the sentence in quotes"),
        (jira_issue_links, {"links": [{"REL-1 is blocked by": "APP-7"}]}, "put the sentence in quotes"),
        (jira_issue_link, {**LINK, "usrname": "x"}, "usrname (perhaps username is meant)"),
        (jira_issue_links, {"links": [LINK, MISSPELT]}, "in links: linked_isue (perhaps linked_issue is meant)"),
        (
            jira_issue_links,
            {"links": [LINK], "scope": {"isues": ["REL-1"]}},
            "in scope: isues (perhaps issues is meant)",
        ),
        (
            jira_remote_link,
            {"issue": "REL-1", **BUILD, "application": {"nam": "CI"}},
            "in application: nam (perhaps name",
        ),
        (jira_issue_link_info, {"issue": ["REL-1"]}, "issue (perhaps issues is meant)"),
        (
            jira_issue_links,
            {"links": [{"issue": "REL-1", "phrase": "blocks", "jql": "fixVersion = 2.4"}]},
            "jql (perhaps issue_jql or linked_jql is meant)",
        ),
    ],
    ids=str,
)
def test_a_misspelt_option_is_named_with_the_near_one(
    module: Any, options: Mapping[str, Any], words: str, site: LocalJira, task: Tasks
) -> None:
    result = task(module, site, **options).result
    assert result["failed"] and words in result["msg"] and "required together" not in result["msg"]
    assert site.requests() == []


def test_the_same_misspelling_in_many_links_is_told_once(site: LocalJira, task: Tasks) -> None:
    msg = task(jira_issue_links, site, links=[MISSPELT] * 50).result["msg"]
    assert msg.count("linked_isue") == 1


def test_a_password_under_a_misspelt_name_is_not_shown(site: LocalJira) -> None:
    """Ansible shows the options of a task that failed."""
    spec = {**CONNECTION, **jira_issue_link.ARGUMENT_SPEC}
    asked = given({**LINK, "pasword": "hush-1", "api_tokn": ["hush-2"]}, spec, {})
    assert "pasword (perhaps password is meant)" in asked.refusal and "hush" not in str(asked)


def test_all_mistakes_of_the_options_together(site: LocalJira, task: Tasks) -> None:
    msg = task(jira_issue_links, site, links=[MISSPELT, None], acyclic=[None], stat="exact").result["msg"]
    assert all(
        words in msg for words in ("linked_isue", "links[1] is null", "acyclic[0] is null", "stat (perhaps state")
    )


def test_a_misspelt_option_of_the_lookup(site: LocalJira) -> None:
    with pytest.raises(AnsibleLookupError, match=r"unknown options: dept \(perhaps depth is meant\)"):
        look_up("REL-1", **site.login(), dept=1)


def test_a_query_in_a_sentence_is_told_where_it_belongs(site: LocalJira, task: Tasks) -> None:
    msg = task(jira_issue_links, site, sentences=["REL-1 is blocked by fixVersion = 2.4"]).result["msg"]
    assert "What a query finds is linked to with linked_jql or issue_jql." in msg and site.writes() == []


def test_a_sentence_among_the_links_is_told_where_it_belongs(site: LocalJira, task: Tasks) -> None:
    result = task(jira_issue_links, site, links=["REL-1 is blocked by APP-7"]).result
    assert result["msg"] == "links[0] has to be a dict, and is text. If it is a sentence, it belongs in sentences."
    assert site.requests() == []


@pytest.mark.parametrize("value", [["x"], {"x": "y"}, 5], ids=str)
def test_a_value_of_another_shape(value: Any, site: LocalJira, task: Tasks) -> None:
    """ansible-core makes text of a list, and crashes on a number in place of a dict."""
    for module, options, name in (
        (jira_remote_link, {"issue": "REL-1", **BUILD}, "title"),
        (jira_issue_links, {"links": [LINK], "state": "exact"}, "scope"),
        (jira_remote_link, {"issue": "REL-1", **BUILD}, "application"),
        (jira_issue_links, {"links": []}, "links"),
    ):
        if isinstance(value, dict) and name in ("scope", "application"):
            continue
        result = task(module, site, True, **{**options, name: value}).result
        assert result.get("failed") or (name, value) == ("title", 5), (name, result)
        assert not result.get("failed") or name in result["msg"]


# --- advice that fits the place


BY_PHRASE, BY_TYPE = "issue, phrase and linked_issue", "link_type, inward_issue and outward_issue"
TYPE_SCOPED = {"state": "exact", "scope": {"issues": ["REL-1"], "link_types": ["blocks"]}}
GONE = {"name": "Cloners", "state": "absent"}


@pytest.mark.parametrize(
    ("module", "options", "words", "advice"),
    [
        (jira_issue_link, {**REST, "link_type": "is blocked by"}, "a phrase of 'Blocks'", BY_PHRASE),
        (jira_issue_link, {**REST, "link_type": "blocks"}, "a phrase of 'Blocks'", BY_PHRASE),
        (jira_issue_links, {"links": [{**REST, "link_type": "blocks"}]}, "a phrase of 'Blocks'", BY_PHRASE),
        (jira_issue_link, {**LINK, "phrase": "Cloners"}, "the name of 'Cloners'", BY_TYPE),
        (jira_issue_link, {**LINK, "phrase": "duplicate"}, "the name of 'Duplicate'", BY_TYPE),
        (jira_issue_links, {"links": [{**LINK, "phrase": "Cloners"}]}, "the name of 'Cloners'", BY_TYPE),
        (jira_issue_links, {"links": [LINK], "acyclic": ["blocks"]}, "a phrase of 'Blocks'", ""),
        (jira_issue_links, {"links": [LINK], **TYPE_SCOPED}, "a phrase of 'Blocks'", ""),
        (jira_issue_link_info, {"issues": ["REL-1"], "link_types": "blocks"}, "a phrase of 'Blocks'", "phrase takes"),
        (jira_issue_link_info, {"issues": ["REL-1"], "phrase": "Cloners"}, "the name of 'Cloners'", ""),
        (jira_issue_link_type, {**GONE, "move_links_to": "blocks"}, "a phrase of 'Blocks'", ""),
    ],
    ids=str,
)
def test_a_type_where_a_phrase_is_wanted_or_the_other_way_round(
    module: Any, options: Mapping[str, Any], words: str, advice: str, site: LocalJira, task: Tasks
) -> None:
    """Only options that there are at that place are advised."""
    login = {"password": "admin-token", "username": "admin@example.com"} if site.cloud else {"token": "admin-pat"}
    msg = task(module, site, **{**options, **login}).result["msg"]
    assert words in msg and "nearest first" in msg
    assert advice in msg if advice else BY_PHRASE not in msg and BY_TYPE not in msg
    names = {*CONNECTION, *module.ARGUMENT_SPEC, *inside(module, "links"), *inside(module, "scope")}
    assert all(name in names for name in re.findall(r"\b[a-z]+_[a-z_]+\b", msg))


def inside(module: Any, option: str) -> list[str]:
    return list(module.ARGUMENT_SPEC.get(option, {}).get("options", {}))


@pytest.mark.parametrize(
    "words",
    ["epic", "Epic Link", "parent", "is parent of", "sub-task", "Subtask", "sub task of", "child of", "children"],
)
def test_what_is_no_link_but_a_field(words: str, site: LocalJira, task: Tasks) -> None:
    for module, options in (
        (jira_issue_link, {**LINK, "phrase": words}),
        (jira_issue_link, {**REST, "link_type": words}),
        (jira_issue_links, {"links": [LINK], "acyclic": [words]}),
        (jira_issue_link_info, {"issues": ["REL-1"], "phrase": words}),
    ):
        msg = task(module, site, **options).result["msg"]
        assert "fields of the issue, not issue links" in msg and "docs/parents-and-epics.md" in msg


def test_a_type_of_that_name_is_taken(site: LocalJira, task: Tasks) -> None:
    site.reset(link_types=[{"name": "Epic", "inward": "is in the epic", "outward": "is the epic of"}])
    assert task(jira_issue_link, site, **{**LINK, "phrase": "is in the epic"}).result["changed"]
    assert "fields of the issue" not in task(jira_issue_link, site, **{**LINK, "phrase": "blockz"}).result["msg"]


def test_a_type_whose_name_is_a_number(site: LocalJira, task: Tasks) -> None:
    site.reset(link_types=[{"name": "2024", "inward": "is planned for", "outward": "plans"}])
    result = task(jira_issue_link, site, **{**REST, "link_type": "2024"}).result
    assert "Digits count as an id, so take the id of '2024' (plans / is planned for) with id 1" in result["msg"]


# --- addresses of issues


PAGES = [
    "{url}/browse/{key}",
    "{url}/browse/{key}/",
    " {url}/browse/{key}?focusedCommentId=1#comment-1",
    "{URL}/browse/{key}",
    "{url}/projects/REL/issues/{key}?filter=all",
    "{url}/jira/software/projects/REL/boards/1?selectedIssue={key}&x=y",
]


def pages_of(site: LocalJira, key: str) -> list[str]:
    shouted = site.url.replace("http://", "HTTP://")
    return [page.format(url=site.url, URL=shouted, key=key) for page in PAGES]


def test_the_address_of_a_page_of_the_site_is_an_issue(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    for page in pages_of(site, "REL-1"):
        exact = {"state": "exact", "scope": {"issues": [page]}}
        tasks: list[tuple[Any, dict[str, Any]]] = [
            (jira_issue_link, {"issue": page, "phrase": "is blocked by", "linked_issue": "app-7"}),
            (jira_issue_link, {**REST, "outward_issue": page}),
            (jira_issue_links, {"links": [{**REST, "outward_issue": page}], **exact}),
            (jira_issue_link_info, {"issues": [page]}),
        ]
        for module, options in tasks:
            result = task(module, site, **options).result
            assert not result["changed"] and "APP-7 blocks REL-1" in json.dumps(result), (page, result)
        assert [link["sentence"] for link in look_up(page, **site.login())] == ["APP-7 blocks REL-1"]


def test_the_address_of_a_page_is_an_issue_to_the_modules_of_remote_links(site: LocalJira, task: Tasks) -> None:
    for page in pages_of(site, "REL-1"):
        assert task(jira_remote_link, site, issue=page, **BUILD).result["remote_link"]["issue"] == "REL-1"
        assert not task(jira_remote_links, site, issue=page, links=[BUILD]).result["changed"]
        assert list(task(jira_remote_link_info, site, issues=[page]).result["remote_links"]) == ["REL-1"]


@pytest.mark.parametrize(
    ("text", "site", "key"),
    [
        ("https://jira.example.com/jira/browse/rel-1", "https://jira.example.com/jira/", "REL-1"),
        ("https://JIRA.example.com:443/jira/browse/REL-1", "https://jira.example.com/jira", "REL-1"),
        ("http://jira.example.com/browse/REL-1", "https://jira.example.com", "REL-1"),
        ("jira.example.com/browse/REL-1", "https://jira.example.com", "REL-1"),
        ("https://jira.example.com/browse/MY_PROJECT2-10", "https://jira.example.com", "MY_PROJECT2-10"),
    ],
)
def test_which_site_a_page_is_of(text: str, site: str, key: str) -> None:
    assert issue_key(text, site) == key


@pytest.mark.parametrize(
    "text",
    [
        "https://other.example.com/browse/REL-1",
        "https://jira.example.com.evil.org/jira/browse/REL-1",
        "https://jira.example.com/browse/REL-1",
        "https://jira.example.com/jira2/browse/REL-1",
        "https://jira.example.com/jira/browse/REL",
        "https://jira.example.com/jira/browse/REL-1x",
        "https://jira.example.com/jira/secure/Dashboard.jspa",
        "https://jira.example.com/jira/login.jsp?os_destination=/browse/REL-1",
        "https://jira.example.com/jira/plugins#/browse/REL-1",
        "https://jira.example.com/jira",
        "https://ci.example.com/builds/512",
        "https://me:hush@jira.example.com/jira/browse/REL-1",
    ],
)
def test_another_address_is_for_a_remote_link(text: str) -> None:
    with pytest.raises(InputError, match=r"no page of an issue of this Jira.*jira_remote_link") as caught:
        issue_key(text, "https://jira.example.com/jira")
    assert "hush" not in str(caught.value)


def test_an_address_in_csv_is_left_to_the_module(site: LocalJira, task: Tasks) -> None:
    links = links_from_csv(f"issue,phrase,linked_issue\n{site.url}/browse/APP-7,blocks,REL-1")
    assert task(jira_issue_links, site, links=links).result["changed"] and site.links() == [BLOCKS]


def test_a_page_of_the_site_through_the_gateway(cloud: LocalJira, task: Tasks) -> None:
    gateway = {"gateway_url": f"{cloud.url}/ex/jira", "cloud_id": "auto", "password": "demo-scoped-token"}
    page = f"{cloud.url}/browse/APP-7"
    assert task(jira_issue_link, cloud, **{**REST, **gateway, "inward_issue": page}).result["changed"]
    assert cloud.links() == [BLOCKS]


# --- keys as they were typed


@pytest.mark.parametrize("key", ["rel-999", "Rel-999", "straße-1"])
def test_keys_are_quoted_as_they_were_typed(key: str, site: LocalJira, task: Tasks) -> None:
    for module, options in (
        (jira_issue_link, {**REST, "inward_issue": key}),
        (jira_issue_link, {**REST, "inward_issue": f"{site.url}/browse/{key}"}),
        (jira_issue_links, {"links": [{**REST, "inward_issue": key}]}),
        (jira_issue_links, {"links": [REST], "state": "exact", "scope": {"issues": [key]}}),
        (jira_issue_link_info, {"issues": [key]}),
        (jira_remote_link, {"issue": key, **BUILD}),
        (jira_remote_link_info, {"issues": [key]}),
    ):
        msg = task(module, site, **options).result["msg"]
        assert key in msg and key.upper() not in msg
    for module in (jira_issue_link_info, jira_remote_link_info):
        assert task(module, site, issues=[key], fail_on_missing=False).result["missing"] == [key]


def test_a_key_in_small_letters_costs_no_more_requests(site: LocalJira, task: Tasks) -> None:
    counts = []
    for links in ([REST], [{name: value.lower() if "issue" in name else value for name, value in REST.items()}]):
        site.reset([BLOCKS])
        assert not task(jira_issue_links, site, links=links).result["changed"]
        counts.append(len(site.requests()))
    assert counts[0] == counts[1]
