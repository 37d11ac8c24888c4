# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of `make live` that nobody disturbs: what it refuses, what it says, and what its report holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.live import __main__ as live
from tests.live import reading
from tests.live.fact import FACTS
from tests.live.marks import Mark
from tests.live.preflight import in_the_open
from tests.live.reading import Issue, read_comments
from tests.live.report import kept, vocabulary
from tests.live.scratch import Scratch
from tests.live.site import Site, SiteError, basic
from tests.live.words import KNOWN, OTHER_WORDS, known, one_line, printable
from tests.local_jira import LocalJira
from tests.unit.live_process import ended, held, run_here, started
from tests.unit.raw_server import RawServer, reply


def run(site: LocalJira, folder: Path, **more: str) -> tuple[int, str]:
    return ended(started(site, folder, **more))


# --- to the end


def test_a_run_leaves_a_report_and_nothing_else(site: LocalJira, tmp_path: Path) -> None:
    """And it says first what it will write."""
    status, said = run(site, tmp_path, LIVE_MOVED="OLD-1")
    assert (status, held(site)) == (0, []), said
    for words in (site.url, "REL-1, APP-1, LIB-1", "Comments send mail", "automation", "LIVE_COMMENTS=false"):
        assert words in said[: said.index("held ")]
    report = json.loads((tmp_path / "live-report.json").read_text(encoding="utf-8"))
    assert (report["deployment"], report["on_this_machine"]) == (site.deployment, True)
    assert len(report["facts"]) == len(FACTS)
    assert {each["verdict"] for each in report["facts"]} == {"held", "not asked"}
    assert ", 0 differ, " in said and "| fact | expected | seen | verdict |" in said
    text = (tmp_path / "live-report.md").read_text(encoding="utf-8")
    assert all(fact.says in text for fact in FACTS.values()) and "POST issueLink" in text


def test_what_differs_is_an_exit_status_and_comments_that_stay_are_none(cloud: LocalJira, tmp_path: Path) -> None:
    """They are named."""
    cloud.fault("status", method="DELETE", path="/comment/", status=403, count=99)
    status, said = run(cloud, tmp_path)
    left = [f"comment {each['id']} of {each['issue']}" for each in cloud.state()["comments"]]
    assert status == 0 and len(left) == 3 and all(each in said for each in left)
    assert cloud.state()["remote_links"] == cloud.state()["links"] == []
    cloud.fault("status", path="/issueLink/abc$", status=404)
    status, said = run(cloud, tmp_path)
    assert status == 1 and ", 1 differ, " in said and live.FORM in said
    assert "differs    A link id that is no number: 404" in said


