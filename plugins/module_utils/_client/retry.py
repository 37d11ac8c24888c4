# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a request is sent again, and how long to wait before: exponential backoff with jitter. No input or output."""

from __future__ import annotations

import random

from .errors import JiraError

_BASE, _MULTIPLIER, _CAP = 2.0, 2.0, 30.0  # seconds, of the exponential backoff
_JITTER = (0.7, 1.3)
_LONGEST_WAIT = 120.0  # seconds: who is asked to wait longer is told so instead


class FailedAttempt(Exception):
    """A failure after which the request may be sent again.

    :param ambiguous: whether Jira may have carried it out all the same.
    :param retry_after: seconds that Jira asks to wait at least.
    :param again: whether another attempt could end in another way.
    """

    def __init__(self, error: JiraError, ambiguous: bool, retry_after: float = 0.0, again: bool = True) -> None:
        super().__init__(str(error))
        self.ambiguous, self._retry_after, self._again = ambiguous, retry_after, again
        self.too_long = retry_after > _LONGEST_WAIT
        self.error = error
        if self.too_long:
            self.error = error.explained(f"{error.message} Jira asks to wait {retry_after:g} seconds.")

    def given_up(self, attempts: int, unknown: bool) -> JiraError:
        """The error to report.

        :param unknown: whether nothing tells if the request was carried out all the same.
        """
        tried = f" It was tried {attempts} times." if attempts > 1 else ""
        doubt = " It may have been done all the same. Run it again: that reads first."
        doubt = doubt if unknown and self.ambiguous else ""
        return self.error.explained(f"{self.error.message}{tried}{doubt}")

    def wait(self, attempt: int) -> float | None:
        """Seconds to wait before sending it again; None if that is no use, or Jira asks for more than is sensible."""
        return backoff(attempt, self._retry_after) if self._again and not self.too_long else None


def backoff(attempt: int, retry_after: float = 0.0) -> float:
    """Seconds to wait before another attempt: exponential backoff with jitter, and never less than ``Retry-After``.

    :param attempt: how many attempts came before the one that has failed: 0, 1, 2 and so on.
    :param retry_after: seconds that Jira asks to wait at least.
    """
    seconds = min(_BASE * _MULTIPLIER**attempt, _CAP)
    return max(seconds * random.uniform(*_JITTER), retry_after * random.uniform(1.0, _JITTER[1]))
