# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control surface under /_sandbox/: faults, what was asked, what is held, back to the seed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from aiohttp import web

from ..rules.model import Issue
from ..rules.seed import SeedError, complete_seed
from .answers import json_answer
from .changes import CHANGES, issue_state, object_of
from .faults import Fault
from .login import DEAD_LOGINS
from .site import Site

SETTINGS: dict[str, type] = {
    "linking_enabled": bool,
    "limits": bool,
    "quota": int,
    "max_links": int,
    "max_remote_links": int,
    "unauthorized_body": str,
    "dead_login": str,
    "login_headers": bool,
    "data_center_version": str,
}
CHOICES = {"unauthorized_body": ("json", "html", "plain"), "dead_login": DEAD_LOGINS}


async def handle(site: Site, request: web.BaseRequest) -> web.Response:
    action = ACTIONS.get((request.method, request.path.removeprefix("/_sandbox/").rstrip("/")))
    if action is None:
        known = ", ".join(f"{method} /_sandbox/{name}" for method, name in ACTIONS)
        return _response({"error": f"no such control call; there are {known}"}, 404)
    body = await request.read()
    try:
        return _response(action(site, json.loads(body) if body else None))
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
    for name, value in object_of(given).items():
        if name not in SETTINGS:
            raise ValueError(f"unknown setting {name}; known are {', '.join(SETTINGS)}")
        # A bool is an int, too, but not when one is asked for.
        if not isinstance(value, SETTINGS[name]) or (isinstance(value, bool) and SETTINGS[name] is not bool):
            raise ValueError(f"{name} must be of type {SETTINGS[name].__name__}")
        if value not in CHOICES.get(name, (value,)):
            raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
        if name == "data_center_version" and not re.fullmatch("[0-9]{1,3}([.][0-9]{1,3}){2}", str(value)):
            raise ValueError(f"{name} is three numbers, such as 9.12.15")
    site.change_settings(given)
    return show_settings(site, None)


def change_issue(name: str, site: Site, given: Any) -> Any:
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
