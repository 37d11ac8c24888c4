# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of 300 links with comments that is killed, twenty times in all: running it again ends it, with nothing twice.

Every second run carries out an approved plan, and is run again with that. Eight of the runs are an ansible-playbook,
in whose controller the module runs. The others are a process that calls the own run() of the module, because
that starts faster.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness import BIN, Ansible
from tests.local_jira import LocalJira

COUNT = 300
TIMES = {"module": 6, "playbook": 4}
"""How often a run of each kind is killed on each deployment."""
CYCLE = 0.1  # seconds
"""How long each write takes at the time of the kill, so that some are under way however slow this machine is."""
LONGEST = 60.0  # seconds

MODULE = """
import json, sys
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION, perform
from ansible_collections.linkops.jira.plugins.modules import jira_issue_links as module
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

checked = ArgumentSpecValidator({**CONNECTION, **module.ARGUMENT_SPEC}).validate(json.load(open(sys.argv[1])))
print(json.dumps(perform(module.run, checked.validated_parameters, "--check" in sys.argv)[0]))
"""

Command = list[str | Path]


def declared() -> list[tuple[str, str, str]]:
    """300 links, no more than eight of which have an issue in common."""
    links = []
    for number in range(COUNT):
        turn, place = divmod(number, 40)
        links.append((f"REL-{place + 1}", "Blocks", f"{('APP', 'LIB', 'OPS')[turn % 3]}-{(place + turn) % 40 + 1}"))
    return links


def options(site: LocalJira) -> dict[str, Any]:
    """Every link with a comment of its own."""
    links = [
        {"inward_issue": inward, "link_type": kind, "outward_issue": outward, "comment": f"{inward} for {outward}"}
        for inward, kind, outward in declared()
    ]
    return {**site.login(), "links": links}


def approved(ansible: Ansible, asked: dict[str, Any]) -> dict[str, Any]:
    """The same options, and the changes of a plan for them as the only ones that may be made."""
    command = [*module_command(ansible, asked), "--check"]
    planned = subprocess.run(command, env=ansible.environment, capture_output=True, text=True, check=True)
    return {**asked, "approved_changes": json.loads(planned.stdout)["changes"]}


def module_command(ansible: Ansible, asked: dict[str, Any]) -> Command:
    ansible.environment["PYTHONPATH"] = ansible.environment["ANSIBLE_COLLECTIONS_PATH"]
    file = ansible.folder / "asked.json"
    file.write_text(json.dumps(asked), encoding="utf-8")
    return [sys.executable, "-c", MODULE, file]


def playbook_command(ansible: Ansible, asked: dict[str, Any]) -> Command:
    task = {"name": "Links", "linkops.jira.jira_issue_links": asked}
    playbook = ansible.folder / "links.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    return [BIN / "ansible-playbook", playbook]


COMMANDS: dict[str, Callable[[Ansible, dict[str, Any]], Command]] = {
    "module": module_command,
    "playbook": playbook_command,
}


