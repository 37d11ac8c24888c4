# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions of the files that roles write: those of the file that they replace, or what a variable says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import yaml

from tests.integration.harness import Ansible, Run
from tests.local_jira import LocalJira

LINK = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
FILES = ("report.md", "links.yml", "gate/release_gate.md", "gate/release_gate.html")
ROLES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    # role, entry point, the variable for the mode, and others
    ("issue_links", "main", "report_mode", {"links": [LINK], "report": "report.md"}),
    ("issue_links", "export", "export_mode", {"export_issues": ["REL-1"], "export_file": "links.yml"}),
    ("release_gate", "main", "report_mode", {"issue": "REL-1", "fail": False, "report_dir": "gate"}),
)


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """That of a machine on which others may not read."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def write(ansible: Ansible, *arguments: str, modes: Sequence[Any] = ()) -> Run:
    """Have the roles write all their files, with these modes if there are any: one for each role and entry point."""
    tasks = []
    for number, (role, entry_point, variable, others) in enumerate(ROLES):
        values = {**others, **({variable: modes[number]} if modes else {})}
        tasks.append(
            {
                "name": f"{role} {entry_point}",
                "ansible.builtin.include_role": {"name": f"linkops.jira.{role}", "tasks_from": entry_point},
                "vars": {f"{role}_{name}": value for name, value in values.items()},
            }
        )
    return ansible.playbook(yaml.safe_dump(tasks), *arguments).succeeded()


def modes(ansible: Ansible) -> list[str]:
    return [f"{(ansible.folder / file).stat().st_mode & 0o7777:04o}" for file in FILES]


def test_a_new_file_and_one_that_is_replaced(on_cloud: Ansible, cloud: LocalJira) -> None:
    write(on_cloud)
    assert modes(on_cloud) == ["0640"] * 4
    before = [(on_cloud.folder / file).read_text() for file in FILES]
    for file, mode in zip(FILES, (0o600, 0o664, 0o400, 0o604), strict=True):
        (on_cloud.folder / file).chmod(mode)
    cloud.reset([("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "REL-1")])
    write(on_cloud, "--check")
    for _time in range(2):
        write(on_cloud)
        assert modes(on_cloud) == ["0600", "0664", "0400", "0604"]
    assert not {(on_cloud.folder / file).read_text() for file in FILES} & set(before)


def test_a_variable_sets_it(on_cloud: Ansible) -> None:
    chosen = ["0604"] * 3
    write(on_cloud, modes=chosen)
    assert modes(on_cloud) == ["0604"] * 4
    for file in FILES:
        (on_cloud.folder / file).chmod(0o640)
    write(on_cloud, "--check", modes=chosen)
    assert modes(on_cloud) == ["0640"] * 4
    write(on_cloud, modes=chosen)
    assert modes(on_cloud) == ["0604"] * 4
    assert "changed=0" in write(on_cloud, modes=chosen).stdout


def test_what_a_variable_may_hold(on_cloud: Ansible) -> None:
    """A number is octal, as it is for Ansible's own modules: YAML reads 0604 as one. A blank says nothing."""
    write(on_cloud, modes=[0o604, "u=rw,g=,o=r", 0o604])
    assert modes(on_cloud) == ["0604"] * 4
    write(on_cloud, modes=[None, " ", ""])
    assert modes(on_cloud) == ["0604"] * 4
