# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the pages of a search together so that no issue is missed. No input or output; the caller fetches the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from .._model.link import LinkedIssue
from .errors import AnswerTooLarge, Incomplete

Page = list[LinkedIssue]
_READ_AGAIN = 3  # times, at most
_MOST_BARREN = 50  # pages in a row that bring nothing new
_INCOMPLETE = "The search gave only some of its pages, so not all that it finds is known. Run it again."


def each_once(pages: Iterator[Page]) -> Iterator[LinkedIssue]:
    """The issues of all pages, each once: an issue can stand on two pages when others come or go meanwhile."""
    met = set[str]()
    for page in pages:
        for found in page:
            if found.issue.key not in met:
                met.add(found.issue.key)
                yield found


def in_parts(fetch: Callable[[Sequence[str]], Page], keys: Sequence[str]) -> Page:
    """The issues that have these keys; in several parts, where the answer with all of them would be too large."""
    found, start, size = Page(), 0, len(keys)
    while start < len(keys):
        try:
            found += fetch(keys[slice(start, start + size)])
            start += size
        except AnswerTooLarge as error:
            size = _half(size, error)
    return found


def _half(size: int, error: AnswerTooLarge) -> int:
    """Half as many issues as were asked for. The answer about a single one cannot be made smaller."""
    if size == 1:
        raise error
    return size // 2


class _Barren:
    """Counts the pages in a row that bring nothing new."""

    def __init__(self) -> None:
        self._met = set[str]()
        self._pages = 0

    def count(self, keys: Iterable[str]) -> None:
        """:raises Incomplete: they are too many, so the search may go on like this for ever."""
        size = len(self._met)
        self._met.update(keys)
        self._pages = self._pages + 1 if len(self._met) == size else 0
        if self._pages > _MOST_BARREN:
            raise Incomplete(f"More than {_MOST_BARREN} pages of the search in a row bring nothing new. {_INCOMPLETE}")


def by_token(fetch: Callable[[str | None, int], tuple[Page, str | None]], size: int) -> Iterator[Page]:
    """The pages of Jira Cloud, each of which has the token of the next.

    :param fetch: takes the token of a page, and how many issues there are to be on it at most.
    :raises Incomplete: they go round in a circle, or on and on.
    """
    token: str | None = None
    tokens, barren = set[str](), _Barren()
    while True:
        try:
            page, following = fetch(token, size)
        except AnswerTooLarge as error:
            size = _half(size, error)
            continue
        yield page
        token = following
        if token is None:
            return
        barren.count(found.issue.key for found in page)
        if token in tokens:
            raise Incomplete(_INCOMPLETE)
        tokens.add(token)


def by_offset(fetch: Callable[[int, int], tuple[Page, int]], size: int) -> Iterator[Page]:
    """The pages of Data Center, each of which tells how many issues the search finds in all.

    They move when issues come or go meanwhile, and then one may stand on none of them. So each page begins with the
    last issue of the one before. Where it is not there, or the number of issues does not fit, the pages are read again
    until that finds nothing new.

    :param fetch: takes the position of the first issue of a page, and how many issues there are to be on it.
    :raises Incomplete: they end too early, go on and on, or never stop moving.
    """
    met = set[str]()
    for _pass in range(1 + _READ_AGAIN):
        known, end, last, most, moved, barren = len(met), 0, "", 0, False, _Barren()
        while True:
            overlap = 1 if last and size > 1 else 0
            start = end - overlap
            try:
                page, total = fetch(start, size + overlap)
            except AnswerTooLarge as error:
                size = _half(size, error)
                continue
            yield page
            keys = [found.issue.key for found in page]
            moved = moved or total < most or bool(last and last not in keys)
            met.update(keys)
            if start + len(keys) >= total:
                break
            if not keys:
                raise Incomplete(_INCOMPLETE)
            barren.count(keys)
            end, last, most = start + max(len(keys), overlap + 1), keys[-1], total
        if not (moved or len(met) < total) or len(met) == known:
            return
    raise Incomplete(_INCOMPLETE)
