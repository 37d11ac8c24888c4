# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook site_check: it proves on a user's own Jira what the collection does there, and leaves nothing behind."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.integration.harness import CHECKOUT, Ansible, Run
from tests.local_jira import LocalJira

KEYS = ["REL-1", "APP-7", "LIB-2"]
STATE = ("issues", "links", "comments", "remote_links", "link_types")
BUILD = {"globalId": "g", "object": {"url": "https://ci.example.com/1", "title": "Build 1"}}
HOSTILE = "{{ 1/0 }}{% for x in y %}<script>alert(1)</script>\x1b[2J\u202e{{ lookup('env', 'HOME') }}"


class Check:
    """Runs the playbook, and sees to it that nothing else changes."""

    def __init__(self, ansible: Ansible, site: LocalJira) -> None:
        self.ansible, self.site = ansible, site

    def __call__(self, *arguments: str, issues: str = ",".join(KEYS), **environment: str | None) -> Run:
        named = ("-e", f"site_check_issues={issues}")
        return self.ansible("ansible-playbook", "linkops.jira.site_check", *named, *arguments, **environment)

    def refused(self, *arguments: str, **options: Any) -> str:
        """The message of a run that ends before it writes."""
        before = self.state()
        run = self(*arguments, **options)
        assert run.returncode == 2, run.output
        assert self.site.writes() == [] and self.state() == before
        assert "Say what will be written" not in run.named()
        return str(run.results[-1].result["msg"])

    def state(self) -> dict[str, Any]:
        state = self.site.state()
        return {name: state[name] for name in STATE}


