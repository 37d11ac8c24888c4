# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as they are given: a null is left out, a blank scope is refused, and the task decides the kind of login."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.linkops.jira.plugins.module_utils._client.connect import LOGINS, VARIABLES
from ansible_collections.linkops.jira.plugins.module_utils._module import CONNECTION, given
from ansible_collections.linkops.jira.plugins.modules import (
    jira_issue_link,
    jira_issue_link_info,
    jira_issue_links,
    jira_remote_links,
)
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.local_jira import LocalJira
from tests.unit.tasks import Tasks

MODULES = sorted(file.stem for file in Path(jira_issue_link.__file__ or "").parent.glob("jira_*.py"))
LINK = {"issue": "REL-1", "phrase": "blocks", "linked_issue": "APP-7"}
HOME, ELSEWHERE = "https://home.example.com", "https://elsewhere.example.com"
LOGIN_OPTIONS = [name for kind in LOGINS for name in kind]


def options_of(module: Any, options: Mapping[str, Any], **environment: str) -> dict[str, Any]:
    return given(options, {**CONNECTION, **module.ARGUMENT_SPEC}, environment).options


# --- null


@pytest.mark.parametrize("module", MODULES)
def test_a_null_of_any_option_is_the_option_left_out(module: str) -> None:
    found = import_module(f"ansible_collections.linkops.jira.plugins.modules.{module}")
    spec = {**CONNECTION, **found.ARGUMENT_SPEC}
    names = [*spec, *(alias for option in spec.values() for alias in option.get("aliases", ()))]
    assert options_of(found, {name: None for name in names if name != "scope"}) == {}


def test_a_null_is_left_out_at_every_depth() -> None:
    comment = {"comment": "x", "comment_visibility": {"type": "role", "value": "Developers", "identifier": None}}
    left = options_of(jira_issue_links, {"links": [{**LINK, **comment, "linktype": None}], "acyclic": None})
    assert left["links"] == [{**LINK, "comment": "x", "comment_visibility": {"type": "role", "value": "Developers"}}]
    link = {"title": "x", "application": {"name": "CI", "type": None}, "summary": None}
    left = options_of(jira_remote_links, {"issue": "REL-1", "links": [link]})
    assert left["links"] == [{"title": "x", "application": {"name": "CI"}}]


def test_a_dict_of_nothing_but_nulls_is_empty() -> None:
    said = [
        given(options, jira_issue_links.ARGUMENT_SPEC, {}).refusal
        for options in (
            {"approved_changes": [{"action": "create", "comment": comment}]} for comment in ({}, {"body": None})
        )
    ]
    assert said == ["approved_changes[0].comment is empty. Give it a value, or leave it out."] * 2


def test_a_null_inside_a_raw_value_is_part_of_the_value() -> None:
    document = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "attrs": None}, None]}
    assert options_of(jira_issue_link, {"comment": document})["comment"] == document


def test_a_null_of_an_unknown_option_is_not_hidden() -> None:
    assert options_of(jira_issue_link, {"linked_isue": None}) == {"linked_isue": None}


@pytest.mark.parametrize(
    ("module", "options", "place"),
    [
        (jira_issue_link_info, {"issues": ["REL-1", None]}, "issues[1]"),
        (jira_issue_links, {"links": [None, LINK]}, "links[0]"),
        (jira_issue_links, {"links": [LINK], "acyclic": [None]}, "acyclic[0]"),
    ],
    ids=str,
)
def test_a_null_in_a_list_is_refused_with_its_place(
    module: Any, options: dict[str, Any], place: str, site: LocalJira, task: Tasks
) -> None:
    result = task(module, site, **options).result
    assert result["failed"] and f"{place} is null" in result["msg"] and site.requests() == []


# --- a blank scope


@pytest.mark.parametrize("blank", [None, "", " ", {}, []], ids=repr)
def test_a_blank_scope(blank: Any) -> None:
    for module in (jira_issue_links, jira_remote_links):
        assert "scope is empty" in given({"scope": blank}, module.ARGUMENT_SPEC, {}).refusal


