# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sheets as people save them are read, or every line that is wrong is named, all in one round."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._text import one_slip
from ansible_collections.linkops.jira.plugins.modules.jira_issue_links import ELEMENT, IN_FILE
from ansible_collections.linkops.jira.plugins.plugin_utils._links_csv import columns_of
from ansible_collections.linkops.jira.plugins.plugin_utils._links_file import read_links_file
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sheets import SHEETS, Sheet
from tests.unit.test_links_file import STATED


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_as_it_was_saved(sheet: Sheet) -> None:
    file = read_links_file(sheet.name, sheet.data, STATED)
    found = [element for element in file.options["links"] if "mistake" not in element]
    assert found == [{"origin": f"{sheet.name} line {line}", **link} for line, link in sheet.links]
    assert [mistake.line for mistake in file.mistakes] == [line for line, _words in sheet.mistakes], file.refusal
    told = zip(file.mistakes, sheet.mistakes, strict=True)
    assert [(mistake.text, words) for mistake, (_line, words) in told if words not in mistake.text] == []
    assert len(file.warnings) == bool(sheet.warned)
    assert all(sheet.warned in warning and warning.startswith(f"{sheet.name}: ") for warning in file.warnings)


def test_every_option_that_a_file_knows_is_a_column() -> None:
    """Those that are added later, too."""
    columns = columns_of(IN_FILE)
    given_by_columns = {path[0] for path in columns.values() if path}
    assert given_by_columns == IN_FILE.keys() - {"origin"} and ELEMENT.keys() - IN_FILE.keys() == {"mistake"}
    assert columns["issue_key"] == ("issue",) and columns["outwardissue"] == ("outward_issue",)


WORD = st.text("abcde_", min_size=1, max_size=8)


@given(WORD, st.data())
def test_one_slip(word: str, data: Any) -> None:
    place, letter = data.draw(st.integers(0, len(word))), data.draw(st.sampled_from("abxy"))
    start, end = word[:place], word[place:]
    slips = [start + letter + end, start + end[1:], start + letter + end[1:], start + end[:2][::-1] + end[2:]]
    for slip in slips:
        assert one_slip(word, slip) == one_slip(slip, word) == (slip != word), slip


@pytest.mark.parametrize("pair", [("state", "status"), ("issue", "key"), ("abcd", "badc"), ("ab", ""), ("x", "x")])
def test_more_than_a_slip(pair: tuple[str, str]) -> None:
    assert not one_slip(*pair)
