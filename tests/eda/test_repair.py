# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repair on Jira's own event, end to end: the sandbox's webhooks, ansible-rulebook, the role. `make eda` runs it."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.integration.harness import Ansible, TaskResult, written_by_now
from tests.local_jira import CHECKOUT, LocalJira

BIN = CHECKOUT / ".cache/eda/bin"
RULEBOOK = CHECKOUT / "extensions/eda/rulebooks/repair_drift.yml"
GUIDE = (CHECKOUT / "docs/drift.md").read_text(encoding="utf-8")
BY_NAME = "linkops.jira.repair_drift"
SECRET = "a long secret, such as this one"
WINDOW, SHORT_WINDOW = 30.0, 3.0  # seconds: that of the rulebook, and the one of most tests
LONGEST_START, LONGEST_RUN = 60.0, 60.0  # seconds
MARGIN = 8.0  # seconds in which a run that should not be would have been
REL_1 = {"state": "exact", "scope": {"issues": ["REL-1"]}}

pytestmark = pytest.mark.skipif(not (BIN / "ansible-rulebook").exists(), reason="`make eda` sets up what it needs")


class Repair:
    """A running ansible-rulebook that repairs the links of one Jira, as the demo account."""

    def __init__(self, ansible: Ansible, site: LocalJira, port: int, window: float) -> None:
        self.site, self.window, self.url = site, window, f"http://127.0.0.1:{port}"
        self._ansible = ansible
        self._declared = ansible.folder / "release-1.yml"

    def declare(self, *blockers: str, **more: Any) -> None:
        links = [{"issue": "REL-1", "phrase": "is blocked by", "linked_issue": each} for each in blockers]
        self._declared.write_text(yaml.safe_dump({**more, "links": links}), encoding="utf-8")

    def jira_tells(self, secret: str | None = SECRET) -> None:
        self.site.control("POST", "webhooks", {"url": self.url, **({"secret": secret} if secret else {})})

    def post(self, body: bytes, signature: str | None, path: str = "/") -> int:
        headers = {"Content-Type": "application/json", **({} if signature is None else {"X-Hub-Signature": signature})}
        session = requests.Session()
        session.trust_env = False
        return session.post(self.url + path, data=body, headers=headers, timeout=10).status_code

    def runs(self) -> list[dict[str, Any]]:
        """What the module returned in each run that has come to it."""
        results: list[TaskResult] = self._ansible.results()
        return [each.result for each in results if each.task.endswith("Make Jira match the declaration")]

    def extra_vars(self) -> list[dict[str, Any]]:
        """Of each run."""
        return written_by_now(self._ansible.folder / "extra_vars.jsonl")

    def wait_for_runs(self, count: int) -> list[dict[str, Any]]:
        wait_until(lambda: len(self.runs()) >= count, count * (self.window + LONGEST_RUN))
        return self.runs()

    def changed(self, count: int) -> list[bool]:
        """What each of so many runs says, once it is sure that there is no other: the last one's events have passed."""
        self.wait_for_runs(count)
        time.sleep(self.window + MARGIN)
        return [bool(run["changed"]) for run in self.runs()]


