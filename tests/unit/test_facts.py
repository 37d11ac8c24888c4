# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of facts is complete, and every test that it names is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from ansible_collections.linkops.jira.tests.unit.facts import FACTS, Fact

HERE = Path(__file__).parent
ROWS = {f"{part}: {fact.row}": fact for part, facts in FACTS.items() for fact in facts}


def functions_of(name: str) -> set[str]:
    path = HERE / f"test_{name}.py"
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else []
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("fact", ROWS.values(), ids=ROWS)
def test_every_fact_has_its_tests(fact: Fact) -> None:
    assert fact.tests and fact.text
    for name in fact.tests:
        file, _other, function = name.partition("::")
        assert function in functions_of(file), f"{name} does not exist"


def test_every_row_stands_once() -> None:
    assert len(ROWS) == sum(map(len, FACTS.values()))


@pytest.mark.parametrize("name", ["errors", "limits"])
def test_every_test_of_a_fact_stands_in_the_table(name: str) -> None:
    """Tests that go beyond the facts are named here, so that a new one is not forgotten there."""
    beyond = {
        "test_an_answer_that_is_not_jiras",
        "test_an_object_that_is_not_jiras",
        "test_a_repair_that_stops_half_way_tells_how_far_it_came",
        "test_a_jira_that_stays_broken",
        "test_time_runs_out",
        "test_nobody_listens",
        "test_a_link_id_where_there_is_no_jira",
        "test_words_that_are_no_list",
    }
    named = {test.partition("::")[2] for fact in ROWS.values() for test in fact.tests}
    assert functions_of(name) - beyond <= named
