# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of one issue's remote links carried out, or foreseen in check mode."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ._api import Jira
from ._apply import explained_by, not_permitted
from ._errors import Forbidden, JiraError, LimitReached, NotFound, Unauthorized, as_jira_error
from ._pace import Budget
from ._remote import MOST_REMOTE_LINKS, Change, RemoteLink


def refusals(changes: Sequence[Change], key: str, jira: Jira, there: int) -> list[JiraError]:
    """Why Jira would refuse, as far as that can be known.

    :param there: how many remote links the issue has.
    """
    written = [change.status for change in changes if change.status != "present"]
    more = written.count("created")
    found: list[JiraError] = []
    if written and not jira.may_link(key):
        found.append(Forbidden(not_permitted(key)))
    if jira.cloud and more and there + more > MOST_REMOTE_LINKS:
        found.append(
            LimitReached(
                f"{key} has {there} remote links and would get {more} more. Jira Cloud allows {MOST_REMOTE_LINKS:,} on "
                "one issue. Remove some; trying again does not help."
            )
        )
    return found


def foresee(changes: Sequence[Change], key: str, jira: Jira, there: int) -> None:
    """:raises JiraError: the first reason, if one is known, for which Jira would refuse the changes."""
    for refusal in refusals(changes, key, jira, there):
        raise refusal


def carry_out(changes: Sequence[Change], key: str, jira: Jira, there: int) -> list[Change]:
    """Make the changes in their order, at the pace that Jira Cloud allows for one issue.

    :returns: the changes with the ids of new remote links.
    :raises JiraError: its ``done`` are the changes that were made before.
    """
    budget = Budget.of_site(jira.cloud)
    done: list[Change] = []
    for change in changes:
        if change.status == "present":
            done.append(change)
            continue
        try:
            time.sleep(max(0.0, budget.ready_at([key]) - time.monotonic()))
            budget.start([key])
            done.append(change._replace(after=_write(change, key, jira)))
        except BaseException as raised:
            error = as_jira_error(raised)
            hidden = isinstance(error, (Forbidden, LimitReached, Unauthorized))
            failure = explained_by(error, jira, lambda: foresee(changes, key, jira, there)) if hidden else error
            failure.done = done
            raise failure from None
        budget.end([key], time.monotonic())
    return done


def _write(change: Change, key: str, jira: Jira) -> RemoteLink | None:
    before, after = change
    if after and before:
        jira.replace_remote_link(key, after)
    elif after:
        return after._replace(id=jira.create_remote_link(key, after))
    elif before:
        try:
            jira.delete_remote_link(key, before)
        except NotFound:  # it is gone by now, which is what was wanted
            jira.prove_login()
    return after
