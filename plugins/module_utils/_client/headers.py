# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the headers of an answer say: who is asking, how long to wait, which address to use. No input or output."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from .retry import LONGEST_WAIT

Headers = Mapping[str, str]
"""By names of any case, as requests has them."""


def wants_captcha(headers: Headers) -> bool:
    reasons = headers.get("X-Seraph-LoginReason", ""), headers.get("X-Authentication-Denied-Reason", "")
    return "AUTHENTICATION_DENIED" in reasons[0] or "CAPTCHA" in reasons[1]


def refuses_login(headers: Headers) -> bool:
    """Whether Jira did not accept credentials that were sent, which it can say on an answer of 200, too."""
    return "AUTHENTICATED_FAILED" in headers.get("X-Seraph-LoginReason", "")


def names_the_caller(headers: Headers) -> bool:
    """Whether an answer says who Jira thinks is asking: by an account id (Cloud), or by a user name (Data Center)."""
    name = headers.get("X-AUSERNAME", "")
    reasons = headers.get("X-Seraph-LoginReason", "").replace(" ", "").split(",")
    named = name.casefold() != "anonymous" if name else "OK" in reasons
    return named or bool(headers.get("X-AACCOUNTID"))


def seconds_to_wait(headers: Headers, now: float) -> float:
    """The seconds that ``Retry-After`` asks to wait, be it a number or a date; 0 where it asks for nothing.

    A date is measured from the answer's own, so that nobody's clock has to be right.

    :param now: seconds since the epoch, for an answer without a date.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    until, sent = _seconds_of(text), _seconds_of(headers.get("Date", ""))
    if until is None:
        return 0.0
    return max(0.0, until - sent if sent is not None else min(until - now, LONGEST_WAIT))


def _seconds_of(date: str) -> float | None:
    """Seconds since the epoch; None if that is no date."""
    try:
        parts = parsedate_tz(date)
        return float(mktime_tz(parts)) if parts else None
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None


class Target(NamedTuple):
    """Where a redirect leads to. ``same_request``: to the same request, at another address of Jira."""

    address: str
    same_request: bool


def target_of(location: str, asked: str, path: str) -> Target:
    """The address to use after a redirect: without the path of the request, where it ends with that.

    :param location: the header, which may leave out what is the same.
    :param asked: the address of the request, and ``path`` the part of it that follows after Jira's own address.
    """
    try:
        target = urlsplit(urljoin(asked, location))
        host = target.netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    if not (location and host):
        return Target(location or "nowhere", False)
    there = f"{target.scheme}://{host}{target.path}".rstrip("/")
    base = there.removesuffix(path)
    if base == there or asked.startswith(there):  # to a page, or round in a circle
        return Target(there, False)
    return Target(base, True)
