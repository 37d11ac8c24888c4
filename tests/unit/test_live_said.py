# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make live` says where something is wrong, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.live import __main__ as live
from tests.live import site as live_site
from tests.live.marks import Mark
from tests.live.scratch import Scratch
from tests.live.site import CAPTCHA, Site, SiteError, on_this_machine
from tests.local_jira import LocalJira
from tests.unit.live_process import held, run_here
from tests.unit.raw_server import RawServer, raw_server, reply

ALL_GONE = "Everything that this run made was removed"
WORDS = {"status": 400, "body": {"errorMessages": ["Linking is closed for the weekend."]}}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "pause", lambda site, seconds: site.go_on())


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """What a run on this site says, and its status."""

    def run(site: LocalJira, **more: str) -> tuple[int, str]:
        status = run_here(site, tmp_path, monkeypatch, **more)
        return status, capsys.readouterr().out

    return run


# --- words that are not known


def test_unknown_words_of_a_preparing_write_are_shown(cloud: LocalJira, said: Any) -> None:
    cloud.fault("status", method="POST", path="issueLink$", **WORDS)
    status, text = said(cloud)
    assert status == 1 and "| 400 other words where it was prepared | differs |" in text
    assert "Words that are not known, which no report holds:\nLinking is closed for the weekend.\n" in text


def test_unknown_words_are_shown_also_where_the_run_ends_early(cloud: LocalJira, said: Any) -> None:
    cloud.fault("status", method="POST", path="issueLink$", **WORDS)
    cloud.fault("status", method="DELETE", path="/issueLink/", status=403, count=9999)
    status, text = said(cloud)
    assert status == 1 and "The run ends early" in text
    assert "which no report holds:\nLinking is closed for the weekend.\n" in text


def test_why_the_journal_was_refused_is_said(cloud: LocalJira, said: Any) -> None:
    cloud.fault("status", method="POST", path="remotelink$", **WORDS)
    assert "the journal could not be written: 400 Linking is closed for the weekend." in said(cloud)[1]


# --- why there is no answer


def why(url: str) -> str:
    with pytest.raises(SiteError) as caught:
        Site(url, "Bearer x").recognise()
    return str(caught.value)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def over_tls(authority: trustme.CA) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with raw_server(context) as server:
        yield server


def test_a_certificate_of_an_authority_of_ones_own(
    over_tls: RawServer, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = why(over_tls.url)
    assert "4 times: the certificate cannot be verified (" in text
    assert text.endswith("If your own authority signed it, name its file in REQUESTS_CA_BUNDLE")
    bundle = tmp_path / "ca.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    assert "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file of certificates" in why(over_tls.url)
    bundle.write_text("no certificate")
    assert "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file of certificates" in why(over_tls.url)
    authority.cert_pem.write_to_path(str(bundle))
    assert why(over_tls.url).startswith("serverInfo answers 200")


def test_a_certificate_for_another_host(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("jira.example.com").configure_cert(context)
    with raw_server(context) as server:
        assert "cannot be verified (IP address mismatch)" in why(server.url)


def too_late(_request: str) -> list[bytes]:
    time.sleep(0.2)
    return [b""]


def test_why_a_host_gives_no_answer(cloud: LocalJira, raw: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why("http://127.0.0.1:1") == "GET serverInfo got no useful answer 4 times: the connection is refused"
    assert "4 times: TLS is not spoken there" in why(cloud.url.replace("http:", "https:"))
    raw.always(reply({}, status="503 Service Unavailable"))
    assert why(raw.url).endswith("4 times: it answers 503")
    raw.always(reply(""))
    assert why(raw.url).endswith("4 times: it answers 200 and nothing else")
    raw.always(b"")
    assert why(raw.url).endswith("4 times: the connection breaks off")
    assert why("https://jira..example.com").endswith("4 times: JIRA_URL, or that of a proxy, is no address")
    monkeypatch.setattr(live_site, "TIMEOUT", (0.05, 0.05))
    raw.answer = too_late
    assert why(raw.url).endswith("4 times: it takes too long")


def test_a_host_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: Any, **_options: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert why("https://jira.example.com").endswith("4 times: the name of the host is not known")


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://me:s3cret@127.0.0.1:1", "at the proxy, the connection is refused"),
        ("http://me:s3cret@127.0.0.1:{port}", "at the proxy, it answers 407"),
        ("http://me:s3cret@127.0.0.1:no", "that of a proxy"),
        ("http://me:s3cret@", "that of a proxy"),
        ("ftp://me:s3cret@127.0.0.1:1", "that of a proxy"),
    ],
)
def test_a_proxy_that_fails_is_named_without_its_password(
    cloud: LocalJira, said: Any, raw: RawServer, monkeypatch: pytest.MonkeyPatch, proxy: str, words: str
) -> None:
    raw.always(reply("me:s3cret", status="407 Proxy Authentication Required of me:s3cret"))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy.format(port=raw.url.rpartition(":")[2]))
    status, text = said(cloud, JIRA_URL="https://jira.example.com")
    assert status == 2 and words in text and "s3cret" not in text


