# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misbehaviour on demand, rate limits and the control surface (facts 4 and 8)."""

from __future__ import annotations

import re
import socket
import time
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox.rest_jira import RestJira

QUOTAS = ("jira-quota-global-based", "jira-quota-tenant-based")


def fault(jira: RestJira, kind: str, **options: Any) -> None:
    jira.control("POST", "faults", {"kind": kind, **options})


def test_a_status_with_any_body_for_the_next_n(jira: RestJira) -> None:
    page = {"status": 503, "body": "<h1>Down</h1>", "content_type": "html", "headers": {"Retry-After": "7"}}
    fault(jira, "status", count=2, **page)
    answers = [jira("GET", "issue/REL-1") for _other in range(3)]
    assert [each.status_code for each in answers] == [503, 503, 200]
    assert (answers[0].text, answers[0].headers["Retry-After"]) == ("<h1>Down</h1>", "7")
    assert answers[0].headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [({"message": "no"}, "json", b'{"message":"no"}'), ("plain words", "plain", b"plain words"), ("", "plain", b"")],
)
def test_the_shapes_of_bodies(jira: RestJira, body: Any, content_type: str, expected: bytes) -> None:
    fault(jira, "status", status=413, body=body, content_type=content_type)
    answer = jira.link("REL-1", "APP-1")
    assert (answer.status_code, answer.content) == (413, expected)
    assert jira.control("GET", "state")["links"] == []


def test_a_fault_hits_what_fits_only(jira: RestJira) -> None:
    fault(jira, "status", status=500, method="post", path="issueLink$")
    assert jira("GET", "issueLinkType").status_code == 200
    assert jira("POST", "issueLinkType", {}).status_code == 404
    assert jira.link("REL-1", "APP-1").status_code == 500
    fault(jira, "status")
    assert jira.control("DELETE", "faults") == [] == jira.control("GET", "faults")
    assert jira("GET", "issueLinkType").status_code == 200


@pytest.mark.parametrize("reason", ["jira-per-issue-on-write", "jira-burst-based", *QUOTAS])
def test_rate_limits_on_cloud_say_why(cloud: RestJira, reason: str) -> None:
    fault(cloud, "rate_limit", reason=reason, retry_after=3)
    answer = cloud.link("REL-1", "APP-1")
    assert answer.status_code == 429
    assert (answer.headers["RateLimit-Reason"], answer.headers["Retry-After"]) == (reason, "3")
    assert ("X-RateLimit-Reset" in answer.headers) == (reason in QUOTAS)
    assert cloud.control("GET", "state")["links"] == []


def test_the_rate_limit_of_data_center_is_a_page(data_center: RestJira) -> None:
    fault(data_center, "rate_limit", retry_after=2)
    answer = data_center.link("REL-1", "APP-1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("kind", "links"), [("break_before", 0), ("break_after", 1)])
def test_a_broken_connection(jira: RestJira, kind: str, links: int) -> None:
    fault(jira, kind, method="POST")
    with pytest.raises(requests.ConnectionError):
        jira.link("REL-1", "APP-1")
    assert len(jira.control("GET", "state")["links"]) == links
    assert jira.control("GET", "requests")[-1]["status"] is None


def test_an_error_after_the_work(jira: RestJira) -> None:
    fault(jira, "error_after", status=502, body="Bad gateway")
    assert jira.link("REL-1", "APP-1").status_code == 502
    assert len(jira.control("GET", "state")["links"]) == 1


@pytest.mark.parametrize("kind", ["status", "error_after"])
def test_an_answer_of_a_proxy_has_no_headers_of_jiras(jira: RestJira, kind: str) -> None:
    named = {"X-AREQUESTID", "Atl-Traceid"}
    for proxy in (True, False):
        fault(jira, kind, status=503, proxy=proxy)
        answer = jira("GET", "issue/REL-1")
        assert answer.status_code == 503 and bool(named & set(answer.headers)) != proxy
        assert bool({"X-AACCOUNTID", "X-AUSERNAME"} & set(answer.headers)) is False


def test_half_a_body(jira: RestJira) -> None:
    fault(jira, "disconnect_mid_body")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        jira("GET", "issueLinkType")
    assert jira("GET", "issueLinkType").status_code == 200


def test_slow_redirect_captcha(jira: RestJira) -> None:
    fault(jira, "slow", seconds=0.2)
    started = time.monotonic()
    assert jira("GET", "issueLinkType").status_code == 200 and time.monotonic() - started >= 0.2
    fault(jira, "redirect", host="new.example.com")
    answer = jira("GET", "issue/REL-1?fields=summary")
    path = re.sub(r"^https?://[^/]+", "", f"{jira.url}{jira.api}/issue/REL-1?fields=summary")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://new.example.com{path}")
    for status in (403, 401):
        fault(jira, "captcha", status=status)
        answer = jira("GET", "issue/REL-1")
        assert (answer.status_code, answer.headers["X-Seraph-LoginReason"]) == (status, "AUTHENTICATION_DENIED")


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "x"}, {"kind": "status", "colour": 1}, {"kind": "status", "path": "("}, {"kind": "redirect"}]
)
def test_a_fault_that_makes_no_sense_is_explained(jira: RestJira, wrong: Any) -> None:
    answer = requests.post(f"{jira.origin}/_sandbox/faults", json=wrong, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"]


# --- the limits themselves


def test_twenty_writes_to_one_issue(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"limits": True})
    statuses = [cloud.link("REL-1", f"APP-{number}").status_code for number in range(1, 22)]
    assert statuses == [201] * 20 + [429]
    refused = cloud.link("APP-30", "REL-1")  # the other end counts too
    assert refused.headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert refused.headers["Retry-After"] in ("1", "2")
    assert cloud.link("REL-2", "APP-30").status_code == 201  # other issues may go on
    assert len(cloud.control("GET", "state")["links"]) == 21


