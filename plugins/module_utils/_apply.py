# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries a plan out, or foresees in check mode what that would do: the same steps, but for the writing.

What Jira would refuse is looked for in `foresee_creation` and `foresee_removal`. Check mode asks there instead of
writing; the real run asks there when a write was refused, because one answer of Jira's has up to five causes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ._api import Jira
from ._errors import (
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
from ._http import look
from ._model import InputError, IssueLink, Json, LinkedIssue, LinkType, resolve_type
from ._plan import Plan
from ._survey import FULL, MOST_LINKS

NOT_SHOWN = "Jira does not show the new link, so nothing was removed for it."
NOT_SEEN = (
    "Jira answered that it made the link {sentence!r}, and does not show it. Look at the issue: perhaps something "
    "between here and Jira answered in its place."
)

Read = Mapping[str, LinkedIssue]
"""The issues that were read, by their current keys."""


def foresee(plan: Plan, jira: Jira, read: Read) -> Plan:
    """What carry_out would return, with nothing written and therefore no id for a new link.

    :raises JiraError: Jira would refuse.
    """
    add = tuple(foresee_creation(link, jira, read) for link in plan.add)
    for link in plan.remove:
        foresee_removal(link, jira)
    return plan._replace(add=add)


def carry_out(plan: Plan, jira: Jira, read: Read, comment: Json) -> Plan:
    """Make what the plan adds, then remove what it removes.

    :returns: the plan with the new links as Jira knows them.
    :raises JiraError: its ``done`` is the part of the plan that was carried out.
    """
    added: list[IssueLink] = []
    removed: list[IssueLink] = []
    try:
        for link in plan.add:
            added.append(make_link(link, jira, read, comment))
            added[-1:] = _looked_at(added[-1], jira, sure=bool(plan.remove))
        if len(added) < len(plan.add):
            raise JiraError(NOT_SHOWN)
        for link in plan.remove:
            remove_link(link, jira)
            removed.append(link)
    except BaseException as raised:
        error = as_jira_error(raised)
        made = [f"The link was made: {link.sentence}." for link in added]
        failure = error.explained(" ".join([*made, error.message]))
        failure.done = plan._replace(add=(*added, *([error.done] if error.done else [])), remove=tuple(removed))
        raise failure from None
    return plan._replace(add=tuple(added))


def foresee_creation(link: IssueLink, jira: Jira, read: Read) -> IssueLink:
    """The link with its type in full, if nothing is known to stand against making it."""
    full = link._replace(type=_existing_type(link, jira))
    # Jira asks for the permission at the inward issue only.
    if not jira.may_link(link.inward.key):
        raise Forbidden(not_permitted(link.inward.key))
    if jira.cloud:
        for key in link.keys:
            if len(read[key].links) >= MOST_LINKS:
                raise LimitReached(f"{key} has {len(read[key].links)} issue links. {FULL}")
    return full


def foresee_removal(link: IssueLink, jira: Jira) -> None:
    """Permission for one of its ends is enough.

    :raises Forbidden: this account may not remove the link.
    """
    _existing_type(link, jira)
    if not any(map(jira.may_link, link.keys)):
        raise Forbidden(not_permitted(" or ".join(link.keys)))


def _existing_type(link: IssueLink, jira: Jira) -> LinkType:
    """The link's type in full. To ask for it is to find out, too, whether issue linking is switched off."""
    try:
        return resolve_type(jira.link_types, link.type)
    except InputError as error:
        raise NotFound(str(error)) from None


def not_permitted(key: str) -> str:
    return (
        f"This account has no Link Issues permission for {key}. "
        "Ask an administrator of the project for it, or use another account."
    )


def make_link(link: IssueLink, jira: Jira, read: Read, comment: Json) -> IssueLink:
    """Make a link.

    :returns: the link, with its id if Jira told it.
    :raises JiraError: its ``done`` is the link if only the comment was refused.
    """

    def there() -> IssueLink | None:
        return _find(link, jira)

    try:
        answer = jira.create_link(link, comment, settled=there)
    except BadRequest as error:
        made = look(there, error) if comment else None
        if not made:
            raise
        half_done = error.explained(
            f"The link was made: {made.sentence}. Its comment was refused, and running this again will not add it."
        )
        half_done.done = made
        raise half_done from None
    except (NotFound, Unauthorized, Forbidden, LimitReached) as error:
        refused = explained_by(error, jira, lambda: foresee_creation(link, jira, read))
        if refused is error and isinstance(error, LimitReached) and jira.cloud:
            refused = error.explained(f"{error.message} {FULL}")
        raise refused from None
    if not answer.settled:
        # Data Center tells the new id, Cloud does not.
        return link._replace(id=(answer.headers.get("Location") or "").rpartition("/")[2] or None)
    found: IssueLink = answer.data
    if comment:
        jira.warnings.append(
            f"Jira did not answer when {found.sentence!r} was made. The link is there now, so it was not sent again; "
            "whether its comment was added cannot be told."
        )
    return found


def _looked_at(link: IssueLink, jira: Jira, sure: bool) -> list[IssueLink]:
    """A link that was just made, with its id and type as Jira shows them.

    :param sure: whether it has to be seen, because others are removed for it. Then it is left out if Jira does not show
        it; otherwise a look that fails, or finds nothing, is only a warning.
    :raises JiraError: it has to be seen, and looking failed.
    """
    if sure:
        found = _find(link, jira)
        return [found] if found else []
    if link.id and link.type.known:
        return [link]
    try:
        found = _find(link, jira) or link._replace(type=_existing_type(link, jira))
        if not found.id:
            jira.warnings.append(NOT_SEEN.format(sentence=found.sentence))
        return [found]
    except JiraError as error:
        jira.warnings.append(f"The id of {link.sentence!r} is not known. {error.message}")
        return [link]


def _find(link: IssueLink, jira: Jira) -> IssueLink | None:
    """The link as Jira shows it now, whose type may be known by name or id only."""
    links = jira.issue(link.inward.key).links
    return next((other for other in links if other.keys == link.keys and other.type.fits(link.type)), None)


def remove_link(link: IssueLink, jira: Jira) -> None:
    """Remove a link. One that is gone by now is what was wanted."""
    try:
        jira.delete_link(link)
    except NotFound as error:
        if jira.link(str(link.id)):
            raise explained_by(error, jira, lambda: foresee_removal(link, jira)) from None
    except (Unauthorized, Forbidden) as error:
        raise explained_by(error, jira, lambda: foresee_removal(link, jira)) from None


def explained_by(refusal: JiraError, jira: Jira, asking: Callable[[], object]) -> JiraError:
    """The refusal with its cause named, if asking for it finds one."""
    try:
        asking()
    except (NoAnswer, RateLimited, Redirected, ServerError):  # to ask is what failed
        return refusal
    except JiraError as cause:
        return refusal.explained(cause.message, type(cause))
    if isinstance(refusal, Unauthorized) and jira.knows_us():
        return refusal.explained("This account is logged in, but lacks a permission for it.", Forbidden)
    return refusal
