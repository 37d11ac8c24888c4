# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of issue links and of their types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .model import Account, Issue, Link, LinkType, Refusal, counted, digits
from .store import ISSUE_MISSING, LINKING_DISABLED, Store

NAME_TAKEN = "You cannot create two issue link types with the same name."
NOT_ADMIN = "You must be an administrator to manage issue link types."


class LinkRequest(NamedTuple):
    """What a POST asks for. `inward_issue` <type.outward> `outward_issue`."""

    type_id: str | None
    type_name: str | None
    inward_issue: str
    outward_issue: str


class Created(NamedTuple):
    """`link` is new, or the one that was there already: a duplicate is answered like a creation."""

    link: Link
    new: bool


def create_link(
    store: Store,
    account: Account | None,
    request: LinkRequest,
    add_comment: Callable[[Issue], Callable[[], Any]] | None = None,
) -> Created:
    """Make a link, or find that it is there; add the comment in both cases.

    `add_comment` checks the comment for the issue on which it lands, and returns what adds it. Where the link is
    made first, as on Data Center, a refused comment leaves it. The checks come in Data Center's order.
    """
    require_linking(store)
    link_type, inward, outward = _resolve(store, account, request)
    if inward is outward:
        raise Refusal(400, "You cannot link an issue to itself.")
    _require_link_permission(store, account, inward)
    commented = inward if store.comment_on == "inward" else outward
    add = add_comment(commented) if add_comment and not store.comment_after_link else None
    created = _make(store, link_type, inward, outward)
    if add_comment:
        (add or add_comment(commented))()
    return created


def require_linking(store: Store, status: int = 404) -> None:
    if not store.linking_enabled:
        raise Refusal(status, LINKING_DISABLED)


def _resolve(store: Store, account: Account | None, request: LinkRequest) -> tuple[LinkType, Issue, Issue]:
    """The type and both ends; what cannot be found is said all together."""
    link_type = find_type(store, request.type_id, request.type_name)
    inward = store.find_visible(account, request.inward_issue)
    outward = store.find_visible(account, request.outward_issue)
    if link_type and inward and outward:
        return link_type, inward, outward
    messages = [] if link_type else [_no_such_type(request.type_id, request.type_name)]
    messages += [ISSUE_MISSING[store.deployment] for issue in (inward, outward) if issue is None]
    raise Refusal(404, *messages)


def find_type(store: Store, type_id: str | None, name: str | None) -> LinkType | None:
    """An id wins over a name; a name must match exactly."""
    if type_id is not None:
        number = digits(type_id)
        return None if number is None else store.link_types.get(number)
    return next((each for each in store.link_types.values() if each.name == name), None)


def _no_such_type(type_id: str | None, name: str | None) -> str:
    what = f"name '{name}'" if type_id is None else f"id '{type_id}'"
    return f"No issue link type with {what} found."


def _require_link_permission(store: Store, account: Account | None, *issues: Issue) -> None:
    """Link Issues in one of the projects is enough. Jira answers 401, whatever its documents say."""
    if not any(store.may_link(account, issue) for issue in issues):
        raise Refusal(401, f"No Link Issue Permission for issue '{issues[0].key}'")


def _make(store: Store, link_type: LinkType, inward: Issue, outward: Issue) -> Created:
    existing = store.link_between(inward, link_type, outward)
    if existing:
        return Created(existing, False)
    for issue in (inward, outward) if store.cloud else ():
        if len(issue.links) >= store.max_links:
            raise Refusal(
                413, f"The issue {issue.key} has reached the limit of {counted(store.max_links, 'issue link')}."
            )
    return Created(store.add_link(inward, link_type, outward), True)


def read_link(store: Store, account: Account | None, link_id: str) -> Link:
    """The link, if the account sees both of its ends."""
    require_linking(store)
    number = digits(link_id)
    if number is None:
        raise Refusal(400, f"The issue link id '{link_id}' is not a number.")
    link = store.links.get(number)
    if link is None or not (store.sees(account, link.inward) and store.sees(account, link.outward)):
        raise Refusal(404, f"No issue link with id '{link_id}' exists.")
    return link


def delete_link(store: Store, account: Account | None, link_id: str) -> None:
    link = read_link(store, account, link_id)
    _require_link_permission(store, account, link.inward, link.outward)
    store.drop_links([link])


def read_type(store: Store, type_id: str) -> LinkType:
    require_linking(store)
    number = digits(type_id)
    if number is None:
        raise Refusal(400, f"The issue link type id '{type_id}' is not a number.")
    found = store.link_types.get(number)
    if found is None:
        raise Refusal(404, _no_such_type(type_id, None))
    return found


def _require_admin(store: Store, account: Account | None) -> None:
    """Jira hides what only an administrator may do: 404."""
    require_linking(store)
    if account is None or not account.admin:
        raise Refusal(404, NOT_ADMIN)


def _check_words(store: Store, words: dict[str, str], itself: LinkType | None = None) -> None:
    blank = [field for field, value in words.items() if not value]
    if blank:
        raise Refusal(400, errors={field: f"'{field}' is required." for field in blank})
    holder = find_type(store, None, words.get("name"))
    if holder is not None and holder is not itself:
        raise Refusal(400, NAME_TAKEN)


def create_type(store: Store, account: Account | None, words: dict[str, str]) -> LinkType:
    """`words` holds name, inward and outward; all three are needed."""
    _require_admin(store, account)
    _check_words(store, {field: words.get(field, "") for field in ("name", "inward", "outward")})
    link_type = LinkType(next(store.link_type_ids), words["name"], words["inward"], words["outward"])
    store.link_types[link_type.id] = link_type
    return link_type


def update_type(store: Store, account: Account | None, type_id: str, words: dict[str, str]) -> LinkType:
    """Change what is given and leave the rest."""
    _require_admin(store, account)
    link_type = read_type(store, type_id)
    _check_words(store, words, link_type)
    for field, value in words.items():
        setattr(link_type, field, value)
    return link_type


def delete_type(store: Store, account: Account | None, type_id: str) -> None:
    """The links of the type go with it."""
    _require_admin(store, account)
    link_type = read_type(store, type_id)
    store.drop_links([link for link in store.links.values() if link.type is link_type])
    del store.link_types[link_type.id]