def test_bursts_per_endpoint_and_method(cloud: RestJira) -> None:
    """Sent all at once, so that they are one burst on a slow machine, too."""
    cloud.control("POST", "settings", {"limits": True})
    address = urllib.parse.urlsplit(cloud.origin)
    request = f"GET {cloud.api}/serverInfo HTTP/1.1\r\nHost: {address.netloc}\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(f"{request}\r\n".encode() * 139 + f"{request}Connection: close\r\n\r\n".encode())
        answers = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answers.count("HTTP/1.1 ") == 140 and "HTTP/1.1 429" in answers
    assert "RateLimit-Reason: jira-burst-based" in answers
    assert cloud("GET", "issueLinkType").status_code == 200


@pytest.mark.parametrize(("method", "most"), [("GET", 100), ("POST", 100), ("PUT", 50), ("DELETE", 50)])
def test_how_many_make_a_burst(method: str, most: int) -> None:
    from sandbox.rules.model import Refusal
    from sandbox.web.limits import Limits

    moments = iter([*[0.0] * most, 0.5, 0.5, 1.0])
    limits = Limits(lambda: next(moments))
    for _other in range(most):
        limits.request(method, "here", oauth=False)
    with pytest.raises(Refusal, match="Rate limit"):
        limits.request(method, "here", oauth=False)
    limits.request(method, "there", oauth=False)
    limits.request(method, "here", oauth=False)


