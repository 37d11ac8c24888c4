# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module as Ansible runs it: main() and its JSON on standard output; results are what the documentation says."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args
from ansible_collections.linkops.jira.plugins.module_utils import _module
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link, jira_issue_link_info

from tests.local_jira import LocalJira
from tests.unit.tasks import SECRETS, Tasks

REST = {"link_type": "Blocks", "inward_issue": "APP-7", "outward_issue": "REL-1"}
Captured = pytest.CaptureFixture[str]


def printed(module: Any, captured: Captured, **options: Any) -> dict[str, Any]:
    """What main() prints, as JSON; no secret is in it."""
    with patch_module_args(options), pytest.raises(SystemExit) as end:
        module.main()
    output = captured.readouterr()
    assert not [secret for secret in SECRETS if secret in output.out + output.err]
    result: dict[str, Any] = json.loads(output.out)
    assert (end.value.code == 1) == bool(result.get("failed"))
    return result


def test_main(site: LocalJira, capsys: Captured) -> None:
    options = {**site.login(), **REST}
    foretold = printed(jira_issue_link, capsys, **options, _ansible_check_mode=True)
    assert foretold["changed"] and site.links() == []
    result = printed(jira_issue_link, capsys, **options)
    assert result["changed"] and result["link"]["sentence"] == "APP-7 blocks REL-1"
    secret = "password" if site.cloud else "token"
    assert result["invocation"]["module_args"][secret] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert not printed(jira_issue_link, capsys, **options)["changed"]


def test_main_of_a_failure(site: LocalJira, capsys: Captured) -> None:
    result = printed(jira_issue_link, capsys, **site.login(), **{**REST, "inward_issue": "REL-999"})
    assert result["failed"] and result["status"] == 404 and result["error_messages"] and result["support_id"]
    assert result["path"].startswith("/rest/api/") and "owner" not in result  # it is no file of this machine


def test_main_of_options_that_do_not_fit(site: LocalJira, capsys: Captured) -> None:
    result = printed(jira_issue_link, capsys, **site.login(), **REST, operation="link")
    assert result["failed"] and "operation" in result["msg"]


def test_main_warns(site: LocalJira, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []  # where they go from here depends on what else this process has imported of Ansible
    monkeypatch.setattr(_module.Module, "warn", lambda self, warning: warnings.append(warning))
    options = {**REST, "inward_issue": "REL-999", "state": "absent"}
    assert not printed(jira_issue_link, capsys, **site.login(), **options)["changed"]
    assert any("REL-999" in warning for warning in warnings)


@pytest.mark.parametrize(
    "url",
    ["https://demo:wrong-secret@jira.example.com", "https://wrong-secret@jira.example.com", "https://:wrong-secret@x.org"],
)  # fmt: skip
def test_main_does_not_repeat_credentials_of_the_url(capsys: Captured, url: str) -> None:
    assert printed(jira_issue_link, capsys, url=url, **REST)["failed"]


@pytest.mark.parametrize("url", ["https://[x", "https://x:port/", "http://\x00", ""])
def test_main_survives_any_url(capsys: Captured, url: str) -> None:
    result = printed(jira_issue_link, capsys, url=url, **REST)
    assert result["failed"] and "url" in result["msg"]


def test_main_without_requests(site: LocalJira, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "requests" else find(name))
    result = printed(jira_issue_link, capsys, **site.login(), **REST)
    assert result["failed"] and f"{sys.executable} -m pip install requests" in result["msg"]
    assert "delegate_to: localhost, and run_once: true" in result["msg"]


def assert_documented(value: Any, documented: Mapping[str, Any]) -> None:
    """The very keys that the documentation names, down to the bottom."""
    assert value.keys() == documented.keys()
    for name, entry in documented.items():
        inside = value[name] if isinstance(value[name], list) else [value[name]]
        for each in inside if "contains" in entry else []:
            if each is not None:
                assert_documented(each, entry["contains"])


def test_results_are_what_the_documentation_says(site: LocalJira, task: Tasks) -> None:
    documented = yaml.safe_load(jira_issue_link.RETURN)
    for more in ({}, {}, {"link_type": "Relates", "exclusive": True}, {"link_type": "Relates", "state": "absent"}):
        for check in (True, False):
            result = task(jira_issue_link, site, check, **{**REST, **more}).result
            assert_documented(result, {"changed": {}, **documented})


def test_info_is_what_the_documentation_says(site: LocalJira, task: Tasks) -> None:
    site.reset([("APP-7", "Blocks", "REL-1")])
    result = task(jira_issue_link_info, site, issues=["REL-1"], declared=True).result
    documented = yaml.safe_load(jira_issue_link_info.RETURN)
    assert_documented(result, {"changed": {}, **documented})
    sample = documented["issues"]["sample"]
    assert all(issue.keys() == next(iter(sample.values())).keys() for issue in result["issues"].values())
