# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawing on the sandbox's page: every link is in it, as a sentence that stays text."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from sandbox.web.drawing import draw

PHRASES = ["blocks", "relates to", '<script>alert("x")</script>', "a & b"]
EDGES = st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(PHRASES), st.sampled_from("ABCDEF")))


@given(EDGES)
def test_every_link_is_drawn_and_says_its_direction(edges: list[tuple[str, str, str]]) -> None:
    drawing = draw(edges)
    if not edges:
        assert drawing == ""
        return
    svg = ElementTree.fromstring(drawing)
    assert [title.text for title in svg.iter("title")] == [" ".join(edge) for edge in edges]
    boxes = [text.text for text in svg.iter("text")]
    assert sorted(filter(None, boxes)) == sorted({key for edge in edges for key in (edge[0], edge[2])})


def test_what_is_blocked_stands_to_the_right() -> None:
    svg = ElementTree.fromstring(draw([("A", "blocks", "B"), ("B", "blocks", "C")]))
    assert [int(box.attrib["x"]) for box in svg.iter("rect")] == sorted(
        int(box.attrib["x"]) for box in svg.iter("rect")
    )
