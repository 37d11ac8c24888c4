# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipes about plans, undo and the next release run as they stand."""

from __future__ import annotations

import re
import shutil

import yaml

from tests.integration.harness import CHECKOUT, Ansible
from tests.integration.test_documentation import playbooks_of
from tests.local_jira import LocalJira

RELEASE_1 = CHECKOUT / "playbooks/files/release-1.yml"
BLOCKERS = ["APP-12 blocks REL-1", "APP-7 blocks REL-1", "LIB-2 blocks REL-1"]


def arguments_of(page: str) -> list[list[str]]:
    """What follows the name of the playbook in each command of a page."""
    commands = re.findall(r"^\$ ansible-playbook (\S+) ?(.*)$", (CHECKOUT / page).read_text(), re.MULTILINE)
    return [rest.split() for dummy, rest in commands]


def test_plan_and_apply(on_cloud: Ansible, cloud: LocalJira) -> None:
    shutil.copy(RELEASE_1, on_cloud.folder)
    with_the_role, in_a_playbook = playbooks_of("docs/plans.md")
    check, apply = arguments_of("docs/plans.md")
    on_cloud.playbook(with_the_role, *check).succeeded()
    assert cloud.writes() == []
    on_cloud.playbook(with_the_role, *apply).succeeded()
    assert cloud.sentences() == BLOCKERS
    cloud.reset()
    on_cloud.playbook(in_a_playbook).succeeded()
    assert cloud.sentences() == ["APP-7 blocks REL-1", "LIB-2 blocks REL-1"]


def test_the_pipelines_are_yaml() -> None:
    texts = re.findall(r"^```yaml\n(.*?)^```$", (CHECKOUT / "docs/plans.md").read_text(), re.DOTALL | re.MULTILINE)
    pipelines = [yaml.safe_load(text) for text in texts if "hosts:" not in text]
    assert len(pipelines) == 2
    for pipeline in pipelines:
        text = str(pipeline)
        assert "links.yml --check" in text and "issue_links_approved_plan_file=plan.json" in text


def test_undo(on_cloud: Ansible, cloud: LocalJira) -> None:
    old = ("APP-30", "Blocks", "REL-1")
    shutil.copy(RELEASE_1, on_cloud.folder)
    cloud.reset([old])
    with_the_role, in_a_playbook = playbooks_of("docs/undo.md")
    on_cloud.playbook(with_the_role).succeeded()
    assert cloud.sentences() == BLOCKERS
    for rest in arguments_of("docs/undo.md"):
        on_cloud("ansible-playbook", "linkops.jira.links_as_code", *rest, PWD=str(on_cloud.folder)).succeeded()
    assert cloud.links() == [old]
    assert "changed=2" in on_cloud.playbook(in_a_playbook).succeeded().stdout
    assert cloud.links() == [old]


def test_the_next_release(on_cloud: Ansible, cloud: LocalJira) -> None:
    cloud.reset([("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "REL-1"), ("REL-1", "Relates", "OPS-3")])
    cloud.control("POST", "edit", {"key": "LIB-2", "status": "Done"})
    (text,) = playbooks_of("docs/next-release.md")
    on_cloud.playbook(text, "--check", "--diff").succeeded()
    assert cloud.writes() == []
    on_cloud.playbook(text).succeeded()
    assert cloud.sentences() == ["APP-7 blocks REL-2", "LIB-2 blocks REL-1", "REL-1 relates to OPS-3"]
    assert "changed=0" in on_cloud.playbook(text).succeeded().stdout
