# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets that are refused, and what the message says: those in which an element says what makes no sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.local_jira import Link
from tests.unit.sets_tasks import elements, rest

A, B = ("REL-1", "Blocks", "APP-1"), ("REL-1", "Blocks", "APP-2")
RELATED, RELATED_BACK = ("REL-1", "Relates", "APP-1"), ("APP-1", "Relates", "REL-1")


class Refused(NamedTuple):
    """``words`` are all in the message; a word that begins with ! is not."""

    name: str
    links: Sequence[Mapping[str, Any]] | None
    words: Sequence[str]
    options: Mapping[str, Any] = {}
    before: Sequence[Link] = ()
    account: str = "demo"


def scoped(**scope: Any) -> dict[str, Any]:
    return {"state": "exact", "scope": scope}


REFUSED = [
    # sentences, and what elements say
    Refused(
        "sentences that are none",
        [
            {"sentence": "REL-1 APP-1"},
            {"sentence": " "},
            {"sentence": "REL-1 is blockt by APP-1"},
            {"sentence": "A b C"},
        ],
        [
            "4 mistakes",
            "links[0]: 'REL-1 APP-1' is no sentence about two issues",
            "links[1]: sentence is empty",
            "links[2]: No issue link type reads 'is blockt by'. This site's phrases",
            "links[3]: 'A b C' is no sentence about two issues: 'A' is no issue key. A key looks like HSP-1.",
        ],
    ),
    Refused(
        "the short form names its own places",
        elements([A]),
        ["1 mistake", "sentences[1]: No issue link type reads 'blok'"],
        {"sentences": ["REL-1 blocks APP-2", "REL-1 blok APP-2"]},
    ),
    Refused(
        "more than two issues in a sentence",
        [{"sentence": "REL-1 is blocked by APP-7, APP-12"}, {"sentence": "REL-1 blocks app-7 and APP-12"}],
        ["2 mistakes", "'is blocked by APP-7,'. A sentence is about two issues", "'blocks app-7 and'. A sentence"],
    ),
    Refused(
        "a colon in a sentence",
        [],
        ["sentences[0] has to be text, and is a dict. A colon with a space behind it makes a dict of a sentence"],
        {"sentences": [{"REL-1 is blocked by": "APP-7"}]},
    ),
    Refused(
        "a sentence and a phrase", [{"sentence": "REL-1 blocks APP-1", "phrase": "blocks"}], ["links[0]: A link is"]
    ),
    Refused(
        "an origin is named in place of the position",
        [{"sentence": "REL-1 blok APP-1", "origin": "a.csv line 7"}, rest("REL-1", "Blocks", "X-9", origin="b.yml")],
        ["a.csv line 7: No issue", "b.yml (REL-1 blocks X-9): Jira does not show X-9", "!links["],
    ),
    Refused(
        "the same link with both states",
        [rest(*A, origin="line 1"), {"sentence": "APP-1 is blocked by REL-1", "state": "absent"}],
        ["1 mistake", "links[1] (REL-1 blocks APP-1): the set says the same link with state: present, too"],
    ),
    Refused(
        "a twin by its id with both states",
        [rest(*RELATED), rest(*RELATED_BACK, state="absent", link_id="10001")],
        ["1 mistake", "links[1] ("],
        before=[RELATED, RELATED_BACK],
    ),
    Refused(
        "a state in an exact set", elements([A], state="present"), ["links[0]: state stands"], scoped(issues=["REL-1"])
    ),
    Refused(
        "a link_id of what is to be there", elements([A], link_id="10000"), ["links[0]: link_id is for state: absent"]
    ),
    Refused(
        "a link_id of another link",
        [rest(*A, state="absent", link_id="10001"), rest(*B, state="absent", link_id="10002")],
        ["2 mistakes", "links[0] (", "10001 is 'REL-1 blocks APP-2'", "10002 is 'LIB-1 blocks LIB-2'"],
        before=[A, B, ("LIB-1", "Blocks", "LIB-2")],
    ),
    Refused(
        "what Jira refuses comes together with what is no link, each at its element",
        [
            rest("RO-1", "Blocks", "REL-1", origin="a.csv line 2"),
            {"origin": "a.csv line 3", "mistake": "it is broken."},
            rest("REL-1", "Blocks", "REL-999", origin="a.csv line 4"),
            rest(*A),
            rest("RO-2", "Blocks", "RO-1", origin="a.csv line 6"),
        ],
        [
            "written. a.csv line 2 (RO-1 blocks REL-1): This account has no Link Issues permission for RO-1",
            "account. a.csv line 3: it is broken. a.csv line 4 (REL-1 blocks REL-999): Jira does not show REL-999",
            "it. a.csv line 6 (RO-2 blocks RO-1): This account has no Link Issues permission for RO-2",
            "4 mistakes",
        ],
    ),
    Refused(
        "a mistake stands for its element, whatever else that says",
        [{**rest(*A), "mistake": "it is broken."}, {"mistake": " "}],
        ["2 mistakes", "links[0]: it is broken.", "links[1]: mistake is empty"],
    ),
    Refused(
        "a cycle in the list, in spite of a mistake",
        [rest(*A), rest("APP-1", "Blocks", "REL-1"), {"mistake": "it is broken."}],
        ["2 mistakes", "links[2]: it is broken. acyclic: the links would form a cycle: "],
        {"acyclic": ["Blocks"]},
    ),
    Refused(
        "what may be the only one in a mistaken element is not told to be too much",
        [rest(*A), {"mistake": "it is broken."}],
        ["1 mistake", "!max_removals"],
        {**scoped(issues=["REL-1"]), "max_removals": 0, "acyclic": ["Blocks"]},
        before=[B],
    ),
    Refused(
        "all that exact is to keep is mistaken",
        [{"mistake": "it is broken."}],
        ["1 mistake", "!scope"],
        scoped(issues=["REL-1"]),
        before=[A],
    ),
    Refused("nothing to declare", None, ["links, sentences"]),
]
