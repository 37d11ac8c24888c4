# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The law of every module: check mode foretells the real run, what is reported is true, again changes nothing.

That no secret is in any result, warning or error is seen to wherever a task is run (see tasks.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._module import Report
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_type,
    jira_issue_links,
    jira_remote_link,
    jira_remote_links,
)

from tests.local_jira import CHECKOUT, LocalJira, sentences_in
from tests.unit import element_scenarios, link_scenarios, link_type_scenarios, remote_scenarios, sets_scenarios
from tests.unit.scenario import Scenario
from tests.unit.sets_tasks import VOLATILE, Sets, rest, statuses
from tests.unit.tasks import Tasks, sentences_of

SCENARIOS: list[Scenario] = [
    *link_scenarios.SCENARIOS,
    *sets_scenarios.SCENARIOS,
    *element_scenarios.SCENARIOS,
    *link_type_scenarios.SCENARIOS,
    *remote_scenarios.SCENARIOS,
]
State = Mapping[str, Any]
Result = dict[str, Any]


@pytest.mark.parametrize("scenario", [scenario.param for scenario in SCENARIOS])
def test_check_mode_foretells_the_real_run(scenario: Scenario, site: LocalJira, task: Tasks) -> None:
    def run(check: bool = False, **more: Any) -> Report:
        options = {**site.login(scenario.account), **scenario.options, **more}
        if scenario.module is jira_issue_links:
            return Sets(task).outcome(site, options.pop("links", None), check, **options)
        return task(scenario.module, site, check, **options)

    site.reset(scenario.links, remote_links=list(scenario.remote_links))
    scenario.prepare(site)
    before = site.state()
    foretold, warned = run(check=True)
    assert (site.state(), site.writes()) == (before, [])
    approval = {"approved_changes": foretold["changes"]} if "changes" in foretold else {}
    result, warnings = run(**approval)
    after = site.state()
    assert result["changed"] == (after != before) and warned == warnings
    if scenario.fails:
        assert scenario.fails in result["msg"]
        assert result["failed"] and foretold["failed"] and not result["changed"] and not foretold["changed"]
        assert result["msg"].startswith(foretold["msg"]) and result.keys() == foretold.keys()
        return
    assert not result.get("failed"), result
    assert_ended(scenario, site)
    assert foreseeable(foretold, before, before) == foreseeable(result, before, after)
    TRUE.get(scenario.module, lambda *_: None)(result, before, after)
    again = run().result
    assert (again["changed"], site.state()) == (False, after)
    REPEATED.get(scenario.module, lambda *_: None)(again, result)
    if "declared" in result:
        what_is_declared_is_so(site, task, scenario, result)
    if "undo" in result:
        undo_takes_back_what_was_done(site, task, scenario, result, before)


def test_every_module_has_scenarios() -> None:
    modules = {path.stem for path in (CHECKOUT / "plugins/modules").glob("jira_*.py")}
    assert {Path(scenario.module.__file__).stem for scenario in SCENARIOS} == modules


def assert_ended(scenario: Scenario, site: LocalJira) -> None:
    """Jira holds what the scenario says."""
    state = site.state()
    if scenario.after is not None:
        assert sorted(site.links()) == sorted(map(tuple, scenario.after))
    if scenario.link_types_after is not None:
        assert [each["name"] for each in state["link_types"]] == list(scenario.link_types_after)
    if scenario.remote_links_after is not None:
        held = [(each["object"]["title"], each["globalId"]) for each in state["remote_links"]]
        assert sorted(map(str, held)) == sorted(map(str, scenario.remote_links_after))


def foreseeable(result: Result, before: State, after: State) -> Result:
    """The result without what only a real run can know: the ids of what it has made, and how long it took."""

    def known(each: dict[str, Any]) -> dict[str, Any]:
        each = {name: value for name, value in each.items() if name not in VOLATILE}
        made = ids(after, part_of(each)) - ids(before, part_of(each))
        return {**each, "id": None} if each.get("id") in made else each

    shown: Result = json.loads(json.dumps(result), object_hook=known)
    shown.pop("undo", None)
    return shown


def part_of(each: Mapping[str, Any]) -> str:
    """Which part of a state something reported belongs to."""
    keys = {"inward_issue": "links", "remote_url": "remote_links", "inward": "link_types"}
    return next((part for key, part in keys.items() if key in each), "")


def ids(state: State, part: str) -> set[str]:
    return {str(each["id"]) for each in state.get(part, ())}


# --- what the result says is what Jira holds; of sets it is seen to wherever one is run


