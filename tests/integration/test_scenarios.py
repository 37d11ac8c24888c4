# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every scenario, on each deployment: in check mode, for real, and again; inside the controller and as a module.

A scenario is a file of tasks as anybody could write them. What a task is held to stands in its own ``vars``:

before
    What Jira holds at first: a link as ``INWARD Type OUTWARD``, as in ``REL-1 Blocks APP-7``; a link type or a remote
    link as an object of a seed (see docs/sandbox.md). If there are link types, the site has no others.
after
    What it holds in the end; that of ``before``, if not given.
comments
    The comments that it holds in the end.
expect
    What the task reports, as far as it is of interest. A list of words for a text: all of them are in it.
seed
    What else the sandbox holds.
settings
    How the sandbox is set.
account
    Who runs the task, if it is not ``demo``.
only
    The deployment that the task is for; on the other one it is skipped, by ``when: deployment == only``.

What Jira holds and how it is set is one for the whole scenario: it begins with everything that any task has in
``before``. So no task may build on what another one writes: **every task is about issues and link types of its own.**
Then check mode can predict each.

A task can use ``ids`` (the ids of the links of ``before``, by the same words, and of its remote links, by their titles)
and ``deployment``.

Then this is held of every task:

- in check mode it reports what it reports for real, key by key, but for the id of a link that is not made yet;
- in check mode nothing is written;
- for real it reports what ``expect`` says, and what it reports to be there is in Jira under that id;
- again it changes nothing, and reports the same to be there;
- a failure is a failure in check mode too, and its message says as much as the real one, which may add Jira's words;
- inside the controller and as a module it reports the same, ``invocation`` and warnings included.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.harness import CHECKOUT, HERE, WAYS, Ansible, TaskResult
from tests.local_jira import LocalJira

SCENARIOS = sorted((HERE / "scenarios").glob("*.yml"))
MODULES = sorted(f"linkops.jira.{file.stem}" for file in (CHECKOUT / "plugins/modules").glob("jira_*.py"))
ACCOUNTS = ("demo", "admin", "viewer")
THERE = ("link", "link_type", "remote_link")  # what a result says to be there
FIGURES = ("requests", "seconds", "seconds_waited")  # of a run, which another run need not have
RUNS = {"check": ["--check", "--diff"], "real": ["--diff"], "again": ["--diff"]}


class Scenario:
    def __init__(self, file: Path, deployment: str) -> None:
        self.file, self.deployment = file, deployment
        self.tasks: dict[str, dict[str, Any]] = {task["name"]: task for task in yaml.safe_load(file.read_text())}

    def said(self, name: str) -> dict[str, Any]:
        """What one task is held to."""
        said: dict[str, Any] = self.tasks[name].get("vars", {})
        return said if said.get("only", self.deployment) == self.deployment else {}

    def all(self, name: str, instead: str = "") -> list[Any]:
        """One of the lists, of all tasks."""
        said = (self.said(task) for task in self.tasks)
        return [entry for each in said for entry in each.get(name, each.get(instead, []))]

    def together(self, name: str) -> dict[str, Any]:
        """One of the objects, of all tasks."""
        return {key: value for task in self.tasks for key, value in self.said(task).get(name, {}).items()}

    def start(self, site: LocalJira) -> dict[str, str]:
        """Give the sandbox what it holds at first, and return the ids of its links and remote links."""
        links, types, remote_links = by_kind(self.all("before"))
        seed = {"remote_links": remote_links, **({"link_types": types} if types else {}), **self.together("seed")}
        site.reset([link.split() for link in links], **seed)
        site.settings(**self.together("settings"))
        state = site.state()
        titles = {link["object"]["title"]: str(link["id"]) for link in state["remote_links"]}
        return {**titles, **{words(link): link["id"] for link in state["links"]}}

    def ended(self, site: LocalJira) -> Iterator[str]:
        """Where Jira does not hold in the end what it should."""
        state = site.state()
        links, types, remote_links = by_kind(self.all("after", "before"))
        yield from differences(sorted(links), sorted(map(words, state["links"])), "links")
        if types:
            yield from differences(in_order(types), in_order(state["link_types"]), "link types")
        yield from differences(in_order(remote_links), in_order(state["remote_links"]), "remote links")
        yield from differences(self.all("comments"), state["comments"], "comments")


