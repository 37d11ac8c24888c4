# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine that writes sets, with work that needs no Jira: it always ends, and tells how far it is."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._apply.bulk import CREATION, Written
from ansible_collections.linkops.jira.plugins.module_utils._apply.writer import Writer
from ansible_collections.linkops.jira.plugins.module_utils._client.concurrency import EndpointLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.errors import JiraError, Unexpected
from ansible_collections.linkops.jira.plugins.module_utils._client.jira import Jira
from ansible_collections.linkops.jira.plugins.module_utils._client.outcome import Outcome
from ansible_collections.linkops.jira.plugins.module_utils._client.progress import Progress
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkType

Work = Callable[[IssueLink, Jira], Outcome[IssueLink]]


class Connections:
    """As much of a Jira, and of its connections, as the engine needs. It counts those that threads have."""

    retries, sent, caller_named, login_proved = 0, 0, False, False

    def __init__(self, concurrency: int) -> None:
        self.http = self
        self.lent, self.most_lent = 0, 0
        self.shown: list[Progress] = []
        self.progress: Callable[[Progress], None] = self.shown.append
        self._limiter = EndpointLimiter(cloud=False, method="POST", writes=True, now=time.monotonic(), most=concurrency)

    def is_cloud(self) -> bool:
        return False

    def limiter(self, endpoint: str, writes: bool) -> EndpointLimiter:
        return self._limiter

    def over(self, other: Connections) -> Connections:
        return self

    def for_thread(self) -> Connections:
        self.lent += 1
        self.most_lent = max(self.lent, self.most_lent)
        return copy.copy(self)

    def take_back(self, other: Connections) -> None:
        self.lent -= 1


def links(count: int) -> list[IssueLink]:
    kind = LinkType("1", "Blocks", "is blocked by", "blocks")
    return [IssueLink(kind, Issue(f"A-{number}"), Issue(f"B-{number}")) for number in range(count)]


def written(jira: Any, work: Work, keep_going: bool = True) -> tuple[list[Written], JiraError | None]:
    """What became of nine links, and what ended the work before its time. It must end."""
    ended: list[list[Written]] = []
    writer = Writer(jira, "links", 9, keep_going)
    thread = threading.Thread(
        target=lambda: ended.append(writer.write(links(9), [()] * 9, work, CREATION)), daemon=True
    )
    thread.start()
    thread.join(20)
    assert ended, "it hangs"
    return ended[0], writer.stopped_by


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("place", [0, 4, 8])
def test_an_error_that_nobody_expects_ends_the_run(concurrency: int, place: int) -> None:
    jira = Connections(concurrency)

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        if link.inward.key == f"A-{place}":
            raise RuntimeError("never thought of")
        return Outcome(link)

    results, stopped_by = written(jira, work)
    assert isinstance(stopped_by, Unexpected) and "RuntimeError: never thought of" in stopped_by.message
    assert results[place] == Outcome(None, stopped_by)
    assert all(result.done for result in results[:place])
    assert jira.lent == 0 and 1 <= jira.most_lent <= concurrency


def test_a_task_that_is_given_up_starts_nothing_more() -> None:
    """A timeout of Ansible's comes as an exception, here from the progress. What was written by then is told."""
    jira = Connections(2)
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
    results, stopped_by = written(jira, work)
    assert isinstance(stopped_by, Unexpected) and "TaskTimeoutError: after 1 second" in stopped_by.message
    assert sorted(begun) == ["A-0", "A-1"] == [result.done.inward.key for result in results if result.done]


def test_who_ends_the_process_ends_it() -> None:
    jira = Connections(1)
    begun: list[str] = []

    def interrupted(progress: Progress) -> None:
        raise KeyboardInterrupt

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        begun.append(link.inward.key)
        time.sleep(0.4)
        return Outcome(link)

    jira.progress = interrupted
    with pytest.raises(KeyboardInterrupt):
        Writer(cast("Any", jira), "links", 9).write(links(9), [()] * 9, work, CREATION)
    assert begun == ["A-0", "A-1", "A-2"]


def test_a_thread_that_gets_no_connections_ends_the_run() -> None:
    """Its client key may have been taken away meanwhile, for one."""

    class Refused(Connections):
        def for_thread(self) -> Connections:
            if self.lent:
                raise FileNotFoundError("client.key")
            return super().for_thread()

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        time.sleep(0.1)
        return Outcome(link)

    jira = Refused(4)
    results, stopped_by = written(jira, work)
    assert isinstance(stopped_by, Unexpected) and "client.key" in stopped_by.message
    assert sum(result.done is not None for result in results) == 1 and jira.lent == 0


@pytest.mark.parametrize("keep_going", [False, True])
def test_after_an_error_those_under_way_end_and_none_is_started(keep_going: bool) -> None:
    all_begun = threading.Barrier(3)
    refused = JiraError("refused")

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        if link.inward.key in ("A-0", "A-1", "A-2"):
            all_begun.wait(20)
        if link.inward.key == "A-0":
            raise refused
        time.sleep(0.2)
        return Outcome(link)

    results, stopped_by = written(Connections(3), work, keep_going)
    assert results[0] == Outcome(None, refused) and all(result.done for result in results[1:3])
    assert all(bool(result.done) == keep_going for result in results[3:])
    assert stopped_by == (None if keep_going else refused)


def test_progress_is_told_while_it_writes() -> None:
    jira = Connections(1)
    told = threading.Event()

    def show(progress: Progress) -> None:
        jira.shown.append(progress)
        told.set()

    def work(link: IssueLink, own: Jira) -> Outcome[IssueLink]:
        told.wait(20)
        return Outcome(link)

    jira.progress = show
    written(jira, work)
    assert jira.shown[0] == Progress("links written", 0, 9)
