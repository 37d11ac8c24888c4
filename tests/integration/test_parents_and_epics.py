# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recipe of docs/parents-and-epics.md runs as it stands, against a server that knows issues by their parents."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.integration.harness import CHECKOUT, Ansible
from tests.integration.test_documentation import playbooks_of

PAGE = "docs/parents-and-epics.md"


class Fields(BaseHTTPRequestHandler):
    """``/rest/api/2/issue/KEY`` as Jira answers it, with the field parent only."""

    protocol_version = "HTTP/1.1"
    parents: dict[str, Any]
    asked: list[str]

    def do_GET(self) -> None:
        self._answer(200, json.dumps({"key": self._key, "fields": {"parent": self.parents.get(self._key)}}))

    def do_PUT(self) -> None:
        fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["fields"]
        self.parents[self._key] = {"id": "10000", **fields["parent"]}
        self._answer(204, "")

    @property
    def _key(self) -> str:
        return self.path.partition("?")[0].removeprefix("/rest/api/2/issue/")

    def _answer(self, status: int, body: str) -> None:
        self.asked.append(f"{self.command} {self.headers.get('Authorization')}")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def jira() -> Iterator[Any]:
    """The server, its parents by key, and what it was asked."""
    handler = type("Handler", (Fields,), {"parents": {}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_recipe(jira: Any, ansible_at: Callable[[None], Ansible]) -> None:
    """In check mode it says what it would do, for real it sets the parent, and again it changes nothing."""
    (recipe,) = playbooks_of(PAGE)
    handler, url = jira
    variables = {"JIRA_URL": url, "JIRA_USERNAME": "demo", "JIRA_PASSWORD": "demo-token"}

    def run(*arguments: str) -> list[bool]:
        results = ansible_at(None).playbook(recipe, *arguments, **variables).succeeded().results
        return [each.result["changed"] for each in results if each.status == "ok"]

    run("--check")
    assert handler.parents == {}
    assert run() == [False, True]
    assert handler.parents["APP-7"]["key"] == "APP-1"
    assert run() == [False]
    assert [each.split()[0] for each in handler.asked] == ["GET", "GET", "PUT", "GET"]
    assert {each.split()[1] for each in handler.asked} == {"Basic"}


def test_the_errors_name_the_page() -> None:
    text = (CHECKOUT / "plugins/module_utils/_model/options.py").read_text(encoding="utf-8")
    assert f"{PAGE} of this collection" in text
