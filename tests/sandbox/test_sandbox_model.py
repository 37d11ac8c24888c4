# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's link rules against a naive model: a set of triples."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sandbox.rules import links
from sandbox.rules.jql import parse
from sandbox.rules.model import Refusal
from sandbox.rules.seed import build_store, complete_seed

KEYS = [f"A-{number}" for number in range(1, 5)]
TYPES = ["Blocks", "Relates", "Duplicate"]
SEED = complete_seed({"projects": [{"key": "A", "count": len(KEYS)}]})
keys, types = st.sampled_from(KEYS), st.sampled_from(TYPES)


class LinkRules(RuleBasedStateMachine):
    """`model` maps (inward, type, outward) to the id of the link."""

    @initialize(deployment=st.sampled_from(["cloud", "data_center"]), limit=st.integers(1, 12))
    def begin(self, deployment: str, limit: int) -> None:
        self.store = build_store(SEED, deployment)
        self.store.max_links = limit
        self.demo = self.store.accounts["demo"]
        self.model: dict[tuple[str, str, str], int] = {}

    @rule(inward=keys, kind=types, outward=keys)
    def create(self, inward: str, kind: str, outward: str) -> None:
        triple, expected = (inward, kind, outward), self.expected(inward, kind, outward)
        try:
            made = links.create_link(self.store, self.demo, links.LinkRequest(None, kind, inward, outward))
        except Refusal as refusal:
            assert refusal.status == expected
        else:
            assert expected == 201
            assert made.new == (triple not in self.model)
            assert self.model.setdefault(triple, made.link.id) == made.link.id

    def expected(self, inward: str, kind: str, outward: str) -> int:
        if inward == outward:
            return 400
        full = any(self.degree(key) >= self.store.max_links for key in (inward, outward))
        return 413 if full and self.store.cloud and (inward, kind, outward) not in self.model else 201

    def degree(self, key: str) -> int:
        return sum(key in (inward, outward) for inward, _kind, outward in self.model)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        triple = data.draw(st.sampled_from([("none", "", ""), *self.model]))
        link_id = str(self.model.pop(triple, 1))
        if triple[0] == "none":
            with pytest.raises(Refusal, match="No issue link with id"):
                links.delete_link(self.store, self.demo, link_id)
        else:
            links.delete_link(self.store, self.demo, link_id)

    @rule(kind=types)
    def delete_type(self, kind: str) -> None:
        """The type goes with its links, and comes back under another id."""
        old = links.find_type(self.store, None, kind)
        assert old is not None
        admin = self.store.accounts["admin"]
        links.delete_type(self.store, admin, str(old.id))
        links.create_type(self.store, admin, {"name": kind, "inward": old.inward, "outward": old.outward})
        self.model = {triple: link_id for triple, link_id in self.model.items() if triple[1] != kind}

    @invariant()
    def both_views_agree_with_the_model(self) -> None:
        if not hasattr(self, "store"):
            return
        held = {(link.inward.key, link.type.name, link.outward.key): link.id for link in self.store.links.values()}
        assert held == self.model
        for key in KEYS:
            issue = self.store.find(key)
            assert issue is not None
            assert set(issue.links) == {
                link_id for (inward, _kind, outward), link_id in self.model.items() if key in (inward, outward)
            }


TestLinkRules = LinkRules.TestCase
TestLinkRules.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_no_text_breaks_the_jql_parser_in_another_way_than_a_refusal() -> None:
    from hypothesis import given

    words = st.sampled_from(
        ["key", "in", "(", ")", ",", "=", "!=", "~", "and", "or", "order", "by", "not", "REL-1", '"']
    )
    texts = st.one_of(st.text(max_size=30), st.lists(words, max_size=10).map(" ".join))

    @given(texts)
    @settings(max_examples=200, deadline=None)
    def parses_or_refuses(text: str) -> None:
        try:
            parse(text)
        except Refusal as refusal:
            assert refusal.status == 400

    parses_or_refuses()
