# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Link types and links that are there, tasks, and what is there in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.linkops.jira.plugins.modules import jira_issue_link_type

from tests.local_jira import Link, LocalJira
from tests.unit.scenario import Scenario, no_linking

CAUSES: dict[str, Any] = {"name": "Causes", "inward": "is caused by", "outward": "causes"}
ABSENT: dict[str, Any] = {"state": "absent"}
DEFAULT = ["Blocks", "Cloners", "Duplicate", "Relates"]
BLOCKS = ("APP-7", "Blocks", "REL-1")
RELATES: list[Link] = [("APP-1", "Relates", "REL-1"), ("LIB-1", "Relates", "LIB-2")]
SPACED: Link = ("APP-2", " Relates", "REL-2")


def _with_types(*names: str) -> Callable[[LocalJira], None]:
    def prepare(site: LocalJira) -> None:
        site.reset(link_types=[{"name": name, "inward": f"in {name}", "outward": f"out {name}"} for name in names])

    return prepare


def _both(*names: str, links: Sequence[Link] = ()) -> Callable[[LocalJira], None]:
    """Types that all read 'relates to' from both ends."""
    kinds = [{"name": name, "inward": "relates to", "outward": "relates to"} for name in names]
    return lambda site: site.reset(links, link_types=kinds)


def _hidden_link(site: LocalJira) -> None:
    """A link one of whose ends nobody sees, the administrator included."""
    site.reset(
        [("HID-1", "Blocks", "REL-1")],
        projects=[{"key": "REL", "count": 3}, {"key": "HID", "count": 1, "browse": ["user:nobody"]}],
    )


def asked(
    name: str,
    options: Mapping[str, Any],
    types: Sequence[str] = (),
    links: Sequence[Link] = (),
    after: Sequence[Link] = (),
    account: str = "admin",
    **more: Any,
) -> Scenario:
    ends: dict[str, Any] = {"after": after, "link_types_after": types}
    return Scenario(name, jira_issue_link_type, options, links, account=account, **ends, **more)


