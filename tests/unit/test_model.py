# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links and types, and above all their direction, out of Jira's JSON and out of a task's options."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.linkops.jira.plugins.module_utils._model.link import Issue, IssueLink, LinkedIssue, LinkType
from ansible_collections.linkops.jira.plugins.module_utils._model.options import (
    InputError,
    asked_link,
    issue_key,
    resolve_type,
    type_reference,
    types_for_phrase,
)
from hypothesis import given
from hypothesis import strategies as st

BLOCKS = LinkType("10000", "Blocks", "is blocked by", "blocks")
CLONERS = LinkType("10001", "Cloners", "is cloned by", "clones")
RELATES = LinkType("10003", "Relates", "relates to", "relates to")
HINDERS = LinkType("10004", "Hinders", "is blocked by", "hinders")
TYPES = [BLOCKS, CLONERS, RELATES]
A, B = Issue("HSP-1", "1"), Issue("MKY-1", "2")


def type_json(kind: LinkType) -> dict[str, Any]:
    return {**kind._asdict(), "self": "https://jira.example.com/rest/api/2/issueLinkType/10000"}


def issue_json(issue: Issue, **fields: Any) -> dict[str, Any]:
    return {"id": issue.id, "key": issue.key, "fields": fields}


def link_json(kind: LinkType, **ends: Issue) -> dict[str, Any]:
    return {"id": "7", "type": type_json(kind), **{name: issue_json(issue) for name, issue in ends.items()}}


@pytest.mark.parametrize(
    ("seen_from", "entry"),
    [
        (A, link_json(BLOCKS, outwardIssue=B)),
        (B, link_json(BLOCKS, inwardIssue=A)),
        (None, link_json(BLOCKS, inwardIssue=A, outwardIssue=B)),
    ],
    ids=["from A", "from B", "by id"],
)
def test_every_view_of_a_link_says_the_same(seen_from: Issue | None, entry: dict[str, Any]) -> None:
    if seen_from:
        link = LinkedIssue.from_json(issue_json(seen_from, issuelinks=[entry])).links[0]
    else:
        link = IssueLink.from_json(entry)  # type: ignore[assignment]
    assert link.to_result() == {
        "id": "7",
        "link_type": "Blocks",
        "link_type_id": "10000",
        "inward": "is blocked by",
        "outward": "blocks",
        "inward_issue": "HSP-1",
        "outward_issue": "MKY-1",
        "sentence": "HSP-1 blocks MKY-1",
    }


def test_a_link_whose_other_end_is_hidden_is_no_link() -> None:
    assert IssueLink.from_json(link_json(BLOCKS)) is None
    assert IssueLink.from_json(link_json(BLOCKS, inwardIssue=A)) is None
    assert LinkedIssue.from_json(issue_json(A, issuelinks=[link_json(BLOCKS)])).links == ()


def test_an_issue_is_read_as_far_as_jira_shows_it() -> None:
    assert LinkedIssue.from_json({"id": "1", "key": "HSP-1"}) == LinkedIssue(A, ())
    fields = {
        "summary": "Fix it",
        "status": {"name": "Open", "statusCategory": {"name": "To Do"}},
        "issuetype": {"name": "Bug"},
    }
    assert Issue.from_json(issue_json(A, **fields)).to_result() == {
        "id": "1",
        "summary": "Fix it",
        "status": "Open",
        "status_category": "To Do",
        "issue_type": "Bug",
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (IssueLink(BLOCKS, A, B, "7"), IssueLink(BLOCKS, A, B, None), True),
        (IssueLink(BLOCKS, A, B), IssueLink(BLOCKS, B, A), False),
        (IssueLink(BLOCKS, A, B), IssueLink(CLONERS, A, B), False),
        (IssueLink(RELATES, A, B), IssueLink(RELATES, B, A), True),
        (IssueLink(RELATES._replace(inward="Relates to "), A, B), IssueLink(RELATES, B, A), True),
        (IssueLink(RELATES, A, B), IssueLink(BLOCKS, A, B), False),
    ],
)
def test_identity_is_the_type_and_both_ends(one: IssueLink, other: IssueLink, same: bool) -> None:
    assert (one.identity == other.identity) is same


def test_a_sentence_of_a_type_that_is_not_known_yet_names_it() -> None:
    assert IssueLink(LinkType(name="Blocks"), A, B).sentence == "HSP-1 [Blocks] MKY-1"
    assert IssueLink(LinkType(id="10000"), A, B).sentence == "HSP-1 [10000] MKY-1"


