#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_issue_links
short_description: Keep a whole set of links between Jira issues
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Makes Jira hold the links that are listed, and with O(state=exact) no others within a scope.
  - Everything is read and checked before anything is written. All mistakes in the list are reported together, and what
    only a list without mistakes can tell, such as permissions, the limit and cycles, after them.
  - Finds out how many requests at once the site takes, and stays below all limits of Jira Cloud.
  - A run that failed half way, or was killed, is completed by running the task again.
notes:
  - The direction is that of Jira's REST API. With C(link_type=Blocks), C(inward_issue=A) and C(outward_issue=B),
    A blocks B. Every result says so as a sentence.
  - Inside the controller, a long run shows its progress on a terminal about once a second. Set the environment variable
    E(LINKOPS_JIRA_PROGRESS) to V(true) or V(false) to have it always or never.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.changes
  - linkops.jira.connection
attributes:
  idempotent:
    details:
      - A comment goes with the creation of its link. A link that is there already gets none, so it is not repeated.
options:
  links:
    description:
      - The links. Each is said in one of the two forms of M(linkops.jira.jira_issue_link).
      - The same link said twice, from both ends or in both forms, is one link.
      - An empty list names no links.
    type: list
    elements: dict
    required: true
    suboptions:
      issue:
        description: The issue that the sentence begins with, by key or id, or by the address of its page in a browser.
        type: str
      phrase:
        description: What the sentence says of the two issues, such as V(blocks) or V(is blocked by).
        type: str
      linked_issue:
        description: The issue that the sentence ends with, as O(links[].issue).
        type: str
      link_type:
        description: The link type, by its exact name or by its id.
        type: str
        aliases: [linktype]
      inward_issue:
        description: The issue that the link comes from. A in "A blocks B".
        type: str
        aliases: [inwardissue]
      outward_issue:
        description: The issue that the link goes to. B in "A blocks B".
        type: str
        aliases: [outwardissue]
      comment:
        description: A comment that goes with the creation of the link, as in M(linkops.jira.jira_issue_link).
        type: raw
      comment_visibility:
        description: Who may see the comment. Everybody, if not set.
        type: dict
        suboptions:
          type:
            description: Whether a group or a project role may see it.
            type: str
            choices: [group, role]
            required: true
          value:
            description: The name of the group or role.
            type: str
          identifier:
            description: The id of the group or role, which stays the same when it is renamed.
            type: str
      comment_internal:
        description: Whether to keep the comment from the customer portal of a Jira Service Management project.
        type: bool
        default: false
  state:
    description:
      - V(present) adds what is missing.
      - V(absent) removes what is listed.
      - V(exact) adds what is missing, and removes what is not listed and within O(scope).
    type: str
    choices: [present, absent, exact]
    default: present
  scope:
    description:
      - Which links O(state=exact) may remove. The other states do not use it.
      - Nothing in it may be empty, lest a variable without a value widen it.
      - A link is in the scope if one of its ends is in O(scope.issues), its type is in O(scope.link_types), and its
        other end is in O(scope.linked_projects). Both its ends have to be visible.
    type: dict
    suboptions:
      issues:
        description:
          - Issues by key or id, or by the address of their page, which may lose links.
          - Needed with O(state=exact). It is not taken from O(links), because each of those names two issues, and
            mostly only one of them is meant.
        type: list
        elements: str
      link_types:
        description:
          - Link types by exact name or id. If not set, the types named in O(links).
          - Needed if O(links) is empty.
        type: list
        elements: str
      linked_projects:
        description: Project keys. If not set, any project.
        type: list
        elements: str
  max_removals:
    description:
      - How many links that nobody listed may be removed. A plan that would remove more fails before anything is
        written, and says what it would have removed.
      - V(-1) for any number.
    type: int
    default: 20
  acyclic:
    description:
      - Link types, by exact name or id, that must not form a cycle, all of them taken together. A plan after which they
        would is refused, also if the cycle is there already.
      - Links of other issues are followed as far as needed. Types that read the same from both ends never count.
    type: list
    elements: str
    default: []
  exclusive:
    description:
      - Each link is to be the only one between its two issues. Others between the same two are removed, after the
        listed ones exist.
    type: bool
    default: false
  on_error:
    description:
      - What to do when Jira refuses a link.
      - V(stop) starts no further writes. V(continue) goes on with the other links.
      - Nothing is removed in a run that could not create all links. After errors that concern every request, such as
        refused credentials, the run stops in any case.
    type: str
    choices: [stop, continue]
    default: stop
  concurrency:
    description:
      - How many requests may be under way at the same time, at most. If not set, as many as turn out to be good, and
        never more than 64.
      - On Cloud, that is what four fifths of Jira's published rate limit need. On Data Center, their number grows until
        the answers get slower.
    type: int
seealso:
  - module: linkops.jira.jira_issue_link
  - module: linkops.jira.jira_issue_link_info
"""

EXAMPLES = r"""
- name: What the release waits for; url and credentials come from the environment
  linkops.jira.jira_issue_links:
    links:
      - {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}
      - {issue: REL-1, phrase: is blocked by, linked_issue: LIB-2}
      - {issue: REL-1, phrase: relates to, linked_issue: OPS-3, comment: Rollout of this release.}
    acyclic: [Blocks]

- name: These and no other blockers of the release, as long as they are in the projects APP and LIB
  linkops.jira.jira_issue_links:
    state: exact
    links:
      - {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}
    scope:
      issues: [REL-1]
      linked_projects: [APP, LIB]
    max_removals: 5

