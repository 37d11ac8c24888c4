# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""jira_site_info: which Jira it is, who is logged in, and what this account may do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ansible_collections.linkops.jira.plugins.modules import jira_site_info

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

MAY, MAY_NOT = {"link_issues": True, "add_comments": True}, {"link_issues": False, "add_comments": False}


def test_the_site_is_asked_once_what_it_is(site: LocalJira, task: Tasks) -> None:
    found = task(jira_site_info, site).result["site"]
    assert (found["deployment"], found["api_version"]) in (("Cloud", "3"), ("Data Center", "2"))
    assert found["version"] and site.requests() == ["GET /serverInfo"]


@pytest.mark.parametrize(
    ("account", "name", "administrator", "on_ro", "on_rel"),
    [("demo", "Demo", False, {**MAY_NOT, "add_comments": True}, MAY), ("admin", "Admin", True, MAY, MAY)],
)
def test_what_an_account_may_do(
    site: LocalJira,
    task: Tasks,
    account: str,
    name: str,
    administrator: bool,
    on_ro: Mapping[str, bool],
    on_rel: Mapping[str, bool],
) -> None:
    found = task(jira_site_info, site, **site.login(account), permissions_for=["ro-1", "REL-1"]).result
    assert found["account"] == {
        "logged_in": True,
        "name": name,
        "administrator": administrator,
        "permissions": [{"issue": "ro-1", **on_ro}, {"issue": "REL-1", **on_rel}],
    }


def test_what_nobody_may_do(site: LocalJira, task: Tasks) -> None:
    found = task(jira_site_info, url=site.url, permissions_for=["PUB-1"]).result["account"]
    assert (found["logged_in"], found["name"], found["administrator"]) == (False, None, False)
    assert found["permissions"] == [{"issue": "PUB-1", **MAY_NOT}] and "GET /myself" not in site.requests()


def test_what_jira_does_not_tell_of_an_account_is_not_known(site: LocalJira, task: Tasks) -> None:
    """A token may lack the scope to ask who it belongs to, and what it may do."""
    refusal = {"status": 401, "body": {"code": 401, "message": "Unauthorized; scope does not match"}}
    site.fault("status", path="/(myself|mypermissions)$", count=9, **refusal)
    result, warnings = task(jira_site_info, site, permissions_for=["REL-1"])
    assert (result["account"]["logged_in"], result["account"]["name"]) == (None, None)
    assert result["account"]["administrator"] is None
    assert result["account"]["permissions"] == [{"issue": "REL-1", "link_issues": None, "add_comments": None}]
    taken, administer, link, comment = warnings
    assert "takes the credentials" in taken and "may administer Jira" in administer
    assert "may link REL-1" in link and "may comment on REL-1" in comment


@pytest.mark.parametrize("account", ["locked", "nobody"])
def test_a_login_that_jira_refuses_has_no_permissions(site: LocalJira, task: Tasks, account: str) -> None:
    login = {"url": site.url, "username": f"{account}@example.com", "password": "wrong-secret"}
    assert task(jira_site_info, **login, permissions_for=["PUB-1"]).result["failed"]


def test_the_name_of_an_account_is_fit_to_print(site: LocalJira, task: Tasks) -> None:
    account = {"accountId": "1", "name": "1", "displayName": "De\x1b[2J\u202emo\n"}
    site.fault("status", path="/myself$", status=200, body=account)
    assert task(jira_site_info, site, permissions_for=["REL-1"]).result["account"]["name"] == "De\ufffd[2J\ufffdmo "
