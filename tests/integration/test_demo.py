# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: from the checkout, from the built collection, and on a Jira that is already there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.harness import CHECKOUT, SANDBOX_PYTHON, Ansible, Run
from tests.local_jira import LocalJira

SENTENCES = (
    "+APP-7 blocks REL-1",
    "-REL-1 blocks APP-12",
    "+APP-12 blocks REL-1",
    "-LIB-2 blocks REL-1",
)
ISSUES = ("-e", "demo_release=REL-5", "-e", "demo_blockers=APP-5,LIB-5", "-e", "demo_inverted=APP-6")


def sandboxes_of(ansible: Ansible) -> list[str]:
    """Command lines of the processes that know the test's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(ansible.folder) in command and process.name != str(os.getpid()):
            found.append(command.replace("\0", " "))
    return found


def shown_and_gone(run: Run, ansible: Ansible) -> None:
    run.succeeded()
    for sentence in SENTENCES:
        assert sentence in run.stdout, run.stdout
    assert "failed=0" in run.stdout
    assert list(ansible.folder.rglob("sandbox.log")), "the sandbox keeps its log"
    assert not sandboxes_of(ansible)


def test_from_the_checkout(ansible_at: Callable[[None], Ansible]) -> None:
    ansible = ansible_at(None)
    shown_and_gone(ansible("ansible-playbook", CHECKOUT / "playbooks/demo.yml", *SANDBOX_PYTHON), ansible)


def test_from_the_built_collection(tmp_path: Path, ansible_at: Callable[[None], Ansible]) -> None:
    """Nothing but what the tarball holds."""
    ansible, tree = ansible_at(None), tmp_path / "installed"
    ansible.environment["ANSIBLE_COLLECTIONS_PATH"] = str(tree)
    ansible("ansible-galaxy", "collection", "build", CHECKOUT, "--output-path", tmp_path / "dist").succeeded()
    (tarball,) = (tmp_path / "dist").glob("linkops-jira-*.tar.gz")
    ansible("ansible-galaxy", "collection", "install", "--offline", "-p", tree, tarball).succeeded()
    shown_and_gone(ansible("ansible-playbook", "linkops.jira.demo", *SANDBOX_PYTHON), ansible)
    installed = {entry.name for entry in (tree / "ansible_collections/linkops/jira").iterdir()}
    assert {"README.md", "COPYING", "docs", "meta", "playbooks", "plugins", "roles"} <= installed
    assert not {".cache", ".git", ".tree", ".venv", "dist", "tests"} & installed


def test_from_the_parts_that_ansible_itself_knows(tmp_path: Path, ansible_at: Callable[[None], Ansible]) -> None:
    """No role reaches outside itself, nor does anything else need more than these folders."""
    ansible, tree = ansible_at(None), tmp_path / "installed"
    ansible.environment["ANSIBLE_COLLECTIONS_PATH"] = str(tree)
    for part in ("meta", "plugins", "roles", "playbooks"):
        target = tree / "ansible_collections/linkops/jira" / part
        shutil.copytree(CHECKOUT / part, target, ignore=shutil.ignore_patterns("__pycache__"))
    shown_and_gone(ansible("ansible-playbook", "linkops.jira.demo", *SANDBOX_PYTHON), ansible)


class TestOnAJira:
    """JIRA_URL names one, here a sandbox that the demo did not start."""

    @pytest.fixture
    def ansible(self, site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Ansible:
        return ansible_at(site)

    def test_it_asks_for_issues_first(self, ansible: Ansible, site: LocalJira) -> None:
        run = ansible("ansible-playbook", "linkops.jira.demo")
        assert run.returncode == 2
        assert site.url in run.stdout and "demo_release" in run.stdout
        assert site.requests() == []

    def test_it_says_so_and_leaves_nothing(self, ansible: Ansible, site: LocalJira) -> None:
        run = ansible("ansible-playbook", "linkops.jira.demo", *ISSUES).succeeded()
        assert site.url in run.stdout
        assert "+APP-5 blocks REL-5" in run.stdout
        assert site.sentences() == []
        assert len(site.writes()) > 4
        assert not sandboxes_of(ansible)

    @pytest.mark.parametrize("release", ["REL-5", "rel-5"])
    def test_links_that_were_there_stay(self, ansible: Ansible, site: LocalJira, release: str) -> None:
        site.reset([("APP-30", "Blocks", "REL-5")])
        run = ansible("ansible-playbook", "linkops.jira.demo", *ISSUES, "-e", f"demo_release={release}")
        assert run.returncode == 2 and "has links already" in run.output
        assert site.sentences() == ["APP-30 blocks REL-5"]
        assert site.writes() == []

    @pytest.mark.parametrize("done", [0, 1, 2, 3])
    def test_what_it_made_is_removed_after_a_failure(self, ansible: Ansible, site: LocalJira, done: int) -> None:
        """Jira creates some links, and refuses the next one."""
        for _each in range(done):
            site.fault("slow", method="POST", path="/issueLink$", seconds=0)
        site.fault("status", method="POST", path="/issueLink$", status=400)
        assert ansible("ansible-playbook", "linkops.jira.demo", *ISSUES).returncode == 2
        assert site.sentences() == []
        assert len(site.writes()) >= 2 * done


def test_the_api_token_may_have_a_variable_of_its_own(on_cloud: Ansible, cloud: LocalJira) -> None:
    on_cloud.environment["JIRA_API_TOKEN"] = on_cloud.environment.pop("JIRA_PASSWORD")
    on_cloud("ansible-playbook", "linkops.jira.demo", *ISSUES).succeeded()
    assert cloud.accounts() == {"demo"}
