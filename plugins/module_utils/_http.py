# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP as Jira speaks it: credentials, retries, answers. Knows nothing of links; alone in importing requests."""

from __future__ import annotations

import json
import random
import re
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from ._errors import (
    CaptchaRequired,
    JiraError,
    NoAnswer,
    OutOfQuota,
    RateLimited,
    Redirected,
    ServerError,
    Unauthorized,
    jiras_words,
    refusal,
    said,
)
from ._secrets import Secrets, user_info
from ._text import printable

_OWN_AUTHORITY = (
    "Check url. If an authority of your own signed the certificate, name it with ca_path, or with REQUESTS_CA_BUNDLE "
    "in the environment."
)
_FIRST_WAIT, _LONGEST_BACKOFF, _LONGEST_WAIT = 2.0, 30.0, 120.0  # seconds


class Authentication(Protocol):
    def header(self) -> str | None:
        """The Authorization header, or None for an anonymous request."""


class Tls(NamedTuple):
    """What requests calls verify and cert."""

    verify: bool | str = True
    cert: str | tuple[str, str] | None = None


class Answer(NamedTuple):
    """An answer of 2xx: what was made of its JSON, which is None where the body is empty.

    ``settled``: Jira never answered, but a look showed that the work was done. Then data is what the look found.
    """

    data: Any
    headers: Mapping[str, str] = {}
    status: int | None = None
    settled: bool = False


def as_it_is(data: Any) -> Any:
    return data


def not_settled() -> None:
    """For reads: there is nothing to look for."""


def untold() -> None:
    """For writes that nobody looks after: the error says that the work may have been done all the same."""


