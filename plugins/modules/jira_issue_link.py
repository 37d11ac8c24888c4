#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_issue_link
short_description: Keep one link between two Jira issues
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Makes sure that one issue link exists, or that it does not.
  - A link that is there already is left alone, and its comment is not repeated.
  - Works with Jira Cloud (REST API v3) and Jira Data Center (v2).
notes:
  - The direction is that of Jira's REST API. With O(link_type=Blocks), O(inward_issue=A) and O(outward_issue=B),
    A blocks B. Every result says so as a sentence.
  - For a link type that reads the same from both ends, such as Relates, a link in either direction counts.
  - Several runs of the same task at the same moment leave one link. If they were to create it with a comment, the
    comment can be there several times, because Jira has no way to create a link only if it does not exist.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.changes
  - linkops.jira.connection
  - linkops.jira.comment
attributes:
  idempotent:
    details:
      - A comment goes with the creation of its link. A link that is there already gets none, so it is not repeated.
options:
  sentence:
    description:
      - The link as a sentence, such as V(REL-1 is blocked by APP-7). Its first and its last word are the issues, as in
        O(issue), and what is between is a phrase as in O(phrase).
      - Say a link in one of three ways, with O(sentence); with O(issue), O(phrase) and O(linked_issue); or with
        O(link_type), O(inward_issue) and O(outward_issue).
    type: str
    version_added: 1.0.0
  issue:
    description:
      - The issue that the sentence begins with, by key or id, or by the address of its page in a browser.
    type: str
  phrase:
    description:
      - What the sentence says of O(issue) and O(linked_issue), such as V(blocks) or V(is blocked by).
      - One of the phrases of the site's link types. Case and surrounding space do not matter. It gives the link's type
        and direction.
      - A phrase that several link types have is an error that lists them.
    type: str
  linked_issue:
    description: The issue that the sentence ends with, as O(issue).
    type: str
  link_type:
    description:
      - The link type, by its exact name or by its id. Digits are taken as an id.
    type: str
    aliases: [linktype]
  inward_issue:
    description:
      - The issue that the link comes from. It has the type's outward phrase. A in "A blocks B".
    type: str
    aliases: [inwardissue]
  outward_issue:
    description:
      - The issue that the link goes to. It has the type's inward phrase. B in "A blocks B" and in "B is blocked by A".
    type: str
    aliases: [outwardissue]
  link_id:
    description:
      - The id of the link to remove, with O(state=absent).
      - Together with a link, the id must be the one of that link, or the task fails.
      - Of a type that reads the same from both ends, there can be two links between the same issues. If the one of this
        id is gone already, the other one stays, and a warning says so.
    type: str
  state:
    description:
      - Whether the link is to exist.
      - With V(absent), an issue that does not exist has no links. The task then succeeds, with a warning.
    type: str
    choices: [present, absent]
    default: present
  exclusive:
    description:
      - This is to be the only link between the two issues. Links of another type or direction between the same two are
        removed, after the wanted one exists.
      - That repairs a wrong type or an inverted direction, since Jira cannot update a link.
    type: bool
    default: false
seealso:
  - module: linkops.jira.jira_issue_links
    description: For many links at once.
  - module: linkops.jira.jira_issue_link_info
"""

EXAMPLES = r"""
- name: The release waits for a fix
  linkops.jira.jira_issue_link:
    url: https://example.atlassian.net
    username: release@example.com
    api_token: "{{ jira_api_token }}"
    sentence: REL-1 is blocked by APP-7

- name: The same link with its words apart, and with a comment; url and credentials come from the environment
  linkops.jira.jira_issue_link:
    issue: REL-1
    phrase: is blocked by
    linked_issue: APP-7
    comment: APP-7 has to be done before this release.

- name: The same link, as the REST API says it (APP-7 blocks REL-1)
  linkops.jira.jira_issue_link:
    link_type: Blocks
    inward_issue: APP-7
    outward_issue: REL-1

- name: Repair a link that was made the wrong way round
  linkops.jira.jira_issue_link:
    issue: REL-1
    phrase: is blocked by
    linked_issue: LIB-2
    exclusive: true

