# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine that writes sets, with work that needs no Jira: it always ends, and tells how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply.bulk import Progress, Writer, Written, _Turns
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import JiraError, Unexpected
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._client.outcome import Outcome
from ansible_collections.linkops.jira.plugins.module_utils._client.rate_limits import IssueRateLimiter
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkType


class Connections:
    """As much of a Jira as the engine needs: it counts the connections that were closed."""

    retries, sent = 0, 0

    def __init__(self) -> None:
        self.http = self
        self.closed = 0
        self.shown: list[Progress] = []
        self.progress: Callable[[Progress], None] = self.shown.append

    def for_thread(self) -> Connections:
        return self

    def close(self) -> None:
        self.closed += 1


def links(count: int) -> list[IssueLink]:
    kind = LinkType("1", "Blocks", "is blocked by", "blocks")
    return [IssueLink(kind, Issue(f"A-{number}"), Issue(f"B-{number}")) for number in range(count)]


def written(
    jira: Any, work: Callable[[IssueLink, Jira], Outcome[IssueLink]], concurrency: int
) -> tuple[list[Written], JiraError | None]:
    """What became of nine links, and what ended the work before its time. It must end."""
    ended: list[list[Written]] = []
    writer = Writer(jira, IssueRateLimiter(), 9, concurrency, keep_going=True)
    thread = threading.Thread(target=lambda: ended.append(writer.write(links(9), work)), daemon=True)
    thread.start()
    thread.join(20)
    assert ended, "it hangs"
    return ended[0], writer.stopped_by


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("place", [0, 4, 8])
def test_an_error_that_nobody_expects_ends_the_run(concurrency: int, place: int) -> None:
    jira = Connections()

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        if link.inward.key == f"A-{place}":
            raise RuntimeError("never thought of")
        return Outcome(link)

    results, stopped_by = written(jira, work, concurrency)
    assert isinstance(stopped_by, Unexpected) and "RuntimeError: never thought of" in stopped_by.message
    assert results[place] == Written(error=stopped_by)
    assert all(result.link for result in results[:place]) and jira.closed == concurrency


def test_a_task_that_is_given_up_starts_nothing_more() -> None:
    """A timeout of Ansible's comes as an exception, here from the progress. What was written by then is told."""
    jira = Connections()
    begun: list[str] = []
    release = threading.Event()

    class TaskTimeoutError(BaseException):
        pass

    def timeout(progress: Progress) -> None:
        release.set()
        raise TaskTimeoutError("after 1 second")

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        begun.append(link.inward.key)
        release.wait(5)
        return Outcome(link)

    jira.progress = timeout
    results, stopped_by = written(jira, work, 2)
    assert isinstance(stopped_by, Unexpected) and "TaskTimeoutError: after 1 second" in stopped_by.message
    assert sorted(begun) == ["A-0", "A-1"] == [result.link.inward.key for result in results if result.link]


def test_who_ends_the_process_ends_it() -> None:
    jira = Connections()

    def interrupted(progress: Progress) -> None:
        raise KeyboardInterrupt

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        time.sleep(0.2)
        return Outcome(link)

    jira.progress = interrupted
    with pytest.raises(KeyboardInterrupt):
        Writer(cast("Any", jira), IssueRateLimiter(), 9, 1, keep_going=False).write(links(9), work)


@pytest.mark.parametrize("keep_going", [False, True])
def test_after_an_error_those_under_way_end_and_none_is_started(keep_going: bool) -> None:
    few = links(6)
    turns = _Turns(few, IssueRateLimiter(), keep_going)
    under_way = [turn for turn in (turns.take(), turns.take(), turns.take()) if turn]
    refused = Written(error=JiraError("refused"))
    results = [refused, Written(link=few[1]), Written(link=few[2])]
    for turn, result in zip(under_way, results, strict=True):
        turns.give_back(turn, result, retries=4)
    assert turns.results == [*results, Written(), Written(), Written()]
    assert bool(turns.take()) == keep_going


def test_progress_is_told_while_it_writes() -> None:
    jira = Connections()
    told = threading.Event()

    def show(progress: Progress) -> None:
        jira.shown.append(progress)
        told.set()

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        told.wait(20)
        return Outcome(link)

    jira.progress = show
    written(jira, work, 1)
    assert jira.shown[0] == Progress(0, 9, 0.0)
