# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface under /_sandbox/: faults, what was asked, what is held, back to the seed."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp import web

from ..rules.model import Issue
from ..rules.seed import SeedError, complete_seed
from ..rules.shapes import choice, flag, list_of, number, pattern, read_json, record, text, whole
from .answers import json_answer
from .changes import CHANGES, issue_state
from .faults import LONGEST_WAIT, MOST, Fault
from .guard import refusal_of
from .login import DEAD_LOGINS
from .site import Site
from .speed import DELAYS

SETTINGS = record(
    {},
    {
        "linking_enabled": flag,
        "limits": flag,
        "quota": whole(0, MOST),
        "max_links": whole(0, MOST),
        "max_remote_links": whole(0, MOST),
        "unauthorized_body": choice("json", "html", "plain"),
        "full_body": choice("json", "html", "empty"),
        "comment_on": choice("inward", "outward"),
        "comment_after_link": flag,
        "issue_link_type_finds": choice("names_and_phrases", "names", "phrases"),
        "bulkfetch_order": choice("ids", "asked"),
        "dead_login": choice(*DEAD_LOGINS),
        "login_headers": flag,
        "data_center_version": pattern("[0-9]{1,3}([.][0-9]{1,3}){2}", "three numbers, such as 9.12.15"),
        "delays": record({}, dict.fromkeys(DELAYS, number(0, LONGEST_WAIT))),
        "workers": whole(0, MOST),
        "search_lags": flag,
        "not_indexed": list_of(text),
    },
)


def handle(site: Site, request: web.BaseRequest, body: bytes | None) -> web.Response:
    refusal = refusal_of(request)
    if refusal:
        return _response({"error": refusal}, 403)
    action = ACTIONS.get((request.method, request.path.removeprefix("/_sandbox/").rstrip("/")))
    if action is None:
        known = ", ".join(f"{method} /_sandbox/{name}" for method, name in ACTIONS)
        return _response({"error": f"no such control call; there are {known}"}, 404)
    if body is None:
        return _response({"error": "the body cannot be read"}, 400)
    try:
        return _response(action(site, read_json(body) if body else None))
    except (ValueError, SeedError) as error:  # the call makes no sense
        return _response({"error": str(error)}, 400)


def _response(data: Any, status: int = 200) -> web.Response:
    answer = json_answer(data, status)
    return web.Response(status=status, body=answer.body, headers={"Content-Type": answer.content_type})


def health(site: Site, _given: Any) -> Any:
    return {"pid": os.getpid(), "deployment": site.deployment, "url": site.address}


def add_fault(site: Site, given: Any) -> Any:
    site.faults.waiting.append(Fault.from_json(given))
    return list_faults(site, None)


def list_faults(site: Site, _given: Any) -> Any:
    return [fault.describe() for fault in site.faults.waiting]


def clear_faults(site: Site, _given: Any) -> Any:
    site.faults.waiting = []
    return []


def list_requests(site: Site, _given: Any) -> Any:
    return list(site.requests)


def forget_requests(site: Site, _given: Any) -> Any:
    site.requests.clear()
    return []


def add_webhook(site: Site, given: Any) -> Any:
    site.webhooks.add(given)
    return list_webhooks(site, None)


def list_webhooks(site: Site, _given: Any) -> Any:
    return site.webhooks.describe()


def forget_webhooks(site: Site, _given: Any) -> Any:
    site.webhooks.forget()
    return []


def reset(site: Site, given: Any) -> Any:
    """Back to the seed of the start, or to the one in the body; faults, webhooks and remembered requests go too."""
    site.reset(None if given is None else complete_seed(given))
    site.faults.waiting = []
    site.webhooks.forget()
    site.requests.clear()
    return {"issues": len(site.store.issues), "links": len(site.store.links)}


def show_settings(site: Site, _given: Any) -> Any:
    store = site.store
    return {**site.settings, "max_links": store.max_links, "max_remote_links": store.max_remote_links}


def change_settings(site: Site, given: Any) -> Any:
    SETTINGS(given, "body")
    site.change_settings(given)
    return show_settings(site, None)


def change_issue(name: str, site: Site, given: Any) -> Any:
    CHANGES[name].shape(given, "body")
    return site.change_issue(name, given)


def expire_tokens(site: Site, _given: Any) -> Any:
    return {"expired": site.credentials.expire_tokens()}


def state(site: Site, _given: Any) -> Any:
    """Everything the store holds, whoever may see it."""
    store = site.store
    issues = store.issues.values()
    return {
        "deployment": site.deployment,
        "issues": {issue.key: issue_state(issue) for issue in issues},
        "links": [
            {"id": str(link.id), "type": link.type.name, "inward": link.inward.key, "outward": link.outward.key}
            for link in store.links.values()
        ],
        "link_types": [
            {"id": str(each.id), "name": each.name, "inward": each.inward, "outward": each.outward}
            for each in store.link_types.values()
        ],
        "comments": [comment for issue in issues for comment in _comment_states(issue)],
        "remote_links": [
            {"id": link.id, "issue": issue.key, **link.fields}
            for issue in issues
            for link in issue.remote_links.values()
        ],
    }


def _comment_states(issue: Issue) -> list[dict[str, Any]]:
    return [
        {
            "id": str(comment.id),
            "issue": issue.key,
            "body": comment.text,
            "visibility": comment.visibility,
            "internal": comment.internal,
            "author": comment.author.name if comment.author else None,
        }
        for comment in issue.comments.values()
    ]


Action = Callable[[Site, Any], Any]
ACTIONS: dict[tuple[str, str], Action] = {
    ("GET", "health"): health,
    ("GET", "state"): state,
    ("GET", "requests"): list_requests,
    ("DELETE", "requests"): forget_requests,
    ("GET", "faults"): list_faults,
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): clear_faults,
    ("GET", "webhooks"): list_webhooks,
    ("POST", "webhooks"): add_webhook,
    ("DELETE", "webhooks"): forget_webhooks,
    ("POST", "reset"): reset,
    ("GET", "settings"): show_settings,
    ("POST", "settings"): change_settings,
    ("POST", "expire_tokens"): expire_tokens,
    **{("POST", name): partial(change_issue, name) for name in CHANGES},
}
