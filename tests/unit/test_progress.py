# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a long run says at the terminal: lines that fit, and an estimate that knows of Jira's limits."""

from __future__ import annotations

from itertools import count, pairwise

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._client.concurrency import EndpointLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.progress import Progress
from ansible_collections.linkops.jira.plugins.module_utils._client.rate_limits import IssueRateLimiter
from ansible_collections.linkops.jira.plugins.module_utils._client.schedule import Schedule
from ansible_collections.linkops.jira.plugins.module_utils._module import perform
from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_info
from ansible_collections.linkops.jira.plugins.plugin_utils._in_controller import progress_lines

from tests.local_jira import LocalJira
from tests.unit.tasks import validated


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress("links written", 120, 1000, 11.2), "120 of 1,000 links written, about 11 s left"),
        (Progress("links written", 0, 9), "0 of 9 links written"),
        (Progress("issues read", 1200), "1,200 issues read"),
        (
            Progress("remote links written", 1999, 2000, 12_345.0, limited=True),
            "1,999 of 2,000 remote links written, waiting for a limit, about 206 min left",
        ),
    ],
)
def test_a_line_says_how_far_it_is(progress: Progress, line: str) -> None:
    assert progress_lines(progress, set()) == [line] and len(line) <= 77


def test_long_reads_tell_how_far_they_are(site: LocalJira, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock finds a second gone, so that each answer is told."""
    seconds = count()
    monkeypatch.setattr(
        "ansible_collections.linkops.jira.plugins.module_utils._client.parallel.time.monotonic",
        lambda: float(next(seconds)),
    )
    site.reset(projects=[{"key": "MANY", "count": 250}])
    told = list[Progress]()
    params = validated(jira_issue_link_info, {**site.login(), "jql": "project = MANY"})
    assert not isinstance(params, str)
    perform(jira_issue_link_info.run, params, False, progress=told.append)
    assert [each.what for each in told] == ["issues found"] * 3
    assert told[0].done == 100 < told[1].done <= 201 < told[2].done  # pages of Data Center overlap
    told.clear()
    keys = [f"MANY-{number}" for number in range(1, 251)]
    params = validated(jira_issue_link_info, {**site.login(), "issues": keys})
    assert not isinstance(params, str)
    perform(jira_issue_link_info.run, params, False, progress=told.append)
    assert told and {each.what for each in told} == {"issues read"}
    assert all(each.done <= (each.total or 0) for each in told)


def test_who_else_writes_to_an_issue_is_said_once() -> None:
    told = set[str]()
    progress = Progress("links written", 120, 1000, 11.2, shared=("HUB-1",))
    first, second = progress_lines(progress, told), progress_lines(progress, told)
    assert first == ["Somebody else writes to HUB-1, too. It takes longer for that.", *second]
    assert len(second) == 1 and told == {"HUB-1"}


def test_the_estimate_for_a_hub_does_not_grow_while_it_waits() -> None:
    """300 writes to one issue take 68 s from the start: 100 in each 30 s, and 20 in each 2 s."""
    schedule = Schedule(
        [("HUB-1", f"A-{number}") for number in range(300)],
        EndpointLimiter(cloud=True, method="POST", writes=True, now=0.0),
        IssueRateLimiter.of_site(cloud=True),
    )
    left, moments = [schedule.seconds_for_limits(0.0)], 0
    for tick in range(1, 800):
        now = tick / 10
        while (position := schedule.take(now)) is not None:
            schedule.end(position, now)
            moments = tick
        if tick % 10 == 0:
            left.append(schedule.seconds_for_limits(now))
    assert left[0] == 68.0 and left[-1] == 0.0 and 680 <= moments <= 700
    assert all(later <= earlier + 0.5 for earlier, later in pairwise(left))
