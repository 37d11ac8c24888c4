# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a blank means: nothing at all, what the documentation says of it, or a mistake that names the option.

The options come from the argument specs and the documentation, so a new one is tried as soon as it is there.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION, Report

from tests.local_jira import CHECKOUT, LocalJira
from tests.unit.sets_tasks import VOLATILE
from tests.unit.tasks import Tasks, validated

Path = tuple[str | int, ...]
"""The way to an option inside a task: ``("links", 0, "comment")``."""
PLUGINS = "ansible_collections.linkops.jira.plugins"
BLANKS: list[Any] = [None, "", " ", [], [None], {}]
REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
CHANGE = {"action": "create", "link_type_id": "10000", "inward_issue_id": "10047", "outward_issue_id": "10001"}
COMMENT = {"comment": "So.", "comment_visibility": {"type": "role", "value": "Developers"}}
BUILD = {"remote_url": "https://ci.example.com/1", "title": "Build 1", "application": {"name": "CI"}}
TASKS: dict[str, dict[str, Any]] = {  # with whatever an option that lies inside another one needs
    "jira_issue_link": {**REST, **COMMENT},
    "jira_issue_links": {
        "links": [{**REST, **COMMENT}],
        "state": "exact",
        "scope": {"issues": ["REL-1"], "link_types": ["Blocks"], "linked_projects": ["APP"]},
        "approved_changes": [{**CHANGE, "comment": {"body": "So."}}, {**CHANGE, "action": "remove", "link_id": "1"}],
    },
    "jira_issue_link_info": {"issues": ["REL-1"]},
    "jira_issue_link_type": {"name": "Causes", "inward": "is caused by", "outward": "causes"},
    "jira_issue_link_type_info": {},
    "jira_remote_link": {"issue": "REL-1", **BUILD},
    "jira_remote_links": {"issue": "REL-1", "links": [BUILD], "state": "exact", "scope": {"application": "CI"}},
    "jira_remote_link_info": {"issues": ["REL-1"]},
    "jira_site_info": {"permissions_for": ["REL-1"]},
}
TAKEN_AWAY = "An empty text takes a value away."
MEANS: dict[str, str] = {
    **{
        name: TAKEN_AWAY
        for option in ("summary", "relationship", "icon_url", "icon_title", "status_icon_url")
        for name in (f"jira_remote_link {option}", f"jira_remote_links links.{option}")
    },
    **{
        f"{module}.{part}": TAKEN_AWAY
        for module in ("jira_remote_link application", "jira_remote_links links.application")
        for part in ("name", "type")
    },
    "jira_issue_links links": "An empty list names no links.",
    "jira_issue_links sentences": "An empty list names no links.",
    "jira_issue_links approved_changes": "An empty list approves nothing.",
    "jira_remote_links links": "An empty list names no remote links.",
    "jira_issue_link_info issues": "An empty list has no links.",
    "jira_remote_link_info issues": "An empty list has no remote links.",
    **{
        f"{module} {option}": 'An option that is set to V("") keeps its variable out.'
        for module in TASKS
        for option in ("username", "password", "api_token", "token", "client_id", "client_secret", "cloud_id")
    },
}
"""Options of which a blank says something, and the sentence of the documentation that says what."""


def module_of(name: str) -> Any:
    return import_module(f"{PLUGINS}.modules.{name}")


def paths(spec: Mapping[str, Any], inside: Path = ()) -> Iterator[Path]:
    """The way to every option, by each of its names."""
    for name, option in spec.items():
        for each in (name, *option.get("aliases", ())):
            yield (*inside, each)
        step: Path = (name, 0) if option.get("type") == "list" else (name,)
        yield from paths(option.get("options") or {}, (*inside, *step))


def named(path: Path) -> str:
    """``links.comment``."""
    return ".".join(step for step in path if isinstance(step, str))


def with_value(options: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy of the options in which this one has this value."""
    changed: Any = copy.deepcopy(dict(options))
    here = changed
    for step in path[:-1]:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    here[path[-1]] = value
    result: dict[str, Any] = changed
    return result


def without(options: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """A copy of the options without this one."""
    changed = with_value(options, path, None)
    here: Any = changed
    for step in path[:-1]:
        here = here[step]
    del here[path[-1]]
    return changed


def words_of(name: str) -> str:
    """The whole documentation of a module on one line."""
    fragments = (import_module(f"{PLUGINS}.doc_fragments.{each}") for each in ("connection", "comment"))
    texts = [module_of(name).DOCUMENTATION, *(each.ModuleDocFragment.DOCUMENTATION for each in fragments)]
    return " ".join(" ".join(texts).split())


CASES = [
    pytest.param(name, path, id=f"{name} {named(path)}")
    for name in TASKS
    for path in paths({**CONNECTION, **module_of(name).ARGUMENT_SPEC})
]


def test_every_module_is_tried() -> None:
    assert set(TASKS) == {file.stem for file in (CHECKOUT / "plugins/modules").glob("jira_*.py")}


@pytest.mark.parametrize("name", MEANS)
def test_what_a_blank_means_is_documented(name: str) -> None:
    assert MEANS[name] in words_of(name.partition(" ")[0])


@pytest.mark.parametrize(("name", "path"), CASES)
def test_a_blank_of_a_module(name: str, path: Path, cloud: LocalJira, task: Tasks) -> None:
    module, options = module_of(name), {**cloud.login("admin"), **TASKS[name]}
    left_out = without(options, path)
    for blank in BLANKS:
        blanked = with_value(options, path, blank)
        given = validated(module, blanked)
        if given == validated(module, left_out):
            continue
        if isinstance(given, str):
            assert names(given, str(path[-1])), (blank, given)
        elif f"{name} {named(path)}" not in MEANS:
            results = [task(module, check=True, **each) for each in (blanked, left_out)]
            said = results[0].result.get("msg", "")
            assert names(said, str(path[-1])) or without_figures(results[0]) == without_figures(results[1]), (
                blank,
                said,
            )


def names(message: str, option: str) -> bool:
    """Whether a message is about the option, by one of its names."""
    bare = re.escape(option.replace("_", ""))
    about = rf"(?:^|[ .|]){bare}(?:\[\d\])? (?:is|has|must|found) |argument '{bare}'|'{bare}'"
    return bool(re.search(about, message.replace("_", "")))


def without_figures(report: Report) -> Any:
    """A report without what no other run need have."""
    summary = {name: value for name, value in report.result.get("summary", {}).items() if name not in VOLATILE}
    return {**report.result, "summary": summary}, report.warnings
