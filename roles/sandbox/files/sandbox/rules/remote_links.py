# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of remote links, with their traps: an upsert by global id that nulls what is not sent."""

from __future__ import annotations

from typing import Any

from .links import require_linking
from .model import BAD_PAYLOAD, Account, Issue, Refusal, RemoteLink, counted, digits
from .shapes import Check, anything, flag, or_null, record, text
from .store import Store

GLOBAL_ID_LENGTH = 255


def _object(**optional: Check) -> Check:
    return or_null(record({}, {name: or_null(check) for name, check in optional.items()}, others=anything))


ICON = _object(url16x16=text, title=text, link=text)
FIELDS = {
    "globalId": or_null(text),
    "application": _object(type=text, name=text),
    "relationship": or_null(text),
    "object": _object(url=text, title=text, summary=text, icon=ICON, status=_object(resolved=flag, icon=ICON)),
}
SENT = record({}, FIELDS)


def list_remote_links(store: Store, account: Account | None, key: str) -> tuple[Issue, list[RemoteLink]]:
    require_linking(store, 403)
    issue = store.visible(account, key)
    return issue, list(issue.remote_links.values())


def by_global_id(issue: Issue, global_id: str) -> RemoteLink:
    found = _find_global_id(issue, global_id)
    if found is None:
        raise Refusal(404, f"No remote issue link with globalId '{global_id}' exists for issue '{issue.key}'.")
    return found


def by_id(issue: Issue, link_id: str) -> RemoteLink:
    number = digits(link_id)
    if number is None:
        raise Refusal(400, f"The remote issue link id '{link_id}' is not a number.")
    found = issue.remote_links.get(number)
    if found is None:
        raise Refusal(404, f"No remote issue link with id '{link_id}' exists for issue '{issue.key}'.")
    return found


def put_global(store: Store, account: Account | None, issue: Issue, sent: dict[str, Any]) -> tuple[RemoteLink, bool]:
    """Update the remote link of the sent globalId, or make one; returns it and whether it is new."""
    require_write(store, account, issue)
    fields = checked_fields(sent)
    global_id = fields["globalId"]
    existing = _find_global_id(issue, global_id) if global_id else None
    if existing:
        existing.fields = fields
        return existing, False
    if store.cloud and len(issue.remote_links) >= store.max_remote_links:
        raise Refusal(
            413, f"The issue {issue.key} has reached the limit of {counted(store.max_remote_links, 'remote link')}."
        )
    made = RemoteLink(next(store.ids), fields)
    issue.remote_links[made.id] = made
    return made, True


def update(store: Store, account: Account | None, issue: Issue, link_id: str, sent: dict[str, Any]) -> None:
    """Replace all fields; what is not sent becomes null, the globalId too."""
    require_write(store, account, issue)
    by_id(issue, link_id).fields = checked_fields(sent)


def require_write(store: Store, account: Account | None, issue: Issue) -> None:
    """Remote links answer 403 where issue links answer 404 (switched off) and 401 (no permission)."""
    require_linking(store, 403)
    if not store.may_link(account, issue):
        raise Refusal(403, f"No Link Issue Permission for issue '{issue.key}'")


def checked_fields(sent: dict[str, Any]) -> dict[str, Any]:
    fields = {name: sent.get(name) for name in FIELDS}
    try:
        SENT(fields, "body")
    except ValueError:
        raise Refusal(400, BAD_PAYLOAD) from None
    thing, global_id = fields["object"], fields["globalId"]
    if not isinstance(thing, dict):
        raise Refusal(400, errors={"object": "'object' is required."})
    errors = {name: f"'{name}' is required." for name in ("url", "title") if not thing.get(name)}
    if global_id and len(global_id) > GLOBAL_ID_LENGTH:
        errors["globalId"] = f"'globalId' must be at most {GLOBAL_ID_LENGTH} characters."
    if errors:
        raise Refusal(400, errors=errors)
    return fields


def _find_global_id(issue: Issue, global_id: str) -> RemoteLink | None:
    return next((each for each in issue.remote_links.values() if each.global_id == global_id), None)
