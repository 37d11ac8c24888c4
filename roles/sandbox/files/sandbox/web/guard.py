# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps web pages from elsewhere away from the sandbox, which any page in a browser of this machine can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..loopback import is_loopback

if TYPE_CHECKING:
    from aiohttp import web


def refusal_of(request: web.BaseRequest) -> str | None:
    """Why the request is refused, or None.

    A page from elsewhere says so in `Origin` when it posts. A page whose name has been made to lead here
    (DNS rebinding) has the right origin, but a name in `Host` that is not this machine's.
    """
    hosts, origins = request.headers.getall("Host", []), request.headers.getall("Origin", [])
    if len(hosts) != 1 or not is_loopback(_name(hosts[0])):
        return f"the sandbox is at 127.0.0.1 or localhost, not at {', '.join(hosts) or 'no host'}"
    if any(origin.partition("://")[2].lower() != hosts[0].lower() for origin in origins):
        return f"a page of {', '.join(origins)} has no business here"
    return None


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