def test_points_are_for_oauth_only(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"limits": True, "quota": 1})
    cloud_id = cloud("GET", "/_edge/tenant_info").json()["cloudId"]
    grant = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-client-secret"}
    token = cloud("POST", "/oauth/token", grant).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/ex/jira/{cloud_id}/rest/api/3/myself"
    answers = [cloud("GET", path, auth=None, headers=headers) for _other in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
    assert answers[1].headers["RateLimit-Reason"] == "jira-quota-global-based"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00Z", answers[1].headers["X-RateLimit-Reset"])
    assert [cloud("GET", "myself").status_code for _other in range(2)] == [200, 200]


def test_data_center_has_none_of_these_limits(data_center: RestJira) -> None:
    data_center.control("POST", "settings", {"limits": True})
    assert {data_center.link("REL-1", f"APP-{number}").status_code for number in range(1, 30)} == {201}


def test_windows_slide() -> None:
    from sandbox.web.limits import Window

    window = Window(2, 10.0)
    for moment in (0.0, 4.0):
        assert window.wait(moment) == 0
        window.add(moment)
    assert (window.wait(5.0), window.wait(9.5), window.wait(10.0)) == (5.0, 0.5, 0)


# --- the control surface


def test_the_record_of_requests(jira: RestJira) -> None:
    jira("GET", "issue/REL-1?fields=summary")
    jira("DELETE", "issueLink/1")
    prefix = jira.url.removeprefix(jira.origin) + jira.api
    assert jira.control("GET", "requests") == [
        {"method": "GET", "path": f"{prefix}/issue/REL-1", "query": "fields=summary", "status": 200, "account": "demo"},
        {"method": "DELETE", "path": f"{prefix}/issueLink/1", "query": "", "status": 404, "account": "demo"},
    ]
    jira.control("DELETE", "requests")
    assert jira.control("GET", "requests") == []


def test_reset_takes_a_seed_and_goes_back(jira: RestJira) -> None:
    seed = {
        "projects": [{"key": "A", "count": 3, "issues": [{"summary": "First", "status": "Done"}]}],
        "links": [["A-1", "Blocks", "A-2"]],
        "comments": [{"issue": "A-1", "author": "demo", "body": "hi", "internal": True}],
        "remote_links": [{"issue": "A-1", "object": {"url": "https://x", "title": "X"}}],
        "moved": {"B-1": "A-3"},
    }
    assert jira.control("POST", "reset", seed) == {"issues": 3, "links": 1}
    state = jira.control("GET", "state")
    assert state["issues"]["A-1"]["summary"] == "First"
    assert [(each["inward"], each["outward"]) for each in state["links"]] == [("A-1", "A-2")]
    assert (len(state["comments"]), len(state["remote_links"])) == (1, 1)
    assert jira("GET", "issue/B-1").json()["key"] == "A-3"
    jira.control("POST", "reset")
    assert "REL-1" in jira.control("GET", "state")["issues"]


def test_a_large_seed_by_counts(jira: RestJira) -> None:
    seed = {"projects": [{"key": "A", "count": 300}, {"key": "B", "count": 200}], "generated_links": 2000}
    assert jira.control("POST", "reset", seed) == {"issues": 500, "links": 2000}
    assert {link["type"] for link in jira.control("GET", "state")["links"]} >= {"Blocks", "Relates"}


@pytest.mark.parametrize(
    ("seed", "words"),
    [
        ({"color": 1}, "unknown parts: color"),
        ({"projects": [{}]}, "projects"),
        ({"projects": [{"key": "A", "issues": [{"status": "Open"}]}]}, "Open"),
        ({"links": [["REL-1", "Nope", "REL-2"]]}, "no link type Nope"),
        ({"links": [["REL-1", "Blocks", "REL-1"]]}, "itself"),
        ({"moved": {"X-1": "NOPE-1"}}, "no issue NOPE-1"),
        ({"comments": [{"issue": "REL-1", "body": "x", "author": "nobody"}]}, "nobody"),
        ([], "JSON object"),
    ],
)
def test_a_bad_seed_changes_nothing_and_is_explained(jira: RestJira, seed: Any, words: str) -> None:
    answer = requests.post(f"{jira.origin}/_sandbox/reset", json=seed, timeout=5)
    assert answer.status_code == 400 and words in answer.json()["error"]
    assert "REL-1" in jira.control("GET", "state")["issues"]


def test_edit_and_settings(jira: RestJira) -> None:
    jira.linked("REL-1", "APP-1")
    jira.links_of("REL-1")
    jira.control("POST", "edit", {"key": "APP-1", "status": "Done", "summary": "New"})
    fields = jira.links_of("REL-1")[0]["outwardIssue"]["fields"]
    assert (fields["summary"], fields["status"]["name"]) == ("New", "Done")
    for name, wrong in (
        ("edit", {"key": "NOPE-1"}),
        ("edit", {"key": "REL-1", "status": "Open"}),
        ("settings", {"max_links": "two"}),
        ("settings", {"nothing": 1}),
        ("move", {"from": "REL-1", "to_project": "NOPE"}),
        ("settings", 5),
    ):
        assert requests.post(f"{jira.origin}/_sandbox/{name}", json=wrong, timeout=5).status_code == 400
    assert requests.get(f"{jira.origin}/_sandbox/nothing", timeout=5).status_code == 404


def test_the_page_shows_sentences_and_escapes_everything(jira: RestJira, tmp_path: Path) -> None:
    jira.control("POST", "edit", {"key": "REL-1", "summary": "<script>alert(1)</script>"})
    jira.linked("REL-1", "APP-1")
    answer = requests.get(f"{jira.origin}/", timeout=5)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text
    assert '<td class="key">REL-1</td> <td>blocks</td> <td class="key">APP-1</td>' in answer.text
    assert not re.search(r'(src|href)="', answer.text)
