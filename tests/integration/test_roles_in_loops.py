# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each role in a loop over `item`: each time it is about its own issue, whatever became of the one before.

The variables of a role are templates of its caller, evaluated where the role looks at them. So a role must not use a
name that its caller uses too, and must leave nothing behind that could be taken for what the next one found.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.integration.harness import CHECKOUT, SANDBOX_PYTHON, Ansible, Run
from tests.local_jira import LocalJira


class Loop(NamedTuple):
    """A role whose variables depend on `item`, and what a caller looks at after it."""

    variables: dict[str, Any]
    shown: dict[str, str]


LOOPS = {
    "release_gate main": Loop(
        {
            "release_gate_issue": "{{ item }}",
            "release_gate_report_dir": "{{ playbook_dir }}/{{ item }}",
            "release_gate_title": "Gate of {{ item }}",
        },
        {"open": "{{ release_gate_open }}", "blockers": "{{ release_gate_blockers | map(attribute='issue') }}"},
    ),
    "issue_links main": Loop(
        {"issue_links_file": "{{ item }}.yml", "issue_links_report": "{{ item }}.md"},
        {
            "failed": "{{ issue_links_result is failed }}",
            "links": "{{ issue_links_result.links | default([]) | map(attribute='sentence') }}",
        },
    ),
    "issue_links export": Loop(
        {"issue_links_export_issues": ["{{ item }}"], "issue_links_export_file": "{{ item }}.yml"},
        {},
    ),
    "sandbox main": Loop(
        {"sandbox_dir": "{{ playbook_dir }}/{{ item }}", "sandbox_deployment": "{{ item }}"},
        {"url": "{{ sandbox_url }}"},
    ),
}
GATE_OPEN, GATE_CLOSED = {"open": True, "blockers": []}, {"open": False, "blockers": []}
REPORTS = ("release_gate.md", "release_gate.html")
DOT = """#!/bin/sh
# Graphviz, which may not be here: a picture that says what it is a picture of
printf '<svg width="1pt">'
tr -d '<>&'
printf '</svg>'
"""


def the_role(which: str, **variables: Any) -> dict[str, Any]:
    """The task that includes it."""
    name, entry_point = which.split()
    return {
        "name": "The role",
        "ansible.builtin.include_role": {"name": f"linkops.jira.{name}", "tasks_from": entry_point},
        "vars": {**LOOPS[which].variables, **variables},
    }


def shown_after(which: str) -> dict[str, Any]:
    return {"name": "Shown", "ansible.builtin.debug": {"msg": LOOPS[which].shown}}


def shown(run: Run) -> list[Any]:
    return [each.result["msg"] for each in run.results if each.task == "Shown"]


def in_a_loop(ansible: Ansible, which: str, items: list[str], *arguments: str, **variables: Any) -> Run:
    return ansible.playbook(yaml.safe_dump([{**the_role(which, **variables), "loop": items}]), *arguments)


def one_by_one(ansible: Ansible, which: str, items: list[str], *arguments: str, **variables: Any) -> list[Any]:
    """What a caller is shown after each item, who goes on with the next when the role has failed."""
    failed = {"name": "It failed", "ansible.builtin.debug": {"msg": "Go on."}}
    block = {"name": "Try it", "block": [the_role(which, **variables)], "rescue": [failed]}
    (ansible.folder / "one.yml").write_text(yaml.safe_dump([block, shown_after(which)]), encoding="utf-8")
    loop = {"name": "One by one", "ansible.builtin.include_tasks": "one.yml", "loop": items}
    return shown(ansible.playbook(yaml.safe_dump([loop]), *arguments).succeeded())


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_every_role_is_tried() -> None:
    specs = {path.parents[1].name: yaml.safe_load(path.read_text()) for path in CHECKOUT.glob("roles/*/meta/arg*.yml")}
    assert set(LOOPS) == {f"{role} {name}" for role, spec in specs.items() for name in spec["argument_specs"]}


