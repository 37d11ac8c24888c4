#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_issue_link_type
short_description: Keep an issue link type of a Jira site
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Makes sure that an issue link type exists with its two phrases, or that it does not.
  - A type that is there under that name is adopted, and only what differs is changed. Links of the type show the new
    phrases at once.
  - Changing link types needs the global permission I(Administer Jira). Reading them needs none.
notes:
  - A removal takes all links of the type with it. Which links there are is found by a search. So the account has to see
    both issues of a link to know of it, and on Cloud a link that was made a few seconds ago may be missed.
  - Where a search finds links of another type by the same name or phrase, it may not tell whether the type is in use.
    A name and phrases that no other type has make sure that it does.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.changes
  - linkops.jira.connection
options:
  name:
    description:
      - The name of the link type.
      - A type whose name differs only in case or in surrounding space is the one that is meant, and it keeps its
        spelling. If the exact name exists, that one is meant. Several others are an error that lists them.
      - With O(state=absent) or O(new_name), it is the exact name, or the id, and no other type is meant. So a second
        run never takes another type for the one that is gone.
    type: str
    required: true
  inward:
    description:
      - The phrase from the outward issue to the inward one, such as V(is caused by).
      - Needed for a type that is to be made. If not given, a type keeps its phrase.
    type: str
  outward:
    description:
      - The phrase from the inward issue to the outward one, such as V(causes).
      - A type for which it is the same as O(inward) reads the same from both ends.
      - Needed for a type that is to be made. If not given, a type keeps its phrase.
    type: str
  new_name:
    description:
      - The name that the type is to have from now on. Its spelling counts.
      - If there is no type O(name), but one O(new_name), the renaming is done. If there are both, that is an error.
      - If there is neither, but a type whose name differs from one of them only in case or in space, that is an error
        that names it.
    type: str
  state:
    description:
      - Whether the type is to exist.
      - With V(absent), a type that is in use is not removed, unless O(force) or O(move_links_to) is given. Nor is
        one of which this cannot be told, unless O(force) is given.
      - With V(absent), a type whose name differs from O(name) in case or in space is left, and a warning names it.
    type: str
    choices: [present, absent]
    default: present
  force:
    description: With O(state=absent), remove the type even if it is in use. Its links go with it.
    type: bool
    default: false
  move_links_to:
    description:
      - With O(state=absent), the type that the links get before their own is removed, by its exact name or its id. Each
        link keeps its inward and its outward issue.
      - If there is no such type, that is an error that lists those there are, unless the type O(name) is gone already.
      - Comments stay where they are, on the issues. They are not repeated.
    type: str
seealso:
  - module: linkops.jira.jira_issue_link_type_info
  - module: linkops.jira.jira_issue_link
"""

EXAMPLES = r"""
- name: A link type for incidents; url and the credentials of an administrator come from the environment
  linkops.jira.jira_issue_link_type:
    name: Causes
    inward: is caused by
    outward: causes

- name: Another name for it
  linkops.jira.jira_issue_link_type:
    name: Causes
    new_name: Root cause

- name: The type is no longer wanted, but its links are
  linkops.jira.jira_issue_link_type:
    name: Root cause
    state: absent
    move_links_to: Relates
"""

RETURN = r"""
link_type:
  description: The link type as it is after the task. V(null) with O(state=absent).
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  sample: {id: "10100", name: Causes, inward: is caused by, outward: causes}
  contains:
    id:
      description: The id of the type. V(null) in check mode for a type that would be made.
      type: str
      returned: always
    name:
      description: Its name, as Jira spells it.
      type: str
      returned: always
    inward:
      description: The phrase from the outward issue to the inward one.
      type: str
      returned: always
    outward:
      description: The phrase from the inward issue to the outward one.
      type: str
      returned: always
moved:
  description: The links that were made in place of those of the removed type, or would be in check mode.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  contains:
    id:
      description: The id of the new link. V(null) in check mode.
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
      sample: APP-7 relates to REL-1
diff:
  description: The type before and after, and with a removal its links, a sentence a line.
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  contains:
    before:
      description: What was there.
      type: str
      returned: always
      sample: "Causes: A causes B / B is caused by A"
    after:
      description: What is there.
      type: str
      returned: always
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..module_utils._apply.link_type_usage import Usage, find_usage, move, plan_move
from ..module_utils._apply.link_types import preflight, remove, save
from ..module_utils._apply.preflight import preflight as preflight_links
from ..module_utils._client.errors import BadRequest, Incomplete, JiraError
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.link import IssueLink, LinkType
from ..module_utils._model.options import InputError, referred, required
from ..module_utils._module import Result, run_module
from ..module_utils._plan.link_types import before_and_after, left_alone, shared_phrases, type_sentence
from ..module_utils._plan.links import Plan

ENOUGH = 300  # issues to look at before a type counts as in use
EVEN_SO = "force: true removes it together with its links, if it has any."

