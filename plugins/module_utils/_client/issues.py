# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads many issues by their keys: a hundred in a request, and several requests at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from .._model.link import LinkedIssue
from .errors import AnswerTooLarge, BadRequest, Incomplete, JiraError, NotFound
from .jira import LINKS, Jira
from .pages import in_parts
from .progress import Progress
from .rate_limits import PAGE

Job = TypeVar("Job")
Value = TypeVar("Value")


class _Page(NamedTuple):
    """Issues by the keys asked for, and the keys that each have to be asked for alone."""

    found: dict[str, LinkedIssue]
    alone: list[str]


def read_issues(
    keys: Iterable[str], jira: Jira, fields: Sequence[str] = LINKS, size: int = PAGE
) -> dict[str, LinkedIssue]:
    """Issues and their links by the keys asked for. What Jira does not show is absent.

    :param size: how many to read in one request.
    """
    wanted = list(dict.fromkeys(keys))
    pages = [wanted[slice(start, start + size)] for start in range(0, len(wanted), size)]
    found, alone = dict[str, LinkedIssue](), list[str]()
    endpoint = "POST issue/bulkfetch" if jira.is_cloud() else "POST search"
    for page in read_each(pages, lambda keys, own: _read_page(keys, own, fields), jira, endpoint, size):
        found.update(page.found)
        alone += page.alone
    one_by_one = read_each(alone, lambda key, own: _read_one(key, own, fields), jira, "GET issue")
    found.update({key: issue for key, issue in zip(alone, one_by_one) if issue})
    jira.issues_read += len(wanted)
    if len(found) < len(wanted):
        jira.prove_login()
    return found


def read_each(
    jobs: Sequence[Job], work: Callable[[Job, Jira], Value], jira: Jira, endpoint: str, size: int = 1
) -> list[Value]:
    """What becomes of each of some jobs that only read, several at a time, in their order.

    :param endpoint: that they ask, with the method.
    :param size: how many issues each reads.
    """
    if len(jobs) < 2 or jira.in_thread:
        return [work(job, jira) for job in jobs]
    before, started = jira.issues_read, time.monotonic()

    def look(done: int) -> None:
        left = (time.monotonic() - started) / done * (len(jobs) - done) if done else None
        jira.progress(Progress("issues read", before + done * size, before + len(jobs) * size, left))

    from .parallel import read_all  # late: a single link needs no threads, and every module would pay for them

    limiter = jira.limiter(endpoint, writes=False)
    return read_all(jobs, lambda job, http: work(job, jira.over(http)), jira.http, limiter, look)


def _read_page(keys: Sequence[str], jira: Jira, fields: Sequence[str]) -> _Page:
    answered = {name: read for read in _some(keys, jira, fields) for name in (read.issue.key, read.issue.id)}
    found = {key: answered[key] for key in keys if key in answered}
    unanswered = [key for key in keys if key not in found]
    return _Page(found, unanswered if unanswered and _some_exist(unanswered, jira) else [])


def _some_exist(unanswered: Sequence[str], jira: Jira) -> bool:
    """Whether keys without an answer may be old keys of issues that moved to another project.

    bulkfetch follows old keys but answers with the current one. A search may not know old keys, or be behind.
    """
    if not (jira.is_cloud() and jira.site.bulk):
        return True
    return bool(_some(unanswered, jira, ())) or not jira.site.bulk  # which that may have found out


def _some(keys: Sequence[str], jira: Jira, fields: Sequence[str]) -> list[LinkedIssue]:
    if jira.is_cloud():
        return in_parts(lambda some: jira.bulk_fetch(some, fields), keys) if jira.site.bulk else []
    listed = ", ".join(f'"{key}"' for key in keys)
    try:
        return list(jira.search(f"key in ({listed})", fields))
    except (AnswerTooLarge, BadRequest, Incomplete):
        return []  # one key that is not there can fail the whole query: then each is asked for alone
    except JiraError as error:
        if error.status != 404:
            raise
        jira.reread_link_types()
        return []


def _read_one(key: str, jira: Jira, fields: Sequence[str]) -> LinkedIssue | None:
    try:
        return jira.issue(key, fields)
    except NotFound:
        return None