def link_is_true(result: Result, before: State, after: State) -> None:
    was, is_now = sentences_in(before), sentences_in(after)
    diff = {end: sentences_of(result["diff"], end) for end in result["diff"]}
    assert sorted(set(diff["after"]) - set(diff["before"])) == sorted(set(is_now) - set(was))
    assert sorted(set(diff["before"]) - set(diff["after"])) == sorted(set(was) - set(is_now))
    link, held = result["link"], links_by_id(after)
    if link:
        assert held[link["id"]] == (link["inward_issue"], link["link_type"], link["outward_issue"])
        assert link["sentence"] in is_now
    assert {each["id"] for each in result["removed"]} == ids(before, "links") - ids(after, "links")
    assert bool(result["request"]) == bool(ids(after, "links") - ids(before, "links"))


def link_type_is_true(result: Result, before: State, after: State) -> None:
    assert not result["link_type"] or result["link_type"] in after["link_types"]
    held = links_by_id(after)
    for link in result["moved"]:
        assert held[link["id"]] == (link["inward_issue"], link["link_type"], link["outward_issue"])


def remote_links_are_true(result: Result, before: State, after: State) -> None:
    held = {str(link["id"]): link for link in after["remote_links"]}
    shown = result.get("remote_links") or [link for link in [result.get("remote_link")] if link]
    for link in shown:
        if link.get("status") == "removed":
            assert link["id"] not in held
        else:
            kept = held[link["id"]]
            assert (link["title"], link["remote_url"]) == (kept["object"]["title"], kept["object"]["url"])
            assert (link["global_id"], link["issue"]) == (kept["globalId"], kept["issue"])
    for link in result.get("removed", ()):
        assert link["id"] not in held


def links_by_id(state: State) -> dict[str, tuple[str, str, str]]:
    return {link["id"]: (link["inward"], link["type"], link["outward"]) for link in state["links"]}


TRUE: dict[Any, Callable[[Result, State, State], None]] = {
    jira_issue_link: link_is_true,
    jira_issue_link_type: link_type_is_true,
    jira_remote_link: remote_links_are_true,
    jira_remote_links: remote_links_are_true,
}

# --- what a second run reports


def nothing_differs(again: Result, result: Result) -> None:
    assert again["diff"]["before"] == again["diff"]["after"]


def link_stays(again: Result, result: Result) -> None:
    assert (again["link"], again["removed"], again["request"]) == (result["link"], [], None)
    nothing_differs(again, result)


def links_stay(again: Result, result: Result) -> None:
    assert set(statuses(again)) <= {"present"}
    nothing_differs(again, result)


def link_type_stays(again: Result, result: Result) -> None:
    assert (again["link_type"], again["moved"]) == (result["link_type"], [])
    nothing_differs(again, result)


REPEATED: dict[Any, Callable[[Result, Result], None]] = {
    jira_issue_link: link_stays,
    jira_issue_links: links_stay,
    jira_issue_link_type: link_type_stays,
    jira_remote_link: nothing_differs,
    jira_remote_links: nothing_differs,
}

# --- what links and sets give back


def what_is_declared_is_so(site: LocalJira, task: Tasks, scenario: Scenario, result: Result) -> None:
    again = Sets(task)(site, result["declared"], **site.login(scenario.account))
    assert not again.get("failed") and not again["changed"]
    assert again["declared"] == result["declared"] or scenario.module is not jira_issue_links


def undo_takes_back_what_was_done(
    site: LocalJira, task: Tasks, scenario: Scenario, result: Result, before: State
) -> None:
    """Up to link ids, comments, and links of a symmetric type that were there each way round."""
    undone = Sets(task)(site, result["undo"], max_removals=0, **site.login(scenario.account))
    assert not undone.get("failed"), undone
    assert said_in(site.state()) == said_in(before)
    assert not Sets(task)(site, result["undo"], **site.login(scenario.account))["changed"]


def said_in(state: State) -> set[tuple[Any, ...]]:
    symmetric = {each["name"] for each in state["link_types"] if each["inward"] == each["outward"]}
    return {
        (link["type"], *(sorted(ends) if link["type"] in symmetric else ends))
        for link in state["links"]
        for ends in [(link["inward"], link["outward"])]
    }


# --- what no scenario can hold


@pytest.mark.fact("per-issue limit")
@pytest.mark.parametrize("end", ["inward", "outward"])
def test_the_per_issue_limit_is_foreseen(cloud: LocalJira, task: Tasks, end: str) -> None:
    cloud.reset_with_a_full_issue()
    ends = ("BIG-1", "FAR-501") if end == "inward" else ("FAR-501", "BIG-1")
    options = rest(ends[0], "Relates", ends[1])
    foretold = task(jira_issue_link, cloud, check=True, **options).result
    assert foretold["failed"] and "BIG-1 has 2000 issue links" in foretold["msg"]
    result = task(jira_issue_link, cloud, **options).result
    assert result["msg"].startswith(foretold["msg"]) and not result["changed"]
    assert cloud.writes() == ["POST /issueLink"]  # 413 is permanent, so it is not sent again
    assert task.pauses == []
