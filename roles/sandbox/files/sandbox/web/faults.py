# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misbehaviour on demand: what happens to the next requests that fit."""

from __future__ import annotations

import re
import signal
import time
from dataclasses import dataclass, field
from typing import Any

from ..rules.shapes import anything, choice, flag, line, mapping, number, or_null, pattern, record, text, whole
from .answers import HTML, JSON, TEXT, Answer, html_answer, json_answer, refusal_answer
from .auth import captcha_headers
from .changes import CHANGES
from .limits import rate_limited

# before: nothing is done and this is the answer; after: the work is done first
BEFORE = ("status", "rate_limit", "redirect", "captcha", "break_before")
AFTER = ("error_after", "break_after", "disconnect_mid_body", "meanwhile")
KINDS = (*BEFORE, *AFTER, "slow")
REASONS = (
    "jira-per-issue-on-write", "jira-burst-based", "jira-quota-global-based", "jira-quota-tenant-based",
)  # fmt: skip
CONTENT_TYPES = {"json": JSON, "html": HTML, "plain": TEXT}
MOST, LONGEST_WAIT = 10**9, 3600
TOKEN = pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", "the name of a header")
LONGEST_SEARCH = 0.2  # seconds for one path; some regular expressions would take years


def _regular_expression(value: Any, where: str) -> None:
    text(value, where)
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{where} is no regular expression: {error}") from error


def _header_name(value: Any, where: str) -> None:
    TOKEN(value, where)
    if value.lower() in ("content-length", "transfer-encoding"):
        raise ValueError(f"{where} is {value}, which follows from the body")


SHAPE = record(
    {"kind": choice(*KINDS)},
    {
        "count": whole(1, MOST),
        "method": or_null(pattern("[A-Za-z]+", "a method of HTTP")),
        "path": _regular_expression,
        "status": whole(200, 599),
        "body": anything,
        "content_type": pattern("[!-~][ -~]*", "a media type"),
        "headers": mapping(_header_name, line),
        "reason": choice(*REASONS),
        "retry_after": number(0, MOST),
        "reset": line,
        "seconds": number(0, LONGEST_WAIT),
        "host": pattern("[!-~]+", "a host"),
        "proxy": flag,
        **{name: change.shape for name, change in CHANGES.items()},
    },
)


@dataclass
class Fault:
    """`left` requests are still to be hit; `options` are those of its kind."""

    kind: str
    left: int
    method: str | None = None
    path: str = ""
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, given: Any) -> Fault:
        SHAPE(given, "fault")
        if given["kind"] == "redirect" and "host" not in given:
            raise ValueError("a redirect needs a host")
        if given["kind"] == "meanwhile" and not any(name in given for name in CHANGES):
            raise ValueError(f"a meanwhile needs one of {', '.join(CHANGES)}")
        options = {name: value for name, value in given.items() if name not in ("kind", "count", "method", "path")}
        method = (given.get("method") or "").upper() or None
        return cls(given["kind"], given.get("count", 1), method, given.get("path", ""), options)

    def fits(self, method: str, path: str) -> bool:
        """Raises TimeoutError where the regular expression takes too long."""
        return self.method in (None, method) and _finds(self.path, path)

    def describe(self) -> dict[str, Any]:
        return {"kind": self.kind, "count": self.left, "method": self.method, "path": self.path, **self.options}


def _finds(regular_expression: str, path: str) -> bool:
    def stop(*_signal: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SEARCH)
    try:
        return re.search(regular_expression, path) is not None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Faults:
    """The faults that wait, oldest first."""

    def __init__(self, deployment: str) -> None:
        self._cloud = deployment == "cloud"
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that fits this request; it is used up by one. One that cannot be used goes, with a 500."""
        for fault in self.waiting:
            try:
                fits = fault.fits(method, path)
            except TimeoutError:
                self.waiting.remove(fault)
                return Fault("status", 1, options={"status": 500, "body": f"{fault.path} takes too long on {path}"})
            if fits:
                fault.left -= 1
                self.waiting = [each for each in self.waiting if each.left > 0]
                return fault
        return None

    def answer(self, fault: Fault, path_and_query: str, site_url: str) -> Answer:
        """What is answered in place of the real thing, for error_after once that was done."""
        options = fault.options
        if fault.kind == "rate_limit":
            return self._rate_limit(options)
        if fault.kind == "redirect":
            host = options["host"] if "//" in options["host"] else f"https://{options['host']}"
            return Answer(301, headers={"Location": host + path_and_query})
        if fault.kind == "captcha":
            status = options.get("status", 403)
            return html_answer(status, f"Log-in refused ({status})", captcha_headers(site_url))
        return _any_status(options)

    def _rate_limit(self, options: dict[str, Any]) -> Answer:
        """Data Center's 429 is a page; Cloud says the reason in a header."""
        seconds = options.get("retry_after", 1)
        if not self._cloud:
            headers = {"Retry-After": str(seconds), "X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0"}
            return html_answer(429, "Rate limit exceeded", headers)
        reason = options.get("reason", REASONS[0])
        resets = time.time() + seconds if "quota" in reason else None
        answer = refusal_answer(rate_limited(reason, 100, seconds, resets))
        changes = {"Retry-After": str(seconds)} if "retry_after" in options else {}
        if "reset" in options:
            changes["X-RateLimit-Reset"] = str(options["reset"])
        return answer._replace(headers={**answer.headers, **changes})


def _any_status(options: dict[str, Any]) -> Answer:
    status, headers = options.get("status", 503), options.get("headers", {})
    body = options.get("body", "")
    if not isinstance(body, str):
        return json_answer(body, status, headers)
    kind = options.get("content_type", "plain")
    return Answer(status, body.encode(), CONTENT_TYPES.get(kind, kind), headers)
