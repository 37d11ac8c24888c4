# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is tried: a task, what Jira holds before it, how it logs in, and the weather. All of it by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, NamedTuple

from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_link_type,
    jira_issue_link_type_info,
    jira_issue_links,
    jira_remote_link,
    jira_remote_link_info,
    jira_remote_links,
)

from tests.local_jira import DEPLOYMENTS, Link
from tests.soak.faults import ISSUES, KINDS, MOVES
from tests.soak.weather import Storm, storm_by_chance
from tests.unit import link_scenarios, link_type_scenarios, remote_scenarios, sets_scenarios
from tests.unit.scenario import Scenario
from tests.unit.sets_tasks import rest, said
from tests.unit.tasks import validated

Options = dict[str, Any]
PHRASES = {
    "Blocks": ("blocks", "is blocked by"),
    "Cloners": ("clones", "is cloned by"),
    "Relates": ("relates to", "relates to"),
}
APPLICATIONS = ("CI", "Wiki")
MOST_LINKS = 15
"""Of a scenario: with more, the client would have to wait for the limits of one issue."""


class Trial(NamedTuple):
    """:param kept: whether what was learnt of the site in the storm is kept for the runs after it, as in a loop."""

    deployment: str
    scenario: Scenario
    check: bool
    login: str
    retries: int
    page: int
    settings: Mapping[str, Any]
    kept: bool
    kinds: list[str]
    storm: Storm

    def __str__(self) -> str:
        scenario, module = self.scenario, self.scenario.module.__name__.rpartition(".")[2]
        lines = {
            "Jira": f"{self.deployment}, {dict(self.settings)}",
            "holds": f"{list(scenario.links)} {list(scenario.remote_links)} ({scenario.name})",
            "task": f"{module} {dict(scenario.options)}{' in check mode' if self.check else ''}",
            "client": f"{self.login}, {scenario.account}, {self.retries} retries, {self.page} issues a page"
            + (", keeps its site" if self.kept else ""),
        }
        return "\n".join(f"  {name}: {text}" for name, text in lines.items())


def draw(seed: str) -> Trial:
    chance = Random(seed)
    deployment = chance.choice(DEPLOYMENTS)
    scenario = chance.choice(FROM_THE_UNIT_TESTS) if chance.random() < 0.4 else chance.choice(RANDOM)(chance)
    oauth = deployment == "cloud" and scenario.account in ("demo", "admin") and chance.random() < 0.3
    # What depends on the project of an issue cannot be compared once it has moved.
    about_projects = scenario.module.__name__.endswith("_info") or "linked_projects" in str(scenario.options)
    possible = {name: kind.weight for name, kind in KINDS.items() if not (about_projects and name == MOVES)}
    # Few kinds at a time: in a storm of all of them, most runs end at once.
    kinds = sorted(set(chance.choices(list(possible), list(possible.values()), k=chance.choice([1, 2, 3, 5, 100]))))
    return Trial(
        deployment,
        scenario,
        check=chance.random() < 0.15,
        login="OAuth" if oauth else "token",
        retries=chance.choice([0, 1, 2, 4, 4]),
        page=chance.choice([3, 100]),
        settings={
            "dead_login": chance.choice(["header", "header_on_errors", "silent"]),
            "login_headers": chance.random() < 0.7,
            "unauthorized_body": chance.choice(["json", "html", "plain"]),
        },
        kept=chance.random() < 0.5,
        kinds=kinds,
        storm=storm_by_chance(seed, kinds, chance.choice([0.1, 0.25, 0.5])),
    )


def _links(chance: Random, most: int) -> list[Link]:
    ends = [chance.sample(ISSUES, 2) for _number in range(chance.randint(0, most))]
    return list(dict.fromkeys((inward, chance.choice(list(PHRASES)), outward) for inward, outward in ends))


def _said(chance: Random, link: Link) -> Options:
    """A link in one of the three ways in which a task can say it."""
    inward, name, outward = link
    forms = [
        rest(*link),
        said(inward, PHRASES[name][0], outward),
        said(outward, PHRASES[name][1], inward),
    ]
    return chance.choice(forms)


def one_link(chance: Random) -> Scenario:
    there = _links(chance, 8)
    link = chance.choice([*there, *_links(chance, 8)] or [("REL-1", "Blocks", "APP-1")])
    options = _said(chance, link)
    if chance.random() < 0.4:
        options["state"] = "absent"
    else:
        options.update({"comment": "A comment."} if chance.random() < 0.6 else {}, exclusive=chance.random() < 0.3)
    return Scenario("random link", jira_issue_link, options, there)