class TestReleaseGate:
    """Nothing blocks REL-3, so there is no picture of it."""

    @pytest.fixture(autouse=True)
    def _site(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset([("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "REL-2")])
        tools = on_cloud.folder / "tools"
        tools.mkdir()
        (tools / "dot").write_text(DOT, encoding="utf-8")
        (tools / "dot").chmod(0o755)
        on_cloud.environment["PATH"] = f"{tools}:{on_cloud.environment['PATH']}"

    def test_reports(self, on_cloud: Ansible) -> None:
        blockers = {"REL-1": ["APP-7"], "REL-3": [], "REL-2": ["LIB-2"]}
        in_a_loop(on_cloud, "release_gate main", list(blockers), release_gate_fail=False).succeeded()
        for item, found in blockers.items():
            for text in (read(on_cloud.folder / item, name) for name in REPORTS):
                assert f"Gate of {item}" in text and 'class="status unknown">unknown' not in text
                assert set(re.findall(r"(?:REL|APP|LIB)-\d+", text)) == {item, *found}
            assert ("<svg" in text) == bool(found)

    def test_what_was_found(self, on_cloud: Ansible) -> None:
        """A release that Jira does not show is not open because the one before it was."""
        items = ["REL-3", "REL-999", "REL-1", "REL-999", "REL-2"]
        assert one_by_one(on_cloud, "release_gate main", items) == [
            GATE_OPEN,
            GATE_CLOSED,
            {"open": False, "blockers": ["APP-7"]},
            GATE_CLOSED,
            {"open": False, "blockers": ["LIB-2"]},
        ]

    @pytest.mark.parametrize("issue", ["REL-999", ""])
    def test_errors_that_are_ignored_open_no_gate(self, issue: str, on_cloud: Ansible) -> None:
        tasks = [{**the_role("release_gate main"), "loop": ["REL-3", issue]}, shown_after("release_gate main")]
        play = {"name": "A play", "hosts": "localhost", "gather_facts": False, "ignore_errors": True, "tasks": tasks}
        run = on_cloud.playbook(yaml.safe_dump([play])).succeeded()
        assert shown(run) == [GATE_CLOSED]
        assert re.findall("The release gate is (.*)", run.stdout) == ['open. No open blocker of REL-3"']


class TestIssueLinks:
    def declare(self, ansible: Ansible, *issues: str) -> None:
        for issue in issues:
            link = {"issue": issue, "phrase": "is blocked by", "linked_issue": "APP-7"}
            (ansible.folder / f"{issue}.yml").write_text(yaml.safe_dump([link]), encoding="utf-8")

    def test_reports(self, on_cloud: Ansible) -> None:
        self.declare(on_cloud, "REL-1", "REL-2")
        in_a_loop(on_cloud, "issue_links main", ["REL-1", "REL-2"]).succeeded()
        for item in ("REL-1", "REL-2"):
            text = read(on_cloud.folder, f"{item}.md")
            assert f"Declared in {item}.yml." in text and set(re.findall(r"REL-\d+", text)) == {item}

    def test_what_was_done(self, on_cloud: Ansible) -> None:
        """There is no file for REL-2, and no REL-999."""
        self.declare(on_cloud, "REL-1", "REL-999", "REL-3")
        failed = {"failed": True, "links": []}
        assert one_by_one(on_cloud, "issue_links main", ["REL-1", "REL-2", "REL-3", "REL-999"]) == [
            {"failed": False, "links": ["APP-7 blocks REL-1"]},
            failed,
            {"failed": False, "links": ["APP-7 blocks REL-3"]},
            failed,
        ]

    def test_export(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        cloud.reset([("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "REL-2")])
        in_a_loop(on_cloud, "issue_links export", ["REL-1", "REL-2"]).succeeded()
        for item, blocker in (("REL-1", "APP-7"), ("REL-2", "LIB-2")):
            (link,) = yaml.safe_load(read(on_cloud.folder, f"{item}.yml"))["links"]
            assert link == {"sentence": f"{blocker} blocks {item}"}


class TestSandbox:
    def states(self, ansible: Ansible, *items: str) -> list[dict[str, Any]]:
        return [json.loads(read(ansible.folder / item, "state.json")) for item in items]

    def test_start_and_stop(self, on_cloud: Ansible) -> None:
        items = ["cloud", "data_center"]
        in_a_loop(on_cloud, "sandbox main", items, *SANDBOX_PYTHON).succeeded()
        states = self.states(on_cloud, *items)
        assert [state["deployment"] for state in states] == items
        assert one_by_one(on_cloud, "sandbox main", items, *SANDBOX_PYTHON) == [
            {"url": state["url"]} for state in states
        ]
        in_a_loop(on_cloud, "sandbox main", items, *SANDBOX_PYTHON, sandbox_state="stopped").succeeded()
        assert list(on_cloud.folder.rglob("state.json")) == []

    def test_one_that_does_not_start(self, on_cloud: Ansible) -> None:
        """Its caller is not led to the one before it."""
        (on_cloud.folder / "cloud.json").write_text("{}", encoding="utf-8")
        (on_cloud.folder / "data_center.json").write_text("{", encoding="utf-8")
        seed = "{{ playbook_dir }}/{{ item }}.json"
        items = ["cloud", "data_center"]
        found = one_by_one(on_cloud, "sandbox main", items, *SANDBOX_PYTHON, sandbox_seed=seed)
        (state,) = self.states(on_cloud, "cloud")
        assert found == [{"url": state["url"]}, {"url": ""}]


def names_in_templates() -> set[str]:
    """Variables, arguments and macros of the templates of all roles."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in CHECKOUT.glob("roles/*/templates/*.j2"))
    found = re.findall(r"{%-? *(?:set|for) ([\w, ]+?) (?:=|in) |{%-? *macro (\w+\(\w*\))", text)
    return {name for each in found for name in re.findall(r"\w+", " ".join(each))}


def test_names_of_a_caller_that_templates_use_too(on_cloud: Ansible, cloud: LocalJira) -> None:
    """What a caller calls `site` or `link` is not what a template calls so."""
    cloud.reset([("APP-7", "Blocks", "REL-1")])
    names = sorted(name for name in names_in_templates() if not keyword.iskeyword(name))  # no variable before 2.19
    assert {"link", "site", "issue", "text", "status", "nodes", "outward"} <= set(names)
    callers = {name: f"{name} of {{{{ item }}}}" for name in names}
    title, address = "{{ [" + ", ".join(names) + "] | join(', ') }}", "http://{{ site | urlencode }}"
    gate = {"release_gate_fail": False, "release_gate_title": title, "release_gate_site_url": address}
    in_a_loop(on_cloud, "release_gate main", ["REL-1"], **callers, **gate).succeeded()
    for text in (read(on_cloud.folder / "REL-1", name) for name in REPORTS):
        assert ", ".join(f"{name} of REL-1" for name in names) in text
        assert "http://site%20of%20REL-1/browse/APP-7" in text
    declared = {"issue_links_file": "{{ link }}.yml", "issue_links_site_url": address}
    link = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
    (on_cloud.folder / "link of REL-1.yml").write_text(yaml.safe_dump([link]), encoding="utf-8")
    in_a_loop(on_cloud, "issue_links main", ["REL-1"], **callers, **declared).succeeded()
    text = read(on_cloud.folder, "REL-1.md")
    assert "Declared in link of REL-1.yml." in text and "http://site%20of%20REL-1/browse/APP-7" in text


def tasks_of(node: Any) -> Iterator[dict[str, Any]]:
    """All mappings in a file of tasks, those in blocks too."""
    for each in node if isinstance(node, list) else node.values() if isinstance(node, dict) else []:
        yield from tasks_of(each)
    if isinstance(node, dict):
        yield node


@pytest.mark.parametrize(
    "path",
    [path for folder in ("tasks", "handlers") for path in sorted(CHECKOUT.glob(f"roles/*/{folder}/**/*.y*ml"))],
    ids=lambda path: str(path.relative_to(CHECKOUT)),
)
def test_the_names_of_a_role_are_its_own(path: Path) -> None:
    """A name that begins with that of the role is nobody else's, in its loops as elsewhere."""
    own = re.compile(f"(__)?{path.relative_to(CHECKOUT / 'roles').parts[0]}_")
    for task in tasks_of(yaml.safe_load(path.read_text(encoding="utf-8"))):
        control = task.get("loop_control", {})
        names = [control.get("loop_var", "item")] if any(re.match("loop$|with_", key) for key in task) else []
        names += [control["index_var"]] if "index_var" in control else []
        names += [task["register"]] if "register" in task else []
        names += [*task.get("vars", {}), *task.get("ansible.builtin.set_fact", {})]
        assert [name for name in names if not own.match(name)] == [], task.get("name")
        assert not control.get("extended"), "ansible_loop is the caller's"