def wait_until(fulfilled: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < ends, "it took too long"
        time.sleep(0.1)


def signature(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def block_of(name: str) -> str:
    """The file of this name, as the guide shows it."""
    found = re.search(rf"^`{re.escape(name)}`:\n\n```yaml\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def command(rulebook: str) -> Sequence[str]:
    """How the guide starts it."""
    found = re.search(rf"^\$ (ansible-rulebook --rulebook {re.escape(BY_NAME)} .*)$", GUIDE, re.MULTILINE)
    assert found
    return shlex.split(found[1].replace(BY_NAME, rulebook))


@contextlib.contextmanager
def started(
    folder: Path, site: LocalJira, rulebook: str, secret: str, port: int
) -> Iterator[tuple[Ansible, subprocess.Popen[str]]]:
    """ansible-rulebook as the guide has it, but for the port and the place of the file."""
    options = {f"JIRA_{name.upper()}": value for name, value in site.login().items()}
    ansible = Ansible(folder, CHECKOUT / ".tree", options)
    callbacks = f"{CHECKOUT}/tests/integration/callback:{CHECKOUT}/tests/eda/callback"
    variables = {**yaml.safe_load(block_of("repair.yml")), "webhook_port": port}
    variables["issue_links_file"] = str(folder / Path(variables["issue_links_file"]).name)
    (folder / "repair.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
    (folder / "inventory.yml").write_text(block_of("inventory.yml"), encoding="utf-8")
    environment = {
        **ansible.environment,
        "PATH": f"{BIN}:{ansible.environment['PATH']}",
        "JIRA_WEBHOOK_SECRET": secret,
        "ANSIBLE_CALLBACK_PLUGINS": callbacks,
        "ANSIBLE_CALLBACKS_ENABLED": "linkops_results,linkops_extra_vars",
        "LINKOPS_TEST_EXTRA_VARS": str(folder / "extra_vars.jsonl"),
    }
    with (folder / "rulebook.log").open("w") as log:
        process = subprocess.Popen(
            command(rulebook),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        try:
            yield ansible, process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)
            print((folder / "rulebook.log").read_text())


@contextlib.contextmanager
def repairing(folder: Path, site: LocalJira, rulebook: str, window: float) -> Iterator[Repair]:
    port = free_port()
    with started(folder, site, rulebook, SECRET, port) as (ansible, process):
        wait_until(lambda: listens(port) or process.poll() is not None, LONGEST_START)
        repair = Repair(ansible, site, port, window)
        repair.declare("APP-7", "LIB-2")
        yield repair


@pytest.fixture
def repair(tmp_path: Path, site: LocalJira) -> Iterator[Repair]:
    """The rulebook with a shorter window, on either deployment."""
    copy = tmp_path / "rulebook.yml"
    text, count = re.subn("once_after: 30 seconds", "once_after: 3 seconds", RULEBOOK.read_text(encoding="utf-8"))
    assert count == 1
    copy.write_text(text, encoding="utf-8")
    with repairing(tmp_path, site, str(copy), SHORT_WINDOW) as running:
        yield running


BLOCKED = [("APP-7", "Blocks", "REL-1"), ("LIB-2", "Blocks", "REL-1")]
SENTENCES = ["APP-7 blocks REL-1", "LIB-2 blocks REL-1"]


def link_by_hand(site: LocalJira, *blockers: str) -> None:
    """Somebody else does it, in the browser."""
    for blocker in blockers:
        body = {"type": {"name": "Blocks"}, "inwardIssue": {"key": blocker}, "outwardIssue": {"key": "REL-1"}}
        as_admin(site, "POST", "issueLink", json=body)


def unlink_by_hand(site: LocalJira, *blockers: str) -> None:
    for link in site.state()["links"]:
        if link["inward"] in blockers:
            as_admin(site, "DELETE", f"issueLink/{link['id']}")


def as_admin(site: LocalJira, method: str, path: str, **options: Any) -> None:
    session = requests.Session()
    session.trust_env = False
    login = ("admin@example.com" if site.cloud else "admin", "admin-token")
    session.request(method, f"{site.url}/rest/api/2/{path}", auth=login, timeout=10, **options).raise_for_status()


def test_a_link_deleted_by_hand_is_back(tmp_path: Path, cloud: LocalJira) -> None:
    """By the rulebook's name, with its own window. The repair leads to a run that changes nothing, and to no more."""
    cloud.reset(BLOCKED)
    with repairing(tmp_path, cloud, BY_NAME, WINDOW) as repair:
        repair.jira_tells()
        unlink_by_hand(cloud, "APP-7")
        assert cloud.sentences() == ["LIB-2 blocks REL-1"]
        assert repair.changed(2) == [True, False]
    assert cloud.sentences() == SENTENCES
    assert [each for each in cloud.writes() if each.startswith("POST")] == ["POST /issueLink"]
    (webhook,) = cloud.control("GET", "webhooks")
    assert [(each["event"], each["status"]) for each in webhook["deliveries"]] == [
        ("issuelink_deleted", 200),
        ("issuelink_created", 200),
    ]


def test_many_events_are_one_run(repair: Repair) -> None:
    blockers = [f"APP-{number}" for number in range(1, 11)]
    repair.declare(*blockers)
    link_by_hand(repair.site, *blockers)
    repair.jira_tells()
    unlink_by_hand(repair.site, *blockers[1:])
    assert repair.changed(2) == [True, False]
    assert repair.site.sentences() == sorted(f"{blocker} blocks REL-1" for blocker in blockers)


def test_an_event_during_a_run_is_not_lost(repair: Repair) -> None:
    """The second link goes when the run has read it already, and while its write takes longer than the window."""
    repair.site.reset(BLOCKED)
    repair.jira_tells()
    repair.site.fault("slow", seconds=3 * SHORT_WINDOW, method="POST", path="issueLink$")
    unlink_by_hand(repair.site, "APP-7")
    wait_until(lambda: any("mypermissions" in each for each in repair.site.requests()), LONGEST_RUN)
    unlink_by_hand(repair.site, "LIB-2")
    wait_until(lambda: repair.site.sentences() == SENTENCES, 2 * LONGEST_RUN)
    changed = repair.changed(3)
    assert changed[:2] == [True, True] and changed[2:] in ([False], [False, False])
    assert repair.site.sentences() == SENTENCES


def test_only_what_jira_signed_counts(repair: Repair) -> None:
    repair.site.reset([("LIB-2", "Blocks", "REL-1")])
    body = b'{"webhookEvent": "issuelink_deleted"}'
    refused = {
        repair.post(body, sign)
        for sign in (
            None,
            "",
            "sha256=",
            signature(body, "another"),
            signature(b"{}"),
            signature(body, ""),
            signature(body).replace("sha256", "sha1"),
        )
    }
    assert refused <= {400, 401}
    repair.jira_tells("another secret")
    link_by_hand(repair.site, "LIB-9")
    assert repair.changed(0) == []
    assert repair.site.control("GET", "webhooks")[0]["deliveries"][0]["status"] == 401
    assert repair.post(body, signature(body)) == 200
    assert [run["changed"] for run in repair.wait_for_runs(1)] == [True]


def test_a_data_center_before_10_is_not_heard(tmp_path: Path, data_center: LocalJira) -> None:
    data_center.reset(BLOCKED)
    data_center.settings(data_center_version="9.12.15")
    with repairing(tmp_path, data_center, BY_NAME, WINDOW) as repair:
        repair.jira_tells()
        unlink_by_hand(data_center, "APP-7")
        assert repair.changed(0) == []
    assert data_center.control("GET", "webhooks")[0]["deliveries"][0]["status"] == 400


HOSTILE = "HOSTILE {{ lookup('ansible.builtin.pipe', 'touch hostile') }}"


def test_nothing_of_an_event_reaches_the_play(repair: Repair) -> None:
    """Neither of its body, nor of its headers and its path, whatever they hold."""
    told = {"id": 1, "issueLinkType": {"name": HOSTILE}, HOSTILE: HOSTILE}
    event = {"webhookEvent": HOSTILE, "issueLink": told, "issue_links_file": HOSTILE, "hosts": HOSTILE}
    bodies = ({**event, "meta": {"hosts": HOSTILE, "source": {"name": HOSTILE}}}, [event], HOSTILE, None, 1)
    for body in (json.dumps(each).encode() for each in bodies):
        assert repair.post(body, signature(body), path="/HOSTILE") == 200
    assert repair.changed(1) == [True]
    for given in repair.extra_vars():
        assert set(given) == {"issue_links_file", "issue_links_max_removals", "ansible_eda"}
        assert set(given["ansible_eda"]["event"]) == {"meta"}
        assert set(given["ansible_eda"]["event"]["meta"]) == {"source", "received_at", "uuid", "rule_engine"}
        assert "HOSTILE" not in json.dumps(given)


def test_it_removes_few_links_or_none(repair: Repair) -> None:
    """And goes on after a run that failed."""
    repair.declare("APP-7", "LIB-2", **REL_1)
    repair.site.reset(BLOCKED)
    repair.jira_tells()
    link_by_hand(repair.site, "OPS-1", "OPS-2", "OPS-3", "OPS-4")
    (failed,) = repair.wait_for_runs(1)
    assert failed["failed"] and "max_removals" in failed["msg"]
    assert repair.changed(1) == [False] and len(repair.site.sentences()) == 6
    unlink_by_hand(repair.site, "OPS-4")
    assert repair.changed(3) == [False, True, False]
    assert repair.site.sentences() == SENTENCES


def test_an_empty_secret_stops_it(tmp_path: Path, cloud: LocalJira) -> None:
    port = free_port()
    with started(tmp_path, cloud, BY_NAME, "", port) as (_ansible, process):
        assert process.wait(LONGEST_START) != 0
        assert not listens(port)
    assert "JIRA_WEBHOOK_SECRET_is_empty" in (tmp_path / "rulebook.log").read_text()
