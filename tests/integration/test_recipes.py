# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipes about plans, undo and the next release run as they stand."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable

import pytest
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


def test_many_releases(on_cloud: Ansible, cloud: LocalJira) -> None:
    """The second file has fewer links and another state than the first, and nothing of the first stays in its plan."""
    folder = on_cloud.folder / "releases"
    folder.mkdir()
    shutil.copy(RELEASE_1, folder / "release-1.yml")
    (folder / "release-2.yml").write_text("links:\n  - REL-2 is blocked by APP-8\n")
    (text,) = (text for text in playbooks_of("docs/links-as-code.md") if "loop_var" in text)
    on_cloud.playbook(text, "--check").succeeded()
    assert cloud.writes() == []
    on_cloud.playbook(text).succeeded()
    assert cloud.sentences() == sorted([*BLOCKERS, "APP-8 blocks REL-2"])
    assert "APP-8" in (on_cloud.folder / "release-2-report.md").read_text(encoding="utf-8")
    assert "changed=0" in on_cloud.playbook(text).succeeded().stdout
    (folder / "release-1.yml").write_text("links: [REL-1 is blocked by NO-1]\n")
    assert on_cloud.playbook(text).returncode == 2
    assert cloud.sentences() == sorted([*BLOCKERS, "APP-8 blocks REL-2"])


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
    text = playbooks_of("docs/next-release.md")[0]
    on_cloud.playbook(text, "--check", "--diff").succeeded()
    assert cloud.writes() == []
    shown = on_cloud.playbook(text, "--diff").succeeded().stdout.splitlines()
    assert cloud.sentences() == ["APP-7 blocks REL-2", "LIB-2 blocks REL-1", "REL-1 relates to OPS-3"]
    page = (CHECKOUT / "docs/next-release.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"^\$ .*?^```$", page, re.DOTALL | re.MULTILINE)
    for line in told.splitlines()[2:-1]:
        assert any(each.startswith(line) for each in shown), line
    assert "changed=0" in on_cloud.playbook(text).succeeded().stdout


def test_a_copy_of_all_links(on_cloud: Ansible, cloud: LocalJira) -> None:
    """Also to an issue whose key begins like that of the release; but not what links the two releases."""
    old = [
        ("APP-7", "Blocks", "REL-1"),
        ("REL-1", "Relates", "OPS-3"),
        ("REL-1", "Duplicate", "REL-12"),
        ("REL-2", "Cloners", "REL-1"),
    ]
    cloud.reset(old)
    text = playbooks_of("docs/next-release.md")[1]
    on_cloud.playbook(text, "--check").succeeded()
    assert cloud.writes() == []
    on_cloud.playbook(text).succeeded()
    new = [("APP-7", "Blocks", "REL-2"), ("REL-2", "Relates", "OPS-3"), ("REL-2", "Duplicate", "REL-12")]
    assert sorted(cloud.links()) == sorted([*old, *new])
    assert cloud.comments() == ["Copied from REL-1."] * 3
    assert "changed=0" in on_cloud.playbook(text).succeeded().stdout
    assert len(cloud.comments()) == 3


@pytest.mark.parametrize("deployment", ["cloud", "data_center"])
def test_remote_links_as_other_tools_make_them(
    deployment: str, request: pytest.FixtureRequest, ansible_at: Callable[[LocalJira], Ansible]
) -> None:
    """What Confluence has made is found again; a web link without a global id is adopted; the rest is made."""
    site: LocalJira = request.getfixturevalue(deployment)
    make, say = playbooks_of("docs/remote-links.md")
    page = "appId=11111111-2222-3333-4444-555555555555&pageId=123456"
    request_url = "https://github.com/example/shop/pull/512"
    there = [
        {"issue": "REL-1", "globalId": page, "object": {"url": "https://example.com/old", "title": "Page"}},
        {"issue": "REL-1", "object": {"url": request_url, "title": "Pull request"}},
    ]
    site.reset(remote_links=there)
    ansible = ansible_at(site)
    ansible.playbook(make, "--check").succeeded()
    assert site.writes() == []
    ansible.playbook(make).succeeded()
    assert "changed=0" in ansible.playbook(make).succeeded().stdout
    (said,) = (each.result["msg"] for each in ansible.playbook(say).succeeded().results if "msg" in each.result)
    assert sorted(said) == sorted([page, "appId=66666666-7777-8888-9999-000000000000&issueId=10342", request_url])


def test_two_jiras_in_one_play(on_cloud: Ansible, cloud: LocalJira, data_center: LocalJira) -> None:
    (text,) = (text for text in playbooks_of("docs/authentication.md") if "A release that two Jiras know" in text)
    (on_cloud.folder / "vault.yml").write_text("jira_api_token: demo-token\njira_token: demo-pat\n")
    text = text.replace("you@example.com", "demo@example.com")
    text = text.replace("https://example.atlassian.net", cloud.url).replace(
        "https://jira.example.com/jira", data_center.url
    )
    on_cloud.playbook(text).succeeded()
    assert (cloud.sentences(), data_center.sentences()) == (["APP-7 blocks REL-1"], ["LIB-2 blocks OPS-3"])
    assert "changed=0" in on_cloud.playbook(text).succeeded().stdout


RECIPES = ("next-release", "remote-links", "authentication", "parents-and-epics", "release-gate", "plans", "undo")


@pytest.mark.parametrize("page", RECIPES)
def test_a_recipe_is_reached_from_the_readme(page: str) -> None:
    assert f"](docs/{page}.md)" in (CHECKOUT / "README.md").read_text(encoding="utf-8")


REPORTS_OF_ANOTHER_SITE = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/linkops.jira.jira: LOGIN
  tasks:
    - ansible.builtin.include_role: {name: linkops.jira.issue_links}
      vars: {issue_links_links: [REL-1 is blocked by APP-7], issue_links_report: links.md}
    - ansible.builtin.include_role: {name: linkops.jira.release_gate}
      vars: {release_gate_issue: REL-1, release_gate_report_dir: gate, release_gate_fail: false}
"""


def test_reports_lead_to_the_jira_that_they_are_about(
    on_cloud: Ansible, cloud: LocalJira, data_center: LocalJira
) -> None:
    """And not to the one that the environment names."""
    on_cloud.playbook(REPORTS_OF_ANOTHER_SITE.replace("LOGIN", json.dumps(data_center.login()))).succeeded()
    for report in ("links.md", "gate/release_gate.md", "gate/release_gate.html"):
        text = (on_cloud.folder / report).read_text()
        assert f"{data_center.url}/browse/APP-7" in text and cloud.url not in text


def test_a_jira_whose_address_is_none_gets_no_links(on_cloud: Ansible, cloud: LocalJira) -> None:
    body = {"baseUrl": "javascript:alert(1)//", "version": "1001.0.0", "deploymentType": "Cloud"}
    cloud.fault("status", path="/serverInfo$", status=200, body=body, count=99)
    on_cloud.playbook(REPORTS_OF_ANOTHER_SITE.replace("LOGIN", json.dumps(cloud.login()))).succeeded()
    for report in ("links.md", "gate/release_gate.md", "gate/release_gate.html"):
        text = (on_cloud.folder / report).read_text()
        assert "APP-7" in text and "javascript" not in text and "/browse/" not in text
