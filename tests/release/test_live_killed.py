# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of `make live` that is disturbed: by Ctrl-C, by a kill, by a site that fails. Nothing of it stays."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.live import __main__ as live
from tests.live.marks import Mark, issues_of_journal, mark_of_comment, mark_of_global_id
from tests.live.site import Site
from tests.local_jira import LocalJira
from tests.unit.live_process import COMMAND, MAKE, ended, environment, held, started

LONGEST = 20.0  # seconds until a run has written enough
Ready = Callable[[LocalJira], object]


def wait_until(site: LocalJira, ready: Ready) -> None:
    ends = time.monotonic() + LONGEST
    while not ready(site):
        assert time.monotonic() < ends
        time.sleep(0.005)


def has_links(site: LocalJira) -> object:
    return site.state()["links"]


def has_comments(site: LocalJira) -> object:
    return site.state()["comments"]


def has_journal_only(site: LocalJira) -> object:
    return site.state()["remote_links"]


def far(site: LocalJira) -> LocalJira:
    """Far enough away for a test to come in between."""
    site.settings(delays={"write": 0.05})
    return site


SIGNALS = [
    (signal.SIGINT, has_journal_only),
    (signal.SIGINT, has_links),
    (signal.SIGTERM, has_comments),
    (signal.SIGHUP, has_links),
]


@pytest.mark.parametrize(("number", "ready"), SIGNALS, ids=[f"{each.name}-{ready.__name__}" for each, ready in SIGNALS])
def test_after_a_signal_nothing_is_left(cloud: LocalJira, tmp_path: Path, number: signal.Signals, ready: Ready) -> None:
    slow = far(cloud)
    process = started(slow, tmp_path)
    wait_until(slow, ready)
    process.send_signal(number)
    status, said = ended(process)
    assert (status, held(slow)) == (128 + number, []), said
    assert "Stopping: what was made is removed." in said and "could not be removed" not in said
    assert said.endswith("Everything that this run made was removed.\n")
    assert list(tmp_path.iterdir()) == []  # half a report is none


@pytest.mark.parametrize("to", ["everybody", "make"])
def test_ctrl_c_in_make(cloud: LocalJira, tmp_path: Path, to: str) -> None:
    """A terminal sends it to make and to all that make has started; who kills make sends it to make alone."""
    process = started(far(cloud), tmp_path, MAKE)
    wait_until(cloud, has_links)
    if to == "everybody":
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    _status, said = ended(process)
    assert process.returncode and held(cloud) == [] and "Stopping" in said, said


@pytest.mark.parametrize("typed", [b"\x04", b"no\n"])
def test_a_person_at_a_terminal_is_asked_first(cloud: LocalJira, tmp_path: Path, typed: bytes) -> None:
    """Ctrl-D instead of Enter, as Ctrl-C, or any word but yes, and nothing was begun."""
    ours, theirs = pty.openpty()
    process = started(cloud, tmp_path, COMMAND, theirs)
    os.write(ours, typed)
    status, said = ended(process)
    os.close(ours)
    os.close(theirs)
    assert status == 2 and "Begin?" in said and "Nothing was written." in said and cloud.writes() == []


def test_make_hides_jira_from_other_targets(cloud: LocalJira) -> None:
    """And not from live, which gets as far as refusing the issues."""
    for goals, hidden in ((["live"], False), (["live", "help"], True), (["help", "live"], True)):
        command = [*MAKE[:-1], *goals]
        env = environment(cloud, LIVE_ISSUES="REL-1")
        said = subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout
        assert ("JIRA_URL has to be" in said) == hidden, said
        assert ("three scratch issues" in said) != hidden, said


def test_a_second_signal_stops_no_cleaning_up(data_center: LocalJira, tmp_path: Path) -> None:
    process = started(far(data_center), tmp_path)
    wait_until(data_center, has_comments)
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
        process.send_signal(number)
        time.sleep(0.02)
    status, said = ended(process)
    assert (status, held(data_center)) == (130, []), said


