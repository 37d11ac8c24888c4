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
  - Everything is read and checked before anything is written. All mistakes are reported together, missing permissions
    and cycles among the listed links too. What would be removed besides, and cycles with links that are there, only a
    list without mistakes can tell.
  - A task that fails for mistakes returns them as C(mistakes), a list of C(origin) and C(message).
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
      - The links. Each is said in one of the three ways of M(linkops.jira.jira_issue_link).
      - An element may also say many links, with a query in place of an issue. See O(links[].linked_jql).
      - The same link said twice, from both ends or in several ways, is one link.
      - At least one of O(links) and O(sentences) is needed. Both together are one set. An empty list names no links.
    type: list
    elements: dict
    suboptions:
      sentence:
        description: The link as a sentence, such as V(REL-1 is blocked by APP-7).
        type: str
        version_added: 1.0.0
      issue:
        description: The issue that the sentence begins with, by key or id, or by the address of its page in a browser.
        type: str
      phrase:
        description: What the sentence says of the two issues, such as V(blocks) or V(is blocked by).
        type: str
      linked_issue:
        description: The issue that the sentence ends with, as O(links[].issue).
        type: str
      linked_jql:
        description:
          - A JQL query in place of O(links[].linked_issue). Each issue that it finds is linked, apart from
            O(links[].issue) itself.
          - From then on it is as if these links were listed. With O(state=exact), a link goes when its issue no longer
            is what the query finds. What a query found is never taken for O(scope.issues).
          - A search may be some seconds behind, and may not find an issue that is new. So issues are read anew by their
            ids, and before a link is removed because a query does not find its issue, Jira is asked for that issue
            again. RV(queries) says when a query was asked.
          - A query that Jira does not understand or warns of, one that finds nothing, and one that finds more than
            O(max_issues) are errors.
        type: str
        version_added: 1.0.0
      issue_jql:
        description: A JQL query in place of O(links[].issue), as O(links[].linked_jql).
        type: str
        version_added: 1.0.0
      allow_empty:
        description: Whether a query may find no issue. If not set, that is an error.
        type: bool
        version_added: 1.0.0
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
        description:
          - Who may see the comment. Everybody, if not set.
          - Beside the type, give either the name as C(value) or the C(identifier).
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
          - Whether this link is to exist, if that is not what O(state) says of all.
          - Not with O(state=exact), where every element is to exist.
          - A link that an element says is V(absent) does not count for O(max_removals).
        type: str
        choices: [present, absent]
        version_added: 1.0.0
      link_id:
        description:
          - The id of the one link to remove, with V(absent). So of two links that say the same, which a type such as
            Relates allows, one can be removed.
          - If there is no link with the id, nothing is removed. If it is the id of another link, the task fails.
        type: str
        version_added: 1.0.0
      origin:
        description: Where the element comes from, such as V(release-1.csv line 7). Messages name it.
        type: str
        version_added: 1.0.0
      mistake:
        description:
          - What is wrong at the place that O(links[].origin) names, as M(linkops.jira.links_from_file) finds it with
            C(fail_on_mistakes=false). Whatever else the element says does not count.
          - A task with such an element fails with this and all other mistakes, and writes nothing.
        type: str
        version_added: 1.0.0
  sentences:
    description: Links as sentences, the short form of elements that say nothing else.
    type: list
    elements: str
    version_added: 1.0.0
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
  max_issues:
    description: How many issues a query may find. If there are more, the task fails, and none is linked.
    type: int
    default: 1000
    version_added: 1.0.0
  max_removals:
    description:
      - How many links that nobody listed may be removed. A plan that would remove more fails before anything is
        written, and says what it would have removed.
      - V(-1) for any number.
    type: int
    default: 20
  approved_changes:
    description:
      - The only changes that this run may make, as RV(changes) of an earlier run in check mode names them. If it would
        make any other, it fails before anything is written, in check mode, too.
      - Changes are the same if their issue ids, type id, link id and comment are. Keys and sentences do not count, for
        issues move and types are renamed.
      - An approved change that is done already is fine. One that O(links) no longer ask for is an error.
      - An empty list approves nothing. If not set, no approval is needed.
    type: list
    elements: dict
    version_added: 1.0.0
    suboptions:
      action:
        description: What was approved.
        type: str
        choices: [create, remove]
        required: true
      sentence:
        description: The link in words, for messages.
        type: str
      link_type_id:
        description: The id of its type.
        type: str
        required: true
      inward_issue:
        description: The key of the issue that the link comes from, for people.
        type: str
      outward_issue:
        description: The key of the issue that the link goes to, for people.
        type: str
      inward_issue_id:
        description: The id of the issue that the link comes from.
        type: str
        required: true
      outward_issue_id:
        description: The id of the issue that the link goes to.
        type: str
        required: true
      link_id:
        description: The id of the link to remove.
        type: str
      comment:
        description: The comment that goes with the creation.
        type: dict
        suboptions:
          body:
            description: Its text or ADF document, if everybody may read it.
            type: raw
          sha256:
            description: In place of the body, if not everybody may read it.
            type: str
          visibility:
            description: Who may see it.
            type: dict
          internal:
            description: Whether the customer portal does not show it.
            type: bool
            default: false
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
    sentences:
      - REL-1 is blocked by APP-7
      - REL-1 is blocked by LIB-2
    acyclic: [Blocks]

