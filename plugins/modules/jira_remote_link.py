#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_remote_link
short_description: Keep one remote link of a Jira issue
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Makes sure that an issue links to something outside of Jira, such as a build, a pull request or a page, or that it
    does not.
  - What is not given keeps its value, although Jira itself clears whatever a request leaves out. An empty text takes a
    value away.
notes:
  - A remote link is found by its global id, and by its URL if it has none. With O(state=present), one with the same URL
    and another global id belongs to somebody else, and is left alone.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.changes
  - linkops.jira.connection
options:
  issue:
    description: The issue, by key or id, or by the address of its page in a browser.
    type: str
    required: true
  remote_url:
    description: The address that the remote link leads to.
    type: str
  title:
    description: What Jira shows for it. Needed for a remote link that is to be made.
    type: str
  global_id:
    description:
      - What tells remote links of an issue apart, 255 characters at most. To Jira, the same global id on the same
        issue is the same remote link. With your own, the URL can change.
      - If not given, it is the URL. If that has more than 255 characters, it is the first 190 of them, C(#), and
        the SHA-256 of all in hexadecimal digits.
      - A remote link with the same URL and without any global id is adopted and gets this one.
    type: str
  summary:
    description: A text that is shown beside the title.
    type: str
  relationship:
    description: What the issue has to do with it, such as V(built by). Jira says V(links to) if there is none.
    type: str
  application:
    description: The application that it is in. Jira groups remote links by its name.
    type: dict
    suboptions:
      name:
        description: The name that people see.
        type: str
      type:
        description: The type that plugins of Jira look for, such as V(com.example.ci).
        type: str
  icon_url:
    description: The address of an icon of 16 by 16 pixels.
    type: str
  icon_title:
    description: What is said when the pointer is on the icon.
    type: str
  resolved:
    description: Whether it is done. Jira then strikes it through.
    type: bool
  status_icon_url:
    description: The address of an icon of 16 by 16 pixels for its status.
    type: str
  id:
    description: The id of the remote link to remove, with O(state=absent).
    type: str
  state:
    description:
      - Whether the remote link is to exist.
      - V(absent) removes the one with O(id); or the one with O(global_id); or all that lead to O(remote_url), even if
        other tools made them.
      - With V(absent), an issue that does not exist has no remote links. The task then succeeds, with a warning.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: linkops.jira.jira_remote_links
  - module: linkops.jira.jira_remote_link_info
"""

EXAMPLES = r"""
- name: The build of the release; url and credentials come from the environment
  linkops.jira.jira_remote_link:
    issue: REL-1
    remote_url: https://ci.example.com/builds/512
    title: Build 512
    relationship: built by
    application:
      name: CI

- name: The build is done, and all else stays as it is
  linkops.jira.jira_remote_link:
    issue: REL-1
    remote_url: https://ci.example.com/builds/512
    resolved: true

- name: Always the newest build, whatever its address
  linkops.jira.jira_remote_link:
    issue: REL-1
    global_id: ci-newest-build
    remote_url: https://ci.example.com/builds/513
    title: Build 513

- name: No link to the old build
  linkops.jira.jira_remote_link:
    issue: REL-1
    remote_url: https://ci.example.com/builds/512
    state: absent
"""

RETURN = r"""
remote_link:
  description: The remote link as it is after the task. V(null) with O(state=absent).
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  contains: &link
    id:
      description: The id of the remote link. V(null) in check mode for one that would be made.
      type: str
      returned: always
    issue:
      description: The issue, as it was asked for.
      type: str
      returned: always
    global_id:
      description: What tells it apart.
      type: str
      returned: always
    remote_url:
      description: The address that it leads to.
      type: str
      returned: always
    title:
      description: What Jira shows for it.
      type: str
      returned: always
    summary:
      description: The text beside the title.
      type: str
      returned: always
    relationship:
      description: What the issue has to do with it.
      type: str
      returned: always
    application:
      description: The application that it is in.
      type: dict
      returned: always
      sample: {name: CI, type: null}
      contains:
        name:
          description: The name that people see.
          type: str
          returned: always
        type:
          description: The type that plugins of Jira look for.
          type: str
          returned: always
    icon_url:
      description: The address of its icon.
      type: str
      returned: always
    icon_title:
      description: What is said when the pointer is on the icon.
      type: str
      returned: always
    resolved:
      description: Whether it is done.
      type: bool
      returned: always
    status_icon_url:
      description: The address of the icon of its status.
      type: str
      returned: always
    sentence:
      description: The remote link in words.
      type: str
      returned: always
      sample: REL-1 built by Build 1 (https://ci.example.com/1)
removed:
  description: The remote links that were removed, or would be in check mode.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  contains: *link
diff:
  description: The remote links in question before and after; each a sentence, and lines for what else it has.
  returned: when the task was carried out, even in part, or would be in check mode
  type: dict
  contains:
    before:
      description: The remote links before.
      type: str
      returned: always
    after:
      description: The remote links after.
      type: str
      returned: always
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._apply.remote_links import apply_changes, preflight
from ..module_utils._client.errors import NotFound
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.options import InputError, issue_key
from ..module_utils._model.remote_link import RemoteLink, asked_remote_link
from ..module_utils._module import REMOTE_LINK, Result, run_module
from ..module_utils._plan.remote_links import Change, plan_absent, plan_present, remote_diff

ARGUMENT_SPEC: dict[str, Any] = {
    "issue": {"type": "str", "required": True},
    **REMOTE_LINK,
    "id": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
CONSTRAINTS: dict[str, Any] = {"required_one_of": [("remote_url", "global_id", "id")]}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Make the remote link present or absent. See RETURN for what comes back."""
    key = issue_key(params["issue"], params["url"])
    changes, there = _plan(params, key, jira)
    if check_mode:
        refused = preflight(changes, key, jira, there)
        applied = Outcome([], refused[0]) if refused else Outcome(changes)
    else:
        written = apply_changes(changes, key, jira, there)
        applied = Outcome([each.done for each in written.done if each.done], written.error)
    return Outcome(_report(applied.done, key), applied.error)


def _plan(params: Mapping[str, Any], key: str, jira: Jira) -> tuple[list[Change], int]:
    """What to do, and how many remote links the issue has."""
    if params["state"] == "absent":
        current = _current(key, jira)
        return plan_absent(current, params), len(current)
    if params["id"]:
        raise InputError("id is for state: absent. Jira gives a new remote link its id.")
    given = asked_remote_link(params)
    current = jira.remote_links(key)
    return [plan_present(current, given)], len(current)


def _current(key: str, jira: Jira) -> list[RemoteLink]:
    try:
        found = jira.remote_links(key)
        jira.prove_login()
        return found
    except NotFound as error:
        jira.warn(f"There is no remote link to remove: {error.message}")
        return []


def _report(changes: Sequence[Change], key: str) -> Result:
    after = next((change.after for change in changes if change.after), None)
    gone = [change.before for change in changes if change.before and not change.after]
    return {
        "changed": any(change.status != "present" for change in changes),
        "remote_link": after.to_result(key) if after else None,
        "removed": [link.to_result(key) for link in gone],
        "diff": remote_diff(changes, key),
    }


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
