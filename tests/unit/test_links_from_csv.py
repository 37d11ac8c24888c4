# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CSV that a person or a spreadsheet wrote becomes links, or every line that cannot is named."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.linkops.jira.plugins.filter.links_from_csv import links_from_csv
from ansible_collections.linkops.jira.plugins.modules.jira_issue_links import IN_FILE
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = ("issue", "phrase", "linked_issue", "sentence", "comment")
HEADER = "issue,phrase,linked_issue,comment\n"
LINK = {"issue": "REL-1", "phrase": "is blocked by", "linked_issue": "APP-7"}
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
KEYS = st.from_regex(r"[A-Z][A-Z0-9]{1,5}-[1-9][0-9]{0,5}", fullmatch=True)
LINKS = st.fixed_dictionaries(
    {"issue": KEYS, "phrase": TEXT.map(str.strip).filter(bool), "linked_issue": KEYS},
    optional={"comment": TEXT.filter(str.strip)},
).filter(lambda link: link["issue"] != link["linked_issue"])


def refused(text: Any) -> str:
    with pytest.raises(AnsibleFilterError) as refusal:
        links_from_csv(text)
    return str(refusal.value)


def bad_lines(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"line (\d+):", refused(text))]


@given(
    links=st.lists(LINKS, max_size=4),
    columns=st.permutations(COLUMNS),
    delimiter=st.sampled_from(",;\t"),
    dialect=st.sampled_from(["excel", "unix"]),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_what_csv_writes_comes_back(links: list[dict[str, str]], columns: list[str], mark: str, **dialect: Any) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, **dialect)
    writer.writeheader()
    writer.writerows(links)
    assert links_from_csv(mark + text.getvalue()) == links


@given(st.text())
def test_any_text_is_links_or_is_refused(text: str) -> None:
    for whole in (text, HEADER + text):
        try:
            assert all(set(link) <= set(IN_FILE) for link in links_from_csv(whole))
        except AnsibleFilterError as refusal:
            assert "line " in str(refusal)


@pytest.mark.parametrize(
    "row", ["REL-1,is blocked by,APP-7,", " REL-1 , is blocked by ,APP-7, ", '"REL-1","is blocked by","APP-7",""']
)
def test_one_link(row: str) -> None:
    assert links_from_csv(HEADER + row) == [LINK]


def test_the_column_for_comments_may_be_left_out() -> None:
    assert links_from_csv(" Issue,PHRASE,linked  Issue \nREL-1,is blocked by,APP-7") == [LINK]


def test_a_comment_is_kept_as_it_is() -> None:
    (link,) = links_from_csv(f'{HEADER}REL-1,is blocked by,APP-7," a, ""b""\n\nc "')
    assert link["comment"] == ' a, "b"\n\nc '


def test_lines_without_any_value() -> None:
    assert links_from_csv(f"\n,,,\n{HEADER}\n , ,,\r\nREL-1,is blocked by,APP-7,\n\n") == [LINK]


def test_only_a_header() -> None:
    assert links_from_csv(HEADER) == []


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = [
        'REL-1,"is\nblocked\r\nby",APP-7,',
        "",
        "REL-1,,APP-7,",
        "REL-1,blocks,APP 7,",
        '"",blocks,APP-7,"a\nb"',
        "x",
    ]
    assert bad_lines(HEADER + "\n".join(rows)) == [6, 7, 8, 10, 10]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("REL-1,blocks", "This one has issue and phrase"),
        ("REL-1,blocks,APP-7,a,b", "5 fields, and the first line 4"),
        (",,,x", "This one has nothing"),
        ("REL,blocks,APP-7,", "'REL' is no issue key"),
        ("REL-1,blocks,APP-7/..,", "'APP-7/..' is no issue key"),
        ("REL-1,blocks,\x1b[2J,", "\ufffd"),
        ('REL-1,blocks,"APP-7,', "quotes"),
        ('REL-1,blocks,"APP-7"x,', "quotes"),
        ("REL-1,bl\udce9,APP-7,", "not in UTF-8"),
    ],
)
def test_a_row_that_cannot_be_a_link(row: str, words: str) -> None:
    assert words in refused(HEADER + row)
    assert bad_lines(HEADER + row) == [2]


def test_reading_goes_on_after_broken_quotes() -> None:
    assert bad_lines(f'{HEADER}REL-1,"blocks"x,APP-7,\nREL-1,is blocked by,APP-7,\nREL-1,,APP-7,') == [2, 4]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "columns are missing. A link is said with sentence, or with issue, phrase and linked_issue, or"),
        ("issue,phrase", "columns are missing. "),
        ("issue,phrase,linked_issue,phrase", "the column phrase is there more than once"),
        ("issue,Issue Key,phrase,linked_issue", "the column issue is there more than once"),
        ("issue,linked,Owner", "The columns of the file are 'issue', 'linked' and 'Owner'."),
        ("issue,linked_issue", "The columns of the file are 'issue' and 'linked_issue'."),
        ("REL-1,blocks,APP-7", "The columns of the file are 'REL-1', 'blocks' and 'APP-7'."),
        ("issue,phrase,linked_isue", "the column linked_isue is misspelt: perhaps linked_issue is meant"),
        (
            "sentence,comment_visibility",
            "in a column of its own: comment_visibility_type, comment_visibility_value and",
        ),
        ("issue_id,sentence,comment", "old comments would be posted again"),
        ('issue,"phrase"x', "quotes"),
    ],
)
def test_a_header_that_is_none(header: str, words: str) -> None:
    assert "line 1: " in refused(header) and words in refused(header)


def test_something_else_than_text() -> None:
    assert "list" in refused([LINK])