- name: Elements can say more
  linkops.jira.jira_issue_links:
    links:
      - {sentence: REL-1 relates to OPS-3, comment: Rollout of this release.}
      - {sentence: REL-1 is blocked by LIB-3, state: absent}
      - {issue: REL-1, phrase: is blocked by, linked_issue: APP-7}
      - {link_type: Blocks, inward_issue: APP-7, outward_issue: REL-1}

- name: The release is blocked by whatever is in version 2.4, now and at every later run
  linkops.jira.jira_issue_links:
    state: exact
    links:
      - {issue: REL-1, phrase: is blocked by, linked_jql: fixVersion = 2.4}
    scope:
      issues: [REL-1]

- name: These and no other blockers of the release, as long as they are in the projects APP and LIB
  linkops.jira.jira_issue_links:
    state: exact
    sentences:
      - REL-1 is blocked by APP-7
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

- name: What would be done?
  linkops.jira.jira_issue_links:
    sentences: [REL-1 is blocked by APP-8]
  check_mode: true
  register: plan

- name: Exactly that, and nothing else
  linkops.jira.jira_issue_links:
    sentences: [REL-1 is blocked by APP-8]
    approved_changes: "{{ plan.changes }}"
  register: applied

- name: Take it back
  linkops.jira.jira_issue_links:
    links: "{{ applied.undo }}"
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
changes:
  description:
    - What was done, or would be in check mode, in a stable order. O(approved_changes) takes it.
    - Entries are for that, and for reading. Elements of O(links) are in RV(declared) and RV(undo).
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  sample:
    - action: create
      sentence: APP-7 blocks REL-1
      link_type_id: "10000"
      inward_issue: APP-7
      outward_issue: REL-1
      inward_issue_id: "10106"
      outward_issue_id: "10000"
      link_id: null
      comment: null
  contains:
    action:
      description: V(create) or V(remove).
      type: str
      returned: always
    sentence:
      description: The link in words.
      type: str
      returned: always
    link_type_id:
      description: The id of its type.
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
    inward_issue_id:
      description: The id of the issue that the link comes from.
      type: str
      returned: always
    outward_issue_id:
      description: The id of the issue that the link goes to.
      type: str
      returned: always
    link_id:
      description: The id of the link that is removed. V(null) for one that is created.
      type: str
      returned: always
    comment:
      description:
        - The comment that goes with the creation, C(body), C(visibility) and C(internal). V(null) if there is none.
        - Of a comment that not everybody may read, there is C(sha256) in place of C(body).
      type: dict
      returned: always
declared:
  description:
    - The set as the task says it, as elements of O(links) in canonical form, without C(origin). A link is a sentence
      where that says it all, and else, as where link types share a phrase, it is said by its type.
    - Any task takes it. Declaring it again changes nothing.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  sample:
    - {sentence: APP-7 blocks REL-1}
queries:
  description: What the queries of O(links) stood for. There are none where no element has a query.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  contains:
    origin:
      description: Where its element stands.
      type: str
      returned: always
      sample: links[0]
    jql:
      description: The query.
      type: str
      returned: always
      sample: fixVersion = 2.4
    asked_at:
      description: When Jira was asked, in UTC. Changes of the seconds before may be missing.
      type: str
      returned: always
      sample: "2026-11-02T09:30:00+00:00"
    issues:
      description: The current keys of the issues that are linked for it, or that lose their links.
      type: list
      elements: str
      returned: always
      sample: [APP-7, APP-12]
undo:
  description:
    - Elements of O(links) that take back what was done, also by a run that failed half way. In check mode, they would
      take back all that is planned.
    - A created link is absent, by its id; a removed one is present.
    - A link whose id is not known, and one of which it is not known whether it was written, is named by its sentence
      only. It may then be another's, so C(origin) says so, and so does a warning.
    - Comments stay where they are, and those of removed links do not come back. New links have new ids.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  sample:
    - {sentence: APP-7 blocks REL-1, state: absent, link_id: "10024"}
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
from ..module_utils._apply.link_set import Queried, plan_link_set
from ..module_utils._client.errors import JiraError
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.link import IssueLink
from ..module_utils._module import COMMENT, LINK, Result, run_module
from ..module_utils._plan.changes import CREATE, REMOVE, UNSURE, list_changes, undo
from ..module_utils._plan.links import Plan
from ..module_utils._text import counted, listed

