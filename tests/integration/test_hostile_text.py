# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that comes from Jira is only text: never a template, never an order to the terminal."""

from __future__ import annotations

from typing import Any

from tests.integration.harness import Ansible
from tests.local_jira import LocalJira

HOSTILE = "{{ 1/0 }}{% for x in y %}<script>alert(1)</script>\x1b[2J\x1b]0;title\x07{{ lookup('env', 'HOME') }}"
SEED: dict[str, Any] = {
    "link_types": [
        {"name": f"Blocks{HOSTILE}", "inward": f"is blocked by{HOSTILE}", "outward": f"blocks{HOSTILE}"},
        {"name": "Relates", "inward": "relates to", "outward": "relates to"},
    ],
    "projects": [{"key": "REL", "issues": [{"summary": HOSTILE}]}, {"key": "APP", "count": 7}],
}
TASKS = """
    - name: Made
      linkops.jira.jira_issue_link: {link_type: "10000", inward_issue: APP-7, outward_issue: REL-1}
      register: made
      diff: true
    - name: Read
      linkops.jira.jira_issue_link_info: {issues: [REL-1]}
      register: read
    - name: Shown
      ansible.builtin.debug:
        msg: ["{{ made.link.sentence }}", "{{ read.links[0].sentence }}", "{{ read.issues['REL-1'].summary }}"]
    - name: A phrase that no type has
      linkops.jira.jira_issue_link: {issue: APP-7, phrase: "\\e[2J is blockd by", linked_issue: REL-1}
      ignore_errors: true
    - name: A type that the site does not have
      linkops.jira.jira_issue_link: {link_type: "Block\\e[2J", inward_issue: APP-7, outward_issue: REL-1}
      ignore_errors: true
    - name: Gone
      linkops.jira.jira_issue_link: {link_id: "{{ made.link.id }}", state: absent}
      diff: true
"""


def test_it_stays_text(on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
    cloud.reset(**SEED)
    run = on_cloud.playbook(TASKS, LINKOPS_JIRA_IN_PROCESS=way).succeeded()
    results = run.named()
    assert "{{ 1/0 }}{% for x in y %}<script>" in results["Made"].result["link"]["sentence"]
    assert results["Read"].result["issues"]["REL-1"]["summary"].startswith("{{ 1/0 }}")
    assert all("{{ 1/0 }}" in text for text in results["Shown"].result["msg"])
    for name in ("A phrase that no type has", "A type that the site does not have"):
        assert "{{ 1/0 }}" in results[name].result["msg"]
    assert "\x1b" not in run.output
    assert "\x07" not in run.output


def test_an_error_page_stays_text(on_cloud: Ansible, cloud: LocalJira, way: str) -> None:
    cloud.fault("status", status=403, body=f"<title>{HOSTILE}</title>", content_type="html", count=9)
    run = on_cloud.playbook("- linkops.jira.jira_issue_link_info: {issues: [REL-1]}", LINKOPS_JIRA_IN_PROCESS=way)
    assert "{{ 1/0 }}" in run.only["msg"]
    assert "\x1b" not in run.output + run.only["msg"]
