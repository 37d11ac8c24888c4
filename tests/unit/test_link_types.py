# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jira_issue_link_type and its info: adopted, changed, renamed, removed, and the links moved."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.linkops.jira.plugins.module_utils._client import answers
from ansible_collections.linkops.jira.plugins.module_utils._client import jira as _api
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import connect
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._model.link import LinkType
from ansible_collections.linkops.jira.plugins.module_utils._model.options import InputError, named, referred
from ansible_collections.linkops.jira.plugins.module_utils._module import perform
from ansible_collections.linkops.jira.plugins.module_utils._plan.link_types import type_query
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_type,
    jira_issue_link_type_info,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.link_type_scenarios import (
    ABSENT,
    BLOCKS,
    CAUSES,
    DEFAULT,
)
from tests.unit.tasks import Tasks, validated
from tests.unit.test_main import assert_documented

CREATION = {"method": "POST", "path": "/issueLinkType$"}


def types(site: LocalJira) -> list[str]:
    return [each["name"] for each in site.state()["link_types"]]


def words(site: LocalJira, name: str) -> tuple[str, str]:
    found = next(each for each in site.state()["link_types"] if each["name"] == name)
    return found["inward"], found["outward"]


def run(task: Tasks, site: LocalJira, check: bool = False, account: str = "admin", **options: Any) -> dict[str, Any]:
    return task(jira_issue_link_type, site, check, **{**site.login(account), **options}).result


@pytest.mark.parametrize("check", [True, False])
def test_what_is_near_is_left_and_named(site: LocalJira, task: Tasks, check: bool) -> None:
    def warnings(**options: Any) -> list[str]:
        result, warned = task(jira_issue_link_type, site, check, **{**site.login("admin"), **ABSENT, **options})
        assert not result["changed"]
        return warned

    found = warnings(name=" RELATES", move_links_to="Blocks")
    assert len(found) == 1 and "Nothing was removed" in found[0]
    assert "has no issue link type ' RELATES'. It has 'Relates' (relates to / relates to) with id 10003" in found[0]
    assert warnings(name=" RELATES", move_links_to="Relates") == warnings(name=" RELATES", move_links_to="10003") == []
    assert warnings(name="Related") == warnings(name="9") == []
    site.reset(link_types=[{**CAUSES, "name": name} for name in ("One", "one")])
    assert (
        "id 10000 and 'one'" in warnings(name="ONE")[0] and "'One'" not in warnings(name="ONE", move_links_to="One")[0]
    )


# --- what is sent


def test_only_what_differs_is_sent(site: LocalJira, task: Tasks) -> None:
    run(task, site, name="blocks", inward="is blocked by", outward="holds up")
    written = [sent for sent in task.sent if sent.method == "PUT"]
    assert [sent.body for sent in written] == ['{"outward": "holds up"}']
    assert words(site, "Blocks") == ("is blocked by", "holds up")


def test_diff_is_in_sentences(site: LocalJira, task: Tasks) -> None:
    made = run(task, site, **CAUSES)
    assert made["diff"] == {"before": "", "after": "Causes: A causes B / B is caused by A\n"}
    changed = run(task, site, name="Causes", outward="leads to")
    assert changed["diff"]["after"] == "Causes: A leads to B / B is caused by A\n"
    site.reset([BLOCKS, ("REL-1", "Relates", "LIB-1")])
    moved = run(task, site, name="Blocks", move_links_to="Relates", **ABSENT)
    assert moved["diff"] == {
        "before": "Blocks: A blocks B / B is blocked by A\nAPP-7 blocks REL-1\n",
        "after": "APP-7 relates to REL-1\n",
    }