def by_kind(entries: list[Any]) -> tuple[list[str], list[dict[str, Any]], list[dict[str, Any]]]:
    """Links, link types and remote links."""
    objects = [entry for entry in entries if isinstance(entry, dict)]
    return (
        [entry for entry in entries if isinstance(entry, str)],
        [entry for entry in objects if "name" in entry],
        [entry for entry in objects if "object" in entry],
    )


def in_order(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Link types by name, remote links by issue and title."""
    return sorted(entries, key=lambda entry: entry.get("name") or (entry["issue"], entry["object"]["title"]))


def words(link: dict[str, str]) -> str:
    return f"{link['inward']} {link['type']} {link['outward']}"


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_scenario(file: Path, site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> None:
    scenario, ansible = Scenario(file, site.deployment), ansible_at(site)
    inside = run_it(scenario, RUNS, site, ansible, WAYS["in the controller"])
    for name, checked in inside["check"].items():
        real, again = inside["real"][name], inside["again"][name]
        hold(expected(scenario.said(name).get("expect", {}), real), name)
        hold(predicted(checked, real), f"{name}, in check mode")
        hold(repeated(real, again), f"{name}, again")
        hold(in_jira(real.result, site), name)
    # A process for every task takes most of the time of these tests, so each deployment sees one of the two runs.
    outside = run_it(scenario, ["real" if site.cloud else "check"], site, ansible, WAYS["as a module"])
    for run, results in outside.items():
        for name, result in results.items():
            hold(as_inside(inside[run][name], result), f"{name}, {run}, as a module")


LOOPS = (["PUB-1", "not a key"], ["not a key", "PUB-1"], ["PUB-999", "not a key", "PUB-1"])
"""What the items of a loop are about: a public issue, nothing at all, and an issue that is not there."""


def test_loops_in_which_items_fail(site: LocalJira, ansible_at: Callable[[None], Ansible]) -> None:
    """What an item reports depends on no item before it, though inside the controller they share a process."""
    inside, outside = (loops(site, ansible_at(None), way) for way in WAYS.values())
    assert inside.keys() == outside.keys()
    for name, result in inside.items():
        hold(as_inside(result, outside[name]), name)
        assert result.status == ("ok" if name.endswith("PUB-1") else "failed"), name
        sent = name.startswith("anonymous") and name.endswith("PUB-999")  # who sent nothing was not anonymous, either
        assert ("The request was anonymous" in result.result.get("msg", "")) == sent, name


def loops(site: LocalJira, ansible: Ansible, way: str) -> dict[str, TaskResult]:
    """The results of all items, by the account, the loop and the item."""
    accounts = {"anonymous": {"url": site.url}, "demo": site.login()}
    tasks = [
        {
            "name": f"{account}, {', '.join(keys)}",
            "linkops.jira.jira_issue_link_info": {**login, "issues": ["{{ item }}"]},
            "loop": keys,
            "ignore_errors": True,
        }
        for account, login in accounts.items()
        for keys in LOOPS
    ]
    run = ansible.playbook(json.dumps(tasks), LINKOPS_JIRA_IN_PROCESS=way).succeeded()
    found = [(loop, item) for loop in run.results for item in loop.result["results"]]
    assert len(found) == len(accounts) * sum(map(len, LOOPS)), run.output
    return {  # from ansible-core 2.21 on, a callback is not told which items have failed
        f"{loop.task}: {item['item']}": loop._replace(status="ok" if "links" in item else "failed", result=item)
        for loop, item in found
    }


def hold(faults: Iterator[str], name: str) -> None:
    found = list(faults)
    assert not found, "\n".join([f"{name}:", *found])


def run_it(
    scenario: Scenario, runs: Iterable[str], site: LocalJira, ansible: Ansible, way: str
) -> dict[str, dict[str, TaskResult]]:
    """The results of each run by the names of the tasks; what Jira holds is as the scenario says."""
    ids = scenario.start(site)
    logins = {account: site.login(account) for account in ACCOUNTS}
    known = json.dumps({"scenario": str(scenario.file), "ids": ids, "deployment": site.deployment, "logins": logins})
    before, done = site.state(), {}
    for run in runs:
        site.control("DELETE", "requests")
        ran = ansible(
            "ansible-playbook", HERE / "scenario.yml", "-e", known, *RUNS[run], LINKOPS_JIRA_IN_PROCESS=way
        ).succeeded()
        done[run] = ran.named()
        assert list(done[run]) == list(scenario.tasks), ran.output
        if run == "check":
            assert site.writes() == [] and site.state() == before
        elif run == "again":
            # Only what Jira refuses is tried again.
            refused = [task for task in done[run].values() if task.result.get("method") in ("POST", "PUT", "DELETE")]
            assert len(site.writes()) <= len(refused), site.writes()
    if "real" in done:
        hold(scenario.ended(site), scenario.file.stem)
    return done


def expected(expect: dict[str, Any], real: TaskResult) -> Iterator[str]:
    if real.status == "skipped":
        return
    yield from differences({"failed": False, **expect}, real.result, "result")


def differences(expect: Any, actual: Any, where: str, exact: bool = False) -> Iterator[str]:
    """Where the actual value is not as expected. A dict may hold more keys; a text holds all words of a list.

    :param exact: neither of that; but an id that is expected as null may be there, and figures are as they come.
    """
    if isinstance(expect, dict) and isinstance(actual, dict) and not (exact and expect.keys() != actual.keys()):
        for key, value in expect.items():
            if not (exact and (key in FIGURES or (key == "id" and value is None))):
                yield from differences(value, actual.get(key, "(not there)"), f"{where}.{key}", exact)
    elif isinstance(expect, list) and isinstance(actual, str) and not exact:
        yield from (f"{where} lacks {word!r}: {actual}" for word in expect if word not in actual)
    elif isinstance(expect, list) and isinstance(actual, list) and len(expect) == len(actual):
        for number, (one, other) in enumerate(zip(expect, actual, strict=True)):
            yield from differences(one, other, f"{where}[{number}]", exact)
    elif expect != actual:
        yield f"{where} is {actual!r} and should be {expect!r}"


def predicted(checked: TaskResult, real: TaskResult) -> Iterator[str]:
    """Where check mode reported something else than the real run."""
    if checked.status != real.status:
        yield f"{checked.status} instead of {real.status}: {checked.result}"
    elif checked.status != "failed":
        yield from differences(without_undo(checked.result), without_undo(real.result), "result", exact=True)
    elif not real.result["msg"].startswith(checked.result["msg"]):
        # Jira itself refused nothing in check mode, so its status and its words are missing.
        yield f"the message was predicted as {checked.result['msg']!r} and is {real.result['msg']!r}"
    elif missing := checked.result.keys() - real.result.keys():
        yield f"only check mode reports {sorted(missing)}"


def without_undo(result: dict[str, Any]) -> dict[str, Any]:
    """A result without what takes it back: in check mode, no new link has an id."""
    kept = {name: value for name, value in result.items() if name != "undo"}
    return {**kept, "results": list(map(without_undo, kept["results"]))} if "results" in kept else kept


def repeated(real: TaskResult, again: TaskResult) -> Iterator[str]:
    if again.status != real.status:
        yield f"status {again.status}: {again.result}"
    elif again.status == "ok":
        yield from differences({"changed": False}, again.result, "result")
        for one, other in zip(items(real.result), items(again.result), strict=True):
            before, after = ({name: each.get(name) for name in THERE} for each in (one, other))
            yield from differences(before, after, "result")


def items(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a loop, or the only one."""
    loop: list[dict[str, Any]] = result.get("results", [result])
    return loop


def in_jira(result: dict[str, Any], site: LocalJira) -> Iterator[str]:
    """Where something is reported to be there, and Jira does not hold it under that id."""
    state = site.state()
    held = {
        *((link["id"], words(link)) for link in state["links"]),
        *((kind["id"], kind["name"]) for kind in state["link_types"]),
        *((str(link["id"]), link["object"]["title"]) for link in state["remote_links"]),
    }
    for found in (item[name] for item in items(result) for name in THERE if item.get(name)):
        reported = found["id"], found.get("name") or found.get("title") or in_words(found)
        if reported not in held:
            yield f"{reported} is reported, and not in Jira"


def in_words(link: dict[str, str]) -> str:
    return f"{link['inward_issue']} {link['link_type']} {link['outward_issue']}"


def as_inside(inside: TaskResult, outside: TaskResult) -> Iterator[str]:
    if inside.status != outside.status:
        yield f"{outside.status} instead of {inside.status}: {outside.result}"
    here, there = (without_support_ids(each.result) for each in (inside, outside))
    yield from differences(here, there, "result", exact=True)


def without_support_ids(result: dict[str, Any]) -> dict[str, Any]:
    """Every answer of Jira has another one."""
    return {**result, "support_id": bool(result["support_id"])} if "support_id" in result else result


def test_every_module_has_a_scenario() -> None:
    tasks = [task for file in SCENARIOS for task in yaml.safe_load(file.read_text())]
    assert [module for module in MODULES if not any(module in task for task in tasks)] == []
