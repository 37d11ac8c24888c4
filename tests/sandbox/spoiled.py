# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are as they should be but for one place, where anything may stand."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NUMBERS = [float("nan"), float("inf"), -1, 0, 0.5, 10**12, 10**30, -(10**30), 1e300, True]
TEXTS = ["", " ", "\ud800", "a\udfff", "a\r\nX: y", "\x00", "REL-1", "((a+)+)+$", "{", "é" * 9, "x" * 9999]
NESTED = [json.loads("[" * depth + "]" * depth) for depth in (3, 99, 102, 900)]
LEAVES = st.sampled_from([None, *NUMBERS, *TEXTS, *NESTED, [], {}]) | st.text() | st.integers() | st.floats()
ANYTHING = st.recursive(LEAVES, lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(), some, max_size=3))


@st.composite
def spoiled(draw: st.DrawFn, good: Any) -> Any:
    """A body that is as it should be but for one place."""
    if not isinstance(good, dict | list) or not good or draw(st.integers(0, 5)) == 0:
        return draw(ANYTHING)
    if isinstance(good, list):
        index = draw(st.integers(0, len(good) - 1))
        return [*good[:index], draw(spoiled(good[index])), *good[index + 1 :]]
    name = draw(st.sampled_from(sorted(good)))
    if draw(st.integers(0, 9)) == 0:
        return {other: value for other, value in good.items() if other != name} | {draw(st.text()): good[name]}
    return {**good, name: draw(spoiled(good[name]))}