@pytest.mark.parametrize("check", [True, False])
def test_a_phrase_that_another_type_has_is_warned_of(site: LocalJira, task: Tasks, check: bool) -> None:
    """It would make tasks fail that say a link with it, so it is told while it can still be thought over."""
    words = {"name": "Stops", "inward": "is stopped by", "outward": "Blocks"}
    warnings = task(jira_issue_link_type, site, check, **{**site.login("admin"), **words}).warnings
    assert [text.split(". ")[0] for text in warnings] == [
        "'Blocks' is also a phrase of 'Blocks' (blocks / is blocked by)"
    ]
    if not check:
        assert task(jira_issue_link_type, site, **{**site.login("admin"), **words}).warnings == []


def test_comments_are_not_repeated_with_moved_links(site: LocalJira, task: Tasks) -> None:
    link = {"inward_issue": "APP-7", "link_type": "Blocks", "outward_issue": "REL-1"}
    task(jira_issue_link, site, **link, comment="Because.")
    run(task, site, name="Blocks", move_links_to="Relates", **ABSENT)
    assert (site.comments(), site.links()) == (["Because."], [("APP-7", "Relates", "REL-1")])


def test_a_loop_sees_its_own_types(site: LocalJira, task: Tasks) -> None:
    """The types of a site are kept from one item to the next, but not across a change of them."""
    options = validated(jira_issue_link_type, {**site.login("admin"), **CAUSES})
    assert not isinstance(options, str)
    kept = connect(options)

    def item(check_mode: bool = False, **more: Any) -> dict[str, Any]:
        return perform(jira_issue_link_type.run, {**options, **more}, check_mode, lambda params: kept).result

    made = item()
    assert not item()["changed"]
    assert made["link_type"]["id"] in {kind.id for kind in Jira(kept).read_link_types()}
    item(state="absent")
    assert item(check_mode=True)["changed"]


# --- the answers of Jira


@pytest.mark.fact("not safe: POST issueLinkType", "read first, then decide")
def test_no_answer_to_a_creation_is_looked_after(site: LocalJira, task: Tasks) -> None:
    site.fault("break_after", **CREATION)
    result = run(task, site, **CAUSES)
    assert result["changed"] and result["link_type"]["id"]
    assert types(site) == [*DEFAULT, "Causes"] and site.writes().count("POST /issueLinkType") == 1


@pytest.mark.fact("not safe: POST issueLinkType")
def test_a_creation_that_did_not_happen_is_sent_again(site: LocalJira, task: Tasks) -> None:
    site.fault("status", **CREATION, status=503)
    assert run(task, site, **CAUSES)["changed"] and types(site) == [*DEFAULT, "Causes"]
    assert site.writes().count("POST /issueLinkType") == 2


@pytest.mark.fact("safe to repeat: PUT and DELETE issueLinkType", "the same words twice are the same")
def test_a_change_and_a_removal_are_repeated(site: LocalJira, task: Tasks) -> None:
    for method, options in (("PUT", {"outward": "holds up"}), ("DELETE", ABSENT)):
        site.fault("break_after", method=method, path="/issueLinkType/")
        assert run(task, site, name="Blocks", **options)["changed"]
    assert types(site) == DEFAULT[1:]