def set_of_links(chance: Random) -> Scenario:
    there = _links(chance, 10)
    wanted = [*chance.sample(there, len(there) // 2), *_links(chance, 6)]
    links = [_said(chance, link) for link in dict.fromkeys(wanted)]
    state = chance.choice(["present", "absent", "exact", "exact"])
    for number, link in enumerate(links):
        link.update({"comment": f"Comment {number}."} if chance.random() < 0.3 else {})
    options: Options = {
        "links": links,
        "state": state,
        "on_error": chance.choice(["stop", "continue"]),
        "concurrency": chance.choice([1, 4]),
        "exclusive": state == "present" and chance.random() < 0.2,
        "acyclic": ["Blocks"] if chance.random() < 0.2 else [],
    }
    if state == "exact":
        options["scope"] = {"issues": chance.sample(ISSUES, 2), "link_types": chance.sample(list(PHRASES), 2)}
    return Scenario("random set", jira_issue_links, options, there)


def _remote_link(chance: Random) -> Options:
    number = chance.randint(1, 4)
    more = {
        "global_id": f"build-{number}",
        "summary": chance.choice(["green", "red"]),
        "relationship": "built by",
        "application": {"name": chance.choice(APPLICATIONS)},
        "resolved": chance.random() < 0.5,
    }
    chosen = {name: value for name, value in more.items() if chance.random() < 0.5}
    return {"remote_url": f"https://ci.example.com/{number}", "title": f"Build {number}", **chosen}


def _held_remote_links(chance: Random) -> list[Options]:
    return [
        {
            "issue": "REL-1",
            "globalId": chance.choice([None, f"build-{number}", f"https://ci.example.com/{number}"]),
            "object": {"url": f"https://ci.example.com/{number}", "title": f"Build {number}", "summary": "old"},
            "application": {"name": chance.choice(APPLICATIONS)},
        }
        for number in chance.sample(range(1, 6), chance.randint(0, 4))
    ]


def remote_link(chance: Random) -> Scenario:
    options = {"issue": "REL-1", "state": chance.choice(["present", "absent"]), **_remote_link(chance)}
    return Scenario("random remote link", jira_remote_link, options, remote_links=_held_remote_links(chance))


def set_of_remote_links(chance: Random) -> Scenario:
    links = [_remote_link(chance) for _number in range(chance.randint(0, 4))]
    options: Options = {"issue": "REL-1", "links": links, "state": chance.choice(["present", "exact"])}
    if options["state"] == "exact":
        options["scope"] = {"application": chance.choice(APPLICATIONS)}
    there = _held_remote_links(chance)
    return Scenario("random set of remote links", jira_remote_links, options, remote_links=there)


def link_type(chance: Random) -> Scenario:
    old, new = chance.sample([*PHRASES, "Duplicate"], 2)
    asked: list[Options] = [
        {"name": "Causes", "inward": "is caused by", "outward": "causes"},
        {"name": old, "outward": "holds up"},
        {"name": old, "new_name": "Renamed"},
        {"name": old, "state": "absent"},
        {"name": old, "state": "absent", "force": True},
        {"name": old, "state": "absent", "move_links_to": new},
    ]  # fmt: skip
    options = chance.choice(asked)
    return Scenario("random link type", jira_issue_link_type, options, _links(chance, 8), account="admin")


def info(chance: Random) -> Scenario:
    asked: list[tuple[Any, Options]] = [
        (jira_issue_link_info, {"issues": chance.sample(ISSUES, 3), "depth": chance.choice([0, 1, -1])}),
        (jira_issue_link_info, {"issues": ["REL-1", "REL-999"], "fail_on_missing": False, "phrase": "blocks"}),
        (jira_issue_link_info, {"jql": "project in (REL, APP)", "direction": chance.choice(["inward", "outward"])}),
        (jira_issue_link_info, {"link_id": "10000", "fail_on_missing": chance.random() < 0.5}),
        (jira_issue_link_type_info, {"usage": chance.random() < 0.5}),
        (jira_remote_link_info, {"issues": ["REL-1", "REL-2"], "fail_on_missing": chance.random() < 0.5}),
    ]  # fmt: skip
    module, options = chance.choice(asked)
    return Scenario("random info", module, options, _links(chance, 10), _held_remote_links(chance))


RANDOM: list[Callable[[Random], Scenario]] = [
    one_link, one_link, set_of_links, set_of_links, set_of_links, remote_link, set_of_remote_links, link_type, info,
]  # fmt: skip
FROM_THE_UNIT_TESTS = [
    scenario
    for scenarios in (link_scenarios, sets_scenarios, link_type_scenarios, remote_scenarios)
    for scenario in scenarios.SCENARIOS
    if len(scenario.links) <= MOST_LINKS
    and len(scenario.options.get("links", ())) <= MOST_LINKS
    and not isinstance(validated(scenario.module, {"url": "http://127.0.0.1", **scenario.options}), str)
]
