#!/usr/bin/python
# Copyright (c) 2026, linkops.jira contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_remote_links
short_description: Keep the set of remote links of a Jira issue
version_added: 0.1.0
author:
  - linkops.jira contributors (@linkops)
description:
  - Makes an issue have the remote links that are listed, and with O(state=exact) no others of some applications.
  - Everything is read and checked before anything is written. All mistakes are reported together.
  - What is not given keeps its value, although Jira itself clears whatever a request leaves out. An empty text takes a
    value away.
  - Stays below the limits of Jira Cloud for writes to one issue. A run that failed half way is completed by running the
    task again.
extends_documentation_fragment:
  - linkops.jira.attributes
  - linkops.jira.attributes.changes
  - linkops.jira.connection
options:
  issue:
    description: The issue, by key or id, or by the address of its page in a browser.
    type: str
    required: true
  links:
    description: The remote links, each as in M(linkops.jira.jira_remote_link). An empty list names no remote links.
    type: list
    elements: dict
    required: true
    suboptions:
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
  state:
    description:
      - V(present) adds what is missing and updates what differs.
      - V(exact) does the same, and removes what is not listed and within O(scope).
    type: str
    choices: [present, exact]
    default: present
  scope:
    description: Which remote links O(state=exact) may remove.
    type: dict
    suboptions:
      application:
        description:
          - Only those of the application with exactly this name.
          - If not set, those of the applications that O(links) names in C(application). Remote links without an
            application are never removed.
          - Needed if O(links) is empty.
        type: str
  max_removals:
    description:
      - How many remote links that nobody listed may be removed. A plan that would remove more fails before anything is
        written, and says what it would have removed.
      - V(-1) for any number.
    type: int
    default: 20
seealso:
  - module: linkops.jira.jira_remote_link
  - module: linkops.jira.jira_remote_link_info
"""

EXAMPLES = r"""
- name: The evidence of the release; url and credentials come from the environment
  linkops.jira.jira_remote_links:
    issue: REL-1
    links:
      - remote_url: https://ci.example.com/builds/512
        title: Build 512
        application: {name: CI}
      - remote_url: https://git.example.com/app/pull/77
        title: Pull request 77
        application: {name: Git}
        resolved: true

- name: These builds and no others; links of other applications are left alone
  linkops.jira.jira_remote_links:
    issue: REL-1
    state: exact
    links:
      - remote_url: https://ci.example.com/builds/513
        title: Build 513
        application: {name: CI}

- name: No builds at all
  linkops.jira.jira_remote_links:
    issue: REL-1
    state: exact
    links: []
    scope:
      application: CI
"""

RETURN = r"""
remote_links:
  description: One entry for each remote link that was listed or removed.
  returned: when the task was carried out, even in part, or would be in check mode
  type: list
  elements: dict
  contains:
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
    status:
      description:
        - V(present) if it was there as it is to be; V(created), V(updated) or V(removed) if that is what was done, or
          would be in check mode.
        - V(failed) if Jira refused it, V(not_tried) if the run stopped before.
      type: str
      returned: always
    error:
      description: Why it failed. V(null) if it did not.
      type: str
      returned: always
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

from ..module_utils._apply.remote_links import Written, apply_changes, preflight
from ..module_utils._client.errors import JiraError
from ..module_utils._client.jira import Jira
from ..module_utils._client.outcome import Outcome
from ..module_utils._model.options import Mistakes, issue_key
from ..module_utils._module import REMOTE_LINK, Result, run_module
from ..module_utils._plan.remote_links import Change, plan_remote_links, remote_diff
from ..module_utils._text import counted

ARGUMENT_SPEC: dict[str, Any] = {
    "issue": {"type": "str", "required": True},
    "links": {"type": "list", "elements": "dict", "required": True, "options": REMOTE_LINK},
    "state": {"type": "str", "choices": ["present", "exact"], "default": "present"},
    "scope": {"type": "dict", "options": {"application": {"type": "str"}}},
    "max_removals": {"type": "int", "default": 20},
}
CONSTRAINTS: dict[str, Any] = {}


def run(params: Mapping[str, Any], check_mode: bool, jira: Jira) -> Outcome[Result]:
    """Make the set what is declared. See RETURN for what comes back."""
    key = issue_key(params["issue"], params["url"])
    current = jira.remote_links(key)
    jira.prove_login()
    mistakes = Mistakes()
    changes = plan_remote_links(params, current, key, mistakes)
    for error in preflight(changes, key, jira, len(current)):
        mistakes.add(error.message)
    mistakes.refuse()
    applied = (
        Outcome([Outcome(change) for change in changes])
        if check_mode
        else apply_changes(changes, key, jira, len(current))
    )
    report = _report(changes, applied.done, key)
    return Outcome(report, _summed_up(applied.error, applied.done) if applied.error else None)


def _summed_up(error: JiraError, written: Sequence[Written]) -> JiraError:
    """The error that ended the run, after what was done before."""
    count = counted(sum(each.done is not None and each.done.status != "present" for each in written), "remote link")
    return error.explained(f"Written: {count}. Then one failed. {error.rest}The reason: {error.message}")


def _report(planned: Sequence[Change], written: Sequence[Written], key: str) -> Result:
    done = [each.done for each in written if each.done]
    return {
        "changed": any(change.status != "present" for change in done),
        "remote_links": [_entry(change, each, key) for change, each in zip(planned, written)],
        "diff": remote_diff(done, key),
    }


def _entry(change: Change, written: Written, key: str) -> dict[str, Any]:
    status = change.status if written.done else "failed" if written.error else "not_tried"
    error = written.error.message if written.error else None
    return {**(written.done or change).link.to_result(key), "status": status, "error": error}


def main() -> None:
    run_module(run, ARGUMENT_SPEC, **CONSTRAINTS)


if __name__ == "__main__":
    main()
