# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Webhooks of the sandbox: who is told of links that come and go, and that nobody else notices."""

from __future__ import annotations

import hashlib
import hmac
import json
import queue
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
import requests

from tests.local_jira import CHECKOUT
from tests.sandbox.rest_jira import ADMIN, RestJira

SECRET = "a secret, for ü"
LONGEST_WAIT = 10.0  # seconds
QUIET = 0.3  # seconds in which a webhook that should not come would have come


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> tuple[str, int, int, int]:
        told = json.loads(self.body)
        link = told["issueLink"]
        return told["webhookEvent"], link["id"], link["sourceIssueId"], link["destinationIssueId"]


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent. It answers `status`, as soon as `may_answer` is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: queue.Queue[Received] = queue.Queue()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.status, self.location = 200, ""
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def next(self) -> Received:
        return self.received.get(timeout=LONGEST_WAIT)

    def nothing_more(self) -> bool:
        time.sleep(QUIET)
        return self.received.empty()


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put(Received(self.path, dict(self.headers), body))
        self.server.may_answer.wait(LONGEST_WAIT)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        pass


def listening() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.may_answer.set()
        server.shutdown()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    yield from listening()


@pytest.fixture
def other() -> Iterator[Receiver]:
    yield from listening()


def tell(jira: RestJira, url: str, **options: Any) -> None:
    jira.control("POST", "webhooks", {"url": url, **options})


def statuses(jira: RestJira, count: int) -> list[tuple[str, int | None]]:
    """Event and status of the first webhook's deliveries, once there are so many."""
    ends = time.monotonic() + LONGEST_WAIT
    while len(done := jira.control("GET", "webhooks")[0]["deliveries"]) < count and time.monotonic() < ends:
        time.sleep(0.02)
    return [(each["event"], each["status"]) for each in done]


def id_of(jira: RestJira, key: str) -> int:
    return int(jira.control("GET", "state")["issues"][key]["id"])


def signed_with(secret: str, received: Received) -> bool:
    digest = hmac.new(secret.encode(), received.body, hashlib.sha256).hexdigest()
    return received.headers.get("X-Hub-Signature") == f"sha256={digest}"


def test_a_link_that_comes_and_goes_is_told(jira: RestJira, receiver: Receiver) -> None:
    tell(jira, f"{receiver.url}/hook?from=jira", secret=SECRET)
    made = jira.linked("APP-7", "REL-1")
    assert jira("DELETE", f"issueLink/{made}").status_code == 204
    told = [receiver.next(), receiver.next()]
    ends = (int(made), id_of(jira, "APP-7"), id_of(jira, "REL-1"))
    assert [each.event for each in told] == [("issuelink_created", *ends), ("issuelink_deleted", *ends)]
    for each in told:
        assert each.path == "/hook?from=jira" and "json" in each.headers["Content-Type"]
        assert signed_with(SECRET, each) and not signed_with("another", each)
        body = json.loads(each.body)
        assert set(body) == {"timestamp", "webhookEvent", "issueLink"}
        assert abs(body["timestamp"] / 1000 - time.time()) < 60
        kind = body["issueLink"]["issueLinkType"]
        assert (kind["name"], kind["outwardName"], kind["inwardName"]) == ("Blocks", "blocks", "is blocked by")
        assert b"APP-7" not in each.body and b"demo" not in each.body
    assert receiver.nothing_more()


