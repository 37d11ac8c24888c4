# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Jira behaves, and which tests show it: a test says so itself, and the table is made of what they say.

``@pytest.mark.fact("per-issue limit", "413, 2,000 links on Cloud, permanent")`` stands at the first test of a fact;
further tests name the fact alone. ``pytest --facts`` prints the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest


class Fact:
    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.tests: dict[str, None] = {}


Facts = dict[str, Fact]
COLLECTED = pytest.StashKey[Facts]()


def collected(items: Iterable[pytest.Item]) -> Facts:
    """The facts that these tests show, by their names."""
    facts: Facts = {}
    for item in items:
        for mark in item.iter_markers("fact"):
            name, *text = mark.args
            fact = facts.setdefault(name, Fact())
            fact.texts.update(text)
            fact.tests[item.nodeid.partition("[")[0]] = None
    return facts


def table(facts: Facts) -> Iterator[str]:
    """In Markdown, in the order of the tests."""
    yield "| fact | how Jira behaves | shown by |"
    yield "|---|---|---|"
    for name, fact in facts.items():
        tests = ", ".join(f"`{test}`" for test in fact.tests)
        yield f"| {name} | {'; '.join(sorted(fact.texts))} | {tests} |"
