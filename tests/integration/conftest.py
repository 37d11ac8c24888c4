# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's programs, pointed at a sandbox."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.harness import CHECKOUT, WAYS, Ansible
from tests.local_jira import SANDBOX, LocalJira


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which Ansible finds the collection of this checkout."""
    if (CHECKOUT / ".tree/ansible_collections/linkops/jira").exists():
        return CHECKOUT / ".tree"
    made = tmp_path_factory.mktemp("tree")
    (made / "ansible_collections/linkops").mkdir(parents=True)
    (made / "ansible_collections/linkops/jira").symlink_to(CHECKOUT)
    return made


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Each way of running a module in turn, as LINKOPS_JIRA_IN_PROCESS says it."""
    return WAYS[request.param]


@pytest.fixture
def ansible_at(tmp_path: Path, tree: Path) -> Iterator[Callable[[LocalJira | None], Ansible]]:
    """Ansible with the connection to this Jira in its environment, as the demo account; or to none.

    A sandbox that a playbook has started in the test's folder ends with the test.
    """

    def at(site: LocalJira | None) -> Ansible:
        options = site.login() if site else {}
        return Ansible(tmp_path, tree, {f"JIRA_{name.upper()}": value for name, value in options.items()})

    yield at
    for state_file in tmp_path.rglob("state.json"):
        stop = [sys.executable, "-m", "sandbox", "--stop", "--state-file", str(state_file)]
        subprocess.run(stop, cwd=SANDBOX, check=True, timeout=30)


@pytest.fixture
def on_cloud(ansible_at: Callable[[LocalJira], Ansible], cloud: LocalJira) -> Ansible:
    return ansible_at(cloud)