def test_the_guide_shows_what_is_sent(cloud: RestJira, receiver: Receiver) -> None:
    """All of it but the time and the ids."""
    guide = (CHECKOUT / "docs/sandbox.md").read_text(encoding="utf-8")
    (shown,) = (
        each for each in re.findall(r"^```json\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE) if "webhook" in each
    )
    tell(cloud, receiver.url)
    cloud("DELETE", f"issueLink/{cloud.linked('APP-7', 'REL-1')}")
    receiver.next()
    assert without_ids(json.loads(receiver.next().body)) == without_ids(json.loads(shown))


def without_ids(value: Any) -> Any:
    """JSON with a word in place of each number."""
    if isinstance(value, dict):
        return {name: without_ids(each) for name, each in value.items()}
    return "number" if isinstance(value, int) and not isinstance(value, bool) else value


def test_without_a_secret_nothing_is_signed(jira: RestJira, receiver: Receiver) -> None:
    tell(jira, receiver.url)
    jira.linked("APP-7", "REL-1")
    told = receiver.next()
    assert told.path == "/" and "X-Hub-Signature" not in told.headers


@pytest.mark.parametrize(("version", "signs"), [("9.12.15", False), ("10.0.0", True), ("11.2.1", True)])
def test_data_center_signs_from_version_10_on(
    version: str, signs: bool, data_center: RestJira, receiver: Receiver
) -> None:
    data_center.control("POST", "settings", {"data_center_version": version})
    assert data_center("GET", "serverInfo").json()["version"] == version
    tell(data_center, receiver.url, secret=SECRET)
    data_center.linked("APP-7", "REL-1")
    told = receiver.next()
    assert signed_with(SECRET, told) if signs else "X-Hub-Signature" not in told.headers


def test_cloud_signs_whatever_a_data_center_would_do(cloud: RestJira, receiver: Receiver) -> None:
    cloud.control("POST", "settings", {"data_center_version": "9.12.15"})
    tell(cloud, receiver.url, secret=SECRET)
    cloud.linked("APP-7", "REL-1")
    assert signed_with(SECRET, receiver.next())


def test_what_changes_no_link_is_not_told(jira: RestJira, receiver: Receiver) -> None:
    """A duplicate is answered like a creation, but nothing is made."""
    jira.linked("APP-7", "REL-1")
    tell(jira, receiver.url)
    assert jira.link("APP-7", "REL-1").status_code == 201
    assert jira.link("APP-7", "APP-999").status_code == 404
    assert jira("DELETE", "issueLink/999999").status_code == 404
    jira.control("POST", "move", {"from": "APP-7", "to_project": "LIB"})
    assert receiver.nothing_more()


def test_links_that_go_with_something_else_are_told(jira: RestJira, receiver: Receiver) -> None:
    """An issue's and a link type's. The words of the type are those that it had."""
    with_issue, with_type = int(jira.linked("APP-40", "REL-1")), int(jira.linked("APP-1", "REL-2"))
    tell(jira, receiver.url)
    jira.control("POST", "delete", {"key": "APP-40"})
    (blocks,) = (each["id"] for each in jira.control("GET", "state")["link_types"] if each["name"] == "Blocks")
    assert jira("DELETE", f"issueLinkType/{blocks}", auth=ADMIN).status_code == 204
    told = [receiver.next(), receiver.next()]
    assert [each.event[:2] for each in told] == [("issuelink_deleted", with_issue), ("issuelink_deleted", with_type)]
    assert json.loads(told[1].body)["issueLink"]["issueLinkType"]["name"] == "Blocks"


@pytest.mark.parametrize("fault", ["break_after", "error_after"])
def test_a_link_is_told_though_its_answer_got_lost(fault: str, jira: RestJira, receiver: Receiver) -> None:
    tell(jira, receiver.url)
    jira.control("POST", "faults", {"kind": fault, "path": "issueLink$"})
    try:
        assert jira.link("APP-7", "REL-1").status_code == 503
    except requests.ConnectionError:
        assert fault == "break_after"
    assert receiver.next().event[0] == "issuelink_created"


def test_nobody_waits_for_a_receiver_that_does_not_answer(jira: RestJira, receiver: Receiver, other: Receiver) -> None:
    """Neither who makes links, nor another receiver. What waits is sent in the order in which it happened."""
    receiver.may_answer.clear()
    tell(jira, receiver.url)
    tell(jira, other.url)
    made = [int(jira.linked(f"APP-{number}", "REL-1")) for number in range(1, 6)]
    assert [other.next().event[1] for _each in made] == made
    assert receiver.next().event[1] == made[0] and receiver.nothing_more()
    receiver.may_answer.set()
    assert [receiver.next().event[1] for _each in made[1:]] == made[1:]


@pytest.mark.parametrize("status", [200, 401, 503])
def test_how_a_delivery_went_can_be_asked(status: int, jira: RestJira, receiver: Receiver) -> None:
    """It is sent once, whatever the answer is."""
    receiver.status = status
    tell(jira, receiver.url, secret=SECRET)
    jira.linked("APP-7", "REL-1")
    assert statuses(jira, 1) == [("issuelink_created", status)]
    (webhook,) = jira.control("GET", "webhooks")
    assert (webhook["url"], webhook["secret"]) == (receiver.url, True)
    assert SECRET not in json.dumps(webhook, ensure_ascii=False)
    receiver.next()
    assert receiver.nothing_more()


def test_nobody_listens(jira: RestJira) -> None:
    with Receiver() as gone:
        pass
    tell(jira, gone.url)
    jira.linked("APP-7", "REL-1")
    jira.linked("APP-8", "REL-1")
    assert statuses(jira, 2) == [("issuelink_created", None)] * 2


def test_no_redirect_is_followed(jira: RestJira, receiver: Receiver, other: Receiver) -> None:
    receiver.status, receiver.location = 307, other.url
    tell(jira, receiver.url)
    jira.linked("APP-7", "REL-1")
    assert statuses(jira, 1) == [("issuelink_created", 307)]
    assert other.nothing_more()


@pytest.mark.parametrize("call", [("DELETE", "webhooks"), ("POST", "reset")], ids=" ".join)
def test_forgotten(call: tuple[str, str], jira: RestJira, receiver: Receiver) -> None:
    """What waits for an answer that does not come is forgotten, too."""
    receiver.may_answer.clear()
    tell(jira, receiver.url)
    jira.linked("APP-7", "REL-1")
    jira.linked("APP-8", "REL-1")
    receiver.next()
    jira.control(*call)
    receiver.may_answer.set()
    jira.linked("APP-9", "REL-1")
    assert receiver.nothing_more()
    assert jira.control("GET", "webhooks") == []


def test_a_seed_tells_nothing(jira: RestJira, receiver: Receiver) -> None:
    tell(jira, receiver.url)
    jira.control("POST", "reset", {"links": [["REL-1", "Blocks", "REL-2"]]})
    assert receiver.nothing_more()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "[::1]"])