ARGUMENT_SPEC: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "inward": {"type": "str"},
    "outward": {"type": "str"},
    "new_name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "force": {"type": "bool", "default": False},
    "move_links_to": {"type": "str"},
}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Make the type present or absent. See RETURN for what comes back."""
    _check_options(params)
    if params["state"] == "present":
        return _keep(params, check_mode, jira)
    gone, target = referred(jira.read_link_types(), params["name"]), params["move_links_to"]
    if gone is None:
        jira.prove_login()
        for warning in left_alone(jira.read_link_types(), params["name"], target):
            jira.warn(warning)
        return Outcome(_report(None, None))
    if target:
        return _move(gone, required(jira.read_link_types(), target), check_mode, jira)
    return _remove(gone, params["force"], check_mode, jira)


def _check_options(params: Mapping[str, Any]) -> None:
    absent = params["state"] == "absent"
    if params["new_name"] and absent:
        raise InputError("new_name is for state: present. A type that is to go needs no new name.")
    if params["move_links_to"] and not absent:
        raise InputError("move_links_to is for state: absent. Only the links of a type that goes are moved.")
    if params["move_links_to"] and params["force"]:
        raise InputError("Give either force, with which links go, or move_links_to, with which they stay.")


def _keep(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    before, after = before_and_after(jira.read_link_types(), params)
    if before == after:
        return Outcome(_report(before, after))
    for warning in shared_phrases(jira.read_link_types(), after):
        jira.warn(warning)
    if check_mode:
        refused = preflight(jira)
        applied = Outcome(before, refused[0]) if refused else Outcome(after)
    else:
        applied = save(before, after, jira)
    return Outcome(_report(before, applied.done), applied.error)


def _remove(gone: LinkType, force: bool, check_mode: bool, jira: Jira) -> Outcome[Result]:
    usage = _known_usage(gone, force, jira)
    if usage and usage.in_use:
        if not force:
            raise InputError(
                f"{gone} is in use: {usage.sentence}. Removing it would remove them. To keep the links, give "
                "move_links_to: the type that they get. To lose them, give force: true."
            )
        jira.warn(f"The links of {gone} go with it: {usage.sentence}.")
    applied: Outcome[LinkType | None]
    if check_mode:
        refused = preflight(jira)
        applied = Outcome(gone, refused[0]) if refused else Outcome(None)
    else:
        applied = remove(gone, jira)
    links = usage.links if usage and not applied.done else ()
    return Outcome(_report(gone, applied.done, before=links), applied.error)


def _known_usage(gone: LinkType, force: bool, jira: Jira) -> Usage | None:
    """Where the link type is in use; None if that is unknown and ``force`` says that it does not matter.

    :raises InputError: it cannot be told, and matters.
    """
    try:
        usage = find_usage(gone, jira, ENOUGH)
    except (BadRequest, Incomplete) as error:
        if force:
            return None
        reason = error.message if isinstance(error, Incomplete) else "This Jira does not search for it."
        raise error.explained(f"Whether {gone} is in use cannot be told. {reason} {EVEN_SO}") from None
    if usage.doubtful and not usage.in_use and not force:
        raise InputError(f"Whether {gone} is in use cannot be told. {usage.doubt} {EVEN_SO}")
    return usage


def _move(gone: LinkType, target: LinkType, check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Check all, then make the links of the other type, then remove the type; its links go with it."""
    if target.id == gone.id:
        raise InputError(f"The links of {gone} cannot be moved to the same type.")
    usage = find_usage(gone, jira)
    plan = plan_move(usage, target)
    if usage.links:
        jira.warn(f"Links of {gone} that this account cannot see are not moved: they go with the type.")
    refused = _refused_move(plan, usage, jira)
    moved: Outcome[Sequence[IssueLink]]
    left: Outcome[LinkType | None]
    if refused:
        moved, left = Outcome([], refused), Outcome(gone)
    elif check_mode:
        moved, left = Outcome(plan.add), Outcome(None)
    else:
        moved = move(usage, plan, target, jira)
        left = Outcome(gone) if moved.error else remove(gone, jira)
    stay = usage.links if left.done else ()
    result = _report(gone, left.done, before=(*usage.links, *plan.keep), after=(*stay, *plan.keep, *moved.done))
    result["moved"] = [link.to_result() for link in moved.done]
    return Outcome(result, moved.error or left.error)


def _refused_move(plan: Plan, usage: Usage, jira: Jira) -> JiraError | None:
    """Why the links cannot be moved, if that is known before anything is written."""
    refused = preflight(jira)
    if refused:
        return refused[0]
    reasons = [error.message for error in preflight_links(plan, jira, usage.reader)]
    return JiraError(f"The links cannot be moved, and nothing was written. {' '.join(reasons)}") if reasons else None


def _report(
    was: LinkType | None,
    is_now: LinkType | None,
    before: Iterable[IssueLink] = (),
    after: Iterable[IssueLink] = (),
) -> Result:
    """The result; the links are those that come or go with the type."""

    def lines(link_type: LinkType | None, links: Iterable[IssueLink]) -> str:
        known = [type_sentence(link_type)] if link_type else []
        return "".join(f"{line}\n" for line in [*known, *sorted(link.sentence for link in links)])

    diff = {"before": lines(was, before), "after": lines(is_now, after)}
    return {
        "changed": was != is_now or diff["before"] != diff["after"],
        "link_type": is_now._asdict() if is_now else None,
        "moved": [],
        "diff": diff,
    }


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