@pytest.mark.parametrize("blank", [None, "", " ", [], [None], [""], ["APP", None], ["APP", " "], "APP,"], ids=repr)
@pytest.mark.parametrize("name", ["issues", "link_types", "linked_projects"])
def test_a_blank_part_of_a_scope(name: str, blank: Any) -> None:
    scope = {"issues": ["HSP-1"], "link_types": ["Blocks"], name: blank}
    assert f"scope.{name} is empty" in given({"scope": scope}, jira_issue_links.ARGUMENT_SPEC, {}).refusal


@pytest.mark.parametrize("text", ['{"issues": ["HSP-1"], "linked_projects": null}', "issues=HSP-1 linked_projects="])
def test_a_blank_part_of_a_scope_that_is_said_as_text(text: str) -> None:
    assert "scope.linked_projects is empty" in given({"scope": text}, jira_issue_links.ARGUMENT_SPEC, {}).refusal


@pytest.mark.parametrize("blank", [None, "", " "], ids=repr)
def test_a_blank_application_of_a_scope(blank: Any, site: LocalJira, task: Tasks) -> None:
    spec = jira_remote_links.ARGUMENT_SPEC
    assert "scope.application is empty" in given({"scope": {"application": blank}}, spec, {}).refusal


@pytest.mark.parametrize(
    "scope", [{"issues": ["HSP-1"]}, {"issues": "HSP-1,HSP-2", "linked_projects": ["APP"]}], ids=str
)
def test_a_scope_that_says_something(scope: dict[str, Any]) -> None:
    found = given({"scope": scope}, jira_issue_links.ARGUMENT_SPEC, {})
    assert (found.refusal, found.options) == ("", {"scope": scope})


# --- the kind of login


def completed(task: Mapping[str, Any], **environment: str) -> dict[str, Any]:
    """What the task says of the connection, completed from the variables of these options."""
    return options_of(jira_issue_link, task, **variables(environment))


def variables(options: Mapping[str, str]) -> dict[str, str]:
    return {VARIABLES.get(name, f"JIRA_{name.upper()}"): value for name, value in options.items()}


PAIR = {"username": "us", "password": "secret-1"}
EVERYTHING = {**PAIR, "token": "secret-2", "client_id": "client", "client_secret": "secret-3"}


@pytest.mark.parametrize(
    ("task", "environment", "login"),
    [
        # the environment alone
        ({}, PAIR, PAIR),
        ({}, {"token": "secret-2"}, {"token": "secret-2"}),
        ({}, EVERYTHING, EVERYTHING),  # connect says that this is too much
        # the task names a kind: the environment completes it, and adds no other
        ({"token": "mine"}, EVERYTHING, {"token": "mine"}),
        ({"username": "me"}, EVERYTHING, {"username": "me", "password": "secret-1"}),
        ({"password": "mine"}, EVERYTHING, {"username": "us", "password": "mine"}),
        ({"api_token": "mine"}, EVERYTHING, {"username": "us", "api_token": "mine"}),
        ({"client_id": "me"}, EVERYTHING, {"client_id": "me", "client_secret": "secret-3"}),
        ({"token": "mine", "username": None}, PAIR, {"token": "mine"}),
        # a blank keeps the variable out
        ({"token": ""}, EVERYTHING, {**EVERYTHING, "token": ""}),
        ({"password": "", "username": "me"}, PAIR, {"username": "me", "password": ""}),
        ({"api_token": ""}, PAIR, {"username": "us", "api_token": ""}),
        (dict.fromkeys(LOGIN_OPTIONS, ""), EVERYTHING, dict.fromkeys(LOGIN_OPTIONS, "")),
        # an API token is a password, where there is a user name and no other password
        ({}, {"username": "us", "api_token": "secret-4"}, {"username": "us", "password": "secret-4"}),
        ({}, {**PAIR, "api_token": "secret-4"}, PAIR),
        ({}, {"username": "us", "password": " ", "api_token": "secret-4"}, {"username": "us", "password": "secret-4"}),
        ({}, {"api_token": "secret-4"}, {}),
        ({}, {"token": "secret-2", "api_token": "secret-4"}, {"token": "secret-2"}),
        ({"username": "me"}, {"api_token": "secret-4"}, {"username": "me", "password": "secret-4"}),
        ({"username": ""}, {"username": "us", "api_token": "secret-4"}, {"username": ""}),
        ({"token": "mine"}, {"username": "us", "api_token": "secret-4"}, {"token": "mine"}),
        ({"username": "me", "password": ""}, {"api_token": "secret-4"}, {"username": "me", "password": ""}),
        ({"username": "me", "api_token": "mine"}, {"api_token": "secret-4"}, {"username": "me", "api_token": "mine"}),
        # spaces are a blank
        ({"token": " "}, {"token": "secret-2"}, {"token": ""}),
        ({}, {"token": " ", "username": "\t"}, {}),
        # a null is no blank
        ({"token": None}, {"token": "secret-2"}, {"token": "secret-2"}),
    ],
    ids=str,
)
def test_the_task_decides_the_kind_of_login(
    task: dict[str, Any], environment: dict[str, str], login: dict[str, Any]
) -> None:
    assert completed({"url": HOME, **task}, **environment) == {"url": HOME, **login}


