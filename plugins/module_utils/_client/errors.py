# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way in which a request can fail, and how the answer of Jira, or of a proxy before it, is read for its reason.

Every failure is one of these::

    JiraError
    +-- NoAnswer         no connection, or no answer in time
    +-- Redirected       another host wants to answer
    +-- BadRequest       400
    +-- Unauthorized     401, or an answer as if nobody had logged in although credentials were sent
    +-- CaptchaRequired  a person has to log in first; never retried
    +-- Forbidden        403
    +-- NotFound         404
    +-- Gone             410: a Jira of this kind has no such endpoint
    +-- LimitReached     413: an issue holds all the links it may; never retried
    +-- RateLimited      429
    |   +-- OutOfQuota   429 for the rest of the hour; never retried
    +-- ServerError      5xx, or an answer that is not Jira's
    +-- AnswerTooLarge   an answer that holds more than is read at once
    +-- Incomplete       an answer that leaves something out, which is not to say that there is nothing
    +-- Unexpected       something else ended the run while it was writing
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._text import printable

_LONGEST_PAGE = 20_000  # characters of an HTML page, or of one of Jira's words, that are looked at
_LONGEST_WORDS, _MOST_WORDS = 300, 10  # characters, and how many, that are shown


_AFTER_THE_CAUSE = "Correct the cause and run it again: it does the rest. "


class JiraError(Exception):
    """A request that Jira did not answer as asked: what happened, in Jira's words, and what to do next."""

    headline = "Jira refused the request about {about} with status {status}"
    advice = ""
    rest = "Running it again does the rest. "
    """How to come by what it left undone."""
    by_jira = True
    """Whether Jira itself gave the answer, by its shape. If not, something before Jira may have given it."""
    in_doubt = False
    """Whether a write may have been done all the same."""

    def __init__(
        self,
        message: str,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        support_id: str | None = None,
        error_messages: tuple[str, ...] = (),
    ) -> None:
        message = printable(message)
        super().__init__(message)
        self.message, self.method, self.path, self.status = message, method, path, status
        self.support_id, self.error_messages = support_id, error_messages

    def explained(self, message: str, error_class: type[JiraError] | None = None) -> JiraError:
        """The same failure with its cause named, as an error of another class if need be."""
        repeats = all(words in message for words in self.error_messages)
        explained = (error_class or type(self))(
            message if repeats else f"{message} Jira says{said(self.error_messages)}",
            method=self.method,
            path=self.path,
            status=self.status,
            support_id=self.support_id,
            error_messages=self.error_messages,
        )
        explained.in_doubt = explained.in_doubt or self.in_doubt
        return explained

    def doubted(self, message: str) -> JiraError:
        """The same failure of a write that may have been done all the same."""
        doubted = self.explained(message)
        doubted.in_doubt = True
        return doubted

    def to_result(self) -> dict[str, Any]:
        return {
            "msg": self.message,
            "status": self.status,
            "method": self.method,
            "path": self.path,
            "support_id": self.support_id,
            "error_messages": list(self.error_messages),
        }


class NoAnswer(JiraError):
    advice = "Check url, the network, proxy variables and certificates."


class Redirected(JiraError):
    rest = _AFTER_THE_CAUSE
    advice = "Redirects are not followed, because they lose what is sent. Set url to that address."
    to_a_page = (
        "That is another page and not Jira's API: perhaps one to log in, or url is not the address of the Jira itself. "
        "Redirects are not followed."
    )


class BadRequest(JiraError):
    rest = _AFTER_THE_CAUSE


class Unauthorized(JiraError):
    rest = _AFTER_THE_CAUSE
    advice = "Check the credentials."  # login_advice in connect.py says more, by their kind
    as_anonymous = (
        "Jira did not accept the credentials: it answered as if nobody had logged in. They are wrong or have expired. "
        f"{advice}"
    )


class CaptchaRequired(JiraError):
    rest = _AFTER_THE_CAUSE
    advice = "Jira wants a CAPTCHA solved after failed logins. Log in once in a browser as this user, then try again."


class Forbidden(JiraError):
    rest = _AFTER_THE_CAUSE
    advice = "This account lacks a permission for it."


class NotFound(JiraError):
    rest = _AFTER_THE_CAUSE
    headline = "Jira does not find {about}"
    advice = "Check the spelling, and that this account may see it."


class Gone(JiraError):
    rest = _AFTER_THE_CAUSE
    advice = "Check api_version."


class LimitReached(JiraError):
    advice = "That is too much at once, or too much for one issue. Trying again does not help."
    rest = ""


class RateLimited(JiraError):
    advice = "Run it again later, or ask less at once."
    retry_after = 0.0
    """Seconds that Jira asks to wait at least."""
    one_issue = False
    """Whether only writes to one issue are too many."""
    left_to_schedule = False
    """Whether the request is worth sending again after a wait, and has not been."""