- name: No blockers at all
  linkops.jira.jira_issue_links:
    state: exact
    links: []
    scope:
      issues: [REL-1]
      link_types: [Blocks]
"""

RETURN = r"""
links:
  description:
    - One entry for each link that was listed or removed. With O(state=absent), links that are not there have none.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  contains:
    id:
      description: The id of the link. V(null) in check mode for a link that would be created.
      type: str
      returned: always
    link_type:
      description: The name of its type.
      type: str
      returned: always
    link_type_id:
      description: The id of its type.
      type: str
      returned: always
    inward:
      description: The type's inward phrase, which is what the outward issue says of the inward one.
      type: str
      returned: always
    outward:
      description: The type's outward phrase, which is what the inward issue says of the outward one.
      type: str
      returned: always
    inward_issue:
      description: The current key of the issue that the link comes from.
      type: str
      returned: always
    outward_issue:
      description: The current key of the issue that the link goes to.
      type: str
      returned: always
    sentence:
      description: The link in words.
      type: str
      returned: always
      sample: APP-7 blocks REL-1
    status:
      description:
        - V(present) if it was there, V(created) or V(removed) if that is what was done, or would be in check mode.
        - V(failed) if Jira refused it, V(not_tried) if the run stopped before.
      type: str
      returned: always
    error:
      description:
        - Why it failed, or for a link that was created, why its comment was refused. V(null) if nothing went wrong.
      type: str
      returned: always
summary:
  description: The run in figures.
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  contains:
    present:
      description: How many links were there.
      type: int
      returned: always
    created:
      description: How many were created.
      type: int
      returned: always
    removed:
      description: How many were removed.
      type: int
      returned: always
    failed:
      description: How many failed.
      type: int
      returned: always
    not_tried:
      description: How many were not tried.
      type: int
      returned: always
    requests:
      description: How many requests were sent.
      type: int
      returned: always
    seconds:
      description: How long it took.
      type: float
      returned: always
    seconds_waited:
      description:
        - For how much of that time nothing could be sent because of Jira's limits for one issue, or after a 429. The
          pace that a site allows for all requests does not count.
      type: float
      returned: always
diff:
  description: The links in question before and after, a sentence a line.
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  contains:
    before:
      description: The links before.
      type: str
      returned: always
    after:
      description: The links after.
      type: str
      returned: always
"""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..module_utils._apply.bulk import InBulk, Written, apply_in_bulk
from ..module_utils._apply.link_set import plan_link_set
from ..module_utils._client.errors import JiraError
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.link import IssueLink
from ..module_utils._module import COMMENT, LINK, Result, run_module
from ..module_utils._plan.links import Plan
from ..module_utils._text import counted

ARGUMENT_SPEC: dict[str, Any] = {
    "links": {"type": "list", "elements": "dict", "required": True, "options": {**LINK, **COMMENT}},
    "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
    "scope": {
        "type": "dict",
        "options": {
            "issues": {"type": "list", "elements": "str"},
            "link_types": {"type": "list", "elements": "str"},
            "linked_projects": {"type": "list", "elements": "str"},
        },
    },
    "max_removals": {"type": "int", "default": 20},
    "acyclic": {"type": "list", "elements": "str", "default": []},
    "exclusive": {"type": "bool", "default": False},
    "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
    "concurrency": {"type": "int"},
}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Make the set what is declared. See RETURN for what comes back."""
    started = time.monotonic()
    jira.concurrency = params["concurrency"]
    plan = plan_link_set(params, jira)
    if check_mode:
        applied = Outcome(InBulk.expected(plan))
    else:
        keep_going = params["on_error"] == "continue"
        applied = apply_in_bulk(plan, jira, keep_going)
    result = _report(plan, applied.done)
    result["summary"].update(
        requests=jira.http.sent,
        seconds=round(time.monotonic() - started, 3),
        seconds_waited=round(applied.done.seconds_waited, 3),
    )
    return Outcome(result, _summed_up(applied.error, result) if applied.error else None)


def _report(plan: Plan, written: InBulk) -> Result:
    entries = [
        *(_entry(link, "present") for link in plan.keep),
        *(_written_entry(link, "created", each) for link, each in zip(plan.add, written.added)),
        *(_written_entry(link, "removed", each) for link, each in zip(plan.remove, written.removed)),
    ]
    count = Counter(entry["status"] for entry in entries)
    done = Plan(
        current=(*plan.keep, *plan.remove),
        add=tuple(each.done for each in written.added if each.done),
        remove=tuple(each.done for each in written.removed if each.done),
    )
    return {
        "changed": done.changed,
        "links": entries,
        "summary": {status: count[status] for status in ("present", "created", "removed", "failed", "not_tried")},
        "diff": done.diff,
    }


def _entry(link: IssueLink, status: str, error: JiraError | None = None) -> dict[str, Any]:
    return {**link.to_result(), "status": status, "error": error.message if error else None}


def _written_entry(link: IssueLink, verb: str, written: Written) -> dict[str, Any]:
    status = verb if written.done else "failed" if written.error else "not_tried"
    return _entry(written.done or link, status, written.error)


def _summed_up(error: JiraError, result: Result) -> JiraError:
    """The error that ended the run, after what was done in spite of it."""
    count = result["summary"]
    undone = count["failed"] or count["not_tried"]
    return error.explained(
        f"{counted(count['failed'], 'link')} failed, {count['created']} created, {count['removed']} removed, "
        f"{count['not_tried']} not tried. {error.rest if undone else ''}"
        f"The reason: {error.message}"
    )


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