@pytest.fixture
def check(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> Check:
    return Check(ansible_at(site), site)


@pytest.fixture
def on_cloud_only(cloud: LocalJira, on_cloud: Ansible) -> Check:
    return Check(on_cloud, cloud)


def proved(run: Run) -> list[str]:
    return list(run.named()["Say what was proved"].result["msg"])


def assert_only_what_was_said(run: Run, site: LocalJira) -> None:
    """Before the first write it is said what will be written. No write is about anything else, such as a comment."""
    names = [each.task for each in run.results]
    said = names.index("Say what will be written")
    assert said < min(names.index(each.task) for each in run.results if each.result.get("changed"))
    text = " ".join(run.results[said].result["msg"])
    assert site.url in text and all(each in text for each in [*KEYS, "Blocks", "a remote link", "No comment"])
    assert all(write.partition(" ")[2].startswith(("/issueLink", "/issue/REL-1/remotelink")) for write in site.writes())


def test_what_is_proved(check: Check, site: LocalJira) -> None:
    before = check.state()
    run = check("-vvvv").succeeded()
    assert "demo-token" not in run.output and "demo-pat" not in run.output
    first, *lines = proved(run)
    kind, version = ("Cloud 1001.0.0-SNAPSHOT", 3) if site.cloud else ("Data Center 10.3.6", 2)
    assert first == f"Jira {kind} at {site.url}, REST API {version}, as Demo."
    assert lines[0] == "Predicted in check mode, and then made: APP-7 blocks REL-1."
    assert "REL-1 blocks LIB-2. Put right" in lines[2]
    assert lines[5:] == [
        "This account may: link REL-1, link APP-7, link LIB-2, comment on REL-1, comment on APP-7, comment on LIB-2.",
        "It may not: change link types.",
    ]
    assert check.state() == before and len(site.writes()) == 8
    assert_only_what_was_said(run, site)
    assert not [each for each in run.results if "warnings" in each.result]


def test_check_mode_writes_nothing(check: Check, site: LocalJira) -> None:
    run = check("--check").succeeded()
    assert site.writes() == []
    assert any("nothing was written" in line and "APP-7 blocks REL-1" in line for line in proved(run))


def test_an_administrator_with_another_link_type(on_cloud_only: Check, cloud: LocalJira) -> None:
    login = {f"JIRA_{name.upper()}": value for name, value in cloud.login("admin").items()}
    lines = proved(on_cloud_only("-e", "site_check_link_type=Cloners", **login).succeeded())
    assert "APP-7 clones REL-1" in lines[1] and lines[0].endswith("as Admin.")
    assert "change link types" in lines[-1] and "may not" not in lines[-1]
    assert cloud.links() == []


def test_what_jira_does_not_tell_of_the_account(on_cloud_only: Check, cloud: LocalJira) -> None:
    """A token without the scope for it is good enough."""
    refusal = {"status": 403, "body": {"code": 403, "message": "scope does not match"}}
    cloud.fault("status", path="/(myself|mypermissions)$", count=99, **refusal)
    lines = proved(on_cloud_only().succeeded())
    assert lines[0].endswith("as an account whose name Jira does not tell.")
    assert lines[-1].startswith("Jira does not tell whether it may: link REL-1,")


# --- refusals


@pytest.mark.parametrize("issues", ["", "REL-1,APP-7", "REL-1,APP-7,LIB-2,OPS-3"])
def test_three_issues_have_to_be_named(issues: str, on_cloud_only: Check) -> None:
    assert "-e site_check_issues=ABC-1,ABC-2,ABC-3" in on_cloud_only.refused(issues=issues)
    assert on_cloud_only.site.requests() == []


@pytest.mark.parametrize("issues", ["REL-1,rel-1,APP-7", "OLD-1,APP-40,REL-1"])
def test_three_keys_of_two_issues(issues: str, on_cloud_only: Check) -> None:
    assert "not three different issues" in on_cloud_only.refused(issues=issues)


def test_issues_that_have_links(check: Check, site: LocalJira) -> None:
    link = ("OPS-3", "Blocks", "LIB-2")
    site.reset([link])
    assert "have links already" in check.refused() and site.links() == [link]


def test_no_variable_of_another_play_opens_the_way(on_cloud_only: Check, cloud: LocalJira) -> None:
    cloud.reset([("OPS-3", "Blocks", "LIB-2")])
    taken = '{"links": [], "refusals": [], "left": [], "known": true, "made": [], "keys": ["REL-1"], "account": {}}'
    assert "have links already" in on_cloud_only.refused("-e", taken)


def test_issues_that_have_remote_links(on_cloud_only: Check, cloud: LocalJira) -> None:
    cloud.reset(remote_links=[{"issue": "LIB-2", **BUILD}])
    assert "have links already: LIB-2" in on_cloud_only.refused()


def test_an_issue_that_is_not_there(on_cloud_only: Check) -> None:
    assert "Jira does not show APP-999" in on_cloud_only.refused(issues="REL-1,APP-999,LIB-2")


def test_an_account_without_the_permission_is_told_so(check: Check, site: LocalJira) -> None:
    login = {f"JIRA_{name.upper()}": value for name, value in site.login("viewer").items()}
    said = check.refused(**login)
    assert "may not link" in said and said.count("-1") > 1 and "Link Issues" in said
    assert said == check.refused("--check", **login)


def test_an_issue_that_may_not_be_linked(on_cloud_only: Check) -> None:
    said = on_cloud_only.refused(issues="REL-1,APP-7,RO-1")
    assert "may not link RO-1: it lacks the permission Link Issues" in said


def test_nobody(on_cloud_only: Check, cloud: LocalJira) -> None:
    nobody = {f"JIRA_{name.upper()}": None for name in cloud.login() if name != "url"}
    assert "Nobody is logged in" in on_cloud_only.refused(issues="PUB-1,PUB-2,PUB-3", **nobody)


@pytest.mark.parametrize("link_type", ["Relates", "Causes"])
def test_a_link_type_has_two_directions(link_type: str, on_cloud_only: Check) -> None:
    assert f"no link type {link_type} with two directions" in on_cloud_only.refused(
        "-e", f"site_check_link_type={link_type}"
    )


# --- what goes wrong in the middle


@pytest.mark.parametrize(
    ("method", "path", "passed"),
    [
        ("POST", "/issueLink$", 2),
        ("POST", "/remotelink$", 0),
        ("DELETE", "/issueLink/", 0),
        ("DELETE", "/remotelink/", 0),
    ],
)
def test_it_cleans_up_after_a_failure(method: str, path: str, passed: int, check: Check, site: LocalJira) -> None:
    before = check.state()
    for _request in range(passed):
        site.fault("slow", method=method, path=path, seconds=0)
    site.fault("status", method=method, path=path, status=400)
    run = check()
    assert run.returncode == 2 and "400" in run.output
    assert run.named()["Name what is left"].status == "ok"
    assert check.state() == before and len(site.writes()) > 1 + passed
    assert "Say what was proved" not in run.named()


def test_it_names_what_it_could_not_remove(on_cloud_only: Check, cloud: LocalJira) -> None:
    cloud.fault("status", method="DELETE", path="/issueLink/", status=403, count=99)
    said = on_cloud_only().named()["Name what is left"].result["msg"]
    told = zip(("APP-7 blocks REL-1", "REL-1 blocks LIB-2", "LIB-2 blocks REL-1"), cloud.state()["links"], strict=True)
    named = "; ".join(f"{sentence}, id {link['id']}" for sentence, link in told)
    assert said == f"Look at {', '.join(KEYS)}. This is there now: {named}."


def test_an_issue_that_goes_in_the_middle(on_cloud_only: Check, cloud: LocalJira) -> None:
    """What is left cannot be read any more. What was made is removed all the same."""
    cloud.fault("slow", method="POST", path="/issueLink$", seconds=0)
    cloud.fault("meanwhile", method="POST", path="/issueLink$", delete={"key": "LIB-2"})
    run = on_cloud_only()
    said = run.named()["Name what is left"]
    assert said.status == "failed" and "does not say whether anything is left" in said.result["msg"]
    assert "Links with these ids were made: 10000." in said.result["msg"]
    assert cloud.links() == [] and cloud.state()["remote_links"] == []


def test_what_somebody_else_links_meanwhile_stays(on_cloud_only: Check, cloud: LocalJira) -> None:
    cloud.fault("slow", method="POST", path="/remotelink$", seconds=2)
    runs: list[Run] = []
    running = threading.Thread(target=lambda: runs.append(on_cloud_only()))
    running.start()
    ends = time.monotonic() + 60
    while cloud.writes().count("POST /issueLink") < 3 and time.monotonic() < ends:
        time.sleep(0.05)
    body = {"type": {"name": "Relates"}, "inwardIssue": {"key": "REL-1"}, "outwardIssue": {"key": "APP-7"}}
    login = cloud.login("admin")
    auth = (login["username"], login["password"])
    answer = requests.post(f"{cloud.url}/rest/api/3/issueLink", json=body, auth=auth, timeout=9)
    running.join()
    assert answer.status_code == 201 and cloud.sentences() == ["REL-1 relates to APP-7"]
    said = runs[0].named()["Name what is left"].result["msg"]
    assert "This is there now: REL-1 relates to APP-7, id " in said


def test_a_link_that_somebody_was_faster_with_stays(on_cloud_only: Check, cloud: LocalJira) -> None:
    cloud.fault("slow", path="/mypermissions$", seconds=3)
    runs: list[Run] = []
    running = threading.Thread(target=lambda: runs.append(on_cloud_only()))
    running.start()
    ends = time.monotonic() + 60
    while "mypermissions" not in str(cloud.requests()) and time.monotonic() < ends:
        time.sleep(0.05)
    body = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "APP-7"}, "outwardIssue": {"key": "REL-1"}}
    login = cloud.login("admin")
    answer = requests.post(
        f"{cloud.url}/rest/api/3/issueLink", json=body, auth=(login["username"], login["password"]), timeout=9
    )
    running.join()
    assert answer.status_code == 201 and runs[0].returncode == 2
    assert cloud.sentences() == ["APP-7 blocks REL-1"]
    assert "Name what is left" in runs[0].named(), runs[0].output[-3000:]
    assert "This is there now: APP-7 blocks REL-1, id " in runs[0].named()["Name what is left"].result["msg"]
    told = runs[0].named()["Say what did not turn out as it should"].result["msg"]
    assert told.startswith(f'"Make a link" did not turn out as it should on {", ".join(KEYS)}.')


