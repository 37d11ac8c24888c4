# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules on every Python they are for, as far as it is here: another one than Ansible's own, so as a process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from ansible_collections.linkops.jira.plugins.plugin_utils._in_controller import OLDEST_PYTHON

from scripts.pythons import folders, interpreters
from tests.integration.harness import CHECKOUT, Ansible
from tests.local_jira import LocalJira

OLD = ("2.7", "3.6", "3.7", "3.8")
ONE_LINK = "- linkops.jira.jira_issue_link: {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}"
WITHOUT_REQUESTS = """
from importlib.machinery import PathFinder

def without_requests(name, *arguments, find=PathFinder.find_spec):
    return None if name == "requests" else find(name, *arguments)

PathFinder.find_spec = without_requests
"""
DYING = """
import atexit, os, sys
if any("AnsiballZ_jira" in argument for argument in getattr(sys, "orig_argv", [])):
    print("it died")
    sys.stdout.flush()
    os._exit(3)
"""
VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
TASKS = """
    - name: Made
      linkops.jira.jira_issue_link:
        issue: REL-1
        phrase: is blocked by
        linked_issue: APP-7
        comment: "For \\u00fcsers:\\n\\nall of them."
    - name: Read
      linkops.jira.jira_issue_link_info: {issues: [REL-1]}
    - name: Refused
      linkops.jira.jira_issue_link: {issue: REL-1, phrase: is blockd by, linked_issue: APP-7}
      ignore_errors: true
    - name: A set
      linkops.jira.jira_issue_links:
        state: exact
        scope: {issues: [REL-2]}
        acyclic: [Blocks]
        links: [{issue: REL-2, phrase: is blocked by, linked_issue: APP-7, comment: Because.}]
    - name: Remote links
      linkops.jira.jira_remote_links:
        issue: REL-1
        links: [{remote_url: https://ci.example.com/1, title: Build 1}]
    - name: A remote link
      linkops.jira.jira_remote_link: {issue: REL-1, remote_url: https://ci.example.com/2, title: Build 2}
    - name: Read remote links
      linkops.jira.jira_remote_link_info: {issues: [REL-1]}
    - name: Move the links of a type
      linkops.jira.jira_issue_link_type: {name: Blocks, state: absent, move_links_to: Relates}
    - name: The site
      linkops.jira.jira_site_info:
    - name: Read link types
      linkops.jira.jira_issue_link_type_info:
"""