def test_what_jira_calls_a_type_cannot_command_the_terminal() -> None:
    assert "\x1b" not in IssueLink(BLOCKS._replace(outward="\x1b[31mblocks"), A, B).sentence
    assert "\x1b" not in str(BLOCKS._replace(name="\x1b]0;x\x07"))


@pytest.mark.parametrize(
    ("text", "key"),
    [("HSP-1", "HSP-1"), (" hsp-1\n", "HSP-1"), ("MY_PROJECT2-10", "MY_PROJECT2-10"), ("10001", "10001")],
)
def test_issue_keys(text: str, key: str) -> None:
    assert issue_key(text) == key


@pytest.mark.parametrize(
    "text", ["", "HSP", "HSP-", "-1", "HSP 1", "HSP-1/../2", "HSP-1?x=y", 'HSP-1") or (', "HSP-1\x1b"]
)
def test_no_issue_keys(text: str) -> None:
    with pytest.raises(InputError, match=r"is no issue key\. A key looks like HSP-1\."):
        issue_key(text)


@given(st.text())
def test_an_issue_key_is_harmless_in_a_path_and_in_a_query(text: str) -> None:
    try:
        key = issue_key(text)
    except InputError as error:
        assert str(error).isprintable()
    else:
        assert all(char.isalnum() or char in "_-" for char in key)


def _asked(**params: Any) -> IssueLink:
    names = ("issue", "phrase", "linked_issue", "link_type", "inward_issue", "outward_issue")
    return asked_link({**dict.fromkeys(names), **params}, lambda: TYPES)


@pytest.mark.parametrize(
    ("phrase", "kind", "inward", "outward"),
    [
        ("blocks", BLOCKS, "HSP-1", "MKY-1"),
        ("is blocked by", BLOCKS, "MKY-1", "HSP-1"),
        (" IS Blocked by", BLOCKS, "MKY-1", "HSP-1"),
        ("\tClones ", CLONERS, "HSP-1", "MKY-1"),
        ("relates to", RELATES, "HSP-1", "MKY-1"),
    ],
)
def test_a_phrase_gives_type_and_direction(phrase: str, kind: LinkType, inward: str, outward: str) -> None:
    link = _asked(issue="hsp-1", phrase=phrase, linked_issue="mky-1")
    assert (link.type, link.inward.key, link.outward.key) == (kind, inward, outward)


@pytest.mark.parametrize("reference", ["Blocks", "10000"])
def test_the_rest_form_is_never_turned_round(reference: str) -> None:
    link = asked_link(
        {"phrase": None, "link_type": reference, "inward_issue": "HSP-1", "outward_issue": "MKY-1"},
        lambda: pytest.fail("the link types are not needed"),
    )
    assert (link.inward.key, link.outward.key) == ("HSP-1", "MKY-1")
    assert BLOCKS.fits(link.type) and not CLONERS.fits(link.type)


def test_a_phrase_of_several_types_lists_them() -> None:
    params = {"issue": "HSP-1", "phrase": "is blocked by", "linked_issue": "MKY-1"}
    with pytest.raises(InputError, match=r"several.*'Blocks'.*id 10000.*'Hinders'.*id 10004"):
        asked_link(params, lambda: [BLOCKS, HINDERS])


def test_a_phrase_of_no_type_lists_all_nearest_first() -> None:
    with pytest.raises(InputError) as error:
        types_for_phrase(TYPES, "is clone by")
    listed = str(error.value)
    assert all(repr(phrase) in listed for kind in TYPES for phrase in (kind.inward, kind.outward))
    assert "nearest first: 'is cloned by'" in listed


def test_a_symmetric_phrase_fits_once() -> None:
    assert types_for_phrase(TYPES, "relates to") == [(RELATES, True)]


@pytest.mark.parametrize(
    ("reference", "sent"),
    [("Blocks", {"name": "Blocks"}), ("10000", {"id": "10000"}), (" Relates", {"name": " Relates"})],
)
def test_type_references(reference: str, sent: dict[str, str]) -> None:
    assert type_reference(reference).reference == sent


def test_an_empty_type_is_refused() -> None:
    with pytest.raises(InputError, match="link_type is empty"):
        type_reference(" ")


def test_once_known_a_type_is_sent_by_its_id() -> None:
    assert resolve_type(TYPES, type_reference("Blocks")).reference == {"id": "10000"}


def test_an_unknown_type_lists_all_nearest_first() -> None:
    with pytest.raises(InputError, match=r"name 'Clone'.*nearest first: 'Cloners'.*'Blocks'.*match exactly"):
        resolve_type(TYPES, type_reference("Clone"))
