# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Jira lets on about a login: who it thinks is asking, and whether it speaks of a dead one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rules.model import Account
from .auth import LOGIN_FAILED, Caller

DEAD_LOGINS = ("header", "header_on_errors", "silent")
# Data Center's search takes such a caller as anonymous while these refuse it.
REFUSED_IN_SILENCE = ("serverInfo", "myself", "issue")


def is_silent(caller: Caller, settings: Mapping[str, Any]) -> bool:
    """Whether the credentials have ended and nothing says so."""
    return caller.dead and settings["dead_login"] == "silent"


def refused_in_silence(pattern: str, cloud: bool) -> bool:
    """Whether this address answers 401 to a login that died in silence, although anonymous callers may read it."""
    return not cloud and pattern.partition("/")[0] in REFUSED_IN_SILENCE


def login_headers(caller: Caller, cloud: bool, settings: Mapping[str, Any], status: int) -> dict[str, str]:
    """What goes along with every answer once the credentials were looked at."""
    if is_silent(caller, settings):
        return {}
    headers = _signs(caller.account, cloud) if settings["login_headers"] else {}
    if caller.dead and (settings["dead_login"] == "header" or status >= 400):
        headers.update(LOGIN_FAILED)
    return headers


def _signs(account: Account | None, cloud: bool) -> dict[str, str]:
    if cloud:
        return {"X-AACCOUNTID": account.account_id} if account else {}
    if account is None:
        return {"X-AUSERNAME": "anonymous"}
    return {"X-AUSERNAME": account.name, "X-Seraph-LoginReason": "OK"}
