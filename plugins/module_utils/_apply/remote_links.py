# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies changes of one issue's remote links."""

from __future__ import annotations

import time
from collections.abc import Sequence

from .._client.errors import Forbidden, JiraError, LimitReached, Unauthorized, as_jira_error
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._client.rate_limits import FULL_OF_REMOTE_LINKS, MOST_REMOTE_LINKS, IssueRateLimiter
from .._model.remote_link import RemoteLink
from .._plan.remote_links import Change
from .links import explain, not_permitted


def preflight(changes: Sequence[Change], key: str, jira: Jira, there: int) -> list[JiraError]:
    """Why Jira would refuse some of the changes, as far as that can be known without writing.

    :param there: how many remote links the issue has.
    """
    written = [change.status for change in changes if change.status != "present"]
    more = written.count("created")
    refused: list[JiraError] = []
    try:
        if written and not jira.may_link(key):
            refused.append(Forbidden(not_permitted(key)))
        if jira.is_cloud() and more and there + more > MOST_REMOTE_LINKS:
            full = f"{key} has {there} remote links and would get {more} more. {FULL_OF_REMOTE_LINKS}"
            refused.append(LimitReached(full))
    except JiraError as error:
        return [error]
    return refused


def apply_changes(changes: Sequence[Change], key: str, jira: Jira, there: int) -> Outcome[list[Change]]:
    """Make the changes in their order, as fast as Jira Cloud allows for one issue.

    :returns: the changes that were made, with the ids of new remote links.
    """
    limiter = IssueRateLimiter.of_site(jira.is_cloud())
    done: list[Change] = []
    for change in changes:
        if change.status == "present":
            done.append(change)
            continue
        try:
            time.sleep(max(0.0, limiter.ready_at([key]) - time.monotonic()))
            limiter.start([key])
            done.append(change._replace(after=_write(change, key, jira)))
        except BaseException as raised:
            error = as_jira_error(raised)
            if isinstance(error, (Forbidden, LimitReached, Unauthorized)):
                error = explain(error, jira, lambda: preflight(changes, key, jira, there))
            return Outcome(done, error)
        limiter.end([key], time.monotonic())
    return Outcome(done)


def _write(change: Change, key: str, jira: Jira) -> RemoteLink | None:
    before, after = change

    def read_back() -> str | None:
        return next((other.id for other in jira.remote_links(key) if after and other.body == after.body), None)

    if after and before:
        jira.replace_remote_link(key, after, read_back)
    elif after:
        return after._replace(id=jira.create_remote_link(key, after, read_back))
    elif before:
        jira.delete_remote_link(key, before)
    return after