class OutOfQuota(RateLimited):
    pass


class ServerError(JiraError):
    headline = "Jira failed with status {status}, about {about}"
    advice = "Jira, or a proxy before it, has a problem. Try again later."


class AnswerTooLarge(JiraError):
    advice = "Perhaps it is not Jira's. Check url."


class Incomplete(JiraError):
    pass


class Unexpected(JiraError):
    in_doubt = True
    advice = "What was under way may have been done all the same. Run it again: that reads first."


def as_jira_error(error: BaseException) -> JiraError:
    """Any exception as a JiraError, so that a module can report it together with what was written before.

    :raises BaseException: the error itself, if it is to end the process.
    """
    if isinstance(error, JiraError):
        return error
    if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
        raise error
    words = f"{type(error).__name__}: {error}".rstrip(": ")
    return Unexpected(f"The task ended unexpectedly: {words}. {Unexpected.advice}")


_JIRAS_OWN = ("errorMessages", "status-code")
_BY_STATUS: dict[int, type[JiraError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    410: Gone,
    413: LimitReached,
    429: RateLimited,
}


def refusal(answer: Mapping[str, Any], words: tuple[str, ...], about: str) -> JiraError:
    """The error for an answer that is neither success nor redirect.

    :param answer: method, path, status and support_id.
    :param words: what the body says.
    """
    status = answer["status"]
    error_class = _BY_STATUS.get(status, ServerError if status >= 500 else JiraError)
    headline = error_class.headline.format(about=about, status=status)
    return error_class(f"{headline}{said(words)} {error_class.advice}".strip(), error_messages=words, **answer)


def has_jiras_shape(body: bytes, marked: bool = False) -> bool:
    """Whether an error body has a shape in which Jira alone says what is wrong with a request.

    Gateways answer in JSON, too. ``application/problem+json`` is theirs as well, and Jira's own only where it has no
    such route, which does not say that an issue or a link is not there.

    :param marked: whether the answer has a header of Jira's. Then all else is Jira's, too.
    """
    try:
        data = json.loads(body)
    except (RecursionError, ValueError):
        return marked
    keys = data.keys() if isinstance(data, dict) else set()
    return not keys.isdisjoint(_JIRAS_OWN) or (marked and "title" not in keys)


def said(words: tuple[str, ...]) -> str:
    """Jira's words as the end of a sentence: ``: Issue Does Not Exist.``"""
    text = " ".join(word if word[-1] in ".!?" else f"{word}." for word in words)
    return f": {text}" if text else ", and gives no reason."


def jiras_words(text: str, hidden: Callable[[str], str] = str) -> tuple[str, ...]:
    """What an error body says, in any of the shapes Jira and the proxies before it use: the first few of its words.

    :param hidden: takes out what must not be shown, once the words are no longer JSON or HTML.
    """
    try:
        return shortened(_words_of_json(json.loads(text)), hidden)
    except (ValueError, RecursionError):
        return shortened([_words_of_page(text[:_LONGEST_PAGE])], hidden)


def shortened(words: Sequence[Any], hidden: Callable[[str], str] = str) -> tuple[str, ...]:
    """The first few of some words, each in short, and how many there are more.

    :param hidden: takes out what must not be shown.
    """
    texts = (" ".join(printable(hidden(str(word))[:_LONGEST_PAGE]).split()) for word in words[:_MOST_WORDS])
    more = [f"(and {len(words) - _MOST_WORDS:,} more)"] if len(words) > _MOST_WORDS else []
    return (*(text[:_LONGEST_WORDS] for text in texts if text), *more)


def _words_of_page(text: str) -> str:
    title = re.search(r"<title>([^<]*)</title>", text, re.I)
    if title and title[1].strip():
        return html.unescape(title[1])
    page = re.sub(r"<(script|style)\b.*?(?:</\1>|\Z)", " ", text, flags=re.I | re.S)
    return html.unescape(re.sub(r"<[^<>]*>", " ", page))


def _words_of_json(data: Any) -> list[Any]:
    if not isinstance(data, dict):
        return [data]
    found = [*_listed(data.get("errorMessages")), *_listed(data.get("errorMessage"))]
    errors = data.get("errors")
    if isinstance(errors, dict):
        found += [f"{field}: {text}" for field, text in errors.items()]
    else:
        found += [word for error in _listed(errors) for word in _words_of_error(error) or [error]]
    return found or _words_of_error(data)


def _words_of_error(data: Any) -> list[Any]:
    """The words of one error, which can be an object: of ``application/problem+json``, of OAuth, of a gateway."""
    if not isinstance(data, dict):
        return [data]
    problem = [data[name] for name in ("detail", "title") if data.get(name)]
    reason = data.get("message") or data.get("error_description") or data.get("error")
    return problem or (_words_of_error(reason) if reason else [])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
