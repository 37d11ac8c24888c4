# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task behaves as any other in Ansible's hands: in parallel, in the background, tried again, elsewhere."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable

import pytest
import requests

from tests.integration.harness import CHECKOUT, Ansible
from tests.local_jira import LocalJira

HOSTS = [f"host{number:02}" for number in range(1, 21)]
EVERYWHERE = """
    - name: A play
      hosts: all
      connection: local
      gather_facts: false
      vars:
        ansible_python_interpreter: "{{ ansible_playbook_python }}"
      tasks:
        - name: The same link from every host
          linkops.jira.jira_issue_link:
            issue: REL-1
            phrase: is blocked by
            linked_issue: APP-7
"""


SLICE = """
      tasks:
        - name: A quarter of the links of a hub
          linkops.jira.jira_issue_links:
            links: "{{ slices[inventory_hostname] }}"
            retries: 0
"""


def one_link(*keywords: str) -> str:
    """A task that makes a link, with more keywords of a task."""
    task = "- linkops.jira.jira_issue_link: {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}"
    return "\n  ".join([task, *keywords])


@pytest.mark.parametrize(
    ("in_process", "strategy", "deployment"),
    [("true", "linear", "data_center"), ("true", "free", "cloud"), ("false", "linear", "cloud")],
)
def test_twenty_at_once_leave_one_link(
    in_process: str,
    strategy: str,
    deployment: str,
    request: pytest.FixtureRequest,
    ansible_at: Callable[[LocalJira], Ansible],
) -> None:
    site: LocalJira = request.getfixturevalue(deployment)
    arguments = ["-i", ",".join(HOSTS), "--forks", "20"]
    environment = {"LINKOPS_JIRA_IN_PROCESS": in_process, "ANSIBLE_STRATEGY": strategy}
    run = ansible_at(site).playbook(EVERYWHERE, *arguments, **environment).succeeded()
    assert sorted(each.host for each in run.results) == HOSTS
    assert site.sentences() == ["APP-7 blocks REL-1"]
    held = site.state()["links"][0]["id"]
    assert {each.result["link"]["id"] for each in run.results} == {held}


def as_slow_as_jira_cloud(site: LocalJira) -> None:
    for kind, seconds in ({"method": "GET"}, 0.06), ({"path": "bulkfetch|search"}, 0.06), ({"method": "POST"}, 0.2):
        site.fault("slow", seconds=seconds, count=1000, **kind)


@pytest.mark.parametrize("keyword", ["", "throttle: 1"])
def test_twenty_and_a_comment(keyword: str, on_cloud: Ansible, cloud: LocalJira) -> None:
    """Hosts that look at the same moment all send it: one link, and a comment from each that says it has changed it."""
    as_slow_as_jira_cloud(cloud)
    play = f"{EVERYWHERE}            comment: Agreed.\n          {keyword}\n"
    arguments = ["-i", ",".join(HOSTS)]
    planned = on_cloud.playbook(play, *arguments, "--check").succeeded()
    assert all(each.result["changed"] for each in planned.results) and cloud.writes() == []
    run = on_cloud.playbook(play, *arguments).succeeded()
    changed = sum(each.result["changed"] for each in run.results)
    assert cloud.sentences() == ["APP-7 blocks REL-1"]
    assert cloud.comments() == ["Agreed."] * changed
    assert changed == 1 if keyword else changed >= 1
    again = on_cloud.playbook(play, *arguments).succeeded()
    assert not any(each.result["changed"] for each in again.results) and len(cloud.comments()) == changed


