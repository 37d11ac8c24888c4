# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role issue_links with a query in its file: planned, approved, applied, and told of in reports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tests.integration.harness import Ansible
from tests.integration.test_role_issue_links import role, write
from tests.integration.test_role_plans import wrong
from tests.local_jira import CHECKOUT, LocalJira

GUIDE = (CHECKOUT / "docs/links-as-code.md").read_text(encoding="utf-8")
FILE = re.findall(r"`version-2.4.yml`:\n\n```yaml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)[0]
FOUND = ["APP-12 blocks REL-1", "APP-7 blocks REL-1", "LIB-2 blocks REL-1", "OPS-3 blocks REL-1"]
PLANNED = {"file": "version-2.4.yml", "plan_file": "plan.json", "plan_report": "plan.md"}
APPROVED = {
    "file": "version-2.4.yml",
    "approved_plan_file": "plan.json",
    "undo_file": "undo.yml",
    "report": "report.md",
}


@pytest.fixture
def ansible(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Ansible:
    site.reset([("APP-30", "Blocks", "REL-1")])
    return ansible_at(site)


def test_a_query_in_a_file_is_planned_approved_applied_and_undone(ansible: Ansible, site: LocalJira) -> None:
    write(ansible, "version-2.4.yml", FILE)
    role(ansible, "--check", **PLANNED).succeeded()
    assert site.writes() == []
    changes = json.loads((ansible.folder / "plan.json").read_text())["changes"]
    assert [each["sentence"] for each in changes] == [*FOUND, "APP-30 blocks REL-1"]
    role(ansible, **APPROVED).succeeded()
    assert site.sentences() == FOUND
    for page in ("plan.md", "report.md"):
        text = (ansible.folder / page).read_text()
        said = r"- version-2\.4\.yml line 6: fixVersion = 2\.4, asked at [0-9T:+-]+\. It stands for \[APP-12\]"
        assert re.search(said, text), text
    role(ansible, file="undo.yml").succeeded()
    assert site.sentences() == ["APP-30 blocks REL-1"]


def test_a_plan_that_no_longer_fits_names_the_query(ansible: Ansible, site: LocalJira) -> None:
    write(ansible, "version-2.4.yml", FILE)
    role(ansible, "--check", **PLANNED).succeeded()
    site.control("POST", "edit", {"key": "APP-1", "fix_versions": ["2.4"]})
    for arguments in (["--check"], []):
        message = wrong(role(ansible, *arguments, **APPROVED))
        assert "create 'APP-1 blocks REL-1'" in message
        assert "these queries find: version-2.4.yml line 6 (fixVersion = 2.4)" in message
    assert site.writes() == []


def test_a_query_from_a_spreadsheet(ansible: Ansible, site: LocalJira) -> None:
    write(ansible, "links.csv", "issue,phrase,linked_jql\nREL-1,is blocked by,fixVersion = 2.4\n")
    role(ansible, file="links.csv").succeeded()
    assert site.sentences() == sorted([*FOUND, "APP-30 blocks REL-1"])


def test_a_search_that_is_behind_is_told_in_the_reports_too(ansible: Ansible, site: LocalJira) -> None:
    """The terminal of a pipeline may not show warnings."""
    site.reset([("LIB-2", "Blocks", "REL-1")])
    site.settings(not_indexed=["LIB-2"])
    write(ansible, "version-2.4.yml", FILE)
    role(ansible, "--check", **PLANNED).succeeded()
    role(ansible, file="version-2.4.yml", report="report.md").succeeded()
    assert "LIB-2 blocks REL-1" in site.sentences()
    for page in ("plan.md", "report.md"):
        text = (ansible.folder / page).read_text()
        assert "## Warnings" in text and "The search is behind on LIB-2, so what links to it stays." in text, text
