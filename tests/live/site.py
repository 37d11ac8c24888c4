# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One Jira, asked by plain HTTP: with the user's login or another one, and with a clock that runs."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import requests

TIMEOUT = (10, 60)  # seconds: to connect, and between two bytes of an answer
ATTEMPTS = 4
LONGEST_WAIT = 60.0  # seconds; a Retry-After that asks for more ends the run
READING_POSTS = ("issue/bulkfetch", "search/jql", "search")
JSON = "application/json"
NO_ADDRESS = (ValueError, TypeError)  # what requests raises where an address, or that of a proxy, cannot be one
NO_LOGIN = "the site does not accept the login"
CAPTCHA = "the site wants a CAPTCHA solved. Log in once in a browser, with the same user, before anything else is tried"
NO_ANSWER = (
    (
        r"certificate verify failed: ([\w -]*\w)",
        "the certificate cannot be verified ({}). If your own authority signed it, name its file in REQUESTS_CA_BUNDLE",
    ),
    (
        "suitable TLS CA certificate bundle|NO_CERTIFICATE_OR_CRL_FOUND",
        "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file of certificates",
    ),
    ("WRONG_VERSION_NUMBER", "TLS is not spoken there: look at the port, and at https:// in the address"),
    (r"Tunnel connection failed: (\d+)", "it answers {}"),
    ("NameResolution|getaddrinfo|Name or service not known", "the name of the host is not known"),
    ("Connection refused", "the connection is refused"),
    ("timed out", "it takes too long"),
    ("unreachable|No route to host", "no way leads to the host"),
    ("Connection aborted|Connection broken|reset by peer", "the connection breaks off"),
    (r"SSL\w*Error", "TLS fails"),
)
"""What the text of an error holds, and what is said instead."""


class Stopped(Exception):
    """A signal, such as Ctrl-C, came. It is raised before the next request, never in the middle of one."""


class SiteError(Exception):
    """The site gives no answer that a run could go on with."""


class Answer(NamedTuple):
    """`data` is the body's JSON, or None where it has none."""

    status: int
    headers: Mapping[str, str]
    text: str
    data: Any


class Call(NamedTuple):
    """`name` has a `*` for each key or id, as in `GET issue/*`, so it names nobody."""

    name: str
    seconds: float


