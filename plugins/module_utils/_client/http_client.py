# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP as Jira speaks it: credentials, retries, answers. Knows nothing of links; alone in importing requests."""

from __future__ import annotations

import contextlib
import copy
import http.client
import json
import re
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from .._text import printable
from .body import ACCEPTED, PATIENCE, TooLarge, Unreadable, bounded_session, received, text_of
from .credentials import Secrets, user_info
from .errors import (
    AnswerTooLarge,
    CaptchaRequired,
    JiraError,
    NoAnswer,
    OutOfQuota,
    RateLimited,
    Redirected,
    ServerError,
    Unauthorized,
    has_jiras_shape,
    jiras_words,
    refusal,
    said,
)
from .headers import Headers, names_the_caller, refuses_login, seconds_to_wait, target_of, wants_captcha
from .retry import FailedAttempt, Patience
from .tls import Tls

_OWN_AUTHORITY = (
    "Check url. If an authority of your own signed the certificate, name it with ca_path, or with REQUESTS_CA_BUNDLE "
    "in the environment."
)


_NEVER_SENT = re.compile("NewConnection|NameResolution|ConnectTimeout|Tunnel connection failed|SSLError")
"""What the names of errors say, of urllib3's, which can be within one about a proxy."""
_LONGEST_SHOWN = 300  # characters of a header


class Authentication(Protocol):
    @property
    def anonymous(self) -> bool:
        """Whether there are no credentials."""

    def header(self) -> str | None:
        """The Authorization header, or None for an anonymous request."""


class Answer(NamedTuple):
    """An answer of 2xx: what was made of its JSON, which is None where the body is empty.

    ``confirmed``: a write got no clear answer, but reading back showed that it was done. Then data is what was read.
    """

    data: Any
    headers: Mapping[str, str] = {}
    status: int | None = None
    confirmed: bool = False