class Http:
    """Requests to one Jira.

    :param base_url: what the paths are appended to, without a slash at the end.
    :param secrets: what is taken out of every answer before it is shown.
    :param timeout: seconds to wait for a connection, and then for each part of the answer.
    :param retries: how often a request is sent again, at most.
    :param patient: whether to wait after a 429 to a write; otherwise that is an error like any other.
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

        self._requests = requests
        self._session = requests.Session()
        self.base_url, self._auth, self._tls, self.secrets = base_url, auth, tls, secrets
        # What the environment says of proxies and authorities, looked up once and not for every request. From then on
        # the session does not trust it, so that no credentials come from ~/.netrc either.
        self._settings = self._session.merge_environment_settings(base_url, {}, None, tls.verify, tls.cert)
        self._session.trust_env = False
        for proxy in self._settings["proxies"].values():
            for secret in user_info(proxy):
                secrets.add(secret)
        # What all requests have in common, prepared once: half of the time that requests takes for one.
        common = requests.Request("GET", base_url, headers={"Accept": "application/json"})
        try:
            self._blank = self._session.prepare_request(common)
        except ValueError as error:  # requests' InvalidURL, MissingSchema and the like
            raise NoAnswer(f"{printable(base_url)} is no address. Check url. {printable(error)}") from None
        if not tls.verify:
            warnings.filterwarnings("ignore", "Unverified HTTPS request")  # validate_certs says so, once is enough
        self._timeout, self.retries, self._patient = timeout, retries, patient
        self.sent = 0
        """How many requests were sent, repetitions included."""
        self.caller_named = False
        """Whether the last answer named the account that asks: then Jira takes the credentials."""
        self.login_proved = False
        """Whether Jira was asked who is logged in, in this run."""

    def twin(self) -> Http:
        """Another one for another thread, which leaves the waiting after a 429 to whoever shares out the work."""
        twin = Http(self.base_url, self._auth, self._tls, self.secrets, self._timeout, self.retries, patient=False)
        twin.login_proved = self.login_proved
        return twin

    def close(self) -> None:
        self._session.close()

    @property
    def anonymous(self) -> bool:
        return self._auth.header() is None

    def request(
        self,
        method: str,
        path: str,
        *,
        about: str = "the request",
        settled: Callable[[], Any] = not_settled,
        repeatable: bool = True,
        parse: Callable[[Any], Any] = as_it_is,
        **content: Any,
    ) -> Answer:
        """Send a request until it is answered, refused, or has failed too often.

        :param about: what it concerns, for the error: ``issue HSP-1``.
        :param settled: asked after a failure that leaves open whether the work was done, before giving up. What it
            returns, if not None, is the answer.
        :param repeatable: sending it twice does what sending it once does. Otherwise settled is asked each time before
            it is sent again.
        :param parse: what makes something of the JSON. Where it cannot, something else than Jira answered.
        :param content: ``params``, ``json`` and ``data`` as requests takes them.
        :raises JiraError: see the tree in _errors.
        """
        attempt = 0
        while True:
            try:
                return self._attempt(method, path, content, about, parse)
            except _Failed as failure:
                wait = failure.wait(attempt) if attempt < self.retries else None
                time.sleep(wait or 0.0)  # before asking, too: a slow Jira may still be at work
                if failure.in_doubt and (wait is None or not repeatable):
                    found = look(settled, failure.error)
                    if found is not None:
                        return Answer(found, settled=True)
                attempt += 1
                if wait is None:
                    raise failure.given_up(attempt, known=settled is not untold) from None

    def _attempt(
        self, method: str, path: str, content: Mapping[str, Any], about: str, parse: Callable[[Any], Any]
    ) -> Answer:
        answer = Answer(None)
        try:
            answer = self._read(self._send(method, path, content), about)
            return answer._replace(data=parse(answer.data))
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            strange = f"The answer to {method} {path} is empty or not Jira's. Check url."
            error = ServerError(strange, method=method, path=path, status=answer.status)
            raise _Failed(error, in_doubt=method != "GET", again=False) from None

    def _send(self, method: str, path: str, content: Mapping[str, Any]) -> Any:
        """What comes back, of whatever status."""
        errors = self._requests.exceptions
        request = self._prepared(method, path, **content)
        self.sent += 1
        try:
            return self._session.send(request, **self._settings, timeout=self._timeout, allow_redirects=False)
        except errors.InvalidProxyURL:  # whose words could hold its password
            raise self._no_answer(method, path, "a proxy variable holds no address") from None
        except (errors.ProxyError, errors.InvalidURL) as error:
            raise self._no_answer(method, path, _innermost(error)) from None
        except errors.SSLError as error:  # a certificate, or a connection that breaks after the request
            raise _Failed(self._no_answer(method, path, _innermost(error)), in_doubt=True, again=False) from None
        except errors.Timeout as error:
            no_answer = self._no_answer(method, path, f"nothing within {self._timeout:g} seconds (timeout)")
            raise _Failed(no_answer, in_doubt=not isinstance(error, errors.ConnectTimeout)) from None
        except (errors.ConnectionError, errors.ChunkedEncodingError, errors.ContentDecodingError) as error:
            no_answer = self._no_answer(method, path, _innermost(error))
            if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
                raise no_answer from None  # nobody listens there: rather a wrong url than a passing fault
            raise _Failed(no_answer, in_doubt=True) from None
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

    def _no_answer(self, method: str, path: str, reason: str) -> NoAnswer:
        host = urlsplit(self.base_url).netloc
        advice = _OWN_AUTHORITY if "certificate verify failed" in reason else NoAnswer.advice
        message = f"{host} did not answer {method} {path}: {self.secrets.hidden(reason)}. {advice}"
        return NoAnswer(message, method=method, path=path)

    def _read(self, response: Any, about: str) -> Answer:
        """What a response says, or the error that it means."""
        status, headers = response.status_code, response.headers
        answer = {
            "method": response.request.method,
            "path": self._below(response.request.url),
            "status": status,
            "support_id": self._shown(headers.get("X-AREQUESTID") or headers.get("Atl-Traceid") or "") or None,
        }
        _check_login(response, answer)
        self.caller_named = _names_the_caller(headers)
        if 200 <= status < 300:
            return Answer(self._json(response, about, answer), headers, status)
        if 300 <= status < 400:
            raise self._redirected(headers.get("Location") or "", about, answer)
        error = refusal(answer, self._words(response), about)
        retry_after = _seconds(headers.get("Retry-After"))
        if isinstance(error, RateLimited):
            raise self._rate_limited(error, headers, retry_after)
        if isinstance(error, ServerError):
            raise _Failed(error, in_doubt=True, retry_after=retry_after)
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
        failure = _Failed(error, in_doubt=False, retry_after=retry_after)
        if self._patient or error.method == "GET" or failure.too_long:
            return failure
        error.retry_after, error.one_issue, error.again = retry_after, "per-issue" in reason, True
        return error

    def _below(self, url: str) -> str:
        path = urlsplit(url).path
        return path.removeprefix(urlsplit(self.base_url).path) or path

    def _shown(self, text: str) -> str:
        return printable(self.secrets.hidden(text))

    def _words(self, response: Any) -> tuple[str, ...]:
        """What the body says, in which some proxies repeat what was sent: without the credentials."""
        if "charset" not in response.headers.get("Content-Type", ""):
            response.encoding = "utf-8"  # requests takes HTML for ISO-8859-1, as the Web of 1999 did
        return jiras_words(self.secrets.hidden(response.text), self.secrets.hidden)

    def _json(self, response: Any, about: str, answer: Mapping[str, Any]) -> Any:
        if not response.content:
            return None
        try:
            return json.loads(response.content)
        except ValueError:
            words = self._words(response)
            error = ServerError(
                f"The answer about {about} is no JSON, so it is not Jira's{said(words)} "
                "Check that url is the address of the Jira itself, with its context path if it has one.",
                error_messages=words,
                **answer,
            )
            raise _Failed(error, in_doubt=answer["method"] != "GET", again=False) from None

    def _redirected(self, location: str, about: str, answer: Mapping[str, Any]) -> Redirected:
        target = urlsplit(self.secrets.hidden(location))
        there = printable(f"{target.scheme}://{target.netloc}" if target.netloc else target.path or "nowhere")
        advice = Redirected.advice if target.path.endswith(answer["path"]) else Redirected.to_a_page
        return Redirected(f"The request about {about} was redirected to {there}. {advice}", **answer)


class _Failed(Exception):
    """A failure after which the request may be sent again.

    :param in_doubt: Jira may have done the work all the same.
    :param retry_after: seconds that Jira asks to wait at least.
    :param again: whether another attempt could end in another way.
    """

    def __init__(self, error: JiraError, in_doubt: bool, retry_after: float = 0.0, again: bool = True) -> None:
        super().__init__(str(error))
        self.in_doubt, self._retry_after, self._again = in_doubt, retry_after, again
        self.too_long = retry_after > _LONGEST_WAIT
        self.error = error
        if self.too_long:
            self.error = error.explained(f"{error.message} Jira asks to wait {retry_after:g} seconds.")

    def given_up(self, attempts: int, known: bool) -> JiraError:
        """The error to report.

        :param known: whether it is known that the work was not done.
        """
        tried = f" It was tried {attempts} times." if attempts > 1 else ""
        unknown = self.in_doubt and not known
        doubt = " It may have been done all the same. Run it again: that reads first." if unknown else ""
        return self.error.explained(f"{self.error.message}{tried}{doubt}")

    def wait(self, attempt: int) -> float | None:
        """Seconds to wait before sending it again; None if that is no use, or Jira asks for more than is sensible."""
        return pause(attempt, self._retry_after) if self._again and not self.too_long else None


def look(settled: Callable[[], Any], failure: JiraError) -> Any:
    """Ask whether the work was done after all, and return what is found.

    :raises JiraError: the failure, where looking fails as well.
    """
    try:
        return settled()
    except JiraError as error:
        raise failure.explained(
            f"{failure.message} Whether it was done all the same is not known, for looking failed too: {error.message}"
        ) from None


def pause(attempt: int, retry_after: float = 0.0) -> float:
    """Seconds before another attempt: 2, 4, 8 up to 30, spread by 0.7 to 1.3; never less than Jira asks for."""
    backoff = min(_FIRST_WAIT * 2.0**attempt, _LONGEST_BACKOFF)
    return max(backoff * random.uniform(0.7, 1.3), retry_after * random.uniform(1.0, 1.3))


def _innermost(error: BaseException) -> str:
    """The reason at the bottom of requests' nested exceptions, without the URL that they repeat."""
    while True:
        inner = getattr(error, "reason", error.args[-1] if error.args else None)
        if not isinstance(inner, BaseException):
            return printable(re.sub(r"^<.*?>:? ?|^.*?: (?=Failed to)", "", str(error))).rstrip(".")
        error = inner


def _check_login(response: Any, answer: Mapping[str, Any]) -> None:
    """Jira answers many requests as anonymous when the credentials are no longer good: only a header tells."""
    reason = response.headers.get("X-Seraph-LoginReason", "")
    if "AUTHENTICATION_DENIED" in reason or "CAPTCHA" in response.headers.get("X-Authentication-Denied-Reason", ""):
        raise CaptchaRequired(f"Jira refused the login. {CaptchaRequired.advice}", **answer)
    if "AUTHENTICATED_FAILED" in reason and "Authorization" in response.request.headers:
        raise Unauthorized(Unauthorized.as_anonymous, **answer)


def _names_the_caller(headers: Mapping[str, str]) -> bool:
    """Whether an answer says who Jira thinks is asking: by an account id (Cloud), or by a user name (Data Center)."""
    name = headers.get("X-AUSERNAME", "")
    reasons = headers.get("X-Seraph-LoginReason", "").replace(" ", "").split(",")
    named = name.casefold() != "anonymous" if name else "OK" in reasons
    return named or bool(headers.get("X-AACCOUNTID"))


def _seconds(text: str | None) -> float:
    return float(text) if text and text.strip().isdecimal() else 0.0