def test_without_comments_none_is_sent_or_asked_for(
    site: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[Any] = []
    send = requests.Session.send

    def recorded(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> Any:
        bodies.append(request.body)
        return send(session, request, **options)

    monkeypatch.setattr(requests.Session, "send", recorded)
    assert run_here(site, tmp_path, monkeypatch, LIVE_COMMENTS="false") == 0
    assert len(bodies) > 100 and not [body for body in bodies if "comment" in str(body)]
    assert not [each for each in site.requests() if "comment" in each]
    report = json.loads((tmp_path / "live-report.json").read_text(encoding="utf-8"))
    verdicts = {each["name"]: each["verdict"] for each in report["facts"]}
    assert {verdicts[fact.name] for fact in FACTS.values() if fact.comments} == {"not asked"}


def test_customers_get_no_comments(cloud: LocalJira, tmp_path: Path) -> None:
    status, said = run(cloud, tmp_path, LIVE_ISSUES="SUP-1,SUP-2,APP-1")
    assert status == 0 and "customers of a service project" in said
    assert not [each for each in cloud.requests() if "comment" in each]


def test_names_without_capitals_and_small_letters_are_not_asked_about(cloud: LocalJira, tmp_path: Path) -> None:
    types = [
        {"name": "阻塞", "inward": "被阻塞", "outward": "阻塞了"},
        {"name": "相关", "inward": "相关", "outward": "相关"},
    ]
    cloud.reset(link_types=types)
    status, said = run(cloud, tmp_path)
    assert status == 0 and ", 0 differ, " in said and "in other letters" in said


def test_what_a_site_repeats_of_the_login_is_not_shown() -> None:
    site = Site("http://127.0.0.1:1", basic("me", "s3cret-token"))
    sent = site.authorization.partition(" ")[2]
    assert site.hidden(f"you sent {site.authorization}, that is s3cret-token") == "you sent Basic …, that is …"
    assert sent not in site.hidden(f"https://sso.example.com/?a={sent}")


# --- what is refused


REFUSALS: dict[str, tuple[dict[str, str], str]] = {
    "no address": ({"JIRA_URL": ""}, "JIRA_URL has to be"),
    "a login in the address": ({"JIRA_URL": "http://me:it@127.0.0.1:1"}, "without a login in it"),
    "no issues": ({"LIVE_ISSUES": ""}, "three scratch issues"),
    "four issues": ({"LIVE_ISSUES": "REL-1,REL-2,REL-3,REL-4"}, "three scratch issues"),
    "an issue twice": ({"LIVE_ISSUES": "REL-1,APP-1,rel-1"}, "names an issue twice"),
    "an issue by two keys": ({"LIVE_ISSUES": "OLD-1,APP-1,APP-40"}, "names an issue twice"),
    "no such issue": ({"LIVE_ISSUES": "REL-1,APP-1,APP-999"}, "APP-999 cannot be read: 404. Check the spelling, and"),
    "linked issues": ({"LIVE_ISSUES": "REL-1,APP-1,OPS-1"}, "OPS-1 has issue links already"),
    "issues linked to others": ({"LIVE_ISSUES": "OPS-1,APP-1,LIB-1"}, "OPS-1 has issue links already"),
    "a remote link": ({"LIVE_ISSUES": "REL-1,APP-1,OPS-3"}, "OPS-3 has a remote link already"),
    "read only": ({"LIVE_ISSUES": "REL-1,APP-1,RO-1"}, "lacks the permission Link Issues on RO-1."),
    "no key that moved": ({"LIVE_MOVED": "OLD-l"}, "LIVE_MOVED has to be a key that an issue once had"),
    "a moved key that leads nowhere": ({"LIVE_MOVED": "OLD-77"}, "OLD-77 cannot be read: 404. Check the spelling, and"),
    "a key of today": ({"LIVE_MOVED": "rel-1"}, "rel-1 is the key of one today"),
    "an address that cannot be one": ({"JIRA_URL": "https://jira..example.com"}, "got no useful answer"),
    "no text": ({"JIRA_API_TOKEN": "p\udce4ss"}, "JIRA_API_TOKEN holds bytes that are no text in UTF-8"),
    "neither true nor false": ({"LIVE_COMMENTS": "maybe"}, "LIVE_COMMENTS has to be"),
    "nobody": ({"JIRA_USERNAME": "", "JIRA_API_TOKEN": "", "JIRA_TOKEN": ""}, "What is set: none of them"),
    "half a login": ({"JIRA_API_TOKEN": ""}, "What is set: JIRA_USERNAME."),
    "two logins": ({"JIRA_TOKEN": "c"}, "two are set: JIRA_USERNAME, JIRA_API_TOKEN, JIRA_TOKEN."),
    "a name besides a token": ({"JIRA_API_TOKEN": "", "JIRA_TOKEN": "c"}, "two are set: JIRA_USERNAME, JIRA_TOKEN."),
    "a token of two lines": ({"JIRA_USERNAME": "", "JIRA_API_TOKEN": "", "JIRA_TOKEN": "a\nb"}, "what no token has"),
    "a token with a sign": ({"JIRA_USERNAME": "", "JIRA_API_TOKEN": "", "JIRA_TOKEN": "a€b"}, "what no token has"),
}
EXPIRED = {True: {"JIRA_API_TOKEN": "expired-token"}, False: {"JIRA_TOKEN": "expired-pat"}}


@pytest.fixture
def used(cloud: LocalJira) -> LocalJira:
    """A site on which some issues are no scratch issues."""
    thing = {"url": "https://ci.example.com/1", "title": "Build 1"}
    cloud.reset([("OPS-1", "Blocks", "OPS-2")], remote_links=[{"issue": "OPS-3", "object": thing}])
    return cloud


@pytest.mark.parametrize(("more", "words"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_before_anything_is_written(
    used: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, more: dict[str, str], words: str
) -> None:
    assert run_here(used, tmp_path, monkeypatch, **more) == 2
    said = capsys.readouterr().out
    assert words in said and "Nothing was written." in said
    assert used.writes() == []


@pytest.mark.parametrize("way", ["header", "header_on_errors", "silent"])
def test_a_login_that_has_ended_is_refused(
    site: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, way: str
) -> None:
    """It would see no links, and take none for there is none."""
    site.settings(dead_login=way)
    assert run_here(site, tmp_path, monkeypatch, **EXPIRED[site.cloud], LIVE_ISSUES="PUB-1,PUB-2,PUB-3") == 2
    assert "401" in capsys.readouterr().out and site.writes() == []


def test_a_page_that_speaks_of_a_scope_is_no_login(cloud: LocalJira, tmp_path: Path, monkeypatch: Any) -> None:
    """What a token may not do is told in JSON. Such a token is logged in."""
    page = {"status": 401, "body": '<th scope="col">Log in</th>', "content_type": "html"}
    cloud.fault("status", path="/myself$", **page)
    assert run_here(cloud, tmp_path, monkeypatch) == 2 and cloud.writes() == []
    body = {"code": 401, "message": "Unauthorized; scope does not match"}
    cloud.fault("status", path="/myself$", status=401, body=body)
    assert run_here(cloud, tmp_path, monkeypatch) == 0


@pytest.mark.parametrize(
    ("url", "open"),
    [("http://jira.example.com", True), ("https://jira.example.com", False), ("http://127.0.0.1:8080/jira", False)],
)
def test_who_can_read_the_login(url: str, open: bool) -> None:
    assert in_the_open(url) is open


INCOMPLETE: dict[str, tuple[str, Any]] = {
    "an issue without links": ("/issue/REL-1$", {"id": "10001", "key": "REL-1", "fields": {}}),
    "a link without an end": (
        "/issue/REL-1$",
        {"id": "1", "key": "REL-1", "fields": {"project": {"projectTypeKey": "x"}, "issuelinks": [{"id": "5"}]}},
    ),
    "no list of remote links": ("/remotelink$", {}),
    "a remote link without an id": ("/remotelink$", [{"globalId": "x"}]),
    "no link types": ("/issueLinkType$", {}),
}


@pytest.mark.parametrize(("path", "body"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_an_incomplete_read_is_an_error_and_never_none(
    cloud: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    cloud.fault("status", method="GET", path=path, status=200, body=body)
    assert run_here(cloud, tmp_path, monkeypatch) == 2
    assert cloud.writes() == []


def test_comments_are_read_to_the_last(cloud: LocalJira) -> None:
    cloud.reset(comments=[{"issue": "REL-1", "author": "demo", "body": f"{number}"} for number in range(205)])
    site = Site(cloud.url, basic("demo@example.com", "demo-token"))
    issue = Issue("10001", "REL-1", "software")
    assert [comment.text for comment in read_comments(site, issue)] == [str(number) for number in range(205)]
    cloud.fault("slow", path="/comment$", seconds=0)
    cloud.fault("status", path="/comment$", status=200, body={"comments": [], "total": 205})
    with pytest.raises(SiteError, match="some comments of an issue are not shown"):
        read_comments(site, issue)


def test_issues_on_which_another_run_was_killed(
    cloud: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Their links are that run's, which named other issues. An issue that cannot be read is named by its id."""
    journal = Mark("0" * 32).global_id("journal/10001-10002-77777")
    thing = {"url": "https://x.example.com", "title": "x"}
    cloud.reset(remote_links=[{"issue": "REL-1", "globalId": journal, "object": thing}])
    assert run_here(cloud, tmp_path, monkeypatch) == 2
    assert "LIVE_ISSUES=REL-1,REL-2,77777." in capsys.readouterr().out and cloud.writes() == []


def test_links_on_marked_issues_without_a_journal_are_somebody_elses(
    cloud: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = {"url": "https://x.example.com", "title": "x"}
    marked = {"issue": "REL-1", "globalId": Mark("0" * 32).global_id("upsert"), "object": thing}
    cloud.reset([("REL-1", "Blocks", "APP-1")], remote_links=[marked])
    assert run_here(cloud, tmp_path, monkeypatch) == 2
    assert cloud.writes() == []


# --- reports


ODD: dict[str, Any] = {
    "title": "Zaphod's Jira",
    "accounts": [
        {
            "name": "zaphod",
            "email": "zaphod@zarniwoop.example",
            "display_name": "Zaphod Beeblebrox",
            "groups": ["jira-users"],
            "roles": {"Developers": ["*"]},
            "tokens": ["zartoken"],
            "pats": ["zarpat"],
        }
    ],
    "link_types": [
        {"name": "Zlocks", "inward": "is zlocked by", "outward": "zlocks"},
        {"name": "Zelates", "inward": "zelates to", "outward": "zelates to"},
    ],
    "projects": [{"key": "ZARK", "name": "Zarking", "count": 5}],
    "moved": {"ZOLD-9": "ZARK-5"},
    "oauth_clients": [],
    "versions": {},
}


def test_a_report_names_nobody(site: LocalJira, tmp_path: Path) -> None:
    """What Jira says in unknown words is for the terminal only, and no credential is for anything."""
    site.reset(**ODD)
    words = "Zaphod may not see ZARK-1."
    site.fault("status", method="GET", path="/issueLink/[0-9]+$", status=404, body={"errorMessages": [words]}, count=2)
    more = {"LIVE_ISSUES": "ZARK-1,ZARK-2,ZARK-3", "LIVE_MOVED": "ZOLD-9"}
    login = {"JIRA_USERNAME": "zaphod@zarniwoop.example", "JIRA_API_TOKEN": "zartoken"}
    status, said = run(site, tmp_path, **more, **(login if site.cloud else {"JIRA_TOKEN": "zarpat"}))
    assert status == 1 and words in said, said
    assert not re.search("zartoken|zarpat", said)
    for name in ("live-report.json", "live-report.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "404 other words" in text and "differs" in text
        assert not re.search(r"z[aeloi]|127\.0|example|1000\d|http", text, re.IGNORECASE), text


def test_what_an_answer_may_say_in_a_report() -> None:
    assert (
        kept("404 No issue link type with name '{name}' found.") == "404 No issue link type with name '{name}' found."
    )
    assert kept("201, one link of ZARK-1") == "201, one link of …"
    assert kept("10001 200 600") == "… 200 …"
    assert "ZARK-1" not in vocabulary() and len(vocabulary()) < 300


@pytest.mark.parametrize("text", KNOWN)
def test_known_words_are_kept_with_placeholders(text: str) -> None:
    values = {"name": "{id} of Zaphod", "id": "10000"}
    said = text.replace("{name}", values["name"]).replace("'{id}'", "'10000'")
    assert known(said, **values) == text
    assert known(said + " Zaphod", **values) == OTHER_WORDS
    if "{" in text:
        assert known(said) == OTHER_WORDS


def test_nothing_that_jira_says_is_obeyed_by_a_terminal() -> None:
    assert printable("a\nb\x1b[31m\r\x9b\u202e") == "a\nb?[31m???"
    assert len(one_line("x \n" * 999)) <= 301


# --- requests


def test_no_cookie_is_sent_back(raw: RawServer) -> None:
    """It would be a login for whoever asks without one."""
    raw.always(reply({"version": "1.0"}, "Set-Cookie: JSESSIONID=1; Path=/"))
    site = Site(raw.url, "Bearer x")
    site.ask("GET", "serverInfo")
    assert list(site.session.cookies) == []


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirects_are_not_followed(
    cloud: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, status: int
) -> None:
    headers = {"Location": "https://login.example.com/"}
    cloud.fault("status", path="/serverInfo$", status=status, headers=headers)
    assert run_here(cloud, tmp_path, monkeypatch) == 2
    assert "wants to be asked at https://login.example.com/" in capsys.readouterr().out


def test_what_is_throttled_or_fails_is_asked_again(
    cloud: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site, "pause", lambda site, seconds: None)
    cloud.fault("rate_limit", method="POST", path="/issueLink$")
    cloud.fault("status", method="GET", path="/issueLink/", status=503)
    cloud.fault("status", method="GET", path="/myself$", status=200, body="")
    assert run_here(cloud, tmp_path, monkeypatch) == 0


def test_a_site_that_asks_to_wait_for_long_is_left(
    cloud: LocalJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    cloud.fault("rate_limit", path="/serverInfo$", retry_after=3600)
    assert run_here(cloud, tmp_path, monkeypatch) == 2
    assert "asks to wait for 3600 seconds" in capsys.readouterr().out


def test_a_link_that_somebody_was_faster_with_stays(cloud: LocalJira, tmp_path: Path, monkeypatch: Any) -> None:
    """It comes between the look at the issues and the journal."""
    begin = Scratch.begin

    def late(three: Scratch) -> None:
        three.link(three.a, three.b)
        begin(three)

    monkeypatch.setattr(Scratch, "begin", late)
    assert run_here(cloud, tmp_path, monkeypatch) == 1
    assert len(cloud.links()) == 1 and cloud.state()["remote_links"] == []


def test_a_comment_that_quotes_one_of_ours_is_none_of_ours() -> None:
    text = {"type": "text", "text": Mark("0" * 32).comment(1)}
    paragraph = {"type": "paragraph", "content": [text]}
    assert reading._words({"type": "doc", "content": [paragraph]}) == text["text"]
    for content in (
        [{"type": "blockquote", "content": [paragraph]}],
        [paragraph, {"type": "paragraph", "content": [{"type": "emoji"}]}],
        [{"type": "paragraph", "content": [text, {"type": "emoji"}]}],
        [],
        None,
    ):
        assert reading._words({"type": "doc", "content": content}) == ""
