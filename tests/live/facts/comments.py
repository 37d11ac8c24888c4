# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comment that a POST of a link may carry."""

from __future__ import annotations

from tests.live.fact import fact
from tests.live.facts.refusals import told
from tests.live.scratch import Scratch, prepared
from tests.live.words import OTHER_WORDS

LANDS_INWARD, LANDS_OUTWARD = "one on the inward issue", "one on the outward issue"
GROUP = "no-such-group"
LINK_IS_THERE, NO_LINK = "400, the link is there", "400, no link"


@fact(5, "Where the comment lands", cloud=[LANDS_INWARD, LANDS_OUTWARD], data_center=[LANDS_INWARD], comments=True)
def where_a_comment_lands(three: Scratch) -> str:
    prepared(three.link(three.a, three.b, comment={"body": three.comment_body()}), 201)
    ends = {three.a: "one on the inward issue", three.b: "one on the outward issue"}
    return " and ".join(ends.get(comment.issue, "elsewhere") for comment in three.comments()) or "nowhere"


@fact(
    2, "A second POST of a link makes no link, and adds its comment again", "201, one link, two comments", comments=True
)
def duplicate_with_a_comment(three: Scratch) -> str:
    prepared(three.link(three.a, three.b, comment={"body": three.comment_body()}), 201)
    answer = three.link(three.a, three.b, comment={"body": three.comment_body()})
    number, links = len(three.comments()), len(three.links())
    comments = ("no comment", "one comment", "two comments")[number] if number < 3 else "more comments"
    return f"{answer.status}, {'one link' if links == 1 else 'not one link'}, {comments}"


@fact(
    4,
    "A comment for a group that is not there",
    cloud=["400 Group: {name} does not exist.", f"400 {OTHER_WORDS}"],
    data_center=["400 Group: {name} does not exist."],
    comments=True,
)
def refused_comment(three: Scratch) -> str:
    group = f"{GROUP}-{three.mark.run}"
    visibility = {"type": "group", "value": group}
    answer = three.link(three.a, three.b, comment={"body": three.comment_body(), "visibility": visibility})
    return told(three, answer, name=group)


@fact(4, "Whether the link is made whose comment is refused", LINK_IS_THERE, NO_LINK, comments=True)
def link_of_a_refused_comment(three: Scratch) -> str:
    visibility = {"type": "group", "value": f"{GROUP}-{three.mark.run}"}
    answer = three.link(three.a, three.b, comment={"body": three.comment_body(), "visibility": visibility})
    return f"{answer.status}, {'the link is there' if three.links() else 'no link'}"


@fact(5, "Version 3 takes a document for a comment, and no text", cloud=["400"], comments=True)
def text_for_a_document(three: Scratch) -> str:
    answer = three.link(three.a, three.b, comment={"body": three.mark.comment(0)})
    return str(answer.status)