class Http:
    """Requests to one Jira.

    :param base_url: what the paths are appended to, without a slash at the end.
    :param secrets: what is taken out of every answer before it is shown.
    :param timeout: seconds to wait for a connection, and then for each part of the answer; five times as many for all.
    :param retries: how often a request is sent again, at most.
    :param patient: whether to wait after a 429 to a write; otherwise that is left to whoever shares out the work,
        unless an attempt before may yet be carried out.
    """

    def __init__(
        self,
        base_url: str,
        auth: Authentication,
        tls: Tls,
        secrets: Secrets,
        timeout: float,
        retries: int,
        patient: bool = True,
    ) -> None:
        import requests  # late: a module that only explains a wrong option need not pay for it

        tls.refuse_encrypted_key()
        self._requests = requests
        self._session = bounded_session(requests)
        self.base_url, self._auth, self._tls, self.secrets = base_url, auth, tls, secrets
        # What the environment says of proxies and authorities, looked up once and not for every request. From then on
        # the session does not trust it, so that no credentials come from ~/.netrc either.
        self._settings = self._session.merge_environment_settings(base_url, {}, True, tls.verify, tls.cert)
        self._session.trust_env = False
        for proxy in self._settings["proxies"].values():
            for secret in user_info(proxy):
                secrets.add(secret)
        # What all requests have in common, prepared once: half of the time that requests takes for one.
        accepted = {"Accept": "application/json", "Accept-Encoding": ACCEPTED}
        common = requests.Request("GET", base_url, headers=accepted)
        try:
            self._blank = self._session.prepare_request(common)
        except ValueError as error:  # requests' InvalidURL, MissingSchema and the like
            raise NoAnswer(f"{printable(base_url)} is no address. Check url. {printable(error)}") from None
        if not tls.verify:
            warnings.filterwarnings("ignore", "Unverified HTTPS request")  # validate_certs says so, once is enough
        self._timeout, self.retries, self._patient = timeout, retries, patient
        self._spare: list[Http] = []
        self.sent = 0
        """How many requests were sent, repetitions included."""
        self.caller_named = False
        """Whether the last answer named the account that asks: then Jira takes the credentials."""
        self.login_proved: bool | None = None
        """Whether Jira, asked in this run, took the credentials. False: it did not tell. None: it was not asked."""

    def for_run(self) -> Http:
        """The same connections for another run, which counts its own requests and proves its own login."""
        mine = copy.copy(self)
        mine.sent, mine.caller_named, mine.login_proved, mine._spare = 0, False, None, []
        return mine

    def for_thread(self) -> Http:
        """Connections for another thread: requests does not let threads share them.

        A 429 to a write is left to whoever shares out the work.
        """
        try:
            mine = self._spare.pop()
        except IndexError:
            mine = Http(self.base_url, self._auth, self._tls, self.secrets, self._timeout, self.retries, patient=False)
        mine.caller_named, mine.login_proved = False, self.login_proved
        return mine

    def take_back(self, other: Http) -> None:
        """Keep connections that a thread had, for the next one."""
        self._spare.append(other)

    def end_run(self) -> None:
        """Close the connections that only threads had."""
        while self._spare:
            self._spare.pop().close()

    def close(self) -> None:
        self.end_run()
        self._session.close()

    @property
    def anonymous(self) -> bool:
        return self._auth.anonymous

    @property
    def logged_in(self) -> bool | None:
        """Whether Jira takes the credentials, by its last answer or when asked; None where it does not tell."""
        return not self.anonymous and (self.caller_named or self.login_proved or None)

    def request(
        self,
        method: str,
        path: str,
        *,
        about: str = "the request",
        writes: bool = False,
        idempotent: bool = True,
        read_back: Callable[[], Any] | None = None,
        parse: Callable[[Any], Any] | None = None,
        **content: Any,
    ) -> Answer:
        """Send a request until it is answered, refused, or has failed too often.

        :param about: what it concerns, for the error: ``issue HSP-1``.
        :param writes: whether it changes something. After an ambiguous failure, such as a timeout, that may be done.
        :param idempotent: whether sending it twice does no more than sending it once. If not, it is read back before it
            is sent again, and not sent again while Jira may still be at work on it.
        :param read_back: reads whether a write was done after all: what it returns, if not None, becomes the answer.
        :param parse: what makes something of the JSON. Where it cannot, something else than Jira answered.
        :param content: ``params``, ``json`` and ``data`` as requests takes them.
        :raises JiraError: see the tree in errors.py.
        """
        attempt, doubt, conclusive, patience = 0, False, True, Patience(self.retries)
        while True:
            try:
                return self._attempt(method, path, content, about, parse)
            except FailedAttempt as failure:
                doubt, conclusive = doubt or failure.ambiguous, conclusive and failure.conclusive
                again = patience.lasts(failure, time.monotonic()) and failure.repeatable(idempotent, conclusive)
                look = read_back if doubt and not (again and idempotent) else None
                if again or (look and not failure.conclusive):
                    time.sleep(failure.wait(attempt))  # before reading back, too: a slow Jira may still be at work
                found = confirm(look, failure.error) if look else None
                if found is not None:
                    return Answer(found, confirmed=True)
                attempt += 1
                if not again:
                    raise failure.given_up(attempt, unknown=writes and doubt and not (look and conclusive)) from None
                doubt = doubt and not look

    def _attempt(
        self, method: str, path: str, content: Mapping[str, Any], about: str, parse: Callable[[Any], Any] | None
    ) -> Answer:
        answer = Answer(None)
        try:
            with contextlib.ExitStack() as held:
                response, body = self._send(method, path, content, about, held)
                answer = self._read(response, body, about, expected=method == "GET" or parse is not None)
            return answer._replace(data=parse(answer.data)) if parse else answer
        except JiraError as refused:
            raise FailedAttempt(refused, ambiguous=False, again=False) from None
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            strange = f"The answer to {method} {path} is not Jira's. Check url."
            error = ServerError(strange, method=method, path=path, status=answer.status)
            raise FailedAttempt(error, ambiguous=method != "GET", conclusive=True, again=False) from None

    def _send(
        self, method: str, path: str, content: Mapping[str, Any], about: str, held: contextlib.ExitStack
    ) -> tuple[Any, bytearray]:
        """Send one request and return the response and its body, whatever its status.

        :raises FailedAttempt: there is no response, and another attempt may get one.
        :raises NoAnswer: there is no response, and another attempt would not help.
        """
        errors = self._requests.exceptions
        broken = (errors.RequestException, errors.BaseHTTPError, http.client.HTTPException)
        request = self._prepared(method, path, **content)
        response = None
        self.sent += 1
        try:
            response = self._session.send(request, **self._settings, timeout=self._timeout, allow_redirects=False)
            return response, received(response, (Unreadable, *broken), held)
        except errors.InvalidProxyURL:  # whose words could hold its password
            raise self._no_answer(method, path, "a proxy variable holds no address") from None
        except (errors.InvalidURL, errors.InvalidSchema) as error:
            raise self._no_answer(method, path, _innermost(error)) from None
        except errors.SSLError as error:  # a certificate, or a connection that breaks after the request
            raise FailedAttempt(self._no_answer(method, path, _innermost(error)), ambiguous=True, again=False) from None
        except errors.ConnectTimeout:
            raise FailedAttempt(self._no_answer(method, path, self._no_time_left), ambiguous=False) from None
        except Unreadable as error:
            error_class = AnswerTooLarge if isinstance(error, TooLarge) else ServerError
            status = response.status_code if response is not None else None
            text = f"The answer about {about} {error}. {AnswerTooLarge.advice}"
            unread = error_class(text, method=method, path=path, status=status)
            raise FailedAttempt(unread, ambiguous=method != "GET", conclusive=True, again=False) from None
        except broken as error:
            timed_out = isinstance(error, errors.Timeout) or "ReadTimeoutError" in repr(error)
            no_answer = self._no_answer(method, path, self._no_time_left if timed_out else _innermost(error))
            if _NEVER_SENT.search(repr(error)):
                raise no_answer from None  # nobody listens there: rather a wrong url than a passing fault
            raise FailedAttempt(no_answer, ambiguous=True) from None
        except OSError as error:  # a certificate file that is not there
            raise self._no_answer(method, path, printable(error)) from None

    def _prepared(self, method: str, path: str, params: Any = None, json: Any = None, data: Any = None) -> Any:
        request = self._blank.copy()
        request.method, request.url = method, self.base_url + path
        if params:
            request.prepare_url(request.url, params)
        request.prepare_body(data, None, json)
        if method == "DELETE":  # it has no body, and yet Cloud answers 415 to some without a media type
            request.headers["Content-Type"] = "application/json"
        credentials = self._auth.header()
        if credentials:
            request.headers["Authorization"] = credentials
        return request

    @property
    def _no_time_left(self) -> str:
        whole = PATIENCE * self._timeout
        return f"nothing within {self._timeout:g} seconds (timeout), or not all of it within {whole:g}"

    def _no_answer(self, method: str, path: str, reason: str) -> NoAnswer:
        host = urlsplit(self.base_url).netloc
        advice = _OWN_AUTHORITY if "certificate verify failed" in reason else NoAnswer.advice
        message = f"{host} did not answer {method} {path}: {self._shown(reason)}. {advice}"
        return NoAnswer(message, method=method, path=path)

    def _read(self, response: Any, body: bytearray, about: str, expected: bool) -> Answer:
        """What a response says, or the error that it means.

        :param expected: whether a success has a body.
        """
        status, headers = response.status_code, response.headers
        answer = {
            "method": response.request.method,
            "path": self._below(response.request.url),
            "status": status,
            "support_id": self._shown(headers.get("X-AREQUESTID") or headers.get("Atl-Traceid") or "") or None,
        }
        if wants_captcha(headers):
            raise CaptchaRequired(f"Jira refused the login. {CaptchaRequired.advice}", **answer)
        if refuses_login(headers) and "Authorization" in response.request.headers:
            raise Unauthorized(Unauthorized.as_anonymous, **answer)
        self.caller_named = names_the_caller(headers)
        if 200 <= status < 300:
            return Answer(self._json(headers, body, about, expected, answer), headers, status)
        if 300 <= status < 400:
            raise self._redirected(headers, response.request.url, about, answer)
        error = refusal(answer, self._words(headers, body), about)
        retry_after = seconds_to_wait(headers, time.time())
        if isinstance(error, RateLimited):
            raise self._rate_limited(error, headers, retry_after)
        error.by_jira = has_jiras_shape(bytes(body), marked=error.support_id is not None)
        if isinstance(error, ServerError):
            # Jira's own 503 says that it did not begin. After any other, a part may be done, or be done yet.
            own = error.by_jira and status == 503
            raise FailedAttempt(error, ambiguous=True, conclusive=own, retry_after=retry_after)
        if not error.by_jira:  # a proxy may have put it in the place of Jira's answer
            raise FailedAttempt(error, ambiguous=True, conclusive=True, again=False)
        raise error

    def _rate_limited(self, error: RateLimited, headers: Mapping[str, str], retry_after: float) -> Exception:
        reason = headers.get("RateLimit-Reason", "")
        if "quota" in reason:
            reset = headers.get("X-RateLimit-Reset", "an unknown time")
            return error.explained(
                f"The hourly quota of this site or app is used up ({self._shown(reason)}) until {self._shown(reset)}. "
                f"{RateLimited.advice}",
                OutOfQuota,
            )
        error.retry_after, error.one_issue = retry_after, "per-issue" in reason
        failure = FailedAttempt(error, ambiguous=False, retry_after=retry_after)
        error.left_to_schedule = not (self._patient or error.method == "GET" or failure.too_long)
        return failure

    def _below(self, url: str) -> str:
        path = urlsplit(url).path
        return path.removeprefix(urlsplit(self.base_url).path) or path

    def _shown(self, text: str) -> str:
        return printable(self.secrets.hidden(text))[:_LONGEST_SHOWN]

    def _words(self, headers: Headers, body: bytearray) -> tuple[str, ...]:
        """The words of an error body, without credentials: some proxies repeat what was sent to them."""
        text = text_of(body, headers.get("Content-Type", ""))
        return jiras_words(self.secrets.hidden(text), self.secrets.hidden)

    def _json(self, headers: Headers, body: bytearray, about: str, expected: bool, answer: Mapping[str, Any]) -> Any:
        ambiguous = answer["method"] != "GET"
        if not body.strip():
            if not expected:
                return None
            empty = f"The answer about {about} has the status {answer['status']} and is empty. {ServerError.advice}"
            raise FailedAttempt(ServerError(empty, **answer), ambiguous, conclusive=True)  # now and then, on any read
        try:
            return json.loads(body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            words = self._words(headers, body)
            error = ServerError(
                f"The answer about {about} is no JSON, so it is not Jira's{said(words)} "
                "Check that url is the address of the Jira itself, with its context path if it has one.",
                error_messages=words,
                **answer,
            )
            raise FailedAttempt(error, ambiguous, conclusive=True, again=_may_be_cut(headers, body)) from None

    def _redirected(self, headers: Headers, asked: str, about: str, answer: Mapping[str, Any]) -> Exception:
        location = self.secrets.hidden(headers.get("Location", ""))
        target = target_of(location, asked, answer["path"])
        advice = Redirected.advice if target.same_request else Redirected.to_a_page
        there = self._shown(target.address)
        error = Redirected(f"The request about {about} was redirected to {there}. {advice}", **answer)
        if target.same_request:
            return error
        # the page may be what a web server shows while Jira is still at work
        return FailedAttempt(error, ambiguous=answer["method"] != "GET", again=False)


def confirm(read_back: Callable[[], Any], failure: JiraError) -> Any:
    """Read back whether a write was done after all, and return what is found.

    :raises JiraError: the failure, where reading back fails as well.
    """
    try:
        return read_back()
    except JiraError as error:
        raise failure.doubted(
            f"{failure.message} Whether it was done all the same is not known, for looking failed too: {error.message}"
        ) from None


def _innermost(error: BaseException) -> str:
    """The innermost reason of requests' nested exceptions, without the address that they repeat."""
    while True:
        inner = getattr(error, "reason", error.args[-1] if error.args else None)
        if not isinstance(inner, BaseException):
            return printable(re.sub(r"^<.*?>:? ?|^.*?: (?=Failed to)", "", str(error))).rstrip(".")
        error = inner


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")  # for Python it is, and then cannot be sent back


def _may_be_cut(headers: Headers, body: bytearray) -> bool:
    """Whether it begins like JSON, and nothing says where it ends but the end of the connection."""
    return body.lstrip().startswith((b"{", b"[")) and not (
        "Content-Length" in headers or "Transfer-Encoding" in headers
    )
