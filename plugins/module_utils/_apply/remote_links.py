# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies changes of one issue's remote links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from .._client.errors import Forbidden, JiraError, LimitReached, Unauthorized
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._client.rate_limits import FULL_OF_REMOTE_LINKS, MOST_REMOTE_LINKS
from .._model.remote_link import RemoteLink
from .._plan.remote_links import Change
from .links import explain
from .preflight import not_permitted
from .writer import Writer

_SAVING, _REMOVAL = "PUT issue/*/remotelink/*", "DELETE issue/*/remotelink/*"
Written = Outcome[Optional[Change]]
"""What became of one change. Neither change nor error: it was not tried."""


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


def apply_changes(changes: Sequence[Change], key: str, jira: Jira, there: int) -> Outcome[list[Written]]:
    """Make the changes in their order, as fast as Jira Cloud allows for one issue; the removals several at a time.

    :returns: what became of each, in their order, with the ids of new remote links.
    """
    written: list[Written] = [Outcome(change if change.status == "present" else None) for change in changes]
    to_do = [place for place, change in enumerate(changes) if change.status != "present"]
    writer = Writer(jira, "remote links", len(to_do))

    def work(place: int, own: Jira) -> Outcome[Change]:
        change = changes[place]
        try:
            return Outcome(change._replace(after=_write(change, key, own)))
        except (Forbidden, LimitReached, Unauthorized) as error:
            raise explain(error, own, lambda: preflight(changes, key, own, there)) from None

    saved = [([place], _SAVING) for place in to_do if changes[place].after]
    removed = [place for place in to_do if not changes[place].after]
    for places, endpoint in (*saved, (removed, _REMOVAL)):
        if not writer.stopped_by:
            results = writer.write(places, [(key,)] * len(places), work, endpoint)
            for place, result in zip(places, results):
                written[place] = result
    return Outcome(written, writer.stopped_by)


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
