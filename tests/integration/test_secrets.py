# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No credential is shown at -vvvv: not in the options, nor in a failure, nor anywhere else in the output."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests.integration.harness import Ansible
from tests.local_jira import LocalJira

LOGINS: dict[str, dict[str, str]] = {  # by the option that is secret
    "password": {"username": "demo@example.com", "password": "demo-token"},
    "token": {"token": "demo-pat"},
    "client_secret": {"client_id": "demo-client", "client_secret": "demo-client-secret", "cloud_id": "auto"},
}
BAD = "kGuH7-not-good"
TASKS = """
    - name: With the connection from the environment
      linkops.jira.jira_issue_link: &link
        issue: REL-1
        phrase: is blocked by
        linked_issue: APP-7
        oauth_url: "{{ site }}/oauth/token"
        gateway_url: "{{ site }}/ex/jira"
      ignore_errors: true
"""
WITH_OPTIONS = """
    - name: With the connection in options
      linkops.jira.jira_issue_link:
        <<: *link
"""


def hidden(output: str, *secrets: str) -> None:
    for secret in secrets:
        for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")):
            assert form not in output


@pytest.mark.parametrize("good", [True, False], ids=["success", "failure"])
@pytest.mark.parametrize("secret", LOGINS)
def test_nothing_is_shown(
    secret: str, good: bool, cloud: LocalJira, data_center: LocalJira, ansible_at: Callable[[None], Ansible], way: str
) -> None:
    site = data_center if secret == "token" else cloud
    login = LOGINS[secret] if good else {**LOGINS[secret], secret: BAD}
    options = "".join(f"        {name}: {value}\n" for name, value in login.items())
    environment = {f"JIRA_{name.upper()}": value for name, value in {**login, "url": site.url}.items()}
    run = ansible_at(None).playbook(
        f"{TASKS}{WITH_OPTIONS.rstrip()}\n{options}      ignore_errors: true\n",
        *("-vvvv", "-e", f"site={site.url}"),
        **{**environment, "LINKOPS_JIRA_IN_PROCESS": way},
    )
    assert [each.result["failed"] for each in run.succeeded().results] == [not good, not good]
    hidden(run.output, login[secret], f"{login.get('username')}:{login[secret]}")


def test_a_password_in_the_url(on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
    """It is refused, without being repeated."""
    url = cloud.url.replace("://", f"://demo:{BAD}@")
    run = on_cloud.playbook(TASKS, "-vvvv", "-e", f"site={cloud.url}", JIRA_URL=url, LINKOPS_JIRA_IN_PROCESS=way)
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