def test_the_guide_for_many_hosts(on_cloud: Ansible, cloud: LocalJira) -> None:
    """As it stands there, on hosts that nobody can reach: one of them asks Jira, from here."""
    guide = (CHECKOUT / "docs/awx.md").read_text(encoding="utf-8")
    (play,) = re.findall(r"^```yaml\n(---\n- name: Roll out .*?)^```$", guide, re.DOTALL | re.MULTILINE)
    (on_cloud.folder / "hosts").write_text(
        "[web]\nweb[01:20] ansible_host=127.0.0.1 ansible_port=9\n", encoding="utf-8"
    )
    as_slow_as_jira_cloud(cloud)
    for arguments, changed in (["--check"], 1), ([], 1), ([], 0):
        run = on_cloud.playbook(play, "-i", "hosts", *arguments, ANSIBLE_GATHERING="explicit").succeeded()
        assert [each.result["changed"] for each in run.results] == [bool(changed)]
    assert cloud.sentences() == ["APP-7 blocks REL-1"] and cloud.comments() == ["Found during the rollout."]


def test_four_processes_that_write_to_one_issue_all_succeed(on_cloud: Ansible, cloud: LocalJira) -> None:
    """As slices of a job do. Together they go over its limits, which is waited out, and takes no retry of theirs."""
    cloud.reset(projects=[{"key": "HUB", "count": 101}])
    cloud.settings(limits=True)
    said = [f"HUB-1 blocks HUB-{number}".split() for number in range(2, 102)]
    links = [{"issue": issue, "phrase": phrase, "linked_issue": linked} for issue, phrase, linked in said]
    slices = {host: links[number::4] for number, host in enumerate(HOSTS[:4])}
    arguments = ["-i", ",".join(slices), "--forks", "4", "-e", json.dumps({"slices": slices})]
    play = EVERYWHERE.partition("      tasks:")[0] + SLICE
    run = on_cloud.playbook(play, *arguments)
    results = [each.result for each in run.succeeded().results]
    assert [result["summary"]["created"] for result in results] == [25] * 4 and len(cloud.links()) == 100
    assert any(each["status"] == 429 for each in cloud.control("GET", "requests"))
    assert any("somebody else writes to it, too" in warning for each in results for warning in each.get("warnings", ()))


def test_run_once_and_throttle(on_cloud: Ansible, cloud: LocalJira) -> None:
    arguments = ["-i", ",".join(HOSTS[:3])]
    assert len(on_cloud.playbook(f"{EVERYWHERE.rstrip()}\n          run_once: true\n", *arguments).results) == 1
    assert len(on_cloud.playbook(f"{EVERYWHERE.rstrip()}\n          throttle: 1\n", *arguments).results) == 3
    assert cloud.sentences() == ["APP-7 blocks REL-1"]