def test_loopback_addresses(host: str, jira: RestJira) -> None:
    tell(jira, f"http://{host}:9/")
    assert [each["url"] for each in jira.control("GET", "webhooks")] == [f"http://{host}:9/"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://127.0.0.1.example.com/",
        "http://localhost.example.com/",
        "http://127.1/",
        "http://2130706433/",
        "http://127.0.0.1@example.com/",
        "http://example.com@127.0.0.1/",
        "http://127.0.0.1\\@example.com/",
        "https://127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "127.0.0.1:80",
        "http:///path",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX-Header: 1",
        "http://127.0.0.1/ü",
        "http://[",
        "",
    ],
)
def test_other_addresses_are_refused(url: str, jira: RestJira) -> None:
    assert_refused(jira, {"url": url})


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "http://127.0.0.1/",
        {},
        {"url": 1},
        {"url": ["http://127.0.0.1/"]},
        {"url": "http://127.0.0.1/", "secret": ""},
        {"url": "http://127.0.0.1/", "secret": 1},
        {"url": "http://127.0.0.1/", "events": ["issuelink_created"]},
    ],
)
def test_what_makes_no_sense_is_refused(body: Any, jira: RestJira) -> None:
    assert_refused(jira, body)


def assert_refused(jira: RestJira, body: Any) -> None:
    answer = requests.post(f"{jira.origin}/_sandbox/webhooks", json=body, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"]
    assert jira.control("GET", "webhooks") == []


@pytest.mark.parametrize("version", ["", "10", "ten", "10.3", "10.3.6.1", "10.3.x", "10.3.6\n", "1234.0.0"])
def test_a_version_is_three_numbers(version: str, jira: RestJira) -> None:
    body = {"data_center_version": version}
    assert requests.post(f"{jira.origin}/_sandbox/settings", json=body, timeout=5).status_code == 400
    jira.linked("APP-7", "REL-1")


def test_the_build_number_goes_with_the_version(data_center: RestJira) -> None:
    numbers = []
    for version in ("10.3.6", "9.12.15"):
        data_center.control("POST", "settings", {"data_center_version": version})
        info = data_center("GET", "serverInfo").json()
        numbers.append((info["versionNumbers"], info["buildNumber"]))
    assert numbers == [([10, 3, 6], 10030006), ([9, 12, 15], 9120015)]