@pytest.fixture
def python(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The Python of a virtual environment that has requests."""
    version: str = request.param
    base = next(interpreters(version), None)
    if base is None:
        pytest.skip(f"there is no Python {version} here")
    made = tmp_path / "venv"
    subprocess.run([base, "-m", "venv", "--without-pip", made], check=True)
    packages = made / f"lib/python{version}/site-packages"
    command = f"{base} -m pip install --quiet --disable-pip-version-check --target {packages} requests".split()
    installed = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if installed.returncode != 0:
        pytest.skip(f"requests cannot be installed for Python {version}: {installed.stderr.strip()[-200:]}")
    return made / "bin/python"


@pytest.mark.parametrize("python", VERSIONS, indirect=True)
def test_python(python: Path, data_center: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> None:
    choice = ("-e", f"ansible_python_interpreter={python}", "-vvv")
    run = ansible_at(data_center).playbook(TASKS, *choice, JIRA_TOKEN=data_center.login("admin")["token"]).succeeded()
    assert f"{python} " in run.stdout, "the module ran elsewhere"
    assert [each.status for each in run.results] == ["ok", "ok", "failed", *["ok"] * 7]
    made, read, refused, *rest = (each.result for each in run.results)
    assert read["links"] == [made["link"]] and "is blocked by" in refused["msg"]
    assert [each["changed"] for each in rest] == [True, True, True, False, True, False, False]
    assert data_center.comments() == ["For üsers:\n\nall of them.", "Because."]
    assert data_center.sentences() == ["APP-7 relates to REL-1", "APP-7 relates to REL-2"]


def test_every_module_is_among_the_tasks() -> None:
    assert {f"linkops.jira.{file.stem}" for file in (CHECKOUT / "plugins/modules").glob("jira_*.py")} <= {
        name for task in yaml.safe_load(TASKS) for name in task
    }


def test_a_python_without_requests(tmp_path: Path, on_cloud: Ansible) -> None:
    """It says what is missing, where, how to get it, and how to do without it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    run = on_cloud.playbook(TASKS, "-e", f"ansible_python_interpreter={python}")
    assert run.returncode == 2
    message = run.results[0].result["msg"]
    assert f"Install it there: {python} -m pip install requests." in message
    assert "delegate_to: localhost, and run_once: true" in message


def test_a_lookup_without_requests(on_cloud: Ansible, cloud: LocalJira) -> None:
    """It runs in Ansible's own Python, which is the one that is named."""
    (on_cloud.folder / "sitecustomize.py").write_text(WITHOUT_REQUESTS, encoding="utf-8")
    task = """- ansible.builtin.debug: {msg: "{{ query('linkops.jira.jira_issue_links', 'REL-1') }}"}"""
    run = on_cloud.playbook(task, PYTHONPATH=str(on_cloud.folder))
    assert run.returncode == 2 and re.search(r"Install it there: \S+ -m pip install requests\.", run.only["msg"])
    assert cloud.requests() == []


@pytest.mark.parametrize("version", OLD)
def test_an_old_python(version: str, on_cloud: Ansible, cloud: LocalJira) -> None:
    """It is told so: by this collection, or before that by an ansible-core that does not take that Python either."""
    python = next((file for folder in folders() for file in [Path(folder) / f"python{version}"] if runs(file)), None)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    for arguments in ((), ("--check",)):
        run = on_cloud.playbook(ONE_LINK, "-e", f"ansible_python_interpreter={python}", *arguments)
        assert run.returncode == 2 and "Traceback" not in run.output
        message = run.only["msg"]
        assert f"{version}." in message and re.search(r"3\.9 or newer|minimum of Python", message)
        if "The module ran with" in message:
            assert all(
                words in message for words in (str(python), "ansible_python_interpreter", "delegate_to: localhost")
            )
        assert not run.only.keys() & {"module_stdout", "module_stderr", "rc"}
    assert cloud.requests() == []


def runs(python: Path) -> bool:
    """Whether it is a Python and not one of pyenv's shims for a version that is not in use."""
    return python.exists() and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def test_a_module_that_dies_on_a_python_that_is_new_enough(on_cloud: Ansible, cloud: LocalJira) -> None:
    """Ansible's own report of it stays as it is."""
    (on_cloud.folder / "sitecustomize.py").write_text(DYING, encoding="utf-8")
    run = on_cloud.playbook(ONE_LINK, PYTHONPATH=str(on_cloud.folder), LINKOPS_JIRA_IN_PROCESS="false")
    assert run.returncode == 2 and "The module ran with" not in run.output
    assert "it died" in run.only["module_stdout"] + run.only["module_stderr"]


def test_the_oldest_python_is_the_same_everywhere(on_cloud: Ansible) -> None:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    assert yaml.safe_load((CHECKOUT / "tests/config.yml").read_text())["modules"]["python_requires"] == f">={oldest}"
    assert VERSIONS[0] == oldest and f"| Python for modules | {oldest} to" in (CHECKOUT / "README.md").read_text()
    modules = [f"linkops.jira.{file.stem}" for file in (CHECKOUT / "plugins/modules").glob("jira_*.py")]
    documents = json.loads(on_cloud("ansible-doc", "--json", *modules).succeeded().stdout)
    assert {name: document["doc"]["requirements"] for name, document in documents.items()} == {
        name: [f"python >= {oldest}", "requests"] for name in modules
    }
