# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person sees and types: the ad-hoc form, --diff, connection options from everywhere, a wrong address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.integration.harness import Ansible
from tests.local_jira import LocalJira

BLOCKED = "issue=REL-1 phrase='is blocked by' linked_issue=APP-7"
AD_HOC = ("ansible", "localhost", "-m", "linkops.jira.jira_issue_link", "-a", BLOCKED)
ONE_LINK = """
    - name: One link
      linkops.jira.jira_issue_link:
        issue: REL-1
        phrase: is blocked by
        linked_issue: APP-7
"""


def test_ad_hoc(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> None:
    ansible = ansible_at(site)
    planned = ansible(*AD_HOC, "--check", "--diff").succeeded()
    assert "+APP-7 blocks REL-1" in planned.stdout
    assert site.sentences() == []
    assert "localhost | CHANGED" in ansible(*AD_HOC).succeeded().stdout
    assert site.sentences() == ["APP-7 blocks REL-1"]
    assert "localhost | SUCCESS" in ansible(*AD_HOC).succeeded().stdout


@pytest.mark.parametrize("in_process", ["true", "false"])
def test_a_task_that_wants_no_diff(on_cloud: Ansible, cloud: LocalJira, in_process: str) -> None:
    comment = "        comment: Between us.\n"
    shown = on_cloud.playbook(ONE_LINK + comment, "--check", "--diff", LINKOPS_JIRA_IN_PROCESS=in_process).succeeded()
    task = f"{ONE_LINK}{comment}      diff: false\n"
    hidden = on_cloud.playbook(task, "--check", "--diff", LINKOPS_JIRA_IN_PROCESS=in_process).succeeded()
    assert "Between us." in shown.stdout and "Between us." not in hidden.stdout and "changed=1" in hidden.stdout


def test_a_link_is_seen_from_both_ends(site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> None:
    """A task written for community.general.jira gives A blocks B, and each end says so."""
    run = ansible_at(site).playbook("""
        - name: Make it
          linkops.jira.jira_issue_link: {linktype: Blocks, inwardissue: APP-1, outwardissue: REL-1}
        - name: From A
          linkops.jira.jira_issue_link_info: {issues: [APP-1], phrase: blocks}
        - name: From B
          linkops.jira.jira_issue_link_info: {issues: [REL-1], phrase: is blocked by}
    """)
    results = run.succeeded().named()
    link = results["Make it"].result["link"]
    assert results["From A"].result["links"] == results["From B"].result["links"] == [link]
    assert (link["inward_issue"], link["outward_issue"]) == ("APP-1", "REL-1")
    assert site.sentences() == ["APP-1 blocks REL-1"]


def test_diff_shows_sentences(on_cloud: Ansible, cloud: LocalJira) -> None:
    cloud.reset([("REL-1", "Blocks", "APP-7")])
    repair = f"{ONE_LINK}        exclusive: true\n"
    run = on_cloud.playbook(repair, "--check", "--diff").succeeded()
    assert "\n-REL-1 blocks APP-7\n+APP-7 blocks REL-1\n" in run.stdout
    assert "blocks" not in on_cloud.playbook(repair, "--check").succeeded().stdout


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
def test_an_issue_that_holds_all_the_links_it_may(check: bool, on_cloud: Ansible, cloud: LocalJira) -> None:
    links = [("BIG-1", "Blocks", f"BIG-{number}") for number in range(2, 2002)]
    cloud.reset(links, projects=[{"key": "BIG", "count": 2002}])
    task = "- linkops.jira.jira_issue_link: {issue: BIG-2002, phrase: is blocked by, linked_issue: BIG-1}"
    failure = on_cloud.playbook(task, *["--check"] * check).only
    assert failure["failed"] and "BIG-1 has 2000 issue links" in failure["msg"] and "Remove some" in failure["msg"]
    assert failure["status"] == (None if check else 413)
    assert len(cloud.links()) == 2000


class TestConnection:
    def test_module_defaults(self, data_center: LocalJira, ansible_at: Callable[[None], Ansible], way: str) -> None:
        """One group sets the connection for all modules; Data Center takes a personal access token."""
        play = f"""
            - name: A play
              hosts: localhost
              gather_facts: false
              module_defaults:
                group/linkops.jira.jira:
                  url: {data_center.url}
                  token: demo-pat
              tasks:
                - name: Make it
                  linkops.jira.jira_issue_link: {{issue: REL-1, phrase: is blocked by, linked_issue: APP-7}}
                - name: See it
                  linkops.jira.jira_issue_link_info: {{issues: [REL-1]}}
        """
        results = ansible_at(None).playbook(play, LINKOPS_JIRA_IN_PROCESS=way).succeeded().named()
        assert results["See it"].result["links"] == [results["Make it"].result["link"]]
        assert data_center.accounts() == {"demo"}

    def test_an_option_wins_over_the_environment(self, on_cloud: Ansible, cloud: LocalJira) -> None:
        options = "    username: admin@example.com\n        api_token: admin-token\n"
        on_cloud.playbook(f"{ONE_LINK}    {options}").succeeded()
        assert cloud.accounts() == {"admin"}

    def test_oauth_through_the_gateway(self, cloud: LocalJira, ansible_at: Callable[[None], Ansible]) -> None:
        options = f"""
            oauth_url: {cloud.url}/oauth/token
            gateway_url: {cloud.url}/ex/jira
        """.replace("            ", "        ")
        client = {"JIRA_URL": cloud.url, "JIRA_CLIENT_ID": "demo-client", "JIRA_CLIENT_SECRET": "demo-client-secret"}
        run = ansible_at(None).playbook(f"{ONE_LINK.rstrip()}{options}", JIRA_CLOUD_ID="auto", **client).succeeded()
        assert run.only["link"]["sentence"] == "APP-7 blocks REL-1"

    def test_no_credentials(self, cloud: LocalJira, ansible_at: Callable[[None], Ansible]) -> None:
        """Some projects are open to everybody."""
        task = "- linkops.jira.jira_issue_link_info: {issues: [PUB-1]}"
        run = ansible_at(None).playbook(task, JIRA_URL=cloud.url).succeeded()
        assert "PUB-1" in run.only["issues"]
        assert cloud.accounts() == {"anonymous"}

    def test_no_url(self, ansible_at: Callable[[None], Ansible]) -> None:
        run = ansible_at(None).playbook(ONE_LINK)
        assert run.returncode == 2
        assert "url" in run.only["msg"]

    @pytest.mark.parametrize("password", ["wrong", "expired-token"])
    def test_wrong_credentials(self, password: str, on_cloud: Ansible) -> None:
        failure = on_cloud.playbook(ONE_LINK, JIRA_PASSWORD=password).only
        assert failure["failed"] and "Check the credentials" in failure["msg"]


class Html(BaseHTTPRequestHandler):
    """A server that is no Jira."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = b"<html><head><title>Welcome to the intranet</title></head><body>Hello</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def html_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Html)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class TestAddress:
    """A wrong address fails soon, and says what to look at."""

    def test_nobody_listens(self, ansible_at: Callable[[None], Ansible], way: str) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, but it does not listen
            url = f"http://127.0.0.1:{taken.getsockname()[1]}"
            failure = ansible_at(None).playbook(ONE_LINK, JIRA_URL=url, LINKOPS_JIRA_IN_PROCESS=way).only
        assert failure["failed"] and "Connection refused" in failure["msg"] and "Check url" in failure["msg"]
        assert url.partition("//")[2] in failure["msg"]

    def test_no_jira_but_a_web_page(self, html_url: str, ansible_at: Callable[[None], Ansible]) -> None:
        failure = ansible_at(None).playbook(ONE_LINK, JIRA_URL=html_url).only
        assert failure["failed"] and "Welcome to the intranet" in failure["msg"] and "url" in failure["msg"]

    def test_a_wrong_context_path(self, site: LocalJira, ansible_at: Callable[[LocalJira], Ansible]) -> None:
        failure = ansible_at(site).playbook(ONE_LINK, JIRA_URL=f"{site.url}/jira").only
        assert failure["failed"] and "no Jira" in failure["msg"] and "context path" in failure["msg"]

    @pytest.mark.parametrize("state", ["present", "absent"])
    def test_a_wrong_context_path_where_nothing_tells_the_version(
        self, state: str, data_center: LocalJira, ansible_at: Callable[[LocalJira], Ansible]
    ) -> None:
        """Nothing is found there, which must not be taken for an issue that is not there."""
        task = f"{ONE_LINK.rstrip()}\n        api_version: '2'\n        state: {state}\n"
        failure = ansible_at(data_center).playbook(task, JIRA_URL=f"{data_center.url}/jira").only
        assert failure["failed"] and "url" in failure["msg"]

    def test_no_url(self, on_cloud: Ansible, way: str) -> None:
        msg = on_cloud.playbook(ONE_LINK, JIRA_URL=None, LINKOPS_JIRA_IN_PROCESS=way).only["msg"]
        assert msg == "missing required arguments: url. JIRA_URL in the environment gives it too."

    def test_no_url_and_no_issue(self, on_cloud: Ansible, way: str) -> None:
        task = "- linkops.jira.jira_remote_link: {remote_url: https://ci.example.com/1, title: Build 1}"
        msg = on_cloud.playbook(task, JIRA_URL=None, LINKOPS_JIRA_IN_PROCESS=way).only["msg"]
        assert msg == "missing required arguments: issue, url. JIRA_URL in the environment gives it too."

    def test_no_address_at_all(self, on_cloud: Ansible) -> None:
        failure = on_cloud.playbook(ONE_LINK, JIRA_URL="jira.example.com").only
        assert failure["failed"] and "https://" in failure["msg"]