@drawn(
    task=st.dictionaries(st.sampled_from(LOGIN_OPTIONS), st.sampled_from([None, "", "mine"])),
    environment=st.dictionaries(st.sampled_from(LOGIN_OPTIONS), st.sampled_from(["", "theirs"])),
)
def test_the_environment_never_adds_another_kind(task: dict[str, Any], environment: dict[str, str]) -> None:
    found = completed({"url": HOME, **task}, **environment)
    said = [kind for kind in LOGINS if any(task.get(name) for name in kind)]
    assert [kind for kind in LOGINS if any(found.get(name) for name in kind)] == said or not said
    assert all(found[name] == value for name, value in task.items() if value is not None)


@pytest.mark.parametrize(
    "url", [f"{HOME}/", f" {HOME}", "HTTPS://HOME.example.com", f"{HOME}:443", f"{HOME}:443/"], ids=str
)
def test_the_same_site_gets_the_login(url: str) -> None:
    assert completed({"url": url}, url=HOME, cloud_id="id", **PAIR) == {"url": url, "cloud_id": "id", **PAIR}


@pytest.mark.parametrize(
    "url",
    [
        ELSEWHERE,
        "http://home.example.com",
        f"{HOME}:8443",
        f"{HOME}/jira",
        "https://home.example.com.evil.org",
        "https://[",
    ],
)
@pytest.mark.parametrize("name", ["url", "uri"])
def test_no_login_travels_to_another_site(name: str, url: str) -> None:
    task = {name: url, "username": "me"}
    found = given(task, CONNECTION, variables({"url": HOME, "cloud_id": "id", **PAIR}))
    assert found.options == task
    assert "another site" in found.warnings[0] and "JIRA_CLOUD_ID and JIRA_PASSWORD" in found.warnings[0]
    assert "secret-1" not in found.warnings[0]


def test_another_site_with_a_login_of_its_own_is_nothing_to_warn_of() -> None:
    found = given({"url": ELSEWHERE, "token": "mine"}, CONNECTION, variables({"url": HOME, **PAIR}))
    assert found.warnings == []


GATEWAY, OAUTH = "https://api.atlassian.com/ex/jira", "https://auth.atlassian.com/oauth/token"
CLIENT = {"client_id": "client", "client_secret": "secret-3"}