- name: A comment for colleagues only
  linkops.jira.jira_issue_link:
    issue: REL-1
    phrase: relates to
    linked_issue: OPS-3
    comment: Seen during the rollout.
    comment_visibility:
      type: role
      value: Developers
    comment_internal: true

- name: The release no longer waits for the fix
  linkops.jira.jira_issue_link:
    issue: REL-1
    phrase: is blocked by
    linked_issue: APP-7
    state: absent
"""

RETURN = r"""
link:
  description: The link as it stands after the task. V(null) with O(state=absent).
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  sample:
    id: "10024"
    link_type: Blocks
    link_type_id: "10000"
    inward: is blocked by
    outward: blocks
    inward_issue: APP-7
    outward_issue: REL-1
    sentence: APP-7 blocks REL-1
  contains: &link
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
declared:
  description:
    - The link as a list of one element for O(linkops.jira.jira_issue_links#module:links), in canonical form. It is a
      sentence if the task says it in words. A link that the task says by its type, or by its id, is said by its type.
    - Empty if the task names nothing but the id of a link that is not there.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  sample:
    - {sentence: APP-7 blocks REL-1}
removed:
  description: The links that were removed, or would be in check mode.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  contains: *link
request:
  description: The request that created the link, or would create it in check mode. V(null) if there is none.
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  sample:
    method: POST
    path: /rest/api/3/issueLink
    body:
      type: {id: "10000"}
      inwardIssue: {key: APP-7}
      outwardIssue: {key: REL-1}
  contains:
    method:
      description: The HTTP method.
      type: str
      returned: always
    path:
      description: The path below the address of the site.
      type: str
      returned: always
    body:
      description: What is sent as JSON.
      type: dict
      returned: always
diff:
  description: The links between the two issues before and after, a sentence a line.
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

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..module_utils._apply.links import apply_plan, reasons
from ..module_utils._apply.reader import Reader, refuse_moved
from ..module_utils._client.errors import NotFound
from ..module_utils._client.issues import read_issues
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.declared import Element, declared_as
from ..module_utils._model.link import IssueLink, LinkedIssue
from ..module_utils._model.options import (
    LINK_FORMS,
    InputError,
    asked_comment,
    asked_link,
    find_type,
    resolve_type,
)
from ..module_utils._module import COMMENT, LINK, Result, run_module
from ..module_utils._plan.links import Plan, plan_links

ARGUMENT_SPEC: dict[str, Any] = {
    **LINK,
    "link_id": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "exclusive": {"type": "bool", "default": False},
    **COMMENT,
}
CONSTRAINTS: dict[str, Any] = {
    "required_together": [form for form in LINK_FORMS if len(form) > 1],
    "mutually_exclusive": [("sentence", "issue", "link_type")],
    "required_one_of": [("sentence", "issue", "link_type", "link_id")],
}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Make the link present or absent. See RETURN for what comes back."""
    _check_options(params)
    wanted, plan, reader = _plan(params, jira)
    # Whether a sentence says it all is known where the types were read for one.
    types = jira.read_link_types() if params["sentence"] or params["phrase"] else ()
    elements = [declared_as(wanted, params, types)] if wanted else []
    request = jira.link_request(plan.add[0]) if plan.add else None
    refused = reasons(plan, jira, reader) if check_mode or _would_lose_its_comment(plan, jira) else []
    if refused:
        applied = Outcome(plan.nothing_done, refused[0])
    elif check_mode:
        applied = Outcome(_in_full(plan, jira))
    else:
        applied = apply_plan(plan, jira)
    return Outcome(_report(applied.done, request, elements), applied.error)


def _report(done: Plan, request: Mapping[str, Any] | None, elements: list[Element]) -> Result:
    link = next(iter(done.add or done.keep), None)
    return {
        "changed": done.changed,
        "link": link.to_result() if link else None,
        "declared": elements,
        "removed": [gone.to_result() for gone in done.remove],
        "request": request,
        "diff": done.diff,
    }


def _would_lose_its_comment(plan: Plan, jira: Jira) -> bool:
    """Whether this account may not comment on a new link, and Jira would make it all the same, as Data Center does."""
    commented = [link for link in plan.add if link.comment]
    return bool(commented) and not jira.is_cloud() and not jira.may_comment(commented[0].inward.key)


def _in_full(plan: Plan, jira: Jira) -> Plan:
    """The plan with the phrases of the links that it adds, which Jira tells once they are made."""
    new = (link._replace(type=resolve_type(jira.read_link_types(), link.type)) for link in plan.add)
    return plan._replace(add=tuple(new))


def _check_options(params: Mapping[str, Any]) -> None:
    absent = params["state"] == "absent"
    if params["link_id"] and not absent:
        raise InputError("link_id is for state: absent. Jira gives a new link its id.")
    if params["exclusive"] and absent:
        raise InputError("exclusive is for state: present. With absent there is no link that could be the only one.")


class Planned(NamedTuple):
    """The link that the task is about, if it is known, what to do, and what was read for it."""

    link: IssueLink | None
    plan: Plan
    reader: Reader


def _plan(params: Mapping[str, Any], jira: Jira) -> Planned:
    absent, link_id, reader = params["state"] == "absent", (params["link_id"] or "").strip(), Reader(jira)
    if not any(params[form[0]] for form in LINK_FORMS):
        link = jira.link(link_id)
        if link is None:
            jira.warn(f"There is no link to remove: Jira does not show issue link {link_id}.")
        return Planned(link, Plan((link,), remove=(link,)) if link else Plan(), reader)
    asked = asked_link(params, jira.read_link_types, params["url"])
    try:
        inward, outward = _read_ends(asked, jira)
    except NotFound as error:
        if not absent:
            raise
        jira.warn(f"There is no link to remove: {error.message}")
        return Planned(asked, Plan(), reader)
    if absent or params["exclusive"]:
        jira.prove_login()
    comment = asked_comment(params, jira.find_api_version())
    wanted, current = _resolve(asked._replace(comment=comment), inward, outward, jira, sure=absent)
    plan = plan_links(current, *(([], [wanted]) if absent else ([wanted], [])), exclusive=params["exclusive"])
    if absent and link_id:
        plan = _only_link_id(plan, wanted, link_id, jira)
    reader.add((inward, outward))
    return Planned(wanted, plan, reader)


def _read_ends(asked: IssueLink, jira: Jira) -> list[LinkedIssue]:
    """Both issues in one request; one that it does not show is asked for alone, so that Jira says why."""
    found = read_issues(asked.keys, jira)
    ends = [found.get(key) or jira.issue(key) for key in asked.keys]
    refuse_moved(ends)
    return ends


def _resolve(
    asked: IssueLink, inward: LinkedIssue, outward: LinkedIssue, jira: Jira, sure: bool
) -> tuple[IssueLink, list[IssueLink]]:
    """The link between the issues as they are called now, and all links between the two.

    A type that is given by its name is looked up only where a link between the two may be of that type. Otherwise the
    request says the name, and Jira refuses one that it does not have: that saves a request.

    :param sure: whether to look it up in any case.
    """
    if inward.issue.key == outward.issue.key:
        raise InputError(f"You cannot link an issue to itself: both ends are {inward.issue.key}.")
    current = [link for link in inward.links if outward.issue.key in link.keys]
    link_type = asked.type
    if not link_type.known:
        link_type = find_type((link.type for link in inward.links + outward.links), link_type) or link_type
    if not link_type.known and (current or sure):
        link_type = resolve_type(jira.read_link_types(), link_type)
    return asked._replace(type=link_type, inward=inward.issue, outward=outward.issue), current


def _only_link_id(plan: Plan, wanted: IssueLink, link_id: str, jira: Jira) -> Plan:
    """The plan for the one link of that id, which has to be the wanted one."""
    same = tuple(link for link in plan.remove if link.id == link_id)
    if not same:
        other = jira.link(link_id)
        there = [f"{link.sentence!r} has the id {link.id}" for link in plan.remove]
        it = f"is {other.sentence!r}" if other else "does not exist"
        said = there[0] if there else f"{wanted.sentence!r} does not exist"
        text = f"The issue link {link_id} {it}, and {said}. Nothing was removed."
        # Of a symmetric type there can be two links between the same issues, one each way. So this is the other one.
        if other or (there and not wanted.type.symmetric):
            raise InputError(text)
        if there:
            jira.warn(text)
    return plan._replace(remove=same)


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