@contextlib.contextmanager
def started(command: Command, ansible: Ansible) -> Iterator[subprocess.Popen[str]]:
    """The command under way. It has ended at the end, one way or the other."""
    with (ansible.folder / "output").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            cwd=ansible.folder,
            env=ansible.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL for the process and for what it started: Ansible's workers have sessions of their own."""
    if process.poll() is None:
        for pid in family(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.wait()


def family(pid: int) -> list[int]:
    """The process and all its descendants."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in map(str.split, listing.splitlines())}
    found = [pid]
    for each in found:  # which grows on the way
        found += [child for child, parent in parents.items() if parent == each]
    return found


def kill_at(point: int, process: subprocess.Popen[str], site: LocalJira, moment: float) -> None:
    """Kill it when it has sent so many writes, and a moment later."""
    ends = time.monotonic() + LONGEST
    while len(site.writes()) < point and process.poll() is None:
        assert time.monotonic() < ends
        time.sleep(0.002)
    time.sleep(moment)
    kill(process)


def slow_down_after(point: int, site: LocalJira) -> None:
    for seconds, count in ((0.0, point), (CYCLE, COUNT)):
        if count:
            site.fault("slow", method="POST", path="/issueLink$", seconds=seconds, count=count)


def settled(site: LocalJira) -> int:
    """How many links there are once nothing is under way any more."""
    count, before = len(site.links()), -1
    while count != before:
        time.sleep(2 * CYCLE)
        count, before = len(site.links()), count
    return count


def points(kind: str, seed: str) -> Sequence[tuple[int, float]]:
    """Random points, one in each part of the run: after how many writes, and how many seconds later."""
    chance, parts = random.Random(seed), TIMES[kind]
    return [
        (int((part + chance.random()) * (COUNT + 1) / parts), chance.uniform(0.0, 2 * CYCLE)) for part in range(parts)
    ]


def assert_as_declared(site: LocalJira) -> None:
    state = site.state()
    held = [(link["inward"], link["type"], link["outward"]) for link in state["links"]]
    assert sorted(held) == sorted(declared())
    comments = sorted(comment["body"] for comment in state["comments"])
    assert comments == sorted(f"{inward} for {outward}" for inward, _kind, outward in declared())


@pytest.mark.parametrize(("kind", "part"), [(kind, part) for kind, times in TIMES.items() for part in range(times)])
def test_a_run_that_was_killed_is_completed_by_the_next(
    kind: str, part: int, site: LocalJira, ansible_at: Callable[[LocalJira | None], Ansible]
) -> None:
    ansible = ansible_at(None)
    asked = options(site)
    command = COMMANDS[kind](ansible, approved(ansible, asked) if part % 2 else asked)
    point, moment = points(kind, f"{kind} {site.deployment}")[part]
    slow_down_after(point, site)
    with started(command, ansible) as process:
        kill_at(point, process, site, moment)
        killed = process.returncode == -signal.SIGKILL
    made = settled(site)
    assert killed or point + 20 > COUNT, (ansible.folder / "output").read_text(encoding="utf-8")
    assert not killed or made >= min(point, COUNT) - 8
    site.control("DELETE", "faults")
    with started(command, ansible) as process:
        assert process.wait(LONGEST) == 0, (ansible.folder / "output").read_text(encoding="utf-8")
    assert_as_declared(site)


def role_command(ansible: Ansible, **variables: Any) -> Command:
    run = {"name": "linkops.jira.issue_links"}
    task = {"name": "Links", "ansible.builtin.include_role": run, "vars": variables}
    playbook = ansible.folder / "role.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    return [BIN / "ansible-playbook", playbook]


@pytest.mark.parametrize("point", [10, 50], ids=["while it creates", "while it removes"])
def test_a_run_that_was_killed_can_be_undone(
    point: int, cloud: LocalJira, ansible_at: Callable[[LocalJira | None], Ansible]
) -> None:
    """The undo file is there before the first write. It says more than was done, which does no harm."""
    cloud.reset([(f"REL-{number}", "Blocks", f"LIB-{number}") for number in range(1, 41)])
    before, ansible = cloud.sentences(), ansible_at(cloud)
    sentences = [f"REL-{number} blocks APP-{number}" for number in range(1, 41)]
    scope = {"issues": [f"REL-{number}" for number in range(1, 41)], "link_types": ["Blocks"]}
    exact = {"issue_links_state": "exact", "issue_links_scope": scope, "issue_links_max_removals": -1}
    command = role_command(ansible, issue_links_links=sentences, issue_links_undo_file="undo.yml", **exact)
    cloud.fault("slow", method="POST", path="/issueLink$", seconds=CYCLE, count=COUNT)
    cloud.fault("slow", method="DELETE", path="/issueLink/", seconds=CYCLE, count=COUNT)
    with started(command, ansible) as process:
        kill_at(point, process, cloud, 0.0)
        assert process.returncode == -signal.SIGKILL, (ansible.folder / "output").read_text(encoding="utf-8")
    settled(cloud)
    cloud.control("DELETE", "faults")
    assert cloud.sentences() not in (before, sorted(sentences))
    with started(role_command(ansible, issue_links_file="undo.yml"), ansible) as process:
        assert process.wait(LONGEST) == 0, (ansible.folder / "output").read_text(encoding="utf-8")
    assert cloud.sentences() == before