@pytest.mark.parametrize("ready", [has_journal_only, has_links, has_comments], ids=lambda ready: ready.__name__)
def test_what_a_killed_run_leaves_the_next_one_removes(cloud: LocalJira, tmp_path: Path, ready: Ready) -> None:
    """It names it first."""
    slow = far(cloud)
    process = started(slow, tmp_path)
    wait_until(slow, ready)
    process.kill()
    process.wait()
    process.communicate()
    left = slow.state()
    assert left["remote_links"]
    slow.settings(delays={})
    status, said = ended(started(slow, tmp_path, LIVE_ISSUES="LIB-1,rel-1,APP-1", LIVE_COMMENTS="false"))
    assert (status, held(slow)) == (0, []), said
    named = said[: said.index("About to ask")]
    assert all(f"issue link {link['id']}" in named for link in left["links"])
    assert all(f"comment {comment['id']} of {comment['issue']}" in named for comment in left["comments"])
    assert all(f"remote link {link['id']} of {link['issue']}" in named for link in left["remote_links"])


def test_other_things_on_issues_of_a_killed_run_are_refused(cloud: LocalJira, tmp_path: Path) -> None:
    """A link to a fourth issue and a remote link are not that run's."""
    journal = Mark("0" * 32).global_id("journal/10001-10041-10081")
    thing = {"url": "https://x.example.com", "title": "x"}
    marked = {"issue": "REL-1", "globalId": journal, "object": thing}
    for links, remote_links in (([("REL-1", "Blocks", "OPS-1")], []), ([], [{"issue": "APP-1", "object": thing}])):
        cloud.reset([("REL-1", "Relates", "APP-1"), *links], remote_links=[marked, *remote_links])
        status, said = ended(started(cloud, tmp_path))
        assert status == 2 and "already" in said, said
        assert cloud.writes() == []


def test_a_quoted_comment_stays() -> None:
    mark = Mark("0" * 32)
    assert mark_of_comment(mark.comment(7)) == mark
    for text in (
        "",
        mark.global_id("7"),
        f"> {mark.comment(7)}",
        f"{mark.comment(7)} Why?",
        mark.comment(7).replace("0", "x"),
    ):
        assert mark_of_comment(text) is None


def test_marks_of_remote_links() -> None:
    mark = Mark("f" * 32)
    assert mark_of_global_id(mark.global_id("upsert")) == mark and issues_of_journal(mark.global_id("upsert")) == []
    assert issues_of_journal(mark.global_id("journal/1-2-3")) == ["1", "2", "3"]
    for other in ("", "system=https://x&id=1", f"x{mark.global_id('upsert')}", "linkops.jira-live/1/upsert"):
        assert mark_of_global_id(other) is None and issues_of_journal(other) == []


# --- a site that fails


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[LocalJira], int]:
    def run(site: LocalJira) -> int:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(live, "IN_DOUBT", 0.0)
        for name, value in environment(site).items():
            monkeypatch.setenv(name, value)
        return live.main()

    return run


@pytest.mark.parametrize("path", ["/issueLink$", "/remotelink$"])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "break_before"},
        {"kind": "break_after"},
        {"kind": "error_after", "status": 502},
        {"kind": "status", "status": 504},
    ],
    ids=lambda fault: fault["kind"],
)
def test_a_write_without_a_clear_answer_ends_the_run(
    cloud: LocalJira, run_here: Any, capsys: Any, fault: dict[str, Any], path: str
) -> None:
    cloud.fault("slow", method="POST", path=path, seconds=0, count=3)
    cloud.fault(method="POST", path=path, **fault)
    assert (run_here(cloud), held(cloud)) == (1, [])
    said = capsys.readouterr().out
    assert "The run ends early" in said and "A write got no clear answer" in said


def test_the_journal_comes_first_and_stays_while_a_link_stays(cloud: LocalJira, run_here: Any, capsys: Any) -> None:
    cloud.fault("status", method="DELETE", path="/issueLink/", status=403, count=9999)
    assert run_here(cloud) == 1  # at the first link, or the next facts would meet it
    assert cloud.writes().count("POST /issueLink") == 1
    first, *_rest = cloud.writes()
    assert first == "POST /issue/10001/remotelink"
    journals = cloud.state()["remote_links"]
    assert sorted(journal["issue"] for journal in journals) == ["APP-1", "LIB-1", "REL-1"]
    assert {*issues_of_journal(journals[0]["globalId"])} == {"10001", "10041", "10081"}
    assert len({journal["globalId"] for journal in journals}) == 1
    said = capsys.readouterr().out
    assert all(f"issue link {link['id']}" in said for link in cloud.state()["links"])
    cloud.control("DELETE", "faults")
    assert (run_here(cloud), held(cloud)) == (0, [])


