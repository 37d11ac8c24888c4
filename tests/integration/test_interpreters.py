# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules on every Python they are for, as far as it is here: another one than Ansible's own, so as a process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scripts.pythons import interpreters
from tests.integration.harness import CHECKOUT, Ansible
from tests.local_jira import LocalJira

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
    assert [each.status for each in run.results] == ["ok", "ok", "failed", *["ok"] * 6]
    made, read, refused, *rest = (each.result for each in run.results)
    assert read["links"] == [made["link"]] and "is blocked by" in refused["msg"]
    assert [each["changed"] for each in rest] == [True, True, True, False, True, False]
    assert data_center.comments() == ["For üsers:\n\nall of them.", "Because."]
    assert data_center.sentences() == ["APP-7 relates to REL-1", "APP-7 relates to REL-2"]


def test_every_module_is_among_the_tasks() -> None:
    assert {f"linkops.jira.{file.stem}" for file in (CHECKOUT / "plugins/modules").glob("jira_*.py")} <= {
        name for task in yaml.safe_load(TASKS) for name in task
    }


def test_a_python_without_requests(tmp_path: Path, on_cloud: Ansible) -> None:
    """It says what is missing, where, and how to get it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    run = on_cloud.playbook(TASKS, "-e", f"ansible_python_interpreter={python}")
    assert run.returncode == 2
    assert "requests" in run.results[0].result["msg"] and str(python) in run.results[0].result["msg"]
