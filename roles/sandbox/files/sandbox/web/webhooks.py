# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Webhooks: others on this machine are told when an issue link is created or deleted."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import queue
import threading
import time
from collections import deque
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..loopback import is_loopback
from ..rules.model import Link
from ..rules.shapes import or_null, pattern, record

ANSWER_SECONDS = 10
MOST_WAITING = 100_000
REMEMBERED_DELIVERIES = 1_000


def _url(value: Any, where: str) -> None:
    pattern("[!-~]+", "an address")(value, where)
    parts = urlsplit(value)
    if parts.scheme != "http" or "@" in parts.netloc or not is_loopback(parts.hostname or "") or parts.port == 0:
        raise ValueError(f"{where} must be http:// and a loopback address; the sandbox reaches this machine only")


SHAPE = record({"url": _url}, {"secret": or_null(pattern("(?s).+", "text that is not empty"))})


class Event(NamedTuple):
    """One event as it is sent; `signed` says whether this Jira signs at all."""

    name: str
    link_id: str
    body: bytes
    signed: bool


class Webhook:
    """One address with a thread of its own, so that one that does not answer keeps nobody waiting."""

    def __init__(self, url: str, secret: str | None) -> None:
        self.url = url
        parts = urlsplit(url)
        # what `localhost` means is not asked of anybody
        self._host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        self._port = parts.port or http.client.HTTP_PORT
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret = secret
        self._deliveries: deque[dict[str, Any]] = deque(maxlen=REMEMBERED_DELIVERIES)
        self._waiting: queue.Queue[Event | None] = queue.Queue(MOST_WAITING)
        self._forgotten = False
        threading.Thread(target=self._deliver, daemon=True).start()

    @classmethod
    def from_json(cls, given: Any) -> Webhook:
        SHAPE(given, "webhook")
        return cls(given["url"], given.get("secret"))

    def describe(self) -> dict[str, Any]:
        return {"url": self.url, "secret": self._secret is not None, "deliveries": list(self._deliveries)}

    def send(self, event: Event) -> None:
        """Returns at once. Where too many wait already, the event is lost."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(event)

    def forget(self) -> None:
        """What waits is not sent any more."""
        self._forgotten = True
        with contextlib.suppress(queue.Full):  # a thread that has something to do sees it anyway
            self._waiting.put_nowait(None)

    def _deliver(self) -> None:
        while True:
            event = self._waiting.get()
            if event is None or self._forgotten:
                return
            self._deliveries.append({"event": event.name, "link": event.link_id, "status": self._post(event)})

    def _post(self, event: Event) -> int | None:
        """The status of the answer, or None. No redirect is followed and no proxy is used: both may lead elsewhere."""
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        if event.signed and self._secret is not None:
            headers["X-Hub-Signature"] = f"sha256={signature(self._secret, event.body)}"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request("POST", self._path, event.body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


def signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Webhooks:
    """All webhooks of a site."""

    def __init__(self) -> None:
        self._all: list[Webhook] = []

    def add(self, given: Any) -> None:
        self._all.append(Webhook.from_json(given))

    def describe(self) -> list[dict[str, Any]]:
        return [webhook.describe() for webhook in self._all]

    def forget(self) -> None:
        for webhook in self._all:
            webhook.forget()
        self._all = []

    def tell(self, name: str, link: Link, signed: bool) -> None:
        """Tell all of them what happened to this link: `issuelink_created` or `issuelink_deleted`."""
        if not self._all:
            return
        event = Event(name, str(link.id), json.dumps(_body(name, link)).encode(), signed)
        for webhook in self._all:
            webhook.send(event)


def _body(name: str, link: Link) -> dict[str, Any]:
    """Ids as numbers, no keys, nothing about who did it. The source is the inward issue."""
    return {
        "timestamp": time.time_ns() // 1_000_000,
        "webhookEvent": name,
        "issueLink": {
            "id": link.id,
            "sourceIssueId": link.inward.id,
            "destinationIssueId": link.outward.id,
            "issueLinkType": {
                "id": link.type.id,
                "name": link.type.name,
                "outwardName": link.type.outward,
                "inwardName": link.type.inward,
                "isSubTaskLinkType": False,
                "isSystemLinkType": False,
            },
            "sequence": None,
            "systemLink": False,
        },
    }
