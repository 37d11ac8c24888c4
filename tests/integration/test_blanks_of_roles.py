# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a blank means to the variables of roles: nothing, what is documented, or a mistake that names the variable.

The variables come from the argument specs. Each is tried on a host of its own, all in one process.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import yaml

from tests.integration.harness import CHECKOUT, SANDBOX_PYTHON, Ansible, TaskResult
from tests.local_jira import LocalJira

BLANKS: list[Any] = [None, "", " ", "\n", [], [None], {}]
LINK = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
SCOPE = {"issues": ["REL-1"], "link_types": ["Blocks"], "linked_projects": ["APP"]}
FOLDER = "{{ playbook_dir }}/{{ inventory_hostname }}"
ROLES: dict[str, dict[str, Any]] = {  # the variables of each entry point that the others need
    "issue_links main": {
        "issue_links_links": [LINK],
        "issue_links_scope": SCOPE,
        "issue_links_report": f"{FOLDER}/report.md",
    },
    "issue_links export": {"issue_links_export_issues": ["REL-1"], "issue_links_export_file": f"{FOLDER}/links.yml"},
    "release_gate main": {
        "release_gate_issue": "REL-1",
        "release_gate_fail": False,
        "release_gate_report_dir": FOLDER,
    },
    "sandbox main": {"sandbox_dir": f"{FOLDER}/sandbox"},
}
MEANS = {
    "issue_links_links": "An empty list names no links.",
    "issue_links_report": "No report if empty.",
    "issue_links_site_url": "If empty, issues are not links there.",
    "release_gate_report_dir": "Empty for no report.",
    "release_gate_site_url": "Empty for no links.",
}
"""Variables of which a blank says something, and the words of the documentation that say what."""
INSTEAD = {"issue_links_file": "issue_links_links", "issue_links_export_jql": "issue_links_export_issues"}
"""A variable that stands for another one, which must not be set as well."""


class Case(NamedTuple):
    """A variable, or a part of one, with a blank; without a variable, what all else is compared with."""

    variable: str
    part: str
    blank: Any

    def put_into(self, variables: dict[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(variables)
        changed.pop(INSTEAD.get(self.variable, ""), None)
        if self.part:
            changed.setdefault(self.variable, {})[self.part] = self.blank
        elif self.variable:
            changed[self.variable] = self.blank
        return changed


def options_of(role: str, entry_point: str) -> dict[str, Any]:
    text = (CHECKOUT / "roles" / role / "meta/argument_specs.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["argument_specs"][entry_point]["options"]
    return found


def cases(role: str, entry_point: str, blank: Any) -> Iterator[Case]:
    yield Case("", "", blank)
    for variable in options_of(role, entry_point):
        parts = SCOPE if variable.endswith("_scope") else ()
        yield from (Case(variable, part, blank) for part in ("", *parts))


def test_every_entry_point_is_tried() -> None:
    files = CHECKOUT.glob("roles/*/meta/argument_specs.yml")
    found = {file.parts[-3]: yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"] for file in files}
    assert {f"{role} {entry_point}" for role, entry_points in found.items() for entry_point in entry_points} == set(
        ROLES
    )


@pytest.mark.parametrize("variable", MEANS)
def test_what_a_blank_variable_means_is_documented(variable: str) -> None:
    (entry,) = (found for name in ROLES if (found := options_of(*name.split()).get(variable)))
    assert MEANS[variable] in " ".join(str(entry["description"]).split())


@pytest.mark.parametrize("blank", BLANKS, ids=repr)
@pytest.mark.parametrize("name", ROLES)
def test_a_blank_of_a_role(name: str, blank: Any, ansible_at: Callable[[LocalJira], Ansible], cloud: LocalJira) -> None:
    cloud.reset([("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "APP-7")])
    role, entry_point = name.split()
    tried, ansible = list(cases(role, entry_point, blank)), ansible_at(cloud)
    results = run_on_hosts(ansible, role, entry_point, [case.put_into(ROLES[name]) for case in tried])
    left_out = outcome(ansible, 0, results[0])
    assert not failures(results[0]), failures(results[0])
    for number, case in enumerate(tried):
        messages = failures(results[number])
        if messages:
            assert any(names(message, role, case) for message in messages), (case, messages)
        elif case.variable not in MEANS:
            assert outcome(ansible, number, results[number]) == left_out, case
    assert cloud.writes() == []


def run_on_hosts(ansible: Ansible, role: str, entry_point: str, given: list[dict[str, Any]]) -> list[list[TaskResult]]:
    """Run the role for each of these sets of variables, and return the results of each."""
    hosts = {f"case{number:03}": variables for number, variables in enumerate(given)}
    for host in hosts:
        (ansible.folder / host).mkdir()
    common = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory = ansible.folder / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": common}}), encoding="utf-8")
    included = {"name": f"linkops.jira.{role}", "tasks_from": entry_point}
    facts = "{{ [release_gate_open | default(''), release_gate_blockers | default([])] }}"
    play = {
        "name": "All hosts",
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Try it",
                "block": [{"name": "The role", "ansible.builtin.include_role": included}],
                "rescue": [{"name": "Refused", "ansible.builtin.debug": {"msg": "So it has failed."}}],
            },
            {"name": "Facts", "ansible.builtin.debug": {"msg": facts}},
        ],
    }
    check = ["--check", *SANDBOX_PYTHON] if role == "sandbox" else []
    run = ansible.playbook(yaml.safe_dump([play]), "-i", inventory, *check).succeeded()
    return [[each for each in run.results if each.host == host] for host in hosts]


def failures(results: list[TaskResult]) -> list[str]:
    return [str(each.result.get("msg")) for each in results if each.status == "failed"]


def outcome(ansible: Ansible, number: int, results: list[TaskResult]) -> Any:
    """What the role did: how its tasks ended, the facts, and the files that it wrote."""
    folder = ansible.folder / f"case{number:03}"
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()}
    without_figures = {name: re.sub(r"in [\d.]+ s, [\d.]+ s", "", text) for name, text in texts.items()}
    (facts,) = (each.result["msg"] for each in results if each.task == "Facts")
    return [(each.task, each.status) for each in results], facts, without_figures


def names(message: str, role: str, case: Case) -> bool:
    """Whether a message is about the variable, by its name or by that of the module's option."""
    short = case.variable.removeprefix(f"{role}_").removeprefix("export_")
    place = f"{short}.{case.part}" if case.part else short
    about = rf"\b{re.escape(place)}(?:\[\d\])? (?:is|has) |(?:arguments|is required): .*\b{re.escape(short)}\b"
    return case.variable in message or bool(re.search(about, message))
