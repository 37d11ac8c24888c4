# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How what a run wrote is recognised, by that run and by the next one after a kill.

Remote links carry the mark in their global id, comments in their text. An issue link has no place for a mark. So a run
that finds three issues without links first writes the journal: a remote link at each of them, which names the three by
their ids. As long as it stands, links among these three are the run's. It goes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from tests.live.reading import Issue

PREFIX = "linkops.jira-live"
MARKED = re.compile(rf"{re.escape(PREFIX)}/(?P<run>[0-9a-f]{{32}})/(?P<what>[\w/-]+)")
COMMENT = " was written by a test of issue links, which removes it again."


class Mark(NamedTuple):
    """Of one run; `run` is 32 random hexadecimal digits."""

    run: str

    def global_id(self, what: str) -> str:
        return f"{PREFIX}/{self.run}/{what}"

    def journal(self, issues: Iterable[Issue]) -> str:
        """The global id of the journal of these issues."""
        return self.global_id("journal/" + "-".join(sorted(issue.id for issue in issues)))

    def comment(self, number: int) -> str:
        """The text of a comment; each fact has its own number."""
        return f"{PREFIX}/{self.run}/{number}{COMMENT}"


def mark_of_global_id(global_id: str) -> Mark | None:
    found = MARKED.fullmatch(global_id)
    return Mark(found["run"]) if found else None


def mark_of_comment(text: str) -> Mark | None:
    """None also for a text that only quotes one."""
    found = MARKED.fullmatch(text.removesuffix(COMMENT)) if text.endswith(COMMENT) else None
    return Mark(found["run"]) if found else None


def issues_of_journal(global_id: str) -> list[str]:
    """The ids that a journal names; empty for what is none."""
    found = MARKED.fullmatch(global_id)
    kind, _slash, ids = found["what"].partition("/") if found else ("", "", "")
    return ids.split("-") if kind == "journal" else []
