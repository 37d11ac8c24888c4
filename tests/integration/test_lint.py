# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-lint finds mistakes in the tasks of a playbook, flags nothing that would run, and asks no Jira."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible.module_utils import basic

from tests.integration.harness import CHECKOUT, Ansible
from tests.local_jira import LocalJira

MODULES = sorted(file.stem for file in (CHECKOUT / "plugins/modules").glob("[a-z]*.py"))
CONNECTED = [name for name in MODULES if name.startswith("jira_")]
"""The modules that take the connection options."""
VALID: dict[str, dict[str, Any]] = {
    "gate_decision": {"read": {"issues": {}}, "date": "2026-12-01", "name": "REL-1"},
    "jira_issue_link": {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"},
    "jira_issue_link_info": {"issues": ["REL-1"], "depth": -1},
    "jira_issue_link_type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"},
    "jira_issue_link_type_info": {"usage": True},
    "jira_issue_links": {"sentences": ["REL-1 is blocked by APP-7"], "state": "exact", "scope": {"issues": ["REL-1"]}},
    "jira_remote_link": {"issue": "REL-1", "remote_url": "https://ci.example.com/1", "title": "Build 1"},
    "jira_remote_link_info": {"issues": ["REL-1"]},
    "jira_remote_links": {"issue": "REL-1", "links": [{"remote_url": "https://ci.example.com/1", "title": "Build 1"}]},
    "jira_site_info": {},
    "link_plan": {"declaration": {"links": []}, "site": "https://example.atlassian.net"},
    "links_from_file": {"path": "links.yml"},
}
MISSING = {  # what a module cannot do without, and how that is said; the others need nothing
    "gate_decision": ("date", "missing required arguments: date"),
    "jira_issue_link": ("phrase", "parameters are required together: issue, phrase, linked_issue"),
    "jira_issue_link_info": ("issues", "one of the following is required: issues, link_id, jql"),
    "jira_issue_link_type": ("name", "missing required arguments: name"),
    "jira_issue_links": ("sentences", "one of the following is required: links, sentences"),
    "jira_remote_link": ("remote_url", "one of the following is required: remote_url, global_id, id"),
    "jira_remote_link_info": ("issues", "missing required arguments: issues"),
    "jira_remote_links": ("links", "missing required arguments: links"),
    "link_plan": ("site", "missing required arguments: site"),
    "links_from_file": ("path", "missing required arguments: path"),
}
WRONG: dict[str, tuple[str, Any, str]] = {  # a value that an option cannot have, and how that is said
    "gate_decision": ("require_done", "perhaps", "argument 'require_done' is of type"),
    "jira_issue_link": ("state", "gone", "value of state must be one of: present, absent, got: gone"),
    "jira_issue_link_info": ("direction", "up", "value of direction must be one of: inward, outward, both, got: up"),
    "jira_issue_link_type": ("state", "gone", "value of state must be one of: present, absent, got: gone"),
    "jira_issue_link_type_info": ("api_version", "4", "value of api_version must be one of: auto, 2, 3, got: 4"),
    "jira_issue_links": ("on_error", "cry", "value of on_error must be one of: stop, continue, got: cry"),
    "jira_remote_link": ("state", "gone", "value of state must be one of: present, absent, got: gone"),
    "jira_remote_link_info": ("fail_on_missing", "perhaps", "argument 'fail_on_missing' is of type"),
    "jira_remote_links": ("state", "gone", "value of state must be one of: present, exact, got: gone"),
    "jira_site_info": ("api_version", "4", "value of api_version must be one of: auto, 2, 3, got: 4"),
    "link_plan": ("declaration", "perhaps", "argument 'declaration' is of type"),
    "links_from_file": ("fail_on_mistakes", "perhaps", "argument 'fail_on_mistakes' is of type"),
}
TEMPLATED: dict[str, dict[str, Any]] = {
    "gate_decision": {"read": "{{ some }}", "accepted": "{{ some }}", "require_done": "{{ some }}"},
    "jira_issue_link": {"state": "{{ some }}", "exclusive": "{{ some }}", "comment_visibility": "{{ some }}"},
    "jira_issue_link_info": {"issues": "{{ some }}", "depth": "{{ some }}", "direction": "{{ some }}"},
    "jira_issue_links": {"links": "{{ some }}", "scope": "{{ some }}", "concurrency": "{{ some }}"},
    "jira_remote_link": {"application": "{{ some }}", "resolved": "{{ some }}", "timeout": "{{ some }}"},
    "jira_remote_links": {"links": "{{ some }}", "scope": {"application": "{{ some }}"}},
    "link_plan": {"declaration": "{{ some }}"},
}
NULL: dict[str, dict[str, Any]] = {
    "jira_issue_link": {"comment": None, "comment_visibility": None, "link_id": None},
    "jira_issue_links": {"links": None, "concurrency": None},
    "jira_remote_link": {"application": None, "resolved": None, "token": None},
}
LINT = """
import sys
from importlib import import_module
from ansible.plugins.loader import init_plugin_loader
from ansiblelint.__main__ import main
init_plugin_loader()
for name in sys.argv[1].split(","):
    import_module(f"ansible_collections.linkops.jira.plugins.action.{name}")
sys.exit(main(["ansible-lint", "--offline", "--format", "json", "playbook.yml"]))
"""
"""ansible-lint, after somebody else has imported all our code: what it holds of Ansible then is not ansible-lint's."""