SCENARIOS = [
    asked("made", CAUSES, [*DEFAULT, "Causes"]),
    asked("made, with space around its words", {**CAUSES, "name": " Causes "}, [*DEFAULT, "Causes"]),
    asked("there", {"name": "Blocks"}, DEFAULT),
    asked("there, whoever asks", {"name": "Blocks", "outward": "blocks"}, DEFAULT, account="viewer"),
    asked("there in other letters", {"name": " bLOCKS "}, DEFAULT),
    asked("there with a space", {"name": "One"}, [" One"], prepare=_with_types(" One")),
    asked("the exact name wins", {"name": "One", "outward": "does"}, ["one", "One"], prepare=_with_types("one", "One")),
    asked("a phrase changed", {"name": "Blocks", "outward": "holds up"}, DEFAULT),
    asked("both phrases changed", {"name": "Blocks", "inward": "waits for", "outward": "holds up"}, DEFAULT),
    asked("renamed", {"name": "Blocks", "new_name": "Blocker"}, ["Blocker", *DEFAULT[1:]]),
    asked("renamed in another case", {"name": "Blocks", "new_name": "BLOCKS"}, ["BLOCKS", *DEFAULT[1:]]),
    asked("renamed in other space", {"name": " One", "new_name": "One"}, ["One"], prepare=_with_types(" One")),
    asked("renamed by its id", {"name": "10000", "new_name": "Blocker"}, ["Blocker", *DEFAULT[1:]]),
    asked(
        "renamed, and not what is near",
        {"name": " Relates", "new_name": "Linked"},
        ["Relates", "Linked"],
        prepare=_both("Relates", " Relates"),
    ),
    asked("renamed before, with something near", {"name": " blocks", "new_name": "Cloners"}, DEFAULT),
    asked(
        "renamed before, to a name with space",
        {"name": "Two", "new_name": " One"},
        [" One"],
        prepare=_with_types(" One"),
    ),
    asked("renamed before", {"name": "Blocker", "new_name": "Blocks"}, DEFAULT),
    asked(
        "renamed, and a phrase", {"name": "Blocks", "new_name": "Holds", "outward": "holds"}, ["Holds", *DEFAULT[1:]]
    ),
    asked("made under its new name", {**CAUSES, "new_name": "Root cause"}, [*DEFAULT, "Root cause"]),
    asked("removed", {"name": "Cloners", **ABSENT}, ["Blocks", "Duplicate", "Relates"]),
    asked("removed by its id", {"name": "10001", **ABSENT}, ["Blocks", "Duplicate", "Relates"]),
    asked("not removed in other letters", {"name": "cloners", "force": True, **ABSENT}, DEFAULT),
    asked(
        "removed, and not what is near",
        {"name": " Relates", "force": True, **ABSENT},
        ["Relates"],
        after=RELATES,
        prepare=_both("Relates", " Relates", links=[*RELATES, SPACED]),
    ),
    asked("not there to remove", {"name": "Causes", **ABSENT}, DEFAULT, account="viewer"),
    asked("not there to move", {"name": "Causes", "move_links_to": "Unheard", **ABSENT}, DEFAULT),
    asked("removed by force", {"name": "Blocks", "force": True, **ABSENT}, DEFAULT[1:], [BLOCKS], []),
    asked(
        "moved",
        {"name": "Blocks", "move_links_to": "Relates", **ABSENT},
        DEFAULT[1:],
        [BLOCKS, ("REL-1", "Cloners", "LIB-1"), ("REL-2", "Blocks", "APP-40")],
        [("REL-1", "Cloners", "LIB-1"), ("APP-7", "Relates", "REL-1"), ("REL-2", "Relates", "APP-40")],
    ),
    asked(
        "moved to what is there in part",
        {"name": "Blocks", "move_links_to": "10003", **ABSENT},
        DEFAULT[1:],
        [BLOCKS, ("REL-1", "Blocks", "APP-7"), ("REL-1", "Relates", "APP-7"), ("LIB-1", "Blocks", "LIB-2")],
        [("REL-1", "Relates", "APP-7"), ("LIB-1", "Relates", "LIB-2")],
    ),
    asked(
        "moved to what is near",
        {"name": " Relates", "move_links_to": "Relates", **ABSENT},
        ["Relates"],
        after=[*RELATES, ("APP-2", "Relates", "REL-2")],
        prepare=_both("Relates", " Relates", links=[*RELATES, SPACED]),
    ),
    asked(
        "moved, and not what is near",
        {"name": "relates", "move_links_to": "Other", **ABSENT},
        ["Relates", "Other"],
        after=[*RELATES, ("APP-2", "Other", "REL-2")],
        prepare=_both("Relates", "relates", "Other", links=[*RELATES, ("APP-2", "relates", "REL-2")]),
    ),
    asked("nothing to move", {"name": "Blocks", "move_links_to": "Relates", **ABSENT}, DEFAULT[1:]),
    # failures
    asked("no words for a new one", {"name": "Causes", "inward": "is caused by"}, fails="both inward and outward"),
    asked(
        "two candidates", {"name": "ONE"}, fails="'one' (out one / in one) with id", prepare=_with_types("one", "One")
    ),
    asked("renamed to what is there", {"name": "Blocks", "new_name": "relates"}, fails="cannot be renamed"),
    asked("an empty name", {"name": " "}, fails="name is empty"),
    asked("an empty phrase", {"name": "Blocks", "inward": ""}, fails="inward is empty"),
    asked("a new name for nothing", {"name": "Blocks", "new_name": "X", **ABSENT}, fails="new_name is for"),
    asked("moving without going", {"name": "Blocks", "move_links_to": "Relates"}, fails="move_links_to is for"),
    asked(
        "moving and losing",
        {"name": "Blocks", "move_links_to": "Relates", "force": True, **ABSENT},
        fails="either force",
    ),
    asked("renaming what is near", {"name": "blocks", "new_name": "Holds"}, fails="with id 10000. Give the exact"),
    asked("renamed to what is near", {**CAUSES, "new_name": "blocks"}, fails="with id 10000. Give the exact"),
    asked(
        "a name that is an id",
        {"name": "10001", **ABSENT},
        fails="'10001' is the name of one issue link type and the id of another",
        prepare=_with_types("10001", "One"),
    ),
    asked("moving to itself", {"name": "Blocks", "move_links_to": "Blocks", **ABSENT}, fails="to the same type"),
    asked(
        "moving to what is near",
        {"name": "Blocks", "move_links_to": "relates", **ABSENT},
        links=[BLOCKS],
        fails="first: 'Relates'",
    ),
    asked("moving to nowhere", {"name": "Blocks", "move_links_to": "Relate", **ABSENT}, fails="first: 'Relates'"),
    asked("in use", {"name": "Blocks", **ABSENT}, links=[BLOCKS], fails="at least 1 link, on APP-7 and REL-1"),
    asked("in use, unseen", {"name": "Blocks", **ABSENT}, fails="at least 1 link, on REL-1", prepare=_hidden_link),
    asked(
        "moving what is unseen",
        {"name": "Blocks", "move_links_to": "Relates", **ABSENT},
        fails="REL-1 may have a link that this account does not see",
        prepare=_hidden_link,
    ),
    asked(
        "made by nobody",
        CAUSES,
        account="demo",
        fails="Administer Jira",
        fact=("no permission to change link types", "404, which is no missing type"),
    ),
    asked("changed by nobody", {"name": "Blocks", "outward": "x"}, account="demo", fails="Administer Jira"),
    asked("removed by nobody", {"name": "Blocks", **ABSENT}, account="demo", fails="Administer Jira"),
    asked(
        "moved by nobody",
        {"name": "Blocks", "move_links_to": "Relates", **ABSENT},
        links=[BLOCKS],
        account="demo",
        fails="Administer Jira",
    ),
    asked("linking switched off", CAUSES, fails="switched off", prepare=no_linking, fact=("linking switched off",)),
]
