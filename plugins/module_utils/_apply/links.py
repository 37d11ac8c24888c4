# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies a plan of links, one link after the other.

Why Jira would refuse is looked for in the preflight. Check mode asks there instead of writing; the real run asks there
when a write was refused, because one answer of Jira's has up to five causes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .._client.errors import (
    BadRequest,
    Forbidden,
    JiraError,
    LimitReached,
    NoAnswer,
    NotFound,
    RateLimited,
    Redirected,
    ServerError,
    Unauthorized,
    as_jira_error,
)
from .._client.http_client import confirm
from .._client.jira import Jira
from .._client.outcome import Outcome
from .._client.rate_limits import FULL
from .._model.link import Issue, IssueLink
from .._model.options import InputError, resolve_type
from .._plan.links import Plan
from .._text import listed
from .preflight import preflight
from .reader import Reader

NOT_SHOWN = "Jira does not show the new link, so nothing was removed for it."
NOT_SEEN = (
    "Jira answered that it made the link {sentence!r}, and does not show it. Look at the issue: perhaps something "
    "between here and Jira answered in its place."
)
_ADDRESS = re.compile("/issueLink/([0-9]+)$")


def reasons(plan: Plan, jira: Jira, reader: Reader) -> list[JiraError]:
    """Why Jira would refuse parts of the plan, or why it cannot be asked."""
    try:
        return list(preflight(plan, jira, reader))
    except JiraError as error:
        return [error]


def apply_plan(plan: Plan, jira: Jira) -> Outcome[Plan]:
    """Make what the plan adds, then remove what it removes.

    :returns: the part of the plan that was carried out, with the new links as Jira knows them.
    """
    done = plan.nothing_done
    try:
        for link in plan.add:
            made = make_link(link, jira)
            done = done._replace(add=(*done.add, made.done))
            if made.error:
                return Outcome(done, made.error)
            shown = _find(made.done, jira) if plan.remove else _in_full(made.done, jira)
            done = done._replace(add=(*done.add[:-1], *([shown] if shown else [])))
            if not shown:
                raise JiraError(NOT_SHOWN)
        for link in plan.remove:
            remove_link(link, jira)
            done = done._replace(remove=(*done.remove, link))
    except BaseException as raised:
        error = as_jira_error(raised)
        told = [*(f"The link was made: {link.sentence}." for link in done.add), error.message]
        return Outcome(done, error.explained(" ".join(told)))
    return Outcome(done)


def make_link(link: IssueLink, jira: Jira) -> Outcome[IssueLink]:
    """Make a link with its comment.

    :returns: the link, with its id if Jira told it; with an error if only the comment was refused.
    :raises JiraError: the link was not made.
    """

    def read_back() -> IssueLink | None:
        return _find(link, jira)

    try:
        answer = jira.create_link(link, read_back)
    except BadRequest as error:
        made = confirm(read_back, error) if link.comment else None
        if not made:
            raise
        return Outcome(
            made._replace(comment=None),
            error.explained(
                f"The link was made: {made.sentence}. Its comment was refused, and running this again will not add it."
            ),
        )
    except (NotFound, Unauthorized, Forbidden, LimitReached) as error:
        refused = explain(error, jira, lambda: _why(Plan(add=(link,)), jira))
        if refused is error and isinstance(error, LimitReached) and jira.is_cloud():
            refused = error.explained(f"{error.message} {FULL}")
        raise refused from None
    if not answer.confirmed:
        told = _ADDRESS.search(answer.headers.get("Location") or "")  # by Data Center; Cloud does not
        return Outcome(link._replace(id=told[1] if told else None))
    found: IssueLink = answer.data
    if link.comment:
        jira.warn(
            f"There was no clear answer when {found.sentence!r} was made. The link is there now, so it was not sent "
            "again; whether its comment was added cannot be told."
        )
    return Outcome(found)


def _in_full(link: IssueLink, jira: Jira) -> IssueLink:
    """Read back a link that was just made, for its id and the phrases of its type. If that fails, a warning says so."""
    if link.id and link.type.known:
        return link
    try:
        found = _find(link, jira) or link._replace(type=resolve_type(jira.read_link_types(), link.type))
        if not found.id:
            jira.warn(NOT_SEEN.format(sentence=found.sentence))
        return found
    except (InputError, JiraError) as error:
        jira.warn(f"The id of {link.sentence!r} is not known. {error}")
        return link


def _find(link: IssueLink, jira: Jira) -> IssueLink | None:
    """Read the link at its inward issue; None if Jira does not show it there."""

    def same(other: IssueLink) -> bool:
        return other.type.fits(link.type) and all(map(Issue.same, other.ends, link.ends))

    found = next(filter(same, jira.issue(link.inward.key).links), None)
    return found and found._replace(comment=link.comment)


def remove_link(link: IssueLink, jira: Jira) -> None:
    """Remove a link. That it is gone already is no error."""

    try:
        jira.delete_link(link)
    except (NotFound, Unauthorized, Forbidden) as error:
        raise explain(error, jira, lambda: _why(Plan(remove=(link,)), jira)) from None


def _why(plan: Plan, jira: Jira) -> list[JiraError]:
    """Why Jira would refuse parts of the plan by now, whatever was read before it was made."""
    keys, reader = [key for link in plan.add for key in link.keys], Reader(jira)
    try:
        jira.reread_link_types()
        reader.read_issues(keys)
        gone = [key for key in keys if not reader.issue(key)]
        return [NotFound(f"Jira does not show {listed(gone)} any more.")] if gone else reasons(plan, jira, reader)
    except JiraError as error:
        return [error]


def explain(refusal: JiraError, jira: Jira, asked: Callable[[], Sequence[JiraError]]) -> JiraError:
    """A refusal of Jira's with its cause: one status can have up to five, and a preflight finds out which it is.

    :param asked: the preflight of what was refused.
    """
    if refusal.in_doubt:  # what is known now does not tell what an attempt before did
        return refusal
    cause = next(iter(asked()), None)
    if isinstance(cause, (NoAnswer, RateLimited, Redirected, ServerError)):  # to ask is what failed
        return refusal
    if cause:
        return refusal.explained(cause.message, type(cause))
    if isinstance(refusal, Unauthorized) and jira.check_login():
        return refusal.explained("This account is logged in, but lacks a permission for it.", Forbidden)
    return refusal