WAYS = ("in the environment", "in module_defaults of the group", "in module_defaults of the module", "in the task")
URL = {"url": "https://example.atlassian.net"}


class Linted(NamedTuple):
    """What ansible-lint said of the options of each task, by its name, and what Jira saw of that."""

    found: dict[str, list[str]]
    requests: list[str]
    links: list[str]
    complaints: str


@pytest.fixture(scope="module")
def linted(tmp_path_factory: pytest.TempPathFactory, tree: Path, _sites: dict[str, LocalJira]) -> Linted:
    """All tasks of this file, checked in one run, with a Jira in the environment that would do what they say."""
    site, folder = _sites["cloud"], tmp_path_factory.mktemp("lint")
    site.reset()
    environment = {f"JIRA_{name.upper()}": value for name, value in site.login().items()}
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    ansible = Ansible(folder, tree, {**environment, "PATH": path})
    plays = [play(tasks()), *(play({f"{name} {way}": {name: VALID[name]} for name in CONNECTED}, way) for way in WAYS)]
    (folder / "playbook.yml").write_text(json.dumps(plays), encoding="utf-8")
    run = ansible(sys.executable, "-c", LINT, ",".join(MODULES))
    assert run.stdout.startswith("["), run.output
    found: dict[str, list[str]] = {task["name"]: [] for play in plays for task in play["tasks"]}
    for each in json.loads(run.stdout):
        if each["check_name"].startswith("args["):
            found[each["content"]["body"].removeprefix("Task/Handler: ")].append(each["description"])
    return Linted(found, site.requests(), site.sentences(), run.stderr)


def tasks() -> dict[str, dict[str, Any]]:
    """The action of each task, by the task's name."""
    found = {}
    for name in MODULES:
        valid = VALID[name]
        found[f"{name} valid"] = {name: valid}
        found[f"{name} misspelt"] = {name: {**valid, "retris": 1}}
        found[f"{name} wrong"] = {name: {**valid, WRONG[name][0]: WRONG[name][1]}}
    for name, (missing, _said) in MISSING.items():
        found[f"{name} missing"] = {name: {option: value for option, value in VALID[name].items() if option != missing}}
    for kind, changes in (("templated", TEMPLATED), ("null", NULL)):
        found.update({f"{name} {kind}": {name: {**VALID[name], **change}} for name, change in changes.items()})
    return found


def play(actions: dict[str, dict[str, Any]], way: str = WAYS[0]) -> dict[str, Any]:
    """A play of these tasks, with the address of Jira said in this way."""
    full = [
        {"name": task, f"linkops.jira.{name}": {**options, **(URL if way == "in the task" else {})}}
        for task, action in actions.items()
        for name, options in action.items()
    ]
    defaults = {
        "in module_defaults of the group": {"group/linkops.jira.jira": URL},
        "in module_defaults of the module": {f"linkops.jira.{name}": URL for name in CONNECTED},
    }
    return {"name": "A play", "hosts": "localhost", "module_defaults": defaults.get(way, {}), "tasks": full}


def test_no_jira_is_asked(linted: Linted) -> None:
    assert (linted.links, linted.requests) == ([], [])


def test_no_task_ends_the_check_of_the_others(linted: Linted) -> None:
    assert len(linted.found) > 80 and "Ignored exception" not in linted.complaints


@pytest.mark.parametrize("name", MODULES)
def test_the_check_is_that_of_the_ansible_module_that_is_there_by_then(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ansible-lint's own leaves no trace of the options in the log of the machine."""
    action = import_module(f"ansible_collections.linkops.jira.plugins.action.{name}")
    checked: list[Any] = []
    monkeypatch.setattr(basic, "AnsibleModule", lambda spec, **more: checked.extend(spec))
    action.main()
    assert set(VALID[name]) <= set(checked)


@pytest.mark.parametrize("name", MODULES)
def test_a_valid_task_is_not_flagged(name: str, linted: Linted) -> None:
    assert linted.found[f"{name} valid"] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CONNECTED)
def test_the_address_may_stand_anywhere(name: str, way: str, linted: Linted) -> None:
    assert linted.found[f"{name} {way}"] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_misspelt_option_is_found(name: str, linted: Linted) -> None:
    (message,) = linted.found[f"{name} misspelt"]
    assert message.startswith("Unsupported parameters for") and "retris" in message


@pytest.mark.parametrize("name", MODULES)
def test_a_wrong_value_is_found(name: str, linted: Linted) -> None:
    (message,) = linted.found[f"{name} wrong"]
    assert message.startswith(WRONG[name][2])


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_option_is_found(name: str, linted: Linted) -> None:
    assert linted.found[f"{name} missing"] == [MISSING[name][1]]


@pytest.mark.parametrize("name", TEMPLATED)
def test_a_template_may_be_anything(name: str, linted: Linted) -> None:
    assert linted.found[f"{name} templated"] == []


@pytest.mark.parametrize("name", NULL)
def test_a_null_is_an_option_left_out(name: str, linted: Linted) -> None:
    assert linted.found[f"{name} null"] == []


def test_nothing_says_that_the_address_has_to_stand_in_the_task(tree: Path, tmp_path: Path) -> None:
    """An editor that reads the documentation would underline a task without it."""
    names = [f"linkops.jira.{name}" for name in CONNECTED]
    documents = json.loads(Ansible(tmp_path, tree, {})("ansible-doc", "--json", *names).succeeded().stdout)
    assert len(documents) == len(CONNECTED)
    for document in documents.values():
        assert not document["doc"]["options"]["url"].get("required")
