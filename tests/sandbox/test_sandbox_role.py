# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role, through ansible-playbook: start, again, check mode, stop."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.local_jira import CHECKOUT, SANDBOX

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  roles:
    - role: linkops.jira.sandbox
  tasks:
    - name: Show the facts
      ansible.builtin.debug:
        msg: "url={{ sandbox_url }} pid={{ sandbox_pid }}"
"""


class Role:
    """Runs the role with a folder of its own; `facts` are those of the last run."""

    def __init__(self, folder: Path) -> None:
        collections = folder / "tree" / "ansible_collections" / "linkops"
        collections.mkdir(parents=True)
        (collections / "jira").symlink_to(CHECKOUT)
        self.playbook = folder / "play.yml"
        self.playbook.write_text(PLAYBOOK, encoding="utf-8")
        self.folder = folder / "sandbox"
        self.facts: dict[str, str] = {}
        ours = {"ANSIBLE_COLLECTIONS_PATH": str(folder / "tree"), "ANSIBLE_HOME": str(folder / "home")}
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        self._environment.update(ours, HOME=str(folder))

    def __call__(self, *arguments: str, ok: bool = True, **variables: Any) -> str:
        """Run it and return the output."""
        variables = {"sandbox_dir": str(self.folder), **variables}
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local"]
        done = subprocess.run(
            [*command, str(self.playbook), "-e", json.dumps(variables), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode == 0) is ok, done.stdout + done.stderr
        shown = re.search(r'"url=(\S*) pid=(\d*)"', done.stdout)
        self.facts = {"url": shown[1], "pid": shown[2]} if shown else {}
        return done.stdout

    def changed(self, *arguments: str, **variables: Any) -> bool:
        return "changed=1 " in self(*arguments, **variables)


@pytest.fixture
def role(tmp_path: Path) -> Iterator[Role]:
    made = Role(tmp_path)
    yield made
    stop = [sys.executable, "-m", "sandbox", "--stop", "--state-file", str(made.folder / "state.json")]
    subprocess.run(stop, cwd=SANDBOX, check=True, timeout=30)


def answers(url: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        info: dict[str, Any] = session.get(f"{url}/rest/api/2/serverInfo", timeout=5).json()
        return info


def test_check_start_again_stop(role: Role) -> None:
    assert role.changed("--check") and role.facts == {"url": "", "pid": ""}
    assert role.changed()
    first = role.facts
    assert answers(first["url"])["deploymentType"] == "Cloud"
    assert not role.changed() and role.facts == first
    assert not role.changed("--check") and role.facts == first
    assert role.changed("--check", sandbox_state="stopped") and answers(first["url"])
    assert role.changed(sandbox_state="stopped") and role.facts == {"url": "", "pid": ""}
    with pytest.raises(requests.ConnectionError):
        answers(first["url"])
    assert not role.changed(sandbox_state="stopped")
    assert "Sandbox Jira (cloud)" in (role.folder / "sandbox.log").read_text(encoding="utf-8")


def test_other_options_replace_it(role: Role, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"title": "Mine", "projects": [{"key": "A", "count": 1}]}), encoding="utf-8")
    options = {"sandbox_deployment": "data_center", "sandbox_seed": str(seed), "sandbox_limits": True}
    assert role.changed()
    first = role.facts
    assert role.changed(**options)
    info = answers(role.facts["url"])
    assert (info["deploymentType"], info["serverTitle"]) == ("Server", "Mine")
    assert role.facts["pid"] != first["pid"]
    assert not role.changed(**options)


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o700)
    return str(path)


def test_failures_say_why(role: Role, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    assert "is not JSON" in role(sandbox_seed=str(bad), ok=False)
    without_aiohttp = script(tmp_path / "python", f'exec "{sys.executable}" -S "$@"')
    output = role(sandbox_python=without_aiohttp, ok=False)
    assert "aiohttp is missing; try: " in output and "-m pip install -r" in output


@pytest.mark.parametrize(
    ("python", "reason"),
    [
        ("/does/not/exist", "/does/not/exist: No such file or directory"),
        ("/etc", "/etc: Permission denied"),
        ("true", "this is no Python that can run the sandbox"),
        ("echo hello", "this is no Python that can run the sandbox"),
        ("echo no library >&2; exit 127", "no library"),
    ],
)
def test_a_command_that_cannot_run_says_why(role: Role, tmp_path: Path, python: str, reason: str) -> None:
    path = python if python.startswith("/") else script(tmp_path / "python", python)
    assert f'{reason}"' in role(sandbox_python=path, ok=False)


@pytest.mark.parametrize(
    ("python", "reason"),
    [
        ("echo python3.13: command not found >&2; exit 127", "python3.13: command not found"),
        ("exit 1", "(deserialization|MODULE FAILURE)"),
    ],
)
def test_ansible_that_cannot_run_the_command_says_why(role: Role, tmp_path: Path, python: str, reason: str) -> None:
    output = role(ansible_python_interpreter=script(tmp_path / "python", python), ok=False)
    assert re.search(f"Ansible cannot run a module on this host; see ansible_python_interpreter[.] .*{reason}", output)
