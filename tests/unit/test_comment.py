# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comment of a new link: text becomes a valid ADF document on v3 and stays what it is on v2."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._model.comment import text_to_adf
from ansible_collections.linkops.jira.plugins.module_utils._model.options import InputError, asked_comment
from hypothesis import given
from hypothesis import strategies as st

DOCUMENT = {"type": "doc", "version": 1, "content": [{"type": "rule"}]}
texts = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("ab \n\r\t")), max_size=80)


def comment(text: Any, version: str = "3", **more: Any) -> Any:
    made = asked_comment({"comment": text, "comment_visibility": None, "comment_internal": False, **more}, version)
    return made and made.to_json(version)


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("content", []):
        yield from nodes(child)


def paragraph(*lines: str) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"type": "text", "text": lines[0]}]
    for line in lines[1:]:
        parts += [{"type": "hardBreak"}, {"type": "text", "text": line}]
    return {"type": "paragraph", "content": parts}


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.", [paragraph("One.")]),
        ("One.\nTwo.", [paragraph("One.", "Two.")]),
        ("One.\r\nTwo.", [paragraph("One.", "Two.")]),
        ("One.\n\nTwo.", [paragraph("One."), paragraph("Two.")]),
        ("\n\nOne.\n \n\nTwo.\n", [paragraph("One."), paragraph("Two.")]),
        ("*no* {wiki} <b>markup</b>", [paragraph("*no* {wiki} <b>markup</b>")]),
    ],
)
def test_text_becomes_paragraphs(text: str, paragraphs: list[dict[str, Any]]) -> None:
    assert text_to_adf(text) == {"type": "doc", "version": 1, "content": paragraphs}


@given(texts)
def test_every_word_survives_in_a_valid_document(text: str) -> None:
    document = text_to_adf(text)
    assert {name: document[name] for name in ("type", "version")} == {"type": "doc", "version": 1}
    assert all(node["type"] == "paragraph" for node in document["content"])
    inline = [node for block in document["content"] for node in block["content"]]
    assert all(node == {"type": "hardBreak"} or (node["type"] == "text" and node["text"]) for node in inline)
    words = "".join(node.get("text", "\n") for block in document["content"] for node in (*block["content"], {}))
    assert "".join(words.split()) == "".join(text.split())


@given(texts.filter(str.strip))
def test_v2_takes_the_text_as_it_is(text: str) -> None:
    assert comment(text, "2") == {"body": text}


def test_a_document_is_passed_on_to_v3_and_refused_for_v2() -> None:
    assert comment(DOCUMENT) == {"body": DOCUMENT}
    with pytest.raises(InputError, match="only API version 3"):
        comment(DOCUMENT, "2")


def test_a_document_may_be_text() -> None:
    """As a variable of the command line and a field of CSV are."""
    assert comment(f" {json.dumps(DOCUMENT, indent=2)}\n") == {"body": DOCUMENT}
    with pytest.raises(InputError, match="only API version 3"):
        comment(json.dumps(DOCUMENT), "2")


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "paragraph", "content": []}',
        '{"version": 1}',
        '["doc"]',
        '"doc"',
        "4711",
        "null",
        '{"type": "doc", "version": 1',
        "{" * 100_000,
        "9" * 10_000,
    ],
    ids=lambda text: text[:20],
)
def test_other_json_is_text(text: str) -> None:
    assert comment(text) == {"body": text_to_adf(text)} and comment(text, "2") == {"body": text}


@pytest.mark.parametrize("text", [["a"], [], [None], {}, True, False])
def test_what_is_no_comment(text: Any) -> None:
    with pytest.raises(InputError, match="comment has to be text"):
        comment(text)


def test_a_number_is_text() -> None:
    """ansible-core 2.19 leaves a variable that holds the number of a change a number."""
    assert comment(4711, "2") == {"body": "4711"}


@pytest.mark.parametrize("text", [None, ""])
def test_no_comment(text: str | None) -> None:
    assert comment(text, comment_internal=True) is None


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize("name", ["value", "identifier"])
def test_visibility_and_the_portal(version: str, name: str) -> None:
    other = {"value": "identifier", "identifier": "value"}[name]
    visibility = {"type": "role", name: "Developers", other: None}
    made = comment("Hush.", version, comment_visibility=visibility, comment_internal=True)
    assert made["visibility"] == {"type": "role", name: "Developers"}
    assert made["properties"] == [{"key": "sd.public.comment", "value": {"internal": True}}]


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize("text", [" ", "\n\n", "\t\n"])
def test_an_empty_comment_is_never_sent(text: str, version: str) -> None:
    """Jira refuses it, and on Data Center only after it has made the link."""
    with contextlib.suppress(InputError):
        assert comment(text, version) is None


SCALARS = st.none() | st.booleans() | st.integers() | st.text()
DOCUMENTS = st.dictionaries(
    st.sampled_from(["type", "version", "content", "text", "attrs"]),
    st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["text", "content"]), inner)),
    min_size=1,
)


@pytest.mark.parametrize("version", ["2", "3"])
@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"comment": "Agreed\non  Monday."}, "comment: Agreed on Monday."),
        ({"comment": "\x1b[2J", "comment_internal": True}, "internal comment: \ufffd[2J"),
        (
            {"comment": "Hush.", "comment_visibility": {"type": "role", "value": "Developers", "identifier": None}},
            "comment for role Developers: Hush.",
        ),
    ],
    ids=str,
)
def test_a_diff_says_the_comment_and_who_sees_it(options: dict[str, Any], line: str, version: str) -> None:
    given = {"comment_visibility": None, "comment_internal": False, **options}
    made = asked_comment(given, version)
    assert made and made.line == line and hash(made) == hash(asked_comment(given, version))


@given(DOCUMENTS)
def test_any_document_has_a_line(document: dict[str, Any]) -> None:
    given = {"comment": {**document, "type": "doc"}, "comment_visibility": None, "comment_internal": False}
    made = asked_comment(given, "3")
    assert made and made.line.startswith("comment: ")
