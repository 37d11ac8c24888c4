# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task, what Jira holds before it, and what becomes of both: what the law of test_law.py runs over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from tests.local_jira import Link, LocalJira


class Scenario(NamedTuple):
    """``fails`` are words of the failure; without them the task succeeds, and Jira holds in the end what is given here.

    ``links`` and ``remote_links``, as a seed has them, are there before.
    """

    name: str
    module: Any
    options: Mapping[str, Any]
    links: Sequence[Link] = ()
    remote_links: Sequence[Mapping[str, Any]] = ()
    after: Sequence[Link] | None = None
    link_types_after: Sequence[str] | None = None
    """Their names."""
    remote_links_after: Sequence[tuple[str, str | None]] | None = None
    """Their titles and global ids."""
    fails: str = ""
    account: str = "demo"
    prepare: Callable[[LocalJira], None] = lambda site: None
    fact: tuple[str, ...] = ()
    """What it shows of Jira, as a mark says it."""

    @property
    def param(self) -> Any:
        name = f"{self.module.__name__.rpartition('.')[2]}: {self.name}"
        return pytest.param(self, id=name, marks=[pytest.mark.fact(*self.fact)] if self.fact else [])


def no_linking(site: LocalJira) -> None:
    site.settings(linking_enabled=False)
