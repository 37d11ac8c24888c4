# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words that a person reads on a terminal."""

from __future__ import annotations

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._text import folded, listed, nearest_first, printable
from hypothesis import given
from hypothesis import strategies as st


@given(st.text())
def test_printable_leaves_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable() and len(shown) == len(text)
    assert all(one == other for one, other in zip(text, shown, strict=True) if one.isprintable())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("blocks", "blocks"),
        ("\x1b[2J\x1b]0;title\x07", "\ufffd[2J\ufffd]0;title\ufffd"),
        ("one\ntwo\tthree", "one two three"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("ist blockiert für Ä", "ist blockiert für Ä"),
        (None, "None"),
    ],
)
def test_printable(text: object, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("words", "text"), [([], "nothing"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(words: list[str], text: str) -> None:
    assert listed(words) == text


def test_nearest_first() -> None:
    assert nearest_first("Is blockt by", ["clones", "is blocked by", "blocks", "clones"]) == [
        "is blocked by",
        "blocks",
        "clones",
    ]


@given(st.text(), st.lists(st.text()))
def test_nearest_first_loses_none_and_repeats_none(word: str, choices: list[str]) -> None:
    assert sorted(nearest_first(word, choices)) == sorted(set(choices))


@given(st.text())
def test_case_and_surrounding_space_do_not_count(text: str) -> None:
    assert folded(f" {text}\n") == folded(text) == folded(folded(text))


def test_how_an_accent_is_written_does_not_count() -> None:
    assert folded("bloqu\u00e9 par") == folded("bloque\u0301 par")
