# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No credential is shown at -vvvv: not in the options, nor in a failure, nor anywhere else in the output."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests.integration.harness import Ansible
from tests.unit.local_jira import LocalJira

SECRETS = {  # by kind: the options, the environment, and what must not be seen
    "password": {"username": "demo@example.com", "password": "demo-token"},
    "token": {"token": "demo-pat"},
    "client_secret": {"client_id": "demo-client", "client_secret": "demo-client-secret", "cloud_id": "auto"},
}
GOOD = {"password": "demo-token", "token": "demo-pat", "client_secret": "demo-client-secret"}
BAD = "kGuH7-not-good"
PLAYBOOK = """
    - name: A play
      hosts: localhost
      gather_facts: false
      tasks:
        - name: Good
          linkops.jira.jira_issue_link: &task
            issue: REL-1
            phrase: is blocked by
            linked_issue: APP-7
            oauth_url: "{{ oauth }}/oauth/token"
            gateway_url: "{{ oauth }}/ex/jira"
"""


def hidden(output: str, *secrets: str) -> None:
    for secret in secrets:
        for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")):
            assert form not in output


def options(kind: str, secret: str) -> dict[str, str]:
    return {**SECRETS[kind], kind: secret}


@pytest.mark.parametrize("secret", ["good", BAD], ids=["success", "failure"])
@pytest.mark.parametrize("kind", SECRETS)
def test_nothing_is_shown(
    kind: str, secret: str, cloud: LocalJira, data_center: LocalJira, ansible_at: Callable[[None], Ansible], way: str
) -> None:
    """Once with the options in the task, once with the environment, in one playbook each."""
    site = data_center if kind == "token" else cloud
    secret = GOOD[kind] if secret == "good" else secret
    given = options(kind, secret)
    basic = base64.b64encode(f"{given.get('username')}:{secret}".encode()).decode()
    ansible = ansible_at(None)
    common = {"JIRA_URL": site.url, "LINKOPS_JIRA_IN_PROCESS": way}
    lines = "".join(f"            {name}: {value}\n" for name, value in given.items())
    arguments = ["-vvvv", "-e", f"oauth={site.url}"]
    by_option = ansible.playbook(f"{PLAYBOOK.rstrip()}\n{lines}", *arguments, **common)
    by_environment = ansible.playbook(
        PLAYBOOK, *arguments, **common, **{f"JIRA_{name.upper()}": value for name, value in given.items()}
    )
    for run in (by_option, by_environment):
        assert run.only["failed"] == (secret == BAD), run.only
        hidden(run.output, secret)
        assert basic not in run.output


def test_a_password_in_the_url(on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
    """It is refused, without being repeated."""
    url = cloud.url.replace("://", f"://demo:{BAD}@")
    run = on_cloud.playbook(PLAYBOOK, "-vvvv", "-e", f"oauth={cloud.url}", JIRA_URL=url, LINKOPS_JIRA_IN_PROCESS=way)
    assert "url must not contain credentials" in run.only["msg"]
    hidden(run.output, BAD)


def test_no_log(on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
    task = """
        - name: A link nobody is to know
          linkops.jira.jira_issue_link: {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}
          no_log: true
    """
    run = on_cloud.playbook(task, "-vvvv", "--diff", LINKOPS_JIRA_IN_PROCESS=way).succeeded()
    assert "censored" in run.only
    assert "APP-7 blocks" not in run.output
