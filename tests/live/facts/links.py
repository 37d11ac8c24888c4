# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issue links: their direction, what makes two the same, and how their issues and types are named."""

from __future__ import annotations

from typing import Any

from tests.live.fact import fact
from tests.live.reasons import NotAsked, Reason
from tests.live.scratch import Scratch, prepared
from tests.live.site import Answer


@fact(
    1, "After a POST with the inward issue A and the outward issue B, A shows only B, as outwardIssue", "outwardIssue"
)
def from_the_inward_issue(three: Scratch) -> str:
    three.linked(three.a, three.b)
    return slots(three.seen_from(three.a)[0])


@fact(1, "B shows only A, as inwardIssue", "inwardIssue")
def from_the_outward_issue(three: Scratch) -> str:
    three.linked(three.a, three.b)
    return slots(three.seen_from(three.b)[0])


def slots(link: dict[str, Any]) -> str:
    return " and ".join(slot for slot in ("inwardIssue", "outwardIssue") if slot in link) or "neither"


@fact(1, "By its id, the link shows both, as they were sent", "as sent")
def by_link_id(three: Scratch) -> str:
    link = three.linked(three.a, three.b)
    answer = prepared(three.site.ask("GET", "issueLink/*", link.id))
    ends = [answer.data.get(slot, {}).get("id") for slot in ("inwardIssue", "outwardIssue")]
    return {(three.a.id, three.b.id): "as sent", (three.b.id, three.a.id): "inverted"}.get(tuple(ends), "other ends")


@fact(1, "Both ends show the same link id", "the same id")
def one_id_at_both_ends(three: Scratch) -> str:
    three.linked(three.a, three.b)
    ids = {three.seen_from(issue)[0]["id"] for issue in (three.a, three.b)}
    return "the same id" if len(ids) == 1 else "two ids"


@fact(
    2,
    "A 201 has an empty body; Data Center says in Location where the link is",
    cloud=["201, no body"],
    data_center=["201, no body, Location of the link"],
)
def what_a_201_holds(three: Scratch) -> str:
    answer = three.link(three.a, three.b)
    location, links = answer.headers.get("Location"), three.links()
    said = ["no body" if not answer.text.strip() else "a body"]
    if location is not None:
        right = links and location.endswith(f"/issueLink/{links[0].id}")
        said.append("Location of the link" if right else "Location of something else")
    return ", ".join([str(answer.status), *said])


@fact(2, "A second POST of the same link is answered as the first, and makes nothing", "201, one link")
def duplicate(three: Scratch) -> str:
    three.linked(three.a, three.b)
    return counted(three, three.link(three.a, three.b))


def counted(three: Scratch, answer: Answer) -> str:
    number = len(three.links())
    return f"{answer.status}, {('no link', 'one link', 'two links')[number] if number < 3 else 'more links'}"


@fact(2, "The reversed pair is a separate link", "201, two links")
def reversed_pair(three: Scratch) -> str:
    three.linked(three.a, three.b)
    return counted(three, three.link(three.b, three.a))


@fact(2, "The reversed pair is a separate link also for a symmetric type", "201, two links")
def reversed_symmetric_pair(three: Scratch) -> str:
    kind = three.symmetric
    three.linked(three.a, three.b, kind)
    return counted(three, three.link(three.b, three.a, kind))


@fact(2, "A pair may have links of several types", "201, two links")
def another_type(three: Scratch) -> str:
    kind = three.second
    three.linked(three.a, three.b)
    return counted(three, three.link(three.a, three.b, kind))


@fact(
    2, "A key in small letters finds the issue, and is answered with its right key and id", "200, right key, right id"
)
def key_in_small_letters(three: Scratch) -> str:
    return _named(three, three.a.key.lower())


@fact(2, "An id finds the issue, too", "200, right key, right id")
def issue_by_id(three: Scratch) -> str:
    return _named(three, three.a.id)


def _named(three: Scratch, name: str) -> str:
    answer = three.site.ask("GET", "issue/*", name, params={"fields": "summary"})
    if answer.status != 200:
        return str(answer.status)
    parts = {"key": answer.data.get("key") == three.a.key, "id": answer.data.get("id") == three.a.id}
    return ", ".join(["200", *(f"{'right' if right else 'wrong'} {part}" for part, right in parts.items())])


@fact(
    2,
    "A key that the issue once had finds it, without a redirect, and is answered with its key of today",
    "200, key of today",
)
def moved_key(three: Scratch) -> str:
    if not three.moved:
        raise NotAsked(Reason.NO_MOVED_KEY)
    answer = three.site.ask("GET", "issue/*", three.moved, params={"fields": "summary"})
    if answer.status != 200:
        return str(answer.status)
    return "200, key of today" if answer.data.get("key") not in (None, three.moved.upper()) else "200, key of old"


@fact(2, "A link can be made with the ids of its issues, and with keys in small letters", "201, one link")
def linked_by_ids(three: Scratch) -> str:
    kind = {"id": three.directed.id}
    answer = three.post_link({"id": three.a.id}, {"key": three.b.key.lower()}, kind)
    return counted(three, answer)


@fact(3, "Each link type has id, name, inward and outward", "id, name, inward, outward")
def link_types(three: Scratch) -> str:
    answer = three.site.ask("GET", "issueLinkType")
    types = answer.data["issueLinkTypes"] if answer.status == 200 else [{}]
    return (
        ", ".join(name for name in ("id", "name", "inward", "outward") if all(name in each for each in types)) or "none"
    )


@fact(3, "Where a POST names the id of one type and the name of another, the id counts", "the id")
def type_id_wins(three: Scratch) -> str:
    directed, second = three.directed, three.second
    answer = three.post_link({"key": three.a.key}, {"key": three.b.key}, {"id": directed.id, "name": second.name})
    shown = three.seen_from(three.a)
    if answer.status != 201 or len(shown) != 1:
        return counted(three, answer)
    return "the id" if shown[0]["type"]["id"] == directed.id else "the name"


@fact(6, "DELETE of a link answers 204", "204, no link")
def removal(three: Scratch) -> str:
    link = three.linked(three.a, three.b)
    return counted(three, three.site.ask("DELETE", "issueLink/*", link.id))
