# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup jira_issue_links, over real HTTP: what it returns, and where its connection comes from."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.linkops.jira.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.linkops.jira.plugins.lookup import jira_issue_links
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_info

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

LINKS = [("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "APP-7"), ("REL-1", "Relates", "OPS-3")]


def look_up(*terms: Any, variables: dict[str, Any] | None = None, **options: Any) -> list[dict[str, Any]]:
    """As Ansible's loader would: the documented options become the plugin's configuration."""
    documented = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    for name, more in yaml.safe_load(jira_issue_links.DOCUMENTATION)["options"].items():
        documented[name] = {**documented.get(name, {}), **more}
    constants.config.initialize_plugin_configuration_definitions("lookup", "jira_issue_links", documented)
    plugin = jira_issue_links.LookupModule(loader=None, templar=Templar(DataLoader(), variables=variables or {}))
    plugin._load_name = "jira_issue_links"
    return plugin.run(list(terms), variables, **options)


def sentences(*terms: Any, **options: Any) -> list[str]:
    return [link["sentence"] for link in look_up(*terms, **options)]


def test_the_entries_are_those_of_the_module(site: LocalJira, task: Tasks) -> None:
    site.reset(LINKS)
    module = task(jira_issue_link_info, site, issues=["REL-1"]).result
    assert look_up("REL-1", **site.login()) == module["links"] != []


@pytest.mark.parametrize(
    ("terms", "options", "found"),
    [
        (["rel-1"], {}, ["APP-7 blocks REL-1", "REL-1 relates to OPS-3"]),
        (["REL-1"], {"phrase": "is blocked by"}, ["APP-7 blocks REL-1"]),
        (["REL-1"], {"phrase": "is blocked by", "depth": -1}, ["APP-7 blocks REL-1", "LIB-2 blocks APP-7"]),
        (["REL-1"], {"link_types": ["Relates"]}, ["REL-1 relates to OPS-3"]),
        (["LIB-2"], {"direction": "inward"}, []),
        ([["LIB-2", "OPS-3"]], {}, ["LIB-2 blocks APP-7", "REL-1 relates to OPS-3"]),
    ],
    ids=str,
)
def test_options(site: LocalJira, terms: list[Any], options: dict[str, Any], found: list[str]) -> None:
    site.reset(LINKS)
    assert sentences(*terms, **site.login(), **options) == found


class TestConnection:
    """Options win over variables, and variables over the environment."""

    def test_from_the_environment(self, site: LocalJira, monkeypatch: pytest.MonkeyPatch) -> None:
        site.reset(LINKS)
        for name, value in site.login().items():
            monkeypatch.setenv(f"JIRA_{name.upper()}", value)
        assert sentences("LIB-2") == ["LIB-2 blocks APP-7"]
        assert site.accounts() == {"demo"}

    def test_from_variables(self, site: LocalJira, monkeypatch: pytest.MonkeyPatch) -> None:
        site.reset(LINKS)
        monkeypatch.setenv("JIRA_URL", "http://127.0.0.1:1")
        variables = {f"linkops_jira_{name}": value for name, value in site.login().items()}
        assert sentences("LIB-2", variables=variables) == ["LIB-2 blocks APP-7"]

    def test_what_is_asked_for_comes_from_the_call_alone(self, site: LocalJira) -> None:
        site.reset(LINKS)
        others = {"linkops_jira_depth": -1, "linkops_jira_phrase": "relates to", "linkops_jira_direction": "x"}
        assert sentences("LIB-2", variables=others, **site.login()) == ["LIB-2 blocks APP-7"]

    def test_from_options(self, site: LocalJira) -> None:
        site.reset(LINKS)
        assert sentences("LIB-2", variables={"linkops_jira_url": "http://127.0.0.1:1"}, **site.login())

    def test_there_is_none(self) -> None:
        with pytest.raises(AnsibleError, match=r"url is missing.*JIRA_URL.*do not reach lookups"):
            look_up("REL-1")

    def test_every_option_can_come_from_somewhere_else(self) -> None:
        options = yaml.safe_load(jira_issue_links.DOCUMENTATION)["options"]
        assert all(options[name]["vars"] == [{"name": f"linkops_jira_{name}"}] for name in CONNECTION)


class TestErrors:
    def test_an_issue_that_jira_does_not_show(self, site: LocalJira) -> None:
        with pytest.raises(AnsibleLookupError, match="Jira does not show REL-999"):
            look_up("REL-999", **site.login())

    def test_more_than_one_way_to_log_in(self, site: LocalJira) -> None:
        with pytest.raises(AnsibleLookupError, match="more than one way to log in"):
            look_up("REL-1", url=site.url, username="demo", password="hunter-2", token="hunter-3")

    def test_no_credential_that_jira_repeats_is_told(self, site: LocalJira) -> None:
        secret = next(value for name, value in site.login().items() if name in ("password", "token"))
        site.fault("status", path="/(bulkfetch|search)$", status=403, body={"errorMessages": [f"Not {secret}."]})
        with pytest.raises(AnsibleLookupError, match=r"Not \*") as caught:
            look_up("REL-1", **site.login())
        assert secret not in str(caught.value)

    def test_no_credential_is_told(self, site: LocalJira) -> None:
        options = {**site.login(), "password": None, "username": None, "token": "hunter-2"}
        with pytest.raises(AnsibleLookupError) as caught:
            look_up("REL-1", **{name: value for name, value in options.items() if value})
        assert "hunter-2" not in str(caught.value)


@pytest.mark.parametrize(
    ("terms", "options", "words"),
    [(["REL-1"], {"dept": -1}, "unknown options: dept"), ([], {}, "name an issue")],
    ids=str,
)
def test_mistakes_are_not_passed_over(site: LocalJira, terms: list[str], options: dict[str, Any], words: str) -> None:
    with pytest.raises(AnsibleLookupError, match=words):
        look_up(*terms, **site.login(), **options)
    assert site.requests() == []


def test_options_by_their_other_names(site: LocalJira) -> None:
    site.reset(LINKS)
    login = site.login()
    assert look_up("LIB-2", uri=login.pop("url"), **login) != []


def test_without_requests(site: LocalJira, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "requests" else find(name))
    with pytest.raises(AnsibleLookupError, match=f"Install it there: {sys.executable} -m pip install requests"):
        look_up("REL-1", **site.login())
    assert site.requests() == []