@pytest.mark.parametrize(
    ("task", "login", "foreign"),
    [
        ({"gateway_url": ELSEWHERE, "cloud_id": "id"}, PAIR, "gateway_url"),
        ({"gateway_url": ELSEWHERE}, {"cloud_id": "id", **PAIR}, "gateway_url"),
        ({"gateway_url": ELSEWHERE, "cloud_id": "id"}, {"token": "secret-2"}, "gateway_url"),
        ({"gateway_url": f"{GATEWAY}.evil.org", "cloud_id": "auto"}, PAIR, "gateway_url"),
        ({"gateway_url": "http://api.atlassian.com/ex/jira", "cloud_id": "id"}, PAIR, "gateway_url"),
        ({"gateway_url": ELSEWHERE}, CLIENT, "gateway_url"),  # OAuth needs the gateway in any case
        ({"oauth_url": f"{ELSEWHERE}/oauth/token"}, CLIENT, "oauth_url"),
        ({"url": ELSEWHERE, "cloud_id": "id"}, PAIR, "url"),
    ],
    ids=str,
)
def test_no_login_travels_through_a_gateway_that_only_the_task_names(
    task: dict[str, Any], login: dict[str, str], foreign: str
) -> None:
    found = given(task, CONNECTION, variables({"url": HOME, **login}))
    assert found.options == {"url": HOME, **task}
    assert f"The task's {foreign} is another site than JIRA_URL" in found.warnings[0]
    assert all(VARIABLES[name] in found.warnings[0] for name in login) and "secret" not in found.warnings[0]


@pytest.mark.parametrize(
    ("task", "login"),
    [
        ({"cloud_id": "id"}, PAIR),
        ({"cloud_id": "auto", "url": f"{HOME}/"}, PAIR),
        ({"gateway_url": f"{GATEWAY}/", "cloud_id": "id"}, PAIR),
        ({"gateway_url": GATEWAY, "oauth_url": OAUTH}, CLIENT),
        ({"gateway_url": f"{HOME}/ex/jira", "oauth_url": f"{HOME}/oauth/token"}, CLIENT),  # it is the site itself
        ({"gateway_url": ELSEWHERE}, PAIR),  # without a cloud id, it is not used
        ({"oauth_url": ELSEWHERE}, PAIR),
    ],
    ids=str,
)
def test_a_login_may_go_to_its_site_and_through_the_gateway_of_atlassian(
    task: dict[str, Any], login: dict[str, str]
) -> None:
    found = given(task, CONNECTION, variables({"url": HOME, **login}))
    assert (found.options, found.warnings) == ({"url": HOME, **login, **task}, [])


def test_without_jira_url_the_login_is_for_whatever_site_the_task_names() -> None:
    assert completed({"url": ELSEWHERE}, **PAIR) == {"url": ELSEWHERE, **PAIR}


def test_the_site_of_the_environment() -> None:
    assert completed({}, url=HOME, **PAIR) == {"url": HOME, **PAIR}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"username": "me"}, "give username, but not password"),
        ({"username": "me"}, "JIRA_USERNAME goes with JIRA_PASSWORD or JIRA_API_TOKEN"),
        ({"password": "wrong-secret"}, "JIRA_PASSWORD goes with JIRA_USERNAME"),
        ({"client_id": "me"}, "JIRA_CLIENT_ID goes with JIRA_CLIENT_SECRET"),
        ({"username": "me", "token": "wrong-secret"}, "JIRA_USERNAME and JIRA_TOKEN"),
    ],
)
def test_messages_about_a_login_name_the_variables(options: dict[str, str], words: str, task: Tasks) -> None:
    assert words in task(jira_issue_link_info, url=HOME, issues=["REL-1"], **options).result["msg"]


@pytest.mark.parametrize("alias", ["api_token", "password"])
@pytest.mark.parametrize("variable", ["JIRA_API_TOKEN", "JIRA_PASSWORD"])
def test_no_warning_of_an_alias_that_the_task_does_not_use(
    alias: str, variable: str, cloud: LocalJira, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = cloud.login()
    monkeypatch.setenv(variable, "wrong-secret")
    spec = {**CONNECTION, **jira_issue_link_info.ARGUMENT_SPEC}
    asked = given({"uri": login["url"], "username": login["username"], alias: login["password"]}, spec, os.environ)
    assert ArgumentSpecValidator(spec).validate(asked.options)._warnings == []


def test_no_token_is_sent_to_another_site(site: LocalJira, task: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**site.login(), "url": HOME}.items():
        monkeypatch.setenv(f"JIRA_{name.upper()}", value)
    result = task(jira_issue_link_info, url=site.url, issues=["REL-1"]).result
    assert result["failed"] and "anonymous" in result["msg"]
    assert site.accounts() == {"anonymous"}