def on_this_machine(url: str) -> bool:
    """Whether the address is a loopback address, as that of a sandbox."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def basic(user: str, secret: str) -> str:
    """The header Authorization of a user and a password or API token."""
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


class Site:
    """Sends requests, one after the other. `authorization` is the header of the user's login.

    Redirects are not followed. A 429 is waited out. A read or a DELETE that fails is sent again; another write ends the
    run, for it may yet be done.
    """

    def __init__(self, url: str, authorization: str) -> None:
        self.url = url.rstrip("/")
        self.authorization = authorization
        self._secrets = _secrets(authorization)
        self.session = requests.Session()
        # A session cookie would log in whoever asks without a login, too.
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.cloud = True
        self.version = ""
        self.calls: list[Call] = []
        self.stop = threading.Event()
        self.deaf = False
        """Whether a signal does not count any more, since all that is left is cleaning up."""
        self.unanswered = False
        """Whether a write got no clear answer, so that it may yet be done."""

    def recognise(self) -> None:
        """Ask which Jira this is: Cloud has version 3 of the API, Data Center version 2 only."""
        self.cloud = False
        answer = self.ask("GET", "serverInfo")
        if answer.status != 200 or not isinstance(answer.data, dict) or "version" not in answer.data:
            why = {
                401: "the scopes of the token do not allow it" if speaks_of_scope(answer) else NO_LOGIN,
                404: "no Jira is at JIRA_URL. Look at the address, and whether a path such as /jira belongs to it",
            }.get(answer.status, "JIRA_URL is no Jira, or takes no such login")
            raise SiteError(f"serverInfo answers {answer.status}: {why}")
        self.cloud = answer.data.get("deploymentType") == "Cloud"
        self.version = str(answer.data["version"])

    @property
    def api(self) -> str:
        return f"{self.url}/rest/api/{3 if self.cloud else 2}/"

    def ask(self, method: str, path: str, *names: str, **options: Any) -> Answer:
        """An answer, whatever its status is.

        :param path: below the API, or a path of the site that begins with a slash; each `*` stands for one of `names`.
        :param options: `json` and `params` as in requests; `authorization`: another header than the user's, or None
            for an anonymous request; `typed` false: send no media type.
        """
        self.go_on()
        call, reads = f"{method} {path}", method == "GET" or path in READING_POSTS
        for name in names:
            path = path.replace("*", quote(name, safe=""), 1)
        url = self.url + path if path.startswith("/") else self.api + path
        for attempt in range(1, ATTEMPTS + 1):
            answer, why = self._attempt(call, method, url, options)
            if answer is not None and "authorization" not in options and _wants_captcha(answer.headers):
                raise SiteError(CAPTCHA)
            if answer is not None and answer.status == 429:
                self._wait_out(answer)
            elif answer is not None and _is_clear(answer, reads):
                return self._not_elsewhere(answer)
            elif reads or method == "DELETE":
                self.pause(2.0 ** (attempt - 2))
            else:
                self.unanswered = True
                raise SiteError(f"{call} got no clear answer: {why}")
        raise SiteError(f"{call} got no useful answer {ATTEMPTS} times: {why}")

    def go_on(self) -> None:
        """Raises Stopped once a signal came."""
        if self.stop.is_set() and not self.deaf:
            raise Stopped

    def pause(self, seconds: float) -> None:
        (threading.Event() if self.deaf else self.stop).wait(seconds)
        self.go_on()

    def _attempt(self, call: str, method: str, url: str, options: Mapping[str, Any]) -> tuple[Answer | None, str]:
        """An answer or None, and what to say of it where it is not clear."""
        headers = {"Accept": JSON, **({"Content-Type": JSON} if options.get("typed", True) else {})}
        body = json.dumps(options["json"]) if "json" in options else None
        login = _Header(options.get("authorization", self.authorization))
        began = time.monotonic()
        try:
            response = self.session.request(
                method, url, params=options.get("params"), data=body, headers=headers, auth=login, timeout=TIMEOUT,
                allow_redirects=False,
            )  # fmt: skip
        except (OSError, *NO_ADDRESS) as error:  # OSError: those of requests, too
            return None, _why(error)
        self.calls.append(Call(call, time.monotonic() - began))
        text = response.content.decode("utf-8", "replace")
        answer = Answer(response.status_code, response.headers, text, _json(text))
        return answer, f"it answers {answer.status}{'' if text else ' and nothing else'}"

    def hidden(self, text: str) -> str:
        """Without the credentials, which some sites and proxies repeat."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    def _wait_out(self, answer: Answer) -> None:
        asked = answer.headers.get("Retry-After", "")
        seconds = max(float(asked) if asked.isdecimal() else 0.0, 1.0)
        if seconds > LONGEST_WAIT:
            raise SiteError(f"the site asks to wait for {seconds:.0f} seconds")
        self.pause(seconds)

    def _not_elsewhere(self, answer: Answer) -> Answer:
        if 300 <= answer.status < 400:
            there = self.hidden(answer.headers.get("Location", "another address"))
            raise SiteError(f"the site wants to be asked at {there}")
        return answer


class _Header(requests.auth.AuthBase):
    """The header Authorization, or none. Without it requests would look into ~/.netrc."""

    def __init__(self, authorization: str | None) -> None:
        self.authorization = authorization

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.authorization is not None:
            request.headers["Authorization"] = self.authorization
        return request


def speaks_of_scope(answer: Answer) -> bool:
    """Whether it is about what a token may do, which says nothing about the login."""
    return isinstance(answer.data, dict) and "scope" in answer.text.lower()


def _wants_captcha(headers: Mapping[str, str]) -> bool:
    reasons = headers.get("X-Seraph-LoginReason", ""), headers.get("X-Authentication-Denied-Reason", "")
    return "AUTHENTICATION_DENIED" in reasons[0] or "CAPTCHA" in reasons[1]


def _why(error: Exception) -> str:
    """Why there is no answer, in words of our own: those of an error could hold a login, such as that of a proxy."""
    where = "at the proxy, " if isinstance(error, requests.exceptions.ProxyError) else ""
    for pattern, words in NO_ANSWER:
        if found := re.search(pattern, str(error)):
            return where + words.format(*found.groups())
    return "JIRA_URL, or that of a proxy, is no address" if isinstance(error, NO_ADDRESS) else type(error).__name__


def _is_clear(answer: Answer, reads: bool) -> bool:
    """Whether it says what became of the request. Now and then a read is answered with a success and no body."""
    return answer.status < 500 and not (reads and answer.status == 200 and not answer.text)


def _secrets(authorization: str) -> list[str]:
    """What no output may hold, the longest first. What is shorter than four characters is part of too many words."""
    scheme, _space, sent = authorization.partition(" ")
    password = base64.b64decode(sent).decode().partition(":")[2] if scheme == "Basic" else ""
    forms = {sent, password, quote(sent, ""), quote(password, "")}
    return sorted((form for form in forms if len(form) >= 4), key=len, reverse=True)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
