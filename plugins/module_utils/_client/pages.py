# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the pages of a search together so that no issue is missed. No input or output; the caller fetches the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .._model.link import LinkedIssue
from .errors import Incomplete

Page = list[LinkedIssue]
_READ_AGAIN = 3  # times, at most
_INCOMPLETE = "The search gave only some of its pages, so not all that it finds is known. Run it again."


def each_once(pages: Iterator[Page]) -> Iterator[LinkedIssue]:
    """The issues of all pages, each once: an issue can stand on two pages when others come or go meanwhile."""
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


def by_offset(fetch: Callable[[int, int], tuple[Page, int]], size: int) -> Iterator[Page]:
    """The pages of Data Center, each of which tells how many issues the search finds in all.

    They move when issues come or go meanwhile, and then one may stand on none of them. So each page begins with the
    last issue of the one before. Where it is not there, or the number of issues does not fit, the pages are read again
    until that finds nothing new.

    :param fetch: takes the position of the first issue of a page, and how many issues there are to be on it.
    :raises Incomplete: they end too early, or never stop moving.
    """
    met = set[str]()
    for _pass in range(1 + _READ_AGAIN):
        known, start, last, most, moved = len(met), 0, "", 0, False
        while True:
            page, total = fetch(start, size + 1 if last else size)
            yield page
            keys = [found.issue.key for found in page]
            moved = moved or total < most or bool(last and last not in keys)
            met.update(keys)
            end = start + len(keys)
            if end >= total:
                break
            if not keys:
                raise Incomplete(_INCOMPLETE)
            start, last, most = max(end - 1, start + 1), keys[-1], total
        if not (moved or len(met) < total) or len(met) == known:
            return
    raise Incomplete(_INCOMPLETE)