IN_FILE: dict[str, Any] = {
    **LINK,
    "issue_jql": {"type": "str"},
    "linked_jql": {"type": "str"},
    "allow_empty": {"type": "bool"},
    **COMMENT,
    "state": {"type": "str", "choices": ["present", "absent"]},
    "link_id": {"type": "str"},
    "origin": {"type": "str"},
}
"""What an element may say in a file."""
ELEMENT: dict[str, Any] = {**IN_FILE, "mistake": {"type": "str"}}
CHANGE: dict[str, Any] = {
    "action": {"type": "str", "choices": [CREATE, REMOVE], "required": True},
    "sentence": {"type": "str"},
    "link_type_id": {"type": "str", "required": True},
    "inward_issue": {"type": "str"},
    "outward_issue": {"type": "str"},
    "inward_issue_id": {"type": "str", "required": True},
    "outward_issue_id": {"type": "str", "required": True},
    "link_id": {"type": "str"},
    "comment": {
        "type": "dict",
        "options": {
            "body": {"type": "raw"},
            "sha256": {"type": "str"},
            "visibility": {"type": "dict"},
            "internal": {"type": "bool", "default": False},
        },
    },
}
ARGUMENT_SPEC: dict[str, Any] = {
    "links": {"type": "list", "elements": "dict", "options": ELEMENT},
    "sentences": {"type": "list", "elements": "str"},
    "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
    "scope": {
        "type": "dict",
        "options": {
            "issues": {"type": "list", "elements": "str"},
            "link_types": {"type": "list", "elements": "str"},
            "linked_projects": {"type": "list", "elements": "str"},
        },
    },
    "max_issues": {"type": "int", "default": 1000},
    "max_removals": {"type": "int", "default": 20},
    "approved_changes": {
        "type": "list",
        "elements": "dict",
        "options": CHANGE,
        "required_if": [("action", REMOVE, ("link_id",))],
    },
    "acyclic": {"type": "list", "elements": "str", "default": []},
    "exclusive": {"type": "bool", "default": False},
    "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
    "concurrency": {"type": "int"},
}
CONSTRAINTS: dict[str, Any] = {"required_one_of": [("links", "sentences")]}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Make the set what is declared. See RETURN for what comes back."""
    started = time.monotonic()
    jira.concurrency = params["concurrency"]
    plan, elements, types, queried = plan_link_set(params, jira)
    if check_mode:
        applied = Outcome(InBulk.expected(plan))
    else:
        keep_going = params["on_error"] == "continue"
        applied = apply_in_bulk(plan, jira, keep_going)
    result = {**_report(plan, applied.done), "declared": elements, "queries": list(map(_query_entry, queried))}
    done, in_doubt = _done(plan, applied.done), applied.done.in_doubt(plan)
    result["undo"] = undo(done, in_doubt, types)
    unsure = [*(link for link in done.add if not link.id), *in_doubt.add, *in_doubt.remove]
    if unsure and not check_mode:
        jira.warn(f"undo cannot be sure of {listed(repr(link.sentence) for link in unsure)}. {UNSURE}")
    result["summary"].update(
        requests=jira.http.sent,
        seconds=round(time.monotonic() - started, 3),
        seconds_waited=round(applied.done.seconds_waited, 3),
    )
    return Outcome(result, _summed_up(applied.error, result) if applied.error else None)


def _query_entry(queried: Queried) -> dict[str, Any]:
    query, keys = queried
    return {"origin": query.place, "jql": query.jql, "asked_at": query.asked_at, "issues": keys}


def _report(plan: Plan, written: InBulk) -> Result:
    entries = [
        *(_entry(link, "present") for link in plan.keep),
        *(_written_entry(link, "created", each) for link, each in zip(plan.add, written.added)),
        *(_written_entry(link, "removed", each) for link, each in zip(plan.remove, written.removed)),
    ]
    count = Counter(entry["status"] for entry in entries)
    done = _done(plan, written)
    return {
        "changed": done.changed,
        "links": entries,
        "changes": list_changes(done),
        "summary": {status: count[status] for status in ("present", "created", "removed", "failed", "not_tried")},
        "diff": done.diff,
    }


def _done(plan: Plan, written: InBulk) -> Plan:
    """The part of the plan that was carried out, or would be in check mode."""
    return Plan(
        current=(*plan.keep, *plan.remove),
        add=tuple(each.done for each in written.added if each.done),
        remove=tuple(each.done for each in written.removed if each.done),
    )


def _entry(link: IssueLink, status: str, error: JiraError | None = None) -> dict[str, Any]:
    return {**link.to_result(), "status": status, "error": error.message if error else None}


def _written_entry(link: IssueLink, verb: str, written: Written) -> dict[str, Any]:
    status = verb if written.done else "failed" if written.error else "not_tried"
    return _entry(written.done or link, status, written.error)


def _summed_up(error: JiraError, result: Result) -> JiraError:
    """The error that ended the run, after what was done in spite of it."""
    count = result["summary"]
    undone = count["failed"] or count["not_tried"]
    silent = sum(bool(entry["error"]) for entry in result["links"] if entry["status"] == "created")
    without = f", {silent} of them without the comment" if silent else ""
    return error.explained(
        f"{counted(count['failed'], 'link')} failed, {count['created']} created{without}, {count['removed']} removed, "
        f"{count['not_tried']} not tried. {error.rest if undone else ''}The reason: {error.message}"
    )


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