# --- who may ask


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_captcha_is_said_and_asked_once(cloud: LocalJira, said: Any, status: int) -> None:
    for path, before in (("/serverInfo$", 0), ("/myself$", 1)):
        cloud.reset()
        cloud.fault("captcha", path=path, status=status, count=99)
        assert said(cloud) == (2, f"make live: {CAPTCHA}. Nothing was written.\n")
        assert len(cloud.requests()) == before + 1


def test_what_is_wrong_with_the_login_and_what_with_the_address(cloud: LocalJira, said: Any) -> None:
    assert "serverInfo answers 404: no Jira is at JIRA_URL" in said(cloud, JIRA_URL=f"{cloud.url}/jira")[1]
    for path in ("serverInfo", "myself"):
        cloud.fault("status", path=f"/{path}$", status=401)
        assert f"{path} answers 401: the site does not accept the login." in said(cloud)[1]
    cloud.fault("status", path="/serverInfo$", status=401, body={"message": "Unauthorized; scope does not match"})
    assert "serverInfo answers 401: the scopes of the token do not allow it." in said(cloud)[1]


# --- how it ends


def test_a_clean_run_says_so_last(site: LocalJira, said: Any) -> None:
    status, text = said(site)
    assert (status, held(site)) == (0, []) and text.endswith(f"\n{ALL_GONE}.\n")


def test_a_run_that_a_signal_ended_says_that_it_is_clean(cloud: LocalJira, said: Any, monkeypatch: Any) -> None:
    def stopped(three: Scratch, _show: Any) -> Iterator[Any]:
        three.link(three.a, three.b)
        os.kill(os.getpid(), signal.SIGINT)
        yield three.link(three.a, three.c)

    monkeypatch.setattr(live, "ask_all", stopped)
    status, text = said(cloud)
    assert (status, held(cloud)) == (130, []) and text.endswith(f"\n{ALL_GONE}.\n")


def test_comments_that_stay_are_not_said_to_be_gone(cloud: LocalJira, said: Any) -> None:
    cloud.fault("status", method="DELETE", path="/comment/", status=403, count=99)
    status, text = said(cloud)
    assert status == 0 and text.endswith(f"\n{ALL_GONE}, but for the comments above.\n")


@pytest.mark.parametrize("fault", [{"method": "DELETE", "path": "/issueLink/"}, {"method": "GET", "path": "/comment$"}])
def test_what_stays_or_may_stay_is_not_said_to_be_gone(cloud: LocalJira, said: Any, fault: dict[str, str]) -> None:
    cloud.fault("status", status=403, count=9999, **fault)
    status, text = said(cloud)
    assert status == 1 and ALL_GONE not in text and text.endswith("nothing is left on the issues: see above.\n")


def test_a_write_without_an_answer_can_come_late(cloud: LocalJira, said: Any) -> None:
    cloud.fault("break_before", method="POST", path="/issueLink$")
    status, text = said(cloud)
    assert (status, held(cloud)) == (1, []) and ALL_GONE not in text and "can come late.\n" in text


def test_what_an_earlier_run_left_is_not_said_to_be_gone(cloud: LocalJira, said: Any) -> None:
    thing = {"url": "https://x.example.com", "title": "x"}
    journal = Mark("0" * 32).global_id("journal/10001-10041-10081")
    cloud.reset([("REL-1", "Blocks", "APP-1")], remote_links=[{"issue": "REL-1", "globalId": journal, "object": thing}])
    cloud.fault("status", method="DELETE", path="/issueLink/", status=403, count=9999)
    status, text = said(cloud)
    assert status == 1 and "What the earlier run has made may still be there." in text


# --- where Jira is


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080/jira", True),
        ("http://127.8.9.1", True),
        ("https://LocalHost:8443", True),
        ("http://jira.localhost", True),
        ("http://[::1]:8080", True),
        ("https://jira.example.com", False),
        ("https://localhost.example.com", False),
        ("http://10.0.0.1:8080", False),
    ],
)
def test_a_jira_on_this_machine(url: str, here: bool) -> None:
    assert on_this_machine(url) is here
