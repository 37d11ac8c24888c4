# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies a plan of many links: several writes at a time, below Jira's rate limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Optional

from .._client.errors import JiraError, Unexpected, as_jira_error
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._model.link import IssueLink
from .._plan.graph import vertex_cover
from .._plan.links import Plan
from .links import NOT_SEEN, NOT_SHOWN, make_link, remove_link
from .reader import Reader
from .writer import Writer

CREATION = "POST issueLink"
Written = Outcome[Optional[IssueLink]]
"""What became of one link. Neither link nor error: it was not tried. Both: only its comment was refused."""


class InBulk(NamedTuple):
    """What became of each link that a plan adds or removes, in its order; and the seconds spent on rate limits."""

    added: Sequence[Written]
    removed: Sequence[Written]
    seconds_waited: float = 0.0

    def in_doubt(self, plan: Plan) -> Plan:
        """The part of the plan that may have been carried out, although nothing says so."""
        return Plan(
            add=tuple(link for link, each in zip(plan.add, self.added) if _in_doubt(each)),
            remove=tuple(link for link, each in zip(plan.remove, self.removed) if _in_doubt(each)),
        )

    @classmethod
    def expected(cls, plan: Plan) -> InBulk:
        """The result of a run in which nothing fails, as check mode reports it."""
        return cls([Outcome(link) for link in plan.add], [Outcome(link) for link in plan.remove])


def _in_doubt(written: Written) -> bool:
    """Whether the link may have been written although the result does not hold it."""
    return not written.done and written.error is not None and written.error.in_doubt


def apply_in_bulk(plan: Plan, jira: Jira, keep_going: bool) -> Outcome[InBulk]:
    """Make what a plan adds, then remove what it removes. If anything goes wrong before, nothing is removed.

    :param keep_going: whether to go on with the other links after an error that concerns one link only.
    """
    writer = Writer(jira, "links", len(plan.add) + len(plan.remove), keep_going)
    added = writer.write(plan.add, [link.keys for link in plan.add], make_link, CREATION)
    error = writer.stopped_by or _first_error(added)
    removed: Sequence[Written] = [Outcome(None)] * len(plan.remove)
    try:
        if not isinstance(error, Unexpected):
            added = _read_back(added, jira, sure=bool(plan.remove))
    except BaseException as raised:
        error = error or as_jira_error(raised)
    if not (error or _first_error(added)):
        removed = writer.write(plan.remove, [link.keys for link in plan.remove], _remove, "DELETE issueLink")
    error = error or writer.stopped_by or _first_error([*added, *removed])
    return Outcome(InBulk(added, removed, writer.seconds_waited), error)


def _remove(link: IssueLink, jira: Jira) -> Outcome[IssueLink]:
    remove_link(link, jira)
    return Outcome(link)


def _first_error(results: Iterable[Written]) -> JiraError | None:
    return next((written.error for written in results if written.error), None)


def _read_back(added: Sequence[Written], jira: Jira, sure: bool) -> list[Written]:
    """Read the new links back, for the ids that Cloud does not tell when it makes a link.

    :param sure: whether each has to be seen, because others are to be removed for it.
    :raises JiraError: they have to be seen, and reading failed.
    """
    fresh = Reader(jira)
    links = [written.done for written in added if written.done]
    try:
        fresh.read_issues(vertex_cover(link.keys for link in links if sure or not link.id), at_once=True)
    except JiraError as error:
        if sure:
            raise error.explained(f"The new links could not be read, so nothing was removed. {error.message}") from None
        jira.warn(f"The ids of the new links could not be read. {error.message}")
        return list(added)  # a report without ids is better than none
    known = {(link.type.id, *link.keys): link for link in fresh.links.values()}
    # An issue that moved meanwhile has another key by now.
    keys = {end.id: end.key for link in fresh.links.values() for end in link.ends if end.id}

    def seen(written: Written) -> Written:
        link = written.done
        if not link or (link.id and not sure):
            return written
        inward, outward = (keys.get(end.id or "", end.key) for end in link.ends)
        found = known.get((link.type.id, inward, outward))
        if found:
            return Outcome(found._replace(comment=link.comment), written.error)
        if sure:
            return Outcome(None, JiraError(NOT_SHOWN).doubted(NOT_SHOWN))
        jira.warn(NOT_SEEN.format(sentence=link.sentence))
        return written

    return [seen(written) for written in added]
