# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of a search, put together so that no issue is missed. No input or output; the caller fetches them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .._client.errors import Incomplete
from .._model.link import LinkedIssue

Page = list[LinkedIssue]


_READ_AGAIN = 3  # times, at most


_INCOMPLETE = "The search gave only some of its pages, so not all that it finds is known. Run it again."


def each_once(pages: Iterator[Page]) -> Iterator[LinkedIssue]:
    """The issues of all pages. One can stand on two of them, when others come or go meanwhile."""
    met = set[str]()
    for page in pages:
        for found in page:
            if found.issue.key not in met:
                met.add(found.issue.key)
                yield found


def by_token(fetch: Callable[[str | None], tuple[Page, str | None]]) -> Iterator[Page]:
    """The pages of Jira Cloud, each of which has the token of the next.

    :raises Incomplete: they go round in a circle.
    """
    token: str | None = None
    tokens = set[str]()
    while True:
        page, token = fetch(token)
        yield page
        if token is None:
            return
        if token in tokens:
            raise Incomplete(_INCOMPLETE)
        tokens.add(token)


def by_offset(fetch: Callable[[int], tuple[Page, int]]) -> Iterator[Page]:
    """The pages of Data Center, each of which tells how many issues the search finds in all.

    They move when issues come or go meanwhile, and then one may stand on none of them. So they are read again where the
    total went down, or where an issue stood on two of them, until that finds nothing new.

    :raises Incomplete: they end too early, or never stop moving.
    """
    start, least, again = 0, 0, _READ_AGAIN
    met, known = set[str](), -1
    while True:
        page, total = fetch(start)
        yield page
        met.update(found.issue.key for found in page)
        start += len(page)
        fewer = total < least
        if not fewer and start < total and page:
            least = total
        elif not fewer and start >= total and (len(met) >= total or len(met) == known):
            return
        elif again and (fewer or page):
            start, least, again, known = 0, 0, again - 1, len(met)
        else:
            raise Incomplete(_INCOMPLETE)
