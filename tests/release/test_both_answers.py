# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where nobody knows what Jira answers and a result depends on it, the scenarios concerned pass under each answer.

The sandbox has a setting for each of them. What is said about dead logins is in test_dead_login.py, and what follows
from a refused comment in test_errors.py. The slots of a webhook, the last unknown, are read by nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link

from tests.local_jira import LocalJira
from tests.unit import test_law as law
from tests.unit.scenario import Scenario
from tests.unit.sets_tasks import rest
from tests.unit.tasks import Tasks

Concerned = Callable[[Scenario], bool]


def with_comments(scenario: Scenario) -> bool:
    return "'comment'" in str(scenario.options)


def by_type(scenario: Scenario) -> bool:
    """Those that search for the links of a type."""
    return "usage" in scenario.options or "move_links_to" in scenario.options or "link_type" in scenario.name


def of_several_issues(scenario: Scenario) -> bool:
    return "issues" in scenario.options or len(scenario.options.get("links") or ()) > 1


ANSWERS: list[tuple[str, str, Any, Concerned]] = [
    ("cloud", "comment_on", "outward", with_comments),
    ("cloud", "comment_after_link", True, with_comments),
    ("data_center", "comment_after_link", False, with_comments),
    ("cloud", "issue_link_type_finds", "names", by_type),
    ("data_center", "issue_link_type_finds", "phrases", by_type),
    ("cloud", "bulkfetch_order", "asked", of_several_issues),
]
"""Each where it is not the usual answer of the sandbox, under which test_law.py runs all scenarios."""
CASES = [
    pytest.param(deployment, scenario, {name: answer}, id=f"{name}={answer}-{scenario.param.id}")
    for deployment, name, answer, concerned in ANSWERS
    for scenario in law.SCENARIOS
    if concerned(scenario)
]
TOLD_BY_NAME_ONLY = ("moved to what is near", "moved, and not what is near")
"""The phrases of the two types are the same, so without the name nothing is moved."""


@pytest.mark.parametrize(("deployment", "scenario", "settings"), CASES)
def test_the_law_holds_under_each_answer(
    deployment: str, scenario: Scenario, settings: dict[str, Any], _sites: dict[str, LocalJira], task: Tasks
) -> None:
    def prepare(site: LocalJira) -> None:
        scenario.prepare(site)
        site.settings(**settings)

    changed = scenario._replace(prepare=prepare)
    if settings == {"issue_link_type_finds": "phrases"} and scenario.name in TOLD_BY_NAME_ONLY:
        changed = changed._replace(fails="this Jira does not search for its name")
    law.test_check_mode_foretells_the_real_run(changed, _sites[deployment], task)


@pytest.mark.parametrize("body", ["json", "html", "empty"])
def test_a_full_issue_says_so_whatever_its_body(cloud: LocalJira, task: Tasks, body: str) -> None:
    """Whoever else was faster: when it was read, the issue was not full yet."""
    cloud.settings(full_body=body, max_links=0)
    result = task(jira_issue_link, cloud, **rest("APP-7", "Blocks", "REL-1")).result
    assert (result["status"], result["changed"]) == (413, False) and "2,000" in result["msg"]
    assert "trying again does not help" in result["msg"].lower() and task.pauses == []


def test_each_answer_is_another_one(_sites: dict[str, LocalJira]) -> None:
    for deployment, name, answer, _concerned in ANSWERS:
        _sites[deployment].reset()
        assert _sites[deployment].control("GET", "settings")[name] != answer