@pytest.mark.fact("name of a link type in use", "400 in practice, 404 in the documents")
def test_made_by_another_run_at_the_same_moment(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name was free when the types were read, and is in use when it is sent."""
    read = answers.parse_link_types

    def at_first_without(answer: Any) -> list[LinkType]:
        monkeypatch.setattr(answers, "parse_link_types", read)
        return [kind for kind in read(answer) if kind.name != "Causes"]

    site.reset(link_types=[CAUSES])
    monkeypatch.setattr(answers, "parse_link_types", at_first_without)
    assert run(task, site, **CAUSES)["link_type"]["name"] == "Causes"
    monkeypatch.setattr(answers, "parse_link_types", at_first_without)
    other = run(task, site, **{**CAUSES, "outward": "leads to"})
    assert other["failed"] and other["status"] == 400
    assert "The name 'Causes' is in use by now, by 'Causes'" in other["msg"] and "with the same name" in other["msg"]


@pytest.mark.fact("safe to repeat: PUT and DELETE issueLinkType")
def test_gone_by_now_is_what_was_wanted(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    remove = _api.Jira.delete_link_type

    def twice(jira: _api.Jira, kind: LinkType) -> None:
        remove(jira, kind)
        remove(jira, kind)

    monkeypatch.setattr(_api.Jira, "delete_link_type", twice)
    assert run(task, site, name="Blocks", **ABSENT)["changed"]


# --- moving


def test_many_links_move(site: LocalJira, task: Tasks) -> None:
    links = [(f"MANY-{number}", "Blocks", f"MANY-{number + 1}") for number in range(1, 250)]
    site.reset(links, projects=[{"key": "MANY", "count": 250}])
    result = run(task, site, name="Blocks", move_links_to="Cloners", **ABSENT)
    assert sorted(site.links()) == sorted((inward, "Cloners", outward) for inward, _blocks, outward in links)
    assert len(result["moved"]) == 249 and all(link["id"] for link in result["moved"])


def test_a_link_made_meanwhile_moves_too(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    site.reset([BLOCKS])
    make, late = _api.Jira.create_link, [True]

    def create(jira: _api.Jira, *arguments: Any, **options: Any) -> Any:
        answer = make(jira, *arguments, **options)
        if late and late.pop():
            task(jira_issue_link, site, inward_issue="LIB-1", link_type="Blocks", outward_issue="LIB-2")
        return answer

    monkeypatch.setattr(_api.Jira, "create_link", create)
    result = run(task, site, name="Blocks", move_links_to="Relates", **ABSENT)
    assert [link["sentence"] for link in result["moved"]] == ["APP-7 relates to REL-1", "LIB-1 relates to LIB-2"]
    assert sorted(site.links()) == [("APP-7", "Relates", "REL-1"), ("LIB-1", "Relates", "LIB-2")]


def test_a_move_that_stops_leaves_the_type_and_is_completed_by_the_next_run(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS, ("LIB-1", "Blocks", "LIB-2"), ("OPS-1", "Blocks", "OPS-2")])
    site.fault("status", method="POST", path="/issueLink$", status=400, body={"errorMessages": ["Not this."]})
    options = {"name": "Blocks", "move_links_to": "Relates", **ABSENT}
    stopped = run(task, site, **options)
    moved = [link for link in site.links() if link[1] == "Relates"]
    assert (stopped["failed"], stopped["changed"], stopped["link_type"]["name"]) == (True, bool(moved), "Blocks")
    assert len(stopped["moved"]) == len(moved) < 3 and "Not this." in stopped["msg"] and "again" in stopped["msg"]
    assert not run(task, site, **options).get("failed") and types(site) == DEFAULT[1:]
    assert sorted(inward for inward, _kind, _outward in site.links()) == ["APP-7", "LIB-1", "OPS-1"]


def test_what_moved_is_reported_when_the_types_cannot_be_read_after_a_refusal(
    site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.reset([BLOCKS])
    remove = _api.Jira.delete_link_type

    def refused(jira: _api.Jira, link_type: LinkType) -> None:
        site.fault("status", method="DELETE", path="/issueLinkType/", status=404)
        site.fault("status", method="GET", path="/issueLinkType$", status=403, count=9)
        remove(jira, link_type)

    monkeypatch.setattr(_api.Jira, "delete_link_type", refused)
    result = run(task, site, name="Blocks", move_links_to="Relates", **ABSENT)
    assert result["failed"] and result["changed"] and result["link_type"]["name"] == "Blocks"
    assert [link["sentence"] for link in result["moved"]] == ["APP-7 relates to REL-1"]


def test_a_move_that_some_project_refuses_begins_nothing(site: LocalJira, task: Tasks) -> None:
    projects = [{"key": "REL", "count": 2}, {"key": "RO", "count": 2, "link": ["user:nobody"]}]
    site.reset([("REL-1", "Blocks", "REL-2"), ("RO-1", "Blocks", "RO-2")], projects=projects)
    for check in (True, False):
        msg = run(task, site, check, name="Blocks", move_links_to="Relates", **ABSENT)["msg"]
        assert "nothing was written" in msg and "no Link Issues permission for RO-1" in msg
    assert site.writes() == []


def test_a_move_over_the_limit_begins_nothing(cloud: LocalJira, task: Tasks) -> None:
    cloud.reset_with_a_full_issue()
    msg = run(task, cloud, name="Cloners", move_links_to="Relates", **ABSENT)["msg"]
    assert "BIG-1 has 2000 issue links and would get" in msg and cloud.writes() == []


# --- info and documentation


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, DEFAULT),
        ({"name": " blocks"}, ["Blocks"]),
        ({"id": "10002"}, ["Duplicate"]),
        ({"phrase": "Is Cloned By"}, ["Cloners"]),
        ({"phrase": "relates to"}, ["Relates"]),
        ({"name": "Blocks", "phrase": "clones"}, []),
        ({"id": "9"}, []),
    ],
)
def test_info(site: LocalJira, task: Tasks, options: dict[str, str], found: list[str]) -> None:
    result = task(jira_issue_link_type_info, site, **options).result
    assert ([kind["name"] for kind in result["link_types"]], result["changed"]) == (found, False)
    assert all(kind in site.state()["link_types"] for kind in result["link_types"])


def test_the_results_are_what_the_documentation_says(site: LocalJira, task: Tasks) -> None:
    site.reset([BLOCKS])
    documented = {"changed": {}, **yaml.safe_load(jira_issue_link_type.RETURN)}
    for options in (CAUSES, {"name": "Blocks", "move_links_to": "Causes", **ABSENT}):
        for check in (True, False):
            assert_documented(run(task, site, check, **options), documented)
    info = task(jira_issue_link_type_info, site, usage=True).result
    assert_documented(info, {"changed": {}, **yaml.safe_load(jira_issue_link_type_info.RETURN)})


@given(st.lists(st.sampled_from(["Blocks", "blocks", " Blocks", "Relates", "RELATES"]), unique=True), st.data())
def test_the_exact_name_else_the_only_one(names: list[str], data: st.DataObject) -> None:
    kinds = [LinkType(str(number), name, "in", "out") for number, name in enumerate(names)]
    asked = data.draw(st.sampled_from(["Blocks", "bLOCKs ", "Relates", "Other"]))
    alike = [name for name in names if name.strip().casefold() == asked.strip().casefold()]
    if asked not in names and len(alike) > 1:
        with pytest.raises(InputError, match="fits several"):
            named(kinds, asked)
    else:
        expected = asked if asked in names else next(iter(alike), None)
        found = named(kinds, asked)
        assert (found and found.name) == expected


@given(
    st.lists(st.sampled_from(["Blocks", "blocks", " Blocks", "2", "9"]), unique=True), st.sampled_from(["Blocks", "2"])
)
def test_what_goes_is_meant_exactly(names: list[str], asked: str) -> None:
    kinds = [LinkType(str(number), name, "in", "out") for number, name in enumerate(names)]
    fitting = [kind for kind in kinds if asked in (kind.name, kind.id)]
    if len(fitting) > 1:
        with pytest.raises(InputError, match="the name of one issue link type and the id of another"):
            referred(kinds, asked)
    else:
        assert referred(kinds, asked) == next(iter(fitting), None)


def test_names_are_quoted_in_the_search(site: LocalJira, task: Tasks) -> None:
    assert type_query('a"b\\c') == 'issueLinkType in ("a\\"b\\\\c")'
    name = 'Say "when" \\ (now)'
    run(task, site, name=name, inward="i", outward="o")
    assert run(task, site, name=name, **ABSENT)["changed"] and types(site) == DEFAULT
