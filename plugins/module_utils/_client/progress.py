# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a long run is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

TICK = 1.0  # seconds between two looks at it
Value = TypeVar("Value")


class Progress(NamedTuple):
    """How far a long run is.

    :param what: ``links written``, for example.
    :param total: of them, as far as that is known.
    :param seconds_left: as far as that can be told.
    :param limited: whether all that is left waits for a limit of Jira's.
    :param shared: the issues to which others write, too.
    """

    what: str
    done: int
    total: int | None = None
    seconds_left: float | None = None
    limited: bool = False
    shared: Sequence[str] = ()


def watched(pages: Iterable[list[Value]], progress: Callable[[Progress], None]) -> Iterator[list[Value]]:
    """The pages of a search, one after the other. About once a second, how many issues they held is told."""
    found, next_look = 0, time.monotonic() + TICK
    for page in pages:
        found += len(page)
        if time.monotonic() >= next_look:
            next_look = time.monotonic() + TICK
            progress(Progress("issues found", found))
        yield page
