# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fact is: a sentence about Jira, a question that three scratch issues can answer, and the answers to expect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.live.scratch import Scratch

Question = Callable[[Scratch], str]


class Fact(NamedTuple):
    """`section` is that of the notes in which Jira's behaviour was collected. `says` is for people.

    `cloud` and `data_center` hold the answers that are expected, several where nobody knows which; None where the
    deployment is not asked. `comments`: whether it writes comments.
    """

    name: str
    section: int
    says: str
    cloud: Sequence[str] | None
    data_center: Sequence[str] | None
    comments: bool
    ask: Question


FACTS: dict[str, Fact] = {}
"""By the names of their functions."""


def fact(
    section: int,
    says: str,
    *both: str,
    cloud: Sequence[str] | None = None,
    data_center: Sequence[str] | None = None,
    comments: bool = False,
) -> Callable[[Question], Question]:
    """Make a fact of a function that asks and returns what was seen.

    :param both: the expected answers of either deployment; or else `cloud` and `data_center` say their own.
    """

    def register(ask: Question) -> Question:
        FACTS[ask.__name__] = Fact(ask.__name__, section, says, both or cloud, both or data_center, comments, ask)
        return ask

    return register
