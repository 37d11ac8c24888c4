# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's page: every link is drawn, as a sentence that stays text; it can be read on a narrow screen, too."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.web.drawing import draw
from tests.sandbox.rest_jira import RestJira

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


@pytest.mark.parametrize(
    ("links", "counts"),
    [
        ([], "2 issues, 0 links and 0 comments"),
        ([["REL-1", "Blocks", "REL-2"]], "2 issues, 1 link and 1 comment"),
        ([["REL-1", "Blocks", "REL-2"], ["REL-2", "Blocks", "REL-1"]], "2 issues, 2 links and 1 comment"),
    ],
)
def test_one_link_and_two_links(cloud: RestJira, links: list[list[str]], counts: str) -> None:
    comments = [{"issue": "REL-1", "body": "b"}] if links else []
    cloud.control("POST", "reset", {"projects": [{"key": "REL", "count": 2}], "links": links, "comments": comments})
    page = cloud("GET", "/").text
    assert f"It holds {counts}." in page
    noun = "1 link" if len(links) == 1 else f"{len(links)} links"
    assert page.count(f"<td>{noun}</td>") == 2


def test_a_limit_of_one(cloud: RestJira) -> None:
    cloud.control("POST", "settings", {"max_links": 1})
    cloud.linked("REL-1", "APP-1")
    assert cloud.messages(cloud.link("REL-1", "APP-2")) == ["The issue REL-1 has reached the limit of 1 issue link."]


def test_long_paths_can_be_broken_after_their_signs_and_words_only_where_they_are_alone(cloud: RestJira) -> None:
    cloud("GET", "issue/REL-1?fields=issuelinks,summary&globalId=system%3Dhttps%3A%2F%2Fci.example.com")
    page = cloud("GET", "/").text
    (path,) = re.findall(r'<td class="path">(.*?)</td>', page)
    words = ["/", "rest/", "api/", "3/", "issue/", "REL-", "1?", "fields=", "issuelinks,", "summary&", "globalId=",
             "system", "%3Dhttps", "%3A", "%2F", "%2Fci.", "example.", "com"]  # fmt: skip
    assert [unescape(word) for word in path.split("<wbr>")] == words
    wide, _media, narrow = page.partition("@media (max-width: 40rem)")
    assert re.search(r"th, td {[^}]*overflow-wrap: normal", wide)  # a column is as wide as its longest word
    assert re.search(r"tr { display: block[^}]*}\s*td { display: inline", narrow)  # a row is a line of text
    assert '<div class="table">' in narrow and re.search(r"[.]table {[^}]*overflow: auto", wide)