# --- what is said


def test_text_from_jira_stays_text(on_cloud_only: Check, cloud: LocalJira) -> None:
    blocks = {"name": "Blocks", "inward": f"is blocked by {HOSTILE}", "outward": f"blocks {HOSTILE}"}
    cloud.reset(link_types=[blocks])
    account = {"accountId": "1", "displayName": HOSTILE}
    cloud.fault("status", path="/myself$", status=200, body=account, count=99)
    server = {"baseUrl": f"https://x/{HOSTILE}", "version": HOSTILE, "deploymentType": "Cloud"}
    cloud.fault("status", path="/serverInfo$", status=200, body=server, count=99)
    run = on_cloud_only().succeeded()
    lines = proved(run)
    assert lines[0].count("{{ 1/0 }}") == 3 and lines[1].count("{{ 1/0 }}") == 1
    assert "\x1b" not in run.output and "\u202e" not in run.output
    assert cloud.links() == []


def test_text_from_jira_stays_text_where_something_is_not_as_expected(on_cloud_only: Check, cloud: LocalJira) -> None:
    """The message has what came back."""
    cloud.reset(link_types=[{"name": "Blocks", "inward": f"is blocked by {HOSTILE}", "outward": f"blocks {HOSTILE}"}])
    cloud.fault("meanwhile", method="POST", path="/issueLink$", move={"from": "REL-1", "to_project": "APP"})
    run = on_cloud_only()
    told = run.named()["Say what did not turn out as it should"].result["msg"]
    assert run.returncode == 2 and "{{ 1/0 }}" in told and '"Make a link" did not' in told
    assert "\x1b" not in run.output and "\u202e" not in told
    assert cloud.links() == []


def test_the_guide_shows_what_it_says(on_cloud_only: Check, cloud: LocalJira) -> None:
    page = (CHECKOUT / "docs/authentication.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^\$ ansible-playbook linkops\.jira\.site_check (.*?)^```$", page, re.DOTALL | re.MULTILINE)
    command, *told = shown.splitlines()
    said = (
        on_cloud_only(issues=command.removeprefix("-e site_check_issues="))
        .succeeded()
        .stdout.replace(cloud.url, "http://127.0.0.1:8080")
        .splitlines()
    )
    assert [line for line in told if line not in said] == []
