# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests themselves rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.harness import written_by_now

RESULTS = [{"msg": "one\ntwo\u2028three"}, {"msg": ""}]
LINES = "".join(f"{json.dumps(each)}\n" for each in RESULTS)


@given(length=st.integers(0, len(LINES)))
def test_a_line_that_is_still_being_written_does_not_count(
    length: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "results.jsonl"
    path.write_text(LINES[:length], encoding="utf-8")
    assert written_by_now(path) == RESULTS[: LINES[:length].count("\n")]


def test_a_file_that_is_not_there_yet_has_no_lines(tmp_path: Path) -> None:
    assert written_by_now(tmp_path / "results.jsonl") == []