def test_without_a_journal_nothing_is_begun(cloud: LocalJira, run_here: Any) -> None:
    cloud.fault("status", method="POST", path="/remotelink$", status=403)
    assert run_here(cloud) == 1
    assert cloud.writes() == ["POST /issue/10001/remotelink"] and held(cloud) == []


def test_a_site_that_is_gone_says_what_to_do(cloud: LocalJira, run_here: Any, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(Site, "pause", lambda site, seconds: None)
    cloud.fault("slow", method="GET", path="/issue/10001$", seconds=0)  # the look behind the journal
    cloud.fault("break_before", method="GET", path="/issue/10001$", count=99)
    assert run_here(cloud) == 1
    said = capsys.readouterr().out
    assert "It is not known whether everything was removed" in said and "with the same LIVE_ISSUES" in said
    assert re.search("http|demo-token", said[said.index("The run ends early") :]) is None


def test_an_issue_that_is_deleted_meanwhile_is_said_and_what_to_remove_by_hand(
    cloud: LocalJira, tmp_path: Path
) -> None:
    cloud.fault("meanwhile", path="/issueLink$", delete={"key": "LIB-1"})
    status, said = ended(started(cloud, tmp_path))
    by_hand = said[said.index("If one of the issues is gone") :]
    journal, *_others = cloud.state()["remote_links"]
    assert status == 1 and journal["object"]["title"] in by_hand
    status, said = ended(started(cloud, tmp_path, LIVE_ISSUES="REL-1,APP-1,APP-2"))
    assert status == 2 and journal["object"]["title"] in said


@pytest.mark.parametrize("kind", ["status", "break_before", "break_after"])
@pytest.mark.parametrize("path", ["/issueLink/", "/remotelink/", "/comment/"])
def test_a_removal_that_fails_is_tried_again(cloud: LocalJira, tmp_path: Path, path: str, kind: str) -> None:
    cloud.fault(kind, method="DELETE", path=path, **({"status": 503} if kind == "status" else {}))
    status, said = ended(started(cloud, tmp_path))
    assert (status, held(cloud)) == (0, []), said


def test_comments_that_a_failing_site_keeps_are_left_behind(
    cloud: LocalJira, run_here: Any, capsys: Any, monkeypatch: Any
) -> None:
    """They are said, and the next run removes them."""
    cloud.fault("status", method="DELETE", path="/comment/", status=500, count=9999)
    monkeypatch.setattr(Site, "pause", lambda site, seconds: None)
    assert run_here(cloud) == 1
    said = capsys.readouterr().out
    assert "with the same LIVE_ISSUES" in said and cloud.state()["comments"]
    cloud.control("DELETE", "faults")
    assert (run_here(cloud), held(cloud)) == (0, [])


@pytest.mark.parametrize("issue", ["REL-1", "APP-1", "LIB-1"])
def test_each_issue_of_a_killed_run_says_which_to_take(cloud: LocalJira, tmp_path: Path, issue: str) -> None:
    slow = far(cloud)
    process = started(slow, tmp_path)
    wait_until(slow, has_links)
    process.kill()
    ended(process)
    slow.settings(delays={})
    status, said = ended(started(cloud, tmp_path, LIVE_ISSUES=f"{issue},OPS-3,OPS-4"))
    assert status == 2 and "first clean up with LIVE_ISSUES=REL-1,APP-1,LIB-1." in said


def test_a_report_of_an_earlier_run_goes(cloud: LocalJira, tmp_path: Path) -> None:
    (tmp_path / "live-report.json").write_text("{}", encoding="utf-8")
    cloud.fault("status", method="POST", path="/remotelink$", status=403)
    assert ended(started(cloud, tmp_path))[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_its_own_is_cleaned_up_after(cloud: LocalJira, run_here: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(live, "ask_all", lambda three, show: [three.link(three.a, three.b), 1 / 0])
    with pytest.raises(ZeroDivisionError):
        run_here(cloud)
    assert held(cloud) == [] and "POST /issueLink" in cloud.writes()
