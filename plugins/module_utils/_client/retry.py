# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a request is sent again, and how long to wait before: exponential backoff with jitter. No input or output."""

from __future__ import annotations

import random

from .errors import JiraError, RateLimited
from .rate_limits import LONGEST_REFUSAL, REFUSED_FOR_LONG

_BASE, _MULTIPLIER, _CAP = 2.0, 2.0, 30.0  # seconds, of the exponential backoff
_JITTER = (0.7, 1.3)
LONGEST_WAIT = 120.0  # seconds: who is asked to wait longer is told so instead


class FailedAttempt(Exception):
    """An attempt that did not succeed.

    :param ambiguous: whether Jira may have carried it out all the same.
    :param conclusive: whether reading back then tells for sure. It does not while Jira may be at work.
    :param retry_after: seconds that Jira asks to wait at least.
    :param again: whether another attempt could end in another way.
    """

    def __init__(
        self, error: JiraError, ambiguous: bool, conclusive: bool = False, retry_after: float = 0.0, again: bool = True
    ) -> None:
        super().__init__(str(error))
        self.ambiguous, self.conclusive = ambiguous, conclusive or not ambiguous
        self._retry_after, self._again = retry_after, again
        self.too_long = retry_after > LONGEST_WAIT
        self.error = error
        if self.too_long:
            self.error = error.explained(f"{error.message} Jira asks to wait {retry_after:g} seconds.")

    @property
    def left(self) -> bool:
        """Whether the wait, and another attempt, are left to whoever shares out the work."""
        return isinstance(self.error, RateLimited) and self.error.left_to_schedule

    def given_up(self, attempts: int, unknown: bool) -> JiraError:
        """The error to report.

        :param unknown: whether nothing tells if the request was carried out all the same.
        """
        if self.left and not unknown:
            return self.error
        tried = f" It was tried {attempts} times." if attempts > 1 and self._again else ""
        if tried and isinstance(self.error, RateLimited) and self.error.one_issue:
            tried = f" {REFUSED_FOR_LONG}"
        message = f"{self.error.message}{tried}"
        if unknown:
            return self.error.doubted(f"{message} It may have been done all the same. Run it again: that reads first.")
        return self.error.explained(message) if tried else self.error

    def repeatable(self, idempotent: bool, conclusive: bool) -> bool:
        """Whether to send the request again here may help, and does no harm.

        :param idempotent: whether sending it twice does no more than sending it once.
        :param conclusive: whether reading back tells for sure of all attempts. If not, nothing is left to others.
        """
        left = self.left and conclusive
        return self._again and not (left or self.too_long) and (idempotent or self.conclusive)

    def wait(self, attempt: int) -> float:
        """Seconds to wait before sending it again, or reading back."""
        return backoff(attempt, 0.0 if self.too_long else self._retry_after)


class Patience:
    """How long a request is repeated: a number of times, not counting those that are refused for too many writes to
    one issue. That passes as long as others write there, so it is waited out; but not for ever.
    """

    def __init__(self, retries: int) -> None:
        self._left = retries
        self._refused_since: float | None = None

    def lasts(self, failure: FailedAttempt, now: float) -> bool:
        """Whether to go on after a failure."""
        if isinstance(failure.error, RateLimited) and failure.error.one_issue:
            self._refused_since = now if self._refused_since is None else self._refused_since
            return now - self._refused_since < LONGEST_REFUSAL
        self._left -= 1
        return self._left >= 0


def backoff(attempt: int, retry_after: float = 0.0) -> float:
    """Seconds to wait before another attempt: exponential backoff with jitter, and never less than ``Retry-After``.

    :param attempt: how many attempts came before the one that has failed: 0, 1, 2 and so on.
    :param retry_after: seconds that Jira asks to wait at least.
    """
    seconds = min(_BASE * _MULTIPLIER**attempt, _CAP)
    return max(seconds * random.uniform(*_JITTER), retry_after * random.uniform(1.0, _JITTER[1]))