class TestKeywords:
    @pytest.mark.parametrize(
        "waiting",
        [
            "jira_issue_link_type_info: {name: Causes}\n  register: types\n  until: types.link_types | length > 0",
            "jira_issue_link: {sentence: REL-1 causes APP-7}\n  register: link\n  until: link is success",
        ],
        ids=["for the type", "for the link"],
    )
    def test_until_a_link_type_is_there(self, on_cloud: Ansible, cloud: LocalJira, way: str, waiting: str) -> None:
        """An administrator, or another job, makes it while this one waits."""
        login, made = cloud.login("admin"), list[int]()

        def make() -> None:
            while not any("issueLinkType" in each for each in cloud.requests()):
                time.sleep(0.02)
            body = {"name": "Causes", "inward": "is caused by", "outward": "causes"}
            url, auth = f"{cloud.url}/rest/api/3/issueLinkType", (login["username"], login["password"])
            made.append(requests.post(url, json=body, auth=auth, timeout=9).status_code)

        thread = threading.Thread(target=make)
        thread.start()
        task = f"- name: Wait\n  linkops.jira.{waiting}\n  retries: 20\n  delay: 0.2\n"
        on_cloud.playbook(task, LINKOPS_JIRA_IN_PROCESS=way).succeeded()
        thread.join()
        assert made == [201]

    def test_until(self, on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
        """The module itself does not try again here; Ansible does."""
        cloud.fault("status", status=503, count=1)
        task = one_link("register: link", "until: link is success", "retries: 2", "delay: 0.1")
        run = on_cloud.playbook(task.replace("APP-7}", "APP-7, retries: 0}"), LINKOPS_JIRA_IN_PROCESS=way).succeeded()
        assert run.only["attempts"] == 2
        assert run.only["changed"]

    def test_failures_in_ansibles_hands(self, on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
        tasks = """
            - name: Ignored
              linkops.jira.jira_issue_link: &missing {issue: REL-1, phrase: is blocked by, linked_issue: APP-999}
              ignore_errors: true
            - name: Not wanted
              linkops.jira.jira_issue_link: {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}
              register: made
              failed_when: made.link.sentence == "APP-7 blocks REL-1"
              ignore_errors: true
            - name: Tried
              block:
                - name: Rescued
                  linkops.jira.jira_issue_link: *missing
              rescue:
                - name: Looked at
                  ansible.builtin.debug: {msg: "{{ ansible_failed_result.status }}"}
        """
        run = on_cloud.playbook(tasks, LINKOPS_JIRA_IN_PROCESS=way).succeeded()
        assert [(each.task, each.status) for each in run.results] == [
            ("Ignored", "failed"),
            ("Not wanted", "failed"),
            ("Rescued", "failed"),
            ("Looked at", "ok"),
        ]
        assert str(run.results[-1].result["msg"]) == "404"
        assert cloud.sentences() == ["APP-7 blocks REL-1"]

    def test_in_the_background(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        run = on_cloud.playbook(one_link("async: 60", "poll: 1")).succeeded()
        assert run.results[-1].result["link"]["sentence"] == "APP-7 blocks REL-1"
        assert cloud.sentences() == ["APP-7 blocks REL-1"]

    def test_timeout(self, on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
        cloud.fault("slow", seconds=3)
        run = on_cloud.playbook(one_link("timeout: 1"), LINKOPS_JIRA_IN_PROCESS=way)
        assert run.returncode == 2
        assert "Timed out" in run.only["msg"] or "in the expected time frame" in run.only["msg"]  # from 2.19 on; before
        assert cloud.sentences() == []

    def test_what_was_written_before_a_timeout_is_told(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        """How many links that is depends on the machine; that all of them would take longer does not."""
        cloud.fault("slow", method="POST", path="/issueLink$", seconds=1, count=99)
        links = [{"issue": f"REL-{n}", "phrase": "blocks", "linked_issue": f"APP-{n}"} for n in range(1, 31)]
        task = {"linkops.jira.jira_issue_links": {"links": links, "concurrency": 1}, "timeout": 12}
        failure = on_cloud.playbook(json.dumps([task])).only
        assert failure["failed"] and "TaskTimeoutError" in failure["msg"]
        made = sorted(entry["sentence"] for entry in failure["links"] if entry["status"] == "created")
        assert made == cloud.sentences() and len(made) < 30
        assert failure["changed"] == bool(made) and failure["summary"]["not_tried"] == 30 - len(made)

    @pytest.mark.parametrize("setting", ["LINKOPS_JIRA_PROGRESS", "LINKOPS_JIRA_IN_PROCESS"])
    def test_settings_are_checked_before_anything_is_written(
        self, setting: str, on_cloud: Ansible, cloud: LocalJira
    ) -> None:
        links = [{"issue": f"REL-{n}", "phrase": "blocks", "linked_issue": f"APP-{n}"} for n in range(1, 6)]
        run = on_cloud.playbook(json.dumps([{"linkops.jira.jira_issue_links": {"links": links}}]), **{setting: "bogus"})
        assert f"{setting} has to be true or false, and is 'bogus'" in run.only["msg"]
        assert cloud.requests() == []

    def test_environment_of_the_task(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        """Connection options from a task's own environment, which only the module can see."""
        login = "environment: {JIRA_USERNAME: admin@example.com, JIRA_PASSWORD: admin-token}"
        on_cloud.playbook(one_link(login)).succeeded()
        assert cloud.accounts() == {"admin"}

    def test_delegated(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        """From a host that cannot be reached, through the controller."""
        play = EVERYWHERE.replace("      connection: local\n", "").rstrip() + "\n          delegate_to: localhost\n"
        assert on_cloud.playbook(play, "-i", "no-such-host.invalid,").succeeded().only["changed"]
        assert cloud.sentences() == ["APP-7 blocks REL-1"]
