# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the elements of a set can say: a sentence, a state of their own, an id."""

from __future__ import annotations

from ansible_collections.linkops.jira.plugins.modules import jira_issue_links

from tests.local_jira import LocalJira
from tests.unit.scenario import Scenario
from tests.unit.sets_scenarios import CLONED, INVERTED, LINES, RELATED, RELATED_BACK, A, B, C, asked
from tests.unit.sets_tasks import elements, pairs, rest

ACYCLIC, NO_CAP = {"acyclic": ["Blocks"]}, {"max_removals": 0}


def odd_phrases(site: LocalJira) -> None:
    """Phrases that hold keys, digits and colons, and one that is the beginning of another."""
    types = [
        ("Steps", "has a step 2:", "is step 2: of APP-1 and REL-1"),
        ("Order", "precedes by type", "precedes"),
    ]
    site.reset(link_types=[{"name": name, "inward": inward, "outward": outward} for name, inward, outward in types])


SCENARIOS = [
    # sentences
    asked(
        "sentences",
        [{"sentence": "REL-1 blocks APP-1"}, {"sentence": " app-2   IS  BLOCKED by rel-1 "}],
        [],
        [A, B],
    ),
    asked("a sentence with a comment", [{"sentence": "REL-1 blocks APP-1", **LINES}], [], [A]),
    asked("sentences by ids and old keys", [{"sentence": "10001 blocks OLD-1"}], [], [("REL-1", "Blocks", "APP-40")]),
    asked("sentences beside links", elements([A]), [], [A, B], {"sentences": ["APP-2 is blocked by REL-1"]}),
    asked("the short form alone", None, [A], [A, B], {"sentences": ["REL-1 blocks APP-1", "REL-1 blocks APP-2"]}),
    asked("the short form, absent", None, [A, B], [B], {"sentences": ["REL-1 blocks APP-1"], "state": "absent"}),
    Scenario(
        "phrases of many words, keys, digits and colons",
        jira_issue_links,
        {
            "sentences": [
                "REL-1 is step 2: of APP-1 and REL-1 APP-2",
                "REL-2 precedes APP-3",
                "REL-3 precedes by type APP-4",
            ]
        },
        prepare=odd_phrases,
        after=[("REL-1", "Steps", "APP-2"), ("REL-2", "Order", "APP-3"), ("APP-4", "Order", "REL-3")],
    ),
    # states of elements
    asked(
        "some come and some go",
        [rest(*A), rest(*B, state="absent"), {"sentence": "REL-1 clones APP-1", "state": "absent"}],
        [B, CLONED, C],
        [A, C],
    ),
    asked("an element's present in a set of absent", elements([A], state="present"), [B], [A, B], {"state": "absent"}),
    asked("what is said to be absent has no cap", elements(pairs(3), state="absent"), pairs(4), pairs(4)[3:], NO_CAP),
    asked("absent elements break the cycle", [rest(*A), rest(*INVERTED, state="absent")], [INVERTED], [A], ACYCLIC),
    asked(
        "one of two twins by its id",
        [rest(*RELATED, state="absent", link_id="10000")],
        [RELATED, RELATED_BACK],
        [RELATED_BACK],
    ),
    asked("a link_id that is gone", [rest(*A, state="absent", link_id="99999")], [A], [A]),
    asked(
        "an absent issue in a set that adds", [rest(*A), rest("REL-1", "Blocks", "APP-999", state="absent")], [], [A]
    ),
]
