# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's own programs as a person runs them, each in a process, with nothing of this person's settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
BIN = Path(os.environ.get("LINKOPS_ANSIBLE_BIN") or Path(sys.executable).parent)
"""Where ansible-playbook and its family are: those of another version of ansible-core, if the variable says so."""
SANDBOX_PYTHON = [] if Path(sys.executable).parent == BIN else ["-e", f"sandbox_python={sys.executable}"]
"""The sandbox needs a package that another ansible-core's environment may not have."""

LONGEST_RUN = 120.0  # seconds
WAYS = {"in the controller": "true", "as a module": "false"}
"""The two ways a module runs, and what LINKOPS_JIRA_IN_PROCESS says to have it so."""

_PLAY = """\
- name: A play
  hosts: localhost
  gather_facts: false
  tasks:
"""


class TaskResult(NamedTuple):
    """What one task returned on one host, as a callback plugin sees it."""

    host: str
    task: str
    status: str
    result: dict[str, Any]


class Run(NamedTuple):
    """A program that has ended."""

    returncode: int
    stdout: str
    stderr: str
    results: list[TaskResult]

    @property
    def output(self) -> str:
        return self.stdout + self.stderr

    @property
    def only(self) -> dict[str, Any]:
        """The result of the only task."""
        assert len(self.results) == 1, self.output
        return self.results[0].result

    def named(self) -> dict[str, TaskResult]:
        """The results by the names of the tasks."""
        return {each.task: each for each in self.results}

    def succeeded(self) -> Run:
        assert self.returncode == 0, self.output
        return self


def written_by_now(path: Path) -> list[dict[str, Any]]:
    """The objects of a file that has one on each line. A process may still be writing the last one: it counts once its
    line has ended.
    """
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


class Ansible:
    """:param folder: home, temporary files, playbooks: everything that is written lies in here.
    :param tree: the folder that holds ansible_collections.
    :param environment: more variables, such as the connection to a Jira.
    """

    def __init__(self, folder: Path, tree: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._results = folder / "results.jsonl"
        (folder / "ansible.cfg").touch()
        self.environment = {
            **{name: os.environ[name] for name in ("TMPDIR", "PATH") if name in os.environ},
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "NO_PROXY": "*",
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
            "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
            "ANSIBLE_ASYNC_DIR": str(folder / "async"),
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(tree),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": "linkops_results",
            "LINKOPS_TEST_RESULTS": str(self._results),
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            **environment,
        }

    def __call__(self, program: str, *arguments: str | Path, **environment: str | None) -> Run:
        """Run a program to its end.

        :param environment: variables for this run; None takes one away.
        """
        changed = {**self.environment, **environment}
        self._results.unlink(missing_ok=True)
        process = subprocess.Popen(
            [BIN / program, *arguments],
            cwd=self.folder,
            env={name: value for name, value in changed.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            stdout, stderr = process.communicate(timeout=LONGEST_RUN)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        return Run(process.returncode, stdout, stderr, self.results())

    def results(self) -> list[TaskResult]:
        """What the tasks of the last run have returned by now."""
        return [TaskResult(**each) for each in written_by_now(self._results)]

    def playbook(self, text: str, *arguments: str | Path, **environment: str | None) -> Run:
        """Run a playbook, or only its tasks on localhost."""
        text = textwrap.dedent(text)
        playbook = self.folder / "playbook.yml"
        tasks_only = "hosts:" not in text
        playbook.write_text(_PLAY + textwrap.indent(text, "    ") if tasks_only else text, encoding="utf-8")
        return self("ansible-playbook", playbook, *arguments, **environment)
